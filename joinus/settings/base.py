"""What every environment shares. Secrets and addresses come from the environment."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from core import logs
from joinus.settings import timetable
from joinus.settings.doors import *

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

DEBUG = False
DEMO = False
# Where links in messages lead to, and the right-hand side of every Message-ID.
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")
MESSAGE_ID_DOMAIN = env("MESSAGE_ID_DOMAIN", default=urlsplit(SITE_URL).hostname)
# Who was erased, by number only, signed; kept apart from the database and its backups (ADR 0013).
ERASURES_FILE = env("ERASURES_FILE", default=str(BASE_DIR / ".local" / "erasures.jsonl"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Join Us <hallo@joinus.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Within so many days a youth worker speaks to somebody who signed up; later than that is late.
FIRST_CONTACT_DAYS = env.int("FIRST_CONTACT_DAYS", default=3)
#: A sixth meeting within so many days of an answered goodbye is not asked about again (C-42).
DAYS_AFTER_AN_EXIT = env.int("DAYS_AFTER_AN_EXIT", default=28)
#: So many days after a meeting a logbook nobody wrote in is overdue (R-142).
LOGBOOK_OVERDUE_DAYS = env.int("LOGBOOK_OVERDUE_DAYS", default=3)
#: After so many weeks it is said that nobody talked with somebody (R-125).
WEEKS_WITHOUT_TALK = env.int("WEEKS_WITHOUT_TALK", default=8)

INSTALLED_APPS = [
    "core",
    "core.accounts",
    "core.organisations",
    "core.messaging",
    "core.texts",
    "core.audit",
    "core.sweep",
    "core.drafts",
    "participants",
    "groups",
    "challenges",
    "questionnaires",
    "licensing",
    "joinus.home",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "django_cotton.apps.SimpleAppConfig",
    "django_structlog",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # docs/adr/0020
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.accounts.middleware.DoorMiddleware",
    "groups.sheet.views.whose_phone.WhosePhone",
    "core.drafts.middleware.DraftsMiddleware",
    "core.denied.RuleMiddleware",
    "core.logs.RequestMiddleware",
    "core.once_more.OnceMoreMiddleware",
]

ROOT_URLCONF = "joinus.urls"
WSGI_APPLICATION = "joinus.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "joinus.home.navigation.navigation",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "core.templatetags.face",
                "core.drafts.templatetags.drafts",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    },
]
COTTON_DIR = "cotton"
FORM_RENDERER = "core.forms.FormRenderer"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"

# ---- Web: see trust.md 13 -------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb")
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
LARGEST_REQUEST = 12 * 1024 * 1024  # a photo with its form; more is refused unread
FILE_UPLOAD_HANDLERS = [
    "core.uploads.SmallRequestsOnly",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# ---- Celery: a killed worker loses nothing (trust.md 16) ------------------
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_TIME_LIMIT = 120  # each step of the sweep has a limit of its own
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is gone, or accepts and never answers: a person waits no longer than this for it.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_BEAT_SCHEDULE = timetable.BEAT

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.api.ApiSession"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.SmallJSON"],
    "EXCEPTION_HANDLER": "core.api.says_no",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Join Us",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# auth.W004: an address is unique among professionals only; the doors look up by kind themselves
# (core/accounts/ways_in.py, docs/adr/0023).
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

# ---- Logs: JSON lines without personal data (trust.md 10) -----------------
LOGGING = logs.configuration(level=env("LOG_LEVEL", default="INFO"))
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_CELERY_ENABLED = True
