"""How many of a group hold the title below, counted from the records: numerator, denominator, who is missing.

Of whom a share is taken is frozen on a stated day. A group that keeps a list of members (a household, a clan,
whoever has one) is counted by that list as it stood when its record was sent; until then, and again while it
is returned, by today's. Of these count those who agreed to it. A place or unit that keeps none is counted by
the year's lists of the boards at or below it, as they stood on the year's day, and so are households,
villages and units; until that day is written down (people/freezing.py), all are those of today.

Who holds a title is known by the record of the same year: confirmed and achieved. One query a kind of share,
however many groups there are. The last count is kept beside the record as CountedShare: it follows the people
until the record is judged, and stays then.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Substr, TruncDate
from django.utils.translation import gettext as _

from accounts.models import Citizen, Consent, Member, MemberKind, Population, Purpose
from assessments import chain, scoring, withholding
from assessments.models import (
    Assessment,
    CountedShare,
    FrozenList,
    Listed,
    ListedGroup,
    Outcome,
    ResultHold,
)
from assessments.models.assessment import DRAFT_STATES, JUDGED_STATES
from assessments.scoring import Given
from audit import clock
from criteria.models import Denominator, TitleLink
from organizations import paths
from organizations.models import Household, Kind, Organization
from vietnamese import dates, numbers

OF_AGE = 18
FEW = 20  # so many subtrees are looked up one by one
CHUNK = 500
MEMBERS = {
    Denominator.ADULTS: [MemberKind.ADULT],
    Denominator.MEMBERS: [MemberKind.ADULT],
    Denominator.LEARNERS: [MemberKind.LEARNER],
}
PLACES = {Denominator.VILLAGES: Kind.VILLAGE, Denominator.UNITS: Kind.UNIT}


@dataclass(frozen=True)
class Share:
    """One link of an indicator, counted for one group on the list of a day.

    `missing()` are those of the denominator who do not hold the title: members, people, households or places.
    It `is_partial` while results that count are held back from those who read it.
    """

    link: TitleLink
    numerator: int
    denominator: int
    on: datetime.date
    missing: Callable[[], models.QuerySet]
    is_partial: bool = False

    @property
    def needed_percent(self) -> Decimal | None:
        return self.link.minimum_percent

    @property
    def is_waived(self) -> bool:
        """Whether it asks nothing here: nobody of the kind is there."""
        return self.link.waived_when_empty and not self.denominator

    @property
    def is_met(self) -> bool | None:
        """None where no percent is asked for, or nobody is there to be counted."""
        return scoring.reaches(self.numerator, self.denominator, self.needed_percent)

    @property
    def lacking(self) -> int:
        """How many more of them it takes."""
        return scoring.lacking(self.numerator, self.denominator, self.needed_percent)

    @property
    def words(self) -> str:
        """'18 trên 20 người học (90%), cần 95%: còn thiếu 1'."""
        said = _("%(numerator)s trên %(denominator)s %(whom)s") % {
            "numerator": numbers.format_integer(self.numerator),
            "denominator": numbers.format_integer(self.denominator),
            "whom": self.link.get_denominator_display(),
        }
        if self.is_partial:
            return _("%(said)s, chưa tính kết quả chưa công bố") % {"said": said}
        if self.needed_percent is None:
            return said
        needed = numbers.format_decimal(self.needed_percent.normalize())
        if not self.denominator:
            return _("%(said)s, cần %(needed)s%%") % {"said": said, "needed": needed}
        if self.is_met:
            return _("%(said)s, cần %(needed)s%%: đủ") % {"said": said, "needed": needed}
        return _("%(said)s, cần %(needed)s%%: còn thiếu %(lacking)s") % {
            "said": said,
            "needed": needed,
            "lacking": numbers.format_integer(self.lacking),
        }


def of(assessment, *, as_told=False) -> dict[str, list[Share]]:
    """Indicator code → its shares: counted now, or what the result of a judged record rests on.

    `as_told`: as the group itself may know them, without the results that are held back from their people.
    """
    found = defaultdict(list)
    is_partial = as_told and _holds_back(assessment)
    kept = _kept(assessment) if assessment.is_judged and not is_partial else {}
    for link, counter in _counters([assessment], is_partial=is_partial):
        numerator, denominator = kept.get(link.pk) or counter.counts().get(assessment.pk, (0, 0))
        share = Share(
            link,
            numerator,
            denominator,
            counter.day_of(assessment),
            _missing(counter, assessment.pk),
            is_partial,
        )
        found[link.indicator.code].append(share)
    return dict(found)


def _holds_back(assessment):
    standing = ResultHold.objects.standing().filter(campaign=assessment.campaign_id)
    return standing.filter(province=assessment.province_id).exists()


def _kept(assessment):
    rows = assessment.counted_shares.values_list("link", "numerator", "denominator")
    return {link: (numerator, denominator) for link, numerator, denominator in rows}


def _missing(counter, key):
    return lambda: counter.missing(key)


def given(assessment) -> dict[str, Given]:
    """What the computed indicators that decide are given, to be judged beside what was entered."""
    counted = of(assessment) if assessment.rules().computed else {}
    return {
        indicator.code: scoring.computed(
            [share.is_met for share in counted[indicator.code] if not share.is_waived], indicator.maximum
        )
        for indicator in assessment.criteria_set.indicators
        if indicator.code in assessment.rules().computed
    }


def tips(assessment, entered, *, as_told=False) -> list[str]:
    """What is between the group and its title, a sentence each; empty where it has all."""
    rules, counted = assessment.rules(), of(assessment, as_told=as_told)
    if any(share.is_partial for those in counted.values() for share in those):
        return []  # nobody knows before the results are out
    result = scoring.judge({**entered, **given(assessment)}, rules)
    said = []
    for code in result.under_floor:
        if code in rules.computed:
            said += [
                f"{rules.called(code)}: {share.words}"
                for share in counted[code]
                if not share.is_met and not share.is_waived
            ]
        elif code in result.unscored:
            said.append(_("%(what)s: chưa chấm") % {"what": rules.called(code)})
        else:
            said.append(_("%(what)s: chưa đạt") % {"what": rules.called(code)})
    if result.total is not None and (points := scoring.still_needed(result.total, rules)):
        said.append(_("còn thiếu %(points)s điểm") % {"points": numbers.format_decimal(points)})
    return said


# --- Kept beside the records --------------------------------------------------------------------------


def recount(records: Iterable[Assessment]) -> int:
    """Count the shares of these records anew, but for the judged; how many were not as they were kept."""
    differing = 0
    open_records = [record for record in records if not record.is_judged]
    for start in range(0, len(open_records), CHUNK):
        differing += _recount(open_records[start : start + CHUNK])
    return differing


@transaction.atomic
def _recount(records):
    kept = {
        (share.assessment_id, share.link_id): share
        for share in CountedShare.objects.filter(assessment__in=records)
    }
    now, new, changed = clock.now(), [], []
    for link, counter in _counters(records):
        counts = counter.counts()
        for record in counter.records:
            numerator, denominator = counts.get(record.pk, (0, 0))
            share = kept.get((record.pk, link.pk))
            if share is None:
                new.append(
                    CountedShare(
                        assessment=record,
                        link=link,
                        numerator=numerator,
                        denominator=denominator,
                        counted_at=now,
                    )
                )
            elif (share.numerator, share.denominator) != (numerator, denominator):
                share.numerator, share.denominator, share.counted_at = numerator, denominator, now
                changed.append(share)
    CountedShare.objects.bulk_create(
        new,
        update_conflicts=True,
        unique_fields=["assessment", "link"],
        update_fields=["numerator", "denominator", "counted_at"],
    )
    CountedShare.objects.bulk_update(changed, ["numerator", "denominator", "counted_at"])
    return len(changed)


def recount_all() -> int:
    """Every night: the groups' records that nobody has judged."""
    keys = list(of_groups().exclude(state__in=JUDGED_STATES).order_by("pk").values_list("pk", flat=True))
    return sum(
        recount(of_groups().filter(pk__in=keys[start : start + CHUNK]))
        for start in range(0, len(keys), CHUNK)
    )


