"""The yardstick: what a page and a saved row cost at least with Django and PostgreSQL.

Session, user, one query by an index and fifteen rows, without the product's middleware and
templates; and one saved row. Everything else is given as a multiple of these.
"""

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings

from core import clock
from core.accounts.models import User
from core.audit.models import ReadEntry
from groups.models import Meeting

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROWS = 15
_PAGE = """<!doctype html><title>Bare</title><p>{{ user.name }}</p><ul>
{% for row in rows %}
<li><a href="/{{ row.id }}/">{{ row.date|date:"j F" }}</a> {{ row.status }}</li>
{% endfor %}</ul>"""
_template: list[Any] = []


def page(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Fifteen evenings of a group, found by the index on it."""
    if not _template:
        _template.append(engines["django"].from_string(_PAGE))
    rows = Meeting.objects.filter(group=group_id).order_by("-date")[:ROWS]
    context = {"rows": rows.values("id", "date", "status"), "user": request.user}
    return HttpResponse(_template[0].template.render(_context(context)))


def _context(values: dict[str, Any]) -> Any:
    from django.template import Context

    return Context(values)


def bare_browser() -> Client:
    """A browser whose requests pass sessions and sign-in, and nothing else."""
    client = Client()
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        client.handler.load_middleware()
    return client


def one_row(user: User, subject: UUID) -> None:
    """The least that can be saved."""
    ReadEntry.objects.create(user=user, at=clock.now(), record="bench", subject_ids=[subject])


def backend() -> int:
    """The process of PostgreSQL that works for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])
