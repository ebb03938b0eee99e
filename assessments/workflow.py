"""The only code that changes the state of an assessment, but for the closing (closing.py)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts import lookers
from assessments import contests, history, notices, scoring, tally, windows
from assessments.models import (
    Assessment,
    Contest,
    ContestedScore,
    Outcome,
    Reopening,
    Score,
    State,
    Step,
    WindowStep,
)
from assessments.models.assessment import DRAFT_STATES
from assessments.scoring import Given
from audit import clock, events, looks
from criteria.models import CriteriaSet, Level
from organizations.models import Kind
from vietnamese import dates, numbers

log = logging.getLogger(__name__)
CHUNK = 500
# What a record is without a confirmation.
UNJUDGED = {
    "outcome": "",
    "confirmed_total": None,
    "review_total": None,
    "confirmed_at": None,
    "confirmed_by": None,
}


class Refused(Exception):
    """The step is not possible now; the message says why, in words for the person who asked."""


class Stale(Refused):
    """Somebody saved the record since it was read."""


@dataclass(frozen=True)
class Change:
    """What the board gives instead of the citizen's own, and why."""

    given: Decimal | bool
    reason: str


def step(function):
    """A step of a record: one transaction, and a refusal in words where the database itself refuses.

    It does when another holds the rows for too long or two wait for each other, and by the rules that stand
    in triggers.py.
    """

    @wraps(function)
    def take(*args, **kwargs):
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except OperationalError as error:
            log.warning("%s could not be written: %s", function.__name__, error)
            raise Refused(_("Cổng đang bận nên chưa ghi được. Hãy bấm lại sau ít phút.")) from error
        except IntegrityError as error:
            log.warning("%s was refused by the database: %s", function.__name__, error)
            raise Refused(_("Hồ sơ vừa thay đổi nên chưa ghi được. Mở lại trang rồi làm lại.")) from error

    return take


# --- The citizen ----------------------------------------------------------------------------------


@step
def register(citizen, campaign, *, group, by):
    """The citizen's one record of the year; the existing one when there is one already."""
    existing = Assessment.objects.filter(citizen=citizen, campaign=campaign, level=Level.CITIZEN).first()
    if existing:
        return existing
    now = clock.now()
    if not windows.is_open_for_board(WindowStep.REGISTRATION, campaign, citizen.board, now):
        raise Refused(_("Đã hết hạn đăng ký năm %(year)s.") % {"year": campaign.year})
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
    _write_down(assessment, by=by, at=now)
    tally.change(tally.NOTHING, tally.of([assessment]))
    return assessment


def places_of(board):
    """Board, commune and province of a record whose board this is, as they stand today.

    A village is in a hard area when its commune is.
    """
    bodies = board.lineage()
    above = {organization.kind: organization for organization in bodies}
    return {
        "board": board,
        "commune": above.get(Kind.COMMUNE),
        "province": above.get(Kind.PROVINCE),
        "in_hard_area": any(organization.is_hard_area for organization in bodies),
    }


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
    criteria_set = criteria_set_for(group, now)
    old, before = assessment.group, tally.of([assessment])
    _write_draft(assessment, now, criteria_set=criteria_set, own_total=None)
    events.record_many([assessment.entry("group", by=by, at=now, old=old, new=group)])
    assessment.refresh_from_db()
    _set_own_total(assessment)
    tally.change(before, tally.of([assessment]))


@step
def save_scores(assessment, given: Mapping[str, Given], *, by, version=None):
    """Keep what one gave oneself on some indicators. With a version, raises Stale when it is no longer so."""
    now = clock.now()
    rules = assessment.rules()
    for code, value in given.items():
        if value is not None:
            _ask_allowed(rules, code, value)
    _write_draft(assessment, now, version=version)
    before = own_scores(assessment)
    entries = []
    for indicator in assessment.criteria_set.indicators:
        if indicator.code in given and given[indicator.code] != before.get(indicator.code):
            score = _keep_own(assessment, indicator, given[indicator.code])
            entries.append(
                score_entry(assessment, score, before.get(indicator.code), given[indicator.code], by, now)
            )
    events.record_many(entries)
    _set_own_total(assessment)


def own_scores(assessment) -> dict[str, Given]:
    """Indicator code → what one gave oneself in the present round."""
    return {score.indicator.code: score.own for score in scores_of(assessment)}


