"""Small builders for tests. They write rows directly; behaviour goes through actions or HTTP.

At the end the eyes of a test: a browser, what waits for somebody, a rule that says no.
"""

from collections.abc import Iterable
from datetime import date, time, timedelta
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from core import clock
from core.accounts.models import Portrait, RoleAssignment, User
from core.accounts.roles import Role
from core.ages import birthday
from core.errors import RuleBroken
from core.messaging.contacts import create_contact
from core.organisations.models import (
    DoorPicture,
    Group,
    Location,
    Municipality,
    Organisation,
    PostalArea,
    Region,
)
from core.ports import Todo, TodoRule, todos_of
from groups.evenings.over import is_settled
from groups.models import Attendance, Meeting, Placement
from groups.sheet.attendance import Sheet, Tap, record
from participants.models import Participant, Trajectory

_number = count(1)
_names = ("Amir", "Casey", "Ilse", "Jordan", "Layla", "Noor", "Riley", "Sam", "Bo", "Mees")


def make_region(name: str = "") -> Region:
    return Region.objects.create(name=name or f"Regio {next(_number)}")


def make_municipality(name: str = "", pc4: str = "", region: Region | None = None) -> Municipality:
    n = next(_number)
    municipality = Municipality.objects.create(
        cbs_code=f"T{n:05d}",
        name=name or f"Gemeente {n}",
        province="Utrecht",
        region=region,
        valid_from=date(2020, 1, 1),
    )
    if pc4:
        PostalArea.objects.create(pc4=pc4, place=municipality.name, municipality=municipality)
    return municipality


def make_organisation(name: str = "", **fields: Any) -> Organisation:
    return Organisation.objects.create(name=name or f"Welzijn {next(_number)}", **fields)


def make_group(
    *,
    name: str = "",
    organisation: Organisation | None = None,
    region: Region | None = None,
    municipality: Municipality | None = None,
    age_from: int = 12,
    age_until: int = 16,
    state: str = "open",
    **fields: Any,
) -> Group:
    location = Location.objects.create(
        organisation=organisation or make_organisation(),
        region=region or make_region(),
        name="De Kegel",
        street="Dorpsstraat 1",
        town="Voorbeeldstad",
    )
    if municipality is not None:
        location.work_area.add(municipality)
    return Group.objects.create(
        location=location,
        name=name or f"Groep {next(_number)}",
        age_from=age_from,
        age_until=age_until,
        starts_at=time(19),
        state=state,
        **fields,
    )


def make_staff(name: str = "") -> User:
    n = next(_number)
    email = f"person{n}@example.org"
    user = User(
        kind=User.Kind.STAFF,
        email=email,
        name=name or f"Persoon {n}",
        joined_at=clock.now(),
        contact=create_contact(name=name or f"Persoon {n}", email=email),
    )
    user.set_unusable_password()
    user.save()
    return user


def give_role(user: User, role: Role, **scope: Any) -> RoleAssignment:
    scope.setdefault("valid_from", clock.today() - timedelta(days=365 * 3))
    return RoleAssignment.objects.create(user=user, role=role, **scope)


def make_worker(group: Group, name: str = "Fleur Jansen") -> User:
    user = make_staff(name)
    give_role(user, Role.YOUTH_WORKER, group=group)
    return user


def worker_of(stay: Trajectory) -> User:
    """Somebody who leads the group of this stay."""
    assert stay.group is not None
    return make_worker(stay.group)


def make_portrait(user: User, colour: str = "teal") -> Portrait:
    """A photo, as far as a square of one colour is one."""
    from core.accounts.portraits import change_portrait, redrawn

    return change_portrait(user=user, image=redrawn(photo(colour)), by=user)


def make_door_picture(
    location: Location, words: str = "De blauwe deur naast het fietsenrek. Bel bij Join Us."
) -> DoorPicture:
    """A door in words and one photo of it, as far as a rectangle of one colour is one."""
    from core.organisations.doors import change_door_picture, describe_door, redrawn

    location.door = describe_door(location=location, door=words, by=None).door
    return change_door_picture(location=location, image=redrawn(photo("navy")), by=None)


def photo(colour: str = "teal", size: tuple[int, int] = (400, 300), kind: str = "JPEG") -> BytesIO:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    file.seek(0)
    return file


def make_coordinator(region: Region, name: str = "Karim Bakker") -> User:
    user = make_staff(name)
    give_role(user, Role.REGIONAL_COORDINATOR, region=region)
    return user


def make_manager(organisation: Organisation, name: str = "Mirjam de Wit") -> User:
    user = make_staff(name)
    give_role(user, Role.ORGANISATION_MANAGER, organisation=organisation)
    return user


