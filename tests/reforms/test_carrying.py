import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from accounts.models import Appointment, Citizen, Message
from assessments import tally, workflow
from assessments.models import FormerPlace
from audit import clock
from audit.models import Event
from organizations.models import Organization, Reform, ReformState, Succession, SupportLine, TreeLevel
from organizations.reforms import NewUnit, Refused
from reforms import carrying, notices
from tests.factories import (
    VIETNAM,
    appoint,
    make_centre,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_confirmer,
    make_household,
    make_officer,
    make_province,
    make_submitted_assessment,
    make_unit,
    make_user,
    make_village,
    reload,
)
from tests.reforms.trees import YEARS_AGO, dump, new_commune, planned, settle_all, two_communes

pytestmark = pytest.mark.django_db


def full_commune(commune):
    """A village with a board, a person, a household and records; a school; a person of no village."""
    village = make_village(f"Thôn của {commune.name}", commune, valid_from=YEARS_AGO)
    school = make_unit(f"Trường {commune.name}", commune, valid_from=YEARS_AGO)
    make_confirmer(village)
    make_officer(commune)
    household = make_household(village)
    open_one = make_submitted_assessment(
        citizen=make_citizen_with_account(board=village, household=household)
    )
    judged = make_confirmed_assessment(citizen=make_citizen_with_account(board=commune))
    make_citizen(board=school)
    settle_all()
    return village, school, open_one, judged


# --- Merging ----------------------------------------------------------------------------------------


@pytest.mark.feature("F3")
def test_a_merge_carries_people_boards_and_open_records_and_closes_the_sources():
    province, officer, an, binh = two_communes()
    village, school, open_one, judged = full_commune(an)
    full_commune(binh)
    reform = planned("merge", [an, binh], new=(new_commune(parent=province),), organization=province)
    old_path = village.path

    carrying.carry_out(reform, by=officer)

    new = Organization.objects.get(code="18001")
    for source in (an, binh, village, school):
        source.refresh_from_db()
    last_day = clock.today() - datetime.timedelta(days=1)
    assert (new.full_name, new.parent, new.valid_from) == ("Xã An Bình", province, clock.today())
    assert (an.code, an.valid_to, an.heir) == (f"18001@{last_day.year}", last_day, new)
    assert village.parent == school.parent == new
    assert new.contains(village)
    assert list(village.placements.order_by("valid_from").values_list("path", "valid_to")) == [
        (old_path, last_day),
        (village.path, None),
    ]
    assert set(Succession.objects.values_list("old", "new")) == {(an.pk, new.pk), (binh.pk, new.pk)}
    assert not Citizen.objects.filter(commune__in=[an, binh]).exists()
    assert Appointment.objects.in_office().filter(organization=new).count() == 4
    assert not Appointment.objects.in_office().filter(organization__in=[an, binh]).exists()
    assert (reload(open_one).board, reload(open_one).commune) == (village, new)
    assert (reload(judged).board, reload(judged).commune) == (an, an)
    assert not list(tally.recount(clock.now()))
    assert FormerPlace.objects.get(assessment=open_one).commune == an
    assert Event.objects.filter(verb="reform", stream=province.pk).count() == 1


@pytest.mark.feature("F6")
def test_undo_within_thirty_days_restores_every_row():
    province, officer, an, binh = two_communes()
    full_commune(an)
    full_commune(binh)
    before = dump()
    reform = planned("merge", [an, binh], new=(new_commune(parent=province),), organization=province)

    carrying.carry_out(reform, by=officer)
    assert dump() != before
    carrying.undo(reform, by=officer)

    assert dump() == before
    reform.refresh_from_db()
    assert reform.state == ReformState.UNDONE
    assert Event.objects.filter(verb="undo_reform").count() == 1


@pytest.mark.feature("F9")
def test_who_helps_a_unit_goes_on_as_what_it_became_and_an_undo_takes_that_back():
    province, officer, an, binh = two_communes()
    school = make_unit("Trường THPT Lý Tự Trọng", province, valid_from=YEARS_AGO)
    settle_all()
    today = clock.today()
    days = {"valid_from": YEARS_AGO, "valid_to": today + datetime.timedelta(days=9)}
    SupportLine.objects.create(supporter=an, unit=school, **days)
    SupportLine.objects.create(supporter=an, unit=school, valid_from=YEARS_AGO, valid_to=YEARS_AGO)
    before = dump()
    reform = planned("merge", [an, binh], new=(new_commune(parent=province),), organization=province)

    carrying.carry_out(reform, by=officer)

    new = Organization.objects.get(code="18001")
    line = SupportLine.objects.in_force().get()
    assert (line.supporter, line.unit, line.valid_from, line.valid_to) == (
        new,
        school,
        today,
        days["valid_to"],
    )
    carrying.undo(reform, by=officer)
    assert dump() == before


