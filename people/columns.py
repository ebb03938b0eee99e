"""The columns of a list of people, found by their headings, and a row read as a person."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import earliest_birth
from accounts.models import Gender, Population
from audit import clock
from vietnamese import dates, identity, phone, text
from vietnamese.fields import DayField, EmailField, IdentityNumberField, NameField, PhoneField
from vietnamese.workbooks import Unreadable

NAME, FAMILY, BIRTH, GENDER, NUMBER = "full_name", "family_name", "birth", "gender", "identity_number"
PHONE, EMAIL, COMMUNE, VILLAGE, WORK = "phone", "email", "commune", "village", "population"
REQUIRED = [NAME, BIRTH, GENDER]
HEADINGS = {
    NAME: gettext_lazy("Họ và tên"),
    BIRTH: gettext_lazy("Ngày sinh"),
    GENDER: gettext_lazy("Giới tính"),
    NUMBER: gettext_lazy("Số căn cước"),
    PHONE: gettext_lazy("Số điện thoại"),
    EMAIL: gettext_lazy("E-mail"),
    COMMUNE: gettext_lazy("Xã, phường"),
    VILLAGE: gettext_lazy("Thôn, tổ dân phố"),
    WORK: gettext_lazy("Công việc"),
}
MOST_ROWS_ABOVE = 15  # the name of the school, the title of the list
# What people write above a column, folded and bare of signs; the longest that begins a heading counts.
SAID = {
    FAMILY: ["ho va ten dem", "ho va chu dem", "ho ten dem", "ho dem", "ho lot", "ho"],
    NAME: ["ho va ten", "ho ten", "hoten", "ten"],
    BIRTH: ["ngay thang nam sinh", "ngay sinh", "sinh ngay", "nam sinh"],
    GENDER: ["gioi tinh", "gioi", "phai"],
    NUMBER: [
        "so can cuoc",
        "can cuoc",
        "so cccd",
        "cccd",
        "so dinh danh",
        "ma dinh danh",
        "dinh danh ca nhan",
        "so the can cuoc",
    ],
    PHONE: ["so dien thoai", "dien thoai", "so dt", "sdt", "dt", "di dong", "so di dong"],
    EMAIL: ["e mail", "email", "thu dien tu", "dia chi e mail", "dia chi email"],
    COMMUNE: ["xa phuong", "xa", "phuong xa", "phuong"],
    VILLAGE: ["thon", "to dan pho", "thon to dan pho", "ban lang thon", "ap", "xom", "khu pho", "noi o"],
    WORK: ["cong viec", "doi tuong", "nghe nghiep"],
}
LONG_ENOUGH = 4  # shorter words stand for a column only alone: "Họ", "Xã", "Tên"
OF_OTHERS = {"cha", "me", "bo", "huynh", "giam"}  # the parents' names and telephones
GENDERS = {
    "nam": Gender.MALE,
    "trai": Gender.MALE,
    "m": Gender.MALE,
    "nu": Gender.FEMALE,
    "gai": Gender.FEMALE,
    "f": Gender.FEMALE,
}
WORKS = {
    Population.VILLAGER: ["nong dan", "nguoi dan", "i"],
    Population.WORKER: ["cong nhan", "nguoi lao dong", "ii"],
    Population.OFFICIAL: ["can bo", "cong chuc", "vien chuc", "giao vien", "doanh nhan", "iii"],
    Population.LEARNER: ["hoc sinh", "sinh vien", "hoc vien", "iv"],
}


@dataclass(frozen=True)
class Sheet:
    """A list as it was sent: what stands above, its head, its rows, and where each column is."""

    above: list[tuple[int, list[str]]]
    number: int
    head: list[str]
    rows: list[tuple[int, list[str]]]
    places: dict[str, int]


@dataclass
class Read:
    """A row as a person's fields, or what is wrong with it; remarks are to be looked at once more."""

    person: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    commune: str = ""
    village: str = ""


def sheet_of(found: list[tuple[int, list[str]]]) -> Sheet:
    """The list in the rows of a workbook. Raises Unreadable where it has no head, or no row below."""
    for place, (number, cells) in enumerate(found[:MOST_ROWS_ABOVE]):
        places = _places(cells)
        if all(column in places for column in REQUIRED):
            rows = found[place + 1 :]
            if not rows:
                raise Unreadable(_("Dưới tên cột chưa có dòng nào."))
            return Sheet(found[:place], number, cells, rows, places)
    wanted = ", ".join(str(HEADINGS[column]) for column in REQUIRED)
    raise Unreadable(
        _("Không thấy các cột %(wanted)s. Ghi tên cột ở một dòng, hoặc tải tệp mẫu và chép các dòng sang.")
        % {"wanted": wanted}
    )


def _places(cells):
    places = {}
    for place, words in enumerate(cells):
        column = _column(words)
        if column is None:
            continue
        if column in places:
            raise Unreadable(
                _("Có hai cột là %(what)s: “%(first)s” và “%(second)s”. Bỏ bớt một cột.")
                % {
                    "what": HEADINGS.get(column, HEADINGS[NAME]),
                    "first": cells[places[column]],
                    "second": words,
                }
            )
        places[column] = place
    if FAMILY in places and NAME in places and text.fold(cells[places[NAME]]) != "ten":
        del places[FAMILY]  # the whole name stands in the other column
    return places


