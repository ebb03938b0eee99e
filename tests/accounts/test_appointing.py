import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts import appointing
from accounts.models import Appointment, Message, Role, User
from audit import clock, events
from audit.models import Event
from organizations.models import Kind, Organization
from tests.accounts.stored import everything_stored
from tests.factories import (
    appoint,
    make_centre,
    make_citizen_with_account,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    make_unit,
    make_user,
    make_village,
)
from tests.pages import messages_of, words_of
from vietnamese.dates import day_words

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C7")]

NUMBER = "042160000001"
DAY = datetime.timedelta(days=1)
NEW_PASSWORD = {"password1": "mật khẩu mới", "password2": "mật khẩu mới"}


@pytest.fixture
def village():
    return make_village()


@pytest.fixture
def commune(village):
    return village.parent


@pytest.fixture
def officer(client, commune):
    officer = make_officer(commune)
    client.force_login(officer)
    return officer


def page(name, organization, *args):
    return reverse(f"accounts:{name}", args=[organization.code, *args])


def answers(**changed):
    today = day_words(clock.today())
    return {"full_name": "Trần Thị Mai", "role": "board_chair", "valid_from": today} | changed


def errors_of(response):
    return {name: list(said) for name, said in response.context["form"].errors.items()}


def seat_of(board, full_name="Trần Thị Mai", **fields):
    return appoint(make_user(full_name), board, **fields)


# --- A new account --------------------------------------------------------------------------------


def test_a_new_officer_gets_a_slip_with_a_link_that_works_once_and_no_password(
    client, officer, village, commune
):
    slip = client.post(page("appoint", village), answers())

    seat = Appointment.objects.get(organization=village)
    assert (seat.user.full_name, seat.role, seat.valid_from, seat.valid_to) == (
        "Trần Thị Mai",
        Role.BOARD_CHAIR,
        clock.today(),
        None,
    )
    assert not seat.user.has_usable_password()
    link = slip.context["address"]
    person = Client()
    person.post(link, {"full_name": "Trần Thị Mai", "username": "mai.tran"} | NEW_PASSWORD)
    assert User.objects.get(username="mai.tran") == seat.user
    assert Client().get(link).status_code == 410
    assert person.get(reverse("assessments:board_queue")).status_code == 200


def test_an_appointment_leaves_events_in_the_stream_of_its_board_and_a_message(officer, village):
    seat = appointing.appoint(
        "Trần Thị Mai", village, Role.BOARD_MEMBER, valid_from=clock.today(), by=officer
    )

    told = Event.objects.order_by("pk").values_list("verb", "actor", "object_id", "stream", "new")
    assert list(told) == [
        ("open_account", officer.pk, seat.user_id, village.pk, ""),
        ("appoint", officer.pk, seat.pk, village.pk, f"board_member {clock.today()}.."),
    ]
    assert list(events.faults()) == []
    words = f"Bạn là thành viên ban khuyến học, ban khuyến học thôn Đông Hải, từ {day_words(clock.today())}."
    assert Message.objects.get(user=seat.user).body == words


def test_pressing_twice_opens_one_account(client, officer, village):
    client.post(page("appoint", village), answers())
    again = client.post(page("appoint", village), answers())

    assert Appointment.objects.filter(organization=village).count() == 1
    assert "đã có phân công ở đây" in errors_of(again)["__all__"][0]


def test_no_slip_is_given_of_an_account_with_an_office_to_come_elsewhere_or_of_an_office_that_ended(
    client, officer, village, commune
):
    next_month = clock.today() + datetime.timedelta(days=30)
    promoted, gone = make_user(), make_user()
    seat = appoint(promoted, village)
    appoint(promoted, commune.parent, Role.OFFICER, valid_from=next_month)
    over = appoint(gone, village, valid_to=clock.today() - datetime.timedelta(days=1))
    client.force_login(officer)

    for each in (seat, over):
        assert client.post(page("appointment_slip", village, each.pk)).status_code == 403


