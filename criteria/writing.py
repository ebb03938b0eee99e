"""Criteria as a file in the form that criteria/reading.py reads; what is empty is left out."""

import datetime
from decimal import Decimal

import yaml

from criteria.drafts import A_GRADE_SAYS, A_LINE_SAYS, A_LINK_SAYS, A_SET_SAYS, Draft


def yaml_of(drafts: list[Draft]) -> str:
    """One file of these sets; read again it says the same."""
    tree = {"sets": [_set(draft) for draft in drafts]}
    return yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def _set(draft):
    said = _said(draft.criteria_set, A_SET_SAYS)
    if draft.grades:
        said["grades"] = [_said(grade, A_GRADE_SAYS) for grade in draft.grades]
    said["criteria"] = [
        _said(section, A_LINE_SAYS) | {"indicators": [_indicator(draft, each) for each in indicators]}
        for section, indicators in draft.sections
    ]
    return said


def _indicator(draft, indicator):
    links = [_said(link, A_LINK_SAYS) for link in draft.links_of(indicator)]
    return _said(indicator, A_LINE_SAYS) | ({"links": links} if links else {})


def _said(row, names):
    said = {name: (row._meta.get_field(name), getattr(row, name)) for name in names}
    return {name: value for name, (field, value) in said.items() if not _is_default(field, value)}


def _is_default(field, value):
    return value is None or value == "" or (field.has_default() and value == field.default)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


def _text(dumper, text):
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


def _decimal(dumper, number):
    plain = f"{number.normalize():f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in plain else 'int'}", plain)


_Dumper.add_multi_representer(str, _text)
_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(datetime.date, yaml.SafeDumper.represent_date)
