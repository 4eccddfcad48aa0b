"""What lies ready in a browser for when there is no connection, and what the sheet weighs."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from groups.sheet.views.offline import FILES
from tests import world

pytestmark = pytest.mark.django_db
STATIC = re.compile(r'(?:href|src)="/static/([^"]+)"')


def kept_by(script: str) -> Any:
    found = re.search(r"self\.kept = (\{.*?\});\n", script)
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize(("language", "word"), [("nl", "Geen verbinding"), ("en", "No connection")])
def test_the_page_without_a_connection_is_the_same_for_everybody(language: str, word: str) -> None:
    address = f"{reverse('groups:no_connection')}?taal={language}"
    stranger, worker = Client(), Client()
    worker.force_login(world.make_worker(world.make_group(), "Fleur Jansen"))
    page = stranger.get(address)
    assert page.content == worker.get(address).content
    assert word in page.content.decode()
    assert not page.cookies
    assert "csrfmiddlewaretoken" not in page.content.decode()
    assert "112" in page.content.decode()
    assert stranger.get(reverse("groups:no_connection") + "?taal=../x").status_code == 200


def test_the_worker_keeps_that_page_and_everything_it_needs() -> None:
    script = Client().get(reverse("groups:worker_script") + "?taal=nl")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert script.headers["Cache-Control"] == "no-cache"
    assert reverse("groups:worker_script").count("/") == 1, "from the root: it stands between all"
    kept = kept_by(script.content.decode())
    assert kept["shell"] == "/zonder-verbinding/?taal=nl"
    assert all(one.startswith("/static/") for one in kept["files"])
    page = Client().get(kept["shell"]).content.decode()
    needed = set(STATIC.findall(page)) - {"img/favicon-32.png", "img/icon-180.png", "css/print.css"}
    assert needed <= set(FILES)
    english = Client().get(reverse("groups:worker_script") + "?taal=en").content.decode()
    assert kept_by(english)["name"] != kept["name"], "another language is kept anew"


def weight(names: set[str]) -> int:
    found = [finders.find(name) for name in names]
    assert all(found), names
    return sum(len(gzip.compress(Path(str(path)).read_bytes())) for path in found)


def test_the_sheet_and_the_page_without_a_connection_are_light() -> None:
    """ux.md: script <= 30 kB, style <= 20 kB, both compressed."""
    group = world.make_group()
    meeting = world.make_tonight(group)
    sheet = world.eyes(world.make_worker(group)).get(reverse("groups:meeting", args=[meeting.pk]))
    for page in (sheet, Client().get(reverse("groups:no_connection"))):
        files = set(STATIC.findall(page.content.decode())) - {"css/print.css"}
        scripts = {one for one in files if one.endswith(".js")}
        sheets = {one for one in files if one.endswith(".css")}
        assert {"js/queue.js", "js/attendance.js"} <= scripts
        assert weight(scripts) <= 30_000
        assert weight(sheets) <= 20_000
    assert weight({"js/queue.js", "js/attendance.js", "js/evening_store.js"}) <= 11_000
