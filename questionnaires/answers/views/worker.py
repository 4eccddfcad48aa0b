"""What the workers of the own group read: answers over time, and a text to send by hand."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.accounts.actors import SignedIn
from core.audit.log import opened
from participants.access import stay_in_sight
from questionnaires.access import reaches
from questionnaires.answers.answers_table import table
from questionnaires.cycle.reminders import still_asked, text_by_hand
from questionnaires.models import Invitation, Response
from questionnaires.permissions import SEE_ANSWERS, WRITE_BY_HAND


@never_cache
@require_safe
@transaction.atomic
def answers(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Answers over time (R-005, R-219). Opening writes one audit line, or nothing is shown."""
    user = request.user
    stay = stay_in_sight(request, trajectory_id, "participant", "group")
    if not reaches(user, SEE_ANSWERS, stay.group):
        raise PermissionDenied(_("Answers are read by the workers of the group."))
    opened(user, "answers", [stay.pk], request)
    shown = table(Response.objects.visible_to(user).filter(trajectory=stay))
    return render(
        request,
        "questionnaires/answers.html",
        {"stay": stay, "person": stay.participant, "table": shown},
    )


@never_cache
@require_safe
def ready_text(request: SignedIn, invitation_id: UUID) -> HttpResponse:
    """A text to send from the worker's own telephone when the reminders did not help (R-207).

    Only while a message would leave as well: no hold, no block, not left alone on purpose.
    """
    rows = Invitation.objects.visible_to(request.user).select_related(
        "trajectory__participant__contact", "trajectory__group"
    )
    invitation = get_object_or_404(rows, pk=invitation_id)
    if not reaches(request.user, WRITE_BY_HAND, invitation.trajectory.group):
        raise PermissionDenied(_("The workers of the group write to their participants."))
    return render(
        request,
        "questionnaires/ready_text.html",
        {
            "invitation": invitation,
            "stay": invitation.trajectory,
            "person": invitation.trajectory.participant,
            "text": text_by_hand(invitation) if still_asked([invitation.pk]) else "",
        },
    )
