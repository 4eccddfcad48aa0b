"""`make demo`: as production where it can be, plus the door at /demo/. Never on the internet."""

from joinus.settings.base import BASE_DIR, INSTALLED_APPS
from joinus.settings.development import *  # noqa: F403

DEBUG = False
DEMO = True
INSTALLED_APPS = [*INSTALLED_APPS, "joinus.demo"]
WHITENOISE_USE_FINDERS = True
DEMO_MAILBOX = BASE_DIR / ".local" / "mail"
