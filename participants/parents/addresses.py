"""Whose mailbox a parent's address is: never the young person's own, nor a colleague's unseen.

One comparison for every spelling (R-347). The young person's own address, and the other parent's,
are refused at the field. An address of a professional's account waits until the coordinator said
whether that professional is a parent; who is one stays out of this young person from then on.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from core.locks import lock_again
from core.mailbox import same_mailbox
from participants.models import Guardian, ParentAtWork, Participant, Recusal, Trajectory
from participants.recusal import recusal
from participants.stay.lock import lock


def check(participant: Participant, email: str, by: User) -> None:
    """Raises RuleBroken: email_needed, own_address, or entered_by (the worker's own)."""
    if not email:
        raise RuleBroken(
            _("We need an e-mail address of your parent."), code="email_needed", field="email"
        )
    if participant.has_mailbox(email):
        raise RuleBroken(
            _("This is your own e-mail address. Fill in your parent's address."),
            code="own_address",
            field="email",
        )
    if by.pk != participant.user_id and same_mailbox(email, by.email or ""):
        raise RuleBroken(
            _("This is your own address. Are you a parent here? Tell the coordinator first."),
            code="entered_by",
            field="email",
        )


def professional_behind(email: str) -> User | None:
    """The professional whose account has this mailbox."""
    staff = User.objects.exclude(kind=User.Kind.PARTICIPANT).order_by("pk")
    for pk, known in staff.values_list("pk", "email"):
        if same_mailbox(email, known or ""):
            return User.objects.get(pk=pk)
    return None


def look_at(guardian: Guardian, trajectory: Trajectory | None) -> None:
    """Keep what the coordinator has to look at; an address that is nobody's here any more goes.

    Expects the person to be locked.
    """
    rows = ParentAtWork.objects.filter(guardian=guardian)
    professional = professional_behind(guardian.contact.email)
    rows.exclude(professional=professional).exclude(is_parent=True).delete()
    if professional is None or trajectory is None:
        return
    ParentAtWork.objects.get_or_create(
        guardian=guardian,
        professional=professional,
        defaults={"trajectory": trajectory, "found_at": clock.now()},
    )


@transaction.atomic
def settle_at_work(*, row: ParentAtWork, is_parent: bool, by: User) -> ParentAtWork:
    """The coordinator says it. A parent stays out as a professional; else the address is wrong.

    Answered once; another address settles it as well. Locks the stay. Raises NotYours, or
    RuleBroken("answered").
    """
    trajectory = lock(row.trajectory)
    lock_again(row)
    if not ParentAtWork.objects.visible_to(by).filter(pk=row.pk).exists():
        raise NotYours(_("The coordinator of the region decides this."), code="not_yours")
    if row.settled_at is not None:
        raise RuleBroken(_("You answered this already."), code="answered")
    row.is_parent, row.settled_at, row.settled_by = is_parent, clock.now(), by
    row.save(update_fields=["is_parent", "settled_at", "settled_by"])
    near = [one.user for one in recusal.everybody(trajectory)]
    if is_parent and row.professional in near:
        recusal.recuse(
            trajectory=trajectory,
            worker=row.professional,
            by=by,
            said_by=Recusal.Said.WORKER,
        )
    return row
