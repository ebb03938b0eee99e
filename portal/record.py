"""The page of the record for who runs the portal and for the centre: its seals, and checking all of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Appointment
from audit import checking, clock, events, tasks
from audit.models import Check, Seal
from organizations.models import Kind

SEALS_SHOWN = 7
CHECKS_SHOWN = 5


def may_check(user) -> bool:
    """Administrators of the portal, and who sits at the centre."""
    at_centre = Appointment.objects.confirming().filter(user=user, organization__kind=Kind.CENTRE)
    return user.is_superuser or at_centre.exists()


@require_safe
def record(request):
    _ask_who(request.user)
    checks = list(Check.objects.all()[:CHECKS_SHOWN])
    context = {
        "latest": checks[0] if checks else None,
        "earlier": checks[1:],
        "seals": Seal.objects.all()[:SEALS_SHOWN],
    }
    return render(request, "portal/record.html", context)


@require_POST
def record_check(request):
    """Begin a check. A second click leads to the one already under way."""
    _ask_who(request.user)
    check, is_new = checking.ask(by=request.user.pk)
    if is_new:
        events.record("check", check, by=request.user, at=clock.now())
        tasks.send(check)
        messages.success(request, _("Đã giao việc kiểm tra nhật ký. Bạn có thể rời trang này."))
    return redirect("portal:record")


def _ask_who(user):
    if not may_check(user):
        raise PermissionDenied(_("Chỉ người quản trị cổng và hội trung ương kiểm tra được nhật ký."))
