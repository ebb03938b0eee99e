"""Lists behind the forms: who holds the title, whom no board confirmed, and the boards."""

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from assessments.models import State
from organizations import paths
from organizations.models import Kind, Organization
from reports import figures, lists
from reports.excel import Column
from reports.figures import CONDITIONS, Figure
from reports.report_forms import links
from reports.report_forms.form import Form, number
from reports.report_forms.names import FormName
from vietnamese import dates

BOARD_KINDS = [Kind.COMMUNE, Kind.VILLAGE, Kind.UNIT]


def _of_person(*more):
    return [
        number(_("TT")),
        Column(_("Họ và tên"), lambda record: record.citizen.full_name, 26),
        Column(_("Ngày sinh"), lambda record: record.citizen.birth, 12, number="0"),
        Column(_("Số căn cước (đã che)"), lambda record: record.citizen.masked_identity_number, 16),
        Column(_("Nơi xác nhận"), lambda record: record.board.full_name, 30),
        Column(_("Xã, phường"), lambda record: record.commune.full_name if record.commune else "", 18),
        Column(_("Nhóm"), lambda record: record.group, 8),
        *more,
    ]


def _day(moment):
    return dates.local_day(moment) if moment else None


HOLDERS = Form(
    FormName.HOLDERS,
    about=_("Tên từng người mà ban đã xác nhận đạt, và ai đã có quyết định công nhận."),
    listed=lambda asked: lists.in_order(
        figures.records_of(asked.organization, asked.campaign).filter(CONDITIONS[Figure.ACHIEVED])
    ),
    columns=_of_person(
        Column(_("Điểm"), lambda record: record.final_total, 8),
        Column(_("Ngày xác nhận"), lambda record: _day(record.confirmed_at), 12),
        Column(_("Công nhận"), lambda record: _recognition(record), 18),
    ),
)


def _recognition(record) -> str:
    return str(_("đã công nhận") if record.state == State.RECOGNISED else _("chờ quyết định"))


UNCONFIRMED = Form(
    FormName.UNCONFIRMED,
    about=_("Đã gửi mà ban chưa chấm, hoặc hết hạn khi ban chưa chấm."),
    listed=lambda asked: lists.in_order(
        figures.records_of(asked.organization, asked.campaign).filter(
            CONDITIONS[Figure.UNCONFIRMED] | CONDITIONS[Figure.WAITING]
        )
    ),
    columns=_of_person(
        Column(_("Ngày gửi"), lambda record: _day(record.submitted_at), 12),
        Column(_("Tình trạng"), lambda record: str(record.state_words), 20),
    ),
)


def _boards(asked):
    records = figures.records_of(asked.organization, asked.campaign).filter(board=OuterRef("pk"))
    counts = {
        figure.name.lower(): _count(records.filter(CONDITIONS[figure]))
        for figure in (Figure.REGISTERED, Figure.WAITING, Figure.CONFIRMED)
    }
    below = paths.at_or_below(asked.organization.path)
    boards = Organization.objects.in_force().filter(below, kind__in=BOARD_KINDS).select_related("parent")
    return boards.with_people().annotate(**counts).order_by("path")


def _count(records):
    counted = records.order_by().values("board").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _of_board(figure):
    return links.records(figure=figure)


BOARDS = Form(
    FormName.BOARDS,
    about=_("Từng ban: số người của ban có tài khoản, số hồ sơ đăng ký, chờ và đã xác nhận."),
    listed=_boards,
    columns=[
        number(_("TT")),
        Column(_("Ban"), lambda board: board.full_name, 36),
        Column(_("Cấp"), lambda board: str(board.get_kind_display()), 18),
        Column(_("Thuộc"), lambda board: board.parent.full_name, 30),
        Column(_("Mã"), lambda board: board.code, 12),
        Column(
            _("Số người của ban"), lambda board: board.people, 10, rows=links.RowsOfBoard("reports:members")
        ),
        Column(_("Đã đăng ký"), lambda board: board.registered, 10, rows=_of_board(Figure.REGISTERED)),
        Column(_("Chờ xác nhận"), lambda board: board.waiting, 10, rows=_of_board(Figure.WAITING)),
        Column(_("Đã xác nhận"), lambda board: board.confirmed, 10, rows=_of_board(Figure.CONFIRMED)),
    ],
)
LISTS = [HOLDERS, UNCONFIRMED, BOARDS]
