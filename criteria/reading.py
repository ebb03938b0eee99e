"""Reading criteria from a file: of any title, in the one form of criteria/data/*.yaml.

    drafts = reading.read(file)          # a file opened in bytes or text; saves nothing
    drafts[0].save(drafted_by=user.pk)   # a draft in the database

Raises Unreadable, whose `faults` each name a place and a reason; nothing is changed then. What comes from
elsewhere, a workbook for instance, is given to `drafts_of` as the same tree: dicts and lists of text, each
dict a Lines that knows where its keys stand.

A file is `sets:`, a list. What a set, a grade, a line and a link may say are the names in criteria/drafts.py;
`criteria` holds the sections, each with its `indicators`, and an indicator may have `links`.
"""

from dataclasses import dataclass
from decimal import Decimal

import yaml
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from criteria.drafts import A_GRADE_SAYS, A_LINE_SAYS, A_LINK_SAYS, A_SET_SAYS, Draft
from criteria.models import (
    SCOPES,
    CriteriaSet,
    Criterion,
    Grade,
    Level,
    Status,
    TitleLink,
)
from criteria.rules import ScoringModel
from vietnamese import dates, numbers

MOST_BYTES = 2 * 1024 * 1024
MOST_NODES = 100_000
MOST_DEPTH = 12
MOST_FAULTS = 100
# The one that libyaml drives, where it is there: seven times as fast, and as safe.
SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: 'dòng 12', or nothing where it is the file as a whole."""

    place: str
    reason: str

    def __str__(self):
        return f"{self.place}: {self.reason}" if self.place else self.reason


class Unreadable(Exception):
    """The file is not taken; `faults` says why, the first ones where there are many."""

    def __init__(self, faults):
        self.faults = list(faults)[:MOST_FAULTS]
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Lines(dict):
    """A mapping of a file. `place` is where it begins, `places` where each of its keys stands."""

    def __init__(self, content=(), *, place="", places=None):
        super().__init__(content)
        self.place, self.places = place, places or {}

    def at(self, key):
        return self.places.get(key, self.place)


def read(file, *, known=()) -> list[Draft]:
    """The sets of a file, not saved. Raises Unreadable.

    A link may name the titles of the portal, those of the file, and the `known`, pairs of level and scope.
    """
    return drafts_of(_tree(_text(file)), known=known)


# --- The file ---------------------------------------------------------------------------------------


def _text(file):
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        most = numbers.file_size(MOST_BYTES)
        raise Unreadable([Fault("", _("Tệp lớn hơn %(most)s nên không đọc.") % {"most": most})])
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _line(content[: error.start].count(b"\n"))
        raise Unreadable(
            [Fault(place, _("Tệp không phải chữ UTF-8. Lưu lại tệp dưới dạng UTF-8."))]
        ) from error


def _line(number):
    return _("dòng %(line)d") % {"line": number + 1}


def _tree(text):
    try:
        _ask_plain(text)
        node = yaml.compose(text, Loader=SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        words = _("Không đọc được theo dạng YAML: thụt dòng, dấu hai chấm hoặc dấu ngoặc kép chưa đúng.")
        raise Unreadable([Fault(_line(mark.line) if mark else "", words)]) from error
    faults = []
    tree = _plain(node, faults) if node is not None else None
    if faults:
        raise Unreadable(faults)
    return tree


def _ask_plain(text):
    """Before anything is built: no anchors, aliases or tags, not deep and not many."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=SafeLoader)):
        place = _line(event.start_mark.line)
        if getattr(event, "anchor", None):
            raise Unreadable([Fault(place, _("Tệp không được dùng neo & và bí danh * của YAML."))])
        if getattr(event, "tag", None) not in (None, "!"):
            raise Unreadable([Fault(place, _("Tệp không được dùng thẻ ! của YAML."))])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH or count > MOST_NODES:
            raise Unreadable([Fault(place, _("Tệp có quá nhiều tầng hoặc quá nhiều dòng."))])


