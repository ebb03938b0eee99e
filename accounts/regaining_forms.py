"""Whom an officer gives the account back to, and why."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import regaining
from vietnamese.fields import IdentityNumberField, LineField, LinesField

MOST_FOUND = 20


class FindPersonForm(forms.Form):
    identity_number = IdentityNumberField(
        help_text=gettext_lazy("Gõ 12 chữ số trên thẻ căn cước người đó mang đến."), required=False
    )
    full_name = LineField(
        label=gettext_lazy("Hoặc họ và tên"),
        help_text=gettext_lazy("Khi không có số căn cước: gõ tên và năm sinh."),
        max_length=100,
        required=False,
    )
    birth_year = forms.IntegerField(
        label=gettext_lazy("Năm sinh"),
        min_value=1900,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": gettext_lazy("Gõ năm sinh bằng bốn chữ số, ví dụ 1960."),
            "min_value": gettext_lazy("Gõ năm sinh bằng bốn chữ số, ví dụ 1960."),
        },
        required=False,
    )

    def __init__(self, *args, organization, **kwargs):
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.found = []

    def clean(self):
        given = super().clean()
        if self.errors:
            return given
        reach = regaining.within_reach(self.organization).select_related("commune", "village")
        if given["identity_number"]:
            reach = reach.with_identity_number(given["identity_number"])
        elif given["full_name"] and given["birth_year"]:
            reach = reach.matching(given["full_name"]).filter(birth_year=given["birth_year"])
        else:
            self.add_error("identity_number", _("Gõ số căn cước, hoặc họ tên cùng năm sinh."))
            return given
        self.found = list(reach.in_order()[:MOST_FOUND])
        if not self.found:
            self.add_error(
                None,
                _(
                    "Không tìm thấy ai như vậy trong %(place)s. Xem lại số hoặc tên; người giữ việc ở hội "
                    "cấp trên thì do cấp trên cấp lại."
                )
                % {"place": self.organization},
            )
        return given


class HandOverForm(FindPersonForm):
    """Of those found the one who stands there."""

    person = forms.TypedChoiceField(
        label=gettext_lazy("Cấp lại cho"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Chọn một người."),
            "invalid_choice": gettext_lazy("Người này không còn trong danh sách. Chọn lại."),
        },
    )
    reason = LinesField(
        label=gettext_lazy("Lý do"),
        help_text=gettext_lazy("Ví dụ: quên mật khẩu, đã xem thẻ căn cước tại hội. Người ấy đọc được."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Ghi lý do cấp lại.")},
    )

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(citizen.pk, _words(citizen)) for citizen in found]
        self.fields["person"].initial = found[0].pk if len(found) == 1 else None


def _words(citizen):
    said = [
        str(citizen),
        _("sinh năm %(year)s") % {"year": citizen.birth_year},
        str(citizen.village or citizen.commune),
        citizen.masked_identity_number,
        _("có tài khoản") if citizen.user_id else _("chưa có tài khoản"),
    ]
    return ", ".join(filter(None, said))
