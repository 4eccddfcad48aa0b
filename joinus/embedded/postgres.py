"""The real PostgreSQL of the wheel: make a cluster, start it, see whether it runs, stop it."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

from joinus.embedded.place import Place

ROLE = DATABASE = "joinus"
STARTING_LIMIT = 60  # seconds; recovery after a crash may take a while
SETTINGS = {"listen_addresses": "", "timezone": "UTC", "max_connections": "200"}
# A test cluster may be lost at any time: no waiting for the disk; nothing in it grows old enough
# to be tidied up beside the tests.
TEST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
#: A bench may be lost as well, but grows large; what is measured is not disturbed by tidying up.
BENCH_SETTINGS = TEST_SETTINGS | {"shared_buffers": "512MB", "max_wal_size": "4GB"}


def start(place: Place) -> None:
    """Start (or re-attach to) the server, and make sure that the database exists."""
    if not (place.postgres_data / "global" / "pg_control").exists():
        _make_cluster(place)
    if not is_running(place):
        _clear_stale_files(place)
        settings = SETTINGS | {"unix_socket_directories": str(place.socket_dir)}
        if place.kind == "test":
            settings |= TEST_SETTINGS
        elif place.kind.startswith("bench-"):
            settings |= BENCH_SETTINGS
        options = " ".join(f"-c {name}={_quoted(value)}" for name, value in settings.items())
        _pg_ctl(place, "start", "-o", options, "-l", str(place.postgres_data / "server.log"))
    _make_database(place)


def is_running(place: Place) -> bool:
    """Does a server answer on the socket? Waits while one is still starting."""
    deadline = time.monotonic() + STARTING_LIMIT
    while time.monotonic() < deadline:
        answer = _run(place, "pg_isready", "-q", "-h", str(place.socket_dir), check=False)
        if answer.returncode != 1:  # 1: starting up or shutting down
            return answer.returncode == 0
        time.sleep(0.1)
    return False


def stop(place: Place) -> bool:
    """Stop the server if it runs; open connections are ended. Returns whether it ran."""
    if not _is_postgres(_recorded_pid(place)):
        return False
    _pg_ctl(place, "stop", "-m", "fast")
    return True


def _make_cluster(place: Place) -> None:
    for half_made in place.postgres_data.iterdir():
        raise RuntimeError(
            f"{place.postgres_data} holds {half_made.name} but no database cluster; remove it."
        )
    _run(
        place,
        "initdb",
        *("-D", str(place.postgres_data), "-U", ROLE, "--auth=trust", "--encoding=UTF8"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        *(("--no-sync",) if place.kind == "test" else ()),
    )


def _make_database(place: Place) -> None:
    connection = ("-h", str(place.socket_dir), "-U", ROLE)
    known = _run(place, "psql", *connection, "-d", "postgres", "-lAtX").stdout.splitlines()
    if not any(line.startswith(f"{DATABASE}|") for line in known):
        _run(place, "createdb", *connection, DATABASE)


def _clear_stale_files(place: Place) -> None:
    """After a crash or a restored folder the recorded pid may be another program's by now."""
    if not _is_postgres(_recorded_pid(place)):
        for leftover in (
            place.postgres_data / "postmaster.pid",
            place.socket_dir / ".s.PGSQL.5432",
            place.socket_dir / ".s.PGSQL.5432.lock",
        ):
            leftover.unlink(missing_ok=True)


def _recorded_pid(place: Place) -> int | None:
    try:
        return int((place.postgres_data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _is_postgres(pid: int | None) -> bool:
    if pid is None:
        return False
    command = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        return command.exists() and b"postgres" in command.read_bytes()
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True)
    return b"postgres" in shown.stdout


def _pg_ctl(place: Place, verb: str, *arguments: str) -> None:
    _run(place, "pg_ctl", verb, "-w", "-s", "-D", str(place.postgres_data), *arguments)


def _run(
    place: Place, program: str, *arguments: str, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's account; its last words when it fails."""
    account: dict[str, Any] = {}
    if place.server_uid is not None:
        account = {"user": place.server_uid, "group": place.server_gid, "extra_groups": []}
    # Output goes to a file of ours: a pipe would stay open in the server that pg_ctl leaves.
    log = place.home / f"{program}.log"
    with log.open("w+") as output:
        done = subprocess.run(
            [str(place.programs / "bin" / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "HOME": "/"},
            umask=0o077,
            timeout=STARTING_LIMIT + 30,
            **account,
        )
        output.seek(0)
        said = output.read()
    if check and done.returncode:
        server_log = place.postgres_data / "server.log"
        tail = server_log.read_text(errors="replace")[-1500:] if server_log.exists() else ""
        raise RuntimeError(f"The embedded PostgreSQL: `{program}` failed.\n{said}\n{tail}")
    return subprocess.CompletedProcess(done.args, done.returncode, said)


def _quoted(value: str) -> str:
    """A value inside pg_ctl's `-o`, which goes through a shell."""
    return "'" + value.replace("'", r"'\''") + "'"
