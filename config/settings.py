"""The one place where the environment is read. docs/operations.md lists every variable."""

import datetime
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import keys

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def number(name, *, default, least):
    try:
        given = env.int(name, default=default)
    except ValueError:
        given = least - 1
    if given < least:
        raise ImproperlyConfigured(f"{name} ít nhất là {least}, chỉ viết bằng chữ số.")
    return given


DEBUG = env.bool("DEBUG", default=False)
PORT = number("PORT", default=8000, least=1)
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

# --- Database: a file until DATABASE_URL names a PostgreSQL -------------------------------------
_database_url = env("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
if not _database_url.startswith(("postgres://", "postgresql://", "sqlite://")):
    raise ImproperlyConfigured("DATABASE_URL bắt đầu bằng postgres:// hoặc sqlite:///.")
DATABASES = {"default": env.db_url_config(_database_url)}
ON_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if ON_SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-64000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A confirmation that waits for a row gives up after seconds and says so, rather than hanging a worker. A
    # command (migrate, a load, an export) takes the time it needs. What DATABASE_URL says itself counts last.
    _is_command = Path(sys.argv[0]).name == "manage.py"
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _options.setdefault("connect_timeout", 5)
    _options["options"] = " ".join(
        [
            f"-c statement_timeout={0 if _is_command else '30s'}",
            "-c lock_timeout=5s",
            _options.get("options", ""),
        ]
    ).strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# --- Keys: from the environment; one machine on SQLite makes its own once -----------------------
def key(name):
    return keys.checked(*_given(name))


def key_ring(name):
    given, where = _given(name)
    return [keys.checked(one, where) for one in given.split(",") if one.strip()] or [keys.checked("", where)]


def _given(name):
    """What stands for a key, unchecked, and where."""
    if given := env(name, default="").strip():
        return given, name
    folder = DATA_DIR / "keys"
    if ON_SQLITE:
        return keys.read_or_make(folder, name.lower()), folder / name.lower()
    raise ImproperlyConfigured(
        f"chưa đặt {name}. Khi DATABASE_URL không phải là SQLite, phải đặt SECRET_KEY, DATA_KEYS, "
        f"DIGEST_KEY và SIGNING_KEY, mỗi khóa ít nhất {keys.SHORTEST} ký tự ngẫu nhiên."
    )


SECRET_KEY = key("SECRET_KEY")
DATA_KEYS = key_ring("DATA_KEYS")  # the first encrypts, all decrypt
DIGEST_KEY = key("DIGEST_KEY")
SIGNING_KEY = key("SIGNING_KEY")

# --- How long it is kept who looked at whose data -----------------------------------------------
# A record of this year is still withdrawn, contested, asked about.
LOOKS_KEPT_DAYS = number("LOOKS_KEPT_DAYS", default=730, least=366)

# --- Clock: PORTAL_NOW lets a trial run on another day ------------------------------------------
TIME_ZONE = "Asia/Ho_Chi_Minh"
PORTAL_NOW = env("PORTAL_NOW", default="")
CLOCK_OFFSET = datetime.timedelta()
if PORTAL_NOW:
    if not DEBUG:
        raise ImproperlyConfigured("PORTAL_NOW dời đồng hồ của cổng, chỉ dùng được khi DEBUG=1.")
    try:
        _starts_at = datetime.datetime.fromisoformat(PORTAL_NOW)
    except ValueError as error:
        raise ImproperlyConfigured("PORTAL_NOW viết như 2026-12-31T23:59:00+07:00.") from error
    if _starts_at.tzinfo is None:
        _starts_at = _starts_at.replace(tzinfo=ZoneInfo(TIME_ZONE))
    # Web, worker and beat start at different moments and may be restarted: the launcher tells them all the
    # real moment from which PORTAL_NOW counts, so that they share one clock.
    _counts_from = env("PORTAL_NOW_COUNTS_FROM", default="")
    _real = (
        datetime.datetime.fromisoformat(_counts_from) if _counts_from else datetime.datetime.now(datetime.UTC)
    )
    CLOCK_OFFSET = _starts_at - _real

# --- Applications, from the ground up (docs/architecture.md) ------------------------------------
INSTALLED_APPS = [
    "vietnamese",
    "audit",
    "organizations",
    "criteria",
    "accounts",
    "assessments",
    "groups",
    "reports",
    "recognitions",
    "reforms",
    "people",
    "watching",
    "revising",
    "delivery",
    "sheets",
    "demonstration",
    "portal",
    "rehearsal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "config.axes.AxesConfig",
    "django_filters",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.packing.PackedPages",  # docs/decisions/packed-pages.md
    "csp.middleware.CSPMiddleware",
    "rehearsal.middleware.SpaceMiddleware",  # outside of all that asks the database
    "portal.health.anonymous_health",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.staying.SessionEndMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.parking.ParkedFormMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "portal.errors.NoSuchKeyMiddleware",
    "audit.looks.remember",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.seeing_as.SeeingAsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
if DEBUG:
    MIDDLEWARE.append("portal.errors.OwnNotFoundMiddleware")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.frame",
                "rehearsal.context_processors.bar",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "vietnamese.templatetags.vi",
                "audit.templatetags.clock",
                "portal.templatetags.forms",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- Language: the source strings are Vietnamese; locale/vi fills the gaps of Django and packages -
LANGUAGE_CODE = "vi"
# The words stand in the source in Vietnamese; another language is a folder in locale/ and a line here, and is
# spoken to whom the browser says reads it. What is not translated yet stays Vietnamese.
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]

# --- Static and uploaded files -------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"  # never served by path: evidence goes through a view that asks who is looking
STORAGES = {
    "default": {"BACKEND": "rehearsal.storage.SpaceStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static.Storage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
EVIDENCE_MAX_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # of what is typed; files are counted by EVIDENCE_MAX_BYTES
FILE_UPLOAD_HANDLERS = ["assessments.uploads.CountingUploadHandler"]

# --- Who is who ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.sign_in.AnyNameBackend",
    "accounts.claiming.ClaimBackend",
    "accounts.recovering.RecoverBackend",
]
PASSWORD_HASHERS = [
    "accounts.hashers.LightArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:home"
# A name is locked only at the address that failed: a school behind one address is not shut out.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = datetime.timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
# What people type may be an identity number: tables and logs see its digest only.
AXES_USERNAME_CALLABLE = "accounts.sign_in.name_for_tables"
AXES_CLIENT_IP_CALLABLE = "accounts.sign_in.address_of"
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "password", "code", "fact", "ma"]
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_FAILURE_VIEW = "portal.parking.stale_page"
# In the session and not in a cookie of its own: what is told may name a person.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- What browsers may load ----------------------------------------------------------------------
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_TLS = bool(CSRF_TRUSTED_ORIGINS) and all(o.startswith("https://") for o in CSRF_TRUSTED_ORIGINS)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
SECURE_REFERRER_POLICY = "same-origin"  # the way back to a form whose session ended
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "script-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],  # evidence as PDF, which alone may be framed
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Notices that leave the portal: none without a gateway; a trial writes them to files ----------
OUTBOX_DIR = DATA_DIR / "outbox"
EMAIL_URL = env("EMAIL_URL", default="")
EMAIL_TIMEOUT = 15
if EMAIL_URL:
    try:
        vars().update(env.email_url("EMAIL_URL"))
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured("EMAIL_URL viết như smtp+tls://user:password@host:587.") from error
elif DEBUG:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = OUTBOX_DIR / "email"
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_BACKEND_OUTSIDE, EMAIL_BACKEND = EMAIL_BACKEND, "rehearsal.outbox.EmailBackend"
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default="danh-hieu@localhost")
SMS_GATEWAYS = {
    "": "",
    "console": "delivery.gateways.Console",
    "file": "delivery.gateways.Folder",
    "http": "delivery.gateways.Http",
}
_sms_gateway = env("SMS_GATEWAY", default="file" if DEBUG else "")
if _sms_gateway not in SMS_GATEWAYS:
    raise ImproperlyConfigured("SMS_GATEWAY là console, file hoặc http; để trống thì không gửi SMS.")
SMS_GATEWAY = SMS_GATEWAYS[_sms_gateway]
SMS_HTTP_URL = env("SMS_HTTP_URL", default="")
SMS_HTTP_TOKEN = env("SMS_HTTP_TOKEN", default="")
SMS_SENDER = env("SMS_SENDER", default="")
if _sms_gateway == "http" and not (
    SMS_HTTP_URL.startswith(("https://", "http://127.0.0.1")) and SMS_HTTP_TOKEN
):
    raise ImproperlyConfigured("SMS_GATEWAY=http cần SMS_HTTP_URL bắt đầu bằng https:// và SMS_HTTP_TOKEN.")
SMS_ACCENTS = env.bool("SMS_ACCENTS", default=False)  # docs/decisions/notices-that-leave.md
PORTAL_URL = env("PORTAL_URL", default="").rstrip("/")
if PORTAL_URL and not PORTAL_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("PORTAL_URL bắt đầu bằng https://.")
try:
    QUIET_HOURS = tuple(env.list("QUIET_HOURS", cast=int, default=[21, 7]))  # in the time of Vietnam
except ValueError:
    QUIET_HOURS = ()
if len(QUIET_HOURS) != 2 or not all(0 <= hour <= 24 for hour in QUIET_HOURS):
    raise ImproperlyConfigured("QUIET_HOURS là hai giờ, ví dụ 21,7.")
# What is more waits for the next day and is one digest then.
MESSAGES_A_DAY = {
    "sms": number("SMS_A_DAY", default=2, least=1),
    "email": number("EMAILS_A_DAY", default=4, least=1),
}

# --- Tasks ---------------------------------------------------------------------------------------
REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    if not REDIS_URL.startswith(("redis", "sentinel")):
        raise ImproperlyConfigured("REDIS_URL bắt đầu bằng redis:// hoặc rediss://.")
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 6 * 60 * 60,
        "socket_connect_timeout": 3,
        "socket_timeout": 10,
    }
