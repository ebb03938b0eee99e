"""Each way to write a record, as found in the code, writes while its window is open and never else."""

import contextlib
import datetime
import itertools
from dataclasses import dataclass

import pytest
import time_machine
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessments import batches, evidence, learning, progress, tasks, workflow
from assessments.models import (
    Asked,
    Assessment,
    Batch,
    BatchRow,
    BatchState,
    CriteriaMove,
    Extension,
    Outcome,
    ReviewStage,
    State,
    Window,
    WindowStep,
)
from assessments.models.assessment import JUDGED_STATES
from audit import clock
from audit.models import Event
from criteria.models import Group, Level
from sheets import codes
from sheets.codes import SheetCode
from tests.assessments import write_paths
from tests.factories import (
    full_marks,
    load_chains,
    load_criteria,
    make_campaign,
    make_citizen,
    make_citizen_with_account,
    make_confirmer,
    make_group_set,
    make_head,
    make_household,
    make_returned_assessment,
    make_scored_assessment,
    make_submitted_assessment,
    make_user,
    moment,
    state_paper_days,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("E1", "E2")]

OPENS, CLOSES = moment(2026, 10, 1), moment(2027, 1, 1)
TICK = datetime.timedelta(microseconds=1)
ALL_YEAR = (moment(2026, 1, 1), moment(2027, 12, 31))
OVER = (moment(2026, 1, 1), moment(2026, 2, 1))
EDGES = [OPENS - TICK, OPENS, CLOSES - TICK, CLOSES]
NONE = None  # where no record is needed
# Of a group: no record yet; a family's that waits at the first link of its chain; and that link has ended.
NO_VILLAGE, NO_FAMILY, FAMILY, FAMILY_ENDED = "no village", "no family", "family", "family ended"
OF_GROUPS = [NO_VILLAGE, NO_FAMILY, FAMILY, FAMILY_ENDED]
PAPER_DAY = datetime.date(2026, 1, 20)  # in OVER
ON_PAPER = [State.UNCONFIRMED, "typed"]
DRAFTS = {WindowStep.SELF_ASSESSMENT: State.REGISTERED, WindowStep.ANSWER: State.RETURNED}


# --- What the paths are tried on ------------------------------------------------------------------


@dataclass
class Scene:
    """One record (or a citizen who has none), its board's members, and a browser."""

    campaign: object
    record: object
    citizen: object
    member: object
    other: object

    level: str = Level.CITIZEN

    @property
    def user(self):
        return self.citizen.user

    @property
    def household(self):
        return self.citizen.household

    @property
    def indicator(self):
        return self.record.criteria_set.indicators[0]

    @property
    def piece(self):
        return self.record.evidence.first()

    @property
    def planned(self):
        return self.record.learning.first()

    def post(self, by, name, *args, room="assessments", **typed):
        client = Client()
        client.force_login(by)
        return client.post(reverse(f"{room}:{name}", args=args), typed)

    def chosen(self):
        return {"person": f"{self.record.pk}:{self.record.version}"}

    def points(self, points):
        return {f"score-{each.code}": str(points) for each in self.record.criteria_set.indicators}


def begin(state):
    """The scene in the middle of a year in which everything may be done."""
    if state in OF_GROUPS:
        return begin_group(state)
    campaign = make_campaign(2026, **dict.fromkeys(WindowStep.values, ALL_YEAR))
    if state in ON_PAPER:
        state_paper_days(campaign, *ALL_YEAR)
    if state is NONE:
        load_criteria()
        citizen, record = make_citizen_with_account(), None
    else:
        make = {State.REGISTERED: make_scored_assessment, State.RETURNED: make_returned_assessment}
        record = make.get(state, make_submitted_assessment)(campaign=campaign)
        citizen = record.citizen
    board = citizen.board
    scene = Scene(campaign, record, citizen, make_confirmer(board), make_confirmer(board))
    if state in DRAFTS.values():
        evidence.add(record, [scene.indicator], by=scene.user, text="Giấy khen.")
        learning.plan(record, "online", by=scene.user)
        record.refresh_from_db()
    return scene


