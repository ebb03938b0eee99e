import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from accounts import changes
from accounts.models import Citizen, Message
from accounts.places import Home
from assessments import tally, workflow
from assessments.models import Assessment, FormerPlace
from audit import clock, events
from audit.models import Event
from organizations.journal import Refused
from people import history, moves
from people.models import Moved, Transfer, TransferKind
from reports import figures
from tests.factories import (
    days_from_now,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_confirmer,
    make_officer,
    make_province,
    make_submitted_assessment,
    make_unit,
    make_village,
    open_campaign,
    reload,
)
from tests.reforms.trees import dump

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F4", "C7")]
REASON = "Chuyển trường"
OWN_ROWS = {"people_transfer", "people_transferchange", "people_moved", "accounts_message"}


@pytest.fixture
def commune():
    return make_commune("Thạch Khê", code="18604")


@pytest.fixture
def school(commune):
    return make_unit("THCS Thạch Khê", parent=commune)


@pytest.fixture
def other(commune):
    """Another school of the province, outside the first one's own subtree."""
    return make_unit("THPT Lý Tự Trọng", parent=commune.parent)


@pytest.fixture
def by(school):
    return make_confirmer(school, "Trần Thị Mai")


def move(people, target, organization, by, reason=REASON):
    keys = [citizen.pk for citizen in people]
    return moves.move(keys, target, organization=organization, reason=reason, by=by)


def depart(people, kind, organization, by, day=None):
    keys = [citizen.pk for citizen in people]
    day = day or clock.today()
    return moves.depart(keys, kind, day, organization=organization, reason="Giấy báo", by=by)


def rows_of_others():
    return [row for row in dump() if row[0] not in OWN_ROWS]


def board_of(citizen):
    return Citizen.objects.get(pk=citizen.pk).board


def test_a_board_hands_people_over_to_the_right_unit_in_one_step(school, other, by):
    pupils = [make_citizen(board=school, unit_text="") for _ in range(3)]

    transfer = move(pupils[:2], other, school, by)

    assert [board_of(pupil) for pupil in pupils] == [other, other, school]
    told = Event.objects.filter(verb="transfer").order_by("pk")
    assert list(told.values_list("actor", "subject", "old", "new")) == [
        (by.pk, pupils[0].pk, school.code, other.code),
        (by.pk, pupils[1].pk, school.code, other.code),
    ]
    assert events.private_of(told[0]) == {"reason": REASON}
    notice = Message.objects.get(citizen=pupils[0])
    assert "Trần Thị Mai, ban khuyến học THCS Thạch Khê, đã chuyển bạn" in notice.body
    assert "Ban này chưa có ai" in notice.body
    [sentence] = history.of(pupils[0])
    day = f"{clock.today():%d/%m/%Y}"
    assert sentence.text == f"Trần Thị Mai chuyển từ THCS Thạch Khê sang THPT Lý Tự Trọng, từ ngày {day}."
    assert sentence.reason == REASON
    assert transfer.moved.count() == 2
    assert list(events.faults()) == []


def test_open_records_go_along_and_judged_ones_stay(school, other, by):
    campaign = open_campaign()
    judged = make_confirmed_assessment(board=school, campaign=campaign)
    waiting = make_submitted_assessment(board=school, campaign=campaign)
    before = Assessment.objects.filter(pk=judged.pk).values().get()

    move([judged.citizen, waiting.citizen], other, school, by)

    assert reload(waiting).board == other
    assert FormerPlace.objects.get().assessment == waiting
    assert Assessment.objects.filter(pk=judged.pk).values().get() == before
    assert list(tally.differences(waiting.campaign, waiting.province_id)) == []
    workflow.confirm(reload(waiting), by=make_confirmer(other))


def test_an_undo_brings_everything_back(school, other, by):
    waiting = make_submitted_assessment(board=school)
    make_citizen(board=school)
    before = rows_of_others()
    transfer = move(Citizen.objects.at(school), other, school, by)

    moves.undo(transfer, reason="Ghi nhầm", by=by)

    assert rows_of_others() == before
    assert list(tally.differences(waiting.campaign, waiting.province_id)) == []
    assert Message.objects.filter(citizen=waiting.citizen, key__startswith="undo_transfer").count() == 1
    assert [told.reason for told in history.of(waiting.citizen)] == ["Ghi nhầm", REASON]
    with pytest.raises(Refused, match="đã được hoàn tác"):
        moves.undo(transfer, reason="Lại", by=by)


def test_what_happened_since_stands_in_the_way_of_an_undo(school, other, by):
    waiting = make_submitted_assessment(board=school)
    transfer = move([waiting.citizen], other, school, by)
    workflow.confirm(reload(waiting), by=make_confirmer(other))

    with pytest.raises(Refused, match="1 hồ sơ đã được xác nhận"):
        moves.undo(transfer, reason="Ghi nhầm", by=by)

    pupil = make_citizen(board=school)
    transfer = move([pupil], other, school, by)
    Citizen.objects.filter(pk=pupil.pk).update(unit=None)
    with pytest.raises(Refused, match="đã được thay đổi tiếp"):
        moves.undo(transfer, reason="Ghi nhầm", by=by)
    assert Transfer.objects.filter(undone_at=None).count() == 2


