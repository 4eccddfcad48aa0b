from datetime import timedelta

from celery import shared_task
from django.conf import settings

from core import clock
from core.messaging import sending


@shared_task
def send_due() -> None:
    """Beat calls this often; an immediate message hurries it.

    Begins no batch after half of its time, so that Celery never ends it amid one; what is left
    is for the next call.
    """
    half = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT) / 2
    sending.send_due(until=clock.now() + half)
