"""The lists behind figures of a past day: the records as they stood, and the units that there were."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from assessments.models import Outcome, State
from assessments.models.assessment import AWAITING_CITIZEN
from criteria.models import Group
from organizations.models import FormerName, Organization, Placement
from reports import as_at, sheets
from reports.as_at import Moment
from reports.excel import Column
from reports.figures import Figure
from reports.filters import FIGURE, GROUP

FETCHED = 2000


# --- Records --------------------------------------------------------------------------------------


class Narrowed(forms.Form):
    """Which number of the table the list stands behind. The names of the fields stand in addresses."""

    def __init__(self, data):
        super().__init__(data)
        self.fields[FIGURE] = forms.ChoiceField(choices=Figure.choices, required=False)
        self.fields[GROUP] = forms.ChoiceField(choices=Group.choices, required=False)
        self.fields[as_at.PLACE] = forms.CharField(max_length=200, required=False)

    @property
    def query(self) -> dict[str, str]:
        """The choices made, or nothing where one makes no sense."""
        return {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}

    @property
    def words(self) -> str:
        said = [Figure(self.query[FIGURE]).label] if FIGURE in self.query else []
        said += [Group(self.query[GROUP]).label] if GROUP in self.query else []
        return ", ".join(map(str, said))


@dataclass(frozen=True)
class Records:
    """The records of a year below an organization as they stood at the end of a day, by given name.

    `narrowed` is what Narrowed leaves of them.
    """

    organization: Organization
    campaign: object
    moment: Moment
    narrowed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def found(self):
        roots = as_at.roots_of(self.organization, self.moment)
        path = self.narrowed.get(as_at.PLACE)
        near = [path] if path and any(path.startswith(root) for root in roots) else roots
        records = as_at.records_on(self.campaign, self.moment).filter(as_at.near(near, self.moment))
        records = records.filter(as_at.below(roots, "tree_path"))
        if figure := self.narrowed.get(FIGURE):
            records = records.filter(as_at.CONDITIONS[Figure(figure)])
        if group := self.narrowed.get(GROUP):
            records = records.filter(group_then=group)
        if path:
            records = records.filter(as_at.in_row(path, roots))
        return records.select_related("citizen").by_name()

    @cached_property
    def is_long(self) -> bool:
        """Whether nobody should wait for it: a worker writes it into a file."""
        path = self.narrowed.get(as_at.PLACE, "")
        units = as_at.units_at([path], self.moment)
        return sheets.is_large(units.get(path, self.organization), self.campaign)

    @cached_property
    def places(self) -> dict[str, str]:
        """What the unit at each path was called on the day of the tree."""
        where = set(self.found.order_by().values_list("tree_path", flat=True).distinct())
        return as_at.names_at(where, self.moment)

    def place_of(self, record) -> str:
        return self.places.get(record.tree_path, "")

    def columns(self) -> list[Column]:
        return [
            Column(_("STT"), None, 6),
            Column(_("Họ và tên"), lambda record: record.citizen.full_name, 23),
            Column(_("Ngày sinh"), lambda record: record.citizen.birth, 11, number="0"),
            Column(_("Số căn cước (đã che)"), lambda record: record.citizen.masked_identity_number, 14),
            Column(_("Nơi xác nhận ngày ấy"), self.place_of, 30),
            Column(_("Nhóm"), lambda record: record.group_then, 8),
            Column(_("Tình trạng ngày ấy"), state_words, 18),
            Column(_("Kết quả ngày ấy"), outcome_words, 12),
        ]


def state_words(record) -> str:
    if record.state_then == State.UNCONFIRMED and record.sent_then == State.RETURNED:
        return str(AWAITING_CITIZEN).capitalize()
    return str(State(record.state_then).label).capitalize()


def outcome_words(record) -> str:
    return str(Outcome(record.outcome_then).label).capitalize() if record.outcome_then else ""


def group_words(record) -> str:
    return str(Group(record.group_then).label) if record.group_then else ""


# --- Units ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Units:
    """Everything that stood at or below an organization on a day of the tree, from the top."""

    organization: Organization
    moment: Moment

    @cached_property
    def found(self):
        roots = as_at.roots_of(self.organization, self.moment)
        there = Placement.objects.filter(*as_at.on_day(self.moment.tree_day), as_at.below(roots, "path"))
        return there.select_related("organization", "parent").order_by("path")

    @cached_property
    def _called(self) -> dict[int, str]:
        former = FormerName.objects.filter(valid_to__gte=self.moment.tree_day).order_by("-valid_to")
        return dict(former.values_list("organization", "full_name"))

    def name_of(self, organization) -> str:
        return self._called.get(organization.pk, organization.full_name)

    def columns(self) -> list[Column]:
        return [
            Column(_("STT"), None, 6),
            Column(_("Tên ngày ấy"), lambda place: self.name_of(place.organization), 34),
            Column(_("Cấp"), lambda place: place.organization.get_kind_display().capitalize(), 18),
            Column(_("Mã"), lambda place: place.organization.code, 14),
            Column(_("Thuộc"), lambda place: self.name_of(place.parent) if place.parent else "", 30),
            Column(_("Từ ngày"), lambda place: place.valid_from, 12),
            Column(_("Đến hết ngày"), lambda place: place.valid_to, 12),
        ]
