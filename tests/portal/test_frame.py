"""What surrounds every page: the list of contents by role, the line on the record, notices, what it costs."""

import datetime
import re

import pytest
from django.urls import reverse

from accounts.models import Message
from assessments import workflow
from assessments.models import Extension, WindowStep
from portal import navigation, record_bar
from tests.factories import (
    appoint,
    make_assessment,
    make_campaign,
    make_centre,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_confirmer,
    make_officer,
    make_province,
    make_returned_assessment,
    make_submitted_assessment,
    make_unit,
    make_user,
    make_village,
    moment,
)

pytestmark = pytest.mark.django_db

IN_NOVEMBER = moment(2026, 11, 20, 9)
HELP = "/huong-dan/"
ACCOUNTS = {
    "citizen": lambda: make_citizen_with_account().user,
    "board": lambda: make_confirmer(make_village()),
    "unit": lambda: make_officer(make_unit()),
    "commune": lambda: make_officer(make_commune()),
    "member of a province": lambda: make_confirmer(make_province()),
    "province": lambda: make_officer(make_province()),
    "centre": lambda: make_officer(make_centre()),
    "admin": lambda: make_user(is_staff=True),
    "nobody": make_user,
}


def contents(client, page=HELP):
    return client.get(page).context["navigation"]


def labels(client):
    return [item.label for item in contents(client)]


# --- The list of contents -----------------------------------------------------------------------------


def test_a_stranger_finds_the_way_in(client):
    assert labels(client) == ["Trang đầu", "Hướng dẫn", "Mở tài khoản", "Đăng nhập"]


@pytest.mark.parametrize(
    ("account", "work"),
    [
        ("citizen", ["Trang của tôi"]),
        ("board", ["Xác nhận điểm", "Danh hiệu nhóm"]),
        ("unit", ["Xác nhận điểm", "Số liệu", "Tổ chức", "Danh hiệu nhóm"]),
        ("commune", ["Xác nhận điểm", "Các ban", "Số liệu", "Tổ chức", "Quyết định", "Danh hiệu nhóm"]),
        ("member of a province", ["Số liệu", "Tổ chức", "Danh hiệu nhóm"]),
        ("province", ["Các ban", "Số liệu", "Tổ chức", "Quyết định", "Danh hiệu nhóm", "Thời hạn"]),
        (
            "centre",
            [
                "Các ban",
                "Số liệu",
                "Tổ chức",
                "Quyết định",
                "Danh hiệu nhóm",
                "Thời hạn",
                "Tiêu chí",
                "Nhật ký",
            ],
        ),
        ("admin", ["Quản trị"]),
        ("nobody", []),
    ],
)
def test_everyone_sees_the_own_work(client, account, work):
    client.force_login(ACCOUNTS[account]())

    assert labels(client) == [*work, "Tin nhắn", "Hướng dẫn", "Tài khoản"]


@pytest.mark.parametrize("account", ["citizen", "board", "unit", "commune", "member of a province", "centre"])
def test_every_page_in_the_list_of_contents_opens(client, account):
    client.force_login(ACCOUNTS[account]())

    assert {item.url: client.get(item.url).status_code for item in contents(client)} == {
        item.url: 200 for item in contents(client)
    }


@pytest.mark.parametrize("account", ACCOUNTS)
def test_the_list_of_contents_costs_one_query(rf, django_assert_num_queries, account):
    request = rf.get("/")
    request.user = ACCOUNTS[account]()

    with django_assert_num_queries(1):
        navigation.items(request, navigation.person_of(request.user))


def test_a_citizen_who_sits_on_a_board_sees_both(client):
    citizen = make_citizen_with_account()
    appoint(citizen.user, citizen.village)
    client.force_login(citizen.user)

    assert labels(client)[:2] == ["Trang của tôi", "Xác nhận điểm"]


def test_an_appointment_that_has_ended_opens_nothing(client):
    user = make_user()
    appoint(user, make_village(), valid_to=datetime.date(2025, 12, 31))
    client.force_login(user)

    assert labels(client) == ["Tin nhắn", "Hướng dẫn", "Tài khoản"]


