"""Example challenges and support forms of the method, from the printed material (R-165)."""

import json
from pathlib import Path

from django.db import transaction

from challenges.models import ExampleChallenge, SupportForm

DATA = Path(__file__).parent / "data" / "challenges.json"


@transaction.atomic
def load_reference(path: Path = DATA) -> int:
    """Write what the file holds; safe to run twice. What people added themselves stays.

    Returns how many examples and forms the file has.
    """
    raw = json.loads(path.read_text("utf-8"))
    intensity = {key: n for n, key in enumerate(raw["intensity_order"]["order"], start=1)}
    for order, row in enumerate(raw["example_challenges"], start=1):
        ExampleChallenge.objects.update_or_create(
            key=row["key"],
            defaults={
                "text_nl": row["nl"],
                "text_en": row["en"],
                "mechanism": row["mechanism"] or "",
                "order": order,
            },
        )
    for order, row in enumerate(raw["support_forms"], start=1):
        SupportForm.objects.update_or_create(
            key=row["key"],
            defaults={
                "name_nl": row["nl"],
                "name_en": row["en"],
                "example": row.get("example", ""),
                "intensity": intensity.get(row["key"]),
                "order": order,
            },
        )
    return len(raw["example_challenges"]) + len(raw["support_forms"])
