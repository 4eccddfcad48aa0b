"""What the open page is told: what stands now, and what a colleague writes meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from challenges.preparing.forms import PlanForm
from challenges.preparing.page import Person, Plan
from core import clock
from core.drafts import filling
from core.drafts.open_pages import OpenPages, saved_in_words
from core.drafts.tickets import Ticket

PAGES = OpenPages("preparation")
FORM = "preparation"
#: The name of the one card on the page.
CARD = "people"


@dataclass(frozen=True)
class Box:
    """A support form to tick. `first`: it fits what lies under the challenge."""

    key: str
    name: str
    ticked: bool
    first: bool


@dataclass(frozen=True)
class Line:
    """One person with the fields of the form; without them where nothing can be written."""

    person: Person
    role: BoundField | None
    planned: BoundField | None
    about: BoundField | None
    boxes: Sequence[Box]

    @property
    def proposed(self) -> list[Box]:
        """What fits, and what was ticked already: in sight without a tap."""
        return [one for one in self.boxes if one.first or one.ticked]

    @property
    def others(self) -> list[Box]:
        return [one for one in self.boxes if not one.first and not one.ticked]


def lines_of(form: PlanForm, people: Sequence[Person]) -> list[Line]:
    """Asked while the page is drawn: what came back, or was refused, is shown as it was typed."""
    return [_line(form, one) for one in people]


def _line(form: PlanForm, one: Person) -> Line:
    if f"role_{one.stay}" not in form.fields:
        return Line(one, None, None, None, ())
    planned = form[f"planned_{one.stay}"]
    ticked = {str(key) for key in planned.value() or ()}
    first = {fitting.pk for fitting in one.suggested}
    field: Any = planned.field
    boxes = [Box(key, name, key in ticked, key in first) for key, name in field.choices]
    about = form[f"about_{one.stay}"] if f"about_{one.stay}" in form.fields else None
    return Line(one, form[f"role_{one.stay}"], planned, about, boxes)


def writes(plan: Plan) -> str:
    """Who writes right now, in words; nobody: empty."""
    if plan.colleague is None:
        return ""
    who, whom = plan.colleague
    return _("%(who)s is writing about %(name)s") % {"who": who, "name": whom}


def as_it_stands(plan: Plan, path: str, ticket: Ticket | None = None) -> dict[str, Any]:
    """`ticket`: that with which it was saved; it goes on in the same draft."""
    form = PlanForm(plan)
    base = filling.as_posted(form)
    if ticket is not None and not ticket.seen:
        told = replace(ticket, base=base, at=clock.now())
    else:
        about = (plan.meeting.pk, *(one.stay for one in plan.writable))
        told = Ticket(FORM, str(plan.meeting.pk), path, about=about, base=base)
    card = {"fields": base, "ticket": told.sealed(plan.reader), "writes": writes(plan)}
    return {
        "stamp": plan.stamp,
        "saved": saved_in_words(plan.saved_at),
        "cards": {CARD: card},
        "people": {},
        "lines": {},
    }
