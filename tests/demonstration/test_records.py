"""Records written in bulk against the same ones walked step by step."""

import datetime

import pytest
import time_machine

from assessments import closing, workflow
from assessments.models import Assessment, State
from assessments.workflow import Change
from audit import events
from audit.models import Event
from demonstration import lives, plans, records
from demonstration.lives import Happening, Year
from demonstration.people import Board, Seat
from tests.factories import (
    appoint,
    load_criteria,
    make_campaign,
    make_citizen_with_account,
    make_commune,
    make_province,
    make_user,
    make_village,
    moment,
)

YEAR = Year(moment(2026, 1, 1), moment(2026, 10, 1), moment(2027, 1, 1), moment(2026, 11, 22))
MOMENTS = {
    "registered": moment(2026, 3, 5, 8),
    "scored": moment(2026, 3, 9, 20),
    "submitted": moment(2026, 9, 9, 19),
    "returned": moment(2026, 10, 7, 9),
    "answered": moment(2026, 10, 9, 19, 30),
    "confirmed": moment(2026, 11, 3, 10),
}


def tell(record):
    """All that was written of a record, without keys and hashes."""
    row = {name: getattr(record, name) for name in (field.attname for field in Assessment._meta.fields)}
    for of_one in ("id", "citizen_id", "receipt_number"):
        del row[of_one]
    scores = record.scores.order_by("round", "indicator__position").values_list(
        "indicator__code",
        "round",
        "own_points",
        "own_passed",
        "confirmed_points",
        "confirmed_passed",
        "reason",
        "changed_by",
    )
    by_citizen = record.citizen.user_id
    told = Event.objects.filter(subject=record.citizen_id).order_by("sequence")
    return {
        "row": row,
        "scores": list(scores),
        "steps": list(
            record.steps.order_by("at", "pk").values_list("state", "at", "by__appointments", "reason")
        ),
        "events": [
            (
                one.stream,
                one.verb,
                one.at,
                one.actor == by_citizen,
                one.object_type,
                one.old,
                one.new,
                events.private_of(one),
            )
            for one in told
        ],
        "messages": [
            (message.subject, message.body.replace(record.receipt_number, ""), message.at)
            for message in record.citizen.messages.order_by("at", "pk")
        ],
    }


def make_board():
    village = make_village(commune=make_commune(province=make_province(code="42")))
    member = make_user("Trần Thị Mai")
    appoint(member, village)
    return village, member


@pytest.mark.django_db
def test_bulk_leaves_what_the_workflow_would_have_left():
    load_criteria()
    village, member = make_board()
    campaign = make_campaign(2026)
    walked, bulk = (make_citizen_with_account(board=village) for _citizen in range(2))
    form = plans.forms_in_force(MOMENTS["registered"])["I"]
    first = {code: form.rules.maxima[code] - 1 for code in form.rules.maxima}
    second = first | {"I.2.1": first["I.2.1"] - 1}
    change = {"I.3.2": Change(first["I.3.2"] - 2, "Theo sổ ký tên.")}
    reason = "Thiếu minh chứng chỉ số I.2.1."

    def at(name):
        return time_machine.travel(MOMENTS[name], tick=False)

    with at("registered"):
        record = workflow.register(walked, campaign, group="I", by=walked.user)
    with at("scored"):
        workflow.save_scores(record, first, by=walked.user)
    with at("submitted"):
        workflow.submit(record, by=walked.user)
    with at("returned"):
        workflow.send_back(record, by=member, reason=reason)
    with at("answered"):
        workflow.save_scores(record, second, by=walked.user)
        workflow.submit(record, by=walked.user)
    with at("confirmed"):
        workflow.confirm(record, by=member, changes=change)

    board = Board(village, village.parent.parent, [], seats=[Seat(member)])
    plan = plans.Plan(
        citizen=bulk,
        board=board,
        form=form,
        life=[
            Happening(State.REGISTERED, MOMENTS["registered"]),
            Happening(State.SUBMITTED, MOMENTS["submitted"]),
            Happening(State.RETURNED, MOMENTS["returned"], by_board=True),
            Happening(State.SUBMITTED, MOMENTS["answered"]),
            Happening(State.CONFIRMED, MOMENTS["confirmed"], by_board=True),
        ],
        rounds=[first, second],
        scored_at=MOMENTS["scored"],
        changes=change,
        reason=reason,
        confirmer=member,
    )
    [written] = records.write([plan], campaign, YEAR, lives.Random(1), tells_own_scores=True)

    written = Assessment.objects.get(pk=written.pk)
    assert tell(written) == tell(Assessment.objects.get(pk=record.pk))
    assert written.receipt_number == workflow.receipt_number(written)


@pytest.mark.django_db
@pytest.mark.parametrize("sends", [False, True])
def test_bulk_leaves_what_the_closing_would_have_left(sends):
    load_criteria()
    village, member = make_board()
    campaign = make_campaign(2025)
    walked, bulk = (make_citizen_with_account(board=village) for _citizen in range(2))
    registered, scored, submitted = moment(2025, 3, 5), moment(2025, 3, 9), moment(2025, 9, 9)
    form = plans.forms_in_force(registered)["I"]
    given = {code: form.rules.maxima[code] for code in list(form.rules.maxima)[: 10 if sends else 4]}
    with time_machine.travel(registered, tick=False):
        record = workflow.register(walked, campaign, group="I", by=walked.user)
    with time_machine.travel(scored, tick=False):
        workflow.save_scores(record, given, by=walked.user)
    if sends:
        with time_machine.travel(submitted, tick=False):
            workflow.submit(record, by=walked.user)
    over = moment(2026, 1, 1)
    with time_machine.travel(over, tick=False):
        closing.lock_confirmation(over)

    life = [Happening(State.REGISTERED, registered)]
    life += [Happening(State.SUBMITTED, submitted)] if sends else []
    plan = plans.Plan(
        citizen=bulk,
        board=Board(village, village.parent.parent, [], seats=[Seat(member)]),
        form=form,
        life=life,
        rounds=[given],
        scored_at=scored,
        confirmer=member,
    )
    frame = Year(moment(2025, 1, 1), moment(2025, 10, 1), over, over + datetime.timedelta(days=30))
    [written] = records.write([plan], campaign, frame, lives.Random(1), tells_own_scores=True)

    written, record = (Assessment.objects.get(pk=one.pk) for one in (written, record))
    for one in (written, record):
        one.receipt_number = one.receipt_number or "-"
    assert tell(written) == tell(record)
