"""Care concerns (zorgvraag, R-093): written down and shared only together with the young person.

Either the young person agreed, on a day, or it was acute danger: then it is an exception that
says who was consulted and why it could not wait. Parents are not told by agreement while the
home is not safe (C-37). Locks the stay.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_copy
from participants.models import CareConcern, CareShare, Trajectory
from participants.parents import mail_home
from participants.stay.lock import lock


@dataclass(frozen=True)
class Basis:
    """Why this may be written down or shared: agreed, or acute danger with its two answers."""

    agreed_on: date | None = None
    acute: bool = False
    consulted: str = ""
    could_not_wait: str = ""

    def check(self) -> None:
        """Raises RuleBroken: only_together, not_both, consulted_needed, could_not_wait_needed,
        day_to_come.
        """
        if self.agreed_on is None and not self.acute:
            raise RuleBroken(
                _("Only together with the young person. Talk first, then write it down."),
                "only_together",
                "basis",
            )
        if self.agreed_on is not None and self.acute:
            raise RuleBroken(_("Agreed, or acute danger: choose one."), "not_both", "basis")
        if self.agreed_on is not None and self.agreed_on > clock.today():
            raise RuleBroken(_("This day is still to come."), "day_to_come", "agreed_on")
        if self.acute and not self.consulted.strip():
            raise RuleBroken(
                _("Write down with whom you consulted."), "consulted_needed", "consulted"
            )
        if self.acute and not self.could_not_wait.strip():
            raise RuleBroken(
                _("Write down why it could not wait."), "could_not_wait_needed", "could_not_wait"
            )

    def fields(self) -> dict[str, Any]:
        return {
            "agreed_on": self.agreed_on,
            "acute": self.acute,
            "consulted": self.consulted if self.acute else "",
            "could_not_wait": self.could_not_wait if self.acute else "",
        }


@transaction.atomic
def record_concern(*, trajectory: Trajectory, what: str, basis: Basis, by: User) -> CareConcern:
    """Raises RuleBroken: words_needed and what `Basis.check` raises."""
    lock(trajectory)
    if not what.strip():
        raise RuleBroken(_("Write down what is the matter."), "words_needed", "what")
    basis.check()
    return CareConcern.objects.create(
        trajectory=trajectory, by=by, at=clock.now(), what=what, **basis.fields()
    )


@transaction.atomic
def share_concern(
    *, concern: CareConcern, to: str, whom: str, what: str, shared_on: date, basis: Basis, by: User
) -> CareShare:
    """Who was told, when and what. Raises RuleBroken: closed, words_needed, day_to_come,
    unsafe_home and what `Basis.check` raises.
    """
    row = _lock(concern)
    if row.closed_at is not None:
        raise RuleBroken(_("This care concern is closed."), "closed")
    for value, field in ((whom, "whom"), (what, "shared_what")):
        if not value.strip():
            raise RuleBroken(_("Write down whom you told, and what."), "words_needed", field)
    if shared_on > clock.today():
        raise RuleBroken(
            _("This day is still to come. Write it down when it was done."),
            "day_to_come",
            "shared_on",
        )
    basis.check()
    if to == CareShare.To.PARENTS and not basis.acute and home_is_unsafe(row.trajectory):
        raise RuleBroken(
            _("Home is not safe here. First talk with the regional coordinator, tell nobody yet."),
            "unsafe_home",
            "to",
        )
    return CareShare.objects.create(
        concern=row,
        by=by,
        at=clock.now(),
        to=to,
        whom=whom,
        what=what,
        shared_on=shared_on,
        **basis.fields(),
    )


@transaction.atomic
def close_concern(*, concern: CareConcern, note: str, by: User) -> CareConcern:
    """It is taken care of. Raises RuleBroken("words_needed"); closing twice changes nothing."""
    row = _lock(concern)
    if row.closed_at is not None:
        return row
    if not note.strip():
        raise RuleBroken(_("Write down how it stands now."), "words_needed", "closed_note")
    row.closed_note, row.closed_by, row.closed_at = note, by, clock.now()
    row.save()
    return row


def home_is_unsafe(trajectory: Trajectory) -> bool:
    """A worker or the coordinator said so, or the young person: home may not know."""
    return trajectory.participant.contact.not_at_home or mail_home.is_unsafe(trajectory)


def _lock(concern: CareConcern) -> CareConcern:
    trajectory = lock(concern.trajectory)
    row = lock_copy(concern)
    row.trajectory = trajectory
    return row
