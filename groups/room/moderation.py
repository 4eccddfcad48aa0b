"""Reporting a post, and whether it may stand (R-226): a word to the author, and back again.

Who reported is shown to nobody. Two reports are enough to take a post out of sight until somebody
has looked: one person alone cannot silence another. A worker never judges the own post.
"""

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from core.locks import lock_copy
from groups.models import Post, PostReport, Topic, seats_in_a_room
from groups.room.night import appears_at

#: So many people find it not okay: it waits until a worker has looked.
ENOUGH = 2


@transaction.atomic
def report_post(*, post: Post, reason: str, by: User) -> None:
    """Say that a post of the own group is not okay; twice is once, and what is said then is added.

    Raises RuleBroken: own_post, room_closed, looked_at.
    """
    if post.by_id == by.pk:
        raise RuleBroken(_("This is your own post. You can take it away."), "own_post")
    seat = seats_in_a_room(by).filter(group=post.topic.group_id).first()
    if seat is None:
        raise RuleBroken(_("You can't write in this group now."), "room_closed")
    stay = seat.trajectory_id
    row = lock_copy(post)
    mine = PostReport.objects.filter(post=row, stay=stay)
    if earlier := mine.filter(settled_at__isnull=True).first():
        if reason and reason != earlier.reason:
            earlier.reason = "\n".join(filter(None, [earlier.reason, reason]))
            earlier.save(update_fields=["reason"])
        return
    judged = mine.order_by("-settled_at").first()
    if judged is not None and (row.edited_at is None or row.edited_at <= judged.at):
        raise RuleBroken(
            _("Somebody has looked at this post already. Is it still not okay? Tell them."),
            "looked_at",
        )
    PostReport.objects.create(post=row, stay_id=stay, reason=reason, text=row.text, at=clock.now())
    waiting = PostReport.objects.filter(post=row, settled_at__isnull=True).count()
    if row.state == Post.State.SHOWN and waiting >= ENOUGH:
        row.state, row.held_for = Post.State.HELD, Post.Held.REPORTED
        row.save(update_fields=["state", "held_for"])


@transaction.atomic
def judge_post(*, post: Post, stays: bool, seen: str, by: User, word: str = "") -> Post:
    """It may stand, or it is hidden with a word to the author; what was reported is settled.

    `seen`: how it stood on the page that was judged (`Post.as_read`), so that two workers never
    undo each other unawares, and nobody lets words stand that they have not read.
    Raises NotYours; RuleBroken: somebody_was_first.
    """
    if not Post.objects.to_judge(by).filter(pk=post.pk).exists():
        raise NotYours(_("A colleague looks at this post."), "not_yours_to_judge")
    row = lock_copy(post)
    if row.as_read != seen:
        raise RuleBroken(
            _("Meanwhile something changed about this post. Look once more."), "somebody_was_first"
        )
    now = clock.now()
    if row.state != Post.State.REMOVED:
        if stays and row.state != Post.State.SHOWN:
            row.shown_at = appears_at(now)
            Topic.objects.filter(pk=row.topic_id).update(last_at=Greatest("last_at", row.shown_at))
        row.state = Post.State.SHOWN if stays else Post.State.HIDDEN
        row.held_for = ""
        row.word = "" if stays else word
    row.judged_by, row.judged_at = by, now
    row.save()
    PostReport.objects.filter(post=row, settled_at__isnull=True).update(
        settled_at=now, settled_by=by
    )
    return row
