"""`make house`: docs/house.md, drawn from the code: floors, packages and what each holds.

The order comes from the import contracts in pyproject.toml, the words from the packages' own
docstrings. With `--check` nothing is written; a page that is no longer true fails.
"""

import ast
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "house.md"
#: Rooms that every package may have; their names say what they hold.
ROOMS = ("forms", "views", "todos", "mail", "panel", "privacy", "permissions", "migrations")
FOLDERS_OF_THE_FRAMEWORK = {"migrations", "management", "templatetags", "locale", "data", "shipped"}
#: What an app shows to the outside: lists of what its packages offer.
FACE = ("urls", "apps", "admin", "tasks", "panels", "sweep", "access")

HEAD = """\
# The house

Drawn by `make house` from the code; `make check` fails when it is not true any more. Imports point
down only: a floor knows the floors below it, a package those with a higher number in its list (in
`core/` and `joinus/` the packages have no order yet).
How a change is made: [how-a-change-is-made.md](how-a-change-is-made.md). Where a question is
answered: [where-is.md](where-is.md).
"""
FOOT = """\
## The same rooms everywhere

| In a package | What it holds | Never |
|---|---|---|
| a file named after its rule | the rule, and the functions that change a state | requests |
| `models` | what is kept, and which rows somebody may see (`visible_to`) | mail |
| `todos.py` | what waits for somebody, computed from facts | writes |
| `mail.py` | who is told what, as rows of the outbox | sending |
| `forms`, `views` | scope, permission, form, action, page | rules |
| `privacy.py` | how a person is taken out and given out | |
| `permissions.py` | the app's permissions, each with its roles and a reason | queries |
| `access.py` | whose page this is: out of sight (404), not theirs (403) | |
| `urls`, `panels`, `sweep`, `apps`, `tasks` | the face: lists of what it offers | rules |
"""


def contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return [contract for contract in found if contract["type"] == "layers"]


def layers_of(container: str = "") -> list[list[str]]:
    """Names by storey, from the top: the floors, or the packages of one; [] without a contract."""
    for contract in contracts():
        if contract.get("containers", [""]) == [container]:
            return [layer.split(" | ") for layer in contract["layers"]]
    return []


def line_of(module: Path) -> str:
    """The first sentence of a docstring; empty without one."""
    text = ast.get_docstring(ast.parse(module.read_text())) or ""
    return " ".join(text.split("\n\n")[0].split())


def rules_of(package: Path) -> list[str]:
    """What stands in a package beside the rooms that every package has."""
    files = sorted(path.stem for path in package.glob("*.py") if path.stem != "__init__")
    return [name for name in files if name not in {*ROOMS, *FACE} and "__" not in name]


def packages_of(floor: Path) -> list[str]:
    return sorted(
        path.parent.name
        for path in floor.glob("*/__init__.py")
        if path.parent.name not in FOLDERS_OF_THE_FRAMEWORK
    )


def storeys(floor: str) -> list[list[str]]:
    """The packages of a floor, from the top; those that no contract orders stand together."""
    packages = packages_of(ROOT / floor)
    ordered = [
        [name for name in layer if name in packages] for layer in layers_of(floor.replace("/", "."))
    ]
    left = [name for name in packages if not any(name in layer for layer in ordered)]
    return [layer for layer in [*ordered, left] if layer]


def draw_floor(floor: str) -> list[str]:
    here = ROOT / floor
    drawn = [f"## {floor}/", "", line_of(here / "__init__.py"), ""]
    rows = []
    for number, layer in enumerate(storeys(floor), 1):
        rows += [
            f"| {number} | `{floor}/{name}/` | {line_of(here / name / '__init__.py')} "
            f"| {', '.join(rules_of(here / name))} |"
            for name in layer
        ]
    if rows:
        drawn += ["| | Package | What it holds | Its rules |", "|---|---|---|---|", *rows, ""]
    if modules := rules_of(here):
        drawn += ["Beside them:" if rows else "Its rules:", ""]
        drawn += [f"- `{floor}/{name}.py`: {line_of(here / f'{name}.py')}" for name in modules]
        drawn += [""]
    return drawn


def drawing() -> list[str]:
    width = max(len(" | ".join(layer)) for layer in layers_of()) + 4
    rows = []
    for layer in layers_of():
        first = line_of(ROOT / layer[0] / "__init__.py")
        words = first if len(layer) == 1 else "siblings; neither knows the other"
        rows.append(f"    {' | '.join(layer):<{width}}{words}")
    return rows


def page() -> str:
    lines = [HEAD, *drawing(), ""]
    for layer in layers_of():
        for floor in layer:
            lines += draw_floor(floor)
            if floor == "joinus":
                lines += draw_floor("joinus/home")
    return "\n".join([*lines, FOOT])


def without_words() -> list[str]:
    """Packages that do not say what they hold."""
    floors = [floor for layer in layers_of() for floor in layer]
    places = [*floors, "joinus/home", "joinus/demo"]
    own = {ROOT / place / name for place in places for name in [".", *packages_of(ROOT / place)]}
    return sorted(
        path.resolve().relative_to(ROOT).as_posix()
        for path in own
        if not line_of(path / "__init__.py")
    )


def main(check: bool) -> int:
    if silent := without_words():
        print(f"A package without a docstring: {', '.join(silent)}", file=sys.stderr)
        return 1
    drawn = page()
    if check:
        true = PAGE.exists() and PAGE.read_text() == drawn
        if not true:
            print("docs/house.md is not the house any more: make house", file=sys.stderr)
        return int(not true)
    PAGE.write_text(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
