"""Sign-up: is there a place near me for my age, and the young person's own step (R-038..R-049).

`check` and `groups_for` are pure questions that store nothing; `turn_away` counts month, reason
and region only. `sign_up` writes the stay once, whatever the network does.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.ages import OLDEST, YOUNGEST, age_on
from core.errors import RuleBroken
from core.ids import uuid7
from core.locks import ReadyLock
from core.messaging.contacts import create_contact
from core.names import alphabetical
from core.organisations.mergers import served_from
from core.organisations.models import Group, Location, Municipality, Organisation, Region
from core.organisations.places import where
from core.ready_made import ReadyMade, ReadyRows, row_of
from participants.journey import journey
from participants.models import Participant, Trajectory, TurnedAway
from participants.signup import mail as notifications
from participants.signup import receipt as receipts
from participants.signup.known_already import (
    moves_the_door,
    refresh_contact,
    same_address,
    same_person,
)
from participants.stay.lock import lock_person

__all__ = [
    "Answer",
    "Outcome",
    "check",
    "groups_for",
    "is_full",
    "organisation_of",
    "sign_up",
    "turn_away",
    "where",
]

Reason = TurnedAway.Reason
Phase = Trajectory.Phase


class Answer(StrEnum):
    """What the check says. Only WELCOME and FULL lead to a sign-up."""

    WELCOME = "welcome"
    FULL = "full"
    CLOSED = "closed"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    OUTSIDE_AREA = "outside_area"
    NO_GROUP_FOR_AGE = "no_group_for_age"


#: Which refusals are counted, and as what (R-044). A closed door has no place, like a full one.
COUNTED = {
    Answer.TOO_YOUNG: Reason.TOO_YOUNG,
    Answer.TOO_OLD: Reason.TOO_OLD,
    Answer.OUTSIDE_AREA: Reason.OUTSIDE_AREA,
    Answer.NO_GROUP_FOR_AGE: Reason.NO_GROUP_FOR_AGE,
    Answer.CLOSED: Reason.GROUP_FULL,
}


@dataclass(frozen=True)
class Outcome:
    answer: Answer
    groups: tuple[Group, ...] = ()
    region: Region | None = None

    @property
    def can_sign_up(self) -> bool:
        return self.answer in (Answer.WELCOME, Answer.FULL)

    @property
    def reason(self) -> Reason | None:
        """How a refusal is counted; None when nobody is refused."""
        return COUNTED.get(self.answer)


def check(*, municipality: Municipality, age: int) -> Outcome:
    """Is there a Join Us for somebody of this age in this municipality? Stores nothing."""
    if age < YOUNGEST:
        return Outcome(Answer.TOO_YOUNG, region=municipality.region)
    if age > OLDEST:
        return Outcome(Answer.TOO_OLD, region=municipality.region)
    if not (here := _HERE(municipality=municipality.pk, day=clock.today())):
        return Outcome(Answer.OUTSIDE_AREA, region=municipality.region)
    region = here[0].location.region
    fitting = [group for group in here if group.age_from <= age <= group.age_until]
    if not fitting:
        return Outcome(Answer.NO_GROUP_FOR_AGE, region=region)
    offered = _one_band_per_location(
        [g for g in fitting if g.state in (Group.State.OPEN, Group.State.FULL)]
    )
    if not offered:
        return Outcome(Answer.CLOSED, region=region)
    answer = Answer.FULL if all(is_full(g) for g in offered) else Answer.WELCOME
    return Outcome(answer, tuple(offered), region)


_GROUP, _group = row_of(Group, [field.attname for field in Group._meta.concrete_fields])
_LOCATION, _location = row_of(Location, ("id", "region_id", "town"))
_REGION, _region = row_of(Region, ("id", "name"))


def _groups_here(*, municipality: str, day: date) -> QuerySet[Group, Any]:
    found: QuerySet[Group, Any] = (
        Group.objects.filter(location__in=served_from(municipality, day))
        .order_by("age_from", alphabetical("search_name"))
        .values_list(
            *_GROUP,
            *(f"location__{name}" for name in _LOCATION),
            *(f"location__region__{name}" for name in _REGION),
        )
    )
    return found


def _with_place(*columns: Any) -> Group:
    until = len(_GROUP) + len(_LOCATION)
    group = _group(*columns[: len(_GROUP)])
    group.location = _location(*columns[len(_GROUP) : until])
    group.location.region = _region(*columns[until:])
    return group


_HERE = ReadyMade(_with_place, _groups_here, municipality=str, day=date)


def groups_for(municipality: Municipality, birth_date: date, day: date) -> list[Group]:
    """Groups that somebody with this birthday may sign up for on `day` (R-041)."""
    return list(check(municipality=municipality, age=age_on(birth_date, day)).groups)


def _one_band_per_location(groups: list[Group]) -> list[Group]:
    """R-049: one birthday belongs to one band per location; where bands overlap, the older one."""
    band: dict[UUID, int] = {}
    for group in groups:
        band[group.location_id] = max(band.get(group.location_id, 0), group.age_from)
    return [group for group in groups if group.age_from == band[group.location_id]]


def organisation_of(group_id: UUID) -> Organisation | None:
    """Who runs this group: whom to call when nobody got in touch."""
    return Organisation.objects.filter(locations__groups=group_id).first()


def is_full(group: Group) -> bool:
    """No seat left: a sign-up waits (R-045)."""
    return group.state == Group.State.FULL or group.places_left <= 0


@transaction.atomic
def turn_away(*, reason: Reason, region: Region | None) -> None:
    """Count one refusal: month, reason and region, never a person (R-044)."""
    row, _created = TurnedAway.objects.get_or_create(
        month=clock.today().replace(day=1), reason=reason, region=region
    )
    TurnedAway.objects.filter(pk=row.pk).update(times=F("times") + 1)


@transaction.atomic
def sign_up(
    *,
    call_name: str,
    birth_date: date,
    postcode: str,
    municipality: Municipality,
    first_contact_by: str,
    group: Group,
    first_contact_when: str = "",
    heard_from: str = "",
    told_by: str = "",
    channel: str = "",
    email: str = "",
    phone: str = "",
    safe_channels: list[str] | None = None,
    shared_mailbox: bool = False,
    not_at_home: bool = False,
    language: str = "nl",
    key: UUID | None = None,
) -> Trajectory:
    """The young person's own sign-up; returns the stay that stands afterwards.

    `key` is the form's own number: the same form sent twice is one sign-up. Somebody who already
    takes part (or did) gets no second stay and no different answer: the stay that stands is
    returned and its workers hear that this person knocked. Sign-ups of one municipality wait for
    each other, so two forms of one person cannot pass at the same time. Locks the municipality,
    then the stays, the person and the contact.

    Raises RuleBroken with an `Answer` as code when age, place or group do not fit on this day.
    """
    _TOWN(code=municipality.pk)
    key = key or uuid7()
    if _SENT(key=key):
        return Trajectory.objects.get(pk=key)
    group = _fitting_group(municipality, birth_date, group)
    contact: dict[str, Any] = {"email": email, "phone": phone}
    typed = {
        "name": call_name,
        "safe_channels": safe_channels,
        "shared_mailbox": shared_mailbox,
        "not_at_home": not_at_home,
        "language": language,
        **contact,
    }
    known = same_person(call_name, birth_date, postcode, shared=shared_mailbox, **contact)
    if known is not None and (stands := _stay_that_stands(known)):
        notifications.known_person_knocked(stands, call_name=call_name, key=key)
        receipts.knocked(
            key=key,
            stay=stands,
            call_name=call_name,
            known_there=same_address(known, **contact),
            safe_channels=safe_channels,
            shared_mailbox=shared_mailbox,
            not_at_home=not_at_home,
            language=language,
            **contact,
        )
        return stands
    new = known is None or not same_address(known, **contact) or moves_the_door(known, email)
    if known is None or new:
        known = Participant.objects.create(
            contact=create_contact(birth_date=birth_date, **typed),
            call_name=call_name,
            birth_date=birth_date,
            municipality=municipality,
            postcode=postcode,
            created_at=clock.now(),
        )
    else:
        lock_person(known)
        refresh_contact(known, safe_channels, shared_mailbox, not_at_home, **contact)
    trajectory = journey.open_stay(
        participant=known,
        just_made=new,
        id=key,
        group=group,
        region=group.location.region,
        heard_from=heard_from,
        told_by=told_by,
        channel=channel,
        first_contact_by=first_contact_by,
        first_contact_when=first_contact_when,
        waiting_since=clock.today() if is_full(group) else None,
    )
    if trajectory.waiting_since:
        turn_away(reason=Reason.GROUP_FULL, region=trajectory.region)
    notifications.new_sign_up(trajectory, receipts.begin(trajectory, typed=None if new else typed))
    return trajectory


_TOWN = ReadyLock(
    Municipality, ("cbs_code",), lambda code: Municipality.objects.filter(pk=code), code=str
)
_SENT = ReadyRows(Trajectory, ("id",), lambda key: Trajectory.objects.filter(pk=key), key=UUID)


def _fitting_group(municipality: Municipality, birth_date: date, group: Group) -> Group:
    """R-039, R-040, R-041 once more, on the day itself, by birth date; the group as it is now."""
    outcome = check(municipality=municipality, age=age_on(birth_date, clock.today()))
    if not outcome.can_sign_up:
        raise RuleBroken(REFUSALS[outcome.answer](), code=outcome.answer, field="birth_date")
    for fitting in outcome.groups:
        if fitting.pk == group.pk:
            return fitting
    raise RuleBroken(
        _("Please choose one of these groups."), code="group_does_not_fit", field="group"
    )


REFUSALS = {
    Answer.TOO_YOUNG: lambda: _("Join Us is there from your 12th birthday on."),
    Answer.TOO_OLD: lambda: _("Join Us is there up to and including 30 years."),
    Answer.OUTSIDE_AREA: lambda: _("There is no Join Us near you yet."),
    Answer.NO_GROUP_FOR_AGE: lambda: _("There is no group for your age near you yet."),
    Answer.CLOSED: lambda: _("There is no place near you at the moment."),
}


def _stay_that_stands(person: Participant) -> Trajectory | None:
    """A running stay, or a finished one whose return was not agreed on (R-195)."""
    stays = list(person.trajectories.order_by("-signed_up_at"))
    running = [s for s in stays if s.phase not in Phase.OVER]
    if running:
        return running[0]
    if person.return_exceptions.filter(used_by__isnull=True).exists():
        return None
    return next((s for s in stays if s.phase == Phase.FORMER), None)
