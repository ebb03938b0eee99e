"""What is asked of who keeps a list of people."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Population
from organizations.models import Kind, Type
from people.models import RowState
from vietnamese.fields import LineField

USUAL_WORK = {
    Type.SCHOOL: Population.LEARNER,
    Type.ENTERPRISE: Population.WORKER,
    Type.COOPERATIVE: Population.WORKER,
}


class RosterForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp Excel danh sách"),
        help_text=gettext_lazy(
            "Tệp .xlsx, nhiều nhất 5 MB. Cột xếp thế nào cũng được, miễn có tên cột. Không có ô gộp, công "
            "thức, dòng ẩn, macro."
        ),
        error_messages={
            "required": gettext_lazy("Chọn một tệp Excel."),
            "empty": gettext_lazy("Tệp trống hoặc quá lớn. Chọn tệp khác."),
        },
    )
    work = forms.ChoiceField(
        label=gettext_lazy("Những người này là"),
        help_text=gettext_lazy("Để gợi ý bộ tiêu chí. Người nào khác thì ghi ở cột Công việc."),
        choices=Population,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn một loại công việc.")},
    )

    def __init__(self, *args, organization, **kwargs):
        super().__init__(*args, **kwargs)
        if organization.kind == Kind.UNIT:
            usual = USUAL_WORK.get(organization.type, Population.OFFICIAL)
        else:
            usual = Population.VILLAGER
        self.fields["work"].initial = usual

    def clean_file(self):
        sent = self.cleaned_data["file"]
        if not sent.is_whole:
            raise ValidationError(_("Tệp lớn hơn 5 MB. Hãy chia thành nhiều tệp."))
        return sent


class RowsForm(forms.Form):
    """Which rows of a list are looked at."""

    loai = forms.ChoiceField(
        label=gettext_lazy("Xem"),
        choices=[("", gettext_lazy("Mọi dòng")), *RowState.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class DecisionForm(forms.Form):
    """Rows that may mean somebody who is there, and whether they do."""

    rows = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": gettext_lazy("Đánh dấu ít nhất một dòng.")}
    )
    answer = forms.ChoiceField(
        choices=[("same", gettext_lazy("Cùng một người")), ("other", gettext_lazy("Hai người khác nhau"))]
    )

    def __init__(self, *args, roster, **kwargs):
        super().__init__(*args, **kwargs)
        asked = roster.rows.filter(state=RowState.ASK).values_list("pk", "number")
        self.fields["rows"].choices = list(asked)


class SearchForm(forms.Form):
    ten = LineField(label=gettext_lazy("Tìm theo tên"), max_length=100, required=False)
    ten.widget.attrs |= {"class": "form-control", "autocomplete": "off"}

    @property
    def name(self):
        return self.cleaned_data["ten"] if self.is_valid() else ""
