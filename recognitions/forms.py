from django import forms
from django.utils.translation import gettext_lazy

from assessments.forms.deadlines import CheckedForm, reason_field
from assessments.models import Campaign
from audit import clock
from criteria.models import Level
from organizations.models import Organization
from recognitions import deciders
from recognitions.models import Form, LevelSetting
from recognitions.models.decision import NUMBER_LENGTH, PERSON_LENGTH
from vietnamese import paper_numbers
from vietnamese.fields import DayField, LineField

LONGEST_TERM = 120


class PaperNumberField(LineField):
    def __init__(self, **more):
        super().__init__(max_length=NUMBER_LENGTH, **more)

    @staticmethod
    def normalize(value):
        return paper_numbers.plain(str(value))


def person_field(label, **more):
    return LineField(label=label, max_length=PERSON_LENGTH, **more)


class PlaceChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return obj.full_name


class TitleForm(forms.Form):
    """A title of a year."""

    level = forms.ChoiceField(label=gettext_lazy("Danh hiệu"), choices=Level)
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Năm"),
        queryset=Campaign.objects.all(),
        empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("Chọn một năm trong danh sách.")},
    )


class BeginForm(TitleForm):
    """Of which title and year an association gathers the list, and for which part of its subtree."""

    within = PlaceChoiceField(
        label=gettext_lazy("Phạm vi"),
        help_text=gettext_lazy("Cả nơi này, hoặc riêng một nơi trực thuộc."),
        queryset=Organization.objects.none(),
        empty_label=None,
    )

    def __init__(self, data=None, *, issuer, **more):
        super().__init__(data, **more)
        self.fields["within"].queryset = deciders.parts_of(issuer)
        self.fields["within"].error_messages["invalid_choice"] = gettext_lazy(
            "Nơi này không thuộc nơi ra quyết định. Chọn một nơi trong danh sách."
        )


class LeaveOutForm(forms.Form):
    reason = reason_field(
        gettext_lazy("Lý do để lại"), gettext_lazy("Ghi vào biên bản. Hồ sơ vẫn là đã xác nhận, đạt.")
    )


class DropForm(forms.Form):
    reason = reason_field(
        gettext_lazy("Lý do bỏ"), gettext_lazy("Được giữ lại. Bỏ rồi lập được danh sách khác.")
    )


class MinutesForm(forms.Form):
    minutes_number = PaperNumberField(
        label=gettext_lazy("Số biên bản"), help_text=gettext_lazy("Ví dụ 03/BB-HKH.")
    )
    minutes_on = DayField(
        label=gettext_lazy("Ngày họp"), help_text=gettext_lazy("Ngày ghi trên biên bản đã ký.")
    )
    minutes_chair = person_field(gettext_lazy("Người chủ trì"))
    minutes_secretary = person_field(gettext_lazy("Thư ký"))


class SubmissionForm(forms.Form):
    submission_number = PaperNumberField(
        label=gettext_lazy("Số tờ trình"), help_text=gettext_lazy("Ví dụ 05/TTr-HKH.")
    )
    submission_on = DayField(
        label=gettext_lazy("Ngày tờ trình"), help_text=gettext_lazy("Gõ ngày/tháng/năm, ví dụ 20/12/2026.")
    )
    submission_to = LineField(
        label=gettext_lazy("Trình ai"),
        help_text=gettext_lazy("Ví dụ Ban Thường vụ Hội Khuyến học xã."),
        max_length=200,
    )


class DecisionForm(CheckedForm):
    """What stands on the signed decision. It is looked at once more before it is saved: it never changes."""

    number = PaperNumberField(label=gettext_lazy("Số quyết định"), help_text=gettext_lazy("Ví dụ 12/QĐ-HKH."))
    decided_on = DayField(
        label=gettext_lazy("Ngày quyết định"),
        help_text=gettext_lazy("Gõ ngày/tháng/năm, ví dụ 20/12/2026."),
        latest=clock.today,
    )
    signer_name = person_field(gettext_lazy("Người ký"))
    signer_post = person_field(gettext_lazy("Chức vụ người ký"), help_text=gettext_lazy("Ví dụ Chủ tịch."))
    months = forms.IntegerField(
        label=gettext_lazy("Có giá trị trong bao nhiêu tháng"),
        help_text=gettext_lazy("Tính từ ngày quyết định. Để trống nếu quyết định không ghi thời hạn."),
        min_value=1,
        max_value=LONGEST_TERM,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": gettext_lazy("Gõ số tháng, ví dụ 12."),
            "min_value": gettext_lazy("Ít nhất 1 tháng."),
            "max_value": gettext_lazy("Nhiều nhất 120 tháng."),
        },
    )


class CommendForm(TitleForm):
    """For which title and year an association commends, and by which form of words."""

    form = forms.ChoiceField(label=gettext_lazy("Hình thức khen"), choices=Form)


class CommendedForm(DecisionForm):
    """What stands on the signed decision on commendations, which has no term."""

    months = None


class ReleaseForm(forms.Form):
    """When the people of a province see what their board confirmed."""

    AT_ONCE, BY_MINUTES = "confirmation", "minutes"
    when = forms.ChoiceField(
        label=gettext_lazy("Mọi người thấy điểm và kết quả"),
        choices=[
            (AT_ONCE, gettext_lazy("Ngay khi ban xác nhận")),
            (BY_MINUTES, gettext_lazy("Cùng một ngày, khi ký biên bản")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Giữ đến khi ký biên bản thì trước ngày ấy không ai thấy điểm và kết quả của mình. "
            "Chỉ chọn được khi năm ấy chưa ai được xác nhận."
        ),
        error_messages={"required": gettext_lazy("Chọn một cách.")},
    )


class SettingForm(forms.ModelForm):
    class Meta:
        model = LevelSetting
        fields = ["on_provisional", "basis", "body_kind"]
        labels = {
            "on_provisional": gettext_lazy("Cho công nhận theo bộ tiêu chí bản tạm"),
            "body_kind": gettext_lazy("Hội khuyến học cấp nào ra quyết định"),
        }
        help_texts = {
            "on_provisional": gettext_lazy("Quyết định và giấy chứng nhận in rõ là theo bản tạm."),
        }

    basis = LineField(
        label=gettext_lazy("Căn cứ cho phép"),
        help_text=gettext_lazy("Số, ngày văn bản cho phép. Ví dụ Công văn số 45/KHVN ngày 02/11/2026."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        if self.instance.level != Level.CITIZEN:
            del self.fields["body_kind"]

    def clean(self):
        given = super().clean()
        if given.get("on_provisional") and not given.get("basis") and "basis" not in self.errors:
            self.add_error("basis", gettext_lazy("Ghi số và ngày của văn bản cho phép dùng bản tạm."))
        return given
