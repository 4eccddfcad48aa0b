"""A photo of a youth worker, for those who may see that worker."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participants.recusal.who_works_here import faces_visible_to
from participants.signup.views.arrival import arrivals


@login_not_required
@never_cache
@require_safe
def face(request: HttpRequest, portrait_id: UUID) -> HttpResponse:
    groups = {arrival.group_id for arrival in arrivals(request)}
    visible = faces_visible_to(request.user, groups)
    portrait = get_object_or_404(visible, pk=portrait_id)
    return HttpResponse(bytes(portrait.image), content_type="image/webp")
