"""Free tables kept under a name: choices alone, so that each reader sees them over what they may see."""

from django.db.models import Q
from django.utils.translation import gettext as _

from organizations import paths
from reports.models import SavedTable
from reports.report_forms.names import FormName
from vietnamese.text import nfc

MOST_KEPT = 50  # by one person


class Refused(Exception):
    """It is not kept; the message says why."""


def keep(organization, query, typed, *, by) -> SavedTable:
    name = nfc(typed.get("name", "").replace("\0", ""))[:100]
    if not name:
        raise Refused(_("Gõ tên cho bảng."))
    if SavedTable.objects.filter(by=by).count() >= MOST_KEPT:
        raise Refused(_("Bạn đã lưu %(most)d bảng. Hãy bỏ bớt bảng không dùng.") % {"most": MOST_KEPT})
    return SavedTable.objects.create(
        name=name, organization=organization, query=query, is_shared="shared" in typed, by=by
    )


def visible_to(user, organizations):
    """One's own, and what is shared by the organizations one acts for or by those above them."""
    over = {path for one in organizations for path in [*paths.ancestors(one.path), one.path]}
    return SavedTable.objects.filter(Q(by=user) | Q(is_shared=True, organization__path__in=over))


def of(user, about):
    """(address over the place that is read, table, whether it is one's own)."""
    tables = visible_to(user, about.own).select_related("organization")
    return [
        (about.url("reports:form", form=FormName.FREE.value, **table.query), table, table.by_id == user.pk)
        for table in tables
    ]
