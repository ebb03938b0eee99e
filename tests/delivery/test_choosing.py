import pytest
from django.urls import reverse

from audit.models import Event
from delivery import choosing
from tests.factories import make_citizen_with_account
from tests.pages import messages_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I1")]
PAGE = reverse("delivery:channels")


def test_a_person_switches_channels_off_and_on(client):
    user = make_citizen_with_account().user
    client.force_login(user)
    assert PAGE in client.get(reverse("accounts:profile")).content.decode()
    assert client.get(PAGE).content.decode().count(" checked") == 2

    response = client.post(PAGE, {}, follow=True)
    assert messages_of(response) == ["Đã lưu. Tin luôn nằm ở mục Tin nhắn trên cổng."]
    assert choosing.wanted_by(user) == []

    for _ in range(2):
        client.post(PAGE, {"channels": ["email"]})
    assert choosing.wanted_by(user) == ["email"]
    chosen = Event.objects.filter(verb="choose_channels").order_by("pk").values_list("old", "new")
    assert list(chosen) == [("sms,email", ""), ("", "email")]


def test_a_channel_that_is_not_offered_is_refused(client):
    user = make_citizen_with_account().user
    client.force_login(user)

    assert client.post(PAGE, {"channels": ["none"]}).status_code == 200
    assert choosing.wanted_by(user) == ["sms", "email"]
