"""Shared with the group by who it is of, off by itself, gone at once (R-172); reminders (R-171)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from challenges.models import Challenge
from challenges.register import reminding
from challenges.register.choosing import choose_challenge
from challenges.register.ending import lay_aside
from challenges.register.reminding import MESSAGE, want_reminders, write_due
from challenges.register.sharing import share, shared_now, stop_sharing
from core import clock
from core.errors import NotYours
from core.messaging.contacts import change_contact, stop_writing_to
from core.messaging.models import Message
from core.messaging.rendering import render
from core.messaging.sending import why_not
from core.sweep.steps import Turn
from groups.models import Folded, Placement
from participants.models import Trajectory
from tests import world
from tests.challenges.register.ask import of, put, read, refused
from tests.challenges.register.conftest import TODAY, WORDS

PEERS = "challenges:of_peers"


@pytest.fixture
def bo(group: Any) -> Any:
    stay = world.make_participating(
        group, since=TODAY - timedelta(days=30), number=2, call_name="Bo", age=14
    )
    return stay.participant.user


# ---- Who reads it --------------------------------------------------------------------------


@pytest.mark.req("R-172")
def test_nothing_is_shared_until_somebody_says_so(chosen: Challenge, noor: Any, bo: Any) -> None:
    assert not chosen.is_shared
    assert WORDS not in read(bo, PEERS)
    here = reverse("challenges:own", args=[chosen.pk])
    for _n in range(2):
        of(noor).post(here, {"act": "share"})
    page = read(bo, PEERS)
    assert WORDS in page
    assert "Noor" in page
    assert noor.name.split(" ")[-1] not in page or noor.name == "Noor", "the call name alone"
    assert reverse(PEERS) in read(bo, "groups:mine")
    own = read(noor, "challenges:own", chosen.pk)
    assert "de deelnemers van je groep lezen dit" in own, "who reads it follows the choice"
    for _n in range(2):
        of(noor).post(here, {"act": "stop_sharing"})
    assert WORDS not in read(bo, PEERS), "a page that is opened asks anew"


@pytest.mark.req("R-172")
def test_only_the_own_group_of_today_reads_it(
    chosen: Challenge, stay: Trajectory, group: Any, noor: Any, bo: Any
) -> None:
    share(challenge=chosen, by=noor)
    elsewhere = world.make_participating(
        world.make_group(organisation=group.location.organisation), since=TODAY
    ).participant.user
    assert WORDS not in read(elsewhere, PEERS)
    trial = world.make_trajectory(group=group, phase="trial").participant.user
    manager = world.make_manager(group.location.organisation)
    for user, code in ((trial, 404), (world.make_worker(group, "Anouk Bos"), 403), (manager, 403)):
        assert of(user).get(reverse(PEERS)).status_code == code
    for facts in ({"blocked_reason": "parent_missing"}, {"stopped_on": TODAY}):
        put(stay, **facts)
        assert WORDS not in read(bo, PEERS), facts
        put(stay, blocked_reason="", stopped_on=None)
    assert WORDS in read(bo, PEERS)
    reader = Trajectory.objects.get(participant__user=bo)
    put(reader, blocked_reason="parent_missing")
    assert of(bo).get(reverse(PEERS)).status_code == 404
    put(reader, blocked_reason="")
    row = Folded.objects.create(stay=reader, other=stay, at=clock.now())
    assert WORDS not in read(bo, PEERS), "whom somebody folded away stays folded"
    row.delete()
    lay_aside(challenge=chosen, by=noor)
    assert WORDS not in read(bo, PEERS)


@pytest.mark.req("R-172")
def test_the_next_group_reads_nothing_that_was_shared_with_the_one_before(
    chosen: Challenge, stay: Trajectory, group: Any, noor: Any, bo: Any
) -> None:
    share(challenge=chosen, by=noor)
    next_group = world.make_group(organisation=group.location.organisation)
    other = world.make_participating(next_group, since=TODAY, number=2).participant.user
    day = TODAY + timedelta(days=1)
    Placement.objects.filter(trajectory=stay).update(last_day=TODAY)
    world.seat(stay, next_group, first_day=day)
    put(stay, group=next_group)
    with clock.travel(clock.at(day, 12)):
        assert WORDS not in read(bo, PEERS), "who left is gone from its page"
        assert WORDS not in read(other, PEERS)
        assert not shared_now([chosen.pk])
        share(challenge=chosen, by=noor)
        assert WORDS in read(other, PEERS)


@pytest.mark.req("R-172")
def test_how_to_reach_somebody_is_not_shared(
    chosen: Challenge, stay: Trajectory, noor: Any, bo: Any
) -> None:
    number = choose_challenge(trajectory=stay, text="Ik app Sam op 06 12345678", by=noor)
    with refused("gives_away"):
        share(challenge=number, by=noor)
    share(challenge=chosen, by=noor)
    here = reverse("challenges:own", args=[chosen.pk])
    sent = {"act": "change", "text": "Ik app Sam op 06 12345679", "version": "0"}
    said = of(noor).post(here, sent, follow=True).content.decode()
    assert "Daarom kan je groep het niet meer lezen" in said
    assert "06 12345679" not in read(bo, PEERS)


@pytest.mark.req("R-172")
def test_a_worker_takes_it_from_the_groups_page_and_nobody_else_does(
    chosen: Challenge, stay: Trajectory, fleur: Any, noor: Any, bo: Any
) -> None:
    for user in (fleur, bo):
        with pytest.raises(NotYours):
            share(challenge=chosen, by=user)
    share(challenge=chosen, by=noor)
    with pytest.raises(NotYours):
        stop_sharing(challenge=chosen, by=bo)
    here = reverse("challenges:of_stay", args=[stay.pk])
    assert "De groep leest deze zin." in of(fleur).get(here).content.decode()
    of(fleur).post(here, {"act": "stop_sharing", "challenge": str(chosen.pk)})
    assert WORDS not in read(bo, PEERS)
    put(stay, blocked_reason="parent_missing")
    with refused("waits_for_a_yes"):
        share(challenge=chosen, by=noor)
    stop_sharing(challenge=chosen, by=noor)


# ---- Reminders -----------------------------------------------------------------------------

WEDNESDAY = date(2026, 3, 18)


@pytest.fixture
def reminded(chosen: Challenge, noor: Any) -> Challenge:
    return want_reminders(challenge=chosen, wanted=True, by=noor)


def turn_on(day: date) -> None:
    with clock.travel(clock.at(day, 4)):
        write_due(Turn("challenge_reminders", now=clock.now(), since=clock.now(), day=day))


def about_challenges() -> list[Message]:
    rows = Message.objects.filter(kind=MESSAGE).select_related("contact")
    return list(rows.order_by("not_before"))


@pytest.mark.req("R-171")
def test_only_who_wants_it_hears_of_it_and_the_younger_ones_more_often(
    stay: Trajectory, group: Any, noor: Any, chosen: Challenge
) -> None:
    grown = world.make_participating(group, since=TODAY, number=3, age=20)
    adult = grown.participant.user
    old = choose_challenge(trajectory=grown, text="Ik bel", by=adult)
    turn_on(WEDNESDAY)
    assert not about_challenges(), "off by itself"
    for row, by in ((chosen, noor), (old, adult)):
        want_reminders(challenge=row, wanted=True, by=by)
    for week in range(4):
        for days in (0, 1, 2):
            turn_on(WEDNESDAY + timedelta(days=7 * week + days))
    to = [message.contact_id for message in about_challenges()]
    assert to.count(stay.participant.contact_id) == 4
    assert to.count(grown.participant.contact_id) == 2
    days = {clock.local(message.not_before).weekday() for message in about_challenges()}
    assert days == {2}
    assert all(9 <= clock.local(m.not_before).hour < 20 for m in about_challenges()), "daytime"


@pytest.mark.req("R-171")
def test_it_never_holds_the_words_and_a_shared_mailbox_reads_nothing_of_it(
    reminded: Challenge, stay: Trajectory
) -> None:
    turn_on(WEDNESDAY)
    (message,) = about_challenges()
    mail = render(message)
    assert WORDS not in mail.text + mail.subject + str(message.params)
    assert "challenge" in mail.text
    change_contact(contact=stay.participant.contact, by=None, shared_mailbox=True)
    message.contact.refresh_from_db()
    quiet = render(message)
    assert "challenge" not in (quiet.text + quiet.subject).casefold()


@pytest.mark.req("R-171")
@pytest.mark.parametrize(
    "what", ["ended", "paused", "blocked", "leaving", "stopped", "off", "unsubscribed"]
)
def test_it_stops(reminded: Challenge, stay: Trajectory, noor: Any, what: str) -> None:
    turn_on(WEDNESDAY)
    if what == "ended":
        lay_aside(challenge=reminded, by=noor)
    elif what == "off":
        want_reminders(challenge=reminded, wanted=False, by=noor)
    elif what == "unsubscribed":
        stop_writing_to(contact=stay.participant.contact, reason="own")
    else:
        put(
            stay,
            **{
                "paused": {"phase": "paused"},
                "blocked": {"blocked_reason": "parent_missing"},
                "leaving": {"phase": "leaving"},
                "stopped": {"stopped_on": TODAY},
            }[what],
        )
    (message,) = about_challenges()
    assert message.state == Message.State.WITHDRAWN or why_not(message), "what waits stays behind"
    turn_on(WEDNESDAY + timedelta(days=7))
    assert len(about_challenges()) == 1, "and nothing new is written"


def test_one_mail_for_several_and_none_on_paper_or_by_hand(
    reminded: Challenge, stay: Trajectory, noor: Any
) -> None:
    second = choose_challenge(trajectory=stay, text="Ik zeg hoi", by=noor)
    want_reminders(challenge=second, wanted=True, by=noor)
    turn_on(WEDNESDAY)
    turn_on(WEDNESDAY)
    assert len(about_challenges()) == 1
    want_reminders(challenge=second, wanted=False, by=noor)
    assert about_challenges()[0].state == Message.State.QUEUED, "the other one still wants it"
    change_contact(contact=stay.participant.contact, by=None, safe_channels=["phone"])
    assert "Herinnering" not in read(noor, "challenges:own", second.pk)
    turn_on(WEDNESDAY + timedelta(days=7))
    assert len(about_challenges()) == 1


def test_chosen_yesterday_is_not_reminded_today_and_a_lost_night_is_made_up_once(
    stay: Trajectory, noor: Any
) -> None:
    with clock.travel(clock.at(WEDNESDAY - timedelta(days=2), 12)):
        row = choose_challenge(trajectory=stay, text="Ik zeg hoi", by=noor)
        want_reminders(challenge=row, wanted=True, by=noor)
    turn_on(WEDNESDAY)
    assert not about_challenges()
    late = WEDNESDAY + timedelta(days=8)
    turn_on(late)
    assert len(about_challenges()) == 1, "nobody looked on that Wednesday"
    turn_on(late + timedelta(days=1))
    assert len(about_challenges()) == 1
    assert reminding.message_wanted("something_else", []) is None
