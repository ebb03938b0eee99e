"""Lists of people in Excel files: every row judged first, then added or joined by a worker, resumable."""

import datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.shortcuts import resolve_url
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import claiming
from accounts.models import Citizen, FileState, Message
from audit import clock, events
from organizations import boards
from people import columns
from people.matching import Judged, judge, may_join
from people.models import WAITING, NotTheSame, Roster, RosterRow, RowState
from reports import excel
from vietnamese import text, workbooks
from vietnamese.numbers import format_integer

SHEET = gettext_lazy("Danh sách")
WIDTH, VERDICT_WIDTH = 20, 60
CHUNK = 100  # rows a transaction
AT_ONCE = 500  # rows judged while the sender waits; more are the worker's
MOST_TRIES = 3
KEPT_FOR = datetime.timedelta(days=90)  # a list that was sent in: then who is on it is known by their own row


def template(file) -> None:
    """The file to fill in; every column may stand elsewhere, and those that are not needed may be missing."""
    headings = list(columns.HEADINGS.values())
    excel.write_plain(str(SHEET), headings, [], [WIDTH] * len(headings), file)


def verdict_of(row: RosterRow) -> str:
    """The state in words, and what else there is to say."""
    state = text.nfc(str(RowState(row.state).label)).capitalize()
    return f"{state}. {row.verdict}" if row.verdict else f"{state}."


def given_back(roster: Roster, file) -> None:
    """The person's own file, each row where it stood, with the verdict in a column beside."""
    head = roster.head
    numbered = {number: [cells, ""] for number, cells in head["above"]}
    numbered[head["number"]] = [head["head"], _("Kết quả kiểm tra")]
    for row in roster.rows.iterator(chunk_size=1000):
        numbered[row.number] = [row.cells, verdict_of(row)]
    width = max(len(cells) for cells, _verdict in numbered.values())
    blank = [[], ""]
    rows = [
        [*cells, *[""] * (width - len(cells)), verdict]
        for cells, verdict in (numbered.get(number, blank) for number in range(1, max(numbered) + 1))
    ]
    excel.write_plain(str(SHEET), rows[0], rows[1:], [*[WIDTH] * width, VERDICT_WIDTH], file)


def unused_of(head: dict) -> list[str]:
    """Headings of columns that are not taken."""
    used = set(head["places"].values())
    return [words for place, words in enumerate(head["head"]) if words and place not in used]


def without_slip(roster: Roster) -> int:
    """How many of the list's people wait for a slip."""
    added = roster.rows.exclude(citizen=None).order_by().values("citizen")
    return claiming.without_slip(roster.organization).filter(pk__in=added).count()


# --- Taking a list in -----------------------------------------------------------------------------


def take(file, *, name, organization, work, by) -> Roster:
    """Keep the rows of a list to be judged. Raises workbooks.Unreadable."""
    if not claiming.may_keep(by, organization):
        raise PermissionDenied
    sheet = columns.sheet_of(workbooks.rows_of(file))
    with transaction.atomic():
        roster = Roster(organization=organization, by=by, name=name[:200], work=work)
        roster.set_head(sheet)
        roster.save()
        rows = [RosterRow(roster=roster, number=number) for number, _cells in sheet.rows]
        for row, (_number, cells) in zip(rows, sheet.rows, strict=True):
            row.cells = cells
        RosterRow.objects.bulk_create(rows, batch_size=500)
    if len(rows) <= AT_ONCE:
        check(roster)
        roster.refresh_from_db()
    return roster


def check(roster: Roster) -> None:
    """Judge every row; nobody is added. Killed half-way it begins again."""
    rows = list(roster.rows.order_by("number"))
    judged = judge(
        [(row.number, row.cells) for row in rows], roster.head["places"], roster.organization, roster.work
    )
    for row, one in zip(rows, judged, strict=True):
        row.state, row.verdict, row.match = one.state, one.verdict, one.match
    for start in range(0, len(rows), AT_ONCE):
        RosterRow.objects.bulk_update(rows[start : start + AT_ONCE], ["state", "verdict", "match"])
        roster.alive()
    roster.finish()


@transaction.atomic
def decide(row: RosterRow, *, is_same: bool, by) -> None:
    """Say whether a row means the person it may mean."""
    if not claiming.may_keep(by, row.roster.organization):
        raise PermissionDenied
    decided = {
        "state": RowState.NEW,
        "is_other": True,
        "verdict": _("Bạn đã quyết định: hai người khác nhau."),
    }
    if is_same and row.match and may_join(row.match, row.roster.organization):
        decided = {"state": RowState.JOIN, "verdict": _("Bạn đã quyết định: cùng một người.")}
    elif is_same:
        decided = {
            "state": RowState.BAD,
            "verdict": _(
                "Cùng một người, đang có tên ở nơi khác. Người ấy tự đổi ở trang tài khoản, hoặc nơi kia "
                "chuyển sang."
            ),
        }
    RosterRow.objects.filter(pk=row.pk, state=RowState.ASK).update(**decided)


def record_taken(roster: Roster, *, by) -> None:
    """That the list went out again, with the whole identity numbers that were typed in it."""
    events.record(
        "export_full",
        roster,
        by=by,
        at=clock.now(),
        organization=roster.organization,
        old=_("danh sách đã gửi lên"),
        new=_("%(rows)s dòng") % {"rows": format_integer(roster.rows.count())},
    )


def forget(now) -> int:
    """Remove the lists that were sent in long ago; return how many. Who was added stays, as do the events."""
    sent = Roster.objects.filter(sent_at__lt=now - KEPT_FOR).exclude(state__in=Roster.AT_WORK)
    _rows, removed = sent.delete()
    return removed.get(Roster._meta.label, 0)


