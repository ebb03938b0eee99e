"""The commune's desk for names of villages and units that no list held when people typed them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import lookers, placing
from accounts.placing_forms import NameForm, PlacingForm
from audit.models import Sight
from organizations.models import Kind, Organization
from vietnamese.numbers import format_integer

PAGE_SIZE = 50


@require_safe
def names(request, code):
    commune = _commune(request, code)
    typed = placing.typed_names(commune)
    page = Paginator(typed, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "commune": commune,
        "page": page,
        "rows": [(name, _address(commune, name)) for name in page],
        "people": sum(name.people for name in typed),
        "may_place": placing.may_place(request.user, commune),
        "steps": _steps(commune),
    }
    return render(request, "accounts/typed_names.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def place(request, code, what):
    commune = _commune(request, code)
    if not placing.may_place(request.user, commune):
        raise PermissionDenied(
            _("Chỉ cán bộ hội khuyến học của %(commune)s xếp được.") % {"commune": commune}
        )
    asked = NameForm(request.GET)
    name = placing.typed_name(commune, _what(what), asked.given("ten"))
    if name is None:
        return _placed_already(request, commune)
    form = PlacingForm(request.typed, name=name, commune=commune, query=asked.given("tim"))
    if request.method == "POST" and form.is_valid():
        try:
            organization, people = form.save(by=request.user)
        except placing.NameTaken as taken:
            form.add_error("new_name", _("Đã có %(name)s. Chọn nơi ấy ở trên.") % {"name": taken.there})
        except placing.NothingToPlace:
            return _placed_already(request, commune)
        else:
            words = {"people": format_integer(people), "place": organization}
            done = _("Đã xếp %(people)s người vào %(place)s.")
            if not placing.has_board(organization):
                done += " " + _(
                    "Nơi này chưa có ai trong ban: cần phân công người thì hồ sơ mới được xác nhận."
                )
            messages.success(request, done % words)
            return redirect("accounts:typed_names", commune.code)
    people = tuple(pk for pk, _words in form.fields["people"].choices)
    lookers.note(request, Sight.LIST, commune, listed=people)
    context = {
        "commune": commune,
        "name": name,
        "asked": asked,
        "form": form,
        "steps": [*_steps(commune), (reverse("accounts:typed_names", args=[commune.code]), _("Chờ xếp"))],
    }
    return render(request, "accounts/place_typed_name.html", context)


def _commune(request, code):
    communes = Organization.objects.visible_to(request.user).filter(kind=Kind.COMMUNE).in_force()
    return get_object_or_404(communes.select_related("parent"), code=code)


def _what(slug):
    if slug not in placing.WHATS:
        raise Http404
    return placing.WHATS[slug]


def _address(commune, name):
    address = reverse("accounts:place_typed_name", args=[commune.code, name.what.slug])
    return f"{address}?{urlencode({'ten': name.key})}"


def _steps(commune):
    return [(reverse("organizations:index"), _("Tổ chức")), (commune.get_absolute_url(), commune.full_name)]


def _placed_already(request, commune):
    messages.info(
        request, _("Không còn ai chờ xếp với tên này: đã có người xếp, hoặc người dân đã chọn nơi khác.")
    )
    return redirect("accounts:typed_names", commune.code)
