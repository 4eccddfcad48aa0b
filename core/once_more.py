"""A deadlock that came in spite of the one order is tried again, once (R-357, docs/adr/0014).

The database ends one of two acts that wait for each other; a person would see an error page about
something that works a moment later. So the view is asked again, from the start, but only when
nothing of the request stands in the database: an act that was committed before is never done
twice, and nor is one that signed somebody in or out. Counts outside the database (limits) count
both tries. The sweep and the tasks need none of this, they come round again by themselves.
"""

from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth import SESSION_KEY
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from psycopg.errors import DeadlockDetected

from core.denied import refusal
from core.errors import RuleBroken

log = structlog.get_logger(__name__)
READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Written:
    """Notices whether anything that a request wrote was committed."""

    stands = False

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        done = execute(sql, params, many, context)
        if not str(sql).lstrip().upper().startswith(READS):
            context["connection"].on_commit(self._committed)
        return done

    def _committed(self) -> None:
        self.stands = True


def is_deadlock(error: BaseException) -> bool:
    return isinstance(error, OperationalError) and isinstance(error.__cause__, DeadlockDetected)


def _who(request: HttpRequest) -> tuple[str | None, str | None]:
    session = request.session
    return session.session_key, session.get(SESSION_KEY)


def _unsay(request: HttpRequest) -> None:
    """What the first try would have said on the next page: it did not happen."""
    said = get_messages(request)
    if isinstance(said, BaseStorage):
        said._queued_messages = []  # type: ignore[attr-defined]  # it has no word for this
        said.added_new = False


class OnceMoreMiddleware:
    """Innermost of all, so that it watches the view and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
            return self.get_response(request)
        request.written = Written()  # type: ignore[attr-defined]
        request.came_in_as = _who(request)  # type: ignore[attr-defined]
        with connection.execute_wrapper(request.written):  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        written = getattr(request, "written", None)
        match = request.resolver_match
        if written is None or written.stands or match is None or not is_deadlock(exception):
            return None
        if _who(request) != request.came_in_as:  # type: ignore[attr-defined]
            return None  # the view signed somebody in or out: what it left in memory is not undone
        _unsay(request)
        log.warning("deadlock_tried_again", route=match.route)
        for files in request.FILES.lists():
            for file in files[1]:
                file.seek(0)
        try:
            answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
        except RuleBroken as broken:  # what another middleware would have answered to the first
            return refusal(request, broken)
        return answer
