"""Without a yes in force no page of a questionnaire shows or takes anything (R-350), and whoever
is in the middle of a list when it happens reads what became of their answers.
"""

from typing import Any

import pytest
from django.test import Client

from core import clock
from core.errors import RuleBroken
from core.texts.models import TextVersion
from participants.consent import agreements
from participants.models import Trajectory
from questionnaires.answers import answering, later
from questionnaires.cycle.on_hold import NoYes
from questionnaires.models import Draft, Invitation, Response
from tests import world
from tests.questionnaires.a_yes import Life, begin, block, unblock
from tests.questionnaires.answers.test_pages import fill, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-350")]

WAITS = "Deze vragen wachten even"
FIRST = "Er moet eerst iets geregeld worden. Fleur legt het uit."
GOES_ON = "Kun je later verder en staan deze vragen dan nog open? Dan ga je verder waar je was."


@pytest.fixture
def life() -> Life:
    return begin()


def refused(answer: Any) -> str:
    assert answer.status_code == 403
    assert b'name="answer"' not in answer.content
    shown = text_of(answer)
    assert FIRST in shown
    return shown


def test_a_yes_taken_back_between_two_items_keeps_what_was_answered_and_goes_on(
    life: Life,
) -> None:
    """The parent takes the yes back; six are answered, the seventh is tapped a minute later."""
    browser = life.browser
    at = url("item", life.wave, 1)
    for _n in range(6):
        at = browser.post(at, {"answer": "2"}).url
    assert at == url("item", life.wave, 7)
    life.take_back()
    shown = refused(browser.post(at, {"answer": "3"}))
    assert WAITS in shown
    assert "Je 6 antwoorden zijn bewaard. Ze zijn niet verstuurd, dus niemand leest ze." in shown
    assert "Alleen je laatste tik is niet bewaard." in shown
    assert GOES_ON in shown
    assert Draft.objects.get().given() == dict.fromkeys(range(1, 7), 2)
    life.give_again()
    page = browser.get(url("who_reads", life.wave)).content.decode()
    assert f'href="{at}"' in page, "on where they were"
    assert browser.post(at, {"answer": "3"}).url == url("item", life.wave, 8)
    assert Draft.objects.get().given() == dict.fromkeys(range(1, 7), 2) | {7: 3}
    browser.post(url("finish", life.wave))
    assert Response.objects.get().given() == dict.fromkeys(range(1, 7), 2) | {7: 3}


def test_on_the_day_it_opened_the_answers_are_kept_and_no_more_is_promised() -> None:
    """The cycle takes such an opening back; given again the same day, the same one stands."""
    life = begin(days_ago=0)
    fill(life.wave, [1, 2, 3])
    life.take_back()
    shown = refused(life.browser.post(url("item", life.wave, 4), {"answer": "3"}))
    assert "Vragenlijsten wachten nu even" in shown
    assert WAITS not in shown, "this one was taken back"
    assert "Je 3 antwoorden zijn bewaard. Ze zijn niet verstuurd, dus niemand leest ze." in shown
    assert "Alleen je laatste tik is niet bewaard." in shown
    assert GOES_ON not in shown
    assert Draft.objects.get().given() == {1: 2, 2: 2, 3: 2}


def test_a_yes_taken_back_between_the_last_item_and_sending_sends_nothing(life: Life) -> None:
    browser = life.browser
    fill(life.wave, range(1, 19))
    assert browser.get(url("finish", life.wave)).status_code == 200
    life.take_back()
    shown = refused(browser.post(url("finish", life.wave)))
    assert "Je 18 antwoorden zijn bewaard. Ze zijn niet verstuurd" in shown
    assert "niet bewaard" not in shown
    assert not Response.objects.exists()
    life.give_again()
    assert browser.post(url("finish", life.wave)).url == url("thanks", life.wave)
    assert Response.objects.count() == 1


