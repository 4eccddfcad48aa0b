"""Whose stay a page is about: the one of a worker's group, or the own one."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.rights import Permission, may, reach
from participants.models import Trajectory
from participants.permissions import DECIDE


def stay_or_404(
    request: HttpRequest, trajectory_id: UUID, permission: Permission = DECIDE
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


def own_stay(request: HttpRequest) -> Trajectory:
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


def running_stay(request: HttpRequest) -> Trajectory:
    """The running stay of this person; professionals have none (403), a finished one is 404."""
    user = request.user
    if not user.is_participant:
        raise PermissionDenied(_("This page belongs to a participant."))
    stays = Trajectory.objects.visible_to(user).running()
    stay = stays.select_related("participant", "group__location").first()
    if stay is None:
        raise Http404
    return stay


def page_of(stay: Trajectory) -> str:
    """The address of the worker's page about this stay: the applicant's, or the file."""
    page = "participants:applicant" if stay.phase in Trajectory.Phase.ARRIVING else "home:file"
    return reverse(page, args=[stay.pk])


def stay_of(request: HttpRequest, trajectory_id: UUID) -> Trajectory:
    """A stay whose file this worker may open and decide about."""
    stay = get_object_or_404(
        Trajectory.objects.visible_to(request.user).select_related(
            "participant__contact", "group", "intake__decided_by", "intake__told_by"
        ),
        pk=trajectory_id,
    )
    if not may(request.user, DECIDE):
        raise PermissionDenied(_("Only the youth workers of the group do this."))
    return stay
