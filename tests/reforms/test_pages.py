import datetime

import pytest
from django.urls import reverse

from accounts.models import Citizen
from audit.models import ListedPerson
from organizations.models import Organization, Reform, ReformState
from reforms import carrying
from tests.factories import (
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_village,
)
from tests.pages import html_of, messages_of, words_of
from tests.reforms.trees import YEARS_AGO, planned, settle_all, two_communes

pytestmark = pytest.mark.django_db
DAY = f"{datetime.date(2026, 7, 1):%d/%m/%Y}"
BASIS = {"day": DAY, "legal_basis": "Nghị quyết 05/NQ-HĐND"}


def address(organization, what):
    return reverse("reforms:plan", args=[organization.code, what])


def the_reform():
    return Reform.objects.get()


@pytest.mark.feature("F3", "F6")
def test_an_officer_merges_two_communes_and_takes_it_back(client):
    _province, officer, an, binh = two_communes()
    make_citizen(board=make_village(commune=an, valid_from=YEARS_AGO))
    settle_all()
    client.force_login(officer)
    new = {"new_name": "An Bình", "new_type": "xa", "new_code": "18001", "into": ""}

    asked = client.post(address(an, "nhap"), BASIS | new | {"others": [binh.code]})
    page = client.get(asked["Location"])

    assert "Nhập Xã An, Xã Bình thành Xã An Bình" in words_of(page)
    assert "Xem trước, chưa thay đổi gì" in words_of(page)
    assert [one.people for one in page.context["rehearsal"].after] == [0, 1, 0]
    done = client.post(reverse("reforms:carry_out", args=[the_reform().pk]))
    assert messages_of(done) == ["Đã thực hiện. Trong 30 ngày còn hoàn tác được."]
    merged = Organization.objects.get(code="18001")
    told = words_of(client.get(merged.get_absolute_url()))
    assert "Có từ ngày 01/07/2026, từ Xã An, Xã Bình (Nghị quyết 05/NQ-HĐND)." in told
    assert "Xã Bình" in words_of(client.get(reverse("organizations:detail", args=["18002"]), follow=True))

    undone = client.post(reverse("reforms:undo", args=[the_reform().pk]), {"reason": "Nhầm xã"})
    assert messages_of(undone) == ["Đã hoàn tác: mọi thứ trở lại như trước."]
    assert Organization.objects.get(code="18001") == an


@pytest.mark.feature("F8")
def test_an_old_code_leads_to_what_became_of_it(client):
    province, officer, an, binh = two_communes()
    settle_all()
    carrying.carry_out(planned("merge", [an], existing=(binh.code,), organization=province))
    client.force_login(officer)

    response = client.get(reverse("organizations:detail", args=["18001"]), follow=True)

    an.refresh_from_db()
    assert response.redirect_chain == [(an.get_absolute_url(), 302)]
    assert binh.get_absolute_url() in response.content.decode()
    assert "nhập vào Xã Bình" in words_of(response)


