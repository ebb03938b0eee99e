import datetime

import pytest
from django.urls import reverse

from accounts import placing_forms
from accounts.models import Citizen
from organizations.founding import found
from organizations.models import Kind, Organization, Type
from tests.factories import (
    make_citizen,
    make_commune,
    make_confirmer,
    make_officer,
    make_unit,
    make_user,
    make_village,
)

pytestmark = pytest.mark.django_db


def names_address(commune):
    return reverse("accounts:typed_names", args=[commune.code])


def place_address(commune, key="thon 3", what="thon"):
    return reverse("accounts:place_typed_name", args=[commune.code, what]) + f"?ten={key}"


@pytest.fixture
def commune():
    commune = make_commune("Thạch Khê", code="18604")
    make_citizen(board=commune, village_text="Thôn 3")
    make_citizen(board=commune, village_text="thon 3")
    return commune


@pytest.fixture
def officer(client, commune):
    officer = make_officer(commune)
    client.force_login(officer)
    return officer


def waiting(**typed):
    """The boxes of the people, all ticked."""
    return list(Citizen.objects.filter(village=None, **typed).values_list("pk", flat=True))


def placed(village):
    return Citizen.objects.filter(village=village).count()


def test_the_names_that_wait_are_listed_with_people_and_a_way_to_place_them(client, commune, officer):
    response = client.get(names_address(commune))

    [(name, address)] = response.context["rows"]
    assert (name.name, name.people) == ("Thôn 3", 2)
    assert address == place_address(commune, "thon+3")
    assert "Xếp 2 người, 1 tên, vào thôn hoặc đơn vị." in response.content.decode()


def test_when_nothing_waits_the_page_says_so(client):
    commune = make_commune()
    client.force_login(make_officer(commune))

    assert "Không có tên nào chờ xếp." in client.get(names_address(commune)).content.decode()


def test_who_may_see_the_names_and_who_may_place_them(client, commune):
    village = make_village(commune=commune)
    people = [
        (make_officer(commune), 200, 200),
        (make_officer(commune.parent), 200, 403),
        (make_confirmer(commune), 200, 403),
        (make_officer(make_commune()), 404, 404),
        (make_confirmer(village), 404, 404),
        (make_user(), 404, 404),
    ]

    for user, may_see, may_place in people:
        client.force_login(user)
        assert client.get(names_address(commune)).status_code == may_see, user
        assert client.get(place_address(commune)).status_code == may_place, user
        posted = client.post(place_address(commune), {"place": village.pk})
        assert posted.status_code == (200 if may_place == 200 else may_place), user

    assert placed(village) == 0


def test_a_province_reads_the_list_and_is_not_offered_to_place(client, commune):
    client.force_login(make_officer(commune.parent))

    text = client.get(names_address(commune)).content.decode()

    assert "Chỉ cán bộ của xã xếp được; bạn xem được danh sách." in text
    assert place_address(commune, "thon+3") not in text


def test_the_village_that_bears_the_name_is_chosen_beforehand(client, commune, officer):
    village = make_village("3", commune=commune)
    make_confirmer(village)
    make_village("4", commune=commune)

    form = client.get(place_address(commune)).context["form"]

    assert form["place"].value() == village.pk
    assert [label for _value, label in form.fields["place"].choices] == [
        "Thôn 3",
        f'Chưa có trong danh sách: lập mới với tên bên dưới<span class="hint">{NOBODY}</span>',
    ]
    assert (form["new_type"].value(), form["new_name"].value()) == ("thon", "3")


def test_an_abbreviated_type_does_not_hide_the_village(client, commune, officer):
    group = found(Kind.VILLAGE, Type.RESIDENTIAL_GROUP, "Tân Giang", parent=commune, by=officer)
    make_citizen(board=commune, village_text="TDP Tân Giang")

    form = client.get(place_address(commune, "tdp tan giang")).context["form"]

    assert form["place"].value() == group.pk


