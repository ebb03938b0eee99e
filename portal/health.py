"""/healthz: whether the four parts of the portal live. Open to all, so it says nothing of its insides."""

import logging
import os
import threading
import time
import uuid

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.db import connection
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments import windows
from audit import clock, triggers
from delivery import waiting
from portal import signs, watch
from reports import snapshots

OK = "ok"
MOST_DRIFT = 2  # seconds between the host's clock and the database's
BROKER_PATIENCE = 2  # seconds
# For the thread that was left behind: longer than we wait for it, so that who gives up first is no race.
REDIS_TIMEOUTS = {"socket_timeout": 2 * BROKER_PATIENCE, "socket_connect_timeout": 2 * BROKER_PATIENCE}

logger = logging.getLogger(__name__)


def anonymous_health(get_response):
    """Middleware: whoever asks for health is nobody. Who they are would be looked up in the database."""

    def answer(request):
        if request.path.startswith("/healthz"):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return get_response(request)

    return answer


@never_cache
@login_not_required
@require_safe
def live(request):
    return JsonResponse({"web": OK})


@never_cache
@login_not_required
@require_safe
def health(request):
    database = database_state()
    parts = {
        "database": database,
        "broker": broker_state(),
        "worker": sign_state(signs.WORKER, database),
        "beat": sign_state(signs.BEAT, database),
    }
    healthy = all(state == OK for state in parts.values())
    parts["confirmation"] = confirmation(database)
    parts["clock"] = clock_state(database)
    parts["snapshots"] = snapshots_state(database)
    parts["notices"] = notices_state(database)
    return JsonResponse(
        parts,
        status=200 if healthy else 503,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )


def database_state():
    try:
        missing = triggers.missing(connection)
    except DatabaseError as error:
        logger.warning("The database does not answer: %s", error)
        return _("Không kết nối được với cơ sở dữ liệu.")
    if missing:
        logger.error("The database lacks its own rules: %s", ", ".join(sorted(missing)))
        return _("Cơ sở dữ liệu thiếu các quy tắc bảo vệ. Hãy chạy lại manage.py migrate.")
    return OK


def sign_state(process, database):
    """Worker and beat: known by their last sign, which only the database can tell."""
    if database != OK:
        return _("Chưa biết được, vì không đọc được cơ sở dữ liệu.")
    try:
        seen = signs.seen(process)
    except DatabaseError as error:
        logger.warning("The signs of life cannot be read: %s", error)
        return _("Chưa biết được, vì không đọc được cơ sở dữ liệu.")
    if seen:
        return OK
    said = (
        _("Tiến trình xử lý việc nền (worker) không có dấu hiệu hoạt động trong %(seconds)d giây gần đây.")
        if process == signs.WORKER
        else _("Tiến trình hẹn giờ (beat) không có dấu hiệu hoạt động trong %(seconds)d giây gần đây.")
    )
    return said % {"seconds": signs.STALE_AFTER.total_seconds()}


def broker_state():
    """Asked from a thread, so that a broker that hangs costs the answer two seconds and no more."""
    answers = []
    asking = threading.Thread(target=lambda: answers.append(_broker_answers()), daemon=True)
    asking.start()
    asking.join(BROKER_PATIENCE)
    if not answers:
        return _("Hàng đợi công việc không trả lời.")
    return OK if answers[0] else _("Không ghi được vào hàng đợi công việc.")


def _broker_answers():
    try:
        if settings.REDIS_URL:
            with redis.Redis.from_url(settings.REDIS_URL, **REDIS_TIMEOUTS) as client:
                return bool(client.ping())
        # The name ends in neither queue nor .msg: the worker leaves it alone.
        probe = settings.BROKER_DIR / "messages" / f"probe-{os.getpid()}-{uuid.uuid4()}"
        probe.write_text("")
        probe.unlink()
        return True
    except (OSError, redis.RedisError) as error:
        logger.warning("The broker does not answer: %s", error)
        return False


def clock_state(database):
    """Whether the host's clock and the database's agree; a drift is told, but does not make the portal ill.

    The real clocks are compared: PORTAL_NOW moves neither.
    """
    if database != OK:
        return _("Chưa biết được, vì không đọc được cơ sở dữ liệu.")
    before = time.time()
    try:
        told = _database_time()
    except DatabaseError as error:
        logger.warning("The clock of the database cannot be read: %s", error)
        return _("Chưa biết được, vì không đọc được cơ sở dữ liệu.")
    after = time.time()
    drift = max(before - told, told - after, 0)
    if drift <= MOST_DRIFT:
        return OK
    return _("Đồng hồ máy chủ và đồng hồ cơ sở dữ liệu lệch nhau %(seconds)d giây.") % {
        "seconds": round(drift)
    }


def _database_time():
    """Seconds since 1970 by the database's own clock."""
    of_vendor = {
        "postgresql": "extract(epoch FROM clock_timestamp())",
        "sqlite": "(julianday('now') - 2440587.5) * 86400",
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {of_vendor[connection.vendor]}")
        return float(cursor.fetchone()[0])


def snapshots_state(database):
    """Which files of closed years cannot be written; never a reason to call the portal ill."""
    try:
        if database == OK:
            return snapshots.failing_words() or OK
    except DatabaseError as error:
        logger.warning("The files of closed years cannot be read: %s", error)
    return _("Chưa biết được, vì không đọc được cơ sở dữ liệu.")


def notices_state(database):
    """Whether notices wait too long or a gateway takes none; never a reason to call the portal ill."""
    try:
        if database == OK:
            return " ".join(waiting.troubles(clock.now())) or OK
    except DatabaseError as error:
        logger.warning("The notices that wait cannot be read: %s", error)
    return _("Chưa biết được, vì không đọc được cơ sở dữ liệu.")


def confirmation(database):
    """One sentence on the confirmation window of this year; never a reason to call the portal ill.

    Whoever asks also makes the portal look whether somebody has to be told.
    """
    try:
        if database == OK:
            watch.look_safely()
            return str(windows.confirmation_sentence(clock.now()))
    except DatabaseError as error:
        logger.warning("The confirmation window cannot be read: %s", error)
    return _("Chưa biết được, vì không đọc được cơ sở dữ liệu.")
