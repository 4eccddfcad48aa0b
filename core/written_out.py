"""A value of an enumeration that stands in the statement itself.

A connection plans once for whatever values (`joinus.settings.addresses`), and a plan made for any
`state` cannot use an index that holds only some states. So who looks for those names them in the
statement.
"""

from typing import Any

from django.db.models import Value


class WrittenOut(Value):
    """One of a model's choices. Raises ValueError for anything else than such a word."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        word = str(self.value)
        if not word.replace("_", "").isalpha() or not word.isascii():
            raise ValueError(f"{word!r} is no choice of a model.")
        return f"'{word}'", ()
