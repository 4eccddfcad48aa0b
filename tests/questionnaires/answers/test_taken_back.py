"""R-351 on the young person's pages: what became of a questionnaire that was taken back.

Its unsent answers stay with it and are read by nobody; its links and mail buttons lead to what
stands now and change nothing of it; the new one begins empty, and says so where the old was begun.
"""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from core import clock, ports
from core.privacy import OWN, REST
from participants.models import Trajectory
from participants.rights import erasure
from participants.rights.privacy import person_of
from questionnaires.answers import answering, later
from questionnaires.answers.answering import save_answers
from questionnaires.cycle import mail_buttons
from questionnaires.models import Draft, Invitation
from tests import world
from tests.link_pages import Behind, hidden_in
from tests.questionnaires.answers.test_pages import text_of, url
from tests.questionnaires.build import make_invitation, take_back

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-351")]

DAY = timedelta(days=1)
BEGUN_BEFORE = (
    "Je was eerder begonnen. Wat je toen invulde, is niet verstuurd. Dit is een nieuwe vragenlijst."
)
NOT_SENT = "Wat je eerder invulde, is niet verstuurd. Niemand leest het."
LAST_ONE = "Je laatste antwoord is niet bewaard."
READY = "Er staat een nieuwe vragenlijst voor je klaar."


def answer(wave: Invitation, *numbers: int) -> None:
    by = wave.trajectory.participant.user
    save_answers(invitation=wave, values=dict.fromkeys(numbers, 2), by=by)


@pytest.fixture
def old(stay: Trajectory) -> Invitation:
    """The goodbye of a month ago."""
    return make_invitation(stay, "exit", opened_on=clock.today() - 30 * DAY)


def earned_again(old: Invitation, **fields: Any) -> Invitation:
    if old.state != "withdrawn":
        take_back(old, clock.today() - 20 * DAY)
    stands = {"wave": old.wave, "sequence": old.sequence, "opening": old.opening + 1} | fields
    return make_invitation(old.trajectory, **stands)


# ---- the draft ----------------------------------------------------------------------------


def test_the_new_opening_begins_empty_and_only_its_own_answers_are_sent(
    casey: Client, old: Invitation
) -> None:
    answer(old, *range(1, 23))
    new = earned_again(old)
    page = casey.get(url("who_reads", new))
    assert "Beginnen" in text_of(page)
    assert url("item", new, 1) in page.content.decode()
    assert "checked" not in casey.get(url("item", new, 1)).content.decode()
    with world.broken("nothing_answered"):
        answering.submit(invitation=new, by=new.trajectory.participant.user)
    answer(new, 3)
    assert Draft.objects.get(pk=new.pk).given() == {3: 2}
    assert Draft.objects.get(pk=old.pk).given() == dict.fromkeys(range(1, 23), 2)


def test_the_start_page_does_not_say_that_the_old_answers_are_kept(
    casey: Client, old: Invitation
) -> None:
    answer(old, 1, 2)
    new = earned_again(old)
    kept, user = "Wat je al invulde, is bewaard", new.trajectory.participant.user

    def said() -> set[bool]:
        (todo,) = world.waiting(user, "questionnaire")
        return {kept in str(todo.reason), kept in text_of(casey.get(url("later", new)))}

    assert said() == {False}
    answer(new, 1)
    assert said() == {True}


def test_where_the_old_one_was_begun_the_first_page_says_so_and_only_there(
    casey: Client, old: Invitation
) -> None:
    answer(old, 1, 2)
    assert BEGUN_BEFORE not in text_of(casey.get(url("who_reads", old)))
    new = earned_again(old)
    shown = text_of(casey.get(url("who_reads", new)))
    assert "is weg. Hij hoorde bij een afscheid dat niet doorging. " + BEGUN_BEFORE in shown
    assert shown.count("nieuwe") == 1, "said once"
    for name, more in (("item", (1,)), ("item", (22,)), ("finish", ()), ("later", ())):
        assert BEGUN_BEFORE not in text_of(casey.get(url(name, new, *more)))
    assert BEGUN_BEFORE not in text_of(casey.get("/vandaag/"))
    answer(new, 1)
    shown = text_of(casey.get(url("who_reads", new)))
    assert "Verder waar ik was" in shown
    assert "is weg" in shown
    assert "nieuwe" not in shown, "begun: it goes on"


@pytest.mark.parametrize("which", ["not begun", "another wave", "another number", "another person"])
def test_it_is_not_said_of_what_was_not_this_one_or_not_begun(
    casey: Client, old: Invitation, which: str
) -> None:
    if which == "not begun":
        new = earned_again(old)
    elif which == "another wave":
        answer(old, 1)
        new = earned_again(old, wave="interim")
    elif which == "another number":
        answer(old, 1)
        new = earned_again(old, sequence=2)
    else:
        other = make_invitation(world.make_trajectory(group=old.trajectory.group), "exit")
        answer(other, 1)
        take_back(other)
        new = earned_again(old)
    assert BEGUN_BEFORE not in text_of(casey.get(url("who_reads", new)))


