"""A developer's machine: the embedded servers, errors shown, nothing secret."""

import base64

from joinus import embedded
from joinus.demo import running
from joinus.settings import addresses
from joinus.settings.base import *
from joinus.settings.base import INSTALLED_APPS, env

DEBUG = True
DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "joinus.demo"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SECRET_KEY = "for development and the demo only; production has its own"  # noqa: S105
FIELD_KEYS = ["1:" + base64.b64encode(b"development, never production 32").decode()]

REDIS_URL = env("REDIS_URL", default=None) or embedded.endpoints("local").redis_url
DATABASES = {
    "default": addresses.database(
        env("DATABASE_URL", default=None) or embedded.endpoints("local").database_url
    )
}
CELERY_BROKER_URL = addresses.broker(REDIS_URL)
CACHES = {"default": addresses.cache(REDIS_URL)}
EMAIL_URL = env("EMAIL_URL", default=running.mail_url())
globals().update(addresses.mail(EMAIL_URL))