def test_people_are_placed_in_a_village_that_exists(client, commune, officer):
    village = make_village("3", commune=commune)

    response = client.post(place_address(commune), {"place": village.pk, "people": waiting()}, follow=True)

    assert response.redirect_chain == [(names_address(commune), 302)]
    assert "Đã xếp 2 người vào Thôn 3." in response.content.decode()
    assert placed(village) == 2


def test_each_who_typed_the_name_is_shown_and_may_be_left_out(client, commune, officer):
    village = make_village("3", commune=commune)
    other = make_citizen("Lê An", board=commune, village_text="thon 3", birth_date=datetime.date(1971, 2, 3))

    people = client.get(place_address(commune)).context["form"]["people"]
    assert people.value() == [value for value, _words in people.field.choices]
    assert (other.pk, "Lê An, sinh năm 1971, gõ “thon 3”") in people.field.choices
    client.post(place_address(commune), {"place": village.pk, "people": set(waiting()) - {other.pk}})

    assert placed(village) == 2
    assert list(Citizen.objects.filter(village=None)) == [other]


def test_who_was_placed_meanwhile_is_no_longer_asked_about(client, commune, officer):
    village, elsewhere = make_village("3", commune=commune), make_village("Bắc", commune=commune)
    people = waiting()
    Citizen.objects.filter(pk=people[0]).update(village=elsewhere)

    response = client.post(place_address(commune), {"place": village.pk, "people": people})

    assert response.context["form"].errors["people"] == [
        "Có người vừa được xếp nơi khác. Xem lại danh sách rồi lưu lại."
    ]
    assert placed(village) == 0


def test_of_very_many_people_the_first_are_placed_and_the_rest_wait(client, commune, officer, monkeypatch):
    monkeypatch.setattr(placing_forms, "MOST_PEOPLE", 1)

    people = client.get(place_address(commune)).context["form"].fields["people"]

    assert len(people.choices) == 1
    assert "Đây là 1 người đầu; những người còn lại xếp lần sau." in people.help_text


NOBODY = (
    "Nơi này chưa có ai trong ban. Hồ sơ gửi về đây chưa có người xác nhận, đến khi hội khuyến học xã "
    "phân công người."
)


def test_a_place_where_nobody_confirms_is_said_before_and_after(client, commune, officer):
    manned, empty = make_village("3", commune=commune), make_village("31", commune=commune)
    make_confirmer(manned)

    labels = dict(client.get(place_address(commune) + "&tim=thon 3").context["form"].fields["place"].choices)
    said = {pk: NOBODY in label for pk, label in labels.items()}
    assert said == {str(manned.pk): False, str(empty.pk): True, "moi": True}
    [first, second] = waiting()
    for village, person, warned in ((manned, first, False), (empty, second, True)):
        answers = {"place": village.pk, "people": [person]}
        text = client.post(place_address(commune) + "&tim=thon 3", answers, follow=True).content.decode()
        assert ("Nơi này chưa có ai trong ban: cần phân công người" in text) == warned


def test_another_village_is_found_by_search(client, commune, officer):
    for number in range(30):
        make_village(f"Bắc {number}", commune=commune)
    wanted = make_village("Đông Hải", commune=commune)

    form = client.get(place_address(commune) + "&tim=dong hai").context["form"]

    assert form.fields["place"].choices[0][0] == str(wanted.pk)
    client.post(place_address(commune) + "&tim=dong hai", {"place": wanted.pk, "people": waiting()})
    assert placed(wanted) == 2


def test_a_new_village_is_made_from_the_typed_name(client, commune, officer):
    client.post(
        place_address(commune),
        {"place": "moi", "new_type": "thon", "new_name": "Thôn 3", "people": waiting()},
    )

    village = Organization.objects.get(kind="village")
    assert (village.full_name, village.name, village.parent) == ("Thôn 3", "3", commune)
    assert placed(village) == 2


