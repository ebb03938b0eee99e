"""The boards below an association, those first whose people will not make it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Message, User
from assessments import looking_ahead, queue, windows, workflow
from assessments.models import BoardOutlook, WindowStep
from assessments.outlook import Cause
from audit import clock
from audit.models import Event
from tests.factories import (
    appoint,
    closed_window,
    days_from_now,
    make_campaign,
    make_centre,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_confirmer,
    make_extension,
    make_officer,
    make_province,
    make_submitted_assessment,
    make_unit,
    make_user,
    make_village,
    open_campaign,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C3")]
LIST = reverse("assessments:board_list")


def days_ago(days):
    return clock.now() - datetime.timedelta(days=days)


@pytest.fixture
def campaign():
    return open_campaign()


@pytest.fixture
def commune():
    return make_commune()


@pytest.fixture
def officer(commune, client):
    officer = make_officer(commune)
    client.force_login(officer)
    return officer


def waiting_since(days, board, campaign, count=1):
    """Sent records, and when each was sent."""
    records = [make_submitted_assessment(board=board, campaign=campaign) for _each in range(count)]
    for record in records:
        type(record).objects.filter(pk=record.pk).update(submitted_at=days_ago(days))
    return records


def signed_in(user, days):
    User.objects.filter(pk=user.pk).update(last_login=days_ago(days))
    return user


def refreshed():
    looking_ahead.refresh(clock.now())
    return {row.board: row for row in BoardOutlook.objects.worst_first().select_related("board")}


def test_boards_stand_in_the_order_of_people_who_will_not_make_it_with_the_cause(campaign, commune):
    nobody = make_village("Một", commune)
    never_in = make_village("Hai", commune)
    still = make_village("Ba", commune)
    works = make_village("Bốn", commune)
    for board, days, count in [(nobody, 3, 2), (never_in, 3, 4), (still, 40, 3)]:
        waiting_since(days, board, campaign, count)
    make_confirmer(never_in)
    signed_in(make_confirmer(still), 35)
    record, _left = waiting_since(2, works, campaign, 2)
    workflow.confirm(record, by=signed_in(make_confirmer(works), 0))

    rows = refreshed()

    assert list(rows) == [never_in, still, nobody, works]
    assert [row.missing for row in rows.values()] == [4, 3, 2, 0]
    assert [row.cause for row in rows.values()] == [Cause.NEVER_IN, Cause.STILL, Cause.NOBODY, Cause.NONE]
    assert (rows[works].lately, rows[works].best_day, rows[works].worked_on) == (1, 1, clock.today())


def test_what_one_did_who_left_says_nothing_of_those_who_never_signed_in(campaign, commune):
    board = make_village("Một", commune)
    record, _left = waiting_since(2, board, campaign, 2)
    gone = signed_in(make_confirmer(board), 3)
    workflow.confirm(record, by=gone)
    board.appointments.filter(user=gone).update(valid_to=days_ago(1).date())
    make_confirmer(board)

    assert refreshed()[board].cause == Cause.NEVER_IN


def test_who_belongs_elsewhere_today_lies_at_the_wrong_board(campaign, commune):
    board, other = make_village("Một", commune), make_village("Hai", commune)
    signed_in(make_confirmer(board), 0)
    strays = waiting_since(1, board, campaign, 2)
    citizen = strays[0].citizen
    citizen.village = other
    citizen.save()

    assert (refreshed()[board].cause, refreshed()[board].missing) == (Cause.ELSEWHERE, 1)


def test_last_year_speaks_of_a_board_only_where_somebody_of_today_sat_there(campaign, commune):
    board, new = make_village("Một", commune), make_village("Hai", commune)
    last_year = days_ago(360)
    before = make_campaign(campaign.year - 1, confirmation=(days_ago(390), days_ago(330)))
    for each, valid_from in [(board, days_ago(390).date()), (new, clock.today())]:
        appoint(signed_in(make_user(), 1), each, valid_from=valid_from)
        record = waiting_since(40, each, campaign)[0]
        done = make_submitted_assessment(board=each, campaign=campaign)
        workflow.confirm(done, by=make_confirmer(each))
        type(done).objects.filter(pk=done.pk).update(campaign=before, confirmed_at=last_year)
        each.appointments.filter(valid_from=datetime.date(2024, 1, 1)).delete()
        assert record.board == each

    rows = refreshed()

    assert (rows[board].after_last_year, rows[board].left_last_year, rows[board].best_day) == (1, 0, 1)
    assert (rows[new].after_last_year, rows[new].best_day) == (None, 0)


@pytest.mark.parametrize("shape", ["nation", "longer", "closed", "extended", "province"])
def test_until_when_is_the_same_for_many_boards_as_for_one(shape):
    campaign = open_campaign()
    province = make_province()
    commune = make_commune(province=province)
    board, beside = make_village("Một", commune), make_village("Hai", make_commune())
    confirmation = campaign.windows.get(step=WindowStep.CONFIRMATION)
    if shape in ("closed", "extended"):
        confirmation.opens_at, confirmation.closes_at = closed_window()
        confirmation.save()
    if shape == "extended":
        make_extension(campaign=campaign, organization=commune)
        make_extension(campaign=campaign, organization=board, closes_at=days_from_now(9))
    if shape == "longer":
        make_extension(campaign=campaign, organization=commune, closes_at=days_from_now(50))
    if shape == "province":
        confirmation.pk, confirmation.province, confirmation.closes_at = None, province, days_from_now(3)
        confirmation.save()
    now = clock.now()

    found = windows.open_at_boards(campaign, [board, beside], now)

    for each in (board, beside):
        opening = windows.opening_at(WindowStep.CONFIRMATION, campaign, each, now)
        expected = opening.closes_at if opening and opening.is_open(now) else None
        assert (found[each.pk].until if each.pk in found else None) == expected


def test_a_board_hears_of_the_same_days_and_speed_as_those_above_it(campaign, commune):
    board, now = make_village(commune=commune), clock.now()
    opens_at = now - datetime.timedelta(days=2, hours=12)
    campaign.windows.filter(step=WindowStep.CONFIRMATION).update(opens_at=opens_at)
    make_confirmed_assessment(board=board, campaign=campaign)
    make_submitted_assessment(board=board, campaign=campaign)

    above = looking_ahead.of_board(board, campaign, clock.now()).outlook.figures
    opening = windows.opening_at(WindowStep.CONFIRMATION, campaign, board, now)
    own = queue.pace_of(board.board_assessments, 1, opening, clock.now())

    assert (above.days_behind, above.needed, above.speed) == (own.days_behind, own.needed, own.speed)
    assert own.days_behind == 3


def test_who_sent_before_it_opened_has_waited_since_it_opened(campaign, commune):
    board = make_village("Một", commune)
    signed_in(make_confirmer(board), 20)
    waiting_since(200, board, campaign)
    campaign.windows.filter(step=WindowStep.CONFIRMATION).update(opens_at=days_ago(3))

    told = looking_ahead.of_board(board, campaign, clock.now())

    assert (told.outlook.figures.waited, told.outlook.figures.days_behind) == (3, 4)  # a fourth has begun
    assert told.waiting_since == campaign.windows.get(step=WindowStep.CONFIRMATION).opens_at
    assert told.outlook.cause == Cause.NONE


def test_a_board_whose_confirmation_is_over_is_no_longer_in_the_list(campaign, commune):
    board = make_village("Một", commune)
    waiting_since(3, board, campaign)
    assert board in refreshed()
    campaign.windows.filter(step=WindowStep.CONFIRMATION).update(closes_at=days_from_now(-1))

    assert board not in refreshed()


def test_the_figures_of_a_board_are_of_this_moment(client, campaign, commune, officer):
    board = make_village("Một", commune)
    member = signed_in(make_confirmer(board), 0)
    records = waiting_since(1, board, campaign, 2)
    refreshed()
    workflow.confirm(records[0], by=member)

    [row] = client.get(LIST).context["rows"]

    assert (row.told.outlook.figures.left, row.person, row.phone) == (1, member, "")


def test_the_list_shows_whom_to_call_and_is_narrowed_by_place_and_cause(client, campaign):
    province = make_province()
    here, beside = make_commune("Thạch Hà", province=province), make_commune("Đông Kinh", province=province)
    client.force_login(make_officer(province))
    with_person = make_village("Một", here)
    chair = make_citizen_with_account("Võ Thị Chín", board=with_person).user
    appoint(chair, with_person, "board_chair")
    appoint(make_user("An Văn Ba"), with_person)
    waiting_since(1, with_person, campaign)
    waiting_since(1, make_village("Hai", beside), campaign)
    waiting_since(1, make_unit("Trường Ba", province), campaign)
    refreshed()

    everything = client.get(LIST)
    narrowed = client.get(LIST, {"place": here.code})
    of_nobody = client.get(LIST, {"cause": Cause.NOBODY})

    assert len(everything.context["rows"]) == 3
    assert [row.told.board for row in narrowed.context["rows"]] == [with_person]
    assert "tel:+84912345678" in narrowed.content.decode()
    assert narrowed.context["rows"][0].person == chair
    assert [(cause, count) for cause, count in everything.context["causes"]] == [
        (Cause.NOBODY, 2),
        (Cause.NEVER_IN, 1),
    ]
    assert len(of_nobody.context["rows"]) == 2


def test_only_officers_have_the_list_and_only_of_what_is_below(client, commune):
    client.force_login(make_confirmer(make_village("Một", commune)))
    assert client.get(LIST).status_code == 403

    client.force_login(make_officer(commune))
    assert client.get(LIST).status_code == 200
    assert client.get(LIST, {"place": make_commune("Xa").code}).status_code == 404
    assert client.get(LIST, {"place": make_centre().code}).status_code == 404


def test_the_list_costs_as_many_statements_for_many_boards_as_for_one(client, campaign, commune, officer):
    def asked(work):
        with CaptureQueriesContext(connection) as queries:
            work()
        return len(queries)

    def add(name):
        board = make_village(name, commune)
        appoint(make_citizen_with_account(board=board).user, board)
        waiting_since(1, board, campaign)

    add("Một")
    to_refresh, to_read = asked(refreshed), asked(lambda: client.get(LIST))
    for number in range(8):
        add(f"Thôn {number}")

    assert (asked(refreshed), asked(lambda: client.get(LIST))) == (to_refresh, to_read)
    assert len(client.get(LIST).context["rows"]) == 9
    assert to_read < 30


# --- What is done about one -------------------------------------------------------------------------


def test_one_click_reminds_the_people_of_a_board_once_a_day(client, campaign, commune, officer):
    board = make_village("Một", commune)
    member = make_confirmer(board)
    waiting_since(1, board, campaign)

    for _click in range(2):
        answer = client.post(reverse("assessments:nudge", args=[board.code]), {"back": "cause=slow"})

    assert answer.url == f"{LIST}?cause=slow"
    [told] = Message.objects.filter(user=member)
    assert "Còn 1 người chưa xong" in told.body
    assert str(officer) in told.body
    assert Event.objects.filter(verb="board_note", stream=board.pk).count() == 1


def test_an_officer_writes_to_the_people_of_a_board(client, campaign, commune, officer):
    board = make_village("Một", commune)
    member = make_confirmer(board)
    page = reverse("assessments:board_outlook", args=[board.code])

    assert client.post(page, {"words": ""}).status_code == 200
    client.post(page, {"words": "Thứ Bảy hội đến giúp."})

    [told] = Message.objects.filter(user=member)
    assert "Thứ Bảy hội đến giúp." in told.body
    assert Event.objects.filter(verb="board_note", stream=board.pk).count() == 1


def test_where_nobody_sits_nobody_is_told(client, campaign, commune, officer):
    board = make_village("Một", commune)
    waiting_since(1, board, campaign)

    answer = client.post(reverse("assessments:nudge", args=[board.code]), follow=True)

    assert "Ban chưa có ai để nhận" in answer.content.decode()
    assert not Event.objects.filter(verb="board_note").exists()
