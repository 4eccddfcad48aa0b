"""The door for gunicorn: the application as WSGI, on production's settings."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joinus.settings.production")

application = get_wsgi_application()
