"""The people on the list of a commune, village or unit, and the page of one of them."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import claiming, lookers
from accounts.models import Citizen
from accounts.models.citizen import LIST_OF
from accounts.views.answers import written
from audit.models import Sight
from people import history
from people.forms import ListForm
from people.views.places import kept, steps_to

PAGE_SIZE = 50


@require_safe
def index(request, code):
    organization = kept(request, code)
    form = ListForm(request.GET)
    found = form.people(organization).select_related("village", "unit").in_order()
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    if listed := tuple(citizen.pk for citizen in page):
        lookers.note(request, Sight.LIST, organization, listed=listed)
    context = {
        "organization": organization,
        "form": form,
        "page": page,
        "present": not form.cleaned_data.get("xem"),
        "name": form.cleaned_data.get("ten", ""),
        "total": Citizen.objects.at(organization).count(),
        "without_account": claiming.without_account(organization).count(),
        "may_help": request.user.appointments.helping().filter(organization=organization).exists(),
        "all_ticked": "chon" in request.GET,
        "steps": steps_to(organization)[:-1],
    }
    return render(request, "people/list.html", context)


@require_safe
def person(request, code, pk):
    organization = kept(request, code)
    listed = Citizen.objects.filter(**{LIST_OF[organization.kind]: organization})
    citizen = get_object_or_404(listed.select_related("commune__parent", "village", "unit"), pk=pk)
    lookers.note(request, Sight.LIST, organization, listed=(citizen.pk,))
    context = {
        "organization": organization,
        "citizen": citizen,
        "rows": [*written(citizen), _account_row(citizen)],
        "told": history.of(citizen),
        "steps": steps_to(organization),
    }
    return render(request, "people/person.html", context)


def _account_row(citizen):
    has = _("Có") if citizen.user_id else _("Chưa có")
    return {"term": _("Tài khoản"), "value": has, "change": "", "what": ""}
