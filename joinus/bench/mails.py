"""A thousand wave mails handed over, beside as many ready ones given to the same server."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction

from core import clock
from core.messaging import outbox
from core.messaging.models import Message
from core.messaging.rendering import render
from core.messaging.sending import send_due
from joinus.bench.measure import Meter
from questionnaires.cycle import reminders
from questionnaires.models import Invitation

MOST = 1000
SINK = """
import asyncio, sys
from aiosmtpd.controller import Controller
class Nothing:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"
door = Controller(Nothing(), hostname="127.0.0.1", port=0)
async def serve():
    server = await asyncio.get_running_loop().create_server(door.factory, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(serve())
"""


def sent() -> Iterator[dict[str, Any]]:
    """One line. Everything is undone; what left is gone, as no mail server was there."""
    waves = reminders.reachable(clock.today()).filter(
        left_alone_on__isnull=True,
        trajectory__participant__contact__safe_channels__contains=["email"],
    )
    people = waves.select_related("trajectory__participant__contact", "trajectory__group")
    chosen = list(people.order_by("pk")[:MOST])
    if not chosen:
        return
    meter = Meter()
    with _post_office() as port, transaction.atomic():
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        Message.objects.filter(state__in=["queued", "sending"]).update(state="withdrawn")
        for wave in chosen:
            _write(wave)
        ready = [_ready(message) for message in Message.objects.filter(state="queued")]
        bare = meter.cost(lambda: get_connection().send_messages(ready))
        ours = meter.cost(send_due)
        left = Message.objects.filter(dedupe_key__startswith="bench:", state="sent").count()
        transaction.set_rollback(True)
    if left != len(chosen):
        raise AssertionError(f"{left} of {len(chosen)} mails left.")
    yield {
        "row": "11",
        "name": "mails of waves",
        "note": f"{left}, {left / ours.wall * 1000:.0f} a second",
        "ratio": bare.cpu / ours.cpu,
        "cpu": ours.cpu / left,
        "python": ours.python / left,
        "postgres": ours.postgres / left,
        "wall": ours.wall / left,
        "bare": bare.cpu / left,
        "yardstick": "ready mails",
        "goal": 0.5,
        "at_least": True,
        "n": 1,
    }


def _write(wave: Invitation) -> None:
    outbox.write(
        contact=wave.trajectory.participant.contact,
        template=f"wave_{wave.wave}",
        kind=reminders.MESSAGE,
        dedupe_key=f"bench:{wave.pk}",
        params=reminders.params(wave),
        subject_id=wave.pk,
        group=wave.trajectory.group,
    )


def _ready(message: Message) -> EmailMultiAlternatives:
    rendered = render(message)
    mail = EmailMultiAlternatives(rendered.subject, rendered.text, to=[message.contact.email])
    mail.attach_alternative(rendered.html, "text/html")
    return mail


@contextmanager
def _post_office() -> Iterator[int]:
    """A mail server that keeps nothing, in a process of its own."""
    with subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True) as sink:
        assert sink.stdout is not None  # noqa: S101
        try:
            yield int(sink.stdout.readline())
        finally:
            sink.terminate()
