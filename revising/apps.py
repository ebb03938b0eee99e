from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RevisingConfig(AppConfig):
    name = "revising"
    verbose_name = _("Thay đổi tiêu chí")