def _column(words):
    said_words = re.findall("[a-z0-9]+", text.fold(words))
    if OF_OTHERS.intersection(said_words):
        return None
    bare, best = " ".join(said_words), None
    for column, said in SAID.items():
        for each in said:
            whole = bare == each
            begins = len(each) >= LONG_ENOUGH and bare.startswith(f"{each} ")
            if (whole or begins) and (best is None or len(each) > len(best[1])):
                best = column, each
    return best and best[0]


def said_in(cells: list[str], places: dict[str, int]) -> dict[str, str]:
    """What a row says in each column that is taken."""
    return {column: cells[place] if place < len(cells) else "" for column, place in places.items()}


def name_in(said: dict[str, str]) -> str:
    """The whole name, where it stands in two columns too."""
    return " ".join(filter(None, [said.get(FAMILY, ""), said[NAME]]))


def read(cells: list[str], places: dict[str, int], *, work: str) -> Read:
    """One row; `work` is what these people do where their row does not say."""
    said = said_in(cells, places)
    row = Read(commune=said.get(COMMUNE, ""), village=said.get(VILLAGE, ""))
    row.person = {
        "full_name": _taken(row, NAME, name_in(said), _NAME.clean),
        **_birth(row, said[BIRTH]),
        "gender": _taken(row, GENDER, said[GENDER], _gender),
        "identity_number": _taken(row, NUMBER, said.get(NUMBER, ""), _number) or None,
        "phone": _taken(row, PHONE, said.get(PHONE, ""), _PHONE.clean) or "",
        "email": _taken(row, EMAIL, said.get(EMAIL, ""), _EMAIL.clean) or "",
        "population": _taken(row, WORK, said.get(WORK, "") or work, _work),
    }
    if not row.problems:
        row.remarks += _remarks(row.person, said)
    return row


def _taken(row, column, typed, clean: Callable[[str], Any]):
    try:
        return clean(typed)
    except (ValidationError, ValueError) as problem:
        words = " ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
        row.problems.append(_("Cột %(column)s: %(problem)s") % {"column": HEADINGS[column], "problem": words})
        return None


def _birth(row, typed):
    """A day, or the year where no more is known."""
    today = clock.today()
    if re.fullmatch("[0-9]{4}", typed) and earliest_birth().year <= int(typed) <= today.year:
        return {"birth_date": None, "birth_year": int(typed)}
    if re.fullmatch("[0-9]{5}", typed):
        problem = _("Ô này là số, không phải ngày. Đặt kiểu ô là Ngày (Date), hoặc gõ %(example)s.")
        row.problems.append(
            _("Cột %(column)s: %(problem)s")
            % {"column": HEADINGS[BIRTH], "problem": problem % {"example": dates.EXAMPLE}}
        )
        return {"birth_date": None, "birth_year": None}
    day = _taken(row, BIRTH, typed, _BIRTH.clean)
    return {"birth_date": day, "birth_year": day and day.year}


def _gender(typed):
    found = GENDERS.get(text.fold(typed).strip(" ."))
    if found is None:
        raise ValueError(_("ghi Nam hoặc Nữ."))
    return found.value


def _number(typed):
    digits = re.sub(r"[\s.\-]", "", typed)
    if re.fullmatch("[0-9]{10,11}", digits):
        raise ValueError(
            _(
                "có %(count)d chữ số, thiếu so với 12. Excel hay bỏ mất số 0 ở đầu: xem thẻ, đặt kiểu ô là "
                "Văn bản (Text) rồi gõ đủ 12 chữ số."
            )
            % {"count": len(digits)}
        )
    return _NUMBER.clean(typed)


def _work(typed):
    folded = text.fold(typed)
    if folded in Population.values:
        return folded
    for population, said in WORKS.items():
        if any(folded == each or (len(each) >= LONG_ENOUGH and each in folded) for each in said):
            return population.value
    raise ValueError(_("ghi Nông dân, Công nhân, Cán bộ hoặc Học sinh; để trống cũng được."))


def _remarks(person, said):
    """What the reader should look at once more, but what is no fault."""
    if person["phone"] and not re.sub(r"\D", "", said[PHONE]).startswith(("0", "84")):
        yield _("Số điện thoại thiếu số 0 ở đầu, cổng hiểu là %(number)s.") % {
            "number": phone.display(person["phone"])
        }
    if number := person["identity_number"]:
        birth: datetime.date | int = person["birth_date"] or person["birth_year"]
        yield from identity.doubts(number, birth, person["gender"])


# Made once: five thousand rows ask each of them.
_NAME = NameField()
_BIRTH = DayField(label=HEADINGS[BIRTH], earliest=earliest_birth, latest=clock.today)
_NUMBER = IdentityNumberField(required=False)
_PHONE = PhoneField(required=False)
_EMAIL = EmailField(required=False)