def test_unread_messages_to_the_citizen_and_to_the_account_are_counted(client):
    citizen = make_citizen_with_account()
    for key in ("a", "b"):
        Message.objects.create(citizen=citizen, key=key, subject="Ban trả lại", body="Thiếu ảnh")
    Message.objects.create(user=citizen.user, key="c", subject="Đổi mật khẩu", body="Lúc 9 giờ")
    Message.objects.create(citizen=citizen, key="d", subject="Đọc rồi", body="x", read_at=IN_NOVEMBER)
    Message.objects.create(
        citizen=make_citizen_with_account("Trần Văn Bình"), key="e", subject="Khác", body="x"
    )
    client.force_login(citizen.user)

    inbox = next(item for item in contents(client) if item.label == "Tin nhắn")

    assert inbox.count == 3
    assert (
        '<span class="count">3<span class="visually-hidden"> tin mới</span>'
        in client.get(HELP).content.decode()
    )


def test_the_page_one_is_on_is_marked(client):
    assert [item.current for item in contents(client)] == ["", "page", "", ""]
    assert [item.current for item in contents(client, "/huong-dan/cong-dan/")] == ["", "true", "", ""]


def test_signing_out_is_one_button_away_and_says_who_is_signed_in(client):
    client.force_login(make_user("Nguyễn Thị Hoa"))

    body = client.get(HELP).content.decode()

    assert "Đang đăng nhập: <strong>Nguyễn Thị Hoa</strong>." in body
    assert body.count(f'action="{reverse("accounts:sign_out")}"') == 2


# --- The line on the citizen's record -------------------------------------------------------------------


def line_of(assessment):
    line = record_bar.of(assessment.citizen.user)
    return line and (line.state, *line.details, line.look, line.link_text)


@pytest.fixture
def in_november(time_machine):
    time_machine.move_to(IN_NOVEMBER)


def test_a_record_that_is_not_sent_says_so_with_the_days_left(in_november):
    draft = make_assessment(campaign=make_campaign(2026))

    assert line_of(draft) == ("Chưa gửi", "Hồ sơ năm 2026 của bạn", "còn 41 ngày", "", "Tiếp tục hồ sơ")


def test_a_returned_record_says_that_it_is_not_sent_again(in_november):
    returned = make_returned_assessment(campaign=make_campaign(2026))

    assert line_of(returned) == (
        "Bị trả lại, chưa gửi lại",
        "Hồ sơ năm 2026 của bạn",
        "còn 41 ngày",
        "",
        "Xem chỗ cần sửa",
    )


def test_a_sent_record_says_who_has_it(in_november):
    sent = make_submitted_assessment(campaign=make_campaign(2026))

    assert line_of(sent) == (
        "Đã gửi",
        "Hồ sơ năm 2026 của bạn",
        "Chờ ban khuyến học xác nhận",
        "sent",
        "Xem hồ sơ",
    )


@pytest.mark.parametrize(("points", "outcome", "look"), [(8, "Đạt", "sent"), (5, "Không đạt", "locked")])
def test_a_confirmed_record_says_the_outcome_and_a_failed_one_does_not_look_good(
    in_november, points, outcome, look
):
    confirmed = make_confirmed_assessment(points, campaign=make_campaign(2026))

    assert line_of(confirmed) == ("Đã xác nhận", "Hồ sơ năm 2026 của bạn", outcome, look, "Xem kết quả")


def test_an_extension_counts_in_the_days_left(time_machine):
    time_machine.move_to(IN_NOVEMBER)
    draft = make_assessment(campaign=make_campaign(2026))
    Extension.objects.create(
        campaign=draft.campaign,
        step=WindowStep.SELF_ASSESSMENT,
        level=draft.level,
        assessment=draft,
        opens_at=moment(2027, 1, 1),
        closes_at=moment(2027, 1, 6),
        reason="Mất điện ngày cuối.",
        decision_number="15/QĐ-HKH",
        approved_by=make_user(),
    )

    time_machine.move_to(moment(2027, 1, 2, 9))

    assert line_of(draft)[2] == "còn 3 ngày"


