from django.conf import settings
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


class ParkedForm(models.Model):
    """What somebody typed on a page and could not save: sealed, shown to them alone. See parking.py."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("người gõ"))
    page = models.TextField(_("trang"))
    action = models.TextField(_("nơi gửi"))
    why = models.CharField(_("vì sao"), max_length=20)
    sealed = models.BinaryField(_("chữ đã gõ"))
    at = models.DateTimeField(_("lúc"), db_index=True)

    class Meta:
        verbose_name = _("chữ gõ dở")
        verbose_name_plural = _("chữ gõ dở")
        constraints = [
            models.UniqueConstraint(fields=["owner", "page"], name="parked_form_one_per_owner_and_page")
        ]

    def __str__(self):
        return self.page