def test_a_lost_slip_is_replaced_until_the_person_is_known_otherwise(client, officer, village, commune):
    seat = seat_of(village)

    slip = client.post(page("appointment_slip", village, seat.pk))
    assert Client().get(slip.context["address"]).status_code == 200
    assert Event.objects.get().verb == "hand_over"

    for set_apart in (
        lambda: appoint(seat.user, make_commune()),
        lambda: User.objects.filter(pk=seat.user_id).update(is_staff=True),
    ):
        set_apart()
        assert client.post(page("appointment_slip", village, seat.pk)).status_code == 403
        Appointment.objects.filter(user=seat.user).exclude(pk=seat.pk).delete()
    citizen = make_citizen_with_account(board=village)
    own = appoint(citizen.user, village)
    assert client.post(page("appointment_slip", village, own.pk)).status_code == 403


# --- An account that is there -----------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["042 160 000 001", "0912 345 678", "HOA@example.com", "hoa.nguyen"])
def test_an_account_is_found_by_what_its_holder_signs_in_with(client, officer, village, typed):
    citizen = make_citizen_with_account(
        "Nguyễn Thị Hoa", identity_number=NUMBER, email="hoa@example.com", board=make_village()
    )
    User.objects.filter(pk=citizen.user_id).update(username="hoa.nguyen")

    done = client.post(page("appoint", village), answers(full_name="nguyen thi hoa", account=typed))

    assert Appointment.objects.get(organization=village).user == citizen.user
    assert messages_of(done) == [f"Đã phân công Nguyễn Thị Hoa, từ {day_words(clock.today())}."]
    assert NUMBER not in everything_stored()


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Nguyễn Thị Hoa", "042160000009"), ("Lê Văn Bình", NUMBER), ("Nguyễn Thị Hoa", "0999999999")],
)
def test_who_knows_only_the_number_or_only_the_name_learns_nothing(client, officer, village, name, typed):
    make_citizen_with_account("Nguyễn Thị Hoa", identity_number=NUMBER, board=make_village())

    response = client.post(page("appoint", village), answers(full_name=name, account=typed))

    assert errors_of(response) == {
        "account": [
            "Không có tài khoản nào mang cả họ tên và số này. Xem lại cả hai; người ấy chưa có tài khoản thì "
            "để trống ô này."
        ]
    }
    assert not Appointment.objects.filter(organization=village).exists()


def test_a_family_that_shares_telephone_and_name_is_told_apart_by_the_number(client, officer, village):
    for number in (NUMBER, "042160000002"):
        make_citizen_with_account("Nguyễn Thị Hoa", identity_number=number, board=village)

    response = client.post(
        page("appoint", village), answers(full_name="Nguyễn Thị Hoa", account="0912345678")
    )

    assert errors_of(response) == {
        "account": ["Nhiều tài khoản có cùng họ tên và số này. Hãy gõ số căn cước."]
    }


# --- Who appoints where -----------------------------------------------------------------------------


def test_each_association_appoints_right_below_itself_and_nowhere_else():
    centre, province = make_centre(), make_province()
    commune, other = make_commune(province=province), make_commune()
    village, unit = make_village(commune=commune), make_unit(parent=commune)
    of_province = make_unit("Sở Giáo dục", parent=province)
    places = [centre, province, commune, village, unit, of_province, other]
    allowed = {centre: {province, other.parent}, province: {commune, of_province}, commune: {village, unit}}

    for own, expected in allowed.items():
        officer = make_officer(own)
        for place in places:
            role = appointing.ROLES_AT[place.kind][0]
            user = make_user()
            if place in expected:
                assert appointing.appoint(user, place, role, valid_from=clock.today(), by=officer)
            else:
                with pytest.raises(PermissionDenied):
                    appointing.appoint(user, place, role, valid_from=clock.today(), by=officer)


def test_a_board_member_and_a_former_officer_appoint_nobody(village, commune):
    yesterday = clock.today() - DAY
    former = make_user()
    appoint(former, commune, Role.OFFICER, valid_to=yesterday)

    for user in (make_confirmer(commune), former, make_confirmer(village)):
        with pytest.raises(PermissionDenied):
            appointing.appoint(make_user(), village, "board_member", valid_from=clock.today(), by=user)


@pytest.mark.parametrize(
    ("kind", "role"), [("village", Role.OFFICER), ("village", Role.REPRESENTATIVE), ("unit", Role.OFFICER)]
)
def test_no_right_is_given_that_belongs_to_an_association(client, officer, commune, kind, role):
    board = make_village(commune=commune) if kind == "village" else make_unit(parent=commune)

    response = client.post(page("appoint", board), answers(role=role.value))

    assert "role" in errors_of(response)
    with pytest.raises(PermissionDenied):
        appointing.appoint(make_user(), board, role, valid_from=clock.today(), by=officer)


