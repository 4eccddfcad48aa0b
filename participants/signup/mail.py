"""Who is told what about people: builds outbox rows, sends nothing itself.

Mails to workers carry no personal data beyond what they need to act: the page they lead to is
behind their sign-in.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from core import clock
from core.accounts.models import User
from core.messaging import outbox
from core.messaging.models import Message
from core.templatetags.face import url_or
from participants.exit.aftercare import is_left_alone
from participants.models import Consultation, Trajectory
from participants.recusal import recusal


def new_sign_up(trajectory: Trajectory) -> None:
    """R-047: the wanted group's workers hear it at once; nobody there, then the coordinator."""
    for user in workers_of(trajectory):
        _tell(
            user,
            trajectory,
            template="new_sign_up",
            dedupe=f"new_sign_up:{trajectory.pk}",
            address=reverse("participants:applicant", args=[trajectory.pk]),
        )


def first_contact_late(trajectory: Trajectory) -> None:
    """R-047: nobody has been in touch in time; once, in daytime, to each of the workers."""
    since = trajectory.signed_up_at.astimezone(clock.AMSTERDAM).date()
    for user in workers_of(trajectory):
        with override(user.language):
            day = date_format(since, "j F")
        _tell(
            user,
            trajectory,
            template="first_contact_late",
            dedupe=f"first_contact_late:{trajectory.pk}",
            address=reverse("participants:applicant", args=[trajectory.pk]),
            urgency=outbox.SCHEDULED,
            since=day,
            days=str(settings.FIRST_CONTACT_DAYS),
        )


#: Kind of the message by which workers hear that somebody they know filled in the form again.
KNOCKED = "participants.known_person_knocked"


def known_person_knocked(trajectory: Trajectory, *, call_name: str, key: UUID) -> None:
    """Somebody who takes part, or did, filled in the form again: a person looks at it.

    Who left hears how it goes on, in a message of their own; not who refused contact.
    """
    left = trajectory.phase == Trajectory.Phase.FORMER
    if left and call_name == trajectory.participant.call_name and not is_left_alone(trajectory):
        welcome_again(trajectory)
    other_name = "" if call_name == trajectory.participant.call_name else call_name
    for user in workers_of(trajectory):
        _tell(
            user,
            trajectory,
            template="known_person_knocked",
            dedupe=f"known_person_knocked:{key}",
            address=_page_of(trajectory),
            other_name=other_name,
        )


def welcome_again(trajectory: Trajectory) -> None:
    """R-195: a kind next step for who took part before. Once a day, however often they press."""
    person = trajectory.participant
    outbox.write(
        contact=person.contact,
        template="welcome_again",
        kind="participants.welcome_again",
        dedupe_key=f"welcome_again:{trajectory.pk}:{clock.today()}",
        subject_id=trajectory.pk,
        group=trajectory.group,
        params={"call_name": person.call_name},
    )


def account_ready(trajectory: Trajectory) -> None:
    """The account is open: sign in and read the agreements. Leaves the next day, after the talk."""
    person = trajectory.participant
    if "email" not in person.contact.safe_channels:
        return  # there is no code to receive; the worker shows the page at the meeting (C-41)
    outbox.write(
        contact=person.contact,
        template="account_ready",
        kind="participants.account_ready",
        dedupe_key=f"account_ready:{trajectory.pk}",
        subject_id=trajectory.pk,
        group=trajectory.group,
        not_before=clock.at(clock.today() + timedelta(days=1), 9),
        params={
            "call_name": person.call_name,
            "sign_in_url": settings.SITE_URL.rstrip("/") + reverse("account_request_login_code"),
        },
    )


def advice_asked(consultation: Consultation) -> None:
    """R-065: the region's coordinators get the question."""
    trajectory = consultation.intake.trajectory
    for user in recusal.coordinators_of(trajectory).select_related("contact"):
        _tell(
            user,
            trajectory,
            template="advice_asked",
            dedupe=f"advice_asked:{consultation.pk}",
            address=reverse("participants:consultation", args=[consultation.pk]),
        )


def advice_given(consultation: Consultation) -> None:
    """To whoever asked; stays that one out by now, then to who goes on."""
    trajectory = consultation.intake.trajectory
    workers = workers_of(trajectory)
    asked = [user for user in workers if user == consultation.asked_by]
    for user in asked or workers:
        _tell(
            user,
            trajectory,
            template="advice_given",
            dedupe=f"advice_given:{consultation.pk}",
            address=reverse("participants:intake", args=[trajectory.pk]),
        )


def workers_of(trajectory: Trajectory) -> list[User]:
    """Today's workers of the stay's group, or else the coordinators of its region.

    A worker who stays out of this stay hears nothing about it.
    """
    guides = [user for user in recusal.guides_of(trajectory) if user.contact_id]
    return guides or list(recusal.coordinators_of(trajectory).select_related("contact"))


def _page_of(trajectory: Trajectory) -> str:
    """Before placement the applicant's page, afterwards the file (a page of the roof)."""
    early = trajectory.phase in (Trajectory.Phase.SIGNED_UP, Trajectory.Phase.INTAKE)
    if early:
        return reverse("participants:applicant", args=[trajectory.pk])
    return url_or("home:file", trajectory.pk, otherwise=reverse("participants:applicants"))


def _tell(
    user: User,
    trajectory: Trajectory,
    *,
    template: str,
    dedupe: str,
    address: str,
    urgency: Message.Urgency = outbox.IMMEDIATE,
    **params: str,
) -> None:
    if user.contact is None:
        return
    group = trajectory.group
    outbox.write(
        contact=user.contact,
        template=template,
        kind=f"participants.{template}",
        dedupe_key=f"{dedupe}:{user.pk}",
        subject_id=trajectory.pk,
        urgency=urgency,
        params={
            "group_name": group.name if group else "",
            "page_url": settings.SITE_URL.rstrip("/") + address,
            **params,
        },
    )
