"""What an association chooses in the list of boards, and types when it takes one over."""

from django import forms
from django.utils.translation import gettext_lazy

from assessments.outlook import Cause
from audit import clock
from vietnamese.fields import DayField, LineField, LinesField


class BoardsForm(forms.Form):
    """The filter of the list. What makes no sense in an address falls back to all."""

    place = LineField(max_length=20, required=False)
    cause = forms.ChoiceField(
        label=gettext_lazy("Nguyên nhân"),
        choices=[(cause, cause) for cause in Cause if cause],
        required=False,
    )

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    @property
    def code(self) -> str:
        return self.cleaned_data.get("place") or ""

    @property
    def chosen_cause(self) -> str:
        return self.cleaned_data.get("cause") or ""


class TakeOverForm(forms.Form):
    valid_to = DayField(
        label=gettext_lazy("Đến hết ngày"),
        help_text=gettext_lazy("Hết ngày ấy thì tự thôi. Thôi sớm hơn được."),
        earliest=clock.today,
    )
    reason = LinesField(
        label=gettext_lazy("Vì sao ban không làm được"),
        help_text=gettext_lazy("Ví dụ: trưởng ban nằm viện. Ban đọc được."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Ghi lý do.")},
    )
