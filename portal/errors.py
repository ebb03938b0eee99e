"""What is not there: our own page for it, in the demonstration too."""

from django.http import Http404
from django.views.defaults import page_not_found

from vietnamese import numbers


class NoSuchKeyMiddleware:
    """A number that no row can have names nothing. Looked up by way of another table it would be a fault."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if any(isinstance(each, int) and numbers.key(str(each)) is None for each in kwargs.values()):
            raise Http404
        return None


class OwnNotFoundMiddleware:
    """With DEBUG Django answers 404 with a list of addresses in English; the demonstration shows our page.

    Listed in the settings with DEBUG alone. The traceback of a fault stays as it is.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        return page_not_found(request, Http404()) if response.status_code == 404 else response
