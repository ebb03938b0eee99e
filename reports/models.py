import datetime

from django.db import models
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Population, User
from accounts.models.user import READABLE
from assessments.models import Campaign, Window, WindowStep
from audit import clock
from criteria.models import Level
from organizations.models import Organization
from reports.report_forms.names import NAMING_PEOPLE, FormName
from reports.typed.models import TypedFigures
from vietnamese import dates, numbers

__all__ = [
    "ExportJob",
    "JobState",
    "OpenTables",
    "Report",
    "SavedTable",
    "Sheet",
    "Snapshot",
    "Target",
    "TypedFigures",
    "WeeklyReader",
    "WeeklyReport",
]


class Report(models.TextChoices):
    CITIZENS = "citizens", _("Danh sách hồ sơ")
    SUMMARY = "summary", _("Bảng tổng hợp")
    EXTENSIONS = "extensions", _("Danh sách gia hạn")
    UNITS = "units", _("Danh sách đơn vị")
    FINDINGS = "findings", _("Kết quả hậu kiểm")
    FORM = "form", _("Biểu, danh sách")


NAMES_NOBODY = [Report.SUMMARY, Report.UNITS, Report.FINDINGS]
# In the query of a job: which form, and in what kind of file, without it Excel; of findings which sample.
FORM, FILE, PDF, DRAW = "bieu", "tep", "pdf", "mau"


class JobState(models.TextChoices):
    QUEUED = "queued", _("đang chờ")
    RUNNING = "running", _("đang ghi")
    DONE = "done", _("đã xong")
    FAILED = "failed", _("không ghi được")
    REMOVED = "removed", _("đã xóa sau 7 ngày")


class Fault(models.TextChoices):
    """Why a file was not written; an error of the portal itself where nothing is said."""

    NO_ROOM = "no_room", _("máy chủ hết chỗ lưu tệp")
    TOO_LONG = "too_long", _("quá nhiều dòng cho một tệp Excel")
    NO_RIGHT = "no_right", _("người xuất không còn phụ trách nơi ấy")


KEPT = datetime.timedelta(days=7)
OPEN_STATES = [JobState.QUEUED, JobState.RUNNING]


def new_code():
    """What a file is called by, on the screen and printed in it; says nothing and cannot be guessed."""
    return get_random_string(10, READABLE)


