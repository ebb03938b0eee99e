"""How each notice leaves the house, and what became of it. The words stay where they are: in the Message."""

import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Citizen, Message, User

DEAD_AFTER = datetime.timedelta(minutes=2)  # a worker that gave no sign of life about a parcel for so long
LISTED_FOR = datetime.timedelta(days=90)  # what came to nobody for so long is nobody's work any more


class Channel(models.TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mail")
    NONE = "none", _("không có cách nào")


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("chờ gửi")
    HELD = "held", _("để dồn sang hôm sau")
    SENDING = "sending", _("đang gửi")
    SENT = "sent", _("đã gửi")
    DROPPED = "dropped", _("không cần gửi nữa")
    FAILED = "failed", _("không gửi được")


class Why(models.TextChoices):
    """Why it was dropped or failed."""

    NEEDLESS = "needless", _("việc đã xong")
    READ = "read", _("đã đọc trên cổng")
    NOT_WANTED = "not_wanted", _("người nhận đã tắt")
    DEPARTED = "departed", _("đã rời danh sách")
    NO_CONTACT = "no_contact", _("chưa có số di động và e-mail")
    REFUSED = "refused", _("địa chỉ không nhận được")
    GAVE_UP = "gave_up", _("gửi nhiều lần không được")


WAITING = [DeliveryState.QUEUED, DeliveryState.HELD]
OPEN = [*WAITING, DeliveryState.SENDING]
IS_OPEN = Q(next_at__isnull=False)


class DeliveryQuerySet(models.QuerySet):
    def due(self, now):
        """What is to be sent now, and what a worker that died was sending."""
        return self.filter(next_at__lte=now).exclude(
            state=DeliveryState.SENDING, claimed_at__gte=now - DEAD_AFTER
        )

    def unreached(self, now):
        """What matters and came to nobody: it failed on every way, and nobody read it or was told it.

        Nor has the person been reached by anything since.
        """
        others = Delivery.objects.filter(message=OuterRef("message"), state__in=[*OPEN, DeliveryState.SENT])
        since = Delivery.objects.filter(
            citizen=OuterRef("citizen"), state=DeliveryState.SENT, sent_at__gt=OuterRef("message__at")
        )
        return self.filter(
            ~Exists(others),
            ~Exists(since),
            matters=True,
            state=DeliveryState.FAILED,
            told_at=None,
            message__read_at=None,
            message__at__gt=now - LISTED_FOR,
        )


class Delivery(models.Model):
    """A notice on one channel, to the person it is for.

    What leaves together to one person is one parcel; its key is the same however often it has to be sent, so
    that a gateway can tell a repetition. `channel` is none where the person can be reached by no channel.
    `next_at` is when it may be tried, and empty once it is over.
    """

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", verbose_name=_("tin"))
    citizen = models.ForeignKey(Citizen, models.CASCADE, null=True, related_name="deliveries")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="deliveries")
    channel = models.CharField(_("cách gửi"), max_length=5, choices=Channel)
    matters = models.BooleanField(_("cần đến tay người nhận"), default=False)
    is_urgent = models.BooleanField(_("gửi ngay"), default=False)
    state = models.CharField(
        _("tình trạng"), max_length=7, choices=DeliveryState, default=DeliveryState.QUEUED
    )
    why = models.CharField(_("vì sao"), max_length=10, choices=Why, blank=True)
    parcel = models.UUIDField(_("lần gửi"), null=True)
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    next_at = models.DateTimeField(_("thử lúc"), null=True)
    claimed_at = models.DateTimeField(_("còn gửi lúc"), null=True)
    sent_at = models.DateTimeField(_("gửi lúc"), null=True)
    reference = models.CharField(_("mã của nơi gửi"), max_length=100, blank=True)
    told_at = models.DateTimeField(_("báo trực tiếp lúc"), null=True)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần gửi tin")
        verbose_name_plural = _("các lần gửi tin")
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once"),
            models.CheckConstraint(
                name="delivery_to_one",
                condition=Q(citizen=None, user__isnull=False) | Q(citizen__isnull=False, user=None),
            ),
            models.CheckConstraint(
                name="delivery_open_or_over",
                condition=IS_OPEN & Q(state__in=OPEN) | Q(next_at=None) & ~Q(state__in=OPEN),
            ),
            models.CheckConstraint(
                name="delivery_told_by_somebody",
                condition=Q(told_at=None, told_by=None) | Q(told_at__isnull=False, told_by__isnull=False),
            ),
        ]
        # Their conditions ask for NULL alone: SQLite takes no other from a query.
        indexes = [
            models.Index(fields=["channel", "next_at", "id"], name="delivery_due", condition=IS_OPEN),
            models.Index(fields=["is_urgent", "next_at"], name="delivery_due_at_night", condition=IS_OPEN),
            models.Index(fields=["parcel"], name="delivery_parcel", condition=IS_OPEN),
            models.Index(
                fields=["channel", "sent_at"], name="delivery_sent", condition=Q(sent_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.message_id} {self.channel} {self.state}"

    @property
    def person(self):
        """Whom it is for, as a key."""
        return ("citizen", self.citizen_id) if self.citizen_id else ("user", self.user_id)


class NotWanted(models.Model):
    """A person does not want a channel. The portal's own inbox cannot be switched off."""

    user = models.ForeignKey(User, models.CASCADE, related_name="channels_off", verbose_name=_("tài khoản"))
    channel = models.CharField(_("cách gửi"), max_length=5, choices=Channel)

    class Meta:
        verbose_name = _("cách gửi đã tắt")
        verbose_name_plural = _("các cách gửi đã tắt")
        constraints = [models.UniqueConstraint(fields=["user", "channel"], name="channel_off_once")]

    def __str__(self):
        return f"{self.user_id} {self.channel}"
