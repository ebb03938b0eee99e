"""Who decides on which titles, and which records of a year a decision of theirs may be over."""

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from accounts.models import Appointment
from assessments.models import Assessment, Outcome, State
from assessments.models.assessment import JUDGED_STATES
from audit import clock
from criteria.models import Level
from organizations import paths
from organizations.models import Kind, Organization
from recognitions.models import LevelSetting, Nomination, Recognition
from recognitions.models.decision import PLACE_LENGTH

DECIDING = [Kind.CENTRE, Kind.PROVINCE, Kind.COMMUNE]
JOINED = ", "


def setting_of(level) -> LevelSetting:
    """What the centre says of a title; the defaults where it has said nothing."""
    return LevelSetting.objects.filter(level=level).first() or LevelSetting(level=level)


def bodies_of(user):
    """The associations for which the user writes minutes, submissions and decisions."""
    seats = Appointment.objects.officers().filter(user=user)
    bodies = Organization.objects.filter(pk__in=seats.order_by().values("organization"), kind__in=DECIDING)
    return bodies.in_force().in_order()


def body_of(issuer) -> Organization | None:
    """Who goes on with what an association began: itself, or its heir where that is one of the same kind."""
    body = issuer.heir if issuer.is_closed else issuer
    return body if body and body.kind == issuer.kind else None


def is_officer(user, issuer) -> bool:
    body = body_of(issuer)
    return body is not None and user.appointments.as_officer(body).exists()


def records(issuer, level, campaign, within=None):
    """Those of a title and year on which an association decides, in a part of its subtree.

    Of a person's title the commune's, or where the centre says so the province's; the commune has none where
    a unit stands right under its province. A group's record lies with the body that gave the result. Boards
    count where they, or their heirs, stand today: what is judged follows no reform, so the tree is asked.
    """
    found = Assessment.objects.filter(campaign=campaign, level=level)
    if level != Level.CITIZEN:
        left = Q(board__heir=issuer, board__kind__in=DECIDING, board__valid_to__lt=clock.today())
        found = found.filter(Q(board=issuer) | left)
        return found if within in (None, issuer) else found.filter(_stands_below(within.path))
    by_communes = setting_of(level).body_kind == Kind.COMMUNE
    if issuer.kind not in ([Kind.COMMUNE, Kind.PROVINCE] if by_communes else [Kind.PROVINCE]):
        return found.none()
    own = _right_under if issuer.kind == Kind.PROVINCE and by_communes else _below
    found = found.filter(board__in=own(issuer))
    return found if within in (None, issuer) else found.filter(board__in=_below(within))


def _below(place):
    return _standing(lambda at: paths.at_or_below(place.path, f"{at}path"))


def _right_under(province):
    """The province itself and its boards of which no commune stands above."""
    return _standing(
        lambda at: (
            Q(**{f"{at}pk": province.pk}) | Q(**{f"{at}parent": province}) & ~Q(**{f"{at}kind": Kind.COMMUNE})
        )
    )


def _standing(where):
    closed = Q(valid_to__lt=clock.today(), heir__isnull=False)
    return Organization.objects.filter(~closed & where("") | closed & where("heir__")).order_by().values("pk")


def _stands_below(path):
    return paths.at_or_below(path, "organization__path") | paths.at_or_below(path, "household__village__path")


def judged(found):
    """Of them those that a board has confirmed."""
    return found.filter(state__in=JUDGED_STATES)


def ready(found):
    """Those that reached the title, not recognised yet nor proposed by a decision under way.

    Whose result waits to be looked at again is left for a later decision.
    """
    proposed = Nomination.objects.filter(is_open=True).values("assessment")
    standing = Recognition.objects.standing().values("assessment")
    return (
        found.filter(state=State.CONFIRMED, outcome=Outcome.ACHIEVED)
        .exclude(pk__in=proposed)
        .exclude(pk__in=standing)
        .exclude(pk__in=Assessment.objects.awaiting_review(clock.now()).values("pk"))
    )


def with_names(found):
    """Annotate whose title each is, by what it is sorted, and the two parts of its place."""
    return found.annotate(
        subject_name=Coalesce("citizen__full_name", "household__name", "organization__full_name"),
        subject_sort=Coalesce("citizen__name_sort", "organization__name_sort"),
        near=Coalesce(
            F("household__village__full_name"), F("organization__parent__full_name"), F("board__full_name")
        ),
        far=Coalesce(F("commune__full_name"), F("province__full_name"), Value("")),
    )


def place_of(record) -> str:
    """'Thôn Đông Hải, Xã Thạch Khê': where somebody lives or works, once where both are the same."""
    place = JOINED.join(dict.fromkeys(filter(None, [record.near, record.far])))
    return place[:PLACE_LENGTH]


def parts_of(issuer):
    """The issuer itself and what stands right under it: what minutes may be about."""
    return Organization.objects.filter(Q(pk=issuer.pk) | Q(parent=issuer)).in_force().order_by("path")
