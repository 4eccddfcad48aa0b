"""What a message is about and why it did not arrive, in words without anything of its contents.

A dead letter may hold a broken template or a link that worked once: nothing of it is rendered
here, only its kind, its moments and the reason.
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.messaging.models import Message
from core.messaging.permissions import SEE_LOST

KINDS: dict[str, Promise] = {
    "sign_in_code": _("a code to sign in"),
    "new_address_code": _("a code for another address"),
    "address_changed": _("the news that the address changed"),
    "password_reset": _("a link to choose a new password"),
    "invitation": _("an invitation to work with the app"),
    "account_ready": _("the news that the account is ready"),
    "known_person_knocked": _("an answer to a sign-up"),
    "new_sign_up": _("the news of a sign-up"),
    "signed_up": _("the confirmation of a sign-up"),
    "signed_up_quiet": _("the confirmation of a sign-up"),
    "advice_asked": _("a question about a first talk"),
    "advice_given": _("advice about a first talk"),
    "parental_request": _("the question to a parent"),
    "parental_reminder": _("a reminder to a parent"),
    "parental_receipt": _("a receipt for a parent"),
    "parental_information": _("information for a parent"),
    "parental_feedback": _("the question to a parent about school"),
    "wave_baseline": _("the first questions"),
    "wave_interim": _("questions"),
    "wave_exit": _("the last questions"),
    "wave_follow_up": _("the questions of three months later"),
    "wave_reminder": _("a reminder of the questions"),
    "neutral": _("the word that something is ready"),
}


@dataclass(frozen=True)
class Letter:
    """One dead letter for its page: no name beyond the contact's, no contents."""

    row: Message
    about: str
    why: str
    mend: str
    can_resend: bool


def about(message: Message) -> str:
    return str(KINDS.get(message.template, _("a message")))


def why_dead(reason: str) -> tuple[str, str]:
    """Why it did not arrive, and what helps. Unknown reasons are our own mistakes."""
    if reason == "no_safe_channel":
        return (
            str(_("No safe address is known.")),
            str(_("Ask the person how you may reach them, and change it first.")),
        )
    if reason.startswith("smtp_5"):
        return (
            str(_("The mailbox refuses it: the address is wrong, full or gone.")),
            str(_("Check the address with the person, then try again.")),
        )
    if reason.startswith("smtp_") or reason in CONNECTION:
        return (
            str(_("The mail server did not take it, eight times.")),
            str(_("Try again. Does it go wrong once more? Then call the person.")),
        )
    return (
        str(_("Something is wrong with this message on our side.")),
        str(_("Tell the person yourself, and tell Join Us. Trying again may help after a repair.")),
    )


CONNECTION = {
    "ConnectionRefusedError",
    "ConnectionResetError",
    "TimeoutError",
    "SMTPServerDisconnected",
    "SMTPConnectError",
    "SMTPSenderRefused",
    "SMTPDataError",
    "SMTPHeloError",
    "SMTPException",
    "OSError",
    "gaierror",
}


def why_and_mend(reason: str, *, had_secret: bool) -> tuple[str, str]:
    """As `why_dead`; what held a link or code is made anew, never sent again."""
    why, mend = why_dead(reason)
    if had_secret:
        mend = str(_("It held a link or code that works once. Make a new one; this one can go."))
    return why, mend


def letter(message: Message) -> Letter:
    why, mend = why_and_mend(message.reason, had_secret=message.had_secret)
    return Letter(message, about(message), why, mend, can_resend=not message.had_secret)


def dead_for(user: Viewer) -> QuerySet[Message]:
    """Dead letters of the own groups' people, the newest first."""
    rows: QuerySet[Message] = Message.objects.visible_to(user)
    return rows.filter(state=Message.State.DEAD).select_related("contact").order_by("-written_at")


def lost_for(user: Viewer) -> QuerySet[Message]:
    """Dead letters that belong to no group: the foundation sees kind and reason, never for whom."""
    if not reach(user, SEE_LOST).national:
        return Message.objects.none()
    return Message.objects.filter(state=Message.State.DEAD, group__isnull=True).order_by(
        "-written_at"
    )
