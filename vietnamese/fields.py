"""Form fields for what people in Vietnam type. Every message says what is wrong and what to type instead."""

import datetime
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vietnamese import dates, identity, numbers, phone
from vietnamese.text import lower_first, nfc, nfc_lines, plain_apostrophes

LAST_DAY = datetime.date(9998, 12, 31)  # its end, and a year more, still are days


def lazy_words(say: Callable[[Any], str]) -> Callable[[Any], str]:
    return lazy(say, str)


class LineField(forms.CharField):
    """One line of text: composed letters, single spaces, nothing unreadable."""

    default_label: Any = None
    what_to_type: Any = ""

    def __init__(self, **kwargs: Any) -> None:
        if self.default_label:
            kwargs.setdefault("label", self.default_label)
        super().__init__(**kwargs)
        _say_in_vietnamese(self, kwargs.get("error_messages"))

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(self.normalize(value) if value is not None else value)
        if text and any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") and c != "\n" for c in text):
            raise ValidationError(
                _("Trong %(what)s có ký tự không đọc được. Xóa đi rồi gõ lại.") % {"what": _what(self)},
                code="unreadable",
            )
        return text

    @staticmethod
    def normalize(value: Any) -> str:
        return nfc(str(value))


class LinesField(LineField):
    """Text of several lines: a reason, a note, evidence in words."""

    widget = forms.Textarea

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without maxlength: the browser would cut the end off what is pasted, and say nothing."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    @staticmethod
    def normalize(value: Any) -> str:
        return nfc_lines(str(value))


class NameField(LineField):
    """The name of a person: Đỗ Thị Ánh, Ya, H'Mông Niê, Ka Să K'Brêu."""

    default_label = gettext_lazy("Họ và tên")
    what_to_type = gettext_lazy("Gõ như trên giấy tờ, ví dụ Nguyễn Thị Hoa.")

    def __init__(self, *, max_length: int = 60, min_length: int = 2, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, min_length=min_length, **kwargs)
        self.widget.attrs.setdefault("autocomplete", "name")

    @staticmethod
    def normalize(value: Any) -> str:
        return plain_apostrophes(nfc(str(value)))

    def validate(self, value: str) -> None:
        super().validate(value)
        strangers = [c for c in value if not _belongs_to_name(c)]
        if strangers:
            raise ValidationError(
                _(
                    "%(label)s chỉ gồm chữ cái, bạn gõ có “%(character)s”. "
                    "Gõ như trên giấy tờ, ví dụ Nguyễn Thị Hoa."
                )
                % {"label": _label(self), "character": strangers[0]},
                code="not_a_name",
            )
        if value and not any(c.isalpha() for c in value):
            raise ValidationError(
                _("Gõ %(what)s bằng chữ, như trên giấy tờ, ví dụ Nguyễn Thị Hoa.") % {"what": _what(self)},
                code="not_a_name",
            )


class IdentityNumberField(LineField):
    """Twelve digits, with spaces and dots or without."""

    default_label = gettext_lazy("Số căn cước")
    what_to_type = gettext_lazy("Gõ 12 chữ số in trên thẻ căn cước.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"} | self.widget.attrs

    def to_python(self, value: Any) -> str | None:
        return _cleaned(super().to_python(value), identity.clean, self)


