"""Many reforms in one Excel file: each row judged beside its cells, carried out one by one, resumable."""

import datetime
import logging
import re
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import FileState
from organizations.models import Kind, Organization, ReformKind, Type
from organizations.reforms import NewUnit, Plan, Refused, problems, record
from reforms import carrying
from reforms.forms import TYPES_OF
from reforms.models import FileRow, ReformFile, RowState
from reports import excel
from vietnamese import dates, text, workbooks

log = logging.getLogger(__name__)
HEADINGS = [
    gettext_lazy("Loại thay đổi"),
    gettext_lazy("Mã các đơn vị"),
    gettext_lazy("Nhập vào, chia về hoặc chuyển về mã"),
    gettext_lazy("Tên mới"),
    gettext_lazy("Loại mới"),
    gettext_lazy("Mã mới"),
    gettext_lazy("Thuộc mã"),
    gettext_lazy("Khi chia: nơi nào về mã nào"),
    gettext_lazy("Từ ngày"),
    gettext_lazy("Văn bản"),
]
VERDICT = gettext_lazy("Kết quả kiểm tra")
SHEET = gettext_lazy("Thay đổi đơn vị")
WIDTHS = [16, 22, 20, 24, 14, 12, 12, 36, 12, 36, 60]
KINDS = {
    "nhap": ReformKind.MERGE,
    "chia": ReformKind.SPLIT,
    "chuyen": ReformKind.MOVE,
    "doi ten": ReformKind.RENAME,
    "thoi dung": ReformKind.CLOSE,
}
LED_TO = re.compile(r"→|->|=>|=|:")
AT_ONCE = 100  # rows judged while the sender waits; more are the worker's
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
    """Keep the rows of a file to be judged. Raises workbooks.Unreadable."""
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
        made = [FileRow(file=reform_file, number=number, cells=_width(cells)) for number, cells in rows]
        FileRow.objects.bulk_create(made, batch_size=500)
    if len(made) <= AT_ONCE:
        check(reform_file)
        reform_file.refresh_from_db()
    return reform_file


def check(reform_file: ReformFile) -> None:
    """Judge every row; nothing of the tree changes. Killed half-way it begins again."""
    before = _Before()
    for row in reform_file.rows.order_by("number"):
        row.state, row.verdict = _judged(row, before, reform_file.organization)
        row.save(update_fields=["state", "verdict"])
        reform_file.alive()
    reform_file.finish()


@dataclass
class _Before:
    """What the rows so far will have changed: code → the first row that does."""

    changed: dict[str, int] = field(default_factory=dict)
    changed_below: dict[str, int] = field(default_factory=dict)

    def add(self, row, typed):
        for code in (*typed.codes, *typed.others, *typed.new_codes):
            self.changed.setdefault(code, row.number)
        for code in Organization.objects.filter(code__in=typed.codes).values_list("parent__code", flat=True):
            self.changed_below.setdefault(code, row.number)

    def first_row_for(self, typed) -> int | None:
        """The first row after which alone this one can be judged."""
        here = [self.changed.get(code) for code in (*typed.codes, *typed.others, typed.parent)]
        below = [self.changed_below.get(code) for code in typed.codes]
        return min((row for row in (*here, *below) if row), default=None)


def _judged(row, before, organization):
    """What stands in a row's way as the tree is now; what an earlier row changes is judged after that."""
    typed = _Typed.of(row.cells)
    try:
        typed.kind_and_day()
    except Refused as refusal:
        return RowState.BAD, str(refusal)
    if earlier := before.first_row_for(typed):
        before.add(row, typed)
        words = _("Kiểm tra khi đến lượt, vì dòng %(row)d cũng thay đổi ở đây.") % {"row": earlier}
        return RowState.GOOD, words
    if verdict := judge(row.cells, organization):
        return RowState.BAD, " ".join(verdict)
    before.add(row, typed)
    return RowState.GOOD, ""


def judge(cells: list[str], organization: Organization) -> list[str]:
    """What is wrong with a row, as the tree stands now; nothing where it is right."""
    try:
        plan, day, _basis = read(cells)
    except Refused as refusal:
        return [str(refusal)]
    return carrying.within(plan, organization) or problems(plan, day)


@dataclass(frozen=True)
class _Typed:
    """The cells of a row by their headings; lists are typed with semicolons."""

    kind: str
    codes: list[str]
    others: list[str]
    names: list[str]
    types: list[str]
    new_codes: list[str]
    parent: str
    leads: list[str]
    day: str
    basis: str

    @classmethod
    def of(cls, cells):
        kind, codes, others, names, types, new_codes, parent, leads, day, basis = _width(cells)
        return cls(
            kind,
            _codes(codes),
            _codes(others),
            _listed(names),
            _listed(types),
            _codes(new_codes),
            parent.strip(),
            _listed(leads),
            day,
            basis,
        )

    def kind_and_day(self) -> tuple[ReformKind, datetime.date]:
        """What can be judged whatever the tree is. Raises Refused."""
        kind = KINDS.get(text.fold(self.kind))
        if kind is None:
            raise Refused(_("Cột Loại thay đổi: ghi Nhập, Chia, Chuyển, Đổi tên hoặc Thôi dùng."))
        if not self.codes:
            raise Refused(_("Cột Mã các đơn vị: chưa ghi mã nào."))
        try:
            day = dates.parse_day(self.day, what=_("Từ ngày"))
        except ValueError as problem:
            raise Refused(str(problem)) from None
        if not self.basis:
            raise Refused(_("Cột Văn bản: chưa ghi số văn bản."))
        return kind, day


