"""A page as its script sees it: the ticket of a form, and a session that grows old."""

import re
import time
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client

from core.accounts.signin import BACKEND, LAST_SEEN_AT, SIGNED_IN_AT, mark_both_steps

KEEP = "/concepten/bewaren/"


def ticket(html: str, form_with: str = "") -> str:
    """Of the form that holds these signs (an action, a field); of the first one otherwise."""
    for form in re.findall(r"<form\b.*?</form>", html, re.S):
        found = re.search(r'name="draft" value="([^"]+)"', form)
        if found and form_with in form:
            return found[1]
    raise AssertionError(f"No form with {form_with!r} keeps its words.")


def text(response: Any) -> str:
    return str(response.content.decode())


def look(client: Client, page: str, form_with: str = "") -> str:
    response = client.get(page)
    assert response.status_code == 200, response.status_code
    return ticket(text(response), form_with)


def type_in(client: Client, sealed: str, turn: int = 1, **words: Any) -> Any:
    return client.post(KEEP, {"draft": sealed, "draft_turn": turn, **words})


def grow_old(client: Client, minutes: int, whole: int | None = None) -> None:
    """Nobody touched anything for so long; `whole`: so long ago somebody signed in."""
    session = client.session
    session[LAST_SEEN_AT] = time.time() - minutes * 60
    session[SIGNED_IN_AT] = time.time() - (whole or minutes) * 60
    session.save()


def let_pass(client: Client, minutes: int) -> None:
    """So much time goes by, from whenever this person was seen last."""
    session = client.session
    session[LAST_SEEN_AT] -= minutes * 60
    session[SIGNED_IN_AT] -= minutes * 60
    session.save()


def sign_in_again(client: Client, user: Any) -> None:
    """In the same browser, at the same door: its session goes on, as the library's own does."""
    request = HttpRequest()
    request.session = client.session
    login(request, user, backend=BACKEND)
    mark_both_steps(request, user)
    request.session[SIGNED_IN_AT] = request.session[LAST_SEEN_AT] = time.time()
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
