"""The bodies a group's record passes on its way to a result: data with dates, see ReviewStage. Reads only."""

import datetime
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments.models import Answer, ReviewStage, State
from audit import clock, looks
from criteria.models import Level
from organizations import boards
from organizations.models import Household, Kind, Organization
from vietnamese import dates

MANAGED_BY = [Kind.COMMUNE, Kind.DISTRICT, Kind.PROVINCE]


@dataclass(frozen=True)
class Link:
    stage: ReviewStage
    body: Organization


def place_of(subject) -> Organization:
    """Where a group stands in the tree: a household in its village, any other is a place itself."""
    return subject.village if isinstance(subject, Household) else subject


def whose(subject) -> dict:
    """The column by which the rows of a group point to it."""
    return {"household" if isinstance(subject, Household) else "organization": subject}


def scope_of(level, subject) -> str:
    """The scope a group is judged in: a community by its own kind, a unit by who manages it."""
    if level == Level.COMMUNITY:
        return subject.kind
    if level == Level.UNIT:
        above = {each.kind for each in subject.ancestors}
        return next((kind for kind in MANAGED_BY if kind in above), "")
    return ""


def links(level, scope, subject, on=None) -> list[Link]:
    """The way as it is on a day. No group is judged by itself."""
    place, found = place_of(subject), []
    for stage in ReviewStage.objects.of(level, scope, on):
        body = stage.body_of(place)
        if body is not None and body != subject:
            found.append(Link(stage, body))
    return found


def of(assessment, on=None) -> list[Link]:
    return links(assessment.level, assessment.criteria_set.scope, assessment.subject, on)


def entrance(assessment) -> Link | None:
    """Where a record goes when it is sent: to who returned it, for the links below have checked it."""
    from_order = assessment.stage.order if assessment.stage_id and assessment.awaits_citizen else 0
    way = of(assessment)
    return next((link for link in way if link.stage.order >= from_order), way[-1] if way else None)


def following(assessment) -> Link | None:
    """The next link after where a record lies, by the chain of today; None where this gives the result."""
    return next((link for link in of(assessment) if link.stage.order > assessment.stage.order), None)


def came_at(assessment) -> datetime.datetime:
    """Since when it lies where it is: sent, or sent on since."""
    moved = assessment.review_steps.filter(
        answer__in=[Answer.SENT_ON, Answer.PASSED_OVER], at__gte=assessment.submitted_at
    )
    return moved.order_by("-at").values_list("at", flat=True).first() or assessment.submitted_at


def seen_at(assessment, came) -> datetime.datetime | None:
    """When somebody of the body it lies with opened it first, since it came."""
    look = looks.first_by_others(assessment.pk, since=came, organization=assessment.board_id)
    return look and look.at


# --- Told -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stop:
    """One body on the way as a page shows it: done, here, or to come."""

    name: str
    task: str
    standing: str  # a state of components/state.html
    words: str
    label: str = ""
    reason: str = ""


def stops(assessment) -> list[Stop]:
    """What is behind the record, where it lies, and what is to come."""
    done = assessment.review_steps.select_related("stage", "body", "by")
    told = [_behind(step) for step in done]
    if assessment.state == State.SUBMITTED:
        told.append(_here(assessment))
        ahead = [link for link in of(assessment) if link.stage.order > assessment.stage.order]
    elif assessment.is_draft:
        start = entrance(assessment)
        ahead = [link for link in of(assessment) if start and link.stage.order >= start.stage.order]
    else:
        ahead = []
    return told + [_ahead(link) for link in ahead]


ANSWERED = {
    Answer.SENT_ON: "filled",
    Answer.SENT_BACK: "returned",
    Answer.RECOGNISED: "confirmed",
    Answer.PASSED_OVER: "none",
}


def _behind(step):
    words = {
        Answer.SENT_ON: _("%(who)s chuyển lên lúc %(at)s"),
        Answer.SENT_BACK: _("%(who)s trả lại lúc %(at)s"),
        Answer.RECOGNISED: _("%(who)s xác nhận kết quả lúc %(at)s"),
        Answer.PASSED_OVER: _("Cấp này không còn xét: hồ sơ chuyển tiếp lúc %(at)s"),
    }[Answer(step.answer)] % {"who": step.by, "at": dates.moment_words(step.at)}
    if step.seen_at:
        words = _("Mở xem lúc %(seen)s. %(words)s") % {
            "seen": dates.moment_words(step.seen_at),
            "words": words,
        }
    return Stop(
        boards.name_of(step.body),
        step.stage.get_task_display(),
        ANSWERED[Answer(step.answer)],
        words,
        capfirst(step.get_answer_display()),
        step.reason,
    )


def _here(assessment):
    came = came_at(assessment)
    seen = seen_at(assessment, came)
    days = (clock.now() - came).days
    words = _("Đến lúc %(at)s") % {"at": dates.moment_words(came)}
    if days:
        words = _("%(words)s, đã chờ %(days)d ngày") % {"words": words, "days": days}
    opened = _("mở xem lúc %(seen)s") % {"seen": dates.moment_words(seen)} if seen else _("chưa ai mở xem")
    last = following(assessment) is None
    task = _("xác nhận kết quả") if last else assessment.stage.get_task_display()
    return Stop(boards.name_of(assessment.board), task, "submitted", f"{words}; {opened}", _("Đang ở đây"))


def _ahead(link):
    return Stop(boards.name_of(link.body), link.stage.get_task_display(), "none", "", _("Chưa đến"))
