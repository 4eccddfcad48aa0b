"""The roof: settings, addresses, wiring, and the pages and jobs that combine several apps."""

from joinus.celery import app as celery_app

__all__ = ["celery_app"]
