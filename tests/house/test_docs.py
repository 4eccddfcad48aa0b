"""The pages for newcomers say what is there: the house as drawn, and every path they name."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tests import house_page

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
#: Made by a command, not kept.
MADE = {"screens/"}
TOP = {path.name for path in ROOT.iterdir()}
#: Backquoted, with a slash, and beginning with something that lies at the top of the house.
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)+/?|[\w.-]+/)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")


def missing(text: str, page: Path) -> list[str]:
    """Paths and links of a page that lead nowhere."""
    paths = [p for p in PATH.findall(text) if p not in MADE and p.split("/")[0] in TOP]
    links = LINK.findall(text)
    return [p for p in paths if not (ROOT / p).exists()] + [
        link for link in links if not (page.parent / link).exists()
    ]


def test_every_path_on_a_page_exists():
    found = {page.name: missing(page.read_text(), page) for page in PAGES}
    assert {page: gone for page, gone in found.items() if gone} == {}


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("`participants/waiting.py`", ["participants/waiting.py"]),
        ("`participants/telling/`", ["participants/telling/"]),
        ("[there](nowhere.md)", ["nowhere.md"]),
        ("`core/clock.py`, `/demo/`, `1/m/ip`, [house](house.md)", []),
    ],
)
def test_a_path_that_leads_nowhere_is_found(text, gone):
    assert missing(text, ROOT / "docs" / "house.md") == gone


def test_where_is_answers_every_question_with_a_path():
    rows = [
        row.split("|")
        for row in (ROOT / "docs" / "where-is.md").read_text().splitlines()
        if row.startswith("|") and "?" in row
    ]
    assert len(rows) >= 12
    assert [question for _, question, answer, _ in rows if not PATH.search(answer)] == []


def test_the_page_of_the_house_is_true():
    assert house_page.without_words() == []
    assert house_page.main(check=True) == 0


def test_the_readme_names_every_package_of_a_subject():
    readme = (ROOT / "README.md").read_text()
    plan = readme[readme.index("## Find your way") : readme.index("| You want to know")]
    wanted = {
        f"{floor}/{package}"
        for floor in ("participants", "groups", "questionnaires", "joinus/home")
        for package in house_page.packages_of(ROOT / floor)
        if package != "models"
    }
    named = set(plan.split())
    assert [path for path in sorted(wanted) if path.split("/")[-1] not in named] == []


def test_a_page_that_is_no_longer_true_is_found(tmp_path, monkeypatch, capsys):
    stale = tmp_path / "house.md"
    stale.write_text(house_page.page().replace("participants/parents/", "participants/asking/"))
    monkeypatch.setattr(house_page, "PAGE", stale)
    assert house_page.main(check=True) == 1
    assert "make house" in capsys.readouterr().err


def test_a_package_without_words_is_found(monkeypatch):
    silent = ROOT / "participants" / "parents" / "__init__.py"
    line_of = house_page.line_of
    monkeypatch.setattr(house_page, "line_of", lambda p: "" if p == silent else line_of(p))
    assert house_page.without_words() == ["participants/parents"]


def test_every_decision_can_be_looked_up():
    told = (ROOT / "docs" / "decisions.md").read_text()
    known = set(re.findall(r"^## (C-\d\d) ", told, re.M))
    named = set(re.findall(r"C-\d\d", (ROOT / "docs" / "requirements.csv").read_text()))
    assert len(known) == 51
    assert named <= known


def test_continuous_integration_runs_what_the_house_runs():
    flow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    (job,) = flow["jobs"].values()
    assert job["steps"][-1] == {"run": ".ci/run"}
    asked = [step["with"] for step in job["steps"] if "setup-python" in step.get("uses", "")]
    assert asked == [{"python-version": "3.11"}]


def test_the_hooks_are_the_projects_own_tools():
    """Nothing is fetched to make a commit, and what a hook starts is there."""
    settings = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert {repo["repo"] for repo in settings["repos"]} == {"local"}
    hooks = [hook for repo in settings["repos"] for hook in repo["hooks"]]
    assert {hook["language"] for hook in hooks} == {"system"}
    programs = {hook["entry"].split()[0] for hook in hooks} - {"make"}
    assert [name for name in programs if not (ROOT / name).exists()] == []


def test_the_version_of_the_project_is_the_one_to_come():
    """CHANGELOG.md: newest first, each with its day; the project is on its way to the next."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert headings[0] == "Unreleased"
    released = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+) \(\d{4}-\d\d-\d\d\)", h) for h in headings[1:]]
    assert all(released)
    versions = [tuple(map(int, found.groups())) for found in released if found]
    assert versions == sorted(versions, reverse=True)
    major, minor, patch = versions[0]
    assert project in {f"{major}.{minor + 1}.0.dev0", f"{major}.{minor}.{patch}"}
