"""The Celery application: late acknowledgement, JSON only, ids as arguments."""

from celery import Celery

app = Celery("joinus")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
