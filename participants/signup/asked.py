"""What somebody asked at "is there a Join Us near me?", carried from page to page in the address.

The answer is a page of its own, so that Back, reload, a bookmark and another language find it
again (R-339); nothing of it is stored. A place and an age say something about somebody, and
addresses lie in histories and logs (trust.md 10): so what the address carries only we can read.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass

from core.encryption import CannotOpen, seal, unseal

BOUND_TO = "participants.asked"


@dataclass(frozen=True)
class Asked:
    """`place` is a municipality's code, `postcode` four figures or nothing. `from_form`: asked by
    the sign-up form itself, which found that it does not fit.
    """

    place: str
    age: int
    postcode: str = ""
    via: str = ""
    from_form: bool = False

    def sealed(self) -> str:
        """For an address."""
        form = "1" if self.from_form else ""
        plain = "|".join((self.place, str(self.age), self.postcode, form, self.via))
        return urlsafe_b64encode(seal(plain, BOUND_TO)).decode().rstrip("=")


def asked_in(sealed: str) -> Asked | None:
    """Nothing for a torn or a forged address."""
    try:
        plain = unseal(urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)), BOUND_TO)
        place, age, postcode, form, via = plain.split("|", 4)
        return Asked(place, int(age), postcode, via, bool(form))
    except (CannotOpen, NotBase64, ValueError):
        return None
