"""To-dos about people who arrive: computed from facts, gone as soon as the fact changes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import first_name_of
from core.accounts.rights import may
from core.ages import age_on
from core.dates import in_full
from core.facts import Asked, Facts, counted
from core.ports import Part, Todo, TodoRule, each
from participants.models import Consultation, ContactAttempt, Intake, PhaseChange, Trajectory
from participants.permissions import CONSULT, SEE_APPLICANTS
from participants.signup.applicants import is_late
from participants.signup.choices import HEARD_FROM, WHEN, shown
from participants.todo_kinds import Kind

#: A talk that began this long ago without a decision asks to be finished.
UNFINISHED_AFTER = timedelta(days=7)

CALL = {
    Trajectory.Mood.APP: gettext_lazy("Send a message"),
    Trajectory.Mood.CALL: gettext_lazy("Call"),
    Trajectory.Mood.MEET: gettext_lazy("Agree where to meet"),
}


@dataclass(frozen=True)
class Applicant:
    """Somebody who arrives. `attempts`: contacts tried; `begun_at`: when the talk began."""

    id: UUID
    name: str
    born: date
    group: UUID | None
    signed_up_at: datetime
    contacted_at: datetime | None
    heard_from: str
    contact_when: str
    contact_by: str
    contact_with: str | None
    has_intake: bool
    decision: str | None
    decided_at: datetime | None
    told_at: datetime | None
    attempts: int
    begun_at: datetime | None


def _applicants(user: Viewer) -> QuerySet[Trajectory]:
    """New sign-ups, first contacts that are late, talks to finish, decisions to tell.

    Who may be invited for an evening is proposed by who gives out the seats (groups.seats).
    """
    return Trajectory.objects.applicants_visible_to(user)


def _of(row: Applicant, asked: Asked) -> Todo | None:
    if row.group is None:
        return _without_group(row, asked)
    if row.decision:
        return _to_tell(row) if row.told_at is None else None
    if row.has_intake:
        return _unfinished(row, asked)
    if row.contacted_at is not None:
        return _todo(
            row,
            Kind.APPLICANT_TALK,
            urgency=2,
            when=_("this week"),
            title=_("First talk with %(name)s") % {"name": row.name},
            reason=_("You have been in touch; the talk has not begun yet."),
            action=_("Begin the talk"),
        )
    return _to_reach(row, asked)


def _to_reach(row: Applicant, asked: Asked) -> Todo:
    """R-047: a new sign-up, and the reminder when nobody has reached the young person."""
    signed_up_on = clock.day_of(row.signed_up_at)
    days = (asked.day - signed_up_on).days
    tried = (
        ngettext("Tried %(n)d time, not reached.", "Tried %(n)d times, not reached.", row.attempts)
        % {"n": row.attempts}
        if row.attempts
        else _("Nobody has been in touch yet.")
    )
    parts = [tried]
    late = is_late(row, asked.now)
    if late:
        parts.insert(0, _("Waits since %(day)s.") % {"day": date_format(signed_up_on, "j F")})
    elif row.heard_from:
        heard = _("Heard of it: %(from)s.") % {"from": shown(row.heard_from, HEARD_FROM)}
        parts.insert(0, heard)
    if row.contact_when not in ("", "any"):
        when = shown(row.contact_when, WHEN)
        parts.append(_("Suits best: %(when)s.") % {"when": when})
    if row.contact_with is not None:
        parts.append(
            _("Would rather hear from %(name)s.") % {"name": first_name_of(row.contact_with)}
        )
    return _todo(
        row,
        Kind.APPLICANT_LATE if late else Kind.APPLICANT_NEW,
        urgency=0 if late else 1,
        when=ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else _("today"),
        title=(_("%(name)s (%(age)d) is still waiting") if late else _("New: %(name)s (%(age)d)"))
        % {"name": row.name, "age": age_on(row.born, asked.day)},
        reason=" ".join(str(part) for part in parts),
        action=str(CALL[Trajectory.Mood(row.contact_by)]),
    )


def _without_group(row: Applicant, asked: Asked) -> Todo:
    """The coordinator's: nobody else sees this young person yet."""
    return _todo(
        row,
        Kind.APPLICANT_WITHOUT_GROUP,
        urgency=1,
        when=_("no group"),
        title=_("Find a group for %(name)s (%(age)d)")
        % {"name": row.name, "age": age_on(row.born, asked.day)},
        reason=_("Signed up, and no group has this person yet."),
        action=_("Open"),
    )


