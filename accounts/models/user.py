import re

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from audit import clock

# Without 0/O, 1/I: it may be read aloud over the telephone.
READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_username():
    """An account name that says nothing of its holder."""
    return "cd-" + get_random_string(8, READABLE)


def not_a_number(value):
    """A number would be a telephone or identity number, and those never stand in clear in tables and logs."""
    if re.sub(r"[-+.@_\s]", "", value).isdigit():
        raise ValidationError(_("Tên tài khoản cần có chữ, không dùng số điện thoại hay số căn cước."))


class User(AbstractBaseUser, PermissionsMixin):
    """Who signs in. Citizens are found through their Citizen; `email` is for officers who have none.

    Until `parked_until` pages ask for what was typed and not saved (portal/parking.py); of others none asks.
    """

    username = models.CharField(
        _("tên tài khoản"),
        max_length=60,
        unique=True,
        default=new_username,
        validators=[
            RegexValidator(r"^[\w.@+-]+\Z", _("Chỉ dùng chữ, số và các dấu . - _ @ +")),
            not_a_number,
        ],
    )
    full_name = models.CharField(_("họ và tên"), max_length=100)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("đang dùng"), default=True)
    is_staff = models.BooleanField(_("vào trang quản trị"), default=False)
    date_joined = models.DateTimeField(_("mở lúc"), default=clock.now)
    parked_until = models.DateTimeField(_("còn chữ gõ dở đến"), null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")
        indexes = [
            models.Index(Lower("username"), name="user_of_username"),
            models.Index(Lower("email"), name="user_of_email"),
        ]

    def __str__(self):
        return self.full_name or self.username
