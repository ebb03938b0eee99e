"""Somebody's titles by year: for themselves, and under a link for whom they show it to."""

from collections import defaultdict

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Max, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from audit import clock
from recognitions import sharing
from recognitions.certificates import portal_of
from recognitions.models import Commendation, Recognition, SharedPage

PAGE_SIZE = 50


@require_safe
def mine(request):
    held = Recognition.objects.held_by(request.user).by_year()
    told = held.annotate(checks=Sum("check_days__count"), last_checked=Max("check_days__day"))
    citizen = getattr(request.user, "citizen", None)
    page = Paginator(told, PAGE_SIZE).get_page(request.GET.get("page"))
    _add_honours(page.object_list)
    context = {
        "page": page,
        "citizen": citizen,
        "shared": sharing.of(citizen) if citizen else None,
        "portal": portal_of(request),
    }
    return render(request, "recognitions/mine.html", context)


def _add_honours(recognitions):
    """The commendations of each title: a paper given anew keeps those of the one before."""
    honoured = Commendation.objects.honoured().select_related("list", "recognition").order_by("pk")
    of_title = defaultdict(list)
    for each in honoured.filter(recognition__assessment__in=[one.assessment_id for one in recognitions]):
        of_title[each.recognition.assessment_id].append(each)
    for one in recognitions:
        one.honours = [] if one.replaced_at or one.revoked_at else of_title[one.assessment_id]


@require_POST
def share(request):
    if sharing.share(_citizen(request)):
        messages.success(request, _("Đã tạo liên kết. Ai có liên kết này đều xem được."))
    return redirect("recognitions:mine")


@require_POST
def withdraw(request):
    if sharing.withdraw(_citizen(request)):
        messages.success(request, _("Đã ngừng chia sẻ. Liên kết cũ không mở được nữa."))
    return redirect("recognitions:mine")


def _citizen(request):
    citizen = getattr(request.user, "citizen", None)
    if citizen is None:
        raise Http404
    return citizen


@login_not_required
@never_cache
@require_safe
def shared(request, key):
    page = get_object_or_404(SharedPage.objects.select_related("citizen"), key=key, withdrawn_at=None)
    held = list(Recognition.objects.filter(assessment__citizen=page.citizen).standing().by_year())
    _add_honours(held)
    name = held[0].holder_name if held else page.citizen.full_name  # as on the latest paper
    context = {"name": name, "held": held, "today": clock.today()}
    response = render(request, "recognitions/shared.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
