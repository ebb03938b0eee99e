"""The way to the pages of a list, and who may work on it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.views import keeping
from accounts.views.keeping import kept

__all__ = ["kept", "steps_to"]


def steps_to(organization, *more):
    """From the organizations over its list of people."""
    listed = (reverse("people:list", args=[organization.code]), _("Danh sách người"))
    return [*keeping.steps_to(organization), listed, *more]