def begin_group(state):
    """The same for the record of a household, which village and commune judge; or of a village."""
    head = make_head(make_household())
    campaign = make_campaign(2026)
    load_chains()
    level, scope = (Level.COMMUNITY, "village") if state == NO_VILLAGE else (Level.FAMILY, "")
    make_group_set(level, scope)
    campaign.windows.update(opens_at=ALL_YEAR[0], closes_at=ALL_YEAR[1])
    record = None
    if state in (FAMILY, FAMILY_ENDED):
        record = workflow.register_group(head.household, level, campaign, by=head.user)
        workflow.save_scores(record, full_marks(record, 45), by=head.user)
        workflow.submit(record, by=head.user)
    members = make_confirmer(head.village), make_confirmer(head.village)
    return Scene(campaign, record, head, *members, level)


def come_to(scene, state, at):
    """The steps which must lie in the same time as the one that is tried."""
    if state == FAMILY_ENDED:
        ReviewStage.objects.filter(pk=scene.record.stage_id).update(valid_to=OVER[1].date())
    with time_machine.travel(min(max(at, OPENS), CLOSES - TICK), tick=False):
        if state in ON_PAPER:
            confirmation = scene.campaign.windows.filter(step=WindowStep.CONFIRMATION)
            confirmation.update(opens_at=OVER[0], closes_at=OVER[1], closed_at=OVER[1])
            Assessment.objects.filter(pk=scene.record.pk).update(
                state=State.UNCONFIRMED, closed_from=State.SUBMITTED
            )
            scene.record.refresh_from_db()
        if state == "typed":
            type_paper(scene, by=scene.other)
        if state in (State.CONFIRMED, "contested"):
            workflow.confirm(scene.record, by=scene.member)
        if state == "contested":
            workflow.contest(scene.record, {scene.indicator.code: "Xem lại."}, by=scene.user)


# --- The paths ------------------------------------------------------------------------------------


def batch(scene, state=BatchState.RUNNING):
    """A batch of the one record, as the member read it."""
    made = Batch.objects.create(
        board=scene.record.board, campaign=scene.campaign, by=scene.member, seed=1, state=state
    )
    made.rows.create(assessment=scene.record, version=scene.record.version, outcome="achieved")
    return made


def review(scene):
    change = workflow.Change(full_marks(scene.record, 5)[scene.indicator.code], "Có giấy.")
    workflow.review(scene.record, {scene.indicator.code: change}, by=scene.other)


def own(scene):
    return workflow.own_scores(scene.record).get(scene.indicator.code)


def type_paper(scene, by):
    scene.record.refresh_from_db()
    workflow.type_paper(scene.record, {}, dated_on=PAPER_DAY, by=by)


def begin_helping(scene):
    asked = {"asked": Asked.IN_PERSON, "reason": "Mắt kém", "group": Group.I}
    return workflow.begin_helping(scene.citizen, scene.campaign, by=scene.member, **asked)


def post_sheet(scene):
    """A sheet of paper, typed in on its page."""
    code = codes.written(SheetCode(scene.citizen.pk, scene.campaign.year, Group.I))
    client = Client()
    client.force_login(scene.member)
    typed = {"numbers": "5 " * 10, "dated_on": "20/01/2026", "replace": "on"}
    return client.post(reverse("sheets:sheet", args=[code]), typed)


def one(scene):
    return [(scene.record, scene.record.version)]


def changed_form(scene):
    """The record came to another version, and its citizen has not looked at it."""
    form = scene.record.criteria_set
    CriteriaMove.objects.create(assessment=scene.record, from_set=form, to_set=form, at=clock.now())
    return scene.record


def part(scene):
    return progress.of(scene.record).parts[0].section.code


def of_draft(act):
    return [(step, state, act) for step, state in DRAFTS.items()]


def of_board(act, state=State.SUBMITTED):
    return [(WindowStep.CONFIRMATION, state, act)]


