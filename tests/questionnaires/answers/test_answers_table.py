"""What the workers of the own group read: words beside each other, exactly as a hand would copy."""

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.models import User
from core.accounts.roles import Role
from core.audit.models import ReadEntry
from core.clock import at, today, travel
from core.messaging.models import Message
from participants.models import Trajectory
from questionnaires.answers.answering import save_answers, say_about_talking, submit
from questionnaires.answers.answers_table import table
from questionnaires.instrument.instrument import DATA, load_instrument, read
from questionnaires.models import Instrument, Response
from questionnaires.panels import file_panels
from tests import world
from tests.questionnaires.build import make_invitation, make_response

# Written by hand from the printed list: item, and the words of the start and two waves after it.
BY_HAND = """
1 | Soms | Zelden | Nooit
2 | langer dan een jaar | 6 maanden | niet van toepassing
3 | bijna nooit waar | soms waar | meestal waar
4 | helemaal niet waar | niet ingevuld | soms waar
5 | soms waar | soms waar | altijd waar
6 | Zelden | Soms | Vaak
7 | Nooit | liever niet | Soms
8 | Nooit | Zelden | Soms
9 | Nooit | Nooit | Zelden
10 | Geen | 1 of 2 | 3 tot 5
11 | 1 of 2 | 1 of 2 | 1 of 2
12 | Geen | 3 tot 5 | 10 of meer
13 | Geen idee | Een beetje | Goed idee
14 | Vaak | Soms | Zelden
15 | Heel veel | Veel | Een beetje
16 | Nogal | Redelijk | Geen
17 | Veel | Redelijk | Geen
18 | Geen | Geen | Geen
19 | niet gevraagd | Prettig | Heel prettig
20 | niet gevraagd | Weet ik niet | Best wat effect
21 | niet gevraagd | Een beetje effect | Veel effect
22 | niet gevraagd | Waarschijnlijk wel | Zeker
"""
GIVEN = (
    [3, 6, 2, 1, 3, 2, 1, 1, 1, 1, 2, 1, 1, 4, 6, 4, 5, 1],
    [2, 4, 3, None, 3, 3, -2, 2, 1, 2, 2, 3, 2, 3, 5, 3, 3, 1, 4, 3, 2, 4],
    [1, -1, 4, 3, 5, 4, 3, 3, 2, 3, 2, 5, 3, 2, 2, 1, 1, 1, 5, 4, 5, 5],
)
SUBSCALES = [
    "Eenzaamheid",
    "Eigenwaarde",
    "Positieve interactie",
    "Sociale vaardigheden",
    "Sociaal netwerk",
    "Kennis en inzicht",
    "Negatieve gedachtes",
    "Sociaal en maatschappelijk functioneren",
    "Tevredenheid over Join Us",
]


def answers(values: list[int | None]) -> dict[int, int]:
    return {n: v for n, v in enumerate(values, start=1) if v is not None}


@pytest.fixture
def three_waves(stay: Trajectory) -> list[Response]:
    days = [today().replace(year=today().year - 1, month=m, day=8) for m in (1, 5, 9)]
    return [
        make_response(stay, answers(GIVEN[0]), "baseline", 1, days[0]),
        make_response(stay, answers(GIVEN[1]), "interim", 1, days[1]),
        make_response(stay, answers(GIVEN[2]), "interim", 2, days[2]),
    ]


@pytest.fixture
def worker(stay: Trajectory) -> User:
    return world.make_worker(stay.group)


def page_of(client: Client, user: User, stay: Trajectory) -> Any:
    client.force_login(user)
    return client.get(reverse("questionnaires:answers", args=[stay.pk]))


def cells(html: str) -> list[list[str]]:
    """The rows of the table as a person reads them: item number, then the words."""
    found = []
    for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL):
        words = [unescape(re.sub(r"<[^>]+>", "", c)) for c in re.findall(r"<td.*?</td>", row)]
        number = re.search(r'<th scope="row">(\d+)\.', row)
        if number:
            found.append([number[1], *words])
    return found


