"""A young person, the question to a parent, and what a parent does with the mailed link."""

import json
import re
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from core import clock
from core.messaging.models import Message
from participants.models import Guardian, ParentalConsent, Trajectory
from participants.parents import asked_again
from participants.parents import question as parental
from tests import world
from tests.link_pages import Behind

DAY = date(2026, 3, 10)
NOON = clock.at(DAY, 12)


def child(**fields: Any) -> Trajectory:
    fields.setdefault("call_name", "Noor")
    fields.setdefault("age", 14)
    group = fields.pop("group", None) or world.make_group(
        organisation=world.make_organisation(phone="030 123 45 67")
    )
    trajectory = world.make_trajectory(group=group, phase="intake", suitable=True, **fields)
    world.give_own_agreements(trajectory)
    return trajectory


def asked(trajectory: Trajectory, **guardian: Any) -> tuple[ParentalConsent, str, Guardian]:
    worker = world.make_worker(trajectory.group)
    parent = world.make_guardian(trajectory, **guardian)
    parental.ask_harm(trajectory=trajectory, can_harm=False, by=worker)
    row, token = parental.release_request(guardian=parent, trajectory=trajectory, by=worker)
    return row, token, parent


def follow(token: str, client: Client | None = None) -> tuple[Behind, Any]:
    link = Behind(reverse("participants:parent_consent", args=[token]), client)
    return link, link.get()


def take_back(token: str, client: Client | None = None) -> Behind:
    return Behind(reverse("participants:parent_withdraw", args=[token]), client)


def form_of(page: Any) -> dict[str, str]:
    html = page.content.decode()
    found = dict(re.findall(r'name="(text|about|taal|form)" value="([^"]*)"', html))
    assert set(found) == {"text", "about", "taal", "form"}
    return found


def say_yes(token: str, **more: str) -> Any:
    client, page = follow(token)
    return client.post({**form_of(page), "yes": "on", **more})


def withdraw_token(row: ParentalConsent) -> str:
    receipt = Message.objects.get(kind="parental_receipt", subject_id=row.pk)
    return json.loads(receipt.secret)["withdraw_url"].rstrip("/").split("/")[-1]


def came_back(guardian: Guardian, trajectory: Trajectory, *, by: Any) -> Any:
    """The parent's own word after a no, as a worker writes it down (C-47)."""
    return asked_again.record_asked_again(
        guardian=guardian,
        trajectory=trajectory,
        heard_on=clock.today(),
        agreed=True,
        can_harm=False,
        words="Wil er nog eens naar kijken.",
        by=by,
    )
