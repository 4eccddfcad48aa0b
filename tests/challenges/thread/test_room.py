"""Who stands where on the thread: no database, and nothing covers another thing."""

from datetime import date, timedelta
from itertools import combinations, pairwise
from uuid import UUID, uuid4

import pytest
from django.utils.translation import override

from challenges.thread.as_table import lines
from challenges.thread.axis import axis_of
from challenges.thread.drawing import LEFT, RIGHT, TALLEST, Drawing, draw
from challenges.thread.entries import Helped, Practised, Seen, Thought, Thread, Told, Tried
from challenges.thread.room import bars, changes, clusters, fitting, labels, width_of

SINCE, TODAY = date(2026, 3, 6), date(2026, 9, 18)


def seen(day: date, text: str = "alleen op de bank") -> Seen:
    return Seen(uuid4(), day, text)


def row(drawing: Drawing, kind: str) -> object:
    return next(one for one in drawing.rows if one.kind == kind)


def apart(spans: list[tuple[int, int]]) -> bool:
    return all(a[1] <= b[0] or b[1] <= a[0] for a, b in combinations(sorted(spans), 2))


def text_spans(drawing: Drawing, kind: str) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for one in row(drawing, kind).texts:  # type: ignore[attr-defined]
        half = width_of(one.text) // 2
        found.setdefault(one.y, []).append((one.x - half, one.x + half))
    return found


# ---- Months -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "today", "names"),
    [
        (SINCE, TODAY, "mrt apr mei jun jul aug sep"),
        (TODAY, TODAY, "sep okt nov dec"),  # one entry has room
        (date(2026, 11, 20), date(2027, 2, 3), "nov 2026|dec|jan 2027|feb"),
    ],
)
def test_every_month_has_its_name_and_a_new_year_its_number(
    first: date, today: date, names: str
) -> None:
    with override("nl"):
        ticks = axis_of([first], today, left=LEFT, right=RIGHT).ticks
    assert [tick.text for tick in ticks] == names.split("|" if "|" in names else " ")


def test_three_years_have_a_name_every_third_month() -> None:
    with override("nl"):
        ticks = axis_of([date(2023, 9, 1)], date(2026, 8, 30), left=LEFT, right=RIGHT).ticks
    assert len(ticks) == 12
    assert [tick.text for tick in ticks][:3] == ["sep 2023", "dec", "mrt"]
    assert min(b.x - a.x for a, b in pairwise(ticks)) > width_of("sep 2023")


@pytest.mark.parametrize("years", [4, 6, 12])
def test_however_long_no_two_names_of_months_touch(years: int) -> None:
    axis = axis_of([date(2014, 1, 1)], date(2014 + years, 1, 1), left=LEFT, right=RIGHT)
    xs = [tick.x for tick in axis.ticks]
    assert all(b - a > width_of("jan 2014") for a, b in pairwise(xs))


def test_a_day_outside_stands_at_the_edge_and_a_later_one_never_before_an_earlier() -> None:
    axis = axis_of([SINCE], TODAY, left=LEFT, right=RIGHT)
    assert axis.x(date(2020, 1, 1)) == LEFT
    assert axis.x(date(2030, 1, 1)) == RIGHT
    days = [SINCE + timedelta(days=n) for n in range(190)]
    xs = [axis.x(day) for day in days]
    assert xs == sorted(xs)


# ---- Labels and bars --------------------------------------------------------------------------


def test_labels_that_would_touch_go_to_the_next_lane_or_are_left_out() -> None:
    wanted = [(300 + 20 * n, "kent het spel niet") for n in range(6)]
    found = labels(wanted, left=LEFT, right=RIGHT, lanes=2)
    assert len(found) == 2
    for lane in (0, 1):
        half = width_of("kent het spel niet") // 2
        assert apart([(one.x - half, one.x + half) for one in found if one.lane == lane])


def test_a_label_at_the_edge_moves_inwards_and_a_long_one_ends_in_dots() -> None:
    (first,) = labels([(LEFT, "alleen op de bank")], left=LEFT, right=RIGHT, lanes=1)
    assert first.x - width_of(first.text) // 2 >= LEFT
    (last,) = labels([(RIGHT, "woord " * 40)], left=LEFT, right=RIGHT, lanes=1)
    assert last.text.endswith("…")
    assert last.x + width_of(last.text) // 2 <= RIGHT
    assert fitting("abcdef", 10) == ""


def test_bars_of_one_time_stand_below_each_other_and_their_words_touch_nothing() -> None:
    spans = [(300 + 5 * n, 330 + 5 * n, "weet niet hoe (kunnen)") for n in range(8)]
    placed, lanes = bars(spans, left=LEFT, right=RIGHT)
    assert lanes == 8
    assert {one.lane for one in placed} == set(range(8))
    assert all(one.text for one in placed)
    apart_in_time = [(200, 400, "een"), (450, 600, "twee"), (700, 900, "drie")]
    assert bars(apart_in_time, left=LEFT, right=RIGHT)[1] == 1


def test_a_short_bar_at_the_end_has_its_words_in_front_of_it() -> None:
    ((bar,), _lanes) = bars([(RIGHT - 4, RIGHT, "“Ik neem initiatief”")], left=LEFT, right=RIGHT)
    assert bar.before
    assert bar.text == "“Ik neem initiatief”"
    assert bar.x + bar.width <= RIGHT
    assert bar.text_x < bar.x


def test_the_same_help_is_named_where_it_changes() -> None:
    said = [(1, "voordoen"), (2, "voordoen"), (3, "hint"), (4, "voordoen")]
    assert changes(said) == [(1, "voordoen"), (3, "hint"), (4, "voordoen")]


