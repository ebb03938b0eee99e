import itertools
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Message, Role
from assessments import workflow
from assessments.models import Assessment, Outcome, Score, State, Step, WindowStep
from assessments.workflow import Change
from audit import clock
from audit.models import Event
from criteria import publishing
from criteria.models import CriteriaSet, Criterion, Group, Level
from organizations import boards
from organizations.models import Kind, Organization
from tests.factories import (
    appoint,
    closed_window,
    days_from_now,
    full_marks,
    load_criteria,
    make_assessment,
    make_citizen,
    make_citizen_with_account,
    make_commune,
    make_confirmed_assessment,
    make_confirmer,
    make_extension,
    make_household,
    make_officer,
    make_province,
    make_returned_assessment,
    make_scored_assessment,
    make_submitted_assessment,
    make_unit,
    make_user,
    make_village,
    open_campaign,
    reload,
    state_of,
)
from tests.pages import words_of

pytestmark = pytest.mark.django_db


# --- Registering ----------------------------------------------------------------------------------


@pytest.mark.feature("A3")
def test_registering_twice_gives_the_one_record():
    first = make_assessment()
    second = workflow.register(first.citizen, first.campaign, group=Group.II, by=first.citizen.user)

    assert second == first
    assert Assessment.objects.count() == 1
    assert [step.state for step in first.steps.all()] == [State.REGISTERED]


def end_confirmation_of(province, campaign):
    """By a window of its own, as a province may have; registering and sending stay open."""
    campaign.windows.create(
        step=WindowStep.CONFIRMATION,
        level=Level.CITIZEN,
        province=province,
        opens_at=days_from_now(-20),
        closes_at=days_from_now(-1),
    )


@pytest.mark.feature("A3", "E1")
def test_nobody_registers_where_nobody_may_confirm_any_more(client):
    citizen, campaign = make_citizen_with_account(), open_campaign()
    load_criteria()
    end_confirmation_of(citizen.board.within(Kind.PROVINCE), campaign)

    with pytest.raises(workflow.Refused, match="ban khuyến học thôn Đông Hải đã hết hạn xác nhận"):
        workflow.register(citizen, campaign, group=Group.I, by=citizen.user)
    client.force_login(citizen.user)
    page = words_of(client.get(reverse("assessments:register")))
    assert "đã hết hạn xác nhận" in page
    assert "Nơi xác nhận điểm của bạn" not in page

    make_extension(campaign=campaign, organization=citizen.commune)
    assert workflow.register(citizen, campaign, group=Group.I, by=citizen.user)


@pytest.mark.feature("A8", "E1")
def test_nothing_is_sent_to_where_nobody_may_confirm_any_more():
    elsewhere = make_village("Tây Hải", commune=make_commune(province=make_province("Nghệ An")))
    assessment = make_scored_assessment()
    citizen = assessment.citizen
    end_confirmation_of(elsewhere.within(Kind.PROVINCE), assessment.campaign)
    citizen.village, citizen.commune = elsewhere, elsewhere.parent
    citizen.save()

    record = reload(assessment)
    with pytest.raises(workflow.Refused, match="Không gửi được nữa: ban khuyến học thôn Tây Hải"):
        workflow.submit(record, by=citizen.user)
    assert state_of(record) == State.REGISTERED
    make_extension(assessment=record)
    workflow.submit(reload(record), by=citizen.user)
    assert state_of(record) == State.SUBMITTED


@pytest.mark.feature("A3")
def test_the_database_holds_one_record_per_person_and_year():
    first = make_assessment()
    twin = Assessment.objects.get(pk=first.pk)
    twin.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_the_record_keeps_board_commune_and_province_of_its_day():
    village = make_village()
    assessment = make_assessment(board=village)

    assert assessment.board == village
    assert assessment.commune == village.parent
    assert assessment.province == village.parent.parent


def test_a_unit_confirms_before_the_village_and_the_village_before_the_commune():
    village = make_village()
    unit = make_unit(parent=village.parent)

    assert make_citizen(board=unit, village=village).board == unit
    assert make_citizen(board=village).board == village
    assert make_citizen(board=village.parent).board == village.parent


