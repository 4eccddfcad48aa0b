"""Does a text give away where somebody can be reached? Pure (R-226).

Read as a young person reads it: figures of any script, with anything between them, or in words
("nul zes ..."), "at" and "punt" in an address. Whoever wants to get around it will.

Whoever posts chooses the text: the patterns of what may be long start at its sign ("@", "at", ".",
"#") and look back from there, so that no text makes them read the same signs again and again.
"""

import unicodedata
from enum import StrEnum

import regex

from core.cleaning import in_form, one_form
from core.names import fold


class Way(StrEnum):
    """How somebody could be reached."""

    PHONE = "phone"
    MAIL = "mail"
    HANDLE = "handle"
    LINK = "link"
    ADDRESS = "address"


_UNITS = ("nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
_TEENS = ("tien", "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien")
_TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _numbers() -> dict[str, str]:
    """Words for numbers up to 99 in Dutch, and the figures in English, as people say a number."""
    found = {word: str(n) for n, word in enumerate(_UNITS)}
    found |= {word: str(n) for n, word in enumerate(_ENGLISH)}
    found |= {word: str(n) for n, word in enumerate((*_TEENS, "achttien", "negentien"), start=10)}
    for n, ten in enumerate(_TENS, start=2):
        found[ten] = f"{n}0"
        found |= {f"{unit}en{ten}": f"{n}{u}" for u, unit in enumerate(_UNITS) if u}
    return found


NUMBERS = _numbers()
#: The longest word first, so that "vierendertig" is not read as "vier".
_WORD = regex.compile("|".join(sorted(NUMBERS, key=len, reverse=True)))
#: What stands between the figures of one number, of whatever kind and number.
_BETWEEN = r"[\s.,;:·•*_/\\|()\[\]{}~=+\-–—'\"]"
_RUN = regex.compile(rf"(?<![\d])\+?{_BETWEEN}{{0,3}}\d(?:{_BETWEEN}{{0,3}}\d){{8,}}")
#: A day with its year, and a time: no part of a number.
_TIMES = regex.compile(
    r"(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])"
    r"|(?<![\d/.-])(?:[0-2]?\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:19|20)\d\d(?![-/.]?\d|\s*\d{3})"
)
#: Ten figures of the Netherlands, with or without the country; another country has its plus.
_DUTCH = regex.compile(r"(?:0031|31|0)0?[1-7]\d{8}")
_O_FOR_NOUGHT = regex.compile(r"(?<=[\d\s.-])o(?=[\d\s.-]*[\d])|(?<![\p{L}])o(?=[\s.-]*6)")
_SPACES = regex.compile(r"\s+")
#: In a text with single spaces. No part of a domain's name is longer than 63 (RFC 1035, 2.3.4).
_MAIL = regex.compile(
    r"(?<=[\w.+-] ?)(?:@|\( ?at ?\)|\[ ?at ?\]|\bat\b|\bapenstaart(?:je)?\b) ?[\w-]{1,63}"
    r" ?(?:\.|\( ?(?:dot|punt) ?\)|\bdot\b|\bpunt\b) ?[a-z]{2}"
)
_ENDINGS = r"(?:nl|be|de|com|org|net|eu|info|app|io|gg|tv|me|ly|ee|link|xyz|site|online)"
_LINK = regex.compile(
    r"://|\bwww\.|\b(?:t|wa|m)\.me/|\bdiscord\.gg\b"
    r"|(?<=[\p{L}\p{N}-]{2})\.(?:nl|be|com|org|net|eu|info|app|io|gg|tv)(?![\p{L}\p{N}])"
    rf"|(?<=[\p{{L}}\p{{N}}-]{{2}})\.{_ENDINGS}/"
)
_APPS = (
    r"(?:insta(?:gram)?|snap(?:chat)?|tiktok|discord|telegram|signal|whatsapp|facebook|insta|psn"
    r"|roblox|steam|xbox|fortnite)"
)
_HANDLE = regex.compile(
    r"(?<![\p{L}\p{N}])@[\p{L}\p{N}_.]{3,}"
    rf"|\b(?:mijn|m'n|mn|me|my)\s+{_APPS}(?:[\s-]*(?:naam|name|account|tag))?\s*(?:is|heet|[:=])"
    rf"|\b{_APPS}(?:[\s-]*(?:naam|name|account|tag))?\s*[:=]\s*\S"
    rf"|\b(?:add|adden|voeg)\b.{{0,25}}\b{_APPS}\b"
    rf"|\b(?:op|on|via)\s+{_APPS}\s+(?:als|as|onder|heet|ben)\b"
    r"|#(?<=\b[\p{L}\p{N}_.]{3,}#)\d{4}\b"
)
_ADDRESS = regex.compile(
    r"(?<!\d)[1-9]\d{3}\s?[a-z]{2}\b(?<!\d{4}\s(?:in|is|en|of|op|je|we|ik|te|al|zo|de))"
    r"|(?!onderweg|halverwege)\b\p{L}{3,}(?:straat|laan|plein|kade|gracht|singel|dreef"
    r"|plantsoen|steeg|dijk|hof|weg)\s+\d{1,4}\s?[a-z]?\b"
)


def found_in(*texts: str) -> Way | None:
    """The way that is given away, the most telling first; None: nothing of the kind."""
    text = in_form("NFKC", one_form("\n".join(texts))).casefold()
    if _MAIL.search(_SPACES.sub(" ", text)):
        return Way.MAIL
    if _has_number(text):
        return Way.PHONE
    if _LINK.search(text):
        return Way.LINK
    if _HANDLE.search(text):
        return Way.HANDLE
    return Way.ADDRESS if _ADDRESS.search(text) else None


def _has_number(text: str) -> bool:
    figures = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    figures = _TIMES.sub(" ", figures)
    figures = _WORD.sub(lambda word: f" {NUMBERS[word.group()]} ", fold(figures))
    figures = regex.sub(r" {2,}", " ", _O_FOR_NOUGHT.sub("0", figures))
    return any(_is_number(run.group()) for run in _RUN.finditer(figures))


def _is_number(run: str) -> bool:
    """Of the figures in a row: a Dutch number stands in it, or it has a country of its own."""
    groups = regex.findall(r"\d+", run)
    if run.startswith("+"):
        return len("".join(groups)) >= 9
    return any(_DUTCH.match("".join(groups[first : first + 14])) for first in range(len(groups)))
