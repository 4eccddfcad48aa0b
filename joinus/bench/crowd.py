"""Twenty workers at once on their start pages, behind gunicorn with three processes."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.accounts.models import User
from core.accounts.roles import Role
from joinus.bench.cast import sign_in

CLIENTS, SECONDS, WARM, PROCESSES = 20, 10.0, 2.0, 3
PATIENCE = 30.0


def crowded() -> Iterator[dict[str, Any]]:
    workers = User.objects.filter(role_assignments__role=Role.YOUTH_WORKER).order_by("pk")
    sessions = [sign_in(user) for user in workers[: CLIENTS + 10]]
    path = reverse("home:today")
    with _gunicorn() as port:
        _visit(port, path, sessions, WARM)
        took, failed = _visit(port, path, sessions, SECONDS)
    took.sort()
    each = len(took) / SECONDS
    yield {
        "row": "19",
        "name": f"{CLIENTS} clients on start pages",
        "note": f"{each:.0f} requests a second, {failed} failed",
        "wall": took[len(took) // 2],
        "p99": took[-1 - len(took) // 100],
        "each_second": each,
        "n": len(took),
        "yardstick": "",
    }


def _visit(
    port: int, path: str, sessions: Sequence[str], seconds: float
) -> tuple[list[float], int]:
    """Milliseconds of every answered request, and how many were not."""
    until, took, failed = time.monotonic() + seconds, [], []

    def come(number: int) -> None:
        turn = number
        while time.monotonic() < until:
            session, turn = sessions[turn % len(sessions)], turn + CLIENTS
            began = time.perf_counter()
            if _get(port, path, session) == 200:
                took.append((time.perf_counter() - began) * 1000)
            else:
                failed.append(number)

    threads = [threading.Thread(target=come, args=[n]) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, len(failed)


def _get(port: int, path: str, session: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})
        answer = line.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return 0
    finally:
        line.close()


@contextmanager
def _gunicorn() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "joinus.bench.wsgi", "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(
        [*command, "--workers", str(PROCESSES), "--log-level", "error"], env=os.environ
    ) as server:
        try:
            patience = time.monotonic() + PATIENCE
            while not _get(port, "/healthz", "") and time.monotonic() < patience:
                time.sleep(0.1)
            yield port
        finally:
            server.terminate()
