"""An officer of the association right above confirms for a board that cannot: for a time, recorded, told."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import appointing
from accounts.models import Appointment, Message, Role
from assessments import looking_ahead, queue, standing_in, workflow
from assessments.models import Assessment, StandIn, State, WindowStep
from assessments.outlook import Cause
from audit import clock
from audit.models import Event
from organizations.models import Organization
from tests.factories import (
    appoint,
    days_from_now,
    make_citizen,
    make_commune,
    make_confirmer,
    make_extension,
    make_household,
    make_officer,
    make_province,
    make_submitted_assessment,
    make_unit,
    make_village,
    open_campaign,
    state_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C3")]
WHY = "Trưởng ban nằm viện"


@pytest.fixture
def campaign():
    return open_campaign()


@pytest.fixture
def commune():
    return make_commune()


@pytest.fixture
def board(commune):
    return make_village("Đông Hải", commune)


@pytest.fixture
def officer(commune):
    return make_officer(commune)


@pytest.fixture
def record(board, campaign):
    return make_submitted_assessment(board=board, campaign=campaign)


def begin(board, by, days=3):
    return standing_in.begin(board, valid_to=clock.today() + datetime.timedelta(days=days), reason=WHY, by=by)


def end_of_seat(stand_in, day):
    """As if that were its last day."""
    Appointment.objects.filter(pk=stand_in.seat_id).update(
        valid_from=day - datetime.timedelta(days=9), valid_to=day
    )


def test_an_officer_right_above_confirms_for_a_board_without_people(board, officer, record):
    with pytest.raises(PermissionDenied):
        workflow.confirm(record, by=officer)

    stand_in = begin(board, officer)
    workflow.confirm(record, by=officer)

    assert state_of(record) == State.CONFIRMED
    assert (stand_in.association, stand_in.reason) == (board.parent, WHY)
    [event] = Event.objects.filter(verb="take_over")
    assert (event.stream, event.actor, event.object_id) == (board.pk, officer.pk, stand_in.pk)


def test_the_board_is_told_who_and_why_and_sees_it_on_its_page(client, board, officer, record):
    member = make_confirmer(board)
    begin(board, officer)

    [told] = Message.objects.filter(user=member)
    assert str(officer) in told.body
    assert WHY in told.body
    client.force_login(member)
    assert WHY in client.get(reverse("assessments:board_queue")).content.decode()


def test_own_records_and_those_of_the_household_are_nobodys_to_confirm(campaign, board, officer, record):
    home = make_household(board)
    make_citizen("Lê Văn Bình", board=board, user=officer, household=home)
    wife = make_submitted_assessment(board=board, campaign=campaign)
    type(wife.citizen).objects.filter(pk=wife.citizen.pk).update(household=home)
    begin(board, officer)

    with pytest.raises(PermissionDenied):
        workflow.confirm(wife, by=officer)
    assert not Assessment.objects.for_confirmer(officer).filter(pk=wife.pk).exists()
    assert Assessment.objects.for_confirmer(officer).filter(pk=record.pk).exists()


def test_it_ends_by_itself(board, officer, record):
    stand_in = begin(board, officer)
    end_of_seat(stand_in, clock.today() - datetime.timedelta(days=1))

    with pytest.raises(PermissionDenied):
        workflow.confirm(record, by=officer)
    assert not StandIn.objects.standing().exists()
    assert not StandIn.objects.get().is_standing


@pytest.mark.parametrize("who", ["officer", "colleague", "member"])
def test_it_ends_with_one_click_of_either_side(client, board, commune, officer, record, who):
    member = make_confirmer(board)
    stand_in = begin(board, officer)
    client.force_login({"officer": officer, "colleague": make_officer(commune), "member": member}[who])
    page = reverse("assessments:end_take_over", args=[board.code, stand_in.pk])

    client.post(page)
    client.post(page)

    with pytest.raises(PermissionDenied):
        workflow.confirm(record, by=officer)
    assert StandIn.objects.get().ended_by is not None
    assert Event.objects.filter(verb="end_take_over").count() == 1
    assert [each.subject for each in Message.objects.filter(user=member)][:1] == [
        "Hội thôi xác nhận thay ban" if who != "member" else "Hội xác nhận thay ban"
    ]


def test_one_that_lasted_days_keeps_its_seat_as_record(board, officer, record):
    stand_in = begin(board, officer)
    Appointment.objects.filter(pk=stand_in.seat_id).update(
        valid_from=clock.today() - datetime.timedelta(days=2)
    )
    standing_in.end(stand_in, by=officer)

    seat = Appointment.objects.get(role=Role.STAND_IN)
    assert seat.valid_to == clock.today() - datetime.timedelta(days=1)


def test_no_seat_of_a_stand_in_is_without_an_end(board, officer):
    with pytest.raises(IntegrityError), transaction.atomic():
        appoint(officer, board, Role.STAND_IN)


def test_what_was_confirmed_stays_when_it_ends(board, officer, record):
    stand_in = begin(board, officer)
    workflow.confirm(record, by=officer)

    standing_in.end(stand_in, by=officer)

    assert state_of(record) == State.CONFIRMED
    assert Assessment.objects.get().confirmed_by == officer


def test_only_the_association_right_above_takes_over(board, commune, record):
    others = [
        make_officer(commune.parent),
        make_officer(make_commune("Bên", province=commune.parent)),
        make_confirmer(commune),
        make_confirmer(board),
    ]
    for other in others:
        with pytest.raises(PermissionDenied):
            begin(board, other)
    assert not StandIn.objects.exists()


def test_a_province_stands_in_for_a_commune_and_for_its_own_unit(campaign):
    province = make_province()
    officer = make_officer(province)
    for board in (make_commune(province=province), make_unit("Sở Giáo dục", province)):
        record = make_submitted_assessment(board=board, campaign=campaign)
        begin(board, officer)
        workflow.confirm(record, by=officer)
        assert state_of(record) == State.CONFIRMED


def test_a_board_that_makes_it_is_left_alone(board, officer, record):
    member = make_confirmer(board)
    type(member).objects.filter(pk=member.pk).update(last_login=clock.now())

    with pytest.raises(workflow.Refused, match="Dự tính ban kịp"):
        begin(board, officer)


def test_it_lasts_no_longer_than_the_confirmation(board, campaign, officer, record):
    with pytest.raises(workflow.Refused, match="ngày cuối được xác nhận"):
        begin(board, officer, days=40)
    with pytest.raises(workflow.Refused, match="Chọn ngày từ hôm nay"):
        begin(board, officer, days=-1)
    campaign.windows.filter(step=WindowStep.CONFIRMATION).update(closes_at=days_from_now(-1))
    with pytest.raises(workflow.Refused, match="Lúc này không xác nhận được"):
        begin(board, officer)
    make_extension(campaign=campaign, organization=board)
    begin(board, officer)
    workflow.confirm(record, by=officer)


def test_nobody_takes_over_twice(board, officer, record):
    begin(board, officer)

    with pytest.raises(workflow.Refused, match="đang ở trong ban"):
        begin(board, officer)
    assert StandIn.objects.count() == 1


def test_who_is_no_officer_any_more_stands_in_no_longer(board, commune, officer, record):
    begin(board, officer)
    [seat] = officer.appointments.filter(role=Role.OFFICER)

    appointing.end(seat, last_day=None, reason="Chuyển công tác.", by=make_officer(commune.parent))

    with pytest.raises(PermissionDenied):
        workflow.confirm(record, by=officer)
    assert not StandIn.objects.standing().exists()


def test_it_is_not_ended_as_an_appointment(board, commune, officer, record):
    stand_in = begin(board, officer)

    with pytest.raises(appointing.Refused):
        appointing.end(stand_in.seat, last_day=None, reason="Thôi.", by=make_officer(commune))


def test_a_board_taken_over_still_has_nobody_of_its_own(board, campaign, officer, record):
    begin(board, officer)

    assert Organization.objects.without_people().contains(board)
    told = looking_ahead.of_board(board, campaign, clock.now())
    assert told.outlook.cause != Cause.NOBODY  # somebody confirms there
    assert board in queue.boards_of(officer)


def test_the_page_takes_over_with_a_reason_and_leads_to_the_list_of_the_board(client, board, officer, record):
    client.force_login(officer)
    page = reverse("assessments:take_over", args=[board.code])

    empty = client.post(page, {"valid_to": f"{clock.today():%d/%m/%Y}", "reason": ""})
    done = client.post(page, {"valid_to": f"{clock.today():%d/%m/%Y}", "reason": WHY})

    assert empty.context["form"].errors.keys() == {"reason"}
    assert done.url == f"{reverse('assessments:board_queue')}?board={board.code}"
    seen = client.get(reverse("assessments:board_outlook", args=[board.code])).content.decode()
    assert WHY in seen
    assert "Thôi xác nhận thay" in seen
