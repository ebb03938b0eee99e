"""Paper in: code, numbers, next; what stands on the record then, and what is said where it cannot be."""

import datetime
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.models import Message
from assessments import closing, workflow
from assessments.models import Asked, Assessment, Helping, Score, State
from audit import clock
from criteria.models import Group
from sheets import codes
from sheets.codes import SheetCode
from sheets.models import TypedSheet
from tests.factories import (
    closed_window,
    load_criteria,
    make_campaign,
    make_citizen,
    make_citizen_with_account,
    make_confirmed_assessment,
    make_confirmer,
    make_scored_assessment,
    make_submitted_assessment,
    make_village,
    open_campaign,
    reload,
    state_paper_days,
)
from vietnamese.dates import day_words

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A15")]

NUMBERS = "8 7 10 9 8 8 7 9 10 8"
NEXT = reverse("sheets:type_in")
TODAY = day_words(clock.today())


@pytest.fixture
def campaign():
    load_criteria()
    return open_campaign()


@pytest.fixture
def village():
    return make_village("Đông Hải")


@pytest.fixture
def person(village):
    return make_citizen("Đỗ Thị Ánh", board=village, phone="", email="")


@pytest.fixture
def member(village, client):
    member = make_confirmer(village, "Trần Thị Mai")
    client.force_login(member)
    return member


def code_of(person, campaign, group=Group.I):
    return SheetCode(person.pk, campaign.year, group)


def ask(client, code):
    """The code is typed and Enter is pressed."""
    return client.get(NEXT, {"ma": str(code), "ngay": TODAY})


def send(client, code, numbers=NUMBERS, **typed):
    page = reverse("sheets:sheet", args=[codes.written(code)])
    return client.post(page, {"numbers": numbers, "dated_on": TODAY, **typed})


def problem_of(answer):
    assert answer.status_code == 200
    return answer.context["problem"]


def record_of(person):
    return Assessment.objects.get(citizen=person)


def test_a_sheet_registers_fills_in_and_sends_in_the_name_of_who_types(client, person, campaign, member):
    code = code_of(person, campaign)
    asked = ask(client, code)
    assert asked.url == f"/phieu-giay/nhap/{codes.written(code)}/?ngay={TODAY.replace('/', '%2F')}"
    page = client.get(asked.url)
    assert page.context["citizen"] == person
    assert page.context["form"]["dated_on"].value() == TODAY

    answer = send(client, code, total="84")

    assert answer.url == f"{NEXT}?ngay={TODAY.replace('/', '%2F')}"  # the day stays for the next
    record = record_of(person)
    assert (record.state, record.own_total, record.group) == (State.SUBMITTED, 84, Group.I)
    helping = Helping.objects.get(assessment=record)
    assert (helping.helper, helping.asked, helping.reason) == (
        member,
        Asked.ON_PAPER,
        f"Phiếu giấy đề ngày {TODAY}.",
    )
    sheet = TypedSheet.objects.get(helping=helping)
    assert (sheet.numbers, sheet.dated_on, sheet.has_photo) == (NUMBERS, clock.today(), False)
    assert set(Score.objects.filter(assessment=record).values_list("helped_by", flat=True)) == {member.pk}
    assert record.steps.get(state=State.SUBMITTED).by == member
    assert Message.objects.filter(citizen=person).exists()  # that somebody filled in, and that it is sent
    shown = client.get(answer.url).content.decode()
    assert f"Đã nhập và gửi phiếu của Đỗ Thị Ánh: {NUMBERS}, tổng 84." in shown
    assert reverse("assessments:help_slip", args=[record.pk]) in shown  # nobody reaches them: on paper


def test_the_numbers_of_the_sheet_and_those_of_the_board_stay_side_by_side(client, person, campaign, member):
    send(client, code_of(person, campaign))
    record = record_of(person)

    workflow.confirm(
        record,
        by=make_confirmer(record.board),
        changes={"I.1.1": workflow.Change(Decimal(9), "Có giấy khen.")},
    )

    score = Score.objects.get(assessment=record, indicator__code="I.1.1")
    assert (score.own, score.confirmed) == (8, 9)
    assert TypedSheet.objects.get().numbers == NUMBERS


