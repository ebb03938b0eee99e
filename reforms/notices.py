"""What a reform tells the people whom it gave another place: where they count, from which day, by what."""

from collections.abc import Iterable

from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from accounts.models import Citizen, Message
from audit import clock
from organizations import boards
from organizations.models import Action, Organization, Reform
from vietnamese import dates

CHUNK = 5000
PLACES = ("unit", "village", "commune")  # the first that there is has the board: Citizen.board


def whom(reform: Reform) -> set[int]:
    """The people whose place the reform changed, as its journal says; nobody where it only renamed."""
    changed = reform.changes.filter(table=Citizen._meta.label_lower, action=Action.UPDATE)
    return {pk for keys in changed.values_list("keys", flat=True) for pk in keys}


def tell(reform: Reform, people: Iterable[int], *, is_undone=False) -> None:
    """One notice each, in the caller's transaction: a reform that is refused or killed has told nobody."""
    keys, words = sorted(people), {}
    for start in range(0, len(keys), CHUNK):
        some = Citizen.objects.present().filter(pk__in=keys[start : start + CHUNK])
        rows = [(pk, tuple(places)) for pk, *places in some.values_list("pk", *PLACES)]
        new = {places for _pk, places in rows} - words.keys()
        bodies = Organization.objects.in_bulk({pk for places in new for pk in places if pk})
        words |= {places: _words(reform, [bodies.get(pk) for pk in places], is_undone) for places in new}
        Message.objects.tell([_notice(reform, pk, *words[places], is_undone) for pk, places in rows])


def _notice(reform, citizen, subject, body, is_undone):
    kind = "undo_reform" if is_undone else "reform"
    return Message(
        citizen_id=citizen,
        key=f"{kind}:{reform.pk}:{citizen}",
        subject=subject,
        body=body,
        link=resolve_url("accounts:profile"),
    )


def _words(reform, places, is_undone):
    unit, village, commune = places
    said = {
        "day": dates.day_words(clock.today() if is_undone else reform.day),
        "basis": reform.legal_basis,
        "board": boards.name_of(unit or village or commune),
        "home": ", ".join(boards.in_sentence(place) for place in (village, commune) if place),
    }
    if is_undone:
        return _("Đơn vị của bạn trở lại như cũ"), (
            _(
                "Thay đổi theo %(basis)s đã được hủy ngày %(day)s. Nơi ở của bạn lại ghi là %(home)s; "
                "hồ sơ của bạn lại do %(board)s xác nhận. Bạn không phải làm gì."
            )
            % said
        )
    return _("Đơn vị của bạn đã đổi"), (
        _(
            "Từ ngày %(day)s, theo %(basis)s, nơi ở của bạn ghi là %(home)s; "
            "hồ sơ của bạn do %(board)s xác nhận. Bạn không phải làm gì."
        )
        % said
    )
