"""The talk about a challenge: what it records, what it comes to, and what is proposed after it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.html import escape

from challenges import privacy
from challenges.models import Challenge, Evaluation
from challenges.register.choosing import choose_challenge
from challenges.register.ending import lay_aside, reach_challenge, take_back_end
from challenges.register.practising.notes import Told, note_practice
from challenges.register.proposals import propose
from challenges.talks.evaluating import Said, note_evaluation
from core import clock
from core.errors import NotYours
from core.privacy import OWN
from groups.goodbye.leaving import close_stay
from groups.logbook.talks import note_talk
from groups.models import Talk
from participants.models import ExitTalk, Recusal
from participants.recusal import recusal
from participants.rights.privacy import person_of
from tests import world
from tests.challenges.conftest import TODAY, Scene

GOES = "Durft het bijna."
TALK, LEFT = "talk_about_challenge", "no_challenge_left"


def say(practise: Scene, came_to: str = "", **facts: Any) -> Evaluation:
    by = facts.pop("by", practise.fleur)
    challenge = facts.pop("challenge", None) or practise.again()
    said = Said(**({"how_it_goes": GOES, "satisfaction": 6, "came_to": came_to} | facts))
    return note_evaluation(challenge=challenge, said=said, by=by)


def not_yet(practise: Scene, times: int = 2) -> None:
    for n in range(times):
        with clock.travel(clock.at(TODAY - timedelta(days=times - 1 - n), 19)):
            note_practice(
                challenge=practise.again(), client_id=uuid4(), outcome="not_yet", by=practise.noor
            )


# ---- What it records -------------------------------------------------------------------------


@pytest.mark.req("R-168")
def test_it_keeps_how_it_goes_how_satisfied_and_what_comes(practise: Scene) -> None:
    row = Evaluation.objects.get(pk=say(practise, "go_on").pk)
    assert (row.how_it_goes, row.satisfaction, row.next) == (GOES, 6, "go_on")
    assert (row.on, row.by) == (TODAY, practise.fleur)
    assert practise.again().state == "going"


@pytest.mark.req("R-162")
@pytest.mark.req("R-168")
@pytest.mark.parametrize(
    ("came_to", "state", "wants", "comes"),
    [
        ("reached_another", "reached", True, "another"),
        ("reached_none", "reached", False, "none_needed"),
        ("aside_another", "laid_aside", True, "another"),
        ("aside_none", "laid_aside", False, "none_needed"),
    ],
)
def test_what_the_talk_came_to_ends_it(
    practise: Scene, came_to: str, state: str, wants: bool, comes: str
) -> None:
    assert say(practise, came_to).next == comes
    row = practise.again()
    assert (row.state, row.wants_another, row.satisfaction) == (state, wants, 6)


def test_saying_more_on_the_same_day_changes_it_by_whichever_worker(practise: Scene) -> None:
    first = say(practise)
    again = say(practise, how_it_goes="Durft het.", by=practise.daan)
    assert (again.pk, again.version, again.by) == (first.pk, 2, practise.daan)
    say(practise, how_it_goes="Durft het.", by=practise.fleur)
    assert Evaluation.objects.get().by == practise.daan, "the same words are no new save"
    with clock.travel(clock.at(TODAY + timedelta(days=14), 20)):
        say(practise)
    assert Evaluation.objects.count() == 2


def test_when_it_ended_already_only_what_comes_is_asked(practise: Scene) -> None:
    with world.broken("already_ended"):
        say(practise, "another")
    reach_challenge(challenge=practise.again(), by=practise.noor, wants_another=True)
    with world.broken("already_ended"):
        say(practise, "go_on")
    with world.broken("already_ended"):
        say(practise, "aside_none")
    assert not Evaluation.objects.exists(), "all or nothing"
    say(practise, "none")
    assert practise.again().wants_another is False


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"satisfaction": 11}, "off_the_scale"),
        ({"came_to": "anders"}, "unknown_outcome"),
        ({"how_it_goes": " ", "satisfaction": None}, "nothing_said"),
    ],
)
def test_wrong_or_empty_is_refused(practise: Scene, facts: dict[str, Any], code: str) -> None:
    with world.broken(code):
        say(practise, **facts)


def test_only_the_workers_of_the_group_write_it(practise: Scene) -> None:
    out = world.make_worker(practise.group, "Nadia Smit")
    recusal.recuse(trajectory=practise.stay, worker=out, by=out, said_by=Recusal.Said.WORKER)
    coordinator = world.make_coordinator(practise.group.location.region)
    elsewhere = world.make_worker(world.make_group(), "Iris Bos")
    for who in (practise.noor, out, coordinator, elsewhere):
        with pytest.raises(NotYours):
            say(practise, by=who)
    there = reverse("challenges:evaluate", args=[practise.stay.pk, practise.lunch.pk])
    codes = {
        who: world.eyes(who).get(there).status_code
        for who in (practise.fleur, practise.noor, out, coordinator, elsewhere)
    }
    assert list(codes.values()) == [200, 404, 404, 403, 404]


@pytest.mark.parametrize(
    ("phase", "more", "code"),
    [
        ("participating", {"blocked_reason": "parent_withdrew"}, "waits_for_a_yes"),
        ("former", {}, "not_taking_part"),
    ],
)
def test_nothing_is_kept_when_it_may_not(
    practise: Scene, phase: str, more: dict[str, Any], code: str
) -> None:
    practise.now_at(phase, **more)
    with world.broken(code):
        say(practise)


# ---- The page --------------------------------------------------------------------------------


@pytest.mark.req("R-161")
@pytest.mark.req("R-168")
def test_from_the_logbook_with_what_the_participant_wrote_and_back_to_it(practise: Scene) -> None:
    meeting = world.make_meeting(practise.group, TODAY, "held")
    world.attend(practise.stay, meeting)
    told = Told(on=TODAY, place="op school", did="Ik liep naar de tafel toe")
    tap = {"client_id": uuid4(), "outcome": "not_yet", "by": practise.noor}
    note_practice(challenge=practise.again(), told=told, **tap)
    talk = note_talk(meeting=meeting, trajectory_id=practise.stay.pk, by=practise.fleur)
    client = world.eyes(practise.fleur)
    begin = f"{reverse('challenges:talk', args=[practise.stay.pk])}?bijeenkomst={meeting.pk}"
    there = client.get(begin).headers["Location"]
    page = client.get(there).content.decode()
    assert "nog niet" in page
    assert "Ik liep naar de tafel toe" in page, "what Noor wrote lies on the table"
    assert "Ouders niet." in page
    done = client.post(
        there, {"how_it_goes": "Ging <b>mee</b>", "satisfaction": "7", "came_to": "go_on"}
    )
    logbook = reverse("groups:logbook", args=[meeting.pk])
    assert done.headers["Location"] == f"{logbook}#with-{practise.stay.pk}"
    row = Evaluation.objects.get()
    assert (row.talk, row.satisfaction, row.next) == (talk, 7, "go_on")
    again = client.get(there).content.decode()
    assert escape("Ging <b>mee</b>") in again
    assert "<b>mee" not in again


def test_from_the_file_and_back_to_it(practise: Scene) -> None:
    client = world.eyes(practise.fleur)
    page = client.get(reverse("home:file", args=[practise.stay.pk])).content.decode()
    begin = reverse("challenges:talk", args=[practise.stay.pk])
    assert f'href="{begin}"' in page
    there = client.get(begin).headers["Location"]
    done = client.post(there, {"how_it_goes": GOES})
    assert done.headers["Location"] == reverse("home:file", args=[practise.stay.pk])
    assert Evaluation.objects.get().talk is None
    assert client.post(there, {"how_it_goes": "", "came_to": ""}).status_code == 422


def test_two_workers_at_once_lose_no_words(practise: Scene) -> None:
    there = reverse("challenges:evaluate", args=[practise.stay.pk, practise.lunch.pk])

    def opened(who: Any) -> tuple[Any, str]:
        client = world.eyes(who)
        page = client.get(there).content.decode()
        return client, page.split('name="draft" value="')[1].split('"')[0]

    (fleur, hers), (daan, his) = opened(practise.fleur), opened(practise.daan)
    fleur.post(there, {"draft": hers, "how_it_goes": "Van Fleur", "satisfaction": ""})
    taken = daan.post(there, {"draft": his, "how_it_goes": "", "satisfaction": "8"})
    assert taken.status_code == 302
    row = Evaluation.objects.get()
    assert (row.how_it_goes, row.satisfaction) == ("Van Fleur", 8)
    (daan, his) = opened(practise.daan)
    fleur, hers = opened(practise.fleur)
    fleur.post(there, {"draft": hers, "how_it_goes": "Weer Fleur", "satisfaction": "8"})
    both = daan.post(there, {"draft": his, "how_it_goes": "Nu Daan", "satisfaction": "8"})
    assert both.status_code == 422
    assert "Weer Fleur" in both.content.decode()
    assert "Nu Daan" in both.content.decode()


def test_worker_and_participant_end_it_from_two_open_pages(practise: Scene) -> None:
    there = reverse("challenges:evaluate", args=[practise.stay.pk, practise.lunch.pk])
    reach_challenge(challenge=practise.again(), by=practise.noor, satisfaction=8)
    client = world.eyes(practise.fleur)
    said = {"how_it_goes": GOES, "satisfaction": "6", "came_to": "reached_none"}
    assert client.post(there, said).status_code == 302, "the same end is one end"
    row = practise.again()
    assert (row.ended_by, row.satisfaction, row.wants_another) == (practise.noor, 8, False)
    other = client.post(there, said | {"came_to": "aside_none", "how_it_goes": "Anders"})
    assert other.status_code == 422
    assert "Anders" in other.content.decode(), "what was typed stands there still"
    assert practise.again().state == "reached"


def test_with_several_challenges_it_asks_about_which(practise: Scene) -> None:
    second = choose_challenge(trajectory=practise.stay, text="Ik bel een vriend", by=practise.noor)
    client = world.eyes(practise.fleur)
    page = client.get(reverse("challenges:talk", args=[practise.stay.pk])).content.decode()
    for row in (practise.lunch, second):
        assert reverse("challenges:evaluate", args=[practise.stay.pk, row.pk]) in page
    other = world.make_participating(practise.group, since=TODAY)
    stray = reverse("challenges:evaluate", args=[other.pk, second.pk])
    assert client.get(stray).status_code == 404


def test_the_participant_gets_it_with_the_own_data(practise: Scene) -> None:
    say(practise)
    sections = privacy.export_person(person_of(practise.stay.participant), OWN)
    assert GOES in [fact.value for one in sections for entry in one.entries for fact in entry]


# ---- What waits ------------------------------------------------------------------------------


def waiting(practise: Scene, kind: str) -> list[str]:
    titles = [[todo.title for todo in world.waiting(who, kind)] for who in both(practise)]
    assert titles[0] == titles[1], "both workers read the same; one may be ill"
    return titles[0]


def both(practise: Scene) -> tuple[Any, Any]:
    return practise.fleur, practise.daan


def test_twice_not_yet_suggests_a_talk_to_both_workers(practise: Scene) -> None:
    not_yet(practise, 1)
    assert not waiting(practise, TALK)
    not_yet(practise)
    (todo,) = world.waiting(practise.fleur, TALK)
    assert todo.title == "Praat met Noor over de challenge"
    assert todo.url == reverse("challenges:evaluate", args=[practise.stay.pk, practise.lunch.pk])
    assert waiting(practise, TALK)
    out = world.make_worker(practise.group, "Nadia Smit")
    recusal.recuse(trajectory=practise.stay, worker=out, by=out, said_by=Recusal.Said.WORKER)
    coordinator = world.make_coordinator(practise.group.location.region)
    elsewhere = world.make_worker(world.make_group(), "Iris Bos")
    assert not any(world.waiting(who, TALK) for who in (out, coordinator, elsewhere))


def talked_at_a_meeting(practise: Scene) -> None:
    meeting = world.make_meeting(practise.group, TODAY, "held")
    world.attend(practise.stay, meeting)
    note_talk(meeting=meeting, trajectory_id=practise.stay.pk, by=practise.daan)
    assert Talk.objects.in_force().exists()


@pytest.mark.parametrize(
    "settles",
    [
        say,
        talked_at_a_meeting,
        lambda practise: lay_aside(challenge=practise.again(), by=practise.noor),
        lambda practise: note_practice(
            challenge=practise.again(), client_id=uuid4(), outcome="partly", by=practise.noor
        ),
        lambda practise: practise.now_at("leaving", stopped_on=TODAY),
        lambda practise: practise.now_at("participating", blocked_reason="parent_withdrew"),
    ],
    ids=["talk", "talk at a meeting", "ended", "another time", "stopped", "blocked"],
)
def test_and_it_is_gone_when_that_is_settled(practise: Scene, settles: Any) -> None:
    not_yet(practise)
    assert waiting(practise, TALK)
    settles(practise)
    assert not waiting(practise, TALK)


def test_after_a_talk_two_more_times_ask_again(practise: Scene) -> None:
    not_yet(practise)
    say(practise)
    with clock.travel(clock.at(TODAY + timedelta(days=9), 20)):
        note_practice(
            challenge=practise.again(), client_id=uuid4(), outcome="not_yet", by=practise.noor
        )
        assert waiting(practise, TALK)


@pytest.mark.req("R-163")
@pytest.mark.req("R-178")
def test_ending_the_last_one_proposes_to_talk_and_never_more(practise: Scene) -> None:
    second = choose_challenge(trajectory=practise.stay, text="Ik bel een vriend", by=practise.noor)
    reach_challenge(challenge=practise.again(), by=practise.noor, satisfaction=8)
    assert not waiting(practise, LEFT), "one goes on"
    reach_challenge(challenge=second, by=practise.fleur, satisfaction=8, wants_another=False)
    (todo,) = world.waiting(practise.daan, LEFT)
    assert waiting(practise, LEFT) == ["Praat met Noor: iets nieuws, of tijd voor afscheid?"]
    assert todo.url == reverse("groups:leave", args=[practise.stay.pk])
    assert "wil nu geen nieuwe" in todo.reason
    assert "8 van de 10" in todo.reason
    page = world.eyes(practise.daan).get(todo.url).content.decode()
    assert reverse("participants:exit_talk", args=[practise.stay.pk]) in page
    practise.stay.refresh_from_db()
    assert (practise.stay.phase, practise.stay.last_meeting_on) == ("participating", None)
    assert not ExitTalk.objects.exists()
    coordinator = world.make_coordinator(practise.group.location.region)
    assert not world.waiting(coordinator, LEFT)
    assert not world.waiting(practise.noor, LEFT)


@pytest.mark.req("R-094")
@pytest.mark.req("R-178")
def test_the_participant_decides_with_scales_and_the_own_answers(practise: Scene) -> None:
    reach_challenge(challenge=practise.again(), by=practise.noor, satisfaction=8)
    own = world.eyes(practise.noor).get(reverse("challenges:mine")).content.decode()
    assert "Dat beslis je zelf." in own
    talk = reverse("participants:exit_talk", args=[practise.stay.pk])
    page = world.eyes(practise.fleur).get(talk).content.decode()
    assert reverse("questionnaires:answers", args=[practise.stay.pk]) in page
    for name in ("challenge_reached", "satisfied"):
        assert page.count(f'name="{name}"') == 12
    practise.now_at("leaving", last_meeting_on=TODAY)
    practise.stay.refresh_from_db()
    goal = {"exit_kind": "goal", "exit_reason": "goal_reached", "by": practise.fleur}
    with world.broken("talk_first"):
        close_stay(trajectory=practise.stay, **goal)
    world.hold_exit_talk(practise.stay, by=practise.fleur, ready=False)
    with world.broken("not_ready"):
        close_stay(trajectory=practise.stay, **goal)


@pytest.mark.req("R-162")
@pytest.mark.req("R-163")
@pytest.mark.parametrize(
    "settles",
    [
        lambda p: choose_challenge(trajectory=p.stay, text="Iets anders", by=p.noor),
        lambda p: propose(trajectory=p.stay, text="Iets anders", by=p.fleur),
        lambda p: lay_aside(challenge=p.again(), by=p.noor, wants_another=True),
        lambda p: say(p, "another"),
        lambda p: take_back_end(challenge=p.again(), by=p.noor),
        lambda p: world.hold_exit_talk(p.stay, by=p.fleur, ready=False),
        lambda p: p.now_at("leaving", last_meeting_on=TODAY),
        lambda p: p.now_at("paused"),
        lambda p: p.now_at("participating", blocked_reason="parent_withdrew"),
        lambda p: Challenge.objects.update(state="with_stay"),
    ],
    ids=[
        "a new one",
        "proposed words",
        "wants a new one",
        "said in a talk",
        "taken back",
        "talk about leaving",
        "leaving",
        "paused",
        "blocked",
        "of an earlier stay",
    ],
)
def test_the_proposal_is_gone_when_that_is_settled(practise: Scene, settles: Any) -> None:
    lay_aside(challenge=practise.again(), by=practise.noor)
    assert waiting(practise, LEFT)
    settles(practise)
    assert not waiting(practise, LEFT)


def test_who_never_had_one_is_not_proposed_to_leave(practise: Scene) -> None:
    Challenge.objects.all().delete()
    assert not waiting(practise, LEFT)


@pytest.mark.req("R-004")
@pytest.mark.req("R-168")
def test_the_coordinator_reads_what_was_said_as_its_page_promises(practise: Scene) -> None:
    """Of what goes on and of what ended; the page of the talk itself is the workers' own."""
    say(practise, "reached_another")
    again = choose_challenge(trajectory=practise.stay, text="Ik bel iemand", by=practise.noor)
    say(practise, challenge=again, how_it_goes="Belde nog niet.", satisfaction=4)
    there = reverse("challenges:of_stay", args=[practise.stay.pk])
    coordinator = world.make_coordinator(practise.group.location.region)
    elsewhere = world.make_coordinator(world.make_region())
    for reader in (coordinator, practise.daan):
        page = world.eyes(reader).get(there).content.decode()
        for words in (GOES, "Belde nog niet.", "6 van de 10", "4 van de 10"):
            assert words in page
    assert world.eyes(elsewhere).get(there).status_code == 404
