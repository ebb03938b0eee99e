import pytest
from django.urls import reverse

from accounts.models import Citizen
from audit.models import Look
from people import moves
from people.models import Transfer, TransferKind
from tests.factories import (
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_unit,
    make_village,
)
from tests.pages import html_of, messages_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F4", "C7")]


@pytest.fixture
def school():
    return make_unit("THCS Thạch Khê", parent=make_commune("Thạch Khê"))


@pytest.fixture
def other(school):
    return make_unit("THPT Lý Tự Trọng", parent=school.parent.parent)


@pytest.fixture
def by(client, school):
    by = make_confirmer(school)
    client.force_login(by)
    return by


@pytest.fixture
def pupil(school):
    return make_citizen("Nguyễn Văn An", board=school)


def url(name, school, *more):
    return reverse(f"people:{name}", args=[school.code, *more])


def asked(name, school, **chosen):
    query = "&".join(f"{key}={value}" for key, value in chosen.items())
    return f"{url(name, school)}?{query}"


def test_somebody_is_handed_over_to_the_right_unit(client, school, other, by, pupil):
    person = client.get(url("person", school, pupil.pk))
    assert "Chuyển sang đơn vị đúng" in words_of(person)
    assert asked("move", school, people=pupil.pk) in html_of(person)
    found = client.get(asked("move", school, people=pupil.pk, tim="ly tu trong"))
    assert found.context["form"]["target"].value() == str(other.pk)

    done = client.post(
        asked("move", school, people=pupil.pk, tim="ly tu trong"),
        {"target": other.pk, "reason": "Ghi nhầm đơn vị"},
        follow=True,
    )

    pupil.refresh_from_db()
    assert pupil.unit == other
    assert messages_of(done) == ["Đã ghi cho 1 người. Hoàn tác được ở trang này."]
    assert client.get(url("person", school, pupil.pk)).status_code == 404
    listed = words_of(client.get(url("transfers", school)))
    assert "Chuyển nơi" in listed
    assert "Ghi nhầm đơn vị" in listed
    transfer = Transfer.objects.get()
    without = client.post(url("transfer_undo", school, transfer.pk), {"reason": ""})
    assert without.context["form"].errors["reason"] == ["Ghi lý do, người được chuyển đọc được."]
    undone = client.post(url("transfer_undo", school, transfer.pk), {"reason": "Nhầm người"}, follow=True)
    assert "Nhầm người" in words_of(undone)
    pupil.refresh_from_db()
    assert pupil.unit == school


def test_a_number_that_nobody_can_have_chooses_nobody(client, school, by, pupil):
    answer = client.get(asked("move", school, people="9" * 30), follow=True)

    assert messages_of(answer) == ["Đánh dấu ít nhất một người, rồi bấm lại."]


def test_all_of_a_name_are_moved_at_once(client, school, other, by, pupil):
    make_citizen("Trần Thị Bình", board=school)
    for _ in range(55):
        make_citizen("Nguyễn Văn An", board=school)
    page = client.get(url("list", school), {"ten": "van an"})
    assert "Cả 56 người" in words_of(page)

    chosen = asked("move", school, ten="van+an", tat_ca=1)
    assert "56 người" in words_of(client.get(chosen))
    client.post(chosen, {"target": "khong", "reason": "Ra trường"})

    assert [one.full_name for one in Citizen.objects.at(school)] == ["Trần Thị Bình"]


def test_more_than_one_move_takes_is_said(client, school, by, pupil, monkeypatch):
    monkeypatch.setattr(moves, "MOST", 1)
    make_citizen(board=school)

    page = client.post(
        asked("move", school, tat_ca=1), {"target": "khong", "reason": "Ra trường."}, follow=True
    )

    assert Transfer.objects.get().moved.count() == 1
    assert "Mỗi lần ghi nhiều nhất 1 người." in words_of(page)


def test_who_died_is_written_down_and_found_among_those_who_left(client, school, by, pupil):
    chosen = asked("depart", school, people=pupil.pk)
    wrong = client.post(chosen, {"kind": "died", "day": "31/12/2999", "reason": ""})
    assert set(wrong.context["form"].errors) == {"day", "reason"}

    client.post(chosen, {"kind": "died", "day": "01/02/2026", "reason": "Trích lục khai tử"})

    assert Transfer.objects.get().kind == TransferKind.DIED
    assert "Danh sách chưa có ai." in words_of(client.get(url("list", school)))
    left = client.get(url("list", school), {"xem": "roi"})
    assert list(left.context["page"]) == [pupil]
    page = words_of(client.get(url("person", school, pupil.pk)))
    assert "Đã rời danh sách từ ngày 01/02/2026." in page
    assert "đã mất, từ ngày 01/02/2026. Trích lục khai tử" in page


@pytest.mark.parametrize("name", ["move", "depart"])
def test_nobody_chosen_is_said_on_the_list(client, school, by, pupil, name):
    stranger = make_citizen(board=make_village())

    for chosen in ({}, {"people": stranger.pk}, {"people": "x"}):
        page = client.get(asked(name, school, **chosen), follow=True)
        assert messages_of(page) == ["Đánh dấu ít nhất một người, rồi bấm lại."]


def test_errors_stand_beside_the_fields_and_nothing_typed_is_lost(client, school, by, pupil):
    page = client.post(asked("move", school, people=pupil.pk), {"target": "", "reason": "Ghi nhầm"})

    assert page.context["form"].errors["target"] == ["Tìm rồi chọn một nơi."]
    assert "Ghi nhầm" in html_of(page)


def test_the_move_of_others_is_not_found_and_looks_are_noted(client, school, by, pupil):
    client.get(url("person", school, pupil.pk))
    assert Look.objects.get().listed.get().subject == pupil.pk
    paths = [
        url("person", school, pupil.pk),
        url("transfers", school),
        asked("move", school, people=pupil.pk),
        asked("depart", school, people=pupil.pk),
    ]
    client.force_login(make_confirmer(school.parent))
    assert [client.get(path).status_code for path in paths] == [403] * 4
    client.force_login(make_officer(make_province("Nghệ An")))
    assert [client.get(path).status_code for path in paths] == [404] * 4
