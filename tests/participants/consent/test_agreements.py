"""The own yes, account, details and parents' details of a young person."""

from typing import Any

import pytest
from django.test import Client

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.texts.models import TextVersion
from core.texts.publishing import publish
from participants.consent import agreements, needed
from participants.models import Agreement, Guardian, Participant, Trajectory
from participants.parents import guardians
from participants.person import details
from participants.person.account import open_account
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def stay() -> Trajectory:
    return world.make_trajectory(group=world.make_group(), phase="intake", suitable=True, age=14)


@pytest.fixture
def client(stay: Trajectory) -> Client:
    client = Client()
    client.force_login(stay.participant.user)
    return client


def text(key: str) -> TextVersion:
    return TextVersion.objects.current(key, "nl")


@pytest.mark.req("R-086")
def test_before_the_first_talk_ended_well_nobody_is_asked_for_a_yes() -> None:
    applicant = world.make_trajectory(group=world.make_group(), phase="signed_up", age=17)
    young = applicant.participant.user
    assert world.waiting(young, "own_agreements") == []
    Trajectory.objects.filter(pk=applicant.pk).update(phase="intake", suitable=True)
    needed.settle(trajectory=applicant)
    assert len(world.waiting(young, "own_agreements")) == 1


@pytest.mark.parametrize("act", ["give", "withdraw"])
@pytest.mark.parametrize("subject", ["\x00", "who_reads", "", "x" * 1000])
def test_an_unknown_subject_is_refused_and_nothing_is_agreed(
    stay: Trajectory, client: Client, act: str, subject: str
) -> None:
    sent = {"act": act, "subject": subject, "yes": "on", "text": str(text("privacy").pk)}
    assert client.post("/afspraken/", sent).status_code == 422
    assert not Agreement.objects.exists()


@pytest.mark.req("R-086")
def test_each_agreement_is_kept_with_its_version_fingerprint_and_date(
    stay: Trajectory, client: Client
) -> None:
    for subject in ("privacy", "participation"):
        page = client.get("/afspraken/")
        assert text(subject).title in page.content.decode()
        client.post("/afspraken/", {"subject": subject, "text": text(subject).pk, "yes": "on"})
    rows = {a.subject: a for a in Agreement.objects.filter(trajectory=stay)}
    assert set(rows) == {"privacy", "participation"}
    for subject, row in rows.items():
        assert row.text == text(subject)
        assert row.text_sha256 == text(subject).sha256
        assert row.given_at.date() == clock.now().astimezone(row.given_at.tzinfo).date()
    assert f"versie {text('privacy').version}" in client.get("/afspraken/").content.decode()


@pytest.mark.req("R-086")
def test_without_a_tick_or_with_another_text_nothing_is_agreed(client: Client) -> None:
    for data in (
        {"subject": "privacy", "text": text("privacy").pk},
        {"subject": "privacy", "text": text("participation").pk, "yes": "on"},
        {"subject": "privacy", "text": "not-a-key", "yes": "on"},
        {"subject": "everything", "text": text("privacy").pk, "yes": "on"},
        {"subject": "pri\x00vacy", "text": "\x00", "yes": "on"},
    ):
        assert client.post("/afspraken/", data).status_code == 422
    assert not Agreement.objects.exists()


@pytest.mark.req("R-086")
def test_a_yes_to_a_text_that_changed_meanwhile_is_asked_again(
    stay: Trajectory,
) -> None:
    old = text("privacy")
    publish(key="privacy", language="nl", title="Nieuw", body="Nieuwe tekst")
    with pytest.raises(RuleBroken) as broken:
        agreements.give_agreement(
            trajectory=stay, subject="privacy", text=old, by=stay.participant.user
        )
    assert broken.value.code == "text_changed"


@pytest.mark.req("R-086", "R-288")
def test_a_yes_is_taken_back_at_once_and_research_changes_nothing(
    stay: Trajectory, client: Client
) -> None:
    Participant.objects.filter(pk=stay.participant_id).update(birth_date="2000-01-01")
    for subject in ("privacy", "participation", "research"):
        client.post("/afspraken/", {"subject": subject, "text": text(subject).pk, "yes": "on"})
    stay.refresh_from_db()
    complete = stay.consent_complete_on
    assert complete == clock.today()
    client.post("/afspraken/", {"subject": "research", "act": "withdraw"})
    stay.refresh_from_db()
    assert (stay.blocked_reason, stay.consent_complete_on) == ("", complete)
    client.post("/afspraken/", {"subject": "participation", "act": "withdraw"})
    stay.refresh_from_db()
    assert (stay.blocked_reason, stay.consent_complete_on) == ("participation", complete)


@pytest.mark.req("R-086")
def test_nobody_says_yes_for_a_young_person(stay: Trajectory) -> None:
    with pytest.raises(RuleBroken) as broken:
        agreements.give_agreement(
            trajectory=stay,
            subject="privacy",
            text=text("privacy"),
            by=world.make_worker(stay.group),
        )
    assert broken.value.code == "not_your_yes"


@pytest.mark.req("R-003")
def test_an_account_is_opened_once_and_needs_no_mailbox() -> None:
    worker = world.make_staff()
    alone = world.make_participant(with_account=False, email="")
    user = open_account(participant=alone, by=worker)
    assert (user.kind, user.email) == (User.Kind.PARTICIPANT, None)
    assert open_account(participant=alone, by=worker) == user
    shared = world.make_participant(with_account=False, email=worker.email)
    assert open_account(participant=shared, by=worker).email is None
    own = world.make_participant(with_account=False, email="eigen@example.org")
    assert open_account(participant=own, by=worker).email == "eigen@example.org"


