"""Many sent records at once, and what must be true of them whatever raced or failed."""

import datetime
from collections import Counter

from accounts.models import Message
from assessments import tally
from assessments.models import Assessment, Evidence, Score, State, Step, WindowStep
from audit import clock
from tests.factories import (
    make_campaign,
    make_citizen_with_account,
    make_confirmer,
    make_submitted_assessment,
    make_village,
)


class Mass:
    """Boards with a member each and citizens; `year` gives all of them a sent record of another year."""

    def __init__(self, boards, citizens):
        self.pattern = make_submitted_assessment()
        self.scores = list(Score.objects.filter(assessment=self.pattern))
        self.members = [make_confirmer(make_village()) for _ in range(boards)]
        bodies = [member.appointments.get().organization for member in self.members]
        self.homes = [
            (make_citizen_with_account(board=bodies[place % boards]), bodies[place % boards])
            for place in range(citizens)
        ]
        self.member_of = dict(zip((body.pk for body in bodies), self.members, strict=True))
        self.number = 2100

    def year(self):
        """The records of one more campaign, whose confirmation closes in an hour."""
        self.number += 1
        now = clock.now()
        hour = datetime.timedelta(hours=1)
        campaign = make_campaign(self.number, **{WindowStep.CONFIRMATION: (now - hour, now + hour)})
        records = Assessment.objects.bulk_create(self._record(campaign, *home) for home in self.homes)
        Score.objects.bulk_create(self._score(record, score) for record in records for score in self.scores)
        tally.change(tally.NOTHING, tally.of(records))
        return campaign, records

    def _record(self, campaign, citizen, board):
        pattern = self.pattern
        return Assessment(
            campaign=campaign,
            citizen=citizen,
            board=board,
            commune=board.parent,
            province=board.parent.parent,
            criteria_set=pattern.criteria_set,
            state=State.SUBMITTED,
            own_total=pattern.own_total,
            receipt_number=f"{campaign.year}-{citizen.pk}",
            registered_at=pattern.registered_at,
            saved_at=pattern.saved_at,
            submitted_at=pattern.submitted_at,
            version=pattern.version,
        )

    def _score(self, record, score):
        return Score(
            assessment=record, indicator=score.indicator, round=score.round, own_points=score.own_points
        )


def check_whole(campaign):
    """No record lost, none settled twice, one notice a person, counters equal to the records."""
    records = Assessment.objects.filter(campaign=campaign)
    ends = {State.CONFIRMED, State.UNCONFIRMED}
    assert set(records.values_list("state", flat=True)) <= ends
    settled = Counter(Step.objects.filter(assessment__in=records, state__in=ends).values_list("assessment"))
    assert settled == Counter((pk,) for pk in records.values_list("pk", flat=True))
    for record in records:
        assert record.steps.first().state == record.state
        told = Message.objects.filter(citizen=record.citizen, link=record.get_absolute_url())
        assert [each.key.rpartition(":")[0] for each in told] == [f"{record.state}:{record.pk}"]
        assert (record.confirmed_at is not None) is (record.state == State.CONFIRMED)
    check_counters(campaign)


def check_counters(campaign):
    for province in set(Assessment.objects.filter(campaign=campaign).values_list("province", flat=True)):
        assert list(tally.differences(campaign, province)) == []


def with_evidence(records):
    pieces = Evidence.objects.bulk_create(
        Evidence(assessment=record, kind="text", text="Giấy khen.") for record in records
    )
    for piece, record in zip(pieces, records, strict=True):
        piece.indicators.add(record.criteria_set.indicators[0])
    return records
