"""The sweep: everything that time makes due. Each step is idempotent and safe to run twice."""

from datetime import date

from core import clock
from groups.seats import placement
from participants import sweep
from questionnaires.cycle import cycle, reminders


def run_due(day: date | None = None) -> None:
    """Facts decide; the calls through the ports only hurry. Run by beat and `manage.py run_due`."""
    day = day or clock.today()
    sweep.run_due(day)
    placement.release_seats(placement.kept_seats())
    cycle.run_due(day)
    reminders.write_due(day)
