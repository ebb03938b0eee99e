from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """The last sign of life of a worker or of beat on one host."""

    process = models.CharField(_("tiến trình"), max_length=20)
    host = models.CharField(_("máy"), max_length=255)
    at = models.DateTimeField(_("lúc"))

    class Meta:
        verbose_name = _("dấu hiệu hoạt động")
        verbose_name_plural = _("dấu hiệu hoạt động")
        constraints = [
            models.UniqueConstraint(fields=["process", "host"], name="heartbeat_one_per_process_and_host")
        ]

    def __str__(self):
        return f"{self.process} @ {self.host}"
