import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 - the apps are ready only now

from portal import watch  # noqa: E402

# All pages are loaded before the watch begins: were its thread at an import when the server forks, the lock
# of that import would stay taken in each child, and none would ever answer.
get_resolver().url_patterns  # noqa: B018 - reading it loads them
watch.keep_looking()
