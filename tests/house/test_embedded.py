"""The embedded servers start, are shared, survive a crash, and leave nothing behind.

Each test has a checkout of its own (a copy of the package alone), apart from the suite's servers.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from joinus import embedded
embedded.hold("test")
print("held", flush=True)
sys.stdin.readline()
"""


class Checkout:
    """A folder with nothing of Join Us but its embedded servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "joinus" / "embedded", folder / "joinus" / "embedded")
        (folder / "joinus" / "__init__.py").touch()

    def say(self, verb: str) -> str:
        command = [sys.executable, "-m", "joinus.embedded", verb, "test"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def hold(self) -> subprocess.Popen[str]:
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLD],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        return holder

    @property
    def is_running(self) -> bool:
        return self.say("status") == "running\n"

    def ask(self, question: str) -> list[tuple[object, ...]]:
        found = dict(line.split("=", 1) for line in self.say("urls").splitlines())
        socket_dir, name = found["DATABASE_URL"].removeprefix("postgres://joinus@/").rsplit("/", 1)
        with psycopg.connect(
            host=socket_dir, dbname=name, user="joinus", autocommit=True
        ) as connection:
            cursor = connection.execute(question)
            return cursor.fetchall() if cursor.description else []

    @property
    def postmaster(self) -> int:
        return int(self.ask("SELECT pg_read_file('postmaster.pid')")[0][0].split()[0])


@pytest.fixture
def checkout(tmp_path_factory):
    """Pytest's own folder is closed to other accounts, as `/root` is: so for root the servers
    move away from it, which is a case we want. Whatever runs is stopped."""
    checkout = Checkout(tmp_path_factory.mktemp("c"))
    yield checkout
    checkout.say("stop")
    if os.geteuid() == 0:
        found = checkout.folder / ".local" / "test" / "postgres"
        if not found.exists():
            where = subprocess.run(
                [
                    *(sys.executable, "-c"),
                    "from joinus.embedded.place import place_of;"
                    "print(place_of('test').home.parent)",
                ],
                cwd=checkout.folder,
                capture_output=True,
                text=True,
            )
            shutil.rmtree(where.stdout.strip(), ignore_errors=True)


def test_data_are_kept_over_a_stop_and_a_crash(checkout):
    checkout.say("start")
    checkout.ask("CREATE TABLE kept AS SELECT 42 AS answer")
    assert checkout.say("stop") == "stopped\n"
    assert not checkout.is_running
    checkout.say("start")
    assert checkout.ask("SELECT answer FROM kept") == [(42,)]
    os.kill(checkout.postmaster, signal.SIGKILL)
    checkout.say("start")
    assert checkout.ask("SELECT answer FROM kept") == [(42,)]


def test_the_last_holder_that_leaves_stops_them(checkout):
    first, second = checkout.hold(), checkout.hold()
    first.communicate("\n", timeout=30)
    assert checkout.is_running
    second.communicate("\n", timeout=30)
    assert not checkout.is_running


def test_a_killed_holder_does_not_count(checkout):
    killed, other = checkout.hold(), checkout.hold()
    killed.kill()
    killed.wait()
    other.communicate("\n", timeout=30)
    assert not checkout.is_running


def test_sockets_fit_however_deep_the_checkout_lies(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    for line in Checkout(deep).say("urls").splitlines():
        assert len(line.split("//", 1)[1]) < 100
