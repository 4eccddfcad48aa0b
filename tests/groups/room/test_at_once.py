"""The same post sent twice at the same moment, and two workers who judge one post."""

import random
from uuid import uuid4

import pytest

from core import clock
from groups.models import Post, PostReport
from groups.room import moderation, posts
from tests.groups.room.build import DAY, Room, report
from tests.groups.room.build import user_of as who
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.req("R-225", "R-226")
def test_at_the_same_moment_nothing_is_doubled_and_one_judgement_stands():
    with clock.travel(DAY):
        room = Room()
    topic, dice, one, two = room.topic, random.Random(7), uuid4(), uuid4()
    noon = DAY

    def send(by, client_id):
        with clock.travel(noon):
            posts.write_post(topic=topic, text="Ik!", client_id=client_id, by=by)

    sam = who(room.sam)
    acts = [lambda: send(sam, one)] * 3 + [lambda: send(room.fleur, two)] * 3
    assert at_once(acts, dice) == ["done"] * 6
    assert Post.objects.filter(text__isnull=False, client_id__in=[one, two]).count() == 2

    def tell(stay):
        with clock.travel(noon):
            report(room.first, stay)

    told = at_once([lambda: tell(room.sam)] * 2 + [lambda: tell(room.amir)] * 2, dice)
    assert told == ["done"] * 4
    assert PostReport.objects.count() == 2
    room.first.refresh_from_db()
    assert room.first.state == Post.State.HELD

    def hide(by):
        with clock.travel(noon):
            moderation.judge_post(post=room.first, stays=False, seen="held", by=by)

    came = at_once([lambda: hide(room.fleur), lambda: hide(room.daan)], dice)
    assert sorted(came) == ["done", "somebody_was_first"]
    assert PostReport.objects.filter(settled_at__isnull=True).count() == 0
