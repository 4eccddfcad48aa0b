"""What an organisation asks of parents, set by the foundation with its legal basis (C-36)."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.rights import may
from core.ages import OLDEST, YOUNGEST
from core.errors import NotYours, RuleBroken
from core.locks import lock_again, lock_all
from core.names import alphabetical, in_order
from core.organisations.models import Organisation
from participants.models import ConsentPolicyChange, Trajectory
from participants.parents.coming_of_age import follow_the_age
from participants.permissions import SET_CONSENT_POLICY
from participants.stay.changes import told_once

Policy = Organisation.ConsentPolicy
OLDEST_CONSENT_AGE = 18
#: What an organisation asks as long as nobody set something else.
USUAL = (Policy.REQUIRED.value, Organisation._meta.get_field("consent_age").default)


def organisations_for(user: Viewer) -> QuerySet[Organisation]:
    """Whose policy this user may set; nobody's without the permission."""
    found = Organisation.objects.order_by(alphabetical("search_name"))
    return found if may(user, SET_CONSENT_POLICY) else found.none()


@dataclass(frozen=True)
class InForce:
    """What one organisation asks of parents, in a line."""

    pk: UUID
    name: str
    policy: str
    age: int

    @property
    def differs(self) -> bool:
        return (self.policy, self.age) != USUAL


def in_force(user: Viewer) -> list[InForce]:
    """Every organisation this user sets a policy for; what differs from the usual one stands
    first, then by name. One query.
    """
    rows = organisations_for(user).values_list("pk", "name", "consent_policy", "consent_age")
    found = [InForce(*row) for row in rows.order_by()]
    return sorted(found, key=lambda one: (not one.differs, in_order(one.name), one.pk))


def history_of(organisation: Organisation) -> QuerySet[ConsentPolicyChange]:
    return ConsentPolicyChange.objects.filter(organisation=organisation).select_related("by")


@transaction.atomic
def tell_parents_of_changes(*, organisation: Organisation, on: bool, by: User) -> Organisation:
    """Whether parents who gave consent hear that a meeting moves or does not happen (C-49).

    Off unless somebody says so; never where a mail can do harm at home (`know_when`). Holds for
    what leaves from now on. Raises NotYours.
    """
    if not may(by, SET_CONSENT_POLICY):
        raise NotYours(_("The foundation sets this."), code="not_yours")
    lock_again(organisation)
    organisation.parents_hear_changes = on
    organisation.save(update_fields=["parents_hear_changes"])
    return organisation


@transaction.atomic
@told_once()
def set_consent_policy(
    *, organisation: Organisation, policy: str, age: int, basis: str, by: User
) -> Organisation:
    """From this moment on; every stay of the organisation is settled by it at once.

    Locks the stays by id, then the organisation. Raises NotYours, or RuleBroken with code
    basis_needed, age_not_fitting or unknown_policy.
    """
    if not may(by, SET_CONSENT_POLICY):
        raise NotYours(_("The foundation sets this."), code="not_yours")
    basis = basis.strip()
    if policy not in Policy.values:
        raise RuleBroken(_("Choose one of the two."), code="unknown_policy", field="policy")
    if policy == Policy.INFORMED and not basis:
        raise RuleBroken(
            _("Write down the legal basis. Without it parents are asked."),
            code="basis_needed",
            field="basis",
        )
    if not YOUNGEST <= age <= OLDEST_CONSENT_AGE <= OLDEST:
        raise RuleBroken(
            _("Choose an age from %(youngest)d to %(oldest)d.")
            % {"youngest": YOUNGEST, "oldest": OLDEST_CONSENT_AGE},
            code="age_not_fitting",
            field="age",
        )
    stays = lock_all(
        Trajectory.objects.filter(group__location__organisation=organisation)
        .exclude(phase__in=Trajectory.Phase.ENDED_EARLY)
        .select_related("participant")
    )
    lock_again(organisation)
    before = (organisation.consent_policy, organisation.consent_age, organisation.consent_basis)
    if before == (policy, age, basis):
        return organisation
    organisation.consent_policy = policy
    organisation.consent_age = age
    organisation.consent_basis = basis
    organisation.save(update_fields=["consent_policy", "consent_age", "consent_basis"])
    ConsentPolicyChange.objects.create(
        organisation=organisation, policy=policy, age=age, basis=basis, by=by, at=clock.now()
    )
    for stay in stays:
        follow_the_age(trajectory=stay, by=by)
    return organisation
