"""Taking names out of what was written, for a talk under another name (R-268). Pure.

It finds the names that are known: of the person, of who is or was in the group, of its workers, and
of the group and its place. What it cannot find is said to whoever shares: `NOT_MASKED`.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import names

#: Said beside the button, word for word.
NOT_MASKED = (
    gettext_lazy("Names of brothers, sisters, classmates and others who are not in the group."),
    gettext_lazy("Nicknames, surnames of others, and names that are spelled otherwise."),
    gettext_lazy("Schools, clubs, streets and days that stand in a sentence."),
    gettext_lazy(
        "The story itself. A coordinator reads the challenges of the group by name, and so may "
        "recognise somebody by their challenge."
    ),
)
#: Names that are also plain words: out only where they are written with a capital.
_WORDS = """
    an ben bo daan fay iris jan joy juul lot madelief may mees roos sam sem storm ties vos wende wil
    will wolf
"""
ALSO_WORDS = frozenset(_WORDS.split())
#: Shorter than this is no name that can be looked for.
SHORTEST = 2
_NUMBERS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)\+?\d(?:[\d \-]{5,})\d(?!\w)")


@dataclass(frozen=True)
class Known:
    """The names there are."""

    person: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mask:
    pseudonym: str
    known: Known = field(default_factory=Known)

    def __call__(self, text: str) -> str:
        """The text without the names, and without addresses and telephone numbers."""
        if not text:
            return text
        text = _NUMBERS.sub("…", text)
        if self._pattern is None:
            return text
        folded, made, last = fold(text), [], 0
        for hit in self._pattern.finditer(folded):
            written = text[hit.start() : hit.end()]
            key = hit.group(0)
            if key in ALSO_WORDS and not written[:1].isupper():
                continue
            made += [text[last : hit.start()], self._instead[key] or self._participant(key)]
            last = hit.end()
        return "".join([*made, text[last:]])

    @cached_property
    def _instead(self) -> dict[str, str]:
        """By the folded name; nothing for who is called by a letter. The person comes first: their
        name is theirs alone."""
        found: dict[str, str] = {}
        for name in _parts(self.known.person):
            found.setdefault(name, self.pseudonym)
        for name in _names(self.known.others):
            found.setdefault(name, "")
        for name in _parts(self.known.workers):
            found.setdefault(name, _("a youth worker"))
        for name in _names(self.known.places):
            found.setdefault(name, _("the group"))
        return found

    def _participant(self, name: str) -> str:
        """By a letter in the order in which they come up: their place in the alphabet would say who
        it is to somebody with the list of the group."""
        letter = self._letters.setdefault(name, _letter(len(self._letters)))
        return _("another participant ({letter})").format(letter=letter)

    @cached_property
    def _letters(self) -> dict[str, str]:
        """Given so far, by the folded name."""
        return {}

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        """The longest name first; a Dutch s behind it stays (Caseys, Casey's)."""
        known = sorted(self._instead, key=len, reverse=True)
        if not known:
            return None
        either = "|".join(re.escape(name) for name in known)
        return re.compile(rf"(?<!\w)(?:{either})(?=(?:['’]?s)?(?!\w))")


def fold(text: str) -> str:
    """Small and without accents, as a name is looked for, but letter for letter, so that every
    letter keeps its place. Compared as it stands: what `re.IGNORECASE` takes for the same letter
    (i and ı) is not what `casefold` does."""
    return "".join((names.fold(letter) or letter).casefold()[:1] for letter in text)


def _names(written: Iterable[str]) -> list[str]:
    """Folded, each once, in their order."""
    found = (fold(unicodedata.normalize("NFC", name)).strip() for name in written)
    return list(dict.fromkeys(name for name in found if len(name) >= SHORTEST))


def _parts(written: Iterable[str]) -> list[str]:
    """Whole names, and each of their parts that begins with a capital (not *van der*)."""
    whole = list(written)
    parts = (part for name in whole for part in re.split(r"[\s-]+", name) if part[:1].isupper())
    return _names([*whole, *parts])


def _letter(number: int) -> str:
    """A to Z, then A2 and on."""
    round_, place = divmod(number, 26)
    return chr(ord("A") + place) + (str(round_ + 1) if round_ else "")
