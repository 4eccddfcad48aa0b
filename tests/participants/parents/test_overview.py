"""The worker's side of consent: to-dos with a reason and a button, release, exceptions."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.models import RoleAssignment, User
from core.audit.models import ReadEntry
from core.messaging.models import Contact, Message
from core.ports import Todo
from participants import sweep
from participants.exit import with_coordinator
from participants.models import Guardian, Intake, ParentalConsent, Trajectory, UnsafeHome
from participants.parents import question as parental
from participants.parents import todos as waiting
from participants.parents import words_from_parents
from participants.parents.overview import overview
from questionnaires.models import Instrument, Invitation
from tests import world
from tests.participants.parents.build import say_yes

pytestmark = pytest.mark.django_db


class Scene:
    """One group, its worker, and a fourteen-year-old with own agreements and one parent."""

    def __init__(self, **organisation: Any) -> None:
        self.group = world.make_group(organisation=world.make_organisation(**organisation))
        self.worker = world.make_worker(self.group)
        self.coordinator = world.make_coordinator(self.group.location.region)
        self.stay = world.make_trajectory(
            group=self.group, phase="intake", suitable=True, age=14, call_name="Noor"
        )
        world.give_own_agreements(self.stay)
        self.client = Client()
        self.client.force_login(self.worker)

    def parent(self) -> Guardian:
        guardian = world.make_guardian(self.stay)
        from participants.consent import needed as consent

        consent.settle(trajectory=self.stay)
        return guardian

    def press(self, name: str, *args: Any, **data: Any) -> Any:
        url = reverse(f"participants:{name}", args=[self.stay.pk, *args])
        return self.client.post(url, data)

    def todos(self, user: User | None = None) -> list[Todo]:
        user = user or self.worker
        agreed = [] if user == self.worker else world.asked(with_coordinator.RULES, user)
        return [*world.asked(waiting.RULES, user), *agreed]

    def kinds(self, user: User | None = None) -> set[str]:
        return {todo.kind for todo in self.todos(user)}

    def page(self) -> str:
        return self.client.get(
            reverse("participants:parents", args=[self.stay.pk])
        ).content.decode()


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.mark.req("R-103", "R-104")
def test_each_step_of_the_way_is_a_to_do_until_its_button_was_pressed(scene: Scene) -> None:
    def reason() -> str:
        (todo,) = scene.todos()
        assert todo.url == reverse("participants:parents", args=[scene.stay.pk])
        return todo.reason

    assert reason() == "De gegevens van een ouder ontbreken"
    parent = scene.parent()
    assert reason().startswith("Kan de mail aan de ouders thuis kwaad doen?")
    assert scene.press("harm", can_harm="no").status_code == 302
    assert reason() == "De mail aan de ouders wacht om vrijgegeven te worden"
    assert scene.press("release_request", parent.pk).status_code == 302
    assert reason() == "Wacht op toestemming"
    token = _token(scene)
    say_yes(token)
    assert scene.todos() == []


def _token(scene: Scene) -> str:
    import json

    message = Message.objects.filter(kind="parental_request").latest("written_at")
    return json.loads(message.secret)["answer_url"].rstrip("/").split("/")[-1]


@pytest.mark.req("R-103")
def test_a_mail_that_can_do_harm_has_no_release_button_but_the_coordinators_decision(
    scene: Scene,
) -> None:
    parent = scene.parent()
    release = reverse("participants:release_request", args=[scene.stay.pk, parent.pk])
    assert release not in scene.page()
    scene.press("harm", can_harm="yes")
    page = scene.page()
    assert release not in page
    assert reverse("participants:unsafe_home", args=[scene.stay.pk]) in page
    assert scene.client.post(release).status_code == 422
    assert not Message.objects.filter(contact=parent.contact).exists()
    far = world.make_coordinator(world.make_region())
    assert scene.press("unsafe_home", coordinator=far.pk, reason="x").status_code == 422
    assert scene.press("unsafe_home", coordinator=scene.coordinator.pk).status_code == 422
    done = scene.press("unsafe_home", coordinator=scene.coordinator.pk, reason="Niet veilig")
    assert done.status_code == 302
    scene.stay.refresh_from_db()
    assert scene.stay.blocked_reason == ""


@pytest.mark.req("R-103")
def test_the_named_coordinator_confirms_the_exception_or_ends_it(scene: Scene) -> None:
    scene.parent()
    scene.press("harm", can_harm="yes")
    scene.press("unsafe_home", coordinator=scene.coordinator.pk, reason="Niet veilig")
    (todo,) = scene.todos(scene.coordinator)
    client = Client()
    client.force_login(scene.coordinator)
    page = client.get(todo.url).content.decode()
    for shown in ("Noor", "14", scene.stay.participant.postcode, "Niet veilig"):
        assert shown in page
    assert scene.stay.participant.contact.email not in page
    assert ReadEntry.objects.filter(user=scene.coordinator, record="unsafe_home").exists()
    client.post(todo.url, {"agreed": "yes"})
    assert scene.todos(scene.coordinator) == []
    assert UnsafeHome.objects.get().ended_at is None
    for neither in ({}, {"agreed": ""}, {"agreed": "misschien"}):
        assert client.post(todo.url, neither).status_code == 400
    assert UnsafeHome.objects.get().ended_at is None
    client.post(todo.url, {"agreed": "no"})
    assert UnsafeHome.objects.get().ended_at is not None
    scene.stay.refresh_from_db()
    assert scene.stay.blocked_reason == "unsafe_home", "without a talk the home stays as it was"
    scene.client.get(todo.url)
    assert scene.client.get(todo.url).status_code == 404


@pytest.mark.req("R-106")
def test_after_the_last_reminder_without_an_answer_the_worker_is_told(scene: Scene) -> None:
    parent = scene.parent()
    scene.press("harm", can_harm="no")
    scene.press("release_request", parent.pk)
    for days in (3, 7, 14):
        assert scene.kinds() == {"consent"}
        with clock.travel(clock.now() + timedelta(days=days)):
            sweep.run_due(clock.today())
    with clock.travel(clock.now() + timedelta(days=15)):
        assert scene.kinds() == {"parent_silent"}
        parental.release_request(guardian=parent, trajectory=scene.stay, by=scene.worker)
        assert scene.kinds() == {"consent"}


@pytest.mark.req("R-103")
def test_a_letter_that_died_counts_while_the_question_is_open_only(scene: Scene) -> None:
    """Answered after all, by whatever way: the address is no errand any more."""
    parent = scene.parent()
    scene.press("harm", can_harm="no")
    scene.press("release_request", parent.pk)
    row = ParentalConsent.objects.get()
    Message.objects.filter(subject_id=row.pk).update(state="dead", reason="smtp_550")
    (line,) = overview(scene.stay).lines
    assert line.bounced
    row.answer, row.answered_at, row.answered_name = "yes", clock.now(), "Inge Visser"
    row.answered_language, row.answered_relation = "nl", "mother"
    row.save()
    (line,) = overview(scene.stay).lines
    assert (line.state, line.bounced) == ("yes", False)


@pytest.mark.req("R-111")
def test_a_parents_question_is_a_to_do_until_a_person_answered(scene: Scene) -> None:
    parent = scene.parent()
    scene.press("harm", can_harm="no")
    scene.press("release_request", parent.pk)
    row = ParentalConsent.objects.get()
    words_from_parents.ask_question(consent=row, text="Wie zijn jullie?")
    assert "parent_question" in scene.kinds()
    assert "Wie zijn jullie?" in scene.page()
    scene.press("question_answered", row.pk)
    assert "parent_question" not in scene.kinds()


@pytest.mark.req("R-104")
def test_a_refusal_and_a_withdrawal_ask_for_a_talk_first_of_all(scene: Scene) -> None:
    row = world.give_parental_yes(scene.stay)
    assert scene.todos() == []
    parental.withdraw_by_parent(consent=row)
    (todo,) = scene.todos()
    assert todo.urgency == 0
    assert "Noor" in todo.title


@pytest.mark.req("R-107")
def test_a_task_says_that_somebody_decides_alone_from_now_on(scene: Scene) -> None:
    world.give_parental_yes(scene.stay)
    person = scene.stay.participant
    person.birth_date = clock.today().replace(year=clock.today().year - 16)
    person.save()
    sweep.run_due(clock.today())
    assert scene.kinds() == {"of_age"}
    with clock.travel(clock.now() + timedelta(days=20)):
        assert scene.todos() == []


@pytest.mark.req("R-103")
def test_informed_parents_are_a_to_do_until_the_mail_was_released() -> None:
    scene = Scene(consent_policy="informed", consent_basis="besluit 4")
    parent = scene.parent()
    assert scene.kinds() == {"inform"}
    scene.press("harm", can_harm="no")
    assert scene.press("release_request", parent.pk).status_code == 302
    assert scene.kinds() == set()


@pytest.mark.req("R-086", "R-102")
def test_the_young_person_is_asked_for_the_own_yes_and_the_parents_details() -> None:
    group = world.make_group()
    stay = world.make_trajectory(group=group, phase="intake", suitable=True, age=14)
    from participants.consent import needed as consent

    consent.settle(trajectory=stay)
    found = world.asked(waiting.RULES, stay.participant.user)
    assert [todo.kind for todo in found] == ["own_agreements", "own_parents"]
    world.make_guardian(stay)
    world.give_own_agreements(stay)
    assert world.asked(waiting.RULES, stay.participant.user) == []


def test_what_is_not_safe_stands_wherever_a_worker_finds_an_address_or_a_text(
    scene: Scene,
) -> None:
    """Before the parents' mail is released too: home may not know (trust.md 11a)."""
    wave = Invitation.objects.create(
        trajectory=scene.stay,
        wave="baseline",
        sequence=1,
        instrument=Instrument.objects.get(),
        earned_on=clock.today(),
        opened_on=clock.today(),
    )
    addresses = [
        reverse("participants:applicant", args=[scene.stay.pk]),
        reverse("participants:parents", args=[scene.stay.pk]),
        reverse("home:file", args=[scene.stay.pk]),
        reverse("questionnaires:ready_text", args=[wave.pk]),
    ]
    contacts = Contact.objects.filter(pk=scene.stay.participant.contact_id)
    for caution, words in (
        ({"shared_mailbox": True}, "Hier lezen anderen mee"),
        ({"not_at_home": True}, "Thuis mag het niet weten"),
        ({"stopped_at": clock.now()}, "Wil geen berichten meer"),
    ):
        contacts.update(shared_mailbox=False, not_at_home=False, stopped_at=None)
        for address in addresses:
            assert words not in scene.client.get(address).content.decode(), address
        contacts.update(**caution)
        for address in addresses:
            assert words in scene.client.get(address).content.decode(), address
    assert "ready-text" not in scene.client.get(addresses[-1]).content.decode()


