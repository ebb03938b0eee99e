"""A draft: copied from a version, and saved as it was typed, by whoever read its last revision."""

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from audit import clock, events
from criteria.drafts import Draft
from criteria.models import CriteriaSet, Status
from criteria.publishing import Refused


class Stale(Refused):
    """Somebody saved the draft since it was read."""


@transaction.atomic
def copy(criteria_set, *, by) -> CriteriaSet:
    """A draft that says the same in its next version, from today."""
    twin = Draft.of(CriteriaSet.objects.get(pk=criteria_set.pk))
    own, by_code = twin.criteria_set, {line.code: line for line in twin.lines}
    for row in [own, *twin.grades, *twin.lines, *twin.links]:
        row.pk, row._state.adding = None, True
    for row in [*twin.grades, *twin.lines]:
        row.criteria_set = own
    for line in twin.lines:
        line.parent = line.parent and by_code[line.parent.code]
    for link in twin.links:
        link.indicator = by_code[link.indicator.code]
    own.status, own.revision, own.published_by, own.published_at = Status.DRAFT, 1, None, None
    own.valid_from, own.valid_to = clock.today(), None
    return take([twin], by=by)[0]


@transaction.atomic
def take(drafts, *, by) -> list[CriteriaSet]:
    """Keep what was read or copied, all of it or nothing."""
    made = [draft.save(drafted_by=by.pk) for draft in drafts]
    for each in made:
        events.record("draft", each, by=by, at=clock.now(), new=str(each.version))
    return made


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
    draft.settle()
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
