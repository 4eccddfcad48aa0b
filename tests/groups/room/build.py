"""A group with two workers and young people who write to each other."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from core import clock
from core.accounts.models import User
from core.organisations.models import Group
from groups.models import Post, Topic
from groups.room import moderation, posts
from participants.models import Trajectory
from tests import world

DAY = clock.at(datetime(2026, 3, 4).date(), 15)
NIGHT = clock.at(datetime(2026, 3, 4).date(), 23, 30)


def somebody(group: Group, name: str, **fields: Any) -> Trajectory:
    """Takes part for two months."""
    stay = world.make_trajectory(group=group, call_name=name, **fields)
    world.seat(stay, first_day=clock.today() - timedelta(days=60))
    return stay


def user_of(stay: Trajectory) -> User:
    assert stay.participant.user is not None
    return stay.participant.user


def write(topic: Topic, by: User, text: str = "Hoi") -> Post:
    return posts.write_post(topic=topic, text=text, client_id=uuid4(), by=by)


def begin(group: Group, by: User, title: str = "Bowlen", text: str = "Wie gaat er mee?") -> Topic:
    return posts.start_topic(group=group, title=title, text=text, client_id=uuid4(), by=by)


@dataclass
class Room:
    group: Group = field(default_factory=lambda: world.make_group(name="Groep Vrijdag"))

    def __post_init__(self) -> None:
        self.fleur = world.make_worker(self.group, "Fleur Jansen")
        self.daan = world.make_worker(self.group, "Daan Mulder")
        self.noor, self.sam, self.amir = (
            somebody(self.group, name) for name in ("Noor", "Sam", "Amir")
        )
        self.topic = begin(self.group, user_of(self.noor))
        self.first = self.topic.posts.get()


def report(post: Post, stay: Trajectory, reason: str = "") -> None:
    moderation.report_post(post=post, reason=reason, by=user_of(stay))


def judge(post: Post, by: User, *, stays: bool, word: str = "") -> Post:
    post.refresh_from_db()
    return moderation.judge_post(post=post, stays=stays, seen=post.as_read, by=by, word=word)


def read_by(stay: Trajectory) -> set[Any]:
    return set(Post.objects.visible_to(user_of(stay)).values_list("pk", flat=True))
