"""Folding away a topic or somebody's posts: for oneself alone, told to nobody, and back again."""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import RuleBroken
from groups.models import Folded, Topic
from participants.models import Trajectory


@transaction.atomic
def fold(*, stay: Trajectory, topic: Topic | None = None, other: Trajectory | None = None) -> None:
    """Twice is once. Raises RuleBroken: own_posts."""
    if other is not None and other.pk == stay.pk:
        raise RuleBroken(_("These are your own posts."), "own_posts")
    row = Folded(stay=stay, topic=topic, other=other, at=clock.now())
    Folded.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def unfold(
    *, stay: Trajectory, topic: Topic | None = None, other: Trajectory | None = None
) -> None:
    Folded.objects.filter(stay=stay, topic=topic, other=other).delete()
