"""The pages on which paper of before the lock is stated, typed in, signed and listed."""

import io

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from assessments import closing
from assessments.models import Paper, State, Window, WindowStep
from audit.models import Look
from tests.factories import (
    make_campaign,
    make_centre,
    make_confirmer,
    make_officer,
    make_province,
    make_scored_assessment,
    make_submitted_assessment,
    moment,
    reload,
    state_of,
    state_paper_days,
)
from tests.pages import messages_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("E10")]


@pytest.fixture
def record():
    with time_machine.travel(moment(2026, 11, 1), tick=False):
        record = make_submitted_assessment(9, campaign=make_campaign(2026))
        state_paper_days(record.campaign, moment(2027, 1, 1), moment(2027, 1, 16))
    closing.lock_confirmation(moment(2027, 1, 1))
    return reload(record)


@pytest.fixture(autouse=True)
def travel(record):
    with time_machine.travel(moment(2027, 1, 5, 9), tick=False) as traveller:
        yield traveller


@pytest.fixture
def first(record):
    return make_confirmer(record.board, "Trần Thị Mai")


@pytest.fixture
def second(record):
    return make_confirmer(record.board, "Phạm Văn Ba")


def address(name, record):
    return reverse(f"assessments:{name}", args=[record.pk])


def typed(record, **fields):
    points = {f"score-{each.code}": "9" for each in record.criteria_set.indicators}
    return {"version": record.version, "dated_on": "20/12/2026", **points} | fields


LOWER = {"score-I.1.1": "7", "reason-I.1.1": "Phiếu ghi 7."}


def type_in(client, record, by, **fields):
    client.force_login(by)
    return client.post(address("paper", record), typed(reload(record), **(LOWER | fields)))


def sign(client, record, by):
    client.force_login(by)
    now = reload(record)
    return client.post(address("paper_sign", record), {"person": f"{now.pk}:{now.version}"})


def test_the_board_types_in_and_another_member_confirms(client, record, first, second):
    client.force_login(first)
    page = words_of(client.get(address("board_detail", record)))
    assert "Nhập phiếu giấy: đang mở đến hết ngày 15/01/2027 (thứ Sáu), còn 10 ngày." in page

    response = type_in(client, record, first)
    assert response.status_code == 302
    assert messages_of(response) == [
        "Đã lưu phiếu giấy của Nguyễn Thị Hoa. Một thành viên khác của ban xác nhận thì mới có hiệu lực."
    ]
    page = words_of(client.get(address("board_detail", record)))
    assert "Bạn đã nhập phiếu này." in page
    assert "Xác nhận theo phiếu" not in page

    client.force_login(second)
    page = words_of(client.get(address("board_detail", record)))
    assert "Phiếu giấy đề ngày 20/12/2026, nhập bởi Trần Thị Mai, chờ người thứ hai." in page
    assert "Trên phiếu: Đạt, 88 điểm ." in page
    assert "9 7 Phiếu ghi 7." in page
    response = sign(client, record, second)
    assert messages_of(response) == ["Đã xác nhận hồ sơ của Nguyễn Thị Hoa theo phiếu giấy: Đạt, 88 điểm."]
    page = words_of(client.get(address("board_detail", record)))
    assert "Phiếu giấy đề ngày 20/12/2026, nhập bởi Trần Thị Mai và Phạm Văn Ba." in page
    client.force_login(record.citizen.user)
    page = words_of(client.get(record.get_absolute_url()))
    assert "Phiếu giấy đề ngày 20/12/2026, nhập bởi Trần Thị Mai và Phạm Văn Ba." in page


def test_a_second_click_does_nothing_twice(client, record, first, second):
    type_in(client, record, first)
    assert type_in(client, record, first).status_code == 302
    assert Paper.objects.count() == 1

    sign(client, record, second)
    response = sign(client, record, second)
    assert messages_of(response)[-1].startswith("Đã xác nhận hồ sơ của Nguyễn Thị Hoa theo phiếu giấy")


def test_who_typed_it_cannot_press_the_button_of_the_other(client, record, first):
    type_in(client, record, first)

    response = sign(client, record, first)

    assert messages_of(response)[-1] == (
        "Bạn đã nhập phiếu này. Thành viên khác của ban xem lại và xác nhận."
    )
    assert state_of(record) == State.UNCONFIRMED


