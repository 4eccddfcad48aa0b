"""Attendance without a connection, in a real browser: nothing is lost, and nothing goes twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.ids import uuid7
from groups.models import Attendance, AttendanceTap
from groups.sheet.attendance import Tap, record
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ["Amir", "Bo", "Casey", "Dani"]
#: The worker stands between, and the names of today lie here; asked again until it is so.
SETTLED = """async () => {
  await navigator.serviceWorker.ready;
  const isSo = async () => navigator.serviceWorker.controller && (await eveningStore.all("evenings")).length;
  while (!(await isSo())) await new Promise((done) => setTimeout(done, 20));
}"""
#: Everything that this browser keeps: caches and stores, read as text.
KEPT = """async () => {
  const cached = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      cached.push([new URL(request.url).pathname, await answer.text()]);
    }
  }
  const [evenings, taps] = [await eveningStore.all("evenings"), await eveningStore.all("taps")];
  return { cached, evenings, taps };
}"""


class Phone:
    """The phone of one worker with the sheet open."""

    def __init__(self, page: Any, live_server: Any, meeting: Any, worker: Any = None) -> None:
        self.page, self.server = page, live_server
        self.sheet = reverse("groups:meeting", args=[meeting.pk])
        if worker is not None:
            self.sign_in(worker)
            page.goto(self.sheet)
            self.settled()

    def sign_in(self, worker: Any) -> None:
        client = Client()
        client.force_login(worker)
        kept = [
            {"name": name, "value": morsel.value, "url": self.server.url}
            for name, morsel in client.cookies.items()
        ]
        self.page.context.add_cookies(kept)

    def settled(self) -> None:
        """The names of today lie on this phone, and so does the page that shows them."""
        self.page.evaluate(SETTLED)

    def offline(self, cut: bool = True) -> None:
        self.page.context.set_offline(cut)

    def tap(self, stay: Any, kind: str = "tap") -> None:
        self.page.click(f"#{kind}-{stay.pk}")

    def waits(self, stay: Any, word: str) -> None:
        self.page.wait_for_selector(
            f'#row-{stay.pk} .attendance__state--unsent:has-text("{word}") .icon'
        )

    def sent(self) -> None:
        self.page.wait_for_selector(".attendance__state--unsent", state="detached")
        self.page.wait_for_selector(".unsent", state="detached")

    def kept(self) -> Any:
        return self.page.evaluate(KEPT)


@pytest.fixture
def scene() -> Any:
    organisation = world.make_organisation("De Brug", phone="030 123 45 67")
    group = world.make_group(name="Groep 12-16", organisation=organisation)
    since = clock.today() - timedelta(days=60)
    stays = {n: world.make_participating(group, since=since, call_name=n) for n in NAMES}
    return group, world.make_worker(group), stays, world.make_meeting(group, clock.today())


@pytest.fixture
def phone(scene: Any, page_at: Any, live_server: Any) -> Phone:
    _group, worker, _stays, meeting = scene
    return Phone(page_at(390, 844), live_server, meeting, worker)


def states(meeting: Any) -> dict[str, str]:
    rows = Attendance.objects.filter(meeting=meeting)
    return dict(rows.values_list("trajectory__participant__call_name", "state"))


def test_taps_wait_in_sight_and_go_by_themselves(scene: Any, phone: Phone) -> None:
    _group, _worker, stays, meeting = scene
    page = phone.page
    phone.offline()
    phone.tap(stays["Bo"])
    phone.waits(stays["Bo"], "Er")
    phone.tap(stays["Casey"], "quick")
    phone.waits(stays["Casey"], "Niet")
    page.wait_for_selector('.unsent:has-text("2 nog niet verstuurd")')
    page.wait_for_selector('#counts .chip--done:has-text("1 er")')
    assert page.is_hidden("#saved")
    page.click("#everyone")
    page.wait_for_selector('.unsent:has-text("4 nog niet verstuurd")')
    page.click("#undo-unsent")
    page.wait_for_selector('.unsent:has-text("2 nog niet verstuurd")')
    phone.tap(stays["Bo"])
    phone.waits(stays["Bo"], "Afgemeld")
    assert states(meeting) == {}
    phone.offline(False)
    phone.sent()
    page.wait_for_selector('#saved:has-text("door Fleur")')
    assert states(meeting) == {"Bo": "absent_with_notice", "Casey": "absent_without_notice"}
    assert AttendanceTap.objects.count() == 3
    assert phone.kept()["taps"] == []
