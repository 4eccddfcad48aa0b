"""For the crowd: the product behind gunicorn, at the moment of the fill."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
