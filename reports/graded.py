"""The grade that achieved records of communities and units come to, judged anew: no record carries it."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import F, Q

from assessments import scoring
from assessments.models import Score
from criteria.models import CriteriaSet
from reports.figures import CONDITIONS, Figure


def ranks(records) -> Iterator[tuple[int, int]]:
    """(key, rank of the grade) of each achieved one that comes to a grade."""
    achieved = records.filter(CONDITIONS[Figure.ACHIEVED]).order_by()
    given = defaultdict(dict)
    present = Q(round=F("assessment__round"), indicator__criteria_set=F("assessment__criteria_set"))
    scores = Score.objects.filter(present, assessment__in=achieved.values("pk"))
    for score in scores.select_related("indicator"):
        given[score.assessment_id][score.indicator.code] = score.final
    forms = CriteriaSet.objects.filter(pk__in=achieved.values("criteria_set"))
    rules = {(form.pk, hard): form.rules(in_hard_area=hard) for form in forms for hard in (False, True)}
    for pk, form, hard in achieved.values_list("pk", "criteria_set", "in_hard_area"):
        if grade := scoring.judge(given[pk], rules[form, hard]).grade:
            yield pk, grade.rank


def of_rank(records, rank: int) -> list[int]:
    return [pk for pk, its_rank in ranks(records) if its_rank == rank]
