from django.db import models
from django.utils.translation import gettext_lazy as _


class Guessing(models.Model):
    """How often a network has guessed since a moment. `network` is a keyed digest, another for each thing."""

    network = models.CharField(_("mạng"), max_length=32, unique=True)
    since = models.DateTimeField(_("từ lúc"))
    misses = models.PositiveIntegerField(_("số lần gõ dò"), default=1)

    class Meta:
        verbose_name = _("mạng gõ dò")
        verbose_name_plural = _("những mạng gõ dò")

    def __str__(self):
        return f"{self.network}: {self.misses}"
