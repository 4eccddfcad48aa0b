"""Names as they are looked for: accents, capitals and hyphens aside.

One table serves both sides. `fold` is asked of what somebody types; the database's `name_folded`
(migration organisations.0002) is written out of the same table and keeps the columns
`search_name`, so that neither can drift from the names. Neither asks a collation or a locale:
the answer is the same on every server.
"""

import unicodedata
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

#: Accents and other marks that stand on a letter, once it is taken apart (NFKD).
MARKS = "".join(map(chr, range(0x300, 0x370)))
#: Left out between letters: apostrophes, as in O'Brien.
SILENT = "'`´ʹʼʻ‘’‛" + MARKS
#: Letters that are not taken apart, and the capitals of Greek and Cyrillic.
FROM = (
    ascii_uppercase
    + "ØøŁłĐđÐðĦħŦŧıƏə"
    + "-‐‑–_."
    + "ς"
    + "".join(chr(c) for c in range(0x391, 0x3AA) if c != 0x3A2)
    + "".join(map(chr, range(0x410, 0x430)))
    + "ЂЄЅІЈЉЊЋЏ"
)
TO = (
    ascii_lowercase
    + "oollddddhhttiee"
    + "      "
    + "σ"
    + "".join(chr(c + 32) for c in range(0x391, 0x3AA) if c != 0x3A2)
    + "".join(map(chr, range(0x430, 0x450)))
    + "ђєѕіјљњћџ"
)
#: One letter that people type as two.
PAIRS = {"ß": "ss", "ẞ": "ss", "Æ": "ae", "æ": "ae", "Œ": "oe", "œ": "oe", "Þ": "th", "þ": "th"}

_TABLE: dict[int, int | str | None] = {
    **str.maketrans(FROM, TO, SILENT),
    **{ord(letter): pair for letter, pair in PAIRS.items()},
}


def fold(name: str) -> str:
    """'Zoë' and 'zoe' give the same, and so do 'Anne-Marie' and 'anne marie'."""
    return unicodedata.normalize("NFKD", name).translate(_TABLE)


def typed(text: str) -> str:
    """What somebody typed, folded, with single spaces between its words."""
    return " ".join(fold(text).split())


@dataclass(frozen=True)
class Part:
    """A piece of a name; `found` is the typed part."""

    text: str
    found: bool = False


def parts(name: str, wanted: str) -> list[Part]:
    """The name cut around the first place where `wanted` (folded) stands; the name itself whole."""
    folded = [fold(letter) for letter in name]
    at = "".join(folded).find(wanted) if wanted else -1
    if at < 0:
        return [Part(name)]
    first, last, passed = len(name), len(name), 0
    for index, letters in enumerate(folded):
        if passed <= at < passed + len(letters):
            first = index
        passed += len(letters)
        if passed >= at + len(wanted):
            last = index + 1
            break
    while last < len(name) and not folded[last]:  # a mark that stands on the last letter
        last += 1
    cut = (Part(name[:first]), Part(name[first:last], found=True), Part(name[last:]))
    return [part for part in cut if part.text]
