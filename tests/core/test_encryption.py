"""Sensitive text opens only through its own row, field and key (trust.md 10)."""

import base64
from typing import Any

import pytest
from django.db import connection

from core.encryption import CannotOpen, keyed_hash, seal, unseal
from core.messaging.contacts import create_contact
from core.messaging.models import Contact

CANARY = "06-canary-4711"


@pytest.mark.django_db
def test_a_telephone_number_is_not_readable_in_the_table_and_is_through_its_row() -> None:
    row = create_contact(name="Noor", phone=CANARY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM messaging_contact WHERE id = %s", [row.pk])
        stored = bytes(cursor.fetchone()[0])
    assert CANARY.encode() not in stored
    assert Contact.objects.get(pk=row.pk).phone == CANARY


@pytest.mark.django_db
def test_a_value_copied_to_another_row_does_not_open() -> None:
    row, other = create_contact(name="Noor", phone=CANARY), create_contact(name="Sam", phone="x")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_contact SET phone ="
            " (SELECT phone FROM messaging_contact WHERE id = %s) WHERE id = %s",
            [row.pk, other.pk],
        )
    with pytest.raises(CannotOpen):
        _ = Contact.objects.get(pk=other.pk).phone


@pytest.mark.django_db
def test_saving_a_row_that_was_not_opened_keeps_its_value() -> None:
    row = create_contact(name="Noor", phone=CANARY)
    fresh = Contact.objects.get(pk=row.pk)
    fresh.name = "Noortje"
    fresh.save()
    assert Contact.objects.get(pk=row.pk).phone == CANARY


@pytest.mark.django_db
def test_an_update_without_the_row_is_refused() -> None:
    create_contact(name="Noor", phone=CANARY)
    with pytest.raises(TypeError):
        Contact.objects.update(phone="plain")


def test_the_first_key_writes_and_older_keys_still_read(settings: Any) -> None:
    old, new = (f"{n}:{base64.b64encode(bytes([n]) * 32).decode()}" for n in (1, 2))
    settings.FIELD_KEYS = [old]
    sealed = seal(CANARY, "a")
    settings.FIELD_KEYS = [new, old]
    assert unseal(sealed, "a") == CANARY
    assert seal(CANARY, "a")[1] == 2
    settings.FIELD_KEYS = [new]
    with pytest.raises(CannotOpen):
        unseal(sealed, "a")


def test_a_changed_byte_does_not_open() -> None:
    sealed = bytearray(seal(CANARY, "a"))
    sealed[-1] ^= 1
    with pytest.raises(CannotOpen):
        unseal(bytes(sealed), "a")


def test_a_keyed_hash_differs_per_purpose_and_key(settings: Any) -> None:
    here = keyed_hash("a", "email")
    assert here == keyed_hash("a", "email")
    assert here != keyed_hash("a", "token")
    settings.FIELD_KEYS = ["3:" + base64.b64encode(b"3" * 32).decode()]
    assert here != keyed_hash("a", "email")
