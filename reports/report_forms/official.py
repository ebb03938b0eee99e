"""The five official forms, 01/KH to 05/KH. Their columns follow what associations publish."""

from dataclasses import replace

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from criteria.models import Level, Scope
from reports import filters
from reports.excel import Column
from reports.figures import Figure
from reports.report_forms import counting, links
from reports.report_forms.form import Form, count, name, number, rate, typed
from reports.report_forms.names import FormName
from reports.typed import sums
from vietnamese import numbers

BLANK = Column(_("Ghi chú"), lambda line: "", 14)
MOST_NAMED = 10


def delivered(asked) -> list[str]:
    """How much of the typed figures is there: a sum without them would read as if it were whole."""
    owing = sums.owing(asked.organization, asked.campaign)
    count, missing = sums.communes(asked.organization).count(), owing.count()
    if not missing:
        return [gettext("Số liệu nhập: đủ %(count)s xã, phường.") % {"count": numbers.format_integer(count)}]
    names = ", ".join(commune.full_name for commune in owing[:MOST_NAMED])
    return [
        gettext(
            "Số liệu nhập: %(missing)s trên %(count)s xã, phường chưa nộp, chưa tính vào biểu: %(names)s."
        )
        % {
            "missing": numbers.format_integer(missing),
            "count": numbers.format_integer(count),
            "names": names + ("…" if missing > MOST_NAMED else ""),
        }
    ]


def _of(level, figure="", **only):
    """The records of a title that 02/KH counts, or 03/KH by scope."""
    scope = counting.SCOPES.get(level)
    only = only or ({filters.ONLY: scope.value} if scope else {})
    return links.records("" if level == Level.CITIZEN else level.value, figure, **only)


WHOLES = {
    "communes": links.bodies(Level.COMMUNITY, Scope.COMMUNE),
    "tree_villages": links.bodies(Level.COMMUNITY),
    "tree_units": links.bodies(Level.UNIT),
    "commune_units": links.bodies(Level.UNIT, Scope.COMMUNE),
    "province_units": links.bodies(Level.UNIT, Scope.PROVINCE),
    "people": links.people(),
}


def _title(level, whole, words):
    """What 02/KH says of one title."""
    total = typed(whole, _("Tổng số"), 9, group=words)
    return [
        replace(total, rows=WHOLES.get(whole, links.TYPED)),
        count(f"{level}_registered", _("Số đăng ký"), 9, group=words, rows=_of(level)),
        rate(f"{level}_registered", whole, _("Đăng ký, trên tổng số"), 8, group=words),
        count(
            f"{level}_recognised",
            _("Số được công nhận"),
            9,
            group=words,
            rows=_of(level, Figure.RECOGNISED),
        ),
        rate(f"{level}_recognised", whole, _("Công nhận, trên tổng số"), 8, group=words),
        rate(f"{level}_recognised", f"{level}_registered", _("Công nhận, trên đăng ký"), 8, group=words),
    ]


def _by_grade(level, scope, whole, words):
    def records(figure="", rank=""):
        return _of(level, figure, **{filters.ONLY: f"{scope.value}{rank}"})

    return [
        count(whole, _("Tổng số"), 9, group=words, rows=WHOLES[whole]),
        count(f"{level}_proposed", _("Số đề nghị"), 9, group=words, rows=records()),
        count(f"{level}_1", _("Mức độ 1"), 9, group=words, rows=records(rank="-1")),
        count(f"{level}_2", _("Mức độ 2"), 9, group=words, rows=records(rank="-2")),
        count(f"{level}_failed", _("Không đạt"), 9, group=words, rows=records(Figure.NOT_ACHIEVED)),
        count(f"{level}_in_force", _("Số còn hiệu lực"), 9, group=words, rows=records(Figure.RECOGNISED)),
    ]


ORGANIZATION = Form(
    FormName.ORGANIZATION,
    code=_("Biểu 01/KH"),
    about=_("Hội cơ sở, chi hội, ban khuyến học và hội viên của từng đơn vị."),
    sources=[counting.bodies, counting.typed],
    notes=delivered,
    by_commune=True,
    columns=[
        number(_("TT")),
        name(_("Đơn vị")),
        typed("population", _("Dân số"), 12),
        count("communes", _("Số hội cơ sở"), rows=WHOLES["communes"]),
        count("tree_villages", _("Số chi hội (thôn, tổ dân phố)"), 12, rows=WHOLES["tree_villages"]),
        count(
            "tree_units",
            _("Số ban khuyến học cơ quan, trường học, doanh nghiệp"),
            16,
            rows=WHOLES["tree_units"],
        ),
        typed("clan_boards", _("Số ban khuyến học dòng họ"), 12),
        typed("members", _("Tổng số hội viên"), 12),
        typed("new_members", _("Trong đó: phát triển mới"), 12),
        rate("members", "population", _("Tỷ lệ hội viên, trên dân số"), 12),
        BLANK,
    ],
)

