from axes.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AxesConfig(AppConfig):
    """The package that locks a name after many wrong passwords, under a Vietnamese heading in the admin."""

    verbose_name = _("Đăng nhập sai nhiều lần")