@pytest.mark.feature("F6")
def test_a_rehearsal_counts_before_and_after_and_changes_nothing():
    province, _officer, an, binh = two_communes()
    full_commune(an)
    full_commune(binh)
    reform = planned("merge", [an, binh], new=(new_commune(parent=province),), organization=province)
    before = dump()

    rehearsal = carrying.rehearse(reform)

    assert dump() == before
    assert rehearsal.problems == []
    assert [(one.name, one.people, one.open_records, one.records) for one in rehearsal.before] == [
        ("Xã An", 3, 1, 2),
        ("Xã Bình", 3, 1, 2),
    ]
    assert {one.name: (one.people, one.open_records) for one in rehearsal.after} == {
        "Xã An": (0, 0),
        "Xã An Bình": (6, 2),
        "Xã Bình": (0, 0),
    }
    assert rehearsal.waiting == 0


@pytest.mark.feature("F3")
def test_merged_villages_take_households_and_people_along():
    _province, _officer, an, _binh = two_communes()
    villages = [make_village(name, an, valid_from=YEARS_AGO) for name in ("Một", "Hai")]
    household = make_household(villages[0])
    citizen = make_citizen(board=villages[0], household=household)
    settle_all()
    new = NewUnit(kind="village", type="to-dan-pho", name="Mới", parent=an.code)
    reform = planned("merge", villages, new=(new,), organization=an)

    carrying.carry_out(reform)

    citizen.refresh_from_db()
    household.refresh_from_db()
    assert citizen.village.full_name == "Tổ dân phố Mới"
    assert household.village == citizen.village


def test_one_may_be_merged_into_one_that_goes_on():
    province, _officer, an, binh = two_communes()
    full_commune(an)
    reform = planned("merge", [an], existing=(binh.code,), organization=province)

    carrying.carry_out(reform)

    an.refresh_from_db()
    assert an.heir == binh
    assert Citizen.objects.filter(commune=binh).count() == 3


# --- Splitting --------------------------------------------------------------------------------------


def split(**rules):
    province, officer, an, _binh = two_communes()
    villages = [make_village(name, an, valid_from=YEARS_AGO) for name in ("Bắc", "Nam")]
    people = {
        "in_village": make_citizen("Võ Thị Bắc", board=villages[0]),
        "typed": make_citizen_with_account("Võ Thị Gõ", board=an, village_text="thôn Đông"),
        "unknown": make_citizen_with_account("Võ Thị Lạ", board=an),
    }
    records = {
        "judged": make_confirmed_assessment(citizen=people["typed"]),
        "open": make_submitted_assessment(citizen=people["unknown"]),
    }
    make_officer(an)
    settle_all()
    news = (new_commune("Bắc An", "18001", province), new_commune("Nam An", "18003", province))
    children = {villages[0].code: "18001", villages[1].code: "18003"}
    reform = planned("split", [an], new=news, children=children, organization=province, **rules)
    return reform, an, people, records, officer


@pytest.mark.feature("F4")
def test_a_split_places_by_rule_and_lists_everybody_else():
    reform, an, people, records, _officer = split(texts={"thon dong": "18003"})

    rehearsal = carrying.rehearse(reform)
    carrying.carry_out(reform)

    north, south = (Organization.objects.get(code=code) for code in ("18001", "18003"))
    an.refresh_from_db()
    assert rehearsal.waiting == 1
    assert Citizen.objects.get(pk=people["in_village"].pk).commune == north
    assert Citizen.objects.get(pk=people["typed"].pk).commune == south
    assert list(Citizen.objects.filter(commune=an)) == [people["unknown"]]
    assert an.heir == north.parent
    assert reload(records["judged"]).board == an
    assert reload(records["judged"]).later_place.board == south
    assert reload(records["open"]).board == an
    assert not Appointment.objects.in_office().filter(organization__in=[an, north, south]).exists()


