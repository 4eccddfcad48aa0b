"""A word that an index names in its condition stands in the statement itself.

A connection plans once for whatever values (`joinus.settings.addresses`), and a plan made for any
`state` cannot use an index that holds only some states: it would read every row there ever was. So
a column that such a condition names is a `WordColumn`, and whoever compares it with one of its
words has that word in the statement. Any other value goes along as a parameter, as always.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db import models
from django.db.models.lookups import Exact, In

if TYPE_CHECKING:  # the stubs know generic classes, Django's own are plain ones
    _Char: TypeAlias = models.CharField[Any, str]
    _Exact: TypeAlias = Exact[Any]
    _In: TypeAlias = In[Any]
else:
    _Char, _Exact, _In = models.CharField, Exact, In


class WordColumn(_Char):
    """One of few words. In the database, and to a migration, it is a CharField."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def writes_out(self, value: object) -> bool:
        """Only what cannot be anything but a word: ASCII letters and lines, or nothing at all.

        Of a column with choices only a choice: what somebody typed makes no statement of its own.
        """
        if not isinstance(value, str):
            return False
        word = str(value)
        if word and not (word.isascii() and word.replace("_", "").isalpha()):
            return False
        return not self.choices or word in dict(self.flatchoices) or (self.blank and not word)


@WordColumn.register_lookup
class IsWord(_Exact):
    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if self.rhs_is_direct_value() and (written := _written(self.lhs, [self.rhs])):
            return written[0], ()
        return super().process_rhs(compiler, connection)


@WordColumn.register_lookup
class IsOneOfTheWords(_In):
    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if self.rhs_is_direct_value() and (written := _written(self.lhs, self.rhs)):
            return f"({', '.join(written)})", ()
        return super().process_rhs(compiler, connection)


def _written(column: Any, values: Iterable[object]) -> list[str]:
    """The words between quotes, in one order for all who ask; empty when one of them is none."""
    field = column.output_field
    words = list(values)
    if not isinstance(field, WordColumn) or not all(map(field.writes_out, words)):
        return []
    return sorted({f"'{word!s}'" for word in words})
