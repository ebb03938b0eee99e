from django.db import models
from django.utils.translation import gettext_lazy as _

VALUE_LENGTH = 100


class Event(models.Model):
    """One thing that was done: who, for whom, when, what, from which value to which, why.

    Plain ids and no foreign keys, so that nothing it tells of can take it along. Each stream (the
    organization acted for, 0 for the portal itself) is a chain of its own: boards never wait for each other.
    What identifies a person, reasons included, stands in `private` as ciphertext under that person's key, or
    where the event is of no citizen, under the portal's own.
    """

    stream = models.BigIntegerField(_("tổ chức"))
    sequence = models.BigIntegerField(_("số thứ tự"))
    at = models.DateTimeField(_("lúc"))
    actor = models.BigIntegerField(_("người làm"), null=True)
    subject = models.BigIntegerField(_("làm cho"), null=True)
    verb = models.CharField(_("việc"), max_length=40)
    object_type = models.CharField(_("loại đối tượng"), max_length=60)
    object_id = models.BigIntegerField(_("số đối tượng"))
    old = models.CharField(_("giá trị cũ"), max_length=VALUE_LENGTH, blank=True)
    new = models.CharField(_("giá trị mới"), max_length=VALUE_LENGTH, blank=True)
    private = models.BinaryField(null=True)
    previous_hash = models.CharField(_("mã băm dòng trước"), max_length=64)
    hash = models.CharField(_("mã băm"), max_length=64)

    class Meta:
        verbose_name = _("sự việc")
        verbose_name_plural = _("nhật ký")
        constraints = [models.UniqueConstraint(fields=["stream", "sequence"], name="event_place_in_stream")]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="event_of_object"),
            models.Index(fields=["subject"], name="event_of_subject"),
        ]

    def __str__(self):
        return f"{self.stream}/{self.sequence} {self.verb}"


class StreamHead(models.Model):
    """The last place and hash of a stream. It stands apart, so that a removed last event shows."""

    stream = models.BigIntegerField(primary_key=True)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self):
        return f"{self.stream}/{self.sequence}"


class PersonKey(models.Model):
    """The key of one person's private values, itself encrypted. Erasing it erases them all.

    The portal's own is number 0.
    """

    subject = models.BigIntegerField(primary_key=True)
    wrapped = models.BinaryField()

    def __str__(self):
        return str(self.subject)