def test_two_openings_back_counts_as_begun_before(casey: Client, old: Invitation) -> None:
    answer(old, 1)
    second = earned_again(old)
    new = earned_again(second)
    assert BEGUN_BEFORE in text_of(casey.get(url("who_reads", new)))


def test_a_first_opening_asks_no_more_than_before(
    casey: Client, stay: Trajectory, django_assert_num_queries: Any
) -> None:
    wave = make_invitation(stay, "exit")
    casey.get(url("who_reads", wave))
    with django_assert_num_queries(5):
        casey.get(url("who_reads", wave))


def test_the_old_answers_are_in_the_own_data_under_their_own_heading(
    stay: Trajectory, old: Invitation
) -> None:
    answer(old, 1, 2, 3)
    new = earned_again(old)
    answer(new, 1)
    person = person_of(stay.participant)

    def sections(part: str) -> dict[str, Any]:
        return {s.key: s for answer in ports.export_person(person, part) for s in answer}

    own = sections(OWN)
    assert "weg is: niemand las ze" in own["taken_back"].title
    (taken_back,) = own["taken_back"].told
    (not_sent,) = own["not_sent"].told
    assert len(taken_back) == 2 + 3, "which one, when it went, and the three answers"
    assert {f.key: f.value for f in taken_back}["taken_back"] == clock.today() - 20 * DAY
    assert len(not_sent) == 1 + 1
    got = own["questions"].told
    assert len(got) == 2
    assert [f.key for f in got[0]] == ["list", "opened", "taken_back", "why_gone"]
    assert [f.key for f in got[1]] == ["list", "opened"]
    assert not {"taken_back", "not_sent"} & set(sections(REST))


@pytest.mark.req("R-354")
def test_the_own_data_say_why_each_came_and_why_it_is_not_open_any_more(stay: Trajectory) -> None:
    today = clock.today()
    came = {"text": "exit", "last_meeting_on": today.isoformat()}
    old = make_invitation(stay, "exit", reason=dict(came), opened_on=today - 30 * DAY)
    missed = {"missed": {"days": 60}}
    make_invitation(stay, state="missed", reason=missed, opened_on=today - 90 * DAY)
    earned_again(old, reason=came)
    (section,) = [
        s
        for answer in ports.export_person(person_of(stay.participant), OWN)
        for s in answer
        if s.key == "questions"
    ]
    ran_out, first, second = [{f.key: f.text for f in facts} for facts in section.told]
    assert ran_out["why_gone"] == "Hij stond 60 dagen voor je klaar."
    assert first["why"].startswith("Deze vragenlijst hoort bij je afscheid op")
    assert first["why_gone"] == "Hij hoorde bij een afscheid dat niet doorging."
    assert first["taken_back"].startswith("weg sinds")
    assert second["why"] == first["why"]
    assert "why_gone" not in second


def test_nobody_reads_the_old_answers_and_they_go_with_the_person(
    stay: Trajectory, old: Invitation
) -> None:
    answer(old, *range(1, 23))
    earned_again(old)
    worker = world.worker_of(stay)
    eyes = world.eyes(worker)
    page = eyes.get(reverse("questionnaires:answers", args=[stay.pk]))
    assert "Nog geen antwoorden" in text_of(page)
    assert not world.waiting(worker, "questionnaire_talk")
    erasure.erase_person(participant=stay.participant, by=worker)
    assert not Draft.objects.exists()


# ---- in the middle of a list ----------------------------------------------------------------


