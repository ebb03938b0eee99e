"""What a list can be narrowed by. The names of the fields stand in addresses."""

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Population
from assessments import helping
from criteria.models import Group, Level, Scope
from organizations import paths
from organizations.models import Organization
from reports import as_at, figures, graded
from reports.figures import Figure
from vietnamese.fields import LineField

REST, ONLY, STRUCTURE = "truc-thuoc", "chi-tinh", as_at.STRUCTURE
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
    "rest": REST,
    "only": ONLY,
    "structure": STRUCTURE,
}
HELPED, BY_HELPER = "dien-giup", "nguoi-giup-xac-nhan"
IN_UNIT, IN_UNIT_TITLED = "trong-don-vi", "trong-don-vi-dat"
RANKS = {1: gettext_lazy("mức độ 1"), 2: gettext_lazy("mức độ 2")}
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
    """Which title of a group, and of communities and units which scope of it."""

    def __init__(self, data):
        super().__init__(data)
        self.fields[ONLY] = forms.ChoiceField(choices=Scope.choices, required=False)
        self.fields[REST] = forms.BooleanField(required=False)
        self.fields[LEVEL] = forms.ChoiceField(
            choices=[(each, each.label) for each in Level if each != Level.CITIZEN]
        )

    def found(self, organization):
        """Whatever may hold the title there."""
        level, scope = self.cleaned_data[LEVEL], self.cleaned_data[ONLY]
        found = figures.subjects_of(organization, level, scope)
        return figures.subjects_directly_under(found, organization) if self.cleaned_data[REST] else found


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
    # Chosen by the links of numbers alone.
    rest = django_filters.ChoiceFilter(
        method="of_rest",
        choices=[("1", gettext_lazy("Trực thuộc, không qua xã, phường"))],
        widget=forms.HiddenInput,
    )

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
        said += [
            str(dict(self.form.fields[name].choices)[given[name]])
            for name in (REST, ONLY, STRUCTURE)
            if given.get(name)
        ]
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

    only = django_filters.ChoiceFilter(
        method="of_only",
        choices=[
            *Scope.choices,
            *(
                (f"{scope}-{rank}", f"{scope.label}, {words}")
                for scope in Scope
                for rank, words in RANKS.items()
            ),
            (HELPED, gettext_lazy("Có người điền giúp")),
            (BY_HELPER, gettext_lazy("Người điền giúp cũng là người xác nhận")),
        ],
        widget=forms.HiddenInput,
    )
    structure = django_filters.ChoiceFilter(
        method="of_level", choices=[(as_at.NOW, gettext_lazy("Đơn vị hiện nay"))], widget=forms.HiddenInput
    )

    def __init__(self, data, organization, campaign):
        named = data.get(LEVEL)
        self.level = Level(named) if named in Level.values else Level.CITIZEN
        self.is_on_todays_tree = data.get(STRUCTURE) == as_at.NOW
        if self.is_on_todays_tree:
            records = as_at.on_todays_tree(organization, campaign, self.level)
        else:
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
        if self.is_on_todays_tree and unit == self.organization:
            return records.filter(tree_path=unit.path)
        if self.is_on_todays_tree:
            return records.filter(paths.at_or_below(unit.path, "tree_path"))
        return records.filter(figures.of_unit(self.organization, unit))

    def of_rest(self, records, field, chosen):
        return records.filter(figures.directly_under(self.organization))

    def of_only(self, records, field, only):
        if only in (HELPED, BY_HELPER):
            return helping.with_help(records.filter(submitted_at__isnull=False)).filter(
                **{"is_by_helper" if only == BY_HELPER else "has_help": True}
            )
        scope, _dash, rank = only.partition("-")
        records = records.filter(criteria_set__scope=scope)
        return records.filter(pk__in=graded.of_rank(records, int(rank))) if rank else records

    def of_group(self, records, field, group):
        return records.filter(criteria_set__group=group)

    def of_figure(self, records, field, figure):
        return records.filter(figures.CONDITIONS[figure])

    def in_order(self, records):
        if self.level == Level.CITIZEN:
            return records.by_name()
        return records.order_by("organization__name_sort", "household__name", "pk")


class PeopleFilter(ListFilter):
    only = django_filters.ChoiceFilter(
        method="of_only",
        choices=[
            (IN_UNIT, gettext_lazy("Người của đơn vị")),
            (IN_UNIT_TITLED, gettext_lazy("Người của đơn vị, đạt danh hiệu trong năm")),
        ],
        widget=forms.HiddenInput,
    )

    def __init__(self, data, organization, campaign):
        people = figures.with_group(figures.people_of(organization), campaign)
        super().__init__(data, organization, campaign, figures.people_with_place_type(people))

    def of_unit(self, people, field, unit):
        return people.filter(pk__in=figures.people_of_unit(self.organization, unit).values("pk"))

    def of_group(self, people, field, group):
        return people.filter(group=group)

    def of_rest(self, people, field, chosen):
        return people.filter(pk__in=figures.people_directly_under(self.organization).values("pk"))

    def of_only(self, people, field, only):
        people = people.filter(unit__isnull=False)
        return people.filter(figures.holds_title(self.campaign)) if only == IN_UNIT_TITLED else people

    def of_population(self, people, field, population):
        return people.filter(population__in=figures.populations(population))

    def in_order(self, people):
        return people.in_order()
