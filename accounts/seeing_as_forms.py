"""With whose eyes an officer looks, and why."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import seeing_as
from accounts.forms import LONGEST_SIGN_IN_NAME
from accounts.sign_in import accounts_named
from vietnamese.fields import LineField, LinesField


class SeeAsForm(forms.Form):
    account = LineField(
        label=gettext_lazy("Số căn cước, số điện thoại, e-mail hoặc tên tài khoản"),
        help_text=gettext_lazy("Gõ đúng tên mà người ấy dùng để đăng nhập."),
        max_length=LONGEST_SIGN_IN_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    reason = LinesField(
        label=gettext_lazy("Lý do"),
        help_text=gettext_lazy("Ví dụ: bà gọi hỏi vì không thấy nút Gửi hồ sơ. Người ấy đọc được."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Ghi lý do.")},
    )

    def __init__(self, *args, organization, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.organization, self.by = organization, by
        self.user = None

    def clean_account(self):
        typed = self.cleaned_data["account"]
        named = [user.pk for user in accounts_named(typed) if user != self.by]
        found = list(seeing_as.within_sight(self.organization).filter(pk__in=named))
        if not found:
            raise forms.ValidationError(
                _(
                    "Không thấy ai như vậy trong %(place)s. Người giữ việc ở hội cấp trên hoặc nơi khác thì "
                    "không xem cùng được."
                )
                % {"place": self.organization}
            )
        if len(found) > 1:
            raise forms.ValidationError(_("Nhiều người dùng chung số này. Hãy gõ số căn cước."))
        self.user = found[0]
        return typed
