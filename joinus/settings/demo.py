"""`make demo`: development as production shows it. Never on the internet."""

from joinus.settings.development import *

DEBUG = False
WHITENOISE_USE_FINDERS = True
