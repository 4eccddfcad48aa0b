"""A photo of a youth worker, for those who may see that worker."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participants.faces import faces_visible_to


@never_cache
@require_safe
def face(request: HttpRequest, portrait_id: UUID) -> HttpResponse:
    portrait = get_object_or_404(faces_visible_to(request.user), pk=portrait_id)
    return HttpResponse(bytes(portrait.image), content_type="image/webp")
