"""The suite: real PostgreSQL and Valkey, one database of each per pytest worker."""

import base64
import os

from joinus import embedded
from joinus.settings import addresses
from joinus.settings.base import *
from joinus.settings.base import BASE_DIR, LOGGING, env

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
SECRET_KEY = "for the suite only"  # noqa: S105
FIELD_KEYS = ["1:" + base64.b64encode(b"for the suite only: 32 bytes key").decode()]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Nobody reads the lines of thousands of requests that went well (LOG_LEVEL=INFO shows them).
LOGGING = LOGGING | {"root": LOGGING["root"] | {"level": env("LOG_LEVEL", default="WARNING")}}

_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
REDIS_URL = env("REDIS_URL", default=None) or embedded.endpoints("test").redis_url
DATABASES = {
    "default": addresses.database(
        env("DATABASE_URL", default=None) or embedded.endpoints("test").database_url
    )
}
CELERY_BROKER_URL = addresses.broker(REDIS_URL, 2 * _worker)
CACHES = {"default": addresses.cache(REDIS_URL, 2 * _worker + 1)}
ERASURES_FILE = str(BASE_DIR / ".local" / f"erasures-of-suite-{_worker}.jsonl")
EMAIL_URL = env("EMAIL_URL", default="smtp://127.0.0.1:1")  # nobody listens; see tests/fixtures
globals().update(addresses.mail(EMAIL_URL))