class ExportJob(models.Model):
    """One file that left the portal, or is about to: what was asked for, by whom, and how far it is.

    Small files are written at once and only noted here; `file` names what the portal itself keeps. `claim` is
    the run that writes now: a run that lost it leaves nothing behind. By `question` and `data_version` a kept
    file is given again; by `traces`, `signature` and `public_key` it is known when it comes back (proof).
    """

    code = models.CharField(_("mã tệp"), max_length=12, unique=True, default=new_code)
    report = models.CharField(_("báo cáo"), max_length=10, choices=Report)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("tổ chức")
    )
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("năm"))
    query = models.JSONField(_("lọc"), default=dict, blank=True)
    is_full = models.BooleanField(_("đủ số căn cước"), default=False)
    reason = models.TextField(_("lý do"), blank=True)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="exports", verbose_name=_("người xuất")
    )
    state = models.CharField(_("tình trạng"), max_length=8, choices=JobState, default=JobState.QUEUED)
    asked_at = models.DateTimeField(_("yêu cầu lúc"), default=clock.now)
    sent_at = models.DateTimeField(_("giao việc lúc"), null=True)
    claim = models.CharField(_("mã nhận việc"), max_length=16, blank=True)
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    heartbeat_at = models.DateTimeField(_("còn chạy lúc"), null=True)
    rows_expected = models.PositiveIntegerField(_("số dòng cần ghi"), default=0)
    rows = models.PositiveIntegerField(_("số dòng đã ghi"), default=0)
    finished_at = models.DateTimeField(_("xong lúc"), null=True)
    file = models.CharField(_("tệp"), max_length=60, blank=True)
    checksum = models.CharField(_("mã kiểm tra"), max_length=64, blank=True)
    question = models.CharField(_("dấu của điều được hỏi"), max_length=64, blank=True)
    data_version = models.CharField(_("dấu của số liệu"), max_length=64, blank=True)
    fault = models.CharField(_("vì sao không ghi được"), max_length=8, choices=Fault, blank=True)
    traces = models.CharField(_("mã của trang ẩn"), max_length=64, blank=True)
    signature = models.CharField(_("chữ ký"), max_length=128, blank=True)
    public_key = models.CharField(_("khóa công khai"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("tệp đã xuất")
        verbose_name_plural = _("tệp đã xuất")
        constraints = [
            models.UniqueConstraint(
                name="one_open_export_a_question",
                fields=["by", "question"],
                condition=models.Q(state__in=["queued", "running"]) & ~models.Q(question=""),
            ),
            models.CheckConstraint(
                name="export_in_full_says_why", condition=models.Q(is_full=False) | ~models.Q(reason="")
            ),
        ]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="export_open")]

    def __str__(self):
        return f"{self.get_report_display()} {self.code}"

    @property
    def form(self) -> FormName | None:
        return FormName(self.query[FORM]) if self.report == Report.FORM else None

    @property
    def names_people(self) -> bool:
        return self.form in NAMING_PEOPLE if self.form else self.report not in NAMES_NOBODY

    @property
    def is_pdf(self) -> bool:
        return self.query.get(FILE) == PDF

    @property
    def title(self):
        """'Danh sách hồ sơ năm 2026, Tỉnh Hà Tĩnh'."""
        return gettext("%(report)s năm %(year)s, %(organization)s") % {
            "report": self.form.label if self.form else self.get_report_display(),
            "year": self.campaign.year,
            "organization": self.organization.full_name,
        }

    @property
    def is_open(self):
        return self.state in OPEN_STATES

    @property
    def is_about_records(self):
        return self.report == Report.CITIZENS

    @property
    def kept_until(self) -> datetime.datetime | None:
        return self.finished_at + KEPT if self.finished_at else None

    @property
    def failed_words(self):
        """Why there is no file, and what to do."""
        said = {
            Fault.NO_ROOM: gettext("Máy chủ đã hết chỗ lưu tệp. Báo người quản trị cổng, rồi xuất lại."),
            Fault.TOO_LONG: gettext("Nhiều dòng hơn một tệp Excel chứa được. Chọn một đơn vị hoặc một nhóm."),
            Fault.NO_RIGHT: gettext("Bạn không còn phụ trách nơi này nên cổng không giao tệp."),
        }
        words = gettext(
            "Cổng đã thử %(count)d lần. Hãy xuất lại, hoặc báo người quản trị cổng mã tệp %(code)s."
        )
        return said.get(self.fault) or words % {"count": self.attempts, "code": self.code}

    @property
    def file_name(self):
        """What the file is called on the computer it is saved to."""
        slugs = {
            Report.CITIZENS: "danh-sach",
            Report.SUMMARY: "tong-hop",
            Report.EXTENSIONS: "gia-han",
            Report.UNITS: "don-vi",
            Report.FINDINGS: "hau-kiem",
        }
        slug = self.form.value if self.form else slugs[self.report]
        era_apart = self.organization.code.replace("@", "-")
        return f"{slug}-{era_apart}-{self.campaign.year}-{self.code}.{PDF if self.is_pdf else 'xlsx'}"


