"""The password door. Only professionals have one; a participant never signs in by password."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from core.accounts.models import User


class PasswordOfStaff(AuthenticationBackend):
    """Unknown, switched off, participant and wrong password: the same answer, the same work."""

    def _authenticate(
        self, request: HttpRequest | None, **credentials: Any
    ) -> AbstractBaseUser | None:
        email = credentials.get("email") or ""
        user = User.objects.staff().filter(email=email, is_active=True).first()
        if user is None or not user.has_usable_password():
            return None
        self._did_check_password = True
        return user if user.check_password(credentials.get("password") or "") else None
