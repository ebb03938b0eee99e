"""A set of criteria as it is read from a file or from the portal: rows not yet saved, or told apart."""

from dataclasses import dataclass, field

from django.db import models, transaction
from django.db.models import Max

from criteria.models import CriteriaSet, Criterion, Grade, Status, TitleLink

# What a set, a line, a grade and a link say, in the order in which a file says it.
A_SET_SAYS = """
    level scope group title basis_number basis_date basis_issuer basis_place basis_url valid_from valid_to
    authority scoring_model total total_confidence pass_mark pass_mark_confidence floor floor_confidence
    step step_confidence hard_area_pass_mark hard_area_pass_mark_confidence note
""".split()
A_GRADE_SAYS = "rank name from_points confidence".split()
A_LINE_SAYS = """
    code text confidence maximum maximum_confidence rank applies_to evidence_hint basis_number basis_place
    basis_url law_text valid_from valid_to source
""".split()
A_LINK_SAYS = """
    source_level source_scope denominator minimum_percent waived_when_empty basis confidence
    valid_from valid_to
""".split()


@dataclass
class Draft:
    """The rows of one set; `lines` are its criteria, each section before its indicators."""

    criteria_set: CriteriaSet
    grades: list[Grade] = field(default_factory=list)
    lines: list[Criterion] = field(default_factory=list)
    links: list[TitleLink] = field(default_factory=list)

    @classmethod
    def of(cls, criteria_set):
        """What a set that stands in the database says."""
        lines = list(criteria_set.criteria.select_related("parent").order_by("position"))
        links = TitleLink.objects.filter(indicator__criteria_set=criteria_set).select_related("indicator")
        links = links.order_by("indicator__position", "pk")
        return cls(criteria_set, list(criteria_set.grades.all()), lines, list(links))

    @property
    def sections(self):
        """(section, its indicators), in order."""
        return [
            (line, [each for each in self.lines if each.parent is not None and each.parent.code == line.code])
            for line in self.lines
            if line.parent is None
        ]

    def links_of(self, indicator):
        return [link for link in self.links if link.indicator.code == indicator.code]

    def says(self):
        """All that it says, in comparable form; when it ends is no part of that."""
        names = [name for name in A_SET_SAYS if name != "valid_to"]
        return (
            said(self.criteria_set, names),
            [said(grade, A_GRADE_SAYS) for grade in self.grades],
            [(said(line, A_LINE_SAYS), line.parent and line.parent.code) for line in self.lines],
            [(said(link, A_LINK_SAYS), link.indicator.code) for link in self.links],
        )

    def is_there(self):
        """Whether the last version of the same decision that was published says just this."""
        last = self.criteria_set.versions().exclude(status=Status.DRAFT).order_by("version").last()
        return last is not None and Draft.of(last).says() == self.says()

    @transaction.atomic
    def save(self, *, drafted_by=None) -> CriteriaSet:
        """A new draft in the database, of the next version; `drafted_by` is the key of an account."""
        criteria_set = self.criteria_set
        # Of two who draft at once the second waits here, and has the number after.
        list(criteria_set.versions().select_for_update(no_key=True).values_list("pk"))
        newest = criteria_set.versions().aggregate(Max("version"))["version__max"]
        criteria_set.version, criteria_set.drafted_by = (newest or 0) + 1, drafted_by
        for row in [criteria_set, *self.grades, *self.lines, *self.links]:
            # What a row hangs on has its key by now.
            for relation in [each for each in row._meta.fields if isinstance(each, models.ForeignKey)]:
                setattr(row, relation.name, getattr(row, relation.name))
            row.save(force_insert=True)
        criteria_set.settle()
        return criteria_set


def said(row, names):
    return {name: row._meta.get_field(name).to_python(getattr(row, name)) for name in names}
