"""Whom no notice reached, for the board; and by which channels a person wants them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import lookers
from audit import clock
from audit.models import Sight
from delivery import choosing, gateways, unreached
from delivery.forms import ChannelsForm, ToldForm
from people.views.places import kept, steps_to
from vietnamese.numbers import format_integer

PAGE_SIZE = 50
PRINTED = 500


@require_http_methods(["GET", "HEAD", "POST"])
def unreached_people(request, code):
    organization = kept(request, code)
    now = clock.now()
    found = unreached.people(organization, now)
    if request.method == "POST":
        return _note(request, organization, found)
    printed = "in" in request.GET
    page = Paginator(found.in_order(), PRINTED if printed else PAGE_SIZE).get_page(request.GET.get("page"))
    citizens = list(page)
    if citizens:
        lookers.note(request, Sight.LIST, organization, listed=tuple(citizen.pk for citizen in citizens))
    context = {
        "organization": organization,
        "page": page,
        "printed": printed,
        "people": unreached.described(citizens, now),
        "has_gateway": bool(gateways.configured()),
        "steps": steps_to(organization),
    }
    return render(request, "delivery/unreached.html", context)


def _note(request, organization, found):
    form = ToldForm(request.POST, found=found)
    chosen = form.cleaned_data["people"] if form.is_valid() else found.none()
    keys = list(chosen.values_list("pk", flat=True))
    noted = unreached.told(keys, organization=organization, by=request.user)
    if noted:
        done = _("Đã ghi: %(people)s người được báo trực tiếp.")
        messages.success(request, done % {"people": format_integer(noted)})
    else:
        messages.info(request, _("Chưa ghi ai. Đánh dấu người bạn đã gọi hoặc gặp, rồi bấm lại."))
    return redirect("delivery:unreached", organization.code)


@require_http_methods(["GET", "HEAD", "POST"])
def channels(request):
    typed = request.POST if request.method == "POST" else None  # nothing ticked is an answer too
    form = ChannelsForm(typed, initial={"channels": choosing.wanted_by(request.user)})
    if form.is_valid():
        choosing.choose(request.user, form.cleaned_data["channels"])
        messages.success(request, _("Đã lưu. Tin luôn nằm ở mục Tin nhắn trên cổng."))
        return redirect("accounts:profile")
    return render(request, "delivery/channels.html", {"form": form, "has": gateways.configured()})
