import datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts import placing
from accounts.models import Appointment, Citizen, FileState, Gender, Message, Population
from audit import clock, events
from audit.models import Event
from people import moves, rosters, tasks
from people.models import Roster, RowState, TransferKind
from tests.accounts.stored import everything_stored
from tests.factories import (
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_unit,
    make_village,
)
from tests.people.lists import AN, BINH, HEADINGS, given_back, run, states, take, verdicts
from vietnamese import workbooks

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B10", "N3")]


@pytest.fixture
def commune():
    return make_commune("Thạch Khê", code="18604")


@pytest.fixture
def school(commune):
    return make_unit("THCS Thạch Khê", parent=commune)


@pytest.fixture
def by(school):
    return make_confirmer(school)


def one(school, by, **changed):
    """The list of one row, with these cells changed; its row."""
    row = dict(zip(HEADINGS, AN, strict=True)) | changed
    return take(school, by, [list(row.values())], headings=list(row)).rows.get()


def test_a_list_adds_people_without_accounts_once(school, commune, by):
    roster = take(school, by, [AN, BINH])
    assert states(roster) == [RowState.NEW, RowState.NEW]
    assert not Citizen.objects.exists()

    assert run(roster)

    assert states(roster) == [RowState.ADDED, RowState.ADDED]
    assert roster.state == FileState.DONE
    an = Citizen.objects.with_identity_number("042210000001").get()
    assert (an.full_name, an.birth_date, an.gender) == (
        "Nguyễn Văn An",
        datetime.date(2010, 9, 5),
        Gender.MALE,
    )
    assert (an.unit, an.commune, an.user, an.phone) == (school, commune, None, "+84912345678")
    assert (an.population, an.consent_version) == (Population.LEARNER, "")
    binh = Citizen.objects.get(full_name="Trần Thị Bình")
    assert binh.identity_number is None
    assert Message.objects.filter(citizen=an).get().subject == f"Bạn có tên trong danh sách của {school}"
    told = list(Event.objects.order_by("pk").values_list("verb", "actor", "subject"))
    assert told == [
        ("import_people", by.pk, None),
        ("add_person", by.pk, an.pk),
        ("add_person", by.pk, binh.pk),
    ]
    assert list(events.faults()) == []
    assert "042210000001" not in everything_stored()


def test_the_same_list_sent_again_changes_nothing(school, by):
    run(take(school, by, [AN, BINH]))
    before = list(Citizen.objects.order_by("pk").values())

    again = take(school, by, [AN, BINH])

    assert states(again) == [RowState.HERE, RowState.HERE]
    assert not run(again)
    assert list(Citizen.objects.order_by("pk").values()) == before