@pytest.mark.feature("F4")
def test_a_person_places_whom_no_rule_placed_and_the_undo_takes_that_back_too():
    reform, _an, people, records, officer = split()
    before = dump()
    carrying.carry_out(reform)
    south = Organization.objects.get(code="18003")

    moved = carrying.place(reform, [people["unknown"].pk], south, by=officer)

    assert moved == 1
    assert told().keys() == {people["in_village"].pk, people["unknown"].pk}
    assert Citizen.objects.get(pk=people["unknown"].pk).commune == south
    assert (reload(records["open"]).board, reload(records["open"]).commune) == (south, south)
    carrying.undo(reform, by=officer)
    assert dump() == before


@pytest.mark.feature("F4")
def test_the_rest_and_the_board_go_where_a_person_said():
    reform, an, _people, _records, _officer = split(rest="18003", board="18001")

    carrying.carry_out(reform)

    assert not Citizen.objects.filter(commune=an).exists()
    north = Organization.objects.get(code="18001")
    assert Appointment.objects.in_office().filter(organization=north).count() == 2


# --- Moving, renaming, closing ------------------------------------------------------------------------


@pytest.mark.feature("F2")
def test_a_village_moves_with_its_people_and_records():
    province, _officer, an, binh = two_communes()
    village, _school, open_one, _judged = full_commune(an)
    before = dump()
    reform = planned("move", [village], parent=binh.code, organization=province)

    carrying.carry_out(reform)

    village.refresh_from_db()
    assert village.parent == binh
    assert Citizen.objects.filter(village=village, commune=binh).count() == 1
    assert (reload(open_one).board, reload(open_one).commune) == (village, binh)
    carrying.undo(reform)
    assert dump() == before


@pytest.mark.feature("F1")
def test_a_commune_that_became_a_ward_keeps_its_code_and_its_former_name():
    province, _officer, an, _binh = two_communes()
    settle_all()
    before = dump()
    reform = planned("rename", [an], type="phuong", organization=province)

    carrying.carry_out(reform)

    an.refresh_from_db()
    yesterday = clock.today() - datetime.timedelta(days=1)
    assert (an.code, an.full_name) == ("18001", "Phường An")
    assert an.full_name_on(yesterday) == "Xã An"
    assert an.full_name_on(clock.today()) == "Phường An"
    carrying.undo(reform)
    assert dump() == before


def test_a_unit_that_closes_lets_its_board_go_and_holds_its_people_for_a_person_to_place():
    _province, _officer, an, _binh = two_communes()
    unit = make_unit(parent=an, valid_from=YEARS_AGO)
    make_citizen(board=unit)
    make_confirmer(unit)
    settle_all()
    before = dump()
    reform = planned("close", [unit], organization=an)

    assert carrying.rehearse(reform).waiting == 1
    carrying.carry_out(reform)

    assert not Appointment.objects.in_office().filter(organization=unit).exists()
    carrying.undo(reform)
    assert dump() == before


# --- What is told -----------------------------------------------------------------------------------


def told():
    return {message.citizen_id: message for message in Message.objects.filter(key__contains="reform:")}


@pytest.mark.feature("I2")
def test_whose_place_changed_is_told_once_where_they_count_and_again_when_it_is_undone():
    province, officer, an, binh = two_communes()
    village, _school, open_one, judged = full_commune(an)
    gone = make_citizen(board=an, departed_on=YEARS_AGO)
    elsewhere = make_citizen(board=make_commune(province=province))
    settle_all()
    reform = planned("merge", [an, binh], new=(new_commune(parent=province),), organization=province)
    carrying.rehearse(reform)
    assert not told()

    carrying.carry_out(reform, by=officer)

    day = f"{clock.today():%d/%m/%Y}"
    heard = told()
    assert Message.objects.filter(key__startswith="reform:").count() == len(heard) == 3
    assert not {gone.pk, elsewhere.pk} & heard.keys()
    assert heard[judged.citizen_id].body == (
        f"Từ ngày {day}, theo Nghị quyết 01/NQ-HĐND, nơi ở của bạn ghi là xã An Bình; "
        "hồ sơ của bạn do hội khuyến học xã An Bình xác nhận. Bạn không phải làm gì."
    )
    assert f"do ban khuyến học {village.full_name[0].lower()}" in heard[open_one.citizen_id].body
    with pytest.raises(Refused):
        carrying.carry_out(reform, by=officer)
    assert told() == heard

    carrying.undo(reform, by=officer)

    back = Message.objects.filter(key__startswith="undo_reform:")
    assert set(back.values_list("citizen", flat=True)) == heard.keys()
    assert "lại do hội khuyến học xã An xác nhận" in back.get(citizen=judged.citizen_id).body


