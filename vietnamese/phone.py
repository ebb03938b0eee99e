"""Vietnamese telephone numbers: typed in many ways, kept as +84…, shown as 0912 345 678. Pure."""

import re

from django.utils.translation import gettext as _

_SEPARATORS = re.compile(r"[\s.\-–()/]+")
_COUNTRY = re.compile(r"(\+|00)840?|84(?=[0-9]{9,10}$)")
_MOBILE = re.compile(r"0[35789][0-9]{8}")
_LAND_LINE = re.compile(r"02[0-9]{9}")
_OLD_MOBILE = re.compile(r"01[0-9]{9}")
_TWO_DIGIT_AREAS = ("024", "028")  # Hà Nội and Hồ Chí Minh City; the other areas have one digit more


def clean(text: str) -> str:
    """'+84…' of what was typed, or a ValueError that says what to type."""
    typed = _SEPARATORS.sub("", text)
    if not typed:
        raise ValueError(_("Chưa có số điện thoại. Gõ 10 chữ số, ví dụ 0912 345 678."))
    national = _national(typed)
    stranger = re.search("[^0-9]", national)
    if national.startswith("+"):
        raise ValueError(_("Cổng chỉ nhận số điện thoại của Việt Nam. Gõ 10 chữ số, ví dụ 0912 345 678."))
    if stranger:
        raise ValueError(
            _("Số điện thoại chỉ gồm chữ số, bạn gõ có “%(character)s”. Gõ lại, ví dụ 0912 345 678.")
            % {"character": stranger.group()}
        )
    if _MOBILE.fullmatch(national) or _LAND_LINE.fullmatch(national):
        return "+84" + national[1:]
    raise ValueError(_what_is_wrong(national))


def display(number: str) -> str:
    """'+84912345678' -> '0912 345 678'; '+842393851234' -> '0239 385 1234'."""
    if not number.startswith("+84"):
        return number
    national = "0" + number[3:]
    if _LAND_LINE.fullmatch(national):
        area = 3 if national.startswith(_TWO_DIGIT_AREAS) else 4
        return f"{national[:area]} {national[area:-4]} {national[-4:]}"
    return f"{national[:4]} {national[4:7]} {national[7:]}"


def _national(typed: str) -> str:
    """The number as dialled inside the country: with its nought, without 84."""
    national, with_country = _COUNTRY.subn("0", typed, count=1) if _COUNTRY.match(typed) else (typed, 0)
    if not with_country and re.fullmatch("[2-9][0-9]{8,9}", typed):
        return "0" + typed  # spreadsheets eat the nought
    return national


def _what_is_wrong(national: str) -> str:
    if _OLD_MOBILE.fullmatch(national):
        return _(
            "Số 11 chữ số bắt đầu bằng 01 đã đổi thành 10 chữ số từ năm 2018. Gõ số mới, ví dụ 0912 345 678."
        )
    if len(national) == 10:
        return _(
            "Số di động bắt đầu bằng 03, 05, 07, 08 hoặc 09, bạn gõ số bắt đầu bằng %(start)s. "
            "Gõ lại, ví dụ 0912 345 678."
        ) % {"start": national[:2]}
    return _(
        "Số điện thoại di động có 10 chữ số, số cố định có 11; bạn gõ %(count)d. Gõ lại, ví dụ 0912 345 678."
    ) % {"count": len(national)}
