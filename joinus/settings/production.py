"""Production: every secret and address from the environment, or no start at all."""

from django.core.exceptions import ImproperlyConfigured

from joinus.settings import addresses
from joinus.settings.base import *
from joinus.settings.base import INSTALLED_APPS, env

REQUIRED = (
    "SECRET_KEY",
    "FIELD_KEYS",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "ALLOWED_HOSTS",
)
if missing := [name for name in REQUIRED if not env(name, default="")]:
    raise ImproperlyConfigured(
        f"Join Us does not start without {', '.join(missing)}. See .env.example."
    )
if "joinus.demo" in INSTALLED_APPS:
    raise ImproperlyConfigured("joinus.demo may never run in production.")

SECRET_KEY = env("SECRET_KEY")
FIELD_KEYS = env.list("FIELD_KEYS")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"]

REDIS_URL = env("REDIS_URL")
DATABASES = {"default": addresses.database(env("DATABASE_URL"))}
CELERY_BROKER_URL = addresses.broker(REDIS_URL)
CACHES = {"default": addresses.cache(REDIS_URL)}
globals().update(addresses.mail(env("EMAIL_URL")))

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# ---- Behind a proxy that ends TLS and sets X-Forwarded-Proto itself --------
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63072000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_NAME = "__Host-language"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1)
