"""Who acts and who looks: the types of the one argument that every action and every list has."""

from typing import TypeAlias, TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from core.accounts.models import User

#: Whose act it is: `by=`. None is nobody in particular: the sweep, a visitor behind a link.
Actor: TypeAlias = User | None
#: Whom something is shown to; a stranger sees what `visible_to` leaves a stranger.
Viewer: TypeAlias = User | AnonymousUser


class SignedIn(HttpRequest):
    """The request of a page behind the sign-in: there is somebody (`LoginRequiredMiddleware`)."""

    user: User


def is_participant(user: Viewer | None) -> TypeGuard[User]:
    """Is this the account of a young person? A stranger and nobody are not."""
    return isinstance(user, User) and user.is_participant
