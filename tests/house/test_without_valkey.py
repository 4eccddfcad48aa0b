"""The site without its cache and its queue: gone, or there and mute. The evening goes on."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from django.core.cache import cache, caches
from django.urls import reverse

from core import cache_or_memory
from core.messaging import contacts, outbox
from core.messaging.models import Message
from joinus.settings import addresses

QUEUE_LIMIT = 9  # seconds: connecting, saying hello and once more


@pytest.fixture(params=["gone", "mute"])
def valkey_away(request: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Its address refuses (it restarts), or accepts and never says a word (frozen, cut off)."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    if request.param == "mute":
        door.listen(50)
    url = f"redis://127.0.0.1:{door.getsockname()[1]}"
    queue = Celery("elsewhere", set_as_current=False)
    queue.config_from_object("django.conf:settings", namespace="CELERY")
    queue.conf.broker_url = queue.conf.broker_write_url = addresses.broker(url)
    monkeypatch.setattr(outbox, "current_app", queue)
    monkeypatch.setattr(outbox.left_alone, "until", 0.0)
    monkeypatch.setattr(cache_or_memory.left_alone, "until", 0.0)
    before = settings.CACHES
    settings.CACHES = {"default": addresses.cache(url)}
    caches["default"].clear()  # of the memory that stands in for it
    cache_or_memory.left_alone.until = 0.0
    yield
    caches["default"].clear()
    settings.CACHES = before
    door.close()


def seconds(act: Any) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


@pytest.mark.usefixtures("valkey_away")
def test_the_cache_is_the_memory_of_this_process_meanwhile() -> None:
    assert seconds(lambda: cache.set("a", 1)) < 3
    assert seconds(lambda: cache.get("b")) < 0.1  # left alone
    assert cache.get("a") == 1
    assert not cache.add("a", 2)
    assert cache.incr("a") == 2
    assert cache.get_many(["a", "b"]) == {"a": 2}


@pytest.mark.django_db
@pytest.mark.usefixtures("valkey_away")
def test_the_doors_open_and_their_limits_count(client: Any) -> None:
    """A worker signs in on the evening itself; guessing is still stopped."""
    door = reverse("account_login")
    assert client.get(door).status_code == 200
    guesses = [
        client.post(door, {"login": "daan@example.org", "password": "nee"}) for _try in range(6)
    ]
    assert [guess.status_code for guess in guesses] == [200] * 6
    assert "Wacht een paar minuten" not in guesses[0].content.decode()
    assert "Wacht een paar minuten" in guesses[-1].content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("valkey_away")
def test_what_was_written_stands_and_nobody_waits_for_the_queue() -> None:
    def write(number: int) -> Message:
        return outbox.write(
            contact=contacts.create_contact(name="Noor", email=f"noor{number}@example.org"),
            template="neutral",
            kind="test",
            dedupe_key=f"one:{number}",
            urgency=outbox.TONIGHT,
        )

    assert seconds(lambda: write(1)) < QUEUE_LIMIT
    assert seconds(lambda: [write(number) for number in range(2, 30)]) < 3
    assert Message.objects.filter(state="queued").count() == 29
