"""Which pages a browser may keep of people who are not signed in."""

from functools import wraps

from django.utils.cache import add_never_cache_headers, patch_cache_control


def not_kept(view):
    """No browser keeps such a page, but for what a sent form was answered with: Back leads to it.

    Chromium shows an error of its own in the place of one that came by POST and may not be kept.
    """

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            del response["Cache-Control"]
            patch_cache_control(response, private=True, no_cache=True)
        else:
            add_never_cache_headers(response)
        return response

    return wrapper
