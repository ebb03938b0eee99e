"""What citizens do with their own record until it is judged."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import lookers
from assessments import chain, scoring, tally, windows
from assessments.models import Assessment, Ending, Helping, Score, State, Step, WindowStep
from assessments.models.assessment import DRAFT_STATES
from assessments.scoring import Given
from assessments.workflow.steps import (
    Refused,
    Stale,
    ask_allowed,
    ask_open,
    ask_whose,
    ask_writer,
    asked_back,
    keep_computed,
    move,
    own_scores,
    places_of,
    refusal,
    score_entry,
    step,
    unseen_move,
    write_down,
)
from audit import clock, events, looks
from criteria.models import CriteriaSet, Level
from organizations import boards
from vietnamese import dates


@step
def register(citizen, campaign, *, group, by):
    """The citizen's one record of the year; the existing one when there is one already."""
    if citizen.user_id != by.pk:
        raise PermissionDenied
    return register_for(citizen, campaign, group=group, by=by)


def register_for(citizen, campaign, *, group, by):
    """The same by whoever was asked whether they may (workflow.helping)."""
    existing = Assessment.objects.filter(citizen=citizen, campaign=campaign, level=Level.CITIZEN).first()
    if existing:
        return existing
    now = clock.now()
    if not windows.is_open_for_board(WindowStep.REGISTRATION, campaign, citizen.board, now):
        raise Refused(_("Đã hết hạn đăng ký năm %(year)s.") % {"year": campaign.year})
    if why := why_not_register(citizen, campaign, now):
        raise Refused(why)
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                citizen=citizen,
                campaign=campaign,
                criteria_set=criteria_set_for(group, now),
                registered_at=now,
                saved_at=now,
                **places_of(citizen.board),
            )
    except IntegrityError:  # the second click was faster
        return Assessment.objects.get(citizen=citizen, campaign=campaign, level=Level.CITIZEN)
    write_down(assessment, by=by, at=now)
    tally.change(tally.NOTHING, tally.of([assessment]))
    return assessment


def why_not_register(citizen, campaign, now) -> str:
    """Why registering comes too late, open or not: nobody may confirm any more. Empty when somebody may."""
    over = windows.confirmation_over(campaign, citizen.board, now)
    if over is None:
        return ""
    said = _("Không đăng ký năm %(year)s được nữa: %(board)s đã hết hạn xác nhận, khóa lúc %(until)s.")
    return said % (_over_words(over, citizen.board) | {"year": campaign.year})


def _over_words(over, board):
    return {"board": boards.name_of(board), "until": dates.until_words(over.closes_at)}


def criteria_set_for(group, now):
    """The set in force for a group. Raises Refused when none was published."""
    in_force = CriteriaSet.objects.in_force(Level.CITIZEN, dates.local_day(now)).filter(group=group)
    criteria_set = in_force.order_by("-valid_from", "-version").first()
    if criteria_set is None:
        raise Refused(_("Chưa có bộ tiêu chí cho nhóm này. Hỏi hội khuyến học xã."))
    return criteria_set


@step
def change_group(assessment, *, group, by):
    """Judge the record by another group's form. What was scored on the first form is kept there."""
    now = clock.now()
    ask_writer(assessment, by, now)
    criteria_set = criteria_set_for(group, now)
    old, before = assessment.group, tally.of([assessment])
    if asked_back(assessment):
        raise Refused(_("Ban chỉ trả lại một số chỗ của hồ sơ nên không đổi nhóm được."))
    _write_draft(assessment, now, criteria_set=criteria_set, own_total=None)
    # No state changes, but the figures of a day count by the form that the step names.
    Step.objects.filter(pk__in=assessment.steps.values("pk")[:1]).update(criteria_set=criteria_set)
    events.record_many([assessment.entry("group", by=by, at=now, old=old, new=group)])
    assessment.refresh_from_db()
    set_own_total(assessment)
    tally.change(before, tally.of([assessment]))


