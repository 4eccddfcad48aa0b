"""Where a young person, and their worker, reads why a questionnaire came, moved or went (R-354)."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import User
from core.clock import today
from core.dates import in_full
from participants.models import Trajectory
from questionnaires.models import Invitation
from questionnaires.todo_kinds import Kind
from questionnaires.todos import Silent, _silent_and_late
from tests import world
from tests.questionnaires.build import make_invitation

pytestmark = pytest.mark.django_db

SIX = ["2026-09-03", "2026-09-17", "2026-10-01", "2026-10-15", "2026-10-29", "2026-11-12"]
NOT_SIX = (
    "Deze vragenlijst krijg je na zes bijeenkomsten die meetellen. Het bleken er nog geen zes te "
    "zijn."
)
INTERIM: dict[str, Any] = {"text": "interim", "counted": SIX, "not_counted": []}


def day(iso: str) -> str:
    """As it stands on a page of this very day."""
    return in_full(date.fromisoformat(iso))


def text_of(page: Any) -> str:
    body = page.content.decode().split("</head>")[1]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def page_of(client: Client, name: str, wave: Invitation) -> str:
    return text_of(client.get(reverse(f"questionnaires:{name}", args=[wave.pk])))


def gone(stay: Trajectory, why: str, *, ago: int = 1, **more: Any) -> Invitation:
    """An interim that stood for a week and was withdrawn `ago` days ago."""
    on = today() - timedelta(days=ago)
    reason = INTERIM | {"withdrawn": {"on": on.isoformat(), "why": why} | more}
    opened = on - timedelta(days=7)
    return make_invitation(stay, state="withdrawn", opened_on=opened, reason=reason)


# ---- It comes -----------------------------------------------------------------------------


@pytest.mark.req("R-354")
def test_before_the_first_question_it_says_why_it_came(casey: Client, stay: Trajectory) -> None:
    shown = page_of(casey, "who_reads", make_invitation(stay, reason=INTERIM))
    assert "Je was er zes keer bij:" in shown
    for iso in SIX:
        assert day(iso).removesuffix(" 2026") in shown
    assert "Daarom vragen we hoe het met je gaat." in shown


@pytest.mark.req("R-354")
def test_the_start_page_and_the_list_say_it_in_one_line(casey: Client, stay: Trajectory) -> None:
    make_invitation(stay, "exit", reason={"text": "exit", "last_meeting_on": SIX[-1]})
    line = f"Deze vragenlijst hoort bij je afscheid op {day(SIX[-1])}."
    assert line in text_of(casey.get(reverse("home:today")))
    (todo,) = world.waiting(stay.participant.user, Kind.QUESTIONNAIRE)
    assert todo.reason.startswith(line)


def test_a_row_without_a_reason_is_a_page_as_any_other(casey: Client, wave: Invitation) -> None:
    assert "22 korte vragen" in page_of(casey, "who_reads", wave)


# ---- It moved -----------------------------------------------------------------------------


@pytest.mark.req("R-354")
def test_a_new_opening_says_what_became_of_the_one_before(casey: Client, stay: Trajectory) -> None:
    old = gone(stay, "moved", to=SIX[-1])
    new = make_invitation(stay, opening=2, reason=INTERIM)
    shown = page_of(casey, "who_reads", new)
    before = f"De vragenlijst van {day(old.opened_on.isoformat())} is weg."
    assert (
        f"{before} De dag is verschoven naar {day(SIX[-1])}. Dit is een nieuwe vragenlijst."
        in shown
    )


def test_what_nobody_could_have_seen_is_not_explained(casey: Client, stay: Trajectory) -> None:
    """It came and went within one day, before a page or a mail could tell of it."""
    on = today().isoformat()
    reason = INTERIM | {"withdrawn": {"on": on, "why": "not_six"}}
    make_invitation(stay, state="withdrawn", opened_on=today(), reason=reason)
    new = make_invitation(stay, opening=2, reason=INTERIM)
    assert "is weg" not in page_of(casey, "who_reads", new)


# ---- It went away -------------------------------------------------------------------------


@pytest.mark.req("R-354")
@pytest.mark.parametrize(
    ("why", "more", "said"),
    [
        ("not_six", {}, NOT_SIX),
        ("moved", {"to": "2027-01-14"}, "De dag is verschoven naar"),
        ("on_hold", {"kinds": ["blocked"]}, "Er moest eerst iets geregeld worden."),
        ("on_hold", {"kinds": ["paused"]}, "Je had pauze, dus we vroegen je niets."),
        ("stays", {}, "Hij hoorde bij een afscheid dat niet doorging."),
        ("a code of tomorrow", {}, "Je hoeft niets te doen."),
    ],
)
def test_an_old_link_says_which_one_it_was_and_why_it_went(
    casey: Client, stay: Trajectory, why: str, more: dict[str, Any], said: str
) -> None:
    old = gone(stay, why, **more)
    for name in ("who_reads", "finish", "later", "thanks"):
        shown = page_of(casey, name, old)
        assert "Deze vragenlijst is er niet meer" in shown
        assert f"Dit was de vragenlijst van {day(old.opened_on.isoformat())}." in shown
        assert said in shown
        assert "Je hoeft niets te doen." in shown


@pytest.mark.req("R-354")
@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        ("missed", {"missed": {"wave": "exit", "sequence": 1}}, "Er kwam een nieuwere voor in de"),
        ("missed", {"missed": {"days": 60}}, "Hij stond 60 dagen voor je klaar."),
        ("closed", {}, "Hij hoorde bij een periode bij Join Us die voorbij is."),
    ],
)
def test_missed_and_closed_ones_say_why_too(
    casey: Client, stay: Trajectory, state: str, reason: dict[str, Any], said: str
) -> None:
    old = make_invitation(stay, state=state, reason=INTERIM | reason)
    shown = page_of(casey, "who_reads", old)
    assert "Deze vragenlijst is gesloten" in shown
    assert said in shown


@pytest.mark.req("R-354")
def test_what_vanished_from_the_start_page_is_explained_there_for_two_weeks(
    casey: Client, stay: Trajectory
) -> None:
    old = gone(stay, "not_six", ago=13)
    address = reverse("questionnaires:who_reads", args=[old.pk])
    page = casey.get(reverse("home:today"))
    assert (
        f"De vragenlijst van {day(old.opened_on.isoformat())} is weg. {NOT_SIX} "
        "Je hoeft niets te doen."
    ) in text_of(page)
    assert f'href="{address}"' in page.content.decode()
    Invitation.objects.update(
        reason=INTERIM
        | {"withdrawn": {"on": (today() - timedelta(days=14)).isoformat(), "why": "not_six"}}
    )
    assert "is weg" not in text_of(casey.get(reverse("home:today")))


@pytest.mark.req("R-354")
def test_where_the_one_before_it_stands_again_the_start_page_says_what_went(
    casey: Client, stay: Trajectory
) -> None:
    """A correction takes the interim back, and the start's list of months ago stands again: that
    one is not new, and it is not the one that somebody was filling in."""
    old = gone(stay, "not_six")
    before = make_invitation(stay, "baseline", opened_on=today() - timedelta(days=60))
    shown = text_of(casey.get(reverse("home:today")))
    assert "Je vragenlijst staat klaar" in shown
    assert f"De vragenlijst van {day(old.opened_on.isoformat())} is weg. {NOT_SIX}" in shown
    assert "Je hoeft niets te doen." not in shown, "beside one that stands it would be of that one"
    closed = casey.get(reverse("questionnaires:who_reads", args=[old.pk]))
    assert "Er staat nog een vragenlijst voor je klaar." in text_of(closed)
    assert "nieuwe" not in text_of(closed)
    assert reverse("questionnaires:who_reads", args=[before.pk]) in closed.content.decode()


def seen_at_home(casey: Client) -> bool:
    return "is weg" in text_of(casey.get(reverse("home:today")))


@pytest.mark.req("R-354")
def test_an_evening_that_was_not_over_after_all_is_told_to_nobody(
    casey: Client, client: Client, stay: Trajectory
) -> None:
    old = gone(stay, "not_over")
    assert not seen_at_home(casey)
    assert "Hij was er te vroeg" in page_of(casey, "who_reads", old)
    client.force_login(world.make_worker(stay.group))
    assert "ngetrokken" not in text_of(client.get(reverse("home:file", args=[stay.pk])))


def test_what_came_and_went_within_a_day_is_not_explained_at_home(
    casey: Client, stay: Trajectory
) -> None:
    gone(stay, "not_six")
    Invitation.objects.update(opened_on=today() - timedelta(days=1))
    assert not seen_at_home(casey)


def test_where_a_newer_one_stands_or_was_answered_that_one_is_enough(
    casey: Client, stay: Trajectory
) -> None:
    gone(stay, "exit_instead")
    assert seen_at_home(casey)
    new = make_invitation(stay, "exit")
    assert not seen_at_home(casey)
    Invitation.objects.filter(pk=new.pk).update(state="answered", answered_on=today())
    assert not seen_at_home(casey)


@pytest.mark.parametrize("held", [{"phase": "paused"}, {"blocked_reason": "parent_withdrew"}])
def test_during_a_hold_the_page_says_nothing_about_questionnaires(
    casey: Client, stay: Trajectory, held: dict[str, str]
) -> None:
    gone(stay, "on_hold", kinds=["paused" if "phase" in held else "blocked"])
    assert seen_at_home(casey)
    Trajectory.objects.filter(pk=stay.pk).update(**held)
    assert not seen_at_home(casey)


@pytest.mark.req("R-354")
def test_one_that_ran_out_or_closed_with_the_stay_is_explained_too(
    casey: Client, stay: Trajectory
) -> None:
    opened = today() - timedelta(days=62)
    wave = make_invitation(
        stay,
        "follow_up",
        state="missed",
        opened_on=opened,
        due_on=opened + timedelta(days=60),
        reason={"text": "follow_up", "exited_on": SIX[0], "missed": {"days": 60}},
    )
    assert "Hij stond 60 dagen voor je klaar." in text_of(casey.get(reverse("home:today")))
    Invitation.objects.filter(pk=wave.pk).update(state="closed")
    assert not seen_at_home(casey)
    Trajectory.objects.filter(pk=stay.pk).update(ended_on=today() - timedelta(days=2))
    assert seen_at_home(casey)


# ---- The worker reads the same ------------------------------------------------------------


@pytest.fixture
def worker(stay: Trajectory) -> User:
    return world.make_worker(stay.group)


def file_of(client: Client, worker: User, stay: Trajectory) -> str:
    client.force_login(worker)
    return text_of(client.get(reverse("home:file", args=[stay.pk])))


@pytest.mark.req("R-354")
def test_the_worker_reads_what_was_withdrawn_when_and_why(
    client: Client, worker: User, stay: Trajectory
) -> None:
    old = gone(stay, "not_six")
    shown = file_of(client, worker, stay)
    assert f"ingetrokken, open sinds {day(old.opened_on.isoformat())}" in shown
    on = day(old.reason["withdrawn"]["on"])
    assert f"Ingetrokken op {on}: er zijn geen zes bijeenkomsten meer die meetellen." in shown
    assert "Nog geen" in shown  # what was withdrawn is not the newest that stands


@pytest.mark.req("R-354")
def test_the_worker_reads_why_a_closed_one_is_not_asked_any_more(
    client: Client, worker: User, stay: Trajectory
) -> None:
    make_invitation(stay, state="closed", reason=INTERIM)
    shown = file_of(client, worker, stay)
    assert "Niet meer gevraagd: deze periode is afgelopen." in shown


@pytest.mark.req("R-354", "R-351")
def test_openings_of_one_wave_are_told_apart(
    client: Client, worker: User, stay: Trajectory
) -> None:
    gone(stay, "moved", to=SIX[-1])
    new = make_invitation(stay, opening=2, reason=INTERIM)
    shown = file_of(client, worker, stay)
    again = f"Opnieuw geopend op {day(new.opened_on.isoformat())}, als nieuwe vragenlijst."
    assert shown.count("Tussenmeting 1") == 3  # the newest on top, and both in the list
    assert shown.count(again) == 1
    assert shown.index("Ingetrokken op") < shown.index(again)


@pytest.mark.req("R-201")
@pytest.mark.parametrize(
    ("answered", "second", "late"),
    [(None, 0, True), (None, 1, False), (3, -3, True), (3, -2, False), (3, None, False)],
)
def test_a_baseline_after_the_second_meeting_is_marked_late(
    client: Client,
    worker: User,
    stay: Trajectory,
    answered: int | None,
    second: int | None,
    late: bool,
) -> None:
    """C-13: open on the day of the second meeting, or answered on it or later."""
    make_invitation(
        stay,
        "baseline",
        opened_on=today() - timedelta(days=30),
        state="answered" if answered else "open",
        answered_on=today() - timedelta(days=answered) if answered else None,
        reason={
            "text": "baseline",
            "talked_on": SIX[0],
            "consent_complete_on": SIX[0],
            "first_meeting": SIX[1],
            "second_meeting": None
            if second is None
            else (today() + timedelta(days=second)).isoformat(),
        },
    )
    shown = file_of(client, worker, stay)
    assert ("te laat: de tweede bijeenkomst was al geweest" in shown) is late


@pytest.mark.req("R-201")
@pytest.mark.parametrize(("second", "late"), [(0, True), (1, False)])
def test_a_worker_who_writes_about_a_late_baseline_knows_that_it_is_late(
    second: int, late: bool
) -> None:
    reason = {"text": "baseline", "second_meeting": str(today() + timedelta(days=second))}
    opened = today() - timedelta(days=30)
    row = Silent(uuid4(), uuid4(), "Casey", "baseline", reason, opened, became=(3, 0, 0))
    todo = _silent_and_late(row, None)  # type: ignore[arg-type]
    assert ("tellen als te laat" in todo.reason) is late
