"""Forms whose fields name places: typed, looked for, and where several fit, chosen from a list."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import places
from accounts.models import Population
from accounts.models.citizen import GROUP_OF
from accounts.places import MOST_OPTIONS, Home
from organizations.boards import in_sentence
from organizations.models import NAME_LENGTH, Kind
from vietnamese import text
from vietnamese.fields import LineField

# What a list sends back instead of a name: one of its places, or the name as it was typed.
CHOSEN, KEPT = "chon-", "giu-"
TYPED = "_typed"  # a hidden field beside the list: what it was found by


@dataclass(frozen=True)
class Choice:
    value: str
    name: str
    hint: str
    checked: bool


@dataclass(frozen=True)
class Offer:
    """The list shown instead of a text field."""

    heading: str
    hint: str
    typed: str
    choices: list[Choice]


def typed_text(data, name):
    """What a field is or was searched by."""
    value = text.nfc(data.get(name))
    if not value or value.startswith((CHOSEN, KEPT)):
        value = text.nfc(data.get(name + TYPED))
    return value[:NAME_LENGTH]


class PlacesForm(forms.Form):
    """`offers` holds, by field name, the list to choose from, or None while the field is one of text."""

    near = None  # the province whose places come first

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offers = dict.fromkeys(self.fields)

    @property
    def is_decided(self):
        """Valid, and every name that was typed means one place."""
        return self.is_valid() and not self.undecided

    def full_clean(self):
        self.undecided = set()
        super().full_clean()

    def look_up(self, name, pool, *, may_keep=False):
        """The place the field means, and the text to keep instead; neither while it is still to choose."""
        answer, typed = self.cleaned_data[name], typed_text(self.data, name)
        if not answer and not typed:
            return None, ""
        if may_keep and answer.startswith(KEPT):
            self._offer(name, places.find(typed, pool, near=self.near), may_keep, answer)
            return None, answer.removeprefix(KEPT)
        if answer.startswith(CHOSEN):
            self._offer(name, places.find(typed, pool, near=self.near), may_keep, answer)
            return self._chosen(name, answer, pool), ""
        found = places.find(typed, pool, near=self.near)
        # A part of a name may be meant for another one, or be the whole of one that is in no list yet.
        if answer and found.only and found.is_whole:
            return found.only, ""
        if not found.options and not may_keep:
            raise ValidationError(_nothing_found(typed))
        self.undecided.add(name)
        self._offer(name, found, may_keep, "")
        if not answer:
            raise ValidationError(_("Chọn một dòng trong danh sách, hoặc tìm tên khác."))
        return None, ""

    def _chosen(self, name, answer, pool):
        place = places.with_key(pool, answer.removeprefix(CHOSEN)).first()
        if place is None:
            self.offers[name] = None
            raise ValidationError(_("Nơi này không còn trong danh sách. Gõ tên rồi tìm lại."))
        return place

    def _offer(self, name, found, may_keep, answer):
        typed = typed_text(self.data, name)
        if not typed:
            return
        choices = [
            Choice(
                f"{CHOSEN}{place.pk}",
                place.full_name,
                _hint_of(place, found),
                answer == f"{CHOSEN}{place.pk}",
            )
            for place in found.options
        ]
        if may_keep:
            # Nothing fits: what was typed is the likeliest, and the list is for looking it through.
            choices.insert(len(choices) if found.count else 0, _keep(typed, answer))
        hint = _hint_beside_kept(found, name) if may_keep else _hint(found)
        self.offers[name] = Offer(_heading(found, typed), hint, typed, choices)


def _populations():
    return [
        (each, _("%(work)s (nhóm %(group)s)") % {"work": each.label, "group": GROUP_OF[each].value})
        for each in Population
    ]


class CommuneForm(PlacesForm):
    commune = LineField(
        label=gettext_lazy("Xã, phường, đặc khu nơi bạn ở"),
        help_text=gettext_lazy("Gõ tên, có dấu hay không dấu đều được. Có thể gõ thêm tên tỉnh."),
        max_length=NAME_LENGTH,
        required=False,
    )
    commune.widget.attrs["autocomplete"] = "off"

    def __init__(self, *args, near=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.near = near

    def clean_commune(self):
        commune, _kept = self.look_up("commune", places.communes())
        if commune is None and "commune" not in self.undecided:
            raise ValidationError(_("Chưa có tên xã, phường. Gõ tên, ví dụ Thạch Khê."))
        return commune


class HomeForm(PlacesForm):
    """Village, unit and work within a commune. `kept` are names the person chose to keep before."""

    village = LineField(
        label=gettext_lazy("Thôn, tổ dân phố"),
        help_text=gettext_lazy("Gõ tên nơi bạn ở, ví dụ Thôn 3. Không rõ thì để trống."),
        max_length=NAME_LENGTH,
        required=False,
    )
    unit = LineField(
        label=gettext_lazy("Nơi làm việc hoặc học tập"),
        help_text=gettext_lazy("Tên cơ quan, trường học, doanh nghiệp. Không có thì để trống."),
        max_length=NAME_LENGTH,
        required=False,
    )
    population = forms.ChoiceField(
        label=gettext_lazy("Công việc hiện nay"),
        help_text=gettext_lazy("Để cổng gợi ý nhóm tiêu chí. Bạn đổi được nhóm khi đăng ký danh hiệu."),
        choices=_populations,
        widget=forms.RadioSelect,
        initial=Population.VILLAGER,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Chọn một việc trong danh sách.")},
    )
    village.widget.attrs |= {"autocomplete": "off", "list": "cac-thon"}
    unit.widget.attrs |= {"autocomplete": "off", "list": "cac-don-vi"}

    def __init__(self, *args, commune, kept=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.commune, self.kept = commune, kept

    def clean_village(self):
        return self._place_or_text("village", places.villages(self.commune))

    def clean_unit(self):
        return self._place_or_text("unit", places.units(self.commune))

    def _place_or_text(self, name, pool):
        if self.cleaned_data[name] and self.cleaned_data[name] in self.kept:
            return None, self.cleaned_data[name]
        return self.look_up(name, pool, may_keep=True)

    @property
    def home(self):
        village, village_text = self.cleaned_data["village"]
        unit, unit_text = self.cleaned_data["unit"]
        population = self.cleaned_data["population"] or Population.VILLAGER
        return Home(self.commune, village, village_text, unit, unit_text, population)


def _keep(typed, answer):
    return Choice(
        f"{KEPT}{typed}",
        _("Giữ tên đã gõ: “%(name)s”") % {"name": typed},
        _("Hội khuyến học xã sẽ xếp vào danh sách. Bạn vẫn làm tiếp được."),
        answer == f"{KEPT}{typed}",
    )


def _hint_of(place, found):
    """What tells places of one name apart, and what people knew them by before."""
    above = place.parent.full_name if place.kind in (Kind.COMMUNE, Kind.UNIT) else ""
    old = found.former.get(place.pk)
    if old is None or old.full_name == place.full_name:
        return above
    before = _("thuộc %(old)s cũ") if old.kind == Kind.DISTRICT else _("gồm %(old)s cũ")
    return ", ".join(filter(None, [above, before % {"old": in_sentence(old)}]))


def _heading(found, typed):
    if found.count:
        return _("%(count)d nơi khớp với “%(typed)s”") % {"count": found.count, "typed": typed}
    return _("Không có nơi nào tên “%(typed)s”") % {"typed": typed}


def _hint(found):
    if found.count > MOST_OPTIONS:
        return _("Đây là %(shown)d nơi đầu. Không thấy nơi của bạn thì tìm lại, gõ thêm tên tỉnh.") % {
            "shown": MOST_OPTIONS
        }
    if found.count:
        return _("Chọn một dòng.")
    if found.options:
        return _("Những tên trong danh sách gần giống nhất. Chọn một dòng, hoặc tìm tên khác.")
    return ""


def _hint_beside_kept(found, name):
    if found.count or not found.options:
        return _hint(found)
    if name == "village":
        return _("Giữ tên đã gõ, hoặc chọn trong những thôn, tổ dân phố có trong danh sách.")
    return _("Giữ tên đã gõ, hoặc chọn trong những nơi làm việc, học tập có trong danh sách.")


def _nothing_found(typed):
    return _("Không có xã, phường nào tên “%(typed)s”. Xem lại cách viết, hoặc gõ thêm tên tỉnh.") % {
        "typed": typed
    }
