"""Setting windows: who may, what is refused, what it leaves behind."""

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from assessments import deadlines, windows
from assessments.deadlines import Place, Terms
from assessments.models import Window, WindowStep
from assessments.workflow import Refused
from audit import events
from audit.models import Event
from criteria.models import Level
from tests.factories import (
    make_campaign,
    make_centre,
    make_commune,
    make_confirmer,
    make_officer,
    make_province,
    moment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("E1")]

OPENS, CLOSES = moment(2026, 10, 1), moment(2027, 1, 1)


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel(moment(2026, 11, 20, 9), tick=False):
        yield


@pytest.fixture
def campaign():
    return make_campaign(2026)


@pytest.fixture
def centre(campaign):
    return make_officer(make_centre())


def place_of(body, campaign, step=WindowStep.CONFIRMATION, level=Level.CITIZEN):
    return Place(body, campaign, level, step)


def nation(campaign, **at):
    return place_of(make_centre(), campaign, **at)


def let_provinces(campaign, by):
    return deadlines.set_window(
        nation(campaign), Terms(OPENS, CLOSES, provinces_may=True), by=by, reason="QĐ 12"
    )


def test_the_centre_moves_the_end_and_leaves_an_event_with_both_and_the_reason(campaign, centre):
    window = deadlines.set_window(
        nation(campaign), Terms(OPENS, moment(2026, 12, 26)), by=centre, reason="Họp ban chấp hành"
    )

    assert (window.opens_at, window.closes_at) == (OPENS, moment(2026, 12, 26))
    event = Event.objects.get(verb="set_window")
    assert (event.actor, event.object_id, event.stream) == (centre.pk, window.pk, make_centre().pk)
    assert event.old == "từ ngày 01/10/2026 đến hết ngày 31/12/2026 (thứ Năm)"
    assert event.new == "từ ngày 01/10/2026 đến hết ngày 25/12/2026 (thứ Sáu)"
    assert events.private_of(event) == {"reason": "Họp ban chấp hành"}


def test_a_second_click_changes_nothing_and_leaves_no_second_event(campaign, centre):
    for _click in range(2):
        deadlines.set_window(nation(campaign), Terms(OPENS, moment(2026, 12, 26)), by=centre, reason="Họp")

    assert Event.objects.filter(verb="set_window").count() == 1


def test_the_centre_sets_a_window_of_another_title(campaign, centre):
    family = nation(campaign, level=Level.FAMILY)

    window = deadlines.set_window(
        family, Terms(moment(2026, 11, 1), moment(2027, 3, 1)), by=centre, reason="QĐ 5"
    )

    assert Window.objects.in_effect(WindowStep.CONFIRMATION, campaign, Level.FAMILY, None) == window


@pytest.mark.parametrize("travelled", [CLOSES, moment(2027, 2, 1)])
def test_what_has_closed_is_moved_back_by_nobody(campaign, centre, travelled):
    with (
        time_machine.travel(travelled, tick=False),
        pytest.raises(Refused, match="không đổi được nữa"),
    ):
        deadlines.set_window(nation(campaign), Terms(OPENS, moment(2027, 3, 1)), by=centre, reason="Muộn")

    assert nation(campaign).own.closes_at == CLOSES


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(OPENS, moment(2026, 11, 20)), "closes_at"),  # yesterday was the last day
        (Terms(moment(2026, 9, 1), CLOSES), "opens_at"),
        (Terms(moment(2026, 12, 1), CLOSES), "opens_at"),
        (Terms(moment(2027, 1, 2), CLOSES), "closes_at"),
    ],
)
def test_neither_the_past_nor_an_opening_that_was_is_changed(campaign, centre, terms, field):
    assert list(deadlines.faults(nation(campaign), terms, moment(2026, 11, 20, 9))) == [field]
    with pytest.raises(Refused):
        deadlines.set_window(nation(campaign), terms, by=centre, reason="Thử")
    assert not Event.objects.filter(verb="set_window").exists()


