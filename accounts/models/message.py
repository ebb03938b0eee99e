from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.citizen import Citizen
from accounts.models.user import User
from audit import clock


class MessageQuerySet(models.QuerySet):
    def for_user(self, user):
        """The inbox: what was told to the account and to its citizen."""
        # Each side by its own index: one OR over two tables would read every message there is.
        own = Message.objects.filter(user=user).order_by().values("pk")
        of_citizen = Message.objects.filter(citizen__user=user).order_by().values("pk")
        return self.filter(pk__in=own.union(of_citizen))

    def unread(self):
        return self.filter(read_at=None)

    def mark_read(self):
        """Note that these were read now. Returns how many were not before."""
        return self.unread().update(read_at=clock.now())

    def tell(self, messages):
        """Write the notices in the caller's transaction; a key that was told already is not told again."""
        return self.bulk_create(messages, batch_size=1000, ignore_conflicts=True)


class Message(models.Model):
    """A notice to a citizen, with or without an account, or to an account.

    A row first, so that a dead mail server loses nothing. `key` names the occasion, so that work which runs
    twice tells once; its first word is the kind of notice. `planned_at`: since when it is settled by which
    channels it leaves the portal.
    """

    citizen = models.ForeignKey(
        Citizen, models.CASCADE, null=True, related_name="messages", verbose_name=_("người dân")
    )
    user = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="messages", verbose_name=_("tài khoản")
    )
    key = models.CharField(_("mã"), max_length=80, unique=True)
    subject = models.CharField(_("tiêu đề"), max_length=200)
    body = models.TextField(_("nội dung"))
    link = models.CharField(_("trang liên quan"), max_length=200, blank=True)
    at = models.DateTimeField(_("lúc"), default=clock.now)
    read_at = models.DateTimeField(_("đọc lúc"), null=True)
    planned_at = models.DateTimeField(_("đã tính cách gửi lúc"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("tin nhắn")
        verbose_name_plural = _("tin nhắn")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["id"], name="message_to_plan", condition=Q(planned_at=None))]
        constraints = [
            models.CheckConstraint(
                name="message_to_one",
                condition=Q(citizen=None, user__isnull=False) | Q(citizen__isnull=False, user=None),
            ),
        ]

    def __str__(self):
        return self.subject
