"""To-dos about people who arrive: computed from facts, gone as soon as the fact changes."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.ports import Todo, TodoRule
from participants.models import Consultation, Intake, Trajectory
from participants.permissions import CONSULT, SEE_APPLICANTS
from participants.signup.applicants import age_today, applicants_for, days_waiting, is_late
from participants.signup.choices import HEARD_FROM, WHEN, shown
from participants.todo_kinds import Kind

#: A talk that began this long ago without a decision asks to be finished.
UNFINISHED_AFTER = timedelta(days=7)

CALL = {
    Trajectory.Mood.APP: gettext_lazy("Send a message"),
    Trajectory.Mood.CALL: gettext_lazy("Call"),
    Trajectory.Mood.MEET: gettext_lazy("Agree where to meet"),
}


def _applicants(user: Viewer) -> list[Todo]:
    """New sign-ups, first contacts that are late, talks to finish, decisions to tell.

    Who may be invited for an evening is proposed by who gives out the seats (groups.seats).
    """
    if not reach(user, SEE_APPLICANTS):
        return []
    found = [_of(stay, getattr(stay, "intake", None)) for stay in applicants_for(user)]
    return [todo for todo in found if todo is not None]


def _of(stay: Trajectory, intake: Intake | None) -> Todo | None:
    if stay.group_id is None:
        return _without_group(stay)
    if intake is not None and intake.decision:
        return _to_tell(stay, intake) if intake.told_at is None else None
    if intake is not None:
        return _unfinished(stay)
    if stay.contacted_at is not None:
        return _todo(
            stay,
            Kind.APPLICANT_TALK,
            urgency=2,
            when=_("this week"),
            title=_("First talk with %(name)s") % {"name": stay.participant.call_name},
            reason=_("You have been in touch; the talk has not begun yet."),
            action=_("Begin the talk"),
        )
    return _to_reach(stay)


def _to_reach(stay: Trajectory) -> Todo:
    """R-047: a new sign-up, and the reminder when nobody has reached the young person."""
    days, name = days_waiting(stay), stay.participant.call_name
    attempts: int = stay.attempts  # type: ignore[attr-defined]
    tried = (
        ngettext("Tried %(n)d time, not reached.", "Tried %(n)d times, not reached.", attempts)
        % {"n": attempts}
        if attempts
        else _("Nobody has been in touch yet.")
    )
    parts = [tried]
    late = is_late(stay)
    if late:
        since = date_format(clock.day_of(stay.signed_up_at), "j F")
        parts.insert(0, _("Waits since %(day)s.") % {"day": since})
    elif stay.heard_from:
        heard = _("Heard of it: %(from)s.") % {"from": shown(stay.heard_from, HEARD_FROM)}
        parts.insert(0, heard)
    if stay.first_contact_when not in ("", "any"):
        when = shown(stay.first_contact_when, WHEN)
        parts.append(_("Suits best: %(when)s.") % {"when": when})
    if stay.first_contact_with is not None:
        asked = {"name": stay.first_contact_with.first_name}
        parts.append(_("Would rather hear from %(name)s.") % asked)
    return _todo(
        stay,
        Kind.APPLICANT_LATE if late else Kind.APPLICANT_NEW,
        urgency=0 if late else 1,
        when=ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else _("today"),
        title=(_("%(name)s (%(age)d) is still waiting") if late else _("New: %(name)s (%(age)d)"))
        % {"name": name, "age": age_today(stay)},
        reason=" ".join(str(part) for part in parts),
        action=str(CALL[Trajectory.Mood(stay.first_contact_by)]),
    )


def _without_group(stay: Trajectory) -> Todo:
    """The coordinator's: nobody else sees this young person yet."""
    return _todo(
        stay,
        Kind.APPLICANT_WITHOUT_GROUP,
        urgency=1,
        when=_("no group"),
        title=_("Find a group for %(name)s (%(age)d)")
        % {"name": stay.participant.call_name, "age": age_today(stay)},
        reason=_("Signed up, and no group has this person yet."),
        action=_("Open"),
    )


def _unfinished(stay: Trajectory) -> Todo | None:
    begun: datetime | None = stay.begun_at  # type: ignore[attr-defined]
    if begun is None or clock.now() - begun < UNFINISHED_AFTER:
        return None
    return _todo(
        stay,
        Kind.APPLICANT_UNFINISHED,
        urgency=2,
        when=_("this week"),
        title=_("Finish the talk with %(name)s") % {"name": stay.participant.call_name},
        reason=_("Begun on %(day)s, not decided yet.")
        % {"day": date_format(clock.day_of(begun), "j F")},
        action=_("Go on"),
        page="intake",
    )


def _to_tell(stay: Trajectory, intake: Intake) -> Todo:
    """A person tells it, so a person is reminded."""
    assert intake.decided_at is not None  # noqa: S101
    return _todo(
        stay,
        Kind.APPLICANT_TO_TELL,
        urgency=0 if intake.decision == Intake.Decision.REFERRED else 1,
        when=_("tell"),
        title=_("Tell %(name)s what you decided") % {"name": stay.participant.call_name},
        reason=_("Decided on %(day)s. The system sends nothing about it.")
        % {"day": date_format(clock.day_of(intake.decided_at), "j F")},
        action=_("To the decision"),
        page="intake",
    )


def _todo(stay: Trajectory, kind: Kind, *, page: str = "applicant", **fields: Any) -> Todo:
    return Todo(
        kind=kind,
        about=stay.pk,
        url=reverse(f"participants:{page}", args=[stay.pk]),
        since=clock.day_of(stay.signed_up_at),
        group_id=stay.group_id,
        **fields,
    )


def _advice(user: Viewer) -> list[Todo]:
    """Questions of workers that wait for the coordinator (R-065)."""
    if not reach(user, CONSULT):
        return []
    asked = Consultation.objects.visible_to(user).filter(answered_at__isnull=True)
    return [
        Todo(
            kind=Kind.ADVICE,
            about=question.pk,
            urgency=1,
            when=_("question"),
            title=_("%(name)s asks for advice") % {"name": question.asked_by.first_name},
            reason=_("About a first talk."),
            action=_("Read and answer"),
            url=reverse("participants:consultation", args=[question.pk]),
            since=clock.day_of(question.asked_at),
            group_id=question.intake.trajectory.group_id,
        )
        for question in asked.select_related("asked_by", "intake__trajectory")
    ]


RULES = (
    TodoRule(
        (
            Kind.APPLICANT_NEW,
            Kind.APPLICANT_LATE,
            Kind.APPLICANT_WITHOUT_GROUP,
            Kind.APPLICANT_TALK,
            Kind.APPLICANT_UNFINISHED,
            Kind.APPLICANT_TO_TELL,
        ),
        _applicants,
    ),
    TodoRule((Kind.ADVICE,), _advice),
)
