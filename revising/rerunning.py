"""A draft tried on the judged records of a past year, commune by commune, in a worker."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, Count, F, Max, Q, Sum, When
from django.db.models.functions import Coalesce

from assessments.models import Assessment, Campaign, Outcome
from assessments.models.assessment import JUDGED_STATES
from audit import clock
from criteria.models import CriteriaSet, Criterion, Status
from criteria.rules import ScoringModel
from revising.judging import would_achieve
from revising.models import After, Rerun, RerunCount, RerunState
from vietnamese import dates

CHUNK = 5000  # records in one transaction, more where a commune has more
POINTS = Coalesce("scores__review_points", "scores__confirmed_points")  # Score.final in SQL
PASSED = Case(
    When(scores__review_passed=True, then=1),
    When(scores__review_passed=False, then=0),
    When(scores__confirmed_passed=True, then=1),
    When(scores__confirmed_passed=False, then=0),
)


def year_before(draft) -> Campaign | None:
    """The last year before this one with a judged record of the same title."""
    judged = _judged(draft).values("campaign")
    return Campaign.objects.filter(pk__in=judged, year__lt=dates.local_day(clock.now()).year).first()


def _judged(draft):
    forms = CriteriaSet.objects.of_title(draft).exclude(status=Status.DRAFT)
    return Assessment.objects.filter(level=draft.level, criteria_set__in=forms, state__in=JUDGED_STATES)


@transaction.atomic
def start(draft, campaign, *, by) -> Rerun:
    """Begin anew; what was counted before is given up. Of two at once one waits for the other."""
    list(CriteriaSet.objects.select_for_update(no_key=True).filter(pk=draft.pk))
    Rerun.objects.filter(criteria_set=draft).delete()
    return Rerun.objects.create(
        criteria_set=draft,
        revision=draft.revision,
        campaign=campaign,
        by=by,
        records=_judged(draft).filter(campaign=campaign).count(),
    )


def stop(rerun) -> bool:
    return rerun.go_on([RerunState.RUNNING], RerunState.STOPPED)


def go_on(rerun) -> bool:
    return rerun.go_on([RerunState.STOPPED], RerunState.RUNNING)


# --- The work ---------------------------------------------------------------------------------------


def work(pk: int) -> None:
    """Do what is left, some communes in one transaction. May run twice, and after any death."""
    rerun = Rerun.objects.select_related("criteria_set", "campaign").filter(pk=pk).first()
    if rerun is None or rerun.state != RerunState.RUNNING:
        return
    trial = Trial.of(rerun)
    for province, communes in _shares(rerun):
        if not _count(rerun, trial, province, communes):
            return
    rerun.finish()


def _shares(rerun):
    """Communes of one province whose records are counted at once."""
    done = set(rerun.counts.values_list("province", "commune"))
    records = _judged(rerun.criteria_set).filter(campaign=rerun.campaign).order_by()
    counted = records.values_list("province", "commune").annotate(Count("pk"))
    by_province = defaultdict(list)
    for province, commune, count in counted:
        if (province, commune) not in done:
            by_province[province].append((commune, count))
    for province, communes in by_province.items():
        share, size = [], 0
        for commune, count in communes:
            share.append(commune)
            size += count
            if size >= CHUNK:
                yield province, share
                share, size = [], 0
        if share:
            yield province, share


@transaction.atomic
def _count(rerun, trial, province, communes) -> bool:
    """Whether the work goes on: somebody may have stopped it or begun it anew."""
    held = Rerun.objects.select_for_update().filter(pk=rerun.pk, state=RerunState.RUNNING)
    if not held.exists():
        return False
    known = [commune for commune in communes if commune is not None]
    there = Q(commune__in=known) | (Q(commune=None) if None in communes else Q(pk__in=[]))
    done = set(rerun.counts.filter(there, province=province).values_list("commune", flat=True))
    records = _judged(rerun.criteria_set).filter(
        there, campaign=rerun.campaign, level=rerun.criteria_set.level, province=province
    )
    counted = trial.count(records)
    RerunCount.objects.bulk_create(
        RerunCount(rerun=rerun, province_id=province, commune_id=commune, before=before, after=after, count=n)
        for (commune, before, after), n in counted.items()
        if commune not in done
    )
    rerun.alive()
    return True


@dataclass
class Trial:
    """The set to try, and where the scores of its indicators lie in the sets of that year."""

    draft: CriteriaSet
    rules: dict
    columns: dict
    seen: dict

    @classmethod
    def of(cls, rerun):
        draft = rerun.criteria_set
        rules = {hard: draft.rules(in_hard_area=hard) for hard in (False, True)}
        # Points say nothing of passed or not, nor the other way round.
        forms = CriteriaSet.objects.of_title(draft).exclude(status=Status.DRAFT)
        lines = Criterion.objects.filter(
            criteria_set__in=forms.filter(scoring_model=draft.scoring_model), parent__isnull=False
        )
        keys = defaultdict(list)
        for code, pk in lines.values_list("code", "pk"):
            keys[code].append(pk)
        columns = {code: (f"value_{number}", keys[code]) for number, code in enumerate(rules[False].maxima)}
        return cls(draft, rules, columns, {})

    def count(self, records) -> Counter:
        """(commune, what they were, what they would be) → how many; one row of the database a record."""
        value = POINTS if self.draft.scoring_model == ScoringModel.POINTS else PASSED
        present = Q(scores__round=F("round"), scores__indicator__criteria_set=F("criteria_set"))
        values = {
            name: Max(value, filter=present & Q(scores__indicator__in=keys))
            for name, keys in self.columns.values()
            if keys
        }
        rows = records.order_by().values("pk", "commune_id", "in_hard_area", "outcome").annotate(**values)
        counted = Counter()
        for row in rows.values_list("commune_id", "in_hard_area", "outcome", *values).iterator(2000):
            commune, hard, outcome, *given = row
            counted[commune, outcome, self._after(hard, tuple(given), values)] += 1
        return counted

    def _after(self, hard, given, names):
        """Many records were given alike: each kind is judged once."""
        if (hard, given) not in self.seen:
            by_name = dict(zip(names, given, strict=True))
            values = {code: self._given(by_name.get(name)) for code, (name, _keys) in self.columns.items()}
            self.seen[hard, given] = {
                True: After.ACHIEVED,
                False: After.NOT_ACHIEVED,
                None: After.UNKNOWN,
            }[would_achieve(values, self.rules[hard])]
        return self.seen[hard, given]

    def _given(self, value):
        if value is None or self.draft.scoring_model == ScoringModel.POINTS:
            return value
        return bool(value)


# --- What it came to --------------------------------------------------------------------------------


UP = Q(before=Outcome.NOT_ACHIEVED, after=After.ACHIEVED)
DOWN = Q(before=Outcome.ACHIEVED, after=After.NOT_ACHIEVED)
CAME_TO = {
    "records": Coalesce(Sum("count"), 0),
    "up": Coalesce(Sum("count", filter=UP), 0),
    "down": Coalesce(Sum("count", filter=DOWN), 0),
    "unknown": Coalesce(Sum("count", filter=Q(after=After.UNKNOWN)), 0),
    "changed": Coalesce(Sum("count", filter=UP | DOWN), 0),
}


def came_to(reruns) -> dict[int, dict[str, int]]:
    """Rerun → its sums: so many records, and how many of them would become what."""
    counts = RerunCount.objects.filter(rerun__in=reruns).order_by()
    return {row.pop("rerun"): row for row in counts.values("rerun").annotate(**CAME_TO)}


def by_province(rerun):
    """A row of sums for each province; for what stands above provinces one without a name."""
    return rerun.counts.values("province").annotate(**CAME_TO).order_by(*MOST_FIRST, "province")


def by_commune(rerun, province):
    counts = rerun.counts.filter(province=province)
    return counts.values("commune").annotate(**CAME_TO).order_by(*MOST_FIRST, "commune")


MOST_FIRST = ["-changed", "-unknown", "-records"]


def codes_without_scores(draft) -> list[str]:
    """The indicators that no set before knew: of them no record has a score."""
    before = CriteriaSet.objects.of_title(draft).filter(scoring_model=draft.scoring_model)
    known = Criterion.objects.filter(
        criteria_set__in=before.exclude(status=Status.DRAFT), parent__isnull=False
    )
    known = set(known.values_list("code", flat=True))
    return [code for code in draft.rules().maxima if code not in known]
