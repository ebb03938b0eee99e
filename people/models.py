import datetime
import json

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Citizen, Population, SentFile, User
from assessments.models import Campaign
from audit import clock
from audit.encryption import EncryptedTextField
from organizations.models import Change, Organization


class Roster(SentFile):
    """A list of people in an Excel file, sent in by the board or association they belong to.

    `above` and `head` are the rows of the file over the people, sealed: they may name somebody.
    """

    work = models.CharField(_("những người này là"), max_length=10, choices=Population)
    sealed_head = EncryptedTextField()

    class Meta(SentFile.Meta):
        abstract = False
        verbose_name = _("danh sách gửi lên")
        verbose_name_plural = _("danh sách gửi lên")

    def set_head(self, sheet):
        self.sealed_head = json.dumps(
            {"above": sheet.above, "number": sheet.number, "head": sheet.head, "places": sheet.places},
            ensure_ascii=False,
        )

    @property
    def head(self):
        return json.loads(self.sealed_head)


class RowState(models.TextChoices):
    """What will happen with a row, or has."""

    UNREAD = "unread", _("chờ kiểm tra")
    NEW = "new", _("người mới, sẽ thêm")
    JOIN = "join", _("cùng một người, sẽ ghép")
    ASK = "ask", _("cần bạn quyết định")
    HERE = "here", _("đã có trong danh sách")
    BAD = "bad", _("cần sửa")
    ADDED = "added", _("đã thêm")
    JOINED = "joined", _("đã ghép với người đã có")


WAITING = [RowState.NEW, RowState.JOIN]


class RosterRow(models.Model):
    """A row as it was typed, sealed; what the portal says of it; whom it may mean and whom it became.

    `is_other` says that somebody decided: it does not mean `match`, though all the portal knows is alike.
    """

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("dòng"))
    sealed_cells = EncryptedTextField()
    state = models.CharField(_("tình trạng"), max_length=6, choices=RowState, default=RowState.UNREAD)
    verdict = models.TextField(_("kết quả kiểm tra"), blank=True)
    match = models.ForeignKey(Citizen, models.SET_NULL, null=True, related_name="+")
    is_other = models.BooleanField(default=False)
    citizen = models.ForeignKey(Citizen, models.SET_NULL, null=True, related_name="roster_rows")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["roster", "number"], name="roster_row_once")]
        indexes = [models.Index(fields=["roster", "state"], name="roster_rows_by_state")]

    def __str__(self):
        return f"{self.roster_id} {self.number}"

    @property
    def cells(self):
        return json.loads(self.sealed_cells)

    @cells.setter
    def cells(self, cells):
        self.sealed_cells = json.dumps(cells, ensure_ascii=False)


class TransferKind(models.TextChoices):
    MOVE = "move", _("chuyển nơi")
    LEAVE = "leave", _("thôi làm việc, học tập ở đơn vị")
    AWAY = "away", _("đã chuyển đi nơi khác")
    DIED = "died", _("đã mất")
    MERGE = "merge", _("gộp hai lần ghi của một người")


UNDO_WITHIN = datetime.timedelta(days=30)
GONE = [TransferKind.AWAY, TransferKind.DIED, TransferKind.MERGE]  # from every list


class Transfer(models.Model):
    """One step that took people from one place to another, or from the lists; it can be undone whole.

    `organization` is the one whose list they were on. The old values stand in its changes.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="transfers")
    kind = models.CharField(_("việc"), max_length=5, choices=TransferKind)
    target = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    day = models.DateField(_("từ ngày"), default=clock.today)
    reason = models.CharField(_("lý do"), max_length=200)
    # That an identity number went from one row of a person to the other: the changes hold no numbers.
    number_moved = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("ghi lúc"), default=clock.now)
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_reason = models.CharField(_("lý do hoàn tác"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("lần chuyển người")
        verbose_name_plural = _("lần chuyển người")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="transfer_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="transfer_undone_by_somebody",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.day}"

    def can_undo(self, now) -> bool:
        """Who left the lists is brought back whenever it was a mistake; a move is settled after a while."""
        is_late = self.kind not in GONE and now >= self.at + UNDO_WITHIN
        return self.undone_at is None and not is_late

    def get_absolute_url(self):
        return reverse("people:transfer", args=[self.organization.code, self.pk])


class TransferChange(Change):
    """What a transfer did."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="changes")

    class Meta(Change.Meta):
        abstract = False


class Moved(models.Model):
    """One of the people of a transfer: who confirmed them before, and who does since."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="moved")
    citizen = models.ForeignKey(Citizen, models.CASCADE, related_name="transfers")
    source = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    target = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transfer", "citizen"], name="moved_once")]

    def __str__(self):
        return f"{self.transfer_id} {self.citizen_id}"


class NotTheSameQuerySet(models.QuerySet):
    def of(self, one, other):
        first, second = sorted([one.pk, other.pk])
        return self.filter(first=first, second=second)

    def tell(self, one, other, *, by):
        first, second = sorted([one, other], key=lambda citizen: citizen.pk)
        return self.get_or_create(first=first, second=second, defaults={"by": by})


class NotTheSame(models.Model):
    """Somebody said that two who are alike are two people; `first` came first."""

    first = models.ForeignKey(Citizen, models.CASCADE, related_name="+")
    second = models.ForeignKey(Citizen, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("lúc"), default=clock.now)

    objects = NotTheSameQuerySet.as_manager()

    class Meta:
        verbose_name = _("hai người khác nhau")
        verbose_name_plural = _("hai người khác nhau")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_the_same_once"),
            models.CheckConstraint(name="not_the_same_in_order", condition=Q(first__lt=models.F("second"))),
        ]

    def __str__(self):
        return f"{self.first}, {self.second}"


class NudgeKind(models.TextChoices):
    MESSAGE = "message", _("tin nhắn")
    CALL = "call", _("gọi điện, gặp")


class Nudge(models.Model):
    """Somebody who had not registered was reminded of it, by a message or by word of mouth."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("năm"))
    citizen = models.ForeignKey(Citizen, models.CASCADE, related_name="nudges")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    kind = models.CharField(_("cách nhắc"), max_length=7, choices=NudgeKind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người nhắc"))
    at = models.DateTimeField(_("nhắc lúc"), default=clock.now)

    class Meta:
        verbose_name = _("lời nhắc đăng ký")
        verbose_name_plural = _("lời nhắc đăng ký")
        indexes = [models.Index(fields=["citizen", "campaign", "at"], name="nudges_of_citizen")]

    def __str__(self):
        return f"{self.citizen_id} {self.kind}"