def _plain(node, faults):
    """Mappings, lists and text: what a word means is told by the field it stands in."""
    if isinstance(node, yaml.MappingNode):
        lines = Lines(place=_line(node.start_mark.line))
        for key, value in node.value:
            place = _line(key.start_mark.line)
            if not isinstance(key, yaml.ScalarNode):
                faults.append(Fault(place, _("Tên mục phải là một từ.")))
            elif key.value in lines:
                faults.append(Fault(place, _("Mục “%(key)s” ghi hai lần.") % {"key": key.value}))
            else:
                lines.places[key.value] = place
                lines[key.value] = _plain(value, faults)
        return lines
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, faults) for each in node.value]
    return None if node.tag == "tag:yaml.org,2002:null" else node.value


# --- What it says -----------------------------------------------------------------------------------


def drafts_of(tree, *, known=()) -> list[Draft]:
    """The sets that a tree of Lines, lists and text says. Raises Unreadable."""
    faults: list[Fault] = []
    if not isinstance(tree, dict):
        raise Unreadable([Fault("", _("Tệp phải bắt đầu bằng “sets:”, danh sách các bộ tiêu chí."))])
    _ask_known(tree, ["sets"], faults)
    read_sets = [(each, _Reader(each, faults).draft()) for each in _list(tree, "sets", faults, needed=True)]
    drafts = [(lines, draft) for lines, draft in read_sets if draft is not None]
    if not faults:
        _ask_apart(drafts, faults)
        _ask_sources(drafts, known, faults)
    if faults:
        raise Unreadable(faults)
    return [draft for _lines, draft in drafts]


def _list(lines, key, faults, *, needed=False):
    """The mappings of a list; what is none is a fault."""
    value = lines.get(key)
    if value is None or value == []:
        if needed:
            faults.append(Fault(lines.at(key), _("Thiếu “%(key)s”.") % {"key": key}))
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        faults.append(Fault(lines.at(key), _("“%(key)s” phải là một danh sách các mục.") % {"key": key}))
        return []
    return value


def _ask_known(lines, names, faults):
    for key in lines:
        if key not in names:
            said = _("Không có mục nào tên “%(key)s” ở đây.") % {"key": key}
            faults.append(Fault(lines.at(key), said))


