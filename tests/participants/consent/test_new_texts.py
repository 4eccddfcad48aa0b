"""Agreed texts are true, and who agreed to an older one is told what changed (words.md 10)."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from core.accounts.roles import Role
from core.texts.models import TextVersion
from core.texts.publishing import SHIPPED, publish, shipped
from participants.consent import agreements
from participants.models import Agreement, Trajectory
from participants.permissions import SEE_JOURNEY
from questionnaires.permissions import SEE_ANSWERS
from tests import world

pytestmark = pytest.mark.django_db

CHANGED = "Er staat nu bij wie het leest."


@pytest.fixture
def stay() -> Trajectory:
    stay = world.make_trajectory(group=world.make_group(), phase="participating", age=17)
    world.give_own_agreements(stay)
    return stay


@pytest.fixture
def young(stay: Trajectory) -> Client:
    return world.eyes(stay.participant.user)


def newer(body: str = "Nieuwe tekst", language: str = "nl") -> TextVersion:
    return publish(key="privacy", language=language, title="Nieuw", body=body, what_changed=CHANGED)


def told(stay: Trajectory) -> list[str]:
    return [t.reason for t in world.waiting(stay.participant.user, "own_new_text")]


def test_who_agreed_to_the_older_text_reads_in_one_line_what_changed(
    stay: Trajectory, young: Client
) -> None:
    assert told(stay) == []
    old = Agreement.objects.get(subject="privacy").text
    body = old.body
    newer()
    assert told(stay) == [CHANGED]
    assert CHANGED in young.get("/vandaag/").content.decode()
    page = young.get("/afspraken/").content.decode()
    assert CHANGED in page
    assert "Je toestemming geldt nog" in page
    old.refresh_from_db()
    assert old.body == body, "what was published stays as it was"
    stay.refresh_from_db()
    assert stay.blocked_reason == "", "nothing is asked anew"


def test_read_with_one_tap_and_the_yes_stays_with_its_own_text(
    stay: Trajectory, young: Client
) -> None:
    text = newer()
    before = Agreement.objects.get(subject="privacy")
    for _twice in range(2):
        sent = {"subject": "privacy", "text": text.pk, "act": "read"}
        assert young.post("/afspraken/", sent).status_code == 302
    assert told(stay) == []
    after = Agreement.objects.get(subject="privacy")
    assert (after.pk, after.text_id, after.given_at) == (before.pk, before.text_id, before.given_at)
    assert after.read_text == text
    newer("Nog een tekst")
    assert told(stay) == [CHANGED], "the next one is told again"


def test_who_agreed_to_it_as_it_stands_or_took_it_back_is_told_nothing(stay: Trajectory) -> None:
    user = stay.participant.user
    assert user is not None
    agreements.give_agreement(trajectory=stay, subject="privacy", text=newer(), by=user)
    assert told(stay) == []
    newer("Nog een tekst")
    agreements.withdraw_agreement(trajectory=stay, subject="privacy", by=user)
    assert told(stay) == []


def test_another_text_cannot_be_read_in_its_place(stay: Trajectory, young: Client) -> None:
    newer()
    other = TextVersion.objects.current("participation", "nl")
    sent = {"subject": "privacy", "text": other.pk, "act": "read"}
    assert young.post("/afspraken/", sent).status_code == 422
    assert told(stay) == [CHANGED]


def test_before_anything_is_agreed_the_title_is_true_and_there_is_a_way_to_say_no() -> None:
    """W13."""
    stay = world.make_suitable(world.make_group(), agreed=False)
    page = world.eyes(stay.participant.user).get("/afspraken/").content.decode()
    content = page.split('id="content"')[1]
    assert "Wat we met elkaar afspreken" in content
    assert "Waar je toestemming voor gaf" not in content
    assert "Nee, liever niet" in content
    assert "Ik heb een vraag" in content
    assert content.count("button--main") == 1


# ---- The words themselves ------------------------------------------------------------------


def privacy(language: str) -> str:
    return shipped(SHIPPED / f"privacy.{language}.md")["body"]


def test_the_privacy_text_names_every_reader_there_is() -> None:
    """What the permissions give, the text says: the coordinator reads challenges and attendance."""
    assert Role.REGIONAL_COORDINATOR in SEE_JOURNEY.roles
    assert set(SEE_ANSWERS.roles) == {Role.YOUTH_WORKER}
    dutch = privacy("nl")
    for words in (
        "De begeleiders van jouw groep",
        "coördinator van de regio ziet je naam, hoe vaak je er bent, je challenges",
        "Je antwoorden niet",
        "Wat je begeleiders over je opschrijven",
        "alleen als jij daar apart toestemming voor geeft",
        "Iemand buiten je groep",
        "De organisatie van jouw groep",
        "omdat jij daar toestemming voor geeft",
        "Autoriteit Persoonsgegevens",
    ):
        assert words in dutch, words
    assert "coordinator of the region sees your name, how often" in privacy("en")


def test_the_terms_in_the_text_are_the_terms_in_force() -> None:
    data = Path(settings.BASE_DIR) / "core/organisations/data/retention.json"
    terms = json.loads(data.read_text())
    for language, unit in (("nl", "maanden"), ("en", "months")):
        for record_class in ("stay", "sign_up"):
            assert f"{terms[record_class]} {unit}" in privacy(language)


@pytest.mark.parametrize("key", ["privacy", "participation", "research"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_agreed_text_says_what_changed(key: str, language: str) -> None:
    text = shipped(SHIPPED / f"{key}.{language}.md")
    assert 20 < len(text["what_changed"]) <= 300
    assert "~" not in text["body"]
