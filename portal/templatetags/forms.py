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


@register.simple_tag(takes_context=True)
def own_address(context):
    """Where a form of this page is sent: an address that neither the page nor an answer before it has.

    With the server away, its error then stands behind the page, and Back leads to what was typed.
    """
    sent = getattr(getattr(context, "request", None), "GET", {}).get("luu", "")
    return f"?luu={int(sent) + 1 if sent.isdecimal() and len(sent) < 3 else 1}"
