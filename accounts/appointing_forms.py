"""Who is appointed as what for how long, and when it ends."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import appointing
from accounts.forms import LONGEST_SIGN_IN_NAME
from audit import clock
from vietnamese.fields import DayField, LineField, LinesField, NameField


class AppointForm(forms.Form):
    full_name = NameField(help_text=gettext_lazy("Như trên giấy tờ, ví dụ Nguyễn Thị Hoa."))
    account = LineField(
        label=gettext_lazy("Số căn cước, số điện thoại hoặc e-mail"),
        help_text=gettext_lazy(
            "Người ấy đã có tài khoản thì gõ đúng số người ấy dùng. Chưa có thì để trống: cổng in một phiếu "
            "để người ấy tự đặt mật khẩu."
        ),
        max_length=LONGEST_SIGN_IN_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Vai trò"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn vai trò.")},
    )
    valid_from = DayField(label=gettext_lazy("Từ ngày"), earliest=clock.today)
    valid_to = DayField(
        label=gettext_lazy("Đến hết ngày"),
        help_text=gettext_lazy("Chưa biết thì để trống."),
        earliest=clock.today,
        required=False,
    )

    def __init__(self, *args, organization, **kwargs):
        super().__init__(*args, **kwargs)
        roles = appointing.ROLES_AT[organization.kind]
        self.fields["role"].choices = [(role.value, role.label.capitalize()) for role in roles]
        self.fields["role"].initial = roles[0] if len(roles) == 1 else None
        self.fields["valid_from"].initial = clock.today()

    def clean(self):
        given = super().clean()
        typed, name = given.get("account"), given.get("full_name")
        if not typed or not name:
            return given
        try:
            given["user"] = appointing.account_of(typed, name)
        except appointing.Refused as refusal:
            self.add_error("account", str(refusal))
        else:
            if given["user"] is None:
                self.add_error(
                    "account",
                    _(
                        "Không có tài khoản nào mang cả họ tên và số này. Xem lại cả hai; người ấy chưa có "
                        "tài khoản thì để trống ô này."
                    ),
                )
        return given

    @property
    def who(self):
        return self.cleaned_data.get("user") or self.cleaned_data["full_name"]


class EndForm(forms.Form):
    last_day = DayField(
        label=gettext_lazy("Ngày cuối"),
        help_text=gettext_lazy("Ví dụ 31/12/2026. Để trống: thôi ngay bây giờ."),
        earliest=clock.today,
        required=False,
    )
    reason = LinesField(
        label=gettext_lazy("Lý do"),
        help_text=gettext_lazy("Ví dụ: chuyển công tác. Người ấy đọc được."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Ghi lý do.")},
    )
    understood = forms.BooleanField(
        label=gettext_lazy("Tôi biết ban sẽ không còn ai xác nhận điểm."),
        error_messages={
            "required": gettext_lazy(
                "Đây là người cuối cùng của ban. Đánh dấu ô này, hoặc phân công người khác trước."
            )
        },
    )

    def __init__(self, *args, seat, **kwargs):
        super().__init__(*args, **kwargs)
        self.leaves_nobody = appointing.leaves_nobody(seat)
        if not self.leaves_nobody:
            del self.fields["understood"]
