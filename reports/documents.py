"""What was asked for, as a document ready to be written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Draw
from audit import clock
from reports import (
    as_at,
    as_at_lists,
    excel,
    exceptions,
    figures,
    filters,
    findings,
    layouts,
    letterhead,
    lists,
    proof,
    sheets,
    summaries,
    wording,
)
from reports.figures import Line
from reports.models import DRAW, Report
from reports.report_forms.form import Line as FormLine
from reports.report_forms.known import FORMS
from vietnamese import dates

FETCHED = 2000  # records at a time, of a list of any length


@dataclass(frozen=True)
class Content:
    """What one report is and another is not."""

    title: str
    subtitle: str
    columns: list[excel.Column]
    parts: list[excel.Part]
    rows: int
    about: list[tuple[str, excel.Value]]
    layout: str = layouts.LIST
    code: str = ""
    notes: Sequence[str] = ()
    identify: Callable[[Any], object] | None = None


def build(job, at) -> tuple[excel.Document, int]:
    """The document a job asks for, and how many rows it will have."""
    content = _CONTENTS[job.report](job, at)
    layout = layouts.in_force(content.layout, dates.local_day(at))
    records = figures.records_of(job.organization, job.campaign)
    lock, criteria = (
        wording.lock(job.organization, job.campaign, at),
        wording.criteria(records.order_by().values("criteria_set")),
    )
    subtitles = [content.subtitle, f"{wording.as_of(at)} {lock}", criteria]
    document = excel.Document(
        sheet=content.code.replace("/", "-") or str(job.get_report_display()),
        letterhead=letterhead.of(job.organization, at),
        layout=layout,
        title=content.title,
        subtitles=[line for line in subtitles if line],
        columns=content.columns,
        parts=content.parts,
        code=content.code,
        notes=content.notes,
        identify=content.identify,
        at=at,
        about=[
            (_("Báo cáo"), content.title),
            (str(proof.CODE), job.code),
            (_("Số liệu lúc"), at),
            (_("Tổ chức"), f"{job.organization.full_name} ({job.organization.code})"),
            (_("Năm"), str(job.campaign.year)),
            (_("Lọc"), content.subtitle or _("không lọc, tất cả hồ sơ")),
            (_("Người xuất"), f"{job.by} ({job.by.username})" if job.by else _("lệnh trên máy chủ")),
            (_("Tình trạng khóa"), lock),
            (_("Tiêu chí"), criteria or _("chưa có hồ sơ")),
            (_("Mẫu trình bày"), str(layout)),
            *content.about,
        ],
    )
    return document, content.rows


def _citizens(job, at) -> Content:
    if moment := _moment_of(job):
        return _citizens_as_at(job, moment)
    chosen = filters.RecordFilter(job.query, job.organization, job.campaign)
    chosen.form.full_clean()
    records = lists.in_order(chosen.qs)
    return Content(
        title=_("Danh sách đăng ký công dân học tập năm %(year)s") % {"year": job.campaign.year},
        subtitle="; ".join(chosen.words()),
        columns=lists.columns(job.campaign, at, full=job.is_full),
        parts=[excel.Part(records.iterator(chunk_size=FETCHED))],
        rows=chosen.qs.count(),
        about=_privacy(job),
        identify=attrgetter("pk"),
    )


def takes_long(job) -> bool:
    """Whether the past day of a large place has to be worked out: that is for a worker."""
    if job.report == Report.FORM:
        form = FORMS[job.form]
        past = form.past(form.asked(job.organization, job.campaign, clock.now(), job.query))
        return any(sheets.is_large(job.organization, campaign) for campaign, _moment in past.values())
    moment = _moment_of(job)
    if moment and job.report == Report.CITIZENS:
        return _records_as_at(job, moment)[0].is_long
    return bool(moment) and job.report == Report.SUMMARY and sheets.is_large(job.organization, job.campaign)


def _moment_of(job):
    return as_at.MomentForm(job.query).moment if as_at.DAY in job.query else None


def _records_as_at(job, moment):
    """The records, and to what they are narrowed."""
    narrowed = as_at_lists.Narrowed(job.query)
    return as_at_lists.Records(job.organization, job.campaign, moment, narrowed.query), narrowed


def _citizens_as_at(job, moment) -> Content:
    records, narrowed = _records_as_at(job, moment)
    return Content(
        title=_("Danh sách hồ sơ công dân học tập năm %(year)s, tại một ngày") % {"year": job.campaign.year},
        subtitle=" ".join(filter(None, [moment.words, narrowed.words])),
        columns=records.columns(),
        parts=[excel.Part(records.found.iterator(chunk_size=FETCHED))],
        rows=records.found.count(),
        about=[(_("Số căn cước"), _("đã che, chỉ còn 4 chữ số cuối"))],
        identify=attrgetter("pk"),
    )


def _units(job, at) -> Content:
    moment = _moment_of(job) or as_at.Moment(dates.local_day(at))
    units = as_at_lists.Units(job.organization, moment)
    return Content(
        title=_("Danh sách đơn vị"),
        subtitle=moment.words,
        columns=units.columns(),
        parts=[excel.Part(units.found.iterator(chunk_size=FETCHED))],
        rows=units.found.count(),
        about=[],
        identify=attrgetter("organization_id"),
    )


def _privacy(job):
    if job.is_full:
        return [(_("Số căn cước"), _("đầy đủ")), (_("Lý do lấy số căn cước đầy đủ"), job.reason)]
    return [(_("Số căn cước"), _("đã che, chỉ còn 4 chữ số cuối"))]


def _summary(job, at) -> Content:
    moment = _moment_of(job)
    if moment:
        summary = as_at.summary(job.organization, job.campaign, moment)
    else:
        summary = figures.summary(job.organization, job.campaign)
    total = Line("", _("Cộng"), summary.total)
    groups = excel.Part(summary.groups, title=_("Theo nhóm") if summary.units else "", total=total)
    parts = [excel.Part(summary.units, total=total), groups] if summary.units else [groups]
    return Content(
        title=_("Tổng hợp đăng ký và công nhận công dân học tập năm %(year)s") % {"year": job.campaign.year},
        subtitle=moment.words if moment else "",
        columns=summaries.columns(summaries.AS_AT) if moment else summaries.columns(),
        parts=parts,
        rows=len(summary.units) + len(summary.groups),
        about=summaries.meanings(),
        identify=lambda line: getattr(line.about, "pk", line.about),
    )


def _extensions(job, at) -> Content:
    rows = exceptions.Exceptions(job.organization, job.campaign, at)
    return Content(
        title=_("Danh sách gia hạn năm %(year)s") % {"year": job.campaign.year},
        subtitle="",
        columns=exceptions.columns(),
        parts=[excel.Part(rows)],
        rows=rows.count(),
        about=[],
        identify=lambda row: f"{row.approved_at.isoformat()} {row.decision_number} {row.citizen or ''}",
    )


def _form(job, at) -> Content:
    form = FORMS[job.form]
    asked = form.asked(job.organization, job.campaign, at, job.query)
    content = form.content(asked)
    rows = content.rows if isinstance(content.rows, list) else content.rows.iterator(chunk_size=FETCHED)
    return Content(
        title=_("%(title)s năm %(year)s") % {"title": form.name.label, "year": job.campaign.year},
        subtitle=job.organization.full_name,
        columns=form.columns_for(asked),
        parts=[excel.Part(rows, total=content.total)],
        rows=content.count(),
        about=[(_("Số căn cước"), _("đã che, chỉ còn 4 chữ số cuối"))] if form.names_people else [],
        layout=layouts.FORM,
        code=str(form.code),
        notes=form.notes(asked),
        identify=_of_form,
    )


def _findings(job, at) -> Content:
    draw = Draw.objects.without_list().get(pk=job.query[DRAW])
    rows, total = findings.by_unit(draw)
    return Content(
        title=_("Kết quả hậu kiểm công dân học tập năm %(year)s") % {"year": job.campaign.year},
        subtitle="",
        columns=findings.columns(),
        parts=[excel.Part(rows, total=total)],
        rows=len(rows),
        about=[
            (_("Đợt hậu kiểm"), str(draw.pk)),
            (_("Số gieo"), draw.seed),
            (_("Dấu của danh sách"), draw.digest),
        ],
        identify=attrgetter("unit"),
    )


def _of_form(row):
    """A record or a board of a list; of a table the unit, or what the row is called."""
    unit = row.unit if isinstance(row, FormLine) else row
    return unit.pk if unit else row.name


_CONTENTS = {
    Report.FORM: _form,
    Report.CITIZENS: _citizens,
    Report.SUMMARY: _summary,
    Report.EXTENSIONS: _extensions,
    Report.UNITS: _units,
    Report.FINDINGS: _findings,
}
