from django import forms
from django.utils.translation import gettext_lazy as _

from organizations import founding, naming
from organizations.models import NAME_LENGTH, Kind, Organization, TreeLevel, Type
from organizations.reforms import MAY_STAND_UNDER
from vietnamese.fields import DayField, EmailField, LineField

TYPES_OF = {Kind.VILLAGE: naming.VILLAGE_TYPES, Kind.UNIT: naming.UNIT_TYPES, Kind.CLAN: []}


class SearchForm(forms.Form):
    """What the list is narrowed by. The names of the fields stand in addresses."""

    ten = LineField(label=_("Tên hoặc mã, có dấu hay không đều được"), max_length=NAME_LENGTH, required=False)
    cap = forms.ChoiceField(label=_("Cấp"), choices=[("", _("Tất cả")), *Kind.choices], required=False)
    cu = forms.BooleanField(label=_("Cả những nơi đã thôi dùng"), required=False)

    ten.widget.attrs |= {"class": "form-control", "autocomplete": "off"}
    cap.widget.attrs |= {"class": "form-control"}

    @property
    def query(self):
        return self.cleaned_data.get("ten", "") if self.is_valid() else ""

    def narrow(self, organizations):
        if not self.is_valid():
            return organizations.in_force()
        asked = self.cleaned_data
        if asked["cap"]:
            organizations = organizations.filter(kind=asked["cap"])
        if not asked["cu"]:
            organizations = organizations.in_force()
        return organizations.matching(asked["ten"]) | organizations.filter(code=asked["ten"])


class ContactForm(forms.ModelForm):
    """How a board is reached. Whether it lies in a hard area is said by those above it."""

    phone = LineField(
        label=_("Số điện thoại"), help_text=_("Ví dụ 0239 3855 123."), max_length=20, required=False
    )
    email = EmailField(required=False)
    address = LineField(label=_("Địa chỉ"), max_length=NAME_LENGTH, required=False)

    class Meta:
        model = Organization
        fields = ["phone", "email", "address", "is_hard_area"]

    def __init__(self, *args, may_say_hard_area, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["is_hard_area"].label = _("Vùng khó khăn")
        if not may_say_hard_area:
            del self.fields["is_hard_area"]


def kinds_below(parent: Organization) -> list[Kind]:
    """What may be founded there without an official code."""
    return [kind for kind in founding.LETTERS if parent.kind in MAY_STAND_UNDER[kind]]


class AddForm(forms.Form):
    """A village, unit or clan that is not in the tree yet."""

    what = forms.ChoiceField(
        label=_("Là"), widget=forms.RadioSelect, error_messages={"required": _("Chọn một loại.")}
    )
    name = LineField(
        label=_("Tên"),
        help_text=_("Thôn, tổ: chỉ gõ tên, ví dụ Đông Hải. Đơn vị, dòng họ: gõ cả tên."),
        max_length=120,
    )

    def __init__(self, *args, parent, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [
            choice for kind in kinds_below(parent) for choice in self._choices(kind)
        ]

    @staticmethod
    def _choices(kind):
        types = [(f"{kind}:{type}", Type(type).label) for type in TYPES_OF[kind]]
        return types or [(f"{kind}:", Kind(kind).label.capitalize())]

    @property
    def kind_and_type(self):
        kind, _colon, type = self.cleaned_data["what"].partition(":")
        return Kind(kind), type


class LevelForm(forms.ModelForm):
    """From when to when a level of the tree exists."""

    kind = forms.ChoiceField(
        label=_("Cấp"), choices=[(kind, kind.label) for kind in Kind if kind != Kind.CENTRE]
    )
    valid_from = DayField(
        label=_("Có từ ngày"), help_text=_("Từ trước đến nay thì để trống."), required=False
    )
    valid_to = DayField(label=_("Đến hết ngày"), help_text=_("Còn dùng thì để trống."), required=False)
    legal_basis = LineField(label=_("Văn bản"), help_text=_("Ví dụ 72/2025/QH15."), max_length=100)

    class Meta:
        model = TreeLevel
        fields = ["valid_from", "valid_to"]

    field_order = ["kind", "valid_from", "valid_to", "legal_basis"]

    def clean(self):
        given = super().clean()
        begins, ends = given.get("valid_from"), given.get("valid_to")
        if begins and ends and ends < begins:
            self.add_error("valid_to", _("Ngày cuối phải từ ngày bắt đầu trở đi."))
        return given
