"""Tables beside the official ones: by group, ratios of units, year on year."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Population
from criteria.models import Group
from reports import as_at, figures, filters
from reports.excel import Column
from reports.figures import Figure
from reports.report_forms import counting, links
from reports.report_forms.form import Form, count, name, number, rate
from reports.report_forms.names import FormName

GROUPS = Form(
    FormName.GROUPS,
    about=_("Đăng ký và đạt của bốn nhóm, từng đơn vị."),
    sources=[counting.by_group, counting.people],
    columns=[
        number(_("TT")),
        name(_("Đơn vị")),
        *(
            column
            for group in Group
            for column in (
                count(
                    f"{group}_registered",
                    _("Đăng ký"),
                    9,
                    group=group.label,
                    rows=links.records(**{filters.GROUP: group.value}),
                ),
                count(
                    f"{group}_achieved",
                    _("Đạt"),
                    9,
                    group=group.label,
                    rows=links.records(figure=Figure.ACHIEVED, **{filters.GROUP: group.value}),
                ),
                rate(
                    f"{group}_achieved", f"{group}_registered", _("Đạt, trên đăng ký"), 9, group=group.label
                ),
            )
        ),
        count("registered", _("Đăng ký"), 10, group=_("Cộng"), rows=links.records()),
        count("achieved", _("Đạt"), 10, group=_("Cộng"), rows=links.records(figure=Figure.ACHIEVED)),
        rate("achieved", "registered", _("Đạt, trên đăng ký"), 9, group=_("Cộng")),
        count("people", _("Tổng số người"), 11, group=_("Cộng"), rows=links.people()),
        rate("achieved", "people", _("Đạt, trên tổng số"), 9, group=_("Cộng")),
    ],
)


def _of_unit(population, only=filters.IN_UNIT):
    return links.people(population, only, by_unit=True)


MEMBERS, LEARNERS = _("Thành viên, không kể người học"), _("Người học")
RATIOS = Form(
    FormName.RATIOS,
    about=_("Theo Thông tư 24/2023: thành viên và người học của đơn vị, tính riêng."),
    listed=counting.units_with_shares,
    sums=True,
    notes=lambda asked: [
        gettext("Người: trong danh sách của đơn vị hiện nay. Đạt: trong năm, ban ở bất cứ nơi nào xác nhận.")
    ],
    columns=[
        number(_("TT")),
        name(_("Đơn vị"), 40),
        count("members", _("Tổng số"), 11, group=MEMBERS, rows=_of_unit(figures.ADULTS)),
        count(
            "members_achieved",
            _("Đạt"),
            11,
            group=MEMBERS,
            rows=_of_unit(figures.ADULTS, filters.IN_UNIT_TITLED),
        ),
        rate("members_achieved", "members", _("Đạt, trên tổng số"), 12, group=MEMBERS),
        count("learners", _("Tổng số"), 11, group=LEARNERS, rows=_of_unit(Population.LEARNER.value)),
        count(
            "learners_achieved",
            _("Đạt"),
            11,
            group=LEARNERS,
            rows=_of_unit(Population.LEARNER.value, filters.IN_UNIT_TITLED),
        ),
        rate("learners_achieved", "learners", _("Đạt, trên tổng số"), 12, group=LEARNERS),
    ],
)


def _years(asked):
    this, last = asked.campaign.year, asked.campaign.year - 1
    words = {"registered": gettext("Đã đăng ký"), "achieved": gettext("Đạt")}
    return [
        number(_("TT")),
        name(_("Đơn vị"), 34),
        *(
            column
            for key, heading in words.items()
            for column in (
                count(
                    f"last_{key}",
                    gettext("Năm %(year)d") % {"year": last},
                    11,
                    group=heading,
                    rows=_of_year(asked, key, -1),
                ),
                count(
                    f"this_{key}",
                    gettext("Năm %(year)d") % {"year": this},
                    11,
                    group=heading,
                    rows=_of_year(asked, key, 0),
                ),
                Column(_("Tăng, giảm"), _difference(key), 11, group=heading, number="+#,##0;-#,##0;0"),
            )
        ),
        *(
            rate(
                f"{which}_achieved",
                f"{which}_registered",
                gettext("Năm %(year)d") % {"year": year},
                11,
                group=gettext("Đạt, trên đã đăng ký"),
            )
            for which, year in (("last", last), ("this", this))
        ),
    ]


def _of_year(asked, key, years):
    figure = Figure[key.upper()]
    if not _is_old(asked):
        return links.records(figure=figure, years=years, **{filters.STRUCTURE: as_at.NOW})
    moment = counting.moments_of_two_years(asked)["last" if years else "this"]
    return links.RowsAsAt("reports:list_as_at", moment.query | {filters.FIGURE: figure.value}, years=years)


class Structure(filters.FilterForm):
    """On the units of today, or on those of the end of last year."""

    def __init__(self, data):
        super().__init__(data)
        self.fields[as_at.STRUCTURE] = forms.ChoiceField(
            label=_("Cấu trúc"),
            choices=[(as_at.NOW, _("Đơn vị hiện nay")), (as_at.YEAR_BEFORE, _("Đơn vị cuối năm trước"))],
            required=False,
            widget=forms.Select(attrs={"class": "form-select"}),
        )

    def chosen(self) -> dict[str, str]:
        self.full_clean()
        return {as_at.STRUCTURE: self.cleaned_data.get(as_at.STRUCTURE) or as_at.NOW}


def _is_old(asked):
    return asked.query[as_at.STRUCTURE] == as_at.YEAR_BEFORE


def _difference(key):
    return lambda line: line[f"this_{key}"] - line[f"last_{key}"]


def _of_trees(asked):
    if not _is_old(asked):
        return [
            gettext(
                "Cả hai năm tính trên đơn vị hiện nay: hồ sơ của đơn vị cũ tính vào nơi thay thế đơn vị ấy."
            )
        ]
    if not as_at.existed(asked.organization, counting.moments_of_two_years(asked)["last"]):
        return [gettext("Cuối năm trước chưa có đơn vị này, nên bảng trống. Hãy chọn Đơn vị hiện nay.")]
    return [
        gettext("Cả hai năm tính trên đơn vị cuối năm trước: hồ sơ năm nay tính vào nơi ban ấy đứng ngày đó.")
    ]


YEARS = Form(
    FormName.YEARS,
    about=_("Hai năm đặt cạnh nhau, cùng trên các đơn vị hiện nay hoặc cùng trên các đơn vị cũ."),
    sources=[counting.two_years],
    listed=lambda asked: counting.two_years_on_the_old_tree(asked) if _is_old(asked) else None,
    past=lambda asked: counting.years_of_the_old_tree(asked) if _is_old(asked) else {},
    sums=True,
    choices=Structure,
    columns=_years,
    notes=_of_trees,
)

HELPED = Form(
    FormName.HELPED,
    about=_("Bao nhiêu hồ sơ đã gửi có người điền giúp, từng đơn vị."),
    sources=[counting.helped],
    columns=[
        number(_("TT")),
        name(_("Đơn vị"), 34),
        count("sent", _("Đã gửi"), 12, rows=links.records(figure=Figure.SENT)),
        count(
            "helped",
            _("Có người điền giúp"),
            14,
            rows=links.records(**{filters.ONLY: filters.HELPED}),
        ),
        rate("helped", "sent", _("Có người điền giúp, trên đã gửi"), 16),
        count(
            "by_helper",
            _("Người điền giúp cũng là người xác nhận"),
            18,
            rows=links.records(**{filters.ONLY: filters.BY_HELPER}),
        ),
        rate("by_helper", "helped", _("Người điền giúp cũng xác nhận, trên số có người điền giúp"), 20),
    ],
)
TABLES = [GROUPS, RATIOS, YEARS, HELPED]
