"""Whoever writes about another person leaves their name, and that person has a message of it.

The paths are those of test_write_paths.py for the records, and every address that takes a form.
"""

import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils.text import capfirst
from openpyxl import Workbook

from accounts.models import Citizen, Message, Purpose, Role
from assessments import draws, evidence, progress, workflow
from assessments.models import Asked, Draw
from audit import clock
from audit.models import Event
from criteria.models import Group, Level
from groups import members
from people import rosters
from people.models import Transfer
from sheets import codes
from sheets.codes import SheetCode
from tests.assessments.test_write_paths import VIEWS, begin, come_to, open_by
from tests.factories import (
    appoint,
    load_chains,
    load_criteria,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_confirmer,
    make_group_set,
    make_head,
    make_household,
    make_officer,
    make_submitted_assessment,
    make_unit,
    make_village,
    moment,
    open_campaign,
    reload,
)
from tests.people.lists import AN, take

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A14")]
NOW = moment(2026, 11, 15, 9)
ROOMS = {"accounts", "assessments", "delivery", "groups", "people", "sheets", "watching"}


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOW, tick=False):
        yield


def written_since(last, person):
    """The events about a person that came later, and the messages they have of what came later."""
    told = Message.objects.filter(Q(citizen=person) | Q(user=person.user_id, user__isnull=False))
    return Event.objects.filter(subject=person.pk, pk__gt=last["event"]), told.filter(pk__gt=last["message"])


def now_at():
    return {
        "event": max(Event.objects.values_list("pk", flat=True), default=0),
        "message": max(Message.objects.values_list("pk", flat=True), default=0),
    }


# --- Records ----------------------------------------------------------------------------------------

BOARDS = [
    pytest.param(*case, id=f"{name.removeprefix('assessments.views.')} {case[1]}")
    for name, cases in VIEWS.items()
    for case in cases
    if name.startswith("assessments.views.")
]


@pytest.mark.parametrize(("step", "state", "act"), BOARDS)
def test_what_a_board_does_with_a_record_bears_a_name_and_is_told(step, state, act):
    scene = begin(state)
    open_by("window", step, scene)
    if scene.record:
        come_to(scene, state, NOW)
        scene.record = reload(scene.record)
    before = now_at()

    act(scene)

    written, told = written_since(before, scene.citizen)
    actors = set(written.values_list("actor", flat=True))
    assert actors
    assert actors <= {scene.user.pk, scene.member.pk, scene.other.pk}
    assert told.exists() or actors == {scene.user.pk}


# --- People, and filling in for them ------------------------------------------------------------------


class Place:
    """A village with a board, its commune, a person who can sign in, and who writes about them."""

    def __init__(self):
        load_criteria()
        self.campaign = open_campaign()
        self.commune = make_commune()
        self.village = make_village(commune=self.commune)
        self.member = make_confirmer(self.village)
        self.officer = make_officer(self.commune)
        self.person = make_citizen_with_account(
            "Đỗ Thị Ánh", board=self.village, identity_number="042160000001"
        )

    def post(self, by, name, *args, query=None, **typed):
        client = Client()
        client.force_login(by)
        response = client.post(reverse(name, args=args, query=query or {}), typed)
        assert response.status_code in (200, 302), response.status_code
        return response

    def helped(self):
        """Their draft, which the member is filling in."""
        given = {"asked": Asked.IN_PERSON, "reason": "Mắt kém", "group": Group.I}
        record = workflow.begin_helping(self.person, self.campaign, by=self.member, **given).assessment
        return reload(record)

    def first(self, record):
        return record.criteria_set.indicators[0]

    def evidenced(self):
        record = self.helped()
        evidence.add(record, [self.first(record)], by=self.member, text="Giấy khen.")
        return reload(record)


def section(s):
    record = s.helped()
    part = progress.of(record).parts[0]
    points = {f"score-{line.indicator.code}": "7" for line in part.lines}
    s.post(s.member, "assessments:section", record.pk, part.section.code, version=record.version, **points)


def submit(s):
    record = s.helped()
    workflow.save_scores(record, {each.code: 8 for each in record.criteria_set.indicators}, by=s.member)
    saved = reload(record).saved_at.isoformat()
    s.post(s.member, "assessments:submit", record.pk, saved_at=saved)


def add_evidence(s):
    record = s.helped()
    s.post(s.member, "assessments:evidence", record.pk, s.first(record).code, text="Giấy khen.")


