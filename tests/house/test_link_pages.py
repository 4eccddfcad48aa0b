"""An act belongs to the page that showed it, everywhere (R-338): nothing acts on a subject that
the browser happens to remember, or that a secret in the address names, outside one room.
"""

import ast
import sys
import types
from pathlib import Path

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import clear_url_caches, get_resolver, include, path

from tests.house import lasting
from tests.house.test_strangers import (
    API,
    BEHIND_A_LINK,
    HIDDEN_BY_THEMSELVES,
    PUBLIC,
    READ_BY_A_PROGRAM,
    SIGNING_IN,
    open_in,
)

ROOM = "core/link_pages.py"
#: Parameters of an address that are a secret, or stand for one.
SECRETS = ("token", "key", "page")
#: Open to strangers, and nevertheless about nobody: the reason stands beside each.
ABOUT_NOBODY = {
    "participants:parent_done": "a thank-you without a name, the same for everybody",
    "participants:check": "what was typed in the form itself",
    "participants:checked": "a place and an age, which stand sealed in the address itself",
    "participants:receipt_withdrawn": "the same words for everybody",
    "participants:sign_up": "what was typed in the form itself",
    "participants:interest": "what was typed in the form itself",
    "participants:interest_kept": "the same words for everybody",
    "participants:interest_deleted": "the same words for everybody",
    "participants:face": "a picture, for whoever has a page with this face open",
    "groups:worker_script": "the same words for everybody",
    "groups:no_connection": "the same words for everybody",
    "account_one_time_code": "the code that is typed names its account",
}
#: The doors of the library: who signs in is who proves it there. Of its page for a new password
#: the account stands in the address, and the secret that the browser remembers fits no other.
OF_THE_LIBRARY = SIGNING_IN - {"account_one_time_link", "account_scanned_code"}
#: Who reads or writes a cookie beside the room; the other writes which language is spoken.
COOKIES = {ROOM, "core/other_language.py"}
#: Who looks into the session, and for what: signing in and out, nothing that somebody acts on.
SESSIONS = {
    "core/accounts/signin.py": "when it began, and whether others use this device",
    "core/drafts/coming_back.py": "which of one's own drafts the next page shows filled in",
    "groups/sheet/views/sheet.py": "whether this sheet is filled in before it opens",
    "groups/sheet/views/access.py": "whether this sheet is filled in before it opens",
    "groups/sheet/api.py": "whether this sheet is filled in before it opens",
    "core/once_more.py": "whether it changed before an act is tried again",
}


def unbound(urlconf: str | None = None) -> set[str]:
    """Addresses with a secret, and strangers' pages of ours, that are no page of the room."""
    open_to_strangers = open_in(get_resolver(urlconf).url_patterns)
    found = set()
    for name, route, view in lasting.views(urlconf):
        secret = any(f":{each}>" in route or f"<{each}>" in route for each in SECRETS)
        if (secret or name in open_to_strangers) and not hasattr(view, "link_page"):
            found.add(name or route)
    hidden = HIDDEN_BY_THEMSELVES | API
    read_only = READ_BY_A_PROGRAM  # nothing is pressed there, so nothing is done to another subject
    return found - set(ABOUT_NOBODY) - PUBLIC - OF_THE_LIBRARY - hidden - read_only


@pytest.mark.req("R-338")
def test_every_page_behind_a_link_is_a_page_of_the_room():
    assert unbound() == set()


@pytest.mark.req("R-338")
def test_what_needs_no_account_because_of_its_link_uses_the_room():
    marked = {name for name, _route, view in lasting.views() if hasattr(view, "link_page")}
    assert marked >= BEHIND_A_LINK - set(ABOUT_NOBODY)


@pytest.mark.req("R-338")
def test_no_view_reads_a_cookie_beside_the_room():
    """Not even signed: what a browser remembers under one name is the last page, not this one."""
    found = {
        where
        for where, tree in lasting.sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("COOKIES", "get_signed_cookie", "set_cookie", "set_signed_cookie")
    }
    assert found == COOKIES


@pytest.mark.req("R-338")
def test_no_subject_is_kept_in_a_session():
    found = {
        where
        for where, tree in lasting.sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "session"
    }
    assert {where for where in found if not where.startswith("joinus/bench/")} == set(SESSIONS)


@pytest.mark.req("R-338")
def test_every_form_of_such_a_page_carries_its_ticket():
    """In the templates that know a `link`: a form without a ticket is never acted upon."""
    root = Path(__file__).resolve().parents[2] / "templates"
    bare = [
        f"{template.name}: {form[:60]}"
        for template in root.rglob("*.html")
        if "link.ticket" in (text := template.read_text())
        for form in text.split("<form")[1:]
        if "link.ticket" not in form.split("</form>")[0]
    ]
    assert bare == []


@login_not_required
def _behind_a_secret(request, **_kwargs):
    return HttpResponse("")


@pytest.mark.req("R-338")
def test_a_planted_page_behind_a_secret_is_found():
    module = types.ModuleType("tests.house.planted_link")
    module.urlpatterns = [
        path("geheim/<str:token>/", _behind_a_secret, name="planted_link"),
        path("", include("joinus.urls")),
    ]
    sys.modules["tests.house.planted_link"] = module
    clear_url_caches()
    try:
        assert unbound("tests.house.planted_link") == {"planted_link"}
    finally:
        del sys.modules["tests.house.planted_link"]
        clear_url_caches()
