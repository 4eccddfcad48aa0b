"""Who somebody is in one print of a stencil: name, address, day of birth, from seed and place."""

import hashlib
from datetime import date, timedelta

from challenges.thread.sharing import PLANTS
from core.messaging.contacts import address_hash
from core.names import fold

# fmt: off
CALL_NAMES = (
    "Amir", "Bo", "Casey", "Daan", "Emma", "Fenna", "Guus", "Hanna", "Ilse", "Jip", "Kaya",
    "Lotte", "Mees", "Noor", "Otis", "Puk", "Quin", "Roos", "Sam", "Tess", "Umut", "Vera",
    "Wout", "Xavi", "Yara", "Zoë", "Anouk", "Bram", "Cas", "Dunya", "Elif", "Floor", "Gijs",
    "Hugo", "Isa", "Jara", "Kim", "Lars", "Milan", "Nina", "Olaf", "Pien", "Rayan", "Sara",
    "Teun", "Ula", "Vince", "Wies", "Yusuf", "Ziggy",
)
SURNAMES = (
    "Jansen", "de Vries", "Bakker", "Visser", "Smit", "Meijer", "de Boer", "Mulder",
    "de Groot", "Bos", "Vos", "Peters", "Hendriks", "van Leeuwen", "Dekker", "Brouwer",
    "de Wit", "Dijkstra", "Smits", "de Graaf", "van der Meer", "Kok", "Jacobs", "de Haan",
    "Vermeulen", "van den Berg", "van Dijk", "El Amrani", "Yılmaz", "Nguyen", "Kowalska",
    "Santos", "van der Linden", "Bouzid",
)
# fmt: on


def stirred(*parts: object) -> int:
    """A large number that is the same for the same parts, on every machine."""
    text = ":".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


class Faces:
    """Everybody of one print. `born`: the day of birth in the stencil and how far it may move."""

    def __init__(self, seed: int, place: int, born: dict[int, tuple[date, int]]) -> None:
        self.seed = seed
        self.place = place
        self.born = born

    def __call__(self, what: str, number: int) -> str:
        who = stirred(self.seed, self.place, number)
        if what == "born":
            day, room = self.born[number]
            return (day + timedelta(days=who // 7 % (room + 1))).isoformat()
        if what == "email":
            return self.email(number)
        if what == "hash":
            return f"\\\\x{address_hash(self.email(number)).hex()}"
        if what == "plant":
            return self.plant()
        call_name = CALL_NAMES[who % len(CALL_NAMES)]
        surname = SURNAMES[who // 1000 % len(SURNAMES)]
        if what == "search":
            return fold(call_name)
        return call_name if what == "call" else f"{call_name} {surname}"

    def email(self, number: int) -> str:
        return f"p{number}.{self.place}@fill.example"

    def plant(self) -> str:
        """Under which name somebody of this group is talked about: no two groups have the same."""
        plants = PLANTS.split()
        return f"{plants[self.place // 90 % len(plants)]} {self.place % 90 + 10}"
