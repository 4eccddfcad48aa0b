"""The house rules that a machine can hold (design.md 1 and 2, style.md)."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps

from core import locks, ports

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("core", "participants", "groups", "challenges", "questionnaires", "licensing", "joinus")
BANNED_NAMES = {"utils", "helpers", "services", "managers", "common", "signals"}
LONGEST = 400
# Rooms that talk to people: they start at what this user may see, and write through actions.
ROOMS_FOR_PEOPLE = {"views", "api", "forms", "admin", "urls", "permissions", "templatetags"}
BEFORE_ANYBODY_IS_KNOWN = {"core/accounts/forms.py"}  # the sign-in forms look an address up
REFERENCE = {"Municipality", "PostalArea"}  # public facts about the country
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SKIPPED = {"migrations", "__pycache__"}


def modules() -> dict[str, str]:
    """Source by path, tests and migrations excepted."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
        if not SKIPPED & set(path.parts)
    }


MODULES = modules()
FOR_PEOPLE = {
    path: source
    for path, source in MODULES.items()
    if ROOMS_FOR_PEOPLE & set(path.removesuffix(".py").split("/"))
}


def offenders(find: Callable[[str], list[str]], sources: dict[str, str]) -> list[str]:
    return [f"{path}: {flaw}" for path, source in sources.items() for flaw in find(source)]


def own_clocks(source: str) -> list[str]:
    """The database's clock and Python's own cannot be travelled; `core.clock` can."""
    return re.findall(
        r"auto_now(?:_add)?=True|\bNow\(\)|timezone\.now\b|localdate\(|datetime\.now\(|date\.today\(",
        source,
    )


def unscoped_queries(source: str) -> list[str]:
    """`Model.objects` of personal data that does not start at `...visible_to(user)`."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)]
    scoped = {id(n.value) for n in nodes if n.attr.endswith("visible_to") or n.attr == "none"}
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in nodes
        if node.attr in MANAGERS
        and id(node) not in scoped
        and ast.unparse(node.value).split(".")[-1] not in REFERENCE
    ]


def fetched_by_bare_id(source: str) -> list[str]:
    """`get_object_or_404(Model, ...)` is an unscoped query in disguise."""
    return [
        f"line {call.lineno}: {ast.unparse(call)}"
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).split(".")[-1] in {"get_object_or_404", "get_list_or_404"}
        and isinstance(call.args[0], ast.Name)
        and call.args[0].id[:1].isupper()
    ]


def locks_by_hand(source: str) -> list[str]:
    """Rows are locked through the verbs of `core.locks`, which know the one order (R-357)."""
    return re.findall(r"select_for_update|(?i:\bfor (?:no key )?update\b[^.])", source)


def test_imports_only_point_down():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_foreign_keys_point_down():
    floors = {floor: height for height, floor in enumerate(FLOORS)}
    siblings = {"challenges", "questionnaires"}
    upward = []
    for model in apps.get_models():
        here = model.__module__.split(".")[0]
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if here not in floors or field.auto_created or not hasattr(target, "_meta"):
                continue
            there = target.__module__.split(".")[0]
            if floors.get(there, -1) > floors[here] or {here, there} == siblings:
                upward.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert not upward


def test_every_port_is_answered():
    assert len(ports.ALL) <= 10
    assert not [port.name for port in ports.ALL if not port.is_answered]


def test_no_module_is_too_long():
    lengths = {path: len(source.splitlines()) for path, source in MODULES.items()}
    assert not {path: length for path, length in lengths.items() if length > LONGEST}


def test_modules_are_named_after_their_rule():
    assert not [p for p in MODULES if BANNED_NAMES & set(p.removesuffix(".py").split("/"))]


def test_time_comes_from_the_clock():
    assert not offenders(own_clocks, {p: s for p, s in MODULES.items() if p != "core/clock.py"})


@pytest.mark.req("R-357")
def test_rows_are_locked_in_one_room():
    rooms = {p: s for p, s in MODULES.items() if p != "core/locks.py"}
    assert not offenders(locks_by_hand, rooms)


@pytest.mark.req("R-357")
def test_the_one_order_names_models_that_exist_each_once():
    labels = [label for rank in locks.ORDER for label in rank]
    assert len(labels) == len(set(labels))
    assert {model._meta.label for model in apps.get_models()}.issuperset(labels)


def test_rooms_for_people_start_at_what_the_user_may_see():
    rooms = {p: s for p, s in FOR_PEOPLE.items() if p not in BEFORE_ANYBODY_IS_KNOWN}
    assert not offenders(unscoped_queries, rooms)


def test_views_fetch_nothing_by_bare_id():
    assert not offenders(fetched_by_bare_id, FOR_PEOPLE)


@pytest.mark.parametrize(
    ("find", "planted"),
    [
        (unscoped_queries, "Trajectory.objects.get(pk=1)"),
        (unscoped_queries, "Trajectory._default_manager.all()"),
        (fetched_by_bare_id, "shortcuts.get_object_or_404(Trajectory, pk=1)"),
        (locks_by_hand, "Meeting.objects.select_for_update().get(pk=1)"),
        (locks_by_hand, 'cursor.execute("select 1 from groups_meeting for update")'),
        (own_clocks, "today = timezone.localdate()"),
        (own_clocks, "made_at = DateTimeField(auto_now_add=True)"),
    ],
)
def test_the_lint_finds_a_planted_flaw(find, planted):
    assert find(planted)


def test_the_lint_leaves_a_scoped_query_alone():
    source = "get_object_or_404(Trajectory.objects.visible_to(user), pk=pk)"
    assert not unscoped_queries(source)
    assert not fetched_by_bare_id(source)
