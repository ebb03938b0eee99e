"""The pages on which one fills in for somebody, and where that person reads and answers it."""

import datetime

import pytest
from django.urls import reverse

from accounts.models import Appointment, Message, Role
from assessments import evidence, progress, workflow
from assessments.models import Asked, Assessment, Helping, State
from audit import clock
from audit.models import Event, Look
from criteria.models import Group
from tests.factories import (
    appoint,
    full_marks,
    load_criteria,
    make_citizen,
    make_citizen_with_account,
    make_confirmer,
    make_officer,
    make_user,
    make_village,
    open_campaign,
    reload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A14")]
WHY = {"asked": "in_person", "reason": "Mắt kém"}
BANNER = "Bạn đang điền giúp"


@pytest.fixture
def campaign():
    load_criteria()
    return open_campaign()


@pytest.fixture
def village():
    return make_village()


@pytest.fixture
def person(village):
    return make_citizen_with_account("Đỗ Thị Ánh", board=village)


@pytest.fixture
def helper(village):
    user = make_user("Lê Thị Thu")
    appoint(user, village, Role.HELPER, valid_to=clock.today() + datetime.timedelta(days=30))
    return user


def address(name, *args):
    return reverse(f"assessments:{name}", args=args)


def text_of(response):
    return response.content.decode()


def begun(person, campaign, by):
    return workflow.begin_helping(
        person, campaign, by=by, asked=Asked.IN_PERSON, reason="Mắt kém", group=Group.I
    )


def test_a_named_helper_finds_who_asks_by_name_fills_in_sends_and_hands_over_a_slip(
    client, person, campaign, helper
):
    client.force_login(helper)
    assert "Đỗ Thị Ánh" not in text_of(client.get(address("helping")))
    found = text_of(client.get(address("helping"), {"name": "do thi anh"}))
    assert address("help_begin", person.pk) in found
    refused = client.post(
        address("help_begin", person.pk), {"asked": "in_person", "reason": "", "group": "I"}
    )
    assert "Ghi vì sao người ấy cần giúp." in text_of(refused)

    client.post(address("help_begin", person.pk), WHY | {"group": "I"})

    record = Assessment.objects.get(citizen=person)
    first = record.criteria_set.indicators[0]
    parts = progress.of(record).parts
    pages = [
        address("detail", record.pk),
        address("section", record.pk, parts[0].section.code),
        address("change_group", record.pk),
        address("evidence", record.pk, first.code),
        address("check", record.pk),
    ]
    for page in pages:
        shown = text_of(client.get(page))
        assert BANNER in shown, page
        assert "bà Đỗ Thị Ánh" in shown, page
    client.post(address("evidence", record.pk, first.code), {"text": "Giấy khen của xã."})
    for part in parts:
        points = {f"score-{line.indicator.code}": "8" for line in part.lines}
        version = {"version": reload(record).version}
        client.post(address("section", record.pk, part.section.code), points | version)
    saved = reload(record).saved_at.isoformat()
    sent = client.post(address("submit", record.pk), {"saved_at": saved}, follow=True)
    again = client.post(address("submit", record.pk), {"saved_at": saved})

    assert sent.redirect_chain[-1][0] == again.url == address("help_slip", record.pk)
    slip = text_of(sent)
    for words in (
        "Kính gửi bà Đỗ Thị Ánh",
        "Lê Thị Thu",
        "Mắt kém",
        reload(record).receipt_number,
        "không nhờ ai",
    ):
        assert words in slip
    assert BANNER not in slip
    assert client.get(address("detail", record.pk)).status_code == 404
    assert record.evidence.get().added_by == helper
    assert Look.objects.filter(record=record.pk, viewer=helper.pk, organization=None).exists()


def test_who_has_neither_account_nor_telephone_gets_paper_and_from_the_board_a_slip_for_an_account(
    client, village, campaign, helper
):
    person = make_citizen("Ya", board=village, phone="", birth_date=None, birth_year=1950)
    for user, gives in ((make_confirmer(village), True), (helper, False)):
        record = begun(person, campaign, user).assessment
        client.force_login(user)
        shown = text_of(client.get(address("help_slip", record.pk)))
        assert "in giấy dưới đây, trao tận tay" in shown
        assert (reverse("accounts:slips", args=[village.code]) in shown) is gives


def test_the_person_reads_who_fills_in_goes_on_alone_or_says_they_never_asked(
    client, person, campaign, village, helper
):
    helping = begun(person, campaign, helper)
    record = helping.assessment
    officer = make_officer(village.parent)
    client.force_login(person.user)
    shown = text_of(client.get(address("detail", record.pk)))
    assert "Ai điền giúp bạn" in shown
    assert "Mắt kém" in shown
    assert BANNER not in shown
    client.post(address("help_take_over", record.pk))
    shown = text_of(client.get(address("detail", record.pk)))
    assert "Tôi tự làm tiếp" not in shown
    assert "Bạn tự làm tiếp từ lúc" in shown

    helping = begun(person, campaign, helper)
    workflow.save_scores(record := reload(record), full_marks(record), by=helper)
    workflow.submit(record, by=helper)
    page = address("help_refuse", record.pk, helping.pk)
    assert "trở lại chưa gửi" in text_of(client.get(page))
    said = client.post(page, {"words": "Không quen."}, follow=True)
    client.post(page, {"words": "Không quen."})

    assert "bạn không nhờ" in text_of(said)
    assert "Bạn đã nói không nhờ." in text_of(said)
    assert reload(record).state == State.REGISTERED
    assert Message.objects.filter(user=officer, key__startswith="help_refused:").count() == 1
    assert client.get(page).status_code == 302


def test_who_helps_sees_what_was_filled_in_and_nobody_else_of_the_board_does(
    client, person, campaign, village, helper
):
    record = begun(person, campaign, helper).assessment
    evidence.add(
        record,
        [record.criteria_set.indicators[0]],
        by=helper,
        file=evidence.File("giay.pdf", b"%PDF-1.4", "application/pdf"),
    )
    piece = address("evidence_file", record.pk, record.evidence.get().pk)
    seen = []
    for user in (helper, make_confirmer(village)):
        client.force_login(user)
        response = client.get(piece)
        response.close()
        seen.append((response.status_code, client.get(address("detail", record.pk)).status_code))
    assert seen == [(200, 200), (404, 404)]


def test_who_helps_neither_withdraws_nor_contests_nor_answers_for_the_person(
    client, person, campaign, helper
):
    helping = begun(person, campaign, helper)
    record = helping.assessment
    client.force_login(helper)
    tried = [
        client.post(address("withdraw", record.pk)),
        client.post(address("contest", record.pk)),
        client.post(address("help_take_over", record.pk)),
        client.post(address("help_refuse", record.pk, helping.pk)),
        client.get(address("receipt", record.pk)),
    ]
    assert {response.status_code for response in tried} == {404}


def test_who_leaves_off_is_back_at_the_list(client, person, campaign, helper):
    record = begun(person, campaign, helper).assessment
    client.force_login(helper)
    assert address("detail", record.pk) in text_of(client.get(address("helping")))
    for _click in range(2):
        said = client.post(address("help_stop", record.pk), follow=True)
    assert "Bạn đã thôi điền giúp" in text_of(said)
    assert address("detail", record.pk) not in text_of(said)


def test_a_board_names_helpers_for_a_time_and_ends_it(client, village, campaign):
    member = make_confirmer(village)
    named = make_citizen_with_account("Hồ Văn Tám", phone="+84912000111").user
    client.force_login(member)
    page = address("helpers", village.code)
    given = {"full_name": "Hồ Văn Tám", "account": "0912000111"}
    soon = clock.today() + datetime.timedelta(days=60)
    far = clock.today() + datetime.timedelta(days=900)
    assert "Nhiều nhất một năm" in text_of(client.post(page, given | {"valid_to": f"{far:%d/%m/%Y}"}))
    wrong = client.post(page, given | {"full_name": "Hồ Văn Chín", "valid_to": f"{soon:%d/%m/%Y}"})
    assert "Không có tài khoản nào" in text_of(wrong)

    client.post(page, given | {"valid_to": f"{soon:%d/%m/%Y}"})

    seat = Appointment.objects.get(user=named, role=Role.HELPER)
    assert (seat.organization, seat.valid_to) == (village, soon)
    assert Event.objects.filter(verb="appoint", object_id=seat.pk, actor=member.pk).count() == 1
    assert Message.objects.filter(user=named, key=f"appoint:{seat.pk}").exists()
    assert "Hồ Văn Tám" in text_of(client.get(page))
    client.post(address("helper_end", village.code, seat.pk))
    client.force_login(named)
    assert client.get(address("helping")).status_code == 403
    assert address("helping") not in text_of(client.get("/"))


def test_the_share_of_helped_records_stands_on_the_page_of_each_level(client, person, campaign, village):
    member = make_confirmer(village)
    helping = begun(person, campaign, member)
    record = helping.assessment
    workflow.save_scores(record, full_marks(record), by=member)
    workflow.submit(record, by=member)
    workflow.confirm(record, by=member)
    officer = make_officer(village.parent)
    pages = {
        member: [address("board_queue")],
        officer: [address("board_outlook", village.code), reverse("reports:summary")],
    }
    for user, seen in pages.items():
        client.force_login(user)
        for page in seen:
            shown = text_of(client.get(page))
            assert "1 trên 1 hồ sơ đã gửi có người điền giúp (100%)" in shown, page
            assert "1 hồ sơ do chính người điền giúp xác nhận" in shown, page
    client.force_login(officer)
    assert "Mắt kém" in text_of(client.get(address("board_detail", record.pk)))
    assert Helping.objects.get().helper == member
