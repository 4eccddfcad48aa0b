"""A sign in words: why it asks attention, and the one next step. The same for everybody."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.dates import in_full
from core.organisations.models import Group
from groups.health.facts import Health
from groups.health.signs import GroupFacts, Sign, signs
from groups.todo_kinds import Kind


def reason(facts: GroupFacts, sign: Sign, day: date) -> str:
    """Why this group asks attention."""
    if sign.kind == Kind.WORKERS:
        if facts.workers:
            return _("One youth worker; a group has two.")
        return _("No youth worker; a group has two.")
    if sign.kind == Kind.SMALL_GROUP:
        if not facts.taking_part:
            return _("Nobody takes part; a group works from five on.")
        return ngettext(
            "{n} person takes part; a group works from five on.",
            "{n} people take part; a group works from five on.",
            facts.taking_part,
        ).format(n=facts.taking_part)
    if sign.kind == Kind.NO_LOGBOOK:
        return ngettext(
            "{n} meeting without a logbook, of {day}.",
            "{n} meetings without a logbook, the last one of {day}.",
            facts.unkept,
        ).format(n=facts.unkept, day=in_full(facts.unkept_on or day))
    if sign.kind == Kind.RHYTHM:
        last = in_full(facts.last_on or day)
        if facts.next_on is None:
            return _("The last meeting was on {last}, and none is planned.").format(last=last)
        return _("No meeting since {last}; the next one is on {next}.").format(
            last=last, next=in_full(facts.next_on)
        )
    on = in_full(facts.evening_on or day)
    if not facts.here:
        return _("Nobody was there on {day}.").format(day=on)
    return ngettext(
        "{n} was there on {day}. With fewer than five, practising is hard.",
        "{n} were there on {day}. With fewer than five, practising is hard.",
        facts.here,
    ).format(n=facts.here, day=on)


@dataclass(frozen=True)
class Line:
    """A sign as it stands on the page of the group. Without a `url`: something to talk about."""

    kind: str
    text: str
    step: str
    url: str = ""


def lines(group: Group, facts: Health, day: date, *, leads: bool) -> list[Line]:
    """Every sign with its next step; `leads`: for the own youth workers, who plan and invite."""
    return [
        Line(str(sign.kind), reason(facts, sign, day), *_step(group, facts, sign, leads))
        for sign in signs(facts, day)
    ]


def _step(group: Group, facts: Health, sign: Sign, leads: bool) -> tuple[str, str]:
    if sign.kind == Kind.SMALL_EVENING:
        return _("See who was there"), reverse("groups:meeting", args=[facts.evening])
    if sign.kind == Kind.NO_LOGBOOK and leads:
        return _("Fill in the logbook"), reverse("groups:logbook", args=[facts.unkept_last])
    if not leads:
        if sign.kind == Kind.WORKERS:
            return _("Ask the organisation who can become a youth worker here."), ""
        return _("Talk about it with the youth workers of the group."), ""
    if sign.kind == Kind.RHYTHM:
        return _("Plan meetings"), reverse("groups:plan", args=[group.pk])
    if sign.kind == Kind.SMALL_GROUP:
        return _("See who signed up"), reverse("participants:applicants")
    return _("Talk about it with your regional coordinator, who sees this too."), ""
