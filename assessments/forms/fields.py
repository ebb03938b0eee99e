from django import forms
from django.utils.translation import gettext_lazy


class PassField(forms.TypedChoiceField):
    """Passed or not, of what is judged without points."""

    PASS, FAIL = "pass", "fail"
    widget = forms.RadioSelect
    what_to_do = gettext_lazy("Chọn Đạt hoặc Không đạt.")

    def __init__(self, **kwargs):
        super().__init__(
            choices=[(self.PASS, gettext_lazy("Đạt")), (self.FAIL, gettext_lazy("Không đạt"))],
            coerce=lambda value: value == self.PASS,
            empty_value=None,
            error_messages={"required": self.what_to_do, "invalid_choice": self.what_to_do},
            **kwargs,
        )

    def prepare_value(self, value):
        return {True: self.PASS, False: self.FAIL}.get(value, value)
