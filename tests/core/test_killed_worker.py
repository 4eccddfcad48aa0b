"""A real Celery process dies at five points while 200 mails go to a real SMTP server."""

import time
from collections import Counter
from typing import Any

import pytest

from core.messaging import contacts, outbox
from core.messaging.models import Message
from core.messaging.tasks import send_due
from tests.core.crashing import POINTS

MAILS = 200


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_no_mail_is_lost_when_the_worker_is_killed_and_at_most_one_repeats(
    smtp_catcher: Any, celery_worker_process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_hurry", lambda: None)
    for n in range(MAILS):
        outbox.write(
            contact=contacts.create_contact(name=f"P{n}", email=f"p{n}@example.org"),
            template="neutral",
            kind="test",
            dedupe_key=f"mail:{n}",
            urgency=outbox.IMMEDIATE,
        )
    for point in POINTS:
        worker = celery_worker_process(
            DJANGO_SETTINGS_MODULE="tests.core.crashing",
            CRASH_AT=point,
        )
        send_due.delay()
        wait(lambda worker=worker: not worker.is_alive, 120)
        written_down = Message.objects.filter(state="sent").count()
        assert len(smtp_catcher.messages) - written_down <= 1, point
        time.sleep(1.1)  # the claim of the dead process runs out
    celery_worker_process(DJANGO_SETTINGS_MODULE="tests.core.crashing")
    send_due.delay()
    wait(lambda: not Message.objects.exclude(state="sent").exists(), 240)

    times = Counter(smtp_catcher.message_ids)
    assert set(times) == {row.message_id for row in Message.objects.all()}
    assert len(times) == MAILS
    assert sum(times.values()) - MAILS <= 1  # one kill stood in the accepted-then-crashed window


def wait(done: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_a_real_mail_travels_through_a_real_worker_to_a_real_server(
    smtp_catcher: Any, celery_worker_process: Any
) -> None:
    celery_worker_process()
    row = outbox.write(
        contact=contacts.create_contact(name="Noor", email="noor@example.org"),
        template="neutral",
        kind="test",
        dedupe_key="one",
        urgency=outbox.IMMEDIATE,
    )
    wait(lambda: smtp_catcher.messages, 20)
    assert smtp_catcher.message_ids == [row.message_id]
    wait(lambda: Message.objects.get(pk=row.pk).state == Message.State.SENT, 10)