def test_columns_are_found_in_any_order_with_a_title_above_and_without_accents(school, by):
    headings = [
        "PHAI",
        "Ho dem",
        "TEN",
        "so cccd/dinh danh",
        "Ngay, thang, nam sinh",
        "Họ tên cha",
        "Ghi chú",
    ]
    row = ["nu", "Lê Thị", "Cúc", "042310000002", datetime.date(2010, 1, 2), "Lê Văn Cha", ""]

    roster = take(school, by, [row], headings=headings, above=[["DANH SÁCH LỚP 6A"], []])

    assert states(roster) == [RowState.NEW]
    assert rosters.unused_of(roster.head) == ["Họ tên cha", "Ghi chú"]
    run(roster)
    cuc = Citizen.objects.get()
    assert (cuc.full_name, cuc.birth_date, cuc.gender) == (
        "Lê Thị Cúc",
        datetime.date(2010, 1, 2),
        Gender.FEMALE,
    )
    assert cuc.identity_number == "042310000002"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"Số CCCD": 42210000001}, "có 11 chữ số, thiếu so với 12. Excel hay bỏ mất số 0"),
        ({"Số CCCD": "042 210 0000"}, "có 10 chữ số"),
        ({"Số CCCD": "187654321"}, "chứng minh nhân dân cũ"),
        ({"Số CCCD": "04221000000A"}, "chỉ gồm chữ số"),
        ({"Số CCCD": "0422100000012"}, "bạn gõ 13"),
        ({"Họ và tên": ""}, "Chưa gõ họ và tên"),
        ({"Họ và tên": "An 2"}, "chỉ gồm chữ cái"),
        ({"Ngày sinh": "31/02/2010"}, "không có ngày 31"),
        ({"Ngày sinh": 40426}, "Ô này là số, không phải ngày"),
        ({"Ngày sinh": ""}, "Chưa có ngày sinh"),
        ({"Ngày sinh": "05/09/2090"}, "không thể sau"),
        ({"Giới tính": "x"}, "ghi Nam hoặc Nữ"),
        ({"Điện thoại": "12345"}, "10 chữ số"),
        ({"Công việc": "phi công vũ trụ"}, "ghi Nông dân"),
        ({"Xã, phường": "Không Có"}, "không rõ “Không Có”"),
    ],
)
def test_what_is_wrong_is_said_with_the_column_and_nothing_is_guessed(school, by, changed, why):
    row = one(school, by, **changed)

    assert row.state == RowState.BAD
    assert why in row.verdict
    assert row.verdict.startswith("Cột ")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"Điện thoại": 912345678}, "Số điện thoại thiếu số 0 ở đầu, cổng hiểu là 0912 345 678."),
        ({"Giới tính": "Nữ"}, "Số căn cước thường là của nam"),
        ({"Ngày sinh": "05/09/2011"}, "Số căn cước thường là của người sinh năm 2010"),
    ],
)
def test_what_is_doubtful_is_said_and_taken(school, by, changed, why):
    row = one(school, by, **changed)

    assert row.state == RowState.NEW
    assert row.verdict.startswith(why)


def test_numbers_typed_as_numbers_and_a_year_alone_are_taken(school, by):
    row = one(school, by, **{"Số CCCD": 142210000001, "Ngày sinh": 2010})

    assert row.state == RowState.NEW
    run(row.roster)
    citizen = Citizen.objects.get()
    assert (citizen.identity_number, citizen.birth_date, citizen.birth_year) == ("142210000001", None, 2010)


def test_rows_that_stand_twice_in_the_list_are_told(school, by):
    namesake = [*AN[:5], "042210000009", ""]

    roster = take(school, by, [AN, AN, BINH, BINH, namesake])

    assert states(roster) == [RowState.NEW, RowState.BAD, RowState.NEW, RowState.BAD, RowState.NEW]
    assert verdicts(roster)[1] == "Số căn cước trùng với dòng 2."
    assert verdicts(roster)[3].startswith("Trùng họ tên và ngày sinh với dòng 4.")


def test_the_own_file_comes_back_with_the_verdict_beside_each_row(school, by):
    bad = [*AN[:4], "x", "", ""]
    roster = take(school, by, [AN, [], bad], above=[["DANH SÁCH LỚP 6A"]])

    sheet = given_back(roster)

    assert sheet[0][0] == "DANH SÁCH LỚP 6A"
    assert sheet[1] == [*HEADINGS, "Kết quả kiểm tra"]
    assert sheet[2] == [*AN, "Người mới, sẽ thêm."]
    assert sheet[3] == [""] * 8
    assert sheet[4][:7] == bad
    assert sheet[4][7] == "Cần sửa. Cột Giới tính: ghi Nam hoặc Nữ."


@pytest.mark.parametrize(
    ("kwargs", "why"),
    [
        ({"headings": ["Mã", "Tên hàng"], "rows": [["1", "Bút"]]}, "Không thấy các cột"),
        ({"rows": []}, "chưa có dòng nào"),
        ({"headings": [*HEADINGS, "CCCD"], "rows": [[*AN, ""]]}, "Có hai cột là Số căn cước"),
        ({"rows": [AN], "change": lambda sheet: sheet.merge_cells("A1:B1")}, "ô gộp"),
        ({"rows": [["=1+1", *AN[1:]]]}, "công thức"),
    ],
)
def test_a_list_that_could_mislead_is_not_taken(school, by, kwargs, why):
    rows = kwargs.pop("rows")

    with pytest.raises(workbooks.Unreadable, match=why):
        take(school, by, rows, **kwargs)
    assert not Roster.objects.exists()


