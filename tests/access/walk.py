"""Every address of the resolver, and one request through the eyes of one identity."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.core import mail
from django.core.cache import cache as of_the_house
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.http import urlencode

from tests.access.table import DEAD, DOOR, HIDDEN, OPEN, REFUSED, STRANGERS, TABLE, Line
from tests.access.town import Town

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Kept by themselves whatever is asked: sessions, and what the library notes about a visit.
PASSING_TABLES = {"django_session"}


@cache
def addresses(urlconf: str | None = None) -> dict[str, str]:
    """Full name (or route, when nameless) -> route, of everything the resolver knows."""
    return dict(_walk(get_resolver(urlconf).url_patterns, "", ""))


def _walk(patterns: list[Any], space: str, route: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner, here)
        elif isinstance(pattern, URLPattern):
            yield (f"{space}{pattern.name}" if pattern.name else here), here


def missing(urlconf: str | None = None) -> set[str]:
    """Addresses that nobody wrote a line for."""
    return set(addresses(urlconf)) - {line.name for line in TABLE}


def superfluous() -> set[str]:
    return {line.name for line in TABLE} - set(addresses())


def ask(
    town: Town, identity: str, line: Line, method: str | None = None, *, undo: bool = True
) -> Any:
    """One request; whatever it changes is undone, unless `undo` says to leave it."""
    url = reverse(line.name, kwargs=town.arguments(line, identity))
    with town.eyes_of(identity) as client, transaction.atomic():
        answer = client.generic(
            method or line.method,
            url,
            urlencode(line.with_data),
            content_type="application/x-www-form-urlencoded",
        )
        transaction.set_rollback(undo)
    return answer


def verdict(answer: Any) -> str:
    if answer.status_code == 404:
        return HIDDEN
    if answer.status_code == 410:
        return DEAD
    if answer.status_code in (401, 403):
        return REFUSED
    location = answer.headers.get("Location", "") or answer.headers.get("HX-Redirect", "")
    if location.startswith(("/inloggen/", "http://testserver/inloggen/")):
        return DOOR
    return OPEN


def no_such_page(town: Town, identity: str, *, api: bool = False) -> bytes:
    """What a missing page looks like to this identity: a young person keeps the own bar; in the
    API it is two words of JSON."""
    key = f"{identity} {api}"
    if key not in town.nothing:
        place = "/api/v1/zoiets-is-er-niet" if api else "/zo-een-pagina-is-er-niet/"
        with town.eyes_of(identity) as client:
            town.nothing[key] = client.get(place).content
    return town.nothing[key]


def fingerprint() -> str:
    """A hash over every row of every table: what a refusal may not touch."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - PASSING_TABLES)
    parts = " union all ".join(
        f"select '{t}', md5(coalesce(string_agg(r::text, '|' order by r::text), '')) from {t} r"
        for t in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(parts)
        return hashlib.sha256(repr(sorted(cursor.fetchall())).encode()).hexdigest()


def wrong(town: Town, identity: str, lines: Sequence[Line] = TABLE) -> list[str]:
    """What the answers to one identity get wrong, a sentence each; empty when all is well.

    What is let in is undone. What is refused is not: it may have written and sent nothing, which
    is asked once at the end, and of each line apart when it did.
    """
    before = fingerprint()
    found = [flaw for line in lines for flaw in _flaws(town, identity, line)]
    if fingerprint() != before:
        refused = (line for line in lines if line.answers[identity] != OPEN)
        found += [
            _said(town, identity, line, "was refused, and wrote all the same")
            for line in refused
            if _writes(town, identity, line)
        ] or [f"{identity}: what was refused wrote all the same, one of it, once"]
    return found


def _flaws(town: Town, identity: str, line: Line) -> Iterator[str]:
    def said(what: str) -> str:
        return _said(town, identity, line, what)

    of_the_house.clear()  # no limit on trying is felt
    expected = line.answers[identity]
    answer = ask(town, identity, line, undo=expected == OPEN)
    got = verdict(answer)
    # On a page about signing in, going to another such page is the work itself.
    if expected == OPEN and got == DOOR and line.name.startswith(("account_", "mfa_")):
        got = OPEN
    if got != expected:
        yield said(f"expected {expected}, got {got} ({answer.status_code})")
    nothing = no_such_page(town, identity, api=addresses()[line.name].startswith("api/"))
    if got == HIDDEN and answer.content != nothing:
        yield said("its 404 differs from a page that does not exist")
    if leaked := town.canaries_for(identity, got) & town.read_in(answer):
        yield said(f"leaks {sorted(leaked)}")
    kept = "no-store" not in answer.headers.get("Cache-Control", "")
    if kept and identity not in STRANGERS:
        yield said("may be kept by a cache")
    if line.method != "GET" and getattr(mail, "outbox", []):
        mail.outbox.clear()
        yield said("sends a mail at once")


def _said(town: Town, identity: str, line: Line, what: str) -> str:
    url = reverse(line.name, kwargs=town.arguments(line))
    return f"{line.method} {url} ({line.name}) as {identity}: {what}"


def _writes(town: Town, identity: str, line: Line) -> bool:
    before = fingerprint()
    ask(town, identity, line, undo=False)
    return fingerprint() != before