class PhoneField(LineField):
    """A Vietnamese telephone number, kept as +84…."""

    default_label = gettext_lazy("Số điện thoại")
    what_to_type = gettext_lazy("Gõ 10 chữ số, ví dụ 0912 345 678.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "tel", "autocomplete": "tel"} | self.widget.attrs

    def to_python(self, value: Any) -> str | None:
        return _cleaned(super().to_python(value), phone.clean, self)

    def prepare_value(self, value: Any) -> Any:
        return phone.display(value) if isinstance(value, str) else value


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows by their keys. A number that no row can have is asked of no database."""

    def clean(self, value: Any) -> Any:
        if isinstance(value, list) and any(numbers.key(str(each)) is None for each in value):
            raise ValidationError(self.error_messages["invalid_choice"], params={"value": value[0]})
        return super().clean(value)


class EmailField(forms.EmailField):
    """An e-mail address in small letters: whoever writes Hoa@Gmail.com today is found tomorrow as well."""

    # Not type="email": the browser would speak first, in its own language.
    widget = forms.TextInput
    what_to_type = gettext_lazy("Gõ địa chỉ, ví dụ nguyenthihoa@gmail.com.")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("E-mail"))
        kwargs.setdefault("max_length", 254)
        super().__init__(**kwargs)
        self.widget.attrs |= {
            "inputmode": "email",
            "autocomplete": "email",
            "autocapitalize": "none",
        } | self.widget.attrs
        _say_in_vietnamese(self, kwargs.get("error_messages"))

    def to_python(self, value: Any) -> str | None:
        return super().to_python(nfc(str(value)).lower() if value is not None else value)

    def run_validators(self, value: Any) -> None:
        problem = _email_problem(value) if value else ""
        if problem:
            raise ValidationError(
                _("%(problem)s Gõ lại, ví dụ nguyenthihoa@gmail.com.") % {"problem": problem}, code="invalid"
            )
        super().run_validators(value)


class DayField(forms.Field):
    """A day typed as text, 05/09/1960: the browser's own picker shows its own language and order.

    `earliest` and `latest` are days, or functions that give one when the form is filled in.
    """

    widget = forms.TextInput

    def __init__(
        self,
        *,
        earliest: datetime.date | Callable[[], datetime.date] | None = None,
        latest: datetime.date | Callable[[], datetime.date] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**{"label": gettext_lazy("Ngày"), **kwargs})
        self.earliest, self.latest = earliest, latest
        self.widget.attrs.setdefault("autocomplete", "off")
        self.error_messages |= {"required": _missing_day(self)} | (kwargs.get("error_messages") or {})

    def to_python(self, value: Any) -> datetime.date | None:
        if value in self.empty_values or isinstance(value, datetime.date):
            return value or None
        if not nfc(str(value)):
            return None
        try:
            return dates.parse_day(str(value), what=_what(self))
        except ValueError as problem:
            raise ValidationError(str(problem), code="invalid") from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = (self.latest() if callable(self.latest) else self.latest) or LAST_DAY
        if value > latest:
            raise ValidationError(self._outside(_("%(label)s không thể sau ngày %(bound)s"), value, latest))
        if earliest and value < earliest:
            raise ValidationError(
                self._outside(_("%(label)s không thể trước ngày %(bound)s"), value, earliest)
            )

    def prepare_value(self, value: Any) -> Any:
        return dates.day_words(value) if isinstance(value, datetime.date) else value

    def _outside(self, sentence: str, value: datetime.date, bound: datetime.date) -> str:
        problem = sentence % {"label": _label(self), "bound": dates.day_words(bound)}
        return _("%(problem)s, bạn gõ %(typed)s. Gõ lại %(what)s, ví dụ %(example)s.") % {
            "problem": problem,
            "typed": dates.day_words(value),
            "what": _what(self),
            "example": dates.EXAMPLE,
        }


class HourField(LineField):
    """A time of day typed as text: 21:30."""

    what_to_type = gettext_lazy("Gõ giờ và phút, ví dụ 21:30.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": gettext_lazy("Giờ")} | kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        if isinstance(value, datetime.time):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return dates.parse_time(text)
        except ValueError as problem:
            raise ValidationError(str(problem), code="invalid") from None

    def run_validators(self, value: Any) -> None:
        """Those of text have nothing to say of a time."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, datetime.time) else value


class PointsField(forms.Field):
    """Points from 0 to `maximum` in steps of `step`, typed with a comma or a dot."""

    widget = forms.TextInput

    def __init__(self, *, maximum: Decimal | int, step: Decimal | int | str = 1, **kwargs: Any) -> None:
        super().__init__(**{"label": gettext_lazy("Điểm"), **kwargs})
        self.maximum, self.step = Decimal(maximum), Decimal(step)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"} | self.widget.attrs
        self.error_messages |= {"required": _missing_points(self)} | (kwargs.get("error_messages") or {})

    def hint(self) -> str:
        """'Gõ điểm từ 0 đến 10, cách nhau 0,5 điểm, ví dụ 7,5.'"""
        example = self.maximum * 3 / 4 // self.step * self.step
        return _("Gõ điểm từ 0 đến %(maximum)s, cách nhau %(step)s điểm, ví dụ %(example)s.") % {
            "maximum": numbers.format_decimal(self.maximum),
            "step": numbers.format_decimal(self.step),
            "example": numbers.format_decimal(example),
        }

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int | Decimal):
            return Decimal(value)
        typed = nfc(str(value))
        if not typed:
            return None
        try:
            return numbers.parse_decimal(typed)
        except ValueError:
            raise self._refusal(
                _("“%(typed)s” không phải là số điểm.") % {"typed": typed[:20]}, "invalid"
            ) from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        typed = numbers.format_decimal(value)
        if value < 0:
            raise self._refusal(_("Điểm thấp nhất là 0, bạn gõ %(typed)s.") % {"typed": typed}, "negative")
        if value > self.maximum:
            raise self._refusal(
                _("Điểm cao nhất là %(maximum)s, bạn gõ %(typed)s.")
                % {"maximum": numbers.format_decimal(self.maximum), "typed": typed},
                "above_maximum",
            )
        if value % self.step:
            below = value // self.step * self.step
            raise self._refusal(
                _("Điểm %(typed)s không có trong thang điểm. Chọn %(below)s hoặc %(above)s.")
                % {
                    "typed": typed,
                    "below": numbers.format_decimal(below),
                    "above": numbers.format_decimal(min(below + self.step, self.maximum)),
                },
                "between_steps",
            )

    def prepare_value(self, value: Any) -> Any:
        return numbers.format_decimal(value) if isinstance(value, int | float | Decimal) else value

    def _refusal(self, problem: str, code: str) -> ValidationError:
        return ValidationError(f"{problem} {self.hint()}", code=code)


