"""How practising went: one tap, the own words, who reads them, and the quiet path."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.html import escape

from challenges.models import Challenge, PracticeNote
from challenges.register.practising.notes import (
    Told,
    as_told,
    change_note,
    guess,
    note_practice,
    put_back_note,
    suggests_talk,
    take_back_note,
)
from core import clock
from core.drafts.keeping import words_of
from core.drafts.models import Draft
from core.errors import NotYours
from participants.models import Recusal
from participants.recusal import recusal
from tests import world
from tests.challenges.conftest import TODAY, WORDS, Scene

AT_SCHOOL = Told(where="outside", on=TODAY, place="op school", did="Ik ging mee", felt="Spannend")


def tap(practise: Scene, outcome: str = "worked", **facts: Any) -> PracticeNote:
    """A tap of Noor's; `days` later than today."""
    with clock.travel(clock.at(TODAY + timedelta(days=facts.pop("days", 0)), 20)):
        return note_practice(
            challenge=practise.again(),
            client_id=facts.pop("client_id", None) or uuid4(),
            outcome=outcome,
            by=facts.pop("by", practise.noor),
            **facts,
        )


@pytest.mark.parametrize(
    ("newest_first", "suggests"),
    [
        ([], False),
        (["not_yet"], False),
        (["not_yet", "not_yet"], True),
        (["not_yet", "worked", "not_yet"], False),
        (["worked", "not_yet", "not_yet"], False),
        (["not_yet", "not_yet", "worked"], True),
    ],
)
def test_twice_not_yet_in_a_row_suggests_a_talk(newest_first: list[str], suggests: bool) -> None:
    assert suggests_talk(newest_first) is suggests


@pytest.mark.req("R-161", "R-167")
def test_a_note_says_where_what_and_how_it_was(practise: Scene) -> None:
    kept = tap(practise, "partly", told=AT_SCHOOL)
    kept = PracticeNote.objects.get(pk=kept.pk)
    assert as_told(kept) == AT_SCHOOL
    assert (kept.outcome, kept.by) == ("partly", practise.noor)


@pytest.mark.req("R-167")
def test_one_tap_knows_by_itself_whether_it_was_at_join_us(practise: Scene) -> None:
    assert guess(practise.stay, practise.noor) == Told("outside", TODAY)
    tonight = world.make_meeting(practise.group, TODAY, "held")
    assert guess(practise.stay, practise.noor) == Told("inside", TODAY, tonight.pk)
    kept = tap(practise)
    assert (kept.where, kept.meeting, kept.on) == ("inside", tonight, TODAY)
    assert tap(practise, days=1).where == "outside", "the day after it was somewhere else"


def test_a_cancelled_meeting_or_another_groups_is_no_place_to_have_practised(
    practise: Scene,
) -> None:
    world.make_meeting(practise.group, TODAY, "cancelled", cancel_reason="weather")
    elsewhere = world.make_meeting(world.make_group(), TODAY, "held")
    assert tap(practise).where == "outside"
    with world.broken("unknown_meeting"):
        tap(practise, told=Told("inside", TODAY, elsewhere.pk))


def test_a_tap_that_is_sent_twice_is_one_note(practise: Scene) -> None:
    one = uuid4()
    assert tap(practise, client_id=one) == tap(practise, client_id=one)
    assert PracticeNote.objects.get().version == 0
    tap(practise, "not_yet", client_id=one)
    assert PracticeNote.objects.get().outcome == "not_yet", "back, and the other one after all"
    another = world.make_participating(practise.group, since=TODAY - timedelta(days=50))
    theirs = Challenge.objects.create(
        trajectory=another, text="x", chosen_on=TODAY, noted_by=another.participant.user
    )
    with pytest.raises(NotYours):
        note_practice(
            challenge=theirs, client_id=one, outcome="worked", by=another.participant.user
        )


@pytest.mark.req("R-160")
def test_nobody_else_writes_how_it_went(practise: Scene) -> None:
    another = world.make_trajectory(group=practise.group).participant.user
    for who in (practise.fleur, another):
        with pytest.raises(NotYours):
            tap(practise, by=who)
    kept = tap(practise)
    for who in (practise.fleur, another):
        with pytest.raises(NotYours):
            change_note(note=kept, outcome="worked", told=AT_SCHOOL, by=who)
        with pytest.raises(NotYours):
            take_back_note(note=kept, by=who)


