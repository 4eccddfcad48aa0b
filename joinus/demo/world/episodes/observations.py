"""What youth workers saw: first to understand Casey, later whether something new is tried; and a
line that still stands for a few days. Most people have none: nothing asks for one (R-152).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from challenges.observations.abc_scheme import Seen, write_observation
from challenges.observations.jottings import remember
from challenges.observations.meetings import meetings_of
from core import clock

if TYPE_CHECKING:
    from joinus.demo.world.life import Life
    from joinus.demo.world.play import Play


@dataclass(frozen=True)
class Sight:
    """Days count back from the last one; `worker`: which of the two saw it."""

    name: str
    days: int
    worker: int
    behaviour: str
    aim: str = "understand"
    antecedent: str = ""
    positive: list[str] = field(default_factory=list)
    negative: list[str] = field(default_factory=list)


SIGHTS = (
    Sight(
        "Casey",
        160,
        0,
        "Zat op de bank toen iedereen Mario Kart speelde.",
        antecedent="Het spel begon, er was nog plek.",
        positive=["Hoefde niets te vragen", "Schouders zakten, keek rustig mee"],
        negative=["Niemand zei iets tegen Casey, tot de pauze", "Kent de regels nog steeds niet"],
    ),
    Sight(
        "Casey",
        146,
        1,
        "Keek op de telefoon en liep naar de gang.",
        antecedent="De groep koos wie met wie zou koken.",
        positive=["Hoefde niet te kiezen"],
        negative=["Kookte niet mee", "Zei later dat het jammer was"],
    ),
    Sight(
        "Casey",
        104,
        0,
        "Stond naast Noor, die de regels uitlegde. Vroeg niets.",
        aim="chance",
        antecedent="Een nieuw spel, dat niemand kende.",
        negative=["Deed de eerste ronde niet mee"],
    ),
    Sight(
        "Casey",
        48,
        1,
        "Vroeg aan Noor: mag ik ook een keer?",
        aim="new_behaviour",
        antecedent="Noor gaf het stuur door.",
        positive=["Noor schoof op", "Speelde twee rondes mee"],
        negative=["Kreeg een rood hoofd"],
    ),
    Sight(
        "Sam",
        70,
        0,
        "Zei twee keer nee en deed daarna toch wat de anderen wilden.",
        antecedent="De groep koos een film.",
        positive=["Niemand werd boos"],
        negative=["Keek de film niet mee"],
    ),
    Sight("Noor", 20, 1, "Vroeg aan de nieuwe of die mee wilde doen.", aim="new_behaviour"),
)
#: The last of them lapsed: its words are gone.
LINES = (
    ("Casey", 2, 0, "Bleef na afloop nog helpen met opruimen"),
    ("Amir", 3, 0, "Zei niets toen de teams gemaakt werden"),
    ("Noor", 12, 0, "Liet Casey voorgaan bij de wc"),
)


def observations(play: Play) -> None:
    for sight in SIGHTS:
        day = play.until - timedelta(days=sight.days)
        play.agenda.put(day, 21, partial(_see, play, sight), minute=20)
    for name, days, worker, text in LINES:
        day = play.until - timedelta(days=days)
        play.agenda.put(day, 20, partial(_remember, play, name, worker, text), minute=20)


def _life(play: Play, name: str) -> Life:
    return next(one for one in play.lives.values() if one.person.name == name)


def _see(play: Play, sight: Sight) -> None:
    life = _life(play, sight.name)
    by = life.worker(sight.worker)
    meeting = meetings_of(life.stay, by).first()
    seen = Seen(
        behaviour=sight.behaviour,
        on=meeting.date if meeting else clock.today(),
        meeting=meeting.pk if meeting else None,
        aim=sight.aim,
        antecedent=sight.antecedent,
        followed={"positive": sight.positive, "negative": sight.negative},
    )
    write_observation(trajectory=life.stay, seen=seen, client_id=uuid4(), by=by)


def _remember(play: Play, name: str, worker: int, text: str) -> None:
    life = _life(play, name)
    by = life.worker(worker)
    meeting = meetings_of(life.stay, by).first()
    remember(trajectory=life.stay, text=text, client_id=uuid4(), by=by, meeting=meeting)