def test_a_photographed_sheet_stands_behind_every_indicator(client, person, campaign, member):
    photo = io.BytesIO()
    Image.new("RGB", (80, 40), "white").save(photo, "JPEG")

    send(
        client,
        code_of(person, campaign),
        photo=SimpleUploadedFile("phieu.jpg", photo.getvalue(), "image/jpeg"),
    )

    record = record_of(person)
    piece = record.evidence.get()
    assert (piece.added_by, piece.indicators.count()) == (member, 10)
    assert TypedSheet.objects.get().has_photo


def test_a_wrong_code_is_said_beside_the_field_and_what_was_typed_stays(client, campaign, member):
    answer = client.get(NEXT, {"ma": "ABCD-EFGH-JK", "ngay": "01/11/2026"})

    form = answer.context["form"]
    assert form.errors["ma"] == ["Mã có 11 chữ và số, bạn gõ 10. Xem lại mã in dưới hình trên phiếu."]
    assert (form["ma"].value(), form["ngay"].value()) == ("ABCD-EFGH-JK", "01/11/2026")


def test_the_sheet_of_another_board_of_oneself_and_of_no_year_are_said_in_words(
    client, village, campaign, member
):
    other = make_citizen("Lê Văn An", board=make_village("Tây Hải"))
    own = make_citizen("Trần Thị Mai", board=village, user=member)

    assert problem_of(ask(client, code_of(other, campaign))).startswith("Phiếu này của ban khác")
    assert problem_of(ask(client, code_of(own, campaign))) == (
        "Đây là phiếu của chính bạn. Bạn tự chấm ở Trang của tôi."
    )
    nobody = SheetCode(2**28 - 1, campaign.year, Group.I)
    assert problem_of(ask(client, nobody)).startswith("Phiếu này của ban khác")
    one = make_citizen("Lê Thị Ba", board=village)
    assert problem_of(ask(client, SheetCode(one.pk, 2024, Group.I))) == "Cổng không có năm 2024."
    for person in (other, own):
        assert send(client, code_of(person, campaign)).status_code == 404
        assert not Assessment.objects.filter(citizen=person).exists()


def test_who_sits_on_no_board_is_turned_away(client, campaign, person):
    client.force_login(make_citizen_with_account("Lê Văn An").user)
    assert client.get(NEXT).status_code == 403
    assert (
        client.get(reverse("sheets:sheet", args=[codes.written(code_of(person, campaign))])).status_code
        == 404
    )


def test_what_was_sent_or_confirmed_already_says_when_and_by_whom(client, village, campaign, member):
    sent = make_submitted_assessment(citizen=make_citizen_with_account(board=village), campaign=campaign)
    judged = make_confirmed_assessment(
        citizen=make_citizen_with_account(board=village), campaign=campaign, by=member
    )

    assert "Hồ sơ này đang ở tình trạng “đã gửi” từ lúc" in problem_of(
        ask(client, code_of(sent.citizen, campaign))
    )
    answer = ask(client, code_of(judged.citizen, campaign))
    assert problem_of(answer).startswith("Trần Thị Mai đã xác nhận hồ sơ này lúc")
    assert reverse("assessments:board_detail", args=[judged.pk]) in answer.content.decode()
    refused = send(client, code_of(judged.citizen, campaign))
    assert refused.context["form"].non_field_errors()
    assert refused.context["form"]["numbers"].value() == NUMBERS
    assert reload(judged).state == State.CONFIRMED


