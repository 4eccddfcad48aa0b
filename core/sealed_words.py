"""Words about people in an address: sealed, for one account alone (trust.md 10, docs/adr/0019).

Proxies and browsers keep addresses. So back, reload, a second tab and the next page work as they
do anywhere, and whoever reads a log reads nothing.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from core.accounts.actors import Viewer
from core.encryption import CannotOpen, seal, unseal

#: The parameter of an address in which the words stand.
SEALED = "z"


def seal_words(text: str, user: Viewer) -> str:
    return urlsafe_b64encode(seal(text, _bound_to(user))).decode().rstrip("=")


def words_in(sealed: str, user: Viewer) -> str:
    """What was sealed for this very person; nothing for another's, a torn or a forged address."""
    try:
        return unseal(urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)), _bound_to(user))
    except (CannotOpen, NotBase64, ValueError):
        return ""


def _bound_to(user: Viewer) -> str:
    return f"words:{user.pk}"
