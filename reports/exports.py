"""How a workbook leaves the portal: at once where it is small, else by a worker, into a file kept seven days.

The state of long work stands in its ExportJob, never in the broker: a task may be lost, come twice, or die
half-way, and the sweep (`take_up`) still brings about one good file. Every file that leaves has its event.
"""

import errno
import hashlib
import json
import logging
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import IO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Message
from audit import clock, events
from organizations.models import Organization
from reports import documents, excel, filters, pdf, proof, scope, wording
from reports.models import KEPT, OPEN_STATES, ExportJob, Fault, JobState
from reports.moments import one_moment, unhurried
from reports.pulse import Lost, Pulse
from vietnamese import dates, numbers

log = logging.getLogger(__name__)

MOST_ROWS_AT_ONCE = 5_000  # a page still answers within seconds; what is longer goes to a worker
DEAD_AFTER = timedelta(minutes=1)
SEND_AGAIN_AFTER = timedelta(minutes=5)
MOST_ATTEMPTS = 3
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def folder():
    path = settings.DATA_DIR / "exports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


# --- Asking for a file ----------------------------------------------------------------------------


def ask(job: ExportJob) -> tuple[ExportJob, IO[bytes] | None]:
    """The noted job and, when it is small, its file open for reading; else the job waits for a worker.

    The job comes unsaved. Who asks again for what is being written, or was and would be the same today, gets
    that job. Raises excel.TooLong, of a PDF, which is always small, pdf.TooLong, and OSError of a full disk
    (see is_full).
    """
    if documents.takes_long(job):
        return _queue(job, 0), None
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response that sends it
    try:
        with one_moment():
            document, rows = documents.build(job, clock.now())
            if job.is_pdf and rows > pdf.MOST_ROWS:
                raise pdf.TooLong
            if rows > excel.MOST_ROWS:
                raise excel.TooLong
            written = _written(job, document, file) if rows <= MOST_ROWS_AT_ONCE else None
        if written is None:
            file.close()
            return _queue(job, rows), None
        _note(job, written)
    except BaseException:
        with suppress(OSError):  # of a full disk: what is left to write does not get there either
            file.close()
        raise
    file.seek(0)
    return job, file


def owned_by(user) -> QuerySet[ExportJob]:
    """A file is its owner's alone, while they act for its organization, and may take the numbers in it."""
    below = Organization.objects.at_or_below(scope.overseen_by(user))
    with_numbers = Organization.objects.at_or_below(scope.numbers_taken_by(user))
    may_have = Q(is_full=False) | Q(organization__in=with_numbers.values("pk"))
    return ExportJob.objects.filter(may_have, by=user, organization__in=below.values("pk"))


def write(job: ExportJob, file: IO[bytes]) -> None:
    """Write what an unsaved job asks for now, and note the job."""
    with one_moment():
        document, _rows = documents.build(job, clock.now())
        written = _written(job, document, file)
    _note(job, written)


def _written(job, document, file):
    """The whole file is on the disk when this returns: what fails later would leave a job without one."""
    written = pdf.write(document, file) if job.is_pdf else excel.write(document, file)
    file.flush()
    return written


def _note(job, written):
    for name, value in _noted(written).items():
        setattr(job, name, value)
    job.state, job.finished_at = JobState.DONE, clock.now()
    with transaction.atomic():
        job.save()
        _record(job)


def is_full(error: OSError) -> bool:
    """Whether it says that there is no room left for the file."""
    return error.errno in NO_ROOM


def _noted(written):
    """What a job keeps of its file."""
    return {
        "rows_expected": written.rows,
        "rows": written.rows,
        "checksum": written.checksum,
        "traces": written.traces,
        "signature": written.signature,
        "public_key": proof.public_key() if written.signature else "",
    }


def _queue(job, rows):
    job.question = _question(job)
    mine = ExportJob.objects.filter(by=job.by, question=job.question)
    if running := mine.filter(state__in=OPEN_STATES).first():
        return running
    kept = mine.filter(state=JobState.DONE, finished_at__gt=clock.now() - KEPT).exclude(file="")
    if same := kept.filter(data_version=data_version(job, clock.now())).first():
        return same
    job.rows_expected = rows
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:  # another request of the same moment was faster
        return mine.latest("asked_at")
    return job


