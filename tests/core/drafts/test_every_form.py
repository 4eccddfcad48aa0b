"""Every form that a signed-in person types in keeps its words, or says here why it does not."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.drafts.declaring import FORMS, PRIVATE, TAP, kept_by
from core.drafts.keeping import words_of
from core.drafts.models import Draft
from core.drafts.tickets import Ticket
from tests.core.drafts.pages import grow_old
from tests.world import eyes, make_group, make_worker

TEMPLATES = Path(settings.BASE_DIR) / "templates"
TAG = re.compile(r"""\{% draft (\S+) "([\w.]+)"|draft="([\w.]+)\"""")
A_FORM = re.compile(r"<(c-form|form)\b(.*?)</\1>", re.S)
#: What a person can type more than a word in, or several things.
FIELDS = re.compile(
    r"<c-field\b|<textarea\b|\{\{ *form *\}\}|<c-form[^>]*:form=|<input type=\"text\""
)

#: Form elements that keep nothing, by their template and a sign that only they hold: why not.
WITHOUT = {
    "account/": "passwords, codes, a photo: never kept (design.md 2c)",
    "mfa/": "codes: never kept",
    "demo/": "no part of the product",
    "style/": "made-up people",
    "cotton/": "the drawing of a form, not a form",
    "participants/sign_up.html": "nobody is signed in: the words stay in the page",
    "participants/signed_up.html": "nobody is signed in",
    "participants/start.html": "nobody is signed in",
    "participants/check.html": "nobody is signed in",
    "participants/interest": "nobody is signed in",
    "participants/receipt.html": "behind a link: nobody is signed in, the words stay in the page",
    "participants/_next_step.html": "nobody is signed in",
    "participants/parents/yes.html": "a parent: nobody is signed in",
    "participants/parents/no.html": "a parent: nobody is signed in",
    "participants/parents/question.html": "a parent: nobody is signed in",
    "participants/parents/withdraw.html": "a parent: nobody is signed in",
    "participants/parents/feedback.html": "a parent: nobody is signed in",
    "participants/parents/asking.html|harm_form": "one choice",
    "participants/applicant.html|another_person": "one short line",
    "participants/_alone.html": "one day",
    "participants/pause.html|forms.later": "one day",
    "participants/referrers/of_person.html|line.tell": "one choice",
    "participants/referrers/of_person.html|tie_form": "one choice",
    "participants/account/who_hears_what.html": "one name, and a yes or no: consent",
    "participants/account/agreements.html": "consent is given anew",
    "participants/account/sign_in_address.html": "one address, then a code",
    "groups/absent.html": "one short line",
    "groups/walk_in.html": "one short line: a call name",
    "groups/farewell/round.html": "nobody is signed in on the phone that goes round",
    "groups/activities/ideas.html": "one short line: an idea",
    "groups/activities/idea.html": "one short line: a task",
    "groups/activities/when.html": "one choice: the meeting",
    "groups/activities/stops.html|count.counted": "one number",
    "groups/sheet/no_connection.html|data-line": "without a connection: sealed on the phone",
    "groups/room/group_chat.html|form.link": "one link",
    "groups/leave.html": "one choice: the last meeting",
    "groups/year_plan/rhythm.html": "a day, a time and two ages",
    "groups/door.html|photo.picture": "a file: never kept",
    'groups/door.html|value="place"': "four choices",
    "challenges/thread/discuss.html": "for how long: one choice",
    "challenges/practising/finish.html": "three choices, and none of them a word",
    "challenges/support/at_meeting.html": "two choices, and a tap",
    "questionnaires/": "each answer is kept when it is given (questionnaires.answers)",
    "home/search.html": "one word",
}


def forms_of(path: Path) -> Iterator[str]:
    for found in A_FORM.finditer(path.read_text()):
        if 'method="get"' not in found[0] and FIELDS.search(found[0]):
            yield found[0]


def is_excused(name: str, form: str) -> bool:
    for reason in WITHOUT:
        start, _, sign = reason.partition("|")
        if name.startswith(start) and (not sign or sign in form):
            return True
    return False


@pytest.mark.req("R-339")
def test_every_form_keeps_its_words_or_says_why_not() -> None:
    missing = [
        f"{name}: {form[:80]}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for name in [str(path.relative_to(TEMPLATES))]
        for form in forms_of(path)
        if not TAG.search(form) and not is_excused(name, form)
    ]
    assert not missing, "Add {% draft %} to the form and keeps() to its view, or a reason."


@pytest.mark.req("R-339")
def test_every_declared_form_is_drawn_and_every_drawn_one_is_declared() -> None:
    drawn = {
        found[2] or found[3]
        for path in TEMPLATES.rglob("*.html")
        for found in TAG.finditer(path.read_text())
    }
    assert drawn == FORMS - {TAP}


def views(patterns: Any = None, space: str = "") -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    """Form key, name of the address, its view and keys that lead nowhere."""
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from views(one.url_patterns, inner)
        elif isinstance(one, URLPattern):
            keys = {
                name: uuid.uuid4() if type(kind).__name__ == "UUIDConverter" else "wissen"
                for name, kind in one.pattern.converters.items()
            }
            for form in sorted(kept_by(one.callback)):
                yield form, f"{space}{one.name}", one.callback, keys


EACH = [pytest.param(*found, id=f"{found[0]} {found[1]}") for found in views()]


def test_each_form_is_saved_somewhere() -> None:
    assert {form for form, *_rest in views()} == FORMS


@pytest.mark.django_db
@pytest.mark.req("R-339")
@pytest.mark.parametrize(("form", "name", "view", "keys"), EACH)
def test_a_session_dies_in_the_middle_of_each_form(
    form: str, name: str, view: Any, keys: dict[str, Any]
) -> None:
    """Nothing is done, every word is kept, and the door leads back to the page."""
    fleur = make_worker(make_group())
    client = eyes(fleur)
    client.get("/vandaag/")
    ticket = Ticket(form=form, subject="x", path="/de-pagina/", base={"words": [""]})
    grow_old(client, minutes=31)
    words = "Een lang verhaal\nvan twee regels"
    posted = {"words": words, "act": "x", "draft": ticket.sealed(fleur)}
    if form == TAP:
        posted |= {"client_id": str(uuid.uuid4()), "version": "0", "state": "present"}
    answer = client.post(reverse(name, kwargs=keys), posted)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/inloggen/begeleiders/?next=")
    row = Draft.objects.get()
    if form == TAP:
        assert words_of(row).values["state"] == ["present"]
        return
    assert words_of(row).values["words"] == [words]
    assert answer["Location"].endswith("next=%2Fde-pagina%2F")


def test_words_of_a_complaint_and_of_an_unsafe_home_are_private() -> None:
    of_home = {"unsafe_home", "silence", "guardians", "guardian"}
    assert {"not_okay", "not_okay.more", "complaint", *of_home} == PRIVATE