else:
    BROKER_DIR = DATA_DIR / "broker"
    for _folder in ("messages", "control"):
        (BROKER_DIR / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT = "config.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
    # Remote control leaves a queue behind for every worker that ever ran.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A dead broker must not hang the page that sends a task: it fails in seconds, a sweep takes the row up.
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
}
CELERY_BEAT_SCHEDULER = "config.celery:WatchedScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
# What could not be taken up in time is dropped, for the next one is already sent: after a day without a
# worker thousands would wait.
SOON = {"expires": 15 * 60}
CELERY_BEAT_SCHEDULE = {
    # The lock itself needs no task: every write asks the window. These make it visible.
    "lock confirmation on 31 December": {
        "task": "assessments.tasks.lock_confirmation",
        "schedule": crontab(minute=59, hour=23, day_of_month=31, month_of_year=12),
    },
    "record closings that are due": {
        "task": "assessments.tasks.lock_confirmation",
        "schedule": 60,
        "options": SOON,
    },
    "recount the tallies of boards": {
        "task": "assessments.tasks.recount_tallies",
        "schedule": crontab(minute=40, hour=2),
        "options": {"expires": 24 * 60 * 60},
    },
    "recount the shares of groups": {
        "task": "assessments.tasks.recount_shares",
        "schedule": crontab(minute=20, hour=2),
        "options": {"expires": 24 * 60 * 60},
    },
    "send on what lies with a level that has ended": {
        "task": "assessments.tasks.pass_over_ended",
        "schedule": crontab(minute=20, hour=0),
        "options": {"expires": 24 * 60 * 60},
    },
    "derive the totals of records again": {
        "task": "assessments.tasks.check_totals",
        "schedule": crontab(minute=0, hour=2),
        "options": {"expires": 24 * 60 * 60},
    },
    "seal the record of the day before": {
        "task": "audit.tasks.seal_yesterday",
        "schedule": crontab(minute=5, hour=0),
        "options": {"expires": 24 * 60 * 60},
    },
    "take up checks of the record left behind": {
        "task": "audit.tasks.take_up_checks",
        "schedule": 60,
        "options": SOON,
    },
    "forget old looks": {
        "task": "audit.tasks.forget_old_looks",
        "schedule": crontab(minute=30, hour=3),
        "options": {"expires": 24 * 60 * 60},
    },
    "forget rehearsals": {
        "task": "rehearsal.tasks.forget_rehearsals",
        "schedule": crontab(minute=15),
        "options": SOON,
    },
    "forget files that never came whole": {
        "task": "assessments.tasks.forget_arriving",
        "schedule": crontab(minute=45),
        "options": SOON,
    },
    "forget old sessions": {
        "task": "portal.tasks.forget_old_sessions",
        "schedule": crontab(minute=20, hour=3),
        "options": {"expires": 24 * 60 * 60},
    },
    "read each province for what looks unusual": {
        "task": "assessments.tasks.read_all_for_flags",
        "schedule": crontab(minute=15, hour=4),
        "options": {"expires": 24 * 60 * 60},
    },
    "take up readings and draws left behind": {
        "task": "assessments.tasks.take_up_watch",
        "schedule": 60,
        "options": SOON,
    },
    "work out which boards will not make it": {
        "task": "assessments.tasks.look_ahead",
        "schedule": crontab(minute=20),
        "options": SOON,
    },
    "take up batches of records": {
        "task": "assessments.tasks.take_up_batches",
        "schedule": 60,
        "options": SOON,
    },
    "remind who still owes something before it closes": {
        "task": "assessments.tasks.send_reminders",
        "schedule": 10 * 60,
        "options": SOON,
    },
    "take up reform files left behind": {
        "task": "reforms.tasks.take_up_files",
        "schedule": 60,
        "options": SOON,
    },
    "try drafts of criteria, and carry open records to those in force": {
        "task": "revising.tasks.take_up",
        "schedule": 60,
        "options": SOON,
    },
    "write down the lists of the year's day": {
        "task": "people.tasks.freeze_lists",
        "schedule": 5 * 60,
        "options": SOON,
    },
    "forget lists of people sent in long ago": {
        "task": "people.tasks.forget_rosters",
        "schedule": crontab(minute=30, hour=3),
        "options": {"expires": 24 * 60 * 60},
    },
    "take up decisions left half written": {
        "task": "recognitions.tasks.take_up_decisions",
        "schedule": 60,
        "options": SOON,
    },
    "take up sheets of paper left half drawn": {
        "task": "sheets.tasks.take_up_printings",
        "schedule": 60,
        "options": SOON,
    },
    "forget files of sheets": {
        "task": "sheets.tasks.forget_printings",
        "schedule": crontab(minute=45, hour=3),
        "options": {"expires": 24 * 60 * 60},
    },
    "take up certificates left half drawn": {
        "task": "recognitions.tasks.take_up_certificates",
        "schedule": 60,
        "options": SOON,
    },
    "forget files of certificates, and networks that guessed": {
        "task": "recognitions.tasks.forget_certificates",
        "schedule": crontab(minute=50, hour=3),
        "options": {"expires": 24 * 60 * 60},
    },
    "send the notices that are due": {
        "task": "delivery.tasks.deliver",
        "schedule": 60,
        "options": SOON,
    },
    "take up lists of people left behind": {
        "task": "people.tasks.take_up_rosters",
        "schedule": 60,
        "options": SOON,
    },
    "count the figures of large places": {
        "task": "reports.tasks.count_sheets",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "write down what changed of years that are closed": {
        "task": "reports.tasks.take_up_snapshots",
        "schedule": crontab(minute=0, hour=4),
        "kwargs": {"addenda": True},
        "options": {"expires": 24 * 60 * 60},
    },
    "write down the years that are closed": {
        "task": "reports.tasks.take_up_snapshots",
        "schedule": 5 * 60,
        "options": SOON,
    },
    "publish last year's open data": {
        "task": "reports.tasks.publish_open_data",
        "schedule": crontab(minute=50, hour=4),
        "options": {"expires": 24 * 60 * 60},
    },
    "send the weekly reports of the last quarter": {
        "task": "reports.tasks.send_weekly",
        "schedule": crontab(minute=35),
        "options": SOON,
    },
    "take up exports left behind": {
        "task": "reports.tasks.take_up_exports",
        "schedule": 60,
        "options": SOON,
    },
}

# --- Logs ----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{message}",
            "style": "{",
            "rename_fields": {"asctime": "at", "levelname": "level"},
        },
        "plain": {"format": "{levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": "plain" if DEBUG else "json",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"axes": {"level": "WARNING"}, "django": {"handlers": [], "level": "INFO"}},
}
