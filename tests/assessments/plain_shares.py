"""The shares of groups counted one by one in Python, without a query of the module they are held against."""

from collections import defaultdict

from django.utils import timezone

from accounts.models import Citizen, Consent, Member, MemberKind, Population, Purpose
from assessments import shares
from assessments.models import Assessment, CountedShare, FrozenList, Listed, ListedGroup
from audit import clock
from criteria.models import Denominator, TitleLink
from organizations.models import Household, Kind, Organization

PLACES = {Denominator.VILLAGES: Kind.VILLAGE, Denominator.UNITS: Kind.UNIT}


class Portal:
    """All that is there, read once."""

    def __init__(self):
        self.held = defaultdict(set)
        for each in Assessment.objects.select_related("criteria_set"):
            if each.state in ("confirmed", "recognised") and each.outcome == "achieved":
                key = (each.campaign_id, each.level, each.criteria_set.scope)
                self.held[key].add((each.citizen_id, each.household_id, each.organization_id))
        self.organizations = {each.pk: each for each in Organization.objects.all()}
        self.households = list(Household.objects.all())
        self.members = defaultdict(list)
        for member in Member.objects.all():
            self.members[member.household_id, member.organization_id].append(member)
        self.agreed = {
            each.member_id
            for each in Consent.objects.all()
            if each.purpose == Purpose.COUNTED and not each.withdrawn_at
        }
        self.citizens = {each.pk: each for each in Citizen.objects.all()}
        self.frozen = {each.campaign_id for each in FrozenList.objects.all() if each.done_at}
        self.frozen_groups = {each.campaign_id for each in FrozenList.objects.all() if each.groups_done_at}
        self.groups = list(ListedGroup.objects.all())
        self.listed = defaultdict(list)
        for each in Listed.objects.all():
            self.listed[each.campaign_id].append((each.citizen_id, each.board_id))

    def inside(self, place, above):
        return place is not None and self.organizations[place].path.startswith(above.path)

    def homes(self, campaign):
        """Household → where it counts: its village, its clan."""
        if campaign not in self.frozen_groups:
            return {each.pk: (each.village_id, each.clan_id) for each in self.households}
        village_of = {each.pk: each.village_id for each in self.households}
        return {
            each.household_id: (
                village_of[each.household_id],
                each.clan_id and (self.organizations[each.clan_id].heir_id or each.clan_id),
            )
            for each in self.groups
            if each.campaign_id == campaign and each.household_id
        }

    def places(self, campaign):
        """Village or unit → where it counts."""
        if campaign not in self.frozen_groups:
            today = clock.today()
            return {
                each.pk: each.pk
                for each in self.organizations.values()
                if each.valid_from <= today and (each.valid_to is None or each.valid_to >= today)
            }
        frozen = [each.organization_id for each in self.groups if each.household_id is None]
        return {each: self.organizations[each].heir_id or each for each in frozen}

    def share(self, record, link):
        """(numerator, denominator)"""
        held = self.held[record.campaign_id, link.source_level, link.source_scope]
        subject = record.organization
        if link.denominator == Denominator.HOUSEHOLDS:
            there = [
                home
                for home, (village, clan) in self.homes(record.campaign_id).items()
                if (clan == subject.pk if subject.kind == Kind.CLAN else self.inside(village, subject))
            ]
            return sum((None, home, None) in held for home in there), len(there)
        if link.denominator in PLACES:
            there = [
                each
                for each, place in self.places(record.campaign_id).items()
                if self.organizations[each].kind == PLACES[link.denominator]
                and each != subject.pk
                and self.inside(place, subject)
            ]
            return sum((None, None, each) in held for each in there), len(there)
        day = timezone.localdate(record.submitted_at) if record.submitted_at else clock.today()
        members = [
            member
            for member in self.members[record.household_id, record.organization_id]
            if member.valid_from <= day and (member.valid_to is None or member.valid_to >= day)
        ]
        if members or record.household_id:
            kind = MemberKind.LEARNER if link.denominator == Denominator.LEARNERS else MemberKind.ADULT
            there = [member for member in members if member.kind == kind]
            holding = [
                each for each in there if each.pk in self.agreed and (each.citizen_id, None, None) in held
            ]
            return len(holding), len(there)
        people = [each for each in self.people(record) if self.counts(each, link, record)]
        return sum((each.pk, None, None) in held for each in people), len(people)

    def people(self, record):
        if record.campaign_id in self.frozen:
            for citizen, board in self.listed[record.campaign_id]:
                place = self.organizations[board].heir_id or board
                if self.inside(place, record.organization):
                    yield self.citizens[citizen]
            return
        for citizen in self.citizens.values():
            board = citizen.unit_id or citizen.village_id or citizen.commune_id
            if citizen.departed_on is None and self.inside(board, record.organization):
                yield citizen

    def counts(self, citizen, link, record):
        if link.denominator == Denominator.ADULTS:
            return citizen.birth_year <= record.campaign.year - 18
        return (citizen.population == Population.LEARNER) == (link.denominator == Denominator.LEARNERS)


def differences(records):
    """The shares of these records, counted anew, that are not what a plain count says."""
    shares.recount(records)
    kept = {
        (each.assessment_id, each.link_id): (each.numerator, each.denominator)
        for each in CountedShare.objects.all()
    }
    portal, links = Portal(), defaultdict(list)
    for link in TitleLink.objects.select_related("indicator"):
        links[link.indicator.criteria_set_id].append(link)
    compared = [
        (kept[record.pk, link.pk], portal.share(record, link), record, link)
        for record in records
        for link in links[record.criteria_set_id]
    ]
    assert compared
    return [each for each in compared if each[0] != each[1]]
