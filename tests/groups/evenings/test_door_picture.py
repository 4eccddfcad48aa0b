"""One photo of the door: drawn anew, never without words, for who comes for the first time."""

import os
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image
from PIL.Image import Exif

from core import clock
from core.errors import RuleBroken
from core.organisations.doors import change_door_picture, describe_door, redrawn
from core.organisations.models import DoorPicture, Group
from core.pictures import MOST_BYTES
from tests import world
from tests.world import eyes

pytestmark = pytest.mark.django_db
WORDS = "De blauwe deur. Bel bij Join Us."


@pytest.fixture
def group() -> Group:
    return world.make_group()


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group)


def sent(body: bytes, kind: str = "image/jpeg") -> dict[str, Any]:
    return {"act": "picture", "picture": SimpleUploadedFile("deur.jpg", body, content_type=kind)}


def page_of(group: Group) -> str:
    return reverse("groups:door", args=[group.pk])


def address(picture: DoorPicture) -> str:
    return reverse("groups:door_picture", args=[picture.pk])


def comes_first(group: Group, **fields: Any) -> Any:
    """Somebody who comes tomorrow to get to know the group."""
    day = clock.today() + timedelta(days=1)
    if not group.meetings.filter(date=day).exists():
        world.make_meeting(group, day)
    stay = world.make_trajectory(group=group, phase="trial", suitable=True, **fields)
    world.seat(stay, first_day=day, trial=True)
    return stay


# ---- What is kept -------------------------------------------------------------------


def test_the_whole_door_is_kept_and_nothing_that_travelled_along() -> None:
    exif = Exif()
    exif[0x010F] = "KANARIECAMERA"
    file = BytesIO()
    Image.new("RGB", (900, 1800), "navy").save(file, "JPEG", exif=exif, comment=b"KANARIEPLAATS")
    file.seek(0)
    kept = redrawn(file)
    assert b"KANARIE" not in kept
    assert (Image.open(BytesIO(kept)).format, Image.open(BytesIO(kept)).size) == (
        "WEBP",
        (400, 800),
    )


def test_the_busiest_photo_stays_small_and_a_large_row_is_refused(group: Group) -> None:
    noise = Image.frombytes("RGB", (800, 800), os.urandom(800 * 800 * 3))
    file = BytesIO()
    noise.save(file, "PNG")
    file.seek(0)
    assert len(redrawn(file)) <= MOST_BYTES
    with pytest.raises(IntegrityError), transaction.atomic():
        DoorPicture.objects.create(
            location=group.location,
            image=b"x" * (MOST_BYTES + 1),
            width=1,
            height=1,
            changed_at=clock.now(),
        )


@pytest.mark.parametrize("body", [b"", b"geen foto", b"<svg/>", b"GIF89a" + b"\0" * 50])
def test_what_is_no_photo_is_answered_at_the_field(group: Group, worker: Any, body: bytes) -> None:
    describe_door(location=group.location, door=WORDS, by=worker)
    page = eyes(worker).post(page_of(group), sent(body))
    assert page.status_code == 422
    assert page.context["photo"].errors["picture"]
    assert not DoorPicture.objects.exists()


# ---- Never without words ------------------------------------------------------------


def test_a_photo_never_stands_without_words(group: Group, worker: Any) -> None:
    client = eyes(worker)
    assert "image/webp" not in client.get(page_of(group)).content.decode()
    assert client.post(page_of(group), sent(world.photo().getvalue())).status_code == 422
    with pytest.raises(RuleBroken):
        change_door_picture(location=group.location, image=redrawn(world.photo()), by=worker)
    world.make_door_picture(group.location)
    answer = client.post(page_of(group), {"door": " "})
    assert answer.status_code == 422
    group.location.refresh_from_db()
    assert group.location.door
    assert DoorPicture.objects.count() == 1


def test_it_is_put_there_changed_and_taken_away_and_an_old_address_is_dead(
    group: Group, worker: Any
) -> None:
    client = eyes(worker)
    describe_door(location=group.location, door=WORDS, by=worker)
    assert client.post(page_of(group), sent(world.photo("navy").getvalue())).status_code == 302
    first = DoorPicture.objects.get()
    assert f'alt="{WORDS}"' in client.get(page_of(group)).content.decode()
    client.post(page_of(group), sent(world.photo("red").getvalue()))
    assert client.get(address(first)).status_code == 404
    second = DoorPicture.objects.get()
    assert client.get(address(second)).status_code == 200
    client.post(page_of(group), {"act": "remove"})
    assert client.get(address(second)).status_code == 404
    group.location.refresh_from_db()
    assert group.location.door == WORDS


# ---- Who sees it --------------------------------------------------------------------


@pytest.mark.req("R-144")
def test_the_page_of_the_first_evening_shows_it_with_the_words_for_who_does_not_see_it(
    group: Group, worker: Any
) -> None:
    picture = world.make_door_picture(group.location, WORDS)
    page = eyes(comes_first(group).participant.user).get("/eerste-avond/").content.decode()
    assert address(picture) in page
    assert f'alt="{WORDS}"' in page
    assert "Alleen kijken mag ook" in page


def test_who_comes_for_the_first_time_and_who_keeps_the_door_see_it(
    group: Group, worker: Any
) -> None:
    picture = world.make_door_picture(group.location)
    beside = Group.objects.create(
        location=group.location, name="Erboven", age_from=17, age_until=23, starts_at="19:00"
    )
    inside = (
        comes_first(group).participant.user,
        worker,
        world.make_worker(beside, "Sem de Boer"),
        world.make_coordinator(group.location.region),
    )
    for user in inside:
        answer = eyes(user).get(address(picture))
        assert answer.status_code == 200, user
        assert answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.req("R-104")
def test_nobody_else_does(group: Group, worker: Any) -> None:
    picture = world.make_door_picture(group.location)
    elsewhere = world.make_group()
    outside = (
        comes_first(group, blocked_reason="parent_not_answered").participant.user,
        comes_first(elsewhere).participant.user,
        world.make_trajectory(group=group, phase="intake").participant.user,
        world.make_trajectory(group=group, phase="withdrawn").participant.user,
        world.make_worker(elsewhere),
        world.make_manager(group.location.organisation),
        world.make_coordinator(elsewhere.location.region),
    )
    for user in outside:
        assert eyes(user).get(address(picture)).status_code == 404, user
    assert eyes(None).get(address(picture)).status_code == 302


def test_another_groups_worker_and_the_manager_put_nothing_there(group: Group) -> None:
    world.make_door_picture(group.location)
    for user in (
        world.make_worker(world.make_group()),
        world.make_manager(group.location.organisation),
    ):
        for data in (sent(world.photo().getvalue()), {"act": "remove"}):
            assert eyes(user).post(page_of(group), data).status_code in (403, 404)
    assert DoorPicture.objects.count() == 1