class _Reader:
    """One set of the file."""

    def __init__(self, lines, faults):
        self.lines, self.faults, self.codes = lines, faults, {}

    def draft(self) -> Draft | None:
        before = len(self.faults)
        lines = self.lines
        draft = Draft(self._row(CriteriaSet(), lines, A_SET_SAYS, "grades", "criteria"))
        for each in _list(lines, "grades", self.faults):
            row = self._row(Grade(criteria_set=draft.criteria_set), each, A_GRADE_SAYS)
            draft.grades.append(row)
        for number, each in enumerate(_list(lines, "criteria", self.faults, needed=True), 1):
            self._section(draft, number, each)
        if len(self.faults) == before:
            self._ask_set(draft)
            self._ask_points(draft)
            self._ask_grades(draft)
        return draft if len(self.faults) == before else None

    def _section(self, draft, number, lines):
        section = Criterion(criteria_set=draft.criteria_set, position=1000 * number)
        draft.lines.append(self._line(section, lines, "indicators"))
        for place, each in enumerate(_list(lines, "indicators", self.faults, needed=True), 1):
            indicator = Criterion(
                criteria_set=draft.criteria_set, parent=section, position=section.position + place
            )
            draft.lines.append(self._line(indicator, each, "links"))
            for link in _list(each, "links", self.faults):
                draft.links.append(self._row(TitleLink(indicator=indicator), link, A_LINK_SAYS))
                percent = draft.links[-1].minimum_percent
                if percent is not None and not 0 < percent <= 100:
                    self._fault(link, "minimum_percent", _("Tỷ lệ phải lớn hơn 0 và không quá 100."))

    def _line(self, row, lines, *further):
        self._row(row, lines, A_LINE_SAYS, *further)
        if row.code in self.codes:
            said = _("Mã “%(code)s” đã có ở %(place)s.") % {"code": row.code, "place": self.codes[row.code]}
            self._fault(lines, "code", said)
        else:
            self.codes[row.code] = lines.at("code")
        return row

    def _row(self, row, lines, names, *further):
        """Each name into its field, by the field's own rules."""
        row.lines = lines
        _ask_known(lines, [*names, *further], self.faults)
        for name in names:
            field = row._meta.get_field(name)
            try:
                setattr(row, name, _value(field, lines.get(name)))
            except (ValidationError, ValueError) as error:
                reason = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
                said = _("“%(key)s”: %(reason)s") % {"key": name, "reason": reason}
                self._fault(lines, name, said)
        return row

    def _fault(self, lines, key, reason):
        self.faults.append(Fault(lines.at(key), reason))

    def _ask_set(self, draft):
        own, lines = draft.criteria_set, self.lines
        if own.valid_to and own.valid_to < own.valid_from:
            self._fault(lines, "valid_to", _("Ngày hết hiệu lực đứng trước ngày bắt đầu."))
        if own.scope not in SCOPES.get(own.level, [""]):
            allowed = ", ".join(SCOPES.get(own.level, [])) or _("để trống")
            said = _("Phạm vi của %(title)s phải là: %(allowed)s.")
            self._fault(lines, "scope", said % {"title": own.get_level_display(), "allowed": allowed})
        if bool(own.group) != (own.level == Level.CITIZEN):
            self._fault(lines, "group", _("Nhóm chỉ ghi ở danh hiệu Công dân học tập, và ở đó phải ghi."))

    def _ask_points(self, draft):
        own, lines = draft.criteria_set, self.lines
        figures = ["total", "pass_mark", "floor", "hard_area_pass_mark"]
        if own.scoring_model == ScoringModel.PASS_FAIL:
            for name in figures:
                if getattr(own, name) is not None:
                    self._fault(lines, name, _("Bộ Đạt / Không đạt không có điểm."))
            for line in draft.lines:
                if line.maximum is not None:
                    self._fault(line.lines, "maximum", _("Bộ Đạt / Không đạt không có điểm."))
            return
        for name in figures[:3]:
            if getattr(own, name) is None:
                self._fault(lines, name, _("Bộ chấm điểm phải ghi “%(key)s”.") % {"key": name})
        for name in ("pass_mark", "hard_area_pass_mark", "floor"):
            if None not in (own.total, getattr(own, name)) and getattr(own, name) > own.total:
                said = _("Điểm đạt %(mark)s lớn hơn tổng điểm %(total)s.")
                shown = {"mark": _points(getattr(own, name)), "total": _points(own.total)}
                self._fault(lines, name, said % shown)
        self._ask_sum(draft)

    def _ask_sum(self, draft):
        own, total = draft.criteria_set, Decimal(0)
        for section, indicators in draft.sections:
            of_section = sum((self._points_of(draft, each) for each in indicators), Decimal(0))
            total += of_section
            if section.maximum is not None and section.maximum != of_section:
                said = _("Điểm các chỉ số cộng lại là %(sum)s, mà tiêu chí ghi %(total)s.")
                shown = {"sum": _points(of_section), "total": _points(section.maximum)}
                self._fault(section.lines, "maximum", said % shown)
        if own.total is not None and own.total != total:
            said = _("Điểm tối đa của các chỉ số cộng lại là %(sum)s, mà tổng điểm ghi %(total)s.")
            self._fault(self.lines, "total", said % {"sum": _points(total), "total": _points(own.total)})

    def _points_of(self, draft, indicator):
        """What it adds to the total; nothing where it only informs."""
        own, maximum = draft.criteria_set, indicator.maximum
        only_informs = any(link.minimum_percent is None for link in draft.links_of(indicator))
        if only_informs and maximum is not None:
            said = _("Tỷ lệ chưa có mức phải đạt thì chỉ để xem, không ghi điểm.")
            self._fault(indicator.lines, "maximum", said)
        if maximum is None:
            if not only_informs:
                self._fault(indicator.lines, "maximum", _("Chỉ số này thiếu điểm tối đa."))
            return Decimal(0)
        if maximum % own.step:
            self._fault(indicator.lines, "maximum", _("Điểm tối đa không khớp với bước điểm."))
        if own.floor is not None and maximum < own.floor:
            self._fault(indicator.lines, "maximum", _("Điểm tối đa nhỏ hơn điểm thấp nhất phải có."))
        return maximum

    def _ask_grades(self, draft):
        own, before = draft.criteria_set, None
        for number, grade in enumerate(draft.grades, 1):
            if grade.rank != number:
                self._fault(grade.lines, "rank", _("Các mức ghi từ thấp lên cao, bậc 1, 2, 3…"))
            if (grade.from_points is None) == (own.scoring_model == ScoringModel.POINTS):
                said = _("Mức của bộ chấm điểm phải có “from_points”; mức của bộ Đạt / Không đạt thì không.")
                self._fault(grade.lines, "from_points", said)
            elif grade.from_points is not None:
                if grade.from_points > own.total or (before is not None and grade.from_points <= before):
                    self._fault(
                        grade.lines, "from_points", _("Điểm của mức phải tăng dần và không quá tổng điểm.")
                    )
                before = grade.from_points
        ranks = max(1, len(draft.grades))
        for line in draft.lines:
            if line.rank > ranks:
                self._fault(line.lines, "rank", _("Không có mức nào ở bậc này."))


