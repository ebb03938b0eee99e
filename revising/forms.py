"""A draft as one form: what the set says, and below it every line of it, each field named by its row."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from criteria.models import CriteriaSet, Criterion, Grade, TitleLink
from criteria.rules import ScoringModel
from vietnamese import numbers
from vietnamese.fields import DayField, LineField, LinesField, PointsField

ZERO = Decimal(0)
BETWEEN = 100  # positions between two sections


class FigureField(PointsField):
    """A number as it stands in a decision."""

    def __init__(self, **kwargs):
        super().__init__(maximum=9999, step="0.0001", **kwargs)

    def hint(self):
        return _("Gõ một số, ví dụ 80 hoặc 7,5.")


def field_of(model, name, *, before="", required=None):
    """The form's field for a column; `before` names the row in the list of errors."""
    column = model._meta.get_field(name)
    label = capfirst(column.verbose_name)
    about = {
        "label": f"{before}: {column.verbose_name}" if before else label,
        "required": not (column.blank or column.null) if required is None else required,
    }
    if isinstance(column, models.BooleanField):
        return forms.BooleanField(**about | {"required": False})
    if column.choices:
        choices = ([("", "–")] if column.blank else []) + list(column.choices)
        return forms.ChoiceField(choices=choices, **about)
    if isinstance(column, models.DateField):
        return DayField(**about)
    if isinstance(column, models.DecimalField):
        return FigureField(**about)
    if isinstance(column, models.PositiveSmallIntegerField):
        return forms.IntegerField(min_value=1, max_value=9, widget=forms.TextInput, **about)
    if isinstance(column, models.TextField):
        return LinesField(widget=forms.Textarea(attrs={"rows": 2}), max_length=5000, **about)
    return LineField(max_length=column.max_length, **about)


class Row:
    """The fields of one line: those always there, and those behind a fold."""

    def __init__(self, form, thing, prefix, shown, folded=()):
        self.thing, self.prefix = thing, prefix
        self.shown = [form[f"{prefix}{name}"] for name in shown]
        self.folded = [form[f"{prefix}{name}"] for name in folded]

    @property
    def has_folded_errors(self):
        return any(field.errors for field in self.folded)


