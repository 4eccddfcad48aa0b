"""The demo: its post office keeps every mail, and Ctrl-C leaves nothing running."""

import os
import runpy
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.accounts.models import User
from core.organisations.models import Group
from joinus.demo import mailbox, run, running
from joinus.demo.management.commands import seed_demo

ROOT = Path(__file__).resolve().parents[2]
STARTING_LIMIT = 240  # seconds, making the world included


def deliver(port: int, subject: str, to: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "hallo@joinus.example", to, subject
    letter.set_content(f"Dag {to[0]}")
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as line:
        line.send_message(letter)


def test_the_post_office_keeps_every_mail_newest_first(tmp_path):
    folder = tmp_path / "mail"
    door = run.post_office()
    office = subprocess.Popen(
        [sys.executable, "-m", "joinus.demo.mailbox", str(door.fileno()), str(folder)],
        cwd=ROOT,
        pass_fds=[door.fileno()],
    )
    for number in (1, 2):
        deliver(door.getsockname()[1], f"Nieuws {number}: één", f"{number}@example.org")
    office.terminate()
    office.wait(30)
    door.close()
    newest, oldest = mailbox.mails(folder)
    assert (newest.to, newest.subject) == ("2@example.org", "Nieuws 2: één")
    assert mailbox.mail(oldest.key, folder).text == "Dag 1\n"
    assert mailbox.mail("nothing", folder) is None
    assert mailbox.mails(tmp_path / "nowhere") == []


def test_no_invented_people_where_the_demo_is_off(db, settings):
    assert settings.DEMO is False
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command(seed_demo.Command())
    assert not Group.objects.exists()
    assert not User.objects.exists()


def test_two_demos_never_choose_the_same_post_office(monkeypatch):
    """Not even while the first still makes its world and nobody reads its mail yet."""
    monkeypatch.setattr(running, "MAIL_PORT", free_port())
    with run.post_office() as first, run.post_office() as second:
        assert first.getsockname() == ("127.0.0.1", running.MAIL_PORT)
        assert second.getsockname()[1] != running.MAIL_PORT
        with socket.create_connection(second.getsockname(), timeout=5):
            pass


def test_whatever_runs_beside_the_demo_sends_its_mail_there(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "FACTS", tmp_path / "demo.json")
    monkeypatch.delenv("EMAIL_URL", raising=False)
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "postgres://nobody" if name[0] == "D" else "redis://nobody")
    for facts, port in (({}, 8025), ({"mail": 40123}, 40123)):
        running.note(**facts)
        beside = runpy.run_module("joinus.settings.development")
        assert (beside["EMAIL_HOST"], beside["EMAIL_PORT"]) == ("127.0.0.1", port)


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def processes_of(checkout: Path) -> list[str]:
    """Whatever still works in or for this checkout (Linux)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode(errors="replace")
            where = os.readlink(process / "cwd")
        except OSError:
            continue
        if command and (str(checkout) in command or where.startswith(str(checkout))):
            found.append(command.replace("\0", " "))
    return found


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A clone of what is committed, on this environment's Python."""
    folder = tmp_path_factory.mktemp("demo") / "joinus"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    yield folder
    subprocess.run([sys.executable, "-m", "joinus.demo.stop"], cwd=folder)
    shutil.rmtree(folder, ignore_errors=True)


def start(checkout: Path) -> tuple[subprocess.Popen[str], str, float]:
    began = time.monotonic()
    demo = subprocess.Popen(
        [sys.executable, "-m", "joinus.demo.run"],
        cwd=checkout,
        env={k: v for k, v in os.environ.items() if not k.endswith("_URL")}
        | {"PORT": str(free_port())},
        stdout=subprocess.PIPE,
        text=True,
    )
    said = []
    assert demo.stdout is not None
    for line in demo.stdout:
        said.append(line)
        if line.startswith("Ready: "):
            return demo, line.removeprefix("Ready: ").strip(), time.monotonic() - began
    pytest.fail("".join(said))


@pytest.mark.deep
@pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, "make stop"])
def test_the_demo_answers_and_leaves_nothing(checkout, how):
    again = (checkout / ".local" / "local").exists()
    demo, url, seconds = start(checkout)
    for path in ("/healthz", "/readyz", "/demo/"):
        with urllib.request.urlopen(url + path) as answer:
            assert answer.status == 200
    assert not again or seconds <= 20
    if how == "make stop":
        subprocess.run([sys.executable, "-m", "joinus.demo.stop"], cwd=checkout, check=True)
    else:
        demo.send_signal(how)
    assert demo.wait(40) == 0
    assert processes_of(checkout) == []
