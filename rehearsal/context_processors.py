from django.urls import get_script_prefix

from audit import clock
from rehearsal import spaces
from rehearsal.script import LAST, STAGES


def bar(request):
    """What the bar of a rehearsal shows on every page of it; nothing outside."""
    space = spaces.current()
    if space is None:
        return {"in_rehearsal": None}
    card = space.card
    return {
        "in_rehearsal": {
            "card": card,
            "now": clock.now(),
            "stage": STAGES[card.stage],
            "next_number": card.stage + 1,
            "next": STAGES[card.stage + 1] if card.stage < LAST else None,
            "way_out": outside_of(space),
        }
    }


def outside_of(space):
    """The page outside from which the rehearsal was begun."""
    return get_script_prefix().removesuffix(f"{space.address}/") + f"/{spaces.PREFIX}/"
