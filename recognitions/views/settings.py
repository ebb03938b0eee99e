"""What the centre says of how titles are recognised."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments import outages, releases
from assessments.models import Campaign
from assessments.views.deadlines import LEVELS
from assessments.workflow import Refused
from audit import clock, events
from criteria.models import Level
from organizations.models import Kind
from recognitions import deciders
from recognitions.forms import ReleaseForm, SettingForm


@require_safe
def index(request):
    _centre(request)
    rows = [(slug, level.label, deciders.setting_of(level)) for slug, level in LEVELS.items()]
    steps = [(reverse("recognitions:index"), _("Quyết định công nhận"))]
    return render(
        request, "recognitions/settings.html", {"rows": rows, "steps": steps, "citizen": Level.CITIZEN}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, slug):
    centre = _centre(request)
    if slug not in LEVELS:
        raise Http404
    setting = deciders.setting_of(LEVELS[slug])
    before = in_words(setting)
    form = SettingForm(request.typed, instance=setting)
    if request.method == "POST" and form.is_valid():
        setting = form.save(commit=False)
        setting.by, setting.at = request.user, clock.now()
        setting.save()
        events.record(
            "set_recognition",
            setting,
            by=request.user,
            at=setting.at,
            organization=centre,
            old=before,
            new=in_words(setting),
        )
        messages.success(request, _("Đã lưu quy định công nhận %(title)s.") % {"title": setting})
        return redirect("recognitions:settings")
    steps = [
        (reverse("recognitions:index"), _("Quyết định công nhận")),
        (reverse("recognitions:settings"), _("Quy định công nhận")),
    ]
    return render(request, "recognitions/setting.html", {"form": form, "setting": setting, "steps": steps})


@require_http_methods(["GET", "HEAD", "POST"])
def release(request, code):
    """When the people of a province see their results of this year."""
    provinces = deciders.bodies_of(request.user).filter(kind=Kind.PROVINCE)
    province = get_object_or_404(provinces, code=code)
    campaign = Campaign.objects.current(clock.now())
    if campaign is None:
        raise Http404
    held = releases.is_held(province, campaign)
    now = ReleaseForm.BY_MINUTES if held else ReleaseForm.AT_ONCE
    form = ReleaseForm(request.typed, initial={"when": now})
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["when"] == ReleaseForm.BY_MINUTES:
                releases.hold(province, campaign, by=request.user)
            else:
                releases.end_hold(province, campaign, by=request.user)
        except Refused as refusal:
            form.add_error("when", str(refusal))
        else:
            messages.success(request, _("Đã lưu. Áp dụng cho cả tỉnh ngay."))
            return redirect("recognitions:index")
    steps = [(reverse("recognitions:index"), _("Quyết định công nhận"))]
    context = {"form": form, "province": province, "campaign": campaign, "held": held, "steps": steps}
    return render(request, "recognitions/release.html", context)


def in_words(setting) -> str:
    provisional = (
        _("được theo bản tạm (%(basis)s)") % {"basis": setting.basis}
        if setting.on_provisional
        else _("không theo bản tạm")
    )
    return f"{setting}: {setting.get_body_kind_display()}, {provisional}"


def _centre(request):
    centre = outages.centre_of(request.user)
    if centre is None:
        raise Http404
    return centre
