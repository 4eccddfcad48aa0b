"""Fill one person into every table that a `privacy.py` names, with a canary in every word.

A model that lands is filled by its fields alone; what a constraint asks for stands in GIVEN.
"""

import importlib
from datetime import time
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from core import clock
from core.accounts.models import User
from core.drafts.models import Draft
from core.encryption import EncryptedTextField
from core.ids import uuid7
from core.messaging.contacts import create_contact
from core.messaging.models import Contact, Message
from core.texts.models import TextVersion
from groups.models import Notice, Placement
from participants.models import Participant, Trajectory
from tests import world

ROOT = Path(__file__).resolve().parents[2]
CANARY = "kanarie"
FLOORS = ("core", "participants", "groups", "challenges", "questionnaires", "licensing", "joinus")

#: Words that a program chose, not a person; a canary does not belong there.
NOT_WORDS = {
    "audit.readentry": {"record", "session"},
    "messaging.message": {"template", "kind", "dedupe_key", "reason"},
    "messaging.contact": {"language", "stopped_reason"},
    "participants.trajectory": {"blocked_reason"},
    "participants.contactattempt": {"about"},
    "participants.guardian": {"relation"},
    "participants.referrer": {"workplace"},
    "participants.feedbackconsent": {"text_sha256"},
    "participants.agreement": {"text_sha256"},
    "participants.parentalconsent": {
        "text_sha256",
        "research_sha256",
        "answered_language",
        "ring_name",
        "ring_number",
    },
    "groups.meeting": {"activity"},
    "groups.activity": {"title", "cost_note", "people", "transport", "preparation"},
    "groups.activityorganiser": {"task"},
    "questionnaires.invitation": {"reason"},
    "drafts.draft": {"form", "subject"},
    "groups.attendancetap": {"from_state", "to_state"},
    "groups.sheetact": {"kind"},
    "groups.meetingchange": {"reason_before"},
    "groups.logbookpart": {"kind", "state"},
    "groups.talk": {"setting", "moment"},
    "challenges.supportform": {"name_nl", "name_en", "example", "text_nl"},
}
#: What a constraint or a reader asks for.
GIVEN: dict[str, Any] = {
    "participants.parentalconsent": {"answer": "yes", "revoked_at": None, "obsolete_at": None},
    "participants.unsafehome": {"ended_at": None},
    "participants.homesilence": {"ended_at": None},
    "participants.referrertie": {"ended_at": None},
    "participants.feedbackconsent": {"ended_at": None},
    "participants.parentsatexit": {"coordinator": None, "discussed": None, "answered_at": None},
    "participants.returnexception": {"used_by": None, "discussed": True},
    "participants.agreement": {"withdrawn_at": None},
    "participants.contactattempt": {"quiet_until": None},
    "participants.pausewish": {"settled_at": None, "outcome": ""},
    "participants.callwish": {"settled_at": None, "outcome": ""},
    "groups.meeting": {"status": "held", "cancel_reason": ""},
    "groups.placement": {"last_day": None},
    "groups.absencenotice": {"taken_back_at": None},
    "groups.visitor": {"call_name": "", "taken_off_at": None},
    "groups.activity": {"put_aside_at": None},
    "groups.farewellcard": {"put_away_at": None},
    "groups.farewelltext": {"by_worker": None, "way": "typed"},
    "groups.groupmove": {"ended_at": None, "ended_why": ""},
    "groups.rolemodel": {"ended_on": None, "ended_by": None},
    "groups.folded": {"other": None},
    "challenges.challenge": {"state": "going", "ended_on": None, "ended_by": None},
    "challenges.practicenote": {"taken_back_at": None},
    "challenges.observation": {"taken_back_at": None},
    "challenges.jotting": {"dropped_at": None},
    "challenges.hypothesis": {
        "instead": None,
        "outcome": "",
        "outcome_on": None,
        "outcome_at": None,
        "outcome_by": None,
    },
    "questionnaires.invitation": {"state": "open", "wave": "interim", "answered_on": None},
    "participants.datarequest": {"outcome": "refused"},
    "messaging.message": {"state": "queued", "claimed_until": None, "group": None},
}


