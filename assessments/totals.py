"""Whether the totals and outcomes that records carry are what their scores say.

The database is asked at one stroke a form. Zero differences are expected: every step derives them.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, F, Min, Q, Sum, Value, When
from django.db.models.functions import Abs, Coalesce
from django.utils.translation import gettext as _

from accounts.models import Appointment, Message
from assessments import scoring
from assessments.models import Assessment, Campaign, Outcome, TotalsCheck
from assessments.models.assessment import JUDGED_STATES
from criteria.models import CriteriaSet
from criteria.rules import ScoringModel
from organizations.models import Kind
from vietnamese import dates, numbers

log = logging.getLogger(__name__)
UNEQUAL = Decimal("0.001")  # SQLite adds points as floating numbers; no step of a form is so small
MOST_NAMED = 20
FINAL = Coalesce("scores__review_points", "scores__confirmed_points")  # Score.final in SQL


@dataclass(frozen=True)
class Mismatch:
    """What a record carries in one of its columns, and what its scores say."""

    record: int
    receipt_number: str
    what: str
    carried: str
    derived: str

    def __str__(self):
        return _("Hồ sơ %(record)s: %(what)s là %(carried)s, tính từ điểm là %(derived)s.") % {
            "record": self.receipt_number or f"#{self.record}",
            "what": self.what,
            "carried": self.carried or "–",
            "derived": self.derived or "–",
        }


def check(campaigns) -> Iterator[Mismatch]:
    """Every record of these years whose totals or outcome differ from its scores."""
    forms = CriteriaSet.objects.filter(assessments__campaign__in=campaigns).distinct()
    for form in forms.order_by("pk"):
        records = Assessment.objects.filter(campaign__in=campaigns, criteria_set=form).order_by("pk")
        for in_hard_area in (False, True):
            yield from _check(
                records.filter(in_hard_area=in_hard_area), form.rules(in_hard_area=in_hard_area)
            )


def _check(records, rules):
    # The present round's scores on the present form: what workflow.scores_of holds.
    present = Q(scores__round=F("round"), scores__indicator__criteria_set=F("criteria_set"))
    found = records.values(
        "pk", "receipt_number", "own_total", "confirmed_total", "review_total", "outcome", "state"
    ).annotate(
        own=_sum("scores__own_points", present),
        confirmed=_sum("scores__confirmed_points", present),
        final=_sum(FINAL, present),
    )
    # What the lowest grade asks for; what applies to some only counts where it was given.
    asked = {code for code in rules.maxima if rules.ranks.get(code, scoring.LOWEST) == scoring.LOWEST}
    optional, needed = asked & rules.optional, set(rules.maxima) - rules.optional
    if rules.model == ScoringModel.PASS_FAIL:
        found = found.annotate(
            fulfilled=Count("pk", filter=present & _among(asked - optional) & _final_passed(True)),
            failed=Count("pk", filter=present & _among(optional) & _final_passed(False)),
        )
        passes = Q(fulfilled__gte=len(asked - optional), failed=0)
    else:
        found = found.annotate(
            fulfilled=Count(FINAL, filter=present & _among(needed)),
            lowest=Min(FINAL, filter=present),
        )
        passes = Q(
            fulfilled__gte=len(needed),
            lowest__gte=rules.floor or Decimal(0),
            final__gte=(rules.pass_mark or Decimal(0)) - UNEQUAL,
        )
    derived = Case(When(passes, then=Value(Outcome.ACHIEVED)), default=Value(Outcome.NOT_ACHIEVED))
    found = found.annotate(
        derived=derived,
        own_gap=_gap("own_total", "own"),
        confirmed_gap=_gap("confirmed_total", "confirmed"),
        review_gap=_gap(Coalesce("review_total", "final"), "final"),
    )
    judged = Q(state__in=JUDGED_STATES)
    wrong = Q(own_gap__gt=UNEQUAL) | judged & (
        Q(confirmed_gap__gt=UNEQUAL) | Q(review_gap__gt=UNEQUAL) | ~Q(outcome=F("derived"))
    )
    for row in found.filter(wrong).iterator(chunk_size=1000):
        yield from _named(row)


def _among(codes):
    # Of an empty list Django would leave the count out, and with it what is derived from it.
    return Q(scores__indicator__code__in=codes or [""])


def _final_passed(passed):
    return Q(scores__review_passed=passed) | Q(scores__review_passed=None, scores__confirmed_passed=passed)


def _sum(points, present):
    return Coalesce(Sum(points, filter=present), Value(0), output_field=DecimalField())


def _gap(carried, derived):
    """As numbers: nothing carried is as good as nought."""
    return Abs(Coalesce(carried, Value(0), output_field=DecimalField()) - F(derived))


def _named(row):
    judged = row["state"] in JUDGED_STATES
    if row["own_gap"] > UNEQUAL:
        yield _mismatch(row, _("tổng điểm tự chấm"), _points(row["own_total"]), _points(row["own"]))
    if judged and row["confirmed_gap"] > UNEQUAL:
        yield _mismatch(
            row, _("tổng điểm xác nhận"), _points(row["confirmed_total"]), _points(row["confirmed"])
        )
    if judged and row["review_gap"] > UNEQUAL:
        yield _mismatch(row, _("tổng điểm xem lại"), _points(row["review_total"]), _points(row["final"]))
    if judged and row["outcome"] != row["derived"]:
        yield _mismatch(row, _("kết quả"), Outcome(row["outcome"]).label, Outcome(row["derived"]).label)


def _mismatch(row, what, carried, derived):
    return Mismatch(row["pk"], row["receipt_number"] or "", what, str(carried), str(derived))


def _points(value):
    return "" if value is None else numbers.format_decimal(Decimal(value))


# --- Every night ----------------------------------------------------------------------------------


def check_and_tell(now) -> int:
    """Check this year and the year before, write down how much differs, tell the centre once a day."""
    year = dates.local_day(now).year
    campaigns = Campaign.objects.filter(year__in=[year, year - 1])
    found = list(check(campaigns))
    records = Assessment.objects.filter(campaign__in=campaigns).count()
    TotalsCheck.objects.create(at=now, records=records, differing=len(found))
    for mismatch in found:
        log.error("%s", mismatch)
    if found:
        _tell(found, now)
    return len(found)


def _tell(found, now):
    at_centre = Appointment.objects.confirming().filter(organization__kind=Kind.CENTRE)
    named = "\n".join(str(mismatch) for mismatch in found[:MOST_NAMED])
    Message.objects.tell(
        Message(
            user_id=user,
            key=f"totals:{dates.local_day(now)}:{user}",
            subject=_("%(count)s chỗ lệch giữa hồ sơ và điểm")
            % {"count": numbers.format_integer(len(found))},
            body=named,
        )
        for user in at_centre.values_list("user", flat=True).distinct()
    )
