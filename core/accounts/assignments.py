"""Giving and ending roles. Midnight needs no job: the dates decide at the next request."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Actor
from core.accounts.models import RoleAssignment, User
from core.accounts.roles import SCOPE_OF, Role, Scope
from core.accounts.signin import end_sessions
from core.drafts.keeping import forget_all
from core.errors import RuleBroken
from core.locks import lock_copy

_FIELD = {Scope.REGION: "region", Scope.ORGANISATION: "organisation", Scope.GROUP: "group"}


@transaction.atomic
def assign_role(
    *,
    user: User,
    role: Role,
    valid_from: date,
    by: Actor,
    valid_until: date | None = None,
    region: Any = None,
    organisation: Any = None,
    group: Any = None,
) -> RoleAssignment:
    """Give `user` a role from a day on (R-001, R-021); every session of theirs ends.

    Raises RuleBroken for a participant's account, a scope that the role does not have or a last
    day before the first.
    """
    locked = lock_copy(user)
    if locked.is_participant:
        raise RuleBroken(_("A participant's account cannot carry a role."), "participant_role")
    given = {"region": region, "organisation": organisation, "group": group}
    wanted = _FIELD.get(SCOPE_OF[Role(role)])
    if {name for name, value in given.items() if value is not None} != ({wanted} - {None}):
        raise RuleBroken(_("Say for which place this role is."), "role_scope", field=wanted)
    if valid_until is not None and valid_until < valid_from:
        raise RuleBroken(
            _("The last day cannot be before the first."), "role_dates", field="valid_until"
        )
    assignment = RoleAssignment.objects.create(
        user=locked, role=role, valid_from=valid_from, valid_until=valid_until, **given
    )
    end_sessions(user=locked)
    return assignment


@transaction.atomic
def end_role(*, assignment: RoleAssignment, last_day: date, by: User) -> RoleAssignment:
    """The role's last day, inclusive (R-017); every session of its holder ends now.

    A last day before the first one means the role never begins: it is taken back.
    """
    user = lock_copy(assignment.user)
    locked = lock_copy(assignment)
    if last_day < locked.valid_from:
        locked.delete()
    else:
        locked.valid_until = last_day
        locked.save(update_fields=["valid_until"])
    if last_day <= clock.today():  # later: the sweep does, after the last day
        forget_all(user.pk)
    end_sessions(user=user)
    return locked