def rooms() -> dict[str, Any]:
    """The `privacy` rooms that name models (HOLDS), of every app of ours, by dotted name."""
    found = {}
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("privacy.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name] = importlib.import_module(name)
    return {name: room for name, room in found.items() if hasattr(room, "HOLDS")}


def held() -> dict[type[models.Model], str]:
    return {model: why for room in rooms().values() for model, why in room.HOLDS.items()}


class Filled:
    """Somebody of whom every table knows something."""

    def __init__(self) -> None:
        self.group = world.make_group()
        self.worker = world.make_worker(self.group)
        self.stay = world.make_participating(
            self.group, since=clock.today(), call_name=CANARY, email=f"{CANARY}@example.org"
        )
        self.person: Participant = self.stay.participant
        assert self.person.user is not None
        self.rows: dict[type[models.Model], models.Model] = {
            Participant: self.person,
            Trajectory: self.stay,
            Contact: self.person.contact,
            User: self.person.user,
            Placement: Placement.objects.get(trajectory=self.stay),
        }
        for row in self.rows.values():
            self._set(row)
            row.save()
        for model in held():
            self.row_of(model)

    def row_of(self, model: type[models.Model]) -> models.Model:
        if model not in self.rows:
            self.rows[model] = self._build(model)
        return self.rows[model]

    def _build(self, model: type[models.Model]) -> models.Model:
        row = model()
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                value = self._related(model, field)
                if value is not None:
                    setattr(row, field.name, value)
        self._set(row)
        if isinstance(row, Draft):  # typed by the worker, about the young person
            row.about = [self.stay.pk]
        row.save(force_insert=True)
        return row

    def _related(self, model: type[models.Model], field: Any) -> Any:
        target = field.related_model
        if field.name in GIVEN.get(model._meta.label_lower, {}):
            return GIVEN[model._meta.label_lower][field.name]
        if target is User:
            return self.worker
        if target is Contact and model not in (Message, Notice):
            if model._meta.label == "participants.Referrer":  # somebody else, who stays
                return create_contact(name="Karin", email="karin@example.org")
            return create_contact(name=CANARY, email=f"{CANARY}@example.org", phone=CANARY)
        if target._meta.label == "organisations.Group":
            return self.group
        if target in held():
            return self.row_of(target)
        if target is TextVersion:
            return TextVersion.objects.current("privacy", "nl")
        if field.null:
            return None
        return target._default_manager.first() or self.row_of(target)

    def _set(self, row: models.Model) -> None:
        label = row._meta.label_lower
        given = GIVEN.get(label, {})
        for field in row._meta.concrete_fields:
            own_key = field.primary_key and not isinstance(field, models.UUIDField)
            if (
                own_key
                or (field.primary_key and row.pk is not None)
                or field.is_relation
                or field.name in given
            ):
                continue
            value = _word(field, field.name in NOT_WORDS.get(label, set()), row)
            if value is not None:
                setattr(row, field.attname, value)
        for name, value in given.items():
            setattr(row, name, value)


def _word(field: Any, chosen: bool, row: models.Model) -> Any:
    if isinstance(row, User | Participant | Trajectory | Contact) and not (
        isinstance(field, EncryptedTextField)
        or (isinstance(field, models.CharField) and not field.choices and field.blank)
    ):
        return None
    if chosen and isinstance(field, models.JSONField):
        return {}
    if isinstance(field, EncryptedTextField):
        return CANARY
    if isinstance(field, models.EmailField):
        return f"{CANARY}@example.org"
    if isinstance(field, models.CharField | models.TextField):
        if field.choices:
            return next(value for value, _label in field.choices if value)
        if chosen or (field.max_length or 99) < len(CANARY):
            return "x" if not field.unique else str(uuid7())
        return CANARY
    kinds: tuple[tuple[Any, Any], ...] = (
        (models.JSONField, {"word": CANARY}),
        (models.DateTimeField, clock.now()),
        (models.DateField, clock.today()),
        (models.TimeField, time(19)),
        (models.BooleanField, False),
        (models.UUIDField, uuid7()),
        (ArrayField, []),
        (DateRangeField, DateRange(clock.today(), None)),
        (models.BinaryField, b"x" * 32),
    )
    for kind, value in kinds:
        if isinstance(field, kind):
            return value
    if isinstance(field, models.IntegerField) and not field.null and not field.has_default():
        return 1
    return None


def words_of(row: models.Model) -> str:
    """Every value of a row, opened where it was sealed."""
    return " ".join(str(getattr(row, field.attname)) for field in row._meta.concrete_fields)


def still_there() -> set[str]:
    """Model and field of every canary that some table still holds, sealed ones included."""
    found = set()
    for model in apps.get_models():
        for row in model._default_manager.all():
            for field in model._meta.concrete_fields:
                if CANARY in str(getattr(row, field.attname)).lower():
                    found.add(f"{model._meta.label}.{field.name}")
    return found


__all__ = ["CANARY", "FLOORS", "Filled", "held", "rooms", "still_there", "words_of"]
