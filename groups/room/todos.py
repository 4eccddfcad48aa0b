"""What waits about the room of a group and its chat: for its workers, for the coordinator where no
worker can look, and for a young person: what is new."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may, reach
from core.facts import Asked, Facts, counted
from core.ports import Part, Todo, TodoRule, each
from groups.models import Folded, Meeting, Placement, Post, RoomVisit, seats_in_a_room
from groups.permissions import JUDGE_ALONE, MODERATE, PLACE
from groups.room.chat import examples, to_note
from groups.seats.newcomers import ago
from groups.todo_kinds import Kind
from participants.models import Trajectory

#: What is older is no longer news to somebody who was never there.
NEWS_WITHIN = timedelta(days=14)
#: From here on the number tells nothing any more.
MANY = 9


# ---- The chat: R-079 after the choice to take part, R-189 after leaving --------------------


@dataclass(frozen=True)
class ToNote:
    """`blocked`: something has to be arranged first; `paused`: does not come for a while."""

    id: UUID
    stay: UUID
    name: str
    group: str
    first_day: date
    last_day: date | None
    phase: str
    blocked: str
    in_chat_on: date | None
    out_of_chat_on: date | None


def _chat(row: ToNote, asked: Asked) -> Todo:
    takes_out = row.in_chat_on is not None and row.out_of_chat_on is None
    title = (
        _("Take {name} out of the group chat") if takes_out else _("Add {name} to the group chat")
    )
    day = row.last_day if takes_out and row.last_day else row.first_day
    if not takes_out:
        reason = _("Takes part in {group} since {day}.")
        if row.first_day > asked.day:
            reason = _("Takes part in {group} from {day} on.")
    elif row.last_day is not None:
        reason = _("The place in {group} ended on {day}.")
    elif row.phase == "paused" and not row.blocked:
        reason = _("Takes a break. Or agree that {name} stays in it.")
    else:
        reason = _("Something has to be arranged first. In the chat stand times and places.")
    return Todo(
        kind=Kind.CHAT,
        about=row.id,
        urgency=1 if takes_out and row.blocked else 2,
        when=_("today") if takes_out and row.blocked else _("this week"),
        title=title.format(name=row.name),
        reason=reason.format(name=row.name, group=row.group, day=date_format(day, "j F")),
        action=_("Open"),
        url=reverse("groups:chat", args=[row.id]),
        since=day,
        stay_id=row.stay,
        lasts=True,
    )


# ---- a message in the chat, as an example -------------------------------------------


@dataclass(frozen=True)
class Example:
    id: UUID
    group: UUID
    group_name: str
    starts_at: datetime


def _examples(user: Viewer) -> QuerySet[Meeting]:
    return examples().filter(reach(user, PLACE).as_q("group__"))


def _example(row: Example, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.CHAT_EXAMPLE,
        about=row.id,
        urgency=3,
        when=_("later"),
        title=_("A message in the group chat?"),
        reason=_("{group} meets on {day}. An invitation or a question keeps it alive.").format(
            group=row.group_name, day=date_format(clock.local(row.starts_at), "j F")
        ),
        action=_("To the texts"),
        url=reverse("groups:group_chat", args=[row.group]) + "#example",
    )


# ---- reported, or kept back ---------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """No name and no words: a screen is seen by others too. `held_for`: empty where it was only
    reported."""

    id: UUID
    group: str
    written_at: datetime
    held_for: str


def _waiting(user: Viewer) -> QuerySet[Post]:
    return (
        Post.objects.to_judge(user).waiting().filter(reach(user, MODERATE).as_q("topic__group__"))
    )


def _waiting_alone(user: Viewer) -> QuerySet[Post]:
    return (
        Post.objects.to_judge(user).waiting().exclude(reach(user, MODERATE).as_q("topic__group__"))
    )


def _post(row: Waiting, asked: Asked) -> Todo:
    return _judge(row, asked, Kind.ROOM_POST)


def _post_alone(row: Waiting, asked: Asked) -> Todo:
    return _judge(row, asked, Kind.ROOM_POST_ALONE)


def _judge(row: Waiting, asked: Asked, kind: Kind) -> Todo:
    reported = row.held_for in ("", Post.Held.REPORTED)
    day = clock.day_of(row.written_at)
    if reported:
        reason = _("{group}: somebody finds it not okay. Look whether it may stand.")
    else:
        reason = _("{group}: there is a way to reach somebody in it. It waits until you looked.")
    if kind == Kind.ROOM_POST_ALONE:
        reason += " " + _("No youth worker of the group can look at it.")
    return Todo(
        kind=kind,
        about=row.id,
        urgency=0 if reported else 1,
        when=ago(day, asked.day),
        title=_("A post was reported") if reported else _("A post waits for you"),
        reason=reason.format(group=row.group),
        action=_("Look"),
        url=reverse("groups:room_post", args=[row.id]),
        since=day,
    )


# ---- What is new, for a young person -------------------------------------------------------


@dataclass(frozen=True)
class News:
    id: UUID
    n: int


def _seats(user: Viewer) -> QuerySet[Placement]:
    """Nothing is announced to who takes a break."""
    seats = seats_in_a_room(user).exclude(trajectory__phase=Trajectory.Phase.PAUSED)
    return seats.annotate(n=counted(_new(user))).filter(n__gt=0)


def _new(user: Viewer) -> QuerySet[Post]:
    mine = {"stay__participant__user": user}
    seen = RoomVisit.objects.filter(
        **mine, group=OuterRef("topic__group"), seen_at__gte=OuterRef("shown_at")
    )
    folded = Folded.objects.filter(**mine)
    now = clock.now()
    return (
        Post.objects.filter(
            topic__group=OuterRef("group"),
            state=Post.State.SHOWN,
            shown_at__lte=now,
            shown_at__gt=now - NEWS_WITHIN,
        )
        .exclude(by=user.pk)
        .filter(
            ~Exists(seen),
            ~Exists(folded.filter(topic=OuterRef("topic"))),
            ~Exists(folded.filter(other=OuterRef("stay"))),
        )
    )


def _news(row: News, _asked: Asked) -> Todo:
    title = ngettext("{n} new post in your group", "{n} new posts in your group", row.n)
    if row.n > MANY:
        title = _("New posts in your group")
    return Todo(
        kind=Kind.ROOM_NEWS,
        about=row.id,
        urgency=3,
        when=_("later"),
        title=title.format(n=row.n),
        reason="",
        action=_("Read"),
        url=reverse("groups:mine"),
    )


POSTS = {"group": "topic__group__name"}
CHAT = Part(
    Facts(
        ToNote,
        to_note,
        {
            "stay": "trajectory_id",
            "name": "trajectory__shown_name",
            "group": "group__name",
            "phase": "trajectory__phase",
            "blocked": "trajectory__blocked_reason",
        },
    ),
    each(_chat),
)
EXAMPLE = Part(Facts(Example, _examples, {"group_name": "group__name"}), each(_example))
REPORTED = Part(Facts(Waiting, _waiting, POSTS), each(_post))
REPORTED_ALONE = Part(Facts(Waiting, _waiting_alone, POSTS), each(_post_alone))
NEWS = Part(Facts(News, _seats), each(_news))


def _leads(user: Viewer) -> bool:
    return may(user, PLACE)


RULES = (
    TodoRule((Kind.CHAT,), parts=(CHAT,), asks=_leads, of_a_stay=True),
    TodoRule((Kind.CHAT_EXAMPLE,), parts=(EXAMPLE,), asks=_leads),
    TodoRule((Kind.ROOM_POST,), parts=(REPORTED,), asks=lambda user: may(user, MODERATE)),
    TodoRule(
        (Kind.ROOM_POST_ALONE,),
        parts=(REPORTED_ALONE,),
        asks=lambda user: may(user, JUDGE_ALONE),
    ),
    TodoRule((Kind.ROOM_NEWS,), parts=(NEWS,), own=True),
)
