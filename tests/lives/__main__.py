"""Play a world of lives again, or one life of it: `python -m tests.lives --seed 3 --life 17`.

With `--shrink` its acts are left out one by one as long as the same disagreement comes, and what
is left is printed: the smallest history. It runs as a test, on the suite's own database.
"""

import argparse
import json
import os
import sys

import pytest

TEST = "tests/lives/test_lives.py::test_what_was_asked_for"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--lives", type=int, default=84)
    parser.add_argument("--days", type=int, default=260)
    parser.add_argument("--life", type=int)
    parser.add_argument("--shrink", action="store_true")
    os.environ["LIVES_ASKED"] = json.dumps(vars(parser.parse_args()))
    return int(pytest.main(["-q", "-m", "deep", "-p", "no:cacheprovider", TEST]))


if __name__ == "__main__":
    sys.exit(main())
