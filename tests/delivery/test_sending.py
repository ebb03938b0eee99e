"""Every notice leaves at least once and is counted once, whatever befalls the gateway and the worker."""

import datetime
import functools

import pytest
import time_machine
from django.core import mail

from accounts.models import Message
from assessments import reminders, workflow
from delivery import planning, sending
from delivery.gateways import Mail
from delivery.models import DEAD_AFTER, Channel, Delivery, DeliveryState, NotWanted, Why
from tests.at_once import Ended, at_once
from tests.delivery.companies import Company, tell
from tests.factories import (
    make_campaign,
    make_citizen,
    make_citizen_with_account,
    make_confirmer,
    make_officer,
    make_province,
    make_returned_assessment,
    make_scored_assessment,
    make_submitted_assessment,
    make_user,
    make_village,
    moment,
    open_campaign,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I1", "I3")]
NOON = datetime.datetime.fromisoformat("2026-11-20T12:00:00+07:00")
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON) as traveller:
        yield traveller


@pytest.fixture
def company(tmp_path):
    folder = tmp_path / "company"
    folder.mkdir()
    return Company(folder)


def sweep(company):
    return sending.sweep({Channel.SMS: company})


def states():
    return sorted(Delivery.objects.values_list("channel", "state", "why"))


# --- What is sent, and how ---------------------------------------------------------------------------


def test_a_notice_leaves_once_in_the_words_of_the_inbox(company):
    citizen = make_citizen_with_account()
    message = tell(citizen)

    assert (sweep(company), sweep(company)) == (1, 0)

    (letter,) = company.took
    assert letter.to == citizen.phone
    assert letter.text == "Nguyen Thi Hoa: Ban da xac nhan ho so nam 2026. Ket qua: dat."
    delivery = Delivery.objects.get()
    assert (delivery.message, delivery.state, delivery.attempts) == (message, DeliveryState.SENT, 1)
    assert delivery.reference == f"SMS-{letter.key[:8]}"
    assert list(Message.objects.for_user(citizen.user)) == [message]


def test_only_what_has_to_be_known_is_worth_an_sms_and_all_of_it_an_email(company, mailoutbox):
    citizen = make_citizen(email="hoa@example.com")
    tell(citizen)
    tell(citizen, key="transfer:1:1", subject="Bạn được chuyển sang ban khác")

    sending.sweep({Channel.SMS: company, Channel.EMAIL: Mail()})

    assert len(company.took) == 1
    assert states() == [("email", "sent", ""), ("email", "sent", ""), ("sms", "sent", "")]
    (sent,) = mail.outbox
    assert sent.to == ["hoa@example.com"]
    assert "Bạn được chuyển sang ban khác" in sent.body
    assert "Ban đã xác nhận hồ sơ năm 2026\nKết quả: đạt." in sent.body
    assert "@danh-hieu-hoc-tap.invalid" in sent.extra_headers["Message-ID"]


def test_officers_get_an_email_with_the_address_of_the_page(settings, mailoutbox):
    settings.PORTAL_URL = "https://danh-hieu.example"
    officer = make_officer(make_province(), email="binh@example.com")
    tell(None, user=officer, key="totals:1", subject="Tổng điểm lệch", link="/nhat-ky/")

    sending.sweep({Channel.EMAIL: Mail()})

    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["binh@example.com"], "Tổng điểm lệch")
    assert "https://danh-hieu.example/nhat-ky/" in sent.body


def test_without_a_gateway_nothing_leaves_and_nothing_is_kept_for_later(company):
    tell(make_citizen())

    assert sending.sweep() == 0
    assert sweep(company) == 0
    assert not Delivery.objects.exists()


def test_what_is_older_than_a_week_stays_in_the_inbox_alone(company):
    tell(make_citizen(), at=NOON - datetime.timedelta(days=8))

    assert sweep(company) == 0
    assert not Message.objects.filter(planned_at=None).exists()


def test_people_without_a_way_to_reach_them_are_noted(company):
    tell(make_citizen(phone=""))
    tell(make_citizen(phone="+842393851234"))

    assert sweep(company) == 0
    assert states() == [("none", "failed", "no_contact")] * 2


