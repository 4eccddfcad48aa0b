"""Nobody who signed up is forgotten: the list, the page, the to-dos, and who may see them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from core import clock
from core.ages import birthday
from core.audit.models import ReadEntry
from core.errors import RuleBroken
from core.messaging.models import Message
from core.organisations.models import Group
from core.ports import Todo
from participants.intake import talk
from participants.models import ContactAttempt, Trajectory
from participants.signup.applicants import is_late, move_applicant
from participants.signup.first_contact import record_contact
from participants.signup.todos import RULES
from tests.participants.intake.build import all_answers, complete, refer
from tests.world import (
    asked,
    make_coordinator,
    make_group,
    make_manager,
    make_municipality,
    make_trajectory,
    make_worker,
    waiting,
)

pytestmark = pytest.mark.django_db

LIST = "/aanmeldingen/"


@pytest.fixture
def group() -> Group:
    return make_group(municipality=make_municipality(pc4="3511"))


@pytest.fixture
def fleur(group: Group) -> Any:
    return make_worker(group)


@pytest.fixture
def stay(group: Group) -> Trajectory:
    return make_trajectory(
        group=group,
        phase="signed_up",
        call_name="Xanthippe",
        age=15,
        heard_from="school",
        first_contact_when="evening",
        municipality=group.location.work_area.get(),
    )


def arriving(user: Any) -> list[Todo]:
    """What waits for this user about people who arrive."""
    return asked(RULES, user)


def kinds(user: Any) -> list[str]:
    return [todo.kind.removeprefix("applicant_") for todo in arriving(user)]


def main_of(page: Any) -> str:
    return page.content.decode().split('id="content"')[1]


# ---- Who sees an applicant --------------------------------------------------------


@pytest.mark.req("R-010", "R-047")
def test_the_wanted_groups_workers_see_who_signed_up(
    client: Any, stay: Trajectory, fleur: Any
) -> None:
    client.force_login(fleur)
    assert "Xanthippe" in main_of(client.get(LIST))
    page = main_of(client.get(f"{LIST}{stay.pk}/"))
    assert stay.participant.contact.email in page
    client.force_login(make_worker(make_group(), "Van Elders"))
    assert "Xanthippe" not in main_of(client.get(LIST))
    assert client.get(f"{LIST}{stay.pk}/").status_code == 404


@pytest.mark.req("R-010")
def test_others_do_not_see_applicants(client: Any, stay: Trajectory) -> None:
    assert client.get(LIST).status_code == 302
    for user in (
        stay.participant.user,
        make_manager(stay.group.location.organisation),
    ):
        client.force_login(user)
        assert client.get(LIST).status_code == 403
        assert client.get(f"{LIST}{stay.pk}/").status_code == 404


def test_the_coordinator_sees_only_who_has_no_group(client: Any, stay: Trajectory) -> None:
    karim = make_coordinator(stay.region)
    client.force_login(karim)
    assert client.get(f"{LIST}{stay.pk}/").status_code == 404
    assert arriving(karim) == []
    Trajectory.objects.update(group=None)
    page = main_of(client.get(f"{LIST}{stay.pk}/"))
    assert "Xanthippe" in page
    assert stay.participant.postcode in page
    assert "School" not in page
    assert client.post(f"{LIST}{stay.pk}/contact/", {"outcome": "spoken"}).status_code == 403
    assert kinds(karim) == ["without_group"]


@pytest.mark.req("R-020")
def test_opening_list_and_page_is_written_down(client: Any, stay: Trajectory, fleur: Any) -> None:
    second = make_trajectory(group=stay.group, phase="intake")
    client.force_login(fleur)
    client.get(LIST)
    client.get(f"{LIST}{stay.pk}/")
    listed, opened = ReadEntry.objects.order_by("pk")
    assert (listed.record, set(listed.subject_ids)) == ("applicants", {stay.pk, second.pk})
    assert (opened.record, opened.subject_ids) == ("applicant", [stay.pk])


# ---- Safe contact, said to the worker ------------------------------------------------


def test_what_is_safe_stands_beside_the_address(client: Any, stay: Trajectory, fleur: Any) -> None:
    client.force_login(fleur)
    calm = main_of(client.get(f"{LIST}{stay.pk}/"))
    contact = stay.participant.contact
    contact.shared_mailbox = contact.not_at_home = True
    contact.save()
    warned = main_of(client.get(f"{LIST}{stay.pk}/"))
    assert warned.count('class="message') == calm.count('class="message') + 2


@pytest.mark.req("R-045")
def test_since_when_somebody_waits_is_shown(client: Any, stay: Trajectory, fleur: Any) -> None:
    Trajectory.objects.update(waiting_since=clock.today())
    client.force_login(fleur)
    assert str(clock.today().day) in main_of(client.get(LIST))


# ---- To-dos -----------------------------------------------------------------------------


@pytest.mark.req("R-047")
def test_a_new_sign_up_is_a_to_do_with_its_reason_and_one_button(
    client: Any, stay: Trajectory, fleur: Any
) -> None:
    (todo,) = arriving(fleur)
    assert "Xanthippe" in todo.title
    assert "15" in todo.title
    assert todo.reason
    assert todo.action
    client.force_login(fleur)
    page = client.get(todo.url)
    assert page.status_code == 200
    kept = client.post(f"{LIST}{stay.pk}/contact/", {"outcome": "spoken", "note": "Leuk"})
    assert kept.status_code == 302
    assert kinds(fleur) == ["talk"]
    assert ContactAttempt.objects.get().by == fleur


@pytest.mark.req("R-047")
def test_it_becomes_a_reminder_when_nobody_was_reached(stay: Trajectory, fleur: Any) -> None:
    record_contact(trajectory=stay, outcome="no_answer", by=fleur)
    assert kinds(fleur) == ["new"]
    assert not is_late(stay)
    with clock.travel(stay.signed_up_at + timedelta(days=3)):
        fresh = type(fleur).objects.get(pk=fleur.pk)
        (todo,) = arriving(fresh)
        assert (todo.kind, todo.about, todo.urgency) == ("applicant_late", stay.pk, 0)
    record_contact(trajectory=stay, outcome="spoken", by=fleur)
    with clock.travel(stay.signed_up_at + timedelta(days=4)):
        assert kinds(fleur) == ["talk"]


@pytest.mark.req("R-066")
@pytest.mark.parametrize("decision", ["suitable", "referred"])
def test_a_decision_waits_until_a_person_has_told_it(
    client: Any, stay: Trajectory, fleur: Any, decision: str
) -> None:
    talk.start_intake(trajectory=stay, by=fleur)
    assert kinds(fleur) == []
    if decision == "referred":
        refer(stay, fleur)
    else:
        complete(stay, fleur, judgements=all_answers())
        talk.decide(trajectory=stay, decision="suitable", reason="Past", by=fleur)
    assert kinds(fleur) == ["to_tell"]
    client.force_login(fleur)
    (todo,) = arriving(fleur)
    assert "/verteld/" in main_of(client.get(todo.url))
    client.post(f"{LIST}{stay.pk}/verteld/")
    assert kinds(fleur) == []
    assert len(waiting(fleur, "invite")) == (decision == "suitable")


def found_suitable(group: Group, by: Any, **fields: Any) -> Trajectory:
    stay = make_trajectory(group=group, phase="signed_up", **fields)
    talk.start_intake(trajectory=stay, by=by)
    complete(stay, by)
    talk.decide(trajectory=stay, decision="suitable", reason="Past", by=by)
    talk.tell_decision(trajectory=stay, by=by)
    return stay


@pytest.mark.req("R-045")
def test_who_waits_longest_is_invited_first_when_there_is_a_place(group: Group, fleur: Any) -> None:
    today = clock.today()
    group.state, group.places_taken = "full", 15
    group.save()
    second = found_suitable(group, fleur, waiting_since=today - timedelta(days=3))
    first = found_suitable(group, fleur, waiting_since=today - timedelta(days=9))
    assert waiting(fleur, "invite") == []
    group.state, group.places_taken = "open", 14
    group.save()
    (todo,) = waiting(fleur, "invite")
    assert todo.about == first.pk
    assert str(second.pk) not in todo.url
    assert arriving(fleur) == [], "the seat's own to-do is the only one about it"


@pytest.mark.req("R-066")
@pytest.mark.parametrize("told", [False, True])
def test_the_young_persons_own_page_stays_friendly(
    client: Any, stay: Trajectory, fleur: Any, told: bool
) -> None:
    """No status, no reason and no judgement reaches a page of the young person.

    Before a person told it the page says what it said; afterwards it promises no contact.
    """
    client.force_login(stay.participant.user)
    talk.start_intake(trajectory=stay, by=fleur)
    before = main_of(client.get("/vandaag/"))
    refer(stay, fleur)
    if told:
        talk.tell_decision(trajectory=stay, by=fleur)
    after = main_of(client.get("/vandaag/"))
    assert (after == before) is not told
    assert ("vertelt je zelf" in after) is not told
    for word in ("Eerst behandeling", "huisarts", "afgewezen", "geschikt", "verwezen"):
        assert word not in after


def test_a_talk_left_unfinished_comes_back(stay: Trajectory, fleur: Any) -> None:
    talk.start_intake(trajectory=stay, by=fleur)
    with clock.travel(clock.now() + timedelta(days=7)):
        assert kinds(type(fleur).objects.get(pk=fleur.pk)) == ["unfinished"]


@pytest.mark.req("R-065")
def test_a_question_waits_for_the_coordinator(stay: Trajectory, fleur: Any) -> None:
    karim = make_coordinator(stay.region)
    talk.start_intake(trajectory=stay, by=fleur)
    asked = talk.ask_coordinator(trajectory=stay, question="Wat weegt?", by=fleur)
    (todo,) = arriving(karim)
    assert todo.url == f"/advies/{asked.pk}/"
    talk.answer_consultation(consultation=asked, answer="Neem de tijd", by=karim)
    assert arriving(karim) == []


def test_nobody_else_has_these_to_dos(stay: Trajectory) -> None:
    assert arriving(make_manager(stay.group.location.organisation)) == []
    assert arriving(stay.participant.user) == []
    assert arriving(AnonymousUser()) == []


@pytest.mark.parametrize("people", [2, 8])
def test_the_list_asks_the_database_no_more_for_more_people(
    client: Any, fleur: Any, group: Group, people: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(people):
        stay = make_trajectory(group=group, phase="signed_up")
        record_contact(trajectory=stay, outcome="no_answer", by=fleur)
        talk.start_intake(trajectory=stay, by=fleur)
    client.force_login(fleur)
    with django_assert_max_num_queries(12):
        assert client.get(LIST).status_code == 200
    with django_assert_max_num_queries(2):
        arriving(fleur)


def test_the_list_is_made_of_the_same_rows_as_every_other(
    client: Any, fleur: Any, group: Group
) -> None:
    make_trajectory(group=group, phase="signed_up", call_name='Zoë & "Z"', age=15)
    client.force_login(fleur)
    shown = client.get(LIST).content.decode().split('class="rows"')[1].split("</ul>")[0]
    assert shown.count('<li class="row">') == shown.count("avatar--") == shown.count("chip--")
    assert "Zoë &amp; &quot;Z&quot; (15)</a></h2>" in shown


# ---- Another group -------------------------------------------------------------------------


@pytest.mark.req("R-049")
def test_a_worker_may_send_somebody_on_with_a_reason(
    client: Any, stay: Trajectory, fleur: Any
) -> None:
    older = make_group(municipality=stay.participant.municipality, age_from=17, age_until=30)
    other_worker = make_worker(older, "Sem de Boer")
    client.force_login(fleur)
    page = client.post(f"{LIST}{stay.pk}/groep/", {"to_group": older.pk, "reason": ""})
    assert page.status_code == 422
    page = client.post(f"{LIST}{stay.pk}/groep/", {"to_group": older.pk, "reason": "Bijna 17"})
    assert page.status_code == 302
    stay.refresh_from_db()
    assert stay.group == older
    assert stay.phase_changes.get().reason == "Bijna 17"
    assert Message.objects.get(template="new_sign_up").contact == other_worker.contact
    assert client.get(f"{LIST}{stay.pk}/").status_code == 404


@pytest.mark.req("R-039")
def test_never_to_a_group_that_does_not_serve_the_place(stay: Trajectory, fleur: Any) -> None:
    with pytest.raises(RuleBroken) as refused:
        move_applicant(trajectory=stay, to_group=make_group(), reason="Leuker", by=fleur)
    assert refused.value.code == "group_does_not_fit"


@pytest.mark.req("R-045")
def test_moved_to_a_full_group_the_place_in_line_counts_from_the_sign_up(
    stay: Trajectory, fleur: Any
) -> None:
    full = make_group(municipality=stay.participant.municipality, state="full")
    with clock.travel(clock.now() + timedelta(days=5)):
        move_applicant(trajectory=stay, to_group=full, reason="Vriend", by=fleur)
    assert stay.waiting_since == clock.day_of(stay.signed_up_at)


# ---- The page that the browser shows ------------------------------------------------------------


@pytest.mark.req("R-067")
def test_in_the_browser_a_crisis_tick_shows_the_panel_at_once(
    page_at: Any, stay: Trajectory, fleur: Any
) -> None:
    talk.start_intake(trajectory=stay, by=fleur)
    session = Client()
    session.force_login(fleur)
    page = page_at(390, 844, java_script_enabled=False)
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": session.cookies[settings.SESSION_COOKIE_NAME].value,
                "domain": "localhost",
                "path": "/",
            }
        ]
    )
    page.goto(f"{LIST}{stay.pk}/gesprek/")
    panel = page.locator(".judgement .talk__crisis")
    assert not panel.is_visible()
    page.locator('input[name="crisis"][value="does_not_meet"]').check()
    assert panel.is_visible()
    assert "112" in panel.inner_text()
    page.locator('input[name="crisis"][value="meets"]').check()
    assert not panel.is_visible()


def test_in_the_browser_signing_up_works_without_javascript(
    page_at: Any, group: Group, fleur: Any
) -> None:
    born = birthday(clock.today(), -14)
    page = page_at(390, 844, java_script_enabled=False)
    page.goto("/kijk-bij-mij/")
    page.fill('[name="place"]', "3511")
    page.fill('[name="age"]', "14")
    page.click('form[action="/kijk-bij-mij/"] button')
    page.click('main a.button[href^="/aanmelden/"]')
    assert page.locator('[name="phone"]').is_hidden()
    page.fill('[name="call_name"]', "Bo")
    for part in ("day", "month", "year"):
        page.fill(f'[name="birth_date_{part}"]', str(getattr(born, part)))
    page.check('[name="channel"][value="phone"]')
    page.fill('[name="phone"]', "06 12345678")
    for name, value in (
        ("others_read", "no"),
        ("home_may_know", "yes"),
        ("first_contact_by", "call"),
    ):
        page.check(f'[name="{name}"][value="{value}"]')
    page.check('[name="myself"]')
    page.click("form#sign-up button")
    page.wait_for_url(re.compile(r"/aangemeld/[0-9a-f]+/$"))
    assert Trajectory.objects.get().participant.call_name == "Bo"
