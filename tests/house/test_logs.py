"""A log line tells what happened and where, and nothing about whom."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core import logs
from joinus.settings import base

CANARY = "canary@example.org"


@pytest.fixture
def line() -> Iterator[Callable[[], dict[str, Any]]]:
    """The last line that was written, as an object; at the level that ships."""
    written = io.StringIO()
    quiet = logging.root.level
    logging.root.setLevel(base.LOGGING["root"]["level"])
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.formatter())
    logging.root.addHandler(handler)
    yield lambda: json.loads(written.getvalue().splitlines()[-1])
    logging.root.removeHandler(handler)
    logging.root.setLevel(quiet)


def test_a_filled_in_message_is_logged_as_its_template(line):
    logging.getLogger("some.library").warning("No such address: %s", CANARY)
    assert line()["event"] == "No such address: %s"


def test_an_exception_is_its_type_and_place_without_its_words(line):
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("some.library").exception("It failed")
    found = line()
    assert found["exception"] == "ValueError"
    assert "test_logs.py" in found["places"][-1]
    assert CANARY not in json.dumps(found)


def test_a_request_is_its_method_and_route(line, client):
    client.get("/healthz?token=secret", headers={"user-agent": CANARY})
    found = line()
    assert found["request"] == "GET healthz"
    assert found["code"] == 200
    assert not {"user_agent", "ip", "user_id"} & found.keys()
    assert "secret" not in json.dumps(found)


def test_an_unknown_path_is_not_repeated(line, client):
    client.get(f"/{CANARY}/")
    assert line()["request"] == "GET (no route)"
