"""Two notions, both said in words: whether a record was sent on time, and whether it is locked now."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from assessments.models import Assessment, Extension, State, Window, WindowStep
from audit import clock

# The step that still waits for somebody, by state; after the closing nothing does.
NEXT_STEP = {
    State.REGISTERED: WindowStep.SELF_ASSESSMENT,
    State.RETURNED: WindowStep.ANSWER,
    State.SUBMITTED: WindowStep.CONFIRMATION,
    State.CONFIRMED: WindowStep.CONFIRMATION,
}


class Deadlines:
    """A year's windows and running extensions, read once, for as many records as a list or file holds.

    The records come with their board.
    """

    def __init__(self, campaign, now):
        self.now = now
        self._windows = {
            (window.level, window.step, window.province_id): window
            for window in Window.objects.filter(campaign=campaign)
        }
        self._running = list(
            Extension.objects.open_at(now).filter(campaign=campaign).select_related("organization")
        )

    def sent_on_time(self, record: Assessment) -> bool | None:
        """Whether it was last sent in its window and not in an extension; None of what was never sent."""
        if record.submitted_at is None:
            return None
        steps = [WindowStep.SELF_ASSESSMENT]
        if record.round > 1:
            steps.append(WindowStep.ANSWER)
        windows = [self._window(record, step) for step in steps]
        return any(window and record.submitted_at < window.closes_at for window in windows)

    def is_locked(self, record: Assessment) -> bool:
        """Whether its time is over and no extension runs. Before a window opens nothing is locked yet."""
        step = NEXT_STEP.get(record.state)
        if step is None:
            return True
        window = self._window(record, step)
        ended = window is None or window.closed_at is not None or self.now >= window.closes_at
        return ended and not any(
            extension.step == step and extension.level == record.level and extension.reaches(record)
            for extension in self._running
        )

    def sending_words(self, record) -> str:
        match self.sent_on_time(record):
            case None:
                return _("Chưa gửi")
            case True:
                return _("Gửi đúng hạn")
        return _("Gửi trong thời gian gia hạn")

    def lock_words(self, record) -> str:
        return _("Đã khóa") if self.is_locked(record) else _("Chưa khóa")

    def words(self, record) -> str:
        """'Gửi đúng hạn. Đã khóa.'"""
        return f"{self.sending_words(record)}. {self.lock_words(record)}."

    def _window(self, record, step):
        of_province = self._windows.get((record.level, step, record.province_id))
        return of_province or self._windows.get((record.level, step, None))


def of(records: Iterable[Assessment]) -> dict[int, str]:
    """Record → both notions, in words."""
    now = clock.now()
    deadlines, told = {}, {}
    for record in records:
        if record.campaign_id not in deadlines:
            deadlines[record.campaign_id] = Deadlines(record.campaign_id, now)
        told[record.pk] = deadlines[record.campaign_id].words(record)
    return told


def words(record: Assessment) -> str:
    """'Gửi đúng hạn. Đã khóa.'"""
    return of([record])[record.pk]
