"""As production shows it, on the bench's own servers and at the moment of its fill."""

import os

from joinus import embedded
from joinus.bench import place
from joinus.settings import addresses
from joinus.settings.demo import *
from joinus.settings.demo import LOGGING, STATICFILES_DIRS

PEOPLE = int(os.environ["BENCH_PEOPLE"])
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
ROOT_URLCONF = "joinus.bench.urls"
WHITENOISE_AUTOREFRESH = False
STATIC_ROOT = STATICFILES_DIRS[0]  # nothing is collected for a bench
LOGGING = LOGGING | {"root": LOGGING["root"] | {"level": "ERROR"}}

REDIS_URL = embedded.endpoints(place.kind(PEOPLE)).redis_url
DATABASES = {"default": addresses.database(embedded.endpoints(place.kind(PEOPLE)).database_url)}
CELERY_BROKER_URL = addresses.broker(REDIS_URL)
CACHES = {"default": addresses.cache(REDIS_URL)}
EMAIL_URL = os.environ.get("EMAIL_URL", "smtp://127.0.0.1:1")
globals().update(addresses.mail(EMAIL_URL))
place.stand_still(PEOPLE)
