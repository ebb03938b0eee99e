from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import clock
from organizations.models import NAME_LENGTH
from recognitions import codes
from recognitions.forms import PaperNumberField
from vietnamese.fields import DayField, LineField, LinesField

REASON_LENGTH = 500


class CodeForm(forms.Form):
    ma = forms.CharField(
        label=gettext_lazy("Mã in cạnh hình vuông trên giấy chứng nhận"),
        help_text=gettext_lazy(
            "12 chữ và số, ví dụ ABCD-EFGH-JKLM. Chữ hoa, chữ thường, có gạch hay không đều được."
        ),
        max_length=100,
        error_messages={"required": gettext_lazy("Gõ mã in cạnh hình vuông trên giấy chứng nhận.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_ma(self):
        try:
            return codes.read(self.cleaned_data["ma"])
        except codes.Unreadable as problem:
            raise ValidationError(str(problem)) from problem


class ReasonForm(forms.Form):
    reason = LinesField(
        label=gettext_lazy("Lý do"),
        help_text=gettext_lazy("Người có tên trên giấy đọc được lý do này."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Chưa ghi lý do. Ghi một câu cho người có tên trên giấy hiểu.")
        },
    )


class RevokeForm(ReasonForm):
    number = PaperNumberField(
        label=gettext_lazy("Số quyết định thu hồi"),
        help_text=gettext_lazy("Ghi như trên quyết định, ví dụ 15/QĐ-HKH."),
        error_messages={
            "required": gettext_lazy("Chưa ghi số quyết định. Ghi như trên quyết định, ví dụ 15/QĐ-HKH.")
        },
    )
    revoked_on = DayField(
        label=gettext_lazy("Ngày quyết định thu hồi"),
        help_text=gettext_lazy("Gõ ngày/tháng/năm, ví dụ 20/12/2026."),
        latest=clock.today,
    )
    field_order = ["number", "revoked_on", "reason"]

    def __init__(self, *args, recognition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["revoked_on"].earliest = recognition.valid_from


class ReissueForm(ReasonForm):
    holder_name = LineField(
        label=gettext_lazy("Tên ghi trên giấy mới"),
        max_length=NAME_LENGTH,
        error_messages={"required": gettext_lazy("Chưa ghi tên. Ghi tên như sẽ in trên giấy mới.")},
    )
    place_name = LineField(label=gettext_lazy("Nơi ở, đơn vị"), max_length=2 * NAME_LENGTH, required=False)
    field_order = ["holder_name", "place_name", "reason"]

    def __init__(self, *args, recognition, **kwargs):
        super().__init__(*args, **kwargs)
        self._printed = (recognition.holder_name, recognition.place_name)

    def clean(self):
        given = super().clean()
        if (given.get("holder_name"), given.get("place_name")) == self._printed:
            raise ValidationError(_("Tên và nơi ở giống hệt giấy cũ. Sửa chỗ sai rồi cấp lại."))
        return given