def test_nobody_appoints_themselves(client, officer, village):
    with pytest.raises(appointing.Refused, match="Không ai tự phân công cho mình"):
        appointing.appoint(officer, village, Role.BOARD_CHAIR, valid_from=clock.today(), by=officer)


def test_nobody_is_appointed_at_a_closed_unit(client, officer, village):
    Organization.objects.filter(pk=village.pk).update(valid_to=clock.today() - DAY)

    assert client.get(page("appoint", village)).status_code == 404
    with pytest.raises(PermissionDenied):
        appointing.appoint(make_user(), village, Role.BOARD_CHAIR, valid_from=clock.today(), by=officer)


# --- Days -------------------------------------------------------------------------------------------


def test_days_that_are_past_or_turned_round_are_said_beside_the_field(client, officer, village):
    yesterday, tomorrow = day_words(clock.today() - DAY), day_words(clock.today() + DAY)

    past = client.post(page("appoint", village), answers(valid_from=yesterday))
    turned = client.post(
        page("appoint", village), answers(valid_from=tomorrow, valid_to=day_words(clock.today()))
    )

    assert errors_of(past)["valid_from"][0].startswith("Từ ngày không thể trước ngày")
    assert errors_of(turned) == {"__all__": ["Ngày cuối phải từ ngày bắt đầu trở đi."]}
    assert not Appointment.objects.filter(organization=village).exists()


@pytest.mark.parametrize(
    ("first", "second", "overlaps"),
    [
        ((0, None), (5, 9), True),
        ((0, 5), (5, None), True),
        ((3, 5), (0, 3), True),
        ((3, 5), (0, 2), False),
        ((0, 5), (6, None), False),
    ],
)
def test_one_person_sits_once_at_a_time_on_one_board(village, officer, first, second, overlaps):
    user = make_user("Trần Thị Mai")

    def seat(days, role):
        begin, finish = days
        return appointing.appoint(
            user,
            village,
            role,
            valid_from=clock.today() + begin * DAY,
            valid_to=clock.today() + finish * DAY if finish is not None else None,
            by=officer,
        )

    seat(first, Role.BOARD_CHAIR)
    if overlaps:
        with pytest.raises(appointing.Refused, match="Trần Thị Mai đã có phân công ở đây từ"):
            seat(second, Role.BOARD_MEMBER)
    else:
        assert seat(second, Role.BOARD_MEMBER)


# --- Ending it ----------------------------------------------------------------------------------------


def ended(client, seat, **typed):
    reason = {"reason": "Chuyển công tác."}
    return client.post(page("appointment_end", seat.organization, seat.pk), reason | typed)


def test_a_seat_ends_on_a_day_with_a_reason_that_its_holder_reads(client, officer, village):
    make_confirmer(village)
    seat = seat_of(village)
    last_day = clock.today() + 3 * DAY

    done = ended(client, seat, last_day=day_words(last_day))

    seat.refresh_from_db()
    assert seat.valid_to == last_day
    assert messages_of(done) == [f"Trần Thị Mai thôi sau ngày {day_words(last_day)}."]
    event = Event.objects.get()
    assert (event.verb, event.actor, event.object_id, event.stream) == (
        "end_appointment",
        officer.pk,
        seat.pk,
        village.pk,
    )
    assert events.private_of(event) == {"reason": "Chuyển công tác."}
    assert Message.objects.get().body.endswith("Lý do: “Chuyển công tác.”.")


def test_a_seat_that_ends_at_once_gives_no_more_rights(client, officer, village):
    make_confirmer(village)
    seat = seat_of(village)
    holder = Client()
    holder.force_login(seat.user)
    assert holder.get(village.get_absolute_url()).status_code == 200

    ended(client, seat)

    assert holder.get(village.get_absolute_url()).status_code == 404
    assert Appointment.objects.get(pk=seat.pk).valid_to == clock.today() - DAY


@pytest.mark.parametrize("begins_in", [0, 5])
def test_one_that_has_not_lasted_a_day_is_taken_back_whole(client, officer, village, begins_in):
    make_confirmer(village)
    seat = seat_of(village, valid_from=clock.today() + begins_in * DAY)

    ended(client, seat)

    assert not Appointment.objects.filter(pk=seat.pk).exists()
    assert Event.objects.get().verb == "end_appointment"


