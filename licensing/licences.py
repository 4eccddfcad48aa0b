"""The licence and its work area, written down to the map in the same transaction."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import RoleAssignment, User
from core.accounts.roles import Role
from core.errors import RuleBroken
from core.locks import lock_copy
from core.organisations.models import Group, Location, Municipality, Organisation
from licensing.models import Licence, LicenceMunicipality


@transaction.atomic
def grant_licence(
    *,
    organisation: Organisation,
    work_area: dict[Location, list[Municipality]],
    valid_from: date,
    by: User,
    valid_until: date | None = None,
) -> Licence:
    """R-234, R-241: a contract names the municipalities; together they are the work area."""
    licence = Licence.objects.create(
        organisation=organisation, valid_from=valid_from, valid_until=valid_until, signed_by=by
    )
    LicenceMunicipality.objects.bulk_create(
        LicenceMunicipality(licence=licence, location=location, municipality=municipality)
        for location, municipalities in work_area.items()
        for municipality in municipalities
    )
    for location in work_area:
        write_work_area(location)
    return licence


def write_work_area(location: Location) -> None:
    """Set a location's work area to what its licences in force today say."""
    day = clock.today()
    in_force = Q(licence__valid_until__isnull=True) | Q(licence__valid_until__gte=day)
    lines = LicenceMunicipality.objects.filter(
        in_force, location=location, licence__valid_from__lte=day
    )
    location.work_area.set(Municipality.objects.filter(pk__in=lines.values("municipality")))


@transaction.atomic
def open_group(*, group: Group, by: User) -> Group:
    """Open a group for sign-up; it needs two workers on that day (R-120).

    Raises RuleBroken(code="two_workers") with fewer.
    """
    locked = lock_copy(group)
    workers = (
        RoleAssignment.objects.in_force(clock.today())
        .filter(group=group, role=Role.YOUTH_WORKER)
        .values("user")
        .distinct()
        .count()
    )
    if workers < 2:
        raise RuleBroken(_("A group opens with two youth workers. Add one first."), "two_workers")
    if locked.state == Group.State.PREPARING:
        locked.state = Group.State.OPEN
        locked.save(update_fields=["state"])
    return locked
