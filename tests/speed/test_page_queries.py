"""How many statements a whole page asks, the same for few and for many people.

The number behind a page is written down here. Lower it when a page became leaner; a page that
asks more has to say why. `make bench` measures what they cost.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from challenges.hypotheses.agreeing import say_opinion
from challenges.hypotheses.grounds import offered
from challenges.hypotheses.thinking import Idea, write_hypothesis
from challenges.models import Challenge, SupportForm, SupportUse
from challenges.observations.abc_scheme import Seen, write_observation
from challenges.observations.jottings import remember
from challenges.preparing.live import PAGES
from challenges.preparing.page import stamp
from challenges.preparing.words import Wanted, prepare
from challenges.reference import load_reference
from challenges.register.choosing import MOST_GOING, choose_challenge
from challenges.register.practising.notes import note_practice
from challenges.register.sharing import share
from core import clock
from groups.models import Meeting, Post, Topic
from joinus.bench.measure import count
from questionnaires.answers import answering
from questionnaires.models import Answers, Draft
from tests.participants.signup.build import form
from tests.speed.town import LARGE, SMALL, Town

pytestmark = pytest.mark.django_db

#: What each page asks today. All of this is counted by the test below.
QUERIES = {
    "worker's start": 4,
    "group": 10,  # how the group is doing; what each tries now
    "year plan": 10,  # the newest change: who knows of it
    "evening sheet": 6,
    "logbook": 15,  # what a talk with each of them is for
    "behind a name": 6,
    "participant's file": 11,
    "sign-ups": 5,
    "sign-up of one": 13,
    "groups": 4,
    "agenda": 4,
    "messages": 5,
    "coordinator's start": 6,
    "manager's start": 4,
    "foundation's start": 6,
    "participant's start": 6,
    "what I dared": 6,
    "talk about a challenge": 12,
    "room": 9,
    "my challenges": 9,  # how practising went the last time
    "challenges in my group": 5,
    "challenges of a stay": 15,  # a line of the log; what was proposed before; the last time; talks
    "topic in the room": 10,
    "topic, for a worker": 10,
    "chat of the group": 6,
    "who reads": 5,
    "item": 3,
    "everyone here": 15,
    "one tap": 12,
    "cancelling: who will hear": 42,  # the act on trial: whom it concerns, what follows, the words
    "observe": 8,
    "observe, saved": 12,
    "observations": 9,
    "thread": 15,  # the talks about each challenge
    "thread, to be shared": 16,
    "to remember": 5,
    "preparation": 15,
    "preparation: what a colleague writes": 5,
    "preparation on paper": 14,
    "support at a meeting": 8,
    "support over time": 7,
    "support forms": 4,
    "hypotheses": 13,
    "one hypothesis": 16,
    "writing a hypothesis": 7,
    "one answer": 8,  # the stay is locked first, so that a yes taken back is known
    "22 answers": 14,
    "check": 2,
    "what the check says": 2,
    "sign-up": 20,
}

Ask = Callable[[Town], Any]


def opens(who: str, page: str, *about: str) -> Ask:
    """This person opens this page about these things of the town."""

    def ask(town: Town) -> Any:
        address = reverse(page, args=[town.id_of(name) for name in about])
        client = town.eyes(who)
        return lambda: client.get(address)

    return ask


def sends(who: str, page: str, *about: Any, data: Callable[[Town], dict[str, Any]]) -> Ask:
    def ask(town: Town) -> Any:
        words = [town.id_of(a) if isinstance(a, str) else a for a in about]
        address, client, sent = reverse(page, args=words), town.eyes(who), data(town)
        return lambda: client.post(address, sent, headers={"HX-Request": "true"})

    return ask


def item(town: Town) -> Any:
    town.other = town.stays[1].participant.user  # type: ignore[attr-defined]
    client = town.eyes("other")
    address = reverse("questionnaires:item", args=[town.wave.pk, 3])
    return lambda: client.get(address)


def answer(town: Town) -> Any:
    item(town)
    client = town.eyes("other")
    address = reverse("questionnaires:item", args=[town.wave.pk, 3])
    return lambda: client.post(address, {"answer": "2"})


def all_answers(town: Town) -> Any:
    item(town)
    given = {Answers.column(q.number): 1 for q in answering.asked(town.wave)}
    Draft.objects.create(
        invitation=town.wave,
        started_at=town.stay.signed_up_at,
        saved_at=town.stay.signed_up_at,
        **given,
    )
    client = town.eyes("other")
    address = reverse("questionnaires:finish", args=[town.wave.pk])
    return lambda: client.post(address)


def who_reads(town: Town) -> Any:
    item(town)
    client = town.eyes("other")
    address = reverse("questionnaires:who_reads", args=[town.wave.pk])
    return lambda: client.get(address)


def in_room(who: str, page: str, *about: str) -> Ask:
    """As `opens`, where everybody of the group has begun a topic and answered in one."""

    def ask(town: Town) -> Any:
        group, at = town.group, clock.now()
        here = [stay for stay in town.stays if stay.group_id == group.pk]
        for stay in here:
            by = stay.participant.user
            topic = Topic.objects.create(
                group=group, title="?", stay=stay, by=by, started_at=at, last_at=at
            )
            town.topic = Topic.objects.filter(group=group).first()  # type: ignore[attr-defined]
            for one in (topic, town.topic):  # type: ignore[attr-defined]
                Post.objects.create(
                    topic=one,
                    stay=stay,
                    by=by,
                    text="Hoi",
                    client_id=uuid4(),
                    written_at=at,
                    shown_at=at,
                )
        return opens(who, page, *about)(town)

    return ask


def seen(ask: Ask) -> Ask:
    """As `ask`, where of this person three things were seen in the small town, thirty in the large,
    and as many lines stand."""

    def asks(town: Town) -> Any:
        for number in range(3 if town.size == SMALL else 30):
            given = {"trajectory": town.stay, "client_id": uuid4()}
            what = Seen(
                behaviour="Zat op de bank",
                on=clock.today(),
                meeting=town.tonight.pk,
                aim=("understand", "chance", "new_behaviour")[number % 3],
                followed={"positive": ["Lachte"], "negative": ["Zweeg", "Ging weg"]},
            )
            write_observation(seen=what, by=(town.worker, town.colleague)[number % 2], **given)
            remember(text="Zat op de bank", by=town.worker, **given)
        return ask(town)

    return asks


def supported(ask: Ask) -> Ask:
    """As `ask`, where three things are prepared and were used in the small town, thirty in the
    large: two forms for each of fifteen people; and of one person thirty uses."""

    def asks(town: Town) -> Any:
        load_reference()
        forms, size = list(SupportForm.objects.all()), 3 if town.size == SMALL else 30
        here = [stay for stay in town.stays if stay.group_id == town.group.pk]
        for number, stay in enumerate(here[: (size + 1) // 2]):
            keys = {form.pk for form in forms[: size - 2 * number][:2]}
            wanted = {stay.pk: Wanted("Legt het spel uit", planned=frozenset(keys))}
            prepare(meeting=town.tonight, wanted=wanted, by=town.colleague)
        held = Meeting.objects.filter(group=town.group, status="held")
        ways = ((at, one) for at in (town.tonight, *held) for one in forms)
        for at, one in islice(ways, size):
            SupportUse.objects.create(
                meeting=at, trajectory=town.stay, form=one, by=town.worker, at=clock.now()
            )
        return ask(town)

    return asks


def thought(page: str) -> Ask:
    """Of this person three hypotheses stand in the small town, thirty in the large, each on three
    observations or thirty, and both workers said something of it."""

    def ask(town: Town) -> Any:
        seen_of = frozenset(row.pk for row in offered(town.stay, town.worker))
        for _number in range(3 if town.size == SMALL else 30):
            row = write_hypothesis(
                trajectory=town.stay,
                idea=Idea("Weet niet hoe", "social_skills_deficit", seen_of),
                client_id=uuid4(),
                by=town.worker,
            )
            say_opinion(hypothesis=row, agrees=True, by=town.colleague, version=1, text="Ja")
        town.thinks = row  # type: ignore[attr-defined]
        about = "thinks" if page == "challenges:hypothesis" else "stay"
        return opens("worker", page, about)(town)

    return seen(ask)


def written() -> dict[str, Any]:
    """What a browser sends."""
    return {
        "behaviour": "Zat op de bank",
        "aim": "chance",
        "antecedent": "Het spel begon",
        "positive_0": "Lachte",
        "when": clock.today().isoformat(),
        "client_id": str(uuid4()),
        "act": "save",
    }


def asks_now(town: Town) -> Any:
    """A page that lies open and finds that nothing is new."""
    told = PAGES.give_pass(town.tonight.pk, town.worker)
    address = reverse("challenges:preparation_now", args=[town.tonight.pk])
    newest = stamp(town.tonight.pk, town.worker)
    client, more = town.eyes("worker"), {"HTTP_X_LOGBOOK": told}
    return lambda: client.get(address, {"since": newest}, **more)


def cancels(town: Town) -> Any:
    """The page that asks first, of the next meeting."""
    coming = Meeting.objects.filter(group=town.group, date__gt=town.tonight.date)
    town.next = coming.earliest("date")  # type: ignore[attr-defined]
    reason = {"reason": "worker_ill"}
    return sends("worker", "groups:cancel", "next", data=lambda _town: reason)(town)


def with_challenges(who: str, page: str, *about: str) -> Ask:
    """As `opens`, where everybody of the group shares one, and as many are the own as may be."""

    def ask(town: Town) -> Any:
        here = [stay for stay in town.stays if stay.group_id == town.group.pk]
        for stay in here:
            by = stay.participant.user
            row = choose_challenge(trajectory=stay, text="Hoi", by=by, sureness=3, way="somebody")
            share(challenge=row, by=by)
        for n in range(min(len(here), MOST_GOING) - 2):
            by = town.young
            row = choose_challenge(trajectory=town.stay, text=f"Hoi {n}", by=by)
            share(challenge=row, by=by)
        return opens(who, page, *about)(town)

    return ask


def applicant(town: Town) -> Any:
    one = town.stay.__class__.objects.filter(phase="signed_up", group=town.group).order_by("pk")[0]
    client = town.eyes("worker")
    address = reverse("participants:applicant", args=[one.pk])
    return lambda: client.get(address)


def in_practice(who: str, page: str, *about: str) -> Ask:
    """As `opens`, where the challenge was practised as often as there are people in a group."""

    def ask(town: Town) -> Any:
        tries = Challenge.objects.select_related("trajectory__participant").get(
            trajectory=town.stay
        )
        for _n in range(town.size.people):
            note_practice(challenge=tries, client_id=uuid4(), outcome="worked", by=town.young)
        town.tries = tries  # type: ignore[attr-defined]
        return opens(who, page, *about)(town)

    return ask


def what_the_check_says(town: Town) -> Any:
    client = town.eyes("")
    sent = {"place": town.pc4, "age": "14"}
    address = client.post(reverse("participants:check"), sent).headers["Location"]
    return lambda: client.get(address)


ASKED: dict[str, Ask] = {
    "worker's start": opens("worker", "home:today"),
    "group": opens("worker", "groups:group", "group"),
    "year plan": opens("worker", "groups:plan", "group"),
    "evening sheet": opens("worker", "groups:meeting", "tonight"),
    "logbook": opens("worker", "groups:logbook", "tonight"),
    "behind a name": opens("worker", "groups:person", "tonight", "stay"),
    "participant's file": opens("worker", "home:file", "stay"),
    "sign-ups": opens("worker", "participants:applicants"),
    "sign-up of one": applicant,
    "groups": opens("worker", "groups:list"),
    "agenda": opens("worker", "groups:calendar"),
    "messages": opens("worker", "home:messages"),
    "coordinator's start": opens("coordinator", "home:today"),
    "manager's start": opens("manager", "home:today"),
    "foundation's start": opens("foundation", "home:today"),
    "participant's start": opens("young", "home:today"),
    "what I dared": in_practice("young", "challenges:dared"),
    "talk about a challenge": in_practice("worker", "challenges:evaluate", "stay", "tries"),
    "room": in_room("young", "groups:mine"),
    "my challenges": with_challenges("young", "challenges:mine"),
    "challenges in my group": with_challenges("young", "challenges:of_peers"),
    "challenges of a stay": with_challenges("worker", "challenges:of_stay", "stay"),
    "topic in the room": in_room("young", "groups:topic", "topic"),
    "topic, for a worker": in_room("worker", "groups:room_topic", "group", "topic"),
    "chat of the group": opens("worker", "groups:group_chat", "group"),
    "who reads": who_reads,
    "item": item,
    "everyone here": sends(
        "worker", "groups:everyone", "tonight", data=lambda _town: {"client_id": uuid4()}
    ),
    "one tap": sends(
        "worker",
        "groups:tap",
        "tonight",
        "stay",
        data=lambda _town: {"client_id": uuid4(), "version": 0, "state": "present"},
    ),
    "cancelling: who will hear": cancels,
    "observe": seen(opens("worker", "challenges:observe", "stay")),
    "observe, saved": seen(
        sends("worker", "challenges:observe", "stay", data=lambda _town: written())
    ),
    "observations": seen(opens("worker", "challenges:observations", "stay")),
    "thread": seen(opens("worker", "home:thread", "stay")),
    "thread, to be shared": seen(opens("worker", "challenges:discuss", "stay")),
    "to remember": seen(opens("worker", "challenges:remembered")),
    "preparation": supported(opens("worker", "challenges:preparation", "tonight")),
    "preparation: what a colleague writes": supported(asks_now),
    "preparation on paper": supported(
        opens("worker", "challenges:preparation_on_paper", "tonight")
    ),
    "support at a meeting": supported(opens("worker", "challenges:support_at", "tonight", "stay")),
    "support over time": supported(opens("worker", "challenges:support_of_stay", "stay")),
    "support forms": supported(opens("worker", "challenges:support_forms")),
    "hypotheses": thought("challenges:hypotheses"),
    "one hypothesis": thought("challenges:hypothesis"),
    "writing a hypothesis": thought("challenges:new_hypothesis"),
    "one answer": answer,
    "22 answers": all_answers,
    "check": sends("", "participants:check", data=lambda town: {"place": town.pc4, "age": "14"}),
    "what the check says": what_the_check_says,
    "sign-up": sends("", "participants:sign_up", data=lambda town: form(postcode=f"{town.pc4} AB")),
}


@pytest.fixture(scope="module")
def towns(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Town]]:
    """Both sizes once for the module, in a transaction that is rolled back."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), around:
        yield {"few": Town(SMALL), "many": Town(LARGE)}
        transaction.set_rollback(True)


def asked(town: Town, page: str) -> int:
    """Statements of one request, after one that warmed what is kept per process; both undone."""
    for _ in range(2):
        with transaction.atomic():
            request = ASKED[page](town)
            cache.clear()
            with CaptureQueriesContext(connection) as captured:
                status = request().status_code
            transaction.set_rollback(True)
        assert status in (200, 204, 302), f"{page}: {status}"
    return count(captured.captured_queries)


@pytest.mark.parametrize("page", QUERIES)
def test_a_page_asks_what_is_written_whatever_the_number_of_people(
    towns: dict[str, Town], page: str
) -> None:
    few, many = asked(towns["few"], page), asked(towns["many"], page)
    assert few == many, f"{page}: {few} with few people, {many} with many"
    assert few == QUERIES[page], f"{page}: today: {few}, written: {QUERIES[page]}"


def test_every_page_that_is_asked_has_its_number() -> None:
    assert ASKED.keys() == QUERIES.keys()
