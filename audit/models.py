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
    """The last place and hash of a stream. It stands apart, so that a removed last event shows.

    `quiet` counts the events, of those written since there is this counter, that changed nothing anybody
    counts or lists (events.QUIET).
    """

    stream = models.BigIntegerField(primary_key=True)
    sequence = models.BigIntegerField(default=0)
    quiet = models.BigIntegerField(default=0, db_default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self):
        return f"{self.stream}/{self.sequence}"


class Seal(models.Model):
    """The heads of all streams at the end of a day, in one hash to be copied outside the database.

    It is taken over the heads that moved since the seal before (SealedHead) and that seal's own hash, and so
    over all heads there are: whoever rewrites a stream together with its head contradicts a seal.
    """

    day = models.DateField(_("ngày"), unique=True)
    at = models.DateTimeField(_("niêm phong lúc"))
    streams = models.BigIntegerField(_("số chuỗi"))
    moved = models.BigIntegerField(_("số chuỗi có việc mới"))
    heads_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(_("dấu niêm phong"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("niêm phong")
        verbose_name_plural = _("niêm phong")
        ordering = ["-day"]

    def __str__(self):
        return f"{self.day} {self.hash}"


class SealedHead(models.Model):
    """Where a stream ended when a day was sealed. Plain ids: it outlives whatever is removed."""

    day = models.DateField()
    stream = models.BigIntegerField()
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "sequence"], name="sealed_head_once")]
        indexes = [models.Index(fields=["day", "stream"], name="sealed_head_of_day")]

    def __str__(self):
        return f"{self.day} {self.stream}/{self.sequence}"


class CheckState(models.TextChoices):
    QUEUED = "queued", _("đang chờ")
    RUNNING = "running", _("đang kiểm tra")
    DONE = "done", _("đã xong")


class Check(models.Model):
    """One reading of the whole record by a worker: how far it is, and what it found.

    Everything before `stream` is checked, and that stream up to `sequence`, where its hash was
    `sequence_hash`: a run that dies is taken up there.
    """

    asked_at = models.DateTimeField(_("yêu cầu lúc"))
    asked_by = models.BigIntegerField(_("người yêu cầu"), null=True)
    state = models.CharField(_("tình trạng"), max_length=7, choices=CheckState, default=CheckState.QUEUED)
    claim = models.CharField(max_length=16, blank=True)
    heartbeat_at = models.DateTimeField(_("còn chạy lúc"), null=True)
    stream = models.BigIntegerField(null=True)
    sequence = models.BigIntegerField(default=0)
    sequence_hash = models.CharField(max_length=64, blank=True)
    read = models.BigIntegerField(_("số việc đã đọc"), default=0)
    expected = models.BigIntegerField(_("số việc cần đọc"), default=0)
    found = models.BigIntegerField(_("số lỗi"), default=0)
    faults = models.TextField(_("các lỗi"), blank=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True)

    class Meta:
        verbose_name = _("lần kiểm tra")
        verbose_name_plural = _("lần kiểm tra")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.asked_at:%Y-%m-%d %H:%M} {self.get_state_display()}"

    @property
    def is_open(self):
        return self.state in (CheckState.QUEUED, CheckState.RUNNING)


class PersonKey(models.Model):
    """The key of one person's private values, itself encrypted. Erasing it erases them all.

    The portal's own is number 0.
    """

    subject = models.BigIntegerField(primary_key=True)
    wrapped = models.BinaryField()

    def __str__(self):
        return str(self.subject)


class Sight(models.TextChoices):
    """What of a person's data was put before somebody else's eyes."""

    RECORD = "record", _("hồ sơ")
    FILE = "file", _("tệp minh chứng")
    LIST = "list", _("danh sách có tên")
    EXPORT = "export", _("tệp xuất ra")
    EYES = "eyes", _("xem cùng, như người ấy thấy")


class LookQuerySet(models.QuerySet):
    def at_record(self, pk):
        return self.filter(record=pk)

    def at_person(self, pk, places=()):
        """Those at a person, be it alone or in a list, and the files about whole places that are theirs."""
        alone = Look.objects.filter(subject=pk).order_by().values("pk")
        listed = ListedPerson.objects.filter(subject=pk).values("look")
        of_places = Look.objects.filter(sight=Sight.EXPORT, place__in=places).order_by().values("pk")
        return self.filter(pk__in=alone.union(listed, of_places))

    def latest_first(self):
        return self.order_by("-at", "-pk")


class Look(models.Model):
    """One page or file that showed somebody's data to another person. Unchained, and in plain ids.

    `subject` and `record` where it was of one person; whom a page of a list named stands in ListedPerson. A
    file about a whole place names nobody here: it tells the place. `organization` is the one acted for.
    """

    at = models.DateTimeField(_("lúc"))
    viewer = models.BigIntegerField(_("người xem"), null=True)
    organization = models.BigIntegerField(_("xem cho tổ chức"), null=True)
    sight = models.CharField(_("xem gì"), max_length=6, choices=Sight)
    page = models.CharField(_("trang"), max_length=60)
    subject = models.BigIntegerField(_("của ai"), null=True)
    record = models.BigIntegerField(_("hồ sơ"), null=True)
    place = models.BigIntegerField(_("của nơi nào"), null=True)
    code = models.CharField(_("mã tệp"), max_length=12, blank=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("lượt xem")
        verbose_name_plural = _("lượt xem")
        indexes = [
            models.Index(
                fields=["record", "at"], name="look_at_record", condition=models.Q(record__isnull=False)
            ),
            models.Index(
                fields=["subject"], name="look_at_person", condition=models.Q(subject__isnull=False)
            ),
            models.Index(fields=["place"], name="look_at_place", condition=models.Q(sight="export")),
        ]

    def __str__(self):
        return f"{self.viewer} {self.page} {self.at:%Y-%m-%d %H:%M}"


class ListedPerson(models.Model):
    """One of the people whom a page of a list named."""

    look = models.ForeignKey(Look, models.CASCADE, related_name="listed")
    subject = models.BigIntegerField(db_index=True)

    def __str__(self):
        return f"{self.look_id}: {self.subject}"
