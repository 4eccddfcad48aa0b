"""The thread on the page: who reads it and who does not, what stands on it, and what it costs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from challenges import privacy
from challenges.models import (
    Challenge,
    Consequence,
    Evaluation,
    Hypothesis,
    Observation,
    Opinion,
    Preparation,
    ThreadSharing,
)
from challenges.thread import sharing
from core import clock
from core.accounts.roles import Role
from core.audit.models import ReadEntry
from core.errors import NotYours
from core.privacy import OWN, REST
from groups.seats.placement import move
from participants.models import Recusal
from participants.recusal import recusal
from participants.rights.privacy import person_of
from tests import world
from tests.challenges.thread.conftest import SAW, SINCE, THOUGHT, TODAY, TRIED, Scene, make_scene


@pytest.mark.req("R-154")
def test_two_workers_find_everything_on_one_page(scene: Scene) -> None:
    coming = scene.meeting(TODAY + timedelta(days=7))
    Preparation.objects.create(
        meeting=coming,
        trajectory=scene.casey,
        role="Legt het spel uit met Riley",
        written_by=scene.daan,
        written_at=clock.now(),
    )
    for worker in (scene.fleur, scene.daan):
        page = scene.page(worker)
        for words in (SAW, THOUGHT, TRIED, "Miste het spel", "modeling", "Legt het spel uit"):
            assert words in page
        assert "Antwoorden gaan op en neer; praat erover." in page
        assert "3 keer bij Join Us, nog niet daarbuiten" in page
        assert "11 september" in page, "the last talk"
    assert ReadEntry.objects.filter(record="thread", subject_ids=[scene.casey.pk]).count() == 2


def test_the_drawing_has_a_name_and_the_table_the_same_for_a_keyboard(scene: Scene) -> None:
    page = scene.page(scene.fleur)
    assert 'role="img" aria-labelledby="thread-title thread-says"' in page
    assert 'href="#tabel"' in page
    assert 'id="tabel"' in page
    assert "<caption" in page
    assert "style=" not in page, "the content policy of this house"
    assert "<script>" not in page
    assert page.count("thread__dot--practised") == 3
    assert page.count('class="thread__block"') == 4


@pytest.mark.req("R-213")
def test_no_figure_of_an_answer_stands_on_it(scene: Scene) -> None:
    page = scene.page(scene.fleur)
    assert "rather not" not in page
    assert "liever niet" in page
    assert "score" not in page


@pytest.mark.req("R-154")
@pytest.mark.parametrize(
    "who",
    ["participant", "other", "elsewhere", "manager", "coordinator", "quality", "foundation"],
)
@pytest.mark.parametrize("page", ["thread", "discuss"])
def test_nobody_else_finds_it(scene: Scene, who: str, page: str) -> None:
    region = scene.group.location.region
    users = {
        "participant": lambda: scene.casey.participant.user,
        "other": lambda: scene.riley.participant.user,
        "elsewhere": lambda: world.make_worker(world.make_group(), "Els Elders"),
        "manager": lambda: world.make_manager(scene.group.location.organisation),
        "coordinator": lambda: world.make_coordinator(region),
        "quality": lambda: world.make_national(Role.QUALITY_COORDINATOR),
        "foundation": lambda: world.make_national(Role.FOUNDATION),
    }
    found = world.eyes(users[who]()).get(scene.at(page))
    assert found.status_code == 404
    assert not ReadEntry.objects.exists()


@pytest.mark.req("R-154")
def test_who_stays_out_and_who_left_find_it_no_more(scene: Scene) -> None:
    worker = Recusal.Said.WORKER
    recusal.recuse(trajectory=scene.casey, worker=scene.daan, by=scene.daan, said_by=worker)
    assert world.eyes(scene.daan).get(scene.at("thread")).status_code == 404
    assert world.eyes(scene.daan).post(scene.at("discuss"), {"act": "share"}).status_code == 404
    scene.fleur.role_assignments.update(valid_until=TODAY - timedelta(days=1))
    assert world.eyes(scene.fleur).get(scene.at("thread")).status_code == 404


@pytest.mark.req("R-154")
def test_the_own_pages_and_the_own_copy_have_nothing_of_it(scene: Scene) -> None:
    casey = scene.casey.participant.user
    client = world.eyes(casey)
    for path in ("/vandaag/", "/mijn-challenge/"):
        page = client.get(path).content.decode()
        assert TRIED in page
        assert SAW not in page
        assert THOUGHT not in page
    own = repr(privacy.export_person(person_of(scene.casey.participant), OWN))
    assert SAW not in own
    assert THOUGHT not in own
    assert "modeling" not in own


def test_the_answered_request_has_all_of_it(scene: Scene) -> None:
    ThreadSharing.objects.create(
        trajectory=scene.casey,
        pseudonym="Beuk 47",
        by=scene.fleur,
        at=clock.now(),
        until=clock.now(),
    )
    asked = repr(privacy.export_person(person_of(scene.casey.participant), REST))
    for words in (SAW, THOUGHT, "Miste het spel", "modeling", "Beuk 47"):
        assert words in asked


def test_an_empty_thread_says_how_it_begins(db: None) -> None:
    scene = make_scene()
    page = scene.page(scene.fleur)
    assert '<svg class="thread__svg"' not in page
    assert "De draad begint met wat je ziet" in page


def test_erased_with_a_full_thread_nothing_is_left_but_counts(scene: Scene) -> None:
    person = person_of(scene.casey.participant)
    privacy.erase_person(person, scene.fleur)
    assert not Observation.objects.exists()
    assert not Hypothesis.objects.exists()
    assert not ThreadSharing.objects.exists()
    rest = repr(privacy.export_person(person, REST)) + repr(privacy.export_person(person, OWN))
    assert SAW not in rest
    assert THOUGHT not in rest
    assert TRIED not in rest


def test_pasted_markup_is_words_in_the_drawing_the_table_and_for_coaching(db: None) -> None:
    scene, bad = make_scene(), '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    scene.seen(SINCE, bad)
    scene.thought(SINCE, text=bad)
    scene.practised(scene.tried(SINCE, bad), TODAY, did=bad)
    row = shared(scene)
    karim = world.make_coordinator(scene.group.location.region)
    for page in (
        scene.page(scene.fleur),
        scene.page(scene.fleur, "discuss"),
        scene.page(karim, "under_another_name", row.pk),
    ):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert" in page


def test_of_who_is_erased_the_name_goes_from_what_was_written_about_others(scene: Scene) -> None:
    said = "Casey lachte met Riley, die kwam bij Rileys plek"
    tried, thought = Challenge.objects.get(), Hypothesis.objects.filter(outcome="").get()
    for row, field in ((thought, "outcome_text"), (Observation.objects.latest("pk"), "antecedent")):
        setattr(row, field, said)
        row.save()
    by = {"by": scene.daan, "at": clock.now()}
    Evaluation.objects.create(challenge=tried, on=TODAY, how_it_goes=said, **by)
    opinion = Opinion.objects.get()
    opinion.text = said
    opinion.save()
    privacy.erase_person(person_of(scene.riley.participant), scene.fleur)
    words = [
        *(text for one in Observation.objects.all() for text in (one.behaviour, one.antecedent)),
        *(one.text for one in Consequence.objects.all()),
        *(one.outcome_text for one in Hypothesis.objects.all()),
        Evaluation.objects.get().how_it_goes,
        Opinion.objects.get().text,
    ]
    assert not [text for text in words if "Riley " in text or "Riley," in text]
    assert sum("Casey lachte met –, die" in text for text in words) == 4
    assert Challenge.objects.get().text == TRIED, "the own words of Casey are hers"


# ---- Under another name -----------------------------------------------------------------------


def shared(scene: Scene, days: int = 14) -> ThreadSharing:
    world.eyes(scene.fleur).post(scene.at("discuss"), {"act": "share", "days": days})
    return ThreadSharing.objects.get()


@pytest.fixture
def karim(scene: Scene) -> Any:
    return world.make_coordinator(scene.group.location.region)


@pytest.mark.req("R-268")
def test_the_coordinator_reads_this_one_without_the_name(scene: Scene, karim: Any) -> None:
    row = shared(scene)
    assert "Casey" not in row.pseudonym
    page = scene.page(karim, "under_another_name", row.pk)
    assert row.pseudonym in page
    assert f"{row.pseudonym} zat alleen op de bank toen een andere deelnemer (A) een spel" in page
    for name in ("Casey", "Riley", "Fleur", "Groep 12-16", "2026", "zelden", "11 september"):
        assert name not in page
    (entry,) = ReadEntry.objects.filter(user=karim)
    assert (entry.record, entry.subject_ids) == ("thread_under_another_name", [scene.casey.pk])
    assert world.eyes(karim).get(scene.at("thread")).status_code == 404, "only this one"
    (todo,) = world.waiting(karim, "thread_shared")
    assert row.pseudonym in todo.title
    assert "Casey" not in repr(todo)


@pytest.mark.req("R-268")
def test_it_is_shared_for_a_while_and_taken_back(scene: Scene, karim: Any) -> None:
    row = shared(scene, 7)
    path = scene.at("under_another_name", row.pk)
    world.eyes(scene.daan).post(scene.at("discuss"), {"act": "take_back"})
    assert world.eyes(karim).get(path).status_code == 404
    assert world.waiting(karim, "thread_shared") == []
    row.refresh_from_db()
    assert row.taken_back_by == scene.daan
    world.eyes(scene.fleur).post(scene.at("discuss"), {"act": "share", "days": 7})
    again = ThreadSharing.objects.exclude(pk=row.pk).get()
    assert world.eyes(karim).get(scene.at("under_another_name", again.pk)).status_code == 200
    with clock.travel(clock.at(TODAY + timedelta(days=7), 13)):
        gone = world.eyes(karim).get(scene.at("under_another_name", again.pk))
        assert gone.status_code == 404


@pytest.mark.req("R-268")
def test_shared_twice_it_keeps_its_name(scene: Scene) -> None:
    first = shared(scene)
    assert shared(scene) == first


@pytest.mark.req("R-268")
@pytest.mark.parametrize(
    "who", ["participant", "elsewhere", "manager", "other_region", "quality", "foundation"]
)
def test_nobody_but_this_coordinator_opens_it(scene: Scene, who: str) -> None:
    row = shared(scene)
    users = {
        "participant": lambda: scene.casey.participant.user,
        "elsewhere": lambda: world.make_worker(world.make_group(), "Els Elders"),
        "manager": lambda: world.make_manager(scene.group.location.organisation),
        "other_region": lambda: world.make_coordinator(world.make_region()),
        "quality": lambda: world.make_national(Role.QUALITY_COORDINATOR),
        "foundation": lambda: world.make_national(Role.FOUNDATION),
    }
    path = scene.at("under_another_name", row.pk)
    assert world.eyes(users[who]()).get(path).status_code == 404


@pytest.mark.req("R-268")
def test_only_the_own_workers_share_it_and_who_stays_out_reads_nothing(
    scene: Scene, karim: Any
) -> None:
    elsewhere = world.make_worker(world.make_group(), "Els Elders")
    for user in (karim, elsewhere, scene.casey.participant.user):
        with pytest.raises(NotYours):
            sharing.share(trajectory=scene.casey, days=14, by=user)
    row = shared(scene)
    said = Recusal.Said.WORKER
    recusal.recuse(trajectory=scene.casey, worker=karim, by=karim, said_by=said)
    path = scene.at("under_another_name", row.pk)
    assert world.eyes(karim).get(path).status_code == 404
    assert world.waiting(karim, "thread_shared") == []


@pytest.mark.req("R-268")
def test_a_consent_that_is_missing_closes_it(scene: Scene, karim: Any) -> None:
    row = shared(scene)
    scene.casey.blocked_reason = "consent_withdrawn"
    scene.casey.save(update_fields=["blocked_reason"])
    path = scene.at("under_another_name", row.pk)
    assert world.eyes(karim).get(path).status_code == 404
    page = scene.page(scene.fleur, "discuss")
    assert 'value="take_back"' in page


@pytest.mark.req("R-268")
@pytest.mark.parametrize("days_ago", [0, 5])
def test_it_does_not_move_along_to_another_group(scene: Scene, days_ago: int) -> None:
    row = shared(scene)
    world.give_own_agreements(scene.casey)
    world.give_parental_yes(scene.casey)
    there = world.make_group(region=world.make_region())
    new = world.make_worker(there, "Els Elders")
    coordinator = world.make_coordinator(there.location.region)
    path = scene.at("under_another_name", row.pk)
    with clock.travel(clock.at(TODAY, 14)):
        move(
            trajectory=scene.casey,
            to_group=there,
            first_day=TODAY - timedelta(days=days_ago),
            by=scene.fleur,
            reason="verhuisd",
        )
        scene.casey.refresh_from_db()
        assert scene.casey.group == there
        assert world.eyes(coordinator).get(path).status_code == 404
        assert world.waiting(coordinator, "thread_shared") == []
        assert 'value="take_back"' not in scene.page(new, "discuss")
        again = sharing.share(trajectory=scene.casey, days=14, by=new)
        assert again.pk != row.pk
        path = scene.at("under_another_name", again.pk)
        assert world.eyes(coordinator).get(path).status_code == 200


@pytest.mark.req("R-268")
def test_before_sharing_the_worker_reads_it_and_what_is_not_taken_out(scene: Scene) -> None:
    page = scene.page(scene.fleur, "discuss")
    assert "Iemand zat alleen op de bank" in page
    assert "Bijnamen" in page
    assert 'value="28"' in page
    wrong = world.eyes(scene.fleur).post(scene.at("discuss"), {"act": "share", "days": 300})
    assert wrong.status_code == 422 or b"error" in wrong.content
    assert not ThreadSharing.objects.exists()


# ---- What it costs ----------------------------------------------------------------------------


def cost(scene: Scene, who: Any, name: str, *about: Any) -> int:
    client, path = world.eyes(who), scene.at(name, *about)
    client.get(path)
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len([one for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_thirty_entries_cost_what_three_cost(db: None) -> None:
    costs = []
    for entries in (3, 30):
        scene = make_scene()
        grounds = [scene.seen(SINCE + timedelta(days=4 * n)) for n in range(entries)]
        for n in range(entries):
            scene.thought(SINCE, *grounds[: n % 5])
            tried = scene.tried(SINCE + timedelta(days=n))
            scene.practised(tried, date(2026, 6, 1))
            scene.talked(tried, date(2026, 6, 1))
            scene.helped(SINCE + timedelta(days=6 * n))
        row = shared(scene) if entries == 3 else None
        karim = world.make_coordinator(scene.group.location.region)
        row = row or world_share(scene)
        costs.append(
            (
                cost(scene, scene.fleur, "thread"),
                cost(scene, scene.fleur, "discuss"),
                cost(scene, karim, "under_another_name", row.pk),
            )
        )
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 16, costs


def world_share(scene: Scene) -> ThreadSharing:
    world.eyes(scene.fleur).post(scene.at("discuss"), {"act": "share", "days": 14})
    return ThreadSharing.objects.get(trajectory=scene.casey)
