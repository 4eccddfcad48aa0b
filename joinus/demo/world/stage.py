"""The map of the demo world: regions, organisations, groups and the professionals."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from core import clock
from core.accounts.models import RoleAssignment, User
from core.accounts.roles import Role
from core.messaging.contacts import create_contact
from core.organisations.models import Group, Location, Municipality, Organisation, Region
from core.tokens import new_token
from joinus.demo.world.cast import GROUPS, GroupPlan
from licensing.licences import grant_licence, open_group

NATIONAL = (
    ("Wilma Kwaliteit", Role.QUALITY_COORDINATOR),
    ("Stefan Stichting", Role.FOUNDATION),
    ("Rianne Onderzoek", Role.RESEARCHER),
)
COORDINATORS = {"Oost": "Karim Bakker", "Midden": "Lidewij Hoekstra"}
MANAGERS = {
    "Welzijn Oost": "Mirjam de Wit",
    "De Brug": "Frank van Dijk",
    "Samen Verder": "Nadia Haddad",
}


@dataclass
class Stage:
    """What stands before the first young person signs up."""

    groups: dict[str, Group]
    workers: dict[str, list[User]]
    coordinators: dict[str, User]


def set_stage(first_day: date, until: date) -> Stage:
    """Build the map on `first_day`; the meeting rhythm is counted back from `until`."""
    regions = {n: Region.objects.create(name=f"Regio {n}") for n in ("Oost", "Midden")}
    coordinators = {
        n: _professional(name, Role.REGIONAL_COORDINATOR, first_day, region=regions[n])
        for n, name in COORDINATORS.items()
    }
    foundation = [_professional(name, role, first_day) for name, role in NATIONAL]
    organisations = {
        name: Organisation.objects.create(name=name, phone="030 123 45 67")
        for name in dict.fromkeys(g.organisation for g in GROUPS)
    }
    for name, organisation in organisations.items():
        _professional(
            MANAGERS[name], Role.ORGANISATION_MANAGER, first_day, organisation=organisation
        )
    groups, workers = {}, {}
    for plan in GROUPS:
        location = Location.objects.create(
            organisation=organisations[plan.organisation],
            region=regions[plan.region],
            name=plan.location,
            street=plan.street,
            town=plan.town,
        )
        group = _group(plan, location, until)
        workers[plan.key] = [
            _professional(name, Role.YOUTH_WORKER, first_day, group=group) for name in plan.workers
        ]
        grant_licence(
            organisation=organisations[plan.organisation],
            work_area={location: list(Municipality.objects.filter(pk__in=plan.cbs_codes))},
            valid_from=first_day,
            by=foundation[1],
        )
        open_group(group=group, by=coordinators[plan.region])
        groups[plan.key] = group
    return Stage(groups, workers, coordinators)


def _group(plan: GroupPlan, location: Location, until: date) -> Group:
    return Group.objects.create(
        location=location,
        name=plan.name,
        age_from=plan.age_from,
        age_until=plan.age_until,
        weekday=(until + timedelta(days=plan.phase_days)).weekday(),
        starts_at=time(plan.hour),
    )


@cache
def _password() -> str:
    return make_password(new_token())


def _professional(name: str, role: Role, since: date, **scope: object) -> User:
    """With a password that nobody knows and a second factor: the demo's door opens for them."""
    password = _password()
    email = f"{slugify(name).replace('-', '.')}@joinus.example"
    user = User(
        kind=User.Kind.STAFF,
        email=email,
        name=name,
        joined_at=clock.now(),
        contact=create_contact(name=name, email=email),
    )
    user.password = password
    user.save()
    TOTP.activate(user, generate_totp_secret())
    RoleAssignment.objects.create(user=user, role=role, valid_from=since, **scope)
    return user