def test_the_first_answer_of_all_is_said_not_to_be_kept(life: Life) -> None:
    life.take_back()
    shown = refused(life.browser.post(url("item", life.wave, 1), {"rather_not": "1"}))
    assert "Je antwoord is niet bewaard." in shown
    assert not Draft.objects.exists()
    shown = refused(life.browser.get(url("item", life.wave, 1)))
    assert "bewaard" not in shown


def test_the_same_tap_again_is_not_said_to_be_lost(life: Life) -> None:
    """Two tabs: the one sent it in time, the other sends it once more."""
    fill(life.wave, [1], value=4)
    life.take_back()
    again = refused(life.browser.post(url("item", life.wave, 1), {"answer": "4"}))
    assert "Je antwoord is bewaard. Het is niet verstuurd, dus niemand leest het." in again
    assert "niet bewaard" not in again
    other = refused(life.browser.post(url("item", life.wave, 1), {"answer": "5"}))
    assert "Alleen je laatste tik is niet bewaard." in other
    assert Draft.objects.get().given() == {1: 4}


def test_what_was_sent_before_is_said_to_be_sent_and_asks_nothing_more(life: Life) -> None:
    browser = life.browser
    fill(life.wave, range(1, 19))
    browser.post(url("finish", life.wave))
    life.take_back()
    for answer in (
        browser.get(url("thanks", life.wave)),
        browser.post(url("finish", life.wave)),
        browser.post(url("thanks", life.wave), {"talk": "yes"}),
        browser.get(url("look_back", life.wave)),
    ):
        shown = refused(answer)
        assert "Je antwoorden zijn verstuurd" in shown
        assert "Terugkijken kan nu even niet." in shown
        assert "Wil je erover praten" not in shown
    assert Response.objects.get().wants_to_talk is None


@pytest.mark.parametrize("state", ["open", "answered", "missed", "closed", "withdrawn"])
@pytest.mark.parametrize(
    "name", ["who_reads", "item", "finish", "stop_here", "thanks", "look_back", "later"]
)
def test_each_page_and_each_form_refuses_whatever_the_state(
    casey: Client, stay: Trajectory, wave: Invitation, name: str, state: str
) -> None:
    fill(wave, [1, 2])
    if state == "answered":
        answering.submit(invitation=wave, by=stay.participant.user)
    Invitation.objects.filter(pk=wave.pk).exclude(state=state).update(state=state)
    block(stay)
    before = list(Draft.objects.values()), list(Response.objects.values())
    before += (list(Invitation.objects.values()),)
    address = url(name, wave, *([3] if name == "item" else []))
    data = {"answer": "2", "talk": "yes", "choice": "rather_not"}
    for answer in (casey.get(address), casey.post(address, data), casey.post(address)):
        assert answer.status_code == 403
        assert "korte vragen" not in text_of(answer)
    after = list(Draft.objects.values()), list(Response.objects.values())
    after += (list(Invitation.objects.values()),)
    assert after == before


@pytest.mark.parametrize(
    "why", ["parent_withdrew", "parent_refused", "unsafe_home", "privacy", "participation"]
)
def test_the_page_is_the_same_for_every_reason_and_names_no_parent(
    casey: Client, stay: Trajectory, wave: Invitation, why: str
) -> None:
    """Whoever looks along at home reads no more than on the start page."""
    world.make_worker(stay.group)
    block(stay, why)
    shown = refused(casey.get(url("item", wave, 7)))
    for word in ("ouder", "toestemming", "ingetrokken", "geweigerd", "thuis", "nee gezegd"):
        assert word not in shown.lower()
    block(stay, "parent_not_answered")
    assert refused(casey.get(url("item", wave, 7))) == shown


def test_who_took_the_own_yes_back_reads_the_same_page_and_gives_it_again() -> None:
    life = begin(age=17)
    fill(life.wave, [1, 2])
    agreements.withdraw_agreement(trajectory=life.stay, subject="participation", by=life.user)
    shown = refused(life.browser.get(url("item", life.wave, 3)))
    assert "Je 2 antwoorden zijn bewaard." in shown
    assert [todo.url for todo in world.waiting(life.user, "own_agreements")] == ["/afspraken/"]
    text = TextVersion.objects.current("participation", "nl")
    agreements.give_agreement(
        trajectory=life.stay, subject="participation", text=text, by=life.user
    )
    page = life.browser.get(url("who_reads", life.wave)).content.decode()
    assert url("item", life.wave, 3) in page


