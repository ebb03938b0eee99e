"""Typed figures of the communes, summed up to what stands above; what was not delivered counts nowhere."""

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce, Substr

from organizations import paths
from organizations.models import Kind, Organization
from reports.typed.models import FIGURES, INCOME, SPENDING, TypedFigures


def delivered(organization, campaign):
    """Those of the communes at or below an organization, on the tree of today, with that path."""
    found = TypedFigures.objects.filter(campaign=campaign, delivered_at__isnull=False)
    found = found.annotate(place_path=Coalesce("organization__heir__path", "organization__path"))
    return found.filter(paths.at_or_below(organization.path, "place_path"))


def by_path(organization, campaign, length) -> dict[str, dict]:
    """Path, cut to a length → the sums, with `delivered` communes; two computed ones of the fund."""
    cells = (
        delivered(organization, campaign)
        .order_by()
        .values(place=Substr("place_path", 1, length))
        .annotate(delivered=Count("pk"), **{f"sum_{name}": Sum(name) for name in FIGURES})
    )
    return {cell["place"]: _with_balance(cell) for cell in cells}


def _with_balance(cell):
    sums = {name: cell[f"sum_{name}"] or 0 for name in FIGURES} | {"delivered": cell["delivered"]}
    sums["fund_income"] = sum(sums[name] for name in INCOME)
    sums["fund_closing"] = sums["fund_opening"] + sums["fund_income"] - sum(sums[name] for name in SPENDING)
    return sums


def owing(organization, campaign):
    """The communes of today at or below an organization that have not delivered."""
    done = TypedFigures.objects.filter(campaign=campaign, delivered_at__isnull=False)
    return communes(organization).exclude(pk__in=done.values("organization"))


def communes(organization):
    below = paths.at_or_below(organization.path)
    return Organization.objects.in_force().filter(below, kind=Kind.COMMUNE).order_by("path")
