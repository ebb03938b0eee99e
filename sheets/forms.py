from django import forms
from django.utils.translation import gettext_lazy

from criteria.models import Group
from sheets.models import Order


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