def test_it_can_be_said_otherwise_taken_back_and_put_back(practise: Scene) -> None:
    kept = tap(practise)
    change_note(note=kept, outcome="not_yet", told=AT_SCHOOL, by=practise.noor)
    change_note(note=kept, outcome="not_yet", told=AT_SCHOOL, by=practise.noor)
    assert (kept.version, kept.outcome, kept.did) == (1, "not_yet", "Ik ging mee")
    for _twice in range(2):
        take_back_note(note=kept, by=practise.noor)
    assert not PracticeNote.objects.in_force().exists()
    evaluate = reverse("challenges:evaluate", args=[practise.stay.pk, practise.lunch.pk])
    for who, page in (
        (practise.noor, reverse("challenges:dared")),
        (practise.noor, reverse("challenges:mine")),
        (practise.fleur, reverse("challenges:of_stay", args=[practise.stay.pk])),
        (practise.fleur, evaluate),
    ):
        assert "op school" not in world.eyes(who).get(page).content.decode(), "nobody reads it"
    with world.broken("taken_back"):
        change_note(note=kept, outcome="worked", told=AT_SCHOOL, by=practise.noor)
    put_back_note(note=kept, by=practise.noor)
    assert PracticeNote.objects.in_force().get().did == "Ik ging mee"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (replace(AT_SCHOOL, on=TODAY + timedelta(days=1)), "day_to_come"),
        (replace(AT_SCHOOL, on=TODAY - timedelta(days=9)), "day_too_early"),
    ],
)
def test_the_day_is_one_on_which_it_could_be_practised(
    practise: Scene, told: Told, code: str
) -> None:
    with world.broken(code):
        tap(practise, told=told)


def test_no_words_are_kept_while_a_yes_is_missing_and_taking_back_stays_possible(
    practise: Scene,
) -> None:
    kept = tap(practise)
    practise.now_at("participating", blocked_reason="parent_withdrew")
    with world.broken("waits_for_a_yes"):
        tap(practise)
    with world.broken("waits_for_a_yes"):
        change_note(note=kept, outcome="worked", told=AT_SCHOOL, by=practise.noor)
    page = world.eyes(practise.noor).get(reverse("challenges:practised", args=[practise.lunch.pk]))
    assert "Er moet eerst iets geregeld worden" in page.content.decode()
    assert 'name="outcome"' not in page.content.decode()
    assert take_back_note(note=kept, by=practise.noor).taken_back_at is not None


@pytest.mark.parametrize(
    ("phase", "more", "writes"),
    [
        ("paused", {}, True),
        ("leaving", {}, True),
        ("leaving", {"stopped_on": TODAY}, False),
        ("former", {}, False),
    ],
)
def test_it_is_written_until_the_goodbye(
    practise: Scene, phase: str, more: dict[str, Any], writes: bool
) -> None:
    practise.now_at(phase, **more)
    if writes:
        assert tap(practise).outcome == "worked"
    else:
        with world.broken("not_taking_part"):
            tap(practise)


# ---- The own pages ---------------------------------------------------------------------------


def open_page(practise: Scene, name: str, *about: UUID, who: Any = None) -> str:
    answer = world.eyes(who or practise.noor).get(reverse(f"challenges:{name}", args=about))
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.req("R-002")
def test_from_the_challenge_it_is_kept_in_two_taps_and_no_word(practise: Scene) -> None:
    there = reverse("challenges:practised", args=[practise.lunch.pk])
    assert f'href="{there}"' in open_page(practise, "mine")
    client = world.eyes(practise.noor)
    one = uuid4()
    for _twice in range(2):
        done = client.post(there, {"client_id": one, "outcome": "partly"}, follow=True)
    assert PracticeNote.objects.get().outcome == "partly"
    assert "Opgeslagen" in done.content.decode()
    assert "deels" in open_page(practise, "mine")
    assert client.post(there, {"client_id": "1", "outcome": "worked"}).status_code == 400
    assert client.post(there, {"client_id": uuid4(), "outcome": "anders"}).status_code == 302
    assert PracticeNote.objects.count() == 1


