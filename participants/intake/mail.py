"""The mails around the first talk: the account, a question to the coordinator, the advice."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from core import clock
from core.messaging import outbox
from participants.models import Consultation, Trajectory
from participants.recusal import recusal
from participants.signup.mail import tell_worker


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
