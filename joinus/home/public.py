"""Pages anyone may open: what Join Us is, in two versions (R-026), privacy, accessibility.

They hold words only; the help lines are the one thing read from the database.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """For young people: the steps, who it is for (R-024, R-042 in the words of C-33), the cost."""
    return render(request, "home/how_it_works.html")


@require_safe
def for_parents(request: HttpRequest) -> HttpResponse:
    return render(request, "home/for_parents.html")


@require_safe
def for_professionals(request: HttpRequest) -> HttpResponse:
    """For social work, education and welfare: criteria and method in professional terms (C-33)."""
    return render(request, "home/for_professionals.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "home/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "home/accessibility.html")
