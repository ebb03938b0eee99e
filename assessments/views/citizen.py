"""The pages of one's own titles. Somebody else's record is not there; officers have pages of their own."""

import datetime
import functools
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lookers
from accounts.models import Citizen
from assessments import (
    chain,
    contests,
    guidance,
    helping,
    history,
    last_year,
    learning,
    on_time,
    progress,
    queue,
    revised,
    windows,
    withholding,
    workflow,
)
from assessments.forms.citizen import GroupForm, ScoresForm, SendForm
from assessments.forms.learning import RegisterForm
from assessments.models import Assessment, Campaign, Ending, Helping, State, WindowStep
from assessments.views import as_typed
from assessments.workflow import Refused, Stale
from audit import clock, looks
from audit.models import Look, Sight
from criteria.models import Level
from organizations import boards
from vietnamese import dates

LOOKS_SHOWN = 3
ONE_SITTING = datetime.timedelta(minutes=30)  # in which who helps is noted as looking once

# --- The year -------------------------------------------------------------------------------------


@require_safe
def mine(request):
    citizen = _citizen_of(request.user)
    if citizen is None:
        return render(request, "assessments/no_citizen.html")
    now = clock.now()
    campaign = Campaign.objects.current(now)
    records = _records().filter(citizen=citizen, level=Level.CITIZEN).order_by("-campaign__year")
    records = withholding.covered(records)
    this_year = next((record for record in records if record.campaign == campaign), None)
    return render(
        request,
        "assessments/mine.html",
        {
            "citizen": citizen,
            "campaign": campaign,
            "waiting": _waiting(request.user, campaign) if campaign else [],
            "record": this_year,
            "advice": guidance.of(this_year, now) if this_year else guidance.start(citizen, campaign, now),
            "board": boards.address_of(this_year.board if this_year else citizen.board),
            "next_year": guidance.next_year_words(campaign, now),
            "returned": this_year and _returned(this_year),
            "earlier": [record for record in records if record != this_year],
        },
    )


def _waiting(user, campaign):
    """The boards the user sits on where somebody waits: their names, and how many."""
    own = list(queue.boards_of(user))
    waiting = queue.waiting_by_board(own, campaign) if own else {}
    return [(each, boards.name_of(each), waiting[each.pk]) for each in own if each.pk in waiting]


@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    citizen = _citizen_of(request.user)
    now = clock.now()
    campaign = Campaign.objects.current(now)
    if citizen is None or campaign is None:
        return redirect("assessments:mine")
    existing = Assessment.objects.filter(citizen=citizen, campaign=campaign, level=Level.CITIZEN).first()
    if existing:
        return redirect(existing)
    form = RegisterForm(request.typed, initial={"group": citizen.suggested_group})
    if request.method == "POST" and form.is_valid():
        try:
            record = workflow.register(citizen, campaign, group=form.cleaned_data["group"], by=request.user)
            for way in form.cleaned_data["learning"]:
                learning.plan(record, way, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Đã đăng ký danh hiệu năm %(year)s. Hồ sơ chưa gửi.") % {"year": campaign}
            )
            return redirect(record)
    advice = guidance.start(citizen, campaign, now)
    return render(
        request,
        "assessments/register.html",
        {
            "citizen": citizen,
            "campaign": campaign,
            "form": form,
            "advice": advice,
            "is_open": bool(advice.link),
            "board": boards.address_of(citizen.board),
        },
    )


# --- One record -----------------------------------------------------------------------------------


@require_safe
def detail(request, pk):
    assessment = to_fill_in(request, pk)
    now = clock.now()
    page = _page_of(assessment, now)
    context = {
        "assessment": assessment,
        "advice": guidance.of(assessment, now),
        "standing": progress.of(assessment),
        "board": boards.address_of(assessment.board),
        "on_time": on_time.words(assessment),
        "history": history.of(assessment, reader=request.user),
        "looks": lookers.sentences(_latest_looks(assessment, request.user)),
        "stops": chain.stops(assessment) if assessment.is_of_group else [],
        "planned": [] if assessment.is_of_group or request.helping else assessment.learning.all(),
    }
    if not request.helping:
        context["helpings"] = [
            (each, helping.words(each), helping.ending_words(each), workflow.can_refuse(each))
            for each in helping.of(assessment)
        ]
    if page == "draft":
        context |= {"returned": _returned(assessment), "changed": revised.of(assessment)}
    if page == "sent":
        context["withdrawal"] = guidance.withdrawal(assessment, now)
    if page == "judged":
        context |= _about_judgement(assessment, now)
    if page == "locked":
        context |= _about_lock(assessment, now)
    return render(request, f"assessments/detail_{page}.html", context)