def _value(field, raw):
    """What a field makes of a text of the file."""
    if (
        isinstance(raw, list)
        and isinstance(field, models.TextField)
        and all(isinstance(each, str) for each in raw)
    ):
        raw = "\n".join(raw)
    if isinstance(raw, (dict, list)):
        raise ValueError(_("phải là một giá trị, không phải danh sách."))
    if raw is None or raw == "":
        if field.has_default():
            return field.get_default()
        return None if field.null else field.clean("", None)
    raw = str(raw).strip()
    if isinstance(field, models.DateField):
        raw = dates.parse_day(raw)
    elif isinstance(field, models.BooleanField):
        said = {"true": True, "false": False}.get(raw.lower())
        if said is None:
            raise ValueError(_("phải là true hoặc false."))
        raw = said
    elif field.choices and raw not in dict(field.flatchoices):
        allowed = ", ".join(f"“{each}”" for each in dict(field.flatchoices) if each)
        raise ValueError(_("phải là một trong: %(allowed)s.") % {"allowed": allowed})
    value = field.clean(raw, None)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value < 0:
        raise ValueError(_("không được là số âm."))
    return value


def _points(value):
    return numbers.format_decimal(value)


# --- Beside the others ------------------------------------------------------------------------------


def _ask_apart(drafts, faults):
    """No two of one title in force on one day: in the file, or with one of the portal that begins later."""
    for number, (lines, draft) in enumerate(drafts):
        own = draft.criteria_set
        for other_lines, other in drafts[:number]:
            if _title(own) == _title(other.criteria_set) and _overlap(own, other.criteria_set):
                said = _("Hiệu lực chồng lên bộ cùng danh hiệu ở %(place)s.") % {"place": other_lines.place}
                faults.append(Fault(lines.at("valid_from"), said))
        if draft.is_there():
            continue
        for later in CriteriaSet.objects.overlapping(own).filter(valid_from__gt=own.valid_from):
            said = _("Hiệu lực chồng lên bộ “%(set)s” đã ban hành, bắt đầu từ %(day)s.")
            shown = {"set": later, "day": dates.day_words(later.valid_from)}
            faults.append(Fault(lines.at("valid_from"), said % shown))


def _title(criteria_set):
    return criteria_set.level, criteria_set.scope, criteria_set.group


def _overlap(one, other):
    return (one.valid_to is None or other.valid_from <= one.valid_to) and (
        other.valid_to is None or one.valid_from <= other.valid_to
    )


def _ask_sources(drafts, known, faults):
    """A link names a title which the portal has a set of, or the file, and not its own."""
    if not any(draft.links for _lines, draft in drafts):
        return
    there = {(draft.criteria_set.level, draft.criteria_set.scope) for _lines, draft in drafts} | set(known)
    published = CriteriaSet.objects.exclude(status=Status.DRAFT).order_by()
    there.update(published.values_list("level", "scope").distinct())
    for _lines, draft in drafts:
        own = (draft.criteria_set.level, draft.criteria_set.scope)
        for link in draft.links:
            source = (link.source_level, link.source_scope)
            if source == own or source not in there:
                shown = [link.get_source_level_display(), link.get_source_scope_display()]
                said = _("Không có danh hiệu “%(title)s” để tính tỷ lệ.")
                said %= {"title": " ".join(filter(None, shown))}
                faults.append(Fault(link.lines.at("source_level"), said))
