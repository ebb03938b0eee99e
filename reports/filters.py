"""What a list can be narrowed by. The names of the fields stand in addresses."""

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Population
from criteria.models import Group, Level
from organizations.models import Organization
from reports import figures
from reports.figures import Figure
from vietnamese.fields import LineField

LEVEL, UNIT, PLACE_TYPE, GROUP = "danh-hieu", "don-vi", "loai-noi", "nhom"
POPULATION, FIGURE, NAME = "cong-viec", "tinh-trang", "ten"
PARAMETERS = {
    "level": LEVEL,
    "unit": UNIT,
    "place_type": PLACE_TYPE,
    "group": GROUP,
    "population": POPULATION,
    "figure": FIGURE,
    "name": NAME,
}
POPULATIONS = [
    *Population.choices,
    (figures.ADULTS, gettext_lazy("Người lớn, trừ học sinh, sinh viên")),
]
OF_CITIZENS = [GROUP, POPULATION, NAME]
EVERYTHING = gettext_lazy("Tất cả")


class FilterForm(forms.Form):
    """Fields in the look of the portal."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_select else "form-control"


class LevelForm(forms.Form):
    """Which title of a group."""

    def __init__(self, data):
        super().__init__(data)
        self.fields[LEVEL] = forms.ChoiceField(
            choices=[(each, each.label) for each in Level if each != Level.CITIZEN]
        )


class UnitField(django_filters.fields.ModelChoiceField):
    """A row of the organization's table."""

    def __init__(self, *args, organization=None, **kwargs):
        self.organization = organization
        super().__init__(*args, **kwargs)

    def label_from_instance(self, unit):
        return figures.unit_name(unit, self.organization)


class UnitFilter(django_filters.ModelChoiceFilter):
    field_class = UnitField


class NameFilter(django_filters.CharFilter):
    field_class = LineField


class ListFilter(django_filters.FilterSet):
    """A list at or below an organization: by the rows of its table, by group and by name."""

    unit = UnitFilter(
        label=gettext_lazy("Đơn vị"),
        method="of_unit",
        to_field_name="code",
        empty_label=EVERYTHING,
        queryset=Organization.objects.none(),
    )
    group = django_filters.ChoiceFilter(
        label=gettext_lazy("Nhóm"), method="of_group", choices=Group, empty_label=EVERYTHING
    )
    place_type = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại nơi xác nhận"),
        method="of_place_type",
        choices=list(figures.PLACE_TYPES.items()),
        empty_label=EVERYTHING,
    )
    population = django_filters.ChoiceFilter(
        label=gettext_lazy("Công việc"), method="of_population", choices=POPULATIONS, empty_label=EVERYTHING
    )
    name = NameFilter(label=gettext_lazy("Tìm theo tên"), method="of_name", max_length=100)

    class Meta:
        form = FilterForm

    @classmethod
    def get_filters(cls):
        filters = super().get_filters()
        return {parameter: filters[name] for name, parameter in PARAMETERS.items() if name in filters}

    def __init__(self, data, organization, campaign, queryset):
        super().__init__(data, queryset)
        self.organization, self.campaign = organization, campaign
        if organization.kind in figures.BROKEN_DOWN:
            self.filters[UNIT].queryset = figures.units_of(organization, campaign)
            self.filters[UNIT].extra["organization"] = organization
        else:
            del self.filters[UNIT]

    def of_place_type(self, queryset, field, place_type):
        return queryset.filter(place_type=place_type)

    def of_name(self, queryset, field, name):
        return queryset.matching(name)

    def found(self):
        """What the choices leave, by given name; nothing where a choice makes no sense."""
        return self.in_order(self.qs) if self.is_valid() else self.queryset.none()

    def chosen(self) -> dict[str, str]:
        """The choices made, as they stand in an address."""
        return {name: self.data[name] for name in self.filters if self.data.get(name)}

    def words(self) -> list[str]:
        """The choices made, in words."""
        given, said = self.form.cleaned_data, []
        if level := given.get(LEVEL):
            said.append(str(Level(level).label))
        if unit := given.get(UNIT):
            said.append(figures.unit_name(unit, self.organization))
        if place_type := given.get(PLACE_TYPE):
            said.append(str(figures.PLACE_TYPES[place_type]))
        if group := given.get(GROUP):
            said.append(str(Group(group).label))
        if population := given.get(POPULATION):
            said.append(str(dict(POPULATIONS)[population]))
        if figure := given.get(FIGURE):
            said.append(_("Tình trạng: %(figure)s") % {"figure": Figure(figure).label.lower()})
        if name := given.get(NAME):
            said.append(_("Họ và tên có “%(name)s”") % {"name": name})
        return said


class RecordFilter(ListFilter):
    """Records of one title; of the citizens where none is named."""

    level = django_filters.ChoiceFilter(
        label=gettext_lazy("Danh hiệu"),
        method="of_level",
        choices=[(each.value, each.label) for each in Level if each != Level.CITIZEN],
        empty_label=Level.CITIZEN.label,
    )
    figure = django_filters.ChoiceFilter(
        label=gettext_lazy("Tình trạng"), method="of_figure", choices=Figure, empty_label=EVERYTHING
    )

    def __init__(self, data, organization, campaign):
        named = data.get(LEVEL)
        self.level = Level(named) if named in Level.values else Level.CITIZEN
        records = figures.records_of(organization, campaign, self.level)
        super().__init__(data, organization, campaign, figures.with_place_type(records))
        if self.level != Level.CITIZEN:
            for name in OF_CITIZENS:
                del self.filters[name]

    def of_level(self, records, field, level):
        return records  # chosen at once, for it decides what else can be

    def of_population(self, records, field, population):
        return records.filter(citizen__population__in=figures.populations(population))

    def of_unit(self, records, field, unit):
        return records.filter(figures.of_unit(self.organization, unit))

    def of_group(self, records, field, group):
        return records.filter(criteria_set__group=group)

    def of_figure(self, records, field, figure):
        return records.filter(figures.CONDITIONS[figure])

    def in_order(self, records):
        if self.level == Level.CITIZEN:
            return records.by_name()
        return records.order_by("organization__name_sort", "household__name", "pk")


class PeopleFilter(ListFilter):
    def __init__(self, data, organization, campaign):
        people = figures.with_group(figures.people_of(organization), campaign)
        super().__init__(data, organization, campaign, figures.people_with_place_type(people))

    def of_unit(self, people, field, unit):
        return people.filter(pk__in=figures.people_of_unit(self.organization, unit).values("pk"))

    def of_group(self, people, field, group):
        return people.filter(group=group)

    def of_population(self, people, field, population):
        return people.filter(population__in=figures.populations(population))

    def in_order(self, people):
        return people.in_order()
