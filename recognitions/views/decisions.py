"""From the confirmed records of a year to the decision: the list, the minutes, the submission, the number."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lookers
from assessments.models import Campaign
from assessments.workflow import Refused
from audit import clock
from audit.models import Sight
from criteria.models import Level
from recognitions import deciders, deciding, documents, minutes, submitting, tasks
from recognitions.forms import BeginForm, DecisionForm, DropForm, LeaveOutForm, MinutesForm, SubmissionForm
from recognitions.models import Decision, DecisionState
from recognitions.refusals import beside

PAGE_SIZE = 50
PLACE = "to-chuc"


# --- Which there are, and one more ----------------------------------------------------------------


@require_safe
def index(request):
    bodies = list(deciders.bodies_of(request.user))
    made = Decision.objects.visible_to(request.user).select_related("issuer", "campaign", "within")
    if not bodies and not made.exists():
        raise PermissionDenied(_("Trang này dành cho cán bộ hội khuyến học xã, tỉnh và trung ương."))
    page = Paginator(made.order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "recognitions/index.html", {"page": page, "bodies": bodies})


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request, code):
    issuer = get_object_or_404(deciders.bodies_of(request.user), code=code)
    initial = {"within": issuer, "campaign": Campaign.objects.current(clock.now()), "level": Level.CITIZEN}
    form = BeginForm(request.typed, issuer=issuer, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            decision = minutes.begin(issuer, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            beside(form, refusal)
        else:
            _work(decision)
            return redirect(decision)
    context = {"form": form, "issuer": issuer, "steps": _steps()}
    return render(request, "recognitions/begin.html", context)


def _work(decision):
    """A short list is done before the answer; a long one is the worker's."""
    if decision.state not in Decision.AT_WORK:
        return
    if decision.nominated > minutes.AT_ONCE:
        decision.hand_to(tasks.task_of(decision))
    else:
        tasks.task_of(decision)(decision.pk)


def _steps(*more):
    return [(reverse("recognitions:index"), _("Quyết định công nhận")), *more]


# --- One decision ---------------------------------------------------------------------------------


def _visible(request, pk):
    found = Decision.objects.visible_to(request.user).select_related("issuer__heir", "campaign", "within")
    return get_object_or_404(found, pk=pk)


def _own(request, pk):
    """One which the user may take on; 404 where it does not concern the user, 403 without the right."""
    decision = _visible(request, pk)
    minutes.ask_officer(decision.issuer, request.user)
    return decision


