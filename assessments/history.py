"""What happened to a record, as sentences with subject and verb."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from assessments.models import Outcome, State
from vietnamese import dates, numbers


@dataclass(frozen=True)
class Told:
    at: datetime
    text: str
    reason: str = ""


def of(assessment, *, reader=None) -> list[Told]:
    """The history of a record, newest first. What the reader did is told to them as "bạn"."""
    steps = list(assessment.steps.select_related("by"))
    first = steps[-1] if steps else None
    latest = steps[0] if steps else None
    return [
        Told(
            step.at,
            _sentence(step, assessment, reader, is_first=step is first, is_latest=step is latest),
            step.reason,
        )
        for step in steps
    ]


def last_step(assessment):
    """The step that brought the record to where it stands."""
    return assessment.steps.filter(state=assessment.state).select_related("by").first()


def last_step_words(assessment) -> str:
    """Who took it and when, for somebody who came too late."""
    step = last_step(assessment)
    at = dates.moment_words(step.at)
    if step.state == State.CONFIRMED:
        return _("%(who)s đã xác nhận hồ sơ này lúc %(at)s: %(result)s.") % {
            "who": step.by,
            "at": at,
            "result": result_words(assessment),
        }
    if step.state == State.RETURNED:
        return _("%(who)s đã trả lại hồ sơ này lúc %(at)s.") % {"who": step.by, "at": at}
    if assessment.closed_from:
        return locked_words(assessment)
    return _("Hồ sơ này đang ở tình trạng “%(state)s” từ lúc %(at)s.") % {
        "state": assessment.state_words,
        "at": at,
    }


def locked_words(assessment) -> str:
    """Why nothing more can be done with what the closing has settled, and as what it stands written."""
    return _("Đã khóa lúc %(until)s, không làm gì được nữa. Hồ sơ được ghi là “%(state)s”.") % {
        "until": dates.until_words(last_step(assessment).at),
        "state": assessment.state_words,
    }


def result_words(assessment) -> str:
    """'Đạt, 84 điểm', or for what is judged without points 'Đạt'."""
    outcome = Outcome(assessment.outcome).label.capitalize()
    if assessment.confirmed_total is None:
        return outcome
    return _("%(outcome)s, %(points)s điểm") % {
        "outcome": outcome,
        "points": numbers.format_decimal(assessment.confirmed_total),
    }


def _sentence(step, assessment, reader, *, is_first, is_latest):
    by_reader = reader is not None and step.by == reader
    who = {"who": _("Bạn") if by_reader else step.by or assessment.subject}
    match step.state:
        case State.REGISTERED if is_first:
            return _("%(who)s đăng ký danh hiệu.") % who
        case State.REGISTERED:
            return _("%(who)s rút lại hồ sơ để sửa.") % who
        case State.SUBMITTED:
            return _("%(who)s gửi hồ sơ.") % who
        case State.RETURNED:
            return _("%(who)s trả lại hồ sơ để sửa. Lý do:") % who
        case State.CONFIRMED if is_latest and assessment.outcome:
            return _("%(who)s xác nhận hồ sơ: %(result)s.") % (who | {"result": result_words(assessment)})
        case State.CONFIRMED:
            return _("%(who)s xác nhận hồ sơ.") % who
        case State.UNSENT:
            return _("Hết hạn xác nhận: hồ sơ chưa gửi, nay đã khóa.")
        case State.UNCONFIRMED if assessment.closed_from == State.RETURNED:
            return _("Hết hạn xác nhận khi hồ sơ đang chờ công dân sửa. Đây không phải là “không đạt”.")
        case State.UNCONFIRMED:
            return _("Hết hạn xác nhận mà ban chưa xác nhận. Đây không phải là “không đạt”.")
        case State.RECOGNISED:
            return _("Đã có quyết định công nhận.")
