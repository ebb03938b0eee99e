"""A board's December on a telephone without JavaScript: from signing in to a list nobody waits in."""

import math
import re

import pytest
from playwright.sync_api import expect

from assessments import batches
from assessments.models import Assessment, Evidence, State
from audit import clock
from tests.assessments.masses import Mass
from tests.browsers import PHONE, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_PAGES = 12
PASSWORD = "hoc mai khong gia"


def everybody_is_ready(people):
    """The records of one board and year, each with a piece of evidence, and the board's one member."""
    mass = Mass(1, people)
    [member] = mass.members
    member.set_password(PASSWORD)
    member.save()
    mass.number = clock.today().year - 1
    _campaign, records = mass.year()
    pieces = Evidence.objects.bulk_create(
        Evidence(assessment=record, kind="text", text="Giấy khen.") for record in records
    )
    indicator = mass.pattern.criteria_set.indicators[0]
    through = Evidence.indicators.through
    through.objects.bulk_create(through(evidence=piece, criterion=indicator) for piece in pieces)
    return member


@pytest.mark.feature("B2", "B3")
@pytest.mark.parametrize("people", [205, pytest.param(2000, marks=pytest.mark.prove)])
def test_one_member_on_a_telephone_is_done_in_twelve_pages(new_page, people):
    member = everybody_is_ready(people)
    page, loaded = new_page(viewport=PHONE), []
    page.on(
        "response",
        lambda response: (
            loaded.append(response.url)
            if response.request.is_navigation_request() and not 300 <= response.status < 400
            else None
        ),
    )

    page.goto("/dang-nhap/")
    page.fill("[name=username]", member.username)
    page.fill("[name=password]", PASSWORD)
    follow(page.get_by_role("button", name="Đăng nhập"))
    follow(page.get_by_role("button", name="Xác nhận cả danh sách"))
    looks = math.ceil(batches.sample_size(people) / batches.LOOKED_AT_ONCE)
    for _page in range(looks):
        follow(page.get_by_role("button", name=re.compile("^Đã xem")))
    follow(page.get_by_role("button", name=re.compile("^Xác nhận .* người$")))
    # A long list is the worker's: one looks again whether it is done.
    page.goto(page.url)

    expect(page.get_by_role("status")).to_contain_text(f"Đã xác nhận {people:,} người".replace(",", "."))
    assert looks == 2
    assert len(loaded) <= MOST_PAGES, loaded
    records = Assessment.objects.of_boards_of(member)
    assert set(records.values_list("state", flat=True)) == {State.CONFIRMED}
