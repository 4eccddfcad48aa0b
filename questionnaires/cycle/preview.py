"""What an act would do to the questionnaires, said before it is done (R-131).

Answers the port `cycle_preview`: the act stands on trial, the waves are looked at, the act is taken
back, and they are looked at again. Both looks go through the rules that the act itself goes through
(`questionnaires.cycle.waves`), at the same moment; what differs is said in the worker's words. What
a sweep would have done anyway stands in both, so it is never said to be the act's doing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from core import clock
from core.ports import Consequence
from participants.models import Trajectory
from questionnaires.cycle import facts as known
from questionnaires.cycle.attended_meetings import judged
from questionnaires.cycle.earned import earned
from questionnaires.cycle.facts import StayFacts
from questionnaires.cycle.reasons import short_day, wave_name
from questionnaires.cycle.waves import openings, standing
from questionnaires.models import Draft, Invitation

State, Phase = Invitation.State, Trajectory.Phase

Key = tuple[str, int]
#: Not a state of a row: the wave is earned, and opens on its day, tonight, or after a hold.
AHEAD, TONIGHT, WAITS = "ahead", "tonight", "waits"
COMING = (AHEAD, TONIGHT, WAITS)


class Look(NamedTuple):
    """One wave at one moment. `opened_on`: its opening, when there is one."""

    state: str
    earned_on: date
    opened_on: date | None = None


def consequences(trajectory_ids: Collection[UUID]) -> Callable[[], list[Consequence]]:
    """An act stands on trial now; asked again when it was taken back, the answer says what it does.

    In the order of the stays, of each what lapses first. Five queries, whatever their number.
    """
    now = clock.now()
    then = {stay.trajectory: stay for stay in known.load(trajectory_ids)}

    def said() -> list[Consequence]:
        begun = _begun(trajectory_ids)
        return [
            Consequence(stay.trajectory, kind, text)
            for stay in known.load(trajectory_ids)
            if stay.trajectory in then
            for kind, text in differences(stay, then[stay.trajectory], now, begun[stay.trajectory])
        ]

    return said


def differences(
    before: StayFacts, after: StayFacts, at: datetime, begun: Collection[tuple[Key, date]] = ()
) -> list[tuple[str, str]]:
    """(opens | moves | misses | closes | withdraws | anew, the sentence).

    `begun`: openings, by wave and day, of which answers were given that were not sent.
    """
    old, new = looks(before, at), looks(after, at)
    there = openings(before, at)
    known_days = {key: {row.opened_on for row in rows} for key, rows in there.items()}
    found = [
        ("withdraws", _("This takes back %(wave)s.") % {"wave": wave_name(*key)})
        for key in old
        if key not in new
    ]
    for key, look in new.items():
        was = old.get(key)
        again = look.opened_on in known_days.get(key, ())
        found += [(kind, text % _words(key, look)) for kind, text in _said(was, look, again)]
        if was and was.opened_on and (key, was.opened_on) in begun and _is_new(was, look):
            text = _("%(wave)s begins anew then: answers so far are not carried over.")
            found.append(("anew", _with_a_capital(text % _words(key, look))))
    return found


def looks(stay: StayFacts, at: datetime) -> Mapping[Key, Look]:
    """What stands at that moment, and what is earned and still to come; oldest first."""
    evening = clock.evening_of(at)
    found = {
        wave.key: Look(wave.state, wave.earned_on, wave.opened_on)
        for wave in standing(stay, at, noticed_on=evening)
    }
    if stay.phase in Phase.ENDED_EARLY or stay.follow_up_waived == Trajectory.Waived.ERASED:
        return found
    for wave in earned(stay, judged(stay)):
        if wave.key not in found:
            is_over = wave.ready_at is None or wave.ready_at <= at
            state = AHEAD if wave.earned_on > clock.day_of(at) else WAITS if is_over else TONIGHT
            found[wave.key] = Look(state, wave.earned_on)
    return found


def _said(old: Look | None, new: Look, again: bool) -> Iterator[tuple[str, str]]:
    """`again`: this very opening was there already."""
    was = old.state if old else ""
    if new.state == State.ANSWERED or (was == new.state and old == new):
        return
    moved = old is not None and old.earned_on != new.earned_on
    if moved:
        yield "moves", _("This moves %(wave)s to %(day)s.")
    if new.state in COMING:
        if not moved and was not in COMING:
            yield from _comes_later(new.state, was)
    elif new.state == State.OPEN:
        if was in (State.MISSED, State.CLOSED) or (was != State.OPEN and again):
            yield "opens", _("This opens %(wave)s again.")
        elif was != State.OPEN or not (moved or again):
            yield "opens", _("This opens %(wave)s.")
    elif new.state == State.MISSED and was != State.MISSED:
        yield "misses", _("This writes down %(wave)s as missed; nothing is sent.")
    elif new.state == State.CLOSED and was != State.CLOSED:
        yield "closes", _("This closes %(wave)s; it is not asked any more.")


def _comes_later(state: str, was: str) -> Iterator[tuple[str, str]]:
    if was:
        yield "withdraws", _("This takes back %(wave)s for now.")
    if state == AHEAD:
        yield "opens", _("This opens %(wave)s on %(day)s.")
    elif state == TONIGHT:
        yield "opens", _("This opens %(wave)s as soon as the evening is over.")
    else:
        yield "opens", _("This opens %(wave)s as soon as nothing holds it up any more.")


def _is_new(old: Look, new: Look) -> bool:
    return new.state in (State.OPEN, *COMING) and new.opened_on != old.opened_on


def _words(key: Key, look: Look) -> dict[str, str]:
    return {"wave": wave_name(*key), "day": short_day(look.earned_on.isoformat())}


def _with_a_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _begun(trajectory_ids: Collection[UUID]) -> Mapping[UUID, Collection[tuple[Key, date]]]:
    rows = Draft.objects.filter(
        invitation__trajectory__in=trajectory_ids, invitation__state=State.OPEN, partial=False
    ).values_list(
        *(f"invitation__{name}" for name in ("trajectory", "wave", "sequence", "opened_on"))
    )
    found: dict[UUID, set[tuple[Key, date]]] = defaultdict(set)
    for stay, wave, sequence, opened_on in rows:
        found[stay].add(((wave, sequence), opened_on))
    return found
