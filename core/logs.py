"""Logs for machines to read: one JSON object a line, and nothing about a person (trust.md 10).

A request is logged as method and route, never as a path: paths hold tokens and ids. An
exception is logged as its type and where it came from, never with its message: messages of
databases and parsers repeat what somebody typed.
"""

import traceback
from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware as StructlogRequestMiddleware
from structlog.typing import EventDict

DROPPED = frozenset({"user_agent", "ip", "user_id", "args", "kwargs", "positional_args"})


class RequestMiddleware(StructlogRequestMiddleware):
    """A line when a request ends: its id, method, route and status."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        match = request.resolver_match
        return f"{request.method} {match.route if match else '(no route)'}"

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Who did what is the audit's business, not the log's."""


def without_personal_data(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Drop the keys that may hold personal data; reduce an exception to type and places."""
    for key in DROPPED:
        event.pop(key, None)
    found = event.pop("exc_info", None)
    if isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if isinstance(found, tuple) and found[0] is not None:
        event["exception"] = found[0].__name__
        event["places"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(found[2])
        ][-15:]
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """One JSON object a line, for our own lines and for those of other libraries."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        use_get_message=False,  # other libraries' templates, not what filled them in
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_personal_data,
            structlog.processors.JSONRenderer(),
        ],
    )


def configuration(level: str) -> dict[str, Any]:
    """Django's LOGGING; also tells structlog to hand its lines to the same place."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": formatter}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django hands over whole paths here; our own middleware says the same without them.
            "django.request": {"level": "CRITICAL"},
            "django.security": {"level": "CRITICAL"},
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        },
    }