def test_registration_is_refused_after_its_window():
    with pytest.raises(workflow.Refused, match="hết hạn đăng ký"):
        make_assessment(campaign=open_campaign(registration=closed_window()))

    assert not Assessment.objects.exists()


# --- Scoring --------------------------------------------------------------------------------------


@pytest.mark.feature("A5")
def test_the_total_is_computed_when_scores_are_saved():
    assessment = make_assessment()

    workflow.save_scores(assessment, {"I.1.1": Decimal(8), "I.1.2": Decimal(7)}, by=assessment.citizen.user)

    assert reload(assessment).own_total == 15
    assert workflow.own_scores(assessment) == {"I.1.1": 8, "I.1.2": 7}


def test_each_changed_score_leaves_one_event_from_old_to_new():
    assessment = make_assessment()
    workflow.save_scores(assessment, {"I.1.1": Decimal(8)}, by=assessment.citizen.user)
    workflow.save_scores(assessment, {"I.1.1": Decimal(6), "I.1.2": Decimal(7)}, by=assessment.citizen.user)

    told = Event.objects.filter(verb="score").order_by("sequence").values_list("old", "new")
    assert list(told) == [("", "8"), ("8", "6"), ("", "7")]


def test_a_score_can_be_taken_away_again():
    assessment = make_scored_assessment()
    workflow.save_scores(assessment, {"I.1.1": None}, by=assessment.citizen.user)

    assert reload(assessment).own_total == 72
    assert workflow.own_scores(assessment)["I.1.1"] is None


@pytest.mark.parametrize(
    "given", [{"I.1.1": Decimal(11)}, {"I.1.1": Decimal("7.5")}, {"I.1.1": True}, {"II.1.1": Decimal(5)}]
)
def test_what_the_set_does_not_allow_is_refused_whole(given):
    assessment = make_assessment()

    with pytest.raises(workflow.Refused, match="thang điểm"):
        workflow.save_scores(assessment, {"I.1.2": Decimal(5)} | given, by=assessment.citizen.user)

    assert not Score.objects.exists()
    assert reload(assessment).version == 1


def test_a_second_tab_is_told_and_overwrites_nothing():
    assessment = make_assessment()
    seen = assessment.version
    workflow.save_scores(assessment, {"I.1.1": Decimal(8)}, by=assessment.citizen.user, version=seen)

    with pytest.raises(workflow.Stale, match="đã được lưu ở nơi khác lúc"):
        workflow.save_scores(assessment, {"I.1.1": Decimal(2)}, by=assessment.citizen.user, version=seen)

    assert workflow.own_scores(assessment) == {"I.1.1": 8}


def test_changing_the_group_keeps_what_was_scored_on_the_first_form():
    assessment = make_scored_assessment()

    workflow.change_group(assessment, group=Group.II, by=assessment.citizen.user)
    assert (assessment.group, reload(assessment).own_total) == (Group.II, 0)

    workflow.change_group(assessment, group=Group.I, by=assessment.citizen.user)
    assert (assessment.group, reload(assessment).own_total) == (Group.I, 80)


# --- Sending --------------------------------------------------------------------------------------


@pytest.mark.feature("A8")
def test_sending_gives_a_receipt_number_and_one_notice():
    assessment = make_submitted_assessment()

    year, province = assessment.campaign.year, assessment.province.code
    assert assessment.receipt_number == f"{year}-{province}-{assessment.pk:07d}"
    assert assessment.submitted_at is not None
    told = Message.objects.get(citizen=assessment.citizen)
    assert assessment.receipt_number in told.body
    assert boards.name_of(assessment.board) in told.body


def test_an_unfinished_record_is_not_sent_and_says_how_many_are_missing():
    assessment = make_assessment()
    workflow.save_scores(assessment, {"I.1.1": Decimal(8)}, by=assessment.citizen.user)

    with pytest.raises(workflow.Refused, match="Còn 9 chỉ số chưa chấm"):
        workflow.submit(assessment, by=assessment.citizen.user)

    assert state_of(assessment) == State.REGISTERED


