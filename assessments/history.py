"""What happened to a record, as sentences with subject and verb."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, zip_longest

from django.db.models import Exists, F, OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.models import Assessment, Contest, Outcome, Score, State
from assessments.models.assessment import CLOSED_STATES, JUDGED_STATES
from audit import events
from audit.models import Event
from organizations import boards
from vietnamese import dates, numbers


@dataclass(frozen=True)
class Told:
    at: datetime
    text: str
    reason: str = ""


def of(assessment, *, reader=None) -> list[Told]:
    """The history of a record, newest first. What the reader did is told to them as "bạn"."""
    steps = list(assessment.steps.select_related("by"))
    latest = steps[0] if steps else None
    told = [
        Told(
            step.at,
            _sentence(step, before, assessment, reader, is_latest=step is latest),
            "" if assessment.is_withheld and step.state == State.CONFIRMED else step.reason,
        )
        for step, before in zip_longest(steps, steps[1:])
    ]
    judged = any(step.state == State.CONFIRMED for step in steps)
    contests = list(Contest.objects.filter(assessment=assessment).select_related("by")) if judged else []
    for contest in contests:
        asked = _("%(who)s đề nghị xem lại điểm.") % _who(contest.by, assessment, reader)
        told.append(Told(contest.at, asked))
    if not assessment.is_withheld:  # else what the board gave is part of the result
        # By moment, and below the step they came with.
        told += _scores_changed(assessment, steps, contests, reader)
        if any(step.state == State.SUBMITTED for step in steps):
            told += _judged_lower(assessment, reader)
        if any(step.state == State.UNCONFIRMED for step in steps):
            told += _papers_typed(assessment, reader)
    return sorted(told, key=lambda each: each.at, reverse=True)


def earlier(assessment, user):
    """The person's records of years before, each with what came of it and whether the user oversees it."""
    others = Assessment.objects.filter(
        citizen=assessment.citizen_id,
        level=assessment.level,
        campaign__year__lt=assessment.campaign.year,
        state__in=[*JUDGED_STATES, State.UNCONFIRMED],
    )
    overseen = Assessment.objects.overseen_by(user).filter(pk=OuterRef("pk"))
    for record in (
        others.annotate(is_overseen=Exists(overseen)).select_related("campaign").order_by("-campaign__year")
    ):
        yield record, result_words(record) if record.is_judged else capfirst(record.state_words)


def _papers_typed(assessment, reader):
    for paper in assessment.papers.select_related("typed_by"):
        said = _who(paper.typed_by, assessment, reader) | {"day": paper.day_words}
        yield Told(paper.typed_at, _("%(who)s nhập phiếu giấy đề ngày %(day)s, chờ người thứ hai.") % said)


def _judged_lower(assessment, reader):
    """What one member gave first; to others than the board only where another has agreed."""
    for lowering in assessment.lowerings.select_related("decided_by"):
        if reader is None or lowering.agreed_at:
            said = _who(lowering.decided_by, assessment, reader)
            yield Told(
                lowering.decided_at, _("%(who)s chấm thấp hơn điểm tự chấm, chờ thành viên thứ hai.") % said
            )


def _scores_changed(assessment, steps, contests, reader):
    """What a board gave instead of the own points, and what the citizen changed after a return.

    From the record of events, in four queries. How the points came about before the first sending is the
    citizen's own affair, and to others what was not sent again yet.
    """
    sent = [step.at for step in steps if step.state == State.SUBMITTED]
    if not sent:
        return
    indicators = {
        score.pk: score.indicator
        for score in Score.objects.filter(assessment=assessment).select_related("indicator")
    }
    changed = Event.objects.filter(
        verb="score", object_type="assessments.score", object_id__in=list(indicators), at__gt=min(sent)
    )
    if reader is None and assessment.awaits_citizen:
        changed = changed.filter(at__lte=max(sent))
    # What was upheld did not change, and that a confirmation was taken back is one sentence for all of it.
    changed = changed.exclude(old="").exclude(old=F("new")).exclude(at__in=_taken_back(steps))
    # What was changed at one stroke is told in the order of the form.
    changed = sorted(
        changed.order_by("pk"), key=lambda event: (event.at, indicators[event.object_id].position)
    )
    people = User.objects.in_bulk({event.actor for event in changed if event.actor})
    judged_at = {step.at for step in steps if step.state == State.CONFIRMED}
    judged_at -= {contest.decided_at for contest in contests}  # looked at again by whom the step names
    for event, private in zip(changed, events.private_of_many(changed), strict=True):
        by = people.get(event.actor)
        if event.at in judged_at:
            who = capfirst(boards.name_of(assessment.board))
        else:
            who = _who(by, assessment, reader)["who"]
        reason = private.get("reason", "")
        yield Told(event.at, _change_words(who, indicators[event.object_id], event, reason), reason)


def _taken_back(steps):
    return [
        step.at
        for step, before in pairwise(steps)
        if (before.state, step.state) == (State.CONFIRMED, State.SUBMITTED)
    ]


def _change_words(who, indicator, event, reason):
    """'Ban khuyến học thôn Đông Hải hạ chỉ số I.1.1 từ 9 xuống 7. Lý do:'"""
    words = {"who": who, "what": indicator.called, "old": event.old, "new": event.new}
    if not event.new:
        said = _("%(who)s bỏ điểm %(what)s, trước là %(old)s.") % words
    elif (old := _as_points(event.old)) is None or (new := _as_points(event.new)) is None:
        said = _("%(who)s đổi %(what)s từ “%(old)s” sang “%(new)s”.") % words
    elif new < old:
        said = _("%(who)s hạ %(what)s từ %(old)s xuống %(new)s.") % words
    else:
        said = _("%(who)s nâng %(what)s từ %(old)s lên %(new)s.") % words
    return said + " " + _("Lý do:") if reason else said