def _belongs_to_name(character: str) -> bool:
    # A mark that stands alone is one no Vietnamese letter carries; some minority languages write it.
    latin = unicodedata.name(character, "").startswith(("LATIN ", "COMBINING "))
    return (latin and (character.isalpha() or bool(unicodedata.combining(character)))) or character in " '-."


def _email_problem(address: str) -> str:
    if re.search(r"\s", address):
        return _("Địa chỉ e-mail không có khoảng trắng.")
    if not address.isascii():
        return _("Địa chỉ e-mail không có dấu tiếng Việt.")
    if address.count("@") != 1:
        return _("Địa chỉ e-mail có đúng một dấu @.")
    if "." not in address.partition("@")[2]:
        return _("Sau dấu @ là tên nơi giữ hộp thư, có dấu chấm, như gmail.com.")
    return ""


def _cleaned(text: str | None, clean: Callable[[str], str], field: forms.CharField) -> str | None:
    if text in field.empty_values:
        return text
    try:
        return clean(text or "")
    except ValueError as problem:
        raise ValidationError(str(problem), code="invalid") from None


def _label(field: forms.Field) -> str:
    return str(field.label or _("Ô này"))


def _what(field: forms.Field) -> str:
    """The label in the middle of a sentence: 'Ngày sinh' -> 'ngày sinh'."""
    return lower_first(_label(field))


# Said when it is needed: a field is made while modules load, before there are translations, and its form may
# still name it.
@lazy_words
def _missing(field: LineField | EmailField) -> str:
    missing = _("Chưa gõ %(what)s.") % {"what": _what(field)}
    return f"{missing} {field.what_to_type}".strip()


@lazy_words
def _missing_day(field: forms.Field) -> str:
    return _("Chưa có %(what)s. Gõ ngày/tháng/năm, ví dụ %(example)s.") % {
        "what": _what(field),
        "example": dates.EXAMPLE,
    }


@lazy_words
def _missing_points(field: PointsField) -> str:
    return _("Chưa có điểm. %(hint)s") % {"hint": field.hint()}


@lazy_words
def _too_long(field: forms.Field) -> str:
    return _("%(label)s dài nhất %%(limit_value)d chữ, bạn gõ %%(show_value)d. Viết ngắn lại.") % {
        "label": _label(field)
    }


@lazy_words
def _too_short(field: forms.Field) -> str:
    return _("%(label)s có ít nhất %%(limit_value)d chữ, bạn gõ %%(show_value)d. Gõ đầy đủ.") % {
        "label": _label(field)
    }


def _say_in_vietnamese(field: LineField | EmailField, given: dict[str, Any] | None) -> None:
    field.error_messages |= {
        "required": _missing(field),
        "invalid": gettext_lazy("Địa chỉ e-mail này chưa viết đúng. Gõ lại, ví dụ nguyenthihoa@gmail.com."),
        "max_length": _too_long(field),
        "min_length": _too_short(field),
        "null_characters_not_allowed": gettext_lazy("Có ký tự không đọc được. Xóa đi rồi gõ lại."),
    } | (given or {})
