"""The choice of another group on a page: filtered, in pages, and what was chosen stays ticked."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.list_filter import ListFilter
from core.organisations.models import Group
from core.pages import page_of
from participants.journey.other_group import AGES, PLACES, offered
from participants.models import Trajectory


def choice_of(
    request: HttpRequest, stay: Trajectory, groups: QuerySet[Group], *, path: str = ""
) -> dict[str, Any]:
    """`asked`, `page` and what else `participants/_other_groups.html` draws."""
    asked = ListFilter(request.GET, path)
    rows = asked.named(offered(stay, groups), lambda one: one.names)
    rows = asked.divided(rows, "leeftijd", _("Age"), lambda one: one.band, AGES)
    rows = asked.divided(rows, "plek", _("Places"), lambda one: one.room, PLACES)
    return {
        "asked": asked,
        "page": page_of(request, rows),
        "outside": AGES["outside"],
        "chosen": request.POST.get("to_group", ""),
    }
