"""The young person's pages around a wave, through HTTP and in a real browser."""

import gzip
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.clock import today
from participants.models import Trajectory
from questionnaires.answers.answering import save_answers, submit
from questionnaires.instrument.instrument import read
from questionnaires.models import Draft, Invitation, Response
from tests import world
from tests.questionnaires.build import make_invitation, make_response


def url(name: str, wave: Invitation, *args: Any) -> str:
    return reverse(f"questionnaires:{name}", args=[wave.pk, *args])


def fill(wave: Invitation, numbers: Any = range(1, 23), value: int = 2) -> None:
    save_answers(
        invitation=wave,
        values=dict.fromkeys(numbers, value),
        by=wave.trajectory.participant.user,
    )


def text_of(page: Any) -> str:
    body = page.content.decode().split("</head>")[1]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("kind", ["baseline", "interim", "exit", "follow_up"])
def test_before_every_wave_who_reads_this_and_where_help_is(
    casey: Client, stay: Trajectory, kind: str
) -> None:
    wave = make_invitation(stay, kind)
    shown = text_of(casey.get(url("who_reads", wave)))
    assert "Je begeleiders zien je antwoorden pas als je ze verstuurt" in shown
    assert "geen noodlijn" in shown
    assert "0800-0113" in shown
    assert ("18" if kind == "baseline" else "22") + " korte vragen" in shown


@pytest.mark.req("R-215")
def test_before_every_wave_it_says_why_we_ask(casey: Client, wave: Invitation) -> None:
    """For the young person, the guidance, and the foundation: is the right group reached?"""
    shown = text_of(casey.get(url("who_reads", wave)))
    for purpose in (
        "Zo zie je wat er voor jou verandert",
        "je begeleiders weten waar ze je mee kunnen helpen",
        "ziet zo of het werkt, en of we de jongeren bereiken die er iets aan hebben",
    ):
        assert purpose in shown


@pytest.mark.req("R-209")
def test_the_item_stands_on_the_screen_exactly_as_printed(casey: Client, wave: Invitation) -> None:
    for question in read(wave.instrument_id):
        page = casey.get(url("item", wave, question.number)).content.decode()
        assert f"<legend><h1>{question.text_nl}</h1></legend>" in unescape(page)
        options = re.findall(r'name="answer" value="(-?\d+)"[^>]*><span>([^<]*)</span>', page)
        assert [(int(v), unescape(t)) for v, t in options] == [
            (c.value, c.text_nl) for c in question.choices
        ]


def test_each_answer_is_saved_by_itself_and_the_next_item_comes(
    casey: Client, wave: Invitation
) -> None:
    answer = casey.post(url("item", wave, 1), {"answer": "3"})
    assert (answer.status_code, answer.url) == (302, url("item", wave, 2))
    assert Draft.objects.get().given() == {1: 3}


def test_rather_not_wins_over_a_chosen_answer(casey: Client, wave: Invitation) -> None:
    casey.post(url("item", wave, 1), {"answer": "3", "rather_not": "1"})
    assert Draft.objects.get().given() == {1: -2}


@pytest.mark.req("R-217")
def test_next_without_an_answer_leaves_the_item_open(casey: Client, wave: Invitation) -> None:
    assert casey.post(url("item", wave, 1)).url == url("item", wave, 2)
    assert not Draft.objects.exists()


@pytest.mark.req("R-217")
def test_it_resumes_at_the_first_open_item_on_another_device(
    casey: Client, wave: Invitation
) -> None:
    fill(wave, [1, 2, 4])
    telephone = Client()
    telephone.force_login(wave.trajectory.participant.user)
    page = telephone.get(url("who_reads", wave)).content.decode()
    assert f'href="{url("item", wave, 3)}"' in page


def test_back_keeps_the_answer(casey: Client, wave: Invitation) -> None:
    casey.post(url("item", wave, 1), {"answer": "4"})
    page = casey.get(url("item", wave, 2)).content.decode()
    assert f'href="{url("item", wave, 1)}"' in page
    page = casey.get(url("item", wave, 1)).content.decode()
    assert re.search(r'value="4" checked', page)


