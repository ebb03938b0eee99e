"""Reading criteria of the citizen title from a YAML file in the form of data/decision324.yaml."""

from decimal import Decimal

import yaml
from django.db import transaction

from criteria.models import Authority, CriteriaSet, Criterion, Level, Status
from criteria.rules import ScoringModel


@transaction.atomic
def load(file) -> list[CriteriaSet]:
    """Publish one set per group of the file, as provisional; what is loaded already stays as it is.

    Returns the sets that are new. The figures come from the file's `rules`, `competences` and `groups`.
    """
    data = yaml.safe_load(file)
    decision, rules = data["meta"]["decision"], data["rules"]
    competences = {competence["code"]: competence for competence in data["competences"]}
    new = []
    for group in data["groups"]:
        criteria_set, is_new = CriteriaSet.objects.get_or_create(
            level=Level.CITIZEN,
            group=group["code"],
            basis_number=decision["number"],
            defaults=_what_it_says(group, decision, rules, official=data["meta"]["official_text_seen"]),
        )
        if is_new:
            _add_criteria(criteria_set, competences, group["indicators"])
            criteria_set.status = Status.PUBLISHED
            criteria_set.save(update_fields=["status"])
            new.append(criteria_set)
    return new


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


def _add_criteria(criteria_set, competences, indicators):
    sections = {}
    for position, indicator in enumerate(indicators):
        competence = competences[indicator["competence"]]
        if competence["code"] not in sections:
            sections[competence["code"]] = Criterion.objects.create(
                criteria_set=criteria_set,
                position=100 * (len(sections) + 1),
                code=competence["code"],
                text=competence["title"],
                confidence=competence["title_confidence"],
            )
        section = sections[competence["code"]]
        Criterion.objects.create(
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


def _source(indicator):
    source = indicator["text_source"]
    return source if isinstance(source, str) else "\n".join(source)