def test_a_sheet_typed_twice_is_one_and_the_next_who_tries_is_told_who_did(
    client, village, person, campaign, member
):
    code = code_of(person, campaign)
    assert send(client, code).url == send(client, code).url  # two clicks

    assert TypedSheet.objects.count() == 1
    assert f"Trần Thị Mai đã nhập phiếu đề ngày {TODAY} lúc" in problem_of(ask(client, code))
    client.force_login(make_confirmer(village, "Phạm Văn Ba"))
    assert "Trần Thị Mai đã nhập phiếu" in problem_of(ask(client, code))
    assert send(client, code, "5" * 10).context["form"].non_field_errors()
    assert TypedSheet.objects.count() == 1


def test_what_the_person_scored_alone_gives_way_only_when_somebody_says_so(client, village, campaign, member):
    record = make_scored_assessment(6, citizen=make_citizen_with_account(board=village), campaign=campaign)
    code = code_of(record.citizen, campaign)

    asked = send(client, code)

    assert asked.context["form"].errors == {
        "replace": ["Hỏi người ấy trước. Đồng ý thay thì đánh dấu ô này."]
    }
    assert (reload(record).state, reload(record).own_total) == (State.REGISTERED, 60)
    assert send(client, code, replace="on").status_code == 302
    assert (reload(record).state, reload(record).own_total) == (State.SUBMITTED, 84)


def test_the_form_on_the_sheet_is_the_one_that_counts(client, village, campaign, member):
    person = make_citizen_with_account(board=village)
    workflow.register(person, campaign, group=Group.I, by=person.user)

    assert send(client, code_of(person, campaign, Group.IV), "DDK").status_code == 302

    record = record_of(person)
    assert (record.group, record.state) == (Group.IV, State.SUBMITTED)
    assert TypedSheet.objects.get().numbers == "D D K"


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"numbers": "8 7"}, {"numbers": ["Cần 10 số, đọc được 2: 8 7"]}),
        (
            {"total": "85"},
            {
                "total": [
                    "Các số cộng lại là 84, trên phiếu ghi 85. Xem lại từng số; "
                    "phiếu cộng nhầm thì xóa ô này."
                ]
            },
        ),
        (
            {"dated_on": day_words(clock.today() + datetime.timedelta(days=1))},
            {"dated_on": [f"Phiếu năm {clock.today().year} phải đề ngày trong năm ấy và không sau hôm nay."]},
        ),
        ({"photo": SimpleUploadedFile("phieu.txt", b"abc")}, None),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_is_lost(
    client, person, campaign, member, typed, errors
):
    answer = send(client, code_of(person, campaign), **{"numbers": NUMBERS, **typed})

    form = answer.context["form"]
    assert list(form.errors) == (list(errors) if errors else ["photo"])
    assert errors is None or form.errors == errors
    assert form["numbers"].value() == typed.get("numbers", NUMBERS)
    assert not Assessment.objects.exists()


def test_after_the_closing_the_sheet_of_a_record_left_over_leads_to_the_two_who_type_it(
    client, village, member
):
    campaign = make_campaign(clock.today().year)
    record = make_submitted_assessment(citizen=make_citizen_with_account(board=village), campaign=campaign)
    now = clock.now()
    day = datetime.timedelta(days=1)
    campaign.windows.filter(step="confirmation").update(opens_at=now - 30 * day, closes_at=now - day)
    state_paper_days(campaign, now - day, now + day)
    closing.lock_confirmation(now)

    answer = ask(client, code_of(record.citizen, campaign))

    assert "ban chưa xác nhận" in problem_of(answer)
    assert reverse("assessments:paper", args=[record.pk]) in answer.content.decode()


def test_when_the_time_for_it_is_over_the_numbers_stay_in_their_field(client, person, member):
    load_criteria()
    campaign = open_campaign(self_assessment=closed_window())

    answer = send(client, code_of(person, campaign))

    assert answer.context["form"].non_field_errors() == ["Đã hết thời gian điền hồ sơ này."]
    assert answer.context["form"]["numbers"].value() == NUMBERS
    assert not Assessment.objects.exists()  # not even registered: all of it or nothing
