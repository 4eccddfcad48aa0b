"""Columns that keep telephone numbers and addresses in one spelling, whoever writes them.

The root of "one function on write, hash and look-up": a value is brought to its one spelling when
it is saved and when it is looked for, so no caller can forget it.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

from django.db import models

from core.encryption import EncryptedTextField
from core.mailbox import same_address
from core.telephone import same_number

if TYPE_CHECKING:  # the stubs know generic fields, Django's own classes are plain ones
    _Email: TypeAlias = models.EmailField[Any, Any]
    _Char: TypeAlias = models.CharField[Any, Any]
else:
    _Email, _Char = models.EmailField, models.CharField


class MailboxColumn(_Email):
    """An e-mail address as `core.mailbox.same_address` spells it."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return same_address(prepared) if isinstance(prepared, str) else prepared

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        from core.fields import MailboxField

        return super().formfield(*args, **{"form_class": MailboxField, **kwargs})


class TelephoneColumn(_Char):
    """A telephone number as `core.telephone.same_number` spells it."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return same_number(prepared) if isinstance(prepared, str) else prepared

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        from core.fields import TelephoneField

        return super().formfield(*args, **{"form_class": TelephoneField, **kwargs})


class SealedTelephone(EncryptedTextField):
    """A telephone number that is only readable through its own row."""

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        value = instance.__dict__.get(self.attname)
        if isinstance(value, str):
            setattr(instance, self.attname, same_number(value))
        return super().pre_save(instance, add)
