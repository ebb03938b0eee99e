"""What is written of an organization: how it is reached, a new one below it, and the levels of the tree."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit import clock, events
from organizations import founding, oversight
from organizations.forms import AddForm, ContactForm, LevelForm, kinds_below
from organizations.models import Kind, Organization, TreeLevel


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request, code):
    organization = _in_force(request, code)
    if not oversight.sits_at_or_is_above(request.user, organization):
        raise PermissionDenied
    form = ContactForm(
        request.typed,
        instance=organization,
        may_say_hard_area=oversight.is_above(request.user, organization),
    )
    if request.method == "POST" and form.is_valid():
        if form.changed_data:
            with transaction.atomic():
                organization.save(update_fields=form.changed_data)
                _tell("contact", organization, request.user, new=", ".join(form.changed_data))
        messages.success(request, _("Đã lưu cách liên hệ."))
        return redirect(organization)
    # The page speaks of the place as it is kept, not as it was typed.
    organization = Organization.objects.get(pk=organization.pk)
    context = {"organization": organization, "form": form, "steps": _steps(organization)}
    return render(request, "organizations/contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, code):
    parent = _in_force(request, code)
    if not oversight.is_at_or_above(request.user, parent) or not kinds_below(parent):
        raise PermissionDenied
    form = AddForm(request.typed, parent=parent)
    if request.method == "POST" and form.is_valid():
        kind, type = form.kind_and_type
        if not TreeLevel.exists_on(kind, clock.today()):
            form.add_error("what", _("Cấp này không còn dùng, không lập mới được."))
        else:
            try:
                new = founding.add(kind, type, form.cleaned_data["name"], parent=parent, by=request.user)
            except founding.NameTaken as taken:
                form.add_error("name", _("Đã có %(name)s ở đây.") % {"name": taken.there})
            else:
                words = {"name": new, "code": new.code}
                said = _("Đã thêm %(name)s, mã %(code)s. Việc tiếp theo: phân công người.") % words
                messages.success(request, said)
                return redirect(new)
    context = {"organization": parent, "form": form, "steps": _steps(parent)}
    return render(request, "organizations/add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def levels(request):
    """From when to when each level exists; set by the officers of the centre."""
    centre = Organization.objects.get(kind=Kind.CENTRE)
    if not request.user.appointments.as_officer(centre).exists():
        raise PermissionDenied(_("Chỉ cán bộ hội khuyến học trung ương đặt được các cấp."))
    kept = {level.kind: level for level in TreeLevel.objects.all()}
    typed = request.typed
    form = LevelForm(typed, instance=kept.get(typed["kind"]) if typed and "kind" in typed else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            level = form.save(commit=False)
            level.kind = form.cleaned_data["kind"]
            level.save()
            until = f"{level.valid_from or ''}..{level.valid_to or ''}"
            told = {"old": form.cleaned_data["legal_basis"], "new": f"{level.kind} {until}"}
            _tell("tree_level", level, request.user, organization=centre, **told)
        messages.success(request, _("Đã lưu cấp %(kind)s.") % {"kind": level})
        return redirect("organizations:levels")
    in_force = Organization.objects.in_force()
    context = {
        "form": form,
        "rows": [(kind, kept.get(kind), in_force.filter(kind=kind).count()) for kind in Kind],
        "steps": [(reverse("organizations:index"), _("Tổ chức"))],
    }
    return render(request, "organizations/levels.html", context)


def _in_force(request, code):
    visible = Organization.objects.visible_to(request.user).in_force()
    return get_object_or_404(visible.select_related("parent"), code=code)


def _tell(verb, what, by, organization=None, **values):
    events.record(verb, what, by=by, at=clock.now(), organization=organization or what, **values)


def _steps(organization):
    return [
        (reverse("organizations:index"), _("Tổ chức")),
        (organization.get_absolute_url(), organization.full_name),
    ]
