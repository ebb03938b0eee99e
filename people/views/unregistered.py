"""Who of a board's people has not registered, and reminding them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import lookers
from assessments import turnout
from assessments.models import Campaign
from audit import clock
from audit.models import Sight
from people import nudges
from people.forms import CallForm, UnregisteredForm
from people.models import Moved, Nudge, NudgeKind, TransferKind
from people.views.places import kept, steps_to
from vietnamese.numbers import format_integer

PAGE_SIZE = 50
PRINTED = 500


@require_http_methods(["GET", "HEAD", "POST"])
def index(request, code):
    organization = kept(request, code)
    now = clock.now()
    campaign = Campaign.objects.current(now)
    if campaign is None:
        raise Http404
    form = UnregisteredForm(request.GET)
    found = form.people(turnout.unregistered(organization, campaign))
    if request.method == "POST":
        return _remind(request, organization, campaign, found)
    last = Nudge.objects.filter(citizen=OuterRef("pk"), campaign=campaign).order_by("-at")
    listed = found.annotate(reminded_at=Subquery(last.values("at")[:1])).annotate(
        reminded_by=Subquery(last.values("kind")[:1])
    )
    printed = "in" in request.GET
    page = Paginator(listed.in_order(), PRINTED if printed else PAGE_SIZE).get_page(request.GET.get("page"))
    if shown := tuple(citizen.pk for citizen in page):
        lookers.note(request, Sight.LIST, organization, listed=shown)
    told = turnout.of(organization, campaign)
    due = nudges.not_reminded(found, campaign, now)
    context = {
        "organization": organization,
        "campaign": campaign,
        "form": form,
        "name": form.cleaned_data.get("ten", ""),
        "seen": form.cleaned_data.get("xem", ""),
        "page": page,
        "printed": printed,
        "turnout": told,
        "gone": _gone(organization, campaign) if told.departed else {},
        "opening": nudges.closing(organization, campaign, now),
        "due": nudges.with_account(due).count(),
        "days": nudges.NOT_AGAIN_FOR.days,
        "steps": steps_to(organization),
    }
    return render(request, "people/unregistered.html", context)


def _gone(organization, campaign):
    """Of those who have left every list: how many died, and how many were on it twice."""
    gone = turnout.gone(organization, campaign).exclude(citizen__departed_on=None)
    why = Moved.objects.filter(citizen__in=gone.values("citizen"), target=None, transfer__undone_at=None)
    return {
        "died": why.filter(transfer__kind=TransferKind.DIED).count(),
        "merged": why.filter(transfer__kind=TransferKind.MERGE).count(),
    }


def _remind(request, organization, campaign, found):
    """By a message all who are found, or those ticked as called."""
    if "called" in request.POST:
        form = CallForm(request.POST, found=found)
        people, kind = form.chosen, NudgeKind.CALL
        done = _("Đã ghi: %(people)s người được gọi điện hoặc gặp.")
        none = _("Chưa ghi ai. Đánh dấu người bạn đã gọi, rồi bấm lại.")
    else:
        people, kind = found, NudgeKind.MESSAGE
        done = _("Đã gửi lời nhắc cho %(people)s người.")
        none = _("Không gửi cho ai: họ đã đăng ký, hoặc vừa được nhắc.")
    keys = people.order_by("pk").values_list("pk", flat=True)
    reminded = nudges.remind(keys, kind, organization=organization, campaign=campaign, by=request.user)
    if reminded:
        messages.success(request, done % {"people": format_integer(reminded)})
    else:
        messages.info(request, none)
    kept_filter = {name: request.GET[name] for name in ("ten", "xem", "page") if name in request.GET}
    address = reverse("people:unregistered", args=[organization.code])
    return redirect(f"{address}?{urlencode(kept_filter)}" if kept_filter else address)
