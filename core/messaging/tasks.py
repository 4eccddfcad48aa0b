from celery import shared_task

from core.messaging import sending


@shared_task
def send_due() -> None:
    """Beat calls this often; an immediate message hurries it."""
    sending.send_due()
