"""What waits about referrers: agreed moments, a first word to the school, a question to answer."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may
from core.ports import Todo, TodoRule
from participants.models import FeedbackConsent, Quote, ReferrerTie, Trajectory
from participants.permissions import DECIDE
from participants.referrers import consent as feedback
from participants.referrers import telling
from participants.todo_kinds import Kind


def _agreed(user: Viewer) -> list[Todo]:
    """Fixed number of queries, whatever the number of young people."""
    if not may(user, DECIDE):
        return []
    stays = Trajectory.objects.visible_to(user).running()
    ties = feedback.ties_of(stays).filter(ended_at__isnull=True)
    wanted = Q(consents__answer="yes", consents__guardian__isnull=True, consents__ended_at=None)
    found = [_for_the_worker(tie) for tie in ties.filter(wanted)]
    return [todo for todo in found if todo is not None]


def _for_the_worker(tie: ReferrerTie) -> Todo | None:
    state = feedback.state_of(tie)
    name = {"name": tie.trajectory.participant.call_name}
    who = {**name, "who": tie.referrer.get_function_display()}
    if state.why == "parent_not_asked":
        return _todo(
            tie,
            urgency=3,
            when=_("waits"),
            title=_("Ask a parent of %(name)s about the %(who)s") % who,
            reason=_("%(name)s said yes; under this age a parent has to say yes too.") % name,
            action=_("Ask the parent"),
        )
    if not state.may_tell:
        return None
    if tie.next_on is not None and tie.next_on <= clock.today():
        return _todo(
            tie,
            urgency=2,
            when=_("agreed"),
            title=_("Tell the %(who)s how it goes with %(name)s") % who,
            reason=_("Agreed for %(day)s. One fixed sentence, nothing more.")
            % {"day": formats.date_format(tie.next_on, "j F")},
            action=_("Choose the sentence"),
        )
    if not tie.told.all() and telling.sayable(tie.trajectory):
        return _todo(
            tie,
            urgency=2,
            when=_("new"),
            title=_("Tell the %(who)s that %(name)s signed up") % who,
            reason=_("%(name)s said yes to it; then guidance at school can take it into account.")
            % name,
            action=_("Choose the sentence"),
        )
    return None


def _todo(tie: ReferrerTie, **fields: Any) -> Todo:
    return Todo(
        kind=Kind.FEEDBACK,
        about=tie.pk,
        url=reverse("participants:referrers", args=[tie.trajectory_id]),
        group_id=tie.trajectory.group_id,
        **fields,
    )


def _own(user: Viewer) -> list[Todo]:
    """Somebody new who knows you, or own words that may be shared: yes and no are both fine."""
    mine = ReferrerTie.objects.filter(
        trajectory__in=Trajectory.objects.visible_to(user).running(), ended_at__isnull=True
    )
    answered = FeedbackConsent.objects.filter(guardian__isnull=True)
    open_ties = mine.exclude(pk__in=answered.values("tie"))
    open_quotes = Quote.objects.filter(tie__in=mine, answer="")
    if not open_ties.exists() and not open_quotes.exists():
        return []
    return [
        Todo(
            kind=Kind.OWN_FEEDBACK,
            urgency=3,
            when=_("when you like"),
            title=_("What may school or somebody else hear?"),
            reason=_("You choose. Nothing is told without your yes."),
            action=_("Read and choose"),
            url=reverse("participants:who_hears_what"),
        )
    ]


RULES = (
    TodoRule((Kind.OWN_FEEDBACK,), _own, own=True),
    TodoRule((Kind.FEEDBACK,), _agreed),
)
