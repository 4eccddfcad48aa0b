"""trust.md 11a: a complaint reaches a named person outside the group and leaves no trace there."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from core import clock, ports
from core.accounts.roles import Role
from core.audit.models import ReadEntry
from core.errors import RuleBroken
from core.messaging.models import Message
from core.privacy import REST
from joinus.home.waiting import todos_for
from participants.complaints import complaints
from participants.models import Complaint, ComplaintStep
from participants.rights import erasure
from participants.rights.privacy import person_of
from tests import world

pytestmark = pytest.mark.django_db
WORDS = "Hij staat steeds te dichtbij"


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
def coordinator(group):
    return world.make_coordinator(group.location.region)


@pytest.fixture
def stay(group):
    return world.make_participating(group, since=clock.today() - timedelta(days=60), age=17)


@pytest.fixture
def told(stay, coordinator, worker):
    return complaints.tell(trajectory=stay, to=coordinator, words=WORDS, by=stay.participant.user)


@pytest.mark.parametrize(
    ("told_on", "answered_by"),
    [
        (date(2026, 11, 23), date(2026, 11, 26)),
        (date(2026, 11, 25), date(2026, 11, 30)),
        (date(2026, 11, 28), date(2026, 12, 2)),
    ],
)
def test_the_promised_day_skips_weekends(told_on, answered_by):
    assert complaints.answer_by(told_on) == answered_by


def test_told_on_the_own_page_and_answered_back_there(client, stay, worker, coordinator):
    client.force_login(stay.participant.user)
    page = reverse("participants:not_okay")
    shown = client.get(page).content.decode()
    assert coordinator.name in shown
    assert "regiocoördinator" in shown
    assert client.post(page, {"to": coordinator.pk, "words": ""}).status_code == 422
    assert client.post(page, {"to": coordinator.pk, "words": WORDS}).status_code == 302
    (todo,) = world.waiting(coordinator, "complaint")
    assert stay.participant.call_name not in todo.title + todo.reason
    client.force_login(coordinator)
    assert WORDS in client.get(todo.url).content.decode()
    client.post(todo.url, {"act": "note", "words": "Met de manager gebeld"})
    client.post(todo.url, {"act": "answer", "words": "Dank dat je het vertelt."})
    client.post(todo.url, {"act": "close"})
    assert not world.waiting(coordinator, "complaint")
    client.force_login(stay.participant.user)
    read = client.get(page).content.decode()
    assert "Dank dat je het vertelt." in read
    assert "Met de manager gebeld" not in read
    assert ReadEntry.objects.filter(record="complaint").values("user").distinct().count() == 1


def test_no_page_of_the_workers_shows_a_trace(client, stay, worker, told):
    complaints.answer(complaint=told, words="een antwoord", by=told.to)
    before = ReadEntry.objects.count()
    client.force_login(worker)
    address = reverse("participants:complaint", args=[told.pk])
    nothing = client.get("/zo-een-pagina-is-er-niet/")
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (404, nothing.content)
    assert ReadEntry.objects.count() == before
    pages = [
        "/vandaag/",
        f"/deelnemers/{stay.pk}/",
        f"/deelnemers/{stay.pk}/gegevens/",
        f"/groepen/{stay.group_id}/",
    ]
    for page in pages:
        shown = client.get(page)
        assert shown.status_code == 200, page
        text = shown.content.decode()
        assert str(told.pk) not in text
        assert WORDS not in text
        assert "niet oké" not in text
    assert not [t for t in todos_for(worker) if t.about == told.pk or str(told.pk) in t.url]
    assert not Message.objects.visible_to(worker).exists()
    assert not [e for part in ports.time_line(stay) for e in part if "niet oké" in e.text]


def test_what_a_worker_reads_together_holds_no_complaint(told, stay):
    rest = str(ports.export_person(person_of(stay.participant), REST))
    assert WORDS not in rest
    assert "complaint" not in rest


def test_a_coordinator_who_leads_the_group_does_not_hear_it(group, stay, coordinator, client):
    """The same person, two roles: own group stays out of sight."""
    both = world.make_coordinator(group.location.region, "Bea Beide")
    world.give_role(both, Role.YOUTH_WORKER, group=group)
    assert both not in [one.user for one in complaints.who_hears(stay)]
    with pytest.raises(RuleBroken) as no:
        complaints.tell(trajectory=stay, to=both, words=WORDS, by=stay.participant.user)
    assert no.value.code == "not_this_person"
    row = complaints.tell(trajectory=stay, to=coordinator, words=WORDS, by=stay.participant.user)
    assert not Complaint.objects.visible_to(both).exists()
    client.force_login(both)
    assert client.get(reverse("participants:complaint", args=[row.pk])).status_code == 404


def test_a_named_person_who_joins_the_group_loses_it_and_another_hears(told, coordinator, group):
    second = world.make_coordinator(group.location.region, "Tweede")
    assert not Complaint.objects.visible_to(second).exists()
    world.give_role(coordinator, Role.YOUTH_WORKER, group=group)
    assert not Complaint.objects.visible_to(coordinator).exists()
    assert Complaint.objects.visible_to(second).get() == told


def test_a_named_person_who_left_is_followed_by_the_others(told, coordinator):
    quality = world.make_national(Role.QUALITY_COORDINATOR)
    assert not Complaint.objects.visible_to(quality).exists()
    coordinator.role_assignments.update(valid_until=clock.today() - timedelta(days=1))
    assert Complaint.objects.visible_to(quality).get() == told


def test_another_region_does_not_hear_it(told):
    elsewhere = world.make_coordinator(world.make_region())
    assert not Complaint.objects.visible_to(elsewhere).exists()


def test_the_mails_say_nothing_and_belong_to_no_group(told, stay):
    complaints.answer(complaint=told, words="een antwoord", by=told.to)
    rows = Message.objects.filter(subject_id=told.pk)
    assert {row.template for row in rows} == {"something_told", "something_ready"}
    for row in rows:
        assert row.group is None
        assert set(row.params) == {"page_url"}
        assert stay.participant.call_name not in str(row.params)


def test_no_mail_where_mail_is_not_safe(told, stay):
    contact = stay.participant.contact
    contact.safe_channels = ["phone"]
    contact.save()
    complaints.answer(complaint=told, words="een antwoord", by=told.to)
    assert not Message.objects.filter(template="something_ready").exists()


def test_nobody_tells_it_in_somebodys_name(stay, worker, coordinator):
    with pytest.raises(RuleBroken) as no:
        complaints.tell(trajectory=stay, to=coordinator, words=WORDS, by=worker)
    assert no.value.code == "not_yours"


def test_an_open_complaint_outlives_the_erasure_and_goes_when_it_is_closed(told, stay, worker):
    """The worker it is about erases on request; what was told stays with the named person."""
    erasure.erase_person(participant=stay.participant, by=worker)
    told.refresh_from_db()
    assert told.words == WORDS
    assert Complaint.objects.visible_to(told.to).get() == told
    complaints.close(complaint=told, by=told.to)
    told.refresh_from_db()
    assert told.words == ""


def test_a_closed_complaint_is_erased_with_the_person(told, stay):
    complaints.answer(complaint=told, words="opgelost", by=told.to)
    complaints.close(complaint=told, by=told.to)
    erasure.erase_person(participant=stay.participant)
    assert Complaint.objects.get().words == ""
    assert ComplaintStep.objects.get().words == ""


def test_more_can_be_told_until_it_is_closed(client, told, stay):
    client.force_login(stay.participant.user)
    page = reverse("participants:tell_more", args=[told.pk])
    assert client.post(page, {"words": "Gisteren weer"}).status_code == 302
    assert ComplaintStep.objects.get().words == "Gisteren weer"
    other = world.make_participating(told.group, since=clock.today(), number=8)
    client.force_login(other.participant.user)
    assert client.post(page, {"words": "x"}).status_code == 404
