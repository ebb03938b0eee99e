"""The admin speaks Vietnamese: what Django would make of an English name of a field stands nowhere."""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_every_column_of_the_admin_has_a_vietnamese_head():
    own = {model: shown for model, shown in admin.site._registry.items() if model._meta.app_label != "axes"}

    english = [
        f"{model.__name__}.{name}"
        for model, shown in own.items()
        for name in shown.list_display
        if str(label_for_field(name, model, shown)).lower() == name.replace("_", " ")
    ]

    assert english == []


def test_the_first_page_of_the_admin_is_vietnamese_and_shows_no_groups(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))

    page = client.get("/quan-tri/").content.decode()

    assert "Trang quản trị" in page
    assert "Đăng nhập sai nhiều lần" in page
    assert "Các nhóm" not in page
