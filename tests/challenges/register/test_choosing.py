"""Worded on the own phone, made small, and worded anew (R-159, R-160, R-164, R-165, R-170)."""

from typing import Any

import pytest
from django.urls import reverse

from challenges.models import Challenge, SmallStep
from challenges.reference import load_reference
from challenges.register import examples
from challenges.register.choosing import change_challenge, choose_challenge
from challenges.register.ending import lay_aside
from challenges.register.smaller import Way, asks_for_a_way
from challenges.register.steps import MOST_STEPS, add_step, drop_step
from core import clock
from core.errors import NotYours
from participants.models import HomeSilence, Trajectory
from tests import world
from tests.challenges.register.ask import as_it_stands, of, put, read, refused
from tests.challenges.register.conftest import WORDS

CHOOSE = "challenges:choose"


# ---- Made small ----------------------------------------------------------------------------


@pytest.mark.req("R-164")
def test_below_seven_one_of_four_is_asked_and_from_seven_on_nothing() -> None:
    assert [n for n in range(11) if asks_for_a_way(n, "")] == list(range(7))
    assert not asks_for_a_way(None, ""), "who skips the question is asked nothing about it"
    assert not any(asks_for_a_way(3, way) for way in Way.values)


@pytest.mark.req("R-164")
def test_the_four_answers_look_the_same_and_none_is_chosen_for_you(noor: Any) -> None:
    page = of(noor).post(reverse(CHOOSE), {"text": WORDS, "sureness": "5"})
    body = page.content.decode()
    assert page.status_code == 422
    assert not Challenge.objects.exists()
    assert "Maak het wat kleiner" in body
    asked = body.split('class="smaller"')[1]
    ways = [part.split("</label>")[0] for part in asked.split('<label class="choice"')[1:5]]
    assert [Way.values[n] in way for n, way in enumerate(ways)] == [True] * 4
    assert "Ik houd hem zo" in ways[3]
    assert "checked" not in "".join(ways)


@pytest.mark.req("R-164")
def test_a_way_becomes_the_first_small_step_and_the_words_stay_ones_own(noor: Any) -> None:
    here = reverse(CHOOSE)
    of(noor).post(here, {"text": WORDS, "sureness": "5", "way": Way.HERE_FIRST})
    row = Challenge.objects.get()
    assert (row.text, row.sureness) == (WORDS, 5)
    step = row.steps.get()
    assert (step.text, step.where) == ("Eerst een keer bij Join Us", "inside")
    of(noor).post(here, {"text": "Ik bel Bo", "sureness": "5", "way": Way.AS_IT_IS})
    of(noor).post(here, {"text": "Ik zeg hoi", "sureness": "8", "way": Way.FIVE_MINUTES})
    of(noor).post(here, {"text": "Ik vraag iets"})
    assert Challenge.objects.count() == 4, "keeping it so, being sure and skipping all save"
    assert SmallStep.objects.count() == 1


@pytest.mark.req("R-165", "R-170")
def test_the_examples_are_the_printed_ones_and_the_named_skills(stay: Any, noor: Any) -> None:
    load_reference()
    page = read(noor, CHOOSE)
    for words in (
        "Ik stel een vraag",
        "Ik neem initiatief",
        "Ik overleg met anderen",
        "Ik probeer nieuwe dingen uit",
        "Ik geef mijn mening",
        "Ik toon interesse in een ander",
    ):
        assert words in page
    for skill in ("Vrienden maken en houden", "Initiatief nemen", "Iets organiseren"):
        assert f"<h3>{skill}</h3>" in page
    for skill in examples.SKILLS:
        for key, sentence in skill.sentences.items():
            filled = of(noor).get(reverse(CHOOSE), {"voorbeeld": key}).content.decode()
            assert f"{sentence}</textarea>" in filled
    assert not Challenge.objects.exists(), "looking at an example keeps nothing"


@pytest.mark.req("R-095")
def test_a_group_under_eighteen_gets_more_lead(stay: Trajectory, noor: Any) -> None:
    load_reference()
    assert stay.group is not None
    stay.group.age_from, stay.group.age_until = 12, 18
    stay.group.save()
    younger = read(noor, CHOOSE)
    stay.group.age_from, stay.group.age_until = 12, 25
    stay.group.save()
    older = read(noor, CHOOSE)
    for asked in ("Wat ga je doen?", "Met wie?"):
        assert asked in younger
        assert asked not in older
    assert "data-examples open" in younger
    assert "data-examples open" not in older