def _latest_looks(assessment, user):
    by_others = Look.objects.at_record(assessment.pk).exclude(viewer=user.pk)
    return list(by_others.latest_first()[:LOOKS_SHOWN])


def _about_judgement(assessment, now):
    """Why it fell short, and how points are looked at again."""
    asked = contests.of(assessment)
    can_contest = workflow.can_contest(assessment, now)
    waits = asked is not None and asked.decided_at is None
    return {
        "lacked": guidance.what_lacked(assessment),
        "contest": asked,
        "contest_open": waits and windows.is_open(WindowStep.CONTEST, assessment, now),
        "can_contest": can_contest,
        "contest_until": contests.until_words(assessment) if can_contest else "",
        "reviewer": contests.who_reviews(assessment) if waits else "",
    }


def _page_of(assessment, now):
    if guidance.is_over(assessment, now):
        return "locked"
    if assessment.is_draft:
        return "draft"
    if assessment.is_withheld:
        return "withheld"
    return "judged" if assessment.is_judged else "sent"


def _about_lock(assessment, now):
    """When it was locked, whose fault it was not, and what comes next."""
    window = windows.of(WindowStep.CONFIRMATION, assessment)
    campaign = Campaign.objects.current(now)
    return {
        "window": window if window and now >= window.closes_at else None,
        "today": dates.local_day(now),
        "sent_in_time": assessment.submitted_at is not None and not assessment.awaits_citizen,
        "association": boards.name_of(assessment.commune or assessment.board),
        "next_year": guidance.next_year_words(campaign, now),
        "next_campaign": campaign if campaign != assessment.campaign else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def change_group(request, pk):
    assessment = to_fill_in(request, pk)
    if assessment.is_of_group:
        raise Http404
    if request.method != "POST" and (not workflow.can_write(assessment) or workflow.asked_back(assessment)):
        return redirect(assessment)
    form = GroupForm(request.typed, initial={"group": assessment.group})
    if request.method == "POST" and form.is_valid():
        group = form.cleaned_data["group"]
        if group == assessment.group:
            return redirect(assessment)
        try:
            workflow.change_group(assessment, group=group, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Đã đổi sang nhóm %(group)s. Hồ sơ chưa gửi.") % {"group": assessment.group}
            )
            return redirect(assessment)
    return render(request, "assessments/change_group.html", {"assessment": assessment, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def section(request, pk, code):
    assessment = to_fill_in(request, pk)
    standing = progress.of(assessment)
    part = _named(standing.parts, code)
    if part is None:
        raise Http404
    if request.method != "POST" and not request.parked and not workflow.can_write(assessment):
        return redirect(assessment)
    if "discard" in request.POST:
        return redirect(request.path)
    if request.method == "POST" and request.by_script:
        return as_typed.save(
            request, assessment, part, standing.rules, functools.partial(_part_of, code=code), _asked_anew
        )
    form = ScoresForm(part, standing.rules, assessment.version, request.typed)
    stale = _left_behind(request, form, assessment)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.save_scores(
                assessment, form.given, by=request.user, version=form.cleaned_data["version"]
            )
        except Stale as told:
            stale = told
            form.hold_on_to(assessment.version)
        except Refused as refusal:
            current = to_fill_in(request, pk)
            if not workflow.can_write(current):
                return _too_late(request, current, form, part)
            form.add_error(None, str(refusal))
        else:
            return _after_saving(request, assessment, standing, part, form.given)
    differing = _differing(form) if stale else []
    # Only to whom it belongs: who helps was asked to fill in this year's.
    rows = _beside_last_year(form, {} if request.helping else last_year.of(assessment))
    return render(
        request,
        "assessments/section.html",
        {
            "assessment": assessment,
            "standing": standing,
            "part": part,
            "form": form,
            "rows": rows,
            "former": next((before for line, field, before in rows if _may_carry(line, field, before)), None),
            "following": _following(standing, part),
            "stale": stale,
            "differing": differing,
            # A page behind its record saves nothing by itself: first one chooses.
            "saves_as_typed": not stale and _is_of_now(form, assessment),
        },
        status=_status(request, differing),
    )


def _named(parts, code):
    return next((part for part in parts if part.section.code == code), None)


def _part_of(assessment, *, code):
    standing = progress.of(assessment)
    return _named(standing.parts, code), standing


def _is_of_now(form, assessment):
    return form["version"].value() in (assessment.version, str(assessment.version))


def _left_behind(request, form, assessment):
    """Of a page that was left before one chose between its answers and what was saved elsewhere: who saved.

    Both are shown again, and the next Lưu is the choice.
    """
    if not request.parked or not form.is_valid() or _is_of_now(form, assessment):
        return None
    form.hold_on_to(assessment.version)
    return workflow.saved_elsewhere(assessment) if _differing(form) else None


def _status(request, differing):
    """With a conflict what stands on the page is kept for when it is opened again: portal/parking.py."""
    return HTTPStatus.CONFLICT if differing and request.method == "POST" else HTTPStatus.OK


def _beside_last_year(form, former):
    return [(line, field, former.get(line.indicator.code)) for line, field in form.rows()]


def _may_carry(line, field, former):
    return former is not None and former.holds and field is not None and line.own is None


def _carry_over(request, assessment, part):
    """Of the indicator whose button was pressed, or of all in the part that were still empty."""
    own = workflow.own_scores(assessment)
    codes = [line.indicator.code for line in part.entered]
    wanted = request.POST["carry"]
    wanted = [wanted] if wanted in codes else [code for code in codes if own.get(code) is None]
    try:
        taken = last_year.carry_over(assessment, wanted, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    said = _("Đã dùng lại câu trả lời và minh chứng năm trước cho %(count)d chỗ. Hồ sơ chưa gửi.")
    messages.success(request, said % {"count": len(taken)})


def _too_late(request, assessment, form, part):
    """The record can no longer be written: what was chosen, to be read, and no way to press Lưu again."""
    lines = [(line, form.given.get(line.indicator.code)) for line in form.lines]
    now = clock.now()
    context = {"assessment": assessment, "part": part, "lines": lines, "advice": guidance.of(assessment, now)}
    return render(request, "assessments/section_locked.html", context)


def _following(standing, part):
    return next((each for each in standing.parts if each.number > part.number and not each.stands), None)


def _differing(form):
    """What the other tab saved, where it is not what stands on this page."""
    return [
        {
            "line": line,
            "here": as_typed.words(form.given[line.indicator.code]),
            "there": as_typed.words(line.own),
        }
        for line in form.lines
        if line.indicator.code in form.given and form.given[line.indicator.code] != line.own
    ]


def _after_saving(request, assessment, standing, part, given):
    """Where the pressed button leads."""
    if "carry" in request.POST and not request.helping:
        _carry_over(request, assessment, part)
        return redirect("assessments:section", assessment.pk, part.section.code)
    wants_evidence_for = request.POST.get("evidence", "")
    if wants_evidence_for in {line.indicator.code for line in part.lines}:
        return redirect("assessments:evidence", assessment.pk, wants_evidence_for)
    said = [
        _("Đã lưu phần %(number)d lúc %(at)s.")
        % {"number": part.number, "at": dates.moment_words(assessment.saved_at)}
    ]
    if left := sum(line.is_asked and given.get(line.indicator.code, line.own) is None for line in part.lines):
        said.append(_("Phần này còn %(count)d chỗ chưa điền.") % {"count": left})
    messages.success(request, " ".join([*said, _("Hồ sơ chưa gửi.")]))
    if "later" in request.POST:
        return redirect(assessment)
    if "next" in request.POST:
        following = _following(standing, part)
        if following:
            return redirect("assessments:section", assessment.pk, following.section.code)
        return redirect("assessments:check", assessment.pk)
    return redirect("assessments:section", assessment.pk, part.section.code)


@require_http_methods(["GET", "HEAD", "POST"])
def changed_criteria(request, pk):
    """What the new version asks otherwise, and an answer to each of it; what stands is not asked again."""
    assessment = to_fill_in(request, pk)
    changed = revised.of(assessment)
    if request.by_script and request.method == "POST":
        return as_typed.save(request, assessment, changed, assessment.rules(), _changed_part)
    if changed is None or (request.method != "POST" and not workflow.can_write(assessment)):
        return redirect(assessment)
    if "discard" in request.POST:
        return redirect(request.path)
    form = ScoresForm(changed, changed.rules, assessment.version, request.typed)
    stale = _left_behind(request, form, assessment)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.look_at_criteria(
                assessment, form.given, by=request.user, version=form.cleaned_data["version"]
            )
        except Stale as told:
            stale = told
            form.hold_on_to(to_fill_in(request, pk).version)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lưu những chỗ đã đổi. Hồ sơ chưa gửi."))
            return redirect(assessment)
    differing = _differing(form) if stale else []
    return render(
        request,
        "assessments/changed_criteria.html",
        {
            "assessment": assessment,
            "changed": changed,
            "form": form,
            "rows": changed.rows(form),
            "stale": stale,
            "differing": differing,
            "saves_as_typed": not stale and _is_of_now(form, assessment),
        },
        status=_status(request, differing),
    )


def _asked_anew(assessment):
    changed = revised.of(assessment)
    return [line.indicator for line in changed.lines] if changed else []


def _changed_part(assessment):
    return revised.of(assessment), None


# --- Sending --------------------------------------------------------------------------------------


@require_safe
def check(request, pk):
    assessment = to_fill_in(request, pk)
    request.parked = {}  # nothing is typed here that a session could have ended on
    if not workflow.can_write(assessment):
        return redirect(assessment)
    return render(
        request,
        "assessments/check.html",
        {
            "assessment": assessment,
            "advice": guidance.of(assessment, clock.now()),
            "standing": progress.of(assessment),
            "changed": revised.of(assessment),
            # Of the day of sending, as workflow.submit takes it.
            "board": boards.address_of(workflow.goes_to(assessment)),
        },
    )


@require_POST
def submit(request, pk):
    """Send what the check page showed. A second click leads to the same receipt."""
    if _has_sent_for(request.user, pk):
        return redirect("assessments:help_slip", pk)
    assessment = to_fill_in(request, pk)
    if not assessment.is_draft:
        return redirect("assessments:receipt", assessment.pk)
    form = SendForm(request.POST)
    if not form.is_valid():
        return redirect("assessments:check", assessment.pk)
    try:
        workflow.submit(assessment, by=request.user, saved_at=form.cleaned_data["saved_at"])
    except Stale as told:
        messages.error(request, _("%(told)s Xem lại rồi gửi.") % {"told": told})
    except Refused as refusal:
        if not to_fill_in(request, pk).is_draft:  # the first click was faster
            return redirect("assessments:receipt", assessment.pk)
        messages.error(request, str(refusal))
    else:
        return redirect("assessments:help_slip" if request.helping else "assessments:receipt", assessment.pk)
    return redirect("assessments:check", assessment.pk)


@require_safe
def receipt(request, pk):
    assessment = own(request, pk)
    if assessment.submitted_at is None or assessment.is_draft:
        return redirect(assessment)
    return render(
        request,
        "assessments/receipt.html",
        {
            "assessment": assessment,
            "advice": guidance.of(assessment, clock.now()),
            "standing": progress.of(assessment),
            "board": boards.address_of(assessment.board),
            "withdrawal": guidance.withdrawal(assessment, clock.now()),
        },
    )


@require_POST
def withdraw(request, pk):
    """Take back what was sent. A second click finds it withdrawn."""
    assessment = own(request, pk)
    if assessment.is_draft:
        return redirect(assessment)
    try:
        workflow.withdraw(assessment, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Đã rút lại hồ sơ. Hồ sơ chưa gửi: sửa xong, bạn cần bấm Gửi hồ sơ một lần nữa.")
        )
    return redirect(assessment)


# --- What they share ------------------------------------------------------------------------------


def _returned(assessment):
    """The step by which the board returned it, while it is with the citizen."""
    return history.last_return(assessment) if assessment.state == State.RETURNED else None


def to_fill_in(request, pk):
    """One's own record, or one that the user is filling in for its person: then `request.helping` is set."""
    request.helping = None
    found = _records().written_by(request.user).filter(pk=pk).first()
    if found:
        return withholding.cover(found)
    helpings = Helping.objects.by_whom_still_may(request.user).filter(assessment=pk)
    request.helping = get_object_or_404(helpings)
    found = request.helping.assessment = _records().get(pk=pk)
    looks.note(
        request,
        Sight.RECORD,
        place=found.board_id,
        record=found.pk,
        subject=found.citizen_id,
        once_in=ONE_SITTING,
    )
    return found


def _has_sent_for(user, pk):
    """Whether the last thing such a user did here was to send it: a second click."""
    latest = Helping.objects.filter(assessment=pk, helper=user).latest_first().first()
    return latest is not None and latest.ending == Ending.SENT


def own(request, pk):
    """One's own record, or that of a group one speaks for."""
    return withholding.cover(get_object_or_404(_records().written_by(request.user), pk=pk))


def _records():
    return Assessment.objects.select_related(
        "campaign",
        "criteria_set",
        "board",
        "commune",
        "province",
        "citizen__unit",
        "citizen__village",
        "citizen__commune",
        "household__village",
        "organization",
        "stage",
    )


def _citizen_of(user):
    return Citizen.objects.select_related("unit", "village", "commune").filter(user=user).first()