STEPS = {
    "assessments.workflow.citizen.register": [
        (
            WindowStep.REGISTRATION,
            NONE,
            lambda s: workflow.register(s.citizen, s.campaign, group=Group.I, by=s.user),
        )
    ],
    "assessments.workflow.citizen.change_group": of_draft(
        lambda s: workflow.change_group(s.record, group=Group.III, by=s.user)
    ),
    "assessments.workflow.citizen.save_scores": of_draft(
        lambda s: workflow.save_scores(s.record, full_marks(s.record, 5), by=s.user)
    ),
    "assessments.workflow.citizen.save_answer": of_draft(
        lambda s: workflow.save_answer(s.record, s.indicator.code, 6, seen=own(s), by=s.user)
    ),
    "assessments.workflow.citizen.touch_draft": of_draft(lambda s: workflow.touch_draft(s.record, by=s.user)),
    "assessments.workflow.citizen.submit": of_draft(lambda s: workflow.submit(s.record, by=s.user)),
    "assessments.workflow.citizen.withdraw": [
        (WindowStep.SELF_ASSESSMENT, State.SUBMITTED, lambda s: workflow.withdraw(s.record, by=s.user))
    ],
    "assessments.workflow.revised.look_at_criteria": of_draft(
        lambda s: workflow.look_at_criteria(changed_form(s), {}, by=s.user)
    ),
    "assessments.workflow.citizen.register_for": [(WindowStep.REGISTRATION, NONE, begin_helping)],
    "assessments.workflow.helping.begin_helping": [
        (WindowStep.REGISTRATION, NONE, begin_helping),
        *of_draft(begin_helping),
    ],
    "assessments.workflow.board.confirm": of_board(lambda s: workflow.confirm(s.record, by=s.member)),
    "assessments.workflow.board.confirm_many": of_board(lambda s: workflow.confirm_many(one(s), by=s.member)),
    "assessments.workflow.board.send_back": of_board(
        lambda s: workflow.send_back(s.record, by=s.member, reason="Sửa.")
    ),
    "assessments.workflow.board.undo": of_board(
        lambda s: workflow.undo(s.record, by=s.member), State.CONFIRMED
    ),
    "assessments.workflow.board.undo_many": of_board(
        lambda s: workflow.undo_many(one(s), by=s.member), State.CONFIRMED
    ),
    "assessments.workflow.many.confirm_as_read": of_board(
        lambda s: workflow.confirm_as_read(
            {s.record.pk: workflow.Read(s.record.version, "achieved")}, by=s.member
        )
    ),
    "assessments.batches.work": of_board(lambda s: batches.work(batch(s).pk)),
    "assessments.workflow.contesting.contest": [
        (
            WindowStep.CONTEST,
            State.CONFIRMED,
            lambda s: workflow.contest(s.record, {s.indicator.code: "Xem lại."}, by=s.user),
        )
    ],
    "assessments.workflow.contesting.review": [(WindowStep.CONTEST, "contested", review)],
    "assessments.workflow.papers.type_paper": [
        (WindowStep.PAPER, State.UNCONFIRMED, lambda s: type_paper(s, s.member))
    ],
    "assessments.workflow.papers.sign_paper": [
        (WindowStep.PAPER, "typed", lambda s: workflow.sign_paper(s.record, by=s.member))
    ],
    "assessments.workflow.groups.register_group": [
        (
            WindowStep.REGISTRATION,
            NO_FAMILY,
            lambda s: workflow.register_group(s.household, Level.FAMILY, s.campaign, by=s.user),
        )
    ],
    "assessments.workflow.groups.send_on": of_board(
        lambda s: workflow.send_on(s.record, by=s.member), FAMILY
    ),
    "assessments.workflow.groups.pass_over": of_board(lambda s: workflow.pass_over(s.record), FAMILY_ENDED),
    "assessments.workflow.groups.pass_over_ended": of_board(
        lambda s: workflow.pass_over_ended(), FAMILY_ENDED
    ),
    "assessments.evidence.add": of_draft(
        lambda s: evidence.add(s.record, [s.indicator], by=s.user, text="Bằng tốt nghiệp.")
    ),
    "assessments.evidence.share": of_draft(
        lambda s: evidence.share(s.piece, s.record.criteria_set.indicators[1], by=s.user)
    ),
    "assessments.evidence.carry_over": of_draft(
        lambda s: evidence.carry_over(s.record, s.record.criteria_set.indicators[1], [s.piece], by=s.user)
    ),
    "assessments.learning.plan": of_draft(lambda s: learning.plan(s.record, "course", by=s.user)),
    "assessments.learning.tick": of_draft(lambda s: learning.tick(s.planned, is_done=True, by=s.user)),
    "assessments.learning.take_off": of_draft(lambda s: learning.take_off(s.planned, by=s.user)),
    "assessments.evidence.drop": of_draft(lambda s: evidence.drop(s.piece, s.indicator, by=s.user)),
}
VIEWS = {
    "assessments.tasks.pass_over_ended": of_board(lambda s: tasks.pass_over_ended(), FAMILY_ENDED),
    "groups.views.own.household": [
        (
            WindowStep.REGISTRATION,
            NO_FAMILY,
            lambda s: s.post(s.user, "household", s.household.pk, room="groups"),
        )
    ],
    "groups.views.own.organization": [
        (
            WindowStep.REGISTRATION,
            NO_VILLAGE,
            lambda s: s.post(s.member, "organization", s.citizen.board.code, room="groups"),
        )
    ],
    "groups.views.villages.village": [
        (
            WindowStep.REGISTRATION,
            NO_FAMILY,
            lambda s: s.post(s.member, "village", s.household.village.code, room="groups", ho=s.household.pk),
        )
    ],
    "groups.views.judging.review": [
        case
        for typed in ({"act": "send-on"}, {"act": "return", "reason": "Sửa."})
        for case in of_board(
            lambda s, typed=typed: s.post(
                s.member, "review", s.record.pk, room="groups", version=s.record.version, **typed
            ),
            FAMILY,
        )
    ],
    "assessments.tasks.work_on_batch": of_board(lambda s: tasks.work_on_batch(batch(s).pk)),
    "assessments.tasks.take_up_batches": of_board(lambda s: (batch(s), tasks.take_up_batches())),
    "assessments.views.batches.batch": of_board(
        lambda s: s.post(s.member, "batch", batch(s, BatchState.READY).pk, act="confirm")
    ),
    "assessments.views.citizen.register": [
        (WindowStep.REGISTRATION, NONE, lambda s: s.post(s.user, "register", group="I"))
    ],
    "assessments.views.helping.begin": [
        (
            WindowStep.REGISTRATION,
            NONE,
            lambda s: s.post(
                s.member, "help_begin", s.citizen.pk, asked="in_person", reason="Mắt kém", group="I"
            ),
        ),
        *of_draft(
            lambda s: s.post(s.member, "help_begin", s.citizen.pk, asked="in_person", reason="Mắt kém")
        ),
    ],
    "assessments.views.citizen.change_group": of_draft(
        lambda s: s.post(s.user, "change_group", s.record.pk, group="III")
    ),
    "assessments.views.citizen.section": of_draft(
        lambda s: s.post(s.user, "section", s.record.pk, part(s), version=s.record.version, **s.points(5))
    ),
    "assessments.views.citizen.changed_criteria": of_draft(
        lambda s: s.post(s.user, "changed_criteria", changed_form(s).pk, version=s.record.version)
    ),
    "assessments.views.citizen.submit": of_draft(
        lambda s: s.post(s.user, "submit", s.record.pk, saved_at=s.record.saved_at.isoformat())
    ),
    "assessments.views.citizen.withdraw": [
        (WindowStep.SELF_ASSESSMENT, State.SUBMITTED, lambda s: s.post(s.user, "withdraw", s.record.pk))
    ],
    "sheets.views.typing.sheet": [
        (WindowStep.REGISTRATION, NONE, post_sheet),
        (WindowStep.SELF_ASSESSMENT, NONE, post_sheet),
        *of_draft(post_sheet),
    ],
    "assessments.views.learning.plan": of_draft(
        lambda s: s.post(s.user, "learning", s.record.pk, form="reading", what="Nuôi gà")
    ),
    "assessments.views.evidence.add": of_draft(
        lambda s: s.post(s.user, "evidence", s.record.pk, s.indicator.code, text="Bằng tốt nghiệp.")
    ),
    "assessments.views.evidence.share": of_draft(
        lambda s: s.post(
            s.user,
            "evidence_share",
            s.record.pk,
            s.record.criteria_set.indicators[1].code,
            s.piece.pk,
        )
    ),
    "assessments.views.evidence.drop": of_draft(
        lambda s: s.post(s.user, "evidence_drop", s.record.pk, s.indicator.code, s.piece.pk)
    ),
    "assessments.views.board.board_batch": of_board(lambda s: s.post(s.member, "board_batch", **s.chosen())),
    "assessments.views.board.board_detail": [
        *of_board(
            lambda s: s.post(
                s.member, "board_detail", s.record.pk, act="confirm", version=s.record.version, **s.points(8)
            )
        ),
        *of_board(
            lambda s: s.post(
                s.member,
                "board_detail",
                s.record.pk,
                act="return",
                version=s.record.version,
                reason="Sửa.",
                **s.points(8),
            )
        ),
    ],
    "assessments.views.board.board_undo": of_board(
        lambda s: s.post(s.member, "board_undo", s.record.pk, **s.chosen()), State.CONFIRMED
    ),
    "assessments.views.board.board_undo_batch": of_board(
        lambda s: s.post(s.member, "board_undo_batch", **s.chosen()), State.CONFIRMED
    ),
    "assessments.views.papers.paper": [
        (
            WindowStep.PAPER,
            State.UNCONFIRMED,
            lambda s: s.post(
                s.member,
                "paper",
                s.record.pk,
                version=s.record.version,
                dated_on="20/01/2026",
                **s.points(8),
            ),
        )
    ],
    "assessments.views.papers.paper_sign": [
        (WindowStep.PAPER, "typed", lambda s: s.post(s.member, "paper_sign", s.record.pk, **s.chosen()))
    ],
    "assessments.views.contest.contest": [
        (
            WindowStep.CONTEST,
            State.CONFIRMED,
            lambda s: s.post(s.user, "contest", s.record.pk, **{f"reason-{s.indicator.code}": "Xem lại."}),
        )
    ],
    "assessments.views.contest.review_contest": [
        (
            WindowStep.CONTEST,
            "contested",
            lambda s: s.post(
                s.other,
                "review_contest",
                s.record.pk,
                version=s.record.version,
                **{f"score-{s.indicator.code}": "5", f"reason-{s.indicator.code}": "Có giấy."},
            ),
        )
    ],
}
# What writes, but takes no step of a record within a window; and with it all that writes by it alone.
BESIDE = {
    "assessments.workflow.helping.stop_helping": "who helps leaves off: the record stays",
    "assessments.workflow.helping.take_over": "the same, as the person says",
    "assessments.workflow.helping.refuse_help": "the person's word at any time: test_helping.py",
    "assessments.closing.lock_confirmation": "settles what nobody judged: it judges nothing, below",
    "assessments.closing.close_window": "the same",
    "assessments.tally.change": "counters alone",
    "assessments.tally.recount": "the same",
    "assessments.workflow.reopening.reopen": "opens by an extension alone, while that is open",
    "assessments.workflow.recognising.recognise": "by a decision, after the closing: the judgement stays",
    "assessments.workflow.recognising.end_recognition": "the same",
    "assessments.releases.release": "that the result may be seen: it stays",
    "assessments.releases.hold": "the same",
    "assessments.releases.end_hold": "the same",
    "assessments.releases.tell_of_end": "the same",
    "assessments.deadlines.set_window": "a window itself, and none that has ended: test_deadlines.py",
    "assessments.extensions.grant": "an extension itself, from now on: test_extensions.py",
    "assessments.extensions.grant_all": "the same",
    "assessments.extensions.end": "ends one, and opens nothing: test_extensions.py",
    "assessments.outages.give_back": "windows, until the closing is recorded: test_outages.py",
    "assessments.outages.record": "an outage alone",
    "assessments.outages.end": "the same",
    "assessments.workflow.citizen.set_own_total": "what a draft comes to, within the step that wrote it",
    "assessments.workflow.groups.keep_answer": "what a body said, within the step it says it in",
    "assessments.workflow.groups.recount_people": "what its list gives a group's drafts: sent records stay",
    "assessments.shares.recount": "shares counted beside the records: test_shares.py",
    "assessments.shares.recount_all": "the same",
    "assessments.shares.recount_of": "the same",
    "assessments.totals.check_and_tell": "compares records, and notes what differs: test_totals.py",
    "assessments.chain_data.load": "chains and windows that are missing; what is there stays",
    "assessments.looking_ahead.refresh": "counts what boards will not get done: records stay",
    "assessments.reminders.send": "notices, and which were sent",
    "assessments.standing_in.begin": "a seat on a board: what is done from it, the board's steps do",
    "assessments.standing_in.end": "the same",
    "assessments.batches.begin": "reads a list: states and points stay",
    "assessments.views.batches.begin": "the same",
    "assessments.batches.look": "notes who was looked at",
    "assessments.batches.start": "the batch alone; what it confirms, work does",
    "assessments.batches.start_undo": "the same",
    "assessments.flags.reading_of": "what looks unusual, beside the records: test_outliers.py",
    "assessments.flags.work": "the same",
    "assessments.flags.review": "the same",
    "assessments.draws.announce": "a sample and what its checkers say, beside the records: test_draws.py",
    "assessments.draws.start": "the same",
    "assessments.draws.work": "the same",
    "assessments.draws.check": "the same",
    "assessments.workflow.revised.carry_to_version": "open drafts to the text in force: test_new_criteria.py",
    "assessments.rehoming.carry": "places of open records: states and points stay",
    "assessments.rehoming.follow": "the same",
    "assessments.rehoming.go_with": "the same",
    "assessments.rehoming.take_back": "the same",
    "assessments.last_year.carry_over": "by steps tried above: test_last_year.py",
    "assessments.evidence.checked": "a picture in memory",
    "assessments.evidence.thumbnail": "a picture of what is there",
    "assessments.evidence.put_back": "what stood behind a confirmation that the closing restores",
    "reforms.carrying._refuse_judged_since": "counts alone",
    "reports.snapshots._plan_one": "reads records, writes files of years that are closed",
    "rehearsal.making.make": "a database of its own, which nobody else reads",
    "demonstration.records.write": "puts in: the database judges it, below",
    "demonstration.groups.load": "takes the steps tried above, as anybody does, and writes nothing past them",
    "demonstration.evidence.save": "the same",
    "demonstration.mass.generate": "the same",
    "demonstration.hatinh._note_sign_ins": "reads records, writes when somebody signed in",
}


