"""R-101: a copy, a correction or deletion is asked, weighed and answered by a person."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.audit.log import opened
from core.audit.models import ReadEntry
from core.errors import RuleBroken
from groups.goodbye.leaving import close_stay
from joinus.home.waiting import todos_for
from participants.consent import agreements
from participants.intake import first_idea
from participants.models import (
    Agreement,
    DataRequest,
    FirstIdea,
    Intake,
    Participant,
    Trajectory,
)
from participants.rights import requests as data_requests
from questionnaires.models import Draft, Invitation
from tests import world
from tests.questionnaires.build import make_invitation, make_response

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_file(settings, tmp_path):
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")


@pytest.fixture
def group():
    return world.make_group(age_until=20)


@pytest.fixture
def worker(group):
    return world.make_worker(group)


@pytest.fixture
def stay(group):
    return world.make_participating(group, since=clock.today() - timedelta(days=60), age=17)


def ask(stay, kind, words="", **more):
    return data_requests.ask(
        trajectory=stay, kind=kind, words=words, by=stay.participant.user, **more
    )


def titles(user) -> str:
    return " | ".join(todo.title for todo in todos_for(user))


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2027, 12, 5), date(2028, 1, 5)),
        (date(2026, 11, 30), date(2026, 12, 30)),
    ],
)
def test_an_answer_is_due_within_a_month(asked, due):
    assert data_requests.due_on(asked) == due


@pytest.mark.req("R-101")
def test_asked_on_the_own_page_and_answered_by_the_worker(client, stay, worker):
    client.force_login(stay.participant.user)
    page = reverse("participants:ask_about_data", args=["klopt-niet"])
    assert client.post(page, {"words": ""}).status_code == 422
    assert client.post(page, {"words": "Mijn postcode is anders"}).status_code == 302
    row = DataRequest.objects.get()
    assert row.due_on == data_requests.due_on(clock.today())
    (todo,) = world.waiting(worker, "data_request")
    assert todo.about == row.pk
    client.force_login(worker)
    assert "Mijn postcode is anders" in client.get(todo.url).content.decode()
    client.post(todo.url, {"act": "answer", "outcome": "done", "words": "Veranderd, dank je."})
    assert not world.waiting(worker, "data_request")
    client.force_login(stay.participant.user)
    assert "Veranderd, dank je." in client.get(reverse("participants:known")).content.decode()
    assert ReadEntry.objects.filter(record="data_request", user=worker).count() == 1


def test_the_same_question_again_is_the_same_question(stay):
    first = ask(stay, "correction", "Mijn naam")
    again = ask(stay, "correction", "Mijn straat")
    assert first.pk == again.pk
    assert "Mijn straat" in DataRequest.objects.get().words


def test_two_answers_are_one_to_do_because_they_stand_on_one_page(stay, worker):
    mine = stay.participant.user
    for kind, words in (("correction", "Mijn naam"), ("deletion", "Alles")):
        row = ask(stay, kind, words)
        assert len(world.waiting(mine, "own_data_answered")) == (kind == "deletion")
        data_requests.answer(request=row, outcome="refused", words="Nee, want.", by=worker)
    (todo,) = world.waiting(mine, "own_data_answered")
    assert todo.url == reverse("participants:known")


@pytest.mark.req_part("R-101")
def test_the_rest_is_checked_and_read_together_before_it_counts_as_given(stay, worker):
    row = ask(stay, "copy")

    def refused() -> str:
        with pytest.raises(RuleBroken) as no:
            data_requests.answer(request=row, outcome="done", words="", by=worker)
        return no.value.code

    assert refused() == "not_checked"
    with pytest.raises(RuleBroken):
        data_requests.read_together(request=row, by=worker)
    data_requests.check_for_others(request=row, by=worker)
    assert refused() == "not_read_together"
    data_requests.read_together(request=row, by=worker)
    assert data_requests.answer(request=row, outcome="done", words="", by=worker).answered_at


def test_the_database_holds_it_too(stay, worker):
    row = ask(stay, "copy")
    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequest.objects.filter(pk=row.pk).update(outcome="done", answered_at=clock.now())


@pytest.mark.req_part("R-101")
def test_a_parent_gets_nothing_by_a_button_and_the_child_is_heard(client, stay, worker):
    """C-40."""
    client.force_login(worker)
    page = reverse("participants:data_requests", args=[stay.pk])
    client.post(page, {"kind": "copy", "words": "Moeder belde, wil alles lezen"})
    row = DataRequest.objects.get()
    assert (row.asker, row.written_by) == ("parent", worker)
    assert client.get(reverse("participants:rest_of_data", args=[row.pk])).status_code == 404
    with pytest.raises(RuleBroken) as no:
        data_requests.answer(request=row, outcome="done", words="", by=worker)
    assert no.value.code == "child_not_heard"
    client.post(reverse("participants:data_request", args=[row.pk]), {"act": "heard"})
    assert data_requests.answer(request=row, outcome="partly", words="In het kort", by=worker)


def test_a_parent_cannot_have_a_child_erased(stay, worker):
    row = data_requests.ask(trajectory=stay, kind="deletion", asker="parent", by=worker)
    data_requests.hear_the_child(request=row, by=worker)
    with pytest.raises(RuleBroken) as no:
        data_requests.answer(request=row, outcome="done", words="", by=worker)
    assert no.value.code == "parent_cannot_erase"


def test_nobody_asks_in_the_name_of_a_young_person(stay, worker):
    with pytest.raises(RuleBroken) as no:
        data_requests.ask(trajectory=stay, kind="deletion", by=worker)
    assert no.value.code == "not_your_data"


@pytest.mark.req_part("R-101")
def came_back(stay, age_until=20):
    """The same person, later, in a group elsewhere."""
    with clock.travel(clock.now() - timedelta(days=9)):
        close_stay(
            trajectory=stay,
            exit_kind="other",
            exit_reason="moved",
            by=world.worker_of(stay),
        )
    again = world.make_trajectory(
        group=world.make_group(age_until=age_until), phase="intake", participant=stay.participant
    )
    Trajectory.objects.filter(pk=again.pk).update(signed_up_at=clock.now())
    again.refresh_from_db()
    return again


def test_each_group_gives_what_belongs_to_the_own_stay(client, stay, worker):
    """A copy of two stays is two questions: nobody reads what another group wrote."""
    first_idea.note_first_idea(trajectory=stay, profile="social_skills", by=worker)
    again = came_back(stay)
    there = world.worker_of(again)
    first_idea.note_first_idea(trajectory=again, profile="negative_bias", by=there)
    ask(again, "copy")
    ask(again, "copy")
    rows = {row.trajectory_id: row for row in DataRequest.objects.all()}
    assert set(rows) == {stay.pk, again.pk}
    idea = FirstIdea.Profile
    words = {stay.pk: idea.SOCIAL_SKILLS.label, again.pk: idea.NEGATIVE_BIAS.label}
    for here, elsewhere, who in ((stay, again, worker), (again, stay, there)):
        client.force_login(who)
        page = client.get(reverse("participants:rest_of_data", args=[rows[here.pk].pk]))
        assert str(words[here.pk]) in page.content.decode()
        assert str(words[elsewhere.pk]) not in page.content.decode()
        other = reverse("participants:rest_of_data", args=[rows[elsewhere.pk].pk])
        assert client.get(other).status_code == 404


def test_what_a_parent_asks_here_is_asked_of_no_other_group(stay, worker):
    again = came_back(stay)
    data_requests.ask(trajectory=stay, kind="copy", by=worker, asker="parent", words="Alles")
    assert not DataRequest.objects.filter(trajectory=again).exists()
    assert DataRequest.objects.get().trajectory == stay


def test_who_signed_up_again_is_not_erased_by_an_old_question(stay, worker):
    row = ask(stay, "deletion")
    with clock.travel(clock.now() + timedelta(days=10)):
        came_back(stay)
        with pytest.raises(RuleBroken) as no:
            data_requests.answer(request=row, outcome="done", words="", by=worker)
    assert no.value.code == "came_back"
    assert Participant.objects.get(pk=stay.participant_id).erased_at is None


def test_deletion_works_with_an_open_questionnaire(client, stay, worker):
    wave = make_invitation(stay)
    Draft.objects.create(invitation=wave, started_at=clock.now(), saved_at=clock.now(), a01=2)
    make_response(stay, {1: 3}, "baseline", 1, clock.today())
    row = ask(stay, "deletion")
    client.force_login(worker)
    page = reverse("participants:data_request", args=[row.pk])
    assert client.post(page, {"act": "answer", "outcome": "done"}).status_code == 302
    assert Participant.objects.get(pk=stay.participant_id).erased_at is not None
    assert not Invitation.objects.open().filter(trajectory=stay).exists()
    assert Invitation.objects.get(wave="baseline").response.a01 == 3
    assert not Draft.objects.exists()
    assert client.get(page).status_code == 404
    assert DataRequest.objects.get().outcome == "done"


def test_somebody_can_change_their_mind(client, stay, worker):
    row = ask(stay, "deletion")
    client.force_login(stay.participant.user)
    client.post(reverse("participants:take_back_request", args=[row.pk]))
    assert DataRequest.objects.get().outcome == "taken_back"
    assert "wissen" not in titles(worker)


def test_the_coordinator_hears_that_it_waits_not_what(group, stay, worker):
    coordinator = world.make_coordinator(group.location.region)
    row = ask(stay, "copy", "geheim")
    assert "gegevens" not in titles(coordinator)
    with clock.travel(row.due_on - timedelta(days=5)):
        coordinator.__dict__.pop("_roles_in_force", None)
        told = world.waiting(coordinator, "data_request_late")
        assert len(told) == 1
        assert stay.participant.call_name not in told[0].title
        assert str(stay.pk) not in told[0].url


@pytest.mark.req("R-101")
def test_the_due_date_stands_in_the_to_do_and_too_late_it_rises(group, stay, worker):
    """For the worker and for the coordinator of the region; another coordinator hears nothing."""
    row = ask(stay, "copy")
    due = date_format(row.due_on, "j F")

    def told(user: Any) -> list[tuple[int, str]]:
        user.__dict__.pop("_roles_in_force", None)
        waits = world.waiting(user, "data_request") + world.waiting(user, "data_request_late")
        return [(t.urgency, str(t.when)) for t in waits]

    coordinator = world.make_coordinator(group.location.region)
    assert told(worker) == [(2, _("before %(day)s") % {"day": due})]
    with clock.travel(row.due_on):
        assert told(coordinator) == [(1, _("before %(day)s") % {"day": due})]
    with clock.travel(row.due_on + timedelta(days=1)):
        late = [(0, _("too late since %(day)s") % {"day": due})]
        assert told(worker) == told(coordinator) == late
        assert told(world.make_coordinator(world.make_region())) == []


def test_without_a_group_the_coordinator_answers(client):
    region = world.make_region()
    stay = world.make_trajectory(region=region, phase="signed_up")
    coordinator = world.make_coordinator(region)
    row = ask(stay, "deletion")
    client.force_login(coordinator)
    assert client.get(reverse("participants:data_request", args=[row.pk])).status_code == 200


def test_the_own_package_is_there_at_once_without_what_others_wrote(client, stay, worker):
    """C-35: to read and as a file."""
    Intake(trajectory=stay, need="een oordeel van een ander").save()
    client.force_login(stay.participant.user)
    read = client.get(reverse("participants:package")).content.decode()
    file = client.get(reverse("participants:package_file"))
    assert stay.participant.call_name in read
    assert file["Content-Disposition"].startswith("attachment")
    told = json.loads(file.content)
    assert told["Over jou"][0]["Roepnaam"] == stay.participant.call_name
    for text in (read, file.content.decode()):
        assert "een oordeel van een ander" not in text
        assert "judgements" not in text


def test_who_looked_in_plain_words_with_role_day_and_first_name(client, stay, worker):
    opened(worker, "intake", [stay.pk])
    client.force_login(stay.participant.user)
    page = client.get(reverse("participants:who_looked")).content.decode()
    assert "Fleur las wat er over je eerste gesprek is opgeschreven" in page
    assert "Begeleider" in page
    assert "Jansen" not in page


def test_opening_twice_on_a_day_reads_as_one_line(client, stay, worker):
    for _again in range(3):
        opened(worker, "file", [stay.pk])
    client.force_login(stay.participant.user)
    page = client.get(reverse("participants:who_looked")).content.decode()
    assert page.count("Fleur keek") == 1
    assert ReadEntry.objects.count() == 3


def test_nobody_sees_who_looked_at_somebody_else(client, stay, worker, group):
    opened(worker, "file", [stay.pk])
    other = world.make_participating(group, since=clock.today(), number=9)
    client.force_login(other.participant.user)
    assert "Fleur" not in client.get(reverse("participants:who_looked")).content.decode()


@pytest.mark.parametrize("page", ["participants:known", "participants:who_looked"])
def test_the_number_of_queries_does_not_grow(client, stay, group, page, django_assert_num_queries):
    client.force_login(stay.participant.user)
    client.get(reverse(page))

    def queries() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(page)).status_code == 200
        return len(seen)

    for n in range(3):
        opened(world.make_worker(group, f"Naam{n} X"), "file", [stay.pk])
    few = queries()
    for n in range(27):
        opened(world.make_worker(group, f"Meer{n} X"), "file", [stay.pk])
    assert queries() == few


def test_a_yes_and_its_withdrawal_stand_on_the_page(client, stay):
    world.give_own_agreements(stay)
    client.force_login(stay.participant.user)
    agreements_page = client.get(reverse("participants:agreements")).content.decode()
    assert "Je doet dan even niet mee" in agreements_page or "niet mee" in agreements_page
    client.post(reverse("participants:agreements"), {"subject": "privacy", "act": "withdraw"})
    assert Agreement.objects.get(subject="privacy").withdrawn_at
    page = client.get(reverse("participants:known")).content.decode()
    assert "ingetrokken op" in page
    assert len(agreements.history(stay)) == 2
