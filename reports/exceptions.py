"""What was done outside the windows at or below an organization, so that nothing is done in silence.

The extensions that open something there, running, to come and past ones; and the records that were confirmed
by paper of before the lock.
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments import extensions, papers
from assessments.models import Extension, WindowStep
from reports.excel import Column
from vietnamese import dates

FETCHED = 2000


@dataclass(frozen=True)
class Row:
    """One of them, as the page and the file show it; `citizen` is whose record it is about, if one's."""

    whose: str
    level: str
    step: str
    time: str
    state: str
    reason: str
    approved: str
    approved_by: str
    approved_at: datetime
    decision_number: str = ""
    opens_at: datetime | None = None
    last_day: date | None = None
    citizen: int | None = None
    may_end: int | None = None


class Exceptions:
    """Those of a year and place: extensions, the last to end first, then papers, the latest first."""

    def __init__(self, organization, campaign, now, *, reader=None):
        self.now = now
        self._endable = set()
        self._extensions = Extension.objects.filter(campaign=campaign).of_place(organization)
        self._extensions = self._extensions.with_all().latest_first()
        self._papers = papers.of_place(organization, campaign)
        if reader:
            running = self._extensions.filter(closes_at__gt=now, closed_at=None, ended_by=None)
            endable = extensions.endable_by(reader).filter(pk__in=running.values("pk"))
            self._endable = set(endable.values_list("pk", flat=True))

    def count(self):
        return self._extensions.count() + self._papers.count()

    def __len__(self):
        return self.count()

    def __getitem__(self, piece):
        before = self._extensions.count()
        start, stop = max(piece.start - before, 0), max(piece.stop - before, 0)
        return [
            *(self._of_extension(each) for each in self._extensions[piece]),
            *(_of_paper(each) for each in self._papers[start:stop]),
        ]

    def __iter__(self):
        return chain(
            map(self._of_extension, self._extensions.iterator(chunk_size=FETCHED)),
            map(_of_paper, self._papers.iterator(chunk_size=FETCHED)),
        )

    def _of_extension(self, extension):
        record = extension.assessment
        said = {
            "number": extension.decision_number,
            "who": extension.approved_by,
            "at": dates.moment_words(extension.approved_at),
        }
        return Row(
            whose=_record_words(record) if record else extension.organization.full_name,
            level=extension.get_level_display(),
            step=capfirst(extension.get_step_display()),
            time=capfirst(extension.words),
            state=extension.state_words(self.now),
            reason=extension.reason_words,
            approved=_("Số %(number)s, %(who)s duyệt lúc %(at)s") % said,
            approved_by=extension.approved_by.full_name,
            approved_at=extension.approved_at,
            decision_number=extension.decision_number,
            opens_at=extension.opens_at,
            last_day=dates.last_day(extension.closes_at),
            citizen=record.citizen_id if record else None,
            may_end=extension.pk if extension.pk in self._endable else None,
        )


def _of_paper(paper):
    record = paper.assessment
    said = {"who": paper.signed_by, "at": dates.moment_words(paper.signed_at)}
    return Row(
        whose=_record_words(record),
        level=record.get_level_display(),
        step=capfirst(str(WindowStep.PAPER.label)),
        time=_("Đề ngày %(day)s") % {"day": paper.day_words},
        state=_("Đã xác nhận"),
        reason=paper.words,
        approved=_("Không cần quyết định, %(who)s xác nhận lúc %(at)s") % said,
        approved_by=paper.signed_by.full_name,
        approved_at=paper.signed_at,
        citizen=record.citizen_id,
    )


def columns() -> list[Column]:
    return [
        Column(_("STT"), None, 6),
        Column(_("Gia hạn cho"), lambda row: row.whose, 28),
        Column(_("Danh hiệu"), lambda row: row.level, 18),
        Column(_("Bước"), lambda row: row.step, 18),
        Column(_("Mở từ lúc"), lambda row: row.opens_at, 14),
        Column(_("Ngày cuối"), lambda row: row.last_day, 12),
        Column(_("Tình trạng"), lambda row: row.state, 14),
        Column(_("Lý do"), lambda row: row.reason, 30),
        Column(_("Số quyết định"), lambda row: row.decision_number, 16),
        Column(_("Người duyệt"), lambda row: row.approved_by, 20),
        Column(_("Duyệt lúc"), lambda row: row.approved_at, 14),
    ]


def _record_words(record) -> str:
    """The person with the receipt number of the record and its board."""
    return ", ".join(filter(None, [str(record.subject), record.receipt_number, record.board.full_name]))
