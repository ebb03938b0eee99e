"""How somebody came to be on a list, and what happened to them there, as sentences; the newest first."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from people.models import GONE, RosterRow, RowState, TransferKind
from vietnamese.dates import day_words


@dataclass(frozen=True)
class Told:
    at: datetime
    text: str
    reason: str = ""


def of(citizen) -> list[Told]:
    told = [*_listed(citizen), *_moved(citizen)]
    return sorted(told, key=lambda each: each.at, reverse=True)


def _listed(citizen):
    rows = RosterRow.objects.filter(citizen=citizen).select_related("roster__by", "roster__organization")
    for row in rows:
        words = {"by": row.roster.by, "place": row.roster.organization}
        if row.state == RowState.JOINED:
            yield Told(row.roster.sent_at, _("%(by)s ghép với danh sách của %(place)s gửi từ tệp.") % words)
        else:
            yield Told(row.roster.sent_at, _("%(by)s ghi vào danh sách của %(place)s từ tệp.") % words)


def _moved(citizen):
    rows = citizen.transfers.select_related("transfer__by", "transfer__undone_by", "source", "target")
    for moved in rows:
        step = moved.transfer
        words = {
            "by": step.by,
            "source": moved.source,
            "target": moved.target,
            "day": day_words(step.day),
            "kind": step.get_kind_display(),
        }
        if step.kind == TransferKind.MERGE:
            sentence = _("%(by)s gộp hai lần ghi của một người.")
        elif step.kind in GONE:
            sentence = _("%(by)s ghi: %(kind)s, từ ngày %(day)s.")
        elif step.kind == TransferKind.LEAVE:
            sentence = _("%(by)s ghi thôi ở %(source)s; nơi xác nhận từ ngày %(day)s: %(target)s.")
        else:
            sentence = _("%(by)s chuyển từ %(source)s sang %(target)s, từ ngày %(day)s.")
        yield Told(step.at, sentence % words, step.reason)
        if step.undone_at:
            undone = _("%(by)s hoàn tác việc ấy.") % {"by": step.undone_by}
            yield Told(step.undone_at, undone, step.undone_reason)