@pytest.mark.req("R-167")
def test_what_more_there_is_to_say_comes_after_the_tap(practise: Scene) -> None:
    meeting = world.make_meeting(practise.group, TODAY - timedelta(days=1), "held")
    kept = tap(practise, told=Told("outside", TODAY))
    there = reverse("challenges:practice_note", args=[kept.pk])
    page = open_page(practise, "practice_note", kept.pk)
    assert "Je ouders en de groep niet." in page
    said = {
        "act": "save",
        "outcome": "worked",
        "did": "Ik zei <b>hoi</b>",
        "felt": "Mijn hart bonkte.",
        "where": "inside",
        "meeting": str(meeting.pk),
        "place": "wordt vergeten",
        "on": TODAY.isoformat(),
    }
    answer = world.eyes(practise.noor).post(there, said)
    assert answer.headers["Location"] == reverse("challenges:dared")
    kept.refresh_from_db()
    assert as_told(kept) == Told(
        "inside", meeting.date, meeting.pk, "", "Ik zei <b>hoi</b>", "Mijn hart bonkte."
    )
    path = open_page(practise, "dared")
    assert escape("Ik zei <b>hoi</b>") in path
    assert "<b>hoi" not in path
    wrong = world.eyes(practise.noor).post(there, said | {"did": "x" * 601})
    assert wrong.status_code == 422
    assert "x" * 601 in wrong.content.decode(), "what was typed stands there still"


def test_words_that_did_not_come_through_come_back_and_not_on_a_shared_device(
    practise: Scene,
) -> None:
    kept = tap(practise)
    there = reverse("challenges:practice_note", args=[kept.pk])
    client = world.eyes(practise.noor)
    page = client.get(there).content.decode()
    ticket = page.split('name="draft" value="')[1].split('"')[0]
    said = {"draft": ticket, "did": "Nog niet verstuurd", "draft_turn": "1"}
    assert client.post(reverse("drafts:keep"), said).status_code == 200
    assert words_of(Draft.objects.get()).values["did"] == ["Nog niet verstuurd"]
    assert (
        "Nog niet verstuurd"
        in client.get(there, {"concept": Draft.objects.get().pk}).content.decode()
    )


def test_wanting_something_else_leads_to_choosing_anew(practise: Scene) -> None:
    kept = tap(practise, "something_else")
    page = open_page(practise, "practice_note", kept.pk)
    finish = reverse("challenges:finish", args=[practise.lunch.pk])
    assert f'action="{finish}"' in page
    assert "Ik houd hem nog even" in page
    client = world.eyes(practise.noor)
    done = client.post(
        finish, {"act": "finish", "how": "lay_aside", "wants_another": "yes"}, follow=True
    )
    assert done.redirect_chain[-1][0] == reverse("challenges:choose")
    assert practise.again().state == "laid_aside"
    assert 'name="text"' in done.content.decode()


def test_twice_not_yet_suggests_a_talk_to_the_participant_without_a_verdict(
    practise: Scene,
) -> None:
    tap(practise, "not_yet")
    assert "Het hoeft niet in één keer" not in open_page(practise, "mine")
    kept = tap(practise, "not_yet", days=1)
    with clock.travel(clock.at(TODAY + timedelta(days=1), 20)):
        for page in (open_page(practise, "mine"), open_page(practise, "practice_note", kept.pk)):
            assert "Het hoeft niet in één keer" in page
            assert reverse("participants:who_helps") in page
            assert not any(
                word in page.casefold() for word in ("mislukt", "twee keer", "helaas", "fout")
            )
    tap(practise, "partly", days=2)
    with clock.travel(clock.at(TODAY + timedelta(days=2), 20)):
        assert "Het hoeft niet in één keer" not in open_page(practise, "mine")


def test_somebody_elses_pages_do_not_exist(practise: Scene) -> None:
    kept = tap(practise)
    another = world.make_participating(practise.group, since=TODAY - timedelta(days=50))
    for who in (another.participant.user, practise.fleur):
        client = world.eyes(who)
        for name, about in (
            ("practised", practise.lunch.pk),
            ("finish", practise.lunch.pk),
            ("practice_note", kept.pk),
        ):
            assert client.get(reverse(f"challenges:{name}", args=[about])).status_code == 404
            assert client.post(reverse(f"challenges:{name}", args=[about])).status_code == 404
    assert world.eyes(practise.fleur).get(reverse("challenges:dared")).status_code == 404


# ---- Who reads it ----------------------------------------------------------------------------


