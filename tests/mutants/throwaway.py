"""A copy of the checkout to break: the work tree and its servers are never touched."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RED = re.compile(r"^(?:FAILED|ERROR) (tests/.+?)(?: - .*)?$", re.MULTILINE)
#: pytest's exit codes: tests failed, was interrupted, could not collect; nothing was collected.
TURNED_RED, NOTHING_THERE = {1, 2, 3, 4}, 5
HOLD = (
    "import sys; from joinus import embedded; embedded.hold('test');"
    "print('up', flush=True); sys.stdin.read()"
)
DROP = """
import django
django.setup()
from django.db import connection
with connection.cursor() as asked:
    asked.execute("select datname from pg_database where starts_with(datname, 'test_')")
    for (name,) in asked.fetchall():
        asked.execute(f'drop database "{name}" with (force)')
"""


@dataclass(frozen=True)
class Run:
    """What the tests said. `red`: the first one that failed; `late`: the time was over."""

    red: str = ""
    late: bool = False


@dataclass(frozen=True)
class Copy:
    """The copy, with its servers running."""

    root: Path
    workers: int = 2

    @contextlib.contextmanager
    def changed(self, texts: dict[str, str]) -> Iterator[None]:
        """These files with another text, for as long as this lasts."""
        before = {path: (self.root / path).read_text() for path in texts}
        try:
            for path, text in texts.items():
                self._write(self.root / path, text)
            yield
        finally:
            for path, text in before.items():
                self._write(self.root / path, text)

    def test(self, what: list[str], seconds: float, but: Iterable[str] = ()) -> Run:
        """Run these files, folders or tests, `but` not those, until the first red one."""
        start = time.monotonic()
        workers = 1 if all("::" in one for one in what) else self.workers
        program = subprocess.Popen(
            [
                *(sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"),
                *("-p", "no:randomly", "--no-header", "--tb=no", "-m", "not deep and not browser"),
                *("-n", str(workers), "--reuse-db", *what),
                *(f"--ignore={one}" for one in but),
            ],
            cwd=self.root,
            env=_own_servers(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            said, _none = program.communicate(timeout=max(1, seconds))
        except subprocess.TimeoutExpired:
            _end(program)
            self.forget_databases()
            return Run(late=True)
        if program.returncode in TURNED_RED:
            found = RED.search(said)
            return Run(red=found[1] if found else f"pytest ended with {program.returncode}")
        if program.returncode not in (0, NOTHING_THERE):
            raise RuntimeError(
                f"pytest in the copy ({time.monotonic() - start:.0f} s): {said[-2000:]}"
            )
        return Run()

    def _write(self, file: Path, text: str) -> None:
        """Bytecode knows its source by second and length, which is too coarse here."""
        file.write_text(text)
        for stale in file.parent.glob(f"__pycache__/{file.stem}.*.pyc"):
            stale.unlink(missing_ok=True)

    def forget_databases(self) -> None:
        """A run that was ended halfway leaves rows behind: the next one begins with new ones."""
        subprocess.run(
            [sys.executable, "-c", DROP],
            cwd=self.root,
            env={**_own_servers(), "DJANGO_SETTINGS_MODULE": "joinus.settings.test"},
            check=True,
        )


@contextlib.contextmanager
def copy(workers: int = 2) -> Iterator[Copy]:
    """A copy of what git knows and does not ignore; gone afterwards, its servers too."""
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as place:
        root = Path(place)
        root.chmod(0o755)  # PostgreSQL's own account walks through it
        for name in _files():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name, follow_symlinks=False)
        (root / ".venv").symlink_to((ROOT / ".venv").resolve())
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLD],
            cwd=root,
            env=_own_servers(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            assert holder.stdout is not None
            holder.stdout.readline()
            yield Copy(root, workers)
        finally:
            assert holder.stdin is not None
            holder.stdin.close()  # also when we are killed: then the kernel closes it
            holder.wait(timeout=60)


def _files() -> list[str]:
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in said.split("\0") if name and (ROOT / name).is_file()]


def _own_servers() -> dict[str, str]:
    """Whatever servers the caller has, these runs find those of the copy."""
    theirs = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in theirs}


def _end(program: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.communicate()
