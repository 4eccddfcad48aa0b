from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularJSONAPIView

from core import administration, health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("inloggen/", include("core.accounts.urls")),
    path("beheer/", administration.site.urls),
    path("concepten/", include("core.drafts.urls")),
    path("", include("participants.urls")),
    path("", include("groups.urls")),
    path("", include("challenges.urls")),
    path("", include("questionnaires.urls")),
    path("api/v1/schema", SpectacularJSONAPIView.as_view(), name="schema"),
    path("taal/", login_not_required(set_language), name="set_language"),
    path("", include("joinus.home.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("joinus.demo.urls")))

handler400 = "core.denied.bad_request"
handler403 = "core.denied.permission_denied"
handler404 = "core.denied.not_found"
handler429 = "core.denied.too_often"
handler500 = "core.denied.server_error"
