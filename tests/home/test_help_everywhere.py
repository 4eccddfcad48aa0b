"""R-348: from every page of a young person, in every phase, help is one tap away.

Walked are whatever a link leads to from the start page, the pages of one's own questionnaire and
what is not there; by who takes part also every address without parameters. On the page behind the
tap: the names, the number, the lines.
"""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core import clock
from participants.models import Trajectory
from tests import world
from tests.access.walk import addresses
from tests.questionnaires.build import make_invitation

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-348")]

HELP = "/wie-kan-helpen/"
PHASES = (*Trajectory.Phase.values, "blocked", "stopped", "no_group", "no_stay")
#: Not a page of a young person: the administration, machines, the demo's door.
ELSEWHERE = (
    "beheer/",
    "api/",
    "demo/",
    "__",
    "healthz",
    "readyz",
    "metrics",
    "static/",
    "stijl/",
    "sw.js",
    "zonder-verbinding/",  # the help lines stand on it: nothing further can be opened
    "style/",
)


def young_in(phase: str) -> tuple[Client, Trajectory | None]:
    organisation = world.make_organisation("De Brug", phone="030 123 45 67")
    group = world.make_group(organisation=organisation)
    fleur = world.make_worker(group, "Fleur Jansen")
    fleur.contact.phone = "06 12 34 56 78"
    fleur.contact.save()
    world.make_worker(group, "Ruben de Vries")
    karim = world.make_coordinator(group.location.region, "Karim Bakker")
    karim.contact.phone = "06 87 65 43 21"
    karim.contact.save()
    client, today = Client(), clock.today()
    if phase == "no_stay":
        client.force_login(world.make_participant().user)
        return client, None
    facts: dict[str, Any] = {"group": group, "phase": phase}
    if phase == "former":
        facts |= {"exited_on": today, "ended_on": today, "exit_kind": "goal"}
    elif phase in ("referred", "withdrawn"):
        facts |= {"ended_on": today}
    elif phase == "stopped":
        facts |= {"phase": "participating", "stopped_on": today}
    elif phase == "blocked":
        facts |= {"phase": "participating", "blocked_reason": "parent_withdrew"}
    elif phase == "no_group":
        facts = {"region": group.location.region, "phase": "signed_up"}
    stay = world.make_trajectory(age=17, **facts)
    if stay.phase in Trajectory.Phase.PLACED:
        world.seat(stay, first_day=today - timedelta(days=20), trial=phase == "trial")
    client.force_login(stay.participant.user)
    return client, stay


def starts(stay: Trajectory | None, phase: str) -> list[str]:
    found = ["/vandaag/", "/zo-een-pagina-is-er-niet/", "/eerste-avond/", "/berichten/"]
    if phase == "participating":
        found += [
            f"/{route}"
            for route in addresses().values()
            if not re.search(r"[<(^$\\]", route) and not route.startswith(ELSEWHERE)
        ]
    if stay is not None and stay.group is not None:
        wave = make_invitation(stay, "interim")
        names = ("who_reads", "finish", "stop_here", "later", "thanks")
        found += [reverse(f"questionnaires:{name}", args=[wave.pk]) for name in names]
        found.append(reverse("questionnaires:item", args=[wave.pk, 1]))
        meeting = world.make_meeting(stay.group, clock.today() + timedelta(days=3))
        found.append(reverse("groups:my_meeting", args=[meeting.pk]))
        found.append(reverse("groups:absent", args=[meeting.pk]))
        found.append(reverse("home:file", args=[stay.pk]))
    return found


def links_of(page: str) -> set[str]:
    hrefs = (unescape(h).split("#")[0] for h in re.findall(r'href="(/[^"]*)"', page))
    return {h for h in hrefs if "pdf" not in h and not h.lstrip("/").startswith(ELSEWHERE)}


@pytest.mark.parametrize("phase", PHASES)
def test_from_every_page_help_is_one_tap_away(phase: str) -> None:
    client, stay = young_in(phase)
    todo, without = starts(stay, phase), []
    seen: set[str] = set()
    pages = 0
    while todo:
        url = todo.pop()
        if url in seen:
            continue
        seen.add(url)
        answer = client.get(url)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        if answer.status_code in (301, 302):
            target = answer.headers["Location"]
            todo += [target] if target.startswith("/") else []
            continue
        if "attachment" in answer.headers.get("Content-Disposition", ""):
            continue
        page = answer.content.decode()
        if answer.status_code == 405:  # no page: an act without its button
            continue
        pages += 1
        if f'href="{HELP}"' not in page:
            without.append(f"{answer.status_code} {url}")
        if answer.status_code == 200:
            todo += links_of(page)
    assert not without, "\n".join(without)
    assert pages > (3 if stay is None else 15)


@pytest.mark.parametrize("phase", PHASES)
def test_behind_the_tap_are_names_a_number_and_the_lines(phase: str) -> None:
    client, _stay = young_in(phase)
    page = client.get(HELP).content.decode()
    assert 'href="tel:112"' in page
    assert "0800-0432" in page
    if phase == "no_stay":
        return
    if phase == "no_group":
        assert "Karim" in page
        assert 'href="tel:+31687654321"' in page
        return
    for name in ("Fleur", "Ruben"):
        assert name in page
    assert 'href="tel:+31612345678"' in page
    assert page.count('href="tel:+31301234567"') == 1, "the organisation's stands there once"


def test_help_is_the_last_item_of_every_bar() -> None:
    from joinus.home.navigation import TABS

    assert {entries[-1].name for entries in TABS.values()} == {"participants:who_helps"}


@pytest.mark.parametrize("phase", ["participating", "former"])
def test_what_is_not_there_keeps_the_bar(phase: str) -> None:
    """Old bookmarks and mails: the bar stands there, no place is current, and no name."""
    client, stay = young_in(phase)
    assert stay is not None
    answer = client.get("/zo-een-pagina-is-er-niet/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "tabbar" in page
    assert "aria-current" not in page
    assert not re.search(rf"\b{stay.participant.call_name}\b", page)
    assert "tabbar" not in Client().get("/zo-een-pagina-is-er-niet/").content.decode()


def test_the_lines_are_for_everybody() -> None:
    """After a time-out the tap leads to the lines, not to a door; professionals see them too."""
    stranger = Client().get(HELP)
    assert stranger.status_code == 200
    assert 'href="tel:112"' in stranger.content.decode()
    staff = world.eyes(world.make_worker(world.make_group()))
    assert staff.get(HELP).status_code == 200


def test_without_any_number_asking_for_a_call_stands_there() -> None:
    group = world.make_group()
    world.make_worker(group, "Fleur Jansen")
    young = world.make_participant(phone="06 11 22 33 44")
    stay = world.make_trajectory(group=group, phase="participating", participant=young)
    page = world.eyes(stay.participant.user).get(HELP).content.decode()
    assert "Fleur mag mij bellen" in page
    assert "Hier is nog geen nummer" in page


def test_a_page_without_the_bar_has_the_way_to_help_in_its_top_line() -> None:
    """Every template that empties the bar, also those to come."""
    bare = []
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        source = path.read_text()
        if "{% block tabs %}{% endblock tabs %}" in source and "style" not in path.parts:
            top = source.split("{% block top %}")[-1].split("{% endblock top %}")[0]
            if "layouts/_help_way.html" not in top:
                bare.append(path.name)
    assert not bare