def test_a_village_of_a_type_of_its_own_keeps_the_whole_name(client, commune, officer):
    make_citizen(board=commune, village_text="Xóm Chợ")

    form = client.get(place_address(commune, "xom cho")).context["form"]
    assert (form["new_type"].value(), form["new_name"].value()) == ("", "Xóm Chợ")
    assert ("", "Gọi khác, tên ghi đầy đủ: Xóm 3, Buôn Trấp") in form.fields["new_type"].choices
    client.post(
        place_address(commune, "xom cho"),
        {"place": "moi", "new_type": "", "new_name": "Xóm Chợ", "people": waiting(village_text="Xóm Chợ")},
    )

    assert Organization.objects.get(kind="village").full_name == "Xóm Chợ"


def test_a_new_unit_is_made_from_the_typed_name(client, commune, officer):
    make_citizen(board=commune, unit_text="HTX Thạch Khê")

    client.post(
        place_address(commune, "htx thach khe", "don-vi"),
        {
            "place": "moi",
            "new_type": "cooperative",
            "new_name": "HTX Thạch Khê",
            "people": waiting(unit_text="HTX Thạch Khê"),
        },
    )

    unit = Organization.objects.get(kind="unit")
    assert (unit.full_name, unit.type, unit.parent) == ("HTX Thạch Khê", "cooperative", commune)


@pytest.mark.parametrize(
    ("answers", "field", "message"),
    [
        ({}, "place", "Chọn một nơi trong danh sách, hoặc chọn lập mới."),
        ({"place": "999999"}, "place", "Nơi này không còn trong danh sách. Chọn lại."),
        ({"place": "x"}, "place", "Nơi này không còn trong danh sách. Chọn lại."),
        ({"place": "moi"}, "new_name", "Gõ tên của nơi cần lập, ví dụ Đông Hải."),
        (
            {"place": "moi", "new_type": "thon", "new_name": "4"},
            "new_name",
            "Đã có Thôn 4. Chọn nơi ấy ở trên.",
        ),
        ({"place": "moi", "new_name": "Ba", "people": []}, "people", "Đánh dấu ít nhất một người."),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nobody_is_placed(
    client, commune, officer, answers, field, message
):
    make_village("4", commune=commune)

    response = client.post(place_address(commune), {"people": waiting()} | answers)

    assert response.context["form"].errors[field] == [message]
    assert message in response.content.decode()
    assert Citizen.objects.filter(village=None).count() == 2


def test_a_unit_elsewhere_is_no_answer(client, commune, officer):
    elsewhere = make_unit()

    response = client.post(place_address(commune), {"place": elsewhere.pk, "people": waiting()})

    assert "place" in response.context["form"].errors


@pytest.mark.parametrize("key", ["thon 9", "", "%00"])
def test_a_name_that_waits_no_more_leads_back_to_the_list(client, commune, officer, key):
    response = client.get(place_address(commune, key), follow=True)

    assert response.redirect_chain == [(names_address(commune), 302)]
    assert "Không còn ai chờ xếp với tên này" in response.content.decode()


def test_two_officers_who_place_the_same_name_place_once(client, commune, officer):
    village = make_village("3", commune=commune)
    answers = {"place": village.pk, "people": waiting()}

    client.post(place_address(commune), answers)
    response = client.post(place_address(commune), answers, follow=True)

    assert "Không còn ai chờ xếp với tên này" in response.content.decode()
    assert placed(village) == 2


def test_an_unknown_thing_to_place_is_not_found(client, commune, officer):
    assert client.get(place_address(commune, what="nha")).status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_for_one_as_for_twelve(client, django_assert_max_num_queries, count):
    commune = make_commune()
    for number in range(count):
        make_citizen(board=commune, village_text=f"Thôn {number}")
    client.force_login(make_officer(commune))

    with django_assert_max_num_queries(10):
        response = client.get(names_address(commune))

    assert len(response.context["rows"]) == count
