"""Half-open days of waiting, and what "send nothing more" does to a stay."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import RuleBroken
from core.messaging.models import Contact
from participants import sweep
from participants.exit import aftercare
from participants.journey import journey
from participants.models import Hold, Trajectory
from participants.stay import holds
from participants.stay.no_messages import send_nothing_more
from tests import world

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


def stay(phase: str = "participating", **fields: object) -> Trajectory:
    return world.make_trajectory(group=world.make_group(), phase=phase, age=19, **fields)


def noon(day: date) -> datetime:
    return clock.at(day, 12)


def days_of(trajectory: Trajectory) -> list[tuple[str, date, date | None]]:
    found = Hold.objects.filter(trajectory=trajectory)
    return [(h.kind, h.days.lower, h.days.upper) for h in found]


def test_a_hold_is_half_open_and_the_day_of_settlement_is_free() -> None:
    trajectory = stay()
    holds.begin_hold(trajectory=trajectory, kind="held", at=noon(DAY))
    holds.end_hold(trajectory=trajectory, kind="held", at=noon(DAY + timedelta(days=2)))
    held = [DAY + timedelta(days=n) for n in range(4)]
    assert [holds.is_on_hold(trajectory, day) for day in held] == [True, True, False, False]


def test_beginning_twice_is_one_wait_and_ending_the_same_day_leaves_no_trace() -> None:
    trajectory = stay()
    holds.begin_hold(trajectory=trajectory, kind="held", at=noon(DAY))
    holds.begin_hold(trajectory=trajectory, kind="held", at=noon(DAY + timedelta(days=3)))
    assert days_of(trajectory) == [("held", DAY, None)]
    holds.end_hold(trajectory=trajectory, kind="held", at=noon(DAY))
    assert days_of(trajectory) == []
    assert holds.end_hold(trajectory=trajectory, kind="held", at=noon(DAY)) is None


def test_waiting_again_on_the_day_of_settlement_is_one_wait() -> None:
    trajectory = stay()
    holds.begin_hold(trajectory=trajectory, kind="held", at=noon(DAY))
    holds.end_hold(trajectory=trajectory, kind="held", at=noon(DAY + timedelta(days=2)))
    holds.begin_hold(trajectory=trajectory, kind="held", at=noon(DAY + timedelta(days=2)))
    assert days_of(trajectory) == [("held", DAY, None)]


def moments_of(trajectory: Trajectory) -> list[tuple[datetime, datetime | None]]:
    found = Hold.objects.filter(trajectory=trajectory).order_by("from_at")
    return [(hold.from_at, hold.until_at) for hold in found]


@pytest.mark.req("R-353")
@pytest.mark.parametrize("kind", Hold.Kind.values)
def test_every_hold_has_the_moment_it_began_and_the_moment_it_was_settled(kind: str) -> None:
    trajectory = stay()
    began, ended = clock.at(DAY, 22), clock.at(DAY + timedelta(days=2), 9)
    holds.begin_hold(trajectory=trajectory, kind=kind, at=began)
    assert moments_of(trajectory) == [(began, None)]
    holds.end_hold(trajectory=trajectory, kind=kind, at=ended)
    assert moments_of(trajectory) == [(began, ended)]
    assert days_of(trajectory) == [(kind, DAY, DAY + timedelta(days=2))]


@pytest.mark.req("R-353")
def test_a_yes_that_was_missing_for_some_hours_is_kept_and_takes_no_day() -> None:
    trajectory = stay()
    began, ended = clock.at(DAY, 18), clock.at(DAY, 21)
    holds.begin_hold(trajectory=trajectory, kind="blocked", at=began)
    hold = holds.end_hold(trajectory=trajectory, kind="blocked", at=ended)
    assert hold is not None
    assert (hold.began_at, hold.ended_at) == (began, ended)
    assert not holds.is_on_hold(trajectory, DAY)
    assert not Hold.objects.running().exists()
    assert holds.end_hold(trajectory=trajectory, kind="blocked", at=clock.at(DAY, 22)) is None


@pytest.mark.req("R-353")
@pytest.mark.parametrize("days_later", [0, 1])
def test_an_evening_between_two_waits_for_a_yes_lay_in_neither(days_later: int) -> None:
    """Blocked until noon and again from six: at two o'clock there was a yes."""
    trajectory, later = stay(), DAY + timedelta(days=days_later)
    for began, ended in ((clock.at(DAY, 10), clock.at(later, 12)), (clock.at(later, 18), None)):
        holds.begin_hold(trajectory=trajectory, kind="blocked", at=began)
        if ended is not None:
            holds.end_hold(trajectory=trajectory, kind="blocked", at=ended)
    assert moments_of(trajectory) == [
        (clock.at(DAY, 10), clock.at(later, 12)),
        (clock.at(later, 18), None),
    ]
    held = [holds.is_on_hold(trajectory, DAY + timedelta(days=n)) for n in range(3)]
    assert held == [True, True, True], "the days are those of one wait"
    assert Hold.objects.running().count() == 1


