"""Filling in for somebody who asked: whom, why; who else is named to; and what the person says to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import appointing, claiming, lookers
from accounts.models import Appointment, Citizen, Role
from assessments import helping, progress, queue, workflow
from assessments.forms.helping import BeginForm, FindForm, HelperForm, RefuseForm
from assessments.models import Assessment, Campaign, Ending, Helping
from assessments.views.citizen import own
from audit import clock, looks
from audit.models import Sight
from criteria.models import Level
from organizations import boards
from organizations.models import Organization

PAGE_SIZE = 20
MOST_OPEN = 50  # that are listed as going on


# --- Whom ------------------------------------------------------------------------------------------


@require_safe
def index(request):
    """Whom one is helping, and whom one may, found by name."""
    places = list(_places(request.user))
    if not places:
        raise PermissionDenied(_("Trang này của ban khuyến học và người được ban cử giúp điền hồ sơ."))
    form = FindForm(request.GET)
    name = form.cleaned_data["name"] if form.is_valid() else ""
    campaign = Campaign.objects.current(clock.now())
    mine = Helping.objects.by_whom_still_may(request.user).select_related("assessment__citizen")
    context = {
        "places": [boards.address_of(each) for each in places],
        "naming": [each for each in places if _names_helpers(request.user, each)],
        "form": form,
        "name": name,
        "campaign": campaign,
        "mine": mine.filter(assessment__campaign=campaign).latest_first()[:MOST_OPEN],
    }
    if name and campaign:
        found = Citizen.objects.who_may_be_helped_by(request.user).matching(name).in_order()
        page = Paginator(found.select_related("village", "unit", "commune"), PAGE_SIZE).get_page(
            request.GET.get("page")
        )
        records = Assessment.objects.filter(citizen__in=list(page), campaign=campaign, level=Level.CITIZEN)
        by_citizen = {record.citizen_id: record for record in records}
        context |= {"page": page, "rows": [(citizen, by_citizen.get(citizen.pk)) for citizen in page]}
        if people := tuple(citizen.pk for citizen in page):
            lookers.note(request, Sight.LIST, places[0], listed=people)
    return render(request, "helping/index.html", context)


def _places(user):
    seats = Appointment.objects.helping().filter(user=user, organization__kind__in=queue.BOARD_KINDS)
    return Organization.objects.filter(pk__in=seats.values("organization")).in_force().in_order()


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request, pk):
    """Say for whom and why; then the same pages as the person's own, under a banner."""
    people = Citizen.objects.who_may_be_helped_by(request.user).select_related("village", "unit", "commune")
    citizen = get_object_or_404(people, pk=pk)
    now = clock.now()
    campaign = Campaign.objects.current(now)
    if campaign is None:
        raise Http404
    record = Assessment.objects.filter(citizen=citizen, campaign=campaign, level=Level.CITIZEN)
    record = record.select_related("campaign", "province", "board", "criteria_set").first()
    standing = record and Helping.objects.open().filter(assessment=record, helper=request.user).first()
    if standing and request.method != "POST":
        return redirect(record)
    form = BeginForm(
        request.typed, is_registered=record is not None, initial={"group": citizen.suggested_group}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            begun = workflow.begin_helping(
                citizen,
                campaign,
                asked=given["asked"],
                reason=given["reason"],
                group=given.get("group"),
                by=request.user,
            )
        except workflow.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Đã ghi: bạn điền giúp %(name)s, và báo người ấy.") % {"name": citizen}
            )
            return redirect(begun.assessment)
    lookers.note(request, Sight.LIST, citizen.board, listed=(citizen.pk,))
    context = {
        "citizen": citizen,
        "person": citizen.titled,
        "board": boards.address_of(citizen.board),
        "record": record,
        "why_not": _why_not(citizen, campaign, record, request.user, now),
        "others": [each for each in helping.of(record) if each.ended_at is None] if record else [],
        "form": form,
    }
    return render(request, "helping/begin.html", context)


def _why_not(citizen, campaign, record, user, now):
    if record:
        return workflow.why_not_help(record, user)
    return workflow.why_not_register(citizen, campaign, now)


@require_POST
def stop(request, pk):
    """Leave off. A second click finds it left."""
    found = Helping.objects.filter(assessment=pk, helper=request.user).select_related("assessment__citizen")
    latest = found.latest_first().first()
    if latest is None:
        raise Http404
    workflow.stop_helping(latest, by=request.user)
    messages.success(
        request,
        _("Bạn đã thôi điền giúp %(name)s. Những gì đã điền vẫn còn.") % {"name": latest.assessment.citizen},
    )
    return redirect("assessments:helping")


