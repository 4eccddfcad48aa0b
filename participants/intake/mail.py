"""The mails around the first talk: the account, a question to the coordinator, the advice."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from core import clock
from core.accounts import ways_in
from core.messaging import outbox
from core.ports import About
from participants.models import Consultation, Trajectory
from participants.recusal import recusal
from participants.signup.mail import tell_worker

READY = "participants.account_ready"


def message_wanted(kind: str, asked: Collection[About]) -> set[About] | None:
    """Answers the port: *you can sign in now* leaves only for who can, at that moment (R-341)."""
    if kind != READY:
        return None
    doors = ways_in.doors_of({about.to for about in asked})
    return {about for about in asked if about.to in doors and doors[about.to].by_mail}


def account_ready(trajectory: Trajectory) -> None:
    """The account is open: sign in and read the agreements. Leaves the next day, after the talk."""
    person = trajectory.participant
    if not ways_in.door_of(person.contact).by_mail:
        return  # no code would come; the worker is asked to hand one (`person.todos`, C-41)
    outbox.write(
        contact=person.contact,
        template="account_ready",
        kind=READY,
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
        tell_worker(
            user,
            trajectory,
            template="advice_asked",
            dedupe=f"advice_asked:{consultation.pk}",
            address=reverse("participants:consultation", args=[consultation.pk]),
        )


def advice_given(consultation: Consultation) -> None:
    """To whoever asked; stays that one out by now, then to who goes on."""
    trajectory = consultation.intake.trajectory
    workers = recusal.who_is_told(trajectory)
    asked = [user for user in workers if user == consultation.asked_by]
    for user in asked or workers:
        tell_worker(
            user,
            trajectory,
            template="advice_given",
            dedupe=f"advice_given:{consultation.pk}",
            address=reverse("participants:intake", args=[trajectory.pk]),
        )
