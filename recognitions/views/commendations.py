"""Exemplary titles and commendations: whom the rules propose, whom people choose, what was decided."""

import io

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import lookers
from assessments.models import Campaign
from assessments.workflow import Refused
from audit import clock
from audit.models import Sight
from criteria.models import Level
from recognitions import commended_papers, commending, deciders, documents, exemplary, minutes
from recognitions.forms import CommendedForm, CommendForm, DropForm
from recognitions.models import Commendation, CommendationList, Recognition, Why
from recognitions.refusals import beside
from vietnamese import numbers

PAGE_SIZE = 50
WAY, NAME = "cach", "ten"
WAYS = {
    "tieu-bieu": (Why.EXEMPLARY, gettext_lazy("Tiêu biểu, năm năm liền")),
    "cao-nhat": (Why.HIGHEST, gettext_lazy("Điểm, tỷ lệ cao nhất từng nơi")),
    "tim": (Why.PERSON, gettext_lazy("Tìm theo tên")),
    "da-chon": (None, gettext_lazy("Đã chọn")),
}


@require_http_methods(["GET", "HEAD", "POST"])
def index(request, code):
    """The lists of an association, and one more."""
    issuer = get_object_or_404(deciders.bodies_of(request.user), code=code)
    initial = {"campaign": Campaign.objects.current(clock.now()), "level": Level.FAMILY}
    form = CommendForm(request.typed, initial=initial)
    if request.method == "POST" and form.is_valid():
        return redirect(commending.begin(issuer, by=request.user, **form.cleaned_data))
    made = CommendationList.objects.gone_on_with(issuer).select_related("campaign")
    page = Paginator(made, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "issuer": issuer, "page": page, "steps": _steps()}
    return render(request, "recognitions/commend.html", context)


def _steps(about=None, *more):
    steps = [(reverse("recognitions:index"), _("Quyết định công nhận"))]
    if about:
        steps.append((reverse("recognitions:commend", args=[about.issuer.code]), _("Khen thưởng")))
    return [*steps, *more]


def _own(request, pk):
    found = CommendationList.objects.given_by(request.user).select_related("issuer__heir", "campaign")
    about = get_object_or_404(found, pk=pk)
    about.issuer = deciders.body_of(about.issuer) or about.issuer
    return about


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request, pk):
    about = _own(request, pk)
    way = "da-chon" if about.is_decided else request.GET.get(WAY)
    way = way if way in WAYS else "tieu-bieu"
    why, refusal, ticked = WAYS[way][0], "", None
    if request.method == "POST":
        ticked = _numbers(request, "chosen")
        shown = _numbers(request, "shown")
        try:
            came, went = commending.choose(
                about, why or Why.PERSON, shown=shown, ticked=ticked, by=request.user
            )
        except Refused as refused:
            refusal = str(refused)
        else:
            said = _("Đã lưu: thêm %(came)d tên, bỏ %(went)d tên.") % {"came": came, "went": went}
            messages.success(request, said)
            return redirect(request.get_full_path())
    context = {
        "about": about,
        "way": way,
        "ways": [(key, words) for key, (_why, words) in WAYS.items()],
        "typed": _typed_name(request),
        "refusal": refusal,
        "counted": commending.counted(about),
        "who": documents.WHO[Level(about.level)],
        "endings": [(ending, documents.WORDS[ending]) for ending in commended_papers.ENDINGS],
        "steps": _steps(about),
        **_listed(request, about, why, ticked),
    }
    return render(request, "recognitions/commending.html", context)


def _numbers(request, name):
    keys = map(numbers.key, request.POST.getlist(name)[:PAGE_SIZE])
    return [key for key in keys if key is not None]


def _typed_name(request):
    return request.GET.get(NAME, "").replace("\0", "")


def _listed(request, about, why, ticked):
    """One page of those a rule proposes, or of those chosen, with what is said of each; in a few queries."""
    if why:
        found = commending.proposed(about, why, _typed_name(request))
    else:
        chosen = Recognition.objects.filter(commendations__list=about)
        found = exemplary.with_subject(chosen, about.level).in_order()
    page = Paginator(found.select_related("assessment"), PAGE_SIZE).get_page(request.GET.get("page"))
    people = list(page.object_list)
    years = exemplary.years_of(people, about.level, about.campaign)
    commended = Commendation.objects.filter(
        subject__in=[each.subject for each in people], campaign=about.campaign, body_kind=about.body_kind
    )
    lists = dict(commended.values_list("subject", "list"))
    records = [each.assessment_id for each in people]
    shares = commending.shares_of(records)
    own = set(commending.of_oneself(request.user).filter(pk__in=records).values_list("pk", flat=True))
    listed = tuple(each.assessment.citizen_id for each in people if each.assessment.citizen_id)
    lookers.note(request, Sight.LIST, about.issuer, listed=listed)
    return {
        "page": page,
        "rows": [
            {
                "recognition": each,
                "years": years.get(each.subject, []),
                "total": each.assessment.final_total,
                "share": shares.get(each.assessment_id),
                "is_ticked": lists.get(each.subject) == about.pk if ticked is None else each.pk in ticked,
                "is_elsewhere": lists.get(each.subject, about.pk) != about.pk,
                "is_own": each.assessment_id in own,
            }
            for each in people
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, pk):
    """What is saved here never changes: it is shown once more before."""
    about = _own(request, pk)
    minutes.ask_officer(about.issuer, request.user)
    form = CommendedForm(request.typed)
    if request.method == "POST" and form.is_to_save:
        given = form.cleaned_data
        try:
            commending.decide(
                about,
                number=given["number"],
                on=given["decided_on"],
                signer_name=given["signer_name"],
                signer_post=given["signer_post"],
                by=request.user,
            )
        except Refused as refusal:
            beside(form, refusal)
        else:
            messages.success(request, _("Đã ghi quyết định khen thưởng."))
            return redirect(about)
    is_ready = not about.is_decided
    context = {
        "decision": about,
        "form": form if is_ready else None,  # else nothing is asked
        "to_check": request.method == "POST" and form.is_to_check,
        "is_ready": is_ready,
        "count": about.chosen.count(),
        "steps": _steps(about, (about.get_absolute_url(), str(about))),
    }
    return render(request, "recognitions/commend_decide.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request, pk):
    about = _own(request, pk)
    minutes.ask_officer(about.issuer, request.user)
    form = DropForm(request.typed)
    if request.method == "POST" and form.is_valid():
        try:
            commending.drop(about, form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            beside(form, refusal)
        else:
            messages.success(request, _("Đã bỏ danh sách này. Danh hiệu của mọi người không đổi."))
            return redirect("recognitions:commend", about.issuer.code)
    context = {
        "decision": about,
        "form": form,
        "title": _("Bỏ danh sách này"),
        "button": _("Bỏ danh sách này"),
        "steps": _steps(about, (about.get_absolute_url(), str(about))),
    }
    return render(request, "recognitions/step.html", context)


@require_safe
def document(request, pk, ending):
    about = _own(request, pk)
    if ending not in commended_papers.ENDINGS:
        raise Http404
    file = io.BytesIO()
    content_type = commended_papers.write(about, ending, file)
    lookers.note(request, Sight.EXPORT, about.issuer)
    response = HttpResponse(file.getvalue(), content_type=content_type)
    name = f"khen-thuong-{about.campaign.year}-{about.pk}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