def share_evidence(s):
    record = s.evidenced()
    second = record.criteria_set.indicators[1].code
    s.post(s.member, "assessments:evidence_share", record.pk, second, record.evidence.get().pk)


def drop_evidence(s):
    record = s.evidenced()
    piece = record.evidence.get().pk
    s.post(s.member, "assessments:evidence_drop", record.pk, s.first(record).code, piece)


def extend(s):
    record = make_submitted_assessment(citizen=s.person, campaign=s.campaign)
    typed = {
        "year": s.campaign.year,
        "level": "citizen",
        "steps": ["confirmation"],
        "opens_on": "15/11/2026",
        "last_day": "20/11/2026",
        "decision_number": "15/QĐ-HKH",
        "reason": "Bão làm mất điện",
        "act": "save",
    }
    s.officer = make_officer(s.commune.parent)
    s.post(s.officer, "assessments:extend_record", record.pk, **typed)
    return record


def end_extension(s):
    record = extend(s)
    pk = record.extensions.get().pk
    s.post(s.officer, "assessments:end_extension", pk, reason="Điện đã có lại")


def stray(s):
    record = make_submitted_assessment(citizen=s.person, campaign=s.campaign)
    s.post(s.member, "assessments:stray", record.pk, reason="Người xã bên.")


def move(s):
    target = make_village("Tây Hải", commune=s.commune)
    query = {"people": s.person.pk}
    s.post(s.officer, "people:move", s.commune.code, query=query, target=target.pk, reason="Ghi nhầm")


def undo_move(s):
    move(s)
    transfer = Transfer.objects.get()
    s.post(s.officer, "people:transfer_undo", s.commune.code, transfer.pk, reason="Nhầm người")


def depart(s):
    typed = {"kind": "away", "day": "01/02/2026", "reason": "Theo con vào Nam"}
    s.post(s.member, "people:depart", s.village.code, query={"people": s.person.pk}, **typed)


def double(s):
    other = make_citizen("Đỗ Thị Ánh", board=s.village, identity_number=None)
    s.post(
        s.officer,
        "people:double",
        s.commune.code,
        s.person.pk,
        query={"voi": other.pk},
        reason="Đã xem thẻ căn cước",
    )


def roster(s):
    """Whoever a school writes down is told so."""
    school = make_unit(parent=s.commune)
    appoint(s.member, school)
    pupils = take(school, s.member, [AN])
    s.post(s.member, "people:roster_start", school.code, pupils.pk)
    rosters.work(pupils.pk)
    s.person = Citizen.objects.at(school).get()


def draw_check(s):
    make_confirmed_assessment(citizen=s.person, campaign=s.campaign, by=s.member)
    drawn = draws.announce(s.commune, s.campaign, by=s.officer, strata=["noi"], share=10, least=1, most=5)
    draws.work(drawn.pk)
    draws.start(Draw.objects.get(pk=drawn.pk), by=s.officer)
    draws.work(drawn.pk)
    row = Draw.objects.get(pk=drawn.pk).records.get()
    s.post(s.officer, "watching:draw_check", drawn.pk, row.pk, verdict="agrees")


def place_name(s):
    s.person = make_citizen(board=s.commune, village_text="Xóm Mới")
    typed = {"place": s.village.pk, "people": [s.person.pk]}
    s.post(s.officer, "accounts:place_typed_name", s.commune.code, "thon", query={"ten": "xom moi"}, **typed)


def hand_over(s):
    typed = {"identity_number": "042160000001", "person": s.person.pk, "reason": "Quên.", "save": "1"}
    s.post(s.officer, "accounts:hand_over", s.commune.code, **typed)


def slips(s):
    s.person = make_citizen(board=s.village)
    s.post(s.member, "accounts:slips", s.village.code, people=[s.person.pk])


def appoint_person(s):
    s.person.phone = "+84912000111"
    s.person.save()
    typed = {"full_name": "Đỗ Thị Ánh", "account": "0912000111", "valid_from": "15/11/2026"}
    s.post(s.officer, "accounts:appoint", s.village.code, role="board_member", valid_to="", **typed)


def end_appointment(s):
    seat = appoint(s.person.user, s.village)
    s.post(s.officer, "accounts:appointment_end", s.village.code, seat.pk, last_day="", reason="Bận.")


def name_helper(s):
    s.person.phone = "+84912000111"
    s.person.save()
    typed = {"full_name": "Đỗ Thị Ánh", "account": "0912000111", "valid_to": "31/12/2026"}
    s.post(s.member, "assessments:helpers", s.village.code, **typed)