def test_there_is_somebody_to_ring_and_a_wish_to_be_called(life: Life) -> None:
    life.take_back()
    page = life.browser.get(url("who_reads", life.wave)).content.decode()
    assert 'href="tel:' in page
    assert "mag contact met mij opnemen" in page
    life.browser.post("/wie-kan-helpen/bel-mij/", {"act": "ask", "back": "today"})
    assert len(world.waiting(life.worker, "call_wish")) == 1


def test_who_left_and_is_blocked_reads_who_can_help_too(stay: Trajectory, wave: Invitation) -> None:
    world.make_worker(stay.group)
    Trajectory.objects.filter(pk=stay.pk).update(
        phase="former", exited_on=clock.today(), exit_kind="other"
    )
    block(stay)
    assert WAITS in refused(world.eyes(stay.participant.user).get(url("who_reads", wave)))


# ---- The acts, under their lock ------------------------------------------------------------


def test_no_act_takes_anything(stay: Trajectory, wave: Invitation) -> None:
    by = stay.participant.user
    fill(wave, [1])
    block(stay)
    for act in (
        lambda: answering.save_answer(invitation=wave, number=2, value=1, by=by),
        lambda: answering.save_answer(invitation=wave, number=99, value=99, by=by),
        lambda: answering.submit(invitation=wave, by=by),
        lambda: later.ask_tomorrow(invitation=wave, by=by),
        lambda: later.leave_alone(invitation=wave, by=by),
        lambda: later.hear_again(invitation=wave, by=by),
        lambda: later.leave_alone(invitation=wave, by=None, mailed=True),
    ):
        with pytest.raises(NoYes) as said:
            act()
        assert said.value.code == "blocked"
    assert Draft.objects.get().given() == {1: 2}
    wave.refresh_from_db()
    assert (wave.state, wave.remind_on, wave.left_alone_on) == ("open", None, None)


def test_the_wish_to_talk_is_a_question_of_the_list(stay: Trajectory, wave: Invitation) -> None:
    by = stay.participant.user
    fill(wave)
    answering.submit(invitation=wave, by=by)
    block(stay)
    with pytest.raises(NoYes):
        answering.say_about_talking(invitation=wave, wants=True, by=by)
    assert Response.objects.get().wants_to_talk is None
    unblock(stay)
    answering.say_about_talking(invitation=wave, wants=True, by=by)
    assert Response.objects.get().wants_to_talk is True


def test_an_act_knows_what_became_of_the_yes_after_the_page_was_asked(
    casey: Client, stay: Trajectory, wave: Invitation, monkeypatch: Any
) -> None:
    """The page looked, then the parent was quicker: the act looks again under the lock."""
    world.make_worker(stay.group)
    fill(wave, [1, 2])
    monkeypatch.setattr(
        "questionnaires.answers.views.about_a_wave.on_hold.has_a_yes", lambda _stay: True
    )
    monkeypatch.setattr("questionnaires.cycle.on_hold.require_a_yes", _really(stay), raising=True)
    block(stay)
    shown = refused(casey.post(url("item", wave, 3), {"answer": "2"}))
    assert "Je 2 antwoorden zijn bewaard." in shown
    assert "Alleen je laatste tik is niet bewaard." in shown
    refused(casey.post(url("finish", wave)))
    refused(casey.post(url("later", wave), {"choice": "rather_not"}))
    assert Draft.objects.get().given() == {1: 2, 2: 2}


def _really(_stay: Trajectory) -> Any:
    def require(stay: Trajectory) -> None:
        if stay.blocked_reason:
            raise NoYes("", "blocked")

    return require


# ---- A break, a goodbye that waits, and no messages ----------------------------------------


