"""Attendance without a connection, in a real browser: nothing is lost, and nothing goes twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.models import RoleAssignment
from core.accounts.roles import Role
from core.accounts.sessions import SessionStore
from core.accounts.signin import LAST_SEEN_AT, SIGNED_IN_AT
from groups.evenings.last_meeting import agree_last_meeting
from groups.farewell.cards import start_card
from groups.models import Attendance, AttendanceTap, TimedLine, Visitor
from participants.recusal.recusal import recuse
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ["Amir", "Bo", "Casey", "Dani"]
#: The worker stands between, and the names of today lie here; asked again until it is so.
SETTLED = """async () => {
  await navigator.serviceWorker.ready;
  const lies = async () => (await eveningStore.all("evenings")).length;
  const moment = () => new Promise((done) => setTimeout(done, 20));
  while (!navigator.serviceWorker.controller || !(await lies())) await moment();
}"""
#: The numbers of this page lie on the phone; those of the visit before lay there already.
LIES = """async (name) => {
  const moment = () => new Promise((done) => setTimeout(done, 20));
  const numbers = async () => (await eveningStore.all("evenings")).flatMap((one) => one.numbers);
  while (!(await numbers()).some((one) => one.name === name)) await moment();
}"""
NOTHING_WAITS = """async () => {
  const moment = () => new Promise((done) => setTimeout(done, 20));
  while ((await eveningStore.all("taps")).length) await moment();
}"""
#: The line that is being typed lies here too.
HALF_TYPED = """async () => {
  const moment = () => new Promise((done) => setTimeout(done, 20));
  const isTyped = (one) => one.client_id[0] === "~";
  const typed = async () => (await eveningStore.all("taps")).some(isTyped);
  for (let n = 0; n < 250; n++) {
    if (await typed()) return true;
    await moment();
  }
  return false;
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


#: Read without our own scripts, which a page of a stranger does not have.
LEFT = """() => new Promise((done) => {
  const asked = indexedDB.open("joinus", 1);
  asked.onsuccess = () => {
    const turn = asked.result.transaction(["evenings", "taps"]);
    const [evenings, taps] = ["evenings", "taps"].map((name) => turn.objectStore(name).count());
    turn.oncomplete = () => done({ evenings: evenings.result, taps: taps.result });
  };
})"""

#: Asked until it is so, a moment later; as a stranger's page would.
NO_NAMES = f"""async () => {{
  const moment = () => new Promise((done) => setTimeout(done, 20));
  for (let n = 0; n < 250 && (await ({LEFT})()).evenings; n++) await moment();
}}"""


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
        self.page.evaluate(NOTHING_WAITS)
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
    return group, world.make_worker(group), stays, world.make_tonight(group)


@pytest.fixture
def phone(scene: Any, page_at: Any, live_server: Any) -> Phone:
    _group, worker, _stays, meeting = scene
    return Phone(page_at(service_workers="allow"), live_server, meeting, worker)


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


@pytest.mark.req("R-339")
def test_a_tab_closed_and_opened_again_without_a_connection(
    scene: Any, phone: Phone, axe: Any
) -> None:
    """Names, states, numbers and the queue come from this phone; no page with a name is kept."""
    _group, worker, stays, meeting = scene
    stays["Dani"].participant.emergency_name = "Oma Truus"
    stays["Dani"].participant.emergency_phone = "06 22 22 22 22"
    stays["Dani"].participant.save()
    phone.tap(stays["Amir"])
    phone.page.wait_for_selector('#saved:has-text("Amir")')
    phone.page.goto(phone.sheet)
    phone.page.evaluate(SETTLED)
    phone.page.wait_for_timeout(500)
    phone.offline()
    phone.tap(stays["Bo"])
    phone.waits(stays["Bo"], "Er")
    context = phone.page.context
    phone.page.close()
    page = phone.page = context.new_page()
    page.goto(phone.sheet)
    page.wait_for_selector('#which:has-text("Geen verbinding · Groep 12-16")')
    phone.waits(stays["Bo"], "Er")
    page.wait_for_selector('.unsent:has-text("1 nog niet verstuurd")')
    page.wait_for_selector(f"#row-{stays['Amir'].pk} .attendance__state--present")
    assert page.get_attribute("#numbers a", "href") == "tel:0301234567"
    assert "Oma Truus" in page.inner_text("#numbers")
    axe(page)
    phone.tap(stays["Casey"], "quick")
    phone.waits(stays["Casey"], "Niet")
    kept = phone.kept()
    assert {tap["participant"] for tap in kept["taps"]} == {
        str(stays[name].pk) for name in ("Bo", "Casey")
    }
    assert "/zonder-verbinding/" in dict(kept["cached"])
    ids = [str(stay.pk) for stay in stays.values()]
    personal = ["Amir", "Casey", "Dani", "Truus", "Fleur", *ids]
    for address, text in kept["cached"]:
        assert not [word for word in personal if word in text], address
    phone.offline(False)
    page.wait_for_selector("a.attendance__name")
    phone.sent()
    assert states(meeting) == {"Amir": "present", "Bo": "present", "Casey": "absent_without_notice"}
    assert set(AttendanceTap.objects.values_list("by", flat=True)) == {worker.pk}
    assert AttendanceTap.objects.count() == 3


@pytest.mark.req("R-339")
def test_a_session_that_ended_keeps_the_queue_for_its_own_person(scene: Any, phone: Phone) -> None:
    group, worker, stays, meeting = scene
    other = world.make_worker(group, "Daan Smit")
    page = phone.page
    phone.offline()
    phone.tap(stays["Bo"])
    phone.waits(stays["Bo"], "Er")
    page.context.clear_cookies()
    phone.offline(False)
    page.wait_for_selector('.unsent:has-text("Log in, dan gaat het vanzelf")')
    phone.sign_in(other)
    page.goto(phone.sheet)
    page.wait_for_selector("h1")
    page.evaluate(SETTLED)
    assert page.locator(".unsent").count() == 0
    kept = phone.kept()
    (named,), (waits,) = ({one["who"] for one in kept[name]} for name in ("evenings", "taps"))
    assert named != waits, "the names of the one before are gone, the taps are not"
    assert states(meeting) == {}
    phone.sign_in(worker)
    page.goto(reverse("home:today"))
    page.wait_for_selector("h1")
    phone.sent()
    assert states(meeting) == {"Bo": "present"}
    assert AttendanceTap.objects.get().by == worker


@pytest.mark.req("R-131")
@pytest.mark.parametrize("first", ["Daan", pytest.param("Fleur", marks=pytest.mark.deep)])
def test_two_phones_send_in_either_order(
    scene: Any, phone: Phone, page_at: Any, live_server: Any, first: str
) -> None:
    """Who comes second reads what the other one filled in; nothing is overwritten."""
    group, _worker, stays, meeting = scene
    daan = Phone(
        page_at(service_workers="allow"),
        live_server,
        meeting,
        world.make_worker(group, "Daan Smit"),
    )
    for one in (phone, daan):
        one.offline()
    phone.tap(stays["Bo"])
    phone.waits(stays["Bo"], "Er")
    daan.tap(stays["Bo"], "quick")
    daan.waits(stays["Bo"], "Niet")
    order = (daan, phone) if first == "Daan" else (phone, daan)
    for one in order:
        one.offline(False)
        one.sent()
    later = order[1].page
    later.wait_for_selector(f'#row-{stays["Bo"].pk} .attendance__clash:has-text("{first}")')
    wanted = {"Daan": "absent_without_notice", "Fleur": "present"}[first]
    assert states(meeting) == {"Bo": wanted}
    assert AttendanceTap.objects.count() == 1


def test_signing_out_warns_once_and_then_leaves_nothing(scene: Any, phone: Phone) -> None:
    _group, _worker, stays, meeting = scene
    page = phone.page
    page.goto(reverse("groups:help", args=[meeting.pk]))
    page.fill("#lines textarea", "Half getypt")
    assert page.evaluate(HALF_TYPED)
    page.goto(phone.sheet)
    phone.offline()
    phone.tap(stays["Bo"])
    phone.waits(stays["Bo"], "Er")
    out = 'form[action="/inloggen/uit/"] button'
    page.evaluate("selector => document.querySelector(selector).click()", out)
    page.wait_for_selector('#messages [role="alert"]:has-text("nog niet verstuurd")')
    assert len(phone.kept()["taps"]) == 2, "the tap, and the line that was being typed"
    page.context.route("**/api/v1/**", lambda route: route.abort())
    phone.offline(False)
    page.evaluate("selector => document.querySelector(selector).click()", out)
    page.wait_for_url(lambda url: "/avonden/" not in url)
    page.wait_for_selector("h1")
    left = page.evaluate(LEFT)
    assert left == {"evenings": 0, "taps": 0}
    assert states(meeting) == {}


def test_a_phone_that_goes_round_is_emptied_before_it_is_signed_out(
    scene: Any, phone: Phone
) -> None:
    """It goes from hand to hand: not one name or number of tonight may be opened on it."""
    _group, worker, stays, meeting = scene
    page, casey = phone.page, stays["Casey"]
    world.hold_exit_talk(casey, by=worker)
    agree_last_meeting(trajectory=casey, meeting=meeting, by=worker)
    casey.refresh_from_db()
    start_card(trajectory=casey, by=worker)
    assert len(phone.kept()["evenings"]) == 1
    page.goto(reverse("groups:farewell", args=[casey.pk]))
    page.get_by_role("button", name="Uitloggen en telefoon laten rondgaan").click()
    page.wait_for_url("**/kaart/rond/**")
    page.wait_for_selector("text=alleen deze kaart")
    assert page.evaluate(LEFT) == {"evenings": 0, "taps": 0}


@pytest.mark.parametrize("who", ["participant", "role_ended"])
def test_what_lies_on_a_phone_goes_with_who_fills_in_sheets(
    scene: Any, phone: Phone, who: str
) -> None:
    """Somebody else signed in here, or the own role ended while there was no connection."""
    _group, worker, stays, _meeting = scene
    page = phone.page
    assert len(phone.kept()["evenings"]) == 1
    if who == "participant":
        page.context.clear_cookies()
        phone.sign_in(stays["Bo"].participant.user)
    else:
        roles = RoleAssignment.objects.filter(user=worker)
        roles.update(role=Role.REGIONAL_COORDINATOR, region=_group.location.region, group=None)
    page.goto(reverse("home:today"))
    page.wait_for_selector("h1")
    page.evaluate(NO_NAMES)
    assert page.evaluate(LEFT) == {"evenings": 0, "taps": 0}


@pytest.mark.deep
def test_the_network_and_the_server_are_told_apart(scene: Any, phone: Phone) -> None:
    """The last answer says why the rest waits: first the server's, then that there is none."""
    _group, _worker, stays, meeting = scene
    page = phone.page
    page.route("**/tik/", lambda route: route.abort())
    page.route("**/api/v1/**", lambda route: route.fulfill(status=503, body=""))
    phone.tap(stays["Bo"])
    page.wait_for_selector('.unsent:has-text("de server doet het even niet")')
    for kind in ("**/tik/", "**/api/v1/**"):
        page.unroute(kind)
        page.route(kind, lambda route: route.abort())
    phone.tap(stays["Casey"], "quick")
    page.wait_for_selector('.unsent:has-text("2 nog niet verstuurd gaat straks vanzelf")')
    for kind in ("**/tik/", "**/api/v1/**"):
        page.unroute(kind)
    page.evaluate("dispatchEvent(new Event('online'))")
    phone.sent()
    assert states(meeting) == {"Bo": "present", "Casey": "absent_without_notice"}


#: The phone's own clock is days off in this suite; what the server said decides when it is 04:00.
FOUR = """async () => {
  const kept = await eveningStore.all("evenings");
  for (const one of kept) one.until = Date.now() + one.ahead - 1;
  await eveningStore.put("evenings", kept);
}"""


@pytest.mark.req("R-339")
def test_after_four_the_names_are_gone_and_the_taps_still_go(scene: Any, phone: Phone) -> None:
    _group, _worker, stays, meeting = scene
    page = phone.page
    phone.offline()
    phone.tap(stays["Bo"])
    phone.waits(stays["Bo"], "Er")
    page.click(".help-way")
    page.fill("#lines textarea", "Bo rende naar buiten")
    page.click("#lines .actions button")
    page.wait_for_selector("#waiting-lines li:has-text('Bo rende')")
    page.fill("#lines textarea", "Half getypt")
    assert page.evaluate(HALF_TYPED)
    page.evaluate(FOUR)
    page.goto(phone.sheet)
    page.wait_for_selector('.unsent:has-text("2 nog niet verstuurd")')
    assert page.is_visible("#nothing")
    assert page.locator("#lines").is_hidden(), "with the names went the key: nobody reads it here"
    assert "Bo" not in page.inner_text("#people")
    assert phone.kept()["evenings"] == []
    with page.expect_navigation():  # the page goes back to the real one by itself
        phone.offline(False)
    page.goto(reverse("home:today"))
    phone.sent()
    assert states(meeting) == {"Bo": "present"}
    assert TimedLine.objects.get().text == "Bo rende naar buiten"


def time_out(page: Any) -> None:
    """Away for too long: the session is still there, and old."""
    (key,) = [c["value"] for c in page.context.cookies() if c["name"] == "sessionid"]
    session = SessionStore(key)
    session[LAST_SEEN_AT] = session[SIGNED_IN_AT] = 0
    session.save()


@pytest.mark.req("R-339")
def test_a_tap_at_the_time_out_is_one_tap_after_signing_in_again(scene: Any, phone: Phone) -> None:
    """The server keeps it and so does the phone: both send it, with one id."""
    _group, worker, stays, meeting = scene
    page = phone.page
    time_out(page)
    phone.tap(stays["Bo"])
    page.wait_for_url("**/inloggen/**")
    assert page.evaluate(LEFT)["taps"] == 1
    phone.sign_in(worker)
    page.goto(phone.sheet)
    page.wait_for_selector("a.attendance__name")
    phone.sent()
    page.wait_for_selector('#saved:has-text("Bo")')
    assert states(meeting) == {"Bo": "present"}
    assert AttendanceTap.objects.count() == 1


def test_help_without_a_connection_is_one_tap_with_the_numbers_on_top(
    scene: Any, phone: Phone, axe: Any
) -> None:
    """In a crisis nobody looks for the list first (ux.md: help card in one tap, also offline)."""
    _group, _worker, stays, _meeting = scene
    stays["Dani"].participant.emergency_name = "Oma Truus"
    stays["Dani"].participant.emergency_phone = "06 22 22 22 22"
    stays["Dani"].participant.save()
    page = phone.page
    page.goto(phone.sheet)
    page.evaluate(LIES, "Oma Truus")
    phone.offline()
    page.click(".help-way")
    page.wait_for_selector('#numbers:has-text("Oma Truus")')
    top = page.eval_on_selector("#help", "one => one.getBoundingClientRect().top")
    assert top < page.eval_on_selector("#sheets", "one => one.getBoundingClientRect().top")
    assert page.inner_text("h1") == "Hulp"
    danger = page.locator('#help a[href="tel:112"]').first.bounding_box()
    ring = page.locator("#ring").bounding_box()
    assert danger["y"] < ring["y"] < page.locator("#help .help").first.bounding_box()["y"]
    assert ring["y"] < 400, "on the first screen, before the lines for young people"
    axe(page)
    page.click("#sheets a")
    page.wait_for_selector(f"#tap-{stays['Bo'].pk}")


@pytest.mark.req("R-339")
def test_a_form_that_cannot_be_sent_stays_with_what_was_typed(scene: Any, phone: Phone) -> None:
    """Pressed where there is no signal; the kind: every form of a page."""
    _group, _worker, _stays, meeting = scene
    page = phone.page
    page.goto(reverse("groups:walk_in", args=[meeting.pk]))
    page.wait_for_selector("#id_call_name")
    phone.settled()
    phone.offline()
    page.fill("#id_call_name", "Yara")
    form = "form:has(#id_call_name)"
    for _n in range(2):
        page.click(f"{form} .actions button")
        page.wait_for_selector(f'{form} [role="alert"]:has-text("Geen verbinding")')
        page.wait_for_selector(f"{form}:not([data-sent])")
    assert page.input_value("#id_call_name") == "Yara"
    assert not Visitor.objects.exists()
    phone.offline(False)
    page.click(f"{form} .actions button")
    page.wait_for_selector('[id^="visitor-"]:has-text("Yara")')
    assert Visitor.objects.get().call_name == "Yara"


@pytest.mark.req("R-339")
def test_a_line_pressed_where_there_is_no_signal_waits_and_is_one_line(
    scene: Any, phone: Phone
) -> None:
    """Also on a connection that says it is there and brings nothing."""
    _group, worker, _stays, meeting = scene
    page = phone.page
    page.goto(reverse("groups:help", args=[meeting.pk]))
    page.wait_for_selector("#lines textarea")
    phone.settled()
    phone.offline()
    page.fill("#lines textarea", "Yara rende naar buiten")
    page.click("#lines .actions button")
    page.wait_for_selector('#waiting-lines li:has-text("nog niet verstuurd") >> text=Yara rende')
    page.wait_for_function("!document.querySelector('#lines textarea').value")
    (kept,) = phone.kept()["taps"]
    assert "Yara" not in str(kept), "sealed"
    page.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => true })")
    page.context.route("**/api/v1/**", lambda route: route.abort())
    page.fill("#lines textarea", "Fleur loopt mee")
    page.click("#lines .actions button")
    page.wait_for_selector('#waiting-lines li:has-text("nog niet verstuurd") >> text=Fleur loopt')
    assert not TimedLine.objects.exists()
    page.context.unroute("**/api/v1/**")
    phone.offline(False)
    phone.sent()
    lines = TimedLine.objects.order_by("at")
    assert [line.text for line in lines] == ["Yara rende naar buiten", "Fleur loopt mee"]
    assert {line.by for line in lines} == {worker}
    page.goto(reverse("groups:help", args=[meeting.pk]))
    page.wait_for_selector('.lines__text:has-text("Fleur loopt mee")')
    assert page.locator(".lines__text").count() == 2
    page.wait_for_function("!document.querySelector('#lines textarea').value")


