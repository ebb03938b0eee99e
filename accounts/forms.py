"""What people type about themselves, and to sign in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Gender, User
from accounts.registration import CONSENT_VERSION, CONSENTS
from accounts.sign_in import is_held
from audit import clock
from vietnamese import identity, names
from vietnamese.fields import DayField, EmailField, IdentityNumberField, LineField, NameField, PhoneField

OLDEST = 120
LONGEST_SIGN_IN_NAME = 254  # an e-mail address


def earliest_birth():
    today = clock.today()
    return today.replace(year=today.year - OLDEST, day=min(today.day, 28))


class ContactForm(forms.Form):
    """One of the two is enough: many older people have no e-mail, some pupils no telephone."""

    phone = PhoneField(
        help_text=gettext_lazy("Ví dụ 0912 345 678. Cả nhà dùng chung một số cũng được."), required=False
    )
    email = EmailField(
        help_text=gettext_lazy("Không có e-mail thì để trống, chỉ cần số điện thoại."), required=False
    )

    def clean(self):
        given = super().clean()
        if not (given.get("phone") or given.get("email") or {"phone", "email"} & self.errors.keys()):
            self.add_error("phone", _("Cần số điện thoại hoặc e-mail. Gõ một trong hai."))
        return given


class WhoForm(ContactForm):
    full_name = NameField(help_text=gettext_lazy("Như trên thẻ căn cước, ví dụ Nguyễn Thị Hoa."))
    birth_date = DayField(
        label=gettext_lazy("Ngày sinh"),
        help_text=gettext_lazy("Ngày/tháng/năm, ví dụ 05/09/1960."),
        earliest=earliest_birth,
        latest=clock.today,
    )
    gender = forms.ChoiceField(
        label=gettext_lazy("Giới tính"),
        choices=Gender,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Chọn giới tính."),
            "invalid_choice": gettext_lazy("Chọn Nữ hoặc Nam."),
        },
    )
    identity_number = IdentityNumberField(
        help_text=gettext_lazy("12 chữ số in trên thẻ căn cước. Cổng giữ kín số này, chỉ hiện 4 số cuối.")
    )

    field_order = ["full_name", "birth_date", "gender", "identity_number", "phone", "email"]

    @property
    def doubts(self):
        """What does not go together in a valid form: to be looked at once more, never refused."""
        person = self.cleaned_data
        return names.doubts(person["full_name"]) + identity.doubts(
            person["identity_number"], person["birth_date"], person["gender"]
        )


class NewPasswordForm(forms.Form):
    password1 = forms.CharField(
        label=gettext_lazy("Mật khẩu"),
        help_text=gettext_lazy("Ít nhất 8 ký tự, không chỉ toàn chữ số. Một câu ngắn là dễ nhớ nhất."),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={
            "required": gettext_lazy("Chưa có mật khẩu. Đặt một mật khẩu ít nhất 8 ký tự."),
            "max_length": gettext_lazy("Mật khẩu dài nhất 200 ký tự. Đặt ngắn lại."),
        },
    )
    password2 = forms.CharField(
        label=gettext_lazy("Gõ lại mật khẩu"),
        help_text=gettext_lazy("Để chắc là không gõ nhầm."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Gõ lại mật khẩu một lần nữa.")},
    )

    def clean_password1(self):
        try:
            validate_password(self.cleaned_data["password1"])
        except ValidationError as complaints:
            raise complaints.error_list[0] from None  # one thing at a time
        return self.cleaned_data["password1"]

    def clean_password2(self):
        typed = self.cleaned_data["password2"]
        if "password1" in self.cleaned_data and typed != self.cleaned_data["password1"]:
            raise ValidationError(_("Hai lần gõ mật khẩu chưa giống nhau. Gõ lại cả hai."))
        return typed


class OpenAccountForm(NewPasswordForm):
    """The last page of the sign-up: one purpose, one box, never ticked beforehand."""

    consent = forms.BooleanField(
        label=gettext_lazy("Đồng ý"),
        help_text=CONSENTS[CONSENT_VERSION],
        error_messages={
            "required": gettext_lazy(
                "Đánh dấu vào ô này nếu bạn đồng ý. Chưa đồng ý thì chưa mở được tài khoản."
            )
        },
    )

    field_order = ["password1", "password2", "consent"]


class FirstSignInForm(NewPasswordForm):
    """How an officer takes over an account: `username` is how it will sign in."""

    full_name = NameField(help_text=gettext_lazy("Tên này hiện bên mọi việc bạn làm trên cổng."))
    username = LineField(
        label=gettext_lazy("Tên tài khoản"),
        help_text=gettext_lazy("Để đăng nhập, ví dụ hoa.nguyen. Có chữ, không dấu cách."),
        max_length=User._meta.get_field("username").max_length,
        validators=User._meta.get_field("username").validators,
        error_messages={"invalid": gettext_lazy("Chỉ dùng chữ, số và các dấu . - _ @ +")},
    )
    username.widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}

    field_order = ["full_name", "username", "password1", "password2"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_username(self):
        username = self.cleaned_data["username"]
        # Sign-in does not mind capitals, so two names may not differ by them alone.
        if User.objects.filter(username__iexact=username).exclude(pk=self.user.pk).exists():
            raise ValidationError(_("Đã có người dùng tên tài khoản này. Chọn tên khác."))
        return username


class ChangePasswordForm(NewPasswordForm):
    old_password = forms.CharField(
        label=gettext_lazy("Mật khẩu đang dùng"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Gõ mật khẩu bạn đang dùng.")},
    )

    field_order = ["old_password", "password1", "password2"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password1"].label = _("Mật khẩu mới")
        self.fields["password2"].label = _("Gõ lại mật khẩu mới")

    def clean_old_password(self):
        typed = self.cleaned_data["old_password"]
        if not self.user.check_password(typed):
            raise ValidationError(_("Đây không phải mật khẩu đang dùng. Gõ lại."))
        return typed


class SignInForm(AuthenticationForm):
    # Says the same of a name nobody bears and of a wrong password.
    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": gettext_lazy(
            "Tên và mật khẩu chưa khớp. Gõ lại cả hai; mật khẩu phân biệt chữ hoa và chữ thường. "
            "Nếu số điện thoại có nhiều người dùng chung, hãy gõ số căn cước."
        ),
        "held": gettext_lazy(
            "Từ mạng bạn đang dùng, một mật khẩu vừa bị thử sai với quá nhiều tên. Có khi là người khác dùng "
            "chung mạng, như ở trường hay trụ sở xã. Cổng chưa xem mật khẩu bạn gõ đúng hay sai. Chờ 15 phút "
            "rồi đăng nhập lại; cần vào ngay thì dùng mạng khác, ví dụ mạng di động của điện thoại."
        ),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        username, password = self.fields["username"], self.fields["password"]
        username.label = _("Số căn cước, số điện thoại, e-mail hoặc tên tài khoản")
        username.widget.attrs |= {"maxlength": LONGEST_SIGN_IN_NAME, "autofocus": False}
        username.error_messages["required"] = _("Gõ số căn cước, số điện thoại, e-mail hoặc tên tài khoản.")
        password.label = _("Mật khẩu")
        password.error_messages["required"] = _("Gõ mật khẩu của bạn.")

    def get_invalid_login_error(self):
        if is_held(self.request, self.cleaned_data["password"]):
            return ValidationError(self.error_messages["held"], code="held")
        return super().get_invalid_login_error()
