"""The history of an organization in sentences, the oldest first."""

from django.utils.translation import gettext as _

from organizations.models import Organization, ReformState
from organizations.reforms import ONE_DAY
from vietnamese.dates import day_words


def of(organization: Organization) -> list[str]:
    told = [
        *_names(organization),
        *_places(organization),
        *_reforms(organization),
    ]
    return [sentence for _day, _order, sentence in sorted(told)]


def _names(organization):
    for former in organization.former_names.all():
        yield (
            former.valid_to,
            0,
            _("Đến hết ngày %(day)s tên là %(name)s.")
            % {"day": day_words(former.valid_to), "name": former.full_name},
        )


def _places(organization):
    ended = organization.placements.exclude(valid_to=None).select_related("parent").order_by("valid_to")
    for place in ended:
        if place.parent and place.valid_to != organization.valid_to:
            words = {"day": day_words(place.valid_to), "parent": place.parent.full_name_on(place.valid_to)}
            yield place.valid_to, 1, _("Đến hết ngày %(day)s thuộc %(parent)s.") % words


def _reforms(organization):
    done = {"state": ReformState.DONE}
    for reform in organization.reforms_into.filter(**done).prefetch_related("sources"):
        words = _words(reform) | {"names": _list(source.full_name for source in reform.sources.all())}
        if organization.valid_from == reform.day:
            sentence = _("Có từ ngày %(day)s, từ %(names)s (%(basis)s).")
        else:
            sentence = _("Từ ngày %(day)s nhận thêm từ %(names)s (%(basis)s).")
        yield reform.day - ONE_DAY, 2, sentence % words
    for reform in organization.reforms_from.filter(**done).prefetch_related("targets"):
        targets = reform.targets.all()
        words = _words(reform) | {"names": _list(target.full_name for target in targets)}
        if not targets:
            sentence = _("Từ ngày %(day)s: %(kind)s (%(basis)s).")
        elif len(targets) == 1:
            sentence = _("Từ ngày %(day)s nhập vào %(names)s (%(basis)s).")
        else:
            sentence = _("Từ ngày %(day)s chia thành %(names)s (%(basis)s).")
        yield reform.day - ONE_DAY, 3, sentence % words


def _words(reform):
    return {
        "day": day_words(reform.day),
        "kind": reform.get_kind_display(),
        "basis": reform.legal_basis,
    }


def _list(names):
    return ", ".join(sorted(names))
