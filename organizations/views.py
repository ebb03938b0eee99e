"""Finding organizations, and the page of one: what is at or below one's own, and what that came from."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations import boards, history, oversight, paths
from organizations.catalogue import OLD_ERA
from organizations.forms import SearchForm, kinds_below
from organizations.models import Kind, Organization
from vietnamese.dates import day_words

PAGE_SIZE = 50


@require_safe
def index(request):
    form = SearchForm(request.GET)
    found = form.narrow(Organization.objects.readable_by(request.user))
    page = _page(request, found.select_related("parent"))
    own = Organization.objects.acted_for_by(request.user).in_order()
    is_centre = request.user.appointments.officers().filter(organization__kind=Kind.CENTRE).exists()
    context = {"search": form, "page": page, "own": own, "is_centre": is_centre}
    return render(request, "organizations/index.html", context)


@require_safe
def detail(request, code):
    readable = Organization.objects.readable_by(request.user)
    if former := _former(readable, code):
        return redirect(former)
    organization = get_object_or_404(readable.select_related("parent"), code=code)
    above = list(organization.ancestors)
    became = list(organization.successions.select_related("new__parent").order_by("new__name_sort", "pk"))
    linked = set(
        readable.filter(pk__in=[place.pk for place in [*above, *(each.new for each in became)]]).values_list(
            "pk", flat=True
        )
    )
    children = readable.filter(parent=organization).in_force(organization.last_day)
    is_officer = request.user.appointments.as_officer(organization).exists()
    is_above = oversight.is_above(request.user, organization)
    context = {
        "organization": organization,
        "steps": [(reverse("organizations:index"), _("Tổ chức")), *_steps(above, linked)],
        "rows": _rows(organization, above),
        "seats": organization.appointments.in_office()
        .select_related("user")
        .order_by("user__full_name", "pk"),
        "has_board": organization.appointments.filled().exists(),
        "page": _page(request, children.select_related("parent")),
        "came_from": _came_from(organization),
        "became": [(each, each.new_id in linked) for each in became],
        "is_officer": is_officer,
        "keeps_people": request.user.appointments.keeping(organization).exists(),
        "history": history.of(organization),
        "may_change": is_above,
        "people_to_place": _people_to_place(organization),
        "supporters": _supporters(organization),
        "may_set_support": is_above and organization.kind == Kind.UNIT,
        "is_helped": Organization.objects.helped_by(request.user).contains(organization),
        "helps": _helped(organization) if is_officer else [],
        "may_write_contact": is_above or oversight.sits_at_or_is_above(request.user, organization),
        "may_add": (is_above or (is_officer and not organization.is_closed))
        and bool(kinds_below(organization)),
        "without_people": _without_people_below(organization).count(),
        "may_appoint": oversight.is_right_above(request.user, organization),
    }
    return render(request, "organizations/detail.html", context)


@require_safe
def without_people(request, code):
    """The boards below that have no active member, for those above who appoint them."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), code=code)
    page = _page(request, _without_people_below(organization).select_related("parent"))
    steps = [(reverse("organizations:index"), _("Tổ chức"))]
    steps.append((organization.get_absolute_url(), organization.full_name))
    context = {"organization": organization, "page": page, "steps": steps}
    return render(request, "organizations/without_people.html", context)


def _without_people_below(organization):
    below = Organization.objects.filter(paths.at_or_below(organization.path)).exclude(pk=organization.pk)
    return below.without_people()


def _supporters(organization):
    """The associations that help a unit today."""
    if organization.kind != Kind.UNIT:
        return []
    lines = organization.helped_by_lines.in_force().select_related("supporter")
    return [line.supporter for line in lines.order_by("supporter__name_sort", "pk")]


def _helped(organization):
    """The units that an association helps today."""
    if organization.kind not in boards.ASSOCIATIONS:
        return []
    lines = organization.helps.in_force().select_related("unit")
    return [line.unit for line in lines.order_by("unit__name_sort", "pk")]


def _former(readable, code):
    """The last unit that bore an official code which nobody bears now."""
    if not code.isdigit() or Organization.objects.filter(code=code).exists():
        return None
    return readable.filter(code__startswith=f"{code}@").order_by("-valid_to").first()


def _page(request, organizations):
    return Paginator(organizations.with_people().in_order(), PAGE_SIZE).get_page(request.GET.get("page"))


def _steps(above, linked):
    return [(place.get_absolute_url(), place.full_name) for place in above if place.pk in linked]


def _rows(organization, above):
    rows = [
        (_("Cấp"), organization.get_kind_display().capitalize()),
        (_("Loại"), organization.get_type_display()),
        (_("Mã"), organization.code),
        (_("Thuộc"), ", ".join(place.full_name for place in reversed(above))),
        (_("Từ ngày"), _known_beginning(organization)),
        (_("Đến hết ngày"), organization.valid_to and day_words(organization.valid_to)),
        (_("Điện thoại"), organization.phone),
        (_("E-mail"), organization.email),
        (_("Địa chỉ"), organization.address),
        (_("Vùng khó khăn"), _("Có") if organization.is_hard_area else ""),
    ]
    return [(term, value) for term, value in rows if value]


def _known_beginning(organization):
    """Of a unit of the closed era nothing is known but that it was there."""
    return "" if organization.code.endswith(OLD_ERA) else day_words(organization.valid_from)


def _came_from(organization):
    """The closed ones it came from, communes before districts, each with the number of its successors."""
    came_from = organization.precessions.select_related("old__parent")
    return came_from.annotate(heirs=Count("old__successions")).order_by("old__kind", "old__name_sort", "pk")


def _people_to_place(organization):
    if organization.kind != Kind.COMMUNE or organization.is_closed:
        return 0
    return organization.commune_citizens.waiting_for_place().count()
