"""Who writes on a farewell card: whoever takes part in that group now, and its youth workers."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock
from core.names import isolated
from groups.farewell.standing import Author, Line
from groups.models import Attendance, FarewellCard, FarewellText, Placement
from participants.models import Trajectory
from participants.person.shown_name import by_call_name
from participants.recusal.recusal import guides_of


def lines_of(card: FarewellCard) -> list[Line]:
    """Everybody who is asked, and whoever wrote before they left, with what stands of theirs.

    Wants `card.trajectory`. Not asked are who says goodbye, who comes to get to know the group,
    and who is blocked: what a blocked person wrote is not used as long as that lasts.
    """
    texts = list(
        FarewellText.objects.filter(card=card).select_related(
            "by_stay__participant", "by_worker", "read_by"
        )
    )
    by_stay = {text.by_stay_id: text for text in texts if text.by_stay_id is not None}
    by_worker = {text.by_worker_id: text for text in texts if text.by_worker_id}
    lines = [Line(one, by_stay.pop(one.stay, None)) for one in _participants(card) if one.stay]
    for text in by_stay.values():
        if text.by_stay is not None and not text.by_stay.blocked_reason:
            lines.append(Line(_of_stay(text.by_stay), text))
    for worker in guides_of(card.trajectory):
        author = Author(worker.first_name, worker.first_name, worker=worker.pk)
        lines.append(Line(author, by_worker.pop(worker.pk, None)))
    for earlier in by_worker.values():
        if earlier.by_worker is not None:
            called = earlier.by_worker.first_name
            author = Author(called, called, worker=earlier.by_worker_id)
            lines.append(Line(author, earlier))
    return lines


def readers_of(stay: Trajectory) -> str:
    """Who reads the words for this card first, in words: *Daan or Fleur*; nobody yet: empty."""
    names = [isolated(worker.first_name) for worker in guides_of(stay)]
    return (
        _("{some} or {last}").format(some=", ".join(names[:-1]), last=names[-1])
        if len(names) > 1
        else "".join(names)
    )


def here_tonight(card: FarewellCard) -> set[UUID]:
    """The stays that were written down as here at the meeting of this evening."""
    rows = Attendance.objects.filter(
        meeting__group=card.trajectory.group_id,
        meeting__date=clock.evening_of(clock.now()),
        state=Attendance.State.PRESENT,
    )
    return set(rows.values_list("trajectory", flat=True))


def _participants(card: FarewellCard) -> list[Author]:
    seats = (
        Placement.objects.held()
        .filter(
            ~Q(trajectory=card.trajectory_id),
            group=card.trajectory.group_id,
            trial=False,
            trajectory__blocked_reason="",
        )
        .select_related("trajectory__participant")
        .order_by(*by_call_name("trajectory__"))
    )
    return [_of_stay(seat.trajectory) for seat in seats]


def _of_stay(stay: Trajectory) -> Author:
    return Author(
        stay.shown_name, stay.participant.call_name, stay=stay.pk, person=stay.participant_id
    )