def make_national(role: Role, name: str = "") -> User:
    user = make_staff(name)
    give_role(user, role)
    return user


def make_participant(
    *,
    call_name: str = "",
    age: int = 14,
    birth_date: date | None = None,
    municipality: Municipality | None = None,
    with_account: bool = True,
    **contact: Any,
) -> Participant:
    n = next(_number)
    call_name = call_name or _names[n % len(_names)]
    birth_date = birth_date or birthday(clock.today(), -age) - timedelta(days=40)
    email = contact.pop("email", f"young{n}@example.org")
    row = create_contact(name=call_name, email=email, birth_date=birth_date, **contact)
    user = None
    if with_account:
        user = User(
            kind=User.Kind.PARTICIPANT,
            email=email or None,
            name=call_name,
            joined_at=clock.now(),
            contact=row,
        )
        user.set_unusable_password()
        user.save()
    return Participant.objects.create(
        user=user,
        contact=row,
        call_name=call_name,
        birth_date=birth_date,
        municipality=municipality or make_municipality(),
        postcode="1011",
        created_at=clock.now(),
    )


def make_trajectory(
    *,
    group: Group | None = None,
    phase: str = "participating",
    participant: Participant | None = None,
    region: Region | None = None,
    **fields: Any,
) -> Trajectory:
    person_fields = {
        k: fields.pop(k)
        for k in ("call_name", "age", "birth_date", "municipality", "with_account", "email")
        if k in fields
    }
    return Trajectory.objects.create(
        participant=participant or make_participant(**person_fields),
        group=group,
        region=region or (group.location.region if group else make_region()),
        phase=phase,
        signed_up_at=fields.pop("signed_up_at", clock.now()),
        first_contact_by="app",
        **fields,
    )


def seat(
    trajectory: Trajectory,
    group: Group | None = None,
    *,
    first_day: date,
    last_day: date | None = None,
    trial: bool = False,
    number: int | None = None,
) -> Placement:
    """A placement written directly, by whoever placed here before; `places_taken` follows."""
    group = group or trajectory.group
    assert group is not None
    placed = Placement.objects.filter(group=group, last_day__isnull=True)
    taken = dict(placed.values_list("seat", "placed_by"))
    placement = Placement.objects.create(
        trajectory=trajectory,
        group=group,
        trial=trial,
        seat=number or next(n for n in range(1, 99) if n not in taken),
        first_day=first_day,
        last_day=last_day,
        placed_by_id=next(iter(taken.values()), None) or make_staff().pk,
        placed_at=clock.now(),
    )
    if last_day is None:
        group.places_taken = len(taken) + 1
        group.save(update_fields=["places_taken"])
    return placement


def make_meeting(group: Group, day: date, status: str = "planned", **fields: Any) -> Meeting:
    starts = clock.at(day, group.starts_at.hour, group.starts_at.minute)
    return Meeting.objects.create(
        group=group,
        date=day,
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
        status=status,
        **fields,
    )


def make_tonight(group: Group, *, begins_in: int = 30) -> Meeting:
    """The meeting that begins in so many minutes by the suite's clock: its sheet is open. Whoever
    opens a sheet in a browser wants this one; that of 19:00 asks first (C-44)."""
    starts = clock.now() + timedelta(minutes=begins_in)
    return Meeting.objects.create(
        group=group,
        date=clock.day_of(starts),
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
    )


def attend(trajectory: Trajectory, meeting: Meeting, state: str = "present") -> Attendance:
    return Attendance.objects.create(
        meeting=meeting,
        trajectory=trajectory,
        state=state,
        version=1,
        recorded_at=clock.now(),
    )


def write_down(meeting: Meeting, taps: list[Tap], by: User) -> Sheet:
    """On the sheet; thirty days after it as the coordinator, whose it is by then (R-131)."""
    settled = is_settled(meeting.date, clock.now())
    return record(meeting=meeting, taps=taps, by=by, as_coordinator=settled)


def give_own_agreements(trajectory: Trajectory, *, settle: bool = True) -> None:
    """The young person's yes to privacy and participation, given now."""
    from core.texts.models import TextVersion
    from participants.consent import needed as consent
    from participants.models import Agreement

    subjects = ("privacy", "participation")
    texts = TextVersion.objects.filter(key__in=subjects, language="nl").order_by("version")
    in_force = {text.key: text for text in texts}
    Agreement.objects.bulk_create(
        Agreement(
            trajectory=trajectory,
            subject=subject,
            text=in_force[subject],
            text_sha256=in_force[subject].sha256,
            given_at=clock.now(),
        )
        for subject in subjects
    )
    if settle:
        consent.settle(trajectory=trajectory)


