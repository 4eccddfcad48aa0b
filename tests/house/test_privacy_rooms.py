"""trust.md 12: every model with personal data is named in its app's `privacy.py`."""

from django.apps import apps
from django.db import models
from django.db.models import CharField

from core.accounts.models import User
from core.encryption import EncryptedTextField
from core.messaging.models import Contact
from participants.models import Participant, Trajectory
from tests.privacy.filling import FLOORS, held, rooms

#: Named although no rule below finds them.
ALSO = {"audit.ReadEntry", "groups.Meeting"}


def personal() -> set[type[models.Model]]:
    """Hangs on a person (through others as well), or holds sealed words or an address.

    A key to an account alone is only who did something: professionals everywhere.
    """
    ours = [m for m in apps.get_models() if m.__module__.split(".")[0] in FLOORS]
    found = {Participant, Trajectory, Contact, User}
    while more := {m for m in ours if m not in found and _is_personal(m, found - {User})}:
        found |= more
    return found


def _is_personal(model: type[models.Model], known: set[type[models.Model]]) -> bool:
    return any(
        isinstance(field, EncryptedTextField | models.EmailField)
        or (field.is_relation and field.related_model in known)
        for field in model._meta.concrete_fields
    )


def unnamed(named: set[type[models.Model]]) -> set[str]:
    return {m._meta.label for m in personal() - named}


def test_every_model_with_personal_data_is_named():
    assert not unnamed(set(held())), (
        "Add the model to HOLDS of its app's privacy.py, and say in export_person and "
        "erase_person what becomes of it."
    )


def test_a_room_names_the_models_of_its_own_app():
    strange = [
        model._meta.label
        for name, room in rooms().items()
        for model in room.HOLDS
        if not name.startswith(f"{model._meta.app_config.name}.")
    ]
    assert not strange


def test_a_forgotten_model_is_found():
    assert unnamed(set(held()) - {Participant}) == {"participants.Participant"}
    assert {model._meta.label for model in held()} >= ALSO
    assert isinstance(Participant._meta.get_field("call_name"), CharField)
