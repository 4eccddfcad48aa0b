"""The logbook over HTTP: who sees it, two writers, drafts, without JavaScript, bad input, paper."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.audit.models import ReadEntry
from core.drafts.keeping import words_of
from core.drafts.models import Draft
from core.ids import uuid7
from groups.logbook.book import read_logbook
from groups.logbook.parts import Kind, write_parts
from groups.logbook.talks import Said, note_talk, say_of_talks
from groups.models import (
    Activity,
    ActivityOrganiser,
    ActivityStop,
    LogbookPart,
    Meeting,
    Talk,
    TimedLine,
)
from participants.recusal.recusal import recuse
from tests import world
from tests.core.drafts.pages import grow_old, sign_in_again
from tests.groups.logbook.conftest import DAY, SINCE, Opened, Scene

KEPT = {"Accept": "application/json"}


def words(scene: Scene, kind: str = "own_time") -> str:
    return str(LogbookPart.objects.get(meeting=scene.meeting, kind=kind).text)


class TestOnePage:
    @pytest.mark.req("R-122")
    @pytest.mark.req("R-129")
    def test_it_has_a_field_for_each_fixed_part_and_a_tap_from_the_sheet(
        self, scene: Scene
    ) -> None:
        page = scene.page(scene.fleur)
        for name in ("own_time", "activity"):
            assert f'<textarea name="{name}"' in page
        assert f'name="talked" value="{scene.stays["Bo"].pk}"' in page
        sheet = world.eyes(scene.fleur).get(scene.url("meeting")).content.decode()
        assert f'href="{scene.url()}"' in sheet

    def test_one_tap_from_the_start_page_that_evening_and_for_a_week(self, scene: Scene) -> None:
        for later in (timedelta(0), timedelta(days=7)):
            with clock.travel(clock.at(DAY, 21, 58) + later):
                page = world.eyes(scene.daan).get(reverse("home:today")).content.decode()
            assert f'href="{scene.url()}"' in page

    @pytest.mark.req("R-123")
    def test_the_activity_with_who_organised_it_and_where_the_group_was(self, scene: Scene) -> None:
        plan = Activity.objects.create(
            group=scene.group,
            meeting=scene.meeting,
            title="Bowlen",
            written_by=scene.fleur,
            proposed_at=clock.now(),
        )
        ActivityOrganiser.objects.create(activity=plan, trajectory=scene.stays["Amir"])
        ActivityStop.objects.create(
            meeting=scene.meeting, at=clock.at(DAY, 19, 15), what="weg naar bowlen"
        )
        ActivityStop.objects.create(
            meeting=scene.meeting, at=clock.at(DAY, 21, 45), what="terug", is_back=True, counted=12
        )
        page = scene.page(scene.fleur)
        assert "<h2>Bowlen</h2>" in page
        assert '<span class="chip">Amir</span>' in page
        assert page.index("19:15") < page.index("weg naar bowlen") < page.index("21:45")
        assert "12 geteld" in page

    @pytest.mark.req("R-137")
    def test_the_timed_lines_of_the_help_card_stand_with_what_happened(self, scene: Scene) -> None:
        TimedLine.objects.create(
            meeting=scene.meeting,
            at=clock.at(DAY, 20, 10),
            text="Bo liep naar buiten",
            by=scene.daan,
            written_at=clock.now(),
            client_id=uuid7(),
        )
        assert "Bo liep naar buiten" in scene.page(scene.fleur)

    @pytest.mark.req("R-140")
    def test_the_conditions_are_asked_in_the_documents_own_words(self, scene: Scene) -> None:
        page = scene.page(scene.fleur)
        for asked in ("Plezier en veiligheid", "Peer-to-peer contact", "Persoonlijk leiderschap"):
            assert asked in page
        assert page.count("te weinig") == 3

    @pytest.mark.req("R-095")
    def test_the_guidance_follows_the_age_band(self, scene: Scene) -> None:
        assert "Is iedereen bij naam verwelkomd" in scene.page(scene.fleur)
        scene.group.age_from, scene.group.age_until = 18, 30
        scene.group.save()
        assert "Hoe vulde de groep deze tijd zelf in?" in scene.page(scene.fleur)


class TestWhoReads:
    @pytest.mark.req("R-004")
    def test_the_workers_of_the_group_and_the_coordinator_and_nobody_else(
        self, scene: Scene
    ) -> None:
        elsewhere = world.make_worker(world.make_group())
        coordinator = world.make_coordinator(scene.group.location.region)
        manager = world.make_manager(scene.group.location.organisation)
        young = scene.stays["Bo"].participant.user
        found = {
            name: world.eyes(user).get(scene.url()).status_code
            for name, user in (
                ("worker", scene.fleur),
                ("coordinator", coordinator),
                ("elsewhere", elsewhere),
                ("manager", manager),
                ("young", young),
            )
        }
        assert found == {
            "worker": 200,
            "coordinator": 200,
            "elsewhere": 404,
            "manager": 404,
            "young": 403,
        }

    def test_opening_it_writes_one_line_with_everybody_who_is_named(self, scene: Scene) -> None:
        recuse(trajectory=scene.stays["Noor"], worker=scene.daan, by=scene.daan, said_by="worker")
        Opened(scene, scene.daan)
        (row,) = ReadEntry.objects.filter(record="logbook")
        assert set(row.subject_ids) == {
            stay.pk for name, stay in scene.stays.items() if name != "Noor"
        }

    def test_a_tap_reads_nothing_that_no_opening_wrote_down(self, scene: Scene) -> None:
        """Everything stands in the answer to a save: who saves without a page has opened it."""
        Opened(scene, scene.fleur).tap("Sam")
        daan = Opened(scene, scene.daan)
        daan.tap("Noor")
        rows = ReadEntry.objects.filter(record="logbook", user=scene.daan)
        assert rows.count() == 1, "the page that stands open was written down"
        sent = {"card": "talks", "talked": str(scene.stays["Noor"].pk)}
        address = scene.url("logbook_save")
        by_hand = world.eyes(scene.daan).post(address, sent, headers={"Accept": "application/json"})
        assert str(scene.stays["Sam"].pk) in by_hand.json()["lines"]
        assert rows.count() == 2

    def test_what_is_asked_later_needs_the_pass_of_an_opening(self, scene: Scene) -> None:
        opened = Opened(scene, scene.fleur)
        assert opened.now("-").status_code == 200
        stolen = world.eyes(scene.daan).get(
            scene.url("logbook_now"), headers={"X-Logbook": opened.context["pass"]}
        )
        assert stolen.status_code == 409
        with clock.travel(clock.now() + timedelta(hours=15)):
            assert opened.now("-").status_code == 409

    @pytest.mark.req("R-004")
    def test_who_stays_out_of_somebody_neither_reads_nor_writes_of_them(self, scene: Scene) -> None:
        noor = scene.stays["Noor"]
        say_of_talks(meeting=scene.meeting, said={noor.pk: Said("Geheim")}, by=scene.fleur)
        write_parts(
            meeting=scene.meeting,
            said={Kind.INCIDENT: "Ook geheim"},
            by=scene.fleur,
            about={Kind.INCIDENT: [noor.pk]},
        )
        before = Opened(scene, scene.daan)
        recuse(trajectory=noor, worker=scene.daan, by=scene.daan, said_by="worker")
        page = scene.page(scene.daan)
        assert "eheim" not in page
        assert "eheim" not in Opened(scene, scene.daan).now().content.decode()
        assert before.tap("Noor").status_code == 404
        assert before.save("incident", incident="Ik ook").status_code == 404
        paper = world.eyes(scene.daan).get(scene.url("logbook_on_paper")).content.decode()
        assert "eheim" not in paper

    @pytest.mark.req("R-141")
    def test_the_coordinator_reads_it_and_gives_the_workers_a_word_back(self, scene: Scene) -> None:
        write_parts(meeting=scene.meeting, said={Kind.OWN_TIME: "Thee"}, by=scene.fleur)
        coordinator = world.make_coordinator(scene.group.location.region)
        opened = Opened(scene, coordinator)
        assert "Thee" in opened.answer.content.decode()
        assert 'name="own_time"' not in opened.answer.content.decode()
        assert opened.save("feedback", feedback="Mooi gedaan").status_code == 200
        assert "Mooi gedaan" in scene.page(scene.fleur)
        told = {"card": "feedback", "feedback": "Van mij"}
        assert world.eyes(scene.fleur).post(scene.url("logbook_save"), told).status_code == 403
        told = {"card": "welcome", "own_time": "Van mij"}
        assert world.eyes(coordinator).post(scene.url("logbook_save"), told).status_code == 403


class TestTwoWriters:
    @pytest.mark.req("R-340")
    def test_what_only_one_touched_merges(self, scene: Scene) -> None:
        fleur, daan = Opened(scene, scene.fleur), Opened(scene, scene.daan)
        assert fleur.save("conditions", fun_and_safety="plenty").status_code == 200
        answer = daan.save("conditions", leadership="partly")
        assert answer.status_code == 200
        assert answer.json()["cards"]["conditions"]["fields"] == {
            "fun_and_safety": ["plenty"],
            "peer_to_peer": [],
            "leadership": ["partly"],
        }

    @pytest.mark.req("R-340")
    def test_what_both_touched_shows_both_and_loses_neither(self, scene: Scene) -> None:
        fleur, daan = Opened(scene, scene.fleur), Opened(scene, scene.daan)
        fleur.save("welcome", own_time="Thee en UNO")
        answer = daan.save("welcome", own_time="Thee en Skip-Bo")
        assert answer.status_code == 409
        told = answer.json()["both"]["own_time"]
        assert (told["who"], told["text"]) == ("Fleur", "Thee en UNO")
        assert words(scene) == "Thee en UNO"
        (draft,) = Draft.objects.visible_to(scene.daan).open()
        assert words_of(draft).values["own_time"] == ["Thee en Skip-Bo"]
        chosen = {"own_time": "Thee en UNO\nThee en Skip-Bo", "draft": answer.json()["ticket"]}
        assert daan.save("welcome", **chosen).status_code == 200
        assert words(scene) == "Thee en UNO\nThee en Skip-Bo"
        assert not Draft.objects.visible_to(scene.daan).open().exists()

    def test_one_page_saves_again_and_again(self, scene: Scene) -> None:
        daan = Opened(scene, scene.daan)
        told = daan.save("welcome", own_time="Thee").json()
        for text in ("Thee en", "Thee en UNO"):
            ticket = told["cards"]["welcome"]["ticket"]
            told = daan.save("welcome", own_time=text, draft=ticket).json()
        assert words(scene) == "Thee en UNO"
        assert not Draft.objects.exists(), "a logbook that saves itself leaves no drafts behind"

    def test_an_open_page_reads_what_the_colleague_writes_and_who_it_is(self, scene: Scene) -> None:
        fleur = Opened(scene, scene.fleur)
        stamp = fleur.context["stamp"]
        assert fleur.now(stamp).status_code == 204
        Opened(scene, scene.daan).save("welcome", own_time="Thee")
        Opened(scene, scene.daan).tap("Noor")
        told = fleur.now(stamp).json()
        assert told["cards"]["welcome"]["fields"] == {"own_time": ["Thee"]}
        assert told["cards"]["welcome"]["writes"] == "Daan schrijft hier"
        assert told["lines"] == {str(scene.stays["Noor"].pk): ["Daan"]}
        assert told["saved"] == "Opgeslagen 21:58"
        with clock.travel(clock.now() + timedelta(seconds=21)):
            told = fleur.now(stamp).json()
        assert told["cards"]["welcome"]["writes"] == ""
        assert fleur.now(told["stamp"]).status_code == 204


class TestWithoutJavaScript:
    @pytest.mark.req("R-126")
    def test_a_card_has_its_button_and_a_tap_saves_the_sentences_too(self, scene: Scene) -> None:
        opened = Opened(scene, scene.fleur)
        noor = scene.stays["Noor"].pk
        sent = {
            "card": "talks",
            "draft": opened.ticket("talks"),
            f"said_{scene.stays['Sam'].pk}": "Over bellen",
            "talked": str(noor),
        }
        answer = opened.client.post(scene.url("logbook_save"), sent)
        assert answer.status_code == 302
        assert answer["Location"] == f"{scene.url()}#talks"
        assert {one.name for one in read_logbook(scene.meeting, scene.fleur).told} == {
            "Noor",
            "Sam",
        }

    def test_both_texts_stand_on_the_page(self, scene: Scene) -> None:
        fleur, daan = Opened(scene, scene.fleur), Opened(scene, scene.daan)
        fleur.save("welcome", own_time="Van Fleur")
        sent = {"card": "welcome", "draft": daan.ticket("welcome"), "own_time": "Van Daan"}
        answer = daan.client.post(scene.url("logbook_save"), sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Van Fleur" in page
        assert "Van Daan" in page


@pytest.mark.req("R-339")
def test_after_a_time_out_the_words_come_back_and_are_saved_by_who_looked(scene: Scene) -> None:
    opened = Opened(scene, scene.fleur)
    sent = {"card": "talks", "draft": opened.ticket("talks")}
    sent |= {f"said_{scene.stays['Sam'].pk}": "Een uur getypt"}
    grow_old(opened.client, minutes=31)
    answer = opened.client.post(
        scene.url("logbook_save"), sent, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 302
    assert not Talk.objects.exists()
    sign_in_again(opened.client, scene.fleur)
    page = opened.client.get(scene.url()).content.decode()
    assert "Wat je typte, staat er nog." in page
    row = page[page.index(f'id="with-{scene.stays["Sam"].pk}"') :][:2000]
    assert not row.split(">")[0].endswith("hidden")
    assert "Een uur getypt" in row


class TestBadInput:
    @pytest.mark.parametrize("odd", ["een\x00twee", "z" * 20_001])
    def test_it_is_said_at_the_field_and_nothing_is_stored(self, scene: Scene, odd: str) -> None:
        answer = Opened(scene, scene.fleur).save("welcome", own_time=odd)
        assert answer.status_code == 422
        assert answer.json()["wrong"]["own_time"]
        assert not LogbookPart.objects.exists()

    @pytest.mark.parametrize(
        "told",
        [
            {},
            {"card": "nonsense"},
            {"card": "talks", "talked": "nobody"},
            {"card": "welcome", "own_time": "zonder kaartje"},
            {"card": "welcome", "own_time": "x", "draft": "verzonnen"},
        ],
    )
    def test_a_request_no_page_made_is_400(self, scene: Scene, told: dict[str, str]) -> None:
        answer = world.eyes(scene.fleur).post(scene.url("logbook_save"), told)
        assert answer.status_code == 400
        assert not LogbookPart.objects.exists()

    def test_a_ticket_of_another_meeting_saves_nothing_here(self, scene: Scene) -> None:
        other = world.make_meeting(scene.group, DAY - timedelta(days=14), "held")
        elsewhere = Scene(scene.group, scene.fleur, scene.daan, other, scene.stays)
        ticket = Opened(elsewhere, scene.fleur).ticket("welcome")
        answer = Opened(scene, scene.fleur).save("welcome", own_time="x", draft=ticket)
        assert answer.status_code == 400

    def test_another_groups_meeting_is_not_there(self, scene: Scene) -> None:
        stranger = world.make_worker(world.make_group())
        for name in ("logbook", "logbook_on_paper", "logbook_now"):
            assert world.eyes(stranger).get(scene.url(name)).status_code == 404
        told = {"card": "welcome", "own_time": "x"}
        assert world.eyes(stranger).post(scene.url("logbook_save"), told).status_code == 404

    def test_cancelled_while_the_page_stood_open(self, scene: Scene) -> None:
        opened = Opened(scene, scene.fleur)
        Meeting.objects.filter(pk=scene.meeting.pk).update(status="cancelled")
        answer = opened.save("welcome", own_time="x")
        assert answer.status_code == 423
        assert "afgezegd" in answer.json()["refused"]
        assert "afgezegd" in scene.page(scene.fleur)

    def test_before_the_day_it_says_when_it_opens(self, scene: Scene) -> None:
        with clock.travel(DAY - timedelta(days=2)):
            page = scene.page(scene.fleur)
        assert "gaat open op vrijdag 13 maart" in page
        assert "<textarea" not in page


class TestOnPaper:
    def test_it_prints_what_was_written_by_call_name_and_no_field(self, scene: Scene) -> None:
        write_parts(
            meeting=scene.meeting,
            said={Kind.OWN_TIME: "Thee", Kind.FUN_AND_SAFETY: "plenty"},
            by=scene.daan,
        )
        note_talk(meeting=scene.meeting, trajectory_id=scene.stays["Bo"].pk, by=scene.daan)
        page = world.eyes(scene.fleur).get(scene.url("logbook_on_paper")).content.decode()
        for told in ("Thee", "volop", "<b>Bo</b> Daan", "Amir, Bo, Casey, Noor, Sam"):
            assert told in page
        assert "<textarea" not in page
        assert "Geschreven door Daan." in page


@pytest.mark.req("R-125")
class TestLastTalk:
    @pytest.fixture
    def talked(self, scene: Scene) -> Scene:
        note_talk(meeting=scene.meeting, trajectory_id=scene.stays["Bo"].pk, by=scene.daan)
        return scene

    def pages(self, scene: Scene) -> list[str]:
        """The next day: in the room nothing of it stands on the way to the sheet (R-379)."""
        client = world.eyes(scene.fleur)
        addresses = (reverse("home:today"), reverse("groups:group", args=[scene.group.pk]))
        with clock.travel(clock.at(DAY + timedelta(days=1), 12)):
            return [client.get(address).content.decode() for address in addresses]

    def test_the_day_stands_on_the_start_page_and_on_the_group_page(self, talked: Scene) -> None:
        for page in self.pages(talked):
            assert "gesprek 13 mrt</small>" in page
            assert page.count("28 weken geen gesprek") == 4

    @pytest.mark.req("R-379")
    def test_in_the_room_it_does_not_stand_on_the_way_to_the_sheet(self, talked: Scene) -> None:
        for address in (reverse("home:today"), reverse("groups:group", args=[talked.group.pk])):
            with clock.travel(clock.at(DAY, 20)):
                page = world.eyes(talked.fleur).get(address).content.decode()
            assert "geen gesprek" not in page
            assert "gesprek 13 mrt" not in page

    def test_not_of_somebody_this_worker_stays_out_of(self, talked: Scene) -> None:
        bo = talked.stays["Bo"]
        recuse(trajectory=bo, worker=talked.fleur, by=talked.fleur, said_by="worker")
        for page in self.pages(talked):
            assert "gesprek 13 mrt" not in page

    def test_it_stands_in_the_file_with_the_way_to_that_logbook(self, talked: Scene) -> None:
        client = world.eyes(talked.fleur)
        page = client.get(reverse("home:file", args=[talked.stays["Bo"].pk])).content.decode()
        assert "Laatste gesprek op 13 maart, met Daan" in page
        assert f'href="{talked.url()}"' in page
        page = client.get(reverse("home:file", args=[talked.stays["Sam"].pk])).content.decode()
        assert "Nog geen gesprek op een bijeenkomst." in page


def test_words_about_somebody_in_a_talk_reach_nobody_elses_page(scene: Scene) -> None:
    say_of_talks(meeting=scene.meeting, said={scene.stays["Bo"].pk: Said("kanarie")}, by=scene.daan)
    young = world.eyes(scene.stays["Bo"].participant.user)
    for address in (reverse("home:today"), reverse("participants:known")):
        assert b"kanarie" not in young.get(address).content
    assert Talk.objects.visible_to(scene.stays["Bo"].participant.user).count() == 0


@pytest.mark.usefixtures("scene")
def test_the_pages_about_it_stay_cheap(scene: Scene, django_assert_max_num_queries: Any) -> None:
    client = world.eyes(scene.fleur)
    client.get(scene.url())
    with django_assert_max_num_queries(22):
        client.get(scene.url())
    for n in range(5):
        world.attend(
            world.make_participating(scene.group, since=SINCE, call_name=f"N{n}"), scene.meeting
        )
    with django_assert_max_num_queries(22):
        client.get(scene.url())
