import datetime
import shutil
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from audit import clock
from audit.models import Event
from organizations import catalogue, paths, reforms
from organizations.models import Kind, Organization, Placement, ReformKind, Succession
from organizations.reforms import Plan
from tests.factories import make_village

pytestmark = [pytest.mark.django_db, pytest.mark.long_on_sqlite]
CLOSED_ON = datetime.date(2025, 6, 30)


def everything():
    """What the load left behind, row by row, primary keys and paths included."""
    organizations = Organization.objects.order_by("pk").values_list(
        "pk", "code", "path", "parent", "kind", "type", "full_name", "name_sort", "valid_from", "valid_to"
    )
    return (
        list(organizations),
        list(Placement.objects.order_by("pk").values_list()),
        list(Succession.objects.order_by("pk").values_list()),
    )


def count(kind, **conditions):
    return Organization.objects.filter(kind=kind, **conditions).count()


@pytest.fixture
def country():
    catalogue.load()


@pytest.fixture
def folder(tmp_path):
    """A copy of the catalogue for a test to write in."""
    return shutil.copytree(catalogue.DATA, tmp_path / "data")


def write_over(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.feature("F1", "F7")
def test_the_whole_country_stands_in_the_tree(country):
    assert count(Kind.CENTRE) == 1
    assert count(Kind.PROVINCE, valid_to=None) == 34
    assert count(Kind.COMMUNE, valid_to=None) == 3321
    assert count(Kind.PROVINCE, valid_to=CLOSED_ON) == 63
    assert count(Kind.DISTRICT, valid_to=CLOSED_ON) == 696
    assert count(Kind.COMMUNE, valid_to=CLOSED_ON) == 10035
    assert Organization.objects.count() == 1 + 34 + 3321 + 63 + 696 + 10035
    assert Counter(
        Organization.objects.filter(kind=Kind.COMMUNE, valid_to=None).values_list("type", flat=True)
    ) == {
        "xa": 2599,
        "phuong": 709,
        "dac-khu": 13,
    }

    # Every path stands inside its parent's.
    wrong = [
        (path, parent)
        for path, parent in Organization.objects.exclude(kind=Kind.CENTRE).values_list("path", "parent__path")
        if path[: -paths.WIDTH] != parent
    ]

    assert wrong == []


def test_the_old_units_keep_a_tree_of_their_own():
    catalogue.load("42")

    commune = Organization.objects.get(code="18073@2025")

    assert [above.code for above in commune.ancestors] == ["TW", "42@2025", "436@2025"]
    assert commune.is_closed
    assert (commune.kind, commune.valid_to) == (Kind.COMMUNE, CLOSED_ON)


def test_every_unit_has_the_place_it_had_on_its_days():
    catalogue.load("42")

    places = Placement.objects.values_list("organization__code", "path", "parent", "valid_from", "valid_to")
    organizations = Organization.objects.values_list("code", "path", "parent", "valid_from", "valid_to")

    assert set(places) == set(organizations)
    assert len(places) == len(organizations)


@pytest.mark.feature("F7")
def test_every_old_unit_has_successors_of_today(country):
    old = Organization.objects.filter(valid_to=CLOSED_ON)

    assert not old.filter(successions=None).exists()
    assert not Succession.objects.exclude(old__valid_to=CLOSED_ON).exists()
    assert not Succession.objects.exclude(new__valid_to=None).exists()
    assert Succession.objects.filter(old__kind=Kind.COMMUNE).count() == 10566

    # Of the communes that were split one successor each is a guess, for a person to confirm.
    split = old.filter(kind=Kind.COMMUNE).annotate(count=Count("successions")).filter(count__gt=1)
    guesses = Succession.objects.filter(is_suggested=True)
    assert split.count() == guesses.count() == 441
    assert set(guesses.values_list("old", flat=True)) == set(split.values_list("pk", flat=True))


@pytest.mark.feature("F7")
def test_a_second_load_changes_nothing():
    catalogue.load("42")
    before = everything()

    outcome = catalogue.load("42")

    assert everything() == before
    assert (outcome.made, outcome.renamed, outcome.elsewhere, outcome.gone) == ([], [], [], [])
    assert not Event.objects.exists()


def test_one_province_brings_its_communes_and_the_old_units_that_went_into_it():
    catalogue.load("42")

    assert count(Kind.COMMUNE, valid_to=None) == 69
    assert list(
        Organization.objects.filter(kind=Kind.PROVINCE).order_by("code").values_list("code", flat=True)
    ) == [
        "42",
        "42@2025",
    ]
    assert count(Kind.DISTRICT) == 12
    assert count(Kind.COMMUNE, valid_to=CLOSED_ON) == 209


def test_a_province_that_was_merged_brings_both_old_ones():
    catalogue.load("08")

    old = Organization.objects.filter(kind=Kind.PROVINCE, valid_to=CLOSED_ON)
    assert list(old.order_by("code").values_list("full_name", flat=True)) == [
        "Tỉnh Hà Giang",
        "Tỉnh Tuyên Quang",
    ]


@pytest.mark.feature("F7")
def test_the_country_may_follow_one_province_and_a_second_load_changes_nothing():
    catalogue.load("42")
    province = everything()[0]

    catalogue.load()
    country = everything()
    catalogue.load()

    assert everything() == country
    assert country[0][: len(province)] == province
    assert len(country[0]) == len(country[1]) == 14150


@pytest.mark.feature("G7")
@pytest.mark.parametrize("query", ["thach khe", "Thạch Khê", "THACH KHÊ", "xa thach khe"])
def test_thach_khe_is_found_with_and_without_accents(query):
    catalogue.load("42")

    found = (
        Organization.objects.filter(kind=Kind.COMMUNE).in_force(datetime.date(2026, 11, 22)).matching(query)
    )
    assert [commune.full_name for commune in found] == ["Xã Thạch Khê"]


@pytest.mark.feature("G7")
def test_communes_stand_in_vietnamese_order():
    catalogue.load("01")

    names = Organization.objects.filter(parent__code="01").in_order().values_list("name", flat=True)

    assert list(names)[:8] == [
        "An Khánh",
        "Ba Đình",
        "Ba Vì",
        "Bạch Mai",
        "Bát Tràng",
        "Bất Bạt",
        "Bình Minh",
        "Bồ Đề",
    ]
    assert list(names)[-1] == "Yên Xuân"


def test_a_renamed_unit_keeps_its_row_and_the_change_is_recorded(folder):
    catalogue.load("42", folder)
    before = Organization.objects.get(code="18604")
    write_over(
        folder / "communes.csv",
        "18604,Thạch Khê,xa,Xã Thạch Khê",
        "18604,Biển Ngang,phuong,Phường Biển Ngang",
    )

    outcome = catalogue.load("42", folder)

    after = Organization.objects.get(code="18604")
    assert after.pk == before.pk
    assert (after.name, after.full_name, after.type) == ("Biển Ngang", "Phường Biển Ngang", "phuong")
    assert Organization.objects.matching("bien ngang").get() == after
    assert outcome.renamed == [("Xã Thạch Khê", after)]
    event = Event.objects.get()
    assert (event.verb, event.object_id, event.old, event.new) == (
        "rename",
        before.pk,
        "Xã Thạch Khê",
        "Phường Biển Ngang",
    )


def test_a_unit_that_left_the_catalogue_is_not_deleted(folder):
    catalogue.load("42", folder)
    file = folder / "communes.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if ",18604," not in line), encoding="utf-8")
    for name in ("old_communes.csv", "old_districts.csv"):
        old = folder / name
        old.write_text(old.read_text(encoding="utf-8").replace("18604", "18073"), encoding="utf-8")

    outcome = catalogue.load("42", folder)

    assert outcome.gone == [Organization.objects.get(code="18604")]
    assert outcome.gone[0].valid_to is None


def test_a_unit_that_a_reform_moved_stays_where_it_is():
    catalogue.load("42")
    catalogue.load("40")
    commune = Organization.objects.get(code="18604")
    commune.parent = Organization.objects.get(code="40")
    commune.path = commune.parent.next_child_path()
    commune.save()

    outcome = catalogue.load("42")

    assert outcome.elsewhere == [commune]
    assert Organization.objects.get(code="18604").parent.code == "40"


def test_what_reforms_closed_or_renamed_is_neither_founded_again_nor_called_back():
    catalogue.load("42")
    province = Organization.objects.get(code="42")
    day = clock.today()
    merge = Plan(kind=ReformKind.MERGE.value, sources=("18604",), existing=("18568",))
    rename = Plan(kind=ReformKind.RENAME.value, sources=("18073",), name="Sông La")
    for plan in (merge, rename):
        reforms.carry_out(
            reforms.record(plan, day=day, legal_basis="NQ 5", organization=province)
        ).journal.close()
    before = everything()

    outcome = catalogue.load("42")

    assert everything() == before
    assert (outcome.made, outcome.renamed) == ([], [])


def test_what_stands_below_a_commune_already_is_left_alone():
    catalogue.load("42")
    village = make_village(commune=Organization.objects.get(code="18604"))

    catalogue.load("42")

    assert Organization.objects.get(pk=village.pk).path == village.path


def test_the_command_counts_in_vietnamese(capsys):
    call_command("load_units", province="42")

    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("  ")]
    assert lines == [
        "Tỉnh, thành phố đang dùng: 1",
        "Xã, phường, đặc khu đang dùng: 69",
        "Tỉnh, thành phố đến hết ngày 30/06/2025: 1",
        "Huyện, quận đến hết ngày 30/06/2025: 12",
        "Xã, phường, thị trấn đến hết ngày 30/06/2025: 209",
        "Nối đơn vị cũ với đơn vị mới: 287",
        "Lần này thêm: 292",
        "Lần này đổi tên hoặc loại: 0",
    ]


