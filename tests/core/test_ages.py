"""One rule for ages, in Python and in SQL, on every day of forty years."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import F

from core.ages import AgeOn, age_on, as_date, birthday, fits_programme
from participants.models import Participant
from tests.world import make_participant


@pytest.mark.req("R-040", "R-054")
def test_somebody_fits_from_the_twelfth_birthday_until_the_day_before_the_thirty_first() -> None:
    born = date(2000, 5, 17)
    assert not fits_programme(born, date(2012, 5, 16))
    assert fits_programme(born, date(2012, 5, 17))
    assert fits_programme(born, date(2031, 5, 16))
    assert not fits_programme(born, date(2031, 5, 17))


@pytest.mark.req("R-107")
def test_a_leapling_turns_sixteen_on_the_first_of_march_when_there_is_no_29_february() -> None:
    assert birthday(date(2008, 2, 29), 15) == date(2023, 3, 1)
    assert age_on(date(2008, 2, 29), date(2023, 2, 28)) == 14
    assert age_on(date(2008, 2, 29), date(2023, 3, 1)) == 15
    assert birthday(date(2008, 2, 29), 16) == date(2024, 2, 29)


def test_the_birthday_is_the_first_day_of_the_new_age() -> None:
    day = date(1990, 1, 1)
    for n in range(0, 366 * 4, 7):
        born = day + timedelta(days=n)
        for age in (12, 16, 18, 31):
            turned = birthday(born, age)
            assert (age_on(born, turned - timedelta(days=1)), age_on(born, turned)) == (
                age - 1,
                age,
            )


@pytest.mark.django_db
@pytest.mark.parametrize("born", [date(2004, 2, 29), date(2003, 3, 1), date(2003, 2, 28)])
def test_sql_and_python_agree_on_every_day_of_forty_years(born: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d::date, (EXTRACT(YEAR FROM d)::int - EXTRACT(YEAR FROM %s::date)::int"
            " - (to_char(d, 'MMDD') < to_char(%s::date, 'MMDD'))::int)"
            " FROM generate_series(%s::date, %s::date, '1 day') d",
            [born, born, date(2005, 1, 1), date(2045, 1, 1)],
        )
        wrong = [day for day, age in cursor.fetchall() if age != age_on(born, day)]
    assert not wrong


@pytest.mark.django_db
def test_the_sql_expression_counts_as_python_does() -> None:
    person = make_participant(birth_date=date(2012, 2, 29))
    for day in (date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 28), date(2028, 2, 29)):
        found = Participant.objects.annotate(age=AgeOn(F("birth_date"), as_date(day))).get(
            pk=person.pk
        )
        assert found.age == age_on(person.birth_date, day)
