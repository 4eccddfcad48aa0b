"""Words of a worker are no challenge until the young person makes one of them (R-159)."""

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from challenges import privacy, sweep
from challenges.models import Challenge, Mechanism, Proposal
from challenges.models.challenge import PROPOSAL_STANDS
from challenges.register.mechanism import say_mechanism
from challenges.register.practising.notes import note_practice
from challenges.register.proposals import accept, decline, lapsed, propose, withdraw
from challenges.register.sharing import share
from challenges.todo_kinds import Kind
from core import clock
from core.errors import NotYours, RuleBroken
from core.privacy import OWN, REST
from core.sweep.steps import take_turn
from joinus.home.waiting import todos_for
from participants.models import Recusal, Trajectory
from participants.recusal import recusal
from participants.rights.privacy import person_of
from tests import world
from tests.challenges.register.ask import of, put, read, refused
from tests.challenges.register.conftest import WORDS

MINE = "challenges:mine"
OWN_WORDS = "Ik ga een keer bij Bo zitten"


@pytest.fixture
def proposal(stay: Trajectory, fleur: Any) -> Proposal:
    return propose(trajectory=stay, text=WORDS, by=fleur)


def lapse_what_is_old() -> None:
    step = next(one for one in sweep.STEPS if one.name == "proposals_lapse")
    assert take_turn(step, forced=True).is_well


@pytest.mark.req("R-159", "R-160")
def test_it_is_no_challenge_until_it_is_taken_over(
    proposal: Proposal, stay: Trajectory, noor: Any, fleur: Any
) -> None:
    assert not Challenge.objects.exists()
    assert WORDS not in read(fleur, "home:file", stay.pk)
    page = read(noor, MINE)
    assert "Fleur" in page
    assert WORDS in page
    for answer in ("Dit wil ik proberen", "In mijn eigen woorden", "Liever niet"):
        assert answer in page
    sent = {"act": "accept", "proposal": str(proposal.pk)}
    first = of(noor).post(reverse(MINE), sent)
    row = Challenge.objects.get()
    assert first.headers["Location"] == reverse("challenges:own", args=[row.pk])
    assert (row.text, row.noted_by) == (WORDS, noor)
    assert of(noor).post(reverse(MINE), sent).status_code == 302, "tapped twice"
    assert Challenge.objects.count() == 1
    proposal.refresh_from_db()
    assert (proposal.answer, proposal.answered_by, proposal.challenge) == ("accepted", noor, row)
    assert "overgenomen" in read(fleur, "challenges:of_stay", stay.pk)


@pytest.mark.req("R-159")
def test_it_is_taken_over_in_ones_own_words(
    proposal: Proposal, stay: Trajectory, noor: Any, fleur: Any
) -> None:
    here = f"{reverse('challenges:choose')}?voorstel={proposal.pk}"
    assert f"{WORDS}</textarea>" in of(noor).get(here).content.decode()
    of(noor).post(here, {"text": OWN_WORDS, "sureness": "8"})
    row = Challenge.objects.get()
    assert (row.text, row.sureness, row.noted_by) == (OWN_WORDS, 8, noor)
    proposal.refresh_from_db()
    assert (proposal.answer, proposal.challenge) == ("changed", row)
    page = read(fleur, "challenges:of_stay", stay.pk)
    assert "werd:" in page
    assert OWN_WORDS in page


@pytest.mark.req("R-159")
def test_rather_not_needs_no_reason_and_makes_nothing(
    proposal: Proposal, stay: Trajectory, noor: Any, fleur: Any
) -> None:
    sent = {"act": "decline", "proposal": str(proposal.pk)}
    for _n in range(2):
        said = of(noor).post(reverse(MINE), sent, follow=True).content.decode()
        assert "Dat is prima. Je hoeft niets te doen." in said
    assert not Challenge.objects.exists()
    assert "Liever niet" not in read(noor, MINE)
    with refused("proposal_gone"):
        accept(proposal=proposal, by=noor)
    assert "liever niet" in read(fleur, "challenges:of_stay", stay.pk)
    propose(trajectory=stay, text="Iets anders", by=fleur)