class Snapshot(models.Model):
    """The signed file of a province's year, number 0, or what changed since the file before (an addendum).

    `seal` and `previous` are what the file prints of the newest seal and of the file before it. By
    `public_key` the signature is checked, whatever key signs today; its event holds it too.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+", verbose_name=_("năm"))
    level = models.CharField(_("danh hiệu"), max_length=10, choices=Level, default=Level.CITIZEN)
    province = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("tỉnh, thành phố")
    )
    number = models.PositiveIntegerField(_("số"), default=0)
    as_of = models.DateTimeField(_("số liệu lúc"))
    state = models.CharField(_("tình trạng"), max_length=8, choices=JobState, default=JobState.QUEUED)
    claim = models.CharField(max_length=16, blank=True)
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    heartbeat_at = models.DateTimeField(_("còn chạy lúc"), null=True)
    rows = models.PositiveIntegerField(_("số hồ sơ"), default=0)
    seal = models.CharField(_("dấu niêm phong"), max_length=80, blank=True)
    previous = models.CharField(_("tệp trước"), max_length=64, blank=True)
    checksum = models.CharField(_("mã kiểm tra"), max_length=64, blank=True)
    signature = models.CharField(_("chữ ký"), max_length=128, blank=True)
    public_key = models.CharField(_("khóa công khai"), max_length=64, blank=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True)

    class Meta:
        verbose_name = _("tệp chốt năm")
        verbose_name_plural = _("tệp chốt năm")
        ordering = ["-campaign__year", "province__name_sort", "number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "level", "province", "number"], name="snapshot_once"),
        ]

    def __str__(self):
        return self.file_name

    @property
    def file_name(self):
        kind = f"bo-sung-{self.number}" if self.number else "chot-nam"
        code = self.province.code_on(self.closing_day).replace("@", "-")
        return f"{kind}-{code}-{self.campaign.year}-{self.level}.jsonl"

    @cached_property
    def closing_day(self) -> datetime.date:
        """The last day of the confirmation: whatever the file calls by code or name, it calls as of then."""
        window = Window.objects.in_effect(WindowStep.CONFIRMATION, self.campaign, self.level, self.province)
        return dates.last_day(window.closes_at)

    def of_same_year(self):
        return Snapshot.objects.filter(campaign=self.campaign, level=self.level, province=self.province)

    def before(self):
        """The file before this one, or None."""
        return self.of_same_year().filter(number__lt=self.number).order_by("number").last()


class Sheet(models.Model):
    """Figures of an organization that took long to count, kept with the moment they are of.

    `claimed_at` is when a worker last began to count them anew. It can always be thrown away.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    # Which figures: "" those of this moment, else those of a past day (as_at.Moment.key).
    about = models.CharField(max_length=30, blank=True)
    counted_at = models.DateTimeField(_("đếm lúc"), null=True)
    seconds = models.FloatField(_("đếm mất"), default=0)
    claimed_at = models.DateTimeField(null=True)
    figures = models.JSONField(null=True)

    class Meta:
        verbose_name = _("số liệu đếm sẵn")
        verbose_name_plural = _("số liệu đếm sẵn")
        constraints = [
            models.UniqueConstraint(fields=["organization", "campaign", "about"], name="sheet_once"),
        ]

    def __str__(self):
        return f"{self.organization} {self.campaign} {self.about}".strip()


class SavedTable(models.Model):
    """The choices of a free table under a name, kept by one person; shared with all below."""

    name = models.CharField(_("tên bảng"), max_length=100)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("của"))
    query = models.JSONField(_("lựa chọn"))
    is_shared = models.BooleanField(_("dùng chung"), default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="saved_tables", verbose_name=_("người lưu"))
    at = models.DateTimeField(_("lưu lúc"), default=clock.now)

    class Meta:
        verbose_name = _("bảng đã lưu")
        verbose_name_plural = _("bảng đã lưu")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class Whom(models.TextChoices):
    """Whose share a target is of, of the citizens' title."""

    EVERYBODY = "", _("Mọi người")
    ADULTS = "adults", _("Người lớn, trừ học sinh, sinh viên")
    VILLAGER = Population.VILLAGER.value, Population.VILLAGER.label
    WORKER = Population.WORKER.value, Population.WORKER.label
    OFFICIAL = Population.OFFICIAL.value, Population.OFFICIAL.label
    LEARNER = Population.LEARNER.value, Population.LEARNER.label


