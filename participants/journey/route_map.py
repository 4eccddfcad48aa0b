"""The route map: the whole path from sign-up to aftercare, with the own position (R-088, R-089).

Pure on top: six stops with what each means, read from the facts of one stay. Leaving is drawn
from the first day as where the path goes, not as an end. Somebody helped elsewhere, or who
stopped, stands nowhere on it: the path stays drawn, and a kind sentence says what holds now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from participants.models import PhaseChange, Trajectory
from participants.stay import follow_up

Phase = Trajectory.Phase

DONE, HERE, NEXT = "done", "here", "next"
STOPS: tuple[tuple[str, Promise, Promise], ...] = (
    (
        "start",
        gettext_lazy("Signed up"),
        gettext_lazy("You signed up. A youth worker gets in touch in the way you chose."),
    ),
    (
        "talk",
        gettext_lazy("First talk"),
        gettext_lazy(
            "You talk about what you want and what Join Us is. Together you see whether it fits."
        ),
    ),
    (
        "meet",
        gettext_lazy("First evening"),
        gettext_lazy("You come once to get to know the group. Just watching is fine too."),
    ),
    (
        "join",
        gettext_lazy("Joining in"),
        gettext_lazy(
            "Every two weeks an evening with your group. You choose what you want to try."
            " Now and then we ask how it goes. For most people this takes about a year."
        ),
    ),
    (
        "goodbye",
        gettext_lazy("Saying goodbye"),
        gettext_lazy(
            "Nobody stays for ever: that is the idea. When things go well you choose, together with"
            " your youth workers, a last evening. You get a card from the group."
        ),
    ),
    (
        "onward",
        gettext_lazy("On your own"),
        gettext_lazy(
            "You go on with your own people. After three months we ask how you are."
            " The door stays open for a question."
        ),
    ),
)
PLACE = {
    Phase.SIGNED_UP: 0,
    Phase.INTAKE: 1,
    Phase.TRIAL: 2,
    Phase.PARTICIPATING: 3,
    Phase.PAUSED: 3,
    Phase.LEAVING: 4,
    Phase.FORMER: 5,
}
REACHED_BY = {"talk": Phase.INTAKE, "join": Phase.PARTICIPATING, "goodbye": Phase.LEAVING}


@dataclass(frozen=True)
class Stop:
    """One place on the path. `since`: the day it was reached, where a day says something."""

    key: str
    title: str
    meaning: str
    state: str  # done | here | next
    since: date | None = None

    @property
    def is_here(self) -> bool:
        return self.state == HERE


@dataclass(frozen=True)
class Route:
    """The path of one stay. `now` says what holds today beside the stops, in kind words."""

    stops: tuple[Stop, ...]
    now: str
    on_the_path: bool
    stopped: bool = False

    @property
    def here(self) -> Stop | None:
        return next((stop for stop in self.stops if stop.is_here), None)

    @property
    def after(self) -> Stop | None:
        """What comes next; None at the end and for who is not on the path any more."""
        if not self.on_the_path or self.stopped:
            return None
        return next((stop for stop in self.stops if stop.state == NEXT), None)

    @property
    def position(self) -> str:
        """For the small map of four stops; "none" for who is not on the path any more."""
        small = {"talk": "start", "goodbye": "join"}
        key = self.here.key if self.here else "none"
        return small.get(key, key)


def draw(
    phase: str,
    reached: dict[str, date],
    *,
    blocked: bool = False,
    stopped: bool = False,
    dropped_out: bool = False,
    last_evening: date | None = None,
    asked_later: bool = True,
    was_asked: bool = False,
    today: date,
) -> Route:
    """Pure. `reached`: phase -> the first day of it in this stay. `asked_later`: the follow-up was
    not waived; `was_asked`: it was answered or missed."""
    place = PLACE.get(Phase(phase))
    stops = tuple(
        Stop(
            key,
            str(title),
            str(meaning)
            if key != "onward" or asked_later
            else _("You go on with your own people. The door stays open for a question."),
            _state(n, place, phase, reached),
            reached.get(REACHED_BY.get(key, "")) if key != "start" else reached.get("signed_up"),
        )
        for n, (key, title, meaning) in enumerate(STOPS)
    )
    return Route(
        stops=stops,
        now=_now(phase, blocked, stopped, dropped_out, last_evening, asked_later, was_asked, today),
        on_the_path=place is not None,
        stopped=stopped,
    )


def _state(n: int, place: int | None, phase: str, reached: dict[str, date]) -> str:
    if place is None:
        ways = {0: "signed_up", 1: "intake", 2: "trial"}
        return DONE if ways.get(n, "") in reached else NEXT
    if n == place:
        return HERE
    if n > place:
        return NEXT
    if phase == Phase.FORMER and n == 4 and Phase.LEAVING not in reached:
        return NEXT  # no goodbye was held; nothing says that it is over
    return DONE


def _now(
    phase: str,
    blocked: bool,
    stopped: bool,
    dropped_out: bool,
    last_evening: date | None,
    asked_later: bool,
    was_asked: bool,
    today: date,
) -> str:
    if phase == Phase.REFERRED:
        return _(
            "Your path goes on in another place. You can always ask your youth worker about it."
        )
    if phase == Phase.WITHDRAWN:
        return _(
            "You chose not to go on, and that is fine. Do you want to later? You can sign up again."
        )
    if phase == Phase.FORMER:
        if not asked_later or blocked:
            return _("You go on by yourself now. With a question you may always call.")
        if dropped_out:
            return _("You stopped coming, and that is okay. We are still glad to hear how you are.")
        if was_asked:
            return _("You finished Join Us. With a question you may always call.")
        return _(
            "You go on by yourself now. Three months after your last evening we ask how you are."
        )
    if stopped:
        return _("You told us that you stop, and that is okay. You may always call.")
    if blocked:
        return _("Something has to be arranged first. Your place on the path stays yours.")
    if phase == Phase.PAUSED:
        return _("You take a break. Your place stays yours; come back when you are ready.")
    if phase == Phase.LEAVING and last_evening is not None and last_evening >= today:
        return _("Your last evening is agreed. Time to go on by yourself.")
    return ""


def route_of(stay: Trajectory, phases: Iterable[tuple[str, datetime]] | None = None) -> Route:
    """The path of this stay: one query, whatever happened in it; none when `phases` are known."""
    reached: dict[str, date] = {"signed_up": clock.day_of(stay.signed_up_at)}
    changes = PhaseChange.objects.filter(trajectory=stay).order_by("at", "pk")
    for phase, at in changes.values_list("to_phase", "at") if phases is None else phases:
        reached.setdefault(phase, clock.day_of(at))
    return draw(
        stay.phase,
        reached,
        blocked=bool(stay.blocked_reason),
        stopped=stay.stopped_on is not None,
        dropped_out=stay.exit_kind == Trajectory.ExitKind.DROP_OUT,
        last_evening=stay.last_meeting_on,
        asked_later=not stay.follow_up_waived,
        was_asked=stay.phase == Phase.FORMER and not follow_up.stands_or_lies_ahead([stay]),
        today=clock.today(),
    )