@pytest.mark.req("R-164")
def test_before_anything_is_typed_it_asks_for_something_small_and_concrete(noor: Any) -> None:
    page = read(noor, CHOOSE)
    asked = "Iets kleins dat je echt kunt doen. Schrijf op wat je gaat doen."
    assert asked in page
    assert page.index(asked) < page.index("<textarea")


# ---- Who reads it --------------------------------------------------------------------------


def test_who_reads_it_stands_before_the_field(stay: Trajectory, noor: Any) -> None:
    page = read(noor, CHOOSE)
    said = "Je begeleiders en de regiocoördinator lezen dit. Je ouders en de groep niet."
    assert page.index(said) < page.index("<textarea")


def test_where_home_may_not_know_nothing_is_said_of_parents(stay: Trajectory, noor: Any) -> None:
    day = clock.today()
    HomeSilence.objects.create(participant=stay.participant, said_at=clock.now(), talk_by=day)
    page = read(noor, CHOOSE)
    assert "regiocoördinator lezen dit. De groep niet." in page
    assert "ouders" not in page


@pytest.mark.parametrize("age", [18, 25])
def test_grown_ups_read_nothing_of_parents(group: Any, age: int) -> None:
    grown = world.make_participating(group, since=world.clock.today(), age=age)
    page = read(grown.participant.user, CHOOSE)
    assert "regiocoördinator lezen dit. De groep niet." in page
    assert "ouders" not in page.split("<main")[1]


# ---- Other words later ---------------------------------------------------------------------


@pytest.mark.req("R-160")
def test_two_tabs_never_overwrite_each_other_unseen(chosen: Challenge, noor: Any) -> None:
    here = reverse("challenges:own", args=[chosen.pk])
    first = {"act": "change", "text": "Ik ga er vijf minuten bij zitten", "version": "0"}
    late = first | {"text": "Ik vraag of ik erbij mag", "sureness": "7"}
    assert of(noor).post(here, first).status_code == 302
    assert of(noor).post(here, first).status_code == 302, "sent twice is saved once"
    assert as_it_stands(chosen).version == 1
    refused_page = of(noor).post(here, late)
    body = refused_page.content.decode()
    assert refused_page.status_code == 422
    assert "Ik ga er vijf minuten bij zitten" in body, "what stands is told"
    assert "Ik vraag of ik erbij mag</textarea>" in body, "what was typed stays"
    assert as_it_stands(chosen).text == "Ik ga er vijf minuten bij zitten"
    again = late | {"version": body.split('name="version" value="')[1].split('"')[0]}
    assert of(noor).post(here, again).status_code == 302
    row = as_it_stands(chosen)
    assert (row.text, row.sureness, row.version) == ("Ik vraag of ik erbij mag", 7, 2)


def test_what_is_a_challenge_already_or_has_ended_is_not_worded_anew(
    chosen: Challenge, stay: Trajectory, noor: Any
) -> None:
    other = choose_challenge(trajectory=stay, text="Ik bel Bo", by=noor)

    def word(row: Challenge, text: str) -> None:
        change_challenge(challenge=row, text=text, sureness=None, version=0, by=noor)

    with refused("chosen_already"):
        word(other, WORDS.upper())
    with refused("too_long"):
        word(other, "x" * 201)
    put(stay, blocked_reason="parent_missing")
    with refused("waits_for_a_yes"):
        word(other, "Anders")
    put(stay, blocked_reason="", phase="leaving")
    word(other, "Ik bel Bo op zaterdag")
    lay_aside(challenge=other, by=noor)
    with refused("already_ended"):
        word(other, "Anders")


def test_nobody_else_words_or_steps(chosen: Challenge, group: Any, fleur: Any, noor: Any) -> None:
    other = world.make_trajectory(group=group).participant.user
    for user in (fleur, other):
        with pytest.raises(NotYours):
            change_challenge(challenge=chosen, text="Anders", sureness=1, version=0, by=user)
        with pytest.raises(NotYours):
            add_step(challenge=chosen, text="Anders", where="", by=user)
    here = reverse("challenges:own", args=[chosen.pk])
    assert of(other).get(here).status_code == 404
    assert of(other).post(here, {"act": "share"}).status_code == 404
    assert of(fleur).get(here).status_code == 404