@pytest.mark.feature("F4")
def test_a_split_asks_where_each_village_goes_and_lists_whom_it_did_not_place(client):
    _province, officer, an, _binh = two_communes()
    village = make_village(commune=an, valid_from=YEARS_AGO)
    left = make_citizen("Võ Thị Lạ", board=an)
    settle_all()
    client.force_login(officer)
    told = BASIS | {
        "new_name_1": "Bắc An", "new_type_1": "xa", "new_code_1": "18001",
        "new_name_2": "Nam An", "new_type_2": "xa", "new_code_2": "18003",
        f"child_{village.pk}": "2",
    }  # fmt: skip

    asked = client.post(address(an, "chia"), told)
    assert client.get(asked["Location"]).context["rehearsal"].waiting == 1
    client.post(reverse("reforms:carry_out", args=[the_reform().pk]))
    page = client.get(the_reform().get_absolute_url())

    assert "Còn 1 người chưa có nơi mới." in words_of(page)
    assert ListedPerson.objects.filter(subject=left.pk).exists()  # who was shown to the officer is told so
    nobody = client.post(reverse("reforms:place", args=[the_reform().pk]), {"target": "18003"})
    assert "Đánh dấu ít nhất một người." in words_of(nobody)
    client.post(reverse("reforms:place", args=[the_reform().pk]), {"people": [left.pk], "target": "18003"})
    assert Citizen.objects.get(pk=left.pk).commune.code == "18003"
    village.refresh_from_db()
    assert village.parent.code == "18003"


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("chuyen", {"parent": "18002"}),
        ("doi-ten", {"new_name": "Mới", "new_type": "thon"}),
        ("dong", {}),
    ],
)
def test_a_village_is_moved_renamed_or_closed(client, what, told):
    _province, officer, an, _binh = two_communes()
    village = make_village(commune=an, valid_from=YEARS_AGO)
    settle_all()
    client.force_login(officer)

    asked = client.post(address(village, what), BASIS | told)
    page = client.get(asked["Location"])

    assert page.context["rehearsal"].problems == []
    client.post(reverse("reforms:carry_out", args=[the_reform().pk]))
    assert the_reform().state == ReformState.DONE


def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(client):
    _province, officer, an, _binh = two_communes()
    settle_all()
    client.force_login(officer)

    page = client.post(address(an, "nhap"), {"day": "31/02/2026", "legal_basis": "", "new_name": "An Bình"})

    assert set(page.context["form"].errors) == {"day", "legal_basis"}
    assert 'value="An Bình"' in page.content.decode()
    assert not Reform.objects.exists()


def test_a_reform_that_cannot_be_carried_out_says_why_and_has_no_button(client):
    province, officer, an, _binh = two_communes()
    village = make_village(commune=an, valid_from=YEARS_AGO)
    settle_all()
    reform = planned("close", [an], organization=province)
    client.force_login(officer)

    page = client.get(reform.get_absolute_url())

    assert f"Xã An còn đơn vị bên dưới: {village}." in words_of(page)
    assert "Thực hiện</button>" not in page.content.decode()
    refused = client.post(reverse("reforms:carry_out", args=[reform.pk]), follow=True)
    assert "còn đơn vị bên dưới" in words_of(refused)


def test_foreign_units_and_reforms_are_not_found_and_boards_may_not(client):
    province, _officer, an, binh = two_communes()
    settle_all()
    reform = planned("merge", [an], existing=(binh.code,), organization=province)
    pages = [
        reverse("reforms:start", args=[an.code]),
        address(an, "nhap"),
        reform.get_absolute_url(),
    ]
    client.force_login(make_officer(make_province("Nghệ An")))
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert client.post(reverse("reforms:carry_out", args=[reform.pk])).status_code == 404

    client.force_login(make_officer(an))
    assert [client.get(page).status_code for page in pages] == [403, 403, 404]
    client.force_login(make_confirmer(province))
    assert [client.get(page).status_code for page in pages] == [403, 403, 200]
    assert client.post(reverse("reforms:carry_out", args=[reform.pk])).status_code == 403
    index = html_of(client.get(reverse("reforms:index")))
    assert reverse("reforms:files") not in index
    assert not Reform.objects.exclude(state=ReformState.PLANNED).exists()


def test_a_second_click_is_told_that_it_is_done(client):
    province, officer, an, binh = two_communes()
    settle_all()
    reform = planned("merge", [an], existing=(binh.code,), organization=province)
    client.force_login(officer)

    for expected in ("Đã thực hiện.", "đã được thực hiện"):
        response = client.post(reverse("reforms:carry_out", args=[reform.pk]), follow=True)
        assert expected in words_of(response)


def test_an_empty_list_says_what_will_stand_there(client):
    client.force_login(make_officer(make_commune()))

    page = client.get(reverse("reforms:index"))
    assert "Chưa có thay đổi nào." in words_of(page)
    assert reverse("reforms:files") in html_of(page)
