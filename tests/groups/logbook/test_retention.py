"""Words about a meeting have a term of their own: they hang on nobody (trust.md 12, R-101)."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from core import clock
from core.accounts.roles import Role
from core.ids import uuid7
from core.months import add_months
from core.organisations.retention import set_retention
from groups.logbook.parts import Kind, write_parts
from groups.models import LogbookPart, TimedLine
from tests import world
from tests.groups.logbook.conftest import DAY, Scene


@pytest.fixture
def written(scene: Scene, settings: Any, tmp_path: Any) -> Scene:
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")
    said = {Kind.OWN_TIME: "Er was taart", Kind.INCIDENT: "Ruzie op straat"}
    write_parts(meeting=scene.meeting, said=said, by=scene.fleur, about={})
    now = clock.now()
    TimedLine.objects.create(
        meeting=scene.meeting, at=now, text="112", by=scene.fleur, written_at=now, client_id=uuid7()
    )
    return scene


def purge(months: int, *options: str) -> str:
    out = StringIO()
    with clock.travel(clock.at(add_months(DAY, months), 12)):
        call_command("purge_expired", *options, stdout=out)
    return out.getvalue()


def words() -> list[str]:
    rows = [*LogbookPart.objects.order_by("kind"), *TimedLine.objects.all()]
    return [row.text for row in rows]


@pytest.mark.req_part("R-101")
def test_they_go_when_their_term_is_over_and_that_they_were_written_stays(written: Scene) -> None:
    assert "group_words: 0\n" in purge(23)
    assert "group_words: 3\n" in purge(24, "--dry-run")
    assert words() == ["Ruzie op straat", "Er was taart", "112"]
    assert "group_words: 3\n" in purge(24)
    assert words() == ["", "", ""]
    assert all(LogbookPart.objects.values_list("filled", flat=True))
    assert "group_words: 0\n" in purge(24)


@pytest.mark.req_part("R-101")
@pytest.mark.parametrize("own", [6, 60])
def test_an_organisation_keeps_its_own_term(written: Scene, own: int) -> None:
    set_retention(
        record_class="group_words",
        months=own,
        organisation=written.group.location.organisation,
        by=world.make_national(Role.FOUNDATION),
    )
    purge(24)
    assert (words() == ["", "", ""]) is (own == 6)
