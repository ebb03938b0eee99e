from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from portal.parking import PAGE_OF, page_of

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context):
    """Django's, and beside it for whom the page was made: somebody else may send it (parking.py)."""
    token = CsrfTokenNode().render(context)
    request = getattr(context, "request", None)
    # Who looks with another's eyes sends forms of their own.
    user = getattr(request, "looker", None) or getattr(request, "user", None)
    if not token or user is None or not user.is_authenticated:
        return token
    return token + format_html('<input type="hidden" name="{}" value="{}">', PAGE_OF, page_of(user.pk))