def make_guardian(trajectory: Trajectory, *, name: str = "Inge Visser", **contact: Any) -> Any:
    from participants.models import Guardian

    contact.setdefault("email", f"parent{next(_number)}@example.org")
    return Guardian.objects.create(
        participant=trajectory.participant,
        contact=create_contact(name=name, **contact),
        relation="mother",
        entered_at=clock.now(),
        entered_by=trajectory.participant.user or make_staff(),
    )


def give_parental_yes(trajectory: Trajectory, *, guardian: Any = None, settle: bool = True) -> Any:
    """A parent's yes, given now, with everything that goes before it."""
    from core.texts.models import TextVersion
    from participants.consent import needed as consent
    from participants.models import Intake, ParentalConsent

    if not Intake.objects.filter(trajectory=trajectory).update(mail_can_harm=False):
        Intake.objects.create(trajectory=trajectory, mail_can_harm=False)
    text = TextVersion.objects.current("parental_consent", "nl")
    row = ParentalConsent.objects.create(
        trajectory=trajectory,
        guardian=guardian or make_guardian(trajectory),
        text=text,
        text_sha256=text.sha256,
        released_by=make_staff(),
        released_at=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
        answer="yes",
        answered_at=clock.now(),
        answered_name="Inge Visser",
        answered_language="nl",
        answered_relation="mother",
    )
    if settle:
        consent.settle(trajectory=trajectory)
    return row


def make_suitable(group: Group, *, age: int = 17, agreed: bool = True, **fields: Any) -> Trajectory:
    """Somebody whose first talk ended well: suitable, keen, at INTAKE, with the own agreements."""
    from participants.models import Intake

    fields.setdefault("screened_on", clock.today())
    stay = make_trajectory(group=group, phase="intake", age=age, suitable=True, **fields)
    Intake.objects.create(
        trajectory=stay, decision="suitable", enthusiastic=True, decided_at=clock.now()
    )
    if agreed:
        give_own_agreements(stay)
        stay.refresh_from_db()
    return stay


def make_participating(
    group: Group, *, since: date, number: int | None = None, **fields: Any
) -> Trajectory:
    """Somebody with a definitive seat since `since`."""
    fields.setdefault("phase", "participating")
    stay = make_trajectory(group=group, definitive_on=since, suitable=True, **fields)
    seat(stay, group, first_day=since, number=number)
    return stay


def hold_exit_talk(stay: Trajectory, *, by: User, ready: bool = True) -> Any:
    """The talk about leaving, held today."""
    from participants.exit.exit_talk import record_exit_talk

    return record_exit_talk(
        trajectory=stay,
        held_on=clock.today(),
        challenge_reached=8,
        satisfied=7,
        ready=ready,
        by=by,
    )


def agree_to_learn(stay: Trajectory, text: str) -> Any:
    """A line of the list of what somebody still wants to learn, in their own words."""
    from participants.exit.exit_talk import add_agreement

    return add_agreement(trajectory=stay, text=text, by=stay.participant.user)


def make_tie(trajectory: Trajectory, *, by: Any = None, **referrer: Any) -> Any:
    """A referrer who knows this young person; nothing may be told yet."""
    from participants.referrers import register as referrers

    assert trajectory.group is not None
    by = by or make_staff()
    row = referrers.keep_referrer(
        organisation=trajectory.group.location.organisation,
        by=by,
        **{
            "function": "mentor",
            "name": "Karin de Boer",
            "workplace": "Het College",
            "email": f"karin{next(_number)}@school.example",
            **referrer,
        },
    )
    return referrers.tie_referrer(trajectory=trajectory, referrer=row, by=by)


def eyes(user: User | None) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def waiting(user: User, kind: str) -> list[Todo]:
    """The to-dos of one kind, as on the start page: the one rule that owns the kind is asked."""
    from joinus.home.waiting import rules, todos_for

    owned = {str(known): known for rule in rules() for known in rule.kinds}
    return todos_for(user, [owned[kind]])


def asked(rules: Iterable[TodoRule], user: Any) -> list[Todo]:
    """What these rules find for this user, in their order."""
    return todos_of(list(rules), user)


def broken(code: str) -> Any:
    """A context in which a rule says no, with this code."""
    return pytest.raises(RuleBroken, check=lambda e: e.code == code)


def swept(*steps: str, day: date | None = None) -> int:
    """These steps of the sweep by name, on that day; how many rows they did. Raises what failed."""
    from core.sweep.steps import take_turns
    from joinus.home.run_due import STEPS

    known = {step.name: step for step in STEPS}
    return sum(one.done for one in take_turns([known[name] for name in steps], day))