def test_taken_back_by_a_worker_before_the_answer(
    proposal: Proposal, stay: Trajectory, noor: Any, fleur: Any, group: Any
) -> None:
    colleague = world.make_worker(group, "Anouk Bos")
    here = reverse("challenges:of_stay", args=[stay.pk])
    for _n in range(2):
        of(colleague).post(here, {"act": "withdraw", "proposal": str(proposal.pk)})
    proposal.refresh_from_db()
    assert (proposal.answer, proposal.answered_by) == ("withdrawn", colleague)
    assert WORDS not in read(noor, MINE)
    late = of(noor).post(
        reverse(MINE), {"act": "accept", "proposal": str(proposal.pk)}, follow=True
    )
    assert "Dit voorstel is er niet meer" in late.content.decode()
    own = f"{reverse('challenges:choose')}?voorstel={proposal.pk}"
    of(noor).post(own, {"text": OWN_WORDS})
    assert Challenge.objects.get().text == OWN_WORDS, "the own words are kept all the same"


def test_one_stands_at_a_time_and_the_same_words_are_one(
    proposal: Proposal, stay: Trajectory, noor: Any, fleur: Any
) -> None:
    assert propose(trajectory=stay, text=WORDS.upper(), by=fleur) == proposal
    with refused("one_stands"):
        propose(trajectory=stay, text="Iets anders", by=fleur)
    accept(proposal=proposal, by=noor)
    with refused("answered_already"):
        withdraw(proposal=proposal, by=fleur)
    with refused("chosen_already"):
        propose(trajectory=stay, text=WORDS, by=fleur)


def test_it_lapses_after_four_weeks_without_a_word(
    proposal: Proposal, stay: Trajectory, noor: Any, fleur: Any
) -> None:
    with clock.travel(proposal.at + PROPOSAL_STANDS - timedelta(minutes=1)):
        assert WORDS in read(noor, MINE)
        assert not lapsed(clock.now())
    with clock.travel(proposal.at + PROPOSAL_STANDS):
        assert WORDS not in read(noor, MINE), "before the night too"
        with refused("proposal_gone"):
            accept(proposal=proposal, by=noor)
        lapse_what_is_old()
        proposal.refresh_from_db()
        assert proposal.answer == "lapsed"
        propose(trajectory=stay, text="Iets anders", by=fleur)


@pytest.mark.parametrize("phase", ["leaving", "former"])
def test_it_lapses_when_the_stay_ends(
    proposal: Proposal, stay: Trajectory, noor: Any, phase: str
) -> None:
    now = clock.today()
    over = {"exited_on": now, "ended_on": now, "exit_kind": "other"} if phase == "former" else {}
    put(stay, phase=phase, **over)
    with refused("not_taking_part"):
        accept(proposal=proposal, by=noor)
    lapse_what_is_old()
    proposal.refresh_from_db()
    assert proposal.answer == "lapsed"


def test_while_a_yes_is_missing_it_waits_out_of_sight_and_in_a_pause_it_stands(
    proposal: Proposal, stay: Trajectory, noor: Any, fleur: Any
) -> None:
    put(stay, blocked_reason="parent_missing")
    assert WORDS not in read(noor, MINE)
    with refused("waits_for_a_yes"):
        accept(proposal=proposal, by=noor)
    with refused("waits_for_a_yes"):
        propose(trajectory=stay, text="Iets", by=fleur)
    lapse_what_is_old()
    put(stay, blocked_reason="", phase="paused")
    assert accept(proposal=proposal, by=noor).text == WORDS


