"""Whose group a page is about."""

from core.accounts.actors import Viewer
from core.accounts.rights import Permission, reach
from core.organisations.models import Group


def reaches(user: Viewer, permission: Permission, group: Group | None) -> bool:
    """A role of groups only: the very group counts, not a role held somewhere else."""
    return group is not None and group.pk in reach(user, permission).groups
