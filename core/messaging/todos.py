from enum import auto

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.messaging.letters import letter, lost_for
from core.messaging.models import Message
from core.ports import Todo, TodoKind, TodoRule


class Kind(TodoKind):
    MESSAGE = auto()
    MESSAGES_LOST = auto()


def _of_groups(user: Viewer) -> list[Todo]:
    """Ready texts whose moment has come, and messages that could not be delivered."""
    rows = (
        Message.objects.visible_to(user)
        .filter(state__in=["queued", "dead"])
        .select_related("contact")
    )
    found = []
    for row in rows:
        dead = row.state == Message.State.DEAD
        ready = row.channel == Message.Channel.WORKER_TEXT and row.not_before <= clock.now()
        if not dead and not ready:
            continue
        found.append(
            Todo(
                kind=Kind.MESSAGE,
                about=row.pk,
                urgency=1 if dead else 2,
                when=_("not delivered") if dead else _("ready text"),
                title=_("Message for %(name)s") % {"name": row.contact.name},
                reason=_told(row)
                if dead
                else _("E-mail is not safe here: send this text yourself."),
                action=_("Open the message"),
                url=reverse("home:message", args=[row.pk]),
                since=clock.day_of(row.written_at),
            )
        )
    return found


def _told(message: Message) -> str:
    told = letter(message)
    return f"{told.why} {told.mend}"


def _lost(user: Viewer) -> list[Todo]:
    """One line for all dead letters of no group; one query."""
    dead = lost_for(user).count()
    if not dead:
        return []
    return [
        Todo(
            kind=Kind.MESSAGES_LOST,
            urgency=2,
            when=_("not delivered"),
            title=_("Messages of no group that did not arrive: %(n)s") % {"n": dead},
            reason=_("You see what they were and why, not for whom."),
            action=_("Look at them"),
            url=reverse("home:messages"),
        )
    ]


RULES = (
    TodoRule((Kind.MESSAGE,), _of_groups),
    TodoRule((Kind.MESSAGES_LOST,), _lost),
)
