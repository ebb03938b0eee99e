import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Citizen, Message
from audit import events
from audit.models import Event
from organizations.journal import Refused
from people import doubles, history, moves, rosters
from people.models import NotTheSame, Transfer, TransferKind
from tests.accounts.stored import everything_stored
from tests.factories import (
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_officer,
    make_submitted_assessment,
    make_unit,
    make_village,
)
from tests.pages import messages_of, words_of
from tests.people.lists import take
from tests.reforms.trees import dump

pytestmark = [pytest.mark.django_db, pytest.mark.feature("K3")]
NAME, DAY = "Nguyễn Văn An", datetime.date(2010, 9, 5)
OWN_ROWS = {"people_transfer", "people_transferchange", "people_moved", "accounts_message"}


@pytest.fixture
def commune():
    return make_commune("Thạch Khê", code="18604")


@pytest.fixture
def officer(commune):
    return make_officer(commune, "Lê Văn Bình")


@pytest.fixture
def school(commune):
    return make_unit("THCS Thạch Khê", parent=commune)


@pytest.fixture
def himself(commune):
    """Who signed up alone, in a village."""
    return make_citizen_with_account(
        NAME,
        board=make_village("Đông Hải", commune),
        birth_date=DAY,
        identity_number="042210000001",
        phone="",
    )


@pytest.fixture
def listed(school, commune):
    """Whom the school wrote down without a number."""
    return make_citizen("NGUYỄN VĂN AN", board=school, commune=commune, birth_date=DAY, identity_number=None)


def pairs(commune):
    return [(double.kept, double.gone) for double in doubles.among(commune)]


def merged(commune, officer, first, second):
    double = doubles.between(commune, first.pk, second.pk)
    return doubles.merge(double, commune=commune, reason="Đã hỏi gia đình", by=officer)


def rows_of_others():
    """What the database holds, sealed numbers aside: they are sealed anew with each write."""
    rows = [row for row in dump() if row[0] not in OWN_ROWS]
    return [tuple(value for value in row if not isinstance(value, bytes)) for row in rows]


def test_the_same_person_twice_is_found_by_name_day_and_commune(commune, himself, listed):
    make_citizen(NAME, board=make_commune(), birth_date=DAY, identity_number=None)  # elsewhere
    make_citizen("Nguyễn Văn Anh", board=commune, birth_date=DAY, identity_number=None)
    next_day = make_citizen(NAME, board=commune, birth_date=datetime.date(2010, 9, 6), identity_number=None)
    assert pairs(commune) == [(himself, listed)]

    of_that_year = make_citizen(
        NAME, board=commune, birth_date=None, birth_year=2010
    )  # its number is another
    assert set(pairs(commune)) == {(himself, listed), (of_that_year, listed), (of_that_year, next_day)}


def test_two_with_a_number_each_are_two(commune, himself):
    make_citizen(NAME, board=commune, birth_date=DAY)

    assert pairs(commune) == []


def test_two_become_one_and_nothing_is_lost(commune, officer, school, himself, listed):
    waiting = make_submitted_assessment(citizen=himself)

    transfer = merged(commune, officer, listed, himself)

    himself.refresh_from_db()
    assert (himself.unit, himself.phone, himself.identity_number) == (school, listed.phone, "042210000001")
    assert list(Citizen.objects.at(school)) == [himself]
    assert list(Citizen.objects.at(commune)) == [himself]
    waiting.refresh_from_db()
    assert waiting.board == school
    assert transfer.kind == TransferKind.MERGE
    told = Event.objects.filter(verb="merge_people").order_by("pk")
    assert list(told.values_list("subject", "old", "new")) == [
        (himself.pk, str(listed.pk), str(himself.pk)),
        (listed.pk, str(listed.pk), str(himself.pk)),
    ]
    assert "Lê Văn Bình, hội khuyến học xã Thạch Khê" in Message.objects.get(key__startswith="transfer").body
    assert history.of(himself)[0].text == "Lê Văn Bình gộp hai lần ghi của một người."
    assert list(events.faults()) == []
    assert pairs(commune) == []


def test_where_somebody_was_written_down_is_told_of_who_goes_on(commune, officer, school, himself):
    roster = take(school, make_confirmer(school), [["1", "2010", NAME, "6A", "Nam", "", ""]])
    rosters.decide(roster.rows.get(), is_same=False, by=roster.by)
    rosters.start(roster, by=roster.by)
    rosters.work(roster.pk)
    added = roster.rows.get().citizen
    NotTheSame.objects.all().delete()
    Citizen.objects.filter(pk=himself.pk).update(birth_date=None, birth_year=2010)

    merged(commune, officer, himself, added)

    assert [told.text for told in history.of(himself)] == [
        "Lê Văn Bình gộp hai lần ghi của một người.",
        "Trần Thị Mai ghi vào danh sách của THCS Thạch Khê từ tệp.",
    ]


