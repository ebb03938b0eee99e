"""What an officer says of a reform: the day, the decision, and what becomes of what."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import clock
from organizations import naming
from organizations.models import NAME_LENGTH, Kind, Organization, ReformKind, Type
from organizations.reforms import MAY_STAND_UNDER, NewUnit, Plan, new_key
from vietnamese.fields import DayField, LineField

PARTS = 3
TYPES_OF = {
    Kind.PROVINCE: [Type.PROVINCE, Type.CITY],
    Kind.COMMUNE: [Type.RURAL_COMMUNE, Type.WARD, Type.SPECIAL_ZONE],
    Kind.VILLAGE: naming.VILLAGE_TYPES,
    Kind.UNIT: naming.UNIT_TYPES,
}
HAS_OFFICIAL_CODE = [Kind.PROVINCE, Kind.COMMUNE]
OWN_CODE_HINT = gettext_lazy("Mã trong danh mục hành chính, chỉ gồm chữ số.")
LEAVE = gettext_lazy("Để lại danh sách, xếp từng người sau")
ENDS = gettext_lazy("Thôi nhiệm vụ, phân công lại sau")


class ReformForm(forms.Form):
    """Day and legal basis, and below them the questions of one kind of change."""

    kind: ReformKind
    day = DayField(
        label=gettext_lazy("Có hiệu lực từ ngày"),
        latest=clock.today,
        help_text=gettext_lazy(
            "Ngày đầu tiên theo nơi mới, ví dụ 01/07/2025. Chưa đến ngày ấy thì chưa lập được."
        ),
    )
    legal_basis = LineField(
        label=gettext_lazy("Văn bản"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("Số và nơi ban hành, ví dụ Nghị quyết 05/NQ-HĐND tỉnh."),
    )

    def __init__(self, *args, organization, own, **kwargs):
        super().__init__(*args, **kwargs)
        self.organization, self.own = organization, own
        self.siblings = [
            one
            for one in Organization.objects.in_force()
            .filter(parent=organization.parent_id, kind=organization.kind)
            .in_order()
            if one != organization
        ]

    def plan(self) -> Plan:
        raise NotImplementedError

    def _ask_new(self, suffix="", what="", required=True):
        """Name, type and, where it has one, official code of a new unit."""
        types = TYPES_OF.get(self.organization.kind, [])
        if types:
            label = _("Loại %(what)s") % {"what": what}
            choices = [(type.value, type.label) for type in types]
            self.fields[f"new_type{suffix}"] = forms.ChoiceField(label=label, choices=choices, required=False)
            self.fields[f"new_type{suffix}"].initial = self.organization.type
        self.fields[f"new_name{suffix}"] = LineField(
            label=_("Tên %(what)s") % {"what": what},
            max_length=120,
            required=required,
            help_text=_("Tên riêng, không kèm loại: Đông Hải.") if types else "",
        )
        if self.organization.kind in HAS_OFFICIAL_CODE:
            self.fields[f"new_code{suffix}"] = LineField(
                label=_("Mã %(what)s") % {"what": what},
                max_length=8,
                required=required,
                help_text=OWN_CODE_HINT,
            )

    def _new(self, suffix=""):
        given = self.cleaned_data
        return NewUnit(
            kind=self.organization.kind,
            type=given.get(f"new_type{suffix}", ""),
            name=given[f"new_name{suffix}"],
            parent=self.organization.parent.code,
            code=given.get(f"new_code{suffix}", ""),
        )


class MergeForm(ReformForm):
    kind = ReformKind.MERGE
    others = forms.MultipleChoiceField(
        label=gettext_lazy("Nhập cùng với"), widget=forms.CheckboxSelectMultiple, required=False
    )
    into = forms.ChoiceField(label=gettext_lazy("Nhập thành"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = [(one.code, one.full_name) for one in self.siblings]
        self.fields["others"].choices = names
        self.fields["into"].choices = [("", _("Một đơn vị mới, ghi tên ở dưới")), *names]
        self._ask_new(what=_("đơn vị mới"), required=False)

    def clean(self):
        given = super().clean()
        if not given.get("into") and not given.get("new_name") and "new_name" not in self.errors:
            self.add_error("new_name", _("Ghi tên đơn vị mới, hoặc chọn nơi nhập vào ở trên."))
        if given.get("into") in given.get("others", []):
            self.add_error("into", _("Một đơn vị không thể nhập vào chính nó. Bỏ đánh dấu nó ở trên."))
        return given

    def plan(self):
        given = self.cleaned_data
        return Plan(
            kind=self.kind.value,
            sources=(self.organization.code, *given["others"]),
            new=() if given["into"] else (self._new(),),
            existing=(given["into"],) if given["into"] else (),
        )


class SplitForm(ReformForm):
    kind = ReformKind.SPLIT

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.children = list(Organization.objects.filter(parent=self.organization, valid_to=None).in_order())
        for number in range(1, PARTS + 1):
            what = _("đơn vị thứ %(number)d") if number <= 2 else _("đơn vị thứ %(number)d (nếu có)")
            what %= {"number": number}
            self._ask_new(f"_{number}", what, required=number <= 2)
        parts = [(str(n), _("Đơn vị thứ %(number)d") % {"number": n}) for n in range(1, PARTS + 1)]
        for child in self.children:
            self.fields[f"child_{child.pk}"] = forms.ChoiceField(
                label=_("%(name)s về") % {"name": child.full_name},
                choices=[("", _("Chọn nơi nhận")), *parts],
                error_messages={"required": _("Chọn nơi nhận cho đơn vị này.")},
            )
        self.fields["rest"] = forms.ChoiceField(
            label=_("Người không thuộc thôn nào ở trên"), choices=[("", LEAVE), *parts], required=False
        )
        self.fields["board"] = forms.ChoiceField(
            label=_("Người phụ trách hiện nay"), choices=[("", ENDS), *parts], required=False
        )

    def clean(self):
        given = super().clean()
        last = 3 if given.get("new_name_3") else 2
        for name in [*(f"child_{child.pk}" for child in self.children), "rest", "board"]:
            if given.get(name) and int(given[name]) > last:
                self.add_error(name, _("Chưa ghi tên đơn vị thứ %(number)s.") % {"number": given[name]})
        if given.get("new_name_3") and "new_code_3" in self.fields and not given.get("new_code_3"):
            self.add_error("new_code_3", _("Ghi mã của đơn vị này."))
        return given

    def plan(self):
        given = self.cleaned_data
        new = tuple(self._new(f"_{n}") for n in range(1, PARTS + 1) if given.get(f"new_name_{n}"))
        keys = {str(n): unit.code or new_key(n) for n, unit in enumerate(new, 1)} | {"": ""}
        return Plan(
            kind=self.kind.value,
            sources=(self.organization.code,),
            new=new,
            children={child.code: keys[given[f"child_{child.pk}"]] for child in self.children},
            rest=keys[given["rest"]],
            board=keys[given["board"]],
        )


class MoveForm(ReformForm):
    kind = ReformKind.MOVE
    parent = forms.ChoiceField(label=gettext_lazy("Chuyển về"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        places = (
            Organization.objects.in_force()
            .at_or_below(Organization.objects.filter(pk=self.own.pk))
            .filter(kind__in=MAY_STAND_UNDER[Kind(self.organization.kind)])
            .exclude(pk=self.organization.parent_id)
            .select_related("parent")
            .in_order()
        )
        self.fields["parent"].choices = [
            ("", _("Chọn nơi chuyển về")),
            *((one.code, str(one)) for one in places),
        ]

    def plan(self):
        return Plan(
            kind=self.kind.value, sources=(self.organization.code,), parent=self.cleaned_data["parent"]
        )


class RenameForm(ReformForm):
    kind = ReformKind.RENAME

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._ask_new(what=_("mới"))
        self.fields.pop("new_code", None)
        self.fields["new_name"].initial = self.organization.name

    def plan(self):
        given = self.cleaned_data
        return Plan(
            kind=self.kind.value,
            sources=(self.organization.code,),
            name=given["new_name"],
            type=given.get("new_type", ""),
        )


class CloseForm(ReformForm):
    kind = ReformKind.CLOSE

    def plan(self):
        return Plan(kind=self.kind.value, sources=(self.organization.code,))


FORMS = {"nhap": MergeForm, "chia": SplitForm, "chuyen": MoveForm, "doi-ten": RenameForm, "dong": CloseForm}


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp Excel đã điền"),
        help_text=gettext_lazy("Tệp .xlsx, nhiều nhất 5 MB, không có ô gộp, công thức, dòng ẩn, macro."),
        error_messages={
            "required": gettext_lazy("Chọn một tệp Excel."),
            "empty": gettext_lazy("Tệp trống hoặc quá lớn. Chọn tệp khác."),
        },
    )


class UndoForm(forms.Form):
    reason = LineField(label=gettext_lazy("Lý do hoàn tác"), max_length=200)


class PlaceForm(forms.Form):
    """People whom a split left to be placed, a page of them, and where they belong."""

    people = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Những người này"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Đánh dấu ít nhất một người.")},
    )
    target = forms.ChoiceField(
        label=gettext_lazy("Xếp vào"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn nơi xếp vào.")},
    )

    def __init__(self, *args, people, targets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(one.pk, _person(one)) for one in people]
        self.fields["target"].choices = [(one.code, one.full_name) for one in targets]


def _person(citizen):
    words = _("%(name)s, sinh năm %(year)s") % {"name": citizen, "year": citizen.birth_year}
    return f"{words}, {citizen.village_text}" if citizen.village_text else words
