"""The map under the groups: regions, organisations, municipalities, and who is there besides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

from core import clock
from core.accounts.models import RoleAssignment, User
from core.accounts.roles import Role
from core.messaging.models import Contact
from core.organisations.models import Municipality, Organisation, PostalArea, Region
from core.texts.models import TextVersion
from joinus.demo.fill.block import Reference
from joinus.demo.fill.stencil import key
from participants.models import ConsentPolicyChange, InterestCount, InterestRegistration, TurnedAway
from questionnaires.instrument import instrument
from questionnaires.models import Wave

#: Groups in the first regions; every later one is as large as the second.
REGION_SIZES = (3, 40, 300)
PER_ORGANISATION = 4
PER_MUNICIPALITY = 3
#: Keys of the map begin with these figures, plus the number of the region or organisation.
REGIONS, ORGANISATIONS, EVERYBODY = 0x018F0000, 0x018E0000, "018d0000"
SINCE = timedelta(days=2500)


@dataclass(frozen=True)
class Spot:
    """Where group `number` lies: the figures its print needs."""

    number: int
    region: int
    organisation: int
    municipality: int

    @property
    def pc4(self) -> str:
        return f"{1000 + self.municipality:04d}"


def spots(groups: int) -> list[Spot]:
    found: list[Spot] = []
    region, left, organisation, of_this = 0, REGION_SIZES[0], 0, 0
    for number in range(groups):
        if left == 0:
            region += 1
            left = REGION_SIZES[region] if region < len(REGION_SIZES) else REGION_SIZES[1]
            organisation, of_this = organisation + 1, 0
        elif of_this == PER_ORGANISATION:
            organisation, of_this = organisation + 1, 0
        found.append(Spot(number, region, organisation, number // PER_MUNICIPALITY))
        left, of_this = left - 1, of_this + 1
    return found


def region_key(number: int) -> UUID:
    return key(0, f"{REGIONS + number:08x}")


def organisation_key(number: int) -> UUID:
    return key(0, f"{ORGANISATIONS + number:08x}")


def municipality_code(number: int) -> str:
    return f"F{number:05d}"


class Atlas:
    """Writes the map of these spots at `now`; afterwards `reference` is what stencils need."""

    def __init__(self, places: list[Spot], now: datetime) -> None:
        self.places = places
        self.now = now
        self.since = clock.day_of(now) - SINCE
        self._staff = 0

    def draw(self) -> Reference:
        self._places()
        foundation = self.professional("Stefan Stichting", Role.FOUNDATION)
        self.professional("Wilma Kwaliteit", Role.QUALITY_COORDINATOR)
        self.professional("Rianne Onderzoek", Role.RESEARCHER)
        for number in sorted({place.region for place in self.places}):
            self.professional(
                f"Karim Regio {number}", Role.REGIONAL_COORDINATOR, region_id=region_key(number)
            )
        for number in sorted({place.organisation for place in self.places}):
            self.professional(
                f"Mirjam Welzijn {number}",
                Role.ORGANISATION_MANAGER,
                organisation_id=organisation_key(number),
            )
        self._demand(foundation)
        return self._reference(foundation)

    def professional(self, name: str, role: Role, **scope: Any) -> UUID:
        """Somebody who can sign in by `force_login`, with this role."""
        user = self.somebody(name)
        RoleAssignment.objects.create(user_id=user, role=role, valid_from=self.since, **scope)
        return user

    def somebody(self, name: str) -> UUID:
        number, self._staff = self._staff, self._staff + 2
        email = f"{role_free(name)}@fill.example"
        contact = Contact(
            pk=key(number, EVERYBODY), name=name, email=email, safe_channels=["email"]
        )
        contact.save(force_insert=True)
        user = User(
            pk=key(number + 1, EVERYBODY),
            kind="staff",
            email=email,
            name=name,
            contact=contact,
            password="!fill",  # noqa: S106  # no password is this
            joined_at=self.now - SINCE,
        )
        user.save(force_insert=True)
        return user.pk

    def _places(self) -> None:
        places = self.places
        Region.objects.bulk_create(
            Region(pk=region_key(n), name=f"Regio {n}") for n in _each(p.region for p in places)
        )
        Organisation.objects.bulk_create(
            Organisation(pk=organisation_key(n), name=f"Welzijn {n}", phone="030 123 45 67")
            for n in _each(p.organisation for p in places)
        )
        here = {place.municipality: place for place in places}
        served = [*here.values()]
        Municipality.objects.bulk_create(
            Municipality(
                cbs_code=municipality_code(p.municipality),
                name=f"Gemeente {p.municipality}",
                province="Utrecht",
                region_id=region_key(p.region),
                valid_from=self.since,
            )
            for p in served
        )
        PostalArea.objects.bulk_create(
            PostalArea(
                pc4=p.pc4,
                place=f"Gemeente {p.municipality}",
                municipality_id=municipality_code(p.municipality),
            )
            for p in served
        )

    def _demand(self, foundation: UUID) -> None:
        """Somewhere without a group: counts, and two who want to hear when one comes."""
        empty = Municipality.objects.create(
            cbs_code="FEMPTY", name="Verweg", province="Drenthe", valid_from=self.since
        )
        PostalArea.objects.create(pc4="9998", place="Verweg", municipality=empty)
        month = clock.day_of(self.now).replace(day=1)
        TurnedAway.objects.create(month=month, reason="outside_area", region=None, times=9)
        InterestCount.objects.create(month=month, municipality=empty, times=2)
        for n in range(2):
            contact = Contact(
                pk=key(1_000_000 + n, EVERYBODY), name="Bo", email=f"far{n}@fill.example"
            )
            contact.save(force_insert=True)
            InterestRegistration.objects.create(
                pk=key(2_000_000 + n, EVERYBODY),
                contact=contact,
                municipality=empty,
                age=15,
                registered_on=clock.day_of(self.now) - timedelta(days=9),
            )
        ConsentPolicyChange.objects.create(
            pk=key(3_000_000, EVERYBODY),
            organisation_id=organisation_key(0),
            policy=Organisation.ConsentPolicy.REQUIRED,
            age=16,
            by_id=foundation,
            at=self.now - SINCE,
        )

    def _reference(self, foundation: UUID) -> Reference:
        version = instrument.in_use(clock.day_of(self.now)).pk
        texts = TextVersion.objects.filter(language="nl", published_at__isnull=False)
        secret = get_adapter().encrypt("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        return Reference(
            texts={t.key: (t.pk, t.sha256) for t in texts.order_by("version")},
            instrument=version,
            items={
                wave: tuple(
                    (q.number, tuple(c.value for c in q.choices))
                    for q in instrument.questions_of(version, wave)
                )
                for wave in Wave.values
            },
            factor={"secret": secret},
            foundation=foundation,
        )


def second_steps(users: Iterable[UUID], factor: dict[str, str], now: datetime) -> None:
    Authenticator.objects.bulk_create(
        Authenticator(user_id=user, type=Authenticator.Type.TOTP, data=factor, created_at=now)
        for user in users
    )


def role_free(name: str) -> str:
    return name.lower().replace(" ", ".")


def _each(numbers: Iterable[int]) -> list[int]:
    return sorted(set(numbers))
