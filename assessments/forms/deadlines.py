"""What officers type of deadlines: days as they are shown, kept half-open."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import deadlines, extensions
from assessments.deadlines import Terms
from assessments.extensions import Wanted
from assessments.models import Assessment, State, WindowStep
from audit import clock
from criteria.models import Level
from vietnamese import dates
from vietnamese.fields import DayField, HourField, LineField, LinesField

REASON_LENGTH = 500
DECISION_LENGTH = 60
LONGEST = datetime.timedelta(days=366)
# Which steps a record needs that was closed in this state: who sends must be confirmed too.
NEEDED = {
    State.REGISTERED: [WindowStep.SELF_ASSESSMENT, WindowStep.CONFIRMATION],
    State.RETURNED: [WindowStep.ANSWER, WindowStep.CONFIRMATION],
    State.SUBMITTED: [WindowStep.CONFIRMATION],
}


def reason_field(label, hint):
    return LinesField(
        label=label, help_text=hint, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


def decision_field():
    return LineField(
        label=gettext_lazy("Số quyết định"),
        help_text=gettext_lazy("Ví dụ 15/QĐ-HKH."),
        max_length=DECISION_LENGTH,
    )


def in_a_year():
    return clock.today() + LONGEST


class CheckedForm(forms.Form):
    """A form whose page first shows what would change; only the button “Lưu” of that page saves."""

    CHECK, SAVE, EDIT = "check", "save", "edit"

    @property
    def is_to_check(self):
        return self.data.get("act") != self.EDIT and self.is_bound and self.is_valid()

    @property
    def is_to_save(self):
        return self.data.get("act") == self.SAVE and self.is_to_check


class WindowForm(CheckedForm):
    opens_on = DayField(label=gettext_lazy("Mở từ ngày"), earliest=None)
    last_day = DayField(
        label=gettext_lazy("Ngày cuối"),
        earliest=None,
        help_text=gettext_lazy("Vẫn làm được đến hết ngày này. Gõ ngày/tháng/năm, ví dụ 31/12/2026."),
    )
    provinces_may = forms.BooleanField(
        label=gettext_lazy("Tỉnh được đặt riêng"),
        help_text=gettext_lazy("Tỉnh chỉ đặt ngắn hơn cả nước. Cần dài hơn thì lập gia hạn."),
        required=False,
    )
    reason = reason_field(
        gettext_lazy("Lý do"), gettext_lazy("Được giữ lại cùng tên người đổi, thời hạn trước và sau.")
    )

    def __init__(self, data=None, *, place):
        self.place, self.standing = place, place.own or place.in_effect
        super().__init__(data, initial=self._shown())
        if not place.is_nation:
            del self.fields["provinces_may"]

    def _shown(self):
        if self.standing is None:
            return {}
        return {
            "opens_on": dates.local_day(self.standing.opens_at),
            "last_day": dates.last_day(self.standing.closes_at),
            "provinces_may": self.standing.provinces_may,
        }

    def clean(self):
        given = super().clean()
        if "opens_on" in given and "last_day" in given:
            fields = {"opens_at": "opens_on", "closes_at": "last_day"}
            for name, fault in deadlines.faults(self.place, self.terms, clock.now()).items():
                self.add_error(fields[name], fault)
        return given

    @property
    def terms(self) -> Terms:
        """A day left as it was shown keeps its moment, be that within the day."""
        shown, given = self._shown(), self.cleaned_data
        same_start = shown.get("opens_on") == given["opens_on"]
        same_end = shown.get("last_day") == given["last_day"]
        return Terms(
            self.standing.opens_at if same_start else dates.day_begins(given["opens_on"]),
            self.standing.closes_at if same_end else dates.day_ends(given["last_day"]),
            given.get("provinces_may", False),
        )


class ExtensionForm(CheckedForm):
    """For one organization's boards or one record; `target` is which."""

    year = forms.ChoiceField(label=gettext_lazy("Năm"))
    level = forms.ChoiceField(label=gettext_lazy("Danh hiệu"), choices=Level, initial=Level.CITIZEN)
    steps = forms.MultipleChoiceField(
        label=gettext_lazy("Mở lại bước nào?"),
        choices=[(step.value, step.label.capitalize()) for step in WindowStep],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Người gửi muộn còn cần ban xác nhận: chọn cả bước xác nhận."),
        error_messages={"required": gettext_lazy("Chọn ít nhất một bước.")},
    )
    opens_on = DayField(label=gettext_lazy("Mở từ ngày"), earliest=None, latest=in_a_year)
    last_day = DayField(
        label=gettext_lazy("Ngày cuối"),
        earliest=None,
        latest=in_a_year,
        help_text=gettext_lazy("Hết ngày này tự khóa lại. Gõ ngày/tháng/năm, ví dụ 10/01/2027."),
    )
    decision_number = decision_field()
    reason = reason_field(
        gettext_lazy("Lý do"),
        gettext_lazy("Ban, người gửi hồ sơ và hội cấp trên đọc được. Không ghi chuyện riêng của ai."),
    )

    def __init__(self, data=None, *, target, campaigns):
        self.target, self.campaigns = target, {str(each.year): each for each in campaigns}
        super().__init__(data, initial={"opens_on": clock.today()})
        self.fields["year"].choices = [(year, year) for year in self.campaigns]
        if self.is_record:
            del self.fields["year"], self.fields["level"]
            self.initial["steps"] = NEEDED.get(target.closed_from or target.state, [WindowStep.CONFIRMATION])
        else:
            self.initial["steps"] = [WindowStep.CONFIRMATION]
        for name in set(self.fields) & {"year", "level"}:
            self.fields[name].widget.attrs["class"] = "form-select"

    @property
    def is_record(self):
        return isinstance(self.target, Assessment)

    def clean(self):
        given = super().clean()
        if {"opens_on", "last_day", "steps", "decision_number", "reason"} <= set(given) and (
            self.is_record or {"year", "level"} <= set(given)
        ):
            fields = {"opens_at": "opens_on", "closes_at": "last_day"}
            for name, fault in extensions.faults(self.wanted[0], clock.now()).items():
                self.add_error(fields[name], fault)
        return given

    @property
    def wanted(self) -> list[Wanted]:
        given = self.cleaned_data
        return [
            Wanted(
                self.target,
                self.target.campaign if self.is_record else self.campaigns[given["year"]],
                self.target.level if self.is_record else Level(given["level"]),
                WindowStep(step),
                dates.day_begins(given["opens_on"]),
                dates.day_ends(given["last_day"]),
                given["reason"],
                given["decision_number"],
            )
            for step in given["steps"]
        ]


