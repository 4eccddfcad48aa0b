from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.encryption import CannotOpen
from core.erasures import Tampered
from participants.rights.erasure import reapply


class Command(BaseCommand):
    help = "After a restore: erase again whoever was erased since the backup. Safe to run twice."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = reapply()
        except Tampered as wrong:
            raise CommandError(
                f"The file of erasures is not as it was written ({wrong}). Nothing was changed."
            ) from None
        except CannotOpen as gone:
            raise CommandError(
                f"An old key of FIELD_KEYS is missing ({gone}). Nothing was changed."
            ) from None
        self.stdout.write(f"{count} erased again.")
