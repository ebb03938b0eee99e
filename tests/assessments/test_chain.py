"""The chain of review of a group's record: data with dates, seen, sent on, sent back, never by oneself."""

import dataclasses
import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import Member, Message, Role
from assessments import chain, history, queue, tally, workflow
from assessments.models import Answer, Assessment, BoardTally, ReviewStage, State, WindowStep
from audit import clock
from criteria.models import Level
from organizations.models import Kind, Organization
from reports import figures
from tests.factories import (
    appoint,
    load_chains,
    make_citizen,
    make_clan,
    make_commune,
    make_confirmed_assessment,
    make_confirmer,
    make_group_assessment,
    make_head,
    make_household,
    make_officer,
    make_province,
    make_submitted_assessment,
    make_submitted_group_assessment,
    make_unit,
    make_village,
    open_campaign,
    open_window,
    reload,
    state_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C1")]


@pytest.fixture
def commune():
    return make_commune()


@pytest.fixture
def village(commune):
    return make_village(commune=commune)


@pytest.fixture
def family(village):
    """A family's record that waits for its village."""
    head = make_head(make_household(village))
    return make_submitted_group_assessment(Level.FAMILY, head.household, by=head.user)


def test_a_record_passes_its_links_in_order_and_the_last_gives_the_result(family, village, commune):
    chair, officer = make_confirmer(village), make_officer(commune)
    assert (family.board, family.stage.body_kind) == (village, Kind.VILLAGE)
    with pytest.raises(workflow.Refused, match="chuyển lên"):
        workflow.confirm(family, by=chair)
    with pytest.raises(PermissionDenied):
        workflow.send_on(family, by=officer)
    workflow.send_on(family, by=chair)
    assert (family.board, family.state, family.commune) == (commune, State.SUBMITTED, commune)
    with pytest.raises(PermissionDenied):
        workflow.send_on(family, by=chair)
    with pytest.raises(workflow.Refused, match="Không còn cấp nào"):
        workflow.send_on(family, by=officer)
    workflow.confirm(family, by=officer)
    assert (family.state, family.outcome) == ("confirmed", "achieved")
    steps = [(step.body, step.answer, step.by) for step in family.review_steps.all()]
    assert steps == [(village, Answer.SENT_ON, chair), (commune, Answer.RECOGNISED, officer)]
    assert "chuyển hồ sơ lên cấp trên" in history.of(family)[1].text
    opens_at, closes_at = open_window()
    family.campaign.windows.create(
        level=Level.FAMILY, step=WindowStep.CONTEST, opens_at=opens_at, closes_at=closes_at
    )
    head = family.household.headships.get().citizen
    assert not workflow.can_contest(family, clock.now())
    with pytest.raises(workflow.Refused, match="Hỏi nơi đã xác nhận"):
        workflow.contest(family, {"1.1": "Điểm thấp."}, by=head.user)
    workflow.undo(family, by=officer)
    told = Message.objects.for_user(head.user).order_by("pk").values_list("subject", flat=True)
    assert [each.partition(": ")[2] for each in told] == [
        "đã gửi",
        "đã chuyển lên cấp trên",
        "đã có kết quả",
        "đang xem lại kết quả",
    ]


@pytest.mark.feature("C2")
def test_what_is_sent_back_tells_why_and_until_when_and_returns_to_who_sent_it(family, village, commune):
    workflow.send_on(family, by=make_confirmer(village))
    workflow.send_back(family, by=make_officer(commune), reason="Thiếu danh sách con đang học.")
    head = family.household.headships.get().citizen
    told = Message.objects.for_user(head.user).first()
    assert "Thiếu danh sách con đang học." in told.body
    assert "Sửa rồi gửi lại trước" in told.body
    step = family.review_steps.last()
    assert (step.answer, step.reason) == (Answer.SENT_BACK, "Thiếu danh sách con đang học.")
    workflow.submit(family, by=head.user)
    assert (family.board, family.round) == (commune, 2)  # the village has checked already


def test_a_level_ends_by_its_day_without_code(commune):
    """The district stage that ends on 30/06/2025: before that day it judges, after it the province does."""
    province = commune.parent
    district = Organization.objects.create(
        kind=Kind.DISTRICT, code="D1", name="Thạch Hà", parent=province, valid_from=datetime.date(2000, 1, 1)
    )
    below = make_commune("Cũ", province=province)
    Organization.objects.filter(pk=below.pk).update(parent=district, path=district.path + "0001")
    below.refresh_from_db()
    load_chains()
    before = chain.links(Level.COMMUNITY, "commune", below, on=datetime.date(2025, 6, 30))
    after = chain.links(Level.COMMUNITY, "commune", below, on=datetime.date(2025, 7, 1))
    assert [link.body for link in before] == [district]
    assert [link.body for link in after] == [province]


def test_what_lies_with_a_level_that_ends_is_passed_on_in_the_night(family, village, commune):
    yesterday = clock.today() - datetime.timedelta(days=1)
    assert workflow.pass_over_ended() == 0
    ReviewStage.objects.filter(pk=family.stage_id).update(valid_to=yesterday)
    assert workflow.pass_over_ended() == 1
    family = reload(family)
    assert (family.board, family.state) == (commune, State.SUBMITTED)
    assert family.review_steps.get().answer == Answer.PASSED_OVER
    assert workflow.pass_over_ended() == 0


def test_nobody_decides_on_the_own_group(commune, village):
    """Not as head or of the household, not as a listed member, not who acts for the group itself."""
    unit = make_unit(parent=commune)
    of_unit = make_confirmer(unit)
    record = make_submitted_group_assessment(Level.UNIT, unit, by=of_unit)
    listed, free = make_officer(commune, "Lê Thị Lan"), make_officer(commune)
    Member.objects.create(
        organization=unit, citizen=make_citizen("Lê Thị Lan", board=unit, user=listed), full_name="Lê Thị Lan"
    )
    both = make_officer(commune, "Võ Văn Ba")
    appoint(both, unit, Role.REPRESENTATIVE)
    for tied in (listed, both):
        with pytest.raises(PermissionDenied):
            workflow.confirm(record, by=tied)
        with pytest.raises(IntegrityError, match="nobody confirms"), transaction.atomic():
            Assessment.objects.filter(pk=record.pk).update(
                state="confirmed", outcome="achieved", confirmed_at=clock.now(), confirmed_by=tied
            )
        assert queue.is_tied(tied, record)
    assert not queue.is_tied(free, record)
    workflow.confirm(record, by=free)
    assert state_of(record) == State.CONFIRMED


def test_the_never_own_rule_holds_for_a_family_at_its_village(village):
    head = make_head(make_household(village))
    appoint(head.user, village, Role.BOARD_CHAIR)
    record = make_submitted_group_assessment(Level.FAMILY, head.household, by=head.user)
    with pytest.raises(PermissionDenied):
        workflow.send_on(record, by=head.user)
    workflow.send_on(record, by=make_confirmer(village))


def test_every_title_finds_its_bodies(commune, village):
    load_chains()
    province = commune.parent
    found = {
        (level, scope): [link.body.kind for link in chain.links(level, scope, subject)]
        for level, subject in [
            (Level.FAMILY, make_household(village)),
            (Level.CLAN, make_clan(commune=commune)),
            (Level.COMMUNITY, village),
            (Level.COMMUNITY, commune),
            (Level.COMMUNITY, province),
            (Level.UNIT, make_unit(parent=commune)),
            (Level.UNIT, make_unit("Sở Giáo dục", parent=province)),
        ]
        for scope in [chain.scope_of(level, subject)]
    }
    assert found == {
        ("family", ""): ["village", "commune"],
        ("clan", ""): ["commune"],
        ("community", "village"): ["commune"],
        ("community", "commune"): ["province"],
        ("community", "province"): ["centre"],
        ("unit", "commune"): ["commune"],
        ("unit", "province"): ["province"],
    }


def test_a_sent_record_is_taken_back_until_it_was_sent_on(family, village):
    head = family.household.headships.get().citizen
    workflow.withdraw(family, by=head.user)
    assert family.state == State.REGISTERED
    workflow.submit(family, by=head.user)
    workflow.send_on(family, by=make_confirmer(village))
    with pytest.raises(workflow.Refused, match="chuyển lên cấp trên"):
        workflow.withdraw(family, by=head.user)
    with pytest.raises(PermissionDenied):
        workflow.withdraw(family, by=make_head(make_household(village)).user)


def test_what_citizens_count_does_not_move_with_the_records_of_groups(commune, village):
    """The lists of boards, their counts, the tables of figures and what one oversees know people alone."""
    campaign = open_campaign()
    chair, officer = make_confirmer(village), make_officer(commune)
    head, other = make_head(make_household(village)), make_head(make_household(village))
    unit = make_unit(parent=commune)
    appoint(other.user, unit, Role.REPRESENTATIVE)
    waiting = make_submitted_assessment(board=village, campaign=campaign)
    make_confirmed_assessment(board=village, campaign=campaign, by=chair)

    def seen():
        return {
            "queue": [record.pk for record in queue.records_of(village, campaign).order_by("pk")],
            "counts": queue.counts(queue.records_of(village, campaign)).by_shelf,
            "waiting": queue.waiting_by_board([village, commune], campaign),
            "overseen": sorted(Assessment.objects.overseen_by(officer).values_list("pk", flat=True)),
            "figures": dataclasses.replace(figures.summary(commune.parent, campaign), levels=[]),
            "next": queue.next_waiting(waiting, chair),
        }

    before = seen()
    family = make_submitted_group_assessment(Level.FAMILY, head.household, by=head.user, campaign=campaign)
    make_submitted_group_assessment(Level.COMMUNITY, village, by=chair, campaign=campaign)
    done = make_submitted_group_assessment(Level.UNIT, unit, by=other.user, campaign=campaign)
    workflow.confirm(done, by=officer)
    assert seen() == before
    assert Assessment.objects.groups_overseen_by(officer).count() == 3
    assert not list(tally.recount(clock.now()))
    assert BoardTally.objects.filter(level="family", count=1, board=family.board).exists()


def test_one_record_a_group_a_year_and_title(village):
    head = make_head(make_household(village))
    campaign = open_campaign()
    first = make_group_assessment(Level.FAMILY, head.household, by=head.user, campaign=campaign)
    assert workflow.register_group(head.household, Level.FAMILY, campaign, by=head.user) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=first.pk).update(level="citizen")


def test_without_a_chain_or_criteria_a_group_is_not_registered_and_told_why(village):
    campaign = open_campaign()
    household = make_household(village)
    head = make_head(household)
    with pytest.raises(workflow.Refused, match="Chưa đặt nơi xét"):
        workflow.register_group(household, Level.FAMILY, campaign, by=head.user)
    load_chains()
    ReviewStage.objects.filter(level="clan").delete()
    with pytest.raises(workflow.Refused, match="Chưa đặt nơi xét"):
        workflow.register_group(make_clan(commune=village.parent), Level.CLAN, campaign, by=head.user)


def test_provinces_beside_do_not_see_it(family):
    assert not Assessment.objects.groups_overseen_by(make_officer(make_province("Nghệ An"))).exists()
    assert Assessment.objects.groups_overseen_by(make_officer(family.province)).exists()