def scores_of(assessment):
    """The present round's scores on the present form."""
    return Score.objects.filter(
        assessment=assessment,
        round=assessment.round,
        indicator__criteria_set_id=assessment.criteria_set_id,
    ).select_related("indicator", "changed_by", "contested")


def _ask_allowed(rules, code, value):
    if not rules.allows(code, value):
        raise Refused(_("Điểm của chỉ số %(code)s không nằm trong thang điểm.") % {"code": code})


def _keep_own(assessment, indicator, value):
    score, _created = Score.objects.update_or_create(
        assessment=assessment,
        indicator=indicator,
        round=assessment.round,
        defaults={"own": value},
    )
    return score


def _set_own_total(assessment):
    assessment.own_total = scoring.judge(own_scores(assessment), assessment.rules()).total
    Assessment.objects.filter(pk=assessment.pk).update(own_total=assessment.own_total)


@step
def submit(assessment, *, by, saved_at=None):
    """Send the record. With the moment at which it was saved last, raises Stale when it was saved since."""
    now = clock.now()
    result = scoring.judge(own_scores(assessment), assessment.rules())
    if not result.is_complete:
        raise Refused(
            _("%(left)s. Điền đủ rồi mới gửi được.")
            % {"left": assessment.rules().left_words(len(result.unscored))}
        )
    source = assessment.state if assessment.is_draft else State.REGISTERED
    board = assessment.citizen.board  # the board of the day of sending: a typed village may be placed by now
    _move(
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
        **places_of(board),
    )


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
def touch_draft(assessment):
    """Refuse unless the record may be written now; for what stands beside it, such as evidence."""
    now = clock.now()
    changed = (
        Assessment.objects.filter(pk=assessment.pk, state__in=DRAFT_STATES)
        .within_window(draft_step(assessment), now)
        .update(saved_at=now)
    )
    if not changed:
        raise _refusal(assessment, DRAFT_STATES, draft_step(assessment), None, now)


def _write_draft(assessment, now, *, version=None, **fields):
    expected = assessment.version if version is None else version
    changed = (
        Assessment.objects.filter(pk=assessment.pk, state__in=DRAFT_STATES, version=expected)
        .within_window(draft_step(assessment), now)
        .update(version=F("version") + 1, saved_at=now, **fields)
    )
    if not changed:
        raise _refusal(assessment, DRAFT_STATES, draft_step(assessment), expected, now)
    assessment.version, assessment.saved_at = expected + 1, now


@step
def withdraw(assessment, *, by, version=None):
    """Take a sent record back to put it right, while it may still be written and no board has begun on it."""
    _ask_whose(assessment, by)
    if begun := _who_has_begun(assessment):
        raise Refused(begun)
    _move(
        assessment,
        State.SUBMITTED,
        State.REGISTERED,
        by=by,
        at=clock.now(),
        step=WindowStep.SELF_ASSESSMENT,
        version=version,
        submitted_at=None,
        told="withdraw",
    )


def can_withdraw(assessment, now) -> bool:
    return assessment.state == State.SUBMITTED and not why_not_withdraw(assessment, now)


def why_not_withdraw(assessment, now) -> str:
    """Why a sent record can no longer be taken back; empty when it can."""
    if not windows.is_open(WindowStep.SELF_ASSESSMENT, assessment, now):
        return _("Không rút lại được nữa: đã hết thời gian tự chấm.")
    return _who_has_begun(assessment)


def _who_has_begun(assessment):
    """Who of the board has opened the record since it was sent, and when; empty where nobody has."""
    if assessment.state != State.SUBMITTED:
        return ""
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


