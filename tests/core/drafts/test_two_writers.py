"""Two people write one form at once: nobody's words are lost, and what clashes is asked (R-340)."""

from datetime import date
from typing import Any

import pytest

from core import clock
from core.drafts.models import Draft
from core.organisations.models import Group
from participants.intake import talk
from participants.models import Intake
from tests.core.drafts.pages import look, text, ticket, type_in
from tests.participants.intake.build import address, posted
from tests.world import eyes, make_group, make_participating, make_trajectory, make_worker

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-340")]
NEED = 'name="need"'


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture
def begun(group: Group) -> Intake:
    stay = make_trajectory(group=group, phase="signed_up", call_name="Bo")
    return talk.start_intake(trajectory=stay, by=make_worker(group, "Ans Vos"))


@pytest.fixture
def fleur(group: Group) -> Any:
    return eyes(make_worker(group, "Fleur Jansen"))


@pytest.fixture
def sem(group: Group) -> Any:
    return eyes(make_worker(group, "Sem Visser"))


def bare(begun: Intake, sealed: str, **typed: str) -> dict[str, Any]:
    return {"version": begun.version, "draft": sealed, **typed}


def test_what_only_one_touched_merges_in_silence(begun: Intake, fleur: Any, sem: Any) -> None:
    page = address(begun.trajectory)
    one, other = look(fleur, page, NEED), look(sem, page, NEED)
    saved = fleur.post(page, bare(begun, one, need="Van Fleur", group_fit="Past goed"))
    assert saved.status_code == 302
    answer = sem.post(page, bare(begun, other, mode="phone", crisis="meets"))
    assert answer.status_code == 302
    row = Intake.objects.get()
    assert (row.need, row.group_fit, row.mode) == ("Van Fleur", "Past goed", "phone")
    assert row.judgements.filter(subject="crisis").exists()


def test_what_both_touched_shows_both_texts_and_then_one_is_chosen(
    begun: Intake, fleur: Any, sem: Any
) -> None:
    page = address(begun.trajectory)
    one, other = look(fleur, page, NEED), look(sem, page, NEED)
    fleur.post(page, bare(begun, one, need="Van Fleur", group_fit="Past goed"))
    answer = sem.post(page, bare(begun, other, need="Van Sem", mode="phone"))
    assert answer.status_code == 422
    seen = text(answer)
    assert "Fleur schreef hier intussen iets anders" in seen
    assert ">Van Fleur<" in seen
    assert "Van Sem" in seen
    assert "Neem over wat Fleur schreef" in seen
    row = Intake.objects.get()
    assert (row.need, row.mode) == ("Van Fleur", "")
    again = bare(row, ticket(seen, NEED), need="Van allebei", mode="phone", group_fit="Past goed")
    assert sem.post(page, again).status_code == 302
    row.refresh_from_db()
    assert (row.need, row.group_fit, row.mode) == ("Van allebei", "Past goed", "phone")


def test_the_same_words_are_no_question(begun: Intake, fleur: Any, sem: Any) -> None:
    page = address(begun.trajectory)
    one, other = look(fleur, page, NEED), look(sem, page, NEED)
    fleur.post(page, bare(begun, one, need="Gamen"))
    assert sem.post(page, bare(begun, other, need="Gamen ")).status_code == 302


def test_a_draft_counts_from_what_it_was_based_on(begun: Intake, fleur: Any, sem: Any) -> None:
    """A colleague saved while the draft lay there: her other answers are not undone by it."""
    page = address(begun.trajectory)
    other = look(sem, page, NEED)
    sem.post("/concepten/bewaren/", bare(begun, other, need="Van Sem", draft_turn="1"))
    one = look(fleur, page, NEED)
    fleur.post(page, bare(begun, one, group_fit="Van Fleur"))
    row = Draft.objects.open().get()
    shown = text(sem.get(f"{page}?concept={row.pk}"))
    assert "Van Sem" in shown
    answer = sem.post(page, bare(begun, ticket(shown, NEED), need="Van Sem", group_fit=""))
    assert answer.status_code == 302
    kept = Intake.objects.get()
    assert (kept.need, kept.group_fit) == ("Van Sem", "Van Fleur")