def test_ending_the_last_member_asks_first(client, officer, village):
    seat = seat_of(village)

    asked = ended(client, seat)
    assert errors_of(asked) == {
        "understood": ["Đây là người cuối cùng của ban. Đánh dấu ô này, hoặc phân công người khác trước."]
    }
    assert Appointment.objects.get(pk=seat.pk).valid_to is None

    ended(client, seat, understood="on")
    assert Appointment.objects.get(pk=seat.pk).valid_to == clock.today() - DAY


@pytest.mark.parametrize(
    ("valid_to", "typed", "said"),
    [
        (5, 5, "Phân công này đã có ngày cuối"),
        (5, 9, "Phân công này đã có ngày cuối"),
        (None, -1, "Ngày cuối không thể trước ngày"),
        (-1, None, "Phân công này đã hết từ ngày"),
    ],
)
def test_a_last_day_that_makes_no_sense_changes_nothing(client, officer, village, valid_to, typed, said):
    make_confirmer(village)
    seat = seat_of(village, valid_to=clock.today() + valid_to * DAY if valid_to is not None else None)

    response = ended(
        client, seat, last_day=day_words(clock.today() + typed * DAY) if typed is not None else ""
    )

    assert errors_of(response)["last_day"][0].startswith(said)
    assert Appointment.objects.get(pk=seat.pk).valid_to == seat.valid_to
    assert not Event.objects.exists()


def test_of_two_who_end_a_seat_one_wins(officer, village):
    make_confirmer(village)
    first, second = seat_of(village), Appointment.objects.latest("pk")
    appointing.end(first, last_day=clock.today(), reason="Một.", by=officer)

    with pytest.raises(appointing.Refused, match="Có người vừa sửa"):
        appointing.end(second, last_day=clock.today(), reason="Hai.", by=officer)


def test_the_day_after_the_last_one_the_board_is_shown_as_empty(client, village, commune):
    seat = seat_of(village)
    officer = make_officer(commune)
    appointing.end(seat, last_day=clock.today(), reason="Nghỉ.", by=officer)

    assert Organization.objects.filter(kind=Kind.VILLAGE).without_people().count() == 0
    with time_machine.travel(clock.now() + DAY):
        assert list(Organization.objects.filter(kind=Kind.VILLAGE).without_people()) == [village]


# --- Boards without anybody, shown upwards ------------------------------------------------------------


def test_boards_without_an_active_member_are_counted_and_listed_above(client, village, commune):
    seat_of(village)
    locked = make_village("Tây Hải", commune=commune)
    User.objects.filter(pk=make_confirmer(locked).pk).update(is_active=False)
    empty = make_unit("Trường Lý Tự Trọng", parent=commune)
    province = commune.parent
    client.force_login(make_officer(province))

    assert "3 ban bên dưới chưa có thành viên hoạt động" in words_of(client.get(province.get_absolute_url()))
    listed = client.get(reverse("organizations:without_people", args=[province.code])).context["page"]
    assert {one.pk for one in listed} == {locked.pk, empty.pk, commune.pk}

    client.force_login(make_confirmer(village))
    assert client.get(reverse("organizations:without_people", args=[commune.code])).status_code == 404


def test_the_seats_of_a_board_are_listed_with_what_can_be_done(client, officer, village):
    over = seat_of(village, "Lê Văn Cũ", valid_to=clock.today() - DAY)
    later = seat_of(village, "Lê Văn Mới", valid_from=clock.today() + DAY)

    read = words_of(client.get(page("seats", village)))

    assert "Lê Văn Cũ Thành viên ban khuyến học" in read
    assert "chưa đến ngày Cho thôi Lê Văn Mới" in read
    listed = client.get(page("seats", village)).context["rows"]
    assert [(seat.pk, is_later, is_over) for seat, is_later, is_over, _slip in listed] == [
        (later.pk, True, False),
        (over.pk, False, True),
    ]


def test_a_seat_of_another_board_is_not_there(client, officer, village, commune):
    other = seat_of(make_village("Tây Hải"))

    assert client.get(page("appointment_end", village, other.pk)).status_code == 404
    assert client.post(page("appointment_slip", village, other.pk)).status_code == 404
