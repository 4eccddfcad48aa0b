"""Signing up: faces of the workers, a call that is due today, a place on the list, and interest."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest

from core import clock
from core.accounts import one_time
from core.accounts.models import User
from core.accounts.portraits import change_portrait, redrawn
from core.accounts.sessions import SessionStore
from core.ages import birthday
from core.organisations.models import Municipality
from joinus.demo.world import pictures
from participants.models import Trajectory
from participants.person import door_code
from participants.recusal import recusal
from participants.signup import first_contact, interest
from participants.signup import sign_up as signup

if TYPE_CHECKING:
    from joinus.demo.world.play import Play

GROUP = "arnhem-jong"
#: Not everybody wants to be on a photo.
NO_PHOTO = {"Daan Smit", "Jeroen Bos"}
#: CBS code of a place without a group, age, days ago.
INTERESTED = (("GM0193", 15, 40), ("GM0193", 19, 12), ("GM0599", 22, 5))


def sign_up(play: Play) -> None:
    """Isa came by with her teacher and hears from us today at the latest; Puk waits for a place."""
    put, last = play.agenda.put, play.until
    put(play.first_day + timedelta(days=2), 9, lambda: _portraits(play))
    put(last - timedelta(days=settings.FIRST_CONTACT_DAYS), 15, lambda: _calls_today(play))
    put(last - timedelta(days=12), 16, lambda: _waits(play))
    put(last - timedelta(days=1), 17, lambda: _knows_daan(play))
    for number, (code, age, ago) in enumerate(INTERESTED):
        put(last - timedelta(days=ago), 20, partial(_interested, code, age, number))


def _portraits(play: Play) -> None:
    for workers in play.stage.workers.values():
        for worker in workers:
            if worker.name not in NO_PHOTO:
                change_portrait(user=worker, image=redrawn(pictures.face(worker.name)), by=worker)


def _calls_today(play: Play) -> None:
    """No own mailbox: a worker who was at school handed her a code for her own page."""
    group = play.stage.groups[GROUP]
    worker = play.stage.workers[GROUP][0]
    stay = signup.sign_up(
        call_name="Isa",
        birth_date=_born(play.until, 14),
        postcode="6811",
        municipality=Municipality.objects.get(pk="GM0202"),
        group=group,
        first_contact_by=Trajectory.Mood.CALL,
        first_contact_when="16",
        heard_from="school",
        phone="06 12 34 56 79",
        safe_channels=["phone"],
    )
    first_contact.wish_worker(trajectory_id=stay.pk, worker_id=worker.pk, by=None)
    _let_in(stay, worker)


def _waits(play: Play) -> None:
    stay = Trajectory.objects.filter(
        participant__call_name="Puk", group=play.stage.groups[GROUP], waiting_since__isnull=False
    ).first()
    if stay is not None:
        _let_in(stay, play.stage.workers[GROUP][1])


def _knows_daan(play: Play) -> None:
    """Said on the page right after the sign-up: that worker reads nothing."""
    stay = Trajectory.objects.filter(
        participant__call_name="Bo", group=play.stage.groups[GROUP]
    ).first()
    if stay is not None:
        daan = play.stage.workers[GROUP][1]
        recusal.know_at_sign_up(trajectory_id=stay.pk, worker_id=daan.pk)


def _interested(code: str, age: int, number: int) -> None:
    place = Municipality.objects.filter(pk=code).first()
    if place is not None:
        interest.register_interest(
            municipality=place, age=age, email=f"belangstelling{number}@jongeren.example"
        )


def _let_in(stay: Trajectory, worker: User) -> None:
    handed = door_code.hand_code(trajectory=stay, by=worker)
    request = HttpRequest()
    request.session = SessionStore()
    with clock.travel(clock.now() + timedelta(minutes=2)):
        one_time.use_code(request, code=handed.code)


def _born(day: date, age: int) -> date:
    return birthday(day, -age) - timedelta(days=100)