@pytest.mark.req("R-004", "R-020")
def test_only_the_groups_workers_open_the_page_and_each_opening_is_written_down(
    scene: Scene,
) -> None:
    other = Client()
    other.force_login(world.make_worker(world.make_group()))
    address = reverse("participants:parents", args=[scene.stay.pk])
    assert other.get(address).status_code == 404
    assert other.post(reverse("participants:harm", args=[scene.stay.pk])).status_code == 404
    assert not ReadEntry.objects.exists()
    assert scene.client.get(address).status_code == 200
    assert list(ReadEntry.objects.values_list("record", "subject_ids")) == [
        ("parents", [scene.stay.pk])
    ]


@pytest.mark.req("R-004")
def test_a_parent_of_another_child_cannot_be_written_to_through_this_stay(scene: Scene) -> None:
    scene.parent()
    scene.press("harm", can_harm="no")
    other = world.make_trajectory(group=scene.group, phase="intake", suitable=True, age=14)
    stranger = world.make_guardian(other)
    assert scene.press("release_request", stranger.pk).status_code == 404
    assert not Message.objects.filter(contact=stranger.contact).exists()


def test_the_to_dos_ask_the_same_number_of_questions_however_many_wait(
    scene: Scene, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        scene.todos(User.objects.get(pk=scene.worker.pk))
    for _n in range(5):
        stay = world.make_trajectory(group=scene.group, phase="intake", suitable=True, age=14)
        world.give_own_agreements(stay)
    assert Trajectory.objects.exclude(blocked_reason="").count() == 6
    with django_assert_num_queries(3):
        scene.todos(User.objects.get(pk=scene.worker.pk))


@pytest.mark.req("R-103")
def test_no_mail_goes_home_while_an_exception_stands_whatever_is_answered_later(
    scene: Scene,
) -> None:
    """A colleague with an older page answers "no harm": the exception is ended first."""
    parent = scene.parent()
    scene.press("harm", can_harm="yes")
    scene.press("unsafe_home", coordinator=scene.coordinator.pk, reason="Niet veilig")
    assert scene.press("harm", can_harm="no").status_code == 422
    Intake.objects.filter(trajectory=scene.stay).update(mail_can_harm=False)  # each is enough
    assert scene.press("release_request", parent.pk).status_code == 422
    assert not Message.objects.filter(contact=parent.contact).exists()
    assert scene.press("home_is_safe").status_code == 422, "first talk with the young person"
    scene.press("home_is_safe", talked="on")
    assert scene.press("harm", can_harm="no").status_code == 302
    assert scene.press("release_request", parent.pk).status_code == 302


@pytest.mark.req("R-103")
def test_an_exception_whose_coordinator_left_is_the_successors(scene: Scene) -> None:
    scene.parent()
    scene.press("unsafe_home", coordinator=scene.coordinator.pk, reason="Niet veilig")
    successor = world.make_coordinator(scene.stay.region, "Nadia Smit")
    assert scene.todos(successor) == [], "the one who was named is asked"
    RoleAssignment.objects.filter(user=scene.coordinator).update(
        valid_until=clock.today() - timedelta(days=1)
    )
    (todo,) = scene.todos(successor)
    assert "Karim" in todo.reason
    client = world.eyes(successor)
    page = client.get(todo.url).content.decode()
    assert "Karim" in page
    assert "samen met jou" not in page
    client.post(todo.url, {"agreed": "yes"})
    row = UnsafeHome.objects.get()
    assert row.confirmed_at is not None
    assert row.coordinator == successor
    assert scene.todos(successor) == []
    assert world.eyes(scene.coordinator).get(todo.url).status_code == 404