@pytest.mark.req("R-005")
@pytest.mark.req("R-210")
@pytest.mark.req("R-217")
@pytest.mark.req("R-219")
def test_the_page_equals_the_table_made_by_hand(
    client: Client, worker: User, stay: Trajectory, three_waves: list[Response]
) -> None:
    page = page_of(client, worker, stay)
    by_hand = [[c.strip() for c in line.split("|")] for line in BY_HAND.strip().splitlines()]
    assert cells(page.content.decode()) == by_hand


@pytest.mark.req("R-219")
def test_columns_are_waves_in_time_and_rows_stand_under_their_subscale(
    client: Client, worker: User, stay: Trajectory, three_waves: list[Response]
) -> None:
    html = unescape(page_of(client, worker, stay).content.decode())
    head = re.findall(r'<th scope="col">([^<]+)<', html)
    assert head == ["Vraag", "Nulmeting", "Tussenmeting 1", "Tussenmeting 2"]
    assert re.findall(r'answers__section"[^>]*>([^<]+)<', html) == SUBSCALES


@pytest.mark.req("R-211")
@pytest.mark.req("R-212")
@pytest.mark.req("R-213")
def test_no_sum_no_score_and_no_colour_of_judgement(
    client: Client, worker: User, stay: Trajectory, three_waves: list[Response]
) -> None:
    html = page_of(client, worker, stay).content.decode()
    body = re.search(r"<table.*</table>", html, re.DOTALL)[0]
    words = {c for row in cells(html) for c in row[1:]}
    assert not [w for w in words if re.fullmatch(r"-?\d+([.,]\d+)?", w)]
    assert not re.search(r"gemiddeld|totaal|score|som\b|chip--|amber|teal", body, re.IGNORECASE)
    kinds = set(re.findall(r'<td class="cell--(\w+)"', body))
    assert kinds == {"given", "missing", "rather_not", "not_applicable", "not_asked"}


@pytest.mark.req("R-223")
def test_source_and_authors_of_each_item_stand_beside_it(
    client: Client, worker: User, stay: Trajectory, three_waves: list[Response]
) -> None:
    html = unescape(page_of(client, worker, stay).content.decode())
    shown = re.findall(r'<span class="quiet">([^<]+)</span></th><td', html)
    printed = [raw["source"] for raw in json.loads(DATA.read_text("utf-8"))["items"]]
    assert (
        shown
        == [f"{s['instrument']} ({s['authors_as_printed']})" for s in printed[:18]]
        + ["Stichting Join Us"] * 4
    )


@pytest.mark.req("R-209")
def test_old_answers_keep_the_wording_they_were_given_to(
    stay: Trajectory, three_waves: list[Response], tmp_path: Path
) -> None:
    raw = json.loads(DATA.read_text("utf-8"))
    raw["version"] = "next"
    raw["items"][4]["nl"] = "Ik ben tevreden over mezelf"
    raw["items"][4]["options"][0]["nl"] = "klopt niet"
    path = tmp_path / "next.json"
    path.write_text(json.dumps(raw), "utf-8")
    newer = load_instrument(path)
    invitation = make_invitation(
        stay, "interim", 3, instrument=newer, state="answered", answered_on=today()
    )
    Response.objects.create(
        invitation=invitation,
        trajectory=stay,
        instrument=newer,
        wave="interim",
        sequence=3,
        submitted_at=clock.now(),
        a05=1,
    )
    rows = [r for s in table(Response.objects.filter(trajectory=stay)).sections for r in s.rows]
    row = next(r for r in rows if r.number == 5)
    assert row.wordings == ["Ik ben tevreden over mezelf", "Meestal ben ik tevreden met mezelf"]
    assert [c.text for c in row.cells] == ["soms waar", "soms waar", "altijd waar", "klopt niet"]