def test_from_the_first_moment_of_january_a_draft_is_locked(time_machine):
    time_machine.move_to(IN_NOVEMBER)
    draft = make_assessment(campaign=make_campaign(2026))

    time_machine.move_to(moment(2026, 12, 31, 23, 59, 59), tick=False)
    assert line_of(draft)[2] == "hôm nay là ngày cuối, đến 23 giờ 59 phút"

    time_machine.move_to(moment(2027, 1, 1), tick=False)
    assert line_of(draft) == ("Đã khóa", "Hồ sơ năm 2026 của bạn", "Chưa gửi", "locked", "Xem hồ sơ")


def test_the_next_year_does_not_show_an_old_record_once_its_own_is_registered(time_machine):
    time_machine.move_to(moment(2025, 11, 20, 9))
    old = make_confirmed_assessment(campaign=make_campaign(2025))
    time_machine.move_to(IN_NOVEMBER)
    new = workflow.register(old.citizen, make_campaign(2026), group=old.group, by=old.citizen.user)

    assert record_bar.of(old.citizen.user).link == new.get_absolute_url()


def test_who_has_no_record_sees_no_line(client):
    citizen = make_citizen_with_account()
    client.force_login(citizen.user)

    assert record_bar.of(citizen.user) is None
    assert "record-bar" not in client.get(HELP).content.decode()


def test_the_line_stands_on_every_page_of_the_citizen(client, in_november):
    draft = make_assessment(campaign=make_campaign(2026))
    client.force_login(draft.citizen.user)

    for page in (HELP, "/du-lieu-ca-nhan/", reverse("accounts:profile"), reverse("accounts:inbox")):
        body = client.get(page).content.decode()
        bar = body[body.index("record-bar") : body.index("</aside>")]
        assert "<strong>Chưa gửi</strong>" in bar
        assert draft.get_absolute_url() in bar


# --- Errors of a form, in summary and beside the field --------------------------------------------------


@pytest.mark.urls("tests.portal.urls")
def test_errors_stand_first_and_beside_the_field_and_in_the_title(client):
    client.force_login(make_user())

    body = client.post("/to-khai/", {"full_name": "A", "kinds": ["nothing"]}).content.decode()

    assert re.search(r"<title>Có 2 lỗi: Tờ khai – Danh hiệu học tập</title>", body)
    main = body[body.index("<main") :]
    summary = main[main.index('class="error-summary" role="alert"') : main.index("<h1>")]
    assert "Còn 2 chỗ cần sửa" in summary
    assert re.findall(r'href="#([^"]+)"', summary) == ["id_full_name", "id_kinds_0"]
    assert all(f'id="{target}"' in main for target in ("id_full_name", "id_kinds_0"))
    assert 'aria-describedby="id_full_name_error"' in main
    assert 'id="id_full_name_error"' in main
    assert 'aria-invalid="true"' in main


@pytest.mark.urls("tests.portal.urls")
def test_a_field_reads_label_hint_error_control(client):
    client.force_login(make_user())

    body = client.post("/to-khai/", {"full_name": ""}).content.decode()
    field = body[body.index('id="div_id_full_name"') : body.index('id="div_id_reason"')]

    assert field.index("<label") < field.index("field-error") < field.index("<input")
    assert "is-invalid" not in body  # Bootstrap would draw a data: image, which the policy blocks


@pytest.mark.urls("tests.portal.urls")
def test_what_was_done_is_told_in_a_status(client):
    client.force_login(make_user())

    body = client.post("/to-khai/", {"full_name": "Hoa"}, follow=True).content.decode()

    assert re.search(
        r'<div class="notice good" role="status">\s*<p class="notice-title">.*?Đã lưu\.', body, re.S
    )


# --- What is left of it -------------------------------------------------------------------------------


@pytest.mark.feature("J8")
@pytest.mark.parametrize("page", ["/danh-hieu/", "/tin-nhan/", "/xac-nhan/", "/huong-dan/", "/khong-co/"])
def test_no_browser_keeps_a_page_made_for_somebody(client, page):
    """At a shared device the next person presses Back."""
    client.force_login(make_confirmer(make_village()))

    assert "no-store" in client.get(page)["Cache-Control"]


def test_a_page_made_for_nobody_says_nothing_of_keeping_it(client):
    assert "Cache-Control" not in client.get(HELP)
