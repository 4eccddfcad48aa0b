"""Who reads and writes challenges on the pages: own page, file, group, time line, package."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from challenges import privacy
from challenges.models import Challenge, ExampleChallenge, Proposal
from challenges.reference import load_reference
from challenges.register.choosing import choose_challenge
from challenges.register.ending import lay_aside, reach_challenge
from challenges.register.proposals import accept
from core import clock
from core.audit.models import ReadEntry
from core.dates import in_full, in_short
from core.organisations.models import Group
from core.privacy import OWN, REST
from participants.models import Recusal, Trajectory
from participants.recusal import recusal
from participants.rights.privacy import person_of
from tests import world

TODAY = date(2026, 3, 13)
WORDS = "Ik vraag iemand of we samen lunchen"
OLD = "Ik bel een vriend"
COST = 9


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.travel(clock.at(TODAY, 20)):
        yield


@pytest.fixture
def group(db: None) -> Group:
    load_reference()
    return world.make_group()


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group, "Fleur Jansen")


@pytest.fixture
def stay(group: Group) -> Trajectory:
    return world.make_trajectory(group=group, call_name="Noor", age=15)


@pytest.fixture
def noor(stay: Trajectory) -> Any:
    return stay.participant.user


@pytest.fixture
def chosen(stay: Trajectory, noor: Any, worker: Any) -> Challenge:
    """One that goes on, written down by Fleur before 0.4; an earlier own one that worked out."""
    with clock.travel(TODAY - timedelta(days=40)):
        old = choose_challenge(trajectory=stay, text=OLD, by=noor)
    with clock.travel(TODAY - timedelta(days=10)):
        reach_challenge(challenge=old, by=noor)
        now = choose_challenge(trajectory=stay, text=WORDS, by=noor)
    now.noted_by = worker
    now.save(update_fields=["noted_by"])
    return now


def of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pages(stay: Trajectory) -> tuple[str, ...]:
    return (
        reverse("home:file", args=[stay.pk]),
        reverse("challenges:of_stay", args=[stay.pk]),
        reverse("challenges:of_group", args=[stay.group_id]),
    )


# ---- The young person --------------------------------------------------------


@pytest.mark.req("R-166")
def test_a_tapped_example_is_made_ones_own_and_kept(noor: Any) -> None:
    here = reverse("challenges:choose")
    page = of(noor).get(here).content.decode()
    for example in ExampleChallenge.objects.all():
        assert f"?voorbeeld={example.key}#id_text" in page
        assert str(example) in page
        assert example.mechanism not in page or not example.mechanism
    tapped = of(noor).get(here, {"voorbeeld": "ask_question"}).content.decode()
    assert "Ik stel een vraag</textarea>" in tapped
    assert not Challenge.objects.exists(), "looking at an example keeps nothing"
    of(noor).post(here, {"text": WORDS})
    assert Challenge.objects.get().text == WORDS
    assert WORDS in of(noor).get("/vandaag/").content.decode()


def test_the_own_page_says_who_wrote_it_down_and_ends_it(chosen: Challenge, noor: Any) -> None:
    mine = reverse("challenges:mine")
    page = of(noor).get(mine).content.decode()
    assert WORDS in page
    assert "Fleur" in page
    assert OLD in page
    of(noor).post(mine, {"act": "lay_aside", "challenge": chosen.pk})
    chosen.refresh_from_db()
    assert (chosen.state, chosen.ended_by) == ("laid_aside", noor)
    late = of(noor).post(mine, {"act": "reach", "challenge": chosen.pk}, follow=True)
    assert "weggelegd" in late.content.decode(), "a second end is told, and changes nothing"
    chosen.refresh_from_db()
    assert chosen.state == "laid_aside"


@pytest.mark.parametrize("act", ["lay_aside", "reach"])
def test_somebody_elses_challenge_does_not_exist(chosen: Challenge, group: Group, act: str) -> None:
    another = world.make_trajectory(group=group).participant.user
    assert not Challenge.objects.visible_to(another).exists()
    other = of(another)
    mine = reverse("challenges:mine")
    assert WORDS not in other.get(mine).content.decode()
    assert other.post(mine, {"act": act, "challenge": chosen.pk}).status_code == 404
    assert other.get(reverse("challenges:of_stay", args=[chosen.trajectory_id])).status_code == 404


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"phase": "trial"}, "Als je meedoet in de groep"),
        ({"blocked_reason": "parent_withdrew"}, "Er moet eerst iets geregeld worden"),
        ({"phase": "leaving"}, "je eigen lijst"),
    ],
)
def test_who_cannot_choose_now_reads_why(
    stay: Trajectory, noor: Any, changes: dict[str, str], told: str
) -> None:
    Trajectory.objects.filter(pk=stay.pk).update(**changes)
    page = of(noor).get(reverse("challenges:mine")).content.decode()
    assert told in page
    assert 'value="choose"' not in page
    assert not re.search(r"ouder|\bja\b|toestemming", page), "nobody reads here who refused"
    assert "/mijn-challenge/" not in of(noor).get("/vandaag/").content.decode().split("tabbar")[0]


def test_an_empty_or_unknown_act_changes_nothing(chosen: Challenge, noor: Any) -> None:
    mine, choose = reverse("challenges:mine"), reverse("challenges:choose")
    assert of(noor).post(choose, {"text": " "}).status_code == 422
    assert of(noor).post(choose, {"text": "x" * 201}).status_code == 422
    assert of(noor).post(choose, {"text": "Ik bel \x00"}).status_code == 422
    assert of(noor).post(choose, {"text": "Ik bel", "sureness": "11"}).status_code == 422
    own = reverse("challenges:own", args=[chosen.pk])
    assert of(noor).post(own, {"act": "anders"}).status_code == 400
    assert of(noor).post(mine, {"act": "anders"}).status_code == 400
    assert of(noor).post(mine, {"act": "reach", "challenge": "1"}).status_code == 400
    assert Challenge.objects.count() == 2


# ---- The professionals -------------------------------------------------------


def test_the_file_shows_what_goes_on_what_was_and_who_wrote_it(
    chosen: Challenge, stay: Trajectory, worker: Any
) -> None:
    page = of(worker).get(reverse("home:file", args=[stay.pk])).content.decode()
    for words, who_wrote, day in (
        (WORDS, "Fleur", TODAY - timedelta(days=10)),
        (OLD, "Noor", TODAY - timedelta(days=40)),
    ):
        note = _("written down by %(who)s on %(day)s") % {
            "who": who_wrote,
            "day": in_full(day),
        }
        assert page.index(words) < page.index(note)
    there = reverse("challenges:of_stay", args=[stay.pk])
    assert f'href="{there}"' in page
    form = of(worker).get(there).content.decode()
    assert _("Words to propose to %(name)s") % {"name": "Noor"} in form


def test_a_worker_proposes_from_the_file_and_ends_what_became_of_it(
    stay: Trajectory, worker: Any, noor: Any
) -> None:
    here = reverse("challenges:of_stay", args=[stay.pk])
    answer = of(worker).post(here, {"act": "propose", "text": WORDS})
    assert answer.headers["Location"] == reverse("home:file", args=[stay.pk])
    assert not Challenge.objects.exists()
    row = accept(proposal=Proposal.objects.get(), by=noor)
    of(worker).post(here, {"act": "reach", "challenge": row.pk})
    row.refresh_from_db()
    assert (row.state, row.ended_by) == ("reached", worker)


@pytest.mark.req("R-004")
def test_the_coordinator_reads_and_does_not_write(
    chosen: Challenge, group: Group, stay: Trajectory
) -> None:
    coordinator = of(world.make_coordinator(group.location.region))
    _file, one, all_of_them = pages(stay)
    for page in (one, all_of_them):
        body = coordinator.get(page).content.decode()
        assert WORDS in body
        assert "<textarea" not in body
    denied = coordinator.post(one, {"act": "lay_aside", "challenge": chosen.pk})
    assert denied.status_code == 403
    chosen.refresh_from_db()
    assert chosen.state == "going"


@pytest.mark.req("R-004")
def test_nobody_else_reads_a_challenge(chosen: Challenge, group: Group, stay: Trajectory) -> None:
    organisation = group.location.organisation
    out = world.make_worker(group, "Nadia Smit")
    recusal.recuse(trajectory=stay, worker=out, by=out, said_by=Recusal.Said.WORKER)
    others = [
        out,
        world.make_worker(world.make_group(organisation=organisation)),
        world.make_manager(organisation),
        world.make_coordinator(world.make_group().location.region),
        world.make_national("foundation"),
        world.make_national("quality_coordinator"),
        world.make_national("researcher"),
    ]
    for user in others:
        assert not Challenge.objects.visible_to(user).exists()
        for page in pages(stay):
            answer = of(user).get(page)
            assert WORDS not in answer.content.decode()
            assert answer.status_code in (403, 404) or user == out
    assert Challenge.objects.visible_to(stay.participant.user).count() == 2


def test_another_stays_challenge_is_not_ended_from_this_page(
    chosen: Challenge, group: Group, worker: Any
) -> None:
    other = world.make_trajectory(group=group)
    here = reverse("challenges:of_stay", args=[other.pk])
    answer = of(worker).post(here, {"act": "reach", "challenge": chosen.pk})
    assert answer.status_code == 404


def test_opening_them_is_written_down_and_told(
    chosen: Challenge, stay: Trajectory, worker: Any, noor: Any
) -> None:
    _file, one, all_of_them = pages(stay)
    for page in (one, all_of_them):
        of(worker).get(page)
        entry = ReadEntry.objects.latest("at")
        assert (entry.record, entry.subject_ids, entry.user) == ("challenges", [stay.pk], worker)
    looked = of(noor).get(reverse("participants:who_looked")).content.decode()
    assert _("looked at your challenges") in looked


@pytest.mark.parametrize("people", [3, 12])
def test_the_groups_page_costs_the_same_for_everybody(
    group: Group, worker: Any, people: int, django_assert_num_queries: Any
) -> None:
    for n in range(people):
        one = world.make_trajectory(group=group, call_name=f"Naam{n}")
        choose_challenge(trajectory=one, text=f"Stap {n}", by=one.participant.user)
    client, url = of(worker), reverse("challenges:of_group", args=[group.pk])
    client.get(url)
    with django_assert_num_queries(COST):
        assert client.get(url).content.decode().count("Stap ") == people


def test_the_time_line_tells_chosen_and_ended_with_who_and_the_words(
    chosen: Challenge, stay: Trajectory, worker: Any, noor: Any
) -> None:
    lay_aside(challenge=chosen, by=noor)
    page = of(worker).get(reverse("home:time_line", args=[stay.pk])).content.decode()
    lines = [page.index(text) for text in ("Legde een challenge weg", "Een challenge is gelukt")]
    assert lines == sorted(lines), "newest first"
    assert page.count("Koos een challenge") == 2
    assert page.count(WORDS) == page.count(OLD) == 2
    assert f"{in_short(TODAY - timedelta(days=10))} · Fleur" in page


# ---- The own data ------------------------------------------------------------


def test_the_own_package_holds_them_and_an_erasure_takes_the_words(
    chosen: Challenge, stay: Trajectory
) -> None:
    person = person_of(stay.participant)
    section, *others = privacy.export_person(person, OWN)
    shown = ("text", "chosen_on", "state", "ended_on")
    assert [[f.value for f in entry if f.key in shown] for entry in section.entries] == [
        [OLD, TODAY - timedelta(days=40), "gelukt", TODAY - timedelta(days=10)],
        [WORDS, TODAY - timedelta(days=10), "loopt", None],
    ]
    assert [one.entries for one in others] == [[], [], []]
    assert [one.entries for one in privacy.export_person(person, REST)] == [[]] * 6
    privacy.erase_person(person, None)
    assert [row.text for row in Challenge.objects.all()] == ["", ""]
    assert Challenge.objects.filter(state="reached").count() == 1