@pytest.fixture(params=["paused", "stopped", "held"])
def at_rest(request: pytest.FixtureRequest, stay: Trajectory) -> str:
    """Their yes stands: nobody asks, nothing is sent, and a list that is open is theirs."""
    match request.param:
        case "paused":
            Trajectory.objects.filter(pk=stay.pk).update(phase="paused")
        case "stopped":
            Trajectory.objects.filter(pk=stay.pk).update(phase="leaving", stopped_on=clock.today())
        case "held":
            contact = stay.participant.contact
            contact.stopped_at = clock.now()
            contact.save()
    stay.refresh_from_db()
    return str(request.param)


def test_who_rests_may_fill_in_what_stands_open(
    casey: Client, wave: Invitation, at_rest: str
) -> None:
    page = casey.get(url("who_reads", wave))
    assert page.status_code == 200
    need_not = "Je hoeft deze vragen nu niet in te vullen. Het mag wel."
    assert (need_not in text_of(page)) is (at_rest != "held")
    at = url("item", wave, 1)
    for _n in range(22):
        at = casey.post(at, {"answer": "2"}).url
    casey.post(at)
    assert Response.objects.get().given() == dict.fromkeys(range(1, 23), 2)


def test_the_to_do_and_the_start_page_say_the_same(
    casey: Client, stay: Trajectory, wave: Invitation, at_rest: str
) -> None:
    asked = at_rest == "held"
    assert bool(world.waiting(stay.participant.user, "questionnaire")) is asked
    page = casey.get("/vandaag/")
    assert ("Je vragenlijst staat klaar" in text_of(page)) is asked
    assert ("Je hoeft ze niet in te vullen. Het mag wel." in text_of(page)) is not asked
    assert url("who_reads", wave) in page.content.decode()


def test_tomorrow_is_promised_only_where_a_message_would_leave(
    casey: Client, stay: Trajectory, wave: Invitation, at_rest: str
) -> None:
    Invitation.objects.filter(pk=wave.pk).update(remind_on=clock.today())
    page = casey.get(url("later", wave))
    assert "Je krijgt hier nu geen berichten over." in text_of(page)
    assert "morgen" not in text_of(page).lower()
    with pytest.raises(RuleBroken) as said:
        later.ask_tomorrow(invitation=wave, by=stay.participant.user)
    assert said.value.code == "no_messages_now"
    assert casey.post(url("later", wave), {"choice": "tomorrow"}).url == url("later", wave)
    casey.post(url("later", wave), {"choice": "rather_not"})
    wave.refresh_from_db()
    assert wave.left_alone_on == clock.today()


def test_blocked_on_a_break_is_blocked(casey: Client, stay: Trajectory, wave: Invitation) -> None:
    world.make_worker(stay.group)
    Trajectory.objects.filter(pk=stay.pk).update(phase="paused")
    block(stay)
    refused(casey.get(url("who_reads", wave)))
    assert url("who_reads", wave) not in casey.get("/vandaag/").content.decode()


# ---- In a real browser, with and without JavaScript ------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("javascript", [True, False])
def test_in_a_browser_the_seventh_tap_after_a_yes_was_taken_back(
    page_at: Any, axe: Any, live_server: Any, javascript: bool
) -> None:
    life = begin()
    fill(life.wave, range(1, 7))
    page = page_at(width=390, height=844, java_script_enabled=javascript)
    page.context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": live_server.url}
            for name, morsel in life.browser.cookies.items()
        ]
    )
    page.goto(url("item", life.wave, 7))
    life.take_back()
    page.locator("label.choice").first.click()
    if not javascript:
        page.get_by_role("button", name="Verder", exact=True).click()
    page.get_by_role("heading", name=WAITS).wait_for()
    page.get_by_text("Alleen je laatste tik is niet bewaard.").wait_for()
    assert Draft.objects.get().given() == dict.fromkeys(range(1, 7), 2)
    if javascript:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Naar mijn pagina").click()
    page.get_by_role("heading", name="Hoi Casey").wait_for()
    assert page.locator('a[href^="/vragen/"]').count() == 0