def _listed(typed):
    return [part.strip() for part in typed.split(";") if part.strip()]


def _codes(typed):
    return [code for code in re.split(r"[;,\s]+", typed) if code]


def read(cells: list[str]) -> tuple[Plan, datetime.date, str]:
    """A row as a plan. Raises Refused in words about the cell."""
    typed = _Typed.of(cells)
    kind, day = typed.kind_and_day()
    plan = Plan(kind=kind.value, sources=tuple(typed.codes))
    if kind == ReformKind.MERGE:
        into = {"existing": tuple(typed.others)} if typed.others else {"new": _new(typed)}
        return replace(plan, **into), day, typed.basis
    if kind == ReformKind.SPLIT:
        new = _new(typed) if typed.names else ()
        return replace(plan, existing=tuple(typed.others), new=new, **_leads(typed)), day, typed.basis
    if kind == ReformKind.MOVE:
        return replace(plan, parent="".join(typed.others[:1])), day, typed.basis
    type = _type("".join(typed.types[:1]))
    return replace(plan, name="".join(typed.names[:1]), type=type), day, typed.basis


def _new(typed) -> tuple[NewUnit, ...]:
    """The bodies a row founds: names, types and codes stand in the same order; one type may serve for all."""
    source = typed.codes[0]
    first = Organization.objects.filter(code=source).select_related("parent").first()
    if first is None or first.parent is None:
        raise Refused(_("Không có đơn vị mã %(codes)s.") % {"codes": source})
    names = typed.names or [""]
    if typed.new_codes and len(typed.new_codes) != len(names):
        raise Refused(_("Cột Mã mới: ghi mỗi tên mới một mã, đúng thứ tự, cách nhau bằng dấu chấm phẩy."))
    if len(typed.types) > 1 and len(typed.types) != len(names):
        raise Refused(_("Cột Loại mới: ghi một loại chung, hoặc mỗi tên mới một loại, đúng thứ tự."))
    types = [_type(one) for one in typed.types] or [first.type]
    types = types * len(names) if len(types) == 1 else types
    codes = typed.new_codes or [""] * len(names)
    return tuple(
        NewUnit(
            kind=_kind(first, type), type=type, name=name, parent=typed.parent or first.parent.code, code=code
        )
        for name, type, code in zip(names, types, codes, strict=True)
    )


def _kind(first, type):
    """That of the unit it comes from; but a district may end in a commune."""
    becomes_commune = first.kind == Kind.DISTRICT and type in TYPES_OF[Kind.COMMUNE]
    return Kind.COMMUNE.value if becomes_commune else first.kind


def _type(typed):
    type = TYPES.get(text.fold(typed), "")
    if typed and not type:
        raise Refused(_("Cột Loại mới: không có loại “%(type)s”.") % {"type": typed})
    return type


def _leads(typed):
    """Where a split leads units below, by their codes, and people, by the village they had typed."""
    led: dict[str, dict[str, str]] = {"children": {}, "texts": {}}
    for lead in typed.leads:
        what, *to = (part.strip() for part in LED_TO.split(lead))
        if len(to) != 1 or not what or not to[0]:
            raise Refused(
                _("Cột Khi chia: ghi “%(lead)s” thành mã hoặc tên thôn → mã nơi nhận, như Thôn 3 → 18002.")
                % {"lead": lead}
            )
        is_code = Organization.objects.filter(code=what).exists()
        led["children" if is_code else "texts"][what if is_code else text.fold(what)] = to[0]
    return led


# --- Carrying it out ------------------------------------------------------------------------------


def work(pk: int) -> None:
    """Judge what was sent or carry out what waits, row by row. May run twice, and after any death."""
    reform_file = ReformFile.objects.select_related("organization", "by").get(pk=pk)
    if reform_file.state == FileState.CHECKING:
        check(reform_file)
    elif reform_file.state == FileState.RUNNING:
        _carry_out_all(reform_file)


def _carry_out_all(reform_file):
    """Each row in its own transaction."""
    waiting = reform_file.rows.filter(state=RowState.GOOD)
    for row in waiting.order_by("number"):
        _carry_out(row, reform_file)
        reform_file.alive()
    if not waiting.exists():
        reform_file.finish()


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
    except (DataError, IntegrityError) as error:  # one bad row must not keep the others from being done
        log.error("row %s of file %s could not be carried out: %s", row.number, reform_file.pk, error)
        waiting.update(state=RowState.BAD, verdict=_("Cổng không ghi được dòng này. Hãy làm trên trang."))
