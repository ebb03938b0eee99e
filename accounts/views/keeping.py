"""Whose list a page is about, and who may work on it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import claiming
from organizations.models import Organization


def kept(request, code):
    """An organization whose list the user keeps; 404 where it is not the user's, 403 without the right."""
    visible = Organization.objects.visible_to(request.user).select_related("parent")
    organization = get_object_or_404(visible, code=code)
    if not claiming.may_keep(request.user, organization):
        raise PermissionDenied(
            _("Chỉ ban khuyến học và hội khuyến học của %(place)s, hoặc hội cấp trên, làm được việc này.")
            % {"place": organization}
        )
    return organization


def steps_to(organization):
    """The way to a page of the organization."""
    return [
        (reverse("organizations:index"), _("Tổ chức")),
        (organization.get_absolute_url(), organization.full_name),
    ]
