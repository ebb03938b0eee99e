"""What an association sees of a unit it helps beside the tree: who takes part and how far they are."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import lookers, supporting
from accounts.supporting_forms import NoteForm
from assessments.models import Campaign
from audit import clock
from audit.models import Sight
from organizations import boards
from organizations.models import Organization
from reports import figures
from vietnamese.numbers import format_integer

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def helped(request, code):
    """Names and progress, no points and no numbers; and a note to the board. It confirms nothing."""
    unit = get_object_or_404(Organization.objects.helped_by(request.user), code=code)
    form = NoteForm(request.typed)
    if request.method == "POST" and form.is_valid():
        told = supporting.send_note(unit, form.cleaned_data["words"], by=request.user)
        if told:
            said = _("Đã nhắn cho %(people)s người của ban.") % {"people": format_integer(told)}
            messages.success(request, said)
        else:
            messages.error(request, _("Ban chưa có ai để nhận. Báo hội khuyến học cấp trên phân công người."))
        return redirect("reports:helped", unit.code)
    campaign = Campaign.objects.current(clock.now())
    people = figures.with_group(figures.people_of(unit), campaign).in_order()
    page = Paginator(
        people.values_list("pk", "full_name", "birth_year", "record__state", "record__outcome"), PAGE_SIZE
    ).get_page(request.GET.get("page"))
    if listed := tuple(row[0] for row in page):
        lookers.note(request, Sight.LIST, unit, listed=listed)
    context = {
        "unit": unit,
        "board": boards.name_of(unit),
        "campaign": campaign,
        "form": form,
        "page": page,
        "rows": [(name, year, outcome or state) for _pk, name, year, state, outcome in page],
        "counts": _counts(unit, campaign) if campaign else [],
        "steps": [
            (reverse("organizations:index"), _("Tổ chức")),
            (unit.get_absolute_url(), unit.full_name),
        ],
    }
    return render(request, "reports/helped.html", context)


def _counts(unit, campaign):
    total = figures.summary(unit, campaign).total
    return [
        (_("Người trong danh sách"), total.people),
        (_("Đã đăng ký"), total.registered),
        (_("Đã gửi"), total.sent),
        (_("Đã xác nhận"), total.confirmed),
    ]
