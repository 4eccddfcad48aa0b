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
from core.audit.who_looked import WORDS
from participants.models import Trajectory

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("core", "participants", "groups", "challenges", "questionnaires", "licensing", "joinus")
BANNED_NAMES = {"utils", "helpers", "services", "managers", "common", "signals"}
LONGEST = 400
# Rooms that talk to people: they start at what this user may see, and write through actions.
ROOMS_FOR_PEOPLE = {"views", "api", "forms", "admin", "urls", "permissions", "templatetags"}
BEFORE_ANYBODY_IS_KNOWN = {"core/accounts/forms.py"}  # the sign-in forms look an address up
#: Public facts about the country, and the named list of the manual.
REFERENCE = {"Municipality", "PostalArea", "SupportForm"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
PHASES = set(Trajectory.Phase.values)
SKIPPED = {"migrations", "__pycache__"}
# Rules know neither forms nor HTTP: the same act is done by a page, a job and a command.
WEB = {"django.http", "django.shortcuts", "django.forms"}
ROOMS_OF_THE_WEB = {
    "views",
    "api",
    "forms",
    "access",
    "urls",
    "admin",
    "administration",
    "middleware",
}
KNOWS_THE_WEB = {
    "core/denied.py": "how no looks on a page",
    "core/health.py": "two answers of one line to the machine room",
    "core/logs.py": "a middleware",
    "core/once_more.py": "a middleware",
    "core/drafts/coming_back.py": "what the page of a request shows of a draft",
    "core/drafts/filling.py": "reads and fills forms",
    "core/drafts/templatetags/drafts.py": "tags",
    "core/drafts/tickets.py": "the field of a form in which a ticket stands",
    "core/drafts/time_out.py": "what the middleware of the door asks",
    "core/drafts/two_writers.py": "two forms made one",
    "core/audit/log.py": "the session of the request stands in the log, hashed",
    "core/other_language.py": "the language of an answer to a form",
    "core/pdf.py": "a paper is an answer to be downloaded",
    "core/cleaning.py": "what no text field anywhere lets through",
    "core/accounts/actors.py": "the type of a request of somebody who is signed in",
    "core/link_pages.py": "the pages behind a link, which are nothing but requests and answers",
    "core/pages.py": "the page of a list that an address asks for",
    "core/templatetags/face.py": "tags that write addresses",
    "core/accounts/adapter.py": "the sign-in library's own hooks",
    "core/accounts/backend.py": "the sign-in library's own hooks",
    "core/accounts/limits.py": "counts the posts of a view",
    "core/accounts/one_time.py": "using a code is signing in: it needs the session",
    "core/accounts/one_time_views.py": "views",
    "core/accounts/signin.py": "the session is the request's",
    "core/fields.py": "the fields that forms are made of",
    "participants/fields.py": "the fields that forms are made of",
    "challenges/preparing/live.py": "what the open page is told are the fields of its form",
    "participants/intake/panel.py": "a panel of the file draws its short forms",
    "joinus/home/navigation.py": "a context processor",
    "joinus/home/style.py": "views",
    "joinus/bench/acts.py": "sends what a form would have sent",
    "joinus/bench/cast.py": "signs in as a browser would have",
    "joinus/bench/floor.py": "a bare view, to compare with",
    "joinus/demo/world/episodes/first_evenings.py": "plays somebody who uses a code",
    "joinus/demo/world/episodes/sign_up.py": "plays somebody who signs in",
}
# A view tries an act with core.forms; these answer a refusal with something else than 422.
REFUSES_BY_ITSELF = {
    "core/forms.py": "the one way itself",
    "participants/parents/views/answer.py": "a link that died meanwhile is the dead page",
    "participants/referrers/views/consent.py": "a link that died meanwhile is the dead page",
    "participants/intake/views/talk.py": "two saves, and each refusal goes to its own form",
    "groups/sheet/views/access.py": "somebody of another sheet is not found, a wrong tap is 400",
    "groups/sheet/views/sheet.py": "a tap that would correct is led to its own page",
    "challenges/preparing/views.py": "a page saves itself: what is refused is said in its answer",
    "groups/logbook/views/logbook.py": "a card saves itself: what is refused is said in its answer",
    "questionnaires/answers/views/answer.py": "a wave that closed meanwhile is a kind page (409)",
}


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


def own_days(source: str) -> list[str]:
    """A stored moment is in UTC: its own day is the evening before (`clock.day_of`, style 17)."""
    return re.findall(r"\.date\(\)|\.astimezone\(|\blocaltime\b", source)


def months_by_hand(source: str) -> list[str]:
    """Months are counted by `core.months`, which knows that February is short."""
    return re.findall(r"\bmonthrange\b|\brelativedelta\b|month [-+] 1\b", source)


def days_by_hand(source: str) -> list[str]:
    """`f"{moment:%d-%m}"`: people read a day as "1 juli", by `date_format(day, "j F")`."""
    specs = [
        ast.unparse(node.format_spec)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FormattedValue) and node.format_spec
    ]
    return [spec for spec in specs if re.search(r"(?<![%\w])%-?d|%-?d(?!%?\w)", spec)]


