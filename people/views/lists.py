"""The people on the list of a commune, village or unit."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import claiming, lookers
from accounts.models import Citizen
from audit.models import Sight
from people.forms import SearchForm
from people.views.places import kept, steps_to

PAGE_SIZE = 50


@never_cache
@require_safe
def index(request, code):
    organization = kept(request, code)
    search = SearchForm(request.GET)
    people = Citizen.objects.at(organization)
    found = people.matching(search.name).select_related("village", "unit").in_order()
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    if listed := tuple(citizen.pk for citizen in page):
        lookers.note(request, Sight.LIST, organization, listed=listed)
    context = {
        "organization": organization,
        "search": search,
        "page": page,
        "total": people.count(),
        "without_account": claiming.without_account(organization).count(),
        "steps": steps_to(organization)[:-1],
    }
    return render(request, "people/list.html", context)
