"""Publishing the criteria of a file, or those that are shipped, where they say something new."""

from pathlib import Path

from django.db import transaction

from audit import events
from criteria import publishing, reading
from criteria.models import CriteriaSet

SHIPPED = Path(__file__).parent / "data"


@transaction.atomic
def load(file) -> list[CriteriaSet]:
    """Publish each set of the file that says something else than the last version of its decision.

    A correction is a new version, and the one before it ends. Returns the sets that are new. Raises
    reading.Unreadable and publishing.Refused, and nothing is changed then.
    """
    new = []
    for draft in reading.read(file):
        if not draft.is_there():
            publishing.publish(draft.save(), private=events.operator())
            new.append(draft.criteria_set)
    return new


@transaction.atomic
def load_shipped() -> list[CriteriaSet]:
    """Those of every title, in the order of the files: first the ones that others build on."""
    new = []
    for path in sorted(SHIPPED.glob("*.yaml")):
        with path.open("rb") as file:
            new += load(file)
    return new
