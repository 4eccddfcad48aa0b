"""The suite's ground: embedded servers, its clock, and what a signed-in browser means."""

import gc
import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from django.utils.translation.reloader import translation_file_changed

from core import clock
from joinus import embedded

pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.clock",
    "tests.fixtures.counts",
    "tests.fixtures.database",
    "tests.fixtures.locks",
    "tests.fixtures.mail",
    "tests.fixtures.worker",
]


#: A machine that others use as well is no reason to fail: how fast examples come is no claim.
hypothesis.settings.register_profile(
    "shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared")


def begin_alike() -> None:
    """No test leans on the day and hour at which it is run: the house's clock ticks elsewhere."""
    away = datetime.fromisoformat(SUITE_BEGINS).replace(tzinfo=clock.AMSTERDAM) - timezone.now()
    clock.tick_by(lambda: timezone.now() + away)


def pytest_configure(config: pytest.Config) -> None:
    begin_alike()
    on_own_servers = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    is_worker = hasattr(config, "workerinput")
    if is_worker:
        return
    call_command("messages", compile=True)
    translation_file_changed(None, Path("django.mo"))  # this process may have read those of before
    if not (on_own_servers or config.option.collectonly):
        embedded.hold("test")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is imported stays as long as the run: no collector of waste goes through it again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 10, 10)
        gc.enable()


#: When every run begins, by the clock of the house; another moment shows what leans on this one.
#: It has passed: the processes that a test starts beside us have the real clock, and find it due.
SUITE_BEGINS = os.environ.get("SUITE_BEGINS", "2026-11-26T10:00")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rate limits and the like of one test are not felt in the next."""
    cache.clear()


def sign_in(client: Client, user: Any, _backend: str | None = None) -> None:
    """What stays in the browser of somebody who took both steps (tests/core/test_signin)."""
    from core.accounts import signin
    from core.accounts.sessions import SessionStore

    now = time.time()
    request = HttpRequest()
    request.session = SessionStore()
    request.session[SESSION_KEY] = str(user.pk)
    request.session[BACKEND_SESSION_KEY] = signin.BACKEND
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    request.session[signin.SIGNED_IN_AT] = request.session[signin.LAST_SEEN_AT] = now
    signin.mark_both_steps(request, user)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key


@pytest.fixture(autouse=True, scope="session")
def _signed_in_means_both_steps() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", sign_in)
        yield


@pytest.fixture
def at_work(client: Client, worker: Any) -> Client:
    """The browser of the `worker` of the test's own module."""
    client.force_login(worker)
    return client
