"""Finds the second clauses of the rules and takes one away.

First guards are nearly always proved; what slips through is "and only when ...", "or since ...",
one more filter. So these are looked for: every operand of `and`, `or`, `&`, `|` but the first,
every further condition of a filter, `.exclude(...)`, the `if` of a comprehension, and an `if`
whose whole body is to leave (`return`, `continue`, `raise`).
"""

import ast
import random
from collections.abc import Container, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = (
    "core",
    "participants",
    "groups",
    "challenges",
    "questionnaires",
    "licensing",
    "joinus/home",
)
#: Rooms without rules, by a part of their path.
NO_RULES = {"views", "forms", "migrations", "admin", "api", "urls", "apps", "management", "tests"}
FILTERS = {"filter", "exclude", "get", "Q"}
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
#: `x or ""` and the like give a value a shape; they are no rule.
EMPTY = {"None", "''", "0", "[]", "()", "{}", "False", "True", "set()"}


@dataclass(frozen=True)
class Clause:
    """One clause that can be taken away. `start` and `end` are bytes of the file."""

    path: str
    line: int
    within: str
    gone: str
    kind: str
    start: int
    end: int
    instead: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.path, self.within, self.gone

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line} {self.within}"

    def __str__(self) -> str:
        return f"{self.place}: {self.kind} `{self.gone}`"

    def cut(self, source: str) -> str:
        """The file without the clause."""
        text = source.encode()
        return (text[: self.start] + self.instead.encode() + text[self.end :]).decode()


def rooms(root: Path = ROOT) -> list[Path]:
    """Every module that holds rules."""
    return [
        path
        for floor in FLOORS
        for path in sorted((root / floor).rglob("*.py"))
        if not NO_RULES & set(path.relative_to(root).with_suffix("").parts)
    ]


def everything(root: Path = ROOT) -> list[Clause]:
    return [
        clause
        for path in rooms(root)
        for clause in clauses(path.relative_to(root).as_posix(), path.read_text())
    ]


def draw(
    found: list[Clause], seed: int, most: int, known: Container[tuple[str, str, str]] = ()
) -> list[Clause]:
    """The same ones for the same seed and source; a `known` one makes place for one more."""
    dice = random.Random(seed)
    most = min(most, sum(clause.key not in known for clause in found))
    drawn = [c for c in dice.sample(found, most) if c.key not in known]
    while len(drawn) < most:
        one = dice.choice(found)
        if one not in drawn and one.key not in known:
            drawn.append(one)
    return drawn


def clauses(path: str, source: str) -> list[Clause]:
    """Every clause of this source, in reading order."""
    finder = _Finder(path, source)
    finder.visit(ast.parse(source))
    return sorted(finder.found, key=lambda clause: (clause.start, clause.end, clause.gone))


class _Finder(ast.NodeVisitor):
    def __init__(self, path: str, source: str) -> None:
        self.path, self.found = path, list[Clause]()
        self.within: list[str] = []
        self.line_starts = [0]
        for line in source.encode().splitlines(keepends=True):
            self.line_starts.append(self.line_starts[-1] + len(line))

    # ---- where we are

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, SCOPES):
            self._scope(node)
        elif not isinstance(node, ast.JoinedStr):  # its parts have no place of their own
            super().generic_visit(node)

    def _scope(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        """Bodies only: decorators and annotations are no rules, a Meta is the migrations'."""
        if isinstance(node, ast.ClassDef) and node.name == "Meta":
            return
        self.within.append(node.name)
        for part in node.body:
            self.visit(part)
        self.within.pop()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def _add(self, node: ast.expr | ast.stmt, kind: str, gone: str, instead: str) -> None:
        if gone in EMPTY or not self.within:
            return
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        self.found.append(
            Clause(
                path=self.path,
                line=node.lineno,
                within=".".join(self.within),
                gone=" ".join(gone.split()),
                kind=kind,
                start=self.line_starts[node.lineno - 1] + node.col_offset,
                end=self.line_starts[node.end_lineno - 1] + node.end_col_offset,
                instead=instead,
            )
        )

    # ---- what is looked for

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        kind = "and" if isinstance(node.op, ast.And) else "or"
        for n, operand in enumerate(node.values[1:], 1):
            rest = [*node.values[:n], *node.values[n + 1 :]]
            left = rest[0] if len(rest) == 1 else ast.BoolOp(op=node.op, values=rest)
            self._add(node, kind, ast.unparse(operand), f"({ast.unparse(left)})")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.BitAnd | ast.BitOr):
            kind = "and (&)" if isinstance(node.op, ast.BitAnd) else "or (|)"
            self._add(node, kind, ast.unparse(node.right), f"({ast.unparse(node.left)})")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        verb = node.func
        name = verb.attr if isinstance(verb, ast.Attribute) else getattr(verb, "id", "")
        if name in FILTERS:
            for gone, rest in _without_one(node):
                self._add(node, f"condition of {name}", gone, ast.unparse(rest))
        if isinstance(verb, ast.Attribute) and (
            name == "exclude" or (name == "filter" and isinstance(verb.value, ast.Call))
        ):
            gone = ast.unparse(
                ast.Call(func=ast.Name(id=name), args=node.args, keywords=node.keywords)
            )
            self._add(node, "call", f".{gone}", ast.unparse(verb.value))
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        leaves = isinstance(node.body[0], ast.Return | ast.Continue | ast.Raise)
        if len(node.body) == 1 and leaves and not node.orelse:
            verb = type(node.body[0]).__name__.lower()
            self._add(node, f"early {verb}", f"if {ast.unparse(node.test)}", "pass")
        self.generic_visit(node)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._comprehension(node)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehension(node)

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        for n, loop in enumerate(node.generators):
            for m, condition in enumerate(loop.ifs):
                rest = deepcopy(node)
                del rest.generators[n].ifs[m]
                self._add(node, "only those", f"if {ast.unparse(condition)}", ast.unparse(rest))
        self.generic_visit(node)


def _without_one(call: ast.Call) -> Iterator[tuple[str, ast.Call]]:
    """Every condition but the first: what it says, and the call without it."""
    parts: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    for part in parts[1:]:
        rest = ast.Call(
            func=call.func,
            args=[arg for arg in call.args if arg is not part],
            keywords=[word for word in call.keywords if word is not part],
        )
        yield ast.unparse(part), rest
