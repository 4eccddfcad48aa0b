"""Closing a stay, seen whole: what ends with it and what comes after, told before and afterwards.

The rule is `groups.goodbye.leaving.close_stay`. This page only looks at every floor, just before
and just after it, in the same transaction: what is no longer there has ended.
"""

from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from challenges.models import Challenge
from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.messaging.models import Message
from core.months import add_months
from core.organisations.models import Group
from groups.beforehand.said import what_it_changes
from groups.goodbye.leaving import close_stay
from groups.models import Placement
from groups.todo_kinds import Kind
from joinus.home.waiting import kinds_of_a_stay, todos_for
from participants.models import Trajectory
from participants.stay.lock import lock
from participants.stay.no_messages import is_left_alone
from questionnaires.answers.answers_table import heading
from questionnaires.cycle import on_hold
from questionnaires.cycle.earned import MONTHS_TO_FOLLOW_UP
from questionnaires.cycle.reasons import wave_name
from questionnaires.models import Invitation, Wave

ExitKind, Reason = Trajectory.ExitKind, Trajectory.ExitReason

#: What a closing does to a questionnaire and the list of what is open does not say.
SAID = frozenset({"opens", "moves", "withdraws", "anew"})

#: To-dos that ask for this very goodbye.
LEADS_HERE = frozenset({Kind.CLOSE, Kind.STOPPED, Kind.TURNS_31})


@dataclass(frozen=True)
class Line:
    """One open thing about a stay. The same kind about the same row afterwards: it stays open.

    `lasts`, said beforehand: a closing leaves it as it is, a promise or what follows from leaving.
    Afterwards the facts tell.
    """

    kind: str
    text: str
    about: UUID | None = None
    lasts: bool = False

    @property
    def which(self) -> tuple[str, UUID | None]:
        return self.kind, self.about


@dataclass(frozen=True)
class Closed:
    ended: list[Line]
    stays: list[Line]


def open_things(stay: Trajectory, user: Viewer) -> list[Line]:
    """The seat, challenges, open questions, messages that wait, and what waits for this worker."""
    found = []
    group = Group.objects.filter(placements__in=_open_placement(stay)).first()
    if group is not None:
        found.append(Line("seat", _("The place in {group}").format(group=group)))
    going = Challenge.objects.visible_to(user).going().filter(trajectory=stay)
    found += [
        Line("challenge", _("The challenge “{words}”").format(words=row.text), about=row.pk)
        for row in going
    ]
    waves = Invitation.objects.open().filter(trajectory=stay)
    for wave in waves:
        name = heading(wave.wave, wave.sequence)
        found.append(
            Line(
                wave.wave,
                _("Questions: {name}, not answered yet").format(name=name),
                about=wave.pk,
                lasts=wave.wave == Wave.EXIT,
            )
        )
    about = Invitation.objects.filter(trajectory=stay).values_list("pk", flat=True)
    waiting = Message.objects.filter(
        subject_id__in=[stay.pk, *about],
        contact=stay.participant.contact_id,
        state=Message.State.QUEUED,
    )
    found += [
        Line("message", _("A message about it, ready to be sent"), about=row.pk) for row in waiting
    ]
    found += [
        Line(todo.kind, todo.title, about=todo.about, lasts=todo.lasts)
        for todo in todos_for(user, kinds_of_a_stay() - LEADS_HERE)
        if todo.stay_id == stay.pk
    ]
    return found


def _open_placement(stay: Trajectory) -> QuerySet[Placement]:
    return Placement.objects.filter(trajectory=stay, last_day__isnull=True)


def for_the_questionnaires(stay: Trajectory, by: User) -> list[str]:
    """Sentences, before it is closed: which questionnaires a closing opens, moves or takes back.

    How it ends is chosen on this very page and decides about the goodbye's questions: what is so
    only after one answer says so. Nothing where closing would be refused, and nothing of the
    questions of three months later, which `comes_after` tells of.
    """
    later = wave_name(Wave.FOLLOW_UP)
    goodbye, lost = (
        [
            one.text
            for one in what_it_changes(
                partial(
                    close_stay, trajectory=copy(stay), exit_kind=kind, exit_reason=reason, by=by
                )
            )
            or ()
            if one.kind in SAID and later not in one.text
        ]
        for kind, reason in (
            (ExitKind.OTHER, Reason.OWN_WISH),
            (ExitKind.DROP_OUT, Reason.NO_CONTACT),
        )
    )
    how = {"how": Reason.NO_CONTACT.label}
    said = [text for text in goodbye if text in lost]
    if only := [text for text in goodbye if text not in lost]:
        said.append(" ".join([*only, _("Not when you choose “%(how)s”.") % how]))
    if other := [text for text in lost if text not in goodbye]:
        said.append(_("When you choose “%(how)s”: %(text)s") % {**how, "text": " ".join(other)})
    return said


def would_leave_on(stay: Trajectory) -> date:
    """`exited_on` of a closing now; a last evening that is still to come is then forgotten."""
    today, agreed = clock.today(), stay.last_meeting_on
    return agreed if agreed and agreed <= today else stay.stopped_on or today


@transaction.atomic
def close(*, stay: Trajectory, by: User, **how: Any) -> Closed:
    """Close the stay and tell what ended with it. Raises what `close_stay` raises."""
    lock(stay)
    before = open_things(stay, by)
    close_stay(trajectory=stay, by=by, **how)
    stay.refresh_from_db()
    after = open_things(stay, by)
    left = {line.which for line in after}
    return Closed([line for line in before if line.which not in left], after)


def follow_up_on(stay: Trajectory) -> date | None:
    """The day the questions of three months later come; None when nobody asks."""
    left_on = stay.exited_on or stay.stopped_on
    if left_on is None or stay.follow_up_waived or is_left_alone(stay):
        return None
    return add_months(left_on, MONTHS_TO_FOLLOW_UP)


def comes_after(stay: Trajectory, *, exited_on: date | None = None) -> str:
    """A sentence: when the questions come and who calls; or that nothing comes, and why."""
    name = stay.shown_name
    if is_left_alone(stay):
        return _("{name} wants no contact afterwards: no questions, no call.").format(name=name)
    if stay.follow_up_waived:
        return _("{name} takes part again: nothing is asked about this stay.").format(name=name)
    if not on_hold.has_a_yes(stay):
        return _(
            "Waiting for consent: {name} gets no questions until then, and nobody calls about them."
        ).format(name=name)
    day = add_months(exited_on or stay.exited_on or clock.today(), MONTHS_TO_FOLLOW_UP)
    asks = (
        _("On {day} {name} gets 22 questions; after that you send a message.")
        if stay.afterwards_by == Trajectory.Afterwards.MESSAGE
        else _("On {day} {name} gets 22 questions; after that you call.")
    )
    return asks.format(day=date_format(day, "j F Y"), name=name)
