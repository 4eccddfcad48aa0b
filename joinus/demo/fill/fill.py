"""`manage.py fill`: so many people in every phase, the same for the same seed, in one transaction.

One group is written row by row, by the house's own rules where rules decide; its rows are cut into
a stencil, and every other group of the kind is a print of it with its own people. Foreign keys are
not checked row by row on the way in (tests/house/test_fill.py does it): that takes a superuser;
without one it only takes longer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import DateTimeField, Func, OuterRef, QuerySet, Subquery

from core import clock
from core.accounts.models import RoleAssignment, User
from core.accounts.roles import Role
from core.ids import uuid7
from core.messaging.models import Message
from core.organisations.models import Group
from joinus.demo.fill import atlas, stencil
from joinus.demo.fill.atlas import Atlas, Spot
from joinus.demo.fill.block import Block, Reference
from joinus.demo.fill.community import Numbers, settle_in
from joinus.demo.fill.people import Faces
from joinus.home import reference
from participants.models import Trajectory
from participants.person.shown_name import tell_everybody_apart
from participants.signup.first_contact import REMINDER as LATE
from questionnaires.models import CycleState, Invitation, Response

VARIANTS = 12
PER_GROUP, PER_SMALL_GROUP = 100, 20
#: From here on one group has so many sign-ups, and another these.
SHOWN_FROM, CROWD, TEN = 1000, 300, 10
#: Keys of the groups begin here; the moment of such a key lies in 2024.
FIRST = 0x01900000
AT_ONCE = 40
Progress = Callable[[str], None]


@dataclass
class Cut:
    """A stencil, and the days of birth that differ from print to print."""

    sheets: list[stencil.Sheet]
    born: dict[int, Any]


@dataclass
class Fill:
    """`people` in all; `due` stays of them wait for the sweep, exactly."""

    people: int
    seed: int = 1
    due: int = 0
    now: datetime = field(default_factory=clock.now)
    progress: Progress = lambda _line: None
    rows: int = 0
    _cuts: dict[tuple[int, Numbers], Cut] = field(default_factory=dict)

    @transaction.atomic
    def run(self) -> int:
        """Write everything; the number of rows that were copied."""
        for name, load in reference.PIECES:
            if name != "places":  # the map is the fill's own
                load()
        plan = list(self._plan())
        places = atlas.spots(len(plan))
        _trust_the_rows()
        map_of = Atlas(places, self.now)
        known = map_of.draw()
        for start in range(0, len(plan), AT_ONCE):
            here = slice(start, start + AT_ONCE)
            self._print(list(zip(places[here], plan[here], strict=True)), known)
            self.progress(f"{min(start + AT_ONCE, len(plan))} of {len(plan)} groups")
        tell_everybody_apart()
        self._who_has_more(map_of, len(plan))
        staff = User.objects.staff().filter(authenticator__isnull=True)
        atlas.second_steps(staff.values_list("pk", flat=True), known.factor, self.now)
        if self.due:
            make_due(self.due)
        return self.rows

    def _plan(self) -> Iterator[Numbers]:
        """How many people each group has; together exactly `people`."""
        left = self.people
        if left >= SHOWN_FROM:
            yield from (Numbers(PER_GROUP, TEN), Numbers(CROWD + 19, CROWD))
            left -= PER_GROUP + CROWD + 19
        size = PER_GROUP if self.people >= SHOWN_FROM else PER_SMALL_GROUP
        groups = max(1, left // size)
        for n in range(groups):
            yield Numbers(left // groups + (1 if n < left % groups else 0))

    def _cut(self, variant: int, numbers: Numbers, known: Reference) -> Cut:
        """The stencil of this kind of group, made at its first use."""
        place = (variant, numbers)
        if place not in self._cuts:
            dice = Random(f"{self.seed}:{variant}:{numbers}")  # noqa: S311  # invented people
            block = Block(self.now, dice, known, variant, numbers.evenings)
            settle_in(block, numbers)
            self._cuts[place] = Cut(stencil.cut(block.rows), block.born)
        return self._cuts[place]

    def _print(self, batch: list[tuple[Spot, Numbers]], known: Reference) -> None:
        """Copy some groups, table by table."""
        printed: dict[tuple[str, tuple[str, ...]], list[bytes]] = {}
        for spot, numbers in batch:
            cut = self._cut(spot.number % VARIANTS, numbers, known)
            faces = Faces(self.seed, spot.number, cut.born)
            for sheet in cut.sheets:
                text = sheet.printed(_marks(spot), faces)
                printed.setdefault((sheet.table, sheet.columns), []).append(text)
                self.rows += sheet.rows
        with connection.cursor() as cursor:
            for (table, columns), texts in printed.items():
                names = ", ".join(f'"{column}"' for column in columns)
                with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                    for text in texts:
                        copy.write(text)

    def _who_has_more(self, map_of: Atlas, groups: int) -> None:
        """Two workers with five and with twenty groups."""
        for name, first, many in (("Vijf Groepen", 2, 5), ("Twintig Groepen", 3, 20)):
            theirs = range(first, min(first + many, groups))
            groups_of = Group.objects.filter(name__in=[group_name(n) for n in theirs])
            user = User.objects.get(pk=map_of.somebody(name))
            RoleAssignment.objects.bulk_create(
                RoleAssignment(
                    user=user, role=Role.YOUTH_WORKER, group=group, valid_from=map_of.since
                )
                for group in groups_of
            )
            _tell_as_well(user, groups_of)


def group_name(number: int) -> str:
    return f"Groep {FIRST + number:08x}"


def _marks(spot: Spot) -> tuple[tuple[str, str], ...]:
    return (
        (stencil.GROUP, f"{FIRST + spot.number:08x}"),
        (stencil.REGION, f"{atlas.REGIONS + spot.region:08x}"),
        (stencil.ORGANISATION, f"{atlas.ORGANISATIONS + spot.organisation:08x}"),
        (stencil.MUNICIPALITY, atlas.municipality_code(spot.municipality)),
        (stencil.PC4, spot.pc4),
    )


def _trust_the_rows() -> None:
    """No trigger and no foreign key for what is copied in this transaction, if that is allowed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
    except DatabaseError:
        return


