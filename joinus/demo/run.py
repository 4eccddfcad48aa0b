"""`make demo`: servers, migrations, world, then web, worker, beat and post office, as one.

The services share one process group of their own, apart from the terminal's, so that Ctrl-C
reaches this runner alone and it can stop them in order. Ctrl-C, SIGTERM and a closed terminal
all end here; should the runner itself be killed, the kernel tells the services (Linux).
"""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import IO, Any

from joinus import embedded
from joinus.demo import running
from joinus.demo.mailbox import FOLDER as MAIL
from joinus.embedded.place import CHECKOUT, LOCAL

READY_LIMIT = 90  # seconds
STOP_LIMIT = 15  # seconds
LOGS = LOCAL / "log"
SEEDING = LOCAL / "seeding"  # stands while the world is being made; left behind: half a world
PR_SET_PDEATHSIG = 1
ON_TERMINAL = os.isatty(0)


class Stopped(BaseException):
    """Somebody asked the demo to stop."""


def main() -> int:
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8000)
    url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104
    lock = running.claim()
    if lock is None:
        say(f"The demo already runs: {running.facts().get('url', url)} (`make stop` ends it)")
        return 1
    if is_taken(host, port):
        say(f"Port {port} is taken. Try another one: make demo PORT={port + 1}")
        return 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    services: list[subprocess.Popen[bytes]] = []
    try:
        door = post_office()
        mail_port = door.getsockname()[1]
        running.note(pid=os.getpid(), url=url, mail=mail_port)
        prepare(url)
        start_services(services, lock, host, port, door)
        running.note(pid=os.getpid(), url=url, mail=mail_port, group=services[0].pid)
        wait_until_ready(services, url)
        say(f"Ready: {url}\n  {url}/demo/ signs you in and shows every mail. Ctrl-C stops it all.")
        watch(services)
    except Stopped:
        say("\nStopping ...")
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        stop_services(services)
        embedded.release("local")
        running.FACTS.unlink(missing_ok=True)
        say("Stopped.")
    return 1


def prepare(url: str) -> None:
    """The database as the code wants it, with a world in it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "joinus.settings.demo"
    os.environ["SITE_URL"] = url
    os.environ["EMAIL_URL"] = running.mail_url()
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        say("Starting PostgreSQL and Valkey")
        embedded.hold("local")

    import django
    from django.core.management import call_command, get_commands

    django.setup()
    if os.environ.get("RESET") or SEEDING.exists():
        say("Emptying the database")
        empty()
    call_command("messages", compile=True)
    say("Migrating")
    call_command("migrate", verbosity=0)
    if "seed_demo" in get_commands() and not has_world():
        say("Making the demo world (once; up to a minute)")
        SEEDING.touch()
        call_command("seed_demo")
    SEEDING.unlink(missing_ok=True)


def empty() -> None:
    """Drop what the demo made: tables, queue, mail."""
    from django.core.cache import cache
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()
    from joinus.celery import app

    app.control.purge()
    cache.clear()
    shutil.rmtree(MAIL, ignore_errors=True)


def has_world() -> bool:
    from core.organisations.models import Group

    return Group.objects.exists()


def start_services(
    services: list[subprocess.Popen[bytes]],
    lock: IO[str],
    host: str,
    port: int,
    door: socket.socket,
) -> None:
    """The first service leads the process group that the others join."""
    LOGS.mkdir(exist_ok=True)
    celery = [sys.executable, "-m", "celery", "-A", "joinus"]
    commands = {
        "web": [
            *(sys.executable, "-m", "gunicorn", "joinus.wsgi", "--bind", f"{host}:{port}"),
            *("--workers", "2", "--timeout", "60", "--graceful-timeout", "5"),
        ],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING"],
        "beat": [*celery, "beat", "--schedule", str(LOCAL / "beat"), "--loglevel", "WARNING"],
        "mail": [sys.executable, "-m", "joinus.demo.mailbox", str(door.fileno()), str(MAIL)],
    }
    for name, command in commands.items():
        with (LOGS / f"{name}.log").open("wb") as log:
            service = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=services[0].pid if services else 0,
                pass_fds=(lock.fileno(), *((door.fileno(),) if name == "mail" else ())),
                preexec_fn=die_with_parent,
            )
        services.append(service)


def die_with_parent() -> None:
    """In the child, before its program starts: SIGTERM when the runner is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_until_ready(services: list[subprocess.Popen[bytes]], url: str) -> None:
    deadline = time.monotonic() + READY_LIMIT
    while not (answers(f"{url}/readyz") and worker_answers()):
        complain_when_ended(services)
        if time.monotonic() > deadline:
            sys.exit(f"Not ready after {READY_LIMIT} seconds.\n{last_words('web')}")
        time.sleep(0.2)


def watch(services: list[subprocess.Popen[bytes]]) -> None:
    while True:
        complain_when_ended(services)
        if ON_TERMINAL and not os.isatty(0):  # closed, and nobody passed the signal on
            raise Stopped
        time.sleep(0.5)


def complain_when_ended(services: list[subprocess.Popen[bytes]]) -> None:
    for name, service in zip(("web", "worker", "beat", "mail"), services, strict=True):
        if service.poll() is not None:
            sys.exit(f"The {name} ended by itself ({service.returncode}).\n{last_words(name)}")


def stop_services(services: list[subprocess.Popen[bytes]]) -> None:
    for service in services:
        if service.poll() is None:
            service.terminate()
    deadline = time.monotonic() + STOP_LIMIT
    for service in services:
        try:
            service.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            service.kill()
            service.wait()
    if services:  # whatever a service left behind
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(services[0].pid, signal.SIGKILL)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def worker_answers() -> bool:
    from joinus.celery import app

    return bool(app.control.ping(timeout=0.5))


def is_taken(host: str, port: int) -> bool:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((host, port))
        except OSError:
            return True
    return False


def post_office() -> socket.socket:
    """The door where mail comes in, open from now on, so that no other demo chooses it as well."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", running.MAIL_PORT))
    except OSError:
        door.bind(("127.0.0.1", 0))
    door.listen()
    return door


def last_words(name: str) -> str:
    log = Path(LOGS / f"{name}.log")
    return log.read_text(errors="replace")[-3000:] if log.exists() else ""


def ask_to_stop(_number: int, _frame: FrameType | None) -> Any:
    raise Stopped


def say(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