def _question(job):
    asked = [
        job.report,
        job.organization_id,
        job.campaign_id,
        sorted(job.query.items()),
        job.is_full,
        job.reason,
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def data_version(job, at) -> str:
    """While it stays as it is, the same question gives the same rows.

    Whatever changes a row leaves an event. What time alone changes, the days left, is told apart by the day.
    """
    seen = [events.changes(), str(dates.local_day(at)), wording.lock(job.organization, job.campaign, at)]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def _record(job):
    """Who took out what, how many rows and why. A typed name is told of, not told: the record is for ever."""
    chosen = [f"{name}={value}" for name, value in job.query.items() if name != filters.NAME]
    if filters.NAME in job.query:
        chosen.append(filters.NAME)
    what = " ".join([job.report, str(job.campaign.year), *chosen])
    why = {"reason": job.reason} if job.reason else {}
    events.record(
        "export_full" if job.is_full else "export",
        job,
        by=job.by,
        at=job.finished_at,
        organization=job.organization,
        old=what,
        new=_("%(rows)s dòng") % {"rows": numbers.format_integer(job.rows)},
        private=why if job.by else why | events.operator(),
    )


# --- The worker's part ----------------------------------------------------------------------------


def run(pk: int) -> None:
    """Write a queued job's file. Does nothing when the job is not queued (any more)."""
    job = _claim(pk)
    if job is None:
        return
    part = folder() / f"{job.code}-{job.claim}.part"
    try:
        _ask_who(job)
        with Pulse(_held(job), clock.now) as pulse, part.open("wb") as file, one_moment(), unhurried():
            version = data_version(job, clock.now())
            document, _rows = documents.build(job, clock.now())
            written = excel.write(_watched(document, pulse), file)
        _finish(job, part, written, version)
    except Lost as lost:
        log.warning("export %s was given up: %s", job.code, lost)
    except excel.TooLong:
        _give_up(job, Fault.TOO_LONG)
    except OSError as error:
        log.exception("export %s could not be written", job.code)
        if is_full(error):
            _give_up(job, Fault.NO_ROOM)
        else:
            _give_back(job)
    except Exception:
        log.exception("export %s could not be written", job.code)
        _give_back(job)
    finally:
        part.unlink(missing_ok=True)


def _claim(pk):
    """The job as one's own to write, or None: of two runs one gets it."""
    claim = secrets.token_hex(8)
    claimed = ExportJob.objects.filter(pk=pk, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        claim=claim,
        heartbeat_at=clock.now(),
        attempts=F("attempts") + 1,
        rows=0,
    )
    return ExportJob.objects.get(pk=pk) if claimed else None


def _held(job):
    return ExportJob.objects.filter(pk=job.pk, claim=job.claim, state=JobState.RUNNING)


def _ask_who(job):
    """An appointment may have ended while the job waited, or while it ran."""
    if not owned_by(job.by).filter(pk=job.pk).exists():
        _give_up(job, Fault.NO_RIGHT)
        raise Lost("its owner no longer acts for the organization")


def _watched(document, pulse):
    """The same document, whose rows are counted as they are taken."""
    return replace(document, parts=[replace(part, rows=pulse.counted(part.rows)) for part in document.parts])


def _finish(job, part, written, version):
    """Keep the file and say so, if the job is still one's own and its owner may still have it."""
    _ask_who(job)
    kept = part.with_suffix(".xlsx")
    os.replace(part, kept)
    with transaction.atomic():
        held = _held(job).update(
            state=JobState.DONE,
            file=kept.name,
            data_version=version,
            finished_at=clock.now(),
            **_noted(written),
        )
        if held:
            job.refresh_from_db()
            _record(job)
            _tell_done(job)
    if not held:
        kept.unlink()
        raise Lost("another run has it")


def _give_back(job):
    """Queue it again, or give it up after some attempts."""
    if job.attempts < MOST_ATTEMPTS:
        _held(job).update(state=JobState.QUEUED, claim="", sent_at=None)
    else:
        _give_up(job, "")


def _give_up(job, fault):
    if _held(job).update(state=JobState.FAILED, fault=fault):
        job.fault = fault
        _tell_failed(job)


def _tell_done(job):
    _tell(
        job,
        _("Tệp Excel đã xong: %(what)s") % {"what": job.title},
        _("%(rows)s dòng. Cổng giữ tệp đến %(until)s.")
        % {"rows": numbers.format_integer(job.rows), "until": dates.moment_words(job.kept_until)},
    )


def _tell_failed(job):
    _tell(job, _("Chưa tạo được tệp Excel: %(what)s") % {"what": job.title}, job.failed_words)


def _tell(job, subject, body):
    message = Message(
        user=job.by,
        key=f"export:{job.code}:{job.attempts}",
        subject=subject,
        body=body,
        link=reverse("reports:export", args=[job.code]),
    )
    Message.objects.tell([message])


# --- The sweep ------------------------------------------------------------------------------------


def take_up(now) -> list[ExportJob]:
    """Give back what died, remove what is old; return the jobs that have to be sent (again)."""
    for job in ExportJob.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - DEAD_AFTER):
        _give_back(job)
    remove_old(now)
    unsent = Q(sent_at=None) | Q(sent_at__lt=now - SEND_AGAIN_AFTER)
    return list(ExportJob.objects.filter(unsent, state=JobState.QUEUED))


def remove_old(now) -> None:
    """Files whose days are over, and what runs that died left behind."""
    lying_there = list(folder().iterdir())  # first, so that a file made meanwhile is not taken for a stray
    ExportJob.objects.filter(state=JobState.DONE, finished_at__lte=now - KEPT).exclude(file="").update(
        state=JobState.REMOVED, file=""
    )
    known = set()
    for code, claim in ExportJob.objects.filter(state=JobState.RUNNING).values_list("code", "claim"):
        known |= {f"{code}-{claim}.part", f"{code}-{claim}.xlsx"}
    known.update(ExportJob.objects.exclude(file="").values_list("file", flat=True))
    for path in lying_there:
        if path.name not in known:
            path.unlink(missing_ok=True)
