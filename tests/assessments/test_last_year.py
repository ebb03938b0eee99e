"""The last year's answers and evidence beside this year's, and taking them over."""

import io
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from assessments import evidence, last_year, workflow
from assessments.models import Evidence, WindowStep
from assessments.workflow import Change, Refused
from audit import clock
from criteria import publishing
from criteria.models import Group
from tests.criteria.versions import copy_of
from tests.factories import (
    make_assessment,
    make_campaign,
    make_citizen_with_account,
    make_confirmed_assessment,
    make_confirmer,
    make_scored_assessment,
    make_village,
    open_window,
    reload,
)
from tests.pages import messages_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A13")]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def citizen():
    return make_citizen_with_account(board=make_village())


@pytest.fixture
def before(citizen):
    """Last year: 7 points each, the board gave 6 for the first; with a picture and a word of mouth."""
    year = clock.today().year - 1
    campaign = make_campaign(year, **{step: open_window() for step in WindowStep.values})
    record = make_scored_assessment(7, citizen=citizen, campaign=campaign)
    first, second = record.criteria_set.indicators[:2]
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "JPEG")
    file = evidence.checked(SimpleUploadedFile("giay-khen.jpg", picture.getvalue()))
    evidence.add(record, [first, second], by=citizen.user, file=file)
    evidence.add(record, [first], by=citizen.user, text="Đọc ba cuốn sách.")
    workflow.submit(record, by=citizen.user)
    member = make_confirmer(record.board)
    workflow.confirm(record, by=member, changes={first.code: Change(Decimal(6), "Ít hơn.")})
    return record


def page(record, code="1"):
    return reverse("assessments:section", args=[record.pk, code])


def own(record):
    return {code: given for code, given in workflow.own_scores(record).items() if given is not None}


def test_the_year_before_stands_beside_each_answer(client, citizen, before):
    record = make_assessment(citizen=citizen)
    client.force_login(citizen.user)

    words = words_of(client.get(page(record)))

    year = before.campaign.year
    assert f"Năm {year}: bạn tự chấm 7 điểm · ban xác nhận 6 điểm giay-khen.jpg “Đọc ba cuốn sách.”" in words
    assert words.count("Năm nay hỏi như cũ.") == 4
    assert f"Dùng lại năm {year} cho những chỗ còn trống" in words


def test_one_press_takes_over_answer_and_evidence_and_what_was_typed_stays(client, citizen, before):
    record = make_assessment(citizen=citizen)
    client.force_login(citizen.user)

    typed = {"version": record.version, "score-I.1.2": "9", "carry": "I.1.1"}
    response = client.post(page(record), typed, follow=True)

    assert messages_of(response) == [
        "Đã dùng lại câu trả lời và minh chứng năm trước cho 1 chỗ. Hồ sơ chưa gửi."
    ]
    assert own(record) == {"I.1.1": Decimal(6), "I.1.2": Decimal(9)}
    pieces = record.evidence.order_by("pk")
    assert [(piece.kind, piece.indicators.get().code, piece.carried_from.assessment) for piece in pieces] == [
        ("file", "I.1.1", before),
        ("text", "I.1.1", before),
    ]
    assert f"Lấy từ hồ sơ năm {before.campaign.year}" in words_of(response)


def test_a_press_fills_what_is_empty_and_a_second_one_changes_nothing(client, citizen, before):
    record = make_assessment(citizen=citizen)
    workflow.save_scores(record, {"I.1.1": Decimal(10)}, by=citizen.user)
    client.force_login(citizen.user)

    for _press in range(2):
        client.post(page(record), {"version": record.version, "carry": "empty"})
        record.refresh_from_db()

    assert own(record) == {"I.1.1": 10, "I.1.2": 7, "I.1.3": 7, "I.1.4": 7}
    assert [piece.indicators.get().code for piece in record.evidence.all()] == ["I.1.2"]