def test_only_workers_of_the_group_propose_and_only_the_young_person_answers(
    proposal: Proposal, stay: Trajectory, group: Any, noor: Any, fleur: Any
) -> None:
    out = world.make_worker(group, "Nadia Smit")
    recusal.recuse(trajectory=stay, worker=out, by=out, said_by=Recusal.Said.WORKER)
    elsewhere = world.make_worker(world.make_group(organisation=group.location.organisation))
    other = world.make_trajectory(group=group).participant.user
    for user in (out, elsewhere, noor, other, world.make_coordinator(group.location.region)):
        with pytest.raises(NotYours):
            propose(trajectory=stay, text="Anders", by=user)
        with pytest.raises(NotYours):
            withdraw(proposal=proposal, by=user)
    for user in (fleur, out, other):
        for act in (accept, decline):
            with pytest.raises(NotYours):
                act(proposal=proposal, by=user)
    sent = {"act": "accept", "proposal": str(proposal.pk)}
    assert of(other).post(reverse(MINE), sent).status_code == 404
    assert not Challenge.objects.exists()


# ---- Who hears of it -----------------------------------------------------------------------


def test_the_start_page_tells_it_without_the_words(
    proposal: Proposal, stay: Trajectory, noor: Any
) -> None:
    page = read(noor, "home:today")
    assert "bedacht iets dat je kunt proberen" in page
    assert WORDS not in page
    decline(proposal=proposal, by=noor)
    assert "bedacht iets dat je kunt proberen" not in read(noor, "home:today")


@pytest.mark.req("R-158")
def test_who_chose_nothing_yet_is_told_to_the_worker_once_a_group_and_for_a_while(
    stay: Trajectory, group: Any, fleur: Any, noor: Any
) -> None:
    world.make_participating(
        group, since=clock.today() - timedelta(days=50), number=2, call_name="Bo"
    )

    def told() -> list[str]:
        found = todos_for(fleur, {Kind.CHALLENGE_NONE_YET})
        assert all(todo.urgency == 3 for todo in found), "never before anything else"
        return [todo.reason for todo in found]

    assert ["2 deelnemers" in reason for reason in told()] == [True]
    row = propose(trajectory=stay, text=WORDS, by=fleur)
    assert ["1 deelnemer " in reason for reason in told()] == [True]
    accept(proposal=row, by=noor)
    assert len(told()) == 1
    for days, count in ((-9, 0), (33, 1), (34, 0)):
        with clock.travel(clock.now() + timedelta(days=days)):
            assert len(told()) == count, days


# ---- The mechanism -------------------------------------------------------------------------


@pytest.mark.req("R-166")
def test_the_mechanism_is_said_by_a_worker_and_read_by_workers_alone(
    chosen: Challenge, stay: Trajectory, group: Any, fleur: Any, noor: Any
) -> None:
    here = reverse("challenges:of_stay", args=[stay.pk])
    word = str(Mechanism.COGNITIONS.label)
    sent = {"act": "mechanism", "challenge": str(chosen.pk), "mechanism": Mechanism.COGNITIONS}
    of(fleur).post(here, sent)
    assert chosen.mechanism_row.mechanism == Mechanism.COGNITIONS
    assert f'value="{Mechanism.COGNITIONS}" checked' in of(fleur).get(here).content.decode()
    coordinator = world.make_coordinator(group.location.region)
    for user, pages in (
        (noor, (reverse(MINE), reverse("challenges:own", args=[chosen.pk]), "/vandaag/")),
        (coordinator, (here,)),
    ):
        for page in pages:
            body = of(user).get(page).content.decode()
            assert WORDS in body
            assert Mechanism.COGNITIONS not in body
            assert word not in body
    for user in (noor, coordinator):
        with pytest.raises(NotYours):
            say_mechanism(challenge=chosen, mechanism=Mechanism.SKILLS, by=user)
    with refused("no_such_mechanism"):
        say_mechanism(challenge=chosen, mechanism="iets", by=fleur)
    say_mechanism(challenge=chosen, mechanism="", by=fleur)
    assert "checked" not in of(fleur).get(here).content.decode().split(Mechanism.SKILLS)[1][:40]


