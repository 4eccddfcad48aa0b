"""Which yeses are needed, when they stand together, and what blocks."""

from datetime import date, datetime, timedelta

import pytest

from core import clock
from core.errors import RuleBroken
from core.ids import uuid7
from participants.consent import needed as consent
from participants.consent.needed import (
    Answer,
    Facts,
    Span,
    first_complete_on,
    lapsed_at,
    missing_at,
    settled_at,
)
from participants.models import Agreement, Hold, ParentalConsent, Trajectory
from tests import world

DAY = date(2026, 3, 10)


def at(day: date, hour: int = 12) -> datetime:
    return clock.at(day, hour)


def codes(trajectory: Trajectory, day: date | None = None) -> list[str]:
    return [m.code for m in consent.missing(trajectory, day)]


def young(age: int = 14, **fields: object) -> Trajectory:
    fields.setdefault("phase", "intake")
    fields.setdefault("group", world.make_group())
    return world.make_trajectory(age=age, suitable=True, **fields)


def holds_of(trajectory: Trajectory) -> list[tuple[date, date | None]]:
    return [(h.days.lower, h.days.upper) for h in Hold.objects.filter(trajectory=trajectory)]


@pytest.mark.django_db
@pytest.mark.req("R-104")
def test_under_sixteen_needs_a_parents_yes_and_the_own_agreements() -> None:
    trajectory = young(14)
    assert codes(trajectory) == ["parent_unknown", "privacy", "participation"]
    world.give_own_agreements(trajectory)
    with pytest.raises(RuleBroken) as broken:
        consent.require(trajectory, clock.today())
    assert broken.value.code == "consent_missing"
    trajectory.refresh_from_db()
    assert trajectory.consent_complete_on is None
    assert trajectory.blocked_reason == "parent_unknown"
    world.give_parental_yes(trajectory)
    consent.require(trajectory, clock.today())
    trajectory.refresh_from_db()
    assert trajectory.consent_complete_on == clock.today()
    assert trajectory.blocked_reason == ""


def test_since_when_nothing_is_missing_is_judged_by_what_had_happened_then() -> None:
    """A yes that is taken back later does not change what was so before."""
    taken_back = Span(at(DAY), at(DAY + timedelta(days=9)))
    facts = Facts(
        birth_date=date(2008, 1, 1),
        consent_age=16,
        parents_decide=False,
        own={"privacy": (taken_back,), "participation": (Span(at(DAY)),)},
        answers=(),
        unsafe_home=(),
    )
    assert settled_at(facts, at(DAY + timedelta(days=5))) == at(DAY)


TWICE_LOST = Facts(
    birth_date=date(2008, 1, 1),
    consent_age=16,
    parents_decide=False,
    own={
        "privacy": (Span(at(DAY), at(DAY, 20)), Span(at(DAY, 21), at(DAY, 23))),
        "participation": (Span(at(DAY, 13)),),
    },
    answers=(),
    unsafe_home=(),
)


@pytest.mark.req("R-353")
@pytest.mark.parametrize(
    ("moment", "lapsed"),
    [
        (at(DAY, 12), None),  # they never stood together yet
        (at(DAY, 20), at(DAY, 20)),
        (at(DAY + timedelta(days=3)), at(DAY, 23)),
    ],
)
def test_since_when_something_is_missing_again(moment: datetime, lapsed: datetime | None) -> None:
    assert lapsed_at(TWICE_LOST, moment) == lapsed


def moments_of(trajectory: Trajectory) -> list[tuple[datetime | None, datetime | None]]:
    return [(h.from_at, h.until_at) for h in Hold.objects.filter(trajectory=trajectory)]


