"""`make bench`: each number of people in a process and on servers of its own, then one table.

`python -m joinus.bench 1000 100000`; `--rows 1,4` measures only these rows.
"""

import argparse
import os
import subprocess
import sys

from joinus.bench import report


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m joinus.bench")
    parser.add_argument("people", nargs="*", type=int, default=[1000, 100_000])
    parser.add_argument("--rows", default="", help="only these rows, with commas between them")
    parser.add_argument("--rounds", type=int, default=5, help="fewer on a busy machine")
    parser.add_argument("--name", default="", help="of the table in .local/ (default: today)")
    parser.add_argument("--fill-only", action="store_true", help="only make the worlds")
    asked = parser.parse_args()
    for people in asked.people:
        # Of this process too: the table is named by the clock, which reads the settings.
        os.environ |= {
            "BENCH_PEOPLE": str(people),
            "DJANGO_SETTINGS_MODULE": "joinus.bench.settings",
        }
        subprocess.run([sys.executable, "-m", "joinus.bench.run", *_words(asked)], check=True)
    if not asked.fill_only:
        print(report.write(asked.people, asked.name))


def _words(asked: argparse.Namespace) -> list[str]:
    return [
        f"--rows={asked.rows}",
        f"--rounds={asked.rounds}",
        *(["--fill-only"] if asked.fill_only else []),
    ]


if __name__ == "__main__":
    main()
