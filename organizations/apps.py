from django.apps import AppConfig
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from organizations.converters import CodeConverter


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = _("Tổ chức")

    def ready(self):
        register_converter(CodeConverter, "code")
