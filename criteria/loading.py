"""Reading criteria of the citizen title from a YAML file in the form of data/decision324.yaml."""

from decimal import Decimal

import yaml
from django.db import transaction
from django.db.models import Max

from audit import events
from criteria import publishing
from criteria.models import Authority, CriteriaSet, Criterion, Level, Status
from criteria.rules import ScoringModel
from criteria.triggers import WHAT_A_SET_SAYS

# The one that libyaml drives, where it is there: seven times as fast, and as safe.
SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WHAT_A_CRITERION_SAYS = ["position", "code", "text", "maximum", "evidence_hint", "source", "confidence"]


@transaction.atomic
def load(file) -> list[CriteriaSet]:
    """Publish one set for each group of the file that says something else than the last one of its decision.

    A correction is a new version, and the one before it is retired. Returns the sets that are new. The
    figures come from the file's `rules`, `competences` and `groups`.
    """
    data = yaml.load(file, Loader=SafeLoader)  # noqa: S506 - either is safe
    decision, rules = data["meta"]["decision"], data["rules"]
    competences = {competence["code"]: competence for competence in data["competences"]}
    new = []
    for group in data["groups"]:
        read = CriteriaSet(
            level=Level.CITIZEN,
            group=group["code"],
            basis_number=decision["number"],
            **_what_it_says(group, decision, rules, official=data["meta"]["official_text_seen"]),
        )
        criteria = _criteria(read, competences, group["indicators"])
        last = read.versions().exclude(status=Status.DRAFT).order_by("version").last()
        if last is None or _content(last, last.criteria.select_related("parent")) != _content(read, criteria):
            _publish(read, criteria)
            new.append(read)
    return new


def _content(criteria_set, criteria):
    """All that a set says, in comparable form."""
    return _said(criteria_set, [name for name in WHAT_A_SET_SAYS if name != "version"]), [
        (_said(criterion, WHAT_A_CRITERION_SAYS), criterion.parent and criterion.parent.code)
        for criterion in sorted(criteria, key=lambda criterion: criterion.position)
    ]


def _said(row, names):
    return {name: row._meta.get_field(name).to_python(getattr(row, name)) for name in names}


def _publish(criteria_set, criteria):
    newest = criteria_set.versions().aggregate(Max("version"))["version__max"]
    criteria_set.version = (newest or 0) + 1
    criteria_set.save()
    for criterion in criteria:
        criterion.save()
    publishing.publish(criteria_set, private=events.operator())


def _what_it_says(group, decision, rules, *, official):
    is_points = group["scoring"] == ScoringModel.POINTS
    hard_areas = rules["pass_points_hard_areas"]
    return {
        "title": f"Công dân học tập, nhóm {group['code']}: {group['title']}",
        "basis_date": decision["date"],
        "basis_issuer": decision["issuer"],
        "basis_place": group["annex"],
        "valid_from": decision["date"],
        "authority": Authority.OFFICIAL if official else Authority.PROVISIONAL,
        "scoring_model": group["scoring"],
        "pass_mark": rules["pass_points"]["value"] if is_points else None,
        "floor": rules["min_points_per_indicator"]["value"] if is_points else None,
        "step": Decimal(str(rules["score_step"]["value"] or 1)),
        "hard_area_pass_mark": hard_areas["value"] if is_points and hard_areas["enabled"] else None,
    }


def _criteria(criteria_set, competences, indicators):
    """The criteria of a set, not yet saved, each section before what stands in it."""
    sections, criteria = {}, []
    for position, indicator in enumerate(indicators):
        competence = competences[indicator["competence"]]
        if competence["code"] not in sections:
            sections[competence["code"]] = Criterion(
                criteria_set=criteria_set,
                position=100 * (len(sections) + 1),
                code=competence["code"],
                text=competence["title"],
                confidence=competence["title_confidence"],
            )
            criteria.append(sections[competence["code"]])
        section = sections[competence["code"]]
        criteria.append(
            Criterion(
                criteria_set=criteria_set,
                parent=section,
                position=section.position + position + 1,
                code=indicator["code"],
                text=indicator["text"],
                maximum=indicator["max_points"],
                evidence_hint=indicator["evidence_hint"] or "",
                source=_source(indicator),
                confidence="placeholder" if indicator.get("placeholder") else indicator["text_confidence"],
            )
        )
    return criteria


def _source(indicator):
    source = indicator["text_source"]
    return source if isinstance(source, str) else "\n".join(source)
