"""Whether somebody has to be told: beat gives no sign in the last days of December, a closing is overdue, or
notices do not leave the portal.

It runs in whatever lives: at each /healthz, in a thread of every web process, and at the start of worker and
beat, so that no single process which died can keep it quiet. Each occasion is told once.
"""

import datetime
import logging
import threading
import time

from django.db import Error as DatabaseError
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Appointment, Message, Role
from assessments import windows
from audit import clock
from delivery import waiting
from organizations.models import Kind
from portal import signs
from portal.models import Heartbeat
from vietnamese import dates

log = logging.getLogger(__name__)

EVERY = 60  # seconds
FORKED = 20  # seconds in which a server that starts has its processes
BEAT_SILENT = datetime.timedelta(minutes=5)
CLOSING_OVERDUE = datetime.timedelta(minutes=5)
STARTED = time.monotonic()  # this process; a portal that has just begun waits for beat's first sign
STUCK = "notices"
WATCHED_DAYS = [(12, 30), (12, 31)]


def occasions(now) -> list[tuple[str, str]]:
    """What has to be told now: a key that names the occasion, and the sentence."""
    return [*_silent_beat(now), *_overdue_closings(now), *_stuck_notices(now)]


def _silent_beat(now):
    today = dates.local_day(now)
    if (today.month, today.day) not in WATCHED_DAYS:
        return
    last = Heartbeat.objects.filter(process=signs.BEAT, at__lte=now).order_by("-at").first()
    if last is None and time.monotonic() - STARTED > BEAT_SILENT.total_seconds():
        said = _("Phần hẹn giờ của máy chủ chưa chạy lần nào.")
        yield f"beat:{today}", f"{said} {_lock_holds()}"
    elif last and now - last.at > BEAT_SILENT:
        said = _("Phần hẹn giờ của máy chủ không chạy từ lúc %(at)s.")
        yield f"beat:{last.at.isoformat()}", said % {"at": dates.moment_words(last.at)} + f" {_lock_holds()}"


def _lock_holds():
    return _("Giờ khóa vẫn đúng, nhưng việc đóng sẽ không được ghi nhận. Báo người quản trị máy chủ.")


def _overdue_closings(now):
    for window in windows.unrecorded(now, for_at_least=CLOSING_OVERDUE):
        said = _("Xác nhận điểm năm %(year)s, %(place)s: %(words)s. Việc đóng chưa được ghi nhận.") % {
            "year": window.campaign,
            "place": window.province or _("cả nước"),
            "words": windows.words(window, now),
        }
        yield f"closing:{window.pk}:{window.closes_at.isoformat()}", said


def _stuck_notices(now):
    """Once a day."""
    if troubles := waiting.troubles(now):
        yield f"{STUCK}:{dates.local_day(now)}", " ".join(troubles)


def look() -> list[str]:
    """Tell the centre's officers what they were not told yet; return all that is amiss."""
    found = occasions(clock.now())
    if found:
        officers = list(
            Appointment.objects.filled()
            .filter(role=Role.OFFICER, organization__kind=Kind.CENTRE)
            .values_list("user", flat=True)
            .distinct()
        )
        for key, said in found:
            log.error("%s", said)
            _tell(officers, key, said)
    return [said for _key, said in found]


def _tell(officers, key, said):
    Message.objects.tell(
        [
            Message(
                user_id=officer,
                key=f"{key}:{officer}",
                subject=_("Cổng cần người xem ngay"),
                body=said,
                link="" if key.startswith(STUCK) else reverse("assessments:deadlines"),
            )
            for officer in officers
        ]
    )


def look_safely() -> None:
    """For whoever has other work to do: what goes wrong is logged."""
    try:
        look()
    except DatabaseError as error:
        log.warning("Nobody could look whether somebody has to be told: %s", error)


def keep_looking() -> None:
    """From a thread of this process, as long as it lives. It keeps no connection while it sleeps.

    It begins when a server that starts has forked: no child may inherit an open connection.
    """

    def watch():
        time.sleep(FORKED)
        while True:
            look_safely()
            connection.close()
            time.sleep(EVERY)

    threading.Thread(target=watch, name="watch", daemon=True).start()
