"""What somebody reads in a room, and who reads along with them (R-227)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer, is_participant
from core.accounts.models import User
from core.facts import counted
from core.names import isolated
from groups.models import Folded, Placement, Post, PostReport, RoomVisit, Topic
from participants.models import Participant
from participants.recusal.recusal import who_stays_out
from participants.recusal.who_works_here import workers_of

#: So many topics on a page, so many posts.
TOPICS, POSTS = 20, 30


def readers_of(group_id: UUID, participant: Participant | None = None) -> list[User]:
    """The workers who read along with what this person writes: all of the group, less who stays
    out of this person's stay."""
    out = who_stays_out(participant.pk) if participant is not None else frozenset()
    return [worker for worker in workers_of(group_id) if worker.pk not in out]


# ---- Topics --------------------------------------------------------------------------------


def topics_of(user: Viewer, group_id: UUID) -> QuerySet[Topic]:
    """Topics of a group with something to read for this user, the newest first, folded ones last.

    `n` posts, the newest of them at `newest`; `titled`: the first post may be read, so the title
    too; `seen_before`: when this young person was here last, `news_at`: when somebody else's newest
    post appeared. `last_at` orders only: it may be of a post that appears in the morning.
    """
    posts = Post.objects.visible_to(user)
    first = Post.objects.filter(topic=OuterRef("pk")).order_by("written_at", "pk")
    found = (
        Topic.objects.visible_to(user)
        .filter(Exists(posts.filter(topic=OuterRef("pk"))), group=group_id)
        .annotate(
            n=counted(posts.filter(topic=OuterRef("pk"))),
            opening=Subquery(first.values("pk")[:1]),
            titled=Exists(posts.filter(pk=OuterRef("opening"))),
            newest=_newest(posts),
        )
    )
    if not is_participant(user):
        waiting = Post.objects.to_judge(user).waiting().filter(topic=OuterRef("pk"))
        return found.annotate(waits=Exists(waiting), folded=Value(False)).order_by("-last_at", "pk")
    mine = Folded.objects.filter(stay__participant__user=user)
    others = posts.filter(~Q(by=user.pk), ~Exists(mine.filter(other=OuterRef("stay"))))
    visits = RoomVisit.objects.filter(stay__participant__user=user, group=OuterRef("group"))
    return found.annotate(
        folded=Exists(mine.filter(topic=OuterRef("pk"))),
        seen_before=Subquery(visits.values("seen_at")[:1]),
        news_at=_newest(others),
    ).order_by("folded", "-last_at", "pk")


def _newest(posts: QuerySet[Post]) -> Subquery:
    of_topic = posts.filter(topic=OuterRef("pk")).order_by("-shown_at")
    return Subquery(of_topic.values("shown_at")[:1])


def title_of(topic: Any) -> str:
    """The words of the topic, as long as its first post may be read and has any."""
    return (topic.titled and topic.title) or _("(taken away)")


def has_news(topic: Any) -> bool:
    """Somebody else's post appeared since this young person was here last."""
    if topic.folded or topic.news_at is None:
        return False
    return topic.seen_before is None or topic.news_at > topic.seen_before


def see(seat: Placement) -> None:
    """What is there now is no longer new to this person."""
    row = RoomVisit(stay_id=seat.trajectory_id, group_id=seat.group_id, seen_at=clock.now())
    RoomVisit.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["stay", "group"], update_fields=["seen_at"]
    )


# ---- Posts ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A post as one reader sees it. `name`: the author's, empty for the reader; `tells`: what the
    author reads about the own post; `folded`: behind one line for this reader."""

    post: Post
    name: str
    is_worker: bool
    mine: bool
    text: str
    later: bool
    folded: bool
    reported: bool
    waits: bool


def posts_of(user: Viewer, topic: Topic) -> QuerySet[Post]:
    """In the order in which they appeared."""
    found = Post.objects.visible_to(user).filter(topic=topic)
    found = found.select_related("stay__participant", "by").order_by("shown_at", "written_at", "pk")
    if not is_participant(user):
        waiting = Post.objects.to_judge(user).waiting()
        return found.annotate(to_look_at=Exists(waiting.filter(pk=OuterRef("pk"))))
    mine = PostReport.objects.filter(
        post=OuterRef("pk"), stay__participant__user=user, settled_at__isnull=True
    )
    folded = Folded.objects.filter(stay__participant__user=user, other=OuterRef("stay"))
    return found.annotate(reported=Exists(mine), folded=Exists(folded))


def lines(user: Viewer, posts: Iterable[Any]) -> list[Line]:
    """Young people read call names, professionals what people are told apart by (R-343)."""
    now, young = clock.now(), is_participant(user)
    return [
        Line(
            post=post,
            name=isolated(_name(post, young=young)),
            is_worker=post.stay_id is None,
            mine=post.by_id == user.pk,
            text=post.text,
            later=post.state == Post.State.SHOWN and post.shown_at > now,
            folded=getattr(post, "folded", False),
            reported=getattr(post, "reported", False),
            waits=getattr(post, "to_look_at", False),
        )
        for post in posts
    ]


def _name(post: Post, *, young: bool) -> str:
    if post.stay is None:
        return post.by.first_name
    return post.stay.participant.call_name if young else post.stay.shown_name


def reports_of(user: Viewer, post: Post) -> QuerySet[PostReport]:
    """What was reported about a post, without who did; nothing to who wrote it."""
    return PostReport.objects.filter(post=post).exclude(post__by=user.pk).order_by("at")
