"""Looking with another user's eyes: an officer who helps sees what that person sees, for minutes, read-only.

Whoever is looked for is told at once, with the reason. While it lasts `request.user` is the other person and
`request.looker` who looks; the middleware is the one place that refuses whatever would change or take along.
"""

import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from accounts.models import Appointment, Citizen, Message, User
from audit import clock, events, looks
from audit.models import Sight
from organizations import boards
from organizations.models import Organization, SupportLine

SESSION_KEY = "seeing_as"
LASTS = datetime.timedelta(minutes=15)
READING = ("GET", "HEAD", "OPTIONS")
# Ending it, and leaving altogether: done as oneself.
OWN_STEPS = {"accounts:see_as_end", "accounts:sign_out"}
# Read-only pages that would show the person's own numbers whole, or hand out a file under their name.
NOT_SHOWN = {
    "accounts:profile_contact",
    "people:roster_download",
    "reforms:file_download",
    "reports:export_download",
    "reports:snapshot_download",
}


def may_look(user, organization: Organization) -> bool:
    return user.appointments.as_officer(organization).exists()


def within_sight(organization: Organization):
    """Accounts with fewer rights than its officers, within its subtree alone.

    Who lives there or acts strictly below; nobody who acts or helps elsewhere, at the association itself or
    above it, or runs the portal.
    """
    at_or_below = Organization.objects.at_or_below(Organization.objects.filter(pk=organization.pk))
    at_or_below = at_or_below.order_by().values("pk")
    below = Organization.objects.filter(pk__in=at_or_below).exclude(pk=organization.pk).values("pk")
    seats = Appointment.objects.in_office()
    helps_elsewhere = SupportLine.objects.in_force().exclude(unit__in=at_or_below).values("supporter")
    barred = seats.filter(~Q(organization__in=below) | Q(organization__in=helps_elsewhere))
    there = Q(citizen__commune__in=at_or_below)
    there |= Q(pk__in=seats.filter(organization__in=below).values("user"))
    people = User.objects.filter(there, is_active=True, is_staff=False, is_superuser=False)
    return people.exclude(pk__in=barred.values("user"))


@transaction.atomic
def begin(request, user: User, *, organization: Organization, reason: str) -> None:
    by = request.user
    if by == user or not may_look(by, organization) or not within_sight(organization).contains(user):
        raise PermissionDenied
    now = clock.now()
    subject = Citizen.objects.filter(user=user).values_list("pk", flat=True).first()
    events.record(
        "see_as",
        user,
        by=by,
        at=now,
        organization=organization,
        subject=subject,
        new=f"{LASTS.seconds // 60}",
        private={"reason": reason},
    )
    looks.write(
        looks.Noted(
            at=now,
            viewer=by.pk,
            sight=Sight.EYES,
            page="accounts:see_as",
            organization=organization.pk,
            subject=subject,
        )
    )
    Message.objects.tell([_notice(user, by, organization, reason, now)])
    request.session[SESSION_KEY] = {
        "user": user.pk,
        "organization": organization.pk,
        "until": (now + LASTS).isoformat(),
    }


def end(request) -> Organization | None:
    """Back to one's own eyes; for which organization one looked."""
    kept = request.session.pop(SESSION_KEY, None)
    if kept is None:
        return None
    organization = Organization.objects.get(pk=kept["organization"])
    user = User.objects.get(pk=kept["user"])
    subject = Citizen.objects.filter(user=user).values_list("pk", flat=True).first()
    events.record(
        "end_see_as", user, by=request.user, at=clock.now(), organization=organization, subject=subject
    )
    return organization


def _notice(user, by, organization, reason, now):
    return Message(
        user=user,
        key=f"see_as:{user.pk}:{now.timestamp()}",
        subject=_("Có người xem cổng như bạn thấy"),
        body=_(
            "%(officer)s, %(board)s, xem cổng như bạn thấy trong %(minutes)d phút để giúp bạn, chỉ đọc, "
            "không sửa được gì. Lý do ghi lại: “%(reason)s”. Nếu bạn không nhờ việc này, hãy báo hội khuyến "
            "học cấp trên."
        )
        % {
            "officer": by,
            "board": boards.name_of(organization),
            "minutes": LASTS.seconds // 60,
            "reason": reason,
        },
    )


# --- While it lasts -------------------------------------------------------------------------------


class SeeingAsMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.looker = None
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if not has_session or SESSION_KEY not in request.session or not request.user.is_authenticated:
            return self.get_response(request)
        name = _name_of(request.path_info)
        if name in OWN_STEPS:
            return self.get_response(request)
        user, until = _still(request)
        if user is None:
            return redirect("accounts:see_as_end")
        request.looker, request.user, request.seen_until = request.user, user, until
        request.parked = QueryDict()
        try:
            if request.method not in READING or name in NOT_SHOWN:
                return render(request, "accounts/seeing_as_refused.html", status=403)
            return self.get_response(request)
        finally:
            request.user = request.looker


def _still(request):
    """The person and until when; nobody once the time is over or a right was lost."""
    kept = request.session[SESSION_KEY]
    until = datetime.datetime.fromisoformat(kept["until"])
    organization = Organization.objects.get(pk=kept["organization"])
    if clock.now() >= until or not may_look(request.user, organization):
        return None, until
    return within_sight(organization).filter(pk=kept["user"]).first(), until


def _name_of(path):
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
