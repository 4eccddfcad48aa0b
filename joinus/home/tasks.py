from celery import shared_task

from joinus.home.run_due import run_due as sweep


@shared_task
def run_due() -> None:
    """Beat calls this; two schedulers at once do no harm."""
    sweep()