CASES = [
    pytest.param(name, *case, id=f"{name.removeprefix('assessments.')} {case[0]}")
    for name, cases in {**STEPS, **VIEWS}.items()
    for case in cases
]


def found():
    """Everything by which people and machines can write a record."""
    writers = write_paths.writers(aside=set(BESIDE))
    functions = {
        each
        for each in writers
        if each.__module__.startswith("assessments.")
        and each.__module__ != "assessments.workflow.steps"  # parts of steps: what uses one is found itself
        and ".views" not in each.__module__
        and "." not in each.__qualname__
        and not each.__name__.startswith("_")
    }
    entries = {*write_paths.views(), *write_paths.commands(), *write_paths.tasks()}
    return {write_paths.name_of(each) for each in functions | entries & writers}


def test_every_write_path_of_the_code_is_tried_here_or_has_a_reason_not_to_be():
    assert found() - {*STEPS, *VIEWS} == set()


# --- Each path on both sides of both ends ---------------------------------------------------------


def open_by(opening, step, scene):
    """Let the step be open from OPENS to CLOSES, and not else: by which of the ways that there are."""
    windows = scene.campaign.windows.filter(step=step, level=scene.level)
    board = scene.citizen.board
    if opening == "window":
        windows.update(opens_at=OPENS, closes_at=CLOSES)
    elif opening == "province":
        province = board.parent.parent
        own = {"campaign": scene.campaign, "step": step, "level": scene.level, "province": province}
        Window.objects.create(**own, opens_at=OPENS, closes_at=CLOSES)
    else:
        windows.update(opens_at=OVER[0], closes_at=OVER[1])
        of_record = opening == "record" and scene.record
        Extension.objects.create(
            campaign=scene.campaign,
            step=step,
            level=scene.level,
            opens_at=OPENS,
            closes_at=CLOSES,
            reason="Lũ lụt.",
            decision_number="12/QĐ",
            approved_by=scene.other,
            approved_at=ALL_YEAR[0],
            **({"assessment": scene.record} if of_record else {"organization": board.parent}),
        )


