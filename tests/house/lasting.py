"""Names that outlive a deployment: rows, mails, queues, cookies and ciphertext hold them.

Each function reads one kind of them from the code as it stands; `before.json` holds what they
were before the rooms moved into packages. Where a name is put together in a call, the strings
that its argument can be are followed through the source: a `*` stands for what is only known
while it runs.
"""

import ast
import importlib
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from core.link_pages import LinkPage

FLOORS = ("core", "participants", "groups", "challenges", "questionnaires", "licensing", "joinus")
SKIPPED = {"migrations", "demo", "world", "embedded", "__pycache__"}
UNKNOWN = {"*"}
DEEPEST = 6


def pages() -> dict[str, list[str]]:
    """Every named page with its addresses."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, route, _view in views():
        if name:
            found[name].add(route)
    return {name: sorted(routes) for name, routes in sorted(found.items())}


def tables() -> dict[str, str]:
    """Every model of ours by label with its table."""
    own = (m for m in apps.get_models() if m.__module__.split(".")[0] in FLOORS)
    return {model._meta.label: model._meta.db_table for model in sorted(own, key=str)}


def sealed() -> list[str]:
    """What an encrypted value is bound to, before the colon and the row's key."""
    from core.encryption import EncryptedTextField

    return sorted(
        f"{model._meta.label_lower}.{field.attname}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, EncryptedTextField)
    )


def permissions() -> list[str]:
    from core.accounts import rights

    return sorted(rights.declared())


def tasks() -> list[str]:
    from joinus.celery import app

    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if name.split(".")[0] in FLOORS)


def beat() -> list[str]:
    return sorted(entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values())


def mail_templates() -> list[str]:
    root = Path(settings.BASE_DIR) / "templates" / "mail"
    return sorted(path.name for path in root.iterdir() if path.is_dir())


def written() -> dict[str, list[str]]:
    """What `outbox.write` and `outbox.letter` are given to find a row again."""
    return {
        name: sorted(
            {
                each
                for function in ("write", "letter")
                for each in strings(function, name, nowhere_else="dedupe_key")
            }
        )
        for name in ("template", "kind", "dedupe_key")
    }


def asked_by_kind() -> list[str]:
    """Kinds of which messages that wait are withdrawn."""
    return strings("withdraw", "kind", nowhere_else="reason")


def salts() -> list[str]:
    """Also those of the pages behind a link: each signs its cookies, and its tickets apart."""
    pages = {page.salt for page in link_pages()}
    tickets = {f"{salt}.pressed" for salt in pages}
    return sorted({*strings("dumps", "salt"), *strings("loads", "salt"), *pages, *tickets})


def link_pages() -> set[LinkPage]:
    """Every kind of page behind a link, by the views that are marked with it."""
    found = (getattr(view, "link_page", None) for _name, _route, view in views())
    return {page for page in found if page is not None}


def views(urlconf: str | None = None) -> Iterator[tuple[str, str, Any]]:
    """Every address: its full name, if it has one, its route and its view."""

    def walk(resolver: URLResolver, route: str, names: str) -> Iterator[tuple[str, str, Any]]:
        for each in resolver.url_patterns:
            here = route + str(each.pattern)
            if isinstance(each, URLResolver):
                space = f"{names}{each.namespace}:" if each.namespace else names
                yield from walk(each, here, space)
            elif isinstance(each, URLPattern):
                yield names + each.name if each.name else "", here, each.callback

    yield from walk(get_resolver(urlconf), "", "")


def hashes() -> list[str]:
    """Purposes of keyed hashes: a link in a mail is found by one."""
    return sorted({*strings("keyed_hash", "purpose"), *strings("token_hash", "purpose")})


# ---- What an argument can be ---------------------------------------------------


def strings(function: str, argument: str, nowhere_else: str = "") -> list[str]:
    """The strings that calls of `function` give as `argument`, followed to where they come from.

    `nowhere_else`: only calls that name this argument as well, to tell namesakes apart.
    """
    found: set[str] = set()
    for path, call, around in calls().get(function, []):
        named = {keyword.arg for keyword in call.keywords}
        if not nowhere_else or nowhere_else in named:
            found |= given(path, call, around, function, argument)
    return sorted({re.sub(r"\*+", "*", each) for each in found} - UNKNOWN)


