"""The talks about a challenge on its thread: how practising goes, how satisfied, what comes."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from challenges.privacy import erase_person
from challenges.thread.as_table import Line, by_number, lines
from challenges.thread.cards import for_the_talk
from challenges.thread.disguise import disguised
from challenges.thread.drawing import Span, draw
from challenges.thread.entries import Practised, Talked, Thread, Tried
from challenges.thread.masking import Known, Mask
from challenges.thread.reading import thread_of
from participants.rights.privacy import person_of
from tests import world
from tests.challenges.thread.conftest import SINCE, TALKED, TODAY, TRIED, Scene, make_scene

MAY, AUGUST = date(2026, 5, 8), date(2026, 8, 28)


def thread(*talked: Talked, **more: Any) -> Thread:
    return Thread(SINCE, TODAY, tried=(tried(*talked, **more),))


def tried(*talked: Talked, text: str = "Ik stel een vraag", **more: Any) -> Tried:
    return Tried(uuid4(), MAY, text, talked=talked, **more)


def talks(found: Thread) -> list[Line]:
    return [line for line in lines(found) if line.name == "Gesprek"]


def spans(found: Thread) -> tuple[Span, ...]:
    return next(row.spans for row in draw(found).rows if row.kind == "tried")


# ---- In the table ------------------------------------------------------------------------------


@pytest.mark.req("R-168", "R-169")
def test_a_talk_is_a_row_with_its_words_how_satisfied_and_what_was_chosen() -> None:
    (line,) = talks(thread(Talked(AUGUST, "Durft iets te vragen.", 7, "met deze verdergaan")))
    assert (line.day, line.when, line.kind) == (AUGUST, "28 augustus", "tried")
    assert line.text == "Durft iets te vragen."
    assert line.more == ("Tevreden: 7 van de 10 · met deze verdergaan",)


@pytest.mark.req("R-168")
def test_of_two_challenges_it_says_which_one_was_talked_about() -> None:
    found = Thread(SINCE, TODAY, tried=(tried(Talked(AUGUST, "Gaat goed.")), tried(text="Ik bel")))
    (line,) = talks(found)
    assert line.more == ("“Ik stel een vraag”",)


@pytest.mark.req("R-168")
@pytest.mark.parametrize(
    ("talked", "text"),
    [
        (Talked(AUGUST, "", 7, "een nieuwe kiezen"), "Tevreden: 7 van de 10 · een nieuwe kiezen"),
        (Talked(AUGUST, "", 0), "Tevreden: 0 van de 10"),
        (Talked(AUGUST, "", None, "een nieuwe kiezen"), "Een nieuwe kiezen"),
        (Talked(AUGUST), "Er staat niets bij."),
    ],
    ids=["no words", "not satisfied at all", "only what was chosen", "nothing is left of it"],
)
def test_without_words_the_row_says_what_is_known(talked: Talked, text: str) -> None:
    (line,) = talks(thread(talked))
    assert (line.text, line.more) == (text, ())


# ---- In the drawing ----------------------------------------------------------------------------


@pytest.mark.req("R-168")
def test_a_talk_stands_on_the_bar_of_its_challenge_and_covers_nothing() -> None:
    noted = tuple(Practised(MAY + timedelta(days=7 * n), "gelukt", inside=True) for n in range(20))
    every = tuple(Talked(note.day, "Gaat goed.", 6) for note in noted)
    found = Thread(
        SINCE, TODAY, tried=(tried(*every, practised=noted), tried(*every, text="Ik bel"))
    )
    first, second = spans(found)
    for span in (first, second):
        for mark in span.talks:
            assert span.bar.x < mark.x - mark.half
            assert mark.x + mark.half < span.bar.x + span.bar.width
            assert span.y < mark.y < span.y + 36, "it touches its bar"
            assert all(dot.y + 5 <= mark.y for dot in span.dots)
    assert max(mark.bottom for mark in first.talks) < second.y
    row = next(row for row in draw(found).rows if row.kind == "tried")
    assert max(mark.bottom for mark in second.talks) < row.bottom


@pytest.mark.req("R-168")
def test_talks_of_one_week_are_one_mark_that_says_both() -> None:
    (span,) = spans(thread(Talked(AUGUST, "", 5), Talked(AUGUST + timedelta(days=1), "", 8)))
    (mark,) = span.talks
    assert mark.says == "Gesprek. Tevreden: 5 van de 10; Gesprek. Tevreden: 8 van de 10"


@pytest.mark.req("R-168")
def test_a_talk_after_the_end_stands_at_the_end_of_its_bar() -> None:
    (span,) = spans(thread(Talked(AUGUST, "Is klaar.", 9), until=date(2026, 6, 5)))
    (mark,) = span.talks
    assert mark.x + mark.half < span.bar.x + span.bar.width


def test_without_talks_the_drawing_is_as_high_as_it_was() -> None:
    two = Thread(SINCE, TODAY, tried=(tried(), tried(text="Ik bel")))
    talked = Thread(SINCE, TODAY, tried=(tried(Talked(AUGUST)), tried(text="Ik bel")))
    assert draw(two).height < draw(talked).height
    assert [span.talks for span in spans(two)] == [(), ()]


def test_the_months_reach_to_the_day_of_a_talk() -> None:
    later = TODAY + timedelta(days=60)
    assert later in thread(Talked(later)).days


# ---- On the card ------------------------------------------------------------------------------


@pytest.mark.req("R-128")
def test_the_next_talk_starts_from_the_last_one() -> None:
    found = thread(Talked(AUGUST, "Gaat goed.", 7), Talked(MAY, "Vindt het eng.", 3))
    (line,) = for_the_talk("Casey", found)
    assert line.endswith("Laatste gesprek hierover: 28 augustus. Tevreden: 7 van de 10.")
    (line,) = for_the_talk("Casey", thread(Talked(AUGUST, "Gaat goed.")))
    assert line.endswith("Laatste gesprek hierover: 28 augustus.")


@pytest.mark.req("R-268")
def test_of_two_talks_in_one_part_of_a_month_the_later_one_is_the_last() -> None:
    real = thread(Talked(AUGUST - timedelta(days=5), "", 3), Talked(AUGUST, "", 7))
    (line,) = for_the_talk("Beuk 47", disguised(real, Mask("Beuk 47")), by_number)
    assert line.endswith("Laatste gesprek hierover: eind maand 6. Tevreden: 7 van de 10.")


# ---- On the page ------------------------------------------------------------------------------


@pytest.fixture
def talked(scene: Scene) -> Scene:
    (challenge,) = scene.casey.challenges.all()
    scene.talked(challenge, date(2026, 6, 5), how_it_goes="", satisfaction=4)
    scene.talked(challenge, AUGUST)
    return scene


@pytest.mark.req("R-168", "R-169")
def test_both_workers_read_the_talks_in_the_drawing_the_table_and_the_card(talked: Scene) -> None:
    for worker in (talked.fleur, talked.daan):
        page = talked.page(worker)
        assert TALKED in page
        assert page.count('class="thread__talk"') == 2
        for n in (4, 7):
            said = f"Tevreden: {n} van de 10 · met deze verdergaan"
            assert page.count(said) == 2, "on the mark and in the table"
        assert "Laatste gesprek hierover: 28 augustus. Tevreden: 7 van de 10." in page
        assert "thread__legend" in page
        assert "Gesprek over de challenge" in page


def test_the_marks_are_explained_where_there_are_any(db: None) -> None:
    scene = make_scene()
    challenge = scene.tried(MAY)
    assert "thread__legend" not in scene.page(scene.fleur)
    scene.practised(challenge, MAY)
    page = scene.page(scene.fleur)
    assert "thread__legend" in page
    assert "Gesprek over de challenge" not in page


@pytest.mark.req("R-154")
def test_what_was_felt_and_where_and_what_was_taken_back_stays_out(talked: Scene) -> None:
    (challenge,) = talked.casey.challenges.all()
    talked.practised(challenge, TODAY, felt="Ik was bang", place="bij oma", did="Belde aan")
    talked.practised(challenge, TODAY, did="Liep weg", taken_back_at=challenge.notes.first().at)
    page = talked.page(talked.fleur)
    assert "Belde aan" in page
    for words in ("Ik was bang", "bij oma", "Liep weg"):
        assert words not in page


@pytest.mark.req("R-154")
def test_a_talk_with_somebody_else_stands_on_no_other_thread(talked: Scene) -> None:
    assert TALKED not in talked.page(talked.fleur, "thread", talked.riley.pk)


def test_whoever_was_erased_leaves_talks_without_words(talked: Scene) -> None:
    erase_person(person_of(talked.casey.participant), talked.fleur)
    (found,) = thread_of(talked.casey).tried
    assert [(one.text, one.satisfied) for one in found.talked] == [("", 4), ("", 7)]
    assert len(talks(thread_of(talked.casey))) == 2


# ---- Under another name -----------------------------------------------------------------------


@pytest.mark.req("R-268")
def test_in_a_disguised_talk_no_name_and_no_day_is_left() -> None:
    mask = Mask("Beuk 47", Known(person=("Casey",), others=("Riley",)))
    real = thread(Talked(AUGUST, "Casey durft het, zei Riley", 7, "met deze verdergaan"))
    found = disguised(real, mask)
    said = repr(found.tried) + repr(lines(found, by_number)) + repr(draw(found, numbered=True))
    for name in ("Casey", "Riley", "2026", "augustus"):
        assert name not in said
    (line,) = (one for one in lines(found, by_number) if one.name == "Gesprek")
    assert line.text == "Beuk 47 durft het, zei een andere deelnemer (A)"
    assert line.more == ("Tevreden: 7 van de 10 · met deze verdergaan",)
    assert line.when == "eind maand 6"


@pytest.mark.req("R-268")
def test_in_coaching_the_talks_stand_on_it_without_the_names(talked: Scene) -> None:
    world.eyes(talked.fleur).post(talked.at("discuss"), {"act": "share", "days": 14})
    karim = world.make_coordinator(talked.group.location.region)
    row = talked.casey.thread_sharings.get()
    page = talked.page(karim, "under_another_name", row.pk)
    assert f"{row.pseudonym} durft het nu ook als een andere deelnemer (A) niet kijkt" in page
    assert page.count('class="thread__talk"') == 2
    assert "Tevreden: 7 van de 10" in page
    for name in ("Casey", "Riley", "Fleur", "augustus", TRIED):
        assert name not in page