def rows():
    """Every row of the records and what hangs on them, but for what the tries themselves put there."""
    models = apps.get_app_config("assessments").get_models(include_auto_created=True)
    found = {}
    with connection.cursor() as cursor:
        for table in [
            model._meta.db_table for model in models if model not in (Batch, BatchRow, CriteriaMove)
        ]:
            cursor.execute(f"SELECT * FROM {table}")
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


# What changes nothing anybody gave or decided.
UNTOLD = {"assessments.workflow.citizen.touch_draft"}
OPENINGS = ["window", "province", "subtree", "record"]
DAYS = st.integers(-60 * 24 * 3600, 150 * 24 * 3600)
MOMENTS = st.sampled_from(EDGES) | DAYS.map(lambda seconds: OPENS + datetime.timedelta(seconds=seconds))


def examples(short, full):
    """How many moments are tried beside the edges."""
    return pytest.mark.parametrize("examples", [short, pytest.param(full, marks=pytest.mark.prove)])


@pytest.mark.feature("L1")
@examples(2, 30)
@pytest.mark.parametrize(("name", "step", "state", "act"), CASES)
def test_a_write_path_writes_while_its_window_is_open_and_never_else(name, step, state, act, examples):
    with time_machine.travel(moment(2026, 9, 15), tick=False):
        scene = begin(state)

    @example("window", EDGES[0])
    @example("window", EDGES[1])
    @example("window", EDGES[2])
    @example("window", EDGES[3])
    @given(st.sampled_from(OPENINGS), MOMENTS)
    @settings(max_examples=examples)
    def at_any_moment(opening, at):
        with transaction.atomic():
            open_by(opening, step, scene)
            if scene.record:
                scene.record = Assessment.objects.get(pk=scene.record.pk)
                come_to(scene, state, at)
            before, told = rows(), Event.objects.count()
            with time_machine.travel(at, tick=False), contextlib.suppress(workflow.Refused):
                act(scene)
            assert (rows() != before) is (OPENS <= at < CLOSES), (opening, at)
            assert (Event.objects.count() > told) is (OPENS <= at < CLOSES and name not in UNTOLD)
            transaction.set_rollback(True)

    at_any_moment()


