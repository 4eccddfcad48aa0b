"""The account of one person: given out, and emptied. The row stays, because acts point to it."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import F
from django.utils.translation import gettext as _

from core.accounts.actors import Actor
from core.accounts.models import OneTimeCode, RoleAssignment, User
from core.privacy import NO_NAME, OWN, Fact, Person, Section

HOLDS = {
    User: "name, e-mail address and password go; the empty, closed row stays",
    RoleAssignment: "of professionals only; a participant never has one",
}


def export_person(person: Person, part: str) -> list[Section]:
    """Answer to the port."""
    user = User.objects.filter(pk=person.user_id).first() if person.user_id else None
    if part != OWN or user is None:
        return []
    facts = [
        Fact("email", _("E-mail address to sign in"), user.email),
        Fact("language", _("Language"), user.get_language_display()),
        Fact("since", _("Since"), user.joined_at),
        Fact("last_signed_in", _("Last signed in"), user.last_login),
    ]
    codes = [
        [
            Fact("made_at", _("Made"), row.made_at),
            Fact("made_by", _("By"), row.made_by.first_name),
            Fact("used_at", _("Used"), row.used_at),
        ]
        for row in OneTimeCode.objects.filter(user=user).select_related("made_by")
    ]
    found = [Section("account", _("Your account"), [facts], order=70)]
    if codes:
        found.append(Section("codes", _("Codes to sign in"), codes, order=71))
    return found


def erase_person(person: Person, by: Actor) -> None:
    """Answer to the port. Signs out everywhere; nobody can sign in with this account again."""
    if person.user_id is None:
        return
    account = User.objects.filter(pk=person.user_id, kind=User.Kind.PARTICIPANT)
    account.update(
        email=None,
        name=NO_NAME,
        contact=None,
        is_active=False,
        last_login=None,
        session_epoch=F("session_epoch") + 1,
    )
    for user in account:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        EmailAddress.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        _end_sessions_of(str(user.pk))


def _end_sessions_of(user_id: str) -> None:
    """A session holds the address that a code was sent to, so it goes as well."""
    theirs = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) == user_id
    ]
    Session.objects.filter(pk__in=theirs).delete()
