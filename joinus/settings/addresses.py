"""From one URL per service (DATABASE_URL, REDIS_URL, EMAIL_URL) to Django's settings."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import environ
from django.core.exceptions import ImproperlyConfigured

#: One plan for a statement whatever its values: planning what waits costs ten times what asking it
#: does. A row by its key is cheap (disks have no arm to move), and nothing here is worth compiling.
PLANNING = "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 -c jit=off"


def database(url: str) -> dict[str, Any]:
    """What the address itself says (`?sslmode=verify-full`) goes before what is said here.

    Statements are prepared, so that PostgreSQL plans them once per connection. `?prepare=no` turns
    that off, for a pooler that cannot carry them (README, "Behind PgBouncer").
    Raises ImproperlyConfigured for another word.
    """
    config = environ.Env.db_url_config(url)
    options = dict(config.pop("OPTIONS", {}))
    prepare = options.pop("prepare", "yes")
    if prepare not in ("yes", "no"):
        raise ImproperlyConfigured(f"DATABASE_URL: ?prepare= is yes or no, not {prepare}.")
    ours: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": None}
    if prepare == "yes":
        ours |= {"prepare_threshold": 1, "options": PLANNING}
    return {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, **config, "OPTIONS": ours | options}


def broker(redis_url: str, number: int = 0) -> str:
    """Celery's spelling of `redis_url`, on the database with this number."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def cache(redis_url: str, number: int = 1) -> dict[str, Any]:
    """Apart from the broker, because clearing a cache empties its whole database.

    Nobody waits long for what a page can do without (`core.cache_or_memory`).
    """
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        location = f"unix://{parts.path}?db={number}"
        patience = {"socket_timeout": 1}
    else:
        location = urlunsplit(parts._replace(path=f"/{number}"))
        patience = {"socket_timeout": 1, "socket_connect_timeout": 1}
    return {
        "BACKEND": "core.cache_or_memory.CacheOrMemory",
        "LOCATION": location,
        "OPTIONS": patience,
    }


def mail(url: str) -> dict[str, Any]:
    """EMAIL_* settings. A hanging mail server may not hold a worker: 20 seconds at most."""
    return {"EMAIL_TIMEOUT": 20, **environ.Env.email_url_config(url)}
