"""Example challenges and support forms of the method, from the printed material (R-165)."""

import json
from pathlib import Path

from django.db import transaction

from challenges.models import ExampleChallenge, SupportForm

DATA = Path(__file__).parent / "data" / "challenges.json"


@transaction.atomic
def load_reference(path: Path = DATA) -> int:
    """Write what the file holds; safe to run twice. What people added, reworded or retired stays.

    Returns how many examples and forms the file has.
    """
    raw = json.loads(path.read_text("utf-8"))
    steps = enumerate(raw["intensity_order"]["steps"], start=1)
    intensity = {key: n for n, keys in steps for key in keys}
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
    reworded = set(SupportForm.objects.exclude(reworded_at=None).values_list("key", flat=True))
    for order, row in enumerate(raw["support_forms"], start=1):
        words = {"name_nl": row["nl"], "name_en": row["en"], "text_nl": row["text_nl"]}
        meant = {"suits": row.get("suits", ""), "intensity": intensity.get(row["key"])}
        fixed = {"example": row.get("example", ""), "order": order}
        SupportForm.objects.update_or_create(
            key=row["key"],
            defaults=fixed if row["key"] in reworded else {**fixed, **words, **meant},
            create_defaults={**fixed, **words, **meant},
        )
    return len(raw["example_challenges"]) + len(raw["support_forms"])
