"""The start page of who looks after groups: which need somebody, and why, the reddest first.

A coordinator reads the reason of every sign, whom to call, and puts aside what was seen. A manager,
the quality coordinator and the foundation see the same groups in figures, never a person. A page of
fifty costs one statement, with the totals of all groups in it, and one more for the workers' names
or the regions to choose from.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.portraits import workers_at
from core.accounts.rights import may, reach
from core.messaging.models import Contact
from core.names import alphabetical
from core.organisations.models import Group, Region
from core.organisations.permissions import SEE_GROUPS
from core.pages import A_PAGE
from core.ports import Todo, TodoKind
from groups.health.signs import CALM, NO_WORKER, ONE_WORKER, WORTH_A_LOOK, YELLOW, Sign
from groups.todo_kinds import Kind as InGroup
from joinus.home.attention.facts import Line, Wanted, folded, page_of_groups
from joinus.home.attention.signs import KINDS, GroupFacts, signs
from joinus.home.attention.todo_kinds import Kind
from joinus.home.todos import action, line_of, reason
from joinus.home.waiting import rules, todos_for
from participants.permissions import CONSULT, SEE_DEMAND

TONES = {NO_WORKER: "needs", ONE_WORKER: "needs", YELLOW: "waits", WORTH_A_LOOK: "info"}
#: Up to so many groups somebody sees all of them at one look: no filter stands above them.
AT_ONE_LOOK = 5
#: So many signs of one group stand open, the greatest need first.
AT_FIRST = 2
#: So many groups stand open, those that need somebody most; one or two more are not worth a fold.
OPEN, WORTH_A_FOLD = 10, 3
#: What an address may ask of this page (`wanted`); `UNFOLDED`: the other groups stand open too.
UNFOLDED = "unfolded"
ASKS = ("show", "q", "region", "organisation", "page", UNFOLDED)
_SOME_ID, _SOME_KIND = UUID(int=0), "some-kind"


@dataclass(frozen=True)
class Worker:
    """Who leads a group, or the organisation, and the number to call, when there is one."""

    name: str
    phone: str = ""


@dataclass(frozen=True)
class Reason:
    """One sign in words, with its act; `mark` is what *Seen* sends back."""

    kind: str
    text: str
    tone: str
    action: str
    url: str
    mark: str
    see: str
    show_again: str


@dataclass(frozen=True)
class Row:
    """A group on the page. `url`: its own page, when this role may open it.

    `shared`: the organisation's number, where a worker has none of the own.
    """

    facts: GroupFacts
    url: str = ""
    workers: list[Worker] = field(default_factory=list)
    shared: Worker | None = None
    reasons: list[Reason] = field(default_factory=list)
    seen: list[Reason] = field(default_factory=list)
    kinds: frozenset[str] = frozenset()

    @property
    def worst(self) -> list[Reason]:
        return self.reasons[:AT_FIRST]

    @property
    def more(self) -> list[Reason]:
        """Folded below the worst: with forty groups the eye finds those that need it most."""
        return self.reasons[AT_FIRST:]

    @property
    def places(self) -> str:
        return _of(self.facts.places_taken, self.facts.capacity)

    @property
    def meetings(self) -> str:
        return _of(self.facts.held, self.facts.past)

    @property
    def attendance(self) -> str:
        return _per_cent(self.facts.attendance)

    @property
    def response(self) -> str:
        return _per_cent(self.facts.response)

    @property
    def workers_tone(self) -> str:
        """The figure itself says what asks attention, also to who reads no reasons."""
        return "needs" if InGroup.WORKERS in self.kinds else "neutral"

    @property
    def long_waiting(self) -> bool:
        return Kind.WAITING_LIST in self.kinds


def _of(some: int, whole: int) -> str:
    """On one line, however narrow the column."""
    return f"{some}\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}{whole}"


def _per_cent(share: int | None) -> str:
    return "–" if share is None else f"{share}%"


def start_page(user: Viewer, given: Mapping[str, str]) -> dict[str, Any]:
    """What stands on the page; `given`: what the address asks for (`wanted`)."""
    far = reach(user, SEE_GROUPS)
    context: dict[str, Any] = {
        "day": clock.today(),
        "todos": _with_their_group(todos_for(user, _beside_groups())),
        "coordinator": may(user, CONSULT),
        "plans": may(user, SEE_DEMAND),
        "sees_groups": bool(far),
    }
    if not far:
        return context
    asked = wanted(given)
    totals, lines = page_of_groups(user, far, asked)
    own = reach(user, CONSULT).regions
    day = clock.day_of(totals.at) if far.national and totals.at else clock.today()
    rows = _rows(lines, own, day)
    page = Paginator(range(totals.matches), A_PAGE).get_page(asked.page)
    folds = page.number == 1 and len(rows) >= OPEN + WORTH_A_FOLD
    here = kept(given)
    return context | {
        "totals": totals,
        "rows": rows,
        "open": rows[:OPEN] if folds else rows,
        "folded": rows[OPEN:] if folds else [],
        "unfolded": "1" if given.get(UNFOLDED) else "",
        "back": urlencode(here),
        "back_unfolded": urlencode({UNFOLDED: "1"} | here),
        "page": page,
        "wanted": asked,
        "typed": given.get("q", "")[:80],
        "filtered": asked != Wanted(page=asked.page),
        "choices": _choices(totals.kinds, totals.asking, totals.seen if own else 0),
        "regions": list(Region.objects.values_list("pk", "name")) if far.national else [],
        "filters": totals.groups > AT_ONE_LOOK,
    }


def kept(given: Mapping[str, str]) -> dict[str, str]:
    """Of an address, what this page can be asked; nothing else goes along."""
    return {key: given[key] for key in ASKS if key in given}


def wanted(given: Mapping[str, str]) -> Wanted:
    """What an address asks for; what it cannot mean is left out."""
    show = given.get("show", "")
    number = given.get("page", "")
    return Wanted(
        show=show if show in ("asks", "seen", *KINDS) else "all",
        words=folded(given.get("q", "")),
        region=_id(given.get("region", "")),
        organisation=_id(given.get("organisation", "")),
        page=int(number) if number.isdecimal() and len(number) < 8 else 1,
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _beside_groups() -> frozenset[TodoKind]:
    """Every kind but the signs of a group, which stand beside their group here."""
    return frozenset(kind for rule in rules() for kind in rule.kinds) - frozenset(KINDS)


def _with_their_group(todos: list[Todo]) -> list[Todo]:
    """Who looks after many groups reads which one it is about, where the words do not say so."""
    groups = {todo.group_id for todo in todos if todo.group_id}
    if not groups:
        return todos
    names = dict(Group.objects.filter(pk__in=groups).values_list("pk", "name"))
    found = []
    for todo in todos:
        name = names.get(todo.group_id, "") if todo.group_id else ""
        said = name in todo.title or name in todo.reason
        found.append(todo if said else replace(todo, reason=f"{name}: {todo.reason}"))
    return found


def _choices(kinds: Mapping[str, int], asking: int, seen: int) -> list[tuple[str, str, int | None]]:
    """The filter: value, words and how many; a kind that nobody asks for is no choice."""
    found: list[tuple[str, str, int | None]] = [
        ("all", _("All groups"), None),
        ("asks", _("Asks attention"), asking),
    ]
    words = {
        InGroup.WORKERS: _("Fewer than two youth workers"),
        Kind.WAITING_LIST: _("Long waiting list"),
        InGroup.SMALL_GROUP: _("Fewer than five people take part"),
        InGroup.NO_LOGBOOK: _("A logbook is missing"),
        InGroup.RHYTHM: _("No meeting for three weeks"),
        InGroup.SMALL_EVENING: _("Few people last time"),
    }
    found += [(str(kind), words[kind], kinds[kind]) for kind in KINDS if kinds.get(kind)]
    return [*found, ("seen", _("Seen"), seen)] if seen else found


def _rows(lines: list[Line], own: Collection[UUID], day: date) -> list[Row]:
    """The lines in words; signs and names for the groups in the coordinator's `own` regions."""
    pages = _Pages()
    mine = {line.facts.id for line in lines if line.facts.region_id in own}
    workers = _workers(mine) if own else {}
    rows = []
    for line in lines:
        facts = line.facts
        found = signs(facts, day) if line.need != CALM else []
        leads, shared = workers.get(facts.id, ([], ""))
        alone = [one for one in leads if not one.phone]
        reasons = [pages.reason(facts, sign, day) for sign in found if facts.id in mine]
        rows.append(
            Row(
                facts=facts,
                url=pages.group(facts.id) if facts.id in mine else "",
                workers=leads,
                shared=Worker(facts.organisation, shared) if alone and shared else None,
                reasons=[one for one in reasons if one.kind not in line.seen],
                seen=[one for one in reasons if one.kind in line.seen],
                kinds=frozenset(str(sign.kind) for sign in found),
            )
        )
    return rows