@pytest.mark.parametrize("stands", [True, False], ids=["a new one stands", "nothing stands"])
@pytest.mark.parametrize("at_once", [True, False], ids=["while it is saved", "before"])
@pytest.mark.parametrize("given", [{"answer": "4"}, {"rather_not": "1"}], ids=["tap", "rather not"])
def test_taken_back_in_the_middle_of_the_list_says_what_became_of_it(
    casey: Client,
    old: Invitation,
    stands: bool,
    at_once: bool,
    given: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer(old, 1, 2)
    save = answering.save_answer

    def taken_back_first(**given: Any) -> Draft:
        take_back(Invitation.objects.get(pk=old.pk))
        return save(**given)

    if at_once:
        monkeypatch.setattr(answering, "save_answer", taken_back_first)
    else:
        take_back(old)
    if stands and not at_once:
        new = earned_again(old)
    page = casey.post(url("item", old, 3), given)
    assert page.status_code == 409
    shown = text_of(page)
    assert LAST_ONE in shown
    assert NOT_SENT in shown
    assert Draft.objects.get(pk=old.pk).given() == {1: 2, 2: 2}, "what was there stays there"
    if stands and not at_once:
        assert READY in shown
        assert url("who_reads", new) in page.content.decode()
    else:
        assert READY not in shown
        assert reverse("home:today") in page.content.decode()


def test_sending_what_was_taken_back_sends_nothing_and_says_so(
    casey: Client, old: Invitation
) -> None:
    answer(old, 1, 2)
    new = earned_again(old)
    page = casey.post(url("finish", old))
    assert page.status_code == 409
    assert NOT_SENT in text_of(page)
    assert LAST_ONE not in text_of(page)
    assert url("who_reads", new) in page.content.decode()
    assert casey.get(url("thanks", old)).status_code == 200
    assert not hasattr(Invitation.objects.get(pk=new.pk), "response")


def test_who_had_filled_in_nothing_reads_nothing_about_answers(
    casey: Client, old: Invitation
) -> None:
    take_back(old)
    shown = text_of(casey.get(url("who_reads", old)))
    assert "Je hoeft niets te doen" in shown
    assert NOT_SENT not in shown
    assert LAST_ONE not in shown


def test_the_draft_goes_on_where_the_same_row_stands_again(casey: Client, old: Invitation) -> None:
    answer(old, 1, 2)
    take_back(old)
    Invitation.objects.filter(pk=old.pk).update(state="open")
    page = casey.get(url("who_reads", old))
    assert "Verder waar ik was" in text_of(page)
    assert BEGUN_BEFORE not in text_of(page)


# ---- the way of an old mail -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["who_reads", "finish", "stop_here", "thanks", "later"])
@pytest.mark.parametrize("begun", [True, False])
def test_an_old_link_leads_to_what_stands_now(
    casey: Client, old: Invitation, name: str, begun: bool
) -> None:
    if begun:
        answer(old, 1)
    new = earned_again(old)
    page = casey.get(url(name, old))
    assert page.status_code == 200
    assert READY in text_of(page)
    assert url("who_reads", new) in page.content.decode()
    assert (NOT_SENT in text_of(page)) is begun


def test_an_old_link_without_a_new_opening_is_no_dead_end(casey: Client, old: Invitation) -> None:
    take_back(old)
    page = casey.get(url("who_reads", old))
    assert reverse("home:today") in page.content.decode()
    assert READY not in text_of(page)


def test_an_old_link_does_not_lead_to_what_waits_for_a_yes(casey: Client, old: Invitation) -> None:
    new = earned_again(old)
    stay = old.trajectory
    stay.blocked_reason = "parent_withdrew"
    stay.save(update_fields=["blocked_reason"])
    page = casey.get(url("who_reads", old)).content.decode()
    assert str(new.pk) not in page
    assert READY not in page


def test_an_old_link_never_leads_to_the_questions_of_somebody_else(
    casey: Client, old: Invitation
) -> None:
    take_back(old)
    other = make_invitation(world.make_trajectory(group=old.trajectory.group), "exit")
    page = casey.get(url("who_reads", old)).content.decode()
    assert str(other.pk) not in page


def choices(wave: Invitation) -> tuple[date | None, date | None]:
    wave.refresh_from_db()
    return wave.remind_on, wave.left_alone_on


@pytest.mark.parametrize("opened", ["before", "after"])
@pytest.mark.parametrize("button", ["tomorrow", "rather_not"])
def test_a_button_of_an_old_mail_acts_on_nothing_of_the_new_opening(
    client: Client, old: Invitation, button: str, opened: str
) -> None:
    """Also where its page was opened before the questionnaire was taken back."""
    path = urlsplit(mail_buttons.links(old)[f"{button}_url"]).path
    if opened == "before":
        page = Behind(path, client)
        shown = hidden_in(page.get())
        new = earned_again(old)
        answered = page.post(shown)
    else:
        new = earned_again(old)
        answered = Behind(path, client).get()
    assert answered.status_code == 410
    assert "Naar de startpagina" in text_of(answered)
    assert choices(new) == choices(old) == (None, None)


@pytest.mark.parametrize("choice", ["tomorrow", "rather_not", "again"])
def test_a_choice_on_the_old_page_changes_nothing_of_the_new_one(
    casey: Client, old: Invitation, choice: str
) -> None:
    later.leave_alone(invitation=old, by=old.trajectory.participant.user)
    new = earned_again(old)
    page = casey.post(url("later", old), {"choice": choice})
    assert page.status_code == 409
    assert url("who_reads", new) in page.content.decode()
    assert choices(new) == (None, None)
    shown = text_of(casey.get(url("later", new)))
    assert "Je zei: liever niet" not in shown
    assert "liever niet" not in text_of(casey.get("/vandaag/"))


def test_a_choice_made_as_it_is_taken_back_gets_the_kind_page(
    casey: Client, old: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = later.ask_tomorrow

    def taken_back_first(**given: Any) -> Invitation:
        take_back(Invitation.objects.get(pk=old.pk))
        return act(**given)

    monkeypatch.setattr(later, "ask_tomorrow", taken_back_first)
    page = casey.post(url("later", old), {"choice": "tomorrow"})
    assert page.status_code == 409
    assert "Deze vragenlijst is er niet meer" in text_of(page)
