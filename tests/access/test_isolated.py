"""A name from right to left never mixes with what stands behind it, on any page (R-343)."""

import re
from collections.abc import Iterator

import pytest
import pytest_django
from django.db import transaction

from core import pdf
from core.messaging.models import Message
from core.messaging.rendering import render
from participants.models import Participant
from tests.access.table import TABLE
from tests.access.town import Town
from tests.access.walk import ask

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-343")]

NAME = "محمد"
#: What is typed in a field stands as it was typed; what is isolated stands well.
WELL = re.compile(r"<(?:input|textarea)\b[^>]*>[^<]*|\u2068[^\u2068\u2069<]*\u2069")
SEES = (
    "participant", "worker", "recused_worker", "coordinator", "manager", "quality", "foundation",
)  # fmt: skip


@pytest.fixture(scope="module")
def built_town(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[Town]:
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "render", lambda _html: b"%PDF-")
        yield _named(Town())
        transaction.set_rollback(True)


@pytest.fixture
def town(db: None, built_town: Town) -> Town:
    return built_town


def _named(made: Town) -> Town:
    people = [made.stay.participant, made.applicant.participant]
    Participant.objects.filter(pk__in=[p.pk for p in people]).update(call_name=NAME)
    for person in people:
        person.contact.name = NAME
        person.contact.save(update_fields=["name"])
    for user in (made.users["participant"], made.users["worker"], made.users["coordinator"]):
        user.name = NAME
        user.save(update_fields=["name"])
    return made


@pytest.mark.parametrize("identity", SEES)
def test_every_page_isolates_every_name(town: Town, identity: str) -> None:
    bare, seen = [], 0
    for line in TABLE:
        if line.method != "GET":
            continue
        answer = ask(town, identity, line)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = answer.content.decode()
        seen += page.count(f"\u2068{NAME}")
        page = WELL.sub("", page)
        bare += [
            f"{line.name}: {page[max(0, at.start() - 60) : at.end() + 20]!r}"
            for at in re.finditer(NAME, page)
        ]
    assert not bare, "\n".join(bare)
    assert seen or identity in ("manager", "quality", "foundation")


def test_a_young_person_reads_nothing_of_what_tells_namesakes_apart(town: Town) -> None:
    born = town.stay.participant.birth_date
    town.stay.refresh_from_db()
    assert f"({born:%d-%m-%Y}" in town.stay.shown_name  # a namesake is in the group
    for line in TABLE:
        if line.method == "GET":
            page = ask(town, "participant", line).content.decode(errors="replace")
            assert f"({born:%d-%m-%Y}" not in page, line.name


def test_every_mail_isolates_every_name(town: Town) -> None:
    row = Message(
        template="account_ready",
        contact=town.stay.participant.contact,
        params={"call_name": NAME, "sign_in_url": "https://join.example/in/"},
    )
    mail = render(row)
    for words in (mail.text, mail.html):
        assert f"\u2068{NAME}\u2069" in words
        assert NAME not in WELL.sub("", words)
