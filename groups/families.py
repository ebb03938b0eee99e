"""Who speaks for a household, and the clan it belongs to. Every change leaves an event and is told."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import lookers
from accounts.models import Citizen, Headship, Message
from assessments import notices
from assessments.workflow import Refused, recount_people
from audit import clock, events
from groups import members
from groups.speaking import GROWN_UP
from organizations import paths
from organizations.models import Household, Kind, Organization
from vietnamese import text

# --- The head -------------------------------------------------------------------------------------


def who_may_head(household):
    """The grown-ups who live there."""
    return household.members.present().filter(birth_year__lte=clock.today().year - GROWN_UP).in_order()


@transaction.atomic
def become_head(household, citizen, *, by) -> Headship:
    """Let somebody of a household speak for it, where nobody does; the others of it are told."""
    if citizen.household_id != household.pk:
        raise Refused(_("%(name)s không thuộc hộ này.") % {"name": citizen})
    gone = Headship.objects.filter(household=household, valid_to=None).exclude(citizen__departed_on=None)
    return _begin(household, citizen, by, old=_end(gone))


@transaction.atomic
def name_head(household, citizen, *, by) -> Headship | None:
    """Name who speaks for a household from today on; whoever did until now did so until yesterday."""
    if not who_may_head(household).filter(pk=citizen.pk).exists():
        raise Refused(_("%(name)s không phải người lớn đang ở trong hộ này.") % {"name": citizen})
    standing = Headship.objects.filter(household=household, valid_to=None)
    if standing.filter(citizen=citizen).exists():
        return None  # a second click
    return _begin(household, citizen, by, old=_end(standing))


def _end(headships) -> str:
    """Whose it was until yesterday; what began today has never been."""
    rows = dict(headships.values_list("pk", "citizen"))
    clock.end(Headship.objects.filter(pk__in=rows, valid_to=None))
    return "".join(map(str, rows.values()))  # at most one stands


def _begin(household, citizen, by, *, old):
    try:
        with transaction.atomic():
            headship = Headship.objects.create(household=household, citizen=citizen)
    except IntegrityError:
        raise Refused(_("Hộ này đã có người đại diện.")) from None
    _record("headship", household, by, subject=citizen.pk, old=old, new=str(citizen.pk))
    members.tell(
        citizen,
        household,
        by,
        f"headship:{headship.pk}:head",
        _("Bạn được ghi là người đại diện của %(group)s"),
        _("%(by)s ghi. Không đúng thì báo ban khuyến học thôn, tổ dân phố."),
    )
    words = (
        _("%(name)s nhận là người đại diện của %(household)s")
        if citizen.user_id == by.pk
        else _("%(name)s là người đại diện của %(household)s")
    )
    others = Citizen.objects.filter(Q(household=household, departed_on=None) | Q(pk=int(old or 0)))
    Message.objects.tell(
        Message(
            citizen=other,
            key=f"headship:{headship.pk}:{other.pk}",
            subject=(words % {"name": citizen, "household": household})[:200],
            body=_("Không đúng thì báo ban khuyến học thôn, tổ dân phố."),
            link="/ho-so/nhom/",
        )
        for other in others.exclude(pk=citizen.pk).exclude(user=None)
    )
    return headship


# --- The clan -------------------------------------------------------------------------------------


def clans_for(household):
    """Those of the household's commune."""
    commune = household.village.within(Kind.COMMUNE) or household.village
    return Organization.objects.in_force().filter(paths.at_or_below(commune.path), kind=Kind.CLAN).in_order()


def households_of(clan):
    return Household.objects.filter(clan=clan).select_related("village").order_by("name", "pk")


def household_headed_by(clan, full_name, birth_year) -> Household:
    """The one household of the clan's commune whose head this is."""
    commune = clan.within(Kind.COMMUNE) or clan
    heads = Headship.objects.in_office().filter(
        citizen__name_search=text.fold(full_name), citizen__birth_year=birth_year
    )
    below = paths.at_or_below(commune.path, "village__path")
    found = list(Household.objects.filter(below, pk__in=heads.values("household"))[:2])
    if len(found) != 1:
        raise Refused(
            _("Không tìm được đúng một hộ trong xã có người đại diện tên %(name)s, sinh năm %(year)s.")
            % {"name": full_name, "year": birth_year}
        )
    return found[0]


@transaction.atomic
def join_clan(household, clan, *, by) -> None:
    """Put a household into a clan of its commune; who speaks for the other side is told."""
    if not clans_for(household).filter(pk=clan.pk).exists():
        raise Refused(_("Dòng họ này không ở xã của hộ."))
    if not Household.objects.filter(pk=household.pk, clan=None).update(clan=clan):
        if Household.objects.filter(pk=household.pk, clan=clan).exists():
            return  # a second click
        raise Refused(_("%(household)s đã thuộc một dòng họ khác.") % {"household": household})
    _record("clan", household, by, organization=clan, new=clan.code)
    _tell(household, clan, _("%(household)s vào %(clan)s"), by)
    recount_people(clan)


@transaction.atomic
def leave_clan(household, clan, *, by) -> None:
    """Take a household out of a clan; who speaks for the other side is told."""
    if Household.objects.filter(pk=household.pk, clan=clan).update(clan=None):
        _record("clan_left", household, by, organization=clan, old=clan.code)
        _tell(household, clan, _("%(household)s ra khỏi %(clan)s"), by)
        recount_people(clan)


def _tell(household, clan, words, by):
    now = clock.now()
    sides = [
        (household, reverse("groups:household_clan", args=[household.pk])),
        (clan, reverse("groups:clan_households", args=[clan.code])),
    ]
    own = getattr(by, "citizen", None)
    mine = ({"user_id": by.pk}, {"citizen_id": own.pk if own else None})
    Message.objects.tell(
        Message(
            **whom,
            key=f"clan:{household.pk}:{clan.pk}:{now:%Y%m%d%H%M%S%f}:{number}",
            subject=(words % {"household": household, "clan": clan})[:200],
            body=_("%(name)s đã ghi việc này. Không đúng thì sửa lại trên trang này.")
            % {"name": capfirst(lookers.respectful(by))},
            link=link,
        )
        for number, (whom, link) in enumerate(
            (whom, link) for side, link in sides for whom in notices.speakers_of(side) if whom not in mine
        )
    )


def _record(verb, household, by, *, organization=None, **values):
    entry = events.Entry(
        verb, household, at=clock.now(), by=by, organization=organization or household.village, **values
    )
    events.record_many([entry])
