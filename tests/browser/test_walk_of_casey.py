"""The practice example of the programme, from the first thing seen to a challenge that is done.

Two evenings on which Casey sits by herself, two explanations side by side, a talk, her own
challenge *Ik stel een vraag*, support that grows lighter, and the thread that shows it all.
"""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from challenges.models import Challenge, Hypothesis, Observation, SupportUse
from challenges.reference import load_reference
from core import clock
from participants.models import Trajectory
from tests import world
from tests.browser.conftest import Enter
from tests.fixtures.browser import PageAt

FIRST = date(2026, 9, 4)
EVENINGS = [FIRST + timedelta(weeks=2 * n) for n in range(6)]
PLEASANT = (
    "Casey wordt niet afgewezen door de groep.",
    "Casey zegt of doet niets wat anderen misschien gek vinden.",
    "Casey merkt dat de spanning zakt.",
)
HARD = (
    "Casey voelt zich alleen.",
    "De negatieve gedachten nemen toe.",
    "Casey leert niet hoe je contact legt.",
    "De spanning om mee te doen neemt toe.",
)
AFRAID = "Casey denkt dat de anderen haar niet leuk vinden en blijft daarom zitten."
NOT_KNOWING = "Casey weet niet hoe je vraagt of je mee mag doen en blijft daarom zitten."
CHALLENGE = "Ik stel een vraag"
#: A minute to write what was seen; ninety seconds to word a challenge (both without thinking).
OBSERVED_IN, WORDED_IN = 60, 90


class Casey:
    """Her group on its evenings, and the browser of whoever it is about."""

    def __init__(self, page_at: PageAt, enter: Enter, to: Callable[[datetime], None]) -> None:
        self.page_at, self.enter, self.move = page_at, enter, to
        self.page: Any = None
        to(clock.at(FIRST, 18))
        load_reference()
        self.group = world.make_group(name="Groep van Casey")
        self.fleur = world.make_worker(self.group, "Fleur Jansen")
        self.daan = world.make_worker(self.group, "Daan Mulder")
        since = FIRST - timedelta(days=20)
        self.stay = world.make_participating(self.group, since=since, call_name="Casey", age=17)
        world.give_own_agreements(self.stay)
        self.meetings = [world.make_meeting(self.group, day) for day in EVENINGS]

    def evening(self, number: int, hour: int = 20) -> Any:
        """It is evening `number`, counted from nought."""
        self.move(clock.at(EVENINGS[number], hour))
        return self.meetings[number]

    def browser(self, user: Any, width: int = 390) -> Any:
        """One at a time: whoever had it before is done."""
        if self.page is not None:
            self.page.context.close()
        self.page = self.page_at(width, 844 if width == 390 else 900)
        self.enter(self.page, user)
        return self.page

    def of_her(self, name: str) -> str:
        return reverse(name, args=[self.stay.pk])


def press(page: Any, words: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=words, exact=True).click()


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-146", "R-150", "R-151", "R-157", "R-160", "R-162", "R-168", "R-174")
def test_from_the_first_observation_to_a_challenge_that_is_done(
    page_at: PageAt, enter: Enter, move_clock: Callable[[datetime], None]
) -> None:
    casey = Casey(page_at, enter, move_clock)
    see_it_twice(casey)
    think_about_it(casey)
    talk_about_it(casey)
    choose(casey)
    support(casey)
    practise(casey)
    finish(casey)
    read_the_thread(casey)


