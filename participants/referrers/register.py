"""The register of referrers, who knows which young person, and the agreed moments (R-304, R-306).

A tie lets nobody tell anything: that takes the yeses of `participants.referrers.consent`. Locks
the stay.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.rights import reach
from core.errors import RuleBroken
from core.locks import lock_copy
from core.mailbox import same_address
from core.messaging.contacts import change_contact, create_contact
from core.names import alphabetical
from core.organisations.models import Organisation
from participants.models import Participant, Referrer, ReferrerTie, Trajectory
from participants.permissions import DECIDE
from participants.stay.lock import lock

LONGEST_RHYTHM = 52


@transaction.atomic
def keep_referrer(
    *,
    organisation: Organisation,
    function: str,
    name: str,
    by: User,
    workplace: str = "",
    email: str = "",
    phone: str = "",
    referrer: Referrer | None = None,
) -> Referrer:
    """Write somebody into the register, or correct the row that is given.

    Raises RuleBroken with code unknown_function, name_needed, known_referrer or own_address.
    """
    email = same_address(email)
    if function not in Referrer.Function.values:
        raise RuleBroken(_("Choose a function."), code="unknown_function", field="function")
    if not name.strip():
        raise RuleBroken(_("Fill in the name."), code="name_needed", field="name")
    if referrer is not None:
        lock_copy(referrer.contact)
    lock_copy(organisation)
    twin = Referrer.objects.filter(
        organisation=organisation, contact__email=email, function=function
    )
    if referrer is not None:
        twin = twin.exclude(pk=referrer.pk)
    if email and twin.exists():
        raise RuleBroken(
            _("This referrer is in the register already."), code="known_referrer", field="email"
        )
    if referrer is not None:
        knows = Participant.objects.filter(
            trajectories__ties__referrer=referrer, trajectories__ties__ended_at=None
        )
        _not_their_own(knows.select_related("contact", "user"), email, "email")
        change_contact(
            contact=referrer.contact,
            by=by,
            name=name.strip(),
            email=email,
            phone=phone,
            safe_channels=["email"] if email else [],
        )
        referrer.function, referrer.workplace = function, workplace.strip()
        referrer.save(update_fields=["function", "workplace"])
        return referrer
    return Referrer.objects.create(
        organisation=organisation,
        function=function,
        workplace=workplace.strip(),
        contact=create_contact(name=name.strip(), email=email, phone=phone),
        entered_by=by,
        entered_at=clock.now(),
    )


@transaction.atomic
def tie_referrer(*, trajectory: Trajectory, referrer: Referrer, by: User) -> ReferrerTie:
    """This referrer knows this young person, who sees that at once. Nothing is told.

    Raises RuleBroken with code stay_over, other_organisation or own_address.
    """
    lock(trajectory)
    if trajectory.phase in Trajectory.Phase.ENDED_EARLY:
        raise RuleBroken(_("This stay is over."), code="stay_over")
    group = trajectory.group
    if group is None or group.location.organisation_id != referrer.organisation_id:
        raise RuleBroken(_("Choose a referrer of the own register."), code="other_organisation")
    person = trajectory.participant
    _not_their_own([person], referrer.contact.email, "referrer")
    tie, _created = ReferrerTie.objects.get_or_create(
        trajectory=trajectory,
        referrer=referrer,
        ended_at=None,
        defaults={
            "entered_by": by,
            "entered_at": clock.now(),
            "name_there": person.full_name or person.call_name,
        },
    )
    return tie


def _not_their_own(people: Iterable[Participant], email: str, field: str) -> None:
    """What is told to a referrer never arrives with the young person it is about (R-347)."""
    for person in people:
        if person.has_mailbox(email):
            raise RuleBroken(
                _("This is the young person's own e-mail address."),
                code="own_address",
                field=field,
            )


@transaction.atomic
def end_tie(*, tie: ReferrerTie, by: User) -> None:
    """Nothing more is told here; what was told stays readable for the young person."""
    lock(tie.trajectory)
    ReferrerTie.objects.filter(pk=tie.pk, ended_at__isnull=True).update(
        ended_at=clock.now(), next_on=None, every_weeks=None, shares_since=None
    )


@transaction.atomic
def agree_moment(
    *, tie: ReferrerTie, next_on: date | None, every_weeks: int | None, by: User
) -> None:
    """When the referrer hears something next; the young person sees it too (R-304).

    Raises RuleBroken with code moment_in_the_past or rhythm.
    """
    lock(tie.trajectory)
    if next_on is not None and next_on < clock.today():
        raise RuleBroken(
            _("Choose today or a later day."), code="moment_in_the_past", field="next_on"
        )
    if every_weeks is not None and not 1 <= every_weeks <= LONGEST_RHYTHM:
        raise RuleBroken(
            _("Choose from 1 to %(most)d weeks.") % {"most": LONGEST_RHYTHM},
            code="rhythm",
            field="every_weeks",
        )
    tie.next_on, tie.every_weeks = next_on, every_weeks if next_on else None
    tie.save(update_fields=["next_on", "every_weeks"])


def next_moment(tie: ReferrerTie) -> None:
    """After telling, or skipping: the following moment of the rhythm, or none."""
    if tie.next_on is None or tie.next_on > clock.today():
        return
    weeks = tie.every_weeks
    tie.next_on = clock.today() + timedelta(weeks=weeks) if weeks else None
    tie.save(update_fields=["next_on"])


@transaction.atomic
def skip_moment(*, tie: ReferrerTie, by: User) -> None:
    lock(tie.trajectory)
    tie.refresh_from_db()
    next_moment(tie)


@transaction.atomic
def share_there(*, tie: ReferrerTie, on: bool, by: User) -> None:
    """The young person would like to tell about Join Us at this school, or not (R-113)."""
    trajectory = lock(tie.trajectory)
    if by is None or by.pk != trajectory.participant.user_id:
        raise RuleBroken(_("Only you decide this."), code="not_your_yes")
    tie.shares_since = clock.now() if on else None
    tie.save(update_fields=["shares_since"])


def organisations_of(user: Viewer) -> list[Organisation]:
    """Whose register this worker keeps: those of the own groups."""
    groups = reach(user, DECIDE).groups
    return list(
        Organisation.objects.filter(locations__groups__in=groups)
        .distinct()
        .order_by(alphabetical("search_name"))
    )


def details_of(referrer: Referrer) -> dict[str, Any]:
    """What a form about this referrer begins with."""
    contact = referrer.contact
    return {
        "function": referrer.function,
        "name": contact.name,
        "workplace": referrer.workplace,
        "email": contact.email,
        "phone": str(contact.phone),
    }