def recount_of(subject) -> int:
    """After a change of a group's members: the records of the group."""
    return recount(of_groups().filter(**chain.whose(subject)))


def of_groups():
    """The records of groups with what the counting reads of them."""
    return Assessment.objects.of_groups().select_related(
        "campaign", "criteria_set", "household", "organization"
    )


# --- Counting -----------------------------------------------------------------------------------------


def _counters(records, *, is_partial=False) -> Iterator[tuple[TitleLink, "_Counter"]]:
    """Each link of the records' sets with what counts it for those records that have it."""
    groups = defaultdict(list)
    for record in records:
        groups[record.criteria_set_id, record.campaign_id, record.household_id is not None].append(record)
    links = TitleLink.objects.filter(indicator__criteria_set__in={key[0] for key in groups})
    links = links.select_related("indicator").order_by("indicator__position", "pk")
    for (criteria_set, _campaign, _of_households), of_group in groups.items():
        lists = _Lists(of_group)
        for link in links:
            if link.indicator.criteria_set_id == criteria_set:
                yield link, _Counter(link, lists, is_partial)


class _Lists:
    """Which of some records of one set and year keep a list of members, and what counts for the others."""

    def __init__(self, records):
        self.records, self.campaign = records, records[0].campaign
        self.of_households = records[0].household_id is not None
        self.own = set(self.members().values_list("key", flat=True).order_by().distinct())
        if self.of_households:
            self.own = {record.pk for record in records}
        frozen = FrozenList.objects.filter(campaign=self.campaign).first() or FrozenList()
        self.is_frozen = frozen.done_at is not None
        self.groups_are_frozen = frozen.groups_done_at is not None

    def members(self):
        """The members on the day of each record, with its `key`."""
        to = "household__assessments" if self.of_households else "organization__own_assessments"
        today = Value(clock.today())
        day = Case(
            When(**{f"{to}__state__in": DRAFT_STATES}, then=today),
            default=Coalesce(TruncDate(f"{to}__submitted_at"), today),
        )
        keys = [record.pk for record in self.records]
        found = Member.objects.filter(**{f"{to}__pk__in": keys}).annotate(key=F(f"{to}__pk"), day=day)
        return found.filter(Q(valid_to=None) | Q(valid_to__gte=F("day")), valid_from__lte=F("day"))


