"""Scratch."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participants.parents import question as parental
from tests import world


@pytest.mark.django_db
@pytest.mark.usefixtures("texts")
def test_measure(client):
    group = world.make_group(age_from=12, age_until=16)
    worker = world.make_worker(group)
    stay = world.make_suitable(group, age=14)
    guardian = world.make_guardian(stay) if hasattr(world, "make_guardian") else None
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    row, token = parental.release_request(guardian=guardian, trajectory=stay, by=worker)
    from core import ports

    calls = []
    old = ports.trajectory_changed._answers
    ports.trajectory_changed._answers = [*old, lambda *a: calls.append(a)]
    with CaptureQueriesContext(
        connection,
    ) as q:
        parental.answer_request(consent=type(row).objects.get(pk=row.pk), answer="yes", name="x")
    ports.trajectory_changed._answers = old
    print("STATEMENTS", len(q), "port calls", calls)
    print("LOCKS", sum("UPDATE" in s["sql"] and "SELECT" in s["sql"][:6] for s in q))
    for s in q:
        print("   ", s["sql"][:150])
