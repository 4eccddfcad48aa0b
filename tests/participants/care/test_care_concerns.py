"""Care concerns (R-093): together with the young person; acute danger is an exception."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.audit.models import ReadEntry
from core.ids import uuid7
from core.organisations.models import Group
from participants.care import care_concerns
from participants.care.care_concerns import Basis
from participants.models import CareConcern, CareShare, Trajectory, UnsafeHome
from participants.parents import question as parental
from tests import world
from tests.world import broken

TODAY = date(2026, 3, 13)
AGREED = Basis(agreed_on=TODAY)
ACUTE = Basis(acute=True, consulted="Mirjam, manager", could_not_wait="Was niet veilig vanavond")
SECRET = "Slaapt al weken niet thuis"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(TODAY, 20)):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group)


@pytest.fixture
def stay(group: Group) -> Trajectory:
    return world.make_participating(
        group, since=TODAY - timedelta(days=90), call_name="Noor", age=15
    )


@pytest.fixture
def concern(stay: Trajectory, worker: Any) -> CareConcern:
    return care_concerns.record_concern(trajectory=stay, what=SECRET, basis=AGREED, by=worker)


def list_of(stay: Trajectory) -> str:
    return reverse("participants:care_concerns", args=[stay.pk])


def page_of(concern: CareConcern) -> str:
    return reverse("participants:care_concern", args=[concern.pk])


def share(concern: CareConcern, by: Any, **fields: Any) -> CareShare:
    given = {
        "to": "school",
        "whom": "Mevrouw Bos, mentor",
        "what": "Dat het thuis zwaar is",
        "shared_on": TODAY,
        "basis": AGREED,
    }
    return care_concerns.share_concern(concern=concern, by=by, **{**given, **fields})


@pytest.mark.req("R-093")
def test_nothing_is_written_down_without_the_young_person(
    at_work: Client, stay: Trajectory, worker: Any
) -> None:
    for basis, code in (
        (Basis(), "only_together"),
        (Basis(agreed_on=TODAY, acute=True), "not_both"),
        (Basis(agreed_on=TODAY + timedelta(days=1)), "day_to_come"),
        (Basis(acute=True, could_not_wait="Nu"), "consulted_needed"),
        (Basis(acute=True, consulted="Mirjam"), "could_not_wait_needed"),
    ):
        with broken(code):
            care_concerns.record_concern(trajectory=stay, what=SECRET, basis=basis, by=worker)
    for sent in (
        {"what": SECRET},
        {"what": SECRET, "basis": "agreed"},
        {"what": SECRET, "basis": "acute", "consulted": "Mirjam"},
        {"what": " ", "basis": "agreed", "agreed_on": TODAY.isoformat()},
    ):
        assert at_work.post(list_of(stay), sent).status_code == 422, sent
    assert not CareConcern.objects.exists()


@pytest.mark.req("R-093")
def test_the_database_keeps_the_rule_too(stay: Trajectory, worker: Any) -> None:
    for fields in (
        {},
        {"agreed_on": TODAY, "acute": True, "consulted": "a", "could_not_wait": "b"},
        {"acute": True, "consulted": "a"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CareConcern.objects.create(
                trajectory=stay, by=worker, at=clock.now(), what="x", **fields
            )


@pytest.mark.req("R-093")
def test_who_was_told_what_and_when_is_kept(at_work: Client, stay: Trajectory, worker: Any) -> None:
    at_work.post(list_of(stay), {"what": SECRET, "basis": "agreed", "agreed_on": TODAY.isoformat()})
    concern = CareConcern.objects.get()
    assert (concern.by, concern.at, concern.agreed_on) == (worker, clock.now(), TODAY)
    sent = {
        "act": "share",
        "to": "school",
        "whom": "Mevrouw Bos, mentor",
        "shared_what": "Dat het thuis zwaar is",
        "shared_on": TODAY.isoformat(),
        "basis": "agreed",
        "agreed_on": TODAY.isoformat(),
    }
    for missing in ("whom", "shared_what", "shared_on", "basis", "to"):
        fields = {k: v for k, v in sent.items() if k != missing}
        assert at_work.post(page_of(concern), fields).status_code == 422, missing
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert at_work.post(page_of(concern), {**sent, "shared_on": tomorrow}).status_code == 422
    assert not concern.shares.exists()
    at_work.post(page_of(concern), sent)
    row = concern.shares.get()
    assert (row.by, row.to, row.whom, row.what, row.shared_on) == (
        worker,
        "school",
        "Mevrouw Bos, mentor",
        "Dat het thuis zwaar is",
        TODAY,
    )
    page = at_work.get(page_of(concern)).content.decode()
    assert "Mevrouw Bos, mentor" in page
    assert "Dat het thuis zwaar is" in page


@pytest.mark.req("R-093")
def test_acute_danger_is_an_exception_that_says_whom_and_why(
    at_work: Client, stay: Trajectory, worker: Any
) -> None:
    sent = {
        "what": SECRET,
        "basis": "acute",
        "agreed_on": TODAY.isoformat(),
        "consulted": "Mirjam, manager",
        "could_not_wait": "Was niet veilig vanavond",
    }
    at_work.post(list_of(stay), sent)
    concern = CareConcern.objects.get()
    assert (concern.acute, concern.agreed_on) == (True, None)
    page = at_work.get(page_of(concern)).content.decode()
    assert _("Acute danger: written down without an agreement.") in page
    assert "Mirjam, manager" in page
    assert "Was niet veilig vanavond" in page


@pytest.mark.req("R-093")
@pytest.mark.parametrize("how", ["exception", "said", "worker"])
def test_parents_are_not_told_while_home_is_not_safe(
    at_work: Client, concern: CareConcern, stay: Trajectory, worker: Any, how: str
) -> None:
    """C-37 holds here as well; acute danger stays possible, with who was consulted."""
    if how == "said":
        contact = stay.participant.contact
        contact.not_at_home = True
        contact.save()
    elif how == "worker":
        parental.ask_harm(trajectory=stay, can_harm=True, by=worker)
    else:
        UnsafeHome.objects.create(
            trajectory=stay, by=worker, coordinator=worker, at=clock.now(), reason="x"
        )
    with broken("unsafe_home"):
        share(concern, worker, to="parents")
    share(concern, worker, to="school")
    share(concern, worker, to="parents", basis=ACUTE)
    page = at_work.get(page_of(concern)).content.decode()
    said = _("Home is not safe here. Tell the parents nothing without the regional coordinator.")
    assert said in page


@pytest.mark.req("R-093")
def test_only_the_own_groups_workers_read_it_and_each_opening_is_written_down(
    at_work: Client, group: Group, concern: CareConcern, stay: Trajectory, worker: Any
) -> None:
    before = ReadEntry.objects.count()
    assert SECRET in at_work.get(page_of(concern)).content.decode()
    assert SECRET in at_work.get(list_of(stay)).content.decode()
    entries = ReadEntry.objects.order_by("-at")[: ReadEntry.objects.count() - before]
    assert [(e.user, e.record, e.subject_ids) for e in entries] == [
        (worker, "care concern", [stay.pk])
    ] * 2
    for other in (
        world.make_worker(world.make_group()),
        world.make_coordinator(group.location.region),
        world.make_manager(group.location.organisation),
        stay.participant.user,
    ):
        theirs = Client()
        theirs.force_login(other)
        assert theirs.get(page_of(concern)).status_code == 404
        assert theirs.get(list_of(stay)).status_code == 404
        assert not CareConcern.objects.visible_to(other).exists()
    file = at_work.get(reverse("home:file", args=[stay.pk])).content.decode()
    line = at_work.get(reverse("home:time_line", args=[stay.pk])).content.decode()
    assert SECRET not in file + line, "it stays on its own page"


@pytest.mark.req("R-093")
def test_what_is_written_is_sealed(concern: CareConcern, worker: Any) -> None:
    share(concern, worker, basis=ACUTE)
    care_concerns.close_concern(concern=concern, note="Huisarts neemt het over", by=worker)
    with connection.cursor() as cursor:
        for table, columns in (
            ("participants_careconcern", ("what", "closed_note")),
            ("participants_careshare", ("whom", "what", "consulted", "could_not_wait")),
        ):
            cursor.execute(f"select {', '.join(columns)} from {table}")
            for row in cursor.fetchall():
                assert all(bytes(value)[:1] == b"\x01" for value in row)


def test_a_closed_concern_is_shared_no_more(concern: CareConcern, worker: Any) -> None:
    with broken("words_needed"):
        care_concerns.close_concern(concern=concern, note=" ", by=worker)
    care_concerns.close_concern(concern=concern, note="Klaar", by=worker)
    care_concerns.close_concern(concern=concern, note="Nog eens", by=worker)
    concern.refresh_from_db()
    assert concern.closed_note == "Klaar"
    with broken("closed"):
        share(concern, worker)


def test_an_unknown_act_or_concern_is_refused_quietly(
    at_work: Client, concern: CareConcern
) -> None:
    assert at_work.post(page_of(concern), {"act": "burn"}).status_code == 400
    assert at_work.get(reverse("participants:care_concern", args=[uuid7()])).status_code == 404
