import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import evidence
from audit import clock
from criteria.models import Group
from criteria.rules import ScoringModel
from sheets import codes, typed
from sheets.models import Order
from vietnamese import numbers
from vietnamese.fields import DayField, LineField


class PrintForm(forms.Form):
    """For whom sheets are printed, and in which order they lie."""

    with_sent = forms.TypedChoiceField(
        label=gettext_lazy("In cho ai"),
        choices=[
            ("", gettext_lazy("Người chưa gửi hồ sơ")),
            ("1", gettext_lazy("Mọi người trong danh sách")),
        ],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Xếp phiếu"),
        choices=Order,
        initial=Order.NAME,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn cách xếp phiếu.")},
    )


class EmptyForm(forms.Form):
    nhom = forms.ChoiceField(choices=Group)


class CodeForm(forms.Form):
    """The code of the next sheet; the day stays from sheet to sheet."""

    keeps_focus = True  # whoever types sheet after sheet goes on typing; the errors are an alert
    ma = LineField(
        label=gettext_lazy("Mã trên phiếu"),
        help_text=gettext_lazy("Quét hình vuông, hoặc gõ 11 chữ và số in dưới hình. Không cần gạch nối."),
        widget=forms.TextInput(
            attrs={
                "autofocus": True,
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": gettext_lazy("Quét hoặc gõ mã trên phiếu.")},
    )
    ngay = DayField(
        label=gettext_lazy("Ngày ghi trên phiếu"),
        help_text=gettext_lazy("Giữ nguyên cho phiếu sau. Phiếu đề ngày khác thì sửa ở đây."),
    )

    def clean_ma(self):
        try:
            return codes.read(self.cleaned_data["ma"])
        except codes.Unreadable as reason:
            raise ValidationError(str(reason)) from None

    def clean_ngay(self):
        day = self.cleaned_data["ngay"]
        if day > clock.today():
            raise ValidationError(_("Phiếu không thể đề ngày sau hôm nay."))
        return day


class SheetForm(forms.Form):
    """What stands on one sheet. `answers` are the numbers, by the codes of their indicators."""

    keeps_focus = True
    numbers = LineField(
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false", "class": "sheet-numbers"}
        ),
        error_messages={"required": gettext_lazy("Gõ các số trên phiếu.")},
    )
    total = LineField(
        label=gettext_lazy("Tổng điểm ghi trên phiếu"),
        help_text=gettext_lazy("Không bắt buộc. Gõ vào thì cổng cộng thử giúp bạn."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    dated_on = DayField(label=gettext_lazy("Ngày ghi trên phiếu"))
    photo = forms.FileField(
        label=gettext_lazy("Ảnh chụp phiếu"),
        help_text=gettext_lazy("Không bắt buộc. Ảnh hoặc PDF, đi cùng hồ sơ làm minh chứng."),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, rules, campaign, own_answers=0, **kwargs):
        super().__init__(*args, **kwargs)
        self.rules, self.campaign = rules, campaign
        count = {"count": len(rules.maxima)}
        if rules.model == ScoringModel.PASS_FAIL:
            label = _("%(count)d dòng trên phiếu, từ trên xuống") % count
            help_text = _("Mỗi dòng một chữ: D là đạt, K là không đạt. Ví dụ: DDK")
            del self.fields["total"]
        else:
            label = _("%(count)d số trên phiếu, từ trên xuống") % count
            help_text = _("Gõ liền hay cách đều được, ví dụ 8 7 10 9 8 hoặc 871098.")
        self.fields["numbers"].label, self.fields["numbers"].help_text = label, help_text
        if own_answers:
            self.fields["replace"] = forms.BooleanField(
                label=_("Người này đã tự chấm %(count)d chỗ trên cổng, chưa gửi. Thay bằng điểm trên phiếu.")
                % {"count": own_answers},
                error_messages={"required": _("Hỏi người ấy trước. Đồng ý thay thì đánh dấu ô này.")},
            )

    def clean_numbers(self):
        try:
            self.answers = typed.read(self.cleaned_data["numbers"], self.rules)
        except typed.Unreadable as reason:
            raise ValidationError(str(reason)) from None
        return self.cleaned_data["numbers"]

    def clean_total(self):
        said = self.cleaned_data["total"]
        if not said or not hasattr(self, "answers"):
            return said
        total = sum(self.answers.values())
        try:
            agrees = numbers.parse_decimal(said) == total
        except ValueError:
            agrees = False
        if not agrees:
            raise ValidationError(
                _(
                    "Các số cộng lại là %(sum)s, trên phiếu ghi %(said)s. Xem lại từng số; "
                    "phiếu cộng nhầm thì xóa ô này."
                )
                % {"sum": numbers.format_decimal(total), "said": said}
            )
        return said

    def clean_dated_on(self):
        day = self.cleaned_data["dated_on"]
        if not datetime.date(self.campaign.year, 1, 1) <= day <= clock.today():
            raise ValidationError(
                _("Phiếu năm %(year)d phải đề ngày trong năm ấy và không sau hôm nay.")
                % {"year": self.campaign.year}
            )
        return day

    def clean_photo(self):
        if not (photo := self.cleaned_data["photo"]):
            return None
        try:
            return evidence.checked(photo)
        except evidence.Unfit as reason:
            raise ValidationError(str(reason)) from None
