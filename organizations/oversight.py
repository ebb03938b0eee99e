"""Who is over an organization: the associations above it, and the officers who sit there today."""

from organizations import paths
from organizations.boards import ASSOCIATIONS
from organizations.models import Organization


def association_above(organization: Organization) -> Organization | None:
    """The nearest association above: it appoints here, and nobody else does."""
    above = organization.parent
    while above and above.kind not in ASSOCIATIONS:
        above = above.parent
    return above


def is_right_above(user, organization: Organization) -> bool:
    """Whether the user is an officer of the association right above one that is in force."""
    above = association_above(organization)
    if organization.is_closed or above is None or above.is_closed:
        return False
    return user.appointments.as_officer(above).exists()


def is_at_or_above(user, organization: Organization) -> bool:
    """Whether the user is an officer of the association itself or of one above it."""
    if organization.is_closed:
        return False
    return user.appointments.as_officer(organization).exists() or is_above(user, organization)


def sits_at_or_is_above(user, organization: Organization) -> bool:
    """Whether the user sits on its board, or is an officer above it."""
    if organization.is_closed:
        return False
    own = user.appointments.confirming().filter(organization=organization)
    return own.exists() or is_above(user, organization)


def is_above(user, organization: Organization) -> bool:
    """Whether the user is an officer of any association above one that is in force."""
    if organization.is_closed:
        return False
    above = user.appointments.officers().filter(organization__path__in=paths.ancestors(organization.path))
    return above.exists()
