"""What is missing on this machine, each with the command that mends it."""

import ctypes
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import health

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Finding:
    """`needed` tells a must from what only some tasks need."""

    name: str
    is_well: bool
    mend: str
    needed: bool = True


class Command(BaseCommand):
    help = "Say what is missing on this machine, and how to mend it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        ill = []
        for finding in findings():
            mark = "ok" if finding.is_well else "MISSING" if finding.needed else "absent"
            self.stdout.write(f"{mark:<8}{finding.name}")
            if not finding.is_well:
                self.stdout.write(f"        {finding.mend}")
                if finding.needed:
                    ill.append(finding.name)
        if ill:
            raise CommandError(f"To mend: {', '.join(ill)}")


def findings() -> Iterator[Finding]:
    yield Finding("Python 3.11 or newer", sys.version_info >= (3, 11), "install Python 3.11")
    ready = health.readiness()
    yield Finding("database answers", ready["database"], "DATABASE_URL, or `make demo`")
    yield Finding("migrations are applied", ready["migrations"], "python manage.py migrate")
    yield Finding("broker answers", ready["broker"], "REDIS_URL, or `make demo`")
    catalogues = all(
        path.with_suffix(".mo").exists()
        for path in settings.BASE_DIR.glob("*/**/LC_MESSAGES/django.po")
        if ".venv" not in path.parts
    )
    yield Finding("translations are compiled", catalogues, "python manage.py messages --compile")
    yield Finding(
        "Pango, for PDFs",
        loads("libpango-1.0.so.0") and loads("libpangoft2-1.0.so.0"),
        "sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core",
    )
    yield Finding(
        "Chromium, for browser tests",
        any(map(shutil.which, BROWSERS)),
        "sudo apt-get install -y chromium",
        needed=False,
    )


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
