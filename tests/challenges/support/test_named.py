"""The named list of support forms: printed, read with their texts, kept by the foundation."""

import pytest
from django.test import Client
from django.urls import reverse

from challenges.models import Mechanism, SupportForm
from challenges.reference import load_reference
from challenges.support import named
from core import clock
from core.accounts.models import User
from core.accounts.roles import Role
from core.errors import NotYours
from tests import world

pytestmark = pytest.mark.django_db

#: R-173 names these.
NAMED = {
    "modelling",
    "role_play",
    "exposure",
    "rewarding",
    "prompt",
    "challenging",
    "behavioural_experiment",
    "reinforcement",
    "role_model",
}
LIST = "/ondersteuningsvormen/"


@pytest.fixture(autouse=True)
def _loaded(db: None) -> None:
    load_reference()


@pytest.fixture
def foundation() -> User:
    return world.make_national(Role.FOUNDATION)


@pytest.mark.req("R-173")
def test_the_named_forms_are_there(foundation: User) -> None:
    assert {one.key for one in named.offered()} >= NAMED
    assert [one.intensity for one in named.offered()][:5] == [1, 2, 2, 3, None]


@pytest.mark.req("R-176")
def test_each_has_its_text_and_the_workers_read_it() -> None:
    page = world.eyes(world.make_worker(world.make_group())).get(LIST).content.decode()
    for form in SupportForm.objects.all():
        assert len(form.text_nl) > 60, form.key
        assert form.text_nl.split(".")[0].split("’")[0].split("‘")[0] in page, form.key
    assert "/ondersteuningsvormen/prompt/" not in page


@pytest.mark.req("R-176")
def test_who_coaches_reads_what_a_thread_names_and_changes_nothing() -> None:
    page = world.eyes(world.make_coordinator(world.make_region())).get(LIST)
    assert page.status_code == 200
    assert SupportForm.objects.get(key="prompt").text_nl.split(".")[0] in page.content.decode()
    assert 'name="act"' not in page.content.decode()
    assert "/ondersteuningsvormen/prompt/" not in page.content.decode()


@pytest.mark.req("R-177")
@pytest.mark.parametrize(
    ("mechanism", "fitting"),
    [
        (Mechanism.COGNITIONS, {"behavioural_experiment", "reinforcement"}),
        (Mechanism.SKILLS, {"role_model", "role_play", "social_reinforcement"}),
    ],
)
def test_what_is_proposed_follows_the_mechanism(mechanism: str, fitting: set[str]) -> None:
    assert {one.key for one in named.suggested({mechanism}, named.offered())} == fitting
    assert named.suggested(set(), named.offered()) == []


@pytest.mark.req("R-173")
@pytest.mark.req("R-176")
def test_the_foundation_adds_rewords_and_retires(foundation: User) -> None:
    eyes = world.eyes(foundation)
    words = {"act": "add", "name": "spiegelen", "text": "Doe na wat je ziet.", "intensity": "2"}
    assert eyes.post(LIST, words).status_code == 302
    row = SupportForm.objects.get(name_nl="spiegelen")
    assert (row.key, row.intensity, row.added_by) == ("spiegelen", 2, foundation)
    there = reverse("challenges:support_form", args=[row.pk])
    for address, more in ((LIST, {"act": "add", "name": "zonder tekst"}), (there, {"name": "x"})):
        assert eyes.post(address, more | {"text": " "}).status_code == 422, "each has its text"
    reworded = {"name": "spiegelen", "text": "Laat zien wat je ziet.", "intensity": "", "suits": ""}
    assert eyes.post(there, reworded).status_code == 302
    worker = world.eyes(world.make_worker(world.make_group()))
    assert "Laat zien wat je ziet." in worker.get(LIST).content.decode()
    eyes.post(there, {"act": "retire"})
    eyes.post(there, {"act": "retire"})
    assert "Laat zien wat je ziet." not in worker.get(LIST).content.decode()
    assert "spiegelen" not in {one.key for one in named.offered()}
    assert SupportForm.objects.filter(pk=row.pk).exists()
    eyes.post(there, {"act": "offer"})
    assert "spiegelen" in {one.key for one in named.offered()}


@pytest.mark.req("R-173")
def test_loading_the_data_again_leaves_what_was_reworded_and_retired(foundation: User) -> None:
    prompt = SupportForm.objects.get(key="prompt")
    named.reword_form(form=prompt, name="hint", text="Geef een hint.", by=foundation, intensity=2)
    named.retire_form(form=SupportForm.objects.get(key="exposure"), by=foundation)
    load_reference()
    prompt.refresh_from_db()
    assert (prompt.name_nl, prompt.text_nl) == ("hint", "Geef een hint.")
    assert SupportForm.objects.get(key="exposure").retired_at is not None


def test_only_the_foundation_does(foundation: User) -> None:
    worker = world.make_worker(world.make_group())
    with pytest.raises(NotYours):
        named.add_form(name="Iets", text="Iets.", by=worker)
    prompt = SupportForm.objects.get(key="prompt")
    with pytest.raises(NotYours):
        named.retire_form(form=prompt, by=worker)
    there = reverse("challenges:support_form", args=["prompt"])
    coordinator = world.make_coordinator(world.make_region())
    young = world.make_participating(world.make_group(), since=clock.today()).participant.user
    for user in (worker, coordinator, young):
        assert world.eyes(user).get(there).status_code == 403
        assert world.eyes(user).post(there, {"act": "retire"}).status_code == 403
    assert world.eyes(young).get(LIST).status_code == 403
    for user in (worker, coordinator):
        assert world.eyes(user).post(LIST, {"act": "add"}).status_code == 403
    assert Client().get(LIST).status_code == 302
    prompt.refresh_from_db()
    assert prompt.retired_at is None


def test_a_name_stands_once_and_twice_pressed_is_one(foundation: User) -> None:
    eyes = world.eyes(foundation)
    words = {"act": "add", "name": "Spiegelen", "text": "Doe na wat je ziet."}
    assert [eyes.post(LIST, words).status_code for _ in range(2)] == [302, 302]
    assert SupportForm.objects.filter(name_nl="Spiegelen").count() == 1
    assert eyes.post(LIST, words | {"text": "Anders."}).status_code == 422
    assert eyes.post(LIST, words | {"name": "PROMPT"}).status_code == 422
    assert eyes.post(LIST, words | {"name": "  "}).status_code == 422
    bad = "<script>alert(1)</script>"
    eyes.post(LIST, words | {"name": bad})
    assert bad not in eyes.get(LIST).content.decode()
    assert eyes.get("/ondersteuningsvormen/bestaat-niet/").status_code == 404
