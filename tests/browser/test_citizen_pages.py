"""What the citizen's pages do more where the browser has JavaScript."""

import io
import re

import pytest
import segno
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from assessments import evidence
from assessments.models import WindowStep
from audit import clock
from tests.browsers import ARGUMENTS, CHROMIUM, follow
from tests.factories import (
    load_criteria,
    make_assessment,
    make_campaign,
    make_citizen_with_account,
    make_scored_assessment,
    open_campaign,
    open_window,
)

pytestmark = [pytest.mark.browser, pytest.mark.long_on_sqlite, pytest.mark.django_db(transaction=True)]

# A browser with these voices, which writes down what it is told to say.
VOICES = """languages => {
    window.said = [];
    const speech = {
        getVoices: () => languages.map(lang => ({lang, name: lang})),
        speak: words => window.said.push([words.lang, words.text]),
        cancel: () => window.said.push(["", "cancel"]),
    };
    Object.defineProperty(window, "speechSynthesis", {value: speech});
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };
}"""


def with_voices(page, *languages):
    page.add_init_script(f"({VOICES})({list(languages)})")
    return page


@pytest.mark.feature("A16")
def test_a_criterion_is_read_aloud_where_the_device_speaks_vietnamese(new_page, log_in, look):
    record = make_assessment()
    year = make_campaign(clock.today().year - 1, **{step: open_window() for step in WindowStep.values})
    before = make_scored_assessment(7, citizen=record.citizen, campaign=year)
    evidence.add(before, before.criteria_set.indicators[:1], by=record.citizen.user, text="Đọc ba cuốn sách.")
    address = reverse("assessments:section", args=[record.pk, "1"])
    page = with_voices(new_page(java_script_enabled=True), "en-US", "vi-VN")
    log_in(record.citizen.user, page)

    page.goto(address)
    first = page.locator("#chi-so-I\\.1\\.1")
    first.get_by_role("button", name="Nghe đọc").click()
    expect(first.get_by_role("button", name="Dừng đọc")).to_be_visible()
    told = page.evaluate("said")
    assert {language for language, _words in told[1:]} == {"vi-VN"}
    assert " ".join(words for _language, words in told[1:]).startswith("Chỉ số I.1.1")
    assert ["vi-VN", "Ví dụ chưa đủ:"] in told
    first.get_by_role("button", name="Dừng đọc").click()
    expect(first.get_by_role("button", name="Nghe đọc")).to_be_visible()
    assert page.evaluate("said").pop() == ["", "cancel"]
    first.get_by_text("Kể thế nào là đủ?").click()
    look(page, "section-aloud")

    page = with_voices(new_page(java_script_enabled=True), "en-US")
    log_in(record.citizen.user, page)
    page.goto(address)
    expect(page.get_by_role("heading", name="Chỉ số I.1.1")).to_be_visible()
    expect(page.get_by_role("button", name="Nghe đọc")).to_have_count(0)


def test_the_plan_of_the_year_and_an_answer_without_evidence_can_be_given_by_everyone(page, log_in, look):
    load_criteria()
    open_campaign()
    citizen = make_citizen_with_account()
    log_in(citizen.user)

    page.goto(reverse("assessments:register"))
    page.get_by_label("Học nghề").check()
    look(page, "register")
    follow(page.get_by_role("button", name="Đăng ký"))
    follow(page.get_by_role("link", name="Ghi việc định học"))
    follow(page.get_by_role("button", name="Đã học xong"))
    follow(page.get_by_role("button", name="Lưu vào kế hoạch"))  # nothing chosen: the error
    look(page, "plan")
    record = citizen.assessments.get()
    page.goto(reverse("assessments:evidence", args=[record.pk, "I.1.1"]))
    page.get_by_text("Kể việc đã học trong kế hoạch").click()
    follow(page.get_by_role("link", name="Học nghề"))
    expect(page.get_by_label("Kể bằng lời")).to_have_value(re.compile("Học nghề. Xong ngày"))
    page.get_by_text("Không có gì để đưa ra?").click()
    page.get_by_label("Kể bằng lời").fill("")
    page.get_by_label("Không có minh chứng vì…").fill("Giấy tờ bị lũ cuốn.")
    look(page, "evidence-none")
    follow(page.get_by_role("button", name="Lưu minh chứng"))
    expect(page.get_by_text("Không có minh chứng vì: Giấy tờ bị lũ cuốn.")).to_be_visible()


CARD = "042160000001|187654321|Đặng Thị Ánh|05091960|Nữ|Thôn Đông Hải, Thạch Khê, Hà Tĩnh|01012022"
DATES_WRONG = "042160000001|187654321|Đặng Thị Ánh|1960"


def picture_of(words):
    out = io.BytesIO()
    segno.make(words, error="m").save(out, kind="png", scale=8, border=4)
    return Image.open(out).convert("RGB")


def as_png(words):
    out = io.BytesIO()
    picture_of(words).save(out, "PNG")
    return {"name": "the.png", "mimeType": "image/png", "buffer": out.getvalue()}


def expect_the_card(page):
    expect(page.get_by_label("Số căn cước")).to_have_value("042160000001")
    expect(page.get_by_label("Họ và tên")).to_have_value("Đặng Thị Ánh")
    expect(page.get_by_label("Ngày sinh")).to_have_value("05/09/1960")
    expect(page.get_by_label("Nữ")).to_be_checked()
    expect(page.get_by_text("Đã điền theo thẻ.")).to_be_visible()


@pytest.mark.feature("A1")
def test_an_identity_card_fills_in_the_sign_up_on_the_device(browser, new_page, live_server, tmp_path, look):
    page = new_page(java_script_enabled=True)
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.goto(reverse("accounts:sign_up"))
    photo = page.get_by_label("Hoặc chọn ảnh chụp mặt thẻ có mã QR")
    photo.set_input_files(as_png(DATES_WRONG))
    expect(page.get_by_text("Chưa đọc được mã QR trong ảnh.")).to_be_visible()
    photo.set_input_files(as_png(CARD))
    expect_the_card(page)
    assert set(sent) == {"GET"}
    look(page, "sign-up-card")
    follow(page.get_by_role("button", name="Sang bước 2"))  # no telephone yet
    expect(page.get_by_label("Họ và tên")).to_have_value("Đặng Thị Ánh")

    # The same in front of a camera, which shows this film.
    film = tmp_path / "card.mjpeg"
    shot = io.BytesIO()
    scene = Image.new("RGB", (640, 480), "gray")
    scene.paste(picture_of(CARD).resize((400, 400)), (120, 40))
    scene.save(shot, "JPEG", quality=95)
    film.write_bytes(shot.getvalue() * 5)
    fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    filming = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, *fake, f"--use-file-for-fake-video-capture={film}"]
    )
    page = filming.new_context(base_url=live_server.url, permissions=["camera"]).new_page()
    page.goto(reverse("accounts:sign_up"))
    page.get_by_role("button", name="Quét mã QR trên thẻ").click()
    expect_the_card(page)
    expect(page.get_by_role("button", name="Thôi quét")).to_be_hidden()
    assert page.evaluate("document.querySelector('video').srcObject.active") is False
    filming.close()