@require_safe
def detail(request, pk):
    decision = _visible(request, pk)
    names = decision.nominations.select_related("left_out_by")
    page = Paginator(names.proposed().in_order(), PAGE_SIZE).get_page(request.GET.get("page"))
    listed = names.count()
    people = page.object_list.values_list("assessment__citizen", flat=True)
    lookers.note(request, Sight.LIST, decision.issuer, listed=tuple(filter(None, people)))
    return render(
        request,
        "recognitions/detail.html",
        {
            "decision": decision,
            "page": page,
            "listed": listed,
            "left_out": names.left_out().in_order(),
            "changed": names.proposed().changed_since().count()
            if decision.state in minutes.STILL_CHANGING
            else 0,
            "may": deciders.is_officer(request.user, decision.issuer),
            "documents": documents.of(decision),
            "too_long": documents.is_too_long_to_print(decision) and documents.MOST_ROWS,
            "may_sign": minutes.may_sign(decision),
            "body": deciders.body_of(decision.issuer),
            "steps": _steps(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def leave_out(request, pk, nomination):
    decision = _own(request, pk)
    nominated = get_object_or_404(decision.nominations.select_related("assessment"), pk=nomination)
    title = _("Để %(name)s lại") % {"name": nominated.holder_name}
    return _taken(
        request,
        decision,
        LeaveOutForm(request.typed),
        lambda given: minutes.leave_out(nominated, given["reason"], by=request.user),
        done=_("Đã để %(name)s lại, không đưa vào danh sách.") % {"name": nominated.holder_name},
        title=title,
        button=_("Lưu, để lại"),
    )


@require_POST
def take_in(request, pk, nomination):
    decision = _own(request, pk)
    nominated = get_object_or_404(decision.nominations.select_related("assessment"), pk=nomination)
    try:
        minutes.take_in(nominated, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã đưa %(name)s vào danh sách.") % {"name": nominated.holder_name})
    return redirect(decision)


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request, pk):
    decision = _own(request, pk)
    return _taken(
        request,
        decision,
        DropForm(request.typed),
        lambda given: minutes.drop(decision, given["reason"], by=request.user),
        done=_("Đã bỏ đợt này. Các hồ sơ vẫn là đã xác nhận."),
        title=_("Bỏ đợt này"),
        button=_("Bỏ đợt này"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sign_minutes(request, pk):
    decision = _own(request, pk)

    def sign(given):
        minutes.sign(
            decision,
            number=given["minutes_number"],
            on=given["minutes_on"],
            chair=given["minutes_chair"],
            secretary=given["minutes_secretary"],
            by=request.user,
        )
        if decision.looked_at > minutes.AT_ONCE:
            decision.hand_to(tasks.tell)
        else:
            minutes.tell(decision.pk)

    return _taken(
        request,
        decision,
        MinutesForm(request.typed, initial=_written(decision, MinutesForm)),
        sign,
        done=_("Đã ghi biên bản."),
        title=_("Ghi biên bản đã ký"),
        button=_("Lưu biên bản"),
        hint=_("Tải biên bản, in, họp và ký. Rồi ghi số, ngày và người ký vào đây."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request, pk):
    decision = _own(request, pk)
    return _taken(
        request,
        decision,
        SubmissionForm(request.typed, initial=_written(decision, SubmissionForm)),
        lambda given: submitting.submit(
            decision,
            number=given["submission_number"],
            on=given["submission_on"],
            to=given["submission_to"],
            by=request.user,
        ),
        done=_("Đã ghi tờ trình."),
        title=_("Ghi tờ trình đã gửi"),
        button=_("Lưu tờ trình"),
        hint=_("Tải tờ trình và danh sách kèm theo, in, ký và gửi đi. Rồi ghi số và ngày vào đây."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, pk):
    """What is saved here never changes: it is shown once more before."""
    decision = _own(request, pk)
    form = DecisionForm(request.typed, initial={"months": deciding.usual_months(decision)})
    if request.method == "POST" and form.is_to_save:
        given = form.cleaned_data
        try:
            deciding.decide(
                decision,
                number=given["number"],
                on=given["decided_on"],
                signer_name=given["signer_name"],
                signer_post=given["signer_post"],
                months=given["months"],
                by=request.user,
            )
            decision.refresh_from_db()
            _work(decision)
        except Refused as refusal:
            decision.refresh_from_db()
            beside(form, refusal)
        else:
            messages.success(request, _("Đã ghi quyết định."))
            return redirect(decision)
    to_check = request.method == "POST" and form.is_to_check
    is_ready = decision.state == DecisionState.SUBMITTED
    context = {
        "decision": decision,
        "form": form if is_ready else None,  # else nothing is asked
        "to_check": to_check,
        "until": to_check and deciding.last_day(form.cleaned_data["decided_on"], form.cleaned_data["months"]),
        "is_ready": is_ready,
        "steps": _steps((decision.get_absolute_url(), str(decision))),
    }
    return render(request, "recognitions/decide.html", context)


def _written(decision, form):
    return {name: getattr(decision, name) for name in form.base_fields}


def _taken(request, decision, form, step, *, done, title, button, hint=""):
    """Take the step that a form is about, or show the form with what stands against it."""
    if request.method == "POST" and form.is_valid():
        try:
            step(form.cleaned_data)
        except Refused as refusal:
            beside(form, refusal)
        else:
            messages.success(request, done)
            return redirect(decision)
    context = {
        "decision": decision,
        "form": form,
        "title": title,
        "button": button,
        "hint": hint,
        "steps": _steps((decision.get_absolute_url(), str(decision))),
    }
    return render(request, "recognitions/step.html", context)


# --- Papers ---------------------------------------------------------------------------------------


@require_safe
def document(request, pk, name, ending):
    decision = _visible(request, pk)
    made = documents.made(decision, name, ending)
    if made is None:
        raise Http404
    lookers.note(request, Sight.EXPORT, decision.issuer)
    return made