@pytest.mark.django_db
@pytest.mark.req("R-353")
def test_a_wait_for_a_yes_has_the_moments_of_the_yes() -> None:
    with clock.travel(at(DAY, 9)):
        trajectory = young(17, phase="participating")
        world.give_own_agreements(trajectory)
    with clock.travel(at(DAY, 22)):
        Agreement.objects.update(withdrawn_at=clock.now())
    with clock.travel(at(DAY, 23)):
        consent.settle(trajectory=trajectory)
    assert moments_of(trajectory) == [(at(DAY, 22), None)]
    with clock.travel(at(DAY + timedelta(days=1), 8)):
        world.give_own_agreements(trajectory, settle=False)
    with clock.travel(at(DAY + timedelta(days=4))):
        consent.settle(trajectory=trajectory)
    assert moments_of(trajectory) == [(at(DAY, 22), at(DAY + timedelta(days=1), 8))]
    assert holds_of(trajectory) == [(DAY, DAY + timedelta(days=1))]


@pytest.mark.django_db
@pytest.mark.req("R-353")
def test_what_time_alone_settles_is_settled_at_midnight() -> None:
    """Sixteen: no parent is asked any more, whenever the sweep comes by."""
    birthday = DAY + timedelta(days=5)
    with clock.travel(at(DAY, 9)):
        trajectory = young(birth_date=birthday.replace(year=birthday.year - 16))
        world.give_own_agreements(trajectory)
    assert moments_of(trajectory) == [(at(DAY, 9), None)]
    with clock.travel(at(birthday + timedelta(days=2), 15)):
        consent.settle(trajectory=trajectory)
    assert moments_of(trajectory) == [(at(DAY, 9), clock.at(birthday))]


@pytest.mark.django_db
@pytest.mark.req("R-107")
@pytest.mark.parametrize(
    ("born", "last_day_under"),
    [
        (date(2010, 3, 11), date(2026, 3, 10)),
        (date(2012, 2, 29), date(2028, 2, 28)),
        (date(2008, 2, 29), date(2024, 2, 28)),
    ],
)
def test_the_limit_is_the_sixteenth_birthday_never_the_groups_band(
    born: date, last_day_under: date
) -> None:
    trajectory = young(birth_date=born, group=world.make_group(age_from=12, age_until=16))
    for group in (trajectory.group, None):
        trajectory.group = group
        assert consent.policy_for(trajectory, last_day_under).required
        assert not consent.policy_for(trajectory, last_day_under + timedelta(days=1)).required


@pytest.mark.django_db
@pytest.mark.req("R-107")
def test_a_leapling_without_a_leap_year_turns_the_age_on_the_first_of_march() -> None:
    organisation = world.make_organisation(consent_age=15)
    trajectory = young(
        birth_date=date(2012, 2, 29), group=world.make_group(organisation=organisation)
    )
    assert consent.policy_for(trajectory, date(2027, 2, 28)).required
    assert not consent.policy_for(trajectory, date(2027, 3, 1)).required


@pytest.mark.django_db
@pytest.mark.req("R-103")
def test_informed_only_is_a_policy_and_blocks_nothing() -> None:
    organisation = world.make_organisation(
        consent_policy="informed", consent_basis="Jeugdwet, besluit van 1 maart"
    )
    trajectory = young(14, group=world.make_group(organisation=organisation))
    world.give_own_agreements(trajectory)
    policy = consent.policy_for(trajectory, clock.today())
    assert (policy.required, policy.informed_only) == (False, True)
    consent.require(trajectory, clock.today())
    trajectory.refresh_from_db()
    assert trajectory.consent_complete_on == clock.today()


