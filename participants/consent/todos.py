"""What waits for a young person about what they agreed to: a newer wording of it."""

from dataclasses import dataclass

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.actors import Viewer
from core.facts import Asked, Facts
from core.ports import Part, Todo, TodoRule
from core.texts.models import TextVersion
from participants.models import Agreement, Trajectory
from participants.todo_kinds import Kind


@dataclass(frozen=True)
class Newer:
    """A text that was agreed to and has a newer wording; `changed`: what, in one line."""

    id: str
    subject: str
    title: str
    changed: str


def _newer(user: Viewer) -> QuerySet[Agreement]:
    newest = TextVersion.objects.filter(
        key=OuterRef("text__key"),
        language=OuterRef("text__language"),
        published_at__isnull=False,
    ).order_by("-version")
    return (
        Agreement.objects.filter(
            trajectory__in=Trajectory.objects.visible_to(user).running(), withdrawn_at__isnull=True
        )
        .annotate(
            newest=Subquery(newest.values("version")[:1], output_field=IntegerField()),
            newest_title=Subquery(newest.values("title")[:1]),
            what_changed=Subquery(newest.values("what_changed")[:1]),
            known=Coalesce(F("read_text__version"), F("text__version")),
        )
        .filter(newest__gt=F("known"))
        .order_by("subject")
    )


def _told(rows: list[Newer], _asked: Asked) -> list[Todo]:
    """One card for all of them: told what changed, and read with one tap."""
    if not rows:
        return []
    first = rows[0]
    return [
        Todo(
            kind=Kind.OWN_NEW_TEXT,
            urgency=2,
            when=_("a few minutes"),
            title=_("A text you agreed to has changed"),
            reason=first.changed or _("Your consent still stands. Read what is different."),
            action=_("Read"),
            url=f"{reverse('participants:agreements')}#{first.subject}",
        )
    ]


RULES = (
    TodoRule(
        (Kind.OWN_NEW_TEXT,),
        parts=(
            Part(Facts(Newer, _newer, {"title": "newest_title", "changed": "what_changed"}), _told),
        ),
        own=True,
    ),
)
