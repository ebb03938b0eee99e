"""A village's households: registered from a tick list, or put in from an Excel file and registered."""

import re
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from accounts.models import Citizen, Headship
from assessments import workflow
from assessments.models import Assessment
from audit import clock, events
from criteria.models import Level
from groups import families, members, speaking
from organizations.models import NAME_LENGTH, Household
from vietnamese import text, workbooks

HEAD = ["ten ho", "ho va ten chu ho", "nam sinh"]
MOST_ROWS = 1000


def of(village, campaign):
    """Those of a village with the head, how many live there, and the year's record."""
    heads = Headship.objects.in_office().filter(household=OuterRef("pk"))
    records = Assessment.objects.filter(household=OuterRef("pk"), campaign=campaign, level=Level.FAMILY)
    return (
        Household.objects.filter(village=village)
        .annotate(
            head_name=Subquery(heads.values("citizen__full_name")[:1]),
            head_left=Subquery(heads.values("citizen__departed_on")[:1]),
            people=Count("members", filter=Q(members__departed_on=None)),
            record=Subquery(records.values("pk")[:1]),
            state=Subquery(records.values("state")[:1]),
        )
        .order_by("name", "pk")
    )


@dataclass
class Done:
    registered: list = field(default_factory=list)
    left: list = field(default_factory=list)  # (household, why)


@transaction.atomic
def register_one(household, campaign, *, by) -> Assessment:
    """The family's record of the year, and those who live there on its list."""
    record = workflow.register_group(household, Level.FAMILY, campaign, by=by)
    members.seed(household, by=by)
    return record


def register(households, campaign, *, by) -> Done:
    """Register each by itself; what cannot be is told with its reason."""
    done = Done()
    for household in households:
        try:
            record = register_one(household, campaign, by=by)
        except workflow.Refused as refusal:
            done.left.append((household, str(refusal)))
        else:
            done.registered.append(record)
    return done


# --- From a file ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    number: int
    name: str
    head: Citizen | None


class Faulty(Exception):
    """Nothing of the file is taken; `faults` say where and why."""

    def __init__(self, faults):
        super().__init__(faults)
        self.faults = faults


def read(file, village) -> list[Row]:
    """The rows of the file with the heads they name. Raises Faulty with every fault at once."""
    try:
        rows = workbooks.rows_of(file)
    except workbooks.Unreadable as problem:
        raise Faulty([str(problem)]) from problem
    if not rows or [text.fold(cell) for cell in rows[0][1][:3]] != HEAD:
        raise Faulty([_("Dòng đầu phải là ba cột: Tên hộ, Họ và tên chủ hộ, Năm sinh.")])
    if len(rows) > MOST_ROWS + 1:
        raise Faulty([_("Mỗi lần nhiều nhất %(most)d hộ. Hãy chia tệp.") % {"most": MOST_ROWS}])
    people = _people_by_name(village)
    known = set(Household.objects.filter(village=village).values_list("name", flat=True))
    found, faults, heads = [], [], set()
    for number, cells in rows[1:]:
        name, head, year = (text.nfc(cell) for cell in [*cells, "", "", ""][:3])
        fault = _fault(name, head, year, people, known, heads)
        if fault:
            faults.append(_("Dòng %(number)d: %(fault)s") % {"number": number, "fault": fault})
            continue
        row = Row(number, name, people[text.fold(head), int(year)][0] if head else None)
        known.add(name)
        heads.add(row.head and row.head.pk)
        found.append(row)
    if not found and not faults:
        faults.append(_("Dưới tên cột chưa có dòng nào."))
    if faults:
        raise Faulty(faults)
    return found


def _people_by_name(village):
    people = {}
    for citizen in Citizen.objects.present().filter(village=village):
        people.setdefault((citizen.name_search, citizen.birth_year), []).append(citizen)
    return people


def _fault(name, head, year, people, known, heads):
    """Why a row cannot be; `known` are the names and `heads` the people of the households before it."""
    if not name:
        return _("thiếu tên hộ.")
    if len(name) > NAME_LENGTH:
        return _("tên hộ dài quá %(most)d chữ cái.") % {"most": NAME_LENGTH}
    if name in known:
        return _("hộ “%(name)s” đã có.") % {"name": name}
    if not head:
        return ""
    if not re.fullmatch("[0-9]{4}", year):
        return _("năm sinh của chủ hộ phải là bốn chữ số.")
    found = people.get((text.fold(head), int(year)), [])
    said = {"head": head, "year": year}
    if not found:
        return _("trong thôn không có ai tên %(head)s sinh năm %(year)s.") % said
    if len(found) > 1:
        return _("trong thôn có nhiều người tên %(head)s sinh năm %(year)s: bỏ trống, chọn sau.") % said
    if found[0].household_id or found[0].pk in heads:
        return _("%(head)s đã thuộc hộ khác.") % said
    if not speaking.is_grown_up(found[0]):
        return _("%(head)s chưa đủ 18 tuổi nên không đại diện cho hộ được.") % said
    return ""


@transaction.atomic
def put_in(rows, village, *, by) -> list[Household]:
    """The households of a file, each with its head."""
    made = []
    for row in rows:
        household = Household.objects.create(village=village, name=row.name)
        if row.head is not None:
            Citizen.objects.filter(pk=row.head.pk).update(household=household)
            row.head.household_id = household.pk
            families.become_head(household, row.head, by=by)
        made.append(household)
    now = clock.now()
    events.record_many(
        events.Entry("household", each, at=now, by=by, organization=village, new=each.name) for each in made
    )
    return made
