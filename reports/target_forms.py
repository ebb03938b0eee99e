"""A target as an officer of a province or of the centre types it."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from criteria.models import Level
from reports.models import Measured, Whom
from vietnamese.fields import LineField, PointsField

FIRST_YEAR, LAST_YEAR = 2021, 2045


class TargetForm(forms.Form):
    level = forms.ChoiceField(label=gettext_lazy("Danh hiệu"), choices=Level)
    whom = forms.ChoiceField(label=gettext_lazy("Của ai"), choices=Whom, required=False)
    figure = forms.ChoiceField(label=gettext_lazy("Chỉ tiêu về"), choices=Measured)
    year = forms.IntegerField(
        label=gettext_lazy("Đến hết năm"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Gõ năm, ví dụ 2030."),
            "invalid": gettext_lazy("Gõ năm bằng số, ví dụ 2030."),
            "min_value": gettext_lazy("Gõ năm từ 2021 đến 2045."),
            "max_value": gettext_lazy("Gõ năm từ 2021 đến 2045."),
        },
    )
    percent = PointsField(
        label=gettext_lazy("Bao nhiêu phần trăm của tất cả"),
        maximum=100,
        step=Decimal("0.01"),
        help_text=gettext_lazy("Ví dụ 85 hoặc 62,5."),
        error_messages={"required": gettext_lazy("Gõ số phần trăm, ví dụ 85.")},
    )
    basis = LineField(
        label=gettext_lazy("Theo văn bản nào"),
        help_text=gettext_lazy("Ví dụ: Kế hoạch 12/KH-UBND ngày 15/01/2026."),
        max_length=200,
        error_messages={"required": gettext_lazy("Ghi số và ngày của văn bản.")},
    )

    def clean_percent(self):
        percent = self.cleaned_data["percent"]
        if not percent:
            raise forms.ValidationError(_("Gõ số phần trăm lớn hơn 0."))
        return percent

    def clean(self):
        given = super().clean()
        if given.get("whom") and given.get("level") != Level.CITIZEN:
            self.add_error(
                "whom", _("Chỉ danh hiệu Công dân học tập có chỉ tiêu theo công việc. Chọn Mọi người.")
            )
        return given
