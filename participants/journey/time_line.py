"""The time line of a stay: who did what, when and why, for the group's workers.

From the moves (PhaseChange) and the other facts of this app. What a worry or a care concern says
stays on its own page. A fixed number of queries, however long the stay.
"""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Actor
from core.names import isolated
from core.ports import TimeLineEntry
from participants.models import (
    Agreement,
    ContactAttempt,
    ParentalConsent,
    PauseWish,
    PhaseChange,
    Trajectory,
    Worry,
)

Phase = Trajectory.Phase


def time_line(trajectory: Trajectory) -> list[TimeLineEntry]:
    """Answer to the port."""
    return [
        *_moves(trajectory),
        *_yeses(trajectory),
        *_parents(trajectory),
        *_contact(trajectory),
        *_worries(trajectory),
        *_wishes(trajectory),
    ]


def _entry(moment: datetime, text: str, kind: str, **fields: Any) -> TimeLineEntry:
    day = clock.day_of(moment)
    return TimeLineEntry(at=day, text=text, kind=kind, moment=moment, **fields)


def _name(user: Actor) -> str:
    return user.first_name if user is not None else ""


def _moves(trajectory: Trajectory) -> list[TimeLineEntry]:
    changes = PhaseChange.objects.filter(trajectory=trajectory).select_related("by")
    return [
        _entry(
            change.at,
            _text_of(change),
            "journey",
            who=_name(change.by),
            why=change.reason,
            correction=change.from_phase == Phase.FORMER,
        )
        for change in changes
    ]


def _text_of(change: PhaseChange) -> str:
    """Coming back from where one had gone says so; otherwise the phase itself."""
    if change.from_phase == change.to_phase == Phase.PAUSED:
        return _("The pause goes on")
    back = change.to_phase == Phase.PARTICIPATING
    if back and change.from_phase == Phase.FORMER:
        return _("The closing was taken back")
    if back and change.from_phase == Phase.LEAVING:
        return _("No goodbye after all")
    if back and change.from_phase == Phase.PAUSED:
        return _("Back from a pause")
    return str(change.get_to_phase_display())


def _yeses(trajectory: Trajectory) -> list[TimeLineEntry]:
    found = []
    for row in Agreement.objects.filter(trajectory=trajectory).select_related("text"):
        subject = row.get_subject_display()
        given = _("Said yes: {subject}, version {version}").format(
            subject=subject, version=row.text.version
        )
        found.append(_entry(row.given_at, given, "agreement"))
        if row.withdrawn_at is not None:
            text = _("Took back the yes: {subject}").format(subject=subject)
            found.append(_entry(row.withdrawn_at, text, "agreement"))
    return found


def _parents(trajectory: Trajectory) -> list[TimeLineEntry]:
    answers = ParentalConsent.objects.filter(trajectory=trajectory, answered_at__isnull=False)
    found = []
    for row in answers:
        if row.answered_at is not None:
            text = _("A parent said yes") if row.answer == "yes" else _("A parent said no")
            found.append(_entry(row.answered_at, text, "consent"))
        if row.withdrawn_at is not None:
            found.append(_entry(row.withdrawn_at, _("A parent took back the consent"), "consent"))
    return found


def _contact(trajectory: Trajectory) -> list[TimeLineEntry]:
    attempts = ContactAttempt.objects.filter(trajectory=trajectory).select_related("by")
    found = []
    for row in attempts:
        text = _("Contact: {outcome}").format(outcome=row.get_outcome_display())
        if row.conclusion:
            text += f", {row.get_conclusion_display()}"
        if row.quiet_until is not None:
            text += " " + _("until {day}").format(day=date_format(row.quiet_until, "j F"))
        found.append(_entry(row.at, text, "contact", who=_name(row.by), why=row.note))
    return found


def _worries(trajectory: Trajectory) -> list[TimeLineEntry]:
    rows = Worry.objects.filter(trajectory=trajectory).select_related(
        "by", "settled_by", "thought_along_by"
    )
    found = []
    for row in rows:
        found.append(_entry(row.at, _("Worried"), "worry", who=_name(row.by)))
        if row.thought_along_at is not None:
            text = _("The coordinator thought along")
            who = _name(row.thought_along_by)
            found.append(_entry(row.thought_along_at, text, "worry", who=who))
        if row.settled_at is not None:
            text, who = _("Agreed what to do about the worry"), _name(row.settled_by)
            found.append(_entry(row.settled_at, text, "worry", who=who, why=row.settled_note))
    return found


def _wishes(trajectory: Trajectory) -> list[TimeLineEntry]:
    person = isolated(trajectory.participant.call_name)
    return [
        _entry(row.asked_at, _("Asked for a pause"), "pause", who=person, why=row.why)
        for row in PauseWish.objects.filter(trajectory=trajectory)
    ]
