"""The only code that changes the state of an assessment, but for the closing (closing.py)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from assessments import history, notices, scoring, tally, windows
from assessments.models import Assessment, Outcome, Score, State, Step, WindowStep
from assessments.models.assessment import DRAFT_STATES
from assessments.scoring import Given
from audit import clock, events
from criteria.models import CriteriaSet, Level
from organizations.models import Kind
from vietnamese import dates, numbers

log = logging.getLogger(__name__)


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
    ).select_related("indicator", "changed_by")


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
        outcome=Outcome.ACHIEVED if result.achieved else Outcome.NOT_ACHIEVED,
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
    Score.objects.bulk_create(
        Score(assessment=assessment, indicator=score.indicator, round=assessment.round, own=score.own)
        for score in last_round
    )


def confirm_many(chosen, *, by):
    """Confirm several with their own points: (assessment, version read) pairs, each a transaction of its own.

    Returns the confirmed ones, and the skipped ones with the reason.
    """
    confirmed, skipped = [], []
    for assessment, version in chosen:
        try:
            confirm(assessment, by=by, version=version)
        except Refused as refusal:
            skipped.append((assessment, str(refusal)))
        except PermissionDenied:
            skipped.append((assessment, _("Bạn không xác nhận hồ sơ này.")))
        else:
            confirmed.append(assessment)
    return confirmed, skipped


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


# --- Every step -----------------------------------------------------------------------------------


def _move(
    assessment,
    source,
    target,
    *,
    by,
    at,
    step,
    version=None,
    saved_at=None,
    reason="",
    entries=(),
    **fields,
):
    # Old state, version and window in the condition are the lock: of two who press together one wins, and
    # nobody slips past the deadline between a check and a write.
    expected = assessment.version if version is None else version
    before = tally.of([assessment])
    as_read = {"version": expected} if saved_at is None else {"version": expected, "saved_at": saved_at}
    moved = (
        Assessment.objects.filter(pk=assessment.pk, state=source, **as_read)
        .within_window(step, at)
        .update(state=target, version=F("version") + 1, **fields)
    )
    if not moved:
        raise _refusal(assessment, [source], step, expected, at)
    assessment.refresh_from_db()
    _write_down(assessment, by=by, at=at, old=source, reason=reason, entries=entries)
    tally.change(before, tally.of([assessment]))


def _write_down(assessment, *, by, at, old="", reason="", entries=()):
    """History, events and notice of a step, in its transaction; `entries` are what else it changed."""
    Step.come_to(assessment, at=at, by=by, reason=reason).save()
    # All at one stroke: who takes heads of streams and keys of persons in turns, waits crosswise for another.
    events.record_many([*entries, step_entry(assessment, by=by, at=at, old=old, reason=reason)])
    notices.tell([assessment], reason=reason)


def step_entry(assessment, *, by, at, old="", reason=""):
    private = {"reason": reason} if reason else {}
    return assessment.entry("step", by=by, at=at, old=old, new=assessment.state, private=private)


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