@step
def contest(assessment, reasons: Mapping[str, str], *, by, version=None):
    """Ask once for some confirmed indicators to be looked at again: indicator code → why."""
    _ask_whose(assessment, by)
    now = clock.now()
    reasons = {code: reason.strip() for code, reason in reasons.items() if reason.strip()}
    scores = [score for score in scores_of(assessment) if score.indicator.code in reasons]
    if not reasons or len(scores) != len(reasons):
        raise Refused(_("Ghi lý do ở ít nhất một chỗ cần xem lại."))
    if Contest.objects.filter(assessment=assessment).exists():
        raise Refused(_("Hồ sơ này đã được đề nghị xem lại một lần."))
    if assessment.confirmed_at and not contests.is_within_days(assessment, now):
        raise Refused(
            _("Đã hết hạn đề nghị xem lại: hết ngày %(day)s.")
            % {"day": dates.day_words(contests.last_day(assessment))}
        )
    _change(assessment, State.CONFIRMED, at=now, step=WindowStep.CONTEST, version=version)
    asked = Contest.objects.create(assessment=assessment, round=assessment.round, at=now, by=by)
    ContestedScore.objects.bulk_create(
        ContestedScore(contest=asked, score=score, reason=reasons[score.indicator.code]) for score in scores
    )
    events.record_many(
        assessment.entry(
            "contest",
            score,
            by=by,
            at=now,
            old=_in_words(score.confirmed),
            private={"reason": reasons[score.indicator.code]},
        )
        for score in scores
    )
    notices.tell([assessment], step="contest")


def can_contest(assessment, now) -> bool:
    return (
        assessment.state == State.CONFIRMED
        and contests.is_within_days(assessment, now)
        and not Contest.objects.filter(assessment=assessment).exists()
        and windows.is_open(WindowStep.CONTEST, assessment, now)
    )


def _ask_whose(assessment, by):
    if assessment.citizen is None or assessment.citizen.user_id != by.pk:
        raise PermissionDenied


# --- The board ------------------------------------------------------------------------------------


@step
def confirm(assessment, *, by, version=None, changes: Mapping[str, Change] | None = None):
    """Confirm the own points, or what the board gives instead, and with it the outcome."""
    _ask_who(assessment, by)
    now = clock.now()
    rules = assessment.rules()
    own = own_scores(assessment)
    changes = _real_changes(changes or {}, own, rules)
    result = scoring.judge(own | {code: change.given for code, change in changes.items()}, rules)
    entries = [
        score_entry(
            assessment,
            score,
            score.own,
            changes[score.indicator.code].given,
            by,
            now,
            reason=changes[score.indicator.code].reason.strip(),
        )
        for score in scores_of(assessment).filter(indicator__code__in=changes)
    ]
    windows.hold(assessment, WindowStep.CONFIRMATION)
    _move(
        assessment,
        State.SUBMITTED,
        State.CONFIRMED,
        by=by,
        at=now,
        step=WindowStep.CONFIRMATION,
        version=version,
        outcome=_outcome(result),
        confirmed_total=result.total,
        confirmed_at=now,
        confirmed_by=by,
        entries=entries,
    )
    _keep_confirmed(assessment, changes, by)


def _real_changes(changes, own, rules):
    """Those that differ from the own points. Each needs a reason and a value the set allows."""
    real = {code: change for code, change in changes.items() if change.given != own.get(code)}
    for code, change in real.items():
        if not change.reason.strip():
            raise Refused(_("Ghi lý do đổi điểm chỉ số %(code)s.") % {"code": code})
        _ask_allowed(rules, code, change.given)
    return real


def _keep_confirmed(assessment, changes, by):
    scores = scores_of(assessment)
    scores.update(confirmed_points=F("own_points"), confirmed_passed=F("own_passed"))
    for score in scores.filter(indicator__code__in=changes):
        change = changes[score.indicator.code]
        score.confirmed = change.given
        score.reason, score.changed_by = change.reason.strip(), by
        score.save(update_fields=["confirmed_points", "confirmed_passed", "reason", "changed_by"])


@step
def send_back(assessment, *, by, reason, version=None):
    """Return the record to the citizen with a reason; a new round of scores begins as a copy of the last."""
    _ask_who(assessment, by)
    if not reason.strip():
        raise Refused(_("Ghi lý do trả lại, để người gửi biết cần sửa gì."))
    now = clock.now()
    last_round = list(scores_of(assessment))
    windows.hold(assessment, WindowStep.CONFIRMATION)
    _move(
        assessment,
        State.SUBMITTED,
        State.RETURNED,
        by=by,
        at=now,
        step=WindowStep.CONFIRMATION,
        version=version,
        reason=reason.strip(),
        round=F("round") + 1,
    )
    _copy_own(assessment, last_round, assessment.round)


def confirm_many(chosen, *, by):
    """Confirm several with their own points: (assessment, version read) pairs, each a transaction of its own.

    Returns the confirmed ones, and the skipped ones with the reason.
    """
    return _each(confirm, chosen, by, _("Bạn không xác nhận hồ sơ này."))