@pytest.mark.parametrize(
    ("fields", "where", "said"),
    [
        ({"dated_on": "01/01/2027"}, "dated_on", "Phiếu phải đề ngày trong thời gian xác nhận"),
        ({"dated_on": ""}, "dated_on", "Chưa có ngày ghi trên phiếu."),
        ({"reason-I.1.1": ""}, "reason-I.1.1", "Ghi lý do ban chấm khác"),
    ],
)
def test_what_lacks_is_said_beside_the_field_and_nothing_typed_is_lost(
    client, record, first, fields, where, said
):
    response = type_in(client, record, first, **fields)

    form = response.context["form"]
    assert list(form.errors) == [where]
    assert form.errors[where][0].startswith(said)
    assert form["score-I.1.1"].value() == "7"
    assert not Paper.objects.exists()


def test_what_changed_in_between_is_told_and_saved_by_the_next_press(client, record, first, second):
    client.force_login(first)
    old = typed(record, **LOWER)
    type_in(client, record, second)

    client.force_login(first)
    response = client.post(address("paper", record), old)
    assert messages_of(response)[-1:] == [
        "Hồ sơ đã thay đổi sau khi bạn mở trang này. Những gì bạn gõ vẫn còn. Xem lại rồi bấm lần nữa."
    ]
    again = {name: value for name, value in response.context["form"].data.items() if name in old}
    assert client.post(address("paper", record), again).status_code == 302
    assert Paper.objects.latest("pk").typed_by == first


def test_after_the_last_day_the_pages_say_so_and_nothing_is_kept(client, record, first, second, travel):
    type_in(client, record, first)
    travel.move_to(moment(2027, 1, 16))

    client.force_login(second)
    page = words_of(client.get(address("board_detail", record)))
    assert "Nhập phiếu giấy: đã khóa lúc hết ngày 15/01/2027 (thứ Sáu)." in page
    assert "Xác nhận theo phiếu" not in page
    assert messages_of(sign(client, record, second))[-1].startswith("Đã hết hạn nhập phiếu giấy")
    assert "Lúc này không nhập phiếu giấy được." in words_of(client.get(address("paper", record)))
    assert state_of(record) == State.UNCONFIRMED


def test_others_do_not_open_the_page(client, record, first):
    for reader, status in [
        (make_officer(record.commune), 403),
        (make_confirmer(make_province("Nghệ An")), 404),
        (record.citizen.user, 404),
    ]:
        client.force_login(reader)
        assert client.get(address("paper", record)).status_code == status
        assert client.post(address("paper_sign", record)).status_code == status

    with time_machine.travel(moment(2026, 11, 1), tick=False):
        draft = make_scored_assessment(campaign=record.campaign, board=record.board)
    client.force_login(first)
    assert client.get(address("paper", draft)).status_code == 403


def test_a_look_at_the_page_is_noted(client, record, first):
    client.force_login(first)
    client.get(address("paper", record))

    assert Look.objects.filter(viewer=first.pk, subject=record.citizen_id).count() == 1


def test_the_list_of_exceptions_shows_what_was_confirmed_by_paper_with_excel(client, record, first, second):
    type_in(client, record, first)
    officer = make_officer(record.province)
    client.force_login(officer)
    listed = reverse("reports:extensions") + "?nam=2026"
    assert "Phiếu giấy đề ngày" not in words_of(client.get(listed))

    sign(client, record, second)
    client.force_login(officer)
    page = words_of(client.get(listed))
    assert f"Nguyễn Thị Hoa, {record.receipt_number}" in page
    assert "Nhập phiếu giấy Đề ngày 20/12/2026" in page
    assert "Phiếu giấy đề ngày 20/12/2026, nhập bởi Trần Thị Mai và Phạm Văn Ba." in page
    response = client.post(reverse("reports:extensions_export") + "?nam=2026")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert "Phiếu giấy đề ngày 20/12/2026, nhập bởi Trần Thị Mai và Phạm Văn Ba." in cells

    client.force_login(make_officer(make_province("Nghệ An")))
    assert "Nguyễn Thị Hoa" not in words_of(client.get(listed))


def test_the_centre_states_the_last_day_beside_the_windows(client, record):
    Window.objects.filter(step=WindowStep.PAPER).delete()
    client.force_login(make_officer(make_centre()))
    assert "Nhập phiếu giấy – Chưa đặt thời hạn." in words_of(client.get(reverse("assessments:deadlines")))

    given = {"opens_on": "05/01/2027", "last_day": "15/01/2027", "reason": "Vùng mất mạng.", "act": "save"}
    address = reverse("assessments:window", args=["TW", 2026, "cong-dan", "phieu-giay"])
    assert client.post(address, given).status_code == 302

    window = Window.objects.get(step=WindowStep.PAPER)
    assert (window.opens_at, window.closes_at) == (moment(2027, 1, 5), moment(2027, 1, 16))