@pytest.mark.parametrize("count", [1, 15])
def test_a_chunk_costs_the_same_for_few_people_as_for_many(company, count, django_assert_max_num_queries):
    for number in range(count):
        tell(make_citizen_with_account(), key=f"nudge:{number}:1:1")
    tell(make_citizen(), key="returned:1:1")
    planning.plan(NOON, {Channel.SMS})

    with django_assert_max_num_queries(15 + count):  # each parcel is taken by an UPDATE of its own
        parcels, _seen = sending.claim(Channel.SMS, NOON)
    assert len(parcels) == count


# --- The gateway and the worker ----------------------------------------------------------------------


def test_a_gateway_that_is_down_for_a_day_loses_nothing(company, at_noon):
    citizens = [make_citizen() for _ in range(30)]
    for citizen in citizens:
        tell(citizen)
    company.case = "down"
    for hour in range(24):
        at_noon.move_to(NOON + datetime.timedelta(hours=hour))
        sweep(company)
    assert company.asked < 3 * 24
    assert not company.took

    company.case = "up"
    for hour in range(24, 36):
        at_noon.move_to(NOON + datetime.timedelta(hours=hour))
        sweep(company)

    assert len(company.took) == len(company.sent) == 30
    assert states() == [("sms", "sent", "")] * 30


def test_a_gateway_that_took_it_and_answers_too_late_gets_it_again_under_the_same_key(company, at_noon):
    citizen = make_citizen_with_account()
    tell(citizen)
    company.case = "too late"
    sweep(company)
    company.case = "up"
    at_noon.move_to(NOON + 2 * MINUTE)
    sweep(company)

    assert (len(company.took), len(company.sent)) == (2, 1)
    assert states() == [("sms", "sent", "")]
    assert Message.objects.for_user(citizen.user).count() == 1


def test_what_came_later_is_sent_later(company, at_noon, settings):
    settings.MESSAGES_A_DAY = {Channel.SMS: 3}
    citizen = make_citizen()
    tell(citizen, subject="Tin đầu")
    company.case = "down"
    sweep(company)
    company.case = "up"
    tell(citizen, subject="Tin sau")
    tell(citizen, key="hand_over:1:1", subject="Tin gấp")
    assert sweep(company) == 1

    at_noon.move_to(NOON + 6 * MINUTE)
    sweep(company)
    at_noon.move_to(NOON + 12 * MINUTE)
    sweep(company)

    subjects = [letter.text.split(": ")[1].partition(".")[0] for letter in company.took]
    assert subjects == ["Tin gap", "Tin dau", "Tin sau"]


def test_a_worker_killed_between_sending_and_marking_is_followed_by_another(
    shared_database, company, at_noon
):
    for name in ("An", "Bình"):
        tell(make_citizen_with_account(name))
    company.case = "kills"

    (ended,) = at_once(functools.partial(sweep, company))
    assert ended == Ended("signal 9")
    assert len(company.took) == 1

    company.case = "up"
    assert sweep(company) == 0  # the claims of the dead still hold
    at_noon.move_to(NOON + DEAD_AFTER + MINUTE)
    assert sweep(company) == 2

    assert (len(company.took), len(company.sent)) == (3, 2)
    assert states() == [("sms", "sent", "")] * 2


def test_many_workers_at_once_send_each_parcel_once(shared_database, company):
    village = make_village()
    for number in range(12):
        citizen = make_citizen(f"Nguyễn Văn {number}", board=village)
        tell(citizen)
        tell(citizen, key=f"returned:{number}:1")
        tell(citizen, key=f"submitted:{number}:1")
    company.case = "slow"

    counts = at_once(*[functools.partial(sweep, company)] * 3)

    assert sum(counts) == len(company.took) == len(company.sent) == 12
    assert set(states()) == {("sms", "sent", ""), ("sms", "dropped", "needless")}


def test_a_worker_that_was_overtaken_sends_nothing(company, at_noon):
    tell(make_citizen())
    planning.plan(NOON, {Channel.SMS})
    (slow,), _seen = sending.claim(Channel.SMS, NOON)
    at_noon.move_to(NOON + DEAD_AFTER + MINUTE)

    assert sweep(company) == 1
    assert sending._send(slow, company) is None

    assert len(company.took) == 1


def test_a_number_that_is_none_fails_for_good_and_the_others_are_sent(company):
    tell(make_citizen(phone="+84900000000"))
    tell(make_citizen())
    company.wrong = ("+84900000000",)

    assert (sweep(company), sweep(company)) == (1, 0)
    assert states() == [("sms", "failed", "refused"), ("sms", "sent", "")]


