"""The page about parents: one pure function from what is known to what is said and offered."""

import itertools
import re
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.messaging.models import Message
from core.messaging.rendering import render
from participants.consent.needed import WHY, Policy
from participants.parents import mail
from participants.parents import question as parental
from participants.parents.page_state import OWN, WORKERS, State, state_of
from tests import world
from tests.participants.parents.build import NOON, asked, child, say_yes
from tests.world import eyes

ASKS = Policy(required=True, age=16, informed_only=False)
INFORMS = Policy(required=False, age=16, informed_only=True)
ALONE = Policy(required=False, age=16, informed_only=False)


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with clock.travel(NOON):
        yield


@pytest.mark.req("R-346")
def test_a_home_that_is_not_safe_goes_before_everything_else() -> None:
    codes = [set(), *({code} for code in WHY)]
    for policy, missing, informed in itertools.product(
        (ASKS, INFORMS, ALONE), codes, (True, False)
    ):
        found = state_of(policy=policy, unsafe=True, missing=missing, informed=informed)
        assert found == State.UNSAFE
    assert set(OWN) == set(WORKERS) == set(State)


@pytest.mark.req("R-346")
@pytest.mark.parametrize(
    ("missing", "state"),
    [
        ({"parent_unknown"}, State.BEFORE),
        ({"harm_not_asked"}, State.BEFORE),
        ({"parent_not_asked", "privacy"}, State.BEFORE),
        ({"parent_not_answered"}, State.WAITING),
        ({"privacy"}, State.YES),
        (set(), State.YES),
        ({"parent_refused"}, State.NO),
        ({"parent_withdrew"}, State.WITHDREW),
    ],
)
def test_each_fact_has_its_own_page(missing: set[str], state: State) -> None:
    assert state_of(policy=ASKS, unsafe=False, missing=missing) == state
    assert state_of(policy=ALONE, unsafe=False, missing=missing) == State.NOT_NEEDED
    assert state_of(policy=INFORMS, unsafe=False, missing=missing) == State.TO_INFORM


@pytest.mark.req("R-346")
def test_a_refusal_and_a_withdrawal_are_one_page_that_names_no_parent() -> None:
    assert OWN[State.NO] == OWN[State.WITHDREW]
    page = OWN[State.NO]
    assert not any((page.names, page.preview, page.may_enter))
    quiet = OWN[State.UNSAFE]
    assert not any((quiet.names, quiet.preview, quiet.may_enter, quiet.may_say))


@pytest.mark.django_db
@pytest.mark.req("R-346")
def test_the_young_person_reads_the_state_and_finds_its_acts() -> None:
    stay = child()
    client = eyes(stay.participant.user)
    where = reverse("participants:guardians")

    def page() -> str:
        return re.sub(r"\s+", " ", client.get(where).content.decode())

    assert "Daarom vragen we het aan een van je ouders" in page()
    row, token, _parent = asked(stay)
    assert "De mail is verstuurd. We wachten op antwoord" in page()
    parental.answer_request(consent=row, answer="no")
    refused = page()
    assert "Er moet eerst iets geregeld worden. Je begeleider legt het uit." in refused
    assert re.search(r"030[ -]?123", refused)
    for word in ("nee", "ouder", "Inge", "weiger"):
        assert not re.search(rf"\b{word}", refused.split("<main")[1].split("niet veilig")[0])
    form = {"name": "Els", "relation": "mother", "email": "els@example.org", "phone": ""}
    assert client.post(where, form).status_code == 302
    assert stay.participant.guardians.count() == 1, "this state offers no form"
    other = child()
    _row, token, _parent = asked(other)
    say_yes(token)
    assert "Dit is geregeld" in eyes(other.participant.user).get(where).content.decode()


@pytest.mark.django_db
@pytest.mark.req("R-346")
def test_the_worker_reads_the_state_and_finds_its_acts() -> None:
    stay = child()
    row, _token, _parent = asked(stay)
    client = eyes(world.make_worker(stay.group))
    where = reverse("participants:parents", args=[stay.pk])
    assert "De vraag ligt bij een ouder" in client.get(where).content.decode()
    parental.answer_request(consent=row, answer="no")
    page = client.get(where).content.decode()
    assert "alleen opnieuw als die daar zelf om vraagt" in page
    assert "Deze ouder komt erop terug" in page
    parental.ask_harm(trajectory=stay, can_harm=True, by=world.make_worker(stay.group))
    page = client.get(where).content.decode()
    assert "Er gaat niets naar huis" in page
    assert "Deze ouder komt erop terug" not in page


@pytest.mark.django_db
@pytest.mark.req("R-103")
def test_the_preview_is_the_mail_byte_for_byte_except_its_link() -> None:
    stay = child()
    parent = world.make_guardian(stay)
    first, second = world.make_worker(stay.group, "Anouk"), world.make_worker(stay.group, "Ruben")
    before = mail.preview(stay, parent)
    on_page = eyes(stay.participant.user).get(reverse("participants:guardians")).content.decode()
    assert "Afzender" in on_page
    assert before.subject in on_page
    parental.ask_harm(trajectory=stay, can_harm=False, by=second)
    assert mail.preview(stay, parent, second) == before, "whoever lets it go"
    _row, token = parental.release_request(guardian=parent, trajectory=stay, by=second)
    sent = render(Message.objects.get(kind="parental_request"))
    assert before.subject == sent.subject
    here = f"/ouders/l/{mail.NO_LINK}/"
    there = f"/ouders/l/{token}/"
    assert before.text.replace(here, there) == sent.text
    assert before.html.replace(here, there) == sent.html
    assert here in before.text
    assert first.first_name in sent.text
    assert not re.search(r"\b(je|jij|jouw)\b", sent.text), "u to the last word"
