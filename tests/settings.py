"""The settings of the portal, on a folder and keys of the tests' own, with passwords that cost no time."""

import atexit
import os
import shutil
import tempfile

# A process that a test starts anew finds again what it had kept.
_folder = os.environ.get("PROCESS_DATA_DIR")
if not _folder:
    _folder = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ |= {
    "DATA_DIR": _folder,
    "DEBUG": "0",
    "PORTAL_NOW": "",
    "EMAIL_URL": "",
    "SECRET_KEY": "secret key of the tests and of nobody else",
    "DATA_KEYS": "data key of the tests and of nobody else",
    "DIGEST_KEY": "digest key of the tests and of nobody else",
    "SIGNING_KEY": "signing key of the tests and of nobody else",
}
# Playwright runs an event loop in the tests' thread: Django must not take that for an asynchronous view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from config.settings import *  # noqa: E402, F403 - they read the environment when they are imported
from config.settings import DATABASES, MIDDLEWARE, ON_SQLITE, STORAGES  # noqa: E402 - so do these

if ON_SQLITE:
    # Rows that are asked for in no order come in another than they were written, as they may on PostgreSQL.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA reverse_unordered_selects=ON;"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tasks run where they are sent; real workers and brokers have tests of their own, as processes.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
# Without the collected files and their names by content.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = "PROCESS_DATA_DIR" in os.environ  # else what runs the tests serves them
if os.environ.get("PAGES_KEPT_IN"):
    MIDDLEWARE.insert(MIDDLEWARE.index("config.packing.PackedPages") + 1, "tests.every_page.Keeping")