def _as_points(text):
    """What an event says as a number, or None where it was judged without points."""
    try:
        return numbers.parse_decimal(text)
    except ValueError:
        return None


def last_step(assessment):
    """The step that brought the record to where it stands."""
    return assessment.steps.filter(state=assessment.state).select_related("by").first()


def last_return(assessment):
    """The step by which a board returned it last, whatever has brought it back there since."""
    returns = assessment.steps.filter(state=State.RETURNED).exclude(reason="")
    return returns.exclude(at__in=assessment.reopenings.values("at")).select_related("by").first()


def last_step_words(assessment) -> str:
    """Who took it and when, for somebody who came too late."""
    step = last_step(assessment)
    at = dates.moment_words(step.at)
    if step.state == State.CONFIRMED and step.by:
        return _("%(who)s đã xác nhận hồ sơ này lúc %(at)s: %(result)s.") % {
            "who": step.by,
            "at": at,
            "result": result_words(assessment),
        }
    if step.state == State.RETURNED and step.reason:
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
    return judged_words(assessment.outcome, assessment.final_total)


def judged_words(outcome, total) -> str:
    said = Outcome(outcome).label.capitalize()
    if total is None:
        return said
    return _("%(outcome)s, %(points)s điểm") % {"outcome": said, "points": numbers.format_decimal(total)}


def _who(user, assessment, reader):
    return {"who": _("Bạn") if reader is not None and user == reader else user or assessment.subject}


def _sentence(step, before, assessment, reader, *, is_latest):
    """What the step did, which the state it came from tells; `before` is the step before it, if any."""
    who = _who(step.by, assessment, reader)
    source = before and before.state
    if source == State.UNCONFIRMED and step.state == State.CONFIRMED and step.by:
        return _paper_sentence(who, step, assessment, is_latest=is_latest)
    reopened = source == State.CONFIRMED and step.state == State.SUBMITTED and step.reason
    if source in CLOSED_STATES or reopened:
        return _("%(who)s mở lại hồ sơ.") % who
    if step.state == State.CONFIRMED and step.by is None:
        return _("Hết thời gian mở lại: kết quả đã xác nhận trước đó được giữ nguyên.")
    if source == State.RECOGNISED:
        return _("Danh hiệu bị thu hồi. Lý do:")
    match step.state:
        case State.REGISTERED if before is None and _is_by_another(step, assessment):
            return _("%(who)s đăng ký danh hiệu giúp.") % who
        case State.REGISTERED if before is None:
            return _("%(who)s đăng ký danh hiệu.") % who
        case State.REGISTERED | State.RETURNED if not step.reason:
            return _("%(who)s rút lại hồ sơ để sửa.") % who
        case State.SUBMITTED if source == State.SUBMITTED and step.by is None:
            return _("Cấp đang xét không còn: hồ sơ chuyển tiếp lên cấp trên.")
        case State.SUBMITTED if source == State.SUBMITTED:
            return _("%(who)s thẩm tra và chuyển hồ sơ lên cấp trên.") % who
        case State.SUBMITTED if source == State.CONFIRMED:
            return _("%(who)s hủy xác nhận, hồ sơ chờ xác nhận lại.") % who
        case State.REGISTERED:
            return _("%(who)s nói không nhờ ai điền giúp: hồ sơ trở lại chưa gửi.") % who
        case State.SUBMITTED if _is_by_another(step, assessment):
            return _("%(who)s điền giúp và gửi hồ sơ.") % who
        case State.SUBMITTED:
            return _("%(who)s gửi hồ sơ.") % who
        case State.RETURNED:
            return _("%(who)s trả lại hồ sơ để sửa. Lý do:") % who
        case State.CONFIRMED if source == State.CONFIRMED and not assessment.is_withheld:
            result = result_words(assessment) if is_latest else Outcome(step.outcome).label.capitalize()
            return _("%(who)s xem lại theo đề nghị: %(result)s.") % (who | {"result": result})
        case State.CONFIRMED if is_latest and assessment.outcome:
            return _("%(who)s xác nhận hồ sơ: %(result)s.") % (who | {"result": result_words(assessment)})
        case State.CONFIRMED:
            return _("%(who)s xác nhận hồ sơ.") % who
        case State.UNSENT:
            return _("Hết hạn xác nhận: hồ sơ chưa gửi, nay đã khóa.")
        case State.UNCONFIRMED if source == State.RETURNED:
            return _("Hết hạn xác nhận khi hồ sơ đang chờ công dân sửa. Đây không phải là “không đạt”.")
        case State.UNCONFIRMED:
            return _("Hết hạn xác nhận mà ban chưa xác nhận. Đây không phải là “không đạt”.")
        case State.RECOGNISED:
            return _("Đã có quyết định công nhận.")


def _is_by_another(step, assessment):
    return (
        step.by_id is not None and assessment.citizen is not None and step.by_id != assessment.citizen.user_id
    )


def _paper_sentence(who, step, assessment, *, is_latest):
    """The step's reason says of which day the sheet is and who typed it in."""
    if is_latest and assessment.outcome:
        said = who | {"result": result_words(assessment)}
        return _("%(who)s xác nhận hồ sơ theo phiếu giấy có trước khi khóa: %(result)s.") % said
    return _("%(who)s xác nhận hồ sơ theo phiếu giấy có trước khi khóa.") % who
