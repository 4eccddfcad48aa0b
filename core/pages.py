"""A long list in pages: one size, and a page number that a hand may have typed."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

A_PAGE = 50


def page_of(request: HttpRequest, rows: Any, size: int = A_PAGE, param: str = "page") -> Page[Any]:
    """The page of `rows` (queryset or list, in a full order) that the address asks for.

    A number that is no number gives the first page, one beyond the end the last. One query for
    the count and one for the rows, when `rows` is a queryset.
    """
    return Paginator(rows, size).get_page(request.GET.get(param))
