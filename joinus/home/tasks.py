from celery import shared_task

from joinus.home.attention.facts import count_groups as count
from joinus.home.run_due import run_due as sweep


@shared_task
def run_due() -> None:
    """Beat calls this; two schedulers at once do no harm."""
    sweep()


@shared_task(time_limit=900)
def count_groups() -> None:
    """Beat calls this every hour: the figures that are too many to count for each page."""
    count()