def test_today_may_become_the_last_day(campaign, centre):
    window = deadlines.set_window(
        nation(campaign), Terms(OPENS, moment(2026, 11, 21)), by=centre, reason="Gấp"
    )

    assert window.is_open(moment(2026, 11, 20, 23, 59))


def test_a_province_sets_its_own_only_where_the_centre_lets_it(campaign, centre):
    province = make_province()
    officer = make_officer(province)
    shorter = Terms(OPENS, moment(2026, 12, 16))
    with pytest.raises(Refused, match="cho cả nước"):
        deadlines.set_window(place_of(province, campaign), shorter, by=officer, reason="Tổng kết sớm")

    let_provinces(campaign, centre)
    deadlines.set_window(place_of(province, campaign), shorter, by=officer, reason="Tổng kết sớm")

    assert windows.of_campaign(WindowStep.CONFIRMATION, campaign, province).closes_at == moment(2026, 12, 16)
    assert (
        windows.of_campaign(WindowStep.CONFIRMATION, campaign, make_province("Nghệ An")).closes_at == CLOSES
    )


def test_a_province_is_never_longer_than_the_nation(campaign, centre):
    province = make_province()
    let_provinces(campaign, centre)

    with pytest.raises(Refused, match="tỉnh không đặt dài hơn"):
        deadlines.set_window(
            place_of(province, campaign),
            Terms(OPENS, moment(2027, 1, 2)),
            by=make_officer(province),
            reason="Thêm một ngày",
        )

    assert not Window.objects.filter(province=province).exists()


def test_the_nation_does_not_shrink_below_what_a_province_has_set(campaign, centre):
    province = make_province()
    let_provinces(campaign, centre)
    deadlines.set_window(
        place_of(province, campaign),
        Terms(OPENS, moment(2026, 12, 16)),
        by=make_officer(province),
        reason="Tổng kết",
    )

    with pytest.raises(Refused, match="Tỉnh Hà Tĩnh đã đặt riêng"):
        deadlines.set_window(
            nation(campaign), Terms(OPENS, moment(2026, 12, 11), True), by=centre, reason="Sớm hơn"
        )


def test_nobody_sets_the_window_of_another_body(campaign, centre):
    province = make_province()
    let_provinces(campaign, centre)
    terms = Terms(OPENS, moment(2026, 12, 16))
    strangers = [
        make_officer(make_province("Nghệ An")),
        make_officer(make_commune(province=province)),
        make_confirmer(province),  # a member of the province's board holds no office
        centre,  # sets the nation's, and leaves a province's to the province
    ]

    for stranger in strangers:
        with pytest.raises(PermissionDenied):
            deadlines.set_window(place_of(province, campaign), terms, by=stranger, reason="Thử")
    with pytest.raises(PermissionDenied):
        deadlines.set_window(nation(campaign), terms, by=make_officer(province), reason="Thử")


def test_a_change_says_why(campaign, centre):
    with pytest.raises(Refused, match="lý do"):
        deadlines.set_window(nation(campaign), Terms(OPENS, moment(2026, 12, 26)), by=centre, reason=" ")


EARLIER = moment(2026, 12, 21)


@pytest.mark.parametrize(
    ("step", "ends", "said"),
    [
        (WindowStep.CONFIRMATION, EARLIER, "mà đăng ký, tự chấm, bổ sung hồ sơ bị trả lại khóa muộn hơn"),
        (WindowStep.CONFIRMATION, CLOSES, ""),
        (WindowStep.SELF_ASSESSMENT, moment(2027, 1, 11), "mà tự chấm khóa muộn hơn"),
        (WindowStep.SELF_ASSESSMENT, EARLIER, ""),
        (WindowStep.CONTEST, moment(2027, 1, 11), ""),
    ],
)
def test_who_sets_a_window_is_warned_of_sending_that_outlasts_the_confirmation(campaign, step, ends, said):
    warning = deadlines.warning(nation(campaign, step=step), Terms(OPENS, ends))

    assert said in warning
    assert bool(warning) == bool(said)
