"""What a person types from a slip, and whom slips are printed for."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.claiming import MOST_SLIPS
from vietnamese import numbers
from vietnamese.fields import LineField


class ClaimForm(forms.Form):
    code = LineField(
        label=gettext_lazy("Mã trên phiếu"),
        help_text=gettext_lazy("10 chữ và số, ví dụ K7M2P-9QXBT. Chữ hoa hay chữ thường đều được."),
        max_length=40,
        error_messages={"required": gettext_lazy("Gõ mã in trên phiếu.")},
    )
    fact = LineField(
        label=gettext_lazy("Ngày sinh của bạn, hoặc 4 số cuối căn cước"),
        help_text=gettext_lazy("Ví dụ 05/09/1960. Danh sách chỉ ghi năm sinh thì gõ năm sinh."),
        max_length=40,
        error_messages={"required": gettext_lazy("Gõ ngày sinh, hoặc 4 số cuối của số căn cước.")},
    )
    code.widget.attrs |= {"autocomplete": "one-time-code", "autocapitalize": "characters"}
    fact.widget.attrs |= {"autocomplete": "bday"}


class PeopleField(forms.TypedMultipleChoiceField):
    """Some of the people on a page, each with a box."""

    def __init__(self, **kwargs):
        super().__init__(
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": gettext_lazy("Đánh dấu ít nhất một người."),
                "invalid_choice": gettext_lazy("Danh sách vừa thay đổi. Xem lại rồi chọn lại."),
            },
            **kwargs,
        )


class SlipsForm(forms.Form):
    """People of one page; or the next ones who hold no slip, as the page named them.

    Named, so that a second click or a reload prints new slips for the same people and not for others.
    """

    people = PeopleField(label=gettext_lazy("In phiếu cho"), required=False)
    following = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(citizen.pk, _words(citizen)) for citizen in people]

    def clean_following(self):
        """Keys in a row; whose list they are on is asked where the slips are made."""
        keys = map(numbers.key, self.cleaned_data["following"].split())
        return [key for key in keys if key is not None]

    @property
    def chosen(self):
        return self.cleaned_data["following"] if "next" in self.data else self.cleaned_data["people"]

    def clean_people(self):
        chosen = self.cleaned_data["people"]
        if not chosen and "next" not in self.data:
            raise ValidationError(self.fields["people"].error_messages["required"])
        return chosen

    @staticmethod
    def next_words(waiting):
        return _("In phiếu cho %(people)s người tiếp theo chưa có phiếu") % {
            "people": numbers.format_integer(min(waiting, MOST_SLIPS))
        }


def _words(citizen):
    said = [str(citizen), citizen.birth_words, citizen.masked_identity_number]
    if getattr(citizen, "has_slip", False):
        said.append(_("đã có phiếu"))
    return ", ".join(filter(None, said))
