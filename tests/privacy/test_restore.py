"""trust.md 12: a restored backup erases again, from a signed file beside it."""

import base64
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from core import clock, erasures
from core.audit.models import ReadEntry
from participants.models import Participant
from participants.rights import erasure
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def file(settings, tmp_path) -> Path:
    settings.ERASURES_FILE = str(tmp_path / "apart" / "erasures.jsonl")
    return Path(settings.ERASURES_FILE)


def reapply() -> str:
    out = StringIO()
    call_command("reapply_erasures", stdout=out)
    return out.getvalue()


def restored(stay) -> Participant:
    """As the backup still has them: with a name."""
    Participant.objects.filter(pk=stay.participant_id).update(erased_at=None, call_name="Terug")
    return Participant.objects.get(pk=stay.participant_id)


@pytest.mark.req_part("R-101")
def test_who_was_erased_is_erased_again_and_nobody_else(file):
    gone, other = world.make_trajectory(), world.make_trajectory(call_name="Blijft")
    erasure.erase_person(participant=gone.participant)
    back = restored(gone)
    assert reapply() == "1 erased again.\n"
    back.refresh_from_db()
    assert back.call_name != "Terug"
    assert Participant.objects.get(pk=other.participant_id).call_name == "Blijft"
    assert reapply() == "0 erased again.\n"
    assert len(file.read_text().splitlines()) == 1


def test_the_file_names_nobody(file):
    stay = world.make_trajectory(call_name="Kanariena", email="kanarie@example.org")
    erasure.erase_person(participant=stay.participant)
    text = file.read_text()
    for word in ("Kanariena", "kanarie", str(stay.participant_id), stay.participant_id.hex):
        assert word not in text


@pytest.mark.parametrize("flaw", ["another person", "another day", "taken out", "added", "rubbish"])
def test_a_file_that_was_changed_erases_nobody(file, flaw):
    stays = [world.make_trajectory() for _n in range(3)]
    for stay in stays:
        erasure.erase_person(participant=stay.participant)
        restored(stay)
    lines = file.read_text().splitlines()
    middle = json.loads(lines[1])
    if flaw == "another person":
        lines[1] = json.dumps(middle | {"person": erasures.pseudonym(stays[0].pk)})
    elif flaw == "another day":
        lines[1] = json.dumps(middle | {"at": clock.at(clock.today()).isoformat()})
    elif flaw == "taken out":
        del lines[1]
    elif flaw == "added":
        lines.append(lines[0])
    else:
        lines[1] = "{"
    file.write_text("\n".join(lines) + "\n")
    with pytest.raises(CommandError):
        reapply()
    assert not Participant.objects.filter(erased_at__isnull=False).exists()


def test_a_rotated_key_still_finds_them(file, settings):
    stay = world.make_trajectory()
    erasure.erase_person(participant=stay.participant)
    restored(stay)
    new = base64.b64encode(b"another key of thirty-two bytes!").decode()
    settings.FIELD_KEYS = [f"2:{new}", *settings.FIELD_KEYS]
    assert reapply() == "1 erased again.\n"


def test_without_the_key_it_says_so(file, settings):
    stay = world.make_trajectory()
    erasure.erase_person(participant=stay.participant)
    settings.FIELD_KEYS = ["9:" + settings.FIELD_KEYS[0].partition(":")[2]]
    with pytest.raises(CommandError, match="key"):
        reapply()


def test_no_line_no_erasure(settings, tmp_path):
    """The disk is full, or the path is wrong: nothing is erased that could come back."""
    settings.ERASURES_FILE = str(tmp_path)
    stay = world.make_trajectory(call_name="Blijft")
    with pytest.raises(IsADirectoryError), transaction.atomic():
        erasure.erase_person(participant=stay.participant)
    assert Participant.objects.get().call_name == "Blijft"


def test_without_a_file_nothing_happens(file):
    world.make_trajectory()
    assert reapply() == "0 erased again.\n"


def test_one_person_as_json_for_an_access_request():
    stay = world.make_trajectory(call_name="Kanariena")
    worker = world.make_worker(world.make_group())
    out = StringIO()
    call_command("export_person", str(stay.participant_id), "--by", worker.email, stdout=out)
    assert json.loads(out.getvalue())["Over jou"][0]["Roepnaam"] == "Kanariena"
    assert ReadEntry.objects.get().record == "personal_data"
    with pytest.raises(CommandError, match="no participant"):
        call_command("export_person", "niemand")
