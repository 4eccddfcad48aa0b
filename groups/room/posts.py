"""Writing in the room of the own group, and what the author does with it afterwards (R-225).

Whoever writes asks for the place of today with the stay locked, so that a post never lands in a
room that was closed a moment ago. Two sendings of one post take turns and are one (`client_id`).
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.contact_details import found_in
from core.errors import NotYours, RuleBroken
from core.locks import lock_copy, take_turns
from core.organisations.models import Group
from groups.models import Placement, Post, Topic, seats_in_a_room
from groups.permissions import MODERATE, holds_here
from groups.room.night import appears_at, is_night
from groups.seats.minors import guards_minors
from participants.models import Trajectory
from participants.stay.lock import lock

#: The longest post and title, in signs.
LONGEST_POST, LONGEST_TITLE = 4000, 80
#: How long one may mend what the others have read.
TO_EDIT = timedelta(days=1)
#: More than a quick talk needs: from here on it is a flood.
MOST, WITHIN = 20, timedelta(minutes=10)


@transaction.atomic
def start_topic(*, group: Group, title: str, text: str, client_id: UUID, by: User) -> Topic:
    """A new topic with its first post; sent twice it is one. Raises RuleBroken: room_closed,
    slow_down.
    """
    take_turns(f"room:{by.pk}")
    stay = _author(group.pk, by)
    if (sent := _sent(by, client_id)) is not None:
        return sent.topic
    _not_too_fast(by)
    now = clock.now()
    topic = Topic.objects.create(
        group=group, title=title, stay=stay, by=by, started_at=now, last_at=appears_at(now)
    )
    _post(topic, group, stay, by, text, client_id, title=title)
    return topic


@transaction.atomic
def write_post(*, topic: Topic, text: str, client_id: UUID, by: User) -> Post:
    """A post in a topic of the own group; sent twice it is one. Raises RuleBroken: room_closed,
    slow_down.
    """
    take_turns(f"room:{by.pk}")
    stay = _author(topic.group_id, by)
    if (sent := _sent(by, client_id)) is not None:
        return sent
    _not_too_fast(by)
    post = _post(topic, topic.group, stay, by, text, client_id)
    if post.state == Post.State.SHOWN:
        Topic.objects.filter(pk=topic.pk).update(last_at=Greatest("last_at", post.shown_at))
    return post


@transaction.atomic
def edit_post(*, post: Post, text: str, by: User) -> Post:
    """Other words for the own post: looked at anew, so that a number that was taken out lets it
    stand at once. In the night nothing that the others have read changes; taking it away is always
    possible. Raises NotYours; RuleBroken: room_closed, gone, too_late, looked_at, night_rest.
    """
    row = _own(post, by)
    if row.state == Post.State.REMOVED:  # in another tab, a moment ago: it stays away, and held
        raise RuleBroken(_("Your post is gone."), "gone")
    if row.state == Post.State.HIDDEN:
        raise RuleBroken(_("Your youth worker hid this post. Write a new one."), "looked_at")
    now = clock.now()
    if row.state == Post.State.SHOWN and now >= row.written_at + TO_EDIT:
        raise RuleBroken(_("This post stands there for a day. Write a new one."), "too_late")
    if text == row.text:
        return row
    if rests(row, now):
        raise RuleBroken(
            _("It is quiet here until seven. Then you can change it. You can always take it away."),
            "night_rest",
            "text",
        )
    row.text, row.edited_at = text, now
    if row.held_for != Post.Held.REPORTED:
        was_held = row.state == Post.State.HELD
        _stand(row, row.topic.group, title=_title_of(row))
        if row.state == Post.State.SHOWN and was_held:
            row.shown_at = appears_at(now)
            Topic.objects.filter(pk=row.topic_id).update(last_at=Greatest("last_at", row.shown_at))
    row.save()
    return row


@transaction.atomic
def take_away(*, post: Post, by: User) -> None:
    """The own post goes, and its words with it; where it was reported a worker still finds what
    stood there. Again is fine. Raises NotYours; RuleBroken: room_closed.
    """
    row = _own(post, by)
    row.state, row.held_for = Post.State.REMOVED, ""
    if not row.reports.exists():
        row.text = ""
    row.save(update_fields=["state", "held_for", "text"])


def rests(post: Post, now: datetime) -> bool:
    """The others have read it, and it is night: nothing new appears now (R-225)."""
    return post.state == Post.State.SHOWN and post.shown_at <= now and is_night(now)


def _own(post: Post, by: User) -> Post:
    if post.by_id != by.pk:
        raise NotYours(_("This post is somebody else's."), "not_your_post")
    _author(post.topic.group_id, by)
    return lock_copy(post)


def _author(group_id: UUID, by: User) -> Trajectory | None:
    """The stay, locked, of who writes here; None for a worker of the group."""
    if not by.is_participant:
        if not holds_here(by, MODERATE, group_id):
            raise NotYours(_("Only the youth workers of this group can do this."), "not_your_room")
        return None
    seat = Placement.objects.filter(trajectory__participant__user=by, group=group_id)
    for stay in Trajectory.objects.filter(pk__in=seat.values("trajectory")).running():
        lock(stay)
        if seats_in_a_room(by).filter(group=group_id, trajectory=stay).exists():
            return stay
    raise RuleBroken(_("You can't write in this group now."), "room_closed")


def _sent(by: User, client_id: UUID) -> Post | None:
    found: Post | None = Post.objects.filter(by=by, client_id=client_id).first()
    return found


def _not_too_fast(by: User) -> None:
    if Post.objects.filter(by=by, written_at__gt=clock.now() - WITHIN).count() >= MOST:
        raise RuleBroken(_("That is a lot at once. Go on in a few minutes."), "slow_down")


def _post(
    topic: Topic,
    group: Group,
    stay: Trajectory | None,
    by: User,
    text: str,
    client_id: UUID,
    *,
    title: str = "",
) -> Post:
    now = clock.now()
    post = Post(
        topic=topic,
        stay=stay,
        by=by,
        text=text,
        client_id=client_id,
        written_at=now,
        shown_at=appears_at(now),
    )
    _stand(post, group, title=title)
    post.save(force_insert=True)
    return post


def _stand(post: Post, group: Group, *, title: str) -> None:
    """Whether it stands there or waits for a worker, by its words."""
    found = found_in(title, post.text) if guards_minors(group, post.stay) else None
    post.state = Post.State.SHOWN if found is None else Post.State.HELD
    post.held_for = "" if found is None else found.value


def _title_of(post: Post) -> str:
    """The title comes with the first post of the topic, so it is looked at with that one."""
    first = Post.objects.filter(topic=post.topic_id).order_by("written_at", "pk").first()
    return post.topic.title if first is not None and first.pk == post.pk else ""