def test_what_never_goes_out_is_given_up_after_more_than_a_day(company, at_noon):
    tell(make_citizen())
    company.case = "down"
    hours = 0
    while Delivery.objects.filter(state=DeliveryState.FAILED).count() == 0 and hours < 100:
        sweep(company)
        hours += 1
        at_noon.move_to(NOON + datetime.timedelta(hours=hours))

    assert states() == [("sms", "failed", "gave_up")]
    assert hours > 24
    assert company.asked == len(sending.DELAYS) + 1


# --- How often and when ------------------------------------------------------------------------------


def test_what_is_more_than_two_a_day_comes_as_one_digest_the_next_morning(company, at_noon):
    citizen = make_citizen()
    for number in range(5):
        at_noon.move_to(NOON + number * MINUTE)
        tell(citizen, subject=f"Tin {number}")
        sweep(company)
    assert [letter.text for letter in company.took] == [
        "Nguyen Thi Hoa: Tin 0. Ket qua: dat.",
        "Nguyen Thi Hoa: Tin 1. Ket qua: dat.",
    ]
    assert Delivery.objects.filter(state=DeliveryState.HELD).count() == 3

    at_noon.move_to(NOON + datetime.timedelta(hours=19, minutes=1))
    sweep(company)

    assert company.took[2:][0].text == (
        "Nguyen Thi Hoa: Ban co 3 tin moi: Tin 2; Tin 3; Tin 4. Xem o muc Tin nhan tren cong."
    )
    assert len(company.took) == 3
    assert states() == [("sms", "sent", "")] * 5


@pytest.mark.parametrize(("hour", "sent"), [(20, 1), (21, 0), (23, 0), (6, 0), (7, 1)])
def test_nobody_is_woken_at_night(company, at_noon, hour, sent):
    at_noon.move_to(NOON.replace(hour=hour))
    tell(make_citizen())

    assert sweep(company) == sent


def test_what_is_urgent_waits_neither_for_the_morning_nor_for_the_cap(company, at_noon):
    citizen = make_citizen()
    for number in range(3):
        at_noon.move_to(NOON + number * MINUTE)
        tell(citizen)
        sweep(company)
    at_noon.move_to(NOON.replace(hour=23))
    tell(citizen, key="hand_over:1:1", subject="Tài khoản của bạn được cấp lại")

    assert sweep(company) == 1
    assert "Tai khoan cua ban duoc cap lai" in company.took[-1].text


def test_what_is_urgent_is_planned_and_sent_before_all_that_wait(company, monkeypatch):
    monkeypatch.setattr(planning, "CHUNK", 2)
    monkeypatch.setattr(sending, "CHUNK", 1)
    for _each in range(3):
        tell(make_citizen())
    planning.plan(NOON, {Channel.SMS})
    tell(make_citizen(), key="hand_over:1:1", subject="Tài khoản của bạn được cấp lại")

    sweep(company)

    assert "Tai khoan cua ban duoc cap lai" in company.took[0].text
    assert len(company.took) == 4
    assert not Message.objects.filter(planned_at=None).exists()


# --- Nobody who is done ------------------------------------------------------------------------------


def test_who_has_registered_or_answered_meanwhile_is_not_reminded(company):
    campaign = open_campaign()
    village = make_village()
    record = make_returned_assessment(board=village, campaign=campaign)
    late = make_citizen_with_account("Lê Văn Muộn", board=village)
    other = make_citizen_with_account("Chưa đăng ký", board=village)
    for citizen in (late, other):
        tell(citizen, key=f"nudge:{campaign.pk}:{citizen.pk}:1", subject="Bạn chưa đăng ký")
    returned = Message.objects.get(key__startswith="returned:")
    Message.objects.filter(pk=returned.pk).update(at=NOON)
    Message.objects.filter(key__startswith="submitted:").delete()
    planning.plan(NOON, {Channel.SMS})

    workflow.register(late, campaign, group=record.criteria_set.group, by=late.user)
    workflow.save_scores(record, {"I.1.1": 7}, by=record.citizen.user)
    workflow.submit(record, by=record.citizen.user)
    Message.objects.filter(key__startswith="submitted:").delete()
    sweep(company)

    assert [letter.text.partition(":")[0] for letter in company.took] == ["Chua dang ky"]
    dropped = Delivery.objects.filter(state=DeliveryState.DROPPED, why=Why.NEEDLESS)
    assert set(dropped.values_list("message__citizen", flat=True)) == {late.pk, record.citizen_id}


