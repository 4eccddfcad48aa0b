"""The roles of the programme and how far each can reach (glossary: People and roles)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    YOUTH_WORKER = "youth_worker", _("youth worker")
    ORGANISATION_MANAGER = "organisation_manager", _("organisation manager")
    REGIONAL_COORDINATOR = "regional_coordinator", _("regional coordinator")
    QUALITY_COORDINATOR = "quality_coordinator", _("quality coordinator")
    FOUNDATION = "foundation", _("foundation")
    RESEARCHER = "researcher", _("researcher")


class Scope(TextChoices):
    """What a role is bound to."""

    NATIONAL = "national", _("the whole country")
    REGION = "region", _("region")
    ORGANISATION = "organisation", _("organisation")
    GROUP = "group", _("group")


SCOPE_OF = {
    Role.YOUTH_WORKER: Scope.GROUP,
    Role.ORGANISATION_MANAGER: Scope.ORGANISATION,
    Role.REGIONAL_COORDINATOR: Scope.REGION,
    Role.QUALITY_COORDINATOR: Scope.NATIONAL,
    Role.FOUNDATION: Scope.NATIONAL,
    Role.RESEARCHER: Scope.NATIONAL,
}