# --- What asks nobody -----------------------------------------------------------------------------


def update(record, judged):
    Assessment.objects.filter(pk=record.pk).update(**judged)


def bulk_update(record, judged):
    for name, value in judged.items():
        setattr(record, name, value)
    Assessment.objects.bulk_update([record], judged)


def save(record, judged):
    for name, value in judged.items():
        setattr(record, name, value)
    record.save()


def bulk_create(record, judged):
    other = Assessment(
        citizen=make_citizen(board=record.board),
        campaign=record.campaign,
        criteria_set=record.criteria_set,
        board=record.board,
        province=record.province,
        registered_at=record.registered_at,
        saved_at=record.saved_at,
        submitted_at=record.submitted_at,
        receipt_number="1",
        **judged,
    )
    Assessment.objects.bulk_create([other])


@examples(6, 60)
@pytest.mark.parametrize("write", [update, bulk_update, save, bulk_create])
def test_what_is_written_past_the_workflow_the_database_judges_alike(write, examples):
    with time_machine.travel(moment(2026, 9, 15), tick=False):
        scene, by = begin(State.SUBMITTED), make_user()

    @example("window", EDGES[0])
    @example("window", EDGES[1])
    @example("window", EDGES[2])
    @example("window", EDGES[3])
    @given(st.sampled_from(OPENINGS[:3]), MOMENTS)
    @settings(max_examples=examples)
    def at_any_moment(opening, at):
        judged = {
            "state": State.CONFIRMED,
            "outcome": Outcome.ACHIEVED,
            "confirmed_at": at,
            "confirmed_by": by,
        }
        with transaction.atomic():
            open_by(opening, WindowStep.CONFIRMATION, scene)
            try:
                with transaction.atomic():
                    write(Assessment.objects.get(pk=scene.record.pk), judged)
                written = True
            except IntegrityError:
                written = False
            assert written is (OPENS <= at < CLOSES), (opening, at)
            transaction.set_rollback(True)

    at_any_moment()