def test_what_would_cover_each_other_is_one_mark_with_a_number() -> None:
    assert [(one.x, one.count) for one in clusters([(1, "a"), (5, "b"), (40, "c")], 10)] == [
        (1, 2),
        (40, 1),
    ]


# ---- The whole --------------------------------------------------------------------------------


def full(entries: int, days: int = 190, *, one_day: bool = False) -> Thread:
    step = 0 if one_day else max(days // entries, 1)
    on = [SINCE + timedelta(days=step * n) for n in range(entries)]
    grounds = tuple(seen(day) for day in on)
    idea = Thought(uuid4(), on[0], "weet niet hoe", "", grounds=tuple(one.key for one in grounds))
    tried = tuple(
        Tried(uuid4(), day, "Ik stel een vraag", None, rests_on=idea.key, practised=notes)
        for day, notes in (
            (on[0], tuple(Practised(day, "gelukt", inside=True) for day in on)),
            (on[-1], ()),
        )
    )
    return Thread(
        SINCE,
        SINCE + timedelta(days=days),
        seen=grounds,
        thought=(idea,),
        tried=tried,
        helped=tuple(Helped(day, f"vorm {n % 4}", n % 3 + 1) for n, day in enumerate(on)),
        told=tuple(Told(day, "soms", "Tussenmeting", n % 5 / 4) for n, day in enumerate(on)),
        question="Ik leg gemakkelijk contact",
    )


@pytest.mark.parametrize(
    "thread",
    [full(1), full(3), full(30), full(30, one_day=True), full(30, 3 * 365)],
    ids=["one entry", "three", "thirty", "thirty on one day", "three years"],
)
def test_nothing_stands_outside_and_no_two_labels_touch(thread: Thread) -> None:
    drawing = draw(thread)
    for one in drawing.rows:
        assert one.bottom > one.top
        for label in one.texts:
            assert LEFT <= label.x <= RIGHT
            assert one.top < label.y <= one.bottom
        for mark in one.marks:
            assert LEFT <= mark.x <= RIGHT
            assert one.top <= mark.y <= one.bottom
        for spans in text_spans(drawing, one.kind).values():
            assert apart(spans)
    tops = [(one.top, one.bottom) for one in drawing.rows]
    assert all(a[1] == b[0] for a, b in pairwise(tops))
    assert drawing.height < 900, "five rows, on one screen of a desk"


def test_thirty_on_one_day_are_one_mark_that_says_thirty() -> None:
    (mark,) = row(draw(full(30, one_day=True)), "seen").marks  # type: ignore[attr-defined]
    assert mark.count == 30


def test_the_table_has_all_that_the_drawing_merges() -> None:
    thread = full(30, one_day=True)
    found = lines(thread)
    assert sum(line.kind == "seen" for line in found) == 30
    assert sum(line.kind == "helped" for line in found) == 30
    assert [line.day for line in found] == sorted(line.day for line in found)


def test_lines_lead_from_what_was_seen_to_what_is_thought_and_on_to_what_is_tried() -> None:
    drawing = draw(full(3))
    assert [kind for _path, kind in drawing.links].count("seen") == 3
    assert [kind for _path, kind in drawing.links].count("thought") == 2


@pytest.mark.req("R-174")
def test_less_intensive_help_is_lower_and_one_without_an_order_in_between() -> None:
    on = [SINCE + timedelta(days=40 * n) for n in range(4)]
    helped = (Helped(on[0], "voordoen", 1), Helped(on[1], "hint", 2), Helped(on[2], "uitdagen", 4))
    drawing = draw(Thread(SINCE, TODAY, helped=(*helped, Helped(on[3], "eigen"))))
    marks = row(drawing, "helped").marks  # type: ignore[attr-defined]
    first, second, third, own = (mark.height for mark in marks)
    assert first == TALLEST
    assert first > second > own > third


@pytest.mark.req("R-213")
def test_what_is_told_is_words_and_what_is_no_answer_breaks_the_line() -> None:
    days = [SINCE + timedelta(days=60 * n) for n in range(3)]
    told = (
        Told(days[0], "zelden", "Nulmeting", 0.25),
        Told(days[1], "liever niet", "Tussenmeting 1", None),
        Told(days[2], "soms", "Tussenmeting 2", 0.5),
    )
    found = row(draw(Thread(SINCE, TODAY, told=told, question="?")), "told")
    assert found.path.count("M") == 2  # type: ignore[attr-defined]
    assert [one.text for one in found.texts] == [f"{t.wave}: {t.words}" for t in told]  # type: ignore[attr-defined]
    said = "".join(one.says for one in found.marks)  # type: ignore[attr-defined]
    assert not any(letter.isdigit() for letter in said.replace("Tussenmeting 2", ""))


def test_nothing_at_all_is_no_drawing_to_fall_over() -> None:
    thread = Thread(SINCE, TODAY)
    assert thread.is_empty
    assert len(draw(thread).rows) == 4
    assert lines(thread) == []


def test_what_was_let_go_ends_on_its_day() -> None:
    key = UUID(int=1)
    ended = Thought(key, SINCE, "durft niet", "", until=date(2026, 5, 12), ended="losgelaten")
    goes_on = Thought(UUID(int=2), SINCE, "weet niet hoe", "")
    spans = row(draw(Thread(SINCE, TODAY, thought=(ended, goes_on))), "thought").spans  # type: ignore[attr-defined]
    assert spans[0].bar.width < spans[1].bar.width
    assert spans[0].ended
    assert "losgelaten" in spans[0].bar.text