def test_a_new_release_is_shown_before_it_changes_anything(folder):
    catalogue.load("42", folder)
    write_over(
        folder / "communes.csv",
        "18604,Thạch Khê,xa,Xã Thạch Khê",
        "18604,Biển Ngang,phuong,Phường Biển Ngang",
    )
    before = everything()

    outcome = catalogue.load("42", folder, preview=True)

    assert [(old, one.full_name) for old, one in outcome.renamed] == [("Xã Thạch Khê", "Phường Biển Ngang")]
    assert everything() == before
    assert not Event.objects.exists()


def test_the_command_shows_what_it_would_do(capsys):
    call_command("load_units", province="42", preview=True)

    lines = capsys.readouterr().out.splitlines()
    assert lines[6:8] == ["Sẽ thêm: 292", "  42 Tỉnh Hà Tĩnh"]
    assert lines[27] == "  và 272 đơn vị nữa"
    assert lines[-1] == "Chỉ xem trước, chưa ghi gì. Chạy lại không có --preview để ghi."
    assert not Organization.objects.exists()


def test_the_command_names_the_provinces_when_the_code_is_of_none():
    with pytest.raises(CommandError, match=r"Không có tỉnh, thành phố mã “43”\. .*42 Hà Tĩnh, 44 Quảng Trị"):
        call_command("load_units", province="43")

    assert not Organization.objects.exists()