@pytest.mark.parametrize("kind", Hold.Kind.values)
def test_waiting_again_without_a_moment_between_is_one_wait(kind: str) -> None:
    trajectory = stay()
    noon_of_day = clock.at(DAY, 12)
    holds.begin_hold(trajectory=trajectory, kind=kind, at=noon_of_day - timedelta(days=1))
    holds.end_hold(trajectory=trajectory, kind=kind, at=noon_of_day)
    holds.begin_hold(trajectory=trajectory, kind=kind, at=noon_of_day)
    assert moments_of(trajectory) == [(noon_of_day - timedelta(days=1), None)]


def test_what_was_written_without_moments_began_and_ended_at_midnight() -> None:
    """The program of before runs beside this one while an update lasts."""
    trajectory, later = stay(), DAY + timedelta(days=3)
    old = Hold.objects.create(trajectory=trajectory, kind="blocked", days=(DAY, None))
    old.refresh_from_db()
    assert (old.began_at, old.ended_at) == (clock.at(DAY), None)
    assert list(Hold.objects.running()) == [old]
    Hold.objects.update(days=(DAY, later))
    old.refresh_from_db()
    assert old.ended_at == clock.at(later)
    assert not Hold.objects.running().exists()
    holds.begin_hold(trajectory=trajectory, kind="blocked", at=clock.at(later))
    assert moments_of(trajectory) == [(clock.at(DAY), None)]
    holds.end_hold(trajectory=trajectory, kind="blocked", at=clock.at(later, 20))
    assert moments_of(trajectory) == [(clock.at(DAY), clock.at(later, 20))]


def test_one_hold_of_a_kind_runs_beside_any_number_that_ended_on_one_day() -> None:
    trajectory = stay()
    for _twice in range(2):
        Hold.objects.create(
            trajectory=trajectory,
            kind="blocked",
            days=(DAY, DAY),
            from_at=clock.at(DAY, 18),
            until_at=clock.at(DAY, 21),
        )
    Hold.objects.create(trajectory=trajectory, kind="blocked", days=(DAY, None))
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(trajectory=trajectory, kind="blocked", days=(DAY, None))
    assert Hold.objects.running().count() == 1


@pytest.mark.parametrize(
    ("phase", "waived"), [("participating", ""), ("leaving", "contact_refused")]
)
def test_send_nothing_more_holds_the_stay_and_waives_the_follow_up_of_who_leaves(
    phase: str, waived: str
) -> None:
    trajectory = stay(phase)
    with clock.travel(DAY):
        send_nothing_more(participant=trajectory.participant, by=None, reason="own_wish")
    trajectory.refresh_from_db()
    assert trajectory.follow_up_waived == waived
    assert days_of(trajectory) == [("held", DAY, None)]
    with clock.travel(DAY + timedelta(days=5)):
        Contact.objects.filter(pk=trajectory.participant.contact_id).update(stopped_at=None)
        sweep.run_due()
        sweep.run_due()
    assert days_of(trajectory) == [("held", DAY, DAY + timedelta(days=5))]


def test_who_refused_contact_before_leaving_gets_no_follow_up() -> None:
    trajectory = stay()
    send_nothing_more(participant=trajectory.participant, by=None, reason="own_wish")
    journey.end_stay(
        trajectory=trajectory,
        exit_kind="other",
        exit_reason="own_wish",
        exited_on=clock.today(),
        by=trajectory.participant.user,
    )
    assert trajectory.follow_up_waived == "contact_refused"


@pytest.mark.req("R-194")
@pytest.mark.req_part("R-191")
def test_talks_after_leaving_are_counted_and_warned_about_from_the_third() -> None:
    worker = world.make_staff()
    running = stay()
    with pytest.raises(RuleBroken):
        aftercare.record_call(trajectory=running, outcome="well", by=worker)
    former = stay("former", exit_kind="goal", exited_on=DAY, ended_on=DAY)
    for outcome in ("well", "not_reached", "well"):
        aftercare.record_call(trajectory=former, outcome=outcome, note="samen gebeld", by=worker)
    assert aftercare.calls_warning(former) == ""
    aftercare.record_call(trajectory=former, outcome="well", by=worker)
    assert aftercare.calls_warning(former) != ""


@pytest.mark.req("R-195")
def test_a_return_is_discussed_with_the_coordinator_of_the_region() -> None:
    former = stay("former", exit_kind="goal", exited_on=DAY, ended_on=DAY)
    worker = world.make_worker(former.group)
    far = world.make_coordinator(world.make_region())
    near = world.make_coordinator(former.region)
    for wrong, reason, code in (
        (far, "terugval", "not_the_coordinator"),
        (worker, "terugval", "not_the_coordinator"),
        (near, " ", "reason_needed"),
    ):
        with pytest.raises(RuleBroken) as broken:
            aftercare.allow_return(
                participant=former.participant, reason=reason, discussed_with=wrong, by=worker
            )
        assert broken.value.code == code
    stranger = world.make_worker(world.make_group())
    with pytest.raises(RuleBroken) as broken:
        aftercare.allow_return(
            participant=former.participant, reason="x", discussed_with=near, by=stranger
        )
    assert broken.value.code == "not_your_group"
    exception = aftercare.allow_return(
        participant=former.participant, reason="terugval", discussed_with=near, by=worker
    )
    assert exception.reason == "terugval"
