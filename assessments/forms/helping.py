"""Whom one fills in for and why; whom a board names to do so; and what the person says to it."""

import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import appointing
from accounts.forms import LONGEST_SIGN_IN_NAME
from assessments.forms.citizen import GroupForm
from assessments.models import Asked
from audit import clock
from vietnamese.fields import DayField, LineField, LinesField, NameField

LONGEST = datetime.timedelta(days=366)


class FindForm(forms.Form):
    """Whom to help, by name; nothing typed finds nobody."""

    name = LineField(
        label=gettext_lazy("Họ và tên người cần giúp"),
        help_text=gettext_lazy("Gõ có dấu hay không dấu đều được, ví dụ Nguyen Thi Hoa."),
        max_length=100,
        required=False,
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "aria-describedby": "id_name-goi-y"}
        ),
    )


class BeginForm(GroupForm):
    """The group is asked of who is not registered yet."""

    asked = forms.ChoiceField(
        label=gettext_lazy("Người ấy nhờ bạn thế nào?"),
        choices=Asked,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn người ấy đã nhờ bạn thế nào.")},
    )
    reason = LineField(
        label=gettext_lazy("Vì sao cần giúp"),
        help_text=gettext_lazy("Ví dụ: mắt kém, không có điện thoại. Người ấy đọc được."),
        max_length=300,
        error_messages={"required": gettext_lazy("Ghi vì sao người ấy cần giúp.")},
    )
    field_order = ["asked", "reason", "group"]

    def __init__(self, *args, is_registered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].label = _("Người ấy thuộc nhóm nào?")
        if is_registered:
            del self.fields["group"]


class RefuseForm(forms.Form):
    words = LinesField(
        label=gettext_lazy("Bạn muốn nói gì thêm"),
        help_text=gettext_lazy("Không bắt buộc. Ban, hội khuyến học và người điền giúp đọc được."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HelperForm(forms.Form):
    full_name = NameField(help_text=gettext_lazy("Như trên giấy tờ, ví dụ Nguyễn Thị Hoa."))
    account = LineField(
        label=gettext_lazy("Số căn cước, số điện thoại hoặc e-mail"),
        help_text=gettext_lazy(
            "Đúng số người ấy dùng để đăng nhập. Chưa có tài khoản thì người ấy tự mở trước."
        ),
        max_length=LONGEST_SIGN_IN_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    valid_to = DayField(
        label=gettext_lazy("Đến hết ngày"),
        help_text=gettext_lazy("Nhiều nhất một năm. Hết ngày ấy thì tự thôi."),
        earliest=clock.today,
    )

    def clean(self):
        given = super().clean()
        typed, name = given.get("account"), given.get("full_name")
        if typed and name:
            try:
                given["user"] = appointing.account_of(typed, name)
            except appointing.Refused as refusal:
                self.add_error("account", str(refusal))
            else:
                if given["user"] is None:
                    self.add_error("account", _("Không có tài khoản nào mang cả họ tên và số này."))
        if given.get("valid_to") and given["valid_to"] > clock.today() + LONGEST:
            self.add_error("valid_to", _("Nhiều nhất một năm. Chọn ngày sớm hơn."))
        return given
