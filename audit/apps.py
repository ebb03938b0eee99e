from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Nhật ký")

    def ready(self):
        from audit import triggers

        pre_migrate.connect(triggers.drop_before_migrate, sender=self)
        # Sent when all migrations have run, so the tables of every app stand.
        post_migrate.connect(triggers.create_after_migrate, sender=self)
