"""Every answer is kept by itself; a wave is sent once and stays as it was sent."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from core.errors import NotYours, RuleBroken
from core.messaging import outbox
from core.messaging.models import Message
from participants.models import Trajectory
from questionnaires.answers.answering import (
    missing,
    save_answer,
    save_answers,
    say_about_talking,
    submit,
)
from questionnaires.cycle.reminders import MESSAGE
from questionnaires.models import Draft, Instrument, Invitation, Response
from tests import world
from tests.questionnaires.build import make_invitation


def answer_all(wave: Invitation, count: int = 22) -> None:
    by = wave.trajectory.participant.user
    save_answers(invitation=wave, values=dict.fromkeys(range(1, count + 1), 2), by=by)


def stored() -> int:
    return Draft.objects.count() + Response.objects.count()


@pytest.mark.req("R-217")
def test_an_item_that_was_not_touched_is_missing_and_not_zero(wave: Invitation) -> None:
    by = wave.trajectory.participant.user
    save_answer(invitation=wave, number=1, value=3, by=by)
    save_answer(invitation=wave, number=3, value=-2, by=by)
    draft = Draft.objects.get()
    assert (draft.a01, draft.a02, draft.a03) == (3, None, -2)
    assert missing(wave, draft) == [2, *range(4, 23)]
    response = submit(invitation=wave, by=by)
    assert (response.a01, response.a02, response.a03, response.a22) == (3, None, -2, None)


def test_another_answer_replaces_the_first_until_it_is_sent(wave: Invitation) -> None:
    by = wave.trajectory.participant.user
    save_answer(invitation=wave, number=7, value=1, by=by)
    save_answer(invitation=wave, number=7, value=5, by=by)
    assert Draft.objects.get().a07 == 5


@pytest.mark.req("R-210")
@pytest.mark.parametrize("number", [n for n in range(1, 23) if n != 2])
def test_not_applicable_exists_at_item_2_only(wave: Invitation, number: int) -> None:
    by = wave.trajectory.participant.user
    with pytest.raises(RuleBroken) as refused:
        save_answer(invitation=wave, number=number, value=-1, by=by)
    assert refused.value.code == "out_of_range"
    assert stored() == 0


@pytest.mark.req("R-210")
def test_not_applicable_is_kept_as_its_code(wave: Invitation) -> None:
    save_answer(invitation=wave, number=2, value=-1, by=wave.trajectory.participant.user)
    assert Draft.objects.get().a02 == -1


@pytest.mark.parametrize("number", range(1, 23))
def test_rather_not_is_an_answer_everywhere(wave: Invitation, number: int) -> None:
    save_answer(invitation=wave, number=number, value=-2, by=wave.trajectory.participant.user)
    assert Draft.objects.get().answer(number) == -2


@pytest.mark.req("R-209")
@pytest.mark.parametrize(
    ("number", "value"), [(1, 0), (1, 6), (1, 99), (1, -3), (13, 4), (15, 7), (1, 2**63)]
)
def test_a_value_that_is_not_printed_is_refused(wave: Invitation, number: int, value: int) -> None:
    with pytest.raises(RuleBroken) as refused:
        save_answer(
            invitation=wave, number=number, value=value, by=wave.trajectory.participant.user
        )
    assert refused.value.code == "out_of_range"
    assert stored() == 0


@pytest.mark.req("R-200")
@pytest.mark.parametrize("number", [0, 19, 22, 23, 2**63])
def test_the_start_has_no_such_item(stay: Trajectory, number: int) -> None:
    baseline = make_invitation(stay, "baseline")
    with pytest.raises(RuleBroken) as refused:
        save_answer(invitation=baseline, number=number, value=1, by=stay.participant.user)
    assert refused.value.code == "unknown_item"
    assert stored() == 0


def test_one_wrong_value_among_many_stores_nothing(wave: Invitation) -> None:
    with pytest.raises(RuleBroken):
        save_answers(invitation=wave, values={1: 1, 2: 99}, by=wave.trajectory.participant.user)
    assert stored() == 0


@pytest.mark.req("R-010")
@pytest.mark.parametrize("who", ["another participant", "worker", "nobody"])
def test_only_the_participant_answers(wave: Invitation, who: str) -> None:
    by = {
        "another participant": lambda: world.make_participant().user,
        "worker": lambda: world.make_worker(wave.trajectory.group),
        "nobody": lambda: None,
    }[who]()
    for act in (
        lambda: save_answer(invitation=wave, number=1, value=1, by=by),
        lambda: submit(invitation=wave, by=by),
    ):
        with pytest.raises(NotYours):
            act()
    assert stored() == 0


def test_an_empty_list_is_not_sent(wave: Invitation) -> None:
    with pytest.raises(RuleBroken) as refused:
        submit(invitation=wave, by=wave.trajectory.participant.user)
    assert refused.value.code == "nothing_answered"
    wave.refresh_from_db()
    assert wave.state == "open"


def test_sending_answers_the_wave_and_empties_the_draft(wave: Invitation) -> None:
    answer_all(wave)
    response = submit(invitation=wave, by=wave.trajectory.participant.user)
    wave.refresh_from_db()
    assert (wave.state, wave.answered_on) == ("answered", response.submitted_at.date())
    assert not Draft.objects.exists()
    assert response.given() == dict.fromkeys(range(1, 23), 2)


def test_what_was_sent_is_read_only(wave: Invitation) -> None:
    by = wave.trajectory.participant.user
    answer_all(wave)
    response = submit(invitation=wave, by=by)
    with pytest.raises(RuleBroken) as refused:
        save_answer(invitation=wave, number=1, value=5, by=by)
    assert refused.value.code == "not_open"
    with pytest.raises(DatabaseError, match="annot update"), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(a01=5)
    response.refresh_from_db()
    assert response.a01 == 2


def test_the_wish_to_talk_may_still_change(wave: Invitation) -> None:
    by = wave.trajectory.participant.user
    answer_all(wave)
    submit(invitation=wave, by=by)
    assert say_about_talking(invitation=wave, wants=True, by=by).wants_to_talk is True
    assert say_about_talking(invitation=wave, wants=False, by=by).wants_to_talk is False


@pytest.mark.parametrize("state", ["missed", "closed", "withdrawn"])
def test_a_wave_that_is_closed_takes_no_answer(stay: Trajectory, state: str) -> None:
    wave = make_invitation(stay, state=state)
    for act in (
        lambda: save_answer(invitation=wave, number=1, value=1, by=stay.participant.user),
        lambda: submit(invitation=wave, by=stay.participant.user),
    ):
        with pytest.raises(RuleBroken) as refused:
            act()
        assert refused.value.code == "not_open"
    assert stored() == 0


def test_sending_withdraws_the_message_that_waits(wave: Invitation) -> None:
    person = wave.trajectory.participant
    message = outbox.write(
        contact=person.contact,
        template="wave_interim",
        kind=MESSAGE,
        subject_id=wave.pk,
        dedupe_key="one",
    )
    answer_all(wave)
    submit(invitation=wave, by=person.user)
    message.refresh_from_db()
    assert (message.state, message.reason) == (Message.State.WITHDRAWN, "answered")


@pytest.mark.parametrize("value", [0, -3, 99])
def test_the_database_holds_answers_only(wave: Invitation, value: int) -> None:
    answer_all(wave)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.update(a05=value)


@pytest.mark.django_db(transaction=True)
def test_50_submissions_at_once_make_one_response() -> None:
    stay = world.make_trajectory(group=world.make_group())
    wave = make_invitation(stay)
    answer_all(wave)
    by = stay.participant.user

    def send(_: int) -> str:
        try:
            return str(submit(invitation=wave, by=by).pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=25) as crowd:
        sent = list(crowd.map(send, range(50)))
    connections.close_all()
    assert set(sent) == {str(wave.pk)}
    assert Response.objects.count() == 1
    assert Invitation.objects.get().state == "answered"
    assert Instrument.objects.count() == 1