# --- Those who are there already ------------------------------------------------------------------


@pytest.mark.feature("K2")
def test_who_registered_alone_is_found_by_number_and_joined_after_a_decision(school, commune, by):
    himself = make_citizen_with_account(
        "Nguyễn Văn An",
        board=make_village(commune=commune),
        identity_number="042210000001",
        birth_date=datetime.date(2010, 9, 5),
        phone="",
    )
    roster = take(school, by, [AN])
    row = roster.rows.get()
    assert (row.state, row.match) == (RowState.ASK, himself)
    assert not run(roster)

    rosters.decide(row, is_same=True, by=by)
    run(roster)

    himself.refresh_from_db()
    assert himself.unit == school
    assert himself.phone == "+84912345678"
    assert himself.user
    assert Citizen.objects.count() == 1
    assert states(roster) == [RowState.JOINED]
    event = Event.objects.get(verb="join_person")
    assert (event.subject, event.new) == (himself.pk, school.code)
    assert Message.objects.filter(citizen=himself).exists()
    assert states(take(school, by, [AN])) == [RowState.HERE]


@pytest.mark.parametrize("moved", ["unit", "commune"])
def test_who_went_elsewhere_after_the_decision_is_neither_joined_nor_added_beside(school, commune, by, moved):
    somebody = make_citizen("Nguyễn Văn An", board=commune, birth_date=datetime.date(2010, 9, 5))
    type(somebody).objects.filter(pk=somebody.pk).update(identity_number=None, identity_digest=None)
    roster = take(school, by, [[*AN[:5], "", ""]])
    rosters.decide(roster.rows.get(), is_same=True, by=by)
    other = make_unit("Trường khác") if moved == "unit" else make_commune("Xã khác")
    type(somebody).objects.filter(pk=somebody.pk).update(**{moved: other})

    run(roster)

    assert Citizen.objects.count() == 1
    row = roster.rows.get()
    assert (row.state, row.verdict) == (
        RowState.BAD,
        "Người bạn chọn ghép nay ở nơi khác. Gửi lại dòng này để xem lại.",
    )


def test_lists_of_long_ago_are_forgotten_and_who_was_added_stays(school, by):
    run(take(school, by, [AN]))
    young = take(school, by, [AN])
    Roster.objects.exclude(pk=young.pk).update(sent_at=clock.now() - rosters.KEPT_FOR - datetime.timedelta(1))

    tasks.forget_rosters()

    assert list(Roster.objects.all()) == [young]
    assert Citizen.objects.count() == 1
    assert Event.objects.filter(verb="import_people").exists()


@pytest.mark.feature("K2")
def test_what_a_person_said_stays_when_a_list_says_otherwise(school, commune, by):
    himself = make_citizen_with_account(
        "Nguyễn Văn An",
        board=commune,
        identity_number="042210000001",
        birth_date=datetime.date(2010, 9, 5),
        phone="+84987654321",
        village_text="Xóm Mới",
    )
    roster = take(school, by, [AN])
    rosters.decide(roster.rows.get(), is_same=True, by=by)
    run(roster)

    himself.refresh_from_db()
    assert (himself.unit, himself.phone, himself.village_text) == (school, "+84987654321", "Xóm Mới")


@pytest.mark.feature("K2")
def test_who_has_no_number_is_found_by_name_day_and_commune(school, commune, by):
    somebody = make_citizen(
        "NGUYỄN VĂN  AN", board=commune, identity_number=None, birth_date=datetime.date(2010, 9, 5)
    )
    roster = take(school, by, [AN])
    row = roster.rows.get()
    assert (row.state, row.match) == (RowState.ASK, somebody)

    rosters.decide(row, is_same=False, by=by)
    run(roster)

    assert Citizen.objects.count() == 2
    somebody.refresh_from_db()
    assert somebody.unit is None
    assert states(take(school, by, [AN])) == [RowState.HERE]


