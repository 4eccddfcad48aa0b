"""The cache, and the memory of this process while the cache is away.

It holds counts of who tried how often (`core.accounts.limits`), codes that were used a moment ago
and a laid-out brochure: nothing that a page may not do without. A Redis that was restarted, or that
accepts and never answers, may not close the door to a youth worker on the evening itself. So limits
are then counted by each process for itself: looser, and never gone.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer

log = structlog.get_logger(__name__)
#: Not asked again for so long; then one request tries it.
LEFT_ALONE = 10  # seconds
AWAY = (NoConnection, NoAnswer, OSError)


def _or_memory(name: str) -> Callable[..., Any]:
    """The backend's own `name`, of the cache or else of the memory."""
    there: Callable[..., Any] = getattr(RedisCache, name)
    here: Callable[..., Any] = getattr(LocMemCache, name)

    @wraps(there)
    def asked(self: "CacheOrMemory", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _away.until:
            try:
                return there(self, *args, **kwargs)
            except AWAY as trouble:
                _away.until = time.monotonic() + LEFT_ALONE
                log.error("cache_away", exception=type(trouble).__name__)
        return here(self._memory, *args, **kwargs)

    return asked


class _Away:
    """Of all threads of this process: each has a cache object of its own."""

    until = 0.0


_away = _Away()


class CacheOrMemory(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._memory = LocMemCache("while the cache is away", {})

    add = _or_memory("add")
    get = _or_memory("get")
    set = _or_memory("set")
    touch = _or_memory("touch")
    delete = _or_memory("delete")
    get_many = _or_memory("get_many")
    set_many = _or_memory("set_many")
    delete_many = _or_memory("delete_many")
    has_key = _or_memory("has_key")
    incr = _or_memory("incr")
    clear = _or_memory("clear")
