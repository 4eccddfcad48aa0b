"""The only door to the outside: what leaves, when, to whom, and what never does."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from core import clock, ports
from core.ids import uuid7
from core.messaging import by_hand, contacts, outbox, sending
from core.messaging.handed_over import record_sent
from core.messaging.models import Contact, Message
from core.messaging.quiet_hours import next_daytime, windows
from tests.world import make_group

MONDAY = date(2026, 9, 7)


@pytest.fixture(autouse=True)
def _nobody_asks() -> Iterator[None]:
    with (
        ports.message_wanted.answering(lambda _kind, _asked: None),
    ):
        yield


def contact(**fields: Any) -> Contact:
    return contacts.create_contact(**{"name": "Noor", "email": "noor@example.org"} | fields)


def write(to: Contact, key: str = "one", **fields: Any) -> Message:
    return outbox.write(
        **{"contact": to, "template": "neutral", "kind": "test", "dedupe_key": key} | fields
    )


def at(hour: int, day: date = MONDAY) -> datetime:
    return clock.at(day, hour)


class TestQuietHours:
    def test_an_adult_is_written_to_between_nine_and_eight(self) -> None:
        assert next_daytime(at(7)) == at(9)
        assert next_daytime(at(12)) == at(12)
        assert next_daytime(at(20)) == at(9, MONDAY + timedelta(days=1))

    def test_a_pupil_is_not_written_to_during_school(self) -> None:
        born = date(2012, 1, 1)
        assert next_daytime(at(10), birth_date=born) == at(16)
        saturday = date(2026, 9, 12)
        assert next_daytime(at(10, saturday), birth_date=born) == at(10, saturday)

    def test_a_public_holiday_is_no_school_day(self) -> None:
        kings_day = date(2026, 4, 27)
        assert next_daytime(at(10, kings_day), birth_date=date(2012, 1, 1)) == at(10, kings_day)

    def test_from_the_eighteenth_birthday_on_the_day_is_an_adults_day(self) -> None:
        born = date(2008, 9, 7)
        assert next_daytime(at(10), birth_date=born) == at(10)
        assert next_daytime(at(10), birth_date=born + timedelta(days=1)) == at(16)

    def test_own_safe_hours_win_where_they_do_not_overlap_with_ours(self) -> None:
        assert windows(MONDAY, safe_from=time(21), safe_until=time(22)) == [(time(21), time(22))]
        assert windows(MONDAY, safe_from=time(12), safe_until=time(23)) == [(time(12), time(20))]

    @pytest.mark.req("R-342")
    @pytest.mark.parametrize(
        ("safe_from", "safe_until", "first"),
        [
            (time(21), None, [(time(21), time(22))]),
            (time(23, 30), None, [(time(23, 30), time.max)]),
            (None, time(8), [(time(7), time(8))]),
            (None, time(0, 30), [(time(0), time(0, 30))]),
            (time(12), None, [(time(12), time(20))]),
            (None, time(12), [(time(9), time(12))]),
            (time(22), time(2), [(time(0), time(2)), (time(22), time.max)]),
            (time(18), time(2), [(time(18), time(20))]),
            (time(19), time(10), [(time(9), time(10)), (time(19), time(20))]),
            (time(15), time(14), [(time(9), time(14)), (time(15), time(20))]),
            (time(15), time(15), [(time(15), time(16))]),
            (time(23), time(23), [(time(23), time.max)]),
            (time(22), time(0), [(time(22), time.max)]),
        ],
    )
    def test_hours_over_midnight_or_with_one_bound_are_hours(
        self, safe_from: time | None, safe_until: time | None, first: list[Any]
    ) -> None:
        assert windows(MONDAY, safe_from=safe_from, safe_until=safe_until) == first

    @pytest.mark.req("R-342")
    @given(
        st.none() | st.times(),
        st.none() | st.times(),
        st.none() | st.dates(date(2000, 1, 1), date(2015, 1, 1)),
        st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)),
    )
    def test_every_message_has_a_moment_within_a_day(
        self, safe_from: time | None, safe_until: time | None, born: date | None, moment: datetime
    ) -> None:
        """Never moved for ever (findings 24), never before now, and steady once it is there."""
        hours: Any = {"birth_date": born, "safe_from": safe_from, "safe_until": safe_until}
        now = moment.replace(tzinfo=UTC)
        leaves = next_daytime(now, **hours)
        assert now <= leaves <= now + timedelta(days=2, hours=1)
        assert next_daytime(leaves, **hours) == leaves
        assert any(
            begin <= clock.local(leaves).time() <= end
            for begin, end in windows(clock.day_of(leaves), **hours)
        )


@pytest.mark.django_db
class TestWriting:
    def test_the_same_effect_twice_is_one_row(self) -> None:
        first, second = write(contact()), write(contact())
        assert first.pk == second.pk
        assert Message.objects.count() == 1

    def test_without_safe_mail_the_worker_gets_a_ready_text(self) -> None:
        unsafe = contact(safe_channels=["phone"], phone="0612345678")
        row = write(unsafe, group=make_group())
        assert row.channel == Message.Channel.WORKER_TEXT
        assert "Er staat een bericht voor je klaar" not in row.params.values()
        with clock.travel(at(12)):
            assert "http" in by_hand.ready_text(row)

    def test_a_secret_is_not_readable_in_the_database(self) -> None:
        row = write(contact(), secret={"code": "canary-4711"})
        assert b"canary" not in bytes(Message.objects.filter(pk=row.pk).values_list("secret")[0][0])
        assert "canary-4711" in Message.objects.get(pk=row.pk).secret


@pytest.mark.django_db
class TestSending:
    def send(self, hour: int = 12) -> None:
        with clock.travel(at(hour)):
            sending.send_due()

    def queue(self, to: Contact | None = None, key: str = "one", **fields: Any) -> Message:
        with clock.travel(at(11)):
            return write(to or contact(), key, **fields)

    def test_a_real_mail_arrives_in_dutch_with_a_plain_and_an_html_twin(
        self, smtp_catcher: Any
    ) -> None:
        row = self.queue()
        self.send()
        (mail,) = smtp_catcher.to("noor@example.org")
        assert mail["Message-ID"] == row.message_id
        assert mail.get_body(("plain",))
        assert mail.get_body(("html",))
        row.refresh_from_db()
        assert (row.state, row.secret) == (Message.State.SENT, "")

    def test_nothing_leaves_at_night_and_it_leaves_in_the_morning(self, smtp_catcher: Any) -> None:
        with clock.travel(at(22)):
            write(contact())
            sending.send_due()
        assert not smtp_catcher.messages
        with clock.travel(at(9, MONDAY + timedelta(days=1))):
            sending.send_due()
        assert len(smtp_catcher.messages) == 1

    def test_a_row_that_waited_into_the_night_waits_for_the_morning(
        self, smtp_catcher: Any
    ) -> None:
        self.queue()
        self.send(hour=23)
        assert not smtp_catcher.messages

    def test_send_nothing_more_is_obeyed_by_what_already_waits(self, smtp_catcher: Any) -> None:
        to = contact()
        row = self.queue(to)
        contacts.stop_writing_to(contact=to, reason="own_wish")
        self.send()
        row.refresh_from_db()
        assert (row.state, row.reason) == (Message.State.WITHDRAWN, "contact_stopped")
        assert not smtp_catcher.messages

    def test_mail_that_became_unsafe_goes_to_the_worker_instead(self, smtp_catcher: Any) -> None:
        to = contact(phone="0612345678")
        row = self.queue(to, group=make_group())
        contacts.change_contact(contact=to, by=None, safe_channels=["phone"])
        self.send()
        row.refresh_from_db()
        assert (row.state, row.channel) == (Message.State.QUEUED, Message.Channel.WORKER_TEXT)
        assert not smtp_catcher.messages

    def test_a_message_nobody_wants_any_more_does_not_leave(self, smtp_catcher: Any) -> None:
        row = self.queue(subject_id=contact(email="").pk)
        with ports.message_wanted.answering(lambda _kind, _asked: set()):
            self.send()
        row.refresh_from_db()
        assert row.state == Message.State.WITHDRAWN
        assert not smtp_catcher.messages

    def test_a_refusing_server_is_tried_again_later_and_in_the_end_a_person_sees_it(
        self, smtp_catcher: Any
    ) -> None:
        row = self.queue()
        smtp_catcher.refuse = "451 try again"
        moment = at(12)
        for _ in range(sending.MOST_ATTEMPTS):
            with clock.travel(moment):
                sending.send_due()
            row.refresh_from_db()
            moment = max(moment, row.not_before) + timedelta(seconds=1)
        assert (row.state, row.attempts) == (Message.State.DEAD, sending.MOST_ATTEMPTS)
        smtp_catcher.refuse = ""
        with clock.travel(at(12)):
            by_hand.resend_message(message=row, by=None)
        self.send(hour=13)
        assert len(smtp_catcher.messages) == 1

    def test_a_poison_message_does_not_stop_the_others(self, smtp_catcher: Any) -> None:
        poison = self.queue(key="poison", template="no_such_template")
        self.queue(key="fine")
        self.send()
        poison.refresh_from_db()
        assert poison.state == Message.State.QUEUED
        assert poison.not_before > at(12)
        assert len(smtp_catcher.messages) == 1

    def test_a_shared_mailbox_gets_only_the_word_that_something_waits(
        self, smtp_catcher: Any
    ) -> None:
        self.queue(contact(shared_mailbox=True), template="neutral", params={"call_name": "Noor"})
        self.send()
        assert "Noor" not in smtp_catcher.messages[0].as_string()

    def test_two_processes_never_hand_over_the_same_row(self, smtp_catcher: Any) -> None:
        self.queue()
        with clock.travel(at(12)):
            first = sending.claim_batch()
            assert first is not None
            assert sending.claim_batch() is None
        with clock.travel(at(12) + sending.LEASE + timedelta(seconds=1)):
            second = sending.claim_batch()
            assert second is not None
            (row,) = second.messages
            record_sent(row, first.claim)  # too late: somebody else has it
            row.refresh_from_db()
            assert (row.state, row.claim) == (Message.State.SENDING, second.claim)
            assert not first.rows(row)


@pytest.mark.django_db
def test_what_leaves_is_found_by_its_index_with_one_plan_for_any_moment() -> None:
    """A connection plans once for all values: a plan for any `state` would read every message that
    ever left, every twenty seconds."""
    sql, params = (
        Message.objects.due(at(12)).order_by("urgency", "not_before").query.sql_with_params()
    )
    for number in range(1, len(params) + 1):
        sql = sql.replace("%s", f"${number}", 1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (GENERIC_PLAN) {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert re.search("using message_(leaves|waits)", plan), plan


class Killed(BaseException):
    """The process ends here: nobody gets a chance to tidy up."""


class Post:
    """In the place of the mail server: whom it wrote to, and what happens at a hand-over."""

    def __init__(self) -> None:
        self.to: list[str] = []
        self.kills: set[str] = set()
        self.then: dict[str, Callable[[], object]] = {}

    def __call__(self, message: Message, _connection: Any) -> None:
        who = message.contact.name
        self.to.append(who)
        self.then.get(who, lambda: None)()
        if who in self.kills:
            raise Killed


@pytest.mark.django_db(transaction=True)
class TestABatch:
    """ADR 0002: claimed and asked about once, handed over one by one, each written down at once."""

    names = [f"P{n}" for n in range(8)]

    @pytest.fixture
    def post(self) -> Post:
        for n, name in enumerate(self.names):
            with clock.travel(at(11) + timedelta(seconds=n)):
                write(contact(name=name), key=name, subject_id=uuid7())
        return Post()

    def send(self, post: Post, after: timedelta = timedelta()) -> None:
        with clock.travel(at(12) + after), suppress(Killed):
            sending.send_due(post)

    def states(self) -> dict[str, str]:
        rows = Message.objects.order_by("contact__name")
        return dict(rows.values_list("contact__name", "state"))

    def test_killed_amid_a_batch_who_was_written_to_is_not_written_to_again(
        self, post: Post
    ) -> None:
        post.kills = {"P3"}
        self.send(post)
        assert post.to == self.names[:4]
        assert [name for name, state in self.states().items() if state == "sent"] == post.to[:3]
        post.kills = set()
        self.send(post, sending.LEASE)
        assert post.to == self.names[:4]  # the claim of the dead one still runs
        self.send(post, sending.LEASE + timedelta(seconds=1))
        again = Counter(post.to)
        assert again.pop("P3") == 2  # accepted, and not written down: the one repeat of this kill
        assert set(again.values()) == {1}
        assert set(self.states().values()) == {"sent"}

    def test_a_message_that_kills_whoever_sends_it_ends_before_a_person_and_stops_nobody(
        self, post: Post
    ) -> None:
        post.kills = {"P3"}
        for death in range(sending.MOST_ATTEMPTS + 1):
            self.send(post, death * (sending.LEASE + timedelta(seconds=1)))
        self.send(post, timedelta(hours=1))
        killer = Message.objects.get(contact__name="P3")
        assert (killer.state, killer.reason) == (Message.State.DEAD, "worker_died")
        assert Counter(post.to) == Counter(self.names) + Counter(["P3"] * 7)
        assert set(self.states().values()) == {"sent", "dead"}

    def test_what_lay_a_while_in_a_slow_batch_is_asked_about_again(
        self, post: Post, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        moment = at(12)
        monkeypatch.setattr(clock, "_system", lambda: moment)

        def slowly() -> None:
            nonlocal moment
            moment += sending.FRESH
            contacts.stop_writing_to(contact=Contact.objects.get(name="P2"), reason="own_wish")

        post.then["P1"] = slowly
        sending.send_due(post)
        assert post.to == ["P0", "P1", "P3", "P4", "P5", "P6", "P7"]
        assert self.states()["P2"] == "withdrawn"
        assert set(Message.objects.values_list("attempts", flat=True)) == {1}

    def test_each_kind_is_asked_about_once_and_the_answer_is_about_each(self, post: Post) -> None:
        asked: list[tuple[str, int]] = []
        unwanted = set(
            Message.objects.filter(contact__name__in=["P0", "P5"]).values_list(
                "subject_id", flat=True
            )
        )

        def answer(kind: str, about: Collection[ports.About]) -> set[ports.About]:
            asked.append((kind, len(about)))
            return {one for one in about if one.subject not in unwanted}

        Message.objects.filter(contact__name="P7").update(kind="other")
        with ports.message_wanted.answering(answer, lambda _kind, _asked: None):
            self.send(post)
        assert sorted(asked) == [("other", 1), ("test", 7)]
        assert post.to == ["P1", "P2", "P3", "P4", "P6", "P7"]
        assert self.states()["P5"] == "withdrawn"

    def test_a_question_that_raises_is_one_messages_failure(self, post: Post) -> None:
        poison = Message.objects.get(contact__name="P2")

        def answer(_kind: str, asked: Collection[ports.About]) -> set[ports.About]:
            if poison.subject_id in {about.subject for about in asked}:
                raise ValueError
            return set(asked)

        with ports.message_wanted.answering(answer):
            self.send(post)
        assert post.to == [name for name in self.names if name != "P2"]
        poison.refresh_from_db()
        assert (poison.state, poison.attempts) == ("queued", 1)
        assert poison.not_before > at(12)

    def test_what_is_immediate_leaves_first(self, post: Post) -> None:
        with clock.travel(at(11, MONDAY) + timedelta(minutes=30)):
            write(contact(name="code"), key="code", urgency=outbox.IMMEDIATE)
        self.send(post)
        assert post.to == ["code", *self.names]

    def test_no_batch_is_begun_when_the_time_is_over_and_none_is_lost(self, post: Post) -> None:
        with clock.travel(at(12)):
            assert sending.send_due(post, until=at(12)) == 0
            assert sending.send_due(post, until=at(12, MONDAY) + timedelta(seconds=1)) == 8

    def test_a_batch_costs_one_statement_a_mail_and_a_fixed_number_besides(
        self, post: Post, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(7 + 8):  # two claims, of which one in vain; 8 hand-overs
            self.send(post)
        for n in range(16):
            with clock.travel(at(11)):
                write(contact(name=f"Q{n}"), key=f"Q{n}", subject_id=uuid7())
        with django_assert_num_queries(7 + 16):
            self.send(post)

    def test_a_batch_goes_through_one_connection(self, post: Post, smtp_catcher: Any) -> None:
        with clock.travel(at(12)):
            sending.send_due()
        assert len(smtp_catcher.messages) == 8
        assert smtp_catcher.connections == 1

    def test_the_server_hangs_up_amid_a_batch_and_the_rest_goes_through_another(
        self, post: Post, smtp_catcher: Any
    ) -> None:
        def refuse_once(message: Message, connection: Any) -> None:
            if message.contact.name == "P2":
                smtp_catcher.refuse = "421 too many"
            sending.hand_over(message, connection)

        def of_one(message: Message, connection: Any) -> None:
            try:
                refuse_once(message, connection)
            finally:
                smtp_catcher.refuse = ""

        with clock.travel(at(12)):
            sending.send_due(of_one)
        assert len(smtp_catcher.messages) == 7
        assert smtp_catcher.connections == 2
        assert self.states()["P2"] == "queued"

    def test_the_secret_of_what_left_and_of_what_may_not_leave_is_wiped(self, post: Post) -> None:
        with clock.travel(at(11)):
            for name in ("stays", "leaves"):
                write(contact(name=name), key=name, secret={"code": "1"})
        contacts.stop_writing_to(contact=Contact.objects.get(name="stays"), reason="own_wish")
        self.send(post)
        rows = Message.objects.filter(dedupe_key__in=["stays", "leaves"])
        assert {(row.state, row.secret, row.had_secret) for row in rows} == {
            ("sent", "", True),
            ("withdrawn", "", True),
        }
        assert not Message.objects.filter(dedupe_key="P0", had_secret=True).exists()