def undo_many(chosen, *, by):
    """Take back several confirmations, as confirm_many made them."""
    return _each(undo, chosen, by, _("Bạn không hủy xác nhận hồ sơ này."))


def _each(take, chosen, by, not_allowed):
    done, skipped = [], []
    for assessment, version in chosen:
        try:
            take(assessment, by=by, version=version)
        except Refused as refusal:
            skipped.append((assessment, str(refusal)))
        except PermissionDenied:
            skipped.append((assessment, not_allowed))
        else:
            done.append(assessment)
    return done, skipped


@step
def undo(assessment, *, by, version=None):
    """Take back a confirmation with all that came of it, while the time in which it was given still runs."""
    _ask_who(assessment, by)
    now = clock.now()
    if why := why_not_undo(assessment, now):
        raise Refused(why)
    entries = [
        score_entry(assessment, score, score.confirmed, score.own, by, now, reason=score.reason)
        for score in scores_of(assessment).exclude(changed_by=None)
    ]
    if assessment.outcome:
        entries.append(result_entry(assessment, history.result_words(assessment), "", by=by, at=now))
    windows.hold(assessment, WindowStep.CONFIRMATION)
    _move(
        assessment,
        State.CONFIRMED,
        State.SUBMITTED,
        by=by,
        at=now,
        step=WindowStep.CONFIRMATION,
        version=version,
        among=Assessment.objects.confirmed_in_time_still_running(now).uncontested(),
        **UNJUDGED,
        entries=entries,
        told="undo",
    )
    scores_of(assessment).update(confirmed_points=None, confirmed_passed=None, reason="", changed_by=None)


def why_not_undo(assessment, now) -> str:
    """Why a confirmed record cannot go back to waiting, beyond what the window says; empty when it can."""
    if assessment.state != State.CONFIRMED:
        return ""
    if Contest.objects.filter(assessment=assessment).exists():
        return _("Người này đã đề nghị xem lại nên không hủy xác nhận được.")
    in_time = Assessment.objects.confirmed_in_time_still_running(now).filter(pk=assessment.pk)
    if windows.is_open(WindowStep.CONFIRMATION, assessment, now) and not in_time.exists():
        return _("Hồ sơ này đã được xác nhận trong hạn trước, nay không hủy được.")
    return ""


def can_undo(assessment, user, now) -> bool:
    return (
        assessment.state == State.CONFIRMED
        and Assessment.objects.for_confirmer(user).filter(pk=assessment.pk).exists()
        and windows.is_open(WindowStep.CONFIRMATION, assessment, now)
        and not why_not_undo(assessment, now)
    )


@step
def review(assessment, given: Mapping[str, Change], *, by, version=None):
    """Look again at every contested indicator: uphold it or give other points, each with a reason.

    What it gives stands beside the own and the board's points; the outcome follows from it.
    """
    now = clock.now()
    asked = Contest.objects.filter(assessment=assessment, round=assessment.round, decided_at=None).first()
    if asked is None:
        raise Refused(_("Hồ sơ này không có đề nghị nào đang chờ xem lại."))
    if not Assessment.objects.for_reviewer(by).filter(pk=assessment.pk).exists():
        raise PermissionDenied
    scores = {score.indicator.code: score for score in scores_of(assessment)}
    _ask_reviewed(assessment, asked, scores, given)
    result = scoring.judge(
        {code: score.confirmed for code, score in scores.items()}
        | {code: change.given for code, change in given.items()},
        assessment.rules(),
    )
    before, counted = history.result_words(assessment), tally.of([assessment])
    entries = [
        score_entry(
            assessment,
            scores[code],
            scores[code].confirmed,
            change.given,
            by,
            now,
            reason=change.reason.strip(),
        )
        for code, change in given.items()
    ]
    windows.hold(assessment, WindowStep.CONFIRMATION)
    _change(
        assessment,
        State.CONFIRMED,
        at=now,
        step=WindowStep.CONTEST,
        version=version,
        outcome=_outcome(result),
        review_total=result.total,
    )
    entries.append(result_entry(assessment, before, history.result_words(assessment), by=by, at=now))
    if not Contest.objects.filter(pk=asked.pk, decided_at=None).update(decided_at=now, decided_by=by):
        raise Stale(_("Đề nghị này vừa được người khác xem lại."))
    for code, change in given.items():
        _keep_review(scores[code], change, by)
    _write_down(assessment, by=by, at=now, old=State.CONFIRMED, entries=entries, told="review")
    tally.change(counted, tally.of([assessment]))


