"""Sensitive text at rest: AES-256-GCM bound to model, field and row (trust.md 10).

A sealed value is `version byte | key id (1 byte) | nonce (12) | ciphertext`; the additional
data is "model.field:row key", so a value copied to another row, field or table does not open.
`FIELD_KEYS` lists "id:base64(32 bytes)"; the first one writes, all of them read (rotation).
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.signals import setting_changed
from django.db import models
from django.db.models.query_utils import DeferredAttribute

VERSION = 1


class CannotOpen(Exception):
    """The sealed value does not belong to this row and field, or its key is gone."""


@lru_cache(maxsize=1)
def _keys() -> dict[int, bytes]:
    keys: dict[int, bytes] = {}
    for entry in settings.FIELD_KEYS:
        key_id, _, encoded = entry.partition(":")
        keys[int(key_id)] = base64.b64decode(encoded)
    return keys


setting_changed.connect(
    lambda *, setting, **_: _keys.cache_clear() if setting == "FIELD_KEYS" else None, weak=False
)


def seal(text: str, bound_to: str) -> bytes:
    """Encrypt `text` so that it opens only with the same `bound_to`."""
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(12)
    return (
        bytes([VERSION, key_id])
        + nonce
        + AESGCM(key).encrypt(nonce, text.encode(), bound_to.encode())
    )


def unseal(sealed: bytes, bound_to: str) -> str:
    """Raises CannotOpen for another row's value, a tampered one or an unknown key."""
    key = _keys().get(sealed[1]) if len(sealed) > 14 and sealed[0] == VERSION else None
    if key is None:
        raise CannotOpen(bound_to)
    try:
        return AESGCM(key).decrypt(sealed[2:14], sealed[14:], bound_to.encode()).decode()
    except InvalidTag as wrong:
        raise CannotOpen(bound_to) from wrong


def newest_key_id() -> int:
    return next(iter(_keys()))


def keyed_hash(text: str, purpose: str, key_id: int | None = None) -> bytes:
    """32 bytes; finds equal values (an address, a token) without storing them readable.

    `key_id` names an older key. Raises CannotOpen when that key is gone.
    """
    secret = _keys().get(newest_key_id() if key_id is None else key_id)
    if secret is None:
        raise CannotOpen(f"key {key_id}")
    key = hashlib.sha256(b"joinus:" + purpose.encode() + secret).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class _Sealed(bytes):
    """Ciphertext as it came from the database, not yet opened."""


if TYPE_CHECKING:  # the stubs know a generic field, Django's own class is a plain one
    _Binary: TypeAlias = models.BinaryField[str | None, Any]
else:
    _Binary = models.BinaryField


class _OpensOnRead(DeferredAttribute):
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        value = super().__get__(instance, owner)
        if isinstance(value, _Sealed):
            field: Any = self.field
            value = unseal(bytes(value), field.bound_to(instance))
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        """Makes this a data descriptor, so that reading always passes `__get__`."""
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(_Binary):
    """Text that is only readable through its own row. The model's key is known before insert."""

    descriptor_class = _OpensOnRead
    # For django-stubs: text goes in and comes out.
    _pyi_private_set_type: str | None
    _pyi_private_get_type: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def bound_to(self, instance: models.Model) -> str:
        if instance.pk is None:
            raise ValueError("An encrypted field needs a key that is known before insert.")
        return f"{instance._meta.label_lower}.{self.attname}:{instance.pk}"

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        return None if value is None else _Sealed(bytes(value)) if value else ""

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        value = instance.__dict__.get(self.attname)
        if value is None or isinstance(value, _Sealed):
            return None if value is None else bytes(value)
        return seal(value, self.bound_to(instance)) if value else b""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            if value == "":
                return super().get_db_prep_value(b"", connection, prepared)
            raise TypeError(f"{self.name} is encrypted per row: save the instance, never update().")
        return super().get_db_prep_value(value, connection, prepared)

    def get_default(self) -> Any:
        if self.has_default():
            return self.default() if callable(self.default) else self.default
        return None if self.null else ""

    def value_to_string(self, obj: models.Model) -> str:
        return ""

    def to_python(self, value: Any) -> Any:
        return value
