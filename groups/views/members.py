"""A group's list of members and what each agreed to; and for each member the groups that list them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Consent, Member, Purpose
from assessments import workflow
from groups import members, speaking
from groups.forms import (
    MemberForm,
    PaperForm,
)
from vietnamese import numbers

PAGE_SIZE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def household_members(request, pk):
    return _members(request, get_object_or_404(speaking.households_of(request.user), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def organization_members(request, code):
    return _members(request, get_object_or_404(speaking.organizations_of(request.user), code=code))


def _members(request, subject):
    here = speaking.url_of(subject, "_members")
    act = request.POST.get("act", "")
    form, paper = MemberForm(), None
    if request.method == "POST" and act == "add":
        form = MemberForm(request.POST)
        if form.is_valid() and _added(request, subject, form):
            return redirect(here)
    elif request.method == "POST" and act == "paper":
        paper = PaperForm(request.POST)
        if paper.is_valid() and _noted_paper(request, subject, paper):
            return redirect(here)
    elif request.method == "POST":
        return _changed(request, subject, act, here)
    listed = Member.objects.of(subject).present().select_related("citizen").in_order()
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    asked = _member(subject, request.GET.get("giay"))
    if paper is None and asked is not None:
        paper = PaperForm(initial={"member": asked.pk})
    return render(
        request,
        "groups/members.html",
        {
            "subject": subject,
            "page": page,
            "rows": _rows(page),
            "form": form,
            "paper": paper,
            "paper_member": asked or (paper and _member(subject, paper.data.get("member"))),
            "texts": [(purpose, members.text_of(purpose)) for purpose in Purpose],
            "here": here,
            "back": speaking.url_of(subject),
        },
    )


def _rows(page):
    """Each member with what stands agreed, and how one who has not agreed may."""
    standing = Consent.objects.standing().filter(member__in=list(page))
    agreed = {(consent.member_id, consent.purpose): consent for consent in standing}
    return [
        (
            member,
            [(purpose, agreed.get((member.pk, purpose.value))) for purpose in Purpose],
            members.has_account(member),
            members.is_under_age(member),
        )
        for member in page
    ]


def _member(subject, number):
    listed = Member.objects.of(subject).present().select_related("citizen")
    return listed.filter(pk=numbers.key(number)).first()


def _added(request, subject, form):
    try:
        member = members.add(subject, **form.cleaned_data, by=request.user)
    except workflow.Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Đã ghi %(name)s vào danh sách.") % {"name": member})
    return True


def _noted_paper(request, subject, form):
    member = _member(subject, str(form.cleaned_data["member"]))
    if member is None:
        raise Http404
    try:
        for purpose in form.cleaned_data["purposes"]:
            members.agree(member, purpose, by=request.user, paper_of=form.cleaned_data["paper_of"])
    except workflow.Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Đã ghi giấy đồng ý của %(name)s.") % {"name": member})
    return True


def _changed(request, subject, act, here):
    """Somebody leaves, a child's consent is given, or a consent on paper or of a child ends."""
    member = _member(subject, request.POST.get("member"))
    purpose = request.POST.get("purpose")
    if member is None or (act != "leave" and purpose not in Purpose.values):
        messages.error(request, _("Danh sách vừa thay đổi. Xem lại rồi bấm lần nữa."))
        return redirect(here)
    try:
        if act == "leave":
            members.leave(member, by=request.user)
            messages.success(request, _("Đã bỏ %(name)s khỏi danh sách.") % {"name": member})
        elif act == "agree":
            members.agree(member, purpose, by=request.user)
            messages.success(request, _("Đã ghi sự đồng ý cho %(name)s.") % {"name": member})
        elif act == "take-back":
            members.take_back(member, purpose, by=request.user)
            messages.success(request, _("Đã rút sự đồng ý của %(name)s.") % {"name": member})
    except workflow.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(here)


@require_http_methods(["GET", "HEAD", "POST"])
def memberships(request):
    """What groups one is listed in, and the own consent to each purpose: given and taken back here alone."""
    own = speaking.memberships_of(request.user)
    if request.method == "POST":
        member = own.filter(pk=numbers.key(request.POST.get("member"))).first()
        purpose = request.POST.get("purpose")
        if member is None or purpose not in Purpose.values:
            raise Http404
        if request.POST.get("act") == "agree":
            members.agree(member, purpose, by=request.user)
            messages.success(request, _("Đã ghi: bạn đồng ý."))
        else:
            members.take_back(member, purpose, by=request.user)
            messages.success(request, _("Đã rút lại sự đồng ý."))
        return redirect("groups:memberships")
    listed = list(own)
    given = Consent.objects.standing().filter(member__in=listed)
    agreed = {(consent.member_id, consent.purpose): consent for consent in given}
    return render(
        request,
        "groups/memberships.html",
        {
            "rows": [
                (
                    member,
                    [
                        (purpose, members.text_of(purpose), agreed.get((member.pk, purpose.value)))
                        for purpose in Purpose
                    ],
                )
                for member in listed
            ]
        },
    )