def _ask_reviewed(assessment, asked, scores, given):
    contested = set(asked.scores.values_list("score__indicator__code", flat=True))
    for code, change in given.items():
        if code not in contested or not assessment.rules().allows(code, change.given):
            raise Refused(_("Điểm của chỉ số %(code)s không nằm trong thang điểm.") % {"code": code})
    for code in scores:
        if code in contested and not (code in given and given[code].reason.strip()):
            raise Refused(_("Ghi kết quả xem lại và lý do ở chỉ số %(code)s.") % {"code": code})


def _keep_review(score, change, by):
    score.review = change.given
    score.review_reason, score.reviewed_by = change.reason.strip(), by
    score.save(update_fields=["review_points", "review_passed", "review_reason", "reviewed_by"])


def can_review(assessment, user, now) -> bool:
    return (
        contests.waits(assessment)
        and Assessment.objects.for_reviewer(user).filter(pk=assessment.pk).exists()
        and windows.is_open(WindowStep.CONTEST, assessment, now)
    )


def _outcome(result):
    return Outcome.ACHIEVED if result.achieved else Outcome.NOT_ACHIEVED


def ask_unchanged(assessment, version):
    """Refuse where a record is no longer as the board read it, before what it typed is judged by that."""
    if assessment.version != version:
        raise _refusal(assessment, [State.SUBMITTED], WindowStep.CONFIRMATION, version, clock.now())


def can_confirm(assessment, user) -> bool:
    """Who, from which state and when, in one: what the button asks."""
    return (
        assessment.state == State.SUBMITTED
        and Assessment.objects.for_confirmer(user).filter(pk=assessment.pk).exists()
        and windows.is_open(WindowStep.CONFIRMATION, assessment, clock.now())
    )


def _ask_who(assessment, by):
    if not Assessment.objects.for_confirmer(by).filter(pk=assessment.pk).exists():
        raise PermissionDenied


# --- Exceptions -----------------------------------------------------------------------------------


def reopen(extension, *, by=None, at=None) -> int:
    """Open again what was closed in the reach of an extension that is open now; return how many.

    Each goes back to the state it was closed from; a single confirmed record waits again, in a new round of
    scores. When the extension ends, the closing puts each back. Beat calls this once a minute for every open
    extension, so one that opens later, or whose first run was killed, is seen to as well.
    """
    now, reopened = at or clock.now(), 0
    if not extension.is_open(now):
        return 0
    while count := _reopen_some(extension, by or extension.approved_by, now):
        reopened += count
    return reopened


@step
def _reopen_some(extension, by, now):
    """Reopen one chunk; return how many."""
    closed = Assessment.objects.closed_in_reach(extension).select_for_update(of=("self",))
    chunk = list(closed.select_related("campaign", "board", "criteria_set").order_by("pk")[:CHUNK])
    counted = tally.of(chunk)
    before = [Reopening.of(assessment, extension, by=by, at=now) for assessment in chunk]
    Reopening.objects.bulk_create(before)
    reason = _("Mở lại theo quyết định %(number)s: %(reason)s") % {
        "number": extension.decision_number,
        "reason": extension.reason,
    }
    numbers_of = [assessment.pk for assessment in chunk if assessment.state != State.CONFIRMED]
    Assessment.objects.filter(pk__in=numbers_of).update(
        state=F("closed_from"), closed_from="", version=F("version") + 1
    )
    entries = []
    for assessment in chunk:
        if assessment.state == State.CONFIRMED:
            entries.append(result_entry(assessment, history.result_words(assessment), "", by=by, at=now))
            _begin_anew(assessment)
    was = {kept.assessment_id: kept.state for kept in before}
    chunk = list(
        Assessment.objects.filter(pk__in=was).select_related("campaign", "board", "citizen").order_by("pk")
    )
    Step.objects.bulk_create(Step.come_to(each, at=now, by=by, reason=reason) for each in chunk)
    entries += [step_entry(each, by=by, at=now, old=was[each.pk], reason=reason) for each in chunk]
    events.record_many(entries)
    notices.tell(chunk, reason=reason, step="reopen")
    tally.change(counted, tally.of(chunk))
    return len(chunk)