# ---- Small steps ---------------------------------------------------------------------------


@pytest.mark.req("R-164", "R-167")
def test_small_steps_inside_and_outside(chosen: Challenge, noor: Any) -> None:
    here = reverse("challenges:own", args=[chosen.pk])
    sent = {"act": "step", "text": "Ik zeg hoi", "where": "outside"}
    of(noor).post(here, sent)
    of(noor).post(here, sent)
    of(noor).post(here, {"act": "step", "text": "Ik ga naast Bo zitten", "where": "inside"})
    page = read(noor, "challenges:own", chosen.pk)
    assert [(s.text, s.where) for s in chosen.steps.all()] == [
        ("Ik zeg hoi", "outside"),
        ("Ik ga naast Bo zitten", "inside"),
    ]
    assert "bij Join Us" in page
    assert "ergens anders" in page
    first = chosen.steps.get(text__isnull=False, order=1)
    for _n in range(2):
        of(noor).post(here, {"act": "drop", "step": str(first.pk)})
    assert "Ik zeg hoi" not in read(noor, "challenges:mine")
    of(noor).post(here, sent)
    assert chosen.steps.filter(dropped_at__isnull=True).count() == 2
    assert chosen.steps.count() == 2, "the same words are the same step"
    assert of(noor).post(here, {"act": "step", "text": "", "where": ""}).status_code == 422
    assert of(noor).post(here, {"act": "drop", "step": "x"}).status_code == 302
    for n in range(MOST_STEPS - 2):
        add_step(challenge=chosen, text=f"Stap {n}", where="", by=noor)
    with refused("enough_steps"):
        add_step(challenge=chosen, text="Nog een", where="", by=noor)


def test_another_ones_step_stays(chosen: Challenge, group: Any, noor: Any) -> None:
    other = world.make_participating(group, since=chosen.chosen_on, number=2)
    row = choose_challenge(
        trajectory=other,
        text="Ik bel",
        by=other.participant.user,
        sureness=2,
        way=Way.FIVE_MINUTES,
    )
    drop_step(challenge=chosen, step=row.steps.get().pk, by=noor)
    assert row.steps.get().dropped_at is None


# ---- Moments -------------------------------------------------------------------------------


def test_markup_emoji_and_arabic_are_words(noor: Any) -> None:
    for words in ("<script>alert(1)</script>", "Ik zeg hoi 👋🏽", "أنا أسأل سؤالا"):
        of(noor).post(reverse(CHOOSE), {"text": words})
    page = read(noor, "challenges:mine")
    assert "<script>alert(1)" not in page
    assert "“<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>”" in page
    assert "<bdi>Ik zeg hoi 👋🏽</bdi>" in page
    assert "<bdi>أنا أسأل سؤالا</bdi>" in page


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"phase": "trial"}, "Als je meedoet in de groep"),
        ({"blocked_reason": "parent_missing"}, "Er moet eerst iets geregeld worden"),
        ({"phase": "leaving"}, "Je gaat zelf verder"),
    ],
)
def test_who_cannot_choose_now_reads_why(
    stay: Trajectory, noor: Any, facts: dict[str, str], said: str
) -> None:
    put(stay, **facts)
    answer = of(noor).get(reverse(CHOOSE), follow=True)
    assert answer.redirect_chain
    assert said in answer.content.decode()
    of(noor).post(reverse(CHOOSE), {"text": WORDS})
    assert not Challenge.objects.exists()


@pytest.mark.req("R-158")
def test_several_go_on_beside_each_other_up_to_five(noor: Any) -> None:
    for n in range(5):
        of(noor).post(reverse(CHOOSE), {"text": f"Ik probeer iets {n}"})
    page = read(noor, "challenges:mine")
    assert page.count('class="card going"') == 5
    assert reverse(CHOOSE) not in page
    late = of(noor).post(reverse(CHOOSE), {"text": "Nog een"})
    assert late.status_code == 422
    assert "Nog een</textarea>" in late.content.decode()
