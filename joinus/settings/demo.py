"""`make demo`: development as production shows it. Never on the internet."""

from joinus.settings.development import *  # noqa: F403

DEBUG = False
WHITENOISE_USE_FINDERS = True
