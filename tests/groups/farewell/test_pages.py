"""The pages of a farewell card: own phone, one phone that goes round, the workers, the leaver."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from groups.evenings.last_meeting import agree_last_meeting
from groups.farewell.cards import end_rounds, give_card, put_card_away, start_card
from groups.farewell.paper import words_of
from groups.farewell.texts import put_on_the_card, write_text
from groups.models import FarewellCard, FarewellRound, FarewellText
from tests import world

TODAY = date(2026, 3, 13)
LAST = TODAY + timedelta(days=14)
WORDS = "Je luistert echt."


class Group:
    """Casey says goodbye; Noor writes; Fleur leads."""

    def __init__(self) -> None:
        group = world.make_group()
        self.worker, long_ago = world.make_worker(group), TODAY - timedelta(days=90)
        self.casey, self.noor = (
            world.make_participating(group, since=long_ago, age=17, call_name=name)
            for name in ("Casey", "Noor")
        )
        world.hold_exit_talk(self.casey, by=self.worker)
        last = world.make_meeting(group, LAST)
        agree_last_meeting(trajectory=self.casey, meeting=last, by=self.worker)
        self.casey.refresh_from_db()
        self.card = start_card(trajectory=self.casey, by=self.worker)
        self.page = reverse("groups:farewell", args=[self.casey.pk])
        self.write = reverse("groups:farewell_write", args=[self.card.pk])

    def worded(self) -> FarewellText:
        return write_text(card=self.card, way="typed", text=WORDS, stay=self.noor.pk)


@pytest.fixture
def group(db: None) -> Iterator[Group]:
    with clock.travel(clock.at(TODAY, 12)):
        yield Group()


@pytest.mark.req("R-184")
def test_a_young_person_writes_on_the_own_phone_and_reads_how_it_stands(group: Group) -> None:
    eyes = world.eyes(group.noor.participant.user)
    assert "Schrijf iets voor" in eyes.get(reverse("home:today")).content.decode()
    eyes.post(group.write, {"text": WORDS, "way": "typed", "version": "0"})
    page = eyes.get(group.write).content.decode()
    assert WORDS in page
    assert "Een begeleider leest het eerst" in page
    wrong = eyes.post(group.write, {"text": "", "way": "typed", "version": "1"})
    assert wrong.status_code == 422
    assert "Schrijf een zin, of kies voor de pen" in wrong.content.decode()


@pytest.mark.req("R-184")
def test_who_says_goodbye_finds_no_card_before_it_is_given(group: Group) -> None:
    text = group.worded()
    put_on_the_card(text=text, version=1, by=group.worker)
    eyes = world.eyes(group.casey.participant.user)
    yours = reverse("groups:farewell_yours")
    for address in (yours, group.write, reverse("groups:farewell_yours_printed")):
        assert eyes.get(address).status_code == 404
    assert "kaart" not in eyes.get(reverse("home:today")).content.decode().lower()
    with clock.travel(clock.at(LAST, 21)):
        give_card(card=group.card, by=group.worker)
        page = world.eyes(group.casey.participant.user).get(yours).content.decode()
        assert WORDS in page
        paper = world.eyes(group.casey.participant.user).get(
            reverse("groups:farewell_yours_printed")
        )
    assert paper.content.startswith(b"%PDF-")
    assert "no-store" in paper["Cache-Control"]
    assert "Casey" not in paper["Content-Disposition"]


def test_a_card_of_another_group_is_not_there(group: Group) -> None:
    elsewhere = world.make_group()
    stranger = world.make_participating(elsewhere, since=TODAY - timedelta(days=9), age=17)
    assert world.eyes(stranger.participant.user).get(group.write).status_code == 404
    worker = world.make_worker(elsewhere)
    assert world.eyes(worker).get(group.page).status_code == 404
    judge = reverse("groups:farewell_judge", args=[group.worded().pk])
    assert world.eyes(worker).post(judge, {"version": 1, "act": "good"}).status_code == 404


@pytest.mark.req("R-185")
def test_a_worker_reads_puts_it_on_the_card_and_gives_it(group: Group) -> None:
    text = group.worded()
    eyes = world.eyes(group.worker)
    assert WORDS in eyes.get(group.page).content.decode()
    eyes.post(reverse("groups:farewell_judge", args=[text.pk]), {"version": 1, "act": "good"})
    text.refresh_from_db()
    assert text.read_by == group.worker
    page = eyes.get(group.page).content.decode()
    assert "Er staat één tekst op de kaart" in page
    assert "Gegeven aan" not in page, "not before the last meeting begins"
    with clock.travel(clock.at(LAST, 20)):
        eyes = world.eyes(group.worker)
        eyes.post(group.page, {"act": "give"})
        assert FarewellCard.objects.get().given_at == clock.now()
        assert "Toch nog niet gegeven" in eyes.get(group.page).content.decode()


@pytest.mark.req("R-184")
def test_the_phone_that_goes_round_knows_the_card_and_nothing_else(group: Group) -> None:
    eyes = world.eyes(group.worker)
    answer = eyes.post(group.page, {"act": "round"})
    here = answer["Location"]
    page = eyes.get(here).content.decode()
    assert "Noor" in page
    assert "alleen deze kaart" in page
    for closed in (group.page, reverse("home:today"), reverse("groups:list")):
        assert eyes.get(closed).status_code == 302, "nobody is signed in on it"
    ticket = page.split('name="form" value="')[1].split('"')[0]
    sent = {"form": ticket, "who": str(group.noor.pk), "text": WORDS, "way": "typed"}
    assert eyes.post(here, sent)["Location"] == here
    after = eyes.get(here).content.decode()
    assert WORDS not in after, "what was written is not shown again"
    assert FarewellText.objects.get().by_stay == group.noor
    again = eyes.post(here, sent | {"text": "Grapje"})
    assert again.status_code == 422
    assert FarewellText.objects.get().text == WORDS


@pytest.mark.req("R-184")
def test_a_round_that_ended_saves_nothing_and_says_so(group: Group) -> None:
    eyes = world.eyes(group.worker)
    here = eyes.post(group.page, {"act": "round"})["Location"]
    page = eyes.get(here).content.decode()
    ticket = page.split('name="form" value="')[1].split('"')[0]
    end_rounds(card=group.card, by=group.worker)
    sent = {"form": ticket, "who": str(group.noor.pk), "text": WORDS, "way": "typed"}
    answer = eyes.post(here, sent)
    assert answer.status_code == 410
    assert "niet opgeslagen" in answer.content.decode()
    assert WORDS in answer.content.decode(), "who typed them gets them back"
    assert not FarewellText.objects.exists()
    assert FarewellRound.objects.get().ended_at is not None


def test_the_round_of_one_card_opens_in_no_other_browser(group: Group) -> None:
    here = world.eyes(group.worker).post(group.page, {"act": "round"})["Location"]
    assert Client().get(here).status_code == 410


@pytest.mark.req("R-184", "R-343")
def test_young_people_read_nothing_of_what_tells_namesakes_apart(group: Group) -> None:
    """A year of birth or a postcode is for who leads; the group and the card say the call name."""
    place = group.casey.group
    assert place is not None
    for name in ("Casey", "Noor"):
        world.make_participating(place, since=TODAY - timedelta(days=90), age=19, call_name=name)
    for stay in (group.casey, group.noor):
        stay.refresh_from_db()
    eyes = world.eyes(group.worker)
    assert group.noor.shown_name != "Noor"
    assert group.noor.shown_name in eyes.get(group.page).content.decode(), "workers tell them apart"
    put_on_the_card(text=group.worded(), version=1, by=group.worker)
    here = eyes.post(group.page, {"act": "round"})["Location"]
    goes_round = eyes.get(here).content.decode()
    with clock.travel(clock.at(LAST, 21)):
        give_card(card=group.card, by=group.worker)
        given = world.eyes(group.casey.participant.user)
        given = given.get(reverse("groups:farewell_yours")).content.decode()
    for page in (goes_round, given):
        assert "Noor" in page
        for stay in (group.casey, group.noor):
            assert stay.shown_name not in page
    assert [one.name for one in words_of(group.card)] == ["Noor"], "as on the printed one"


@pytest.mark.req("R-184")
@pytest.mark.parametrize("way", ["pass", "pen"])
def test_what_was_typed_is_still_there_after_rather_nothing(group: Group, way: str) -> None:
    eyes = world.eyes(group.noor.participant.user)
    eyes.post(group.write, {"text": WORDS, "way": way, "version": "0"})
    page = eyes.get(group.write).content.decode()
    assert WORDS in page
    assert "alleen voor jou" in page
    assert WORDS not in world.eyes(group.worker).get(group.page).content.decode()


def test_after_one_text_the_page_goes_on_at_the_next_that_waits(group: Group) -> None:
    first = group.worded()
    place = group.casey.group
    assert place is not None
    sam = world.make_participating(place, since=TODAY - timedelta(days=90), call_name="Sam")
    second = write_text(card=group.card, way="typed", text="Dag!", stay=sam.pk)
    eyes = world.eyes(group.worker)

    def good(text: FarewellText) -> str:
        judge = reverse("groups:farewell_judge", args=[text.pk])
        return str(eyes.post(judge, {"version": 1, "act": "good"})["Location"])

    there = f"text-{second.pk}"
    assert good(first) == f"{group.page}#{there}"
    assert f'id="{there}"' in eyes.get(group.page).content.decode()
    assert good(second) == group.page


@pytest.mark.req("R-185")
def test_the_key_enter_in_the_question_asks_and_puts_nothing_on_the_card(group: Group) -> None:
    """A browser sends a form with its first button: that one stands in a form of its own."""
    group.worded()
    page = world.eyes(group.worker).get(group.page).content.decode()
    forms = [form.split("</form>")[0] for form in page.split("<form")[1:]]
    asking = [form for form in forms if 'name="word"' in form]
    assert asking
    assert all('value="good"' not in form and 'value="back"' in form for form in asking)


def test_a_card_that_was_closed_while_somebody_typed_says_so_and_shows_the_words(
    group: Group,
) -> None:
    eyes = world.eyes(group.noor.participant.user)
    put_card_away(card=group.card, by=group.worker)
    answer = eyes.post(group.write, {"text": WORDS, "way": "typed", "version": "0"})
    assert answer.status_code == 410
    page = answer.content.decode()
    assert WORDS in page
    assert "niet opgeslagen" in page
    assert "niet opgeslagen" not in eyes.get(group.write).content.decode()
    assert not FarewellText.objects.exists()


def test_a_worker_who_types_while_a_colleague_gives_the_card_reads_why_and_the_words(
    group: Group,
) -> None:
    put_on_the_card(text=group.worded(), version=1, by=group.worker)
    with clock.travel(clock.at(LAST, 21)):
        give_card(card=group.card, by=group.worker)
        sent = {"act": "write", "way": "typed", "text": "Dag Casey!", "version": "0"}
        answer = world.eyes(group.worker).post(group.page, sent)
    assert answer.status_code == 422
    assert "Dag Casey!" in answer.content.decode()
    assert "niemand meer" in answer.content.decode()
