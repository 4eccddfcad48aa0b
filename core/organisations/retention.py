"""How long what is kept: months per record class, for everybody and, where set, per organisation.

The defaults are reference data (`data/retention.json`); the foundation changes them. What a term
does is in each app's `privacy.py`; `manage.py purge_expired` carries it out.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.rights import reach
from core.errors import RuleBroken
from core.locks import lock_copy
from core.months import add_months
from core.names import in_order
from core.organisations.models import Organisation, RetentionRule
from core.organisations.permissions import SET_RETENTION

DATA = Path(__file__).parent / "data" / "retention.json"
LEAST, MOST = 1, 120


@dataclass(frozen=True)
class RecordClass:
    """`per_organisation`: what hangs on a group can differ per organisation."""

    key: str
    name: Promise
    what: Promise
    per_organisation: bool


CLASSES: tuple[RecordClass, ...] = (
    RecordClass(
        "stay",
        gettext_lazy("somebody who took part"),
        gettext_lazy("Counted from the end of the last stay; then everything but counts goes."),
        True,
    ),
    RecordClass(
        "sign_up",
        gettext_lazy("somebody who signed up and did not take part"),
        gettext_lazy("Counted from the day it ended; then everything but counts goes."),
        True,
    ),
    RecordClass(
        "interest",
        gettext_lazy("somebody who wants to hear when Join Us comes near"),
        gettext_lazy("Counted from the registration. Two weeks after our message it goes anyway."),
        False,
    ),
    RecordClass(
        "message",
        gettext_lazy("the words of a sent message"),
        gettext_lazy("That it was sent, and when, stays."),
        False,
    ),
    RecordClass(
        "data_request",
        gettext_lazy("the words of an answered question about data"),
        gettext_lazy("That it was asked and answered stays."),
        True,
    ),
    RecordClass(
        "complaint",
        gettext_lazy("the words of a closed complaint"),
        gettext_lazy("That something was told, and when it was closed, stays."),
        False,
    ),
    RecordClass(
        "group_words",
        gettext_lazy("what was written about a meeting"),
        gettext_lazy(
            "Logbook and what happened, counted from the meeting. That it was written stays."
        ),
        True,
    ),
)
BY_KEY = {one.key: one for one in CLASSES}


@dataclass(frozen=True)
class Terms:
    """Every rule in force, read once."""

    months: Mapping[tuple[str, UUID | None], int]

    def of(self, record_class: str, organisation: UUID | None = None) -> int:
        return self.months.get((record_class, organisation), self.months[record_class, None])

    def shortest(self, record_class: str) -> int:
        return min(n for (key, _org), n in self.months.items() if key == record_class)

    def before(self, record_class: str, day: date, organisation: UUID | None = None) -> date:
        """What ended on this day or earlier is over."""
        return add_months(day, -self.of(record_class, organisation))


def terms() -> Terms:
    """The shipped months stand in for a rule that was never loaded."""
    found: dict[tuple[str, UUID | None], int] = {(k, None): n for k, n in _shipped().items()}
    for row in RetentionRule.objects.all():
        found[row.record_class, row.organisation_id] = row.months
    return Terms(found)


def load_retention() -> None:
    """Write the shipped months where no rule stands; a changed rule is left alone."""
    RetentionRule.objects.bulk_create(
        [RetentionRule(record_class=key, months=n) for key, n in _shipped().items()],
        ignore_conflicts=True,
    )


@transaction.atomic
def set_retention(
    *, record_class: str, months: int, by: User, organisation: Organisation | None = None
) -> RetentionRule:
    """Raises RuleBroken: unknown_class, months_out_of_range, not_per_organisation."""
    known = BY_KEY.get(record_class)
    if known is None:
        raise RuleBroken(_("Choose what it is about."), "unknown_class", "record_class")
    if not LEAST <= months <= MOST:
        raise RuleBroken(
            _("Choose between %(least)d and %(most)d months.") % {"least": LEAST, "most": MOST},
            "months_out_of_range",
            "months",
        )
    if organisation is not None and not known.per_organisation:
        raise RuleBroken(
            _("This is the same for every organisation."), "not_per_organisation", "organisation"
        )
    row, _made = RetentionRule.objects.update_or_create(
        record_class=record_class,
        organisation=organisation,
        defaults={"months": months, "changed_by": by, "changed_at": clock.now()},
    )
    return row


@transaction.atomic
def drop_retention(*, rule: RetentionRule, by: User) -> None:
    """The organisation follows the term of everybody again. Raises RuleBroken("for_everybody")."""
    row = lock_copy(rule)
    if row.organisation_id is None:
        raise RuleBroken(_("This term is for everybody; change it instead."), "for_everybody")
    row.delete()


@dataclass(frozen=True)
class Line:
    """One class on the foundation's page: the months of everybody, and who differs."""

    record_class: RecordClass
    months: int
    exceptions: list[RetentionRule]


def lines(rules: Iterable[RetentionRule]) -> list[Line]:
    found = list(rules)
    shipped = _shipped()
    general = {row.record_class: row.months for row in found if row.organisation_id is None}
    return [
        Line(
            one,
            general.get(one.key, shipped[one.key]),
            [row for row in found if row.organisation_id and row.record_class == one.key],
        )
        for one in CLASSES
    ]


@dataclass(frozen=True)
class OwnTerm:
    """A term that one organisation has for itself, in a line."""

    pk: UUID
    organisation: str
    record_class: str
    what: str | Promise
    months: int
    usual: int


def own_terms(found: Iterable[Line]) -> list[OwnTerm]:
    """Every term of an organisation of its own: the longest beyond the usual one first, by name."""
    rows = [
        OwnTerm(
            row.pk,
            row.organisation.name,
            line.record_class.key,
            line.record_class.name,
            row.months,
            line.months,
        )
        for line in found
        for row in line.exceptions
        if row.organisation is not None
    ]
    return sorted(
        rows, key=lambda one: (one.usual - one.months, in_order(one.organisation), one.pk)
    )


def organisations_for(user: Viewer) -> QuerySet[Organisation]:
    """The organisations this user sets terms for: all of them, or none."""
    far = reach(user, SET_RETENTION)
    return Organisation.objects.all() if far.national else Organisation.objects.none()


def _shipped() -> dict[str, int]:
    months: dict[str, int] = json.loads(DATA.read_text())
    return months
