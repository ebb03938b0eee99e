from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import MemberKind, Purpose
from assessments.forms.board import REASON_LENGTH, OfAVersion
from audit import clock
from vietnamese.fields import DayField, LinesField, NameField

EARLIEST_YEAR = 1900


class PersonForm(forms.Form):
    """Somebody as known by name and year."""

    full_name = NameField(label=gettext_lazy("Họ và tên"))
    birth_year = forms.IntegerField(
        label=gettext_lazy("Năm sinh"),
        help_text=gettext_lazy("Bốn chữ số, ví dụ 1964."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Chưa ghi năm sinh. Ghi bốn chữ số, ví dụ 1964."),
            "invalid": gettext_lazy("Ghi năm sinh bằng bốn chữ số, ví dụ 1964."),
        },
    )

    def clean_birth_year(self):
        year = self.cleaned_data["birth_year"]
        if not EARLIEST_YEAR <= year <= clock.today().year:
            raise forms.ValidationError(_("Năm sinh phải từ 1900 đến năm nay. Ghi lại bốn chữ số."))
        return year


class MemberForm(PersonForm):
    """Somebody to be put on the list."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Là"),
        choices=[(each.value, each.label.capitalize()) for each in MemberKind],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Chọn một trong các mục dưới đây."),
            "invalid_choice": gettext_lazy("Chọn một trong các mục dưới đây."),
        },
    )


class HeadForm(PersonForm):
    """The household whose head this is, to be put into a clan."""


class HeadChoiceForm(forms.Form):
    """Who speaks for a household, of those who live there."""

    citizen = forms.ModelChoiceField(
        None,
        label=gettext_lazy("Ai đại diện cho hộ này?"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Chọn một người."),
            "invalid_choice": gettext_lazy("Người này không còn ở trong hộ. Chọn người khác."),
        },
    )

    def __init__(self, data=None, *, people):
        super().__init__(data)
        self.fields["citizen"].queryset = people
        self.fields["citizen"].label_from_instance = lambda citizen: (
            _("%(name)s, sinh năm %(year)s")
            % {
                "name": citizen,
                "year": citizen.birth_year,
            }
        )


class ClanForm(forms.Form):
    """A clan of the household's commune."""

    clan = forms.ModelChoiceField(
        None,
        label=gettext_lazy("Dòng họ"),
        empty_label=gettext_lazy("Chọn dòng họ"),
        error_messages={
            "required": gettext_lazy("Chọn một dòng họ."),
            "invalid_choice": gettext_lazy("Dòng họ này không còn trong xã. Chọn lại."),
        },
    )

    def __init__(self, data=None, *, clans):
        super().__init__(data)
        self.fields["clan"].queryset = clans


class PaperForm(forms.Form):
    """A signed paper of a member without an account."""

    member = forms.IntegerField(widget=forms.HiddenInput)
    paper_of = DayField(label=gettext_lazy("Ngày trên giấy"), latest=clock.today)
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Người ấy đã ký đồng ý những việc nào?"),
        choices=Purpose.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Đánh dấu ít nhất một việc mà người ấy đã ký đồng ý."),
            "invalid_choice": gettext_lazy("Chọn lại trong các mục dưới đây."),
        },
    )


class HouseholdsFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp Excel danh sách hộ"),
        help_text=gettext_lazy("Ba cột: Tên hộ, Họ và tên chủ hộ, Năm sinh. Chủ hộ có thể bỏ trống."),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
        error_messages={
            "required": gettext_lazy("Chưa chọn tệp. Chọn tệp Excel (.xlsx) có danh sách hộ."),
            "empty": gettext_lazy("Tệp này trống, không có gì bên trong. Chọn tệp khác."),
        },
    )


class CheckForm(OfAVersion, forms.Form):
    """What a body that checks says: sent on, or back with a reason. `act` is the button."""

    SEND_ON, RETURN = "send-on", "return"

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = LinesField(
        label=gettext_lazy("Lý do hoặc nhận xét"),
        help_text=gettext_lazy("Bắt buộc khi trả lại. Người gửi và các cấp xét đọc được."),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data=None, *, version, act=""):
        super().__init__(data, initial={"version": version})
        self.act = act

    def clean(self):
        if self.act == self.RETURN and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("Ghi lý do trả lại, để người gửi biết cần sửa gì."))
        return self.cleaned_data
