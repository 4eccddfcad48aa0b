"""Who seems to be there already is shown to the worker who meets them (R-343)."""

from datetime import date

import pytest
from django.test import Client

from core.accounts.models import User
from core.organisations.models import Group
from participants.models import NotTheSame, Participant, Recusal, Trajectory
from participants.recusal import recusal
from participants.rights.erasure import erase_person
from participants.signup.known_already import same_person
from participants.signup.look_alikes import nearly_the_same
from tests import world

pytestmark = pytest.mark.req("R-343")

BORN = date(2012, 5, 3)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("José", "Jose", True),
        ("Jose\u0301", "José", True),
        ("Anne Fleur", "Anne-Fleur", True),
        ("Anne  Fleur", "Annefleur", True),
        ("İpek", "ipek", True),
        ("Noor", "Nour", True),
        ("Noor", "Nor", True),
        ("Sara", "Sarah", True),
        ("Sara", "Saar", True),
        ("Anne", "Annefleur", True),
        ("Mo", "Mohammed", False),
        ("Bo", "Jo", False),
        ("Noor", "Sam", False),
        ("Sanne", "Senna", False),
        ("", "", False),
    ],
)
def test_names_that_are_nearly_the_same(one: str, other: str, same: bool) -> None:
    assert nearly_the_same(one, other) is same
    assert nearly_the_same(other, one) is same


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def worker(group: Group) -> User:
    return world.make_worker(group)


def person(group: Group, name: str, phase: str = "signed_up") -> Trajectory:
    return world.make_trajectory(group=group, phase=phase, call_name=name, birth_date=BORN)


@pytest.fixture
def there(group: Group) -> Trajectory:
    return person(group, "Sara", "participating")


@pytest.fixture
def new(group: Group, there: Trajectory) -> Trajectory:
    return person(group, "Sarah")


def read(client: Client, user: User, stay: Trajectory) -> tuple[str, str]:
    """The list, and the page of this sign-up."""
    client.force_login(user)
    pages = [client.get(path) for path in ("/aanmeldingen/", f"/aanmeldingen/{stay.pk}/")]
    return pages[0].content.decode(), pages[1].content.decode()


SAID = "dezelfde geboortedatum, dezelfde postcode en bijna dezelfde naam"


@pytest.mark.parametrize("again", ["José", "Jose", "JOSE\u0301", "jo-sé"])
def test_who_signs_up_in_another_spelling_is_somebody_we_know(group: Group, again: str) -> None:
    known = person(group, "José").participant
    found = same_person(again, BORN, known.postcode, shared=False, email="", phone="")
    assert found == known


def test_the_list_and_the_page_say_who_seems_the_same(
    client: Client, worker: User, new: Trajectory, there: Trajectory
) -> None:
    listed, page = read(client, worker, new)
    assert "misschien al bekend" in listed
    assert SAID in page
    assert f'/deelnemers/{there.pk}/"' in page


def test_another_birthday_or_postcode_is_another_person(
    client: Client, worker: User, group: Group, new: Trajectory, there: Trajectory
) -> None:
    Participant.objects.filter(pk=there.participant_id).update(postcode="3511")
    assert SAID not in read(client, worker, new)[1]
    Participant.objects.filter(pk=there.participant_id).update(
        postcode=new.participant.postcode, birth_date=date(2012, 5, 4)
    )
    assert SAID not in read(client, worker, new)[1]


def test_a_worker_says_with_a_reason_that_they_are_two_and_it_is_gone(
    client: Client, worker: User, new: Trajectory, there: Trajectory
) -> None:
    client.force_login(worker)
    path = f"/aanmeldingen/{new.pk}/een-ander/{there.participant_id}/"
    refused = client.post(path, {"why": " "})
    assert refused.status_code == 422
    assert not NotTheSame.objects.exists()
    assert client.post(path, {"why": "Een tweeling."}).status_code == 302
    assert client.post(path, {"why": "Een tweeling."}).status_code == 404  # nothing to say any more
    row = NotTheSame.objects.get()
    assert (row.by, str(row.why)) == (worker, "Een tweeling.")
    listed, page = read(client, worker, new)
    assert "misschien al bekend" not in listed
    assert SAID not in page


def test_nobody_learns_of_somebody_beyond_reach(
    client: Client, worker: User, group: Group, new: Trajectory, there: Trajectory
) -> None:
    elsewhere = world.make_group()
    stranger = world.make_worker(elsewhere)
    far = person(elsewhere, "Sara")
    listed, page = read(client, stranger, far)
    assert "misschien al bekend" not in listed
    assert SAID not in page
    client.force_login(stranger)
    path = f"/aanmeldingen/{far.pk}/een-ander/{there.participant_id}/"
    assert client.post(path, {"why": "Een tweeling."}).status_code == 404
    recusal.recuse(trajectory=there, worker=worker, by=worker, said_by=Recusal.Said.WORKER)
    listed, page = read(client, worker, new)
    assert "misschien al bekend" not in listed
    assert SAID not in page


def test_what_was_said_goes_with_either_person(
    worker: User, new: Trajectory, there: Trajectory
) -> None:
    for gone in (there, new):
        NotTheSame.objects.create(
            trajectory=new, other=there.participant, by=worker, at=new.signed_up_at, why="Twee."
        )
        erase_person(participant=gone.participant, by=worker)
        assert not NotTheSame.objects.exists()