@pytest.mark.feature("K2")
def test_a_number_that_was_missing_is_filled_in_after_a_decision(school, by):
    run(take(school, by, [[*AN[:5], "", ""]]))
    roster = take(school, by, [AN])
    row = roster.rows.get()
    assert row.state == RowState.ASK

    rosters.decide(row, is_same=True, by=by)
    run(roster)

    assert Citizen.objects.get().identity_number == "042210000001"


@pytest.mark.parametrize("name", ["Nguyễn Văn An", "Người Khác"])
def test_a_number_of_somebody_elsewhere_tells_nothing_of_the_holder(school, by, name):
    holder = make_citizen(
        name,
        board=make_unit("Trường khác"),
        identity_number="042210000001",
        birth_date=datetime.date(2010, 9, 5),
    )

    row = take(school, by, [AN]).rows.get()

    assert (row.state, row.match) == (RowState.BAD, None)
    assert row.verdict.startswith("Số căn cước này đã có trên cổng, ở nơi khác.")
    assert str(holder.unit) not in row.verdict


def test_a_number_that_stands_for_another_on_the_own_list_is_told(school, by):
    make_citizen("Người Khác", board=school, identity_number="042210000001")

    row = take(school, by, [AN]).rows.get()

    assert (row.state, row.match) == (RowState.BAD, None)
    assert "họ tên hoặc ngày sinh khác" in row.verdict


def test_whoever_belongs_to_another_unit_is_not_pulled_away(school, commune, by):
    pupil = make_citizen(
        "Nguyễn Văn An",
        board=make_unit("Trường khác", parent=commune),
        commune=commune,
        identity_number=None,
        birth_date=datetime.date(2010, 9, 5),
    )
    roster = take(school, by, [AN])
    row = roster.rows.get()
    assert row.match == pupil

    rosters.decide(row, is_same=True, by=by)

    row.refresh_from_db()
    assert row.state == RowState.BAD
    assert "đang có tên ở nơi khác" in row.verdict


def test_whoever_signs_up_between_judging_and_adding_is_not_added_twice(school, commune, by):
    roster = take(school, by, [AN, BINH])
    make_citizen_with_account(
        "Nguyễn Văn An", board=commune, identity_number="042210000001", birth_date=datetime.date(2010, 9, 5)
    )

    run(roster)

    assert states(roster) == [RowState.ASK, RowState.ADDED]


# --- Where they live ------------------------------------------------------------------------------


def test_a_commune_puts_people_in_villages_and_keeps_names_that_no_list_holds(commune):
    officer = make_officer(commune)
    village = make_village("Đông Hải", commune)
    headings = [*HEADINGS, "Thôn"]
    rows = [[*AN, "thon dong hai"], [*BINH, "Xóm Mới"]]

    roster = take(commune, officer, rows, headings=headings, work="villager")
    run(roster)

    an, binh = Citizen.objects.order_by("pk")
    assert (an.village, an.village_text, an.unit) == (village, "", None)
    assert (binh.village, binh.village_text) == (None, "Xóm Mới")
    assert list(Citizen.objects.waiting_for_place()) == [binh]


@pytest.mark.feature("K2")
def test_names_of_villages_in_a_list_are_placed_by_joining_their_spellings(commune):
    officer = make_officer(commune)
    headings = [*HEADINGS, "Thôn"]
    rows = [[*AN, "Xóm Mới"], [*BINH, "xom moi"], [*BINH[:2], "Lê Văn Cường", *BINH[3:], "XÓM MỚI"]]
    run(take(commune, officer, rows, headings=headings, work="villager"))

    [name] = placing.typed_names(commune)
    assert (name.people, len(name.spellings)) == (3, 3)
    gone = Citizen.objects.get(full_name="Lê Văn Cường")
    moves.depart(
        [gone.pk], TransferKind.AWAY, clock.today(), organization=commune, reason="Vào Nam", by=officer
    )
    [name] = placing.typed_names(commune)
    village, placed = placing.place_in_new(name, "", "Xóm Mới", commune=commune, by=officer)

    assert placed == 2
    assert Citizen.objects.at(village).count() == 2


