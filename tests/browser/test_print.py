"""What people put on a wall or into a folder: as the printer gets it, on A4."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse

from tests.factories import (
    load_criteria,
    make_citizen,
    make_citizen_with_account,
    make_confirmed_assessment,
    make_confirmer,
    make_submitted_assessment,
    make_village,
    open_campaign,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long_on_sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils"),
]

LONG_NAME = "Công Tằng Tôn Nữ Thị Quỳnh Nguyễn Hoàng Phương Khánh Ngọc Ái Vân"
OF_THE_SCREEN = ["Đăng xuất", "Mục lục", "Đang đăng nhập", "Tương phản", "Tìm", "Lọc"]


@pytest.fixture
def on_paper(page, tmp_path):
    """Print a page, or what stands on it now; the letters of each sheet. SHOTS=folder keeps it."""

    def print_out(name, address=""):
        if address:
            page.goto(address)
        file = Path(os.environ.get("SHOTS", tmp_path)) / f"{name}.pdf"
        page.pdf(path=file, format="A4")
        said = subprocess.run(
            ["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True
        )
        return ["".join(sheet.split()) for sheet in said.stdout.split("\f")[:-1]]

    return print_out


def holds(sheets, *words):
    """Nothing of the screen's is on paper, and these words are; of spaces a PDF knows nothing for sure."""
    text = "".join(sheets)
    assert [word for word in OF_THE_SCREEN if word.replace(" ", "") in text] == []
    assert [word for word in words if word.replace(" ", "") not in text] == []


@pytest.mark.feature("A15")
def test_what_goes_on_a_wall_or_into_a_folder_is_printed_without_the_screen_s_parts(page, log_in, on_paper):
    load_criteria()
    campaign, village = open_campaign(), make_village()
    member = make_confirmer(village)
    person = make_citizen_with_account(LONG_NAME, board=village)
    record = make_confirmed_assessment(citizen=person, campaign=campaign, by=member)
    for number in range(40):
        make_citizen(f"Nguyễn Thị Hoàng Phương Thảo {number:02}", board=village, phone="", email="")
    waiting = make_citizen_with_account("Trần Thị Bình", board=village)
    make_submitted_assessment(citizen=waiting, campaign=campaign)

    log_in(person.user)
    receipt = on_paper("bien-nhan", reverse("assessments:receipt", args=[record.pk]))
    holds(receipt, LONG_NAME, record.receipt_number)
    holds(on_paper("ho-so", reverse("assessments:detail", args=[record.pk])), LONG_NAME)
    holds(on_paper("huong-dan", reverse("portal:help_citizen")), "Làm hồ sơ của mình")

    log_in(member)
    listed = on_paper("danh-sach", reverse("people:list", args=[village.code]))
    assert len(listed) > 1
    holds(listed, LONG_NAME, "Nguyễn Thị Hoàng Phương Thảo 39")
    assert all("Họvàtên" in sheet for sheet in listed)  # the heading of the table stands on each
    holds(on_paper("hang-cho", reverse("assessments:board_queue")), "Trần Thị Bình")
    holds(on_paper("ho-so-ban", reverse("assessments:board_detail", args=[record.pk])), LONG_NAME)

    page.goto(reverse("accounts:slips", args=[village.code]))
    page.locator("button[name=next]").click()
    page.get_by_text("phiếu. In trang này").wait_for()
    slips = on_paper("phieu-nhan")
    assert all(slips)  # none is empty
    holds(slips, *[f"Nguyễn Thị Hoàng Phương Thảo {number:02}" for number in range(40)])