@pytest.mark.req("R-034")
def test_progress_says_how_far(casey: Client, wave: Invitation, stay: Trajectory) -> None:
    assert "7 van 22" in text_of(casey.get(url("item", wave, 7)))
    Invitation.objects.all().delete()
    assert "7 van 18" in text_of(casey.get(url("item", make_invitation(stay, "baseline"), 7)))


def test_a_whole_list_without_javascript(casey: Client, wave: Invitation) -> None:
    first = casey.get(url("who_reads", wave)).content.decode()
    assert "<noscript> Komt die niet? Druk dan op ‘Verder’.</noscript>" in first, "no tap sends"
    at = url("item", wave, 1)
    for _ in range(22):
        at = casey.post(at, {"answer": "2"}).url
    assert at == url("finish", wave)
    assert casey.post(at).url == url("thanks", wave)
    assert Response.objects.get().given() == dict.fromkeys(range(1, 23), 2)
    assert "Dank je wel. Je antwoorden zijn verstuurd." in text_of(casey.get(url("thanks", wave)))


@pytest.mark.req("R-217")
def test_open_items_are_asked_about_calmly_and_may_stay_open(
    casey: Client, wave: Invitation
) -> None:
    fill(wave, [n for n in range(1, 23) if n not in (3, 9)])
    page = casey.get(url("finish", wave))
    assert "Je hebt 2 vragen opengelaten" in text_of(page)
    assert "Vraag 3" in text_of(page)
    assert "Vraag 9" in text_of(page)
    casey.post(url("finish", wave))
    assert Response.objects.get().a03 is None


def test_sending_nothing_at_all_says_what_to_do(casey: Client, wave: Invitation) -> None:
    answer = casey.post(url("finish", wave))
    assert answer.status_code == 400
    assert "Liever niet" in text_of(answer)
    assert not Response.objects.exists()


def test_the_form_sent_twice_is_one_response(casey: Client, wave: Invitation) -> None:
    fill(wave)
    for _ in range(2):
        assert casey.post(url("finish", wave)).url == url("thanks", wave)
    assert Response.objects.count() == 1


@pytest.mark.parametrize(("said", "kept"), [("yes", True), ("no", False)])
def test_would_you_like_to_talk_about_it(
    casey: Client, wave: Invitation, said: str, kept: bool
) -> None:
    fill(wave)
    submit(invitation=wave, by=wave.trajectory.participant.user)
    casey.post(url("thanks", wave), {"talk": said})
    assert Response.objects.get().wants_to_talk is kept
    assert casey.post(url("thanks", wave), {"talk": "\x00"}).status_code == 400


@pytest.mark.req("R-213")
def test_looking_back_shows_own_words_and_no_figure(casey: Client, stay: Trajectory) -> None:
    make_response(stay, {7: 3, 1: 4}, "baseline", 1, today().replace(day=1))
    now = make_response(stay, {7: 4, 1: 2}, "interim", 1, today())
    shown = text_of(casey.get(url("look_back", now.invitation)))
    assert re.search(r"Ik maak gemakkelijk vrienden\. .*?Soms .*?Vaak", shown)
    for word in ("score", "gemiddeld", "%", "Sociale vaardigheden", "beter", "slechter"):
        assert word not in shown


@pytest.mark.req("R-010")
@pytest.mark.parametrize("name", ["who_reads", "item", "finish", "thanks", "look_back", "later"])
def test_anothers_questions_do_not_exist(casey: Client, name: str) -> None:
    other = make_invitation(world.make_trajectory(group=world.make_group()))
    fill(other, [1])
    address = url(name, other, *([1] if name == "item" else []))
    for answer in (casey.get(address), casey.post(address, {"answer": "5", "talk": "yes"})):
        assert answer.status_code in (404, 405)
    assert Draft.objects.get().given() == {1: 2}
    assert not Response.objects.exists()


def test_the_worker_does_not_fill_in_for_somebody(client: Client, wave: Invitation) -> None:
    client.force_login(world.make_worker(wave.trajectory.group))
    assert client.get(url("item", wave, 1)).status_code == 403
    assert client.post(url("item", wave, 1), {"answer": "1"}).status_code == 403
    assert not Draft.objects.exists()


def test_nobody_without_signing_in(client: Client, wave: Invitation) -> None:
    assert client.get(url("item", wave, 1)).status_code == 302