def _tell_as_well(user: User, groups: QuerySet[Group]) -> None:
    """What the workers of these groups were reminded of, this one was as well."""
    stays = Trajectory.objects.filter(group__in=groups, phase=Trajectory.Phase.SIGNED_UP)
    told = Message.objects.filter(kind=LATE, subject_id__in=stays.values("pk"))
    once = {message.subject_id: message for message in told.order_by("pk")}
    assert user.contact_id is not None  # noqa: S101
    for message in once.values():
        message.pk, message.contact_id = uuid7(), user.contact_id
        message.dedupe_key = f"first_contact_late:{message.subject_id}:{user.pk}"
    Message.objects.bulk_create(once.values())


def make_due(many: int) -> None:
    """Of the first groups, so that a small fill and a large one have the same stays due.

    Their follow-up is taken away again, answers and mails with it. Raises ValueError when there
    are not so many.
    """
    found = Invitation.objects.filter(wave="follow_up", trajectory__phase="former")
    chosen = list(found.order_by("trajectory")[:many])
    if len(chosen) < many:
        raise ValueError(f"Only {len(chosen)} stays can be due among so few people.")
    gone = [wave.pk for wave in chosen]
    CycleState.objects.filter(trajectory__invitations__in=gone).update(
        next_due_at=Subquery(
            found.filter(trajectory=OuterRef("pk"), pk__in=gone).values(
                midnight=Func(
                    "earned_on",
                    template="%(expressions)s::timestamp AT TIME ZONE 'Europe/Amsterdam'",
                    output_field=DateTimeField(),
                )
            )[:1]
        )
    )
    Message.objects.filter(subject_id__in=gone).delete()
    Response.objects.filter(invitation__in=gone).delete()
    stays = [wave.trajectory_id for wave in chosen]
    Invitation.objects.filter(pk__in=gone).delete()
    left = Invitation.objects.filter(trajectory=OuterRef("pk"), answered_on__isnull=False)
    CycleState.objects.filter(pk__in=stays).update(
        last_answered_on=Subquery(left.order_by("-answered_on").values("answered_on")[:1])
    )
