import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Citizen, Population, SentFile
from audit.encryption import EncryptedTextField


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
