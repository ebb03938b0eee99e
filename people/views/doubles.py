"""People whom a commune's list may hold twice, and the two answers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lookers
from accounts.models import Citizen
from accounts.places import with_key
from accounts.views.answers import written
from audit.models import Sight
from organizations.journal import Refused
from organizations.models import Kind
from people import doubles
from people.forms import MergeForm
from people.views.places import kept, steps_to

PAGE_SIZE = 50
OTHER = "voi"  # names the second of a pair in the address


@require_safe
def index(request, code):
    commune = _commune(request, code)
    page = Paginator(doubles.among(commune), PAGE_SIZE).get_page(request.GET.get("page"))
    people = sorted({one.pk for double in page for one in (double.kept, double.gone)})
    if people:
        lookers.note(request, Sight.LIST, commune, listed=tuple(people))
    context = {"organization": commune, "page": page, "steps": steps_to(commune)}
    return render(request, "people/doubles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request, code, pk):
    commune = _commune(request, code)
    double = _double(request, commune, pk)
    if double is None:
        return _gone(request, commune)
    form = MergeForm(request.typed)
    if request.method == "POST" and form.is_valid():
        try:
            transfer = doubles.merge(
                double, commune=commune, reason=form.cleaned_data["reason"], by=request.user
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("people:doubles", commune.code)
        messages.success(request, _("Đã gộp làm một người. Hoàn tác được ở trang này."))
        return redirect(transfer)
    lookers.note(request, Sight.LIST, commune, listed=(double.kept.pk, double.gone.pk))
    to_all = (reverse("people:doubles", args=[commune.code]), _("Người được ghi hai lần"))
    context = {
        "organization": commune,
        "double": double,
        "sides": _sides(double),
        "why_not": doubles.why_not(double),
        "form": form,
        "steps": steps_to(commune, to_all),
    }
    return render(request, "people/double.html", context)


@require_POST
def apart(request, code, pk):
    commune = _commune(request, code)
    double = _double(request, commune, pk)
    if double is None:
        return _gone(request, commune)
    doubles.tell_apart(double, commune=commune, by=request.user)
    messages.success(request, _("Đã ghi: hai người khác nhau. Cổng không hỏi lại."))
    return redirect("people:doubles", commune.code)


def _commune(request, code):
    organization = kept(request, code)
    if organization.kind != Kind.COMMUNE:
        raise Http404
    return organization


def _double(request, commune, pk):
    """The pair in the address; 404 where one of them is not on the list."""
    other = with_key(Citizen.objects.at(commune), request.GET.get(OTHER, "")).first()
    if other is None or not Citizen.objects.at(commune).filter(pk=pk).exists():
        raise Http404
    return doubles.between(commune, pk, other.pk)


def _gone(request, commune):
    messages.info(request, _("Hai người này đã được quyết định, hoặc không còn giống nhau."))
    return redirect("people:doubles", commune.code)


def _sides(double):
    """Each fact of both beside each other."""
    kept, gone = (
        [*written(one), {"term": _("Tài khoản"), "value": _("Có") if one.user_id else _("Chưa có")}]
        for one in (double.kept, double.gone)
    )
    return [(left["term"], left["value"], right["value"]) for left, right in zip(kept, gone, strict=True)]
