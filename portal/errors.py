"""Our own page for what is not there, in the demonstration too."""

from django.http import Http404
from django.views.defaults import page_not_found


class OwnNotFoundMiddleware:
    """With DEBUG Django answers 404 with a list of addresses in English; the demonstration shows our page.

    Listed in the settings with DEBUG alone. The traceback of a fault stays as it is.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        return page_not_found(request, Http404()) if response.status_code == 404 else response