class _Counter:
    """One link for the records of one set and year."""

    def __init__(self, link, lists, is_partial=False):
        self.link, self.lists, self.records = link, lists, lists.records
        self.is_partial = is_partial

    def counts(self) -> dict[int, tuple[int, int]]:
        """Record → (numerator, denominator)."""
        found = {}
        for rows, record_of in self._rows(self.records):
            counted = (
                rows.order_by().values("key").annotate(whole=Count("pk"), part=Count("pk", Q(holds=True)))
            )
            for key, whole, part in counted.values_list("key", "whole", "part"):
                found[record_of[key]] = (part, whole)
        return found

    def missing(self, key) -> models.QuerySet:
        """Those of one record who do not hold the title."""
        record = next(record for record in self.records if record.pk == key)
        ((rows, _record_of),) = self._rows([record])
        missing = rows.filter(holds=False)
        if missing.model is Listed:
            return Citizen.objects.filter(pk__in=missing.order_by().values("citizen"))
        if missing.model is not ListedGroup:
            return missing
        if self.link.denominator == Denominator.HOUSEHOLDS:
            return Household.objects.filter(pk__in=missing.order_by().values("household"))
        return Organization.objects.filter(pk__in=missing.order_by().values("organization"))

    def day_of(self, record) -> datetime.date:
        of_people = self.link.denominator in MEMBERS
        if of_people and record.pk in self.lists.own:
            is_sent = record.submitted_at and not record.is_draft
            return dates.local_day(record.submitted_at) if is_sent else clock.today()
        if self.lists.is_frozen if of_people else self.lists.groups_are_frozen:
            return self.lists.campaign.list_day
        return clock.today()

    def _rows(self, records):
        """Querysets of the denominator with `key` and `holds`, each with the record of a key."""
        if self.link.denominator == Denominator.HOUSEHOLDS:
            yield from self._households(records)
        elif self.link.denominator in PLACES:
            yield from self._places(records)
        else:
            own = {record.pk: record.pk for record in records if record.pk in self.lists.own}
            if own:
                rows = self.lists.members().filter(key__in=own, kind__in=MEMBERS[self.link.denominator])
                agreed = Consent.objects.standing().filter(purpose=Purpose.COUNTED, member=OuterRef("pk"))
                holds = Exists(self._holders(citizen=OuterRef("citizen")))
                yield rows.annotate(holds=Exists(agreed) & holds), own
            for same_depth in _by_depth(record for record in records if record.pk not in own):
                yield self._listed(same_depth), {record.organization.path: record.pk for record in same_depth}

    def _listed(self, records):
        """The people at or below places of one depth: of the frozen lists, until there are any of today."""
        if self.lists.is_frozen:
            rows, person = Listed.objects.filter(campaign=self.lists.campaign), "citizen__"
            rows = rows.annotate(place=Coalesce("board__heir__path", "board__path"))
            whose = OuterRef("citizen")
        else:
            rows, person = Citizen.objects.present().with_board_path().annotate(place=F("board_path")), ""
            whose = OuterRef("pk")
        learners = Q(**{f"{person}population": Population.LEARNER})
        if self.link.denominator == Denominator.ADULTS:
            year = self.lists.campaign.year - OF_AGE
            rows = rows.filter(**{f"{person}birth_year__lte": year})
        else:
            rows = rows.filter(learners if self.link.denominator == Denominator.LEARNERS else ~learners)
        return _below(rows, "place", records).annotate(holds=Exists(self._holders(citizen=whose)))

    def _households(self, records):
        if self.lists.groups_are_frozen:
            # In its village of today, by index: nothing but a reform takes a household to another.
            there = self._listed_groups().filter(household__isnull=False)
            there = there.annotate(
                place=F("household__village__path"), of_clan=Coalesce("clan__heir", "clan")
            )
            holds = Exists(self._holders(household=OuterRef("household")))
        else:
            there = Household.objects.annotate(place=F("village__path"), of_clan=F("clan"))
            holds = Exists(self._holders(household=OuterRef("pk")))
        there = there.annotate(holds=holds)
        clans = {
            record.organization_id: record.pk for record in records if record.organization.kind == Kind.CLAN
        }
        if clans:
            became = Organization.objects.filter(Q(pk__in=clans) | Q(heir__in=clans)).order_by().values("pk")
            yield there.filter(clan__in=became, of_clan__in=clans).annotate(key=F("of_clan")), clans
        for same_depth in _by_depth(record for record in records if record.organization_id not in clans):
            yield (
                _below(there, "place", same_depth),
                {record.organization.path: record.pk for record in same_depth},
            )

    def _places(self, records):
        if self.lists.groups_are_frozen:
            there = self._listed_groups().filter(household=None)
            there = there.filter(organization__kind=PLACES[self.link.denominator]).annotate(
                place=Coalesce("organization__heir__path", "organization__path"),
                own=F("organization__path"),
            )
            holds = Exists(self._holders(organization=OuterRef("organization")))
        else:
            there = Organization.objects.in_force().filter(kind=PLACES[self.link.denominator])
            there = there.annotate(place=F("path"), own=F("path"))
            holds = Exists(self._holders(organization=OuterRef("pk")))
        for same_depth in _by_depth(records):
            rows = _below(there, "place", same_depth).exclude(own=F("key"))
            yield (
                rows.annotate(holds=holds),
                {record.organization.path: record.pk for record in same_depth},
            )

    def _listed_groups(self):
        return ListedGroup.objects.filter(campaign=self.lists.campaign)

    def _holders(self, **whose):
        known = withholding.known() if self.is_partial else Q()
        return Assessment.objects.filter(
            known,
            **whose,
            campaign=self.lists.campaign,
            level=self.link.source_level,
            criteria_set__scope=self.link.source_scope,
            state__in=JUDGED_STATES,
            outcome=Outcome.ACHIEVED,
        )


def _by_depth(records):
    """Records of places, those of one depth in the tree together."""
    groups = defaultdict(list)
    for record in records:
        groups[len(record.organization.path)].append(record)
    return groups.values()


def _below(rows, column, records):
    """The rows at or below one of the records' places, all of one depth; `key` is the path of that place."""
    those = [record.organization.path for record in records]
    if len(those) <= FEW:
        found = Q(pk__in=[])
        for path in those:
            found |= paths.at_or_below(path, column)
        rows = rows.filter(found)
    return rows.annotate(key=Substr(column, 1, len(those[0]))).filter(key__in=those)
