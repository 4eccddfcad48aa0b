"""What the next talk is for follows from the challenges: pure, and where it is shown."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from challenges.register.ending import reach_challenge
from challenges.register.practising.notes import note_practice
from challenges.talks.aim import OLDER, YOUNGER, Kind, Stand, aim_of, beside_a_talk, kind_of
from core import clock
from participants.models import Recusal
from participants.recusal import recusal
from tests import world
from tests.challenges.conftest import TODAY, Scene

GOING, ENDED = Stand("going"), Stand("reached")


@pytest.mark.req("R-127")
@pytest.mark.req("R-128")
@pytest.mark.parametrize(
    ("stands", "kind"),
    [
        ([], Kind.INSIGHT),
        ([GOING], Kind.EVALUATE),
        ([ENDED, GOING], Kind.EVALUATE),
        ([Stand("going", ("not_yet", "not_yet"))], Kind.NOT_IN_ONE_GO),
        ([Stand("reached", ("not_yet", "not_yet")), GOING], Kind.EVALUATE),
        ([ENDED], Kind.WHAT_NOW),
        ([Stand("laid_aside")], Kind.WHAT_NOW),
    ],
)
def test_the_aim_follows_from_the_challenges(stands: list[Stand], kind: Kind) -> None:
    assert kind_of(stands) == kind


@pytest.mark.req("R-095")
def test_under_18_there_is_more_lead() -> None:
    for kind in Kind:
        assert len(YOUNGER[kind]) > len(OLDER[kind])
    assert aim_of([], 18).questions == YOUNGER[Kind.INSIGHT]
    assert aim_of([], 23).questions == OLDER[Kind.INSIGHT]


@pytest.mark.req("R-127")
def test_starting_it_is_insight_and_then_a_challenge(practise: Scene) -> None:
    new = world.make_participating(practise.group, since=TODAY, call_name="Bo")
    page = world.eyes(practise.fleur).get(reverse("challenges:talk", args=[new.pk]))
    page = page.content.decode()
    assert "Samen naar het eigen gedrag kijken. Daar komt een challenge uit." in page
    assert "Vertel in gewone woorden wat je zag" in page
    assert reverse("challenges:of_stay", args=[new.pk]) in page


@pytest.mark.req("R-128")
def test_longer_in_the_group_it_is_the_challenge(practise: Scene) -> None:
    client = world.eyes(practise.fleur)
    there = client.get(reverse("challenges:talk", args=[practise.stay.pk]))
    assert there.headers["Location"] == reverse(
        "challenges:evaluate", args=[practise.stay.pk, practise.lunch.pk]
    )
    page = client.get(there.headers["Location"]).content.decode()
    assert "Hoe gaat het oefenen, hoe tevreden is de deelnemer, is er een nieuwe nodig?" in page
    reach_challenge(challenge=practise.again(), by=practise.noor)
    page = client.get(there.headers["Location"]).content.decode()
    assert "Nu geen challenge: komt er iets nieuws, of is het genoeg zo?" in page


@pytest.mark.req("R-127")
@pytest.mark.req("R-128")
def test_it_stands_where_the_talk_is_noted_with_the_way_there(practise: Scene) -> None:
    meeting = world.make_meeting(practise.group, TODAY, "held")
    new = world.make_participating(practise.group, since=TODAY - timedelta(days=5), call_name="Bo")
    for stay in (practise.stay, new):
        world.attend(stay, meeting)
    secret = world.make_participating(
        practise.group, since=TODAY - timedelta(days=5), call_name="Riley"
    )
    world.attend(secret, meeting)
    recusal.recuse(
        trajectory=secret, worker=practise.fleur, by=practise.fleur, said_by=Recusal.Said.WORKER
    )
    there = reverse("groups:logbook", args=[meeting.pk])
    page = world.eyes(practise.fleur).get(there).content.decode()
    for stay, words in (
        (practise.stay, "Hoe gaat het oefenen"),
        (new, "Samen naar het eigen gedrag kijken"),
    ):
        row = page.split(f'id="with-{stay.pk}"')[1].split("data-lines")[0]
        assert words in row
        talk = reverse("challenges:talk", args=[stay.pk])
        assert f"{talk}?bijeenkomst={meeting.pk}" in row
    assert str(secret.pk) not in page
    assert practise.lunch.text not in page, "the room may look along: no words of a challenge"
    coordinator = world.make_coordinator(practise.group.location.region)
    read = world.eyes(coordinator).get(there).content.decode()
    assert "Hoe gaat het oefenen" not in read


def test_for_a_whole_group_it_is_one_statement(
    practise: Scene, django_assert_num_queries: object
) -> None:
    meeting = world.make_meeting(practise.group, TODAY, "held")
    stays = [practise.stay.pk, *(uuid4() for _n in range(12))]
    for n in range(2):
        with clock.travel(clock.at(TODAY + timedelta(days=n), 20)):
            note_practice(
                challenge=practise.again(), client_id=uuid4(), outcome="not_yet", by=practise.noor
            )
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = beside_a_talk(meeting, stays)
    assert "Twee keer" in found[practise.stay.pk].text
    assert "Samen naar het eigen gedrag" in found[stays[1]].text
