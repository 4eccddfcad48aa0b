"""The participant's start page: next meeting, open questionnaire, where am I."""

from typing import Any

from challenges import register
from challenges.models import Challenge
from core import clock
from core.accounts.models import User
from groups.evenings.first_evening import first_evening_of
from groups.models import AbsenceNotice, Meeting
from joinus.home.closing.closing import follow_up_on
from joinus.home.waiting import todos_for
from participants.exit import exit_talk
from participants.exit.aftercare import open_exception
from participants.journey.route_map import route_of
from participants.models import Trajectory
from participants.signup.what_to_expect import expecting
from questionnaires.instrument.instrument import item_count
from questionnaires.models import Invitation
from questionnaires.todo_kinds import Kind


def own_page(user: User) -> dict[str, Any]:
    """Everything on the page, for the newest stay of this person. No other person appears."""
    stay = (
        Trajectory.objects.visible_to(user)
        .select_related("participant", "group__location")
        .order_by("-signed_up_at")
        .first()
    )
    if stay is None:
        return {"stay": None, "todos": []}
    first_evening = first_evening_of(user, stay)
    meeting = first_evening.meeting if first_evening else _next_meeting(user, stay)
    invitation = Invitation.objects.visible_to(user).open().filter(trajectory=stay).first()
    return {
        "stay": stay,
        "name": stay.participant.call_name,
        "meeting": meeting,
        "today": clock.today(),
        "days_ahead": (meeting.date - clock.today()).days if meeting else None,
        "absent": meeting is not None
        and AbsenceNotice.objects.filter(
            meeting=meeting, trajectory=stay, taken_back_at__isnull=True
        ).exists(),
        "invitation": invitation,
        "items": item_count(invitation.wave) if invitation else 0,
        "is_running": stay.phase not in Trajectory.Phase.OVER and stay.stopped_on is None,
        **_leaving(stay),
        **_challenges(user, stay),
        "route": route_of(stay),
        "expecting": expecting(stay) if stay.stopped_on is None else None,
        "first_evening": first_evening,
        "todos": [t for t in todos_for(user) if t.kind != Kind.QUESTIONNAIRE],
    }


def _leaving(stay: Trajectory) -> dict[str, Any]:
    """R-019: who said goodbye, or stopped, finds what comes after, and what is their own."""
    gone = stay.phase == "former" or stay.stopped_on is not None
    if not gone and stay.phase != "leaving":
        return {"gone": False, "says_goodbye": False}
    return {
        "gone": gone,
        "says_goodbye": not gone,
        "last_evening": None if stay.stopped_on else stay.last_meeting_on,
        "follow_up_on": follow_up_on(stay),
        "by_message": stay.afterwards_by == Trajectory.Afterwards.MESSAGE,
        "to_learn": [line.text for line in exit_talk.agreements(stay)],
        "may_return": open_exception(stay.participant) is not None,
    }


def _challenges(user: User, stay: Trajectory) -> dict[str, Any]:
    """What they are trying now, in the own words; or that they may choose something (R-002)."""
    if not register.may_end(stay) or stay.stopped_on is not None:
        return {"challenges": [], "may_choose": False}
    going = Challenge.objects.visible_to(user).going().filter(trajectory=stay)
    return {"challenges": list(going), "may_choose": register.may_choose(stay)}


def _next_meeting(user: User, stay: Trajectory) -> Meeting | None:
    """No time or place before every yes that is needed (trust.md 6)."""
    if stay.blocked_reason or stay.phase not in Trajectory.Phase.PLACED:
        return None
    return (
        Meeting.objects.visible_to(user)
        .upcoming(clock.now())
        .filter(group=stay.group_id)
        .select_related("group__location")
        .first()
    )