def test_a_unit_under_the_province_needs_the_commune_of_each(commune):
    school = make_unit("THPT chuyên", parent=commune.parent)
    by = make_confirmer(school)
    headings = [*HEADINGS, "Xã, phường"]

    roster = take(school, by, [[*AN, "Thạch Khê"], [*BINH, ""]], headings=headings)

    assert states(roster) == [RowState.NEW, RowState.BAD]
    assert verdicts(roster)[1] == "Cột Xã, phường: ghi xã, phường nơi người này ở."
    run(roster)
    assert Citizen.objects.get().commune == commune


# --- The work -------------------------------------------------------------------------------------


class Killed(BaseException):
    """Nothing catches it, as nothing catches the death of a process."""


def test_work_that_died_half_way_goes_on_where_it_stopped(school, by, monkeypatch):
    monkeypatch.setattr(rosters, "CHUNK", 2)
    rows = [[str(n), "05/09/2010", f"Nguyễn Văn {'A' * n}", "6A", "Nam", "", ""] for n in range(1, 6)]
    roster = take(school, by, rows)
    rosters.start(roster, by=by)
    carry_out = rosters._carry_out

    def die_after_two(of):
        if Citizen.objects.exists():
            raise Killed
        carry_out(of)

    monkeypatch.setattr(rosters, "_carry_out", die_after_two)
    with pytest.raises(Killed):
        rosters.work(roster.pk)
    monkeypatch.setattr(rosters, "_carry_out", carry_out)
    assert Citizen.objects.count() == 2
    assert not Roster.objects.left_behind(clock.now()).exists()
    Roster.objects.update(heartbeat_at=None)

    tasks.take_up_rosters()

    roster.refresh_from_db()
    assert roster.state == FileState.DONE
    assert Citizen.objects.count() == 5
    assert Event.objects.filter(verb="add_person").count() == 5


def test_only_who_keeps_the_list_sends_one_in_and_only_as_long(school, by):
    with pytest.raises(PermissionDenied):
        take(school, make_officer(make_province("Nghệ An")), [AN])
    roster = take(school, by, [AN])
    rosters.start(roster, by=by)
    Appointment.objects.filter(user=by).delete()

    rosters.work(roster.pk)

    assert not Citizen.objects.exists()
    assert verdicts(roster) == ["Người gửi danh sách không còn làm việc này ở đây."]


def test_a_long_list_is_judged_by_the_worker_that_may_die_over_it(school, by, monkeypatch):
    monkeypatch.setattr(rosters, "AT_ONCE", 1)
    roster = take(school, by, [AN, BINH, BINH])
    assert (roster.state, set(states(roster))) == (FileState.CHECKING, {RowState.UNREAD})
    assert not rosters.start(roster, by=by)
    alive = Roster.alive

    def die(roster):
        raise Killed

    monkeypatch.setattr(Roster, "alive", die)
    with pytest.raises(Killed):
        rosters.work(roster.pk)
    monkeypatch.setattr(Roster, "alive", alive)
    assert states(roster) == [RowState.NEW, RowState.UNREAD, RowState.UNREAD]

    tasks.take_up_rosters()

    roster.refresh_from_db()
    assert roster.state == FileState.JUDGED
    assert states(roster) == [RowState.NEW, RowState.NEW, RowState.BAD]


def test_five_thousand_rows_are_judged_and_added_in_few_queries(school, by, django_assert_max_num_queries):
    rows = [
        [str(n), "05/09/2010", f"Nguyễn Văn {chr(65 + n % 26)}{chr(97 + n // 26)}", "6A", "Nam", "", ""]
        for n in range(300)
    ]
    with django_assert_max_num_queries(25):
        roster = take(school, by, rows)
    rosters.start(roster, by=by)
    with django_assert_max_num_queries(120):
        rosters.work(roster.pk)

    assert Citizen.objects.count() == 300
