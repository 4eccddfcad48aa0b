"""What happens in the demo world beside the ordinary course: one module a subject.

Each is a function of the play that puts acts in its agenda, at days counted back from the last
one; the acts are the product's own actions. They are planned after every life has begun.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from joinus.demo.world.episodes.activities import activities
from joinus.demo.world.episodes.aftercare import aftercare
from joinus.demo.world.episodes.challenges import challenges
from joinus.demo.world.episodes.coaching import coaching
from joinus.demo.world.episodes.farewell import farewell
from joinus.demo.world.episodes.first_evenings import first_evenings
from joinus.demo.world.episodes.hypotheses import hypotheses
from joinus.demo.world.episodes.intake import intake
from joinus.demo.world.episodes.observations import observations
from joinus.demo.world.episodes.parents import parents
from joinus.demo.world.episodes.practising import practising
from joinus.demo.world.episodes.rights import rights
from joinus.demo.world.episodes.room import room
from joinus.demo.world.episodes.sign_up import sign_up
from joinus.demo.world.episodes.support import support
from joinus.demo.world.episodes.underway import underway
from joinus.demo.world.episodes.year_plan import season

if TYPE_CHECKING:
    from joinus.demo.world.play import Play

EPISODES: tuple[Callable[[Play], None], ...] = (
    parents,
    rights,
    underway,
    aftercare,
    first_evenings,
    sign_up,
    intake,
    challenges,
    observations,
    hypotheses,
    practising,
    coaching,
    support,
    activities,
    room,
    farewell,
    season,
)
