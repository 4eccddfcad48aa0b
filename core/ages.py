"""The one rule for ages, in Python and in SQL.

A birthday on 29 February falls on 1 March in other years (design.md 4). Limits: 12 to 30
inclusive (C-01), 16 by policy (C-36), 18 for quiet hours; never one "minor" flag (C-31).
"""

from datetime import date

from django.db.models import DateField, Func, IntegerField

YOUNGEST = 12
OLDEST = 30


def age_on(birth_date: date, day: date) -> int:
    """Completed years on `day`; negative before birth."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def birthday(birth_date: date, age: int) -> date:
    """The day on which somebody born on `birth_date` turns `age`."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)


def born_by(day: date, age: int) -> date:
    """The last birth date of whoever is `age` on `day`: 29 February waits for 1 March.

    Whoever was born after `born_by(a, age)`, and not after `born_by(b, age)`, has that birthday
    after day `a` and on day `b` at the latest.
    """
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February, and no such day in the year of birth
        return date(day.year - age, 2, 28)


def fits_programme(birth_date: date, day: date) -> bool:
    """R-040: 12 to 30 inclusive on `day`."""
    return YOUNGEST <= age_on(birth_date, day) <= OLDEST


class AgeOn(Func):
    """SQL twin of `age_on`: AgeOn(birth_date, day), both dates. Agrees on every day."""

    arity = 2
    output_field = IntegerField()

    def __init__(self, birth_date: object, day: object) -> None:
        super().__init__(birth_date, day)

    def as_sql(self, compiler, connection, **_extra):  # type: ignore[no-untyped-def,override]
        born, born_params = compiler.compile(self.source_expressions[0])
        day, day_params = compiler.compile(self.source_expressions[1])
        sql = (
            f"(EXTRACT(YEAR FROM ({day})::date)::int - EXTRACT(YEAR FROM ({born})::date)::int"
            f" - (to_char(({day})::date, 'MMDD') < to_char(({born})::date, 'MMDD'))::int)"
        )
        return sql, [*day_params, *born_params, *day_params, *born_params]


def as_date(value: date) -> object:
    """Wrap a plain date for use inside `AgeOn`."""
    from django.db.models import Value

    return Value(value, output_field=DateField())