# --- Carrying it out ------------------------------------------------------------------------------


@transaction.atomic
def start(roster: Roster, *, by) -> bool:
    """Whether this call began it: of two clicks one does. What is decided later is begun again."""
    if not claiming.may_keep(by, roster.organization):
        raise PermissionDenied
    waiting = roster.rows.filter(state__in=WAITING).count()
    if not waiting or not roster.start(FileState.JUDGED, FileState.DONE):
        return False
    events.record(
        "import_people", roster, by=by, at=clock.now(), organization=roster.organization, new=str(waiting)
    )
    return True


def work(pk: int) -> None:
    """Judge what was sent, or add and join what waits. May run twice, and after any death."""
    roster = Roster.objects.select_related("organization", "by").get(pk=pk)
    if roster.state == FileState.CHECKING:
        check(roster)
    elif roster.state == FileState.RUNNING:
        while roster.rows.filter(state__in=WAITING).exists():
            _carry_out_some(roster)
            roster.alive()
        roster.finish()


def _carry_out_some(roster):
    for left in reversed(range(MOST_TRIES)):
        try:
            return _carry_out(roster)
        except IntegrityError:  # somebody signed up with one of the numbers: judged again, it is found
            if not left:
                raise


@transaction.atomic
def _carry_out(roster):
    held = roster.rows.select_for_update().filter(state__in=WAITING).order_by("number")
    rows = list(held[:CHUNK])
    if not claiming.may_keep(roster.by, roster.organization):
        lost = _("Người gửi danh sách không còn làm việc này ở đây.")
        roster.rows.filter(state__in=WAITING).update(state=RowState.BAD, verdict=lost)
        return
    head = roster.head
    judged = judge(
        [(row.number, row.cells) for row in rows], head["places"], roster.organization, roster.work
    )
    told = partial(events.Entry, by=roster.by, at=clock.now(), organization=roster.organization)
    new, joined = [], []
    for row, one in zip(rows, judged, strict=True):
        if row.state == RowState.JOIN:
            if one.match and one.match.pk == row.match_id and may_join(one.match, roster.organization):
                joined.append((row, one))
            else:  # a person said "the same": nobody is added beside, and nothing claimed that is not so
                row.state = RowState.BAD
                row.verdict = _("Người bạn chọn ghép nay ở nơi khác. Gửi lại dòng này để xem lại.")
        elif one.state == RowState.NEW or (one.state == RowState.ASK and row.is_other):
            new.append((row, one))
        else:
            row.state, row.verdict, row.match = one.state, one.verdict, one.match
    entries = [*_add(new, roster, told), *_join(joined, roster, told)]
    RosterRow.objects.bulk_update(rows, ["state", "verdict", "match", "citizen"])
    events.record_many(entries)


def _add(new: list[tuple[RosterRow, Judged]], roster, told):
    citizens = [Citizen(**one.person) for _row, one in new]
    for citizen in citizens:
        citizen.set_keys()
    Citizen.objects.bulk_create(citizens)
    for (row, one), citizen in zip(new, citizens, strict=True):
        row.state, row.citizen, row.verdict = RowState.ADDED, citizen, one.verdict if not row.is_other else ""
    for row, _one in new:
        if row.is_other and row.match:
            NotTheSame.objects.tell(row.citizen, row.match, by=roster.by)
    Message.objects.tell([_welcome(citizen, roster.organization) for citizen in citizens])
    return [
        told("add_person", citizen, subject=citizen.pk, new=roster.organization.code) for citizen in citizens
    ]


def _join(joined: list[tuple[RosterRow, Judged]], roster, told):
    """Only what was empty is filled: what a person said stays."""
    for row, one in joined:
        citizen = Citizen.objects.select_for_update().get(pk=one.match.pk)
        row.state, row.verdict = RowState.JOINED, ""
        row.citizen, old = citizen, citizen.board
        filled = []
        for name in ("identity_number", "birth_date", "phone", "email", "village", "unit"):
            if not getattr(citizen, name) and one.person[name]:
                setattr(citizen, name, one.person[name])
                filled.append(name)
        if citizen.village and "village" in filled:
            citizen.village_text = ""
        if citizen.unit and "unit" in filled:
            citizen.unit_text = ""
        citizen.save()
        Message.objects.tell([_joined_notice(citizen, roster.organization)])
        yield told(
            "join_person",
            citizen,
            subject=citizen.pk,
            old=old.code,
            new=citizen.board.code,
            private={"filled": ", ".join(filled)} if filled else {},
        )


def _welcome(citizen, organization):
    return Message(
        citizen=citizen,
        key=f"roster:{citizen.pk}",
        subject=_("Bạn có tên trong danh sách của %(place)s") % {"place": organization},
        body=_("%(board)s đã ghi bạn vào danh sách. Nơi xác nhận điểm của bạn: %(confirms)s.")
        % {
            "board": capfirst(boards.name_of(organization)),
            "confirms": boards.name_of(citizen.board),
        },
        link=resolve_url("accounts:profile"),
    )


def _joined_notice(citizen, organization):
    body = _("%(board)s đã nhận bạn vào danh sách. Nơi xác nhận điểm của bạn từ nay: %(confirms)s.")
    return Message(
        citizen=citizen,
        key=f"roster:{citizen.pk}:{organization.pk}",
        subject=_("Bạn có tên trong danh sách của %(place)s") % {"place": organization},
        body=body
        % {
            "board": capfirst(boards.name_of(organization)),
            "confirms": boards.name_of(citizen.board),
        },
        link=resolve_url("accounts:profile"),
    )
