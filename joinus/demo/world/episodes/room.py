"""A group that writes to each other, with what its workers keep in order; and its group chat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from groups.models import Placement, Post, Topic
from groups.room.chat import note_chat, set_chat_link
from groups.room.moderation import report_post
from groups.room.posts import start_topic, write_post
from joinus.demo.world.cast import GROUPS, GroupPlan

if TYPE_CHECKING:
    from core.accounts.models import User
    from joinus.demo.world.play import Play

#: Group, title, and per post: days ago, hour, who (a worker by number), what.
Said = tuple[int, int, str | int, str]
TALKS: tuple[tuple[str, str, tuple[Said, ...]], ...] = (
    (
        "arnhem-jong",
        "Wat doen we na de vakantie?",
        (
            (40, 16, "Sam", "Ik wil wel een keer klimmen. Er is een hal bij het station."),
            (40, 17, "Jordan", "Klimmen lijkt me vet. Kost het veel?"),
            (39, 15, "Sam", "Met een groep 9 euro, schoenen erbij 😀"),
            (38, 16, 0, "Leuk idee, Sam. Zullen we vrijdag samen uitzoeken hoe het gaat?"),
            (36, 18, "Amir", "Ik ben erbij. Hoogtevrees telt niet toch?"),
        ),
    ),
    (
        "arnhem-jong",
        "Welke film moet iedereen zien?",
        (
            (12, 19, "Jordan", "Spirited Away! Al drie keer gezien."),
            (12, 20, "Ilse", "Coco. Neem zakdoekjes mee."),
            (9, 16, "Amir", "Ik kijk vooral series, mag dat ook?"),
            (9, 17, "Jordan", "Ja hoor. Welke?"),
        ),
    ),
    (
        "arnhem-jong",
        "Vrijdag",
        (
            (3, 16, 1, "Vrijdag om 19.00 zijn we er weer. Wie neemt er een spel mee?"),
            (3, 17, "Sam", "Ik! Weerwolven."),
            (2, 15, "Ilse", "Mag ik wat later komen? Ik heb eerst zwemles."),
            (2, 16, 0, "Natuurlijk, we houden een plek vrij."),
        ),
    ),
    (
        "amersfoort-volwassen",
        "Samen koken",
        (
            (20, 18, "Rosa", "Wie heeft er een makkelijk recept voor twaalf mensen?"),
            (20, 19, "Sven", "Chili. Eén pan, weinig afwas."),
            (19, 12, 0, "De keuken is vrijdag van ons. Boodschappen halen we samen."),
            (18, 20, "Umut", "Ik kan brood bakken."),
        ),
    ),
)
#: What waits for a worker on the last day: a number, and something that was reported.
HELD: Said = (1, 16, "Jordan", "App me even over vrijdag: 06 12345678")
REPORTED: Said = (1, 17, "Amir", "Wat een stom spel zeg.")
LINK = "https://chat.whatsapp.example/JoinUs"


def room(play: Play) -> None:
    for key, title, posts in TALKS:
        _talk(play, _plan(key), title, posts)
    for plan in (_plan("arnhem-jong"), _plan("amersfoort-volwassen")):
        _at(play, 60, 10, partial(_chat, play, plan))
    film = "Welke film moet iedereen zien?"
    for said in (HELD, REPORTED):
        _at(play, said[0], said[1], partial(_answer, play, _plan("arnhem-jong"), film, said))
    _at(play, 1, 18, partial(_report, play))


def _plan(key: str) -> GroupPlan:
    return next(plan for plan in GROUPS if plan.key == key)


def _at(play: Play, days: int, hour: int, act: Callable[[], object]) -> None:
    play.agenda.put(play.until - timedelta(days=days), hour, act, minute=20)


def _talk(play: Play, plan: GroupPlan, title: str, posts: tuple[Said, ...]) -> None:
    first, *others = posts
    _at(play, first[0], first[1], partial(_begin, play, plan, title, first))
    for said in others:
        _at(play, said[0], said[1], partial(_answer, play, plan, title, said))


def _who(play: Play, plan: GroupPlan, who: str | int) -> User:
    if isinstance(who, int):
        return play.worker(plan, who)
    lives = play.lives.values()
    found: User = next(x.user for x in lives if x.person.name == who and x.plan is plan)
    return found


def _begin(play: Play, plan: GroupPlan, title: str, said: Said) -> None:
    start_topic(
        group=play.group(plan),
        title=title,
        text=said[3],
        client_id=uuid4(),
        by=_who(play, plan, said[2]),
    )


def _topic(play: Play, plan: GroupPlan, title: str) -> Topic:
    topics = Topic.objects.filter(group=play.group(plan))
    return next(topic for topic in topics if topic.title == title)


def _answer(play: Play, plan: GroupPlan, title: str, said: Said) -> None:
    topic = _topic(play, plan, title)
    write_post(topic=topic, text=said[3], client_id=uuid4(), by=_who(play, plan, said[2]))


def _report(play: Play) -> None:
    plan = _plan("arnhem-jong")
    post = Post.objects.filter(by=_who(play, plan, REPORTED[2])).order_by("-written_at")[0]
    report_post(post=post, reason="Niet aardig voor Sam.", by=_who(play, plan, "Ilse"))


def _chat(play: Play, plan: GroupPlan) -> None:
    """The workers set it up, and add who takes part; whoever comes later is still to be added."""
    group = play.group(plan)
    set_chat_link(group=group, link=LINK, by=play.worker(plan))
    here = Placement.objects.filter(group=group, trial=False, last_day__isnull=True)
    for n, placement in enumerate(here.order_by("first_day", "pk")):
        what = "without" if n == 1 else "in"
        note_chat(placement=placement, by=play.worker(plan, n), what=what)
