"""The parent's own paper, and the brochure: tagged, the same bytes, and nothing beside it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core import clock, pdf
from core.messaging.models import Message
from core.messaging.rendering import render
from core.texts.publishing import publish
from participants.models import Guardian, ParentalConsent
from participants.parents import question as parental
from participants.parents import receipt_pdf
from tests import world
from tests.link_pages import Behind
from tests.papers import opened
from tests.participants.parents.build import NOON, asked, child, say_yes, withdraw_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with clock.travel(NOON):
        yield


def paper_token(row: ParentalConsent) -> str:
    receipt = Message.objects.filter(kind="parental_receipt", subject_id=row.pk).latest(
        "written_at"
    )
    return str(json.loads(receipt.secret)["receipt_url"]).rstrip("/").split("/")[-1]


def holding(token: str) -> Behind:
    link = Behind(reverse("participants:parent_receipt", args=[token]))
    assert token not in link.here
    return link


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The page that would be laid out, readable."""
    pages: list[str] = []

    def note(html: str) -> bytes:
        pages.append(html)
        return b"%PDF-"

    monkeypatch.setattr(pdf, "render", note)
    return pages


@pytest.mark.req("R-105")
def test_the_receipt_is_a_tagged_pdf_of_the_same_bytes_years_later() -> None:
    stay = child(call_name="Noor")
    row, token, parent = asked(stay)
    say_yes(token, research="on")
    client = holding(paper_token(row))
    answer = client.get()
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert "Noor" not in answer["Content-Disposition"]
    for tagged in (b"/StructTreeRoot", b"pdfuaid", b"/Lang (nl)", b"/TH"):
        assert tagged in opened(answer.content)
    publish(key="parental_consent", language="nl", title="Nieuw", body="Andere tekst")
    parent.contact.name, parent.contact.language = "Iemand Anders", "en"
    parent.contact.save()
    Guardian.objects.filter(pk=parent.pk).update(relation="other")
    stay.participant.call_name = "Nora"
    stay.participant.save()
    with clock.travel(NOON + timedelta(days=365 * 7)):
        assert receipt_pdf.receipt(ParentalConsent.objects.get(pk=row.pk)) == answer.content


@pytest.mark.req("R-105")
def test_the_paper_says_who_said_yes_to_what_and_what_was_taken_back(drawn: list[str]) -> None:
    row, token, _ = asked(child(call_name="Noor"))
    say_yes(token, research="on")
    row.refresh_from_db()
    client = holding(paper_token(row))
    assert client.get().status_code == 200
    for shown in ("Noor", "Inge Visser", "moeder", "10 maart 2026", row.text_sha256, str(row.pk)):
        assert shown in drawn[-1]
    assert row.research_sha256 in drawn[-1]
    for secret in ("Kegel", "Dorpsstraat", row.guardian.contact.email):
        assert secret not in drawn[-1]
    with clock.travel(NOON + timedelta(days=9)):
        parental.withdraw_by_parent(consent=row)
    assert client.get().status_code == 200
    assert "19 maart 2026" in drawn[-1]


@pytest.mark.req("R-105")
def test_a_no_has_its_paper_too(drawn: list[str]) -> None:
    row, _token, _ = asked(child())
    parental.answer_request(consent=row, answer="no")
    assert holding(paper_token(row)).get().status_code == 200
    assert "Nee, nu niet" in drawn[-1]


@pytest.mark.req("R-105", "R-112")
def test_the_link_to_the_paper_opens_only_that_paper(drawn: list[str]) -> None:
    row, token, _ = asked(child(call_name="Noor"))
    say_yes(token)
    secret = paper_token(row)
    assert secret not in (token, withdraw_token(row))
    client = holding(secret)
    for closed in ("/ouders/toestemming/", "/ouders/intrekken/"):
        for address in (closed, client.here.replace("/ouders/bewijs/", closed)):
            assert client.client.get(address).status_code == 410
            assert client.client.post(address, {"yes": "on", "sure": "on"}).status_code == 410
    for other in (token, withdraw_token(row), "A" * 43, secret[:20]):
        assert holding(other).get().status_code == 410
    ParentalConsent.objects.filter(pk=row.pk).update(voided_at=NOON)
    assert client.get().status_code == 410, "somebody else wrote it"
    assert len(drawn) == 0


@pytest.mark.req("R-110")
@pytest.mark.parametrize("policy", ["required", "informed"])
def test_the_mail_to_the_parents_leads_to_the_brochure(policy: str) -> None:
    organisation = world.make_organisation(consent_policy=policy, consent_basis="besluit 4")
    stay = child(group=world.make_group(organisation=organisation))
    worker, parent = world.make_worker(stay.group), world.make_guardian(stay)
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    act = parental.release_request if policy == "required" else parental.inform_parents
    act(guardian=parent, trajectory=stay, by=worker)
    mail = render(Message.objects.get(contact=parent.contact))
    assert "Brochure voor ouders: http" in mail.text
    assert reverse("home:brochure") in mail.html


@pytest.mark.req("R-110")
def test_the_brochure_is_a_page_and_a_tagged_pdf_with_the_same_words(drawn: list[str]) -> None:
    cache.clear()
    page = Client().get(reverse("home:brochure"))
    answer = Client().get(reverse("home:brochure_pdf"))
    assert answer["Content-Type"] == "application/pdf"
    for words in ("Join Us voor ouders", "Wat ziet u wel en niet?", "binnen twee werkdagen"):
        assert words in page.content.decode()
        assert words in drawn[-1]
    Client().get(reverse("home:brochure_pdf"))
    assert len(drawn) == 1, "laid out once"
    cache.clear()
