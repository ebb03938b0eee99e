"""Lives of records told again for other people: a life is drawn some dozen times, a mass has it often.

What is of the person or the board is theirs: who sent, who confirmed, the places, the number of the receipt,
the events in the board's chain. Moments, points and reasons are those of the record that is told again. No
notices: a mass is counted and listed, nobody reads its messages.
"""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from random import Random

from django.db import connection, transaction

from accounts.models import Citizen, User
from assessments import tally, workflow
from assessments.models import Assessment, Score, State, Step
from audit import bulk, events
from demonstration.people import Board
from demonstration.records import History

DRAWN = 60  # of each kind; more are copies
TABLE = "copied_records"
COLUMNS = ["id", "source", "citizen", "board", "commune", "sender", "confirmer", "receipt"]
# Of the record told again what is not copied.
OF_ITS_OWN = {
    "id": "c.id",
    "citizen_id": "c.citizen",
    "board_id": "c.board",
    "commune_id": "c.commune",
    "receipt_number": "c.receipt",
    "confirmed_by_id": "CASE WHEN a.confirmed_by_id IS NOT NULL THEN c.confirmer END",
}
OF_STEP = {
    "assessment_id": "c.id",
    "by_id": "CASE WHEN a.state IN ('registered', 'submitted') THEN c.sender"
    " WHEN a.by_id IS NOT NULL THEN c.confirmer END",
}
BY_SENDER = (State.REGISTERED, State.SUBMITTED)
OF_SCORE = {
    "assessment_id": "c.id",
    "changed_by_id": "CASE WHEN a.changed_by_id IS NOT NULL THEN c.confirmer END",
}


@dataclass(frozen=True)
class Copy:
    """One person's record as another's was."""

    citizen: Citizen
    board: Board
    confirmer: User | None
    history: History

    @property
    def sender(self) -> User | None:
        return self.citizen.user or self.confirmer


@dataclass
class Lives:
    """What was drawn so far, by what decides a life: the form, hard area or not, the board's diligence."""

    kinds: dict[Hashable, list[History]] = field(default_factory=lambda: defaultdict(list))

    @staticmethod
    def kind(citizen: Citizen, board: Board, diligence: float) -> Hashable:
        diligence = diligence if board.confirmer_of(citizen) else 0
        return citizen.suggested_group, board.places["in_hard_area"], diligence

    def parted(self, people):
        """Of (board, citizen, diligence) those to be drawn, and those to be copied, each with its kind."""
        drawn, copied = [], []
        missing = defaultdict(lambda: DRAWN, {kind: DRAWN - len(known) for kind, known in self.kinds.items()})
        for board, citizen, diligence in people:
            kind = self.kind(citizen, board, diligence)
            if missing[kind] > 0:
                missing[kind] -= 1
                drawn.append((kind, board, citizen, diligence))
            else:
                copied.append((kind, board, citizen))
        return drawn, copied

    def copies(self, rng: Random, wanted) -> list[Copy]:
        return [
            Copy(citizen, board, board.confirmer_of(citizen), rng.choice(self.kinds[kind]))
            for kind, board, citizen in wanted
        ]


@transaction.atomic
def write(copies: list[Copy]) -> list[Assessment]:
    """Write the records with steps, scores and events; returns each as its original, of its own board."""
    if not copies:
        return []
    keys = bulk.reserve(Assessment, len(copies))
    records = [_record(copy, key) for copy, key in zip(copies, keys, strict=True)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # else it plans what its triggers ask anew for every row
            cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"CREATE TEMP TABLE {TABLE} ({COLUMNS[0]} BIGINT PRIMARY KEY, {TYPES})")
        bulk.insert(TABLE, COLUMNS, map(_row, copies, records))
        for model, of, own in ((Assessment, "id", OF_ITS_OWN), (Step, "assessment_id", OF_STEP)):
            cursor.execute(_copying(model, of, own))
        cursor.execute(_copying(Score, "assessment_id", OF_SCORE))
        cursor.execute(f"DROP TABLE {TABLE}")
    changed = [record for copy, record in zip(copies, records, strict=True) if copy.history.plan.changes]
    found = Score.objects.filter(assessment__in=changed).values_list(
        "assessment", "round", "indicator__code", "pk"
    )
    scores = {tuple(rest): pk for *rest, pk in found}
    entries = [
        entry
        for copy, record in zip(copies, records, strict=True)
        for entry in _entries(copy, record, scores)
    ]
    events.record_many(sorted(entries, key=lambda entry: entry.at))
    tally.change(tally.NOTHING, tally.of(records))
    return records


TYPES = ", ".join(f"{name} {'VARCHAR(30)' if name == 'receipt' else 'BIGINT'}" for name in COLUMNS[1:])


def _record(copy, key):
    """As far as it is counted and told of."""
    source = copy.history.assessment
    record = Assessment(
        pk=key,
        citizen=copy.citizen,
        campaign=source.campaign,
        criteria_set=source.criteria_set,
        state=source.state,
        outcome=source.outcome,
        closed_from=source.closed_from,
        **copy.board.places,
    )
    if source.receipt_number:
        record.receipt_number = workflow.receipt_number(record)
    return record


def _row(copy, record):
    return (
        record.pk,
        copy.history.assessment.pk,
        copy.citizen.pk,
        record.board_id,
        record.commune_id,
        copy.sender and copy.sender.pk,
        copy.confirmer and copy.confirmer.pk,
        record.receipt_number,
    )


def _copying(model, of, own):
    """INSERT … SELECT of the rows that belong to the records told again, in the order they were written."""
    columns = [
        each.column for each in model._meta.concrete_fields if not each.primary_key or each.column in own
    ]
    values = [own.get(column, f'a."{column}"') for column in columns]
    into = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({into}) SELECT {', '.join(values)} FROM {TABLE} c "  # noqa: S608 - names of our own
        f"JOIN {table} a ON a.{of} = c.source ORDER BY c.id, a.id"
    )


def _entries(copy, record, scores):
    """What the history told, of this record."""
    plan, at = copy.history.plan, copy.history.assessment.confirmed_at
    for code, change in plan.changes.items():
        score = Score(pk=scores[record.pk, len(plan.rounds), code])
        own = plan.rounds[-1][code]
        yield workflow.score_entry(record, score, own, change.given, copy.confirmer, at, reason=change.reason)
    for told in copy.history.step_entries:
        by = copy.sender if told.new in BY_SENDER else told.by and copy.confirmer
        yield record.entry("step", by=by, at=told.at, old=told.old, new=told.new, private=told.private)