def test_a_hard_area_is_that_of_the_day_and_a_village_shares_its_communes():
    village = make_village()
    Organization.objects.filter(pk=village.parent_id).update(is_hard_area=True)
    assessment = make_scored_assessment(board=Organization.objects.get(pk=village.pk))

    Organization.objects.filter(pk=village.parent_id).update(is_hard_area=False)

    assert reload(assessment).in_hard_area
    workflow.submit(assessment, by=assessment.citizen.user)  # placed again on the day of sending
    assert not reload(assessment).in_hard_area


def test_evidence_dropped_after_the_last_look_is_looked_at_again_before_sending():
    assessment = make_scored_assessment()
    looked_over = reload(assessment).saved_at
    workflow.touch_draft(assessment, by=assessment.citizen.user)

    with pytest.raises(workflow.Stale):
        workflow.submit(reload(assessment), by=assessment.citizen.user, saved_at=looked_over)

    assert state_of(assessment) == State.REGISTERED


def test_every_result_is_told_also_when_a_record_is_confirmed_again():
    assessment = make_confirmed_assessment()
    member = assessment.confirmed_by
    undone = {"state": State.SUBMITTED, "outcome": "", "confirmed_at": None, "confirmed_by": None}
    Assessment.objects.filter(pk=assessment.pk).update(version=F("version") + 1, **undone)

    workflow.confirm(
        reload(assessment),
        by=member,
        changes={"I.1.1": Change(Decimal(4), "Chưa có minh chứng.")},
    )

    told = Message.objects.filter(
        citizen=assessment.citizen, subject=f"Ban đã xác nhận hồ sơ năm {assessment.campaign}"
    )
    assert [message.body.split(",")[0] for message in told] == ["Kết quả: Không đạt", "Kết quả: Đạt"]


def test_each_step_keeps_the_outcome_and_the_form_of_its_moment():
    assessment = make_confirmed_assessment()

    kept = assessment.steps.order_by("pk").values_list("state", "outcome", "criteria_set")

    form = assessment.criteria_set_id
    assert list(kept) == [
        ("registered", "", form),
        ("submitted", "", form),
        ("confirmed", "achieved", form),
    ]


def test_sending_twice_is_refused_the_second_time_and_leaves_one_step():
    assessment = make_submitted_assessment()

    with pytest.raises(workflow.Refused, match="đã gửi"):
        workflow.submit(assessment, by=assessment.citizen.user)

    assert assessment.steps.filter(state=State.SUBMITTED).count() == 1


def test_a_village_placed_before_sending_becomes_the_board():
    assessment = make_scored_assessment(board=make_commune())
    village = make_village(commune=assessment.commune)
    assessment.citizen.village = village
    assessment.citizen.save()

    workflow.submit(assessment, by=assessment.citizen.user)

    assert reload(assessment).board == village


def test_a_sent_record_is_frozen_for_the_citizen():
    assessment = make_submitted_assessment()

    with pytest.raises(workflow.Refused, match="“đã gửi”"):
        workflow.save_scores(assessment, {"I.1.1": Decimal(10)}, by=assessment.citizen.user)
    with pytest.raises(workflow.Refused):
        workflow.touch_draft(assessment, by=assessment.citizen.user)


# --- Confirming and returning ---------------------------------------------------------------------


@pytest.mark.parametrize(("points", "outcome"), [(8, Outcome.ACHIEVED), (7, Outcome.NOT_ACHIEVED)])
def test_confirming_keeps_the_own_points_beside_and_sets_the_outcome(points, outcome):
    assessment = make_confirmed_assessment(points)

    assert (assessment.outcome, assessment.confirmed_total) == (outcome, points * 10)
    scores = Score.objects.filter(assessment=assessment)
    assert {(score.own, score.confirmed) for score in scores} == {(points, points)}
    assert all(not score.is_changed for score in scores)


@pytest.mark.feature("D5")
@pytest.mark.parametrize(("passed", "outcome"), [(True, Outcome.ACHIEVED), (False, Outcome.NOT_ACHIEVED)])
def test_group_iv_is_judged_per_criterion_without_points(passed, outcome):
    assessment = make_scored_assessment(passed=passed, group=Group.IV)
    workflow.submit(assessment, by=assessment.citizen.user)
    workflow.confirm(assessment, by=make_confirmer(assessment.board))

    assert (assessment.outcome, assessment.confirmed_total) == (outcome, None)