def test_a_move_is_settled_after_thirty_days_and_a_death_never(school, other, by):
    pupil, person = make_citizen(board=school), make_citizen(board=school)
    move([pupil], other, school, by)
    depart([person], TransferKind.DIED, school, by)
    moved, died = Transfer.objects.order_by("pk")

    with time_machine.travel(days_from_now(31), tick=False):
        with pytest.raises(Refused, match="quá 30 ngày"):
            moves.undo(moved, reason="Ghi nhầm", by=by)
        moves.undo(died, reason="Nhầm người", by=by)

    assert board_of(pupil) == other
    assert list(Citizen.objects.at(school)) == [person]


def test_who_keeps_the_list_there_is_told_of_arrivals(school, other, by):
    keeper = make_confirmer(other)

    move([make_citizen(board=school) for _ in range(2)], other, school, by)

    told = Message.objects.get(user=keeper)
    assert told.subject == "Có người chuyển đến THPT Lý Tự Trọng"
    assert "đã chuyển 2 người sang THPT Lý Tự Trọng. Lý do: “Chuyển trường”." in told.body
    assert not Message.objects.filter(user=by).exists()


def test_who_leaves_a_unit_falls_to_the_own_village(school, commune, by):
    village = make_village(commune=commune)
    pupil = make_citizen(board=school, village=village)

    transfer = move([pupil], None, school, by)

    assert (transfer.kind, board_of(pupil)) == (TransferKind.LEAVE, village)


def test_a_commune_moves_its_people_from_village_to_village(commune):
    old, new = make_village("Đông Hải", commune), make_village("Tây Hải", commune)
    people = [make_citizen(board=old), make_citizen(board=commune, village_text="Tay Hai")]

    move(people, new, commune, make_officer(commune))

    assert [board_of(one) for one in people] == [new, new]
    assert not Citizen.objects.waiting_for_place().exists()


def test_a_village_brings_its_commune_along(commune):
    there = make_village("Nam Hà", make_commune("Cẩm Hà", province=commune.parent))
    citizen = make_citizen(board=make_village("Đông Hải", commune))

    move([citizen], there, commune, make_officer(commune))

    citizen.refresh_from_db()
    assert (citizen.village, citizen.commune) == (there, there.parent)


def test_nobody_moves_people_of_others_or_to_where_they_may_not(school, other, commune, by):
    stranger = make_citizen(board=other)
    pupil = make_citizen(board=school)
    elsewhere = make_unit("Trường ở tỉnh khác", parent=make_province("Nghệ An"))

    with pytest.raises(Refused, match="Không còn ai để chuyển"):
        move([stranger], other, school, by)
    for target in (elsewhere, make_village(commune=commune), commune, school):
        with pytest.raises(PermissionDenied):
            move([pupil], target, school, by)
    with pytest.raises(PermissionDenied):
        move([pupil], other, school, make_confirmer(commune))
    with pytest.raises(PermissionDenied):
        move([pupil], None, commune, make_officer(commune))
    transfer = move([pupil], other, school, by)
    with pytest.raises(PermissionDenied):
        moves.undo(transfer, reason="Không", by=make_confirmer(other))
    assert Moved.objects.count() == 1


# --- Who is on no list any more -------------------------------------------------------------------


def test_who_died_leaves_the_lists_on_that_day_and_nothing_of_the_past_changes(commune, by, school):
    person = make_citizen_with_account(board=school, password="mật khẩu")
    confirmed = make_confirmed_assessment(citizen=person)
    record = Assessment.objects.values().get()
    day = clock.today() - datetime.timedelta(days=3)

    transfer = depart([person], TransferKind.DIED, school, by, day=day)

    person.refresh_from_db()
    assert (person.departed_on, person.user.is_active) == (day, False)
    assert not Citizen.objects.at(school).exists()
    assert not figures.people_of(commune).exists()
    assert Assessment.objects.values().get() == record
    assert confirmed.citizen == person
    moves.undo(transfer, reason="Nhầm người", by=by)
    person.refresh_from_db()
    assert (person.departed_on, person.user.is_active) == (None, True)


def test_who_moved_away_is_back_on_a_list_by_saying_where(school, commune, by):
    person = make_citizen_with_account(board=school)
    depart([person], TransferKind.AWAY, school, by)
    person.refresh_from_db()
    assert person.user.is_active

    changes.change_home(person, Home(commune=commune, population=person.population), by=person.user)

    assert list(Citizen.objects.at(commune)) == [person]


def test_who_still_acts_for_somebody_is_not_taken_from_the_lists_as_dead(school, by, commune):
    person = make_citizen(board=school, user=by)

    with pytest.raises(Refused, match="đang giữ việc ở THCS Thạch Khê"):
        depart([person], TransferKind.DIED, school, make_officer(commune))

    by.refresh_from_db()
    assert by.is_active
    assert not Transfer.objects.exists()