def test_an_undo_makes_two_of_them_again(commune, officer, himself, listed):
    make_submitted_assessment(citizen=himself)
    before = rows_of_others()
    transfer = merged(commune, officer, himself, listed)

    moves.undo(transfer, reason="Là hai anh em họ", by=officer)

    assert rows_of_others() == before
    assert pairs(commune) == [(himself, listed)]


def test_the_number_goes_along_sealed_and_comes_back(commune, officer):
    account = make_citizen_with_account(NAME, board=commune, birth_date=DAY, identity_number=None)
    numbered = make_citizen(NAME, board=commune, birth_date=DAY, identity_number="042210000007")

    transfer = merged(commune, officer, account, numbered)

    account.refresh_from_db()
    assert account.identity_number == "042210000007"
    assert "042210000007" not in everything_stored()
    moves.undo(transfer, reason="Nhầm", by=officer)
    account.refresh_from_db()
    numbered.refresh_from_db()
    assert (account.identity_number, numbered.identity_number) == (None, "042210000007")


def test_what_cannot_be_one_is_not_made_one(commune, officer, himself, listed):
    other = make_citizen_with_account(NAME, board=commune, birth_date=DAY, identity_number=None)
    with pytest.raises(Refused, match="Cả hai đều có tài khoản"):
        merged(commune, officer, himself, other)

    double = doubles.between(commune, himself.pk, listed.pk)
    merged(commune, officer, himself, listed)
    with pytest.raises(Refused, match="không còn giống nhau"):
        doubles.merge(double, commune=commune, reason="Lại", by=officer)
    for user in (make_confirmer(himself.village), make_officer(make_commune())):
        with pytest.raises(PermissionDenied):
            doubles.merge(double, commune=commune, reason="Không", by=user)
        with pytest.raises(PermissionDenied):
            doubles.tell_apart(double, commune=commune, by=user)
    assert Transfer.objects.count() == 1


def test_two_who_were_told_apart_are_not_asked_about_again(commune, officer, himself, listed):
    doubles.tell_apart(doubles.between(commune, listed.pk, himself.pk), commune=commune, by=officer)

    assert pairs(commune) == []
    assert doubles.between(commune, himself.pk, listed.pk) is None
    assert Event.objects.filter(verb="tell_apart").count() == 2


@pytest.mark.feature("K2")
def test_who_a_list_told_apart_is_not_asked_about_again(commune, school, himself):
    himself.identity_number = None
    himself.save()
    by = make_confirmer(school)
    row = ["1", "05/09/2010", NAME, "6A", "Nam", "", ""]
    roster = take(school, by, [row])
    rosters.decide(roster.rows.get(), is_same=False, by=by)

    rosters.start(roster, by=by)
    rosters.work(roster.pk)

    assert NotTheSame.objects.get().first == himself
    assert pairs(commune) == []


# --- The pages ------------------------------------------------------------------------------------


def url(name, commune, *more):
    return reverse(f"people:{name}", args=[commune.code, *more])


def test_a_pair_is_looked_at_side_by_side_and_merged(client, commune, officer, himself, listed):
    client.force_login(officer)
    page = client.get(url("doubles", commune))
    assert "1 cặp cùng họ tên và ngày sinh" in words_of(page)
    address = f"{url('double', commune, himself.pk)}?voi={listed.pk}"
    assert address in page.content.decode()
    pair = words_of(client.get(address))
    assert "Số căn cước ********0001 Chưa có" in pair
    assert "042210000001" not in client.get(address).content.decode()
    without = client.post(address, {"reason": ""})
    assert "reason" in without.context["form"].errors

    done = client.post(address, {"reason": "Đã xem thẻ căn cước"}, follow=True)

    assert messages_of(done) == ["Đã gộp làm một người. Hoàn tác được ở trang này."]
    assert "Không thấy ai được ghi hai lần." in words_of(client.get(url("doubles", commune)))
    late = client.get(address)
    assert late.status_code == 404


def test_a_pair_is_told_apart_once(client, commune, officer, himself, listed):
    client.force_login(officer)
    address = f"{url('double_apart', commune, himself.pk)}?voi={listed.pk}"

    assert messages_of(client.post(address, follow=True)) == [
        "Đã ghi: hai người khác nhau. Cổng không hỏi lại."
    ]
    again = client.post(address, follow=True)
    assert "đã được quyết định" in messages_of(again)[0]


def test_pairs_cost_the_same_for_one_as_for_twenty(client, commune, officer, django_assert_max_num_queries):
    for number in range(40):
        name = f"Nguyễn Văn {chr(65 + number // 2)}"
        make_citizen(name, board=commune, birth_date=DAY, identity_number=None)
    client.force_login(officer)

    with django_assert_max_num_queries(25):
        page = client.get(url("doubles", commune))

    assert len(page.context["page"]) == 20
