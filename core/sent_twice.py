"""What a browser sends carries an id, so that sent twice it is done once."""

from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from core.errors import RuleBroken

M = TypeVar("M", bound=Model)


def used_elsewhere() -> RuleBroken:
    """The id was used for something else, or by somebody else."""
    return RuleBroken(_("Reload the page and try again."), "client_id_used")


def done_before(done: M | None, **own: object) -> M | None:
    """What this id did before, if anything; `own`: what it must have been about, by field.

    Raises RuleBroken("client_id_used").
    """
    if done is not None and any(getattr(done, field) != told for field, told in own.items()):
        raise used_elsewhere()
    return done
