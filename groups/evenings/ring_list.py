"""Who was told of a change and who was not: what the workers see, and do by hand (R-376).

Whoever has no safe channel stands here until a person told them: also who waits for a yes, who
wants no messages, and who a message did not reach. One tap says what came of it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.messaging import by_hand, outbox
from core.messaging.models import Contact, Message
from core.names import in_order, isolated
from core.organisations.models import Group
from groups.evenings.take_back import why_it_stays
from groups.evenings.told import COMES, KINDS
from groups.evenings.told_words import of_line
from groups.evenings.who_hears import Line
from groups.models import Meeting, MeetingChange, Notice
from participants.stay.lock import lock

#: Why a person has to tell somebody.
WHY: dict[str, Promise] = {
    "blocked": gettext_lazy("Waits for consent: give no other time or place."),
    "stopped": gettext_lazy("Wants no more messages."),
    "held": gettext_lazy("Messages wait for a talk: only in the way you agreed on."),
    "ring": gettext_lazy("Would rather be called."),
    "text": gettext_lazy("E-mail is not safe here: send the text yourself."),
    "dead": gettext_lazy("The mail did not arrive."),
    "late": gettext_lazy("The mail would come too late."),
    "stuck": gettext_lazy("The mail has not left yet."),
}


@dataclass(frozen=True)
class Row:
    """One person, what they are to hear and how it stands. `text`: ready to be sent by hand."""

    notice: Notice
    name: str
    parent: bool
    why: str = ""
    lines: tuple[str, ...] = ()
    text: str = ""
    contact: Contact | None = None
    said_by: str = ""
    sent_by_hand: bool = False

    @property
    def words(self) -> Promise | str:
        return WHY.get(self.why, "")

    @property
    def wants_no_messages(self) -> bool:
        return self.why in ("stopped", "blocked", "held")


@dataclass
class WhoKnows:
    """The page about one act. `mailed` and `waiting`: how many a message reached, or still will."""

    meeting: Meeting
    change: MeetingChange | None = None
    changes: list[MeetingChange] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    mailed: int = 0
    waiting: int = 0
    leaves_at: datetime | None = None
    by_hand: list[Row] = field(default_factory=list)
    to_ring: list[Row] = field(default_factory=list)
    elsewhere: int = 0
    stays: str = ""

    @property
    def heard(self) -> int:
        """How many know of it, and would hear that it was taken back."""
        return self.mailed + len(self.by_hand)

    @property
    def can_take_back(self) -> bool:
        return self.change is not None and not self.stays


def newest_of(group: Group, user: Viewer) -> Meeting | None:
    """The meeting of the newest change of this group that stands and whose day has not passed."""
    changes = MeetingChange.objects.visible_to(user).standing().filter(meeting__group=group)
    to_come = Q(was__gte=clock.now()) | Q(now__gte=clock.now())
    newest = changes.filter(to_come).select_related("meeting__group").order_by("-at", "-pk").first()
    return newest.meeting if newest else None


def who_knows(meeting: Meeting, user: Viewer) -> WhoKnows:
    """Of the newest change of this meeting, with all that was changed in the same act."""
    found = WhoKnows(meeting)
    newest = MeetingChange.objects.visible_to(user).filter(meeting=meeting)
    found.change = newest.select_related("by", "taken_back_by").order_by("-at", "-pk").first()
    if found.change is None:
        return found
    of_act = MeetingChange.objects.filter(act=found.change.act).select_related("meeting")
    found.changes = list(of_act.order_by("was", "now"))
    found.lines = [of_line(Line(one.meeting_id, one.was, one.now)) for one in found.changes]
    found.stays = why_it_stays(found.change, meeting)
    _fill(found, user)
    return found


def _fill(found: WhoKnows, user: Viewer) -> None:
    moment = clock.now()
    about = {change.meeting_id for change in found.changes}
    newest = Notice.objects.current().filter(lines__meeting__in=about, trajectory__phase__in=COMES)
    same = Notice.objects.filter(pk=OuterRef("pk"))
    rows: QuerySet[Any] = (
        newest.distinct()
        .annotate(seen=Exists(same.visible_to(user)), by_hand=Exists(same.by_hand(moment)))
        .select_related(
            "message__settled_by", "message__contact", "contact", "trajectory", "told_by"
        )
        .prefetch_related("lines")
        .order_by("made_at", "pk")
    )
    latest = {(row.trajectory_id, row.contact_id): row for row in rows}
    since = min(change.at for change in found.changes)
    for notice in latest.values():
        if notice.is_told and notice.made_at < since:
            continue  # they heard what stood before, nothing of this
        by_mail = notice.message is not None and notice.message.channel == Message.Channel.EMAIL
        if not notice.seen:
            found.elsewhere += 1
        elif notice.by_hand:
            found.to_ring.append(_row(notice, ring=True))
        elif notice.told_at is not None or (notice.is_told and not by_mail):
            found.by_hand.append(_row(notice))
        elif notice.is_told:
            found.mailed += 1
        elif notice.until > moment:
            found.waiting += 1
            if notice.message is not None:
                leaves = notice.message.not_before
                found.leaves_at = max(found.leaves_at or leaves, leaves)
    for some in (found.to_ring, found.by_hand):
        some.sort(key=lambda row: (row.parent, in_order(row.name), row.notice.pk))


def _row(notice: Notice, ring: bool = False) -> Row:
    contact, message = notice.contact, notice.message
    by = notice.told_by or (message.settled_by if message and message.settled_by else None)
    why = _why(notice) if ring else ""
    may_write = ring and why in ("text", "ring", "dead", "late", "stuck")
    lines = (Line(one.meeting_id, one.was, one.now, one.again) for one in notice.lines.all())
    return Row(
        notice=notice,
        name=_name(notice),
        parent=notice.parent,
        why=why,
        lines=tuple(of_line(line) for line in lines),
        text=by_hand.text_of(message) if may_write and message is not None else "",
        contact=contact if _may_dial(contact) else None,
        said_by=by.first_name if by else "",
        sent_by_hand=notice.told_at is None,
    )


def _name(notice: Notice) -> str:
    name = isolated(notice.trajectory.shown_name)
    return _("A parent of %(name)s") % {"name": name} if notice.parent else name


def _why(notice: Notice) -> str:
    contact, message = notice.contact, notice.message
    if notice.trajectory.blocked_reason:
        return "blocked"
    if contact.stopped_at is not None:
        return "stopped"
    if contact.held_since is not None:
        return "held"
    if message is None or message.channel == Message.Channel.WORKER_TEXT:
        by_phone = _may_dial(contact) and Contact.Channel.PHONE in contact.safe_channels
        return "ring" if by_phone else "text"
    if message.state == Message.State.DEAD:
        return "dead"
    return "late" if message.not_before >= notice.before else "stuck"


def _may_dial(contact: Contact) -> bool:
    """A telephone is a safe way, and this person may be reached at all."""
    by_phone = {Contact.Channel.PHONE, Contact.Channel.WHATSAPP} & {*contact.safe_channels}
    return bool(by_phone and contact.phone) and not (contact.stopped_at or contact.held_since)


# ---- What came of it -----------------------------------------------------------------------


@transaction.atomic
def say_told(*, notice: Notice, by: User) -> Notice:
    """Somebody spoke with them: they know. What still waited to be sent is not sent any more."""
    row = _lock(notice)
    if row is None or row.is_told:
        return row or notice
    outbox.withdraw_about(kinds=KINDS, subjects=[row.pk], reason="told_by_a_person", dead=True)
    row.told_at, row.told_by = clock.now(), by
    row.save(update_fields=["told_at", "told_by"])
    return row


@transaction.atomic
def say_not_told(*, notice: Notice, by: User) -> Notice:
    """A wrong tap: they do not know it yet. Nothing when a message reached them meanwhile."""
    row = _lock(notice)
    if row is None:
        return notice
    row.told_at, row.told_by = None, None
    row.save(update_fields=["told_at", "told_by"])
    return row


@transaction.atomic
def say_not_reached(*, notice: Notice, by: User) -> Notice:
    """Rung, and not reached: stays on the list, with the moment."""
    row = _lock(notice)
    if row is None or row.is_told:
        return row or notice
    row.tried_at = clock.now()
    row.save(update_fields=["tried_at"])
    return row


@transaction.atomic
def say_sent(*, notice: Notice, by: User) -> Notice:
    """The worker sent the ready text by the way that is safe."""
    row = _lock(notice)
    if row is None or row.is_told:
        return row or notice
    message = row.message
    if message is None or message.channel != Message.Channel.WORKER_TEXT:
        return say_told(notice=notice, by=by)
    by_hand.mark_sent_by_hand(message=message, by=by)
    return row


@transaction.atomic
def say_nobody_tells(*, notice: Notice, by: User) -> Notice:
    """It is left: this person does not hear it, and hears nothing either when it is taken back.

    They go on thinking what they thought, and a later change is told as a difference from that.
    """
    row = _lock(notice)
    if row is None or row.is_told:
        return row or notice
    outbox.withdraw_about(kinds=KINDS, subjects=[row.pk], reason="dropped", dead=True)
    row.until = clock.now()
    row.save(update_fields=["until"])
    return row


ACTS = {
    "told": say_told,
    "not_told": say_not_told,
    "tried": say_not_reached,
    "sent": say_sent,
    "leave": say_nobody_tells,
}


def _lock(notice: Notice) -> Notice | None:
    """The stay is locked, as by who changes a meeting; None when a newer change took it over."""
    lock(notice.trajectory)
    rows: QuerySet[Notice, Any] = Notice.objects.current().select_related("message__contact")
    return rows.filter(pk=notice.pk).first()


def notices_on(meeting: Meeting, user: Viewer) -> QuerySet[Notice, Any]:
    """Those that this worker may settle on the page of a meeting."""
    acts: Collection[UUID] = MeetingChange.objects.filter(meeting=meeting).values("act")  # type: ignore[assignment]
    same = MeetingChange.objects.filter(act__in=acts).values("meeting")
    rows = Notice.objects.visible_to(user).filter(lines__meeting__in=same)
    return rows.select_related("trajectory").distinct()
