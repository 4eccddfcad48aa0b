"""The product's addresses and the bare page beside them."""

from django.urls import URLPattern, URLResolver, path

from joinus.bench import floor
from joinus.urls import (
    handler400,
    handler403,
    handler404,
    handler429,
    handler500,
)
from joinus.urls import (
    urlpatterns as product,
)

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("bare/<uuid:group_id>/", floor.page, name="bare"),
    *product,
]