def test_the_workers_and_the_coordinator_read_it_and_nobody_else(practise: Scene) -> None:
    tap(practise, told=AT_SCHOOL)
    out = world.make_worker(practise.group, "Nadia Smit")
    recusal.recuse(trajectory=practise.stay, worker=out, by=out, said_by=Recusal.Said.WORKER)
    organisation = practise.group.location.organisation
    reads = [practise.noor, practise.fleur, world.make_coordinator(practise.group.location.region)]
    reads_not = [
        out,
        world.make_worker(world.make_group(organisation=organisation)),
        world.make_trajectory(group=practise.group).participant.user,
        world.make_manager(organisation),
        world.make_national("foundation"),
        world.make_national("researcher"),
    ]
    seen = PracticeNote.objects.visible_to
    assert all(seen(who).exists() for who in reads)
    assert not any(seen(who).exists() for who in reads_not)
    page = open_page(practise, "of_stay", practise.stay.pk, who=practise.fleur)
    assert "op school" in page


def test_after_a_move_the_old_group_reads_no_more_and_the_note_stays_as_it_was(
    practise: Scene,
) -> None:
    meeting = world.make_meeting(practise.group, TODAY, "held")
    kept = tap(practise)
    new = world.make_group(organisation=practise.group.location.organisation)
    practise.now_at("participating", group=new)
    practise.stay.placements.update(last_day=TODAY - timedelta(days=1))
    assert not PracticeNote.objects.visible_to(practise.fleur).exists()
    assert PracticeNote.objects.visible_to(world.make_worker(new, "Iris Bos")).exists()
    told = replace(as_told(kept), did="Ik vroeg het")
    change_note(note=kept, outcome="worked", told=told, by=practise.noor)
    assert (kept.meeting, kept.did) == (meeting, "Ik vroeg het")


# ---- The path --------------------------------------------------------------------------------


def test_the_path_goes_left_and_right_without_a_count(practise: Scene) -> None:
    world.make_meeting(practise.group, TODAY, "held")
    tap(practise)
    tap(practise, "not_yet", days=2, told=replace(AT_SCHOOL, on=None))
    tap(practise, "not_yet", days=2, told=Told("outside"))
    tap(practise, "something_else", days=3)
    with clock.travel(clock.at(TODAY + timedelta(days=3), 20)):
        page = open_page(practise, "dared")
    assert page.count("dared__stop--outside") == 2
    assert page.count("dared__stop--inside") == 1
    assert page.count('class="dared__cross"') == 1
    assert page.count("dared__cross--dotted") == 1, "from what goes on now to the other side"
    words = page.split('class="dared__path"')[1].split("</ol>")[0]
    assert words.index("Ik ging mee") < words.index("bij Join Us")
    assert WORDS in words, "one tap without a word stands there by its challenge"
    assert "nog niet" not in words, "it stands there like the rest"
    told = " ".join(text.split("<")[0] for text in words.split(">")[1:])
    assert set(filter(str.isdigit, told)) <= set("13 15"), "days, and no other figure"


def test_the_path_is_there_when_it_is_empty_and_after_the_goodbye(practise: Scene) -> None:
    assert "Ik heb geoefend" in open_page(practise, "dared")
    tap(practise, told=AT_SCHOOL)
    practise.now_at("former")
    page = open_page(practise, "dared")
    assert "Ik ging mee" in page
    assert "Ik heb geoefend" not in page
    Challenge.objects.all().delete()
    assert "Hier begint jouw pad" in open_page(practise, "dared")


@pytest.mark.parametrize("times", [3, 30])
def test_the_path_costs_the_same_for_few_and_many(
    practise: Scene, times: int, django_assert_num_queries: Any
) -> None:
    for n in range(times):
        tap(practise, told=replace(AT_SCHOOL, did=f"Keer {n}."))
    client, url = world.eyes(practise.noor), reverse("challenges:dared")
    client.get(url)
    with django_assert_num_queries(8):
        page = client.get(url).content.decode()
    assert page.count("Keer ") == min(times, 24)
    assert ("?alles" in page) == (times > 24)
    assert client.get(url, {"alles": ""}).content.decode().count("Keer ") == times


@pytest.mark.django_db(transaction=True)
def test_one_tap_from_two_tabs_at_once_is_one_note(practise: Scene) -> None:
    one, gate, made = uuid4(), threading.Barrier(6), []

    def run() -> None:
        try:
            own = practise.again()
            gate.wait(20)
            kept = note_practice(challenge=own, client_id=one, outcome="worked", by=practise.noor)
            made.append(kept.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(made) == 6
    assert set(made) == set(PracticeNote.objects.values_list("pk", flat=True))
