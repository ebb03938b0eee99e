"""What a board types in from a sheet of paper of before the lock."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import papers
from assessments.forms.board import ReviewForm
from vietnamese.fields import DayField


class PaperForm(ReviewForm):
    """The points on the sheet, filled in with the own ones, the reasons on it, and the day it bears."""

    may_return = False

    dated_on = DayField(
        label=gettext_lazy("Ngày ghi trên phiếu"),
        help_text=gettext_lazy("Gõ ngày/tháng/năm, ví dụ 20/12/2026."),
    )

    def __init__(self, data=None, *, assessment, own):
        super().__init__(data, assessment=assessment, own=own, act=self.CONFIRM)
        self.fields["reason"].help_text = _("Dùng cho chỗ ban chấm khác mà chưa ghi lý do riêng.")

    @property
    def all(self):
        """What the sheet gives every indicator."""
        return self.own | self._given()

    def clean_dated_on(self):
        dated_on = self.cleaned_data["dated_on"]
        if fault := papers.fault(self.assessment, dated_on):
            self.add_error("dated_on", fault)
        return dated_on