TITLES = Form(
    FormName.TITLES,
    code=_("Biểu 02/KH"),
    about=_("Năm danh hiệu: tổng số, đăng ký, công nhận và các tỷ lệ."),
    sources=[counting.titles, counting.people, counting.bodies, counting.typed],
    notes=lambda asked: [
        *delivered(asked),
        gettext(
            "Tổng số hộ và dòng họ: số liệu nhập. Tổng số thôn, đơn vị và người: có trên cổng hiện nay."
            " Công nhận: đã có quyết định."
        ),
    ],
    by_commune=True,
    columns=[
        number(_("TT")),
        name(_("Đơn vị"), 22),
        *_title(Level.FAMILY, "households", _("Gia đình")),
        *_title(Level.CLAN, "clans", _("Dòng họ")),
        *_title(Level.COMMUNITY, "tree_villages", _("Cộng đồng (thôn, tổ dân phố)")),
        *_title(Level.UNIT, "commune_units", _("Đơn vị (cấp xã)")),
        *_title(Level.CITIZEN, "people", _("Công dân")),
    ],
)

GRADES = Form(
    FormName.GRADES,
    code=_("Biểu 03/KH"),
    about=_("Số xã, phường và đơn vị cấp tỉnh đề nghị và đạt từng mức độ."),
    sources=[counting.graded, counting.bodies],
    by_commune=True,
    columns=[
        number(_("TT")),
        name(_("Đơn vị")),
        *_by_grade(Level.COMMUNITY, Scope.COMMUNE, "communes", _("Cộng đồng học tập cấp xã")),
        *_by_grade(Level.UNIT, Scope.PROVINCE, "province_units", _("Đơn vị học tập cấp tỉnh")),
        BLANK,
    ],
)

FUNDS = Form(
    FormName.FUNDS,
    code=_("Biểu 04/KH"),
    about=_("Thu, chi và số dư của quỹ, triệu đồng."),
    sources=[counting.typed],
    notes=lambda asked: [gettext("Đơn vị tính: triệu đồng."), *delivered(asked)],
    by_commune=True,
    columns=[
        number(_("TT")),
        name(_("Đơn vị")),
        typed("fund_opening", _("Số dư đầu kỳ"), 11),
        typed("fund_from_province", _("Cấp tỉnh"), 11, group=_("Thu trong kỳ")),
        typed("fund_from_commune", _("Cấp xã"), 11, group=_("Thu trong kỳ")),
        typed("fund_from_units", _("Cơ quan, đơn vị"), 11, group=_("Thu trong kỳ")),
        typed("fund_from_clans", _("Dòng họ"), 11, group=_("Thu trong kỳ")),
        typed("fund_income", _("Tổng thu"), 11, group=_("Thu trong kỳ")),
        typed("scholarships", _("Học bổng: số suất"), 10, group=_("Chi trong kỳ")),
        typed("scholarships_paid", _("Học bổng: số tiền"), 11, group=_("Chi trong kỳ")),
        typed("awards", _("Khen thưởng: số lượt"), 10, group=_("Chi trong kỳ")),
        typed("awards_paid", _("Khen thưởng: số tiền"), 11, group=_("Chi trong kỳ")),
        typed("other_paid", _("Chi khác"), 11, group=_("Chi trong kỳ")),
        typed("fund_closing", _("Số dư cuối kỳ"), 11),
        Column(_("Bình quân đồng trên người dân"), lambda line: _per_head(line), 12),
    ],
)

CENTRES = Form(
    FormName.CENTRES,
    code=_("Biểu 05/KH"),
    about=_("Số trung tâm, lớp, lượt người học và xếp loại."),
    sources=[counting.typed],
    notes=delivered,
    by_commune=True,
    columns=[
        number(_("TT")),
        name(_("Đơn vị")),
        typed("centres", _("Số trung tâm"), 12),
        typed("classes", _("Số lớp, chuyên đề"), 12),
        typed("learners", _("Số lượt người học"), 14),
        typed("centres_good", _("Tốt"), 12, group=_("Xếp loại")),
        typed("centres_fair", _("Khá"), 12, group=_("Xếp loại")),
        typed("centres_average", _("Trung bình"), 12, group=_("Xếp loại")),
        BLANK,
    ],
)


def _per_head(line) -> int | None:
    """What the fund holds at the end, in đồng for each inhabitant."""
    return round(line["fund_closing"] * 1_000_000 / line["population"]) if line["population"] else None


OFFICIAL = [ORGANIZATION, TITLES, GRADES, FUNDS, CENTRES]
