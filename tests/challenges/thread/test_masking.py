"""Under another name: no database, only names and sentences."""

from datetime import date
from uuid import uuid4

import pytest

from challenges.thread.as_table import by_number, lines
from challenges.thread.disguise import NO_DAY, coarse, disguised
from challenges.thread.drawing import draw
from challenges.thread.entries import Practised, Seen, Thought, Thread, Told, Tried
from challenges.thread.masking import Known, Mask
from challenges.thread.sharing import PLANTS, draw_name

pytestmark = pytest.mark.req("R-268")

KNOWN = Known(
    person=("Casey", "Casey van der Meer", "Casey M."),
    others=("Riley", "Zoë", "Ben", "Anne-Fleur"),
    workers=("Fleur Jansen", "Daan Mulder"),
    places=("Groep 12-16", "De Kegel", "Utrecht"),
)


def masked(text: str) -> str:
    return Mask("Beuk 47", KNOWN)(text)


A = "een andere deelnemer (A)"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Casey zat op de bank", "Beuk 47 zat op de bank"),
        ("CASEY en casey", "Beuk 47 en Beuk 47"),
        ("Caseys jas, Casey's tas", "Beuk 47s jas, Beuk 47's tas"),
        ("mevrouw Van der Meer belde", "mevrouw Van der Beuk 47 belde"),
        ("Riley vroeg het", f"{A} vroeg het"),
        ("Zoe en Zoë", f"{A} en {A}"),
        ("Fleur Jansen deed voor, dan Jansen", "een begeleider deed voor, dan een begeleider"),
        ("Anne-Fleur was er", f"{A} was er"),
        ("in De Kegel in Utrecht bij Groep 12-16", "in de groep in de groep bij de groep"),
        ("caseyachtig, Rileyland", "caseyachtig, Rileyland"),
        ("", ""),
        ("Bel 06 1234 5678 of riley@example.org", "Bel … of …"),
    ],
)
def test_known_names_are_out(written: str, read: str) -> None:
    assert masked(written) == read


def test_a_name_that_is_also_a_word_is_out_where_it_is_written_as_a_name() -> None:
    assert masked("ik ben er, zei Ben") == f"ik ben er, zei {A}"


def test_a_letter_says_who_came_up_first_and_no_place_in_the_alphabet() -> None:
    """Whoever has the list of the group, as a coordinator does, counts along it."""
    known = Known(person=("Casey",), others=("Amir", "Evi", "Ilse", "Riley", "Zoë"))
    mask = Mask("Beuk 47", known)
    assert mask("Zoë hielp Riley") == f"{A} hielp een andere deelnemer (B)"
    assert mask("Riley en Zoë") == f"een andere deelnemer (B) en {A}", "the same all along"
    assert mask("Amir ook") == "een andere deelnemer (C) ook"


def test_a_person_named_as_a_worker_keeps_the_own_name() -> None:
    mask = Mask("Beuk 47", Known(person=("Fleur",), workers=("Fleur Jansen",)))
    assert mask("Fleur") == "Beuk 47"


def test_the_name_is_drawn_by_lot_from_more_than_two_thousand() -> None:
    assert len(PLANTS.split()) * 90 > 2000
    assert len({draw_name() for _ in range(40)}) > 30


@pytest.mark.parametrize(
    ("day", "third"), [(1, 5), (10, 5), (11, 15), (20, 15), (21, 25), (31, 25)]
)
def test_a_day_is_no_more_than_a_third_of_a_month(day: int, third: int) -> None:
    first = date(2026, 3, 30)
    assert coarse(date(2026, 5, day), first) == date(2000, 3, third)
    assert coarse(first, first).replace(day=1) == NO_DAY


def test_nothing_of_the_person_is_left_in_the_drawing_or_the_table() -> None:
    day, until = date(2026, 3, 13), date(2026, 5, 8)
    ground = Seen(uuid4(), day, "Casey keek", "", "Riley lachte", ("Casey blij",), ("Fleur weg",))
    thought = Thought(
        uuid4(),
        day,
        "weet niet hoe",
        "Casey durft",
        until,
        "losgelaten",
        "losgelaten",
        until,
        "zei Casey",
    )
    notes = (Practised(until, "gelukt", inside=True, text="bij Riley thuis"),)
    thread = Thread(
        since=date(2026, 3, 6),
        today=date(2026, 9, 18),
        seen=(ground,),
        thought=(thought,),
        tried=(Tried(uuid4(), day, "Ik vraag Riley iets", until, "gelukt", practised=notes),),
        told=(Told(day, "zelden", "Nulmeting", 0.2),),
        question="Ik leg gemakkelijk contact",
    )
    found = disguised(thread, Mask("Beuk 47", KNOWN))
    said = repr(found) + repr(lines(found, by_number)) + repr(draw(found, numbered=True))
    for name in ("Casey", "Riley", "Fleur", "2026", "Nulmeting", "zelden"):
        assert name not in said
    assert "maand 1" in said


def test_an_answer_to_a_questionnaire_never_goes_along() -> None:
    told = (Told(date(2026, 3, 13), "zelden", "Nulmeting", 0.2),)
    found = disguised(
        Thread(date(2026, 3, 6), date(2026, 9, 18), told=told, question="?"), Mask("Beuk 47", KNOWN)
    )
    assert found.told == ()
    assert found.question == ""


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Yıldız", "Yıldız en Yildiz en YILDIZ"),
        ("Yildiz", "Yıldız en Yildiz en YILDIZ"),
        ("İlkay", "İlkay en Ilkay en ilkay"),
        ("Strauß", "Strauß en strauß en STRAUß"),
        ("Łukasz", "Łukasz en Lukasz en łukasz"),
    ],
)
def test_letters_of_another_alphabet_hide_no_name_and_break_nothing(
    name: str, written: str
) -> None:
    mask = Mask("Beuk 47", Known(person=(name,)))
    assert mask(written) == "Beuk 47 en Beuk 47 en Beuk 47"
