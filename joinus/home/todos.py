"""What waits for a regional coordinator about a group as a whole: its signs, as to-dos.

The coordinator's own page shows the signs beside their group (`joinus.home.start.regional`) and
does not ask for these kinds; who leads a group as well finds them in the list of what waits.
"""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.ports import Todo, TodoRule
from groups.health import words
from groups.health.signs import Sign
from groups.seats.newcomers import ago
from groups.todo_kinds import Kind as InGroup
from joinus.home.attention.facts import facts_of
from joinus.home.attention.signs import KINDS, GroupFacts, signs
from joinus.home.attention.todo_kinds import Kind
from participants.permissions import CONSULT

#: These lead to their own line on the page of the group.
ON_THE_PAGE = (InGroup.WORKERS, InGroup.SMALL_GROUP, InGroup.NO_LOGBOOK, InGroup.RHYTHM)


def todos(user: Viewer) -> list[Todo]:
    """Fewer than two workers (R-269), a waiting list of two weeks (R-045), fewer than five who
    take part (R-117) or were there last time (R-118), meetings without a logbook (R-142), and none
    for three weeks (R-114). One
    statement.
    """
    day = clock.today()
    return [
        _todo(facts, sign, day)
        for facts in facts_of(reach(user, CONSULT))
        for sign in signs(facts, day)
    ]


def reason(facts: GroupFacts, sign: Sign, day: date) -> str:
    """Why this group asks attention, in words."""
    if sign.kind != Kind.WAITING_LIST:
        return words.reason(facts, sign, day)
    weeks = (day - (facts.oldest or day)).days // 7
    return _("%(n)s on the waiting list, the oldest for %(weeks)s weeks") % {
        "n": facts.waiting,
        "weeks": weeks,
    }


def action(sign: Sign) -> str:
    """The one act of a sign: on the evening's page, or on the group's."""
    if sign.kind == InGroup.WORKERS:
        return _("Open the group")
    return _("A second group?") if sign.kind == Kind.WAITING_LIST else _("Look")


def line_of(sign: Sign) -> str:
    """Its own line on the page of the group, where it has one."""
    return f"#{sign.kind}" if sign.kind in ON_THE_PAGE else ""


def _todo(facts: GroupFacts, sign: Sign, day: date) -> Todo:
    url = reverse("groups:group", args=[facts.id])
    if sign.kind == InGroup.SMALL_EVENING:
        url = reverse("groups:meeting", args=[facts.evening])
    else:
        url += line_of(sign)
    about, urgency, when, title, since = {
        InGroup.WORKERS: (facts.id, 0, _("now"), _("%(group)s needs a youth worker"), None),
        Kind.WAITING_LIST: (
            facts.id, 1, _("waiting list"), _("Long waiting list for %(group)s"), facts.oldest,
        ),
        InGroup.SMALL_GROUP: (facts.id, 1, _("soon"), _("%(group)s is small"), None),
        InGroup.NO_LOGBOOK: (
            facts.id, 2, _("soon"), _("No logbook at %(group)s"), facts.unkept_on,
        ),
        InGroup.RHYTHM: (
            facts.id, 2, _("soon"), _("%(group)s has not met for more than three weeks"),
            facts.last_on,
        ),
        InGroup.SMALL_EVENING: (
            facts.evening,
            2,
            ago(facts.evening_on, day) if facts.evening_on else "",
            _("Few people at %(group)s"),
            facts.evening_on,
        ),
    }[sign.kind]  # fmt: skip
    return Todo(
        kind=sign.kind,
        about=about,
        urgency=urgency,
        when=when,
        title=title % {"group": facts.name},
        reason=reason(facts, sign, day),
        action=action(sign),
        url=url,
        since=since,
        group_id=facts.id,
    )


RULES = (TodoRule(KINDS, todos),)
