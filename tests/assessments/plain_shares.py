"""The shares of groups counted one by one in Python, without a query of the module they are held against."""

from collections import defaultdict

from django.utils import timezone

from accounts.models import Citizen, Consent, Member, MemberKind, Population, Purpose
from assessments import shares
from assessments.models import Assessment, CountedShare, FrozenList, Listed
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
        self.listed = defaultdict(list)
        for each in Listed.objects.all():
            self.listed[each.campaign_id].append((each.citizen_id, each.board_id))

    def inside(self, place, above):
        return place is not None and self.organizations[place].path.startswith(above.path)

    def share(self, record, link):
        """(numerator, denominator)"""
        held = self.held[record.campaign_id, link.source_level, link.source_scope]
        subject = record.organization
        if link.denominator == Denominator.HOUSEHOLDS:
            if subject.kind == Kind.CLAN:
                there = [each for each in self.households if each.clan_id == subject.pk]
            else:
                there = [each for each in self.households if self.inside(each.village_id, subject)]
            return sum((None, each.pk, None) in held for each in there), len(there)
        if link.denominator in PLACES:
            there = [
                each
                for each in self.organizations.values()
                if each.kind == PLACES[link.denominator]
                and each.pk != subject.pk
                and each.valid_from <= clock.today()
                and (each.valid_to is None or each.valid_to >= clock.today())
                and self.inside(each.pk, subject)
            ]
            return sum((None, None, each.pk) in held for each in there), len(there)
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
