"""Many reforms in one Excel file: each row judged beside its cells, carried out one by one, resumable."""

import datetime
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import clock
from organizations.models import Kind, Organization, ReformKind, Type
from organizations.reforms import NewUnit, Plan, Refused, problems, record
from reforms import carrying
from reforms.models import FileRow, FileState, ReformFile, RowState
from reports import excel
from vietnamese import dates, text, workbooks

HEADINGS = [
    gettext_lazy("Loại thay đổi"),
    gettext_lazy("Mã các đơn vị"),
    gettext_lazy("Nhập vào hoặc chuyển về mã"),
    gettext_lazy("Tên mới"),
    gettext_lazy("Loại mới"),
    gettext_lazy("Mã mới"),
    gettext_lazy("Từ ngày"),
    gettext_lazy("Văn bản"),
]
VERDICT = gettext_lazy("Kết quả kiểm tra")
SHEET = gettext_lazy("Thay đổi đơn vị")
WIDTHS = [16, 22, 20, 24, 14, 12, 12, 36, 60]
KINDS = {
    "nhap": ReformKind.MERGE,
    "chuyen": ReformKind.MOVE,
    "doi ten": ReformKind.RENAME,
    "thoi dung": ReformKind.CLOSE,
}
DEAD_AFTER = datetime.timedelta(minutes=1)
TYPES = {text.fold(str(type.label)): type.value for type in Type}


def template(file) -> None:
    """The file to fill in."""
    excel.write_plain(str(SHEET), HEADINGS, [], WIDTHS, file)


def judged(reform_file: ReformFile, file) -> None:
    """The person's own rows with the verdict beside them."""
    rows = [
        [*_width(row.cells), row.verdict or str(row.get_state_display())] for row in reform_file.rows.all()
    ]
    excel.write_plain(str(SHEET), [*HEADINGS, VERDICT], rows, WIDTHS, file)


def _width(cells):
    return [*cells, *[""] * len(HEADINGS)][: len(HEADINGS)]


# --- Taking a file in -----------------------------------------------------------------------------


def take(file, *, name, organization, by) -> ReformFile:
    """Judge every row; nothing of the tree changes. Raises workbooks.Unreadable."""
    found = workbooks.rows_of(file)
    if not found:
        raise workbooks.Unreadable(_("Tệp không có dòng nào."))
    (_number, head), *rows = found
    if [text.fold(cell) for cell in _width(head)] != [text.fold(str(heading)) for heading in HEADINGS]:
        raise workbooks.Unreadable(
            _("Dòng đầu không phải là tên cột của tệp mẫu. Hãy tải tệp mẫu và chép các dòng sang.")
        )
    if not rows:
        raise workbooks.Unreadable(_("Dưới tên cột chưa có dòng nào."))
    with transaction.atomic():
        reform_file = ReformFile.objects.create(organization=organization, by=by, name=name[:200])
        made = []
        for number, cells in rows:
            verdict = judge(_width(cells), organization)
            state = RowState.BAD if verdict else RowState.GOOD
            made.append(
                FileRow(
                    file=reform_file,
                    number=number,
                    cells=_width(cells),
                    state=state,
                    verdict=" ".join(verdict),
                )
            )
        FileRow.objects.bulk_create(made, batch_size=500)
    return reform_file


def judge(cells: list[str], organization: Organization) -> list[str]:
    """What is wrong with a row, as the tree stands now; nothing where it is right."""
    try:
        plan, day, _basis = read(cells)
    except Refused as refusal:
        return [str(refusal)]
    return carrying.within(plan, organization) or problems(plan, day)


def read(cells: list[str]) -> tuple[Plan, datetime.date, str]:
    """A row as a plan. Raises Refused in words about the cell."""
    kind_typed, codes, other, name, type_typed, code, day_typed, basis = _width(cells)
    kind = KINDS.get(text.fold(kind_typed))
    if kind is None:
        raise Refused(
            _("Cột Loại thay đổi: ghi Nhập, Chuyển, Đổi tên hoặc Thôi dùng. Chia tách làm trên trang.")
        )
    sources = tuple(code for code in codes.replace(",", ";").replace(" ", ";").split(";") if code)
    if not sources:
        raise Refused(_("Cột Mã các đơn vị: chưa ghi mã nào."))
    type = TYPES.get(text.fold(type_typed), "")
    if type_typed and not type:
        raise Refused(_("Cột Loại mới: không có loại “%(type)s”.") % {"type": type_typed})
    try:
        day = dates.parse_day(day_typed, what=_("Từ ngày"))
    except ValueError as problem:
        raise Refused(str(problem)) from None
    if not basis:
        raise Refused(_("Cột Văn bản: chưa ghi số văn bản."))
    plan = Plan(kind=kind.value, sources=sources)
    if kind == ReformKind.MERGE and other:
        return replace(plan, existing=(other,)), day, basis
    if kind == ReformKind.MERGE:
        return replace(plan, new=(_new(sources[0], name, type, code),)), day, basis
    if kind == ReformKind.MOVE:
        return replace(plan, parent=other), day, basis
    return replace(plan, name=name, type=type), day, basis


def _new(source, name, type, code):
    first = Organization.objects.filter(code=source).select_related("parent").first()
    if first is None or first.parent is None:
        raise Refused(_("Không có đơn vị mã %(codes)s.") % {"codes": source})
    kind = Kind(first.kind)
    return NewUnit(kind=kind.value, type=type or first.type, name=name, parent=first.parent.code, code=code)


# --- Carrying it out ------------------------------------------------------------------------------


def start(reform_file: ReformFile) -> bool:
    """Whether this call began it: of two clicks one does."""
    return bool(
        ReformFile.objects.filter(pk=reform_file.pk, state=FileState.JUDGED).update(
            state=FileState.RUNNING, heartbeat_at=clock.now()
        )
    )


def work(pk: int) -> None:
    """Carry out what waits, row by row, each in its own transaction. May run twice, and after any death."""
    running = ReformFile.objects.filter(pk=pk, state=FileState.RUNNING)
    reform_file = running.select_related("organization", "by").first()
    if reform_file is None:
        return
    for row in reform_file.rows.filter(state=RowState.GOOD):
        _carry_out(row, reform_file)
        running.update(heartbeat_at=clock.now())
    if not reform_file.rows.filter(state=RowState.GOOD).exists():
        running.update(state=FileState.DONE)


def _carry_out(row, reform_file):
    waiting = FileRow.objects.filter(pk=row.pk, state=RowState.GOOD)
    try:
        with transaction.atomic():
            if not waiting.update(state=RowState.DONE, verdict=""):
                return  # another worker has it
            plan, day, basis = read(row.cells)
            reform = record(
                plan, day=day, legal_basis=basis, organization=reform_file.organization, by=reform_file.by
            )
            carrying.carry_out(reform, by=reform_file.by)
            FileRow.objects.filter(pk=row.pk).update(reform=reform)
    except PermissionDenied:
        lost = _("Người gửi tệp không còn quyền thay đổi ở đây.")
        waiting.update(state=RowState.BAD, verdict=lost)
    except Refused as refusal:
        waiting.update(state=RowState.BAD, verdict=str(refusal))


def left_behind(now):
    """Files whose worker gave no sign of life for a minute."""
    died = Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - DEAD_AFTER)
    return ReformFile.objects.filter(died, state=FileState.RUNNING)