def test_many_are_told_in_few_queries_and_where_only_a_name_changed_nobody_is(
    django_assert_max_num_queries,
):
    province, _officer, an, binh = two_communes()
    settle_all()
    carrying.carry_out(planned("rename", [binh], type="phuong", organization=province))
    assert not told()
    people = [make_citizen(board=an) for _ in range(30)]
    reform = planned("merge", [an], existing=(binh.code,), organization=province)
    with django_assert_max_num_queries(12):
        notices.tell(reform, [each.pk for each in people])
    assert len(told()) == 30


# --- Who --------------------------------------------------------------------------------------------


def test_only_an_officer_above_may_and_only_below_the_own_association():
    province, _officer, an, binh = two_communes()
    settle_all()
    reform = planned("merge", [an], existing=(binh.code,), organization=province)
    for stranger in (make_officer(an), make_officer(make_province("Nghệ An")), make_confirmer(province)):
        with pytest.raises(PermissionDenied):
            carrying.carry_out(reform, by=stranger)

    too_far = planned("merge", [an], existing=(binh.code,), organization=an)
    with pytest.raises(Refused, match="không nằm dưới Xã An"):
        carrying.carry_out(too_far, by=make_officer(make_centre()))
    too_far.refresh_from_db()
    assert too_far.state == ReformState.PLANNED


# --- What is refused --------------------------------------------------------------------------------


def tomorrow():
    return clock.today() + datetime.timedelta(days=1)


def refused(reform, match):
    before = dump()
    with pytest.raises(Refused, match=match):
        carrying.carry_out(reform)
    assert dump() == before
    assert Reform.objects.get(pk=reform.pk).state == ReformState.PLANNED


def test_seats_that_would_have_begun_at_a_body_that_was_closed_before_are_gone_and_come_back():
    province, _officer, an, _binh = two_communes()
    officer = make_user()
    appoint(officer, an, valid_from=clock.today() - datetime.timedelta(days=3))
    settle_all()
    before = dump()
    reform = planned("close", [an], organization=province, day=clock.today() - datetime.timedelta(days=9))

    carrying.carry_out(reform)
    assert not Appointment.objects.filter(user=officer).exists()

    carrying.undo(reform)
    assert dump() == before


@pytest.mark.parametrize("code", ["18 001", "18/001", "123456789", "TX01", "18001@2027"])
def test_a_code_that_is_none_is_refused(code):
    province, _officer, an, _binh = two_communes()
    settle_all()

    new = (new_commune(code=code, parent=province),)
    refused(planned("merge", [an], new=new, organization=province), "không đúng")


def test_a_merged_commune_may_go_on_under_its_own_code_whose_ever_it_was_before():
    province, _officer, an, binh = two_communes()
    day_of_old = {"valid_from": YEARS_AGO, "valid_to": datetime.date(2025, 6, 30)}
    make_commune("Cũ", f"{an.code}@2025", province, **day_of_old)
    settle_all()
    new = (new_commune(code=an.code, parent=province),)

    carrying.carry_out(planned("merge", [an, binh], new=new, organization=province))

    assert Organization.objects.get(code="18001").full_name == "Xã An Bình"
    assert {one.code for one in Organization.objects.filter(code__startswith="18001@")} > {"18001@2025"}


