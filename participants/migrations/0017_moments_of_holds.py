"""The moments of holds that are there: of a missing yes from the yeses given and taken back, as
far as they are known, else midnight; of the other kinds midnight (C-43).

Beside a running program: the stays of at most five hundred holds are locked at a time. Broken off,
it is run again: what was filled is passed by. What the program of before writes meanwhile has no
moments, and is read as midnight.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import migrations, transaction

from core import clock
from participants.consent.needed import Answer, Facts, Span, lapsed_at, missing_at, settled_at

AT_ONCE = 500
SOME = """
    SELECT id, trajectory_id FROM participants_hold
    WHERE id > %s AND NOT isempty(days)
        AND (from_at IS NULL OR (until_at IS NULL AND upper(days) IS NOT NULL))
    ORDER BY id LIMIT %s
"""
LOCK = "SELECT id FROM participants_trajectory WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
"""Whoever begins or ends a hold holds its stay."""
MIDNIGHT = """
    UPDATE participants_hold SET
        from_at = coalesce(from_at, lower(days)::timestamp AT TIME ZONE 'Europe/Amsterdam'),
        until_at = coalesce(until_at, upper(days)::timestamp AT TIME ZONE 'Europe/Amsterdam')
    WHERE trajectory_id = ANY(%s) AND NOT isempty(days)
        AND (from_at IS NULL OR (until_at IS NULL AND upper(days) IS NOT NULL))
"""
KNOWN = "UPDATE participants_hold SET from_at = %s, until_at = %s WHERE id = %s"
NEEDED = ("privacy", "participation")
ONE_DAY = timedelta(days=1)


def fill(apps, schema_editor):
    connection = schema_editor.connection
    after = "00000000-0000-0000-0000-000000000000"
    while True:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(SOME, [after, AT_ONCE])
            found = cursor.fetchall()
            if not found:
                return
            after, stays = found[-1][0], list({stay for _hold, stay in found})
            cursor.execute(LOCK, [stays])
            known = _moments(apps, stays)
            if known:
                cursor.executemany(KNOWN, known)
            cursor.execute(MIDNIGHT, [stays])


def _moments(apps, stays):
    """From when until when each waited for a yes, where there is a day to be made a moment."""
    Hold = apps.get_model("participants", "Hold")
    blocked = [
        hold
        for hold in Hold.objects.filter(trajectory__in=stays, kind="blocked", days__isempty=False)
        if hold.from_at is None or (hold.until_at is None and hold.days.upper is not None)
    ]
    facts = _facts(apps, {hold.trajectory_id for hold in blocked})
    found = []
    for hold in blocked:
        of_stay, first, last = facts[hold.trajectory_id], hold.days.lower, hold.days.upper
        from_at = hold.from_at or _began(of_stay, first)
        until_at = hold.until_at or (_ended(of_stay, last) if last else None)
        found.append((from_at, until_at, hold.pk))
    return found


def _began(facts, day):
    moment = _last_of(day)
    lapsed = lapsed_at(facts, moment) if missing_at(facts, moment) else None
    return lapsed if lapsed and clock.day_of(lapsed) == day else clock.at(day)


def _ended(facts, day):
    moment = _last_of(day)
    settled = clock.at(day) if missing_at(facts, moment) else settled_at(facts, moment)
    return settled if clock.day_of(settled) == day else clock.at(day)


def _last_of(day):
    return clock.at(day + ONE_DAY) - timedelta(microseconds=1)


def _facts(apps, stays):
    """What was agreed and answered about these stays, as far as the database knows it."""
    own, answers, homes = defaultdict(dict), defaultdict(list), defaultdict(list)
    agreements = apps.get_model("participants", "Agreement").objects.filter(
        trajectory__in=stays, subject__in=NEEDED
    )
    for stay, subject, *span in agreements.values_list(
        "trajectory", "subject", "given_at", "withdrawn_at"
    ):
        own[stay][subject] = (*own[stay].get(subject, ()), Span(*span))
    questions = apps.get_model("participants", "ParentalConsent").objects.filter(
        trajectory__in=stays, answered_at__isnull=False
    )
    for stay, guardian, answer, *span, voided_at in questions.order_by(
        "released_at", "pk"
    ).values_list(
        "trajectory", "guardian", "answer", "answered_at", "withdrawn_at", "voided_at"
    ):
        answers[stay].append(Answer(guardian, answer == "yes", Span(*span), voided_at))
    exceptions = apps.get_model("participants", "UnsafeHome").objects.filter(trajectory__in=stays)
    for stay, *span in exceptions.values_list("trajectory", "at", "ended_at"):
        homes[stay].append(Span(*span))
    people = apps.get_model("participants", "Trajectory").objects.filter(pk__in=stays)
    asks = "group__location__organisation__consent_"
    return {
        stay: Facts(
            birth_date=born,
            consent_age=age or 16,
            parents_decide=policy != "informed",
            own=own[stay],
            answers=tuple(answers[stay]),
            unsafe_home=tuple(homes[stay]),
        )
        for stay, born, age, policy in people.values_list(
            "pk", "participant__birth_date", f"{asks}age", f"{asks}policy"
        )
    }


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("participants", "0016_one_hold_runs"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
