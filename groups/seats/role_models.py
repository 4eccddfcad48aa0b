"""An example to others in a skill, by agreement (R-145).

"A longer participant" is nowhere said in figures. Our own bound: somebody who takes part and was
there at six meetings of this stay or more, the trial included; about three months. No more than
three at a time, so that it stays something special and nobody becomes the assistant.

It is agreed in a talk, and the young person ends it alone, without a reason. What they ended is
only agreed on anew in a later talk; the workers of the group read that it ended
(`role_model_todos`), so that nobody points at them any more. Locks: the stay.
"""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.accounts.models import User, first_name_of
from core.cleaning import one_line
from core.errors import RuleBroken
from groups.models import Attendance, RoleModel, RoleModelQuerySet
from groups.models.attendance import AttendanceQuerySet
from groups.models.moments import has_ended
from participants.models import Trajectory
from participants.stay.lock import lock

LONGER = 6
AT_ONCE = 3
LONGEST = 80
TAKES_PART = (Trajectory.Phase.PARTICIPATING, Trajectory.Phase.LEAVING)

WHY_NOT: dict[str, str | Promise] = {
    "not_taking_part": gettext_lazy("This is for somebody who takes part now."),
    "waits_for_consent": gettext_lazy(
        "Consent is missing at the moment. That has to be arranged first."
    ),
    "too_few_meetings": gettext_lazy("This is for somebody who was there six times or more."),
}


def hindrance(*, phase: str, stopped: bool, blocked: bool, came: int) -> str | None:
    """Pure. Why nothing can be noted for this person now: a key of WHY_NOT."""
    if stopped or phase not in TAKES_PART:
        return "not_taking_part"
    if blocked:
        return "waits_for_consent"
    return "too_few_meetings" if came < LONGER else None


def hindrance_of(stay: Trajectory) -> str | None:
    """The same for a stay, by the evenings that are over."""
    return hindrance(
        phase=stay.phase,
        stopped=stay.stopped_on is not None,
        blocked=bool(stay.blocked_reason),
        came=evenings_here().filter(trajectory=stay).count(),
    )


def evenings_here() -> AttendanceQuerySet:
    """Being there counts when the evening is over."""
    present = Attendance.objects.filter(state=Attendance.State.PRESENT)
    return present.filter(has_ended(clock.now(), "meeting__"))


@transaction.atomic
def note_role_model(
    *, trajectory: Trajectory, skill: str, agreed_on: date, agreed: bool, by: User
) -> RoleModel:
    """Write down what was agreed; the same skill again, whatever its capitals, is the same one.

    Raises RuleBroken: skill_needed, skill_too_long, not_agreed, not_taking_part,
    waits_for_consent, too_few_meetings, day_to_come, before_taking_part, ended_since, enough.
    """
    stay = lock(trajectory)
    words = one_line(skill)
    _check_words(words, agreed=agreed, name=stay.shown_name)
    if why := hindrance_of(stay):
        raise RuleBroken(str(WHY_NOT[why]), why)
    _check_day(stay, agreed_on)
    rows = list(RoleModel.objects.filter(trajectory=stay))
    same = [row for row in rows if row.skill.casefold() == words.casefold()]
    for row in same:
        if row.ended_on is None:
            return row
    if any(row.ended_on > agreed_on for row in same if row.ended_on):
        raise RuleBroken(
            _("{name} stopped with this after that day. Agree on it anew first.").format(
                name=stay.shown_name
            ),
            "ended_since",
            "agreed_on",
        )
    if sum(row.ended_on is None for row in rows) >= AT_ONCE:
        raise RuleBroken(_("Three at a time is enough. End another one first."), "enough")
    return RoleModel.objects.create(trajectory=stay, skill=words, agreed_on=agreed_on, noted_by=by)


def _check_words(words: str, *, agreed: bool, name: str) -> None:
    if not words:
        raise RuleBroken(_("Write down what somebody is an example in."), "skill_needed", "skill")
    if len(words) > LONGEST:
        raise RuleBroken(_("Say it in 80 characters at most."), "skill_too_long", "skill")
    if not agreed:
        raise RuleBroken(
            _("Only together with {name}. Talk first, then write it down.").format(name=name),
            "not_agreed",
            "agreed",
        )


def _check_day(stay: Trajectory, day: date) -> None:
    if day > clock.today():
        raise RuleBroken(_("This day is still to come."), "day_to_come", "agreed_on")
    if stay.definitive_on is None or day < stay.definitive_on:
        raise RuleBroken(
            _("{name} did not take part yet on that day.").format(name=stay.shown_name),
            "before_taking_part",
            "agreed_on",
        )


@transaction.atomic
def end_role_model(*, role_model: RoleModel, by: User) -> RoleModel:
    """By the young person or by a worker, without a reason; a second tap changes nothing."""
    lock(role_model.trajectory)
    role_model.refresh_from_db()
    if role_model.ended_on is None:
        role_model.ended_on, role_model.ended_by = clock.today(), by
        role_model.save(update_fields=["ended_on", "ended_by"])
    return role_model


@transaction.atomic
def say_end_seen(*, role_model: RoleModel) -> None:
    """A worker knows that they ended it. Twice changes nothing."""
    unseen = RoleModel.objects.filter(pk=role_model.pk, end_seen_at__isnull=True)
    unseen.update(end_seen_at=clock.now())


# ---- Read along with a page that asks for the stay anyway ---------------------------------------


class Example(NamedTuple):
    """One as a page tells it; ended on a day, by somebody, or in force."""

    pk: UUID
    skill: str
    agreed_on: date
    with_whom: str
    ended_on: date | None = None
    ended_by: str = ""


def along(stay: str) -> tuple[ArraySubquery, ArraySubquery]:
    """Two columns for a query whose row has the id of the stay in `stay`: what is in force, for
    `examples`. The skill is sealed to its row, so it cannot travel inside the JSON."""
    return _columns(RoleModel.objects.in_force().filter(trajectory=OuterRef(stay)))


def along_all(stay: str) -> tuple[ArraySubquery, ArraySubquery]:
    """The same with those that ended."""
    return _columns(RoleModel.objects.filter(trajectory=OuterRef(stay)).order_by("agreed_on", "pk"))


def _columns(rows: RoleModelQuerySet) -> tuple[ArraySubquery, ArraySubquery]:
    told = JSONObject(
        id="pk",
        agreed_on="agreed_on",
        who="noted_by__name",
        ended_on="ended_on",
        ended_by="ended_by__name",
    )
    return ArraySubquery(rows.values(told=told)), ArraySubquery(rows.values("skill"))


def examples(told: list[dict[str, Any]], sealed: list[Any]) -> list[Example]:
    """What `along` found."""
    return [
        Example(
            row.pk,
            row.skill,
            date.fromisoformat(one["agreed_on"]),
            first_name_of(one["who"]),
            date.fromisoformat(one["ended_on"]) if one["ended_on"] else None,
            first_name_of(one["ended_by"] or ""),
        )
        for one, skill in zip(told, sealed, strict=True)
        for row in [RoleModel.from_db(None, ("id", "skill"), (UUID(one["id"]), skill))]
    ]
