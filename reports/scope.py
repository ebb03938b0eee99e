"""Which organization and which year a page of figures is about."""

from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Appointment
from assessments.models import Campaign
from audit import clock
from organizations import boards, paths
from organizations.models import Kind, Organization

ORGANIZATION, YEAR = "to-chuc", "nam"


@dataclass(frozen=True)
class Scope:
    organization: Organization
    campaign: Campaign
    own: tuple[Organization, ...]
    campaigns: tuple[Campaign, ...] = ()  # all years, the latest first

    def url(self, name, organization=None, *, form=None, **query):
        """A page about the same year, on this organization or another one."""
        place = {ORGANIZATION: (organization or self.organization).code, YEAR: self.campaign.year}
        return f"{reverse(name, args=[form] if form else [])}?{urlencode(place | query)}"

    @property
    def place(self):
        """The organization in the middle of a sentence: 'tỉnh Hà Tĩnh'."""
        if self.organization.kind == Kind.CENTRE:
            return _("toàn quốc")
        return boards.in_sentence(self.organization)

    @property
    def whole(self):
        """What the sum of a table is called: 'Cả tỉnh Hà Tĩnh'."""
        if self.organization.kind == Kind.CENTRE:
            return _("Cả nước")
        return _("Cả %(place)s") % {"place": self.place}

    def of_year(self, campaign, name="reports:summary", **address):
        """The page of figures on the same organization in another year."""
        return replace(self, campaign=campaign).url(name, **address)

    @cached_property
    def above(self):
        """What stands above and may be seen too, from the top."""
        over = [
            path
            for path in paths.ancestors(self.organization.path)
            if any(each.path <= path < paths.successor(each.path) for each in self.own)
        ]
        return list(self.organization.ancestors.filter(path__in=over)) if over else []


def overseen_by(user):
    """The organizations whose figures a user may see, with all below them: where they confirm or oversee."""
    seats = Appointment.objects.seats_of(user)
    return Organization.objects.filter(pk__in=seats.values("organization")).in_order()


def numbers_taken_by(user):
    """The organizations from which, with all below them, identity numbers leave in full for a reason."""
    seats = Appointment.objects.officers().filter(user=user)
    return Organization.objects.filter(pk__in=seats.values("organization"))


def may_take_numbers(user, organization) -> bool:
    return any(one.contains(organization) for one in numbers_taken_by(user))


def of(request) -> Scope | None:
    """The scope an address names; None when several organizations or no year leave it open.

    An organization outside one's own subtrees, or a year that was never opened, is a 404.
    """
    own = tuple(overseen_by(request.user))
    if not own:
        raise Http404
    campaigns = tuple(Campaign.objects.order_by("-year"))
    campaign = _campaign(request.GET.get(YEAR), campaigns)
    organization = _organization(request.GET.get(ORGANIZATION), own)
    return Scope(organization, campaign, own, campaigns) if organization and campaign else None


def _campaign(year, campaigns):
    this_year = clock.today().year
    for campaign in campaigns:
        if str(campaign.year) == year if year else campaign.year <= this_year:
            return campaign
    if year:
        raise Http404
    return None


def _organization(code, own):
    if not code:
        return own[0] if len(own) == 1 else None
    for each in own:
        if each.code == code:
            return each
    if "\0" in code:  # a letter that PostgreSQL takes for a fault
        raise Http404
    organization = get_object_or_404(Organization, code=code)
    if not any(each.contains(organization) for each in own):
        raise Http404
    return organization
