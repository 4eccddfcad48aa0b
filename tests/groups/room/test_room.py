"""The closed forum of a group: who writes and reads there, and what becomes of a post."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock
from core.accounts.models import RoleAssignment
from core.errors import NotYours
from groups.models import Folded, Placement, Post, PostReport, Topic, seats_in_a_room
from groups.room import moderation, posts
from groups.room.folding import fold, unfold
from groups.room.night import appears_at, is_night
from groups.room.reading import has_news, see, topics_of
from groups.seats.placement import move
from participants.models import Recusal, Trajectory
from participants.recusal.recusal import recuse
from tests import world
from tests.groups.room.build import DAY, NIGHT, Room, begin, judge, read_by, report, somebody, write
from tests.groups.room.build import user_of as who

pytestmark = pytest.mark.django_db
State = Post.State


@pytest.fixture
def room():
    with clock.travel(DAY):
        yield Room()


# ---- closed, and of one group ------------------------------------------------


@pytest.mark.req("R-225")
def test_the_people_of_a_group_read_each_other(room):
    answer = write(room.topic, who(room.sam))
    assert read_by(room.noor) == read_by(room.amir) == {room.first.pk, answer.pk}


@pytest.mark.req("R-225", "R-228")
def test_another_group_reads_nothing_and_writes_nothing(room):
    older = world.make_group(age_from=24, age_until=30)
    bo = somebody(older, "Bo", age=27)
    theirs = begin(older, who(bo))
    assert read_by(bo) == {theirs.posts.get().pk}
    assert read_by(room.noor) == {room.first.pk}
    assert not Topic.objects.visible_to(who(bo)).filter(pk=room.topic.pk).exists()
    with world.broken("room_closed"):
        write(room.topic, who(bo))
    with world.broken("room_closed"):
        begin(room.group, who(bo))


@pytest.mark.req("R-225")
@pytest.mark.parametrize(
    "change",
    [
        {"phase": "former", "exited_on": DAY.date(), "exit_kind": "goal", "ended_on": DAY.date()},
        {"phase": "trial"},
        {"blocked_reason": "parental_consent"},
        {"stopped_on": clock.at(DAY.date()).date()},
    ],
    ids=["former", "trial", "blocked", "stopped"],
)
def test_who_does_not_take_part_now_reads_and_writes_nothing(room, change):
    Trajectory.objects.filter(pk=room.sam.pk).update(**change)
    assert read_by(room.sam) == set()
    with world.broken("room_closed"):
        write(room.topic, who(room.sam))


@pytest.mark.req("R-225")
def test_somebody_who_comes_to_get_to_know_the_group_reads_nothing(room):
    stay = world.make_trajectory(group=room.group, phase="trial", call_name="Mees")
    world.seat(stay, first_day=clock.today(), trial=True)
    assert read_by(stay) == set()


def test_a_pause_leaves_the_room_open(room):
    Trajectory.objects.filter(pk=room.sam.pk).update(phase="paused")
    assert read_by(room.sam) == {room.first.pk}


@pytest.mark.req("R-228")
def test_who_moves_has_the_old_room_until_the_day_and_then_only_the_new_one(room):
    other = world.make_group(organisation=room.group.location.organisation, name="Groep Maandag")
    kim = somebody(other, "Kim")
    theirs = begin(other, who(kim))
    own = write(room.topic, who(room.sam))
    world.give_own_agreements(room.sam)
    world.give_parental_yes(room.sam)
    room.sam.refresh_from_db()
    day = clock.today() + timedelta(days=3)
    move(trajectory=room.sam, to_group=other, first_day=day, by=room.fleur, reason="dichterbij")
    assert read_by(room.sam) == {room.first.pk, own.pk}
    with world.broken("room_closed"):
        write(theirs, who(room.sam))
    with clock.travel(clock.at(day, 12)):
        assert read_by(room.sam) == {theirs.posts.get().pk}
        with world.broken("room_closed"):
            write(room.topic, who(room.sam))


def test_sent_twice_is_one_post(room):
    one = uuid4()
    for _ in range(2):
        posts.write_post(topic=room.topic, text="Ik!", client_id=one, by=who(room.sam))
    assert room.topic.posts.filter(by=who(room.sam)).count() == 1
    two = uuid4()
    begun = {
        posts.start_topic(
            group=room.group, title="Film", text="?", client_id=two, by=who(room.sam)
        ).pk
        for _ in range(2)
    }
    assert len(begun) == 1


def test_a_flood_is_stopped_and_a_talk_is_not(room):
    for _ in range(posts.MOST):
        write(room.topic, who(room.sam))
    with world.broken("slow_down"):
        write(room.topic, who(room.sam))
    write(room.topic, who(room.amir))
    with clock.travel(DAY + timedelta(minutes=11)):
        write(room.topic, who(room.sam))


def test_words_are_sealed_in_the_database(room):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT p.text, t.title FROM groups_post p, groups_topic t")
        kept = b"".join(bytes(value) for row in cursor.fetchall() for value in row)
    assert b"mee" not in kept
    assert b"Bowlen" not in kept


# ---- The own post --------------------------------------------------------------------------


def test_the_own_post_is_mended_for_a_day_and_taken_away_always(room):
    posts.edit_post(post=room.first, text="Wie gaat er toch mee?", by=who(room.noor))
    room.first.refresh_from_db()
    assert (room.first.text, room.first.edited_at) == ("Wie gaat er toch mee?", clock.now())
    with pytest.raises(NotYours):
        posts.edit_post(post=room.first, text="?", by=who(room.sam))
    with clock.travel(DAY + timedelta(days=1)):
        with world.broken("too_late"):
            posts.edit_post(post=room.first, text="?", by=who(room.noor))
        posts.take_away(post=room.first, by=who(room.noor))
        posts.take_away(post=room.first, by=who(room.noor))
    assert read_by(room.sam) == read_by(room.noor) == set()
    room.first.refresh_from_db()
    assert room.first.text == ""
    assert not Post.objects.visible_to(room.fleur).exists(), "nobody had reported it"


@pytest.mark.req("R-226")
def test_what_was_reported_leaves_a_trace_for_the_workers_when_it_is_taken_away(room):
    report(room.first, room.sam, "gemeen")
    posts.edit_post(post=room.first, text="Niets aan de hand", by=who(room.noor))
    posts.take_away(post=room.first, by=who(room.noor))
    assert PostReport.objects.get().text == "Wie gaat er mee?"
    with world.broken("gone"):  # a page that was opened before: it would stand there again
        posts.edit_post(post=room.first, text="Weer terug", by=who(room.noor))
    assert room.first in Post.objects.to_judge(room.fleur).waiting()
    judge(room.first, room.fleur, stays=True)
    room.first.refresh_from_db()
    assert room.first.state == State.REMOVED
    assert not Post.objects.to_judge(room.fleur).waiting().exists()


# ---- Held before it is seen ----------------------------------------------------------------


@pytest.mark.req("R-226")
def test_a_minors_number_is_seen_by_the_workers_before_the_group_sees_it(room):
    post = write(room.topic, who(room.sam), "bel me: 06 12345678")
    assert (post.state, post.held_for) == (State.HELD, "phone")
    assert post.pk not in read_by(room.noor)
    assert post.pk in read_by(room.sam)
    assert list(Post.objects.to_judge(room.fleur).waiting()) == [post]
    judge(post, room.fleur, stays=True)
    assert post.pk in read_by(room.noor)


@pytest.mark.req("R-226")
def test_a_number_in_the_title_holds_the_whole_topic(room):
    topic = begin(room.group, who(room.sam), title="0612345678", text="app me")
    assert not Post.objects.visible_to(who(room.noor)).filter(topic=topic).exists()


@pytest.mark.req("R-226")
def test_who_takes_the_number_out_posts_at_once_and_who_puts_one_in_waits(room):
    post = write(room.topic, who(room.sam), "bel me: 06 12345678")
    posts.edit_post(post=post, text="bel me", by=who(room.sam))
    assert post.pk in read_by(room.noor)
    posts.edit_post(post=post, text="bel me: 06 12345678", by=who(room.sam))
    assert post.pk not in read_by(room.noor)


@pytest.mark.req("R-226")
def test_adults_among_themselves_and_workers_are_not_held():
    with clock.travel(DAY):
        group = world.make_group(age_from=18, age_until=30)
        fleur, bo = world.make_worker(group), somebody(group, "Bo", age=22)
        topic = begin(group, who(bo), text="06 12345678")
        assert topic.posts.get().state == State.SHOWN
        mixed = world.make_group(age_from=16, age_until=23)
        adult = somebody(mixed, "Kim", age=20)
        assert begin(mixed, who(adult), text="06 12345678").posts.get().state == State.HELD
        assert write(topic, fleur, "06 12345678").state == State.SHOWN


@pytest.mark.req("R-226")
def test_one_minor_among_adults_is_guarded_as_well():
    """Somebody of seventeen got a place outside the age band (R-377): now they read along."""
    with clock.travel(DAY):
        group = world.make_group(age_from=18, age_until=30)
        bo = somebody(group, "Bo", age=22)
        topic = begin(group, who(bo), text="06 12345678")
        young = somebody(group, "Mila", age=17)
        assert write(topic, who(bo), "06 12345678").state == State.HELD
        Placement.objects.filter(trajectory=young).update(
            last_day=clock.today() - timedelta(days=1)
        )
        assert write(topic, who(bo), "bel 06 12345678").state == State.SHOWN


# ---- Reporting and judging -----------------------------------------------------------------


@pytest.mark.req("R-226")
def test_one_report_is_a_question_for_the_workers_two_take_the_post_out_of_sight(room):
    report(room.first, room.sam)
    report(room.first, room.sam, "nog iets")
    assert room.first.pk in read_by(room.amir)
    assert PostReport.objects.get().reason == "nog iets"
    report(room.first, room.amir)
    assert room.first.pk not in read_by(room.amir)
    judge(room.first, room.daan, stays=True)
    assert room.first.pk in read_by(room.amir)
    with world.broken("looked_at"):
        report(room.first, room.sam)


@pytest.mark.req("R-226")
def test_a_worker_hides_a_post_with_a_word_and_shows_it_again(room):
    judge(room.first, room.fleur, stays=False, word="Dit is niet aardig.")
    assert room.first.pk not in read_by(room.sam)
    assert Post.objects.visible_to(who(room.noor)).get().word == "Dit is niet aardig."
    with world.broken("looked_at"):
        posts.edit_post(post=room.first, text="toch", by=who(room.noor))
    judge(room.first, room.daan, stays=True)
    assert room.first.pk in read_by(room.sam)


@pytest.mark.req("R-226")
def test_two_workers_do_not_undo_each_other_unawares(room):
    judge(room.first, room.fleur, stays=False)
    with world.broken("somebody_was_first"):
        moderation.judge_post(post=room.first, stays=True, seen="shown", by=room.daan)


@pytest.mark.req("R-226")
def test_nobody_lets_words_stand_that_they_have_not_read(room):
    """A number waits; while a worker has its page open, the author writes another one."""
    post = write(room.topic, who(room.sam), "bel me: 06 12345678")
    page = world.eyes(room.fleur)
    on_it = page.get(f"/forum/{post.pk}/").content.decode()
    seen = on_it.split('name="seen" value="')[1].split('"')[0]
    posts.edit_post(post=post, text="bel me: 06 87654321", by=who(room.sam))
    page.post(f"/forum/{post.pk}/", {"act": "stays", "seen": seen, "word": ""})
    post.refresh_from_db()
    assert post.state == State.HELD
    assert post.pk not in read_by(room.noor)
    judge(post, room.fleur, stays=True)
    assert post.pk in read_by(room.noor)


@pytest.mark.req("R-226")
def test_a_worker_who_wrote_it_never_judges_and_never_hears_of_it(room):
    post = write(room.topic, room.fleur)
    report(post, room.sam, "dit vond ik niet leuk")
    assert not world.waiting(room.fleur, "room_post")
    assert [todo.about for todo in world.waiting(room.daan, "room_post")] == [post.pk]
    with pytest.raises(NotYours):
        judge(post, room.fleur, stays=True)
    page = world.eyes(room.fleur).get(f"/forum/{post.pk}/").content.decode()
    assert "niet leuk" not in page


@pytest.mark.req("R-226", "R-227")
def test_the_coordinator_looks_only_where_no_worker_can(room):
    karim = world.make_coordinator(room.group.location.region)
    report(room.first, room.sam)
    assert not Post.objects.visible_to(karim).exists()
    assert not world.waiting(karim, "room_post_alone")
    for worker in (room.fleur, room.daan):
        recuse(trajectory=room.noor, worker=worker, by=worker, said_by=Recusal.Said.WORKER)
    write(room.topic, who(room.noor), "dit is niet gemeld")
    assert list(Post.objects.visible_to(karim)) == [room.first]
    assert [todo.about for todo in world.waiting(karim, "room_post_alone")] == [room.first.pk]
    assert not Post.objects.to_judge(room.fleur).filter(pk=room.first.pk).exists()
    judge(room.first, karim, stays=False)
    assert room.first.pk not in read_by(room.sam)


@pytest.mark.req("R-227")
def test_who_stays_out_of_somebody_reads_nothing_of_them(room):
    recuse(trajectory=room.noor, worker=room.daan, by=room.daan, said_by=Recusal.Said.WORKER)
    answer = write(room.topic, who(room.sam))
    assert list(Post.objects.visible_to(room.daan)) == [answer]
    assert not Post.objects.to_judge(room.daan).filter(pk=room.first.pk).exists()


@pytest.mark.req("R-226")
def test_a_role_that_ends_ends_the_reading(room):
    ended = clock.today() - timedelta(days=1)
    RoleAssignment.objects.filter(user=room.daan).update(valid_until=ended)
    daan = type(room.daan).objects.get(pk=room.daan.pk)
    assert not Post.objects.visible_to(daan).exists()
    with pytest.raises(NotYours):
        write(room.topic, daan)


# ---- Folding away --------------------------------------------------------------------------


def test_folding_is_for_oneself_alone_and_is_told_to_nobody(room):
    fold(stay=room.sam, other=room.noor)
    fold(stay=room.sam, other=room.noor)
    fold(stay=room.sam, topic=room.topic)
    assert Folded.objects.count() == 2
    with world.broken("own_posts"):
        fold(stay=room.sam, other=room.sam)
    seen = world.eyes(who(room.noor)).get(f"/groep/{room.topic.pk}/").content.decode()
    assert "Sam" not in seen
    unfold(stay=room.sam, topic=room.topic)
    unfold(stay=room.sam, topic=room.topic)
    assert Folded.objects.count() == 1


# ---- The night, and what is new ------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "minute", "night"),
    [(21, 59, False), (22, 0, True), (0, 0, True), (6, 59, True), (7, 0, False), (12, 0, False)],
)
def test_from_ten_to_seven_nothing_appears(hour, minute, night):
    moment = clock.at(DAY.date(), hour, minute)
    assert is_night(moment) is night
    assert clock.local(appears_at(moment)).hour == (7 if night else hour)


def test_what_is_written_at_night_is_read_in_the_morning(room):
    with clock.travel(NIGHT):
        post = write(room.topic, who(room.sam))
        assert post.pk in read_by(room.sam)
        assert post.pk not in read_by(room.noor)
        assert post in Post.objects.visible_to(room.fleur)
        assert not news(room.noor)
    with clock.travel(clock.at(DAY.date() + timedelta(days=1), 7)):
        assert post.pk in read_by(room.noor)
        assert news(room.noor) == ["1 nieuw bericht in je groep"]


def news(stay):
    return [todo.title for todo in world.waiting(who(stay), "room_news")]


def test_new_posts_are_told_once_quietly_and_not_the_own_or_folded_ones(room):
    assert not news(room.noor)
    assert news(room.sam) == ["1 nieuw bericht in je groep"]
    write(room.topic, room.fleur)
    assert news(room.sam) == ["2 nieuwe berichten in je groep"]
    world.eyes(who(room.sam)).get("/groep/")
    assert not news(room.sam)
    for _ in range(10):
        write(room.topic, who(room.amir))
    with clock.travel(DAY + timedelta(minutes=1)):
        for _ in range(10):
            write(room.topic, who(room.amir))
        assert news(room.sam) == ["Nieuwe berichten in je groep"]
        fold(stay=room.sam, other=room.amir)
        assert not news(room.sam)
    Trajectory.objects.filter(pk=room.noor.pk).update(phase="paused")
    assert not news(room.noor)


@pytest.mark.req("R-225")
def test_in_the_night_what_the_others_have_read_changes_only_by_going(room):
    """An edit would be a new post at three o'clock: it waits for the morning, as posts do."""
    write(room.topic, room.fleur)
    with clock.travel(clock.at(DAY.date(), 21, 50)):
        mine = write(room.topic, who(room.noor), "Welterusten")
    with clock.travel(NIGHT):
        with world.broken("night_rest"):
            posts.edit_post(post=mine, text="Nog wakker?", by=who(room.noor))
        unseen = write(room.topic, who(room.noor), "Nog wakke")
        posts.edit_post(post=unseen, text="Nog wakker?", by=who(room.noor))
        assert unseen.pk not in read_by(room.sam)
        posts.take_away(post=mine, by=who(room.noor))
        assert mine.pk not in read_by(room.sam)
    with clock.travel(clock.at(DAY.date() + timedelta(days=1), 7)):
        assert unseen.pk in read_by(room.sam)


@pytest.mark.req("R-225", "R-226")
def test_a_topic_is_new_by_what_somebody_else_wrote_and_may_be_read(room):
    def marked(stay):
        topics = topics_of(who(stay), room.group.pk)
        return [(has_news(topic), topic.newest) for topic in topics]

    began = room.topic.started_at
    assert marked(room.noor) == [(False, began)], "the own post is no news"
    assert marked(room.sam) == [(True, began)]
    see(seats_in_a_room(who(room.sam)).get())
    with clock.travel(DAY + timedelta(hours=1)):
        write(room.topic, who(room.noor), "app me: 06 12345678")
        assert marked(room.sam) == [(False, began)], "kept back: it is not said that it is there"
    evening = clock.at(DAY.date(), 21)
    with clock.travel(evening):
        write(room.topic, who(room.amir), "Ik ga mee")
    with clock.travel(NIGHT):
        write(room.topic, who(room.noor), "Leuk!")
        assert marked(room.sam) == [(True, evening)], "what is read in the morning hides no news"
        fold(stay=room.sam, other=room.amir)
        assert marked(room.sam) == [(False, evening)], "who is folded away makes no news"
