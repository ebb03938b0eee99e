"""A draft: copied from a version, and saved as it was typed, by whoever read its last revision."""

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from audit import clock, events
from criteria.models import CriteriaSet, Criterion, Status, TitleLink
from criteria.publishing import Refused


class Stale(Refused):
    """Somebody saved the draft since it was read."""


@transaction.atomic
def copy(criteria_set, *, by) -> CriteriaSet:
    """A draft that says the same in its next version, from today."""
    draft = _twin(criteria_set)
    draft.status, draft.revision = Status.DRAFT, 1
    draft.drafted_by, draft.published_by, draft.published_at = by.pk, None, None
    draft.valid_from, draft.valid_to = clock.today(), None
    draft.version = next_version(draft)
    draft.save()
    twins: dict[int, Criterion] = {}
    for line in criteria_set.criteria.order_by("position"):
        twin = _twin(line)
        twin.criteria_set, twin.parent = draft, twins.get(line.parent_id)
        twin.save()
        twins[line.pk] = twin
    for link in TitleLink.objects.filter(indicator__criteria_set=criteria_set):
        twin = _twin(link)
        twin.indicator = twins[link.indicator_id]
        twin.save()
    for grade in criteria_set.grades.all():
        twin = _twin(grade)
        twin.criteria_set = draft
        twin.save()
    events.record(
        "draft", draft, by=by, at=clock.now(), old=str(criteria_set.version), new=str(draft.version)
    )
    return draft


def _twin(row):
    twin = type(row).objects.get(pk=row.pk)
    twin.pk, twin._state.adding = None, True
    return twin


def next_version(criteria_set) -> int:
    """Of the same title and decision; shipped ones, drafts and all."""
    return (criteria_set.versions().aggregate(Max("version"))["version__max"] or 0) + 1


@transaction.atomic
def save(draft, form, *, by) -> None:
    """Write what was typed, if the draft still is as it was read. Raises Stale or Refused."""
    read = form.cleaned_data["revision"]
    if not CriteriaSet.objects.filter(pk=draft.pk, status=Status.DRAFT, revision=read).update(
        revision=F("revision") + 1
    ):
        now = CriteriaSet.objects.get(pk=draft.pk)
        if now.status != Status.DRAFT:
            raise Refused(_("Bản này đã ban hành nên không sửa được nữa."))
        raise Stale(_("Người khác vừa lưu bản thảo này, sau khi bạn mở trang."))
    moved = form.cleaned_data["basis_number"] != draft.basis_number
    draft.revision = read + 1
    for name in form.SET_FIELDS:
        setattr(draft, name, form.cleaned_data[name])
    if moved:
        draft.version = next_version(draft)
    draft.save(update_fields=[*form.SET_FIELDS, "version"])
    form.save_lines(draft)
    events.record("edit_draft", draft, by=by, at=clock.now(), old=str(read), new=str(draft.revision))


@transaction.atomic
def remove(draft, *, by) -> bool:
    """Whether this call threw the draft away; what was published stays."""
    held = CriteriaSet.objects.filter(pk=draft.pk, status=Status.DRAFT)
    if not held.exists():
        return False
    events.record("remove_draft", draft, by=by, at=clock.now(), old=str(draft.version))
    held.delete()
    return True
