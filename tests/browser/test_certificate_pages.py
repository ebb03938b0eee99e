"""What becomes of the papers of a decision, and what anybody sees of it, in a browser without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from recognitions import certificates, codes
from recognitions.models import Recognition
from tests.browsers import follow
from tests.factories import (
    make_citizen_with_account,
    make_confirmed_assessment,
    make_decision,
    make_officer,
    make_recognition,
    make_village,
)

pytestmark = [pytest.mark.browser, pytest.mark.long_on_sqlite, pytest.mark.django_db(transaction=True)]


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
