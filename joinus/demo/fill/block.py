"""One group with everybody who is or was in it, as rows: what a stencil is cut from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import models

from core import clock
from core.accounts.models import Portrait, RoleAssignment, User
from core.accounts.roles import Role
from core.messaging.models import Contact
from core.organisations.models import Group, Location
from groups.models import Meeting
from joinus.demo.fill.stencil import GROUP, MUNICIPALITY, ORGANISATION, PC4, REGION, Slot, key
from licensing.models import Licence, LicenceMunicipality

#: From, until, and whether parents decide.
BANDS = ((12, 15, True), (16, 22, False), (23, 30, False))
RHYTHM = timedelta(days=14)
#: Every so many evenings one is cancelled.
CANCELLED_EVERY = 9
TO_COME = 6
#: An evening of which the worker has yet to record who came, in the day it is held.
EVENING = time(19)


@dataclass(frozen=True)
class Reference:
    """What stands before the first group: texts, the instrument, and who is there nationally."""

    texts: dict[str, tuple[UUID, str]]
    instrument: str
    items: dict[str, tuple[tuple[int, tuple[int, ...]], ...]]
    factor: dict[str, str]
    foundation: UUID


@dataclass
class Block:
    """The rows of one group so far, and the keys still free. `now` is the moment of the fill."""

    now: datetime
    dice: Random
    reference: Reference
    variant: int
    evenings: int
    sign_ups: int = 2
    full: bool = True
    rows: list[models.Model] = field(default_factory=list)
    born: dict[int, tuple[date, int]] = field(default_factory=dict)
    people: int = 0
    _last: int = 0

    def __post_init__(self) -> None:
        self.today = clock.day_of(self.now)
        self.age_from, self.age_until, self.parents_decide = BANDS[self.variant % len(BANDS)]
        self.region, self.organisation = key(0, REGION), key(0, ORGANISATION)
        self.group = self._set_up()
        self.workers = [self._worker(n) for n in range(2)]
        self.meetings = list(self._meetings())

    def add(self, model: type[models.Model], **fields: Any) -> Any:
        """One row with a key of this block, unless the database gives it one."""
        row = model()
        for name, value in fields.items():
            row.__dict__[name] = value
        if isinstance(model._meta.pk, models.UUIDField) and model._meta.pk.attname not in fields:
            row.__dict__[model._meta.pk.attname] = self.new_key()
        self.rows.append(row)
        return row

    def new_key(self) -> UUID:
        self._last += 1
        return key(self._last)

    def worker(self) -> UUID:
        return self.dice.choice(self.workers)

    # ---- The map ---------------------------------------------------------------

    def _set_up(self) -> UUID:
        location = self.add(
            Location,
            organisation_id=self.organisation,
            region_id=self.region,
            name=f"De Kegel {GROUP}",
            street="Dorpsstraat 1",
            postcode=f"{PC4}AA",
            town="Voorbeeldstad",
        )
        self.add(Location.work_area.through, location_id=location.pk, municipality_id=MUNICIPALITY)
        licence = self.add(
            Licence,
            organisation_id=self.organisation,
            valid_from=self.today - timedelta(days=2500),
            signed_by_id=self.reference.foundation,
        )
        self.add(
            LicenceMunicipality,
            licence_id=licence.pk,
            location_id=location.pk,
            municipality_id=MUNICIPALITY,
        )
        self.row = self.add(
            Group,
            location_id=location.pk,
            name=f"Groep {GROUP}",
            age_from=self.age_from,
            age_until=self.age_until,
            weekday=self.next_evening().weekday(),
            starts_at=EVENING,
            state=Group.State.OPEN,
        )
        return UUID(str(self.row.pk))

    def _worker(self, n: int) -> UUID:
        name = ("Fleur", "Daan")[n] + f" Werker {GROUP}"
        email = f"werker{n}.{GROUP}@fill.example"
        contact = self.add(Contact, name=name, email=email, safe_channels=["email"])
        user = self.add(
            User,
            kind="staff",
            email=email,
            name=name,
            contact_id=contact.pk,
            password="!fill",  # noqa: S106  # no password is this
            joined_at=self.now - timedelta(days=2500),
        )
        self.add(
            RoleAssignment,
            user_id=user.pk,
            role=Role.YOUTH_WORKER,
            group_id=self.group,
            valid_from=self.today - timedelta(days=2500),
        )
        self.add(
            Authenticator,
            user_id=user.pk,
            type=Authenticator.Type.TOTP,
            data=self.reference.factor,
            created_at=self.now - timedelta(days=2500),
        )
        self.add(Portrait, user_id=user.pk, image=b"\xff\xd8\xff\xe0", changed_at=self.now)
        return UUID(str(user.pk))

    # ---- Evenings ----------------------------------------------------------------

    def next_evening(self) -> date:
        """Tonight in the first variant; the others lie spread over the two weeks."""
        return self.today + timedelta(days=self.variant * 5 % 14)

    def _meetings(self) -> Iterator[Meeting]:
        """Oldest first: those that were, then those to come."""
        for n in range(-self.evenings, TO_COME):
            day = self.next_evening() + n * RHYTHM
            cancelled = n < -2 and n % CANCELLED_EVERY == 0
            status = "cancelled" if cancelled else "held" if n < 0 else "planned"
            starts = clock.at(day, EVENING.hour)
            meeting: Meeting = self.add(
                Meeting,
                group_id=self.group,
                date=day,
                starts_at=starts,
                ends_at=starts + timedelta(hours=3),
                status=status,
                cancel_reason="weather" if cancelled else "",
                activity="" if n % 3 else "Pannenkoeken bakken",
                planned_by_id=self.workers[0],
            )
            yield meeting

    def held(self) -> list[Meeting]:
        return [m for m in self.meetings if m.status == "held"]

    # ---- A person ------------------------------------------------------------------

    def person(self, age: int, joined: datetime) -> tuple[int, dict[str, Slot]]:
        """The next number, with what differs from print to print. `age`: at sign-up."""
        number, self.people = self.people, self.people + 1
        room = 27 if self.parents_decide else 330
        day = clock.day_of(joined) - timedelta(days=int((age + 0.93) * 365.25))
        self.born[number] = (day, room)
        names = ("call", "search", "full", "email", "hash", "born")
        return number, {what: Slot(what, number) for what in names}
