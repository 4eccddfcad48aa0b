"""Four questions about the place where a group meets (R-138)."""

import pytest
from django.urls import reverse

from groups.evenings.place_check import check_of
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-138")]


def test_a_worker_answers_four_questions_and_every_group_there_reads_them() -> None:
    group = world.make_group()
    worker = world.eyes(world.make_worker(group))
    page = reverse("groups:door", args=[group.pk])
    asked = worker.get(page).content.decode()
    for question in ("open voor iedereen", "groep van vijftien", "meerdere ruimtes", "leeftijd"):
        assert question in asked
    told = {"act": "place", "open_to_all": "True", "several_rooms": "False"}
    assert worker.post(page, told).status_code == 302
    row = check_of(group.location)
    assert row is not None
    assert (row.open_to_all, row.holds_fifteen, row.several_rooms) == (True, None, False)
    beside = world.make_group()
    beside.location = group.location
    beside.save()
    other = world.eyes(world.make_worker(beside))
    shown = other.get(reverse("groups:door", args=[beside.pk])).content.decode()
    assert 'name="open_to_all" value="True" id="id_open_to_all_0" checked' in " ".join(
        shown.replace("required", "").split()
    )


def test_an_answer_that_is_none_keeps_nothing() -> None:
    group = world.make_group()
    worker = world.eyes(world.make_worker(group))
    page = reverse("groups:door", args=[group.pk])
    worker.post(page, {"act": "place", "open_to_all": "misschien"})
    assert check_of(group.location) is None