@pytest.mark.req("R-020")
def test_each_opening_writes_one_audit_line(
    client: Client, worker: User, stay: Trajectory, three_waves: list[Response]
) -> None:
    page_of(client, worker, stay)
    page_of(client, worker, stay)
    lines = ReadEntry.objects.values_list("user", "record", "subject_ids")
    assert list(lines) == [(worker.pk, "answers", [stay.pk])] * 2


@pytest.mark.req("R-020")
def test_without_the_audit_line_nothing_is_shown(
    client: Client,
    worker: User,
    stay: Trajectory,
    three_waves: list[Response],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("questionnaires.answers.views.worker.opened", broken)
    client.raise_request_exception = False
    page = page_of(client, worker, stay)
    assert page.status_code == 500
    assert "meestal waar" not in page.content.decode()


@pytest.mark.req("R-005", "R-007", "R-010")
@pytest.mark.parametrize(
    "who",
    [
        "coordinator",
        "manager",
        "foundation",
        "quality coordinator",
        "researcher",
        "worker elsewhere",
        "worker elsewhere and coordinator here",
        "former worker",
        "another participant",
        "the participant",
    ],
)
def test_nobody_else_reads_answers(
    client: Client, stay: Trajectory, three_waves: list[Response], who: str
) -> None:
    group = stay.group
    region = group.location.region

    def both() -> User:
        user = world.make_worker(world.make_group())
        world.give_role(user, Role.REGIONAL_COORDINATOR, region=region)
        return user

    def former() -> User:
        user = world.make_staff()
        yesterday = today() - timedelta(days=1)
        world.give_role(user, Role.YOUTH_WORKER, group=group, valid_until=yesterday)
        return user

    user = {
        "coordinator": lambda: world.make_coordinator(region),
        "manager": lambda: world.make_manager(group.location.organisation),
        "foundation": lambda: world.make_national(Role.FOUNDATION),
        "quality coordinator": lambda: world.make_national(Role.QUALITY_COORDINATOR),
        "researcher": lambda: world.make_national(Role.RESEARCHER),
        "worker elsewhere": lambda: world.make_worker(world.make_group()),
        "worker elsewhere and coordinator here": both,
        "former worker": former,
        "another participant": lambda: world.make_participant().user,
        "the participant": lambda: stay.participant.user,
    }[who]()
    page = page_of(client, user, stay)
    assert page.status_code == (403 if who == "the participant" else 404)
    assert "meestal waar" not in page.content.decode()
    assert not ReadEntry.objects.exists()
    if who != "the participant":
        assert not Response.objects.visible_to(user).exists()


def test_without_answers_the_page_says_what_will_come(
    client: Client, worker: User, stay: Trajectory
) -> None:
    assert "Nog geen antwoorden" in page_of(client, worker, stay).content.decode()


@pytest.mark.parametrize("waves", [1, 6])
def test_the_page_costs_the_same_whatever_its_size(
    client: Client,
    worker: User,
    stay: Trajectory,
    waves: int,
    django_assert_num_queries: Any,
) -> None:
    for n in range(1, waves + 1):
        make_response(stay, answers(GIVEN[1]), "interim", n, today())
    page_of(client, worker, stay)
    address = reverse("questionnaires:answers", args=[stay.pk])
    # savepoint and its release; session, account, roles, stay, audit line, answers
    with django_assert_num_queries(8):
        client.get(address)


# ---- what draws attention ---------------------------------------------------------


def talk_todos(user: User) -> list[str]:
    return [t.reason for t in world.waiting(user, "questionnaire_talk")]


@pytest.mark.req("R-216")
@pytest.mark.parametrize(
    ("given", "draws"), [({1: 5}, True), ({14: 5}, True), ({1: 4, 14: 4}, False), ({3: 5}, False)]
)
def test_always_on_item_1_or_14_draws_the_workers_attention(
    client: Client, worker: User, stay: Trajectory, given: dict[int, int], draws: bool
) -> None:
    make_response(stay, given, "interim", 1, today())
    reasons = talk_todos(worker)
    assert bool(reasons) is draws
    for reason in reasons:
        assert "geen risicoscore" in reason
        assert "Altijd" not in reason
    for other in (
        world.make_coordinator(stay.group.location.region),
        world.make_manager(stay.group.location.organisation),
        world.make_worker(world.make_group()),
        stay.participant.user,
    ):
        assert not talk_todos(other)


@pytest.mark.req("R-216")
def test_it_sends_no_message_to_anybody(stay: Trajectory) -> None:
    wave = make_invitation(stay)
    by = stay.participant.user
    save_answers(invitation=wave, values={1: 5, 14: 5}, by=by)
    submit(invitation=wave, by=by)
    assert not Message.objects.exists()


@pytest.mark.req("R-216")
def test_it_is_gone_once_a_worker_opened_the_answers(
    client: Client, worker: User, stay: Trajectory
) -> None:
    make_response(stay, {14: 5}, "interim", 1, today())
    with travel(at(today(), 18)):
        assert talk_todos(worker)
        page_of(client, worker, stay)
        assert not talk_todos(worker)


@pytest.mark.req("R-216")
@pytest.mark.parametrize("why", ["an answer", "a wish"])
def test_a_talk_that_nobody_had_hangs_there_for_four_weeks(
    worker: User, stay: Trajectory, why: str
) -> None:
    response = make_response(stay, {14: 5 if why == "an answer" else 1}, "interim", 1, today())
    if why == "a wish":
        Response.objects.filter(pk=response.pk).update(wants_to_talk=True)
    sent = response.submitted_at
    with travel(sent + timedelta(days=28)):
        assert talk_todos(worker)
    with travel(sent + timedelta(days=28, minutes=1)):
        assert not talk_todos(worker)


def test_who_wants_to_talk_comes_up_also_after_the_answers_were_read(
    client: Client, worker: User, stay: Trajectory
) -> None:
    response = make_response(stay, {1: 1}, "interim", 1, today() - timedelta(days=2))
    page_of(client, worker, stay)
    assert not talk_todos(worker)
    say_about_talking(invitation=response.invitation, wants=True, by=stay.participant.user)
    assert "Casey wil praten" in talk_todos(worker)[0]
    page_of(client, worker, stay)
    assert not talk_todos(worker)


def test_what_was_not_sent_is_not_shown(client: Client, worker: User, stay: Trajectory) -> None:
    wave = make_invitation(stay)
    save_answers(invitation=wave, values={3: 4}, by=stay.participant.user)
    assert "meestal waar" not in page_of(client, worker, stay).content.decode()


@pytest.mark.req("R-218")
def test_the_file_shows_waves_and_never_an_answer(
    client: Client, worker: User, stay: Trajectory, three_waves: list[Response]
) -> None:
    make_invitation(stay, "interim", 3, state="missed", opened_on=today())
    make_invitation(stay, "exit", 1, opened_on=today())
    client.force_login(worker)
    page = unescape(client.get(reverse("home:file", args=[stay.pk])).content.decode())
    for words in ("Nulmeting", "Tussenmeting 2", "beantwoord 8 mei", "gemist", "open, graag vóór"):
        assert words in page
    assert reverse("questionnaires:answers", args=[stay.pk]) in page
    assert "meestal waar" not in page
    for panel in file_panels(stay, world.make_coordinator(stay.group.location.region)):
        assert (panel.context["may_read"], panel.acts) == (False, ())


def test_every_item_of_the_instrument_has_a_row(instrument: Instrument, stay: Trajectory) -> None:
    make_response(stay, {1: 1}, "baseline", 1, today())
    rows = [r for s in table(Response.objects.all()).sections for r in s.rows]
    assert [r.number for r in rows] == [q.number for q in read(instrument.pk)]
