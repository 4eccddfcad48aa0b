"""What is typed and not saved is kept for who typed it, and for nobody else (R-339)."""

from typing import Any

import pytest

from core.drafts.models import Draft
from core.organisations.models import Group
from participants.intake import talk
from participants.models import Intake
from tests.core.drafts.pages import grow_old, look, sign_in_again, text, type_in
from tests.participants.intake.build import address, posted
from tests.world import eyes, make_group, make_trajectory, make_worker

NEED = 'name="need"'
pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture
def fleur(group: Group) -> Any:
    return make_worker(group)


@pytest.fixture
def begun(group: Group, fleur: Any) -> Intake:
    return talk.start_intake(
        trajectory=make_trajectory(group=group, phase="signed_up", call_name="Bo"), by=fleur
    )


@pytest.mark.req("R-339")
def test_what_was_typed_comes_back_to_who_asks_for_it(begun: Intake, fleur: Any) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    assert (
        type_in(client, look(client, page, NEED), need="Vrienden om mee te gamen").status_code
        == 200
    )
    again = text(client.get(page))
    assert "Je hebt een concept" in again
    assert "Vrienden om mee te gamen" not in again
    row = Draft.objects.get()
    assert b"gamen" not in bytes(Draft.objects.values_list("words", flat=True)[0] or b"")
    assert "Vrienden om mee te gamen" in text(client.get(f"{page}?concept={row.pk}"))


@pytest.mark.req("R-339")
def test_after_a_time_out_the_words_are_there_and_nothing_was_sent(
    begun: Intake, fleur: Any
) -> None:
    client, page = eyes(fleur), address(begun.trajectory)
    sealed = look(client, page, NEED)
    grow_old(client, minutes=31)
    answer = client.post(page, posted(begun, need="Een uur getypt", draft=sealed))
    assert answer.status_code == 302
    assert f"next={page.replace('/', '%2F')}" in answer["Location"]
    assert "wat je typte, staat er nog" in text(client.get(answer["Location"]))
    begun.refresh_from_db()
    assert begun.need == ""
    sign_in_again(client, fleur)
    back = text(client.get(page))
    assert "Een uur getypt" in back
    assert "Wat je typte, staat er nog" in back
    assert "Een uur getypt" not in text(client.get(page))  # once; then it lies there as a draft
