"""Names as they are looked for: accents, capitals and hyphens aside.

One table serves both sides. `fold` is asked of what somebody types; the database's `name_folded`
(migration organisations.0002) is written out of the same table and keeps the columns
`search_name`, so that neither can drift from the names. Neither asks a collation or a locale:
the answer is the same on every server.
"""

import re
import unicodedata
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

from django.db.models import F, Func, TextField

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


def whole_word(name: str) -> re.Pattern[str]:
    """Finds this name in somebody's words, whatever its capitals, and not inside another word.

    With the s of a possessive too, where it begins with a capital: 'Caseys fiets', and for an Art
    not 'de arts'.
    """
    first, rest = re.escape(name[:1].upper()), re.escape(name[1:])
    return re.compile(rf"(?<!\w)(?:(?i:{re.escape(name)})|{first}(?i:{rest}s))(?!\w)")


# ---- In which order (R-344, docs/adr/0025) -----------------------------------------------------

#: An article in front that a Dutch reader passes by, once it is folded: 't Hart, 's-Gravenhage.
ARTICLE = "^[tsn] "
#: Every number gets zeros in front, and of those and itself the last eight stay: 2 before 10.
NUMBER, WITH_ZEROS, LAST_EIGHT = "([0-9]+)", r"0000000\1", "[0-9]*([0-9]{8})"


def in_order(name: str) -> str:
    """What a name is sorted by: 'Émile' before 'Eva', 'anna' first, 't Hart under the H, and
    'Groep 2' before 'Groep 10'."""
    plainly = re.sub(ARTICLE, "", typed(name.strip(ISOLATE + AND_BACK)))
    return re.sub(LAST_EIGHT, r"\1", re.sub(NUMBER, WITH_ZEROS, plainly))


def order_of(column: str, *, folded: bool = False) -> str:
    """SQL twin of `in_order`, of what stands in `column`; the same on every server."""
    name = column if folded else f"name_folded({column})"
    plainly = f"regexp_replace(btrim({name}), '{ARTICLE}', '')"
    zeros = f"regexp_replace({plainly}, '{NUMBER}', '{WITH_ZEROS}', 'g')"
    return f"(regexp_replace({zeros}, '{LAST_EIGHT}', '\\1', 'g') COLLATE \"C\")"


class InOrder(Func):
    """`order_of` for `order_by`."""

    template = order_of("%(expressions)s")
    arity = 1
    output_field = TextField()


def alphabetical(path: str = "name") -> Func:
    """To order by the name at `path`; a `search_name` is folded already."""
    return (InFoldedOrder if path.endswith("search_name") else InOrder)(F(path))


class InFoldedOrder(InOrder):
    template = order_of("%(expressions)s", folded=True)


# ---- Beside other words ------------------------------------------------------------------------

#: Letters that run from right to left, as a class of a regular expression, here and in PostgreSQL.
RIGHT_TO_LEFT = (
    r"[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\U00010800-\U00010FFF\U0001E800-\U0001EFFF]"
)
#: From here to there the direction is that of the words within (Unicode's FSI and PDI).
ISOLATE, AND_BACK = "\u2068", "\u2069"
_right_to_left = re.compile(RIGHT_TO_LEFT)


def isolated(name: str) -> str:
    """A name that what stands behind it cannot run into: 'محمد', 14 years old, keeps its figures.

    Two invisible signs, only around a name that needs them, so that titles, options, mails and
    paper are served as pages are. The database's `name_isolated` does the same. Once is enough.
    """
    if not _right_to_left.search(name) or name.startswith(ISOLATE):
        return name
    return f"{ISOLATE}{name}{AND_BACK}"


# ---- In two letters ----------------------------------------------------------------------------

#: What stands before a name and is not its first word: 't Hart, van der Berg.
BEFORE = {"'t", "’t", "'s", "’s", "van", "von", "de", "den", "der", "het", "te", "ten", "ter"}
#: One sign as a reader sees it: a flag; signs that are joined, with their colour; marks on it.
_SIGN = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"
    "|.[\ufe0e\ufe0f\u20e3\u0300-\u036f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
    "(?:\u200d.[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)


def initials(name: str) -> str:
    """At most two letters, as on the drawings: Noor -> NO, Bo de Wit -> BD, 't Hart -> HA.

    No sign is cut in half, a letter goes before a drawing, and what tells namesakes apart takes no
    part. A name of drawings alone gives the first one; no name gives nothing.
    """
    words = unicodedata.normalize("NFC", name).split()
    while len(words) > 1 and words[0].casefold() in BEFORE:
        words = words[1:]
    spelt = [letters for word in words if (letters := _letters(word))]
    if len(spelt) > 1:
        return spelt[0][0] + spelt[1][0]
    if spelt:
        return "".join(spelt[0][:2])
    signs = _SIGN.findall(words[0]) if words else []
    return signs[0] if signs else ""


def _letters(word: str) -> list[str]:
    """The letters of a word with the marks on them, as capitals where those are one letter too."""
    found: list[str] = []
    for sign in word:
        kind = unicodedata.category(sign)
        if kind.startswith("L"):
            found.append(sign.upper() if len(sign.upper()) == 1 else sign)
        elif kind.startswith("M") and found:
            found[-1] += sign
    return found


def plain(name: str) -> str:
    """One spelling to compare by: 'Anne-Fleur', 'anne fleur' and 'Annefleur' give the same."""
    return "".join(fold(name).split())


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