@pytest.mark.parametrize("at", EDGES)
def test_no_machine_judges_a_record(at):
    with time_machine.travel(moment(2026, 9, 15), tick=False):
        scene = begin(State.SUBMITTED)
        open_by("window", WindowStep.CONFIRMATION, scene)

    with time_machine.travel(at, tick=False):
        tasks.lock_confirmation()
        tasks.recount_tallies()
        if clock.now() >= CLOSES:
            call_command("lock_confirmation")

    assert not Assessment.objects.filter(state__in=JUDGED_STATES).exists()


REFERENCE = {"campaign", "window", "extension"}


@pytest.mark.parametrize("at", EDGES[2:])
def test_the_admin_writes_no_record_at_any_time(at):
    with time_machine.travel(moment(2026, 9, 15), tick=False):
        scene = begin(State.SUBMITTED)
    by = make_user(is_staff=True, is_superuser=True)
    models = [model for model in admin.site._registry if model._meta.app_label == "assessments"]
    before = rows()

    with time_machine.travel(at, tick=False):
        client = Client()
        client.force_login(by)
        for model, action in itertools.product(models, ["add", "change", "delete"]):
            if model._meta.model_name in REFERENCE:
                continue
            args = [] if action == "add" else [scene.record.pk]
            address = reverse(f"admin:assessments_{model._meta.model_name}_{action}", args=args)
            client.post(address, {"state": State.CONFIRMED, "post": "yes"})

    assert rows() == before
