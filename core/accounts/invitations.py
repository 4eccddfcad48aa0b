"""Inviting a professional: they choose a password by mail, then set up the second step."""

from datetime import date
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Actor
from core.accounts.adapter import write_to
from core.accounts.assignments import assign_role
from core.accounts.models import User
from core.accounts.roles import Role
from core.errors import RuleBroken
from core.locks import lock_first
from core.mailbox import same_address


@transaction.atomic
def invite_staff(
    *,
    email: str,
    name: str,
    role: Role,
    valid_from: date,
    by: Actor,
    administers: bool = False,
    **place: Any,
) -> User:
    """An account with one role and a mail with a link of three days; known staff gets the role.

    Raises RuleBroken when the address belongs to a participant.
    """
    email = same_address(email)
    user = lock_first(User.objects.staff().filter(email=email))
    if User.objects.participants().filter(email=email).exists():
        raise RuleBroken(
            _("This address belongs to a participant. Use another one."), "address_taken", "email"
        )
    if user is None:
        user = User(
            kind=User.Kind.STAFF,
            email=email,
            name=name,
            is_staff=administers,
            is_superuser=False,
            joined_at=clock.now(),
        )
        user.set_unusable_password()
        user.save()
    assign_role(user=user, role=role, valid_from=valid_from, by=by, **place)
    user.refresh_from_db()
    if not user.has_usable_password():
        write_to(
            user=user, template="invitation", secret={"password_url": choose_password_url(user)}
        )
    return user


def choose_password_url(user: User) -> str:
    """The absolute, single-use address to choose a password; valid for PASSWORD_RESET_TIMEOUT."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    return f"{settings.SITE_URL}{path}"