def _begin_anew(assessment):
    """Let a confirmed record wait again on a copy of its own points; what was confirmed stays as it is."""
    last_round = list(scores_of(assessment))
    # An earlier reopening may have left rounds behind that count no more.
    following = assessment.scores.aggregate(last=Max("round"))["last"] + 1
    Assessment.objects.filter(pk=assessment.pk).update(
        state=State.SUBMITTED, round=following, version=F("version") + 1, **UNJUDGED
    )
    _copy_own(assessment, last_round, following)


def _copy_own(assessment, scores, to_round):
    Score.objects.bulk_create(
        Score(assessment=assessment, indicator=score.indicator, round=to_round, own=score.own)
        for score in scores
    )


# --- Every step -----------------------------------------------------------------------------------


def _move(
    assessment, source, target, *, by, at, step, reason="", entries=(), told="", **condition_and_fields
):
    before = tally.of([assessment])
    _change(assessment, source, at=at, step=step, state=target, **condition_and_fields)
    _write_down(assessment, by=by, at=at, old=source, reason=reason, entries=entries, told=told)
    tally.change(before, tally.of([assessment]))


def _change(assessment, source, *, at, step, version=None, saved_at=None, among=None, **fields):
    # Old state, version and window in the condition are the lock: of two who press together one wins, and
    # nobody slips past the deadline between a check and a write.
    expected = assessment.version if version is None else version
    as_read = {"version": expected} if saved_at is None else {"version": expected, "saved_at": saved_at}
    records = Assessment.objects.all() if among is None else among
    changed = (
        records.filter(pk=assessment.pk, state=source, **as_read)
        .within_window(step, at)
        .update(**fields, version=F("version") + 1)
    )
    if not changed:
        raise _refusal(assessment, [source], step, expected, at)
    assessment.refresh_from_db()


def _write_down(assessment, *, by, at, old="", reason="", entries=(), told=""):
    """History, events and notice of a step, in its transaction; `entries` are what else it changed.

    `told` names the step where the state alone does not say what happened.
    """
    Step.come_to(assessment, at=at, by=by, reason=reason).save()
    # All at one stroke: who takes heads of streams and keys of persons in turns, waits crosswise for another.
    events.record_many([*entries, step_entry(assessment, by=by, at=at, old=old, reason=reason)])
    notices.tell([assessment], reason=reason, step=told)


def step_entry(assessment, *, at, by=None, old="", reason=""):
    """That the record came to where it stands now."""
    private = {"reason": reason} if reason else {}
    return assessment.entry("step", by=by, at=at, old=old, new=assessment.state, private=private)


def result_entry(assessment, old, new, *, at, by=None):
    """That the result changed without a confirmation: it was taken back, looked at again or put back."""
    return assessment.entry("result", by=by, at=at, old=old, new=new)


def score_entry(assessment, score, old, new, by, now, reason=""):
    return assessment.entry(
        "score",
        score,
        by=by,
        at=now,
        old=_in_words(old),
        new=_in_words(new),
        private={"reason": reason} if reason else {},
    )


def _in_words(given):
    if given is None:
        return ""
    if isinstance(given, bool):
        return _("đạt") if given else _("không đạt")
    return numbers.format_decimal(given)


def _refusal(assessment, sources, step, expected, now):
    """Why the conditional write changed nothing, as the exception to raise."""
    current = Assessment.objects.select_related("campaign", "province").get(pk=assessment.pk)
    if current.closed_from:
        return Refused(history.locked_words(current))
    if current.state not in sources:
        return Refused(
            _("Hồ sơ này đang ở tình trạng “%(state)s” nên không làm được việc này.")
            % {"state": current.state_words}
        )
    if not windows.is_open(step, current, now):
        window = windows.of(step, current)
        name = WindowStep(step).label
        if window and now < window.opens_at:
            return Refused(
                _("Chưa đến thời gian %(step)s: mở từ ngày %(opens)s.")
                % {"step": name, "opens": dates.day_words(dates.local_day(window.opens_at))}
            )
        until = dates.until_words(window.closes_at) if window else ""
        return Refused(_("Đã hết hạn %(step)s: khóa lúc %(until)s.") % {"step": name, "until": until})
    return Stale(
        _("Hồ sơ đã được lưu ở nơi khác lúc %(at)s, sau khi bạn mở trang này.")
        % {"at": dates.moment_words(current.saved_at)}
    )
