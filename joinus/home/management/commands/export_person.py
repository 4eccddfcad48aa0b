import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import ports
from core.accounts.models import User
from core.audit.log import opened
from core.privacy import OWN, REST, as_json
from participants.models import Participant
from participants.rights.privacy import person_of

PARTS = {"own": (OWN,), "rest": (REST,), "all": (OWN, REST)}


class Command(BaseCommand):
    help = (
        "What we know about one person, as JSON. --part own is for the person alone; rest is "
        "checked for other people and read together (C-35). --by writes the opening in the log."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("participant", help="the id of the participant")
        parser.add_argument("--by", help="e-mail address of the professional it is made for")
        parser.add_argument("--part", choices=sorted(PARTS), default="own")

    def handle(
        self, *args: Any, participant: str, part: str, by: str | None, **options: Any
    ) -> None:
        try:
            person = person_of(Participant.objects.get(pk=UUID(participant)))
        except (ValueError, Participant.DoesNotExist):
            raise CommandError("There is no participant with this id.") from None
        if by is not None:
            reader = User.objects.staff().filter(email=by, is_active=True).first()
            if reader is None:
                raise CommandError("No professional has this address.")
            opened(reader, "personal_data", person.trajectory_ids)
        sections = [
            section
            for name in PARTS[part]
            for answer in ports.export_person(person, name)
            for section in answer
        ]
        told = as_json(sorted(sections, key=lambda s: s.order))
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