@pytest.mark.feature("B5")
def test_a_changed_score_needs_a_reason_and_keeps_both_values():
    assessment = make_submitted_assessment()
    confirmer = make_confirmer(assessment.board)
    with pytest.raises(workflow.Refused, match=r"Ghi lý do thay đổi ở chỉ số I\.2\.1"):
        workflow.confirm(assessment, by=confirmer, changes={"I.2.1": Change(Decimal(4), "  ")})
    assert state_of(assessment) == State.SUBMITTED

    workflow.confirm(assessment, by=confirmer, changes={"I.2.1": Change(Decimal(4), "Chưa có giấy.")})

    score = Score.objects.get(assessment=assessment, indicator__code="I.2.1")
    assert (score.own, score.confirmed, score.reason, score.changed_by) == (8, 4, "Chưa có giấy.", confirmer)
    assert (assessment.confirmed_total, assessment.outcome) == (76, Outcome.NOT_ACHIEVED)
    assert Event.objects.filter(verb="score", old="8", new="4", actor=confirmer.pk).count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change(False, " "), "Ghi lý do thay đổi ở tiêu chí"),
        (Change(Decimal(5), "Thiếu giấy."), "Chọn Đạt hoặc Không đạt ở tiêu chí"),
    ],
)
def test_what_is_judged_without_points_is_not_spoken_of_in_points(change, said):
    assessment = make_submitted_assessment(group=Group.IV)
    code = assessment.criteria_set.indicators[0].code

    with pytest.raises(workflow.Refused, match=f"{said} {code}"):
        workflow.confirm(assessment, by=make_confirmer(assessment.board), changes={code: change})


def test_the_board_cannot_give_what_the_set_does_not_allow():
    assessment = make_submitted_assessment()

    with pytest.raises(workflow.Refused, match="thang điểm"):
        workflow.confirm(
            assessment, by=make_confirmer(assessment.board), changes={"I.2.1": Change(Decimal(11), "x")}
        )


def test_a_returned_record_says_why_and_begins_a_new_round():
    assessment = make_returned_assessment("Thiếu minh chứng.")
    workflow.save_scores(assessment, {"I.1.1": Decimal(5)}, by=assessment.citizen.user)
    workflow.submit(assessment, by=assessment.citizen.user)

    assert (state_of(assessment), assessment.round) == (State.SUBMITTED, 2)
    assert assessment.steps.get(state=State.RETURNED).reason == "Thiếu minh chứng."
    rounds = Score.objects.filter(assessment=assessment, indicator__code="I.1.1").order_by("round")
    assert [(score.round, score.own) for score in rounds] == [(1, 8), (2, 5)]
    assert Message.objects.filter(citizen=assessment.citizen, subject__contains="bị trả lại").count() == 1


def test_returning_needs_a_reason():
    assessment = make_submitted_assessment()

    with pytest.raises(workflow.Refused, match="Ghi lý do trả lại"):
        workflow.send_back(assessment, by=make_confirmer(assessment.board), reason=" ")

    assert state_of(assessment) == State.SUBMITTED


def test_of_two_who_confirm_together_one_is_told():
    assessment = make_submitted_assessment()
    one, two = make_confirmer(assessment.board), make_confirmer(assessment.board)
    mine, yours = reload(assessment), reload(assessment)
    workflow.confirm(mine, by=one)

    with pytest.raises(workflow.Refused, match="“đã xác nhận”"):
        workflow.confirm(yours, by=two)

    assert reload(assessment).confirmed_by == one
    assert assessment.steps.filter(state=State.CONFIRMED).count() == 1


def test_a_board_that_read_an_older_version_confirms_nothing():
    assessment = make_submitted_assessment()
    read = assessment.version
    confirmer = make_confirmer(assessment.board)
    workflow.send_back(assessment, by=confirmer, reason="Sửa lại.")
    workflow.submit(assessment, by=assessment.citizen.user)

    with pytest.raises(workflow.Stale):
        workflow.confirm(assessment, by=confirmer, version=read)