def names_oma(stay: Any) -> None:
    stay.participant.emergency_name = "Oma Truus"
    stay.participant.emergency_phone = "06 22 22 22 22"
    stay.participant.save()


EMPTY = """async () => {
  const kept = await eveningStore.all("evenings");
  await eveningStore.drop("evenings", kept.map((one) => [one.who, one.meeting]));
}"""
#: Tonight lies on the phone, and whose number does not.
WITHOUT = """async (name) => {
  const moment = () => new Promise((done) => setTimeout(done, 20));
  const fine = (all) => all.length && !JSON.stringify(all).includes(name);
  for (let n = 0; n < 250; n++) {
    if (fine(await eveningStore.all("evenings"))) return true;
    await moment();
  }
  return false;
}"""


@pytest.mark.req("R-004")
@pytest.mark.parametrize(
    "where", ["another page", pytest.param("the open sheet", marks=pytest.mark.deep)]
)
def test_a_worker_who_stays_out_of_somebody_keeps_no_number_of_theirs(
    scene: Any, phone: Phone, where: str
) -> None:
    """Said by a colleague: gone at the next page, or when the sheet that stands open hears it."""
    _group, worker, stays, _meeting = scene
    names_oma(stays["Dani"])
    page = phone.page
    page.goto(phone.sheet)
    page.evaluate(LIES, "Oma Truus")
    recuse(trajectory=stays["Dani"], worker=worker, by=worker, said_by="young_person")
    if where == "another page":
        page.goto(reverse("home:today"))
    else:
        page.wait_for_selector(f"#row-{stays['Dani'].pk} span.attendance__name", timeout=15_000)
        page.wait_for_selector(f"#row-{stays['Bo'].pk}")
    assert page.evaluate(WITHOUT, "Oma Truus"), "the number is still on the phone"
    assert len(phone.kept()["evenings"]) == 1


@pytest.mark.deep
def test_only_the_sheet_of_today_is_asked_for(scene: Any, phone: Phone) -> None:
    """The year plan, the group and a coming meeting lead to twenty others."""
    group, _worker, _stays, meeting = scene
    coming = world.make_meeting(group, clock.today() + timedelta(days=14))
    page = phone.page
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/api/v1/" in one.url else None)
    page.evaluate("sessionStorage.clear()")
    page.evaluate(EMPTY)
    for address in (
        reverse("groups:plan", args=[group.pk]),
        reverse("groups:meeting", args=[coming.pk]),
        reverse("groups:group", args=[group.pk]),
    ):
        page.goto(address)
        page.wait_for_selector("h1")
        page.wait_for_timeout(200)
    assert {one.split("/meetings/")[1].split("/")[0] for one in asked} <= {str(meeting.pk)}
    page.goto(reverse("home:today"))
    page.evaluate(SETTLED)