@pytest.mark.parametrize("state", ["missed", "closed", "withdrawn"])
def test_a_closed_wave_says_so_kindly(casey: Client, stay: Trajectory, state: str) -> None:
    wave = make_invitation(stay, state=state)
    for name in ("who_reads", "finish", "thanks", "later"):
        page = casey.get(url(name, wave))
        assert page.status_code == 200
        assert "Je hoeft niets te doen" in text_of(page)
    assert casey.get(url("item", wave, 1)).status_code == 200
    for name in ("finish", "later"):
        assert casey.post(url(name, wave), {"choice": "tomorrow"}).status_code == 409
    assert casey.post(url("item", wave, 1), {"answer": "1"}).status_code == 409
    assert not Draft.objects.exists()


@pytest.mark.parametrize("number", ["0", "23", str(2**63), "-1", "1%00", "9" * 5000])
def test_an_item_that_does_not_exist(casey: Client, wave: Invitation, number: str) -> None:
    address = url("who_reads", wave) + number + "/"
    assert casey.get(address).status_code == 404
    assert casey.post(address, {"answer": "1"}).status_code == 404
    assert not Draft.objects.exists()


def test_the_start_has_no_item_19(casey: Client, stay: Trajectory) -> None:
    wave = make_invitation(stay, "baseline")
    assert casey.post(url("item", wave, 19), {"answer": "1"}).status_code == 404


@pytest.mark.parametrize(
    "value", ["0", "6", "99", "-1", "-3", str(2**63), "9" * 5000, "\x00", "3\x00", "vaak", "1e1"]
)
def test_a_bad_answer_is_told_at_the_field_and_not_stored(
    casey: Client, wave: Invitation, value: str
) -> None:
    answer = casey.post(url("item", wave, 1), {"answer": value})
    assert answer.status_code == 400
    assert "Kies een van de antwoorden." in text_of(answer)
    assert not Draft.objects.exists()


@pytest.mark.req("R-022")
def test_the_heavy_word_stands_in_the_items_only(casey: Client, wave: Invitation) -> None:
    fill(wave, [1, 2])
    pages = [casey.get(url(name, wave)) for name in ("who_reads", "finish", "later")]
    pages += [casey.get(url("item", wave, n)) for n in range(1, 23)]
    fill(wave)
    casey.post(url("finish", wave))
    pages += [casey.get(url(name, wave)) for name in ("thanks", "look_back", "who_reads")]
    items = [q.text_nl for q in read(wave.instrument_id)]
    for page in pages:
        assert page.status_code == 200
        shown = unescape(page.content.decode())
        for words in items:
            shown = shown.replace(words, "")
        assert not re.search("eenza|lonel|screening|kwetsbaar|dossier", shown, re.IGNORECASE)


def test_the_questionnaire_screen_is_light(
    casey: Client, wave: Invitation, django_assert_num_queries: Any
) -> None:
    fill(wave, [1, 2])
    casey.get(url("item", wave, 3))
    with django_assert_num_queries(3):  # session, account, wave with draft
        page = casey.get(url("item", wave, 3))
    assert len(gzip.compress(page.content)) <= 8 * 1024


def test_a_visit_alone_never_puts_off(casey: Client, wave: Invitation) -> None:
    casey.get(url("later", wave))
    wave.refresh_from_db()
    assert (wave.remind_on, wave.left_alone_on) == (None, None)
    assert casey.post(url("later", wave), {"choice": "never\x00"}).status_code == 400


def test_tomorrow_and_rather_not_are_two_buttons(casey: Client, wave: Invitation) -> None:
    casey.post(url("later", wave), {"choice": "tomorrow"})
    assert "morgen" in text_of(casey.get(url("later", wave)))
    casey.post(url("later", wave), {"choice": "rather_not"})
    wave.refresh_from_db()
    assert (wave.remind_on, wave.left_alone_on, wave.state) == (None, today(), "open")


# ---- in a real browser ----------------------------------------------------------


