"""The menus: which pages a person finds in the bar of the layout.

`navigation` is a context processor. It gives `nav` (the signed-in person's menu), `public_nav`,
`foot_nav` and `account`. A page whose name does not resolve is left out, so that a menu never
leads to an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from challenges.permissions import MANAGE_SUPPORT_FORMS
from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import Permission, may
from core.organisations.permissions import SEE_GROUPS, SET_RETENTION
from core.templatetags.face import url_or
from groups.permissions import SEE_MEETINGS
from participants.consent.at_home import may_speak_of_parents_to
from participants.models import Trajectory
from participants.permissions import SEE_APPLICANTS, SET_CONSENT_POLICY

Phase = Trajectory.Phase


@dataclass(frozen=True)
class Entry:
    """A line of a menu before it is placed on a page: the label, the URL's name, the icon.

    With a `permission` the line is there only for who holds it somewhere today.
    """

    label: str | Promise
    name: str
    icon: str
    permission: Permission | None = None


@dataclass(frozen=True)
class Item:
    """A line of a menu on this page. `count` is what waits there (0 shows nothing)."""

    label: str | Promise
    url: str
    icon: str
    current: bool = False
    count: int = 0


HELP = Entry(_("Help"), "participants:who_helps", "life-buoy")
FOR_PARENTS = Entry(_("For parents"), "home:for_parents", "users")
PUBLIC = (
    Entry(_("How it works"), "home:how_it_works", "info"),
    FOR_PARENTS,
    HELP,
)
#: Written for professionals, in their words: not in the menu that a young person meets first.
FOOT = (
    Entry(_("For professionals"), "home:for_professionals", "building-2"),
    Entry(_("Privacy"), "home:privacy", "lock"),
    Entry(_("Accessibility"), "home:accessibility", "eye"),
)
TODAY = Entry(_("Today"), "home:today", "house")
CALENDAR = Entry(_("Calendar"), "groups:calendar", "calendar")
ROUTE = Entry(_("My route"), "participants:own_route", "route")
ONWARD = Entry(_("On your own"), "participants:onward", "heart")
ABOUT_ME = Entry(_("About me"), "participants:details", "user")
ARRIVING = (TODAY, ROUTE, ABOUT_ME, HELP)
IN_GROUP = (
    TODAY,
    CALENDAR,
    Entry(_("Challenge"), "challenges:mine", "star"),
    Entry(_("Group"), "groups:mine", "message-square"),
    HELP,
)
LEFT = (TODAY, ONWARD, ABOUT_ME, HELP)
ELSEWHERE = (TODAY, ABOUT_ME, HELP)
#: What is of use to a young person in each phase of the newest stay: a bar of five at most, and
#: help is the last of it, always (R-348).
TABS: dict[str, tuple[Entry, ...]] = {
    Phase.SIGNED_UP: ARRIVING,
    Phase.INTAKE: ARRIVING,
    Phase.TRIAL: (TODAY, CALENDAR, ROUTE, HELP),
    Phase.PARTICIPATING: IN_GROUP,
    Phase.PAUSED: IN_GROUP,
    Phase.LEAVING: IN_GROUP,
    Phase.FORMER: LEFT,
    Phase.REFERRED: ELSEWHERE,
    Phase.WITHDRAWN: ELSEWHERE,
}
STAFF = (
    Entry(_("Today"), "home:today", "house"),
    Entry(_("My groups"), "groups:list", "users", SEE_MEETINGS),
    Entry(_("Sign-ups"), "participants:applicants", "user-plus", SEE_APPLICANTS),
    Entry(_("Calendar"), "groups:calendar", "calendar", SEE_MEETINGS),
    Entry(_("Parents' consent"), "participants:policies", "shield", SET_CONSENT_POLICY),
    Entry(_("How long we keep"), "home:retention", "clock", SET_RETENTION),
    Entry(_("Support forms"), "challenges:support_forms", "heart", MANAGE_SUPPORT_FORMS),
)


def place(entries: Iterable[Entry], path: str, counts: dict[str, int] | None = None) -> list[Item]:
    """Resolve the entries and mark the one whose address is the longest beginning of `path`."""
    addresses = ((entry, url_or(entry.name)) for entry in entries)
    found = [(entry, url) for entry, url in addresses if url]
    here = max((url for _entry, url in found if path.startswith(url)), key=len, default=None)
    return [
        Item(
            e.label,
            url,
            e.icon,
            current=url == here,
            count=(counts or {}).get(e.name, 0),
        )
        for e, url in found
    ]


def tabs_of(user: Viewer) -> tuple[Entry, ...]:
    """The bar of this young person today; who stopped has the bar of who left (R-109), and who
    waits until something is arranged finds no evening and no challenge in it."""
    stay = user.__dict__["_placed_at"] if "_placed_at" in user.__dict__ else _newest_stay(user)
    if stay is None:
        return (TODAY, HELP)
    if stay.stopped_on is not None and stay.phase in Phase.PLACED:
        return LEFT
    if stay.blocked_reason and stay.phase in Phase.PLACED:
        return ELSEWHERE
    return TABS[stay.phase]


def place_of(user: Viewer, stay: Trajectory | None) -> None:
    """The newest stay, as a page that shows it has just read it: its bar asks no second time."""
    user.__dict__["_placed_at"] = stay


def _newest_stay(user: Viewer) -> Trajectory | None:
    stays = Trajectory.objects.visible_to(user).order_by("-signed_up_at")
    return stays.only("phase", "stopped_on", "blocked_reason").first()


def _public(user: Viewer | None) -> list[Entry]:
    """The menu of everybody's pages; without parents where home may not know (R-346)."""
    speaks = may_speak_of_parents_to(user)
    return [entry for entry in PUBLIC if speaks or entry is not FOR_PARENTS]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the menus of this person on this page."""
    user = getattr(request, "user", None)
    path = request.path
    young = is_participant(user)

    def own() -> list[Item]:
        if user is None or not user.is_authenticated:
            return []
        if young:
            return place(tabs_of(user), path)
        return place((e for e in STAFF if not e.permission or may(user, e.permission)), path)

    return {
        "nav": SimpleLazyObject(own),
        "young": young,
        "public_nav": SimpleLazyObject(lambda: place(_public(user), path)),
        "foot_nav": SimpleLazyObject(lambda: place(FOOT, path)),
        "search_url": SimpleLazyObject(
            lambda: url_or("home:search") if user and not young and may(user, SEE_GROUPS) else ""
        ),
        "account": {
            "name": user.first_name if user is not None and user.is_authenticated else "",
            "url": url_or("participants:details" if young else "mfa_index"),
        },
    }
