"""What the sign-in library asks of this house: one door for mail, sealed factors, one spelling."""

import base64
import time
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts import ways_in
from core.accounts.models import User
from core.encryption import seal, unseal
from core.ids import uuid7
from core.locks import lock_copy, lock_one
from core.mailbox import same_address
from core.messaging import outbox
from core.messaging.contacts import create_contact

# allauth's template prefix -> (our template, the key of its secret in allauth's context)
MAILS = {
    "account/email/login_code": ("sign_in_code", "code"),
    "account/email/password_reset_key": ("password_reset", "password_reset_url"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Every mail leaves through the outbox; nobody signs up here."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This address and password do not belong together."),
        "incorrect_code": _("This is not the right code. Look at it once more."),
        "too_many_login_attempts": _("That went wrong too often. Wait a few minutes."),
        "rate_limited": _("That went wrong too often. Wait a few minutes."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @transaction.atomic
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One row in the outbox. Raises KeyError for a mail that this house does not send."""
        template, key = MAILS[template_prefix]
        address = same_address(email)
        if template == "sign_in_code":
            found = ways_in.to_mail(address)
            if found is None:  # another way in since it was asked
                return
            user = lock_copy(found)
        else:
            user = lock_one(User.objects.staff().filter(email=address))
        write_to(user=user, template=template, secret={key: str(context[key])})

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Absolute, from the settings: a forged Host never ends up in a mail."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        site: str = settings.SITE_URL
        return site + path.replace("UID-KEY", quote(key))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Off: a changed factor or password is told on the page itself."""

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only our own sentences; the library's stock texts are not in our words."""
        text = message or SAID.get(message_template or "")
        if text:
            messages.add_message(request, level, text, extra_tags=extra_tags)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just signed in is not asked again."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((r["at"] for r in records), default=0)
        return time.time() - latest > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return same_address(credentials.get("email", ""))


SAID = {
    "account/messages/password_changed.txt": _("Your new password is in use."),
    "mfa/messages/totp_activated.txt": _("Your second step is on."),
}


def write_to(*, user: User, template: str, secret: dict[str, str]) -> None:
    """An immediate message about the account itself, to the account's own address."""
    contact = user.contact
    if contact is None:
        contact = create_contact(name=user.name, email=user.email or "", language=user.language)
        user.contact = contact
        user.save(update_fields=["contact"])
    outbox.write(
        contact=contact,
        template=template,
        kind=template,
        dedupe_key=f"accounts.{template}:{uuid7()}",
        secret=secret,
        subject_id=user.pk,
        urgency=outbox.IMMEDIATE,
    )


class FactorAdapter(DefaultMFAAdapter):
    """Keys of authenticator apps are sealed in the database (trust.md 10)."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not the right code. Look at it once more."),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, "mfa.authenticator")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), "mfa.authenticator")

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return getattr(user, "email", None) or str(user)