def test_no_file_is_written_again_and_it_stays_while_a_year_rests_on_it(
    citizen, before, django_capture_on_commit_callbacks
):
    record = make_assessment(citizen=citizen)
    first, second = record.criteria_set.indicators[:2]
    old = before.evidence.get(kind="file")

    last_year.carry_over(record, [first.code, second.code], by=citizen.user)

    new = record.evidence.get(kind="file")
    assert (new.file.name, new.pk != old.pk) == (old.file.name, True)
    with django_capture_on_commit_callbacks(execute=True):
        evidence.drop(new, first, by=citizen.user)
        evidence.drop(new, second, by=citizen.user)
    assert not Evidence.objects.filter(pk=new.pk).exists()
    assert default_storage.exists(old.file.name)


def test_what_is_dropped_from_the_year_before_stays_for_the_year_that_took_it(
    citizen, django_capture_on_commit_callbacks
):
    year = clock.today().year - 1
    campaign = make_campaign(year, **{step: open_window() for step in WindowStep.values})
    before = make_scored_assessment(7, citizen=citizen, campaign=campaign)
    first = before.criteria_set.indicators[0]
    file = evidence.File("a.pdf", b"%PDF-1.4 %%EOF", evidence.PDF)
    evidence.add(before, [first], by=citizen.user, file=file)
    record = make_assessment(citizen=citizen)
    last_year.carry_over(record, [first.code], by=citizen.user)
    old, new = before.evidence.get(), record.evidence.get()

    with django_capture_on_commit_callbacks(execute=True):
        evidence.drop(old, first, by=citizen.user)
    assert default_storage.exists(new.file.name)

    with django_capture_on_commit_callbacks(execute=True):
        evidence.drop(new, first, by=citizen.user)
    assert not default_storage.exists(new.file.name)
    assert not Evidence.objects.exists()


def test_where_this_year_asks_otherwise_the_old_words_stand_there_and_nothing_is_taken(
    client, citizen, before
):
    draft = copy_of(before.criteria_set)
    draft.criteria.filter(code="I.1.1").update(text="Năng lực tìm và đọc sách báo.")
    draft.criteria.filter(code="I.1.3").update(maximum=5)
    draft.criteria.filter(code="I.1.4").update(code="I.1.5")
    publishing.publish(draft)
    record = make_assessment(citizen=citizen)
    assert record.criteria_set == draft
    client.force_login(citizen.user)

    words = words_of(client.get(page(record)))
    taken = last_year.carry_over(record, ["I.1.1", "I.1.2", "I.1.3", "I.1.5"], by=citizen.user)

    assert words.count("Năm nay chỗ này hỏi khác nên không dùng lại được. Năm trước hỏi:") == 2
    assert "“Kỹ năng tìm kiếm, tra cứu, đọc, cập nhật" in words
    assert taken == ["I.1.2", "I.1.5"]
    assert own(record) == {"I.1.2": Decimal(7), "I.1.5": Decimal(7)}


def test_who_changed_the_group_finds_the_same_questions_answered(citizen, before):
    record = make_assessment(citizen=citizen, group=Group.III)

    former = last_year.of(record)

    assert len(former) == 10
    assert (former["III.1.1"].given, former["III.1.1"].holds) == (Decimal(6), True)


def test_pupils_and_who_has_no_year_before_see_nothing(client, citizen, before):
    pupil = make_assessment(citizen=citizen, group=Group.IV)
    other = make_assessment()

    assert last_year.of(pupil) == {}
    assert last_year.of(other) == {}
    client.force_login(other.citizen.user)
    assert "Dùng lại" not in words_of(client.get(page(other)))


@pytest.mark.feature("A10")
def test_what_stands_while_others_are_returned_is_not_taken_over(citizen, before):
    record = make_scored_assessment(citizen=citizen)
    workflow.submit(record, by=citizen.user)
    why = {"I.1.2": "Chưa rõ."}
    workflow.send_back(record, by=make_confirmer(record.board), reason="Chưa rõ.", only=why)

    with pytest.raises(Refused):
        last_year.carry_over(record, ["I.1.1"], by=citizen.user)

    assert last_year.carry_over(reload(record), ["I.1.2"], by=citizen.user) == ["I.1.2"]
    assert own(record)["I.1.1"] == Decimal(8)


def test_a_sent_record_takes_nothing_over(citizen, before):
    record = make_confirmed_assessment(citizen=citizen)

    with pytest.raises(Refused):
        last_year.carry_over(record, ["I.1.1"], by=citizen.user)

    assert not record.evidence.exists()
