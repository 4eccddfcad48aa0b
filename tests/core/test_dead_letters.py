"""Dead letters: seen by the right person, sent again only when safe, dropped, never shown."""

from typing import Any

import pytest
from django.urls import reverse

from core.accounts.roles import Role
from core.errors import RuleBroken
from core.messaging import by_hand, contacts, outbox, sending
from core.messaging.models import Message
from core.messaging.todos import RULES
from core.organisations.models import Group
from core.ports import Todo
from tests import world
from tests.world import eyes

pytestmark = pytest.mark.django_db
SECRET = "kanarie-geheim"


@pytest.fixture
def group() -> Group:
    return world.make_group()


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group)


def dead(group: Group | None, reason: str = "smtp_550", **fields: Any) -> Message:
    """A row that failed for good, settled by the sender's own hand."""
    to = fields.pop("to", None) or world.create_contact(name="Noor", email="noor@example.org")
    fields = {
        "template": "neutral",
        "kind": "test",
        "dedupe_key": f"d{Message.objects.count()}",
    } | fields
    row = outbox.write(contact=to, group=group, **fields)
    sending.settle(row, Message.State.DEAD, reason)
    return row


def todos(user: Any) -> list[Todo]:
    return world.asked(RULES, user)


def settle(user: Any, row: Message, act: str) -> Message:
    eyes(user).post(reverse("home:settle_message", args=[row.pk]), {"act": act})
    row.refresh_from_db()
    return row


def test_the_groups_workers_see_what_it_was_and_why_with_a_to_do(group, worker) -> None:
    row = dead(group, template="wave_baseline")
    (todo,) = todos(worker)
    assert "mailbox" in todo.reason
    listed = eyes(worker).get("/berichten/").content.decode()
    assert "Noor: de eerste vragen" in listed
    page = eyes(worker).get(reverse("home:message", args=[row.pk])).content.decode()
    assert "noor@example.org" in page
    elsewhere = world.make_worker(world.make_group())
    assert todos(elsewhere) == []
    assert "Noor" not in eyes(elsewhere).get("/berichten/").content.decode()
    assert eyes(elsewhere).get(reverse("home:message", args=[row.pk])).status_code == 404


def test_sent_again_it_waits_in_the_outbox_and_the_to_do_is_gone(group, worker) -> None:
    row = settle(worker, dead(group), "resend")
    assert (row.state, row.attempts, row.settled_by) == (Message.State.QUEUED, 0, worker)
    assert todos(worker) == []


def test_dropped_it_stays_as_a_line_and_never_leaves(group, worker) -> None:
    row = settle(worker, dead(group), "drop")
    assert (row.state, row.reason, row.settled_by) == ("withdrawn", "dropped", worker)
    assert todos(worker) == []


def test_a_text_was_sent_by_the_first_worker_who_said_so(group, worker) -> None:
    to = world.create_contact(name="Noor", phone="0612345678", safe_channels=["phone"])
    row = outbox.write(contact=to, group=group, template="neutral", kind="x", dedupe_key="text")
    settle(worker, row, "sent")
    row = settle(world.make_worker(group, "Sem de Boer"), row, "sent")
    assert (row.state, row.settled_by) == (Message.State.SENT, worker)


def test_a_mail_that_waits_for_its_hour_is_nobodys_to_call_sent(group, worker) -> None:
    to = world.create_contact(name="Noor", email="noor@example.org")
    row = outbox.write(contact=to, group=group, template="neutral", kind="x", dedupe_key="mail")
    row = settle(worker, row, "sent")
    assert (row.state, row.settled_by) == (Message.State.QUEUED, None)


def test_send_nothing_more_wins_from_a_second_workers_try_again(group, worker) -> None:
    to = world.create_contact(name="Noor", email="noor@example.org")
    row = dead(group, to=to)
    contacts.stop_writing_to(contact=to, reason="own_wish")
    row = settle(worker, row, "resend")
    assert (row.state, row.reason) == ("withdrawn", "contact_stopped")


def test_mail_that_became_unsafe_becomes_a_text_for_the_worker(group, worker) -> None:
    to = world.create_contact(name="Noor", email="noor@example.org", phone="0612345678")
    row = dead(group, to=to)
    contacts.change_contact(contact=to, by=None, safe_channels=["phone"])
    row = settle(worker, row, "resend")
    assert (row.state, row.channel) == (Message.State.QUEUED, Message.Channel.WORKER_TEXT)


def test_what_held_a_secret_is_never_sent_again_without_it(group, worker) -> None:
    row = dead(group, template="parental_request", secret={"answer_url": SECRET})
    assert row.had_secret
    page = eyes(worker).get(reverse("home:message", args=[row.pk])).content.decode()
    assert 'value="resend"' not in page
    row = settle(worker, row, "resend")
    assert row.state == Message.State.DEAD
    with pytest.raises(RuleBroken):
        by_hand.resend_message(message=row, by=worker)


@pytest.mark.parametrize("state", ["dead", "queued"])
def test_a_poison_message_shows_nothing_of_what_it_holds(group, worker, state: str) -> None:
    to = world.create_contact(name="Noor", phone="0612345678", safe_channels=["phone"])
    row = outbox.write(
        contact=to,
        group=group,
        template="no_such_template",
        kind="test",
        dedupe_key="poison",
        params={"word": SECRET},
        secret={"answer_url": SECRET},
    )
    if state == "dead":
        sending.settle(row, Message.State.DEAD, "TemplateDoesNotExist")
    for path in ("/berichten/", reverse("home:message", args=[row.pk])):
        answer = eyes(worker).get(path)
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()
        assert "TemplateDoesNotExist" not in answer.content.decode()


def test_what_belongs_to_no_group_reaches_the_foundation_without_a_name(group, worker) -> None:
    foundation = world.make_national(Role.FOUNDATION)
    row = dead(None, template="invitation", secret={"url": SECRET})
    assert todos(worker) == []
    assert [t.kind for t in todos(foundation)] == ["messages_lost"]
    page = eyes(foundation).get("/berichten/").content.decode()
    assert "uitnodiging" in page
    assert "Noor" not in page
    assert "noor@example.org" not in page
    assert eyes(foundation).get(reverse("home:message", args=[row.pk])).status_code == 404
    row = settle(foundation, row, "drop")
    assert row.state == "withdrawn"
    assert todos(foundation) == []


def test_the_foundation_cannot_touch_a_groups_letter(group) -> None:
    row = settle(world.make_national(Role.FOUNDATION), dead(group), "drop")
    assert row.state == Message.State.DEAD


def test_the_list_costs_the_same_for_three_and_for_thirty(
    group, worker, django_assert_max_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = set()
    for number in (3, 27):
        for _n in range(number):
            dead(group)
        client = eyes(worker)
        client.get("/berichten/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/berichten/")
        counts.add(len(asked))
    assert len(counts) == 1
