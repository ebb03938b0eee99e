"""What a step does to many rows, with the values before and after, so that it can be undone whole."""

import datetime
from collections import defaultdict

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from organizations import paths
from organizations.models import Action, Organization, Reform, ReformChange, ReformState

CHUNK = 400


class Refused(Exception):
    """It cannot be done; the message says why, in words for the person who asked. Nothing has changed."""


class Journal:
    """Writes rows in the caller's transaction on behalf of a reform, or of another row with `changes`.

    `close` keeps what was noted.
    """

    def __init__(self, owner: models.Model):
        relation = owner._meta.get_field("changes")
        self._changes, self._owner = relation.related_model, {relation.field.name: owner}
        self._noted = []

    def close(self) -> None:
        self._changes.objects.bulk_create(self._noted, batch_size=CHUNK)
        self._noted = []

    def create(self, rows: list[models.Model]) -> None:
        if not rows:
            return
        table = type(rows[0])
        table.objects.bulk_create(rows, batch_size=CHUNK)
        for start in range(0, len(rows), CHUNK):
            self._note(Action.CREATE, table, [row.pk for row in rows[start : start + CHUNK]])

    def update(self, rows: models.QuerySet, **values) -> int:
        """Give all rows these values; returns how many there are. The rows' own condition is kept."""
        table = rows.model
        names = {name: table._meta.get_field(name).attname for name in values}
        after = {names[name]: getattr(value, "pk", value) for name, value in values.items()}
        groups = defaultdict(list)
        for key, *old in rows.order_by("pk").values_list("pk", *after):
            if old != list(after.values()):
                groups[tuple(old)].append(key)
        for old, keys in groups.items():
            before = _plain(dict(zip(after, old, strict=True)))
            for start in range(0, len(keys), CHUNK):
                some = keys[start : start + CHUNK]
                changed = rows.order_by().filter(pk__in=some).update(**after)
                if changed != len(some):
                    raise Refused(_("Có người vừa thay đổi cùng lúc. Hãy làm lại."))
                self._note(Action.UPDATE, table, some, before, _plain(after))
        return sum(map(len, groups.values()))

    def delete(self, rows: models.QuerySet) -> None:
        for row in rows.order_by("pk"):
            before = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
            self._note(Action.DELETE, type(row), [row.pk], _plain(before))
            row.delete()

    def shift(self, old: str, new: str) -> None:
        """Give a subtree another place: one UPDATE."""
        subtree = Organization.objects.filter(paths.at_or_below(old))
        moved = subtree.update(path=_moved(old, new))
        self._note(Action.SHIFT, Organization, [moved], {"path": old}, {"path": new})

    def shift_rows(self, table, keys: list[int], old: str, new: str) -> None:
        for start in range(0, len(keys), CHUNK):
            some = keys[start : start + CHUNK]
            table.objects.filter(pk__in=some).update(path=_moved(old, new))
            self._note(Action.SHIFT, table, some, {"path": old}, {"path": new})

    def _note(self, action, table, keys, before=None, after=None):
        self._noted.append(
            self._changes(
                **self._owner,
                action=action,
                table=table._meta.label_lower,
                keys=keys,
                before=before or {},
                after=after or {},
            )
        )


def undo(reform: Reform) -> None:
    """Take back every change, the last one first. Raises Refused when something later stands in the way."""
    _refuse_after_later_reforms(reform)
    take_back(reform)


def take_back(owner: models.Model) -> None:
    """The same for whatever keeps a journal: a row that was changed since stands in the way."""
    for change in reversed(owner.changes.all()):
        UNDO[change.action](apps.get_model(change.table), change)
    owner.changes.all().delete()


def _undo_create(table, change):
    rows = table.objects.filter(pk__in=change.keys)
    try:
        rows.delete()
    except models.ProtectedError as error:
        raise Refused(
            _("Không hoàn tác được: từ đó đến nay đã có dữ liệu mới ghi vào %(where)s.")
            % {"where": next(iter(rows), "")}
        ) from error


def _undo_update(table, change):
    rows = table.objects.filter(pk__in=change.keys, **_condition(table, change.after))
    if rows.update(**change.before) != len(change.keys):
        raise Refused(
            _("Không hoàn tác được: từ đó đến nay %(what)s đã được thay đổi tiếp.")
            % {"what": table._meta.verbose_name}
        )


def _undo_delete(table, change):
    table.objects.bulk_create([table(**change.before)])


def _undo_shift(table, change):
    old, new = change.before["path"], change.after["path"]
    if table is not Organization:
        table.objects.filter(pk__in=change.keys).update(path=_moved(new, old))
        return
    subtree = Organization.objects.filter(paths.at_or_below(new))
    if subtree.update(path=_moved(new, old)) != change.keys[0]:
        raise Refused(_("Không hoàn tác được: từ đó đến nay đã có đơn vị mới ở bên dưới."))


UNDO = {
    Action.CREATE: _undo_create,
    Action.UPDATE: _undo_update,
    Action.DELETE: _undo_delete,
    Action.SHIFT: _undo_shift,
}


def _refuse_after_later_reforms(reform):
    last = reform.changes.order_by("pk").last()
    if last is None:
        return
    later = ReformChange.objects.filter(pk__gt=last.pk, reform__state=ReformState.DONE).exclude(reform=reform)
    if not later.exists():
        return
    mine = defaultdict(set)
    for table, keys in reform.changes.exclude(action=Action.SHIFT).values_list("table", "keys"):
        mine[table].update(keys)
    for change in later.exclude(action=Action.SHIFT).select_related("reform"):
        if mine[change.table].intersection(change.keys):
            raise Refused(
                _(
                    "Không hoàn tác được: một thay đổi sau đó (%(kind)s, %(basis)s) đã dựa vào thay đổi này. "
                    "Hãy hoàn tác thay đổi sau trước."
                )
                % {"kind": change.reform.get_kind_display(), "basis": change.reform.legal_basis}
            )


def _moved(old, new):
    return Concat(Value(new), Substr(F("path"), len(old) + 1))


def _condition(table, values):
    return {
        f"{name}__isnull" if value is None else name: value is None or value for name, value in values.items()
    }


def _plain(values):
    encoder = DjangoJSONEncoder()
    return {
        name: encoder.default(value) if isinstance(value, datetime.date) else value
        for name, value in values.items()
    }
