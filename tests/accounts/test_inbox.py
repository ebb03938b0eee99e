import pytest
from django.urls import reverse

from accounts.models import Message
from audit import clock
from tests.factories import make_citizen_with_account, make_officer, make_province
from tests.pages import messages_of

pytestmark = pytest.mark.django_db


def tell(citizen=None, user=None, subject="Đã gửi hồ sơ", **fields):
    key = f"test:{Message.objects.count()}"
    return Message.objects.create(
        citizen=citizen, user=user, key=key, subject=subject, **({"body": "Số biên nhận"} | fields)
    )


@pytest.fixture
def citizen(client):
    citizen = make_citizen_with_account()
    client.force_login(citizen.user)
    return citizen


def inbox(client, **parameters):
    return client.get(reverse("accounts:inbox"), parameters)


@pytest.mark.feature("I2")
def test_the_inbox_holds_what_was_told_to_the_person_and_to_the_account(client, citizen):
    first = tell(citizen=citizen, at=clock.now(), link="/danh-hieu/")
    second = tell(user=citizen.user, subject="Tin cho tài khoản")
    tell(citizen=make_citizen_with_account("Người khác"), subject="Tin của người khác")

    response = inbox(client)

    assert list(response.context["page"]) == [second, first]
    assert response.context["unread"] == 2
    page = response.content.decode()
    assert page.count("Chưa đọc") == 2
    assert '<a href="/danh-hieu/">' in page
    assert "Tin của người khác" not in page


def test_an_empty_inbox_says_what_will_stand_there(client, citizen):
    assert "Chưa có tin nào." in inbox(client).content.decode()


def test_looking_marks_nothing_as_read(client, citizen):
    tell(citizen=citizen)
    inbox(client)

    assert Message.objects.unread().count() == 1


@pytest.mark.feature("I2")
def test_a_notice_is_marked_as_read_once_and_keeps_its_moment(client, citizen):
    message, other = tell(citizen=citizen), tell(citizen=citizen)
    url = reverse("accounts:message_read", args=[message.pk])

    assert client.post(url).url == reverse("accounts:inbox")
    message.refresh_from_db()
    read_at = message.read_at
    client.post(url)
    message.refresh_from_db()
    other.refresh_from_db()

    assert read_at is not None
    assert (message.read_at, other.read_at) == (read_at, None)


def test_all_are_marked_as_read_but_those_of_others(client, citizen):
    tell(citizen=citizen)
    tell(user=citizen.user)
    foreign = tell(citizen=make_citizen_with_account("Người khác"))

    response = client.post(reverse("accounts:inbox_read_all"), follow=True)

    assert list(Message.objects.unread()) == [foreign]
    assert messages_of(response) == ["Đã đánh dấu mọi tin là đã đọc."]


def test_a_notice_of_another_person_is_not_there(client, citizen):
    foreign = tell(citizen=make_citizen_with_account("Người khác"))

    assert client.post(reverse("accounts:message_read", args=[foreign.pk])).status_code == 404
    assert Message.objects.unread().count() == 1


@pytest.mark.parametrize("name", ["message_read", "inbox_read_all"])
def test_a_link_alone_marks_nothing(client, citizen, name):
    message = tell(citizen=citizen)
    arguments = [message.pk] if name == "message_read" else []

    assert client.get(reverse(f"accounts:{name}", args=arguments)).status_code == 405


def test_the_inbox_is_turned_by_pages_of_twenty(client, citizen):
    for number in range(21):
        tell(citizen=citizen, subject=f"Tin {number}")

    assert len(inbox(client).context["page"]) == 20
    assert [message.subject for message in inbox(client, page=2).context["page"]] == ["Tin 0"]
    assert inbox(client, page="x").context["page"].number == 1


def test_an_officer_has_an_inbox(client):
    officer = make_officer(make_province())
    tell(user=officer)
    client.force_login(officer)

    assert inbox(client).context["unread"] == 1


@pytest.mark.parametrize("count", [1, 15])
def test_the_inbox_costs_the_same_for_one_as_for_fifteen(
    client, citizen, django_assert_max_num_queries, count
):
    for _ in range(count):
        tell(citizen=citizen)

    with django_assert_max_num_queries(9):
        inbox(client)
