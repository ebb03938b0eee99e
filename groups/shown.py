"""What is counted from a group's people, as a page may show it to somebody."""

from dataclasses import dataclass, field

from accounts.models import Member, Purpose
from assessments import shares, workflow
from criteria.models import Criterion
from organizations.models import Household, Organization

MOST_NAMED = 20


@dataclass(frozen=True)
class Shown:
    """One share of one indicator; `names` of those who are missing, and how many `more` are not named."""

    indicator: Criterion
    share: shares.Share
    names: list[str] = field(default_factory=list)
    more: int = 0


def of(record, user, *, as_told=False) -> list[Shown]:
    """The shares of a record; who is missing is named only to whom that is open."""
    counted = shares.of(record, as_told=as_told)
    return [
        _shown(indicator, share, record, user)
        for indicator in record.criteria_set.indicators
        for share in counted.get(indicator.code, [])
    ]


def _shown(indicator, share, record, user):
    if share.is_partial:  # who is missing is not known before the results are out
        return Shown(indicator, share)
    missing = share.missing()
    nameable = _nameable(missing, record, user).order_by("pk")[:MOST_NAMED]
    names = [str(each) for each in nameable]
    return Shown(indicator, share, names, share.denominator - share.numerator - len(names))


def _nameable(missing, record, user):
    """Groups to everybody who sees the record; members who agreed to be listed to who speaks for the group;
    people of a list to who keeps it.
    """
    if missing.model in (Household, Organization):
        return missing
    if missing.model is Member:
        speaks = workflow.speaks_for(user, record.subject)
        return missing.having_consented(Purpose.LISTED) if speaks else missing.none()
    keeps = record.organization is not None and user.appointments.keeping(record.organization).exists()
    return missing if keeps else missing.none()


def tips(record, *, as_told=False) -> list[str]:
    """What would tip the result; nothing once it is judged."""
    if record.is_judged:
        return []
    rules = record.rules()
    entered = {
        code: given for code, given in workflow.own_scores(record).items() if code not in rules.computed
    }
    return shares.tips(record, entered, as_told=as_told)
