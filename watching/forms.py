"""What officers type of a flag, a draw and a checked record."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import FindingKind, Stratum, Verdict
from assessments.models.watch import NOTE_LENGTH
from vietnamese.fields import LinesField, PointsField

MOST_A_STRATUM = 500


class ReviewForm(forms.Form):
    note = LinesField(
        label=gettext_lazy("Đã xem xét thế nào"),
        help_text=gettext_lazy("Ví dụ: đã gọi trưởng ban, đã mở 10 hồ sơ, điểm có minh chứng."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Ghi đã làm gì để xem xét.")},
    )


class AnnounceForm(forms.Form):
    strata = forms.MultipleChoiceField(
        label=gettext_lazy("Chia danh sách theo"),
        help_text=gettext_lazy("Mỗi nhóm rút riêng, nên nhóm nào cũng có người được kiểm tra."),
        choices=Stratum,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    share = PointsField(
        label=gettext_lazy("Rút bao nhiêu phần trăm mỗi nhóm"),
        maximum=100,
        step=Decimal("0.1"),
        help_text=gettext_lazy("Ví dụ 5 hoặc 2,5."),
        error_messages={"required": gettext_lazy("Gõ số phần trăm, ví dụ 5.")},
    )
    least = forms.IntegerField(
        label=gettext_lazy("Mỗi nhóm ít nhất mấy hồ sơ"),
        min_value=1,
        max_value=MOST_A_STRATUM,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Gõ số hồ sơ, ví dụ 3."),
            "invalid": gettext_lazy("Gõ một số, ví dụ 3."),
        },
    )
    most = forms.IntegerField(
        label=gettext_lazy("Mỗi nhóm nhiều nhất mấy hồ sơ"),
        min_value=1,
        max_value=MOST_A_STRATUM,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Gõ số hồ sơ, ví dụ 20."),
            "invalid": gettext_lazy("Gõ một số, ví dụ 20."),
        },
    )

    def clean_share(self):
        share = self.cleaned_data["share"]
        if not share:
            raise forms.ValidationError(_("Gõ số lớn hơn 0, ví dụ 5."))
        return share

    def clean(self):
        given = self.cleaned_data
        if given.get("least") and given.get("most") and given["most"] < given["least"]:
            self.add_error("most", _("Nhiều nhất phải bằng hoặc hơn ít nhất."))


class CheckForm(forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("Kết quả kiểm tra"),
        choices=[
            (Verdict.AGREES, gettext_lazy("Đúng như ban xác nhận")),
            (Verdict.FINDING, gettext_lazy("Có phát hiện")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn một kết quả.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Loại phát hiện"),
        help_text=gettext_lazy("Chỉ chọn khi có phát hiện."),
        choices=[("", gettext_lazy("Chưa chọn")), *FindingKind.choices],
        required=False,
    )
    reason = LinesField(
        label=gettext_lazy("Lý do"),
        help_text=gettext_lazy("Bắt buộc khi có phát hiện: thấy gì, ở chỉ số nào."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    checked_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        if self.cleaned_data.get("verdict") != Verdict.FINDING:
            self.cleaned_data["kind"] = ""
            return
        if not self.cleaned_data.get("kind"):
            self.add_error("kind", _("Chọn loại phát hiện."))
        if not self.cleaned_data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Ghi lý do: thấy gì, ở chỉ số nào."))
