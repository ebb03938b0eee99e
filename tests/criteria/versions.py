"""Another version of a set, for tests: what it says otherwise, and the day from which."""

from audit import clock
from criteria import publishing
from criteria.models import CriteriaSet, Criterion, Status


def copy_of(criteria_set, valid_from=None, **fields):
    """A draft that says the same in its next version."""
    draft = CriteriaSet.objects.get(pk=criteria_set.pk)
    draft.pk, draft._state.adding = None, True
    draft.version = criteria_set.versions().count() + 1
    draft.status, draft.published_at, draft.valid_to = Status.DRAFT, None, None
    draft.__dict__.pop("sections", None)
    draft.valid_from = valid_from or clock.today()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save()
    sections = {}
    for line in criteria_set.criteria.order_by("position"):
        above = line.parent_id
        old = line.pk
        line.pk, line._state.adding = None, True
        line.criteria_set, line.parent = draft, sections.get(above)
        line.save()
        sections[old] = line
    return draft


def say(draft, code, **fields):
    Criterion.objects.filter(criteria_set=draft, code=code).update(**fields)


def publish(draft):
    """As nobody: what is shipped is published so."""
    publishing.publish(draft)
    return draft


def new_version(criteria_set, texts=(), maxima=(), gone=(), **fields):
    """Published: with some indicators said otherwise (by their code) and some gone."""
    draft = copy_of(criteria_set, **fields)
    for code, text in dict(texts).items():
        say(draft, code, text=text)
    for code, maximum in dict(maxima).items():
        say(draft, code, maximum=maximum)
    draft.criteria.filter(code__in=gone).delete()
    return publish(draft)
