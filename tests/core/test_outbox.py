"""The only door to the outside: what leaves, when, to whom, and what never does."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from core import clock, ports
from core.messaging import by_hand, contacts, outbox, sending
from core.messaging.models import Contact, Message
from core.messaging.quiet_hours import next_daytime, window
from tests.world import make_group

MONDAY = date(2026, 9, 7)


@pytest.fixture(autouse=True)
def _nobody_asks() -> Iterator[None]:
    with (
        ports.message_wanted.answering(lambda _kind, _subject, _to: None),
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
        assert window(MONDAY, safe_from=time(21), safe_until=time(22)) == (time(21), time(22))
        assert window(MONDAY, safe_from=time(12), safe_until=time(23)) == (time(12), time(20))


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
        with ports.message_wanted.answering(lambda _kind, _subject, _to: False):
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
            claimed = sending.claim_batch()
            assert claimed is not None
            assert sending.claim_batch() is None
        with clock.travel(at(12) + sending.LEASE + timedelta(seconds=1)):
            again = sending.claim_batch()
            assert again is not None
            assert sending.renew_claim(claimed[1][0], claimed[0]) is None
