"""Sent on time and locked are two notions: every pair of them occurs."""

import pytest
import time_machine

from assessments import closing, on_time, workflow
from assessments.models import Extension, WindowStep
from criteria.models import Level
from tests.factories import (
    make_campaign,
    make_confirmer,
    make_scored_assessment,
    make_submitted_assessment,
    make_user,
    moment,
    reload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("E8")]

NOVEMBER, JANUARY = moment(2026, 11, 1), moment(2027, 1, 3)


def at(when):
    return time_machine.travel(when, tick=False)


@pytest.fixture
def draft():
    with at(NOVEMBER):
        return make_scored_assessment(campaign=make_campaign(2026))


def extend(record, step):
    Extension.objects.create(
        campaign=record.campaign,
        level=Level.CITIZEN,
        step=step,
        assessment=record,
        opens_at=JANUARY,
        closes_at=moment(2027, 1, 11),
        reason="Lũ",
        decision_number="15",
        approved_by=make_user(),
    )


def said(record, when):
    with at(when):
        return on_time.words(reload(record))


def test_a_draft(draft):
    assert said(draft, NOVEMBER) == "Chưa gửi. Chưa khóa."
    assert said(draft, JANUARY) == "Chưa gửi. Đã khóa."


def test_sent_on_time(draft):
    with at(NOVEMBER):
        workflow.submit(draft, by=draft.citizen.user)

    assert said(draft, NOVEMBER) == "Gửi đúng hạn. Chưa khóa."
    assert said(draft, JANUARY) == "Gửi đúng hạn. Đã khóa."


def test_before_confirmation_begins_what_was_sent_is_not_locked():
    with at(moment(2026, 9, 1)):
        record = make_submitted_assessment(campaign=make_campaign(2026))

    assert said(record, moment(2026, 9, 2)) == "Gửi đúng hạn. Chưa khóa."


def test_sent_in_an_extension(draft):
    extend(draft, WindowStep.SELF_ASSESSMENT)
    extend(draft, WindowStep.CONFIRMATION)
    assert said(draft, JANUARY) == "Chưa gửi. Chưa khóa."
    with at(JANUARY):
        workflow.submit(draft, by=draft.citizen.user)

    assert said(draft, JANUARY) == "Gửi trong thời gian gia hạn. Chưa khóa."
    assert said(draft, moment(2027, 1, 11)) == "Gửi trong thời gian gia hạn. Đã khóa."


def test_confirmed_in_time_and_locked_with_the_window():
    with at(NOVEMBER):
        record = make_submitted_assessment(campaign=make_campaign(2026))
        workflow.confirm(record, by=make_confirmer(record.board))

    assert said(record, moment(2026, 12, 31, 23, 59)) == "Gửi đúng hạn. Chưa khóa."
    assert said(record, moment(2027, 1, 1)) == "Gửi đúng hạn. Đã khóa."


def test_what_the_closing_settled_is_locked():
    with at(NOVEMBER):
        record = make_submitted_assessment(campaign=make_campaign(2026))
    closing.lock_confirmation(JANUARY)

    assert said(record, JANUARY) == "Gửi đúng hạn. Đã khóa."


def test_a_list_costs_two_questions_for_each_year(django_assert_num_queries):
    with at(NOVEMBER):
        campaign = make_campaign(2026)
        records = [make_submitted_assessment(campaign=campaign) for _count in range(3)]

        with django_assert_num_queries(2):
            told = on_time.of(records)

    assert set(told.values()) == {"Gửi đúng hạn. Chưa khóa."}