def see_it_twice(casey: Casey) -> None:
    """From the attendance sheet, within a minute; the second time one line and later the rest."""
    meeting = casey.evening(0)
    phone = casey.browser(casey.fleur)
    phone.goto(reverse("groups:person", args=[meeting.pk, casey.stay.pk]))
    began = time.monotonic()
    with phone.expect_navigation():
        phone.locator(f"main a[href^='{casey.of_her('challenges:observe')}']").click()
    phone.fill("[name=behaviour]", "Casey zit alleen op de bank.")
    phone.locator(".observe__more > summary").click()
    phone.fill("[name=antecedent]", "Alle deelnemers doen een spel.")
    for kind, lines in (("positive", PLEASANT), ("negative", HARD)):
        for number, words in enumerate(lines):
            phone.fill(f"[name={kind}_{number}]", words)
    press(phone, "Observatie opslaan")
    assert time.monotonic() - began < OBSERVED_IN
    (seen,) = Observation.objects.all()
    assert (seen.trajectory, seen.meeting) == (casey.stay, meeting)
    assert [one.text for one in seen.consequences.all()] == [*PLEASANT, *HARD]

    casey.evening(1)
    phone = casey.browser(casey.daan)
    phone.goto(casey.of_her("challenges:observe") + "?van=blad")
    phone.fill("[name=behaviour]", "Casey kijkt toe en loopt naar de keuken.")
    press(phone, "Onthouden")
    phone.goto(reverse("challenges:remembered"))
    with phone.expect_navigation():
        phone.locator("main a", has_text="Uitwerken").first.click()
    phone.fill("[name=antecedent]", "De groep kiest teams voor een spel.")
    phone.fill("[name=negative_0]", "Casey hoort nergens bij.")
    press(phone, "Observatie opslaan")
    assert Observation.objects.count() == 2


def think_about_it(casey: Casey) -> None:
    """At a desk, two explanations side by side; the other worker says of each what he thinks."""
    casey.move(clock.at(EVENINGS[1] + timedelta(days=3), 10))
    desk = casey.browser(casey.fleur, 1440)
    for text, mechanism in (
        (AFRAID, "negative_cognitions"),
        (NOT_KNOWING, "social_skills_deficit"),
    ):
        desk.goto(casey.of_her("challenges:new_hypothesis"))
        desk.fill("[name=text]", text)
        desk.check(f"[value={mechanism}]")
        for box in desk.locator("[name=rests_on]").all():
            box.check()
        press(desk, "Opslaan")
    expect(desk.locator(".think__side-by-side article")).to_have_count(2)
    expect(desk.locator("main")).not_to_contain_text("rust nog niet op twee observaties")

    desk = casey.browser(casey.daan, 1440)
    for row in Hypothesis.objects.all():
        desk.goto(reverse("challenges:hypothesis", args=[row.pk]))
        press(desk, "Mee eens")
        expect(desk.locator("main")).to_contain_text("Jullie zijn het hierover eens.")


def talk_about_it(casey: Casey) -> None:
    """Casey does not know the game, nor what to ask: one explanation is let go, one stands."""
    casey.evening(2, 19)
    phone = casey.browser(casey.fleur)
    for text, act in ((AFRAID, "Losgelaten"), (NOT_KNOWING, "Herkend")):
        row = next(one for one in Hypothesis.objects.all() if one.text == text)
        phone.goto(reverse("challenges:hypothesis", args=[row.pk]))
        phone.fill("[name=outcome_text]", "Casey kent het spel niet en weet niet wat je vraagt.")
        press(phone, act)
    outcomes = {one.text: one.outcome for one in Hypothesis.objects.all()}
    assert outcomes == {AFRAID: "dropped", NOT_KNOWING: "confirmed"}


def choose(casey: Casey) -> None:
    """On her own phone, from an example, made smaller because she is not sure; no label is seen."""
    phone = casey.browser(casey.stay.participant.user)
    began = time.monotonic()
    phone.goto(reverse("challenges:choose"))
    expect(phone.locator("main")).to_contain_text("regiocoördinator")
    expect(phone.locator(".examples")).to_have_attribute("open", "")  # under 18 they are in sight
    phone.locator("[data-example]", has_text=CHALLENGE).first.click()
    assert CHALLENGE in phone.input_value("[name=text]")
    phone.locator(".ten .choice", has_text="5").click()
    phone.locator(".smaller .choice").first.click()
    with phone.expect_navigation():
        phone.locator("main form.choose button").last.click()
    assert time.monotonic() - began < WORDED_IN
    chosen = Challenge.objects.get()
    assert (chosen.text, chosen.state, chosen.sureness) == (CHALLENGE, "going", 5)
    for page in ("challenges:mine", "home:today"):
        phone.goto(reverse(page))
        expect(phone.locator("main")).to_contain_text(CHALLENGE)
        for label in ("sociale vaardigheden", "negatie", "mechanisme"):
            expect(phone.locator("main")).not_to_contain_text(label)