class EndForm(forms.Form):
    reason = reason_field(
        gettext_lazy("Lý do kết thúc sớm"),
        gettext_lazy("Ban, người gửi hồ sơ và hội cấp trên đọc được. Không ghi chuyện riêng của ai."),
    )


class TargetForm(forms.Form):
    """What to look for: a place by its name, or a record by its receipt number."""

    name = LineField(label=gettext_lazy("Tên nơi cần gia hạn"), max_length=100, required=False)
    receipt = LineField(
        label=gettext_lazy("Số biên nhận của một hồ sơ"),
        help_text=gettext_lazy("Ví dụ 2026-42-0000123."),
        max_length=30,
        required=False,
    )

    def __init__(self, data):
        super().__init__(data)
        for field in self.fields.values():
            field.widget.attrs |= {"autocomplete": "off", "class": "form-control"}


class OutageForm(forms.Form):
    begins_on = DayField(label=gettext_lazy("Bắt đầu ngày"), earliest=None, latest=in_a_year)
    begins_hour = HourField(label=gettext_lazy("Lúc bắt đầu"))
    ends_on = DayField(
        label=gettext_lazy("Hết ngày"),
        earliest=None,
        latest=in_a_year,
        required=False,
        help_text=gettext_lazy("Chưa biết khi nào hết thì để trống cả ngày và giờ."),
    )
    ends_hour = HourField(label=gettext_lazy("Lúc hết"), required=False)
    words = LinesField(
        label=gettext_lazy("Lời báo trên mọi trang"),
        help_text=gettext_lazy("Ví dụ: Cổng tạm dừng từ 22 giờ đến 23 giờ để sửa máy chủ."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data=None, *, outage=None):
        self.outage = outage
        super().__init__(data, initial=self._shown(outage) if outage else None)
        if outage:
            del self.fields["begins_on"], self.fields["begins_hour"]
            self.fields["ends_on"].required = self.fields["ends_hour"].required = True
            self.fields["ends_on"].help_text = ""

    @staticmethod
    def _shown(outage):
        ends = timezone.localtime(outage.ends_at or clock.now())
        return {"ends_on": ends.date(), "ends_hour": ends.time(), "words": outage.words}

    def clean(self):
        given = super().clean()
        if bool(given.get("ends_on")) != bool(given.get("ends_hour")) and not self.errors:
            missing = "ends_hour" if given.get("ends_on") else "ends_on"
            self.add_error(missing, _("Ghi cả ngày và giờ hết, hoặc để trống cả hai."))
        begins = self.outage.begins_at if self.outage else self.begins_at
        if not self.errors and self.ends_at and begins and self.ends_at <= begins:
            self.add_error("ends_hour", _("Lúc hết không thể trước lúc bắt đầu."))
        return given

    @property
    def begins_at(self):
        return self._moment("begins_on", "begins_hour")

    @property
    def ends_at(self):
        return self._moment("ends_on", "ends_hour")

    def _moment(self, day, hour):
        day, hour = self.cleaned_data.get(day), self.cleaned_data.get(hour)
        if day is None or hour is None:
            return None
        return datetime.datetime.combine(day, hour, timezone.get_default_timezone())


class GiveBackForm(forms.Form):
    decision_number = decision_field()
    reason = reason_field(
        gettext_lazy("Lý do"), gettext_lazy("Được giữ lại cùng tên người quyết định, giờ trước và sau.")
    )