def test_a_decision_waits_until_what_clashes_was_chosen(
    begun: Intake, fleur: Any, sem: Any
) -> None:
    page = address(begun.trajectory)
    one, other = look(fleur, page, NEED), look(sem, page, NEED)
    fleur.post(page, bare(begun, one, need="Van Fleur"))
    whole = posted(begun, draft=other, need="Van Sem", decision="suitable", reason="Past")
    answer = sem.post(address(begun.trajectory, "besluit"), whole)
    assert answer.status_code == 422
    row = Intake.objects.get()
    assert (row.need, row.decision) == ("Van Fleur", "")
    again = whole | {"draft": ticket(text(answer), NEED), "version": row.version}
    assert sem.post(address(begun.trajectory, "besluit"), again).status_code == 302
    row.refresh_from_db()
    assert (row.need, row.decision) == ("Van Sem", "suitable")


def test_a_decision_takes_over_what_only_the_colleague_wrote(
    begun: Intake, fleur: Any, sem: Any
) -> None:
    page = address(begun.trajectory)
    one, other = look(fleur, page, NEED), look(sem, page, NEED)
    note = "Komt graag met de bus"
    fleur.post(page, bare(begun, one, motivation="meets", motivation_note=note))
    whole = posted(begun, draft=other, decision="suitable", reason="Past")
    assert sem.post(address(begun.trajectory, "besluit"), whole).status_code == 302
    row = Intake.objects.get()
    assert row.judgements.get(subject="motivation").note == note


def test_own_details_on_two_devices(group: Group) -> None:
    stay = make_participating(group, since=date(2026, 1, 1), call_name="Bo")
    person = stay.participant
    phone, laptop = eyes(person.user), eyes(person.user)
    page = "/mijn-gegevens/"
    shown = phone.get(page)
    values = {
        name: "" if value is None else value
        for name, value in shown.context["form"].initial.items()
    }
    one = ticket(text(shown), 'name="call_name"')
    other = look(laptop, page, 'name="call_name"')
    assert {"call_name", "address"} <= values.keys()
    assert phone.post(page, {**values, "call_name": "Bobbie", "draft": one}).status_code == 302
    assert laptop.post(
        page, {**values, "address": "Dorpsstraat 1", "draft": other}
    ).status_code in (302,)
    person.refresh_from_db()
    assert (person.call_name, person.address) == ("Bobbie", "Dorpsstraat 1")


def test_nobody_reads_who_else_saved_a_page_of_their_own(group: Group) -> None:
    """Two young people each have "my details" at one address: that is not one form of two."""
    since = clock.today()
    bo, noor = (make_participating(group, since=since, call_name=n) for n in ("Bo", "Noor"))
    mine = eyes(bo.participant.user)
    first = look(mine, "/mijn-gegevens/", 'name="pronouns"')
    second = look(mine, "/mijn-gegevens/", 'name="pronouns"')
    hers = look(theirs := eyes(noor.participant.user), "/mijn-gegevens/", 'name="pronouns"')
    theirs.post("/mijn-gegevens/", {"call_name": "Noor", "pronouns": "zij", "draft": hers})
    mine.post("/mijn-gegevens/", {"call_name": "Bo", "pronouns": "die", "draft": first})
    answer = mine.post("/mijn-gegevens/", {"call_name": "Bo", "pronouns": "hen", "draft": second})
    assert answer.status_code == 422
    assert "Noor" not in text(answer)


def test_who_threw_a_draft_away_is_not_said_to_have_written(
    begun: Intake, fleur: Any, sem: Any, group: Group
) -> None:
    page = address(begun.trajectory)
    mine = look(fleur, page, NEED)
    sem.post(page, bare(begun, look(sem, page, NEED), need="Van Sem"))
    ans = eyes(make_worker(group, "Ans Vos"))
    type_in(ans, look(ans, page, NEED), need="Van Ans")
    ans.post(f"/concepten/{Draft.objects.open().get().pk}/weg/")
    seen = text(fleur.post(page, bare(begun, mine, need="Van Fleur")))
    assert "Sem schreef hier intussen iets anders" in seen
    assert "Ans schreef" not in seen
