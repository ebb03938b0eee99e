from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.typed import checks
from reports.typed.models import FIGURES, MONEY, SECTIONS, TypedFigures
from vietnamese import numbers
from vietnamese.fields import LineField, LinesField
from vietnamese.text import nfc

MOST = 10**10


class NumberField(forms.Field):
    """A number as Vietnamese write it: 1.234.567 or 81,56; with `places` of decimals at most."""

    widget = forms.TextInput

    def __init__(self, *, places=0, **kwargs):
        super().__init__(required=False, **kwargs)
        self.places = places
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "form-control number"}

    def to_python(self, value):
        typed = nfc(str(value or ""))
        if not typed:
            return None
        try:
            number = numbers.parse_decimal(typed)
        except ValueError:
            raise forms.ValidationError(
                _("“%(typed)s” không phải là số. Gõ ví dụ 1.234.567 hoặc 81,56.") % {"typed": typed[:20]}
            ) from None
        if number < 0:
            raise forms.ValidationError(_("Số này không thể nhỏ hơn 0."))
        if number >= MOST:
            raise forms.ValidationError(_("Số này quá lớn. Xem lại đơn vị tính."))
        if number != round(number, self.places):
            words = _("Gõ số nguyên.") if not self.places else _("Gõ nhiều nhất hai số sau dấu phẩy.")
            raise forms.ValidationError(words)
        return number if self.places else int(number)

    def prepare_value(self, value):
        return numbers.format_decimal(value) if isinstance(value, int | Decimal) else value


class FiguresForm(forms.Form):
    """A draft may have gaps; what is delivered has none."""

    def __init__(self, *args, year, deliver=False, cells=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.year, self.deliver, self.cells = year, deliver, cells or {}
        last = year.last
        for name in FIGURES:
            before = getattr(last, name) if last else None
            self.fields[name] = NumberField(
                label=self.names[name],
                places=2 if name in MONEY else 0,
                help_text=_("Năm trước: %(figure)s") % {"figure": numbers.format_decimal(before)}
                if before is not None
                else "",
            )
        self.fields["note"] = LineField(label=gettext_lazy("Ghi chú"), required=False, max_length=200)
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    names = {name: TypedFigures._meta.get_field(name).verbose_name for name in FIGURES}

    @property
    def sections(self):
        """(title, fields with the remarks on each) in the order of the page."""
        return [
            (title, [(self[name], self._said.get(name, [])) for name in names]) for title, names in SECTIONS
        ]

    @property
    def _said(self):
        said = {}
        for remark in self.remarks:
            said.setdefault(remark.field, []).append(remark.words)
        return said

    remarks: list[checks.Remark] = []

    @property
    def odd(self) -> list[str]:
        """The remarks in words, to be ticked one by one."""
        return [f"{self.names[remark.field]}: {remark.words}" for remark in self.remarks]

    @property
    def is_checked(self) -> bool:
        """Whether every remark was on the page before, and is said to be right."""
        return set(self.odd) <= set(self.data.getlist("checked"))

    def clean(self):
        given = super().clean()
        figures = {name: given.get(name) for name in FIGURES}
        for name, words in checks.faults(figures, self.names).items():
            self.add_error(name, words)
        for name in FIGURES if self.deliver else []:
            if figures[name] is None and name not in self.errors:
                self.add_error(name, _("Còn trống. Không có thì gõ 0."))
        self.remarks = self.year.remarks(figures)
        return given

    def add_error(self, field, error):
        if field in self.cells:
            words = error.messages if isinstance(error, forms.ValidationError) else [error]
            error = _("Ô %(cell)s: %(error)s") % {"cell": self.cells[field], "error": " ".join(words)}
        super().add_error(field, error)

    @property
    def figures(self):
        return {name: self.cleaned_data[name] for name in [*FIGURES, "note"]}


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp Excel đã điền"),
        help_text=gettext_lazy(
            "Tệp mẫu tải ở trang này, điền cột cuối. Gửi rồi cổng cho xem lại trước khi lưu."
        ),
        error_messages={
            "required": gettext_lazy("Chọn một tệp Excel."),
            "empty": gettext_lazy("Tệp trống hoặc quá lớn. Chọn tệp khác."),
        },
        # It is sent with what was typed in the fields of the page, so that none of that is lost.
        widget=forms.FileInput(attrs={"form": "so-lieu"}),
    )


class GiveBackForm(forms.Form):
    reason = LinesField(
        label=gettext_lazy("Lý do trả lại"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