def phases_by_hand(source: str) -> list[str]:
    """Three phases in a row are a set with a name: it stands on `Trajectory.Phase` (style 15)."""
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Tuple | ast.List | ast.Set)
        and sum(_is_phase(one) for one in node.elts) >= 3
    ]


def _is_phase(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in PHASES
    return (
        isinstance(node, ast.Attribute)
        and node.attr.lower() in PHASES
        and ast.unparse(node.value).split(".")[-1] == "Phase"
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


def untyped_people(source: str) -> list[str]:
    """`by`, `user` or `request` that may be anything: who acts and who looks has a type."""
    return [
        f"line {arg.lineno}: {ast.unparse(arg)}"
        for arg in ast.walk(ast.parse(source))
        if isinstance(arg, ast.arg)
        and arg.arg in {"by", "user", "request"}
        and arg.annotation is not None
        and re.search(r"\bAny\b", ast.unparse(arg.annotation))
    ]


def imports_of_the_web(source: str) -> list[str]:
    """Imports of a request, an answer, a shortcut or a form."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found += [
            f"line {node.lineno}: {name}"
            for name in names
            if any(f"{name}.".startswith(f"{web}.") for web in WEB) or "forms" in name.split(".")
        ]
    return found


def kinds_opened(source: str) -> list[str]:
    """The second argument of every `opened(user, "kind", ...)`; one that is no text fails."""
    return [
        ast.literal_eval(call.args[1])
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] == "opened"
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
    assert len(ports.ALL) <= 12
    assert not [port.name for port in ports.ALL if not port.is_answered]


def test_every_answer_to_whether_a_message_is_wanted_is_asked():
    answers = {f"{answer.__module__}" for answer in ports.message_wanted.answers}
    rooms = {
        path.removesuffix(".py").replace("/", ".")
        for path, source in MODULES.items()
        if re.search(r"^def message_wanted\(", source, re.MULTILINE)
    }
    assert rooms == answers


def test_no_module_is_too_long():
    lengths = {path: len(source.splitlines()) for path, source in MODULES.items()}
    assert not {path: length for path, length in lengths.items() if length > LONGEST}


def test_modules_are_named_after_their_rule():
    assert not [p for p in MODULES if BANNED_NAMES & set(p.removesuffix(".py").split("/"))]


def test_time_comes_from_the_clock():
    assert not offenders(own_clocks, {p: s for p, s in MODULES.items() if p != "core/clock.py"})


def test_sets_of_phases_stand_on_the_phase():
    rest = {p: s for p, s in MODULES.items() if p != "participants/models/stay.py"}
    assert not offenders(phases_by_hand, rest)


@pytest.mark.parametrize(
    ("find", "room"),
    [
        (own_days, "core/clock.py"),
        (days_by_hand, "core/clock.py"),
        (months_by_hand, "core/months.py"),
    ],
)
def test_days_and_months_are_made_in_one_room(find, room):
    assert not offenders(find, {p: s for p, s in MODULES.items() if p != room})


@pytest.mark.req("R-020")
def test_every_opening_of_a_record_has_plain_words_for_the_young_person():
    kinds = {kind for source in MODULES.values() for kind in kinds_opened(source)}
    assert len(kinds) > 20
    assert not kinds - set(WORDS)


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


def test_who_acts_and_who_looks_has_a_type():
    assert not offenders(untyped_people, MODULES)


def test_rules_know_neither_forms_nor_http():
    rules = {
        path: source
        for path, source in MODULES.items()
        if not ROOMS_OF_THE_WEB & set(path.removesuffix(".py").split("/"))
    }
    assert not offenders(
        imports_of_the_web, {p: s for p, s in rules.items() if p not in KNOWS_THE_WEB}
    )
    idle = [path for path in KNOWS_THE_WEB if not imports_of_the_web(rules.get(path, ""))]
    assert not idle, "an exception that is no longer one"


def refusals_by_hand(source: str) -> list[str]:
    """`except RuleBroken` around an act: `carry_out` and `attempt` do that, and roll back."""
    return [
        f"line {node.lineno}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ExceptHandler)
        and node.type
        and "RuleBroken" in ast.unparse(node.type)
    ]


def test_views_try_an_act_in_one_way():
    found = {path for path, source in FOR_PEOPLE.items() if refusals_by_hand(source)}
    assert found == set(REFUSES_BY_ITSELF)


@pytest.mark.parametrize(
    ("find", "planted"),
    [
        (refusals_by_hand, "try:\n    act()\nexcept RuleBroken as broken:\n    pass"),
        (imports_of_the_web, "from django.http import Http404"),
        (imports_of_the_web, "from django import forms"),
        (imports_of_the_web, "import django.shortcuts"),
        (imports_of_the_web, "from participants.signup.forms.sign_up import SignUpForm"),
        (unscoped_queries, "Trajectory.objects.get(pk=1)"),
        (unscoped_queries, "Trajectory._default_manager.all()"),
        (fetched_by_bare_id, "shortcuts.get_object_or_404(Trajectory, pk=1)"),
        (locks_by_hand, "Meeting.objects.select_for_update().get(pk=1)"),
        (locks_by_hand, 'cursor.execute("select 1 from groups_meeting for update")'),
        (own_clocks, "today = timezone.localdate()"),
        (own_clocks, "made_at = DateTimeField(auto_now_add=True)"),
        (untyped_people, "def close(*, by: Any) -> None: ..."),
        (untyped_people, "def visible_to(self, user: Any | None = None): ..."),
        (own_days, "since = row.asked_at.date()"),
        (own_days, "since = row.asked_at.astimezone(clock.AMSTERDAM).date()"),
        (months_by_hand, "last = monthrange(year, month)[1]"),
        (phases_by_hand, "OVER = (Phase.FORMER, Trajectory.Phase.REFERRED, Phase.WITHDRAWN)"),
        (phases_by_hand, "stays.exclude(phase__in=['former', 'referred', 'withdrawn'])"),
        (days_by_hand, 'reason = f"Decided on {talk.decided_at:%d-%m}."'),
        (days_by_hand, 'reason = f"Decided on {day:%-d %B}."'),
    ],
)
def test_the_lint_finds_a_planted_flaw(find, planted):
    assert find(planted)


def test_the_lint_leaves_a_scoped_query_alone():
    source = "get_object_or_404(Trajectory.objects.visible_to(user), pk=pk)"
    assert not unscoped_queries(source)
    assert not fetched_by_bare_id(source)
    assert not imports_of_the_web("from core.errors import RuleBroken")