def test_what_makes_no_sense_is_refused_and_nothing_changes():
    province, _officer, an, binh = two_communes()
    village = make_village("Bắc", an, valid_from=YEARS_AGO)
    closed = make_commune(
        "Cũ", "18009@2025", province, valid_from=YEARS_AGO, valid_to=datetime.date(2025, 6, 30)
    )
    settle_all()
    here = {"organization": province}
    first_day = YEARS_AGO

    refused(planned("merge", [an], existing=(an.code,), **here), "chính nó")
    refused(planned("merge", [an, an], existing=(binh.code,), **here), "hai lần")
    refused(planned("move", [an], parent=village.code, **here), "vòng tròn")
    refused(planned("move", [village], parent=closed.code, **here), "thôi dùng")
    refused(planned("move", [village], parent=an.code, **here), "rồi")
    refused(planned("move", [an], parent=binh.code, **here), "không đứng dưới")
    refused(planned("merge", [closed], existing=(binh.code,), **here), "thôi dùng")
    refused(planned("merge", [an], existing=(village.code,), **here), "vòng tròn")
    refused(planned("merge", [an], new=(new_commune(code="18002", parent=province),), **here), "đang là mã")
    refused(planned("merge", [an], new=(new_commune(code="18009", parent=province),), **here), "thời trước")
    refused(planned("close", [an], **here), "còn đơn vị bên dưới")
    refused(planned("split", [an], existing=(binh.code,), **here), "ít nhất hai")
    news = (new_commune("A", "18001", province), new_commune("B", "18003", province))
    refused(planned("split", [an], new=news, **here), "Chưa chọn nơi nhận")
    refused(planned("rename", [an], name="An", **here), "giống như cũ")
    refused(planned("merge", [an], existing=(binh.code,), day=tomorrow(), **here), "chưa đến")
    refused(planned("merge", [an], existing=(binh.code,), day=first_day, **here), "mới có từ")
    # A test that commits is followed by emptying every table, and with it what a migration put in.
    TreeLevel.objects.update_or_create(kind="district", defaults={"valid_to": datetime.date(2025, 6, 30)})
    district = NewUnit(kind="district", type="huyen", name="Mới", parent=province.code)
    refused(planned("merge", [an], new=(district,), **here), "Cấp này không còn")


def test_a_second_reform_of_the_same_unit_on_the_same_day_and_one_before_a_later_one_are_refused():
    province, _officer, an, binh = two_communes()
    village = make_village("Bắc", an, valid_from=YEARS_AGO)
    settle_all()
    carrying.carry_out(planned("move", [village], parent=binh.code, organization=province))

    refused(planned("move", [village], parent=an.code, organization=province), "cùng ngày")
    earlier = clock.today() - datetime.timedelta(days=9)
    refused(planned("move", [village], parent=an.code, day=earlier, organization=province), "Chồng ngày")


def undo_refused(reform, match):
    before = dump()
    with pytest.raises(Refused, match=match):
        carrying.undo(reform)
    assert dump() == before
    assert Reform.objects.get(pk=reform.pk).state == ReformState.DONE


def merged():
    province, _officer, an, binh = two_communes()
    _village, _school, open_one, _judged = full_commune(an)
    reform = planned("merge", [an, binh], new=(new_commune(parent=province),), organization=province)
    carrying.carry_out(reform)
    return reform, province, open_one


def test_undo_is_refused_after_thirty_days():
    reform, _province, _open_one = merged()

    with time_machine.travel(datetime.datetime.now(VIETNAM) + datetime.timedelta(days=30)):
        undo_refused(reform, "quá 30 ngày")
    with time_machine.travel(datetime.datetime.now(VIETNAM) + datetime.timedelta(days=29)):
        carrying.undo(reform)


def test_undo_is_refused_when_something_later_stands_in_its_way():
    reform, province, _open_one = merged()
    new = Organization.objects.get(code="18001")

    citizen = make_citizen(board=new)
    undo_refused(reform, "dữ liệu mới")
    citizen.delete()

    moved = Citizen.objects.filter(commune=new).first()
    elsewhere = make_commune(province=province)
    Citizen.objects.filter(pk=moved.pk).update(commune=elsewhere)
    undo_refused(reform, "thay đổi tiếp")
    Citizen.objects.filter(pk=moved.pk).update(commune=new)

    later = planned("rename", [new], name="Khác", day=tomorrow(), organization=province)
    with time_machine.travel(datetime.datetime.now(VIETNAM) + datetime.timedelta(days=1)):
        carrying.carry_out(later)
        undo_refused(reform, "một thay đổi sau đó")
        carrying.undo(later)
        carrying.undo(reform)


def test_undo_is_refused_once_the_new_place_has_judged_a_record():
    reform, _province, open_one = merged()
    workflow.confirm(reload(open_one), by=make_confirmer(open_one.board))

    undo_refused(reform, "đã được xác nhận")


def test_a_reform_is_carried_out_once():
    reform, _province, _open_one = merged()

    with pytest.raises(Refused, match="đã được thực hiện"):
        carrying.carry_out(reform)