def support(casey: Casey) -> None:
    """Shown first, then a hint with a wink, then an agreement at the start: ever lighter."""
    row = next(one for one in Hypothesis.objects.all() if one.text == NOT_KNOWING)
    desk = casey.browser(casey.fleur, 1440)
    desk.goto(reverse("challenges:hypothesis", args=[row.pk]))
    with desk.expect_navigation():
        desk.locator("button[value=link]").click()
    for number, forms in ((3, ["modelling"]), (4, ["prompt", "rewarding"]), (5, ["challenging"])):
        meeting = casey.evening(number, 17)
        desk = casey.browser(casey.fleur, 1440)
        there = reverse("challenges:preparation", args=[meeting.pk])
        desk.goto(there)
        mine = desk.locator(f"#about-{casey.stay.pk}")
        expect(mine).to_contain_text(CHALLENGE)
        mine.locator("textarea").first.fill("Casey vraagt iets over de regels.")
        for summary in mine.locator("summary").all():
            summary.click()
        for form in forms:
            mine.locator(f"[name^=planned_][value={form}]").check(force=True)
        expect(desk.locator("#saved")).to_contain_text("Opgeslagen")
        casey.evening(number, 21)
        phone = casey.browser(casey.fleur)
        for form in forms:
            phone.goto(there)
            phone.locator(f"button[name=used][value='{casey.stay.pk}.{form}']").click()
            used = phone.locator(f"#about-{casey.stay.pk} button[name=not_used]")
            expect(used).to_have_count(forms.index(form) + 1)
    given = SupportUse.objects.in_force().order_by("meeting__date", "form__order")
    assert [use.form_id for use in given] == ["modelling", "prompt", "rewarding", "challenging"]
    desk = casey.browser(casey.daan, 1440)
    desk.goto(casey.of_her("challenges:support_of_stay"))
    expect(desk.locator("main")).to_contain_text("De ondersteuning is lichter geworden.")


def practise(casey: Casey) -> None:
    """Her own taps: first in part, then it worked."""
    chosen = Challenge.objects.get()
    for words in ("Deels", "Gelukt"):
        phone = casey.browser(casey.stay.participant.user)
        phone.goto(reverse("challenges:practised", args=[chosen.pk]))
        press(phone, words)
        phone.fill("[name=did]", "Ik vroeg aan Noor hoe het spel gaat.")
        press(phone, "Opslaan")
    phone.goto(reverse("challenges:dared"))
    expect(phone.locator("main")).to_contain_text("Ik vroeg aan Noor hoe het spel gaat.")


def finish(casey: Casey) -> None:
    """The talk closes the last one; the worker is offered the goodbye, and nobody leaves by it."""
    chosen = Challenge.objects.get()
    desk = casey.browser(casey.fleur, 1440)
    desk.goto(reverse("challenges:evaluate", args=[casey.stay.pk, chosen.pk]))
    expect(desk.locator("main")).to_contain_text("Ik vroeg aan Noor hoe het spel gaat.")
    desk.fill("[name=how_it_goes]", "Het lukt ook op school.")
    desk.locator("[name=satisfaction][value='8']").check(force=True)
    desk.locator("[name=came_to][value=reached_none]").check()
    press(desk, "Opslaan")
    chosen.refresh_from_db()
    assert chosen.state == "reached"
    assert [todo.title for todo in world.waiting(casey.fleur, "no_challenge_left")]
    assert Trajectory.objects.get(pk=casey.stay.pk).phase == "participating"


def read_the_thread(casey: Casey) -> None:
    """Both workers have it on one page, in the drawing and in the table."""
    desk = casey.browser(casey.daan, 1440)
    desk.goto(casey.of_her("home:thread"))
    page = desk.locator("main")
    for words in ("Casey zit alleen op de bank.", NOT_KNOWING, CHALLENGE, "modeling", "uitdagen"):
        expect(page).to_contain_text(words, ignore_case=True)
    expect(desk.locator("svg.thread__svg, .thread__drawing svg").first).to_be_visible()
