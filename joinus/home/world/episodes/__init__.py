"""What happens in the demo world beside the ordinary course: one module a subject.

Each is a function of the play that puts acts in its agenda, at days counted back from the last
one; the acts are the product's own actions. They are planned after every life has begun.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from joinus.home.world.episodes.aftercare import aftercare
from joinus.home.world.episodes.challenges import challenges
from joinus.home.world.episodes.first_evenings import first_evenings
from joinus.home.world.episodes.intake import intake
from joinus.home.world.episodes.parents import parents
from joinus.home.world.episodes.rights import rights
from joinus.home.world.episodes.sign_up import sign_up
from joinus.home.world.episodes.underway import underway

if TYPE_CHECKING:
    from joinus.home.world.play import Play

EPISODES: tuple[Callable[[Play], None], ...] = (
    parents,
    rights,
    underway,
    aftercare,
    first_evenings,
    sign_up,
    intake,
    challenges,
)
