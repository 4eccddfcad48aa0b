"""The cache, and the memory of this process while the cache is away.

It holds counts of who tried how often (`core.accounts.limits`), codes that were used a moment ago
and a laid-out brochure: nothing that a page may not do without. A Redis that was restarted, or that
accepts and never answers, may not close the door to a youth worker on the evening itself. So limits
are then counted by each process for itself: looser, and never gone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer

from core.left_alone import LeftAlone

AWAY = (NoConnection, NoAnswer, OSError)
#: Each thread has a cache object of its own; this is of all of them.
left_alone = LeftAlone("cache")


def _or_memory(name: str) -> Callable[..., Any]:
    """The backend's own `name`, of the cache or else of the memory."""
    there: Callable[..., Any] = getattr(RedisCache, name)
    here: Callable[..., Any] = getattr(LocMemCache, name)

    @wraps(there)
    def asked(self: "CacheOrMemory", *args: Any, **kwargs: Any) -> Any:
        if not left_alone.now:
            try:
                return there(self, *args, **kwargs)
            except AWAY as trouble:
                left_alone.begin(trouble)
        return here(self._memory, *args, **kwargs)

    return asked


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
