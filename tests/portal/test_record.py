import pytest
from django.urls import reverse

from audit import sealing
from audit.models import Check, CheckState, Event
from tests.factories import make_centre, make_confirmed_assessment, make_officer, make_province, make_user
from tests.pages import html_of, words_of

pytestmark = pytest.mark.django_db

PAGE, CHECK = reverse("portal:record"), reverse("portal:record_check")


@pytest.fixture
def centre(client):
    user = make_officer(make_centre())
    client.force_login(user)
    return user


@pytest.mark.feature("L2")
def test_the_centre_starts_a_check_and_reads_its_result(client, centre):
    make_confirmed_assessment()
    read = Event.objects.count() + 1  # that it was asked for is an event too

    page = client.post(CHECK, follow=True)

    assert f"Đã đọc {read} dòng" in words_of(page)
    assert Event.objects.get(verb="check").actor == centre.pk


def test_a_second_click_starts_no_second_check(client, centre):
    Check.objects.create(asked_at="2026-12-31T00:00Z", state=CheckState.RUNNING, read=3, expected=10)

    page = client.post(CHECK, follow=True)

    assert Check.objects.count() == 1
    assert "Đã đọc 3 trên 10 dòng." in words_of(page)


def test_the_faults_found_are_named_on_the_page(client, centre):
    Check.objects.create(
        asked_at="2026-12-31T00:00Z",
        finished_at="2026-12-31T00:10Z",
        state=CheckState.DONE,
        found=1,
        faults="Chuỗi 7, việc số 5: bị xóa.\n",
    )

    page = words_of(client.get(PAGE))

    assert "Nhật ký có 1 lỗi" in page
    assert "Chuỗi 7, việc số 5: bị xóa." in page


@pytest.mark.parametrize(
    ("user", "status"),
    [
        (lambda: make_officer(make_province()), 403),
        (lambda: make_user("Quản trị", is_staff=True, is_superuser=True), 200),
    ],
)
def test_only_the_centre_and_administrators_see_the_page(client, user, status):
    client.force_login(user())

    assert client.get(PAGE).status_code == status


@pytest.mark.feature("L2")
def test_the_newest_seal_stands_on_a_page_for_everybody(client):
    make_confirmed_assessment()
    seal = sealing.seal_yesterday()

    assert seal.hash in html_of(client.get(reverse("portal:help")))
