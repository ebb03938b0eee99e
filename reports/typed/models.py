from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import Campaign
from organizations.models import Organization


def _count(words):
    return models.PositiveBigIntegerField(words, null=True, blank=True)


def _money(words):
    """Millions of đồng."""
    return models.DecimalField(words, max_digits=14, decimal_places=2, null=True, blank=True)


class TypedFigures(models.Model):
    """What a commune's association types of one year, as the portal cannot count it.

    Delivered figures count in the reports and change no more, unless an association above gives them back.
    `checked` are the remarks that who delivered them had before their eyes and let stand. `version` counts
    every saving: the later of two tabs is told.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="typed_figures", verbose_name=_("xã, phường")
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="typed_figures", verbose_name=_("năm")
    )
    population = _count(_("Số dân"))
    households = _count(_("Số hộ gia đình"))
    clans = _count(_("Số dòng họ"))
    villages = _count(_("Số thôn, tổ dân phố"))
    units = _count(_("Số cơ quan, trường học, doanh nghiệp"))
    members = _count(_("Tổng số hội viên"))
    new_members = _count(_("Hội viên mới trong năm"))
    clan_boards = _count(_("Số ban khuyến học dòng họ"))
    fund_opening = _money(_("Số dư đầu năm"))
    fund_from_province = _money(_("Thu từ cấp tỉnh"))
    fund_from_commune = _money(_("Thu ở cấp xã"))
    fund_from_units = _money(_("Thu từ cơ quan, đơn vị"))
    fund_from_clans = _money(_("Thu từ dòng họ"))
    scholarships = _count(_("Số suất học bổng"))
    scholarships_paid = _money(_("Tiền học bổng"))
    awards = _count(_("Số lượt khen thưởng"))
    awards_paid = _money(_("Tiền khen thưởng"))
    other_paid = _money(_("Chi khác"))
    centres = _count(_("Số trung tâm học tập cộng đồng"))
    classes = _count(_("Số lớp, chuyên đề"))
    learners = _count(_("Số lượt người học"))
    centres_good = _count(_("Trung tâm xếp loại tốt"))
    centres_fair = _count(_("Trung tâm xếp loại khá"))
    centres_average = _count(_("Trung tâm xếp loại trung bình"))
    note = models.CharField(_("Ghi chú"), max_length=200, blank=True)
    checked = models.JSONField(_("điều đã kiểm tra lại"), default=list, blank=True)
    saved_at = models.DateTimeField(_("lưu lần cuối lúc"))
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    delivered_at = models.DateTimeField(_("nộp lúc"), null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("số liệu nhập")
        verbose_name_plural = _("số liệu nhập")
        constraints = [
            models.UniqueConstraint(fields=["organization", "campaign"], name="typed_figures_once_a_year"),
        ]

    def __str__(self):
        return f"{self.organization}, {self.campaign}"

    @property
    def is_delivered(self):
        return self.delivered_at is not None


INCOME = ["fund_from_province", "fund_from_commune", "fund_from_units", "fund_from_clans"]
SPENDING = ["scholarships_paid", "awards_paid", "other_paid"]
# As they stand on the page and in the file, under a heading each.
SECTIONS = [
    (_("Dân số và địa bàn"), ["population", "households", "clans", "villages", "units"]),
    (_("Hội viên"), ["members", "new_members", "clan_boards"]),
    (
        _("Quỹ khuyến học, triệu đồng"),
        ["fund_opening", *INCOME, "scholarships", "scholarships_paid", "awards", "awards_paid", "other_paid"],
    ),
    (
        _("Trung tâm học tập cộng đồng"),
        ["centres", "classes", "learners", "centres_good", "centres_fair", "centres_average"],
    ),
]
FIGURES = [name for _title, names in SECTIONS for name in names]
MONEY = ["fund_opening", *INCOME, *SPENDING]