def _workers(groups: Collection[UUID]) -> dict[UUID, tuple[list[Worker], str]]:
    """Today's workers of these groups by name, and the number of their organisation.

    A sealed number is opened where there is one.
    """
    rows = workers_at(Q(group__in=groups)).order_by(alphabetical("user__name"), "user").distinct()
    columns = ("user__name", "user__contact__phone", "group__location__organisation__phone")
    found: dict[UUID, tuple[list[Worker], str]] = {}
    for group, contact, name, sealed, shared in rows.values_list(
        "group", "user__contact", *columns
    ):
        own = Contact(pk=contact, phone=sealed).phone if sealed else ""
        found.setdefault(group, ([], shared))[0].append(Worker(name, own))
    return found


class _Pages:
    """Addresses of one place, worked out once and filled in for each group of a page."""

    def __init__(self) -> None:
        self._group = reverse("groups:group", args=[_SOME_ID])
        self._evening = reverse("groups:meeting", args=[_SOME_ID])
        self._see = reverse("home:sign_seen", args=[_SOME_ID, _SOME_KIND])
        self._again = reverse("home:sign_shown", args=[_SOME_ID, _SOME_KIND])

    def group(self, group: UUID) -> str:
        return self._group.replace(str(_SOME_ID), str(group))

    def reason(self, facts: GroupFacts, sign: Sign, day: date) -> Reason:
        evening = sign.kind == InGroup.SMALL_EVENING
        place = self._evening.replace(str(_SOME_ID), str(facts.evening))
        return Reason(
            kind=str(sign.kind),
            text=reason(facts, sign, day),
            tone=TONES[sign.need],
            action=action(sign),
            url=place if evening else self.group(facts.id) + line_of(sign),
            mark=sign.mark,
            see=self._of(self._see, facts.id, sign),
            show_again=self._of(self._again, facts.id, sign),
        )

    def _of(self, address: str, group: UUID, sign: Sign) -> str:
        return address.replace(str(_SOME_ID), str(group)).replace(_SOME_KIND, sign.kind)
