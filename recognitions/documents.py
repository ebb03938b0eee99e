"""The papers of a decision under way: minutes, submission, decision, and the list that goes with them.

Each is said once, and written as a file to be edited and as one to be printed. Before a number and a day are
written back there is room for them.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db.models import Count
from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import clock
from criteria.models import CriteriaSet, Level
from recognitions.models import DecisionState
from reports import excel, layouts, letterhead, pdf, word
from reports.papers import Article, Basis, Heading, Paper, Signature, Table
from vietnamese import dates, numbers, text

NAMES_IN_MINUTES = 50  # more stand in the list alone
MOST_ROWS = 10_000  # of the list as PDF
FETCHED = 1000
DOTS = "………"
WHO = {
    Level.CITIZEN: gettext_lazy("công dân"),
    Level.FAMILY: gettext_lazy("gia đình"),
    Level.CLAN: gettext_lazy("dòng họ"),
    Level.COMMUNITY: gettext_lazy("cộng đồng"),
    Level.UNIT: gettext_lazy("đơn vị"),
}


@dataclass(frozen=True)
class Kind:
    """One paper: the slug it is called by, its name, from which state on it makes sense, and its endings."""

    slug: str
    name: str
    from_state: int
    endings: tuple[str, ...]
    make: Callable


@dataclass(frozen=True)
class Offered:
    name: str
    slug: str
    endings: tuple[tuple[str, str], ...]


ORDER = [
    DecisionState.GATHERED,
    DecisionState.MINUTED,
    DecisionState.SUBMITTED,
    DecisionState.DECIDING,
    DecisionState.DECIDED,
]
WORDS = {"docx": "Word", "xlsx": "Excel", "pdf": "PDF"}


def of(decision) -> list[Offered]:
    """What there is to take away now; of nobody proposed the minutes alone."""
    if decision.state not in ORDER:
        return []
    stands = ORDER.index(decision.state)
    return [
        Offered(str(kind.name), kind.slug, tuple((each, WORDS[each]) for each in _endings(kind, decision)))
        for kind in KINDS
        if stands >= kind.from_state and (decision.nominated or kind is KINDS[0])
    ]


def is_too_long_to_print(decision) -> bool:
    return decision.nominated > MOST_ROWS


def _endings(kind, decision):
    return [
        each
        for each in kind.endings
        if each != "pdf" or kind.make is not _list or not is_too_long_to_print(decision)
    ]


def made(decision, slug, ending) -> HttpResponse | None:
    """The file, or None where there is none of that name."""
    offered = [(each.slug, ending) for each in of(decision) for ending, _word in each.endings]
    if (slug, ending) not in offered:
        return None
    kind = next(each for each in KINDS if each.slug == slug)
    file = io.BytesIO()
    content_type = write(kind.make(decision), ending, file)
    response = HttpResponse(file.getvalue(), content_type=content_type)
    name = f"{slug}-{decision.campaign.year}-{decision.pk}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def write(paper, ending, file) -> str:
    """Returns the type of the content."""
    match ending:
        case "docx":
            word.write(paper, file)
            return word.CONTENT_TYPE
        case "xlsx":
            excel.write(paper, file)
            return excel.CONTENT_TYPE
        case _ if isinstance(paper, Paper):
            pdf.write_paper(paper, file)
        case _:
            pdf.write(paper, file, MOST_ROWS)
    return pdf.CONTENT_TYPE


# --- Words they share -----------------------------------------------------------------------------


def title_of(decision) -> str:
    return _("“%(title)s” năm %(year)s") % {
        "title": decision.get_level_display(),
        "year": decision.campaign.year,
    }


def head(decision, day):
    standing = letterhead.of(decision.issuer, clock.now())
    seat = letterhead.seat(decision.issuer)
    words = letterhead.date_words(day) if day else _("ngày …… tháng …… năm ……")
    return replace(standing, agency=decision.issuer_name, place_and_date=f"{seat}, {words}")


def layout_of(name, day):
    return layouts.in_force(name, day or clock.today())


def layout_of_list(decided, day):
    """That of a list that goes with a decision: signed by who signed that, once it is known."""
    layout = replace(layout_of("kem-theo", day), number="")
    if not decided.signer_name:
        return layout
    return replace(layout, signer=[decided.signer_post.upper(), "", "", decided.signer_name], signing="")


def _number(layout, number):
    return _("Số: %(number)s") % {"number": number} if number else layout.number


def _counted(decision):
    return f"{numbers.format_integer(decision.nominated)} {WHO[Level(decision.level)]}"


def _basis(decision):
    """On what the judgement rests: the texts of the criteria, and that they are provisional."""
    found = decision.nominations.proposed().order_by().values("assessment__criteria_set")
    for criteria_set in CriteriaSet.objects.filter(pk__in=found).order_by("pk"):
        yield Basis(
            _("Căn cứ bộ tiêu chí theo văn bản số %(basis)s;")
            % {"basis": criteria_set.basis or criteria_set.title}
        )


def _provisional(decision):
    if decision.is_provisional:
        yield _(
            "Hồ sơ được chấm theo bộ tiêu chí bản tạm, chưa phải văn bản chính thức. Được công nhận theo bản "
            "tạm căn cứ %(basis)s."
        ) % {"basis": decision.provisional_basis}


def _minutes_words(decision):
    return _("Biên bản số %(number)s ngày %(day)s") % {
        "number": decision.minutes_number or DOTS,
        "day": dates.day_words(decision.minutes_on) if decision.minutes_on else DOTS,
    }


def _names(nominations):
    rows = nominations.in_order().values_list("holder_name", "place_name")
    return Table(
        [_("STT"), _("Tên"), _("Nơi ở, đơn vị")],
        [8, 42, 50],
        [[str(at), *row] for at, row in enumerate(rows, 1)],
        numbers=[0],
    )


# --- The minutes ----------------------------------------------------------------------------------


def _minutes(decision) -> Paper:
    day = decision.minutes_on
    layout = layout_of("bien-ban", day)
    proposed = decision.nominations.proposed()
    return Paper(
        title=_("Biên bản"),
        about=_("Họp xét, đề nghị công nhận danh hiệu %(title)s") % {"title": title_of(decision)},
        letterhead=head(decision, day),
        layout=layout,
        number=_number(layout, decision.minutes_number),
        body=[
            _("%(when)s, %(issuer)s họp xét, đề nghị công nhận danh hiệu %(title)s. Phạm vi: %(within)s.")
            % {
                "when": capfirst(letterhead.date_words(day)) if day else _("Ngày …… tháng …… năm ……"),
                "issuer": decision.issuer_name,
                "title": title_of(decision),
                "within": decision.within_name,
            },
            Heading(_("I. Thành phần")),
            _("Chủ trì: %(name)s.") % {"name": decision.minutes_chair or DOTS},
            _("Thư ký: %(name)s.") % {"name": decision.minutes_secretary or DOTS},
            _("Các thành viên dự họp: %(dots)s") % {"dots": DOTS * 5},
            Heading(_("II. Nội dung")),
            _("Số hồ sơ đã được xác nhận: %(judged)s. Số được đề nghị công nhận: %(counted)s.")
            % {
                "judged": numbers.format_integer(decision.looked_at),
                "counted": _counted(decision),
            },
            *_provisional(decision),
            *([_("Số được đề nghị, theo nơi:"), _by_place(proposed)] if decision.nominated else []),
            *_left_out(decision),
            Heading(_("III. Kết luận")),
            _("Cuộc họp thống nhất đề nghị công nhận %(counted)s có tên trong danh sách kèm theo.")
            % {"counted": _counted(decision)}
            if decision.nominated
            else _("Cuộc họp thống nhất không đề nghị công nhận ai."),
            *([_names(proposed)] if 0 < decision.nominated <= NAMES_IN_MINUTES else []),
            _("Biên bản lập xong lúc …… giờ …… cùng ngày, đã đọc cho mọi người cùng nghe và nhất trí."),
        ],
        left=Signature([_("Thư ký")], decision.minutes_secretary),
        right=Signature([_("Chủ trì")], decision.minutes_chair),
    )


def _by_place(proposed):
    counted = proposed.order_by("place_name").values_list("place_name").annotate(Count("pk"))
    return Table(
        [_("Nơi ở, đơn vị"), _("Số được đề nghị")],
        [70, 30],
        [[place, numbers.format_integer(count)] for place, count in counted],
        numbers=[1],
    )


def _left_out(decision):
    rows = decision.nominations.left_out().in_order()
    rows = rows.values_list("holder_name", "place_name", "left_out_reason")
    if rows:
        yield _("Để lại, chưa đề nghị:")
        yield Table([_("Tên"), _("Nơi ở, đơn vị"), _("Lý do")], [32, 34, 34], list(rows))


# --- The submission and the decision --------------------------------------------------------------


def _submission(decision) -> Paper:
    day = decision.submission_on
    layout = layout_of("to-trinh", day)
    return Paper(
        title=_("Tờ trình"),
        about=_("Về việc công nhận danh hiệu %(title)s") % {"title": title_of(decision)},
        letterhead=head(decision, day),
        layout=layout,
        number=_number(layout, decision.submission_number),
        body=[
            _("Kính gửi: %(to)s.") % {"to": decision.submission_to or DOTS},
            *_basis(decision),
            Basis(
                _("Căn cứ %(minutes)s của %(issuer)s,")
                % {"minutes": text.lower_first(_minutes_words(decision)), "issuer": decision.issuer_name}
            ),
            _("%(issuer)s kính trình công nhận danh hiệu %(title)s cho %(counted)s (danh sách kèm theo).")
            % {
                "issuer": decision.issuer_name,
                "title": title_of(decision),
                "counted": _counted(decision),
            },
            *_provisional(decision),
            _("Kính đề nghị xem xét, quyết định."),
        ],
        left=None,
        right=Signature(layout.signer),
        recipients=layout.recipients,
    )


def _decision(decision) -> Paper:
    day = decision.decided_on
    layout = layout_of("quyet-dinh", day)
    until = (
        _("Danh hiệu có giá trị đến hết ngày %(day)s.") % {"day": dates.day_words(decision.valid_until)}
        if decision.valid_until
        else ""
    )
    return Paper(
        title=_("Quyết định"),
        about=_("Về việc công nhận danh hiệu %(title)s") % {"title": title_of(decision)},
        letterhead=head(decision, day),
        layout=layout,
        number=_number(layout, decision.number),
        body=[
            Heading(decision.issuer_name.upper(), is_centred=True),
            *_basis(decision),
            Basis(_("Căn cứ %(minutes)s;") % {"minutes": text.lower_first(_minutes_words(decision))}),
            Basis(
                _("Xét Tờ trình số %(number)s ngày %(day)s.")
                % {
                    "number": decision.submission_number or DOTS,
                    "day": dates.day_words(decision.submission_on) if decision.submission_on else DOTS,
                }
            ),
            Heading(_("QUYẾT ĐỊNH:"), is_centred=True),
            Article(
                _("Điều 1."),
                _("Công nhận danh hiệu %(title)s cho %(counted)s có tên trong danh sách kèm theo.")
                % {"title": title_of(decision), "counted": _counted(decision)},
            ),
            *_provisional(decision),
            Article(_("Điều 2."), _("Quyết định có hiệu lực từ ngày ký. %(until)s") % {"until": until}),
            Article(
                _("Điều 3."),
                _("%(issuer)s và các tập thể, cá nhân có tên thi hành Quyết định này.")
                % {"issuer": decision.issuer_name},
            ),
        ],
        left=None,
        right=Signature([decision.signer_post or _("Chức vụ người ký")], decision.signer_name),
        recipients=layout.recipients,
    )


# --- The list -------------------------------------------------------------------------------------


def _list(decision) -> excel.Document:
    day = decision.decided_on or decision.submission_on
    if decision.decided_on:
        what, number = _("quyết định"), decision.number
    else:
        what, number = _("tờ trình"), decision.submission_number
    goes_with = _("Kèm theo %(what)s số %(number)s ngày %(day)s của %(issuer)s") % {
        "what": what,
        "number": number or DOTS,
        "day": dates.day_words(day) if day else DOTS,
        "issuer": decision.issuer_name,
    }
    rows = decision.nominations.proposed().in_order()
    return excel.Document(
        sheet=_("Danh sách kèm theo"),
        letterhead=head(decision, day),
        layout=layout_of_list(decision, day),
        title=_("Danh sách đề nghị công nhận danh hiệu %(title)s") % {"title": title_of(decision)}
        if not decision.is_decided
        else _("Danh sách được công nhận danh hiệu %(title)s") % {"title": title_of(decision)},
        subtitles=[goes_with, *_provisional(decision)],
        columns=[
            excel.Column(_("STT"), None, 7),
            excel.Column(_("Tên"), lambda row: row.holder_name, 48),
            excel.Column(_("Nơi ở, đơn vị"), lambda row: row.place_name, 35),
            excel.Column(_("Ghi chú"), lambda row: "", 20),
        ],
        parts=[excel.Part(rows.iterator(chunk_size=FETCHED))],
        at=clock.now(),
        about=[
            (_("Văn bản"), goes_with),
            (_("Danh hiệu"), title_of(decision)),
            (_("Phạm vi"), decision.within_name),
            (_("Số tên"), decision.nominated),
        ],
        identify=lambda row: row.pk,
    )


KINDS = [
    Kind("bien-ban", gettext_lazy("Biên bản"), 0, ("docx", "pdf"), _minutes),
    Kind("to-trinh", gettext_lazy("Tờ trình"), 1, ("docx", "pdf"), _submission),
    Kind("danh-sach", gettext_lazy("Danh sách kèm theo"), 0, ("xlsx", "pdf"), _list),
    Kind("quyet-dinh", gettext_lazy("Quyết định"), 2, ("docx", "pdf"), _decision),
]
