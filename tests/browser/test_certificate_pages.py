"""From the decision to the paper and its check, for each title, in a browser without JavaScript."""

import subprocess
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role
from criteria.models import Level
from recognitions import certificates, codes
from recognitions.models import Recognition
from tests.browsers import follow
from tests.factories import (
    appoint,
    make_citizen_with_account,
    make_clan,
    make_commune,
    make_confirmed_assessment,
    make_confirmed_group_assessment,
    make_confirmer,
    make_decision,
    make_head,
    make_household,
    make_officer,
    make_recognition,
    make_unit,
    make_user,
    make_village,
    open_campaign,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Nguyễn Phước Tường Quỳnh Ỷ Lan Ngữ Ễn Thượng Khuyển Đỗ Ẩn Ỵ"


def of_groups(village, campaign):
    """(who speaks for it, its recognition) of each title of groups."""
    commune = village.parent
    head = make_head(make_household(village, name="Hộ bà Nguyễn Thị Phương Anh"))
    clan, unit, elder = make_clan(commune=commune), make_unit(parent=commune), make_user("Nguyễn Văn Thọ")
    appoint(elder, clan, Role.REPRESENTATIVE)
    for level, subject, speaker in [
        (Level.FAMILY, head.household, head.user),
        (Level.CLAN, clan, elder),
        (Level.COMMUNITY, village, make_confirmer(village)),
        (Level.UNIT, unit, make_confirmer(unit)),
    ]:
        record = make_confirmed_group_assessment(level, subject, by=speaker, campaign=campaign)
        yield speaker, make_recognition(record)


def scanned(path, tmp_path):
    """Where the QR of a downloaded certificate leads on this server."""
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-png", path, tmp_path / "page"], check=True)
    (picture,) = tmp_path.glob("page*.png")
    told = subprocess.run(
        ["zbarimg", "--quiet", "--raw", picture], capture_output=True, check=True, text=True
    )
    picture.unlink()
    return urlsplit(told.stdout.strip()).path


@pytest.mark.feature("H1", "H2", "H4")
def test_each_title_from_the_decision_to_the_check_of_its_paper(page, new_page, log_in, look, tmp_path):
    campaign, village = open_campaign(), make_village(commune=make_commune())
    citizen = make_citizen_with_account(LONG, board=village)
    record = make_confirmed_assessment(citizen=citizen, campaign=campaign)
    people = [(citizen.user, make_recognition(record)), *of_groups(village, campaign)]
    anybody = new_page()
    for number, (holder, recognition) in enumerate(people):
        see = look if number == 0 else lambda page, name="": None
        title = recognition.decision.get_level_display()
        log_in(holder)
        page.goto(reverse("recognitions:mine"))
        see(page, "danh-hieu-cua-toi")
        follow(page.get_by_role("link", name=title))
        see(page, "giay-cua-toi")
        with page.expect_download() as given:
            page.get_by_role("link", name="Tải giấy chứng nhận (PDF)").click()
        anybody.goto(scanned(given.value.path(), tmp_path))
        expect(anybody.get_by_role("status")).to_contain_text("Giấy này có thật và còn hiệu lực")
        expect(anybody.get_by_role("status")).to_contain_text(recognition.holder_name)
        expect(anybody.get_by_role("status")).to_contain_text(title)
        see(anybody, "kiem-tra-quet")
    assert {recognition.decision.level for _holder, recognition in people} == set(Level.values)


@pytest.mark.feature("H2", "H3", "H5")
def test_the_association_prints_revokes_and_corrects_and_anybody_sees_it(page, new_page, log_in, look):
    village = make_village()
    decision = make_decision([make_confirmed_assessment(board=village) for _each in range(2)])
    first, second = decision.recognitions.order_by("pk")
    log_in(make_officer(decision.issuer))

    page.goto(reverse("recognitions:decision", args=[decision.pk]))
    follow(page.get_by_role("link", name="In giấy chứng nhận"))
    look(page, "giay-cua-quyet-dinh")
    follow(page.get_by_role("button", name="In giấy 1 đến 2"))
    certificates.work(decision.printings.get().pk)
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("Đã xong")
    look(page, "dang-in")

    page.goto(first.get_absolute_url())
    follow(page.get_by_role("link", name="Thu hồi danh hiệu"))
    page.get_by_label("Số quyết định thu hồi").fill("15/QĐ-HKH")
    follow(page.get_by_role("button", name="Thu hồi danh hiệu"))
    expect(page.get_by_role("alert")).to_contain_text("Chưa ghi lý do")
    expect(page.get_by_label("Số quyết định thu hồi")).to_have_value("15/QĐ-HKH")
    look(page, "thu-hoi-loi")
    page.get_by_label("Ngày quyết định").fill(f"{first.valid_from:%d/%m/%Y}")
    page.get_by_label("Lý do").fill("Khai sai minh chứng.")
    follow(page.get_by_role("button", name="Thu hồi danh hiệu"))
    expect(page.get_by_text("Danh hiệu này đã bị thu hồi")).to_be_visible()
    look(page, "giay-bi-thu-hoi")

    page.goto(second.get_absolute_url())
    follow(page.get_by_role("link", name="Cấp lại giấy vì ghi sai"))
    look(page, "cap-lai")
    page.get_by_label("Tên ghi trên giấy mới").fill("Nguyễn Thị Hòa")
    page.get_by_label("Lý do").fill("Sai dấu.")
    follow(page.get_by_role("button", name="Cấp lại giấy chứng nhận"))
    expect(page.get_by_text("Đã cấp lại.")).to_be_visible()

    anybody = new_page()
    anybody.goto(reverse("recognitions:check"))
    look(anybody, "kiem-tra")
    for typed, told, name in [
        (first.code, "Giấy này đã bị thu hồi", "kiem-tra-thu-hoi"),
        (second.code, "đã được thay bằng giấy mới", "kiem-tra-thay"),
        (codes.new_code(), "Cổng không có giấy nào mang mã này", "kiem-tra-khong-co"),
        (Recognition.objects.standing().get().code, "Giấy này có thật", "kiem-tra-that"),
    ]:
        anybody.get_by_label("Mã in cạnh hình vuông").fill(codes.in_groups(typed).lower())
        follow(anybody.get_by_role("button", name="Kiểm tra"))
        expect(anybody.locator(".check-result")).to_contain_text(told)
        look(anybody, name)
    follow(anybody.get_by_role("link", name="Kiểm tra hình vuông khi không có mạng"))
    look(anybody, "khoa")


@pytest.mark.feature("H3")
def test_a_link_to_the_own_titles_is_made_and_withdrawn(page, new_page, log_in, look):
    citizen = make_citizen_with_account("Nguyễn Thị Hoa", board=make_village())
    make_recognition(make_confirmed_assessment(citizen=citizen))
    log_in(citizen.user)
    page.goto(reverse("assessments:mine"))
    follow(page.get_by_role("link", name="Danh hiệu đã được công nhận, giấy chứng nhận"))
    follow(page.get_by_role("button", name="Tạo liên kết chia sẻ"))
    look(page, "da-chia-se")
    address = page.locator("a[href*='/danh-hieu-cua/']").get_attribute("href")

    anybody = new_page()
    anybody.goto(address)
    expect(anybody.get_by_role("heading", name="Danh hiệu của Nguyễn Thị Hoa")).to_be_visible()
    look(anybody, "danh-hieu-cua-nguoi-khac")
    follow(page.get_by_role("button", name="Ngừng chia sẻ"))
    assert anybody.goto(address).status == 404
