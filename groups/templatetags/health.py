"""The group's health as it stands on its page: what asks attention, and how long people stay."""

from typing import Any

from django import template

from core import clock
from core.organisations.models import Group
from groups.health.facts import health_of
from groups.health.words import lines

register = template.Library()


@register.inclusion_tag("groups/health/card.html")
def group_health(group: Group, leads: bool) -> dict[str, Any]:
    """One query, whatever the size of the group."""
    facts = health_of(group)
    return {"facts": facts, "lines": lines(group, facts, clock.today(), leads=leads)}
