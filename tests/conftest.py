"""The suite's ground: embedded servers, one database per worker, fixtures and the ledger marker."""

import os
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client

from joinus import embedded

pytest_plugins = ["tests.fixtures.browser", "tests.fixtures.mail", "tests.fixtures.worker"]


def pytest_configure(config: pytest.Config) -> None:
    on_own_servers = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    is_worker = hasattr(config, "workerinput")
    if is_worker:
        return
    call_command("messages", compile=True)
    if not (on_own_servers or config.option.collectonly):
        embedded.hold("test")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rate limits and the like of one test are not felt in the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def _signed_in_means_both_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """`client.force_login(worker)` stands for password and second step (tests/core/test_signin)."""
    from core.accounts.signin import mark_both_steps

    only_first = Client.force_login

    def force_login(self: Client, user: Any, backend: str | None = None) -> None:
        only_first(self, user, backend)
        request = HttpRequest()
        request.session = self.session
        mark_both_steps(request, user)
        request.session.save()

    monkeypatch.setattr(Client, "force_login", force_login)


@pytest.fixture
def at_work(client: Client, worker: Any) -> Client:
    """The browser of the `worker` of the test's own module."""
    client.force_login(worker)
    return client