def _unfinished(row: Applicant, asked: Asked) -> Todo | None:
    begun = row.begun_at
    if begun is None or asked.now - begun < UNFINISHED_AFTER:
        return None
    return _todo(
        row,
        Kind.APPLICANT_UNFINISHED,
        urgency=2,
        when=_("this week"),
        title=_("Finish the talk with %(name)s") % {"name": row.name},
        reason=_("Begun on %(day)s, not decided yet.")
        % {"day": date_format(clock.day_of(begun), "j F")},
        action=_("Go on"),
        page="intake",
    )


def _to_tell(row: Applicant) -> Todo:
    """A person tells it, so a person is reminded."""
    assert row.decided_at is not None  # noqa: S101
    return _todo(
        row,
        Kind.APPLICANT_TO_TELL,
        urgency=0 if row.decision == Intake.Decision.REFERRED else 1,
        when=_("tell"),
        title=_("Tell %(name)s what you decided") % {"name": row.name},
        reason=_("Decided on %(day)s. The system sends nothing about it.")
        % {"day": date_format(clock.day_of(row.decided_at), "j F")},
        action=_("To the decision"),
        page="intake",
    )


def _todo(row: Applicant, kind: Kind, *, page: str = "applicant", **fields: Any) -> Todo:
    return Todo(
        kind=kind,
        about=row.id,
        url=reverse(f"participants:{page}", args=[row.id]),
        since=clock.day_of(row.signed_up_at),
        group_id=row.group,
        **fields,
    )


# ---- Questions of workers that wait for the coordinator (R-065) ----------------------------


@dataclass(frozen=True)
class Question:
    id: UUID
    asked_by: str
    asked_at: datetime
    group: UUID | None


def _questions(user: Viewer) -> QuerySet[Consultation]:
    return Consultation.objects.visible_to(user).filter(answered_at__isnull=True)


def _advice(row: Question, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.ADVICE,
        about=row.id,
        urgency=1,
        when=_("question"),
        title=_("%(name)s asks for advice") % {"name": first_name_of(row.asked_by)},
        reason=_("About a first talk, asked on %(day)s.") % {"day": in_full(row.asked_at)},
        action=_("Read and answer"),
        url=reverse("participants:consultation", args=[row.id]),
        since=clock.day_of(row.asked_at),
        group_id=row.group,
    )


_BEGAN = PhaseChange.objects.filter(
    trajectory=OuterRef("pk"), to_phase=Trajectory.Phase.INTAKE
).order_by("at")
APPLICANTS = Facts(
    Applicant,
    _applicants,
    {
        "name": "shown_name",
        "born": "participant__birth_date",
        "group": "group_id",
        "contact_when": "first_contact_when",
        "contact_by": "first_contact_by",
        "contact_with": "first_contact_with__name",
        "has_intake": Exists(Intake.objects.filter(trajectory=OuterRef("pk"))),
        "decision": "intake__decision",
        "decided_at": "intake__decided_at",
        "told_at": "intake__told_at",
        "attempts": counted(ContactAttempt.objects.filter(trajectory=OuterRef("pk"))),
        "begun_at": Subquery(_BEGAN.values("at")[:1]),
    },
)
QUESTIONS = Facts(
    Question, _questions, {"asked_by": "asked_by__name", "group": "intake__trajectory__group_id"}
)
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
        parts=(Part(APPLICANTS, each(_of)),),
        asks=lambda user: may(user, SEE_APPLICANTS),
    ),
    TodoRule(
        (Kind.ADVICE,),
        parts=(Part(QUESTIONS, each(_advice)),),
        asks=lambda user: may(user, CONSULT),
    ),
)