@step
def save_scores(assessment, given: Mapping[str, Given], *, by, version=None):
    """Keep what one gave oneself on some indicators. With a version, raises Stale when it is no longer so."""
    now = clock.now()
    helping = ask_writer(assessment, by, now)
    rules = assessment.rules()
    for code, value in given.items():
        if value is not None:
            ask_allowed(rules, code, value)
    _write_draft(assessment, now, version=version)
    before = own_scores(assessment)
    ask_open(assessment, [code for code, value in given.items() if value != before.get(code)])
    entries = []
    for indicator in assessment.criteria_set.indicators:
        if indicator.code in given and given[indicator.code] != before.get(indicator.code):
            score = _keep_own(assessment, indicator, given[indicator.code], helping and by)
            entries.append(
                score_entry(assessment, score, before.get(indicator.code), given[indicator.code], by, now)
            )
    events.record_many(entries)
    set_own_total(assessment)


@step
def save_answer(assessment, code, value: Given, *, seen: Given, by):
    """Keep one answer as it is typed, where it still is what one saw when typing. Else raises Stale.

    What stands already, as the reply to an earlier sending was lost on the way, is no change.
    """
    stored = own_scores(assessment).get(code)
    if stored == value:
        return
    if stored != seen:
        raise Stale(_("Chỗ này vừa được sửa ở nơi khác."))
    save_scores(assessment, {code: value}, by=by)


def _keep_own(assessment, indicator, value, helped_by):
    score, _created = Score.objects.update_or_create(
        assessment=assessment,
        indicator=indicator,
        round=assessment.round,
        defaults={"own": value, "helped_by": helped_by},
    )
    return score


def set_own_total(assessment):
    """What the record comes to by what was entered and, of a group, counted."""
    keep_computed(assessment)
    assessment.own_total = scoring.judge(own_scores(assessment), assessment.rules()).total
    Assessment.objects.filter(pk=assessment.pk).update(own_total=assessment.own_total)


@step
def submit(assessment, *, by, saved_at=None):
    """Send the record. With the moment at which it was saved last, raises Stale when it was saved since."""
    now = clock.now()
    helping = ask_writer(assessment, by, now)
    if assessment.is_draft and (why := why_not_send(assessment, now)):
        raise Refused(why)
    if assessment.is_draft and unseen_move(assessment):
        raise Refused(_("Tiêu chí đã đổi. Xem những chỗ đã đổi rồi mới gửi được."))
    keep_computed(assessment)
    result = scoring.judge(own_scores(assessment), assessment.rules())
    if not result.is_complete:
        raise Refused(
            _("%(left)s. Điền đủ rồi mới gửi được.")
            % {"left": assessment.rules().left_words(len(result.unscored))}
        )
    source = assessment.state if assessment.is_draft else State.REGISTERED
    move(
        assessment,
        source,
        State.SUBMITTED,
        by=by,
        at=now,
        step=draft_step(assessment),
        saved_at=saved_at,
        own_total=result.total,
        submitted_at=now,
        receipt_number=assessment.receipt_number or receipt_number(assessment),
        **_destination(assessment),
        told="helped" if helping else "",
    )
    helpings = Helping.objects.open().filter(assessment=assessment)
    if helping:
        helpings.filter(pk=helping.pk).update(ended_at=now, ending=Ending.SENT)
    helpings.update(ended_at=now, ending=Ending.TAKEN_OVER)


def _destination(assessment):
    """The places of the day of sending: a typed village may be placed by now, a chain have lost a link."""
    if not assessment.is_of_group:
        return places_of(assessment.citizen.board)
    entrance = chain.entrance(assessment)
    if entrance is None:
        raise Refused(_("Chưa đặt nơi xét danh hiệu này. Hỏi hội khuyến học cấp trên."))
    places = places_of(chain.place_of(assessment.subject))
    return places | {"board": entrance.body, "stage": entrance.stage}


def goes_to(assessment):
    """The body that a record would be sent to today."""
    if not assessment.is_of_group:
        return assessment.citizen.board
    entrance = chain.entrance(assessment)
    return entrance.body if entrance else assessment.board


