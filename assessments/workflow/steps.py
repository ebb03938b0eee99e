"""What every step goes through: the conditional write, then history, events and notice, or the refusal."""

import logging
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from assessments import history, notices, shares, tally, windows
from assessments.models import (
    Assessment,
    CriteriaMove,
    Helping,
    Outcome,
    ReturnedScore,
    Score,
    Step,
    WindowStep,
)
from assessments.scoring import Given
from audit import events
from organizations.models import Kind
from vietnamese import dates, numbers

log = logging.getLogger(__name__)
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


def asked_back(assessment) -> dict[str, str]:
    """Indicator code → why the board wants it put right. Where it named any, all others stand as they are."""
    if assessment.round == 1:  # never returned
        return {}
    asked = ReturnedScore.objects.filter(score__in=scores_of(assessment))
    return dict(asked.values_list("score__indicator__code", "reason"))


def unseen_move(assessment) -> CriteriaMove | None:
    """The change of its form that the citizen has not looked at yet."""
    moves = CriteriaMove.objects.filter(
        assessment=assessment, to_set=assessment.criteria_set_id, looked_at=None
    )
    return moves.select_related("from_set", "to_set").first()


def ask_open(assessment, codes):
    """Refuse what the board did not ask to be put right, where it asked for some only."""
    asked = asked_back(assessment)
    if asked and (standing := [code for code in codes if code not in asked]):
        raise Refused(
            _("Ban không trả lại %(what)s nên chỗ này giữ nguyên, không sửa được.")
            % {"what": assessment.rules().called(standing[0])}
        )


def ask_allowed(rules, code, value):
    if not rules.allows(code, value):
        raise Refused(rules.refused_words(code))


def keep_computed(assessment, *, as_confirmed=False) -> dict[str, Given]:
    """Write down what the shares of its people give a group's record, beside what was entered.

    What cannot be told, for nobody is there to be counted, is not reached.
    """
    if not assessment.is_of_group:
        return {}
    rules = assessment.rules()
    shares.recount([assessment])
    column = "confirmed" if as_confirmed else "own"
    found, counted = {}, shares.given(assessment)
    for indicator in assessment.criteria_set.indicators:
        if indicator.code in rules.computed:
            given = counted[indicator.code]
            if given is None:
                given = False if indicator.maximum is None else Decimal(0)
            found[indicator.code] = given
            Score.objects.update_or_create(
                assessment=assessment, indicator=indicator, round=assessment.round, defaults={column: given}
            )
    return found


def copy_own(assessment, scores, to_round):
    Score.objects.bulk_create(
        Score(
            assessment=assessment,
            indicator=score.indicator,
            round=to_round,
            own=score.own,
            helped_by_id=score.helped_by_id,
        )
        for score in scores
    )


def move(assessment, source, target, *, by, at, step, reason="", entries=(), told="", **condition_and_fields):
    before = tally.of([assessment])
    write(assessment, source, at=at, step=step, state=target, **condition_and_fields)
    write_down(assessment, by=by, at=at, old=source, reason=reason, entries=entries, told=told)
    tally.change(before, tally.of([assessment]))


def write(assessment, source, *, at, step, version=None, saved_at=None, among=None, **fields):
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
        raise refusal(assessment, [source], step, expected, at)
    assessment.refresh_from_db()


def write_down(assessment, *, by, at, old="", reason="", entries=(), told=""):
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
        old=in_words(old),
        new=in_words(new),
        private={"reason": reason} if reason else {},
    )


def in_words(given):
    if given is None:
        return ""
    if isinstance(given, bool):
        return _("đạt") if given else _("không đạt")
    return numbers.format_decimal(given)


def refusal(assessment, sources, step, expected, now):
    """Why the conditional write changed nothing, as the exception to raise."""
    current = Assessment.objects.select_related("campaign", "province").get(pk=assessment.pk)
    if current.closed_from and step != WindowStep.PAPER:
        return Refused(history.locked_words(current))
    if current.state not in sources:
        return Refused(
            _("Hồ sơ này đang ở tình trạng “%(state)s” nên không làm được việc này.")
            % {"state": current.state_words}
        )
    if not windows.is_open(step, current, now):
        window = windows.of(step, current)
        name = WindowStep(step).label
        if window is None:
            return Refused(_("Chưa đặt thời hạn %(step)s.") % {"step": name})
        if now < window.opens_at:
            return Refused(
                _("Chưa đến thời gian %(step)s: mở từ ngày %(opens)s.")
                % {"step": name, "opens": dates.day_words(dates.local_day(window.opens_at))}
            )
        until = dates.until_words(window.closes_at)
        return Refused(_("Đã hết hạn %(step)s: khóa lúc %(until)s.") % {"step": name, "until": until})
    return saved_elsewhere(current)


def saved_elsewhere(assessment) -> Stale:
    return Stale(
        _("Hồ sơ đã được lưu ở nơi khác lúc %(at)s, sau khi bạn mở trang này.")
        % {"at": dates.moment_words(assessment.saved_at)}
    )


def ask_whose(assessment, by):
    """Refuse who is not the person of the record, nor speaks for its group."""
    if not Assessment.objects.written_by(by).filter(pk=assessment.pk).exists():
        raise PermissionDenied


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


def ask_writer(assessment, by, now) -> Helping | None:
    """Only who it is of writes a draft, and who fills in for a person at this moment, which is noted."""
    if assessment.is_of_group:
        ask_whose(assessment, by)
        return None
    if assessment.citizen.user_id == by.pk:
        return None
    helping = Helping.objects.by_whom_still_may(by).filter(assessment=assessment).first()
    # Whoever is refused in the same moment waits here, or writes no more.
    if helping is None or not Helping.objects.open().filter(pk=helping.pk).update(wrote_at=now):
        raise PermissionDenied
    return helping


def ask_confirmer(assessment, by):
    if not Assessment.objects.for_confirmer(by).filter(pk=assessment.pk).exists():
        raise PermissionDenied


def outcome_of(result):
    return Outcome.ACHIEVED if result.achieved else Outcome.NOT_ACHIEVED
