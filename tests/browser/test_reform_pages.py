import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reforms import carrying
from reforms.models import FileRow, ReformFile, RowState
from tests.browsers import follow
from tests.factories import make_citizen, make_village
from tests.reforms.trees import YEARS_AGO, new_commune, planned, settle_all, two_communes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.long_on_sqlite
def test_pages_of_reforms_fit_the_screen_and_are_accessible(page, log_in, look):
    province, officer, an, binh = two_communes()
    village = make_village("Nguyễn Thị Minh Khai", an, valid_from=YEARS_AGO)
    make_citizen("Nguyễn Hoàng Thị Phương Anh Thư", board=an)
    settle_all()
    news = (new_commune("Bắc An", "18011", province), new_commune("Nam An", "18012", province))
    split = planned("split", [an], new=news, children={village.code: "18011"}, organization=province)
    done = planned("rename", [binh], name="Bình Minh", organization=province)
    carrying.carry_out(done)
    file = ReformFile.objects.create(organization=province, by=officer, name="Sáp nhập xã.xlsx")
    row = {"cells": ["Nhập", "18001; 18002"], "state": RowState.BAD, "verdict": "Chưa ghi tên đơn vị mới."}
    FileRow.objects.create(file=file, number=2, **row)
    FileRow.objects.create(file=file, number=3, cells=["Đổi tên", "18001"], state=RowState.GOOD)
    pages = [
        reverse("reforms:files"),
        reverse("reforms:file", args=[file.pk]),
        reverse("reforms:index"),
        reverse("reforms:start", args=[village.code]),
        *(reverse("reforms:plan", args=[an.code, what]) for what in ("nhap", "chia", "chuyen")),
        split.get_absolute_url(),
        done.get_absolute_url(),
        reverse("organizations:detail", args=[binh.code]),
    ]
    log_in(officer)

    for path in pages:
        page.goto(path)
        look(page)
    carrying.carry_out(split)
    page.goto(split.get_absolute_url())
    follow(page.get_by_role("button", name="Lưu nơi của những người này"))
    expect(page.get_by_role("alert")).to_be_visible()
    look(page)
