"""What the framework guards stays guarded: SQL, HTML and tables for a spreadsheet (trust.md 15)."""

import ast
import re
from collections.abc import Callable

import pytest

from tests.house.test_floors import MODULES, ROOT, offenders

#: They ask the database how it is, make it anew, send what Django put together from a queryset, or
#: say of each mail that it left (measured); nothing that somebody typed comes near. The search,
#: the signs of groups and the waves have fixed texts, with every value bound
#: (`test_a_fixed_text_has_nothing_put_into_it`).
SPEAK_SQL = {
    "core/drafts/keeping.py",
    "core/facts.py",
    "core/health.py",
    "core/locks.py",
    "core/messaging/handed_over.py",
    "core/migrating.py",
    "core/ready_made.py",
    "joinus/bench/floor.py",
    "joinus/bench/measure.py",
    "joinus/bench/waves.py",
    "joinus/bench/world.py",
    "joinus/demo/fill/fill.py",
    "joinus/demo/run.py",
    "joinus/demo/world/world.py",
    "joinus/home/attention/facts.py",
    "joinus/home/search/people.py",
    "participants/person/shown_name.py",
    "questionnaires/cycle/at_once.py",
}
#: Each makes HTML of its own and says why it is safe; a new one is looked at by a second person.
MAKE_HTML = {
    "core/messaging/rendering.py",
    "core/qr.py",
    "core/templatetags/face.py",
    "core/texts/rendering.py",
}
#: What a worker pastes into another program; plain text, never HTML.
PLAIN_TEXT = {"questionnaires/text_by_hand.txt"}

TEMPLATES = {
    path.relative_to(ROOT / "templates").as_posix(): path.read_text()
    for path in sorted((ROOT / "templates").rglob("*"))
    if path.is_file()
}


def written_sql(source: str) -> list[str]:
    """Statements by hand: nobody can see from there that every value is bound."""
    return [
        f"line {node.lineno}: {ast.unparse(node)[:80]}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and (
            ast.unparse(node.func).endswith((".cursor", ".raw", ".extra", ".executescript"))
            or ast.unparse(node.func).split(".")[-1] == "RawSQL"
        )
    ]


def put_together(source: str) -> list[str]:
    """A statement that is run is a name, bound to values: no text is made where it is asked."""
    return [
        f"line {node.lineno}: {ast.unparse(node)[:80]}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(".execute")
        and (len(node.args) != 2 or not isinstance(node.args[0], ast.Name | ast.Call))
    ]


def html_by_hand(source: str) -> list[str]:
    """`mark_safe` and its kin: from there on nothing is escaped."""
    return [
        f"line {node.lineno}: {ast.unparse(node)[:80]}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in {"mark_safe", "SafeString", "SafeText"}
    ]


def not_escaped(template: str) -> list[str]:
    return re.findall(
        r"\|\s*safe(?:seq)?\b[^}%]*|\{%\s*autoescape\s+off|\{%\s*filter\s+safe", template
    )


def spreadsheets(source: str) -> list[str]:
    """A cell that begins with = + - @ is a formula to whoever opens it."""
    return re.findall(r"csv\.(?:Dict)?[wW]riter|\bxlsxwriter\b|\bopenpyxl\b|text/csv", source)


def test_nobody_writes_sql_by_hand() -> None:
    assert not offenders(written_sql, {p: s for p, s in MODULES.items() if p not in SPEAK_SQL})


def test_a_fixed_text_has_nothing_put_into_it() -> None:
    """`statement` makes its texts of its own constants; `facts` asks them, with values bound."""
    asks = MODULES["joinus/home/attention/facts.py"]
    assert not put_together(asks)
    assert not put_together(MODULES["questionnaires/cycle/at_once.py"])
    assert set(re.findall(r"statement\.(\w+)\(([^)]*\)?)", asks)) == {
        ("page", "_parts(far)"),
        ("facts", "_parts(far)"),
        ("count", ")"),
    }


def test_html_is_made_by_templates_and_four_modules() -> None:
    assert not offenders(html_by_hand, {p: s for p, s in MODULES.items() if p not in MAKE_HTML})


def test_every_template_escapes_what_people_typed() -> None:
    assert not offenders(not_escaped, {p: s for p, s in TEMPLATES.items() if p not in PLAIN_TEXT})


def test_there_is_no_table_for_a_spreadsheet_yet() -> None:
    """When one comes, its cells are proved and tests/mutants/flaws.py plants the formula."""
    assert not offenders(spreadsheets, MODULES)


@pytest.mark.parametrize(
    ("find", "planted"),
    [
        (written_sql, "Participant.objects.raw(f\"select * from x where name = '{typed}'\")"),
        (written_sql, "with connection.cursor() as asked: pass"),
        (written_sql, "rows.annotate(x=RawSQL('lower(%s)', [typed]))"),
        (put_together, "cursor.execute(f'select {typed}', given)"),
        (put_together, "cursor.execute(TEXT % typed)"),
        (html_by_hand, "shown = safestring.mark_safe(note.text)"),
        (not_escaped, "<p>{{ note.text|linebreaks|safe }}</p>"),
        (not_escaped, "{% autoescape off %}{{ note.text }}{% endautoescape %}"),
        (spreadsheets, "rows = csv.writer(response)"),
    ],
)
def test_the_lint_finds_a_planted_flaw(find: Callable[[str], list[str]], planted: str) -> None:
    assert find(planted)