@pytest.mark.req("R-166")
def test_nothing_new_is_said_of_it_while_a_yes_is_missing(
    chosen: Challenge, stay: Trajectory, fleur: Any
) -> None:
    say_mechanism(challenge=chosen, mechanism=Mechanism.SKILLS, by=fleur)
    put(stay, blocked_reason="parent_withdrew")
    with refused("waits_for_a_yes"):
        say_mechanism(challenge=chosen, mechanism=Mechanism.COGNITIONS, by=fleur)
    assert chosen.mechanism_row.mechanism == Mechanism.SKILLS
    say_mechanism(challenge=chosen, mechanism="", by=fleur)
    assert not type(chosen.mechanism_row).objects.exists()


@pytest.mark.req("R-166")
def test_no_page_and_no_package_of_the_young_person_or_the_group_carries_the_label(
    chosen: Challenge, stay: Trajectory, group: Any, fleur: Any, noor: Any
) -> None:
    word = str(Mechanism.COGNITIONS.label)
    say_mechanism(challenge=chosen, mechanism=Mechanism.COGNITIONS, by=fleur)
    share(challenge=chosen, by=noor)
    note = note_practice(challenge=chosen, client_id=uuid4(), outcome="worked", by=noor)
    bo = world.make_participating(group, since=clock.today(), number=2).participant.user
    for user, page, keys in (
        (noor, "challenges:practised", [chosen.pk]),
        (noor, "challenges:practice_note", [note.pk]),
        (noor, "challenges:finish", [chosen.pk]),
        (noor, "challenges:dared", []),
        (noor, "participants:package_file", []),
        (bo, "challenges:of_peers", []),
    ):
        body = read(user, page, *keys)
        assert WORDS in body, page
        assert Mechanism.COGNITIONS not in body, page
        assert word not in body, page
    person = person_of(stay.participant)
    own, rest = (str(privacy.export_person(person, part)) for part in (OWN, REST))
    assert word not in own
    assert Mechanism.COGNITIONS not in own
    assert word in rest, "on request, read together (C-35)"


# ---- Bad input -----------------------------------------------------------------------------


def test_pasted_markup_is_words_wherever_it_is_read(
    stay: Trajectory, group: Any, fleur: Any, noor: Any
) -> None:
    bad = "<img src=x onerror=alert(1)>"
    row = propose(trajectory=stay, text=bad, by=fleur)
    proposed = read(noor, MINE)
    chosen = accept(proposal=row, by=noor)
    share(challenge=chosen, by=noor)
    bo = world.make_participating(group, since=clock.today(), number=2).participant.user
    for page in (
        proposed,
        read(bo, "challenges:of_peers"),
        read(fleur, "challenges:of_stay", stay.pk),
        read(fleur, "challenges:of_group", group.pk),
    ):
        assert bad not in page
        assert "&lt;img src=x" in page


# ---- At once -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_taken_back_and_taken_over_at_once_is_one_of_the_two(group: Any, fleur: Any) -> None:
    stay = world.make_participating(group, since=clock.today(), age=15)
    young = stay.participant.user
    row = propose(trajectory=stay, text=WORDS, by=fleur)
    came_to: list[str] = []
    gate = threading.Barrier(2)

    def run(act: Any, by: Any) -> None:
        mine = Proposal.objects.select_related("trajectory__participant").get(pk=row.pk)
        gate.wait(20)
        try:
            act(proposal=mine, by=by)
            came_to.append("done")
        except RuleBroken as broken:
            came_to.append(broken.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=pair) for pair in ((accept, young), (withdraw, fleur))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    row.refresh_from_db()
    one = "answered_already" if row.answer == "accepted" else "proposal_gone"
    assert sorted(came_to) == sorted(["done", one])
    assert Challenge.objects.count() == (row.answer == "accepted")