@pytest.fixture
def reminded(company, at_noon):
    """On 2 December at midnight all who owe something are reminded; the sweep comes in the morning."""
    at_noon.move_to(moment(2026, 10, 20, 9))
    year = {"campaign": make_campaign(2026), "board": make_village()}
    who = {
        name: {"campaign": year["campaign"], "citizen": make_citizen_with_account(name, board=year["board"])}
        for name in ("Nhap", "Gui", "Tra", "Tra gui lai", "Cho")
    }
    by = make_confirmer(year["board"], email="ban@example.com")
    records = {
        "Nhap": make_scored_assessment(**who["Nhap"]),
        "Gui": make_scored_assessment(**who["Gui"]),
        "Tra": make_returned_assessment(**who["Tra"], by=by),
        "Tra gui lai": make_returned_assessment(**who["Tra gui lai"], by=by),
        "Cho": make_submitted_assessment(**who["Cho"]),
    }
    Message.objects.all().delete()
    at_noon.move_to(moment(2026, 12, 25, 1))
    reminders.send(moment(2026, 12, 25, 1))
    sending.sweep({Channel.SMS: company, Channel.EMAIL: Mail()})
    assert not company.took  # people sleep
    return records, by


def test_who_did_what_they_are_reminded_of_before_it_leaves_gets_nothing(
    reminded, company, at_noon, mailoutbox
):
    records, by = reminded
    workflow.submit(records["Gui"], by=records["Gui"].citizen.user)
    workflow.submit(records["Tra gui lai"], by=records["Tra gui lai"].citizen.user)
    for name in ("Cho", "Gui", "Tra gui lai"):
        records[name].refresh_from_db()
        workflow.confirm(records[name], by=by)
    Message.objects.exclude(key__startswith="remind").delete()
    at_noon.move_to(moment(2026, 12, 25, 8))

    sending.sweep({Channel.SMS: company, Channel.EMAIL: Mail()})

    assert sorted(letter.text.partition(":")[0] for letter in company.took) == ["Nhap", "Tra"]
    assert mailoutbox == []  # nobody waits for the board any more
    assert set(states()) == {
        ("sms", "sent", ""),
        ("sms", "dropped", "needless"),
        ("email", "dropped", "needless"),
    }


def test_who_has_not_done_it_is_reminded_while_it_can_be_done(reminded, company, at_noon, mailoutbox):
    at_noon.move_to(moment(2026, 12, 25, 8))
    Delivery.objects.filter(message__key__endswith=f":{reminded[0]['Tra'].pk}").update(
        next_at=moment(2027, 1, 1, 8)
    )
    sending.sweep({Channel.SMS: company, Channel.EMAIL: Mail()})
    at_noon.move_to(moment(2027, 1, 1, 8))
    sweep(company)

    assert sorted(letter.text.partition(":")[0] for letter in company.took) == ["Gui", "Nhap", "Tra gui lai"]
    (to_the_board,) = mailoutbox
    assert "chờ xác nhận" in to_the_board.subject


def test_what_was_read_on_the_portal_is_not_sent(company):
    tell(make_citizen_with_account(), read_at=NOON)

    assert sweep(company) == 0
    assert states() == [("sms", "dropped", "read")]


def test_who_has_gone_from_the_lists_is_not_written_to(company):
    tell(make_citizen(departed_on=NOON.date()))

    assert sweep(company) == 0
    assert states() == [("sms", "dropped", "departed")]


def test_a_channel_that_somebody_switched_off_is_not_used(company):
    citizen = make_citizen_with_account()
    NotWanted.objects.create(user=citizen.user, channel=Channel.SMS)
    tell(citizen)
    tell(None, user=citizen.user, key="confirmed:of the account:1")

    assert sweep(company) == 0
    assert states() == [("sms", "dropped", "not_wanted")] * 2


def test_what_is_told_to_the_account_goes_to_its_person(company):
    citizen = make_citizen_with_account()
    tell(None, user=citizen.user)
    tell(None, user=make_user(), key="confirmed:x:1")

    assert sweep(company) == 1
    assert company.took[0].to == citizen.phone
