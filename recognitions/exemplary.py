"""Who held a title five years running: found among the recognitions that stand, in a query or two."""

from functools import cache
from pathlib import Path

import yaml
from django.db.models import Case, CharField, Count, F, Max, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from criteria.models import Level
from organizations import paths
from recognitions.models import Recognition

FILE = Path(__file__).parent / "data" / "commending.yaml"
HOLDERS = {
    Level.CITIZEN: "assessment__citizen",
    Level.FAMILY: "assessment__household",
}  # others may have heirs


@cache
def rules() -> dict[str, int]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def with_subject(recognitions, level):
    """Annotate by whom the title is held, in one word that is the same every year.

    An organization that became another of its kind goes on in it. Of two rows of one person the one that
    leaves has no record, see people.doubles.
    """
    own = F(HOLDERS.get(level, "assessment__organization"))
    heir = When(
        assessment__organization__heir__kind=F("assessment__organization__kind"),
        then=F("assessment__organization__heir"),
    )
    column = own if level in HOLDERS else Case(heir, default=own)
    return recognitions.annotate(
        subject=Concat(Value(f"{level}:"), Cast(column, CharField()), output_field=CharField())
    )


def given_within(issuer, level, campaign):
    """The standing titles of a year that associations at or below one gave, with who holds them.

    What an association gave that was split up since belongs to where each holder's board stands today.
    """
    standing = Recognition.objects.standing().filter(decision__level=level, decision__campaign=campaign)
    giver_path = Case(
        When(decision__issuer__valid_to=None, then="decision__issuer__path"),
        When(decision__issuer__heir__kind=F("decision__issuer__kind"), then="decision__issuer__heir__path"),
        default=Coalesce("assessment__board__heir__path", "assessment__board__path"),
    )
    here = standing.annotate(giver_path=giver_path).filter(paths.at_or_below(issuer.path, "giver_path"))
    return with_subject(here, level)


def _running(level, campaign, here):
    """The standing titles of the years that count of who holds those `here`, whoever gave them."""
    years = (campaign.year - rules()["years"] + 1, campaign.year)
    held = Recognition.objects.standing().filter(decision__level=level, decision__campaign__year__range=years)
    # Of the millions of people and families by index; a word made of a row has none.
    holder = HOLDERS.get(level, "subject")
    return with_subject(held, level).filter(**{f"{holder}__in": here.order_by().values(holder)})


def found(issuer, level, campaign):
    """Of these titles those held every year up to this one: the latest paper of each holder."""
    here = given_within(issuer, level, campaign)
    exemplary = (
        _running(level, campaign, here)
        .order_by()
        .values("subject")
        .annotate(years=Count("decision__campaign", distinct=True))
        .filter(years=rules()["years"])
        .annotate(latest=Max("pk", filter=Q(decision__campaign=campaign)))
    )
    return here.filter(pk__in=exemplary.values("latest"))


def years_of(recognitions, level, campaign) -> dict[str, list[Recognition]]:
    """Holder → their titles of the years that count, the latest first; in one query."""
    here = with_subject(Recognition.objects.filter(pk__in=[each.pk for each in recognitions]), level)
    held = _running(level, campaign, here)
    years: dict[str, list[Recognition]] = {}
    for each in held.select_related("decision__campaign").order_by("-decision__campaign__year", "-pk"):
        years.setdefault(each.subject, []).append(each)
    return years
