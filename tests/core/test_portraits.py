"""The face of a youth worker: drawn anew, small, and seen by those who will meet them."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image
from PIL.Image import Exif

from core import clock
from core.accounts.models import Portrait, RoleAssignment
from core.accounts.portraits import SIDE, change_portrait, redrawn, remove_portrait
from core.errors import NotYours, RuleBroken
from tests.world import (
    make_coordinator,
    make_group,
    make_manager,
    make_participating,
    make_portrait,
    make_region,
    make_trajectory,
    make_worker,
    photo,
)

pytestmark = pytest.mark.django_db
PAGE = "/inloggen/foto/"


def upload(body: bytes, name: str = "ik.jpg", kind: str = "image/jpeg") -> dict[str, Any]:
    return {"picture": SimpleUploadedFile(name, body, content_type=kind)}


def looks_at(user: Any, portrait: Portrait) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.get(f"/gezichten/{portrait.pk}/")


# ---- What is kept -------------------------------------------------------------


def test_a_photo_becomes_a_small_square_without_anything_that_travelled_along() -> None:
    exif = Exif()
    exif[0x010F] = "KANARIECAMERA"
    exif[0x8298] = "KANARIENAAM"
    file = BytesIO()
    Image.new("RGB", (1200, 900), "teal").save(
        file, "JPEG", exif=exif, comment=b"KANARIEPLAATS", icc_profile=b"KANARIEPROFIEL"
    )
    assert b"KANARIE" in file.getvalue()
    file.seek(0)
    kept = redrawn(file)
    assert b"KANARIE" not in kept
    picture = Image.open(BytesIO(kept))
    assert (picture.format, picture.size) == ("WEBP", (SIDE, SIDE))
    assert len(kept) < 20_000
    assert not picture.getexif()


def test_a_photo_taken_sideways_stands_upright() -> None:
    """Orientation lives in the metadata that we throw away, so it is obeyed first."""
    wide = Image.new("RGB", (600, 600), "white")
    wide.paste((200, 0, 0), (0, 0, 600, 100))  # a red sky above
    exif = Exif()
    exif[0x0112] = 3  # held upside down
    file = BytesIO()
    wide.save(file, "JPEG", exif=exif)
    file.seek(0)
    drawn = Image.open(BytesIO(redrawn(file))).convert("RGB")
    assert drawn.getpixel((SIDE // 2, 5))[1] > 200
    assert drawn.getpixel((SIDE // 2, SIDE - 5))[1] < 60


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_kinds_of_file_are_understood(kind: str) -> None:
    assert redrawn(photo(kind=kind)).startswith(b"RIFF")


def test_what_is_see_through_becomes_white() -> None:
    file = BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(file, "PNG")
    file.seek(0)
    assert Image.open(BytesIO(redrawn(file))).convert("RGB").getpixel((9, 9)) == (255, 255, 255)


def _bomb() -> bytes:
    """A few kB that unfold to 100 million pixels."""
    file = BytesIO()
    Image.new("1", (10_000, 10_000)).save(file, "PNG", optimize=True)
    return file.getvalue()


def _dense() -> bytes:
    """A PNG of 25 million pixels: whole in memory, where a JPEG of a camera unfolds small."""
    file = BytesIO()
    Image.new("1", (5_000, 5_000)).save(file, "PNG", optimize=True)
    return file.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no picture",
        b"\x00" * 1000,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\x00" * 50,
        photo().getvalue()[:200],
        photo(kind="PNG").getvalue()[:60],
        _bomb(),
        _dense(),
    ],
    ids=["empty", "text", "zeros", "svg", "gif", "half a jpeg", "half a png", "bomb", "dense"],
)
def test_what_is_no_photo_is_answered_at_the_field(client: Any, body: bytes) -> None:
    worker = make_worker(make_group())
    client.force_login(worker)
    page = client.post(PAGE, upload(body))
    assert page.status_code == 422
    assert page.context["form"].errors["picture"]
    assert not Portrait.objects.exists()


def test_too_heavy_is_said_and_far_too_heavy_is_not_read(client: Any, settings: Any) -> None:
    client.force_login(make_worker(make_group()))
    heavy = photo().getvalue() + b"\x00" * (10 * 1024 * 1024)
    page = client.post(PAGE, upload(heavy))
    assert page.status_code == 422
    assert "te groot" in str(page.context["form"].errors["picture"])
    settings.LARGEST_REQUEST = 1024 * 1024
    assert client.post(PAGE, upload(heavy)).status_code == 400
    assert not Portrait.objects.exists()


def test_the_database_keeps_no_large_picture() -> None:
    worker = make_worker(make_group())
    with pytest.raises(IntegrityError), transaction.atomic():
        Portrait.objects.create(user=worker, image=b"x" * 70_000, changed_at=clock.now())


# ---- The page -------------------------------------------------------------------


def test_a_worker_chooses_a_photo_and_takes_it_away(client: Any) -> None:
    worker = make_worker(make_group())
    client.force_login(worker)
    assert "<img" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, upload(photo().getvalue())).status_code == 302
    first = Portrait.objects.get()
    assert f"/gezichten/{first.pk}/" in client.get(PAGE).content.decode()
    client.post(PAGE, upload(photo("red").getvalue()))
    second = Portrait.objects.get()
    assert second.pk != first.pk
    assert looks_at(worker, first).status_code == 404
    assert client.post(PAGE, {"act": "remove"}).status_code == 302
    assert not Portrait.objects.exists()


def test_only_ones_own_face_and_never_a_young_persons(client: Any) -> None:
    group = make_group()
    worker, other = make_worker(group), make_worker(group, "Sem de Boer")
    image = redrawn(photo())
    with pytest.raises(NotYours):
        change_portrait(user=worker, image=image, by=other)
    make_portrait(worker)
    with pytest.raises(NotYours):
        remove_portrait(user=worker, by=other)
    young = make_trajectory(group=group).participant.user
    with pytest.raises(RuleBroken):
        change_portrait(user=young, image=image, by=young)
    client.force_login(young)
    assert client.get(PAGE).status_code == 404


# ---- Who sees it ------------------------------------------------------------------


def test_young_people_of_the_group_and_colleagues_see_a_face() -> None:
    group = make_group()
    worker = make_worker(group)
    face = make_portrait(worker)
    inside = (
        make_participating(group, since=clock.today()).participant.user,
        make_trajectory(group=group, phase="signed_up").participant.user,
        worker,
        make_worker(group, "Sem de Boer"),
        make_coordinator(group.location.region),
        make_manager(group.location.organisation),
    )
    for user in inside:
        answer = looks_at(user, face)
        assert answer.status_code == 200, user
        assert answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        assert bytes(answer.content).startswith(b"RIFF")


def test_everybody_else_finds_nothing() -> None:
    group = make_group()
    face = make_portrait(make_worker(group))
    elsewhere = make_group()
    gone = make_trajectory(group=group, phase="withdrawn").participant.user
    outside = (
        None,
        gone,
        make_trajectory(group=elsewhere).participant.user,
        make_trajectory(group=None, phase="signed_up").participant.user,
        make_worker(elsewhere),
        make_coordinator(make_region()),
        make_manager(elsewhere.location.organisation),
    )
    for user in outside:
        assert looks_at(user, face).status_code == 404, user


def test_a_worker_who_left_the_group_is_no_longer_shown_there() -> None:
    group = make_group()
    worker = make_worker(group)
    face = make_portrait(worker)
    young = make_participating(group, since=clock.today()).participant.user
    RoleAssignment.objects.update(valid_until=clock.today() - timedelta(days=1))
    assert looks_at(young, face).status_code == 404
    assert looks_at(worker, face).status_code == 200
