"""Keys known before insert: version 7 of RFC 9562, in the order in which they were made."""

import time
from uuid import RFC_4122

from core.ids import uuid7


def test_a_key_says_what_it_is_and_no_two_are_the_same() -> None:
    made = [uuid7() for _n in range(200)]  # a wrong bit shows in half of them
    assert {(key.version, key.variant) for key in made} == {(7, RFC_4122)}
    assert len(set(made)) == 200


def test_a_later_key_sorts_later() -> None:
    first = uuid7()
    time.sleep(0.002)
    assert first < uuid7()