@cache
def sources() -> dict[str, ast.Module]:
    root = Path(settings.BASE_DIR)
    return {
        path.relative_to(root).as_posix(): ast.parse(path.read_text())
        for floor in FLOORS
        for path in sorted((root / floor).rglob("*.py"))
        if not SKIPPED & set(path.parts)
    }


@cache
def calls() -> dict[str, list[tuple[str, ast.Call, ast.FunctionDef | None]]]:
    """Every call by the called function's own name, with its file and the function around it."""
    found: dict[str, list[Any]] = defaultdict(list)

    def walk(path: str, node: ast.AST, around: ast.FunctionDef | None) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                found[ast.unparse(child.func).split(".")[-1]].append((path, child, around))
            walk(path, child, child if isinstance(child, ast.FunctionDef) else around)

    for path, tree in sources().items():
        walk(path, tree, None)
    return found


def given(
    path: str, call: ast.Call, around: ast.FunctionDef | None, function: str, argument: str
) -> set[str]:
    for keyword in call.keywords:
        if keyword.arg == argument:
            return values(path, keyword.value, around)
    place = {("keyed_hash", "purpose"): 1, ("token_hash", "purpose"): 1}.get((function, argument))
    if place is None:
        place = _place(function, argument)
    if place is not None and place < len(call.args):
        return values(path, call.args[place], around)
    return set()


def values(
    path: str, node: ast.expr, around: ast.FunctionDef | None, depth: int = DEEPEST
) -> set[str]:
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if depth == 0:
        return UNKNOWN
    if isinstance(node, ast.IfExp):
        return values(path, node.body, around, depth) | values(path, node.orelse, around, depth)
    if isinstance(node, ast.BinOp):
        return {f"{left}*" for left in values(path, node.left, around, depth)}
    if isinstance(node, ast.JoinedStr):
        pieces = [
            values(path, p.value if isinstance(p, ast.FormattedValue) else p, around, depth - 1)
            for p in node.values
        ]
        return {"".join(each) for each in itertools.product(*pieces)}
    if isinstance(node, ast.Name) and around is not None:
        local = [
            step.value
            for step in ast.walk(around)
            if isinstance(step, ast.Assign) and ast.unparse(step.targets[0]) == node.id
        ]
        if local:
            return set().union(*(values(path, each, around, depth - 1) for each in local))
        if node.id in _parameters(around):
            return _from_callers(around, node.id, depth - 1)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _returned(path, node.func.id, depth - 1)
    if isinstance(node, ast.Name | ast.Attribute):
        return _standing(path, ast.unparse(node))
    return UNKNOWN


def _from_callers(function: ast.FunctionDef, argument: str, depth: int) -> set[str]:
    place = _parameters(function).index(argument)
    found: set[str] = set()
    for path, call, around in calls().get(function.name, []):
        arguments = {keyword.arg: keyword.value for keyword in call.keywords}
        if argument in arguments:
            found |= values(path, arguments[argument], around, depth)
        elif place < len(call.args):
            found |= values(path, call.args[place], around, depth)
    return found or UNKNOWN


def _returned(path: str, name: str, depth: int) -> set[str]:
    for node in sources()[path].body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            answers = [s.value for s in ast.walk(node) if isinstance(s, ast.Return) and s.value]
            return set().union(*(values(path, each, node, depth) for each in answers)) or UNKNOWN
    return UNKNOWN


def _standing(path: str, dotted: str) -> set[str]:
    """A name of the module, or an attribute of one, when it is a plain string."""
    first, *rest = dotted.split(".")
    here: Any = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    here = getattr(here, first, None)
    for name in rest:
        here = getattr(here, name, None)
    return {str(here)} if isinstance(here, str) else UNKNOWN


def _place(function: str, argument: str) -> int | None:
    for tree in sources().values():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == function:
                names = _parameters(node)
                return names.index(argument) if argument in names else None
    return None


def _parameters(function: ast.FunctionDef) -> list[str]:
    given_by = function.args
    return [a.arg for a in (*given_by.posonlyargs, *given_by.args, *given_by.kwonlyargs)]


EVERY = {
    read.__name__: read
    for read in (
        pages,
        tables,
        sealed,
        permissions,
        tasks,
        beat,
        mail_templates,
        written,
        asked_by_kind,
        salts,
        hashes,
    )
}
