from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from core import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("joinus.demo.urls")))