@require_safe
def slip(request, pk):
    """What was filled in, on paper, for who gets no message: by whom, when, why, and what to do about it."""
    found = Helping.objects.filter(
        assessment=pk,
        helper=request.user,
        ending__in=["", Ending.SENT],
        assessment__citizen__in=Citizen.objects.who_may_be_helped_by(request.user).values("pk"),
    )
    latest = found.select_related("helper__citizen", "board").latest_first().first()
    if latest is None:
        raise Http404
    record = Assessment.objects.with_all().get(pk=pk)
    latest.assessment = record
    citizen = record.citizen
    looks.note(request, Sight.RECORD, place=record.board_id, record=record.pk, subject=citizen.pk)
    context = {
        "assessment": record,
        "person": citizen.titled,
        "said": helping.words(latest),
        "standing": progress.of(record),
        "board": boards.address_of(record.board),
        "reached": bool(citizen.user_id or citizen.phone or citizen.email),
        "address": request.build_absolute_uri(reverse("accounts:claim")),
        "needs_account": citizen.user_id is None,
        "may_give_slip": citizen.user_id is None and claiming.may_keep(request.user, citizen.board),
    }
    return render(request, "helping/slip.html", context)


# --- What the person says --------------------------------------------------------------------------


@require_POST
def take_over(request, pk):
    assessment = own(request, pk)
    workflow.take_over(assessment, by=request.user)
    messages.success(request, _("Từ nay chỉ mình bạn điền hồ sơ này."))
    return redirect(assessment)


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request, pk, number):
    """Say that one never asked. A second click finds it said."""
    assessment = own(request, pk)
    found = get_object_or_404(assessment.helpings.select_related("helper__citizen", "board"), pk=number)
    found.assessment = assessment
    if request.method != "POST" and not workflow.can_refuse(found):
        return redirect(assessment)
    form = RefuseForm(request.typed)
    if request.method == "POST" and form.is_valid():
        try:
            was_sent_back = workflow.refuse_help(found, by=request.user, words=form.cleaned_data["words"])
        except workflow.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("Đã ghi: bạn không nhờ. Ban và hội khuyến học được báo.")
            if was_sent_back:
                said += " " + _("Hồ sơ chưa gửi.")
            messages.success(request, said)
            return redirect(assessment)
    context = {"assessment": assessment, "said": helping.words(found), "form": form}
    return render(request, "helping/refuse.html", context)


# --- Whom a board names ----------------------------------------------------------------------------


@sensitive_post_parameters("account")
@require_http_methods(["GET", "HEAD", "POST"])
def helpers(request, code):
    """Who helps for a board until when; its members name them."""
    board = _own_board(request, code)
    form = HelperForm(request.typed)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            seat = appointing.name_helper(given["user"], board, valid_to=given["valid_to"], by=request.user)
        except appointing.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = {"name": seat.user, "time": appointing.time_words(seat)}
            messages.success(request, _("Đã cử %(name)s giúp điền hồ sơ, %(time)s.") % said)
            return redirect("assessments:helpers", board.code)
    seats = Appointment.objects.lasting().filter(organization=board, role=Role.HELPER).order_by("pk")
    seats = seats.select_related("user", "organization")
    context = {
        "board": board,
        "board_name": boards.name_of(board),
        "seats": [(seat, appointing.time_words(seat)) for seat in seats],
        "form": form,
    }
    return render(request, "helping/helpers.html", context)


@require_POST
def end_helper(request, code, pk):
    board = _own_board(request, code)
    seats = board.appointments.filter(role=Role.HELPER).select_related("user", "organization")
    seat = get_object_or_404(seats, pk=pk)
    try:
        appointing.end(seat, last_day=None, reason=_("Ban cho thôi."), by=request.user)
    except appointing.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s thôi giúp điền hồ sơ.") % {"name": seat.user})
    return redirect("assessments:helpers", board.code)


def _own_board(request, code):
    visible = Organization.objects.visible_to(request.user).in_force()
    board = get_object_or_404(visible.filter(kind__in=queue.BOARD_KINDS).select_related("parent"), code=code)
    if not _names_helpers(request.user, board):
        raise PermissionDenied(_("Chỉ người của ban cử được người giúp điền hồ sơ."))
    return board


def _names_helpers(user, board):
    return appointing.may_name_helper(user, board)
