"""What is sent: taps, everyone here, twenty-two answers, a sign-up, a check. Undone each time."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core import clock
from core.ages import birthday
from core.drafts.tickets import FIELD, Ticket
from core.organisations.models import PostalArea
from joinus.bench.cast import Cast, browser
from joinus.bench.measure import Act
from participants.models import Trajectory
from participants.signup.forms.sign_up import new_key
from questionnaires.answers import answering
from questionnaires.models import Answers, Draft, Invitation


def acts(cast: Cast) -> Iterator[Act]:
    yield from _sheet(cast)
    yield from _answers(cast)
    yield from _sign_up(cast)
    yield _typing(cast)


def _sheet(cast: Cast) -> Iterator[Act]:
    client = browser(cast.worker_of(cast.group))
    meeting, stay = cast.tonight, cast.stay
    everyone = reverse("groups:everyone", args=[meeting.pk])
    tap = reverse("groups:tap", args=[meeting.pk, stay.pk])
    htmx = {"HX-Request": "true"}

    def one_tap() -> Any:
        sent = {"client_id": uuid4(), "version": 0, "state": "present"}
        return client.post(tap, sent, headers=htmx)

    def all_here() -> Any:
        return client.post(everyone, {"client_id": uuid4()}, headers=htmx)

    yield Act("4", "everyone here", all_here, goal=6, queries=14, undone=True)
    yield Act("4", "one tap", one_tap, goal=3, queries=12, undone=True)


def _answers(cast: Cast) -> Iterator[Act]:
    user, wave = cast.young(with_wave="interim")
    assert wave is not None  # noqa: S101
    client = browser(user)
    item = reverse("questionnaires:item", args=[wave.pk, 3])
    finish = reverse("questionnaires:finish", args=[wave.pk])

    def one_answer() -> Any:
        return client.post(item, {"answer": "2"})

    yield Act("5", "one answer saved", one_answer, undone=True, expect=(302,))
    yield Act(
        "6",
        "22 answers sent",
        lambda: client.post(finish),
        goal=8,
        queries=12,
        yardstick="row",
        undone=True,
        before=lambda: _draft(wave),
        expect=(302,),
    )


def _draft(wave: Invitation) -> None:
    given = {Answers.column(q.number): 1 for q in answering.asked(wave)}
    now = clock.now()
    Draft.objects.update_or_create(
        invitation=wave, defaults={"started_at": now, "saved_at": now, **given}
    )


def _typing(cast: Cast) -> Act:
    """Words of a form on their way, one second after typing: they may not be felt."""
    worker = cast.worker_of(cast.group)
    client, page = browser(worker), f"/{uuid4()}/"
    ticket = Ticket(form="meeting.change", subject=page, path=page, about=(cast.tonight.pk,))
    sent = {FIELD: ticket.sealed(worker), "draft_turn": "1", "note": "We begin with tea. " * 50}

    def kept() -> Any:
        return client.post(reverse("drafts:keep"), sent)

    return Act("21", "typed words kept", kept, queries=3, undone=True, most_ms=2)


def _sign_up(cast: Cast) -> Iterator[Act]:
    """Somebody new of the age of the first group, who lives in its municipality."""
    client = Client()
    place = PostalArea.objects.filter(municipality__locations=cast.group.location_id).get()
    address = reverse("participants:sign_up")

    def fresh() -> Any:
        cache.clear()  # the limits on public forms are not what is measured

    filled_in = form(place.pc4, cast)

    def signs_up() -> Any:
        return client.post(address, {**filled_in, "key": new_key()})

    def checks() -> Any:
        sent = {"place": place.pc4, "age": str(cast.group.age_from + 2)}
        return client.post(reverse("participants:check"), sent)

    fresh()
    answer = checks()["Location"]
    yield _public("18", "sign-up sent", signs_up, fresh, goal=6, queries=18, expect=(302,))
    yield _public("18", "check sent", checks, fresh, goal=2.5, expect=(302,))
    yield Act("18", "the check's answer", lambda: client.get(answer), goal=2.5)


def _public(
    row: str, name: str, do: Callable[[], Any], before: Callable[[], Any], **goals: Any
) -> Act:
    return Act(row, name, do, undone=True, before=before, **goals)


def form(pc4: str, cast: Cast) -> dict[str, Any]:
    """A complete sign-up. Born on a day on which others of the fill were born as well."""
    young = Trajectory.objects.filter(group=cast.group, phase="participating").order_by("pk")[0]
    oldest = birthday(clock.today(), -cast.group.age_until - 1) + timedelta(days=1)
    born = max(young.participant.birth_date, oldest)
    return {
        "call_name": "Benchmark",
        "birth_date_day": born.day,
        "birth_date_month": born.month,
        "birth_date_year": born.year,
        "postcode": f"{pc4} AB",
        "group": str(cast.group.pk),
        "channel": "email",
        "email": "bench@example.org",
        "others_read": "no",
        "home_may_know": "yes",
        "first_contact_by": "app",
        "first_contact_when": "19",
        "heard_from": "friend",
        "myself": "on",
    }
