"""The first talk: half a form, a question that waits, a first idea, help elsewhere with a yes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock
from core.ages import birthday
from core.organisations.models import Municipality
from participants.intake import care_elsewhere, first_idea, talk
from participants.models import FirstIdea, Trajectory
from participants.recusal import recusal
from participants.signup import sign_up as signup
from participants.signup.first_contact import record_contact

if TYPE_CHECKING:
    from joinus.demo.world.play import Play

GROUP = "arnhem-groot"


def intake(play: Play) -> None:
    """Quin's talk (begun in the cast) goes on; Roos is told, and knows one of the two workers."""
    put, last = play.agenda.put, play.until
    put(last - timedelta(days=6), 16, lambda: _half_a_form(play))
    put(last - timedelta(days=14), 12, lambda: _signs_up(play))
    put(last - timedelta(days=9), 15, lambda: _talks(play))
    put(last - timedelta(days=1), 15, lambda: _asks(play))


def _half_a_form(play: Play) -> None:
    stay = _named(play, "Quin")
    if stay is None:
        return
    worker = play.stage.workers[GROUP][0]
    form = talk.start_intake(trajectory=stay, by=worker)
    if form.decision:
        return
    talk.save_intake(
        trajectory=stay,
        by=worker,
        expected_version=form.version,
        mode="face_to_face",
        held_on=clock.today(),
        one_to_one=True,
        need="Wil weer ergens bij horen, maar een volle kamer is spannend.",
        explained=True,
        judgements={"motivation": ("meets", ""), "dutch": ("meets", "")},
    )
    first_idea.note_first_idea(trajectory=stay, profile=FirstIdea.Profile.NEGATIVE_BIAS, by=worker)
    care_elsewhere.note_care(
        trajectory=stay, text="Praat elke maand met de schoolpsycholoog.", agreed=True, by=worker
    )


def _signs_up(play: Play) -> None:
    """Roos knows Mo: he is the neighbour. The first contact is Sanne's."""
    stay = signup.sign_up(
        call_name="Roos",
        birth_date=birthday(play.until, -18) - timedelta(days=60),
        postcode="6811",
        municipality=Municipality.objects.get(pk="GM0202"),
        group=play.stage.groups[GROUP],
        first_contact_by=Trajectory.Mood.MEET,
        first_contact_when="weekend",
        heard_from="friend",
        email="roos@jongeren.example",
        safe_channels=["email"],
    )
    mo = play.stage.workers[GROUP][1]
    recusal.know_at_sign_up(trajectory_id=stay.pk, worker_id=mo.pk)


def _talks(play: Play) -> None:
    stay = _named(play, "Roos")
    if stay is None:
        return
    sanne = play.stage.workers[GROUP][0]
    record_contact(trajectory=stay, outcome="spoken", by=sanne)
    talk.start_intake(trajectory=stay, by=sanne)


def _asks(play: Play) -> None:
    """Waits with the coordinator of the region; nothing of the talk goes along."""
    stay = _named(play, "Roos")
    if stay is not None:
        talk.ask_coordinator(
            trajectory=stay,
            question="De collega kent deze jongere. Wie kan bij het tweede gesprek zitten?",
            by=play.stage.workers[GROUP][0],
        )


def _named(play: Play, call_name: str) -> Trajectory | None:
    return Trajectory.objects.filter(
        participant__call_name=call_name,
        group=play.stage.groups[GROUP],
        phase__in=Trajectory.Phase.ARRIVING,
    ).first()
