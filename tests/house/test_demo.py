"""The demo: its post office keeps every mail, and Ctrl-C leaves nothing running."""

import os
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
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from joinus.demo import mailbox

ROOT = Path(__file__).resolve().parents[2]
STARTING_LIMIT = 240  # seconds, making the world included


def test_the_post_office_keeps_every_mail_newest_first(tmp_path):
    folder = tmp_path / "mail"
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=free_port())
    controller.start()
    with smtplib.SMTP("127.0.0.1", controller.port) as line:
        for number in (1, 2):
            letter = EmailMessage()
            letter["From"], letter["To"] = "hallo@joinus.example", f"{number}@example.org"
            letter["Subject"] = f"Nieuws {number}: één"
            letter.set_content(f"Dag {number}")
            line.send_message(letter)
    controller.stop()
    newest, oldest = mailbox.mails(folder)
    assert (newest.to, newest.subject) == ("2@example.org", "Nieuws 2: één")
    assert mailbox.mail(oldest.key, folder).text == "Dag 1\n"
    assert mailbox.mail("nothing", folder) is None
    assert mailbox.mails(tmp_path / "nowhere") == []


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
