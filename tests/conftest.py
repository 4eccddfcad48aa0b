"""The suite's ground: embedded servers, one database per worker, fixtures and the ledger marker."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache

from joinus import embedded

pytest_plugins = ["tests.fixtures.browser", "tests.fixtures.mail", "tests.fixtures.worker"]


def pytest_configure(config: pytest.Config) -> None:
    on_own_servers = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    is_worker = hasattr(config, "workerinput")
    if not (on_own_servers or is_worker or config.option.collectonly):
        embedded.hold("test")


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits and the like of one test are not felt in the next."""
    cache.clear()
    yield
