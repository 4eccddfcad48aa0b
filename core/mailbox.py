"""E-mail addresses: one spelling to keep, to look up and to hash, and one mailbox to compare.

`same_address` is asked on every write and every look-up (the columns of core/columns.py ask it
themselves), so an address with capitals, a pasted invisible sign or a domain in its own letters is
one address (R-342). Domains are kept as the mail goes to them: IDNA 2008, `xn--` and ASCII, where
`straße.de` is no `strasse.de`. `canonical_mailbox` goes further and is for comparing only: two
spellings that arrive in one mailbox (R-347).
"""

import idna
import regex

from core.cleaning import in_form

_NOT_SEEN = regex.compile(r"[\s\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}]+")
#: Providers where several domains are one, and whether dots in the name count.
ONE_DOMAIN = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
}
WITHOUT_DOTS = {"gmail.com": ".", "proton.me": ".-_"}


def same_address(typed: str) -> str:
    """One spelling per address: nothing invisible, lower case, the domain as mail goes to it."""
    text = _NOT_SEEN.sub("", _one_form(typed)).removesuffix(">")
    text = text.rpartition("<")[2].removeprefix("mailto:")
    local, at, domain = text.rpartition("@")
    return f"{_one_form(local.casefold())}@{_domain(domain)}" if at else _one_form(text.casefold())


def canonical_mailbox(address: str) -> str:
    """The mailbox that an address arrives in: without +tag, one domain per provider, and without
    the dots where they do not count. To compare with, never to write to.
    """
    local, at, domain = same_address(address).rpartition("@")
    if not at:
        return domain
    domain = ONE_DOMAIN.get(domain, domain)
    name = local.partition("+")[0] or local
    bare = "".join(sign for sign in name if sign not in WITHOUT_DOTS.get(domain, ""))
    return f"{bare or name}@{domain}"


def same_spelling(one: str, other: str) -> bool:
    """Are both one address, however each was typed?"""
    return same_address(one) == same_address(other)


def same_mailbox(one: str, other: str) -> bool:
    """Do both arrive in one mailbox? Nothing is in no mailbox."""
    return bool(one and other) and canonical_mailbox(one) == canonical_mailbox(other)


def shown(address: str) -> str:
    """With the domain in its own letters: `bo@münchen.de`."""
    local, at, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except (idna.IDNAError, UnicodeError):
        return address


def _one_form(text: str) -> str:
    return in_form("NFKC", text)


def _domain(typed: str) -> str:
    if typed.isascii() and "xn--" not in typed.casefold():
        return typed.lower()
    try:
        return idna.encode(typed, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return typed.lower()
