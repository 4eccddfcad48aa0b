"""What a hypothesis rests on: observations of the same stay, seen at several meetings (R-150).

Fewer is no refusal: the page says what is missing. It is worked out anew each time: an observation
that is taken back does not count, and counts again as soon as it stands.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from challenges.models import Hypothesis, HypothesisObservation, Observation
from core.accounts.actors import Viewer
from core.errors import RuleBroken
from participants.models import Trajectory

#: So many observations, of as many meetings.
ENOUGH = 2


def enough(observations: Iterable[Observation]) -> bool:
    """Pure. What was seen outside the meetings helps, but is no meeting."""
    standing = [row for row in observations if row.taken_back_at is None]
    return len({row.meeting_id for row in standing} - {None}) >= ENOUGH


def offered(stay: Trajectory, user: Viewer) -> list[Observation]:
    """What can be ticked: what stands of this stay, the newest first."""
    rows = Observation.objects.visible_to(user).in_force().filter(trajectory=stay)
    return list(rows.select_related("by"))


def rest_on(hypothesis: Hypothesis, ticked: Collection[UUID], by: Viewer) -> None:
    """Expects the stay to be locked. What was taken back was not on the form: its link stays.

    Raises RuleBroken("other_observation"): not of this stay, or taken back in between.
    """
    mine = {row.pk for row in offered(hypothesis.trajectory, by)}
    if not set(ticked) <= mine:
        raise RuleBroken(
            _("One of these observations is not there any more. Look which ones still fit."),
            "other_observation",
            "rests_on",
        )
    links = HypothesisObservation.objects.filter(hypothesis=hypothesis)
    links.filter(observation__in=mine - set(ticked)).delete()
    linked = set(links.values_list("observation", flat=True))
    HypothesisObservation.objects.bulk_create(
        HypothesisObservation(hypothesis=hypothesis, observation_id=pk)
        for pk in sorted(set(ticked) - linked)
    )
