"""Who and what is found by a part of the name, and by whom (R-373, docs/adr/0019).

Scope first: the groups within reach are read once and say which stays are looked at, what groups
and organisations are called and in which region this is. So a search never touches a name out of
reach: a miss and somebody elsewhere cost the same and look the same.

Workers find the people of their own groups, sign-ups too. A coordinator finds those whose journey
may be followed, and the sign-ups that wait for her. Who stays out of a stay does not find it.
Everybody else finds groups and organisations and never a person.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import RoleAssignment, first_name_of
from core.accounts.rights import Reach, may, reach
from core.accounts.roles import Role
from core.ages import age_on
from core.names import Part, alphabetical, in_order, parts, typed
from core.organisations.models import Group, Organisation
from core.organisations.permissions import SEE_GROUPS
from groups.permissions import SEE_MEETINGS
from joinus.home.search.people import named, within_reach
from participants.models import Trajectory

Phase = Trajectory.Phase
SHORTEST = 2
LONGEST = 60
#: While typing: so many people, groups, organisations.
GLANCE = (8, 5, 5)
#: On the page of all hits; beyond it one is asked to type more.
MOST = 500
#: Whose phase stands beside the name, and how; of somebody who simply takes part nothing does.
TONES: dict[str, str] = {
    Phase.SIGNED_UP: "info",
    Phase.INTAKE: "info",
    Phase.TRIAL: "info",
    Phase.PAUSED: "neutral",
    Phase.LEAVING: "neutral",
    Phase.REFERRED: "neutral",
}


@dataclass(frozen=True)
class Hit:
    """A line: the name in pieces, a quiet line below, where it leads ('' leads nowhere)."""

    name: str
    parts: list[Part]
    about: str
    url: str
    tone: str = ""
    word: str = ""


@dataclass(frozen=True)
class Hits:
    """What was found. `more`: there is more than is shown; `too_short`: not looked yet."""

    text: str = ""
    too_short: bool = False
    people: list[Hit] = field(default_factory=list)
    groups: list[Hit] = field(default_factory=list)
    organisations: list[Hit] = field(default_factory=list)
    stays: list[UUID] = field(default_factory=list)
    more: bool = False
    scope: str = ""

    @property
    def count(self) -> int:
        return len(self.people) + len(self.groups) + len(self.organisations)


@dataclass(frozen=True)
class Place:
    """A group within reach, with what its lines need."""

    id: UUID
    name: str
    folded: str
    location: str
    organisation: str
    folded_organisation: str
    region: str
    region_id: UUID


PLACE = (
    "pk",
    "name",
    "search_name",
    "location__name",
    "location__organisation__name",
    "location__organisation__search_name",
    "location__region__name",
    "location__region_id",
)


def may_search(user: Viewer) -> bool:
    """Professionals whom something is within reach of; a young person or a parent never."""
    return may(user, SEE_GROUPS)


def cleaned(text: str) -> str:
    """What was typed, fit to look for and to show again: no invisible characters, not endless."""
    return "".join(c for c in text[: LONGEST * 4] if c.isprintable()).strip()[:LONGEST]


def find(user: Viewer, text: str, most: tuple[int, int, int] = GLANCE) -> Hits:
    """At most so many people, groups and organisations: those that begin so first."""
    text = cleaned(text)
    wanted = typed(text)
    if len(wanted) < SHORTEST:
        return Hits(text=text, too_short=bool(text))
    far = reach(user, SEE_GROUPS)
    places = _places(user, far, wanted, most[1] + 1)
    found = _people(user, wanted, {p.id: p for p in places}, most[0] + 1)
    groups = _sorted((p for p in places if wanted in p.folded), wanted, lambda p: p.folded)
    employers = _employers(far, places, wanted, most[2] + 1)
    return Hits(
        text=text,
        people=[hit for _stay, hit in found[: most[0]]],
        stays=[stay for stay, _hit in found[: most[0]]],
        groups=_group_hits(user, groups[: most[1]], wanted),
        organisations=[_organisation_hit(user, *row, wanted) for row in employers[: most[2]]],
        more=len(found) > most[0] or len(groups) > most[1] or len(employers) > most[2],
        scope=scope_words(far, places),
    )


def scope_words(far: Reach, places: Iterable[Place]) -> str:
    """The only word on how far this looks; it says the same whatever was typed."""
    if far.national:
        return _("Searches all groups and organisations")
    if far.regions:
        regions = sorted({p.region for p in places if p.region_id in far.regions}, key=in_order)
        return _("Searches in {regions}").format(regions=", ".join(regions))
    if far.organisations:
        return _("Searches the groups of your organisation")
    return _("Searches in your own groups")


def _places(user: Viewer, far: Reach, wanted: str, most: int) -> list[Place]:
    """Every group within reach; of the whole country some that are named so, and the own ones."""
    groups = Group.objects.visible_to(user).order_by(alphabetical("search_name"), "pk")
    if not far.national:
        return [Place(*row) for row in groups.values_list(*PLACE)]
    called = groups.filter(search_name__contains=wanted).order_by(_begins(wanted), "search_name")
    rows = list(called.values_list(*PLACE)[:most])
    if nearer := Reach(False, far.regions, far.organisations, far.groups):
        rows += groups.filter(nearer.as_q()).values_list(*PLACE)
    return [Place(*row) for row in dict.fromkeys(rows)]


def _employers(far: Reach, places: list[Place], wanted: str, most: int) -> list[tuple[str, int]]:
    """Organisations that are called so, with the number of their groups within reach."""
    if far.national:
        called = Organisation.objects.filter(search_name__contains=wanted)
        counted = called.annotate(n=Count("locations__groups"))
        rows = counted.order_by(_begins(wanted), "search_name").values_list("name", "n")
        return list(rows[:most])
    here = [p for p in places if wanted in p.folded_organisation]
    of = Counter((p.folded_organisation, p.organisation) for p in here)
    ordered = _sorted(of, wanted, lambda names: names[0])
    return [(names[1], of[names]) for names in ordered]


def _begins(wanted: str) -> Case:
    return Case(When(search_name__startswith=wanted, then=Value(0)), default=Value(1))


def _sorted(found: Iterable[Any], wanted: str, name: Any) -> list[Any]:
    return sorted(found, key=lambda row: (not name(row).startswith(wanted), name(row)))


# ---- People ---------------------------------------------------------------------------------


def _people(
    user: Viewer, wanted: str, places: dict[UUID, Place], most: int
) -> list[tuple[UUID, Hit]]:
    looked_at = within_reach(user, {p.id: p.region_id for p in places.values()})
    ids = named(user, looked_at, wanted, most)
    return _lines(ids, wanted, looked_at.own, places) if ids else []


def _lines(
    ids: list[UUID], wanted: str, own: frozenset[UUID], places: dict[UUID, Place]
) -> list[tuple[UUID, Hit]]:
    rows = Trajectory.objects.filter(pk__in=ids).values_list(
        "pk",
        "shown_name",
        "participant__birth_date",
        "phase",
        "exit_kind",
        "waiting_since",
        "group_id",
    )
    today = clock.today()
    found = {}
    for stay, name, born, phase, exit_kind, waiting_since, group_id in rows:
        age = age_on(born, today)
        about = ngettext("%(n)s year", "%(n)s years", age) % {"n": age}
        place = places.get(group_id)
        if place is not None:
            about = f"{about} · {place.name}, {place.organisation}"
        tone, word = _mark(phase, exit_kind, waits=waiting_since is not None)
        url = _page_of(stay, phase, group_id, leads=group_id in own)
        found[stay] = Hit(name, parts(name, wanted), about, url, tone, word)
    return [(stay, found[stay]) for stay in ids if stay in found]


def _mark(phase: str, exit_kind: str, *, waits: bool) -> tuple[str, str]:
    if waits and phase in Phase.ARRIVING:
        return "waits", _("waiting list")
    if phase == Phase.WITHDRAWN or exit_kind == Trajectory.ExitKind.DROP_OUT:
        return "neutral", _("stopped")
    if phase == Phase.FORMER:
        return "neutral", _("finished")
    tone = TONES.get(phase, "")
    return tone, str(Phase(phase).label) if tone else ""


def _page_of(stay: UUID, phase: str, group_id: UUID | None, *, leads: bool) -> str:
    """The page that this role has about somebody: the coordinator's is the group's."""
    if phase in Phase.ARRIVING:
        return reverse("participants:applicant", args=[stay])
    if leads:
        return reverse("home:file", args=[stay])
    if phase in Phase.OVER:
        return reverse("challenges:of_stay", args=[stay])
    return reverse("groups:group", args=[group_id])


# ---- Groups and organisations ---------------------------------------------------------------


def _group_hits(user: Viewer, found: list[Place], wanted: str) -> list[Hit]:
    """Who may open a group's page reads who guides it; everybody else has its figures."""
    if not may(user, SEE_MEETINGS):
        return [Hit(p.name, parts(p.name, wanted), p.location, _figures_of(p.name)) for p in found]
    workers = _workers_of([place.id for place in found]) if found else {}
    hits = []
    for place in found:
        about = place.location
        if names := workers.get(place.id):
            guides = ngettext("{names} guides", "{names} guide", len(names))
            about = f"{about} · {guides.format(names=_and(names))}"
        url = reverse("groups:group", args=[place.id])
        hits.append(Hit(place.name, parts(place.name, wanted), about, url))
    return hits


def _organisation_hit(user: Viewer, name: str, number: int, wanted: str) -> Hit:
    about = ngettext("%(n)s group", "%(n)s groups", number) % {"n": number}
    if may(user, SEE_MEETINGS):
        url = reverse("groups:list", query={"q": name})
    else:
        url = _figures_of(name)
    return Hit(name, parts(name, wanted), about, url)


def _figures_of(name: str) -> str:
    return reverse("home:today", query={"q": name})


def _workers_of(groups: list[UUID]) -> dict[UUID, list[str]]:
    rows = (
        RoleAssignment.objects.in_force(clock.today())
        .filter(group__in=groups, role=Role.YOUTH_WORKER, user__is_active=True)
        .order_by(alphabetical("user__name"), "user__name")
        .values_list("group_id", "user__name")
        .distinct()
    )
    found: dict[UUID, list[str]] = {}
    for group, name in rows:
        found.setdefault(group, []).append(first_name_of(name))
    return found


def _and(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])