class Measured(models.TextChoices):
    """What a target asks for, as figures.Figure names it."""

    REGISTERED = "da-dang-ky", _("đăng ký")
    ACHIEVED = "dat", _("đạt")


class Target(models.Model):
    """Which share of all should have registered or achieved by the end of a year, and who says so.

    What the State's programmes say ships with the portal (reports/targets.yaml) and is no row.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="targets", verbose_name=_("nơi đặt")
    )
    level = models.CharField(_("Danh hiệu"), max_length=10, choices=Level, default=Level.CITIZEN)
    whom = models.CharField(_("Của ai"), max_length=10, choices=Whom, default=Whom.EVERYBODY, blank=True)
    figure = models.CharField(_("Chỉ tiêu về"), max_length=12, choices=Measured, default=Measured.ACHIEVED)
    year = models.PositiveSmallIntegerField(_("Đến hết năm"))
    percent = models.DecimalField(_("Tỷ lệ (%)"), max_digits=5, decimal_places=2)
    basis = models.CharField(_("Theo văn bản"), max_length=200)
    note = models.CharField(_("ghi chú"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("chỉ tiêu")
        verbose_name_plural = _("chỉ tiêu")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "level", "whom", "figure", "year"], name="target_once"
            ),
            models.CheckConstraint(
                name="target_is_a_share", condition=models.Q(percent__gt=0, percent__lte=100)
            ),
            models.CheckConstraint(
                name="target_of_a_population_is_of_citizens",
                condition=models.Q(level=Level.CITIZEN) | models.Q(whom=Whom.EVERYBODY),
            ),
        ]

    def __str__(self):
        return f"{self.what} {numbers.format_decimal(self.percent)}% ({self.year})"

    @property
    def what(self) -> str:
        """'Công dân học tập, công nhân, người lao động: đạt'."""
        whom = f", {self.get_whom_display()[:1].lower()}{self.get_whom_display()[1:]}" if self.whom else ""
        return f"{self.get_level_display()}{whom}: {self.get_figure_display()}"


class OpenTables(models.Model):
    """The open data of a year as they were published, small cells already hidden: nothing else is kept."""

    campaign = models.OneToOneField(
        Campaign, models.PROTECT, related_name="open_tables", verbose_name=_("năm")
    )
    tables = models.JSONField(_("bảng"))
    k = models.PositiveSmallIntegerField(_("số người ít nhất"))
    published_at = models.DateTimeField(_("công bố lúc"))

    class Meta:
        verbose_name = _("số liệu mở")
        verbose_name_plural = _("số liệu mở")
        ordering = ["-campaign__year"]

    def __str__(self):
        return str(self.campaign)


class WeeklyReader(models.Model):
    """Somebody whom an officer named to be told of an organization's figures each week in autumn."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="weekly_readers")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người nhận"))
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người ghi tên"))
    named_at = models.DateTimeField(_("ghi tên lúc"), default=clock.now)

    class Meta:
        verbose_name = _("người nhận báo cáo tuần")
        verbose_name_plural = _("người nhận báo cáo tuần")
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="weekly_reader_once"),
        ]

    def __str__(self):
        return f"{self.user}, {self.organization}"


class WeeklyReport(models.Model):
    """An organization's figures of one week, from which the next tells the difference. One a week."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="weekly_reports")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    monday = models.DateField(_("tuần từ"))
    counted_at = models.DateTimeField(_("đếm lúc"))
    counts = models.JSONField(_("số liệu"))

    class Meta:
        verbose_name = _("báo cáo tuần")
        verbose_name_plural = _("báo cáo tuần")
        constraints = [
            models.UniqueConstraint(fields=["organization", "campaign", "monday"], name="weekly_report_once"),
        ]

    def __str__(self):
        return f"{self.organization} {self.monday}"
