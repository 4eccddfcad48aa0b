"""An exception "decided with the coordinator": the coordinator who was named says so, or not."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import RoleAssignment, User
from core.audit.models import ReadEntry
from core.errors import NotYours, RuleBroken
from core.organisations.models import Group
from groups.goodbye.leaving import close_stay
from participants.exit import aftercare, with_coordinator
from participants.exit import parents as parents_at_exit
from participants.journey import journey
from participants.models import ParentsAtExit, ReturnException, Trajectory
from participants.recusal import recusal
from tests import world
from tests.world import asked, eyes, waiting

TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=300)
WHY = "Vader mag niets horen"
WORDS = "Ik hoor dit nu voor het eerst"


@pytest.fixture(autouse=True)
def _today(db: None) -> Any:
    with clock.travel(clock.at(TODAY, 12)):
        yield


@pytest.fixture
def group() -> Group:
    return world.make_group(age_from=12, age_until=30)


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group, "Fleur Jansen")


@pytest.fixture
def coordinator(group: Group) -> Any:
    return world.make_coordinator(group.location.region, "Karim Bakker")


@pytest.fixture
def child(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, age=14, call_name="Casey")


@pytest.fixture
def goodbye(child: Trajectory, worker: Any, coordinator: Any) -> ParentsAtExit:
    return parents_at_exit.record_exception(
        trajectory=child, coordinator=coordinator, reason=WHY, by=worker
    )


@pytest.fixture
def back(group: Group, worker: Any, coordinator: Any) -> ReturnException:
    stay = world.make_participating(group, since=SINCE, age=17, call_name="Sam")
    close_stay(trajectory=stay, exit_kind="other", exit_reason="moved", by=worker)
    return aftercare.allow_return(
        participant=stay.participant, reason=WHY, discussed_with=coordinator, by=worker
    )


def page_of(row: Any) -> str:
    return reverse("participants:discussed", args=[row.pk])


def close(stay: Trajectory, by: Any) -> Trajectory:
    return close_stay(trajectory=stay, exit_kind="other", exit_reason="moved", by=by)


# ---- The question ----------------------------------------------------------


@pytest.mark.req("R-109", "R-195")
@pytest.mark.parametrize("kind", ["goodbye", "back"])
def test_who_was_named_reads_who_wrote_what_when_and_why_and_says_yes(
    request: Any, kind: str, worker: Any, coordinator: Any
) -> None:
    row = request.getfixturevalue(kind)
    (todo,) = waiting(coordinator, "discussed")
    assert todo.url == page_of(row)
    assert "Fleur" in todo.reason
    here = eyes(coordinator)
    shown = here.get(page_of(row)).content.decode()
    for said in ("Fleur Jansen", "13 maart 2026", WHY, "Casey" if kind == "goodbye" else "Sam"):
        assert said in shown
    stay = with_coordinator.stay_of(row)
    assert ReadEntry.objects.filter(
        user=coordinator, record="discussed", subject_ids=[stay.pk]
    ).exists()
    assert here.post(page_of(row), {"words": "x"}).status_code == 400
    assert here.post(page_of(row), {"discussed": "yes", "words": "Gebeld"}).status_code == 302
    row.refresh_from_db()
    assert (row.discussed, row.answer, row.answered_at) == (True, "Gebeld", clock.now())
    assert waiting(coordinator, "discussed") == waiting(worker, "not_discussed") == []
    line = eyes(worker).get(reverse("home:time_line", args=[stay.pk])).content.decode()
    assert _("The coordinator: we discussed it") in line
    assert "Gebeld" in line
    assert "Karim" in line
    again = here.post(page_of(row), {"discussed": "no"})
    assert again.status_code == 422
    row.refresh_from_db()
    assert row.discussed is True


@pytest.mark.req("R-109", "R-195")
def test_nobody_else_is_asked_nor_answers(
    group: Group, goodbye: ParentsAtExit, back: ReturnException, worker: Any
) -> None:
    for other in (
        world.make_coordinator(group.location.region, "Bo de Wit"),
        world.make_coordinator(world.make_region()),
        worker,
        goodbye.trajectory.participant.user,
        world.make_manager(group.location.organisation),
    ):
        assert waiting(other, "discussed") == []
        for row in (goodbye, back):
            assert eyes(other).get(page_of(row)).status_code == 404
            with pytest.raises(NotYours):
                with_coordinator.answer(decision=row, discussed=True, by=other)


def test_who_no_longer_holds_the_region_is_not_asked(
    goodbye: ParentsAtExit, back: ReturnException, coordinator: Any
) -> None:
    assert len(waiting(coordinator, "discussed")) == 2
    RoleAssignment.objects.filter(user=coordinator).update(valid_until=TODAY - timedelta(days=1))
    later = User.objects.get(pk=coordinator.pk)
    assert waiting(later, "discussed") == []
    assert eyes(later).get(page_of(goodbye)).status_code == 404
    with pytest.raises(NotYours):
        with_coordinator.answer(decision=goodbye, discussed=True, by=later)


def _loses_the_region(coordinator: Any, stay: Trajectory, worker: Any) -> None:
    RoleAssignment.objects.filter(user=coordinator).update(valid_until=TODAY - timedelta(days=1))


def _stays_out(coordinator: Any, stay: Trajectory, worker: Any) -> None:
    recusal.recuse(trajectory=stay, worker=coordinator, by=worker, said_by="worker")


@pytest.mark.req("R-109", "R-195")
@pytest.mark.parametrize("kind", ["goodbye", "back"])
@pytest.mark.parametrize("happens", [_loses_the_region, _stays_out])
def test_a_question_of_who_no_longer_reads_it_goes_to_the_coordinators_in_force(
    request: Any, kind: str, happens: Any, group: Group, worker: Any, coordinator: Any
) -> None:
    row = request.getfixturevalue(kind)
    lidewij = world.make_coordinator(group.location.region, "Lidewij Hoekstra")
    bo = world.make_coordinator(group.location.region, "Bo de Wit")
    elsewhere = world.make_coordinator(world.make_region())
    assert waiting(lidewij, "discussed") == []
    happens(coordinator, with_coordinator.stay_of(row), worker)
    for user in (User.objects.get(pk=coordinator.pk), elsewhere, worker):
        assert waiting(user, "discussed") == []
        assert eyes(user).get(page_of(row)).status_code == 404
    (todo,) = waiting(lidewij, "discussed")
    assert len(waiting(bo, "discussed")) == 1
    assert todo.reason == with_coordinator.inherited(coordinator.name)
    assert "Karim Bakker" in eyes(lidewij).get(todo.url).content.decode()
    assert eyes(lidewij).post(todo.url, {"discussed": "no", "words": WORDS}).status_code == 302
    row.refresh_from_db()
    assert (row.named, row.discussed) == (lidewij, False), "hers from then on"
    assert waiting(lidewij, "discussed") == waiting(bo, "discussed") == []
    assert eyes(bo).get(todo.url).status_code == 404
    with pytest.raises(NotYours):
        with_coordinator.answer(decision=row, discussed=True, by=bo)
    (heard,) = waiting(worker, "not_discussed")
    assert "Lidewij" in heard.title


def test_nobody_inherits_what_they_wrote_down_what_was_answered_or_a_talk_with_the_parents(
    child: Trajectory, goodbye: ParentsAtExit, back: ReturnException, worker: Any, coordinator: Any
) -> None:
    lidewij = world.make_coordinator(child.region, "Lidewij Hoekstra")
    parents_at_exit.record_talk(
        trajectory=child, spoken_on=TODAY, feedback="Goed", tips="Bel", by=worker
    )
    with_coordinator.answer(decision=goodbye, discussed=True, by=coordinator)
    ReturnException.objects.update(by=coordinator)
    _loses_the_region(coordinator, child, worker)
    assert waiting(lidewij, "discussed") == []
    assert not ParentsAtExit.objects.visible_to(lidewij).exists()
    ReturnException.objects.update(by=lidewij)
    assert waiting(lidewij, "discussed") == []
    assert eyes(lidewij).get(page_of(back)).status_code == 404


def test_what_a_coordinator_wrote_down_alone_asks_nothing(
    group: Group, back: ReturnException, coordinator: Any
) -> None:
    ReturnException.objects.update(by=coordinator)
    assert waiting(coordinator, "discussed") == []


def test_an_answer_has_its_moment(goodbye: ParentsAtExit, back: ReturnException) -> None:
    for rows in (ParentsAtExit.objects, ReturnException.objects):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(discussed=True)


# ---- "This was not discussed with me" --------------------------------------


@pytest.mark.req("R-109")
def test_a_goodbye_that_was_not_discussed_does_not_close_and_the_worker_hears_it(
    child: Trajectory, goodbye: ParentsAtExit, worker: Any, coordinator: Any
) -> None:
    eyes(coordinator).post(page_of(goodbye), {"discussed": "no", "words": WORDS})
    with pytest.raises(RuleBroken, check=lambda e: e.code == "parents_first"):
        close(child, worker)
    (todo,) = waiting(worker, "not_discussed")
    assert "Karim" in todo.title
    page = eyes(worker).get(todo.url).content.decode()
    assert WORDS in page
    assert 'name="feedback"' in page, "and it is asked anew"
    with clock.travel(clock.at(TODAY + timedelta(days=1), 12)):
        parents_at_exit.record_talk(
            trajectory=child, spoken_on=TODAY, feedback="Goed", tips="Bel", by=worker
        )
    assert waiting(worker, "not_discussed") == []
    assert close(child, worker).phase == "former"


@pytest.mark.req("R-109")
def test_said_after_the_closing_the_worker_still_hears_it_and_talks_it_over(
    child: Trajectory, goodbye: ParentsAtExit, worker: Any, coordinator: Any
) -> None:
    close(child, worker)
    with_coordinator.answer(decision=goodbye, discussed=False, by=coordinator)
    (todo,) = waiting(worker, "not_discussed")
    assert eyes(worker).post(todo.url, {"act": "heard"}).status_code == 302
    assert waiting(worker, "not_discussed") == []
    goodbye.refresh_from_db()
    assert (goodbye.discussed, goodbye.heard_by) == (False, worker)
    line = eyes(worker).get(reverse("home:time_line", args=[child.pk])).content.decode()
    assert _("The coordinator: this was not discussed with me") in line
    assert _("Talked over with the coordinator") in line


@pytest.mark.req("R-195")
def test_a_return_that_was_not_discussed_lets_nobody_in(
    back: ReturnException, worker: Any, coordinator: Any
) -> None:
    with_coordinator.answer(decision=back, discussed=False, words=WORDS, by=coordinator)
    with pytest.raises(RuleBroken, check=lambda e: e.code == "return_needs_exception"):
        _sign_up(back)
    (todo,) = waiting(worker, "not_discussed")
    page = eyes(worker).get(todo.url).content.decode()
    assert WORDS in page
    assert 'name="coordinator"' in page, "and it can be decided anew"
    aftercare.allow_return(
        participant=back.participant, reason="Nu wel", discussed_with=coordinator, by=worker
    )
    assert waiting(worker, "not_discussed") == []
    assert _sign_up(back).phase == "signed_up"


@pytest.mark.req("R-195")
def test_a_return_in_use_stays_and_the_worker_of_before_hears_the_no(
    back: ReturnException, worker: Any, coordinator: Any
) -> None:
    stay = _sign_up(back)
    with_coordinator.answer(decision=back, discussed=False, by=coordinator)
    stay.refresh_from_db()
    assert stay.phase == "signed_up", "the young person has no part in it"
    (todo,) = waiting(worker, "not_discussed")
    eyes(worker).post(todo.url, {"act": "heard"})
    assert waiting(worker, "not_discussed") == []


def test_the_to_dos_cost_the_same_for_one_and_for_many(
    group: Group, goodbye: ParentsAtExit, back: ReturnException, worker: Any, coordinator: Any
) -> None:
    costs = []
    with_coordinator.answer(decision=back, discussed=False, by=coordinator)
    for extra in (1, 4):
        for n in range(extra):
            other = world.make_participating(group, since=SINCE, age=14, call_name=f"Kind {n}")
            for said in (False, None):
                row = parents_at_exit.record_exception(
                    trajectory=other, coordinator=coordinator, reason=WHY, by=worker
                )
                if said is not None:
                    with_coordinator.answer(decision=row, discussed=said, by=coordinator)
                    ParentsAtExit.objects.filter(pk=row.pk).update(heard_at=None)
        costs.append([])
        for user in (worker, coordinator):
            with CaptureQueriesContext(connection) as queries:
                asked(with_coordinator.RULES, user)
            costs[-1].append(len(queries))
    assert costs[0] == costs[1]
    assert len(waiting(coordinator, "discussed")) == 6


def _sign_up(row: ReturnException) -> Trajectory:
    before = with_coordinator.stay_of(row)
    return journey.open_stay(
        participant=row.participant,
        by=row.participant.user,
        group=before.group,
        region=before.region,
        first_contact_by="app",
    )