def why_not_send(assessment, now) -> str:
    """Why sending comes too late, open or not: nobody may confirm any more. Empty when somebody may.

    Judged by the board that the record would go to.
    """
    board = goes_to(assessment)
    over = windows.confirmation_over(assessment.campaign, board, now, assessment, assessment.level)
    if over is None:
        return ""
    said = _(
        "Không gửi được nữa: %(board)s đã hết hạn xác nhận, khóa lúc %(until)s. "
        "Những gì bạn đã điền vẫn còn. Hỏi hội khuyến học xã để biết cách giải quyết."
    )
    return said % _over_words(over, board)


def receipt_number(assessment):
    province = assessment.province.code if assessment.province else "TW"
    return f"{assessment.campaign.year}-{province}-{assessment.pk:07d}"


def draft_step(assessment):
    """The window a citizen's writing falls under: a returned record is answered."""
    return WindowStep.ANSWER if assessment.state == State.RETURNED else WindowStep.SELF_ASSESSMENT


def can_write(assessment) -> bool:
    """Whether the citizen may still change the record now."""
    return assessment.is_draft and windows.is_open(draft_step(assessment), assessment, clock.now())


@step
def touch_draft(assessment, codes=(), *, by):
    """Refuse unless these indicators may be written now; for what stands beside them, such as evidence."""
    now = clock.now()
    ask_writer(assessment, by, now)
    changed = (
        Assessment.objects.filter(pk=assessment.pk, state__in=DRAFT_STATES)
        .within_window(draft_step(assessment), now)
        .update(saved_at=now)
    )
    if not changed:
        raise refusal(assessment, DRAFT_STATES, draft_step(assessment), None, now)
    ask_open(assessment, codes)


def _write_draft(assessment, now, *, version=None, **fields):
    expected = assessment.version if version is None else version
    changed = (
        Assessment.objects.filter(pk=assessment.pk, state__in=DRAFT_STATES, version=expected)
        .within_window(draft_step(assessment), now)
        .update(version=F("version") + 1, saved_at=now, **fields)
    )
    if not changed:
        raise refusal(assessment, DRAFT_STATES, draft_step(assessment), expected, now)
    assessment.version, assessment.saved_at = expected + 1, now


@step
def withdraw(assessment, *, by, version=None):
    """Take a sent record back to put it right, while it may still be written and no board has begun on it.

    What a board had returned is returned again, and stays sent.
    """
    ask_whose(assessment, by)
    if begun := _who_has_begun(assessment):
        raise Refused(begun)
    sent = {} if _was_returned(assessment) else {"submitted_at": None}
    move(
        assessment,
        State.SUBMITTED,
        State.REGISTERED if sent else State.RETURNED,
        by=by,
        at=clock.now(),
        step=withdrawal_step(assessment),
        version=version,
        told="withdraw",
        **sent,
    )


def withdrawal_step(assessment):
    """The window a sent record is taken back under: that in which it is written and sent again."""
    return WindowStep.ANSWER if _was_returned(assessment) else WindowStep.SELF_ASSESSMENT


def _was_returned(assessment):
    return assessment.steps.filter(state=State.RETURNED).exists()


def can_withdraw(assessment, now) -> bool:
    return assessment.state == State.SUBMITTED and not why_not_withdraw(assessment, now)


def why_not_withdraw(assessment, now) -> str:
    """Why a sent record can no longer be taken back; empty when it can."""
    step = withdrawal_step(assessment)
    if not windows.is_open(step, assessment, now):
        return _("Không rút lại được nữa: đã hết thời gian %(step)s.") % {"step": step.label}
    return _who_has_begun(assessment)


def _who_has_begun(assessment):
    """Who of the board has opened the record since it was sent, and when; empty where nobody has."""
    if assessment.state != State.SUBMITTED:
        return ""
    if assessment.is_of_group and chain.came_at(assessment) != assessment.submitted_at:
        return _("Không rút lại được nữa: hồ sơ đã được chuyển lên cấp trên.")
    look = looks.first_by_others(
        assessment.pk, since=assessment.submitted_at, organization=assessment.board_id
    )
    if look is None:
        return ""
    told = lookers.sentences([look])[0]
    return _("Không rút lại được nữa. Lúc %(at)s: %(sentence)s") % {
        "at": dates.moment_words(told.at),
        "sentence": told.text,
    }
