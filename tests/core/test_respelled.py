"""Rows from before are brought to their one spelling, and may be again (R-342)."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Q

from core.accounts.models import User
from core.encryption import keyed_hash, seal
from core.mailbox import same_address
from core.messaging.contacts import address_hash, create_contact
from core.messaging.models import Contact
from core.migrating import respell
from core.telephone import same_number
from tests.world import make_organisation, make_staff, make_trajectory

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-342")]

MIGRATIONS = (
    "core.accounts.migrations.0005_spelled_once",
    "core.messaging.migrations.0004_spelled_once",
    "core.organisations.migrations.0003_spelled_once",
    "participants.migrations.0007_spelled_once",
)


def migrate() -> None:
    for name in MIGRATIONS:
        import_module(name).spell(apps, type("Editor", (), {"connection": connection}))


def write(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def kept(contact: Contact, **columns: str) -> None:
    """A contact as the program of before wrote it, past the columns that spell."""
    for column, text in columns.items():
        sealed = column == "phone"
        value = seal(text, f"messaging.contact.{column}:{contact.pk}") if sealed else text
        write(f"UPDATE messaging_contact SET {column} = %s WHERE id = %s", value, contact.pk)
    if "email" in columns:
        old = keyed_hash(columns["email"].strip().casefold(), "email")
        write("UPDATE messaging_contact SET email_hash = %s WHERE id = %s", old, contact.pk)


def test_contacts_of_before_are_found_and_reached() -> None:
    contact, plain, odd = (create_contact(name="x", email="x@example.org") for _n in range(3))
    kept(
        contact,
        email="bo@münchen.de\u200b",
        phone="06 - 12 34 56 78",
        name="Zoe\u0308  de\u200b Wit",
    )
    kept(plain, email="bo@example.org", phone="+31612345678", name="Bo")
    kept(odd, phone="bel mama")
    for _again in range(2):
        migrate()
        row = Contact.objects.get(pk=contact.pk)
        assert (row.email, row.phone, row.name) == (
            "bo@xn--mnchen-3ya.de",
            "+31612345678",
            "Zoë de Wit",
        )
        assert bytes(row.email_hash or b"") == address_hash("bo@MÜNCHEN.de")
        assert Contact.objects.get(pk=odd.pk).phone == "bel mama", "stays as it was typed"
        assert Contact.objects.get(pk=plain.pk).phone == "+31612345678"


def test_young_people_of_before_and_their_stays() -> None:
    stay = make_trajectory()
    person = stay.participant
    number = seal("(06) 12345678", f"participants.participant.emergency_phone:{person.pk}")
    write(
        "UPDATE participants_participant SET call_name = %s, full_name = %s, emergency_phone = %s"
        " WHERE id = %s",
        "Zoe\u0308\u200b",
        "\u00a0Zoe\u0308 de Wit ",
        number,
        person.pk,
    )
    migrate()
    person.refresh_from_db()
    assert (person.call_name, person.full_name) == ("Zoë", "Zoë de Wit")
    assert person.emergency_phone == "+31612345678"


def test_organisations_of_before() -> None:
    one, none = make_organisation(), make_organisation()
    write("UPDATE organisations_organisation SET phone = '(030) 123 45 67' WHERE id = %s", one.pk)
    write("UPDATE organisations_organisation SET phone = '026 123' WHERE id = %s", none.pk)
    migrate()
    one.refresh_from_db()
    none.refresh_from_db()
    assert (one.phone, none.phone) == ("+31301234567", "026 123")


def test_two_accounts_that_turn_out_to_be_one_address_are_both_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, second = make_staff(), make_staff()
    address = first.email.replace("@", "\u200b@")
    write("UPDATE accounts_user SET email = %s WHERE id = %s", address, second.pk)
    migrate()
    second.refresh_from_db()
    assert second.email == address
    assert "1 accounts keep" in capsys.readouterr().out


def test_what_was_broken_off_is_run_again_from_where_it_was() -> None:
    rows = [create_contact(name="x", phone=f"061234567{n}") for n in range(5)]
    for n, row in enumerate(rows):
        kept(row, phone=f"06-1234567{n}")
    seen: list[str] = []

    def broken_off(typed: str) -> str:
        seen.append(typed)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return typed.replace("06-", "+316")

    with pytest.raises(KeyboardInterrupt):
        respell(Contact, {"phone": broken_off}, Q(), at_once=2)
    done, refused = respell(Contact, {"phone": lambda t: t.replace("06-", "+316")}, Q(), at_once=2)
    assert (done, refused) == (3, 0), "two were done, and are passed by"
    assert {c.phone for c in Contact.objects.all()} == {f"+3161234567{n}" for n in range(5)}


def test_one_row_that_may_not_be_written_leaves_the_others_of_its_turn() -> None:
    here, taken, there, other = (make_staff() for _n in range(4))
    before = {here: "a@münchen.de", taken: "b@x\u200b.nl", there: "c@ö.nl", other: "b@x.nl"}
    for user, address in before.items():
        write("UPDATE accounts_user SET email = %s WHERE id = %s", address, user.pk)
    found = respell(User, {"email": same_address}, Q(email__regex=r"[^ -~]"))
    assert found == (2, 1)
    kept_now = [User.objects.get(pk=user.pk).email for user in (here, taken, there)]
    assert kept_now == ["a@xn--mnchen-3ya.de", "b@x\u200b.nl", "c@xn--nda.nl"]


def test_five_hundred_rows_are_written_without_asking_for_each(
    django_assert_max_num_queries: Any,
) -> None:
    rows = [create_contact(name="x", phone="") for n in range(30)]
    for n, row in enumerate(rows):
        kept(row, phone=f"06-123456{n:02}")
    with django_assert_max_num_queries(12):
        assert respell(Contact, {"phone": same_number}, ~Q(phone=b"")) == (30, 0)
    assert Contact.objects.get(pk=rows[7].pk).phone == "+31612345607"