@pytest.mark.feature("B2")
def test_confirming_several_skips_what_changed_and_says_why():
    village = make_village()
    chosen = [make_submitted_assessment(board=village) for _ in range(3)]
    confirmer = make_confirmer(village)
    pairs = [(assessment, assessment.version) for assessment in chosen]
    workflow.send_back(reload(chosen[1]), by=confirmer, reason="Sửa lại.")

    confirmed, skipped = workflow.confirm_many(pairs, by=confirmer)

    assert confirmed == [chosen[0], chosen[2]]
    assert [assessment for assessment, _reason in skipped] == [chosen[1]]
    assert "bị trả lại" in skipped[0][1]


# --- Who may --------------------------------------------------------------------------------------


def own_record(assessment):
    appoint(assessment.citizen.user, assessment.board)
    return assessment.citizen.user


def same_household(assessment):
    household = make_household(village=make_village())
    assessment.citizen.household = household
    assessment.citizen.save()
    relative = make_citizen_with_account("Nguyễn Văn Hùng", household=household)
    appoint(relative.user, assessment.board)
    return relative.user


OTHERS = {
    "the person": own_record,
    "one of the household": same_household,
    "another board": lambda assessment: make_confirmer(make_village(commune=assessment.commune)),
    "the commune above": lambda assessment: make_officer(assessment.commune),
    "the province": lambda assessment: make_officer(assessment.province),
    "a representative": lambda assessment: _representative(assessment),
    "nobody": lambda assessment: make_user(),
}


def _representative(assessment):
    user = make_user()
    appoint(user, assessment.board, Role.REPRESENTATIVE)
    return user


@pytest.mark.parametrize("who", OTHERS)
def test_others_neither_confirm_nor_return(who):
    assessment = make_submitted_assessment()
    user = OTHERS[who](assessment)

    assert not workflow.can_confirm(assessment, user)
    with pytest.raises(PermissionDenied):
        workflow.confirm(assessment, by=user)
    with pytest.raises(PermissionDenied):
        workflow.send_back(assessment, by=user, reason="x")
    assert workflow.confirm_many([(assessment, assessment.version)], by=user)[0] == []
    assert state_of(assessment) == State.SUBMITTED


@pytest.mark.parametrize("who", ["the person", "one of the household"])
def test_the_database_itself_refuses_a_confirmation_of_ones_own(who):
    assessment = make_submitted_assessment()
    confirmed = make_confirmed_assessment(board=make_village())
    user = OTHERS[who](assessment)
    values = {
        "state": State.CONFIRMED,
        "outcome": Outcome.ACHIEVED,
        "confirmed_at": confirmed.confirmed_at,
        "confirmed_by": user,
    }

    with pytest.raises(IntegrityError, match="nobody confirms"), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(**values)


def test_an_appointment_that_ended_confirms_nothing():
    assessment = make_submitted_assessment()
    user = make_user()
    appoint(user, assessment.board, valid_to="2024-06-30")

    assert not workflow.can_confirm(assessment, user)


def test_the_commune_confirms_where_it_is_itself_the_board():
    assessment = make_submitted_assessment(board=make_commune())

    workflow.confirm(assessment, by=make_officer(assessment.board))

    assert state_of(assessment) == State.CONFIRMED


def test_visible_are_ones_own_and_those_below_ones_organizations():
    assessment = make_submitted_assessment()
    other = make_submitted_assessment()

    def seen_by(user):
        return set(Assessment.objects.visible_to(user))

    assert seen_by(assessment.citizen.user) == {assessment}
    assert seen_by(make_confirmer(assessment.board)) == {assessment}
    assert seen_by(make_officer(assessment.commune)) == {assessment}
    assert seen_by(make_officer(assessment.province)) == {assessment}
    assert seen_by(make_officer(assessment.province.parent)) == {assessment, other}
    assert seen_by(make_user()) == set()


# --- The table of steps ---------------------------------------------------------------------------

