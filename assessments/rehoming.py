"""What becomes of records when places change or people move: open ones go along, judged ones stay."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assessments import tally
from assessments.models import Assessment, BoardTally, FormerPlace, LaterPlace
from assessments.models.assessment import OPEN_STATES
from assessments.workflow import places_of
from organizations import paths
from organizations.journal import Refused
from organizations.models import Kind, Organization, ReformKind
from organizations.reforms import Carried

CHUNK = 400


def open_records() -> QuerySet[Assessment]:
    """Those that go along with a reform. What is judged, or left by a closing, belongs to its year."""
    return Assessment.objects.filter(state__in=OPEN_STATES)


class _Moves:
    """Open records on their way to other places; the tallies follow at the end, as after every step."""

    def __init__(self, journal, last_day):
        self.journal, self.last_day = journal, last_day
        self.before, self.after = Counter(), Counter()

    def go(self, which, places):
        """Where they lay is kept."""
        fields = {
            f"{name.removesuffix('_id')}_id": getattr(value, "pk", value)
            for name, value in places.items()
            if name != "in_hard_area"
        }
        keys = list(open_records().filter(which).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), CHUNK):
            self._go(open_records().filter(pk__in=keys[start : start + CHUNK]), fields)

    def _go(self, moving, fields):
        records = [
            record
            for record in moving.order_by("pk")
            if any(getattr(record, name) != value for name, value in fields.items())
        ]
        if not records:
            return
        self.before += tally.of(records)
        self.journal.create([self._former(record) for record in records])
        for record in records:
            for name, value in fields.items():
                setattr(record, name, value)
        self.after += tally.of(records)
        self.journal.update(moving, **{name.removesuffix("_id"): value for name, value in fields.items()})

    def _former(self, record):
        return FormerPlace(
            assessment=record,
            board_id=record.board_id,
            commune_id=record.commune_id,
            province_id=record.province_id,
            valid_to=self.last_day,
        )

    def close(self):
        tally.change(self.before, self.after)


def carry(carried: Carried) -> None:
    """After people were carried: a record of a split board follows its person."""
    moves = _Moves(carried.journal, carried.last_day)
    _carry(carried, moves)
    moves.close()


def _carry(carried, moves):
    if carried.plan.kind == ReformKind.MOVE:
        for source in carried.sources:
            _standing(moves, source)
    if carried.closes_sources and carried.only_target:
        _standing(moves, carried.only_target)
    for source in carried.sources if carried.closes_sources else []:
        if target := carried.only_target:
            moves.go(Q(board=source), places_of(target))
            if source.kind == Kind.PROVINCE:  # what lies at a board that a split closed stands nowhere below
                province = {"province_id": target.pk}
                moves.go(Q(province=source), province)
        elif carried.targets:
            for child in Organization.objects.filter(code__in=carried.plan.children).order_by("pk"):
                _standing(moves, child)
            _follow(moves, source, carried.targets.values())


def follow(journal, last_day, source: Organization, targets) -> None:
    """Records right at a split place go to where their person was placed; judged ones only count there."""
    moves = _Moves(journal, last_day)
    _follow(moves, source, targets)
    moves.close()


def _follow(moves, source, targets):
    for target in targets:
        at_source = Assessment.objects.filter(board=source)
        person = {
            Kind.VILLAGE: Q(citizen__village=target, citizen__unit=None),
            Kind.UNIT: Q(citizen__unit=target),
        }.get(target.kind, Q(citizen__commune=target))
        keys = list(at_source.filter(person).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), CHUNK):
            some = keys[start : start + CHUNK]
            moves.go(Q(pk__in=some), places_of(target))
            staying = at_source.filter(pk__in=some, later_place=None).values_list("pk", flat=True)
            moves.journal.create([LaterPlace(assessment_id=key, board=target) for key in staying])


def _standing(moves, root):
    """Open records at and below a place that stands elsewhere now: their commune and province of today."""
    below = paths.at_or_below(root.path, "board__path")
    named = open_records().filter(below).order_by().values_list("board", "commune", "province").distinct()
    boards = Organization.objects.in_bulk({board for board, _commune, _province in named})
    above = _above(boards.values())
    elsewhere = {}
    for board, commune, province in named:
        at = above[board]
        now = (at.get(Kind.COMMUNE), at.get(Kind.PROVINCE))
        if now != (commune, province):
            elsewhere.setdefault((commune, province, now), []).append(board)
    for (commune, province, now), some in elsewhere.items():
        for start in range(0, len(some), CHUNK):
            which = Q(board__in=some[start : start + CHUNK], commune=commune, province=province)
            moves.go(which, {"commune_id": now[0], "province_id": now[1]})


def _above(boards):
    """For each board the keys of what it stands in, by kind; itself included."""
    wanted = {path for board in boards for path in [*paths.ancestors(board.path), board.path]}
    by_path = {}
    wanted = sorted(wanted)
    for start in range(0, len(wanted), CHUNK):
        for row in Organization.objects.filter(path__in=wanted[start : start + CHUNK]):
            by_path[row.path] = row
    return {
        board.pk: {
            by_path[path].kind: by_path[path].pk
            for path in [*paths.ancestors(board.path), board.path]
            if path in by_path
        }
        for board in boards
    }


def go_with(journal, last_day, people: Iterable[int], old: int, new: Organization) -> None:
    """Open records of people who left one board for another go along; what is judged stays where it was."""
    moves = _Moves(journal, last_day)
    keys = sorted(people)
    for start in range(0, len(keys), CHUNK):
        moves.go(Q(citizen__in=keys[start : start + CHUNK], board=old), places_of(new))
    moves.close()


def take_back(owner) -> None:
    """Before an undo: the tallies of the records it brings back, and none left of places it takes away.

    Refused where a board has judged one of them since: that stays judged there.
    """
    changes = list(owner.changes.filter(table=Assessment._meta.label_lower))
    keys = sorted({key for change in changes for key in change.keys})
    records = {}
    for start in range(0, len(keys), CHUNK):
        records |= Assessment.objects.in_bulk(keys[start : start + CHUNK])
    if judged := sum(record.state not in OPEN_STATES for record in records.values()):
        raise Refused(
            _("Không hoàn tác được: %(count)d hồ sơ đã được xác nhận hoặc khóa ở nơi mới.")
            % {"count": judged}
        )
    now = tally.of(records.values())
    for change in reversed(changes):
        for key in change.keys:
            for name, value in change.before.items():
                setattr(records[key], name, value)
    then = tally.of(records.values())
    tally.change(now, then)
    for cell in now.keys() | then.keys():
        BoardTally.objects.filter(**cell._asdict(), count=0).delete()
