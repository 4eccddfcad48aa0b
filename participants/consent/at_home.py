"""May parents be spoken of, or written to? The one question of pages, mails and links (C-37, C-48).

A home is not safe while the young person's own word stands ("home may not know this"), while an
exception stands with the coordinator, or while the worker said that a mail can do harm. Each is
enough alone. Then nothing goes to a parent, no link of theirs works, and no page, title, menu,
mail or document of the young person speaks of parents: it looks like everybody else's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Value, When

from core.accounts.actors import Viewer, is_participant
from participants.models import HomeSilence, Trajectory, UnsafeHome


@dataclass(frozen=True)
class Home:
    """What is known of the home of one stay. `can_harm`: the worker's word, None when not asked;
    `silence`: the young person said that home may not know.
    """

    can_harm: bool | None
    exception: bool
    silence: bool = False

    @property
    def is_unsafe(self) -> bool:
        """Each is enough alone."""
        return self.can_harm is True or self.exception or self.silence


def silence_of(person: str = "participant") -> Exists:
    """In SQL: the person that `person` leads to asked for silence at home."""
    return Exists(HomeSilence.objects.in_force().filter(participant=OuterRef(person)))


def can_harm(harm: str = "intake__mail_can_harm", person: str = "participant") -> Case:
    """In SQL: the worker's word about the home; the young person's word goes before it."""
    return Case(
        When(silence_of(person), then=Value(True)),
        default=F(harm),
        output_field=BooleanField(null=True),
    )


def homes_of(stays: Collection[UUID]) -> dict[UUID, Home]:
    """One query, for one stay or for many."""
    exception = UnsafeHome.objects.filter(trajectory=OuterRef("pk"), ended_at__isnull=True)
    rows = Trajectory.objects.filter(pk__in=stays).order_by()
    found = rows.values_list("pk", "intake__mail_can_harm", Exists(exception), silence_of())
    return {pk: Home(harm, stands, silence) for pk, harm, stands, silence in found}


def may_speak_of_parents(stay: Trajectory | None) -> bool:
    """Whether a page of this young person may hold the words; without a stay it may."""
    return stay is None or not homes_of([stay.pk])[stay.pk].is_unsafe


def may_speak_of_parents_to(user: Viewer | None) -> bool:
    """`may_speak_of_parents` for whoever looks at a page that everybody may open."""
    if user is None or not is_participant(user):
        return True
    newest = Trajectory.objects.visible_to(user).order_by("-signed_up_at").first()
    return may_speak_of_parents(newest)