STEPS = {
    "save": lambda record, board: workflow.save_scores(
        record, {record.criteria_set.indicators[0].code: Decimal(9)}, by=record.citizen.user
    ),
    "submit": lambda record, board: workflow.submit(record, by=record.citizen.user),
    "confirm": lambda record, board: workflow.confirm(record, by=board),
    "send_back": lambda record, board: workflow.send_back(record, by=board, reason="Sửa lại."),
}
ALLOWED = {
    ("save", State.REGISTERED),
    ("save", State.RETURNED),
    ("submit", State.REGISTERED),
    ("submit", State.RETURNED),
    ("confirm", State.SUBMITTED),
    ("send_back", State.SUBMITTED),
}


def in_state(state):
    assessment = make_scored_assessment()
    if state == State.REGISTERED:
        return assessment
    workflow.submit(assessment, by=assessment.citizen.user)
    if state == State.SUBMITTED:
        return assessment
    confirmer = make_confirmer(assessment.board)
    if state == State.RETURNED:
        workflow.send_back(assessment, by=confirmer, reason="x")
    elif state in (State.CONFIRMED, State.RECOGNISED):
        workflow.confirm(assessment, by=confirmer)
    elif state in (State.UNSENT, State.UNCONFIRMED):
        fields = {"closed_from": State.REGISTERED if state == State.UNSENT else State.SUBMITTED}
        Assessment.objects.filter(pk=assessment.pk).update(state=state, **fields)
        Step.come_to(reload(assessment), at=clock.now()).save()
    if state == State.RECOGNISED:
        Assessment.objects.filter(pk=assessment.pk).update(state=state)
    return reload(assessment)


@pytest.mark.parametrize(("step", "state"), list(itertools.product(STEPS, State)))
def test_every_step_from_every_state(step, state):
    assessment = in_state(state)
    board = make_confirmer(assessment.board)
    before = reload(assessment)

    if (step, state) in ALLOWED:
        STEPS[step](assessment, board)
        assert reload(assessment).version > before.version
    else:
        with pytest.raises(workflow.Refused):
            STEPS[step](assessment, board)
        assert reload(assessment).version == before.version
        assert reload(assessment).state == state


def test_the_write_itself_carries_state_version_and_window_without_a_join():
    assessment = make_submitted_assessment()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        workflow.confirm(assessment, by=make_confirmer(assessment.board))

    writes = [q["sql"] for q in queries if q["sql"].startswith('UPDATE "assessments_assessment" SET "state"')]
    assert len(writes) == 1
    # A join would turn the condition into "id IN (SELECT …)", checked on a copy of the row.
    assert '"assessments_assessment"."id" IN (SELECT' not in writes[0]
    assert "assessments_window" in writes[0]


def test_a_step_that_fails_half_way_leaves_nothing(monkeypatch):
    assessment = make_scored_assessment()

    def broken(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("assessments.notices.tell", broken)
    with pytest.raises(RuntimeError):
        workflow.submit(assessment, by=assessment.citizen.user)

    assert state_of(assessment) == State.REGISTERED
    assert Step.objects.filter(state=State.SUBMITTED).count() == 0
    assert full_marks(assessment) == workflow.own_scores(assessment)


@pytest.mark.feature("D2")
def test_a_record_keeps_the_criteria_it_was_registered_under(client):
    first = make_scored_assessment()
    old = first.criteria_set
    new = CriteriaSet.objects.create(
        **{
            name: getattr(old, name)
            for name in ("level", "group", "basis_number", "authority", "scoring_model", "pass_mark", "floor")
        },
        version=2,
        title="Bản sửa",
        valid_from=old.valid_from,
    )
    section = Criterion.objects.create(criteria_set=new, position=1, code="1", text="Phần mới")
    Criterion.objects.create(
        criteria_set=new, parent=section, position=2, code="I.1.1", text="Chỉ số mới", maximum=100
    )
    publishing.publish(new)

    second = make_assessment(campaign=first.campaign)
    workflow.submit(reload(first), by=first.citizen.user)
    client.force_login(first.citizen.user, backend="accounts.sign_in.AnyNameBackend")
    page = client.get(f"/danh-gia/{first.pk}/").content.decode()

    assert (second.criteria_set, reload(first).criteria_set) == (new, old)
    assert (reload(first).own_total, len(reload(first).criteria_set.indicators)) == (80, 10)
    assert "Chỉ số mới" not in page
