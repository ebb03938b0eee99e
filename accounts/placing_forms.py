"""What an officer answers about a typed name: which village or unit it is, or that it is a new one."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import places, placing
from accounts.models import Appointment
from organizations import naming
from organizations.models import NAME_LENGTH, Type
from vietnamese.fields import LineField

NEW = "moi"
MOST_PEOPLE = 200
_NOBODY = gettext_lazy(
    "Nơi này chưa có ai trong ban. Hồ sơ gửi về đây chưa có người xác nhận, đến khi hội khuyến học xã "
    "phân công người."
)


class NameForm(forms.Form):
    """The typed name an address is about, and what to look for instead of it among those that exist."""

    ten = LineField(max_length=NAME_LENGTH, required=False)
    tim = LineField(
        label=gettext_lazy("Tìm tên khác trong danh sách"), max_length=NAME_LENGTH, required=False
    )
    tim.widget.attrs |= {"class": "form-control", "autocomplete": "off"}

    def given(self, name):
        return self.cleaned_data.get(name, "") if self.is_valid() else ""


class PlacingForm(forms.Form):
    place = forms.ChoiceField(
        label=gettext_lazy("Nơi cần xếp"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Chọn một nơi trong danh sách, hoặc chọn lập mới."),
            "invalid_choice": gettext_lazy("Nơi này không còn trong danh sách. Chọn lại."),
        },
    )
    new_type = forms.ChoiceField(label=gettext_lazy("Loại, khi lập mới"), required=False)
    new_name = LineField(label=gettext_lazy("Tên, khi lập mới"), max_length=120, required=False)
    people = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Xếp những người này"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Đánh dấu ít nhất một người."),
            "invalid_choice": gettext_lazy("Có người vừa được xếp nơi khác. Xem lại danh sách rồi lưu lại."),
        },
    )

    def __init__(self, *args, name, commune, query="", **kwargs):
        super().__init__(*args, **kwargs)
        self.name, self.commune = name, commune
        self.new_type, self.new_name = self._guess()
        self.found = self._find(query)
        self._ask_whom()
        self.fields["place"].choices = self._places()
        self.fields["place"].initial = self.found.only.pk if self.found.only else None
        self._suggest_new()

    def _find(self, query):
        """By the name as typed, else without its type: 'TDP 5' is Tổ dân phố 5."""
        pool = self.name.what.pool(self.commune)
        found = places.find(query or self.name.name, pool)
        return found if found.count or query else places.find(self.new_name, pool)

    def _guess(self):
        if self.name.what is placing.UNIT:
            return naming.unit(self.name.name)
        usual = Type.RESIDENTIAL_GROUP if self.commune.type == Type.WARD else Type.HAMLET
        return naming.village(self.name.name, usual)

    def _ask_whom(self):
        """One name may be three villages, so each person has a box. Beyond the first pages the rest wait."""
        waiting = placing.who_typed(self.name, self.commune).in_order()[:MOST_PEOPLE]
        people = self.fields["people"]
        people.choices = [(citizen.pk, self._person(citizen)) for citizen in waiting]
        people.initial = [pk for pk, _words in people.choices]
        people.help_text = _("Cùng một tên có khi là nhiều nơi. Bỏ đánh dấu ai ở nơi khác.")
        if self.name.people > MOST_PEOPLE:
            people.help_text += " " + _("Đây là %(shown)d người đầu; những người còn lại xếp lần sau.") % {
                "shown": MOST_PEOPLE
            }

    def _person(self, citizen):
        words = _("%(name)s, sinh năm %(year)s") % {"name": citizen, "year": citizen.birth_year}
        if len(self.name.spellings) > 1:
            words += ", " + _("gõ “%(typed)s”") % {"typed": getattr(citizen, self.name.what.typed)}
        return words

    def _places(self):
        options = self._options()
        manned = set(
            Appointment.objects.filled()
            .filter(organization__in=[place.pk for place in options])
            .values_list("organization", flat=True)
        )
        existing = [(str(place.pk), _option(place, place.pk in manned)) for place in options]
        new = format_html(
            '{}<span class="hint">{}</span>', _("Chưa có trong danh sách: lập mới với tên bên dưới"), _NOBODY
        )
        return [*existing, (NEW, new)]

    def _options(self):
        """Those found, and the one chosen before the list was searched again."""
        chosen = places.with_key(self.name.what.pool(self.commune), self.data.get("place", ""))
        return list(dict.fromkeys([*self.found.options, *chosen]))

    def _suggest_new(self):
        if self.name.what is placing.VILLAGE:
            whole_name = _("Gọi khác, tên ghi đầy đủ: Xóm 3, Buôn Trấp")
            types = [*_choices(naming.VILLAGE_TYPES), (naming.WHOLE_NAME, whole_name)]
        else:
            types = _choices(naming.UNIT_TYPES)
        self.fields["new_type"].choices = types
        self.fields["new_type"].initial = self.new_type
        self.fields["new_name"].initial = self.new_name

    def clean(self):
        given = super().clean()
        if given.get("place") == NEW and not given.get("new_name") and "new_name" not in self.errors:
            self.add_error("new_name", _("Gõ tên của nơi cần lập, ví dụ Đông Hải."))
        return given

    def clean_new_name(self):
        """'Thôn Đông Hải' of the type Thôn is 'Đông Hải'."""
        typed, type = self.cleaned_data["new_name"], self.cleaned_data.get("new_type", "")
        if self.name.what is not placing.VILLAGE or not typed:
            return typed
        named_type, name = naming.village(typed, type)
        return name if named_type == type else typed

    def save(self, *, by):
        """Place the people; returns where, and how many they are."""
        what = {"commune": self.commune, "by": by, "people": self.cleaned_data["people"]}
        if self.cleaned_data["place"] != NEW:
            chosen = self.name.what.pool(self.commune).get(pk=self.cleaned_data["place"])
            return chosen, placing.place(self.name, chosen, **what)
        return placing.place_in_new(
            self.name, self.cleaned_data["new_type"], self.cleaned_data["new_name"], **what
        )


def _option(place, is_manned):
    if is_manned:
        return place.full_name
    return format_html('{}<span class="hint">{}</span>', place.full_name, _NOBODY)


def _choices(types):
    return [(type.value, type.label) for type in types]