class DraftForm(forms.Form):
    """`revision` is the draft as it was read."""

    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ["required", "invalid"], gettext_lazy("Trang này tải chưa xong. Mở lại trang rồi làm lại.")
        ),
    )
    TEXTS = ["title", "authority", "basis_number", "basis_date", "basis_issuer", "basis_place", "basis_url"]
    DAYS = ["valid_from", "valid_to"]
    FIGURES = ["total", "pass_mark", "floor", "step", "hard_area_pass_mark"]
    SURE = [f"{name}_confidence" for name in FIGURES]
    SET_FIELDS = [*TEXTS, *DAYS, *FIGURES, *SURE, "note"]
    LINE = ["text", "maximum", "evidence_hint"]
    LINE_FOLDED = [
        "confidence",
        "maximum_confidence",
        "rank",
        "applies_to",
        "basis_number",
        "basis_place",
        "basis_url",
        "law_text",
        "source",
    ]
    NEW = ["code", "text", "maximum"]
    LINK = ["source_level", "source_scope", "denominator", "minimum_percent", "waived_when_empty", "basis"]
    GRADE = ["rank", "name", "from_points"]

    def __init__(self, draft, data=None):
        self.draft = draft
        self.is_points = draft.scoring_model == ScoringModel.POINTS
        self.sections = draft.sections
        self.grades = list(draft.grades.all())
        super().__init__(data, initial={"revision": draft.revision})
        for name in self.SET_FIELDS:
            self._add(CriteriaSet, draft, "", name)
        for section in self.sections:
            self._add(Criterion, section, f"c{section.pk}-", "text", section.code)
            self._gone(f"c{section.pk}-", section.code)
            for line in section.indicators:
                for name in [*self._line_shown, *self.LINE_FOLDED]:
                    self._add(Criterion, line, f"c{line.pk}-", name, line.code)
                self._gone(f"c{line.pk}-", line.code)
                for link in line.links.all():
                    for name in self.LINK:
                        self._add(TitleLink, link, f"l{link.pk}-", name, line.code)
                    self._gone(f"l{link.pk}-", line.code)
                if self._may_link:
                    for name in self.LINK:
                        self._add(TitleLink, None, f"m{line.pk}-", name, line.code)
            for name in self._new:
                self._add(Criterion, None, f"n{section.pk}-", name, _("Chỉ số mới ở %s") % section.code)
        for name in ["code", "text"]:
            self._add(Criterion, None, "s-", name, _("Tiêu chí mới"))
        for grade in self.grades:
            for name in self.GRADE:
                self._add(Grade, grade, f"g{grade.pk}-", name, grade.name)
            self._gone(f"g{grade.pk}-", grade.name)
        for name in self.GRADE:
            self._add(Grade, None, "h-", name, _("Mức mới"))

    @property
    def _line_shown(self):
        return self.LINE if self.is_points else [name for name in self.LINE if name != "maximum"]

    @property
    def _new(self):
        return self.NEW if self.is_points else ["code", "text"]

    @property
    def _may_link(self):
        return self.draft.level != "citizen"

    def _add(self, model, thing, prefix, name, before=""):
        field = field_of(model, name, before=before, required=None if thing else False)
        if thing is None and isinstance(field, forms.ChoiceField) and field.choices[0][0] != "":
            field.choices = [("", "–"), *field.choices]
        self.fields[f"{prefix}{name}"] = field
        if thing is not None:
            self.initial[f"{prefix}{name}"] = getattr(thing, name)

    def _gone(self, prefix, code):
        self.fields[f"{prefix}gone"] = forms.BooleanField(label=_("Bỏ %s") % code, required=False)

    # --- As the page shows it -------------------------------------------------------------------

    @property
    def head(self):
        names = [*self.TEXTS, *self.DAYS]
        if self.is_points:
            names += [name for pair in zip(self.FIGURES, self.SURE, strict=True) for name in pair]
        return [self[name] for name in [*names, "note"]]

    @property
    def parts(self):
        """(the section's row, the rows of its indicators, each with its links, the row for a new one)."""
        return [
            (
                Row(self, section, f"c{section.pk}-", ["text", "gone"]),
                [(self._row(line), self._links(line)) for line in section.indicators],
                Row(self, None, f"n{section.pk}-", self._new),
            )
            for section in self.sections
        ]

    def _row(self, line):
        return Row(self, line, f"c{line.pk}-", [*self._line_shown, "gone"], self.LINE_FOLDED)

    def _links(self, line):
        rows = [Row(self, link, f"l{link.pk}-", [*self.LINK, "gone"]) for link in line.links.all()]
        return [*rows, Row(self, None, f"m{line.pk}-", self.LINK)] if self._may_link else rows

    @property
    def new_section(self):
        return Row(self, None, "s-", ["code", "text"])

    @property
    def grade_rows(self):
        rows = [Row(self, grade, f"g{grade.pk}-", [*self.GRADE, "gone"]) for grade in self.grades]
        return [*rows, Row(self, None, "h-", self.GRADE)]

    def hold_on_to(self, revision):
        """Make the next save write over the given revision."""
        self.data = self.data.copy()
        self.data["revision"] = str(revision)

    # --- What was typed -------------------------------------------------------------------------

    def _of(self, prefix, names):
        return {name: self.cleaned_data.get(f"{prefix}{name}") for name in names}

    def _is_gone(self, prefix):
        return bool(self.cleaned_data.get(f"{prefix}gone"))

    def clean(self):
        given = super().clean()
        self._check_new_lines()
        if not self.errors:
            self._check_days(given)
        if self.is_points and not self.errors:
            self._check_figures(given)
        return given

    def _check_new_lines(self):
        known = {line.code for line in self.draft.criteria.all()}
        for prefix in [*(f"n{section.pk}-" for section in self.sections), "s-"]:
            new = self._of(prefix, self.NEW)
            if not any(new.values()):
                continue
            if not new["code"]:
                self.add_error(f"{prefix}code", _("Chưa gõ mã, ví dụ I.1.5."))
            elif new["code"] in known:
                self.add_error(f"{prefix}code", _("Mã %s đã có. Gõ mã khác.") % new["code"])
            known.add(new["code"])
            if not new["text"]:
                self.add_error(f"{prefix}text", _("Chưa gõ nội dung."))
        for prefix in [f"m{line.pk}-" for line in self.draft.indicators if self._may_link]:
            link = self._of(prefix, self.LINK)
            if any(link.values()):
                for name in ["source_level", "denominator"]:
                    if not link[name]:
                        self.add_error(f"{prefix}{name}", _("Chưa chọn."))
        grade = self._of("h-", self.GRADE)
        if any(grade.values()):
            for name in ["rank", "name"]:
                if not grade[name]:
                    self.add_error(f"h-{name}", _("Chưa gõ."))

    def _check_days(self, given):
        if given["valid_to"] and given["valid_to"] < given["valid_from"]:
            self.add_error("valid_to", _("Ngày cuối không thể trước ngày đầu."))

    def _check_figures(self, given):
        for name in ["pass_mark", "floor", "step"]:
            if given[name] is None:
                self.add_error(name, _("Chưa có số. Gõ một số, ví dụ 80."))
        if given["step"] is not None and given["step"] <= 0:
            self.add_error("step", _("Bước điểm phải lớn hơn 0."))
        points = self._points()
        for prefix, maximum in points.items():
            if maximum is None:
                self.add_error(f"{prefix}maximum", _("Chưa có điểm tối đa. Gõ một số, ví dụ 10."))
        if self.errors:
            return
        together = sum(points.values(), ZERO)
        said = {"together": numbers.format_decimal(together)}
        if given["total"] is not None and given["total"] != together:
            self.add_error("total", _("Các chỉ số cộng lại là %(together)s điểm, không phải số này.") % said)
        for name in ["pass_mark", "hard_area_pass_mark"]:
            if given[name] is not None and given[name] > together:
                self.add_error(name, _("Cao hơn tổng điểm: các chỉ số cộng lại là %(together)s.") % said)

    def _points(self):
        """The maxima as typed, of what stays and what is new and counts."""
        points = {}
        for section in self.sections:
            if self._is_gone(f"c{section.pk}-"):
                continue
            for line in section.indicators:
                if not self._is_gone(f"c{line.pk}-") and not line.only_informs:
                    points[f"c{line.pk}-"] = self.cleaned_data[f"c{line.pk}-maximum"]
            if self.cleaned_data[f"n{section.pk}-code"]:
                points[f"n{section.pk}-"] = self.cleaned_data[f"n{section.pk}-maximum"]
        return points

    def save_lines(self, draft):
        """Write the lines; within the transaction of drafting.save."""
        last = max((line.position for line in draft.criteria.all()), default=0)
        for section in self.sections:
            if self._is_gone(f"c{section.pk}-"):
                section.delete()
                continue
            self._write(section, f"c{section.pk}-", ["text"])
            for line in section.indicators:
                self._save_line(line)
            new = self._of(f"n{section.pk}-", self._new)
            if new["code"]:
                last += 1
                Criterion.objects.create(criteria_set=draft, parent=section, position=last, **new)
        new = self._of("s-", ["code", "text"])
        if new["code"]:
            position = (last // BETWEEN + 1) * BETWEEN
            Criterion.objects.create(criteria_set=draft, position=position, **new)
        for grade in self.grades:
            if self._is_gone(f"g{grade.pk}-"):
                grade.delete()
            else:
                self._write(grade, f"g{grade.pk}-", self.GRADE)
        grade = self._of("h-", self.GRADE)
        if grade["name"]:
            Grade.objects.create(criteria_set=draft, **grade)

    def _save_line(self, line):
        if self._is_gone(f"c{line.pk}-"):
            line.delete()
            return
        self._write(line, f"c{line.pk}-", [*self._line_shown, *self.LINE_FOLDED])
        for link in line.links.all():
            if self._is_gone(f"l{link.pk}-"):
                link.delete()
            else:
                self._write(link, f"l{link.pk}-", self.LINK)
        if self._may_link and self.cleaned_data[f"m{line.pk}-source_level"]:
            TitleLink.objects.create(indicator=line, **self._of(f"m{line.pk}-", self.LINK))

    def _write(self, thing, prefix, names):
        for name in names:
            setattr(thing, name, self.cleaned_data[f"{prefix}{name}"])
        thing.save()


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp bộ tiêu chí"),
        help_text=gettext_lazy("Tệp YAML (.yaml) hoặc Excel (.xlsx), như tệp tải về từ cổng."),
        error_messages={
            "required": gettext_lazy("Chọn một tệp."),
            "empty": gettext_lazy("Tệp trống hoặc quá lớn. Chọn tệp khác."),
        },
    )

    def refuse(self, faults):
        """Say beside the file what is wrong with it."""
        self.add_error("file", ValidationError(list(faults)))