def end_helper(s):
    seat = appoint(s.person.user, s.village, Role.HELPER, valid_to=clock.today())
    s.post(s.member, "assessments:helper_end", s.village.code, seat.pk)


def type_sheet(s):
    code = codes.written(SheetCode(s.person.pk, s.campaign.year, Group.I))
    s.post(s.member, "sheets:sheet", code, numbers="8 8 8 8 8 8 8 8 8 8", dated_on="15/11/2026")


def see_as(s):
    s.post(s.officer, "accounts:see_as", s.commune.code, account="042160000001", reason="Nhờ xem giúp.")


def family(s):
    """The member speaks for the household in which the person lives."""
    household = make_household(s.village)
    s.member = make_head(household).user
    Citizen.objects.filter(pk=s.person.pk).update(household=household)
    return household


def list_family(s):
    load_chains()
    make_group_set(Level.FAMILY)
    household = family(s)
    s.post(s.member, "groups:household", household.pk)


def add_to_family(s):
    typed = {"full_name": s.person.full_name, "birth_year": s.person.birth_year, "kind": "adult"}
    household = family(s)
    s.post(s.member, "groups:household_members", household.pk, act="add", **typed)


def add_to_village(s):
    typed = {"full_name": s.person.full_name, "birth_year": s.person.birth_year, "kind": "adult"}
    s.post(s.member, "groups:organization_members", s.village.code, act="add", **typed)


def name_head(s):
    """By a file of the village's households."""
    load_chains()
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Tên hộ", "Họ và tên chủ hộ", "Năm sinh"])
    book.active.append(["Hộ bà Ánh", s.person.full_name, s.person.birth_year])
    book.save(file)
    sent = SimpleUploadedFile("ho.xlsx", file.getvalue())
    s.post(s.member, "groups:village", s.village.code, act="file", file=sent)


def name_another_head(s):
    household = make_household(s.village)
    Citizen.objects.filter(pk=s.person.pk).update(household=household)
    s.post(s.member, "groups:village_household", s.village.code, household.pk, citizen=s.person.pk)


ABOUT = {
    "accounts:appoint": appoint_person,
    "accounts:appointment_end": end_appointment,
    "accounts:hand_over": hand_over,
    "accounts:place_typed_name": place_name,
    "accounts:see_as": see_as,
    "accounts:slips": slips,
    "assessments:change_group": lambda s: s.post(
        s.member, "assessments:change_group", s.helped().pk, group="III"
    ),
    "assessments:end_extension": end_extension,
    "assessments:evidence": add_evidence,
    "assessments:evidence_drop": drop_evidence,
    "assessments:evidence_share": share_evidence,
    "assessments:extend_record": extend,
    "assessments:help_begin": lambda s: s.post(
        s.member, "assessments:help_begin", s.person.pk, asked="by_phone", reason="Mắt kém", group="I"
    ),
    "assessments:help_stop": lambda s: s.post(s.member, "assessments:help_stop", s.helped().pk),
    "assessments:helper_end": end_helper,
    "assessments:helpers": name_helper,
    "assessments:section": section,
    "assessments:stray": stray,
    "assessments:submit": submit,
    "groups:household": list_family,
    "groups:household_members": add_to_family,
    "groups:organization_members": add_to_village,
    "groups:village": name_head,
    "groups:village_household": name_another_head,
    "people:depart": depart,
    "people:double": double,
    "people:move": move,
    "people:roster_start": roster,
    "people:transfer_undo": undo_move,
    "sheets:sheet": type_sheet,
    "watching:draw_check": draw_check,
}
OWN = "one's own account, record or messages"
PLACES = "organizations, windows, lists of numbers: of no person"
AS_VIEWS = "tried above, as a path that writes records"
ASIDE = {
    **dict.fromkeys(
        [
            "accounts:claim",
            "accounts:first_sign_in",
            "accounts:inbox_read_all",
            "accounts:message_read",
            "accounts:ask_recovery",
            "accounts:profile_commune",
            "accounts:profile_contact",
            "accounts:profile_home",
            "accounts:profile_password",
            "accounts:recover",
            "accounts:regain",
            "accounts:see_as_end",
            "accounts:sign_in",
            "accounts:sign_out",
            "accounts:sign_up",
            "accounts:sign_up_check",
            "accounts:sign_up_commune",
            "accounts:sign_up_home",
            "assessments:contest",
            "assessments:help_refuse",
            "assessments:help_take_over",
            "assessments:learning",
            "assessments:register",
            "assessments:withdraw",
            "delivery:channels",
            "groups:memberships",
            "groups:mine",
        ],
        OWN,
    ),
    **dict.fromkeys(
        [
            "accounts:support_end",
            "accounts:support_lines",
            "assessments:board_outlook",
            "assessments:end_take_over",
            "assessments:extend_place",
            "assessments:give_back",
            "assessments:nudge",
            "assessments:outage_end",
            "assessments:outages",
            "assessments:take_over",
            "assessments:window",
            "sheets:print",
            "watching:announce",
            "watching:draw_findings_export",
            "watching:draw_start",
            "watching:flag",
            "watching:read_again",
        ],
        PLACES,
    ),
    **dict.fromkeys(
        [
            "assessments:batch",
            "assessments:board_batch",
            "assessments:board_detail",
            "assessments:board_undo",
            "assessments:board_undo_batch",
            "assessments:paper",
            "assessments:paper_sign",
            "assessments:review_contest",
        ],
        AS_VIEWS,
    ),
    "accounts:appointment_slip": "of an account made for an office, which is no person's yet",
    "assessments:batch_begin": "reads a list; nothing is written before batch",
    "assessments:evidence_arrive": "a file in pieces, of nobody before evidence takes it",
    "assessments:changed_criteria": "scores, as section writes them",
    "delivery:unreached": "that somebody was told, of a message they have",
    "groups:clan_households": "a household's clan, of no person: test_families.py",
    "groups:household_clan": "the same",
    "groups:organization": "a group's record, of no person",
    "groups:review": "the same: who speaks for the group is told",
    "people:double_apart": "that two entries are two people: nothing of either changes",
    "people:roster_decide": "what a list means: nothing of anybody changes before roster_start",
    "people:rosters": "the same",
    "people:unregistered": "a reminder under the name of who gave it: test_nudges.py",
}


