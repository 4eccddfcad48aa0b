"""Whose stay a page is about, asked in one way: 404 when out of sight, 403 when not theirs.

404: there is nothing here for this person. Another group's, a recused worker's, an erased person's
and a missing stay look the same, and so does a page of the other kind of people where not even
knowing that it exists is of use to them (`stay_or_404`, `own_stay`, `followed_stay`).
403, with a reason: they see this stay, since it is their own, or they know such pages exist, but
the act belongs to others (`stay_of`, `running_stay`, and what asks more of `stay_in_sight`).
tests/access/table.py holds each answer by hand.
"""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.actors import SignedIn
from core.accounts.rights import Permission, may, reach
from participants.models import Guardian, ParentalConsent, Trajectory
from participants.permissions import DECIDE


def stay_in_sight(request: SignedIn, trajectory_id: UUID, *related: str) -> Trajectory:
    """A stay of a group this worker leads, or the own one; the caller says whose act it is."""
    stays = Trajectory.objects.visible_to(request.user)
    if related:  # without a name Django would follow every key there is
        stays = stays.select_related(*related)
    stay: Trajectory = get_object_or_404(stays, pk=trajectory_id)
    return stay


def followed_stay(request: SignedIn, trajectory_id: UUID) -> Trajectory:
    """A stay whose journey may be followed: by its workers and the coordinator (R-004)."""
    stays = Trajectory.objects.journey_visible_to(request.user)
    stay: Trajectory = get_object_or_404(
        stays.select_related("participant", "group"), pk=trajectory_id
    )
    return stay


def stay_or_404(
    request: SignedIn, trajectory_id: UUID, permission: Permission = DECIDE
) -> Trajectory:
    """A stay of a group this worker leads; for everybody else there is nothing here."""
    stays = Trajectory.objects.visible_to(request.user).filter(
        group__in=reach(request.user, permission).groups
    )
    stay: Trajectory = get_object_or_404(
        stays.select_related(
            "participant__contact",
            "participant__user",
            "group__location__organisation",
            "region",
        ),
        pk=trajectory_id,
    )
    return stay


def stay_of(request: SignedIn, trajectory_id: UUID) -> Trajectory:
    """A stay around its first talk; somebody who asks for their own reads whose act it is (403)."""
    related = ("participant__contact", "group", "intake__decided_by", "intake__told_by")
    stay = stay_in_sight(request, trajectory_id, *related)
    if not may(request.user, DECIDE):
        raise PermissionDenied(_("Only the youth workers of the group do this."))
    return stay


def own_stay(request: SignedIn) -> Trajectory:
    """The newest stay of the young person who is signed in; nobody else has such a page."""
    user = request.user
    if not user.is_participant:
        raise Http404
    stay = (
        Trajectory.objects.visible_to(user)
        .select_related("participant__contact", "group__location__organisation")
        .order_by("-signed_up_at")
        .first()
    )
    if stay is None:
        raise Http404
    return stay


def running_stay(request: SignedIn) -> Trajectory:
    """The running stay of this person; professionals have none (403), a finished one is 404."""
    user = request.user
    if not user.is_participant:
        raise PermissionDenied(_("This page belongs to a participant."))
    stays = Trajectory.objects.visible_to(user).running()
    stay = stays.select_related("participant", "group__location").first()
    if stay is None:
        raise Http404
    return stay


def guardian_of(stay: Trajectory, guardian_id: UUID) -> Guardian:
    """A parent of this very stay's young person, or 404."""
    found = Guardian.objects.filter(pk=guardian_id, participant=stay.participant_id)
    if not (guardian := found.select_related("contact").first()):
        raise Http404
    return guardian


def question_of(stay: Trajectory, consent_id: UUID) -> ParentalConsent:
    """A question to a parent about this very stay, or 404."""
    found = ParentalConsent.objects.filter(pk=consent_id, trajectory=stay)
    if not (row := found.select_related("trajectory").first()):
        raise Http404
    return row


def page_of(stay: Trajectory) -> str:
    """The address of the worker's page about this stay: the applicant's, or the file."""
    page = "participants:applicant" if stay.phase in Trajectory.Phase.ARRIVING else "home:file"
    return reverse(page, args=[stay.pk])
