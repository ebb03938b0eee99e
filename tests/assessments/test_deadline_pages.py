"""The pages of deadlines, extensions and outages, as officers use them and as strangers do not."""

import io

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from assessments import extensions, outages
from assessments.extensions import Wanted
from assessments.models import Extension, Outage, Window, WindowStep
from audit.models import Event
from criteria.models import Level
from tests.factories import (
    make_campaign,
    make_centre,
    make_confirmer,
    make_officer,
    make_province,
    make_submitted_assessment,
    moment,
)
from tests.pages import messages_of, words_of

pytestmark = pytest.mark.django_db

NOVEMBER, JANUARY = moment(2026, 11, 20, 9), moment(2027, 1, 3, 9)


@pytest.fixture(autouse=True)
def travel():
    with time_machine.travel(NOVEMBER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def record():
    return make_submitted_assessment(campaign=make_campaign(2026))


@pytest.fixture
def centre(record):
    return make_officer(make_centre())


@pytest.fixture
def province(record):
    return make_officer(record.province)


def confirmation(code="TW"):
    return reverse("assessments:window", args=[code, 2026, "cong-dan", "xac-nhan"])


NEW_WINDOW = {"opens_on": "01/10/2026", "last_day": "25/12/2026", "reason": "Họp ban chấp hành"}
NEW_EXTENSION = {
    "year": "2026",
    "level": "citizen",
    "steps": ["confirmation"],
    "opens_on": "03/01/2027",
    "last_day": "10/01/2027",
    "decision_number": "15/QĐ-HKH",
    "reason": "Bão làm mất điện",
}


# --- Windows --------------------------------------------------------------------------------------


@pytest.mark.feature("E1")
def test_the_centre_sees_before_and_after_and_saves(client, centre):
    client.force_login(centre)

    page = words_of(client.post(confirmation(), NEW_WINDOW | {"act": "check"}))
    assert "Trước Từ ngày 01/10/2026 đến hết ngày 31/12/2026 (thứ Năm)" in page
    assert "Sau Từ ngày 01/10/2026 đến hết ngày 25/12/2026 (thứ Sáu)" in page
    assert "Xác nhận khóa lúc hết ngày 25/12/2026 (thứ Sáu), mà đăng ký, tự chấm" in page
    assert not Event.objects.filter(verb="set_window").exists()

    response = client.post(confirmation(), NEW_WINDOW | {"act": "save"})
    assert response.status_code == 302
    assert messages_of(response) == [
        "Đã lưu thời hạn xác nhận. Trước: từ ngày 01/10/2026 đến hết ngày 31/12/2026 (thứ Năm). "
        "Nay: từ ngày 01/10/2026 đến hết ngày 25/12/2026 (thứ Sáu)."
    ]
    window = Window.objects.get(step=WindowStep.CONFIRMATION)
    assert window.closes_at == moment(2026, 12, 26)  # half-open: the 25th is the last day
    page = words_of(client.get(confirmation()))
    assert "Lê Văn Bình đặt thời hạn. Trước: từ ngày 01/10/2026 đến hết ngày 31/12/2026" in page
    assert "Họp ban chấp hành" in page


@pytest.mark.feature("E1")
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(client, centre):
    client.force_login(centre)

    response = client.post(confirmation(), NEW_WINDOW | {"last_day": "19/11/2026", "act": "save"})

    assert response.context["form"].errors == {
        "last_day": ["Ngày cuối đã qua. Chọn hôm nay hoặc một ngày sau."]
    }
    assert "Họp ban chấp hành" in response.content.decode()
    assert "19/11/2026" in response.content.decode()


@pytest.mark.feature("E1")
def test_what_has_closed_has_no_form(client, centre, travel):
    travel.move_to(JANUARY)
    client.force_login(centre)

    page = words_of(client.get(confirmation()))
    assert "Đã khóa lúc hết ngày 31/12/2026 (thứ Năm) nên không đổi được nữa. Lập gia hạn" in page
    assert "Lưu" not in page
    client.post(confirmation(), NEW_WINDOW | {"last_day": "20/01/2027", "act": "save"})
    assert Window.objects.get(step=WindowStep.CONFIRMATION).closes_at == moment(2027, 1, 1)


@pytest.mark.feature("E1")
def test_the_list_says_of_every_step_how_it_stands(client, centre):
    client.force_login(centre)

    page = words_of(client.get(reverse("assessments:deadlines")))

    assert "Đang mở đến hết ngày 31/12/2026 (thứ Năm), còn 41 ngày." in page
    for step in WindowStep:
        assert step.label.capitalize() in page
    other = words_of(client.get(reverse("assessments:deadlines") + "?danh-hieu=gia-dinh"))
    assert other.count("Chưa đặt thời hạn.") == len(WindowStep)
    assert client.get(reverse("assessments:deadlines") + "?danh-hieu=khac").status_code == 404


@pytest.mark.feature("E1")
def test_the_last_minute_of_a_lengthened_window_survives_another_change(client, centre):
    window = Window.objects.filter(step=WindowStep.CONFIRMATION)
    window.update(closes_at=moment(2027, 1, 1, 1, 30), lost_minutes=90)
    client.force_login(centre)
    shown = client.get(confirmation()).context["form"]["last_day"].value()

    client.post(confirmation(), NEW_WINDOW | {"last_day": shown, "provinces_may": "on", "act": "save"})

    window = window.get()
    assert (window.closes_at, window.lost_minutes) == (moment(2027, 1, 1, 1, 30), 90)
    assert window.provinces_may


def statuses(client, user, addresses):
    client.force_login(user)
    return {address: client.get(address).status_code for address in addresses}


@pytest.mark.feature("E1")
def test_who_opens_which_page(client, record, centre, province):
    own, stranger = confirmation(record.province.code), make_officer(make_province("Nghệ An"))
    place = reverse("assessments:extend_place", args=[record.board.code])
    of_record = reverse("assessments:extend_record", args=[record.pk])
    general = [reverse("assessments:deadlines"), reverse("assessments:extend")]
    of_centre = [
        confirmation(),
        reverse("assessments:outages"),
        reverse("assessments:give_back", args=[2026, "cong-dan"]),
    ]

    assert set(statuses(client, centre, [*general, *of_centre, place, of_record]).values()) == {200}
    assert statuses(client, centre, [own]) == {own: 404}
    assert set(statuses(client, province, [*general, own, place, of_record]).values()) == {200}
    assert list(statuses(client, province, of_centre).values()) == [404, 403, 403]
    assert set(statuses(client, stranger, general).values()) == {200}
    assert set(statuses(client, stranger, [own, place, of_record]).values()) == {404}
    for user in (make_confirmer(record.board), make_officer(record.commune), record.citizen.user):
        assert set(statuses(client, user, general).values()) == {403}
        assert set(statuses(client, user, [own, place, of_record, confirmation()]).values()) == {404}


# --- Extensions -----------------------------------------------------------------------------------


@pytest.mark.feature("E4")
def test_a_province_extends_a_place_found_by_its_name(client, record, province, travel):
    travel.move_to(JANUARY)
    client.force_login(province)
    found = client.get(reverse("assessments:extend"), {"name": "dong hai"})
    address = reverse("assessments:extend_place", args=[record.board.code])
    assert address in found.content.decode()

    page = words_of(client.post(address, NEW_EXTENSION | {"act": "check"}))
    assert "Từ ngày 03/01/2027 đến hết ngày 10/01/2027 (Chủ nhật)" in page
    assert not Extension.objects.exists()

    response = client.post(address, NEW_EXTENSION | {"act": "save"}, follow=True)
    extension = Extension.objects.get()
    assert (extension.organization, extension.approved_by) == (record.board, province)
    page = words_of(response)
    assert "Đã lưu gia hạn cho Thôn Đông Hải" in page
    assert "Bão làm mất điện" in page
    assert "Số 15/QĐ-HKH, Lê Văn Bình duyệt lúc 09:00, 03/01/2027" in page
    client.post(address, NEW_EXTENSION | {"act": "save"})
    assert Extension.objects.count() == 1


@pytest.mark.feature("E5")
def test_a_province_reopens_a_record_found_by_its_receipt_number(client, record, province, travel):
    travel.move_to(JANUARY)
    client.force_login(province)
    address = reverse("assessments:extend_record", args=[record.pk])
    assert client.get(reverse("assessments:extend"), {"receipt": record.receipt_number}).url == address
    assert address in client.get(reverse("assessments:board_detail", args=[record.pk])).content.decode()

    client.post(address, NEW_EXTENSION | {"steps": ["self_assessment", "confirmation"], "act": "save"})

    assert set(Extension.objects.values_list("assessment", "step")) == {
        (record.pk, "self_assessment"),
        (record.pk, "confirmation"),
    }


@pytest.mark.feature("E5")
def test_a_receipt_number_elsewhere_is_not_found(client, record, travel):
    client.force_login(make_officer(make_province("Nghệ An")))

    response = client.get(reverse("assessments:extend"), {"receipt": record.receipt_number})

    assert response.context["form"].errors == {
        "receipt": ["Không thấy hồ sơ có số biên nhận này ở nơi bạn phụ trách."]
    }


@pytest.mark.feature("E4")
def test_what_lacks_is_said_beside_the_field(client, record, province, travel):
    travel.move_to(JANUARY)
    client.force_login(province)
    address = reverse("assessments:extend_place", args=[record.board.code])

    form = client.post(
        address,
        NEW_EXTENSION | {"last_day": "02/01/2027", "reason": "", "steps": [], "act": "save"},
    ).context["form"]
    assert set(form.errors) == {"reason", "steps"}

    form = client.post(address, NEW_EXTENSION | {"last_day": "02/01/2027", "act": "save"}).context["form"]
    assert form.errors == {"last_day": ["Ngày cuối không thể trước ngày mở."]}
    assert not Extension.objects.exists()


def extended(record, by):
    return extensions.grant(
        Wanted(
            record,
            record.campaign,
            Level.CITIZEN,
            WindowStep.CONFIRMATION,
            moment(2027, 1, 3),
            moment(2027, 1, 11),
            "Bão làm mất điện",
            "15/QĐ-HKH",
        ),
        by=by,
    )


@pytest.mark.feature("E4")
def test_board_and_citizen_read_that_it_is_open_again_and_why(client, record, province, travel):
    travel.move_to(JANUARY)
    extended(record, province)
    why = "Mở lại theo quyết định số 15/QĐ-HKH, lý do: “Bão làm mất điện”."

    client.force_login(make_confirmer(record.board))
    assert why in words_of(client.get(reverse("assessments:board_detail", args=[record.pk])))
    client.force_login(record.citizen.user)
    assert why in words_of(client.get(record.get_absolute_url()))


@pytest.mark.feature("E4")
def test_the_reports_list_every_extension_below_with_excel(client, record, province, travel):
    travel.move_to(JANUARY)
    extended(record, province)
    address = reverse("reports:extensions") + "?nam=2026"

    for reader in (province, make_officer(record.commune)):
        client.force_login(reader)
        page = words_of(client.get(address))
        assert "Nguyễn Thị Hoa, " + record.receipt_number in page
        assert "Đang mở" in page
    client.force_login(make_officer(make_province("Nghệ An")))
    assert "Chưa có gia hạn nào." in words_of(client.get(address))
    assert client.get(f"{address}&to-chuc={record.board.code}").status_code == 404

    client.force_login(province)
    response = client.post(reverse("reports:extensions_export") + "?nam=2026")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert {"Bão làm mất điện", "15/QĐ-HKH", "Xác nhận", "Đang mở"} <= set(cells)
    travel.move_to(moment(2027, 1, 12))
    client.force_login(province)
    assert "Đã hết" in words_of(client.get(address))


@pytest.mark.feature("E4")
def test_an_extension_is_ended_early_from_the_list_and_the_list_says_why(client, record, province, travel):
    travel.move_to(JANUARY)
    extension = extended(record, province)
    listed = reverse("reports:extensions") + "?nam=2026"
    address = reverse("assessments:end_extension", args=[extension.pk])
    client.force_login(make_officer(record.commune))
    assert address not in client.get(listed).content.decode()
    assert client.get(address).status_code == client.post(address).status_code == 404

    client.force_login(province)
    assert address in client.get(listed).content.decode()
    assert client.post(address, {"reason": ""}).context["form"].errors.keys() == {"reason"}
    for _click in range(2):
        response = client.post(address, {"reason": "Điện đã có lại"})
        assert response.status_code == 302
    assert messages_of(response)[-1] == "Đã kết thúc sớm gia hạn cho Nguyễn Thị Hoa."
    page = words_of(client.get(listed))
    assert "Đã kết thúc sớm" in page
    assert "Bão làm mất điện. Kết thúc sớm, lý do: “Điện đã có lại”." in page
    assert address not in client.get(listed).content.decode()
    client.force_login(make_officer(record.province))
    assert "Gia hạn này đã hết." in words_of(client.get(address))


@pytest.mark.feature("E3")
def test_the_provinces_figures_say_that_the_closing_is_not_recorded(client, province, travel):
    travel.move_to(JANUARY)
    client.force_login(province)

    assert "Việc đóng chưa được ghi nhận." in words_of(client.get(reverse("reports:summary")))


@pytest.mark.feature("E8")
def test_the_pages_say_both_whether_it_was_sent_on_time_and_whether_it_is_locked(
    client, record, province, travel
):
    travel.move_to(JANUARY)
    both = "Gửi đúng hạn. Đã khóa."
    client.force_login(make_confirmer(record.board))
    assert both in words_of(client.get(reverse("assessments:board_detail", args=[record.pk])))
    assert both in words_of(client.get(reverse("assessments:board_queue") + "?year=2026"))
    client.force_login(record.citizen.user)
    assert both in words_of(client.get(record.get_absolute_url()))
    client.force_login(province)
    assert both in words_of(client.get(reverse("reports:list") + "?nam=2026"))


# --- Outages --------------------------------------------------------------------------------------


@pytest.mark.feature("M6")
def test_an_outage_stands_on_every_page_until_its_end(client, centre, travel):
    client.force_login(centre)
    response = client.post(
        reverse("assessments:outages"),
        {"begins_on": "20/11/2026", "begins_hour": "8 giờ 30", "words": "Cổng chậm, đang sửa."},
    )
    assert response.status_code == 302
    outage = Outage.objects.get()
    assert (outage.begins_at, outage.ends_at) == (moment(2026, 11, 20, 8, 30), None)
    client.logout()
    assert "Cổng chậm, đang sửa." in words_of(client.get("/huong-dan/"))

    client.force_login(centre)
    client.post(
        reverse("assessments:outage_end", args=[outage.pk]),
        {"ends_on": "20/11/2026", "ends_hour": "09:15", "words": "Cổng chậm, đang sửa."},
    )
    travel.move_to(moment(2026, 11, 20, 9, 16))
    assert "Cổng chậm" not in words_of(client.get("/huong-dan/"))


@pytest.mark.feature("M6")
def test_an_end_before_the_beginning_is_a_fault_of_its_field(client, centre):
    client.force_login(centre)

    response = client.post(
        reverse("assessments:outages"),
        {
            "begins_on": "20/11/2026",
            "begins_hour": "8:30",
            "ends_on": "20/11/2026",
            "ends_hour": "7h",
            "words": "Cổng chậm",
        },
    )

    assert response.context["form"].errors == {"ends_hour": ["Lúc hết không thể trước lúc bắt đầu."]}
    assert not Outage.objects.exists()


@pytest.mark.feature("E12")
def test_the_centre_gives_the_lost_minutes_back_once(client, centre, travel):
    travel.move_to(moment(2026, 12, 31, 22))
    outages.record(
        begins_at=moment(2026, 12, 31, 20), ends_at=moment(2026, 12, 31, 21), words="Hỏng", by=centre
    )
    client.force_login(centre)
    address = reverse("assessments:give_back", args=[2026, "cong-dan"])
    assert address in client.get(reverse("assessments:outages")).content.decode()
    assert "1 giờ ngày 01/01/2027 (thứ Sáu)" in words_of(client.get(address))

    decision = {"decision_number": "16/QĐ-HKH", "reason": "Máy chủ hỏng"}
    assert messages_of(client.post(address, decision)) == ["Đã cộng thời gian gián đoạn vào 5 thời hạn."]
    assert "Không còn phút gián đoạn nào chưa cộng." in messages_of(client.post(address, decision))

    assert set(Window.objects.values_list("closes_at", flat=True)) == {moment(2027, 1, 1, 1)}