def taking_forms(resolver=None, space=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if not isinstance(pattern, URLPattern):
            yield from taking_forms(pattern, f"{pattern.namespace}:" if pattern.namespace else space)
        elif takes_post(pattern.callback):
            yield f"{space}{pattern.name}"


def takes_post(view):
    """As its decorator says; whatever names no methods takes all."""
    while view:
        closure = zip(view.__code__.co_freevars, view.__closure__ or (), strict=True)
        for name, cell in closure if hasattr(view, "__code__") else ():
            if name == "request_method_list":
                return "POST" in cell.cell_contents
        view = getattr(view, "__wrapped__", None)
    return True


def test_every_address_that_takes_a_form_is_tried_or_says_why_not():
    found = {name for name in taking_forms() if name.partition(":")[0] in ROOMS}
    assert found == ABOUT.keys() | ASIDE.keys()
    assert not ABOUT.keys() & ASIDE.keys()


@pytest.mark.parametrize("name", ABOUT)
def test_who_writes_about_another_leaves_a_name_and_the_other_has_a_message(name):
    scene = Place()
    before = now_at()

    ABOUT[name](scene)

    written, told = written_since(before, scene.person)
    by_others = written.exclude(actor=scene.person.user_id)
    assert by_others.exists(), "nothing was written"
    assert {scene.member.pk, scene.officer.pk} >= set(by_others.values_list("actor", flat=True))
    assert told.exists()


# --- What is written of a member of a group -----------------------------------------------------------


@pytest.mark.parametrize("act", ["leave", "paper", "agree", "take-back"])
def test_what_a_representative_writes_of_a_member_bears_a_name_and_is_told(act):
    s = Place()
    is_child = act in ("agree", "take-back")
    user = s.person.user
    Citizen.objects.filter(pk=s.person.pk).update(
        user=None if act == "paper" else user, birth_year=2015 if is_child else 1960
    )
    s.person.refresh_from_db()
    household = family(s)
    member = members.add(
        household, full_name=s.person.full_name, birth_year=s.person.birth_year, kind="adult", by=s.member
    )
    assert member.citizen == s.person
    if act == "take-back":
        members.agree(member, Purpose.LISTED, by=s.member)
    before = now_at()

    typed = {"purpose": "listed", "purposes": ["listed"], "paper_of": "01/02/2026", "member": member.pk}
    s.post(s.member, "groups:household_members", household.pk, act=act, **typed)

    written, told = written_since(before, s.person)
    assert set(written.values_list("actor", flat=True)) == {s.member.pk}
    assert capfirst(s.member.citizen.titled) in told.get().body
