"""The start page beside what others do at that moment."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from core import clock
from groups.models import Placement
from participants.models import Trajectory
from participants.stay.lock import lock_all
from tests import world


@pytest.mark.django_db
def test_two_workers_press_the_same_act_and_neither_sees_an_error() -> None:
    group = world.make_group(chat_link="https://chat.example/groep")
    stay = world.make_participating(group, since=clock.today() - timedelta(days=30))
    seat = Placement.objects.get(trajectory=stay)
    both = [Client(), Client()]
    for client, name in zip(both, ("Fleur Jansen", "Daan Smit"), strict=True):
        client.force_login(world.make_worker(group, name))
        assert "in de groepsapp" in client.get("/vandaag/").content.decode()
    for client in both:
        answer = client.post(reverse("groups:chat", args=[seat.pk]), {"what": "in"}, follow=True)
        assert answer.status_code == 200
    seat.refresh_from_db()
    assert seat.in_chat_on == clock.today()
    for client in both:
        assert "in de groepsapp" not in client.get("/vandaag/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_page_does_not_wait_for_a_sweep_that_holds_everybody() -> None:
    group = world.make_group()
    worker = world.make_worker(group)
    for _n in range(3):
        world.make_participating(group, since=clock.today() - timedelta(days=30))
    client = Client()
    client.force_login(worker)
    held, done = threading.Event(), threading.Event()

    def sweep() -> None:
        try:
            with transaction.atomic():
                lock_all(Trajectory.objects.values_list("pk", flat=True))
                held.set()
                done.wait(timeout=20)
        finally:
            connection.close()

    other = threading.Thread(target=sweep)
    other.start()
    try:
        assert held.wait(timeout=20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '500ms'")
        for address in ("/vandaag/", reverse("groups:group", args=[group.pk])):
            assert client.get(address).status_code == 200
    finally:
        done.set()
        other.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