@pytest.fixture
def phone(page_at: Any, live_server: Any, request: pytest.FixtureRequest) -> Any:
    """`phone(javascript=True)`: a signed-in page of Casey, and the open wave."""
    stay = world.make_trajectory(group=world.make_group(), call_name="Casey")
    wave = make_invitation(stay)
    client = Client()
    client.force_login(stay.participant.user)

    def open_page(**options: Any) -> Any:
        page = page_at(**options)
        page.context.add_cookies(
            [
                {"name": name, "value": morsel.value, "url": live_server.url}
                for name, morsel in client.cookies.items()
            ]
        )
        return page, wave

    return open_page


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-206")
def test_a_tap_brings_the_next_question(phone: Any, axe: Any) -> None:
    page, wave = phone(width=390, height=844)
    page.goto(url("who_reads", wave))
    axe(page)
    page.get_by_role("link", name="Beginnen").click()
    page.get_by_text("1 van 22", exact=True).wait_for()
    axe(page)
    assert page.locator("[data-next]").bounding_box()["height"] <= 1
    page.get_by_text("Soms", exact=True).click()
    page.wait_for_url("**/2/")
    page.get_by_role("button", name="Liever niet").click()
    page.wait_for_url("**/3/")
    assert Draft.objects.get().given() == {1: 3, 2: -2}


@pytest.mark.django_db(transaction=True)
def test_keys_choose_without_being_carried_away(phone: Any) -> None:
    page, wave = phone(width=1440, height=900)
    page.goto(url("item", wave, 1))
    page.get_by_role("radio", name="Nooit").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert page.url.endswith("/1/")
    page.keyboard.press("Tab")
    assert page.get_by_role("button", name="Verder").evaluate("b => b === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2/")
    assert Draft.objects.get().a01 == 4


@pytest.mark.django_db(transaction=True)
def test_without_javascript_next_does_it(phone: Any) -> None:
    page, wave = phone(java_script_enabled=False)
    page.goto(url("item", wave, 1))
    page.get_by_text("Vaak", exact=True).click()
    assert page.url.endswith("/1/")
    page.get_by_role("button", name="Verder").click()
    page.wait_for_url("**/2/")
    assert Draft.objects.get().a01 == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-034")
@pytest.mark.parametrize("width", [320, 390])
def test_answers_are_big_and_nothing_scrolls_sideways(phone: Any, width: int) -> None:
    page, wave = phone(width=width, height=844)
    for number in (2, 10, 16):
        page.goto(url("item", wave, number))
        boxes = [c.bounding_box() for c in page.locator(".choice").all()]
        assert all(box["height"] >= 48 for box in boxes)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.django_db
def test_sending_the_answers_takes_a_fixed_number_of_statements(
    client: Client, django_assert_num_queries: Any
) -> None:
    """Session, account, wave; then two locks, the draft and what follows, in one transaction."""
    stay = world.make_suitable(world.make_group())
    wave = Invitation.objects.get(trajectory=stay)
    client.force_login(stay.participant.user)
    fill(wave, [1, 2, 3])
    client.get(url("finish", wave))
    with django_assert_num_queries(14):  # BEGIN and COMMIT among them
        assert client.post(url("finish", wave)).status_code == 302
    wave.refresh_from_db()
    assert wave.state == "answered"


def test_sending_nothing_at_all_is_an_error_that_takes_the_focus(
    casey: Client, wave: Invitation
) -> None:
    page = casey.post(url("finish", wave))
    assert page.status_code == 400
    (error,) = re.findall(r"<p[^>]*data-error-summary[^>]*>.*?</p>", page.content.decode(), re.S)
    assert 'role="alert"' in error
    assert "Je hebt nog niets ingevuld." in error


@pytest.mark.parametrize("phase", ["participating", "former"])
def test_who_has_left_is_not_told_that_somebody_comes_to_them(
    casey: Client, wave: Invitation, phase: str
) -> None:
    fill(wave)
    submit(invitation=wave, by=wave.trajectory.participant.user)
    gone = phase == "former"
    if gone:
        left = {"exited_on": today(), "ended_on": today(), "exit_kind": "goal"}
        left |= {"exit_reason": "goal_reached", "phase": phase}
        Trajectory.objects.filter(pk=wave.trajectory_id).update(**left)

    def says(talk: str) -> str:
        casey.post(url("thanks", wave), {"talk": talk})
        return text_of(casey.get(url("thanks", wave)))

    assert ("nemen contact met je op" in says("yes")) is gone
    assert ("komen naar je toe" in says("yes")) is not gone
    assert ("altijd naar je begeleiders toe" in says("no")) is not gone
