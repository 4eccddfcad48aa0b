"""What an act changes beside itself is said first, and is what then happens (R-131)."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from core import clock
from core.drafts.keeping import words_of
from core.drafts.models import Draft
from core.organisations.models import Group
from groups.beforehand.said import last_evenings, no_longer_counted
from groups.evenings.last_meeting import agree_last_meeting
from groups.evenings.meetings import cancel_meeting, move_meeting, plan_ahead, plan_meeting
from groups.goodbye.leaving import close_stay, reopen_stay, stay_after_all
from groups.models import Attendance, LastMeeting, Meeting, Placement
from groups.seats.placement import move
from groups.sheet.attendance import Tap
from participants.models import Recusal, Trajectory
from participants.stay.rehearsal import rehearse
from questionnaires.cycle import backstop, cycle
from questionnaires.cycle.reasons import wave_name
from questionnaires.models import CycleState, Invitation
from tests import world
from tests.core.drafts.pages import look
from tests.world import broken

pytestmark = pytest.mark.django_db

FIRST = date(2026, 1, 8)
DAY = timedelta(days=1)


def nth(number: int) -> date:
    return FIRST + timedelta(weeks=2 * (number - 1))


TONIGHT = nth(8)


class World:
    """Casey was at seven evenings, the third not: tonight is the eighth."""

    def __init__(self) -> None:
        with clock.travel(FIRST - 30 * DAY):
            self.group = world.make_group(age_from=12, age_until=30)
            self.other = world.make_group(age_from=12, age_until=30)
            Group.objects.filter(pk=self.other.pk).update(location=self.group.location)
            self.worker = world.make_worker(self.group)
            self.stay = world.make_trajectory(
                group=self.group,
                call_name="Casey",
                suitable=True,
                age=17,
                screened_on=FIRST - 30 * DAY,
                consent_complete_on=FIRST - 30 * DAY,
                definitive_on=FIRST,
            )
            world.give_own_agreements(self.stay, settle=False)
            world.seat(self.stay, self.group, first_day=FIRST)
        for number in range(1, 8):
            with clock.travel(clock.at(nth(number), 23)):
                meeting = world.make_meeting(self.group, nth(number), status="held")
                world.attend(self.stay, meeting, "present" if number != 3 else "absent_with_notice")
                cycle.refresh([self.stay.pk])
        self.tonight = world.make_meeting(self.group, TONIGHT)

    # ---- Acts: what has to be so first, then the act itself ----------------------------------

    def correction(self) -> Callable[[], Any]:
        meeting = Meeting.objects.get(date=nth(5))
        tap = Tap(uuid4(), self.stay.pk, "absent_with_notice", 1)
        return partial(world.write_down, meeting, [tap], self.worker)

    def agreement(self) -> Callable[[], Any]:
        self.agree = partial(
            agree_last_meeting, trajectory=self.fresh, meeting=self.tonight, by=self.worker
        )
        return self.agree

    def cancellation(self) -> Callable[[], Any]:
        self.agreement()()
        return partial(cancel_meeting, meeting=self.tonight, reason="weather", by=self.worker)

    def evening_moved(self) -> Callable[[], Any]:
        self.agreement()()
        return partial(move_meeting, meeting=self.tonight, date=TONIGHT + 7 * DAY, by=self.worker)

    def other_evening(self) -> Callable[[], Any]:
        self.agreement()()
        later = world.make_meeting(self.group, TONIGHT + 14 * DAY)
        return partial(agree_last_meeting, trajectory=self.fresh, meeting=later, by=self.worker)

    def stays(self) -> Callable[[], Any]:
        self.agreement()()
        return partial(stay_after_all, trajectory=self.fresh, by=self.worker)

    def reopening(self) -> Callable[[], Any]:
        close_stay(trajectory=self.fresh, exit_kind="other", exit_reason="own_wish", by=self.worker)
        return partial(reopen_stay, trajectory=self.fresh, by=self.worker, reason="Vergissing")

    def move_back(self) -> Callable[[], Any]:
        """From a day on which Casey was still coming here."""
        return partial(
            move,
            trajectory=self.fresh,
            to_group=self.other,
            first_day=nth(4) + DAY,
            by=self.worker,
            reason="Verhuisd",
        )

    @property
    def fresh(self) -> Trajectory:
        return Trajectory.objects.get(pk=self.stay.pk)


@pytest.fixture
def casey() -> Any:
    casey = World()
    with clock.travel(clock.at(TONIGHT, 12)), override("en"):
        yield casey


ACTS = [
    "correction",
    "agreement",
    "cancellation",
    "evening_moved",
    "other_evening",
    "stays",
    "reopening",
    "move_back",
]
Waves = dict[tuple[str, int], tuple[str, date]]


def waves(stay: Trajectory) -> Waves:
    rows = Invitation.objects.filter(trajectory=stay).exclude(state="withdrawn")
    return {(row.wave, row.sequence): (row.state, row.earned_on) for row in rows}


#: What a sentence may call it: a wave whose day is still to come stands no longer.
SAID_AS = {"withdraws": {"withdraws", "moves"}, "opens": {"opens"}, "moves": {"moves"}}


def happened(before: Waves, after: Waves) -> list[tuple[str, str]]:
    """By the rows themselves: what opened, moved or went away."""
    found = [("withdraws", wave_name(*key)) for key in before.keys() - after.keys()]
    for key, (state, earned_on) in after.items():
        if state == "open" and (key not in before or before[key][0] != "open"):
            found.append(("opens", wave_name(*key)))
        elif key in before and before[key][1] != earned_on:
            found.append(("moves", wave_name(*key)))
    return sorted(found)


@pytest.mark.req("R-131")
@pytest.mark.parametrize("name", ACTS)
def test_what_is_said_is_what_then_happens(casey: World, name: str) -> None:
    act = getattr(casey, name)()
    stood = everything()
    said = rehearse(act)
    assert everything() == stood, "nothing of a rehearsal stays"
    before = waves(casey.stay)
    act()
    after = waves(casey.stay)
    did = happened(before, after)
    assert did, "a case in which something happens"
    assert {one.trajectory_id for one in said} == {casey.stay.pk}
    for kind, wave in did:
        assert any(one.kind in SAID_AS[kind] and wave in one.text for one in said), (wave, said)
    for key in before:
        if before[key] == after.get(key):
            assert not any(wave_name(*key) in one.text for one in said), said


def everything() -> list[Any]:
    models = (
        Trajectory,
        Placement,
        Meeting,
        LastMeeting,
        Attendance,
        Group,
        Invitation,
        CycleState,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.req("R-355")
@pytest.mark.parametrize("name", ACTS)
def test_after_the_act_a_rebuild_finds_nothing(casey: World, name: str) -> None:
    """The cycle was told once, at the end of the act, when everything was in its place."""
    getattr(casey, name)()()
    stood = everything()
    backstop.rebuild()
    assert everything() == stood


@pytest.mark.req("R-355")
def test_a_first_evening_that_is_planned_moved_or_cancelled_is_known_at_once(casey: World) -> None:
    """The first questionnaire is due at the first evening of taking part, late from the second."""
    begins = TONIGHT + DAY
    new = world.make_participating(
        casey.group,
        since=begins,
        screened_on=TONIGHT - DAY,
        consent_complete_on=TONIGHT - DAY,
    )
    cycle.refresh([new.pk])

    def first_two() -> list[Any]:
        row = Invitation.objects.get(trajectory=new, wave="baseline")
        stood = row.due_on, row.reason["first_meeting"], row.reason["second_meeting"]
        backstop.rebuild([new.pk])
        row.refresh_from_db()
        assert stood == (row.due_on, row.reason["first_meeting"], row.reason["second_meeting"])
        return [None if day is None else date.fromisoformat(day) for day in stood[1:]]

    one, two, three = (TONIGHT + 7 * n * DAY for n in (1, 2, 3))
    assert first_two() == [None, None]
    first, second = plan_ahead(group=casey.group, dates=[one, two], by=casey.worker)
    assert first_two() == [one, two]
    move_meeting(meeting=second, date=three, by=casey.worker)
    assert first_two() == [one, three]
    cancel_meeting(meeting=first, reason="weather", by=casey.worker)
    assert first_two() == [three, None]
    plan_meeting(group=casey.group, date=one, by=casey.worker)
    assert first_two() == [one, three]


@pytest.mark.req("R-355")
def test_a_closing_taken_back_knows_the_next_evenings_at_once(casey: World) -> None:
    new = world.make_participating(
        casey.group,
        since=TONIGHT - DAY,
        age=17,
        screened_on=TONIGHT - DAY,
        consent_complete_on=TONIGHT - DAY,
    )
    cycle.refresh([new.pk])
    close_stay(trajectory=new, exit_kind="other", exit_reason="own_wish", by=casey.worker)
    plan_ahead(group=casey.group, dates=[TONIGHT + 14 * DAY], by=casey.worker)
    with clock.travel(TONIGHT + DAY):
        reopen_stay(trajectory=new, by=casey.worker, reason="Vergissing")
        stood = everything()
        row = Invitation.objects.get(trajectory=new, wave="baseline")
        assert row.reason["second_meeting"] == (TONIGHT + 14 * DAY).isoformat()
        backstop.rebuild([new.pk])
    assert everything() == stood


def test_what_would_be_refused_is_refused_at_once(casey: World) -> None:
    Meeting.objects.filter(pk=casey.tonight.pk).update(status="cancelled")
    with broken("not_planned"):
        rehearse(casey.agreement())


def test_a_rehearsal_leaves_nothing_to_do_after_the_commit(casey: World) -> None:
    act = casey.cancellation()
    hooks = len(connection.run_on_commit)
    rehearse(act)
    assert len(connection.run_on_commit) == hooks


# ---- What the evenings and places say themselves ---------------------------------------------


@pytest.mark.req("R-131")
def test_whose_last_evening_moves_or_falls_away_is_said(casey: World) -> None:
    def texts(act: Callable[[], Any]) -> list[str]:
        return [one.text for one in rehearse(act, last_evenings)]

    assert "The last evening falls away. Agree on another one." in texts(casey.cancellation())
    moved = partial(move_meeting, meeting=casey.tonight, date=TONIGHT + DAY, by=casey.worker)
    assert "The last evening is then Friday 17 April." in texts(moved)


@pytest.mark.req("R-131")
def test_evenings_that_a_move_in_the_past_takes_away_are_named(casey: World) -> None:
    found = rehearse(casey.move_back(), no_longer_counted)
    assert found[0].text == "Was there on 5 March, 19 March, 2 April. That no longer counts."


# ---- The pages --------------------------------------------------------------------------------


@pytest.fixture
def client(casey: World) -> Client:
    return world.eyes(casey.worker)


def agreed_on(casey: World) -> date | None:
    return casey.fresh.last_meeting_on


def read_and_confirm(client: Client, url: str, answer: Any) -> Any:
    """Send what the page holds: everything that was typed, and that it was read."""
    fields = re.findall(r'name="([a-z_]+)" value="([^"]*)"', answer.content.decode())
    data: dict[str, list[str]] = {}
    for name, value in fields:
        if name != "csrfmiddlewaretoken":
            data.setdefault(name, []).append(value)
    return client.post(url, data)


def the_page(casey: World, name: str) -> tuple[str, Any, dict[str, Any]]:
    """The view, whom or what it is about, and what is sent."""
    stay, evening = casey.stay, casey.tonight
    pages: dict[str, tuple[str, Any, dict[str, Any]]] = {
        "agreement": ("leave", stay.pk, {"act": "agree", "meeting": evening.pk}),
        "cancellation": ("cancel", evening.pk, {"reason": "weather"}),
        "evening_moved": (
            "change",
            evening.pk,
            {
                "date": (TONIGHT + 7 * DAY).isoformat(),
                "starts_at": "19:00",
                "activity": "Spelavond",
            },
        ),
        "stays": ("leave", stay.pk, {"act": "stay"}),
        "reopening": ("reopen", stay.pk, {"reason": "Vergissing"}),
        "move_back": (
            "move",
            stay.pk,
            {
                "to_group": casey.other.pk,
                "first_day": (nth(4) + DAY).isoformat(),
                "reason": "Verhuisd",
                "own_yes": "spoken",
            },
        ),
    }
    return pages[name]


PAGES = ["agreement", "cancellation", "evening_moved", "stays", "reopening", "move_back"]


@pytest.mark.req("R-131")
@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_it_first_and_does_it_after_the_yes(
    casey: World, client: Client, name: str
) -> None:
    act = getattr(casey, name)()
    view, key, fields = the_page(casey, name)
    url, stood = reverse(f"groups:{view}", args=[key]), everything()
    said = [one.text for one in rehearse(act)]
    with override("nl"):
        shown = client.post(url, fields)
    assert shown.status_code == 200
    html = shown.content.decode()
    assert said
    assert "Wat dit doet" in html
    assert "Casey" in html
    assert everything() == stood, "asking changes nothing"
    done = read_and_confirm(client, url, shown)
    assert done.status_code == 302, done.content.decode()[:3000]
    after = everything()
    assert after != stood


CHANGED = "Er is net iets veranderd."


@pytest.mark.req("R-131")
def test_what_changed_since_it_was_read_is_said_before_it_is_done(
    casey: World, client: Client
) -> None:
    """While the page stood open, somebody agreed that Robin says goodbye on that evening too."""
    casey.cancellation()
    robin = world.make_participating(casey.group, since=FIRST, call_name="Robin", age=17)
    url = reverse("groups:cancel", args=[casey.tonight.pk])
    with override("nl"):
        first = client.post(url, {"reason": "weather"})
        assert "<h3>Robin</h3>" not in first.content.decode()
        assert CHANGED not in first.content.decode()
        agree_last_meeting(trajectory=robin, meeting=casey.tonight, by=casey.worker)
        stood = everything()
        again = read_and_confirm(client, url, first)
        assert again.status_code == 200
        assert "<h3>Robin</h3>" in again.content.decode()
        assert CHANGED in again.content.decode()
        assert everything() == stood
        assert read_and_confirm(client, url, again).status_code == 302


@pytest.mark.req("R-131")
def test_a_yes_is_to_one_act_and_not_to_another(casey: World, client: Client) -> None:
    """The page of one week later, sent with another day; and a yes that nobody was asked for."""
    casey.evening_moved()
    _view, key, fields = the_page(casey, "evening_moved")
    url = reverse("groups:change", args=[key])
    shown = client.post(url, fields).content.decode()
    (mark,) = re.findall(r'name="read" value="([^"]+)"', shown)
    stood = everything()
    for read, day in ((mark, TONIGHT + 14 * DAY), ("on", TONIGHT + 7 * DAY)):
        answer = client.post(url, fields | {"date": day.isoformat(), "read": read})
        assert answer.status_code == 200
        assert everything() == stood
        assert len(re.findall('name="read"', answer.content.decode())) == 1


def test_what_a_colleague_made_of_it_meanwhile_is_read_once_more(
    casey: World, client: Client
) -> None:
    """The yes belongs to what was read, not to whatever it has become since."""
    casey.agreement()
    view, key, fields = the_page(casey, "agreement")
    url = reverse(f"groups:{view}", args=[key])
    shown = client.post(url, fields)
    assert "Lees het nog een keer" not in shown.content.decode()
    move_meeting(meeting=casey.tonight, date=TONIGHT + 7 * DAY, by=casey.worker)
    again = read_and_confirm(client, url, shown)
    assert again.status_code == 200
    assert "Lees het nog een keer" in again.content.decode()
    assert agreed_on(casey) is None
    assert read_and_confirm(client, url, again).status_code == 302
    assert agreed_on(casey) == TONIGHT + 7 * DAY


def test_where_nothing_else_changes_nothing_is_asked(casey: World, client: Client) -> None:
    """Of a meeting that is over nobody hears anything either."""
    with clock.travel(casey.tonight.ends_at):
        done = client.post(reverse("groups:cancel", args=[casey.tonight.pk]), {"reason": "weather"})
    assert done.status_code == 302
    casey.tonight.refresh_from_db()
    assert casey.tonight.status == "cancelled"


def test_what_is_refused_is_said_at_the_form_and_not_asked_first(
    casey: World, client: Client
) -> None:
    Group.objects.filter(pk=casey.other.pk).update(capacity=1)
    world.make_participating(casey.other, since=FIRST)
    _view, key, fields = the_page(casey, "move_back")
    with override("nl"):
        shown = client.post(reverse("groups:move", args=[key]), fields)
    assert shown.status_code == 422
    assert "plekken zijn bezet" in shown.content.decode()
    assert Placement.objects.get(trajectory=casey.stay).last_day is None


@pytest.mark.req("R-339")
def test_the_words_are_kept_until_it_is_done(casey: World, client: Client) -> None:
    _view, key, fields = the_page(casey, "move_back")
    url = reverse("groups:move", args=[key])
    fields["draft"] = look(client, url, "first_day")
    shown = client.post(url, fields)
    (draft,) = Draft.objects.open()
    assert words_of(draft).values["reason"] == ["Verhuisd"]
    assert read_and_confirm(client, url, shown).status_code == 302
    assert not Draft.objects.open().exists()


def test_who_stays_out_of_a_file_reads_no_name_of_it(casey: World, client: Client) -> None:
    casey.cancellation()
    Recusal.objects.create(
        participant=casey.stay.participant, worker=casey.worker, said_by="worker", at=clock.now()
    )
    url = reverse("groups:cancel", args=[casey.tonight.pk])
    with override("nl"):
        shown = client.post(url, {"reason": "weather"})
    html = shown.content.decode()
    assert "Er verandert iets voor iemand die jij niet begeleidt." in html
    assert "Casey" not in html
    assert read_and_confirm(client, url, shown).status_code == 302
    casey.tonight.refresh_from_db()
    assert casey.tonight.status == "cancelled"
