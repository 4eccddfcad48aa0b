"""No address of a questionnaire is open to somebody whose yes is missing (R-350).

Fails closed: a new address under `questionnaires:` is a page of `about_a_wave`, or stands here by
hand with what it does instead.
"""

import re
import sys
import types
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches, include, path, reverse
from django.utils.http import urlencode

from participants.models import Trajectory
from questionnaires.answers.answering import save_answers, submit
from questionnaires.cycle import mail_buttons
from questionnaires.instrument.instrument import read
from questionnaires.models import Invitation
from tests import world
from tests.access.walk import fingerprint
from tests.house import lasting
from tests.link_pages import Behind
from tests.questionnaires.a_yes import block
from tests.questionnaires.build import make_invitation

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-350")]

#: For professionals: what each does while a yes is missing. The young person never comes in.
OF_WORKERS = {
    "questionnaires:answers": "what was sent with a yes stays in the file of the group's workers",
    "questionnaires:ready_text": "has no text (tests/questionnaires/cycle/test_on_hold.py)",
    "questionnaires:aftercare": "asks for no call (tests/questionnaires/cycle/test_on_hold.py)",
}
#: The buttons of a mail: dead, like any other that can do nothing.
OF_A_MAILBOX = {
    "questionnaires:tomorrow_by_mail",
    "questionnaires:tomorrow_by_mail_page",
    "questionnaires:rather_not_by_mail",
    "questionnaires:rather_not_by_mail_page",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SENT = {"answer": "2", "talk": "yes", "choice": "tomorrow", "again": "1"}


def pages(urlconf: str | None = None) -> dict[str, Any]:
    """Every address of the app, or in the room of it, with its view."""
    return {
        name or route: view
        for name, route, view in lasting.views(urlconf)
        if name.startswith("questionnaires:") or view.__module__.startswith("questionnaires.")
    }


def own_pages(urlconf: str | None = None) -> list[str]:
    return sorted(
        name for name, view in pages(urlconf).items() if getattr(view, "about_a_wave", False)
    )


def unguarded(urlconf: str | None = None) -> set[str]:
    return set(pages(urlconf)) - set(own_pages(urlconf)) - set(OF_WORKERS) - OF_A_MAILBOX


def test_every_address_asks_for_the_yes_or_says_what_it_does_instead() -> None:
    assert unguarded() == set()
    assert {*OF_WORKERS, *OF_A_MAILBOX} <= set(pages()), "nothing that is gone"


@login_not_required
def _planted(request: Any, **_kwargs: Any) -> HttpResponse:
    return HttpResponse("")


_planted.__module__ = "questionnaires.answers.views.answer"


def test_a_planted_address_is_found() -> None:
    module: Any = types.ModuleType("tests.house.planted_question")
    module.urlpatterns = [
        path("nog-een-vraag/<uuid:invitation_id>/", _planted),
        path("", include("joinus.urls")),
    ]
    sys.modules[module.__name__] = module
    clear_url_caches()
    try:
        assert unguarded(module.__name__) == {"nog-een-vraag/<uuid:invitation_id>/"}
    finally:
        del sys.modules[module.__name__]
        clear_url_caches()


def addresses(wave: Invitation) -> list[str]:
    """Each own page of this wave; a page with another part in its address is one to think of."""
    parts = {"invitation_id": wave.pk, "number": 3}
    found = []
    for name, route, _view in lasting.views():
        if name in own_pages():
            wanted = [part for part in ("invitation_id", "number") if f":{part}>" in route]
            assert route.count("<") == len(wanted), f"{name}: say what stands in its address"
            found.append(reverse(name, kwargs={part: parts[part] for part in wanted}))
    return found


@pytest.mark.parametrize("state", Invitation.State.values)
def test_every_own_page_refuses_every_method_and_nothing_is_written(
    casey: Client, stay: Trajectory, wave: Invitation, state: str
) -> None:
    by = stay.participant.user
    save_answers(invitation=wave, values={1: 2, 2: 2}, by=by)
    if state == "answered":
        submit(invitation=wave, by=by)
    Invitation.objects.filter(pk=wave.pk).exclude(state=state).update(state=state)
    items = [question.text_nl for question in read(wave.instrument_id)]
    block(stay)
    casey.get("/vandaag/")
    before = fingerprint()
    for address in addresses(wave):
        for method in METHODS:
            answer = casey.generic(
                method, address, urlencode(SENT), content_type="application/x-www-form-urlencoded"
            )
            refused = 403 if method in ("GET", "HEAD", "POST") else 405
            assert answer.status_code in (403, refused), (method, address)
            shown = answer.content.decode()
            assert not [text for text in items if text in shown]
            assert 'name="answer"' not in shown
            assert refused == 405 or "no-store" in answer.headers["Cache-Control"]
    assert fingerprint() == before


def test_with_the_yes_there_again_each_of_them_opens(casey: Client, wave: Invitation) -> None:
    """So that the refusals above are about the yes."""
    save_answers(invitation=wave, values={1: 2}, by=wave.trajectory.participant.user)
    for address in addresses(wave):
        assert casey.get(address).status_code in (200, 302, 404)


@pytest.mark.parametrize("name", sorted(OF_WORKERS))
def test_pages_of_the_workers_stay_closed_to_the_young_person(
    casey: Client, stay: Trajectory, wave: Invitation, name: str
) -> None:
    block(stay)
    key = wave.pk if name == "questionnaires:ready_text" else stay.pk
    for method in METHODS:
        assert casey.generic(method, reverse(name, args=[key])).status_code in (403, 404, 405)


@pytest.mark.parametrize("button", ["tomorrow", "rather_not"])
def test_a_button_of_a_mail_is_as_dead_as_any_other(wave: Invitation, button: str) -> None:
    """Whoever has the mailbox reads no reason: it looks like the button of an old mail."""
    links = mail_buttons.links(wave)
    gone = make_invitation(wave.trajectory, "baseline", state="missed")
    before = Behind(_path(links[f"{button}_url"]))
    ticket = before.ticket()
    block(wave.trajectory)
    assert before.post({"form": ticket}).status_code in (302, 303, 410)
    seen = set()
    for link in (links, mail_buttons.links(gone)):
        page = Behind(_path(link[f"{button}_url"]))
        pressed = page.client.post(page.here, {"form": ticket}, follow=True)
        for answer in (page.get(), pressed):
            body = answer.content.decode().replace(page.here, "")
            assert answer.status_code == 410
            assert "Casey" not in body
            seen.add(len(body))
    assert len(seen) == 1
    wave.refresh_from_db()
    assert (wave.remind_on, wave.left_alone_on) == (None, None)


def _path(url: str) -> str:
    return urlsplit(url).path


def test_no_page_of_a_blocked_young_person_leads_to_a_questionnaire(
    casey: Client, stay: Trajectory, wave: Invitation
) -> None:
    """Everything they can reach from their start page, link by link."""
    world.make_worker(stay.group)
    block(stay)
    seen, ahead = set(), ["/vandaag/"]
    while ahead and len(seen) < 80:
        address = ahead.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = casey.get(address)
        if "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        shown = answer.content.decode()
        assert "/vragen/" not in shown, address
        assert not re.search(r"\d korte vragen", shown), address
        ahead += _links(shown)
    assert len(seen) > 8


def _links(shown: str) -> list[str]:
    found = re.findall(r'href="(/[^"#?]*)"', shown)
    return [a for a in found if not a.startswith(("/static/", "/uitloggen", "/demo/"))]
