"""Slips for people on a list who have no account, and the page where they take it over."""

import segno
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import claiming, lookers, regaining
from accounts.claim_forms import ClaimForm, SlipsForm
from accounts.models import ClaimCode
from accounts.models.claim_code import GOOD_FOR
from accounts.views.keeping import kept, steps_to
from accounts.views.not_kept import not_kept
from audit import clock
from audit.models import Sight

PAGE_SIZE = 60


@login_not_required
@not_kept
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request):
    form = ClaimForm(request.POST or None, initial={"code": request.GET.get("ma", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        user = authenticate(request, username=given["code"], fact=given["fact"])
        if user:
            return redirect(regaining.path_for(user))
        form.add_error(None, _no_match())
    return render(request, "accounts/claim.html", {"form": form})


def _no_match():
    """The same for a wrong code and a wrong fact: it says nothing of whose slip it is."""
    return _(
        "Mã và ngày sinh chưa khớp, hoặc phiếu đã dùng, đã hết hạn, đã được thay bằng phiếu mới. Xem lại "
        "phiếu rồi gõ lại; vẫn không được thì xin phiếu mới ở nơi đã trao phiếu."
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def slips(request, code):
    organization = kept(request, code)
    has_slip = Exists(ClaimCode.objects.good().filter(citizen=OuterRef("pk")))
    listed = claiming.without_account(organization).annotate(has_slip=has_slip)
    page = Paginator(listed.in_order(), PAGE_SIZE).get_page(request.GET.get("page"))
    form = SlipsForm(request.POST if request.method == "POST" else None, people=page)
    if request.method == "POST" and form.is_valid():
        return _printed(request, organization, form.chosen)
    following = _waiting(organization).in_order().values_list("pk", flat=True)[: claiming.MOST_SLIPS]
    if people := tuple(citizen.pk for citizen in page):
        lookers.note(request, Sight.LIST, organization, listed=people)
    waiting = _waiting(organization).count()
    context = {
        "organization": organization,
        "form": form,
        "page": page,
        "waiting": waiting,
        "held": ClaimCode.objects.held()
        .filter(citizen__in=claiming.without_account(organization))
        .select_related("citizen", "by")
        .order_by("citizen__name_sort", "pk")[:PAGE_SIZE],
        "following": " ".join(map(str, following)),
        "next_words": form.next_words(waiting),
        "steps": steps_to(organization),
    }
    return render(request, "accounts/slips.html", context)


def _waiting(organization):
    return claiming.without_slip(organization)


def _printed(request, organization, chosen):
    given = claiming.give_slips(chosen, organization=organization, by=request.user)
    if people := tuple(citizen.pk for citizen, _code in given):
        lookers.note(request, Sight.LIST, organization, listed=people)
    address = request.build_absolute_uri(reverse("accounts:claim"))
    context = {
        "organization": organization,
        "slips": [
            (citizen, claiming.in_groups(code), _qr(f"{address}?ma={code}")) for citizen, code in given
        ],
        "address": address,
        "until": clock.now() + GOOD_FOR,
        "steps": [*steps_to(organization), (reverse("accounts:slips", args=[organization.code]), _("Phiếu"))],
    }
    return render(request, "accounts/slips_print.html", context)


def _qr(address):
    """As a drawing in the page itself, which loads nothing."""
    return mark_safe(segno.make(address, error="m").svg_inline(omitsize=True, border=0))  # noqa: S308
