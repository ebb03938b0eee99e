from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.models import NAME_LENGTH, Kind
from vietnamese.fields import LineField


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