@pytest.mark.req_part("R-002", "R-099")
def test_own_details_are_kept_and_the_call_name_is_used_everywhere(
    stay: Trajectory, client: Client
) -> None:
    data = {
        "call_name": "Noa",
        "pronouns": "zij",
        "full_name": "Noor Visser",
        "address": "Laan 3",
        "emergency_name": "Tante Bea",
        "emergency_phone": "0612345678",
    }
    assert client.post("/mijn-gegevens/", data).status_code == 302
    person = Participant.objects.get(pk=stay.participant_id)
    kept = {**data, "emergency_phone": "+31612345678"}
    assert {k: getattr(person, k) for k in data} == kept
    assert person.contact.name == "Noa"
    assert person.user is not None
    assert person.user.name == "Noa"
    with pytest.raises(ValueError, match="birth_date"):
        details.change_details(participant=person, by=person.user, birth_date="2000-01-01")


def test_what_is_not_on_the_form_of_own_details_is_not_written(
    stay: Trajectory, client: Client
) -> None:
    own = Participant.objects.filter(pk=stay.participant_id).values()
    before = own.get()
    more = {"birth_date": "1990-01-01", "postcode": "9999", "erased_at": "2026-01-01T00:00Z"}
    client.post("/mijn-gegevens/", {"call_name": "Noa", **more})
    assert own.get() == {**before, "call_name": "Noa"}


@pytest.mark.parametrize(
    "name", ["", "x" * 41, "a\x00b", "Noa\r\nBcc: x@y.nl", "x" * 200_000], ids=range(5)
)
def test_a_bad_name_is_refused_at_the_field(stay: Trajectory, client: Client, name: str) -> None:
    before = stay.participant.call_name
    assert client.post("/mijn-gegevens/", {"call_name": name}).status_code == 422
    assert Participant.objects.get(pk=stay.participant_id).call_name == before


def parent(**changes: str) -> dict[str, str]:
    return {"name": "Inge Visser", "relation": "mother", "email": "inge@example.org", **changes}


@pytest.mark.req("R-102")
def test_the_young_person_enters_a_parent_reads_the_mail_and_nothing_is_sent(
    stay: Trajectory, client: Client
) -> None:
    from core.messaging.models import Message

    page = client.get("/mijn-gegevens/regelen/").content.decode()
    assert "wil graag meedoen met Join Us" in page
    assert client.post("/mijn-gegevens/regelen/", parent()).status_code == 302
    guardian = Guardian.objects.get(participant=stay.participant)
    assert guardian.entered_by == stay.participant.user
    assert guardian.contact.email == "inge@example.org"
    assert not Message.objects.filter(contact=guardian.contact).exists()


@pytest.mark.req("R-102")
@pytest.mark.parametrize(
    "changes",
    [
        {"email": ""},
        {"email": "no address"},
        {"name": "Inge\r\nBcc: x@y.nl"},
        {"name": "a\x00"},
        {"relation": "neighbour"},
    ],
)
def test_a_parents_details_are_checked_at_the_field(
    client: Client, changes: dict[str, str]
) -> None:
    assert client.post("/mijn-gegevens/regelen/", parent(**changes)).status_code == 422
    assert not Guardian.objects.exists()


@pytest.mark.req("R-102")
def test_the_own_address_and_a_third_parent_are_refused(stay: Trajectory, client: Client) -> None:
    own = stay.participant.contact.email
    assert client.post("/mijn-gegevens/regelen/", parent(email=own)).status_code == 422
    for n in range(2):
        client.post("/mijn-gegevens/regelen/", parent(email=f"ouder{n}@example.org"))
    assert (
        client.post("/mijn-gegevens/regelen/", parent(email="ouder3@example.org")).status_code
        == 422
    )
    assert Guardian.objects.count() == guardians.MOST


@pytest.mark.req("R-107")
def test_who_is_sixteen_is_asked_for_no_parents() -> None:
    trajectory = world.make_trajectory(group=world.make_group(), phase="intake", age=16)
    client = Client()
    client.force_login(trajectory.participant.user)
    assert "Dit beslis je zelf" in client.get("/mijn-gegevens/regelen/").content.decode()
    client.post("/mijn-gegevens/regelen/", parent())
    assert not Guardian.objects.exists()


@pytest.mark.req("R-010")
def test_each_sees_only_the_own_pages(stay: Trajectory, client: Client) -> None:
    other = world.make_trajectory(group=stay.group, phase="intake", age=14, call_name="Elders")
    world.make_guardian(other, name="Ouder van Elders")
    for page in ("/mijn-gegevens/", "/mijn-gegevens/regelen/", "/afspraken/"):
        html = client.get(page).content.decode()
        assert "Elders" not in html
    worker = Client()
    worker.force_login(world.make_worker(stay.group))
    for page in ("/mijn-gegevens/", "/mijn-gegevens/regelen/", "/afspraken/"):
        assert worker.get(page).status_code in (302, 404)


@pytest.mark.req("R-022")
def test_the_pages_of_a_young_person_avoid_the_banned_words(client: Client) -> None:
    banned: tuple[Any, ...] = ("eenzaam", "lonely", "screening", "hulpvraag", "kwetsbaar")
    for page in ("/mijn-gegevens/", "/mijn-gegevens/regelen/", "/afspraken/"):
        html = client.get(page).content.decode().lower()
        assert not [word for word in banned if word in html]
