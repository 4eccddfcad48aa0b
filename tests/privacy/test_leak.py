"""trust.md 11: whom a leak touches (an account, a window), within a minute."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core import clock
from core.audit.log import opened
from tests import world

pytestmark = pytest.mark.django_db


def touched(email: str, *options: str) -> tuple[list[dict], str]:
    out = StringIO()
    call_command("leak_touches", email, *options, stdout=out)
    *lines, last = out.getvalue().splitlines()
    return [json.loads(line) for line in lines], last


def test_everybody_the_account_opened_in_the_window_and_nobody_else():
    group = world.make_group()
    worker, colleague = world.make_worker(group), world.make_worker(group, "Daan Smit")
    mine, listed, other = (world.make_trajectory(group=group, call_name="Geheim") for _ in "123")
    opened(worker, "file", [mine.pk])
    opened(worker, "file", [mine.pk])
    opened(worker, "applicants", [mine.pk, listed.pk])
    opened(colleague, "file", [other.pk])
    with clock.travel(clock.today() - timedelta(days=30)):
        opened(worker, "file", [other.pk])
    lines, last = touched(worker.email.upper())
    assert {line["trajectory"]: line["records"] for line in lines} == {
        str(mine.pk): {"applicants": 1, "file": 2},
        str(listed.pk): {"applicants": 1},
    }
    assert last == "2 people, 2 stays."
    assert "Geheim" not in json.dumps(lines)
    month_ago = (clock.today() - timedelta(days=30)).isoformat()
    lines, _last = touched(worker.email, "--from", month_ago, "--until", month_ago)
    assert [line["trajectory"] for line in lines] == [str(other.pk)]


@pytest.mark.parametrize("options", [("niemand@example.org",), ("", "--from", "gisteren")])
def test_a_wrong_question_says_what_to_write(options):
    email = options[0] or world.make_worker(world.make_group()).email
    with pytest.raises(CommandError):
        touched(email, *options[1:])