@pytest.mark.django_db
@pytest.mark.req("R-104")
def test_the_first_complete_day_never_moves_and_the_hold_is_half_open() -> None:
    with clock.travel(DAY):
        trajectory = young(14)
        world.give_own_agreements(trajectory)
    with clock.travel(DAY + timedelta(days=4)):
        row = world.give_parental_yes(trajectory)
    with clock.travel(DAY + timedelta(days=20)):
        ParentalConsent.objects.filter(pk=row.pk).update(withdrawn_at=clock.now())
        consent.settle(trajectory=trajectory)
        assert codes(trajectory) == ["parent_withdrew"]
        assert trajectory.blocked_reason == "parent_withdrew"
        consent.settle(trajectory=trajectory)
    with clock.travel(DAY + timedelta(days=25)):
        ParentalConsent.objects.filter(pk=row.pk).update(revoked_at=clock.now())
        world.give_parental_yes(trajectory, guardian=row.guardian)
        consent.settle(trajectory=trajectory)
    trajectory.refresh_from_db()
    assert trajectory.consent_complete_on == DAY + timedelta(days=4)
    assert holds_of(trajectory) == [
        (DAY, DAY + timedelta(days=4)),
        (DAY + timedelta(days=20), DAY + timedelta(days=25)),
    ]


@pytest.mark.django_db
@pytest.mark.req("R-104")
def test_one_no_of_two_parents_blocks_until_that_parent_says_yes() -> None:
    trajectory = young(14)
    world.give_own_agreements(trajectory)
    world.give_parental_yes(trajectory)
    other = world.give_parental_yes(
        trajectory, guardian=world.make_guardian(trajectory, name="Henk")
    )
    ParentalConsent.objects.filter(pk=other.pk).update(answer="no")
    consent.settle(trajectory=trajectory)
    assert trajectory.blocked_reason == "parent_refused"
    ParentalConsent.objects.filter(pk=other.pk).update(revoked_at=clock.now())
    assert codes(trajectory) == ["parent_refused"], "asking again settles nothing"
    world.give_parental_yes(trajectory, guardian=other.guardian)
    trajectory.refresh_from_db()
    assert trajectory.blocked_reason == ""


@pytest.mark.django_db
@pytest.mark.req("R-107")
def test_sixteen_while_waiting_completes_on_the_birthday_even_when_settled_later() -> None:
    with clock.travel(DAY):
        trajectory = young(birth_date=date(2010, 4, 1))
        world.give_own_agreements(trajectory)
    with clock.travel(date(2026, 4, 3)):
        consent.settle(trajectory=trajectory)
    trajectory.refresh_from_db()
    assert trajectory.consent_complete_on == date(2026, 4, 1)
    assert holds_of(trajectory) == [(DAY, date(2026, 4, 1))]


@pytest.mark.django_db
@pytest.mark.req("R-086")
def test_taking_back_the_own_yes_blocks_at_once() -> None:
    trajectory = young(19)
    world.give_own_agreements(trajectory)
    Agreement.objects.filter(trajectory=trajectory, subject="privacy").update(
        withdrawn_at=clock.now()
    )
    consent.settle(trajectory=trajectory)
    assert trajectory.blocked_reason == "privacy"


def facts(**changes: object) -> Facts:
    standing = (Span(at(DAY)),)
    fields: dict[str, object] = {
        "birth_date": date(2012, 1, 1),
        "consent_age": 16,
        "parents_decide": True,
        "own": {"privacy": standing, "participation": standing},
        "answers": (),
        "unsafe_home": (),
    }
    return Facts(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.req("R-104")
def test_yeses_that_never_stood_together_complete_nothing() -> None:
    guardian = uuid7()
    apart = facts(
        own={
            "privacy": (Span(at(DAY), at(DAY + timedelta(days=2))),),
            "participation": (Span(at(DAY)),),
        },
        answers=(Answer(guardian, True, Span(at(DAY + timedelta(days=3)))),),
    )
    assert first_complete_on(apart, at(DAY + timedelta(days=40))) is None
    assert [m.code for m in missing_at(apart, at(DAY + timedelta(days=5)))] == ["privacy"]


@pytest.mark.req("R-104")
def test_an_unsafe_home_that_was_recorded_stands_for_the_parents_yes() -> None:
    excepted = facts(unsafe_home=(Span(at(DAY + timedelta(days=1))),))
    assert [m.code for m in missing_at(excepted, at(DAY))] == ["parent_unknown"]
    assert first_complete_on(excepted, at(DAY + timedelta(days=9))) == DAY + timedelta(days=1)
