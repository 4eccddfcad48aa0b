"""Addresses and messages of one person: given out, and emptied.

The rows of the outbox stay as counts: when, which kind, what became of it.
"""

from datetime import date, time

from django.db.models import Q
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Actor
from core.mailbox import shown as address_shown
from core.messaging.models import Contact, Message
from core.organisations.retention import Terms
from core.privacy import NO_NAME, OWN, Expired, Fact, Person, Section
from core.telephone import shown as number_shown

HOLDS = {
    Contact: "name and addresses go; the empty row stays, closed for messages",
    Message: "parameters go; what waited is withdrawn; kind, moment and outcome stay",
}


def export_person(person: Person, part: str) -> list[Section]:
    """Answer to the port: how you are reached, and what was sent to you; nothing of parents."""
    if part != OWN:
        return []
    own = Contact.objects.filter(pk=person.contact_id)
    names = dict(Contact.Channel.choices)
    reached = [
        [
            Fact("email", _("E-mail address"), address_shown(contact.email)),
            Fact("phone", _("Telephone"), number_shown(contact.phone)),
            Fact(
                "safe_channels",
                _("Safe for you"),
                ", ".join(str(names.get(c, c)) for c in contact.safe_channels),
            ),
            Fact("safe_from", _("From"), _hour(contact.safe_from)),
            Fact("safe_until", _("Until"), _hour(contact.safe_until)),
            Fact("shared_mailbox", _("Others read this mailbox"), contact.shared_mailbox),
            Fact("not_at_home", _("Home may not know"), contact.not_at_home),
            Fact("no_more_since", _("No more messages since"), contact.stopped_at),
        ]
        for contact in own
    ]
    sent = Message.objects.filter(contact__in=own, sent_at__isnull=False).order_by("sent_at")
    messages = [
        [Fact("sent_at", _("When"), row.sent_at), Fact("kind", _("About"), _about(row))]
        for row in sent
    ]
    return [
        Section("contact", _("How we reach you"), reached, order=20),
        Section("messages", _("Messages to you"), messages, order=80),
    ]


def erase_person(person: Person, by: Actor) -> None:
    """Answer to the port. Messages to others about this person lose their words too."""
    now = clock.now()
    addresses = Contact.objects.filter(pk__in=person.contact_ids)
    about = Message.objects.filter(
        Q(contact__in=person.contact_ids) | Q(subject_id__in=person.subject_ids)
    )
    about.filter(state__in=["queued", "sending", "dead"]).update(
        state=Message.State.WITHDRAWN, reason="erased", claim=None, claimed_until=None
    )
    about.update(params={}, secret="")
    addresses.update(
        name=NO_NAME,
        birth_date=None,
        email="",
        email_hash=None,
        phone="",
        safe_channels=[],
        safe_from=None,
        safe_until=None,
        shared_mailbox=False,
        not_at_home=False,
        stopped_at=now,
        stopped_reason="erased",
    )


def expired(day: date, terms: Terms) -> list[Expired]:
    """The words of settled messages; that they were sent, and when, stays."""
    rows = Message.objects.filter(
        state__in=["sent", "withdrawn"],
        written_at__lt=clock.at(terms.before("message", day), 23, 59),
    ).exclude(params={})
    return [Expired("message", rows.count(), lambda: rows.update(params={}, secret=""))]


def _hour(value: time | None) -> str:
    return f"{value:%H:%M}" if value else ""


def _about(row: Message) -> str:
    """The subject line as it stands today; a mail whose template is gone keeps its name."""
    try:
        line = render_to_string(f"mail/{row.template}/subject.txt", row.params)
    except TemplateDoesNotExist:
        return row.template.replace("_", " ")
    return " ".join(line.split())
