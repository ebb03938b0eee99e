from django import forms
from django.utils.translation import gettext_lazy

from accounts.claim_forms import ClaimForm
from accounts.forms import LONGEST_SIGN_IN_NAME
from vietnamese.fields import LineField


class AskForm(forms.Form):
    username = LineField(
        label=gettext_lazy("Số căn cước, số điện thoại, e-mail hoặc tên tài khoản"),
        max_length=LONGEST_SIGN_IN_NAME,
        error_messages={
            "required": gettext_lazy("Gõ số căn cước, số điện thoại, e-mail hoặc tên tài khoản.")
        },
    )
    username.widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}


class FactForm(forms.Form):
    fact = ClaimForm.base_fields["fact"]
