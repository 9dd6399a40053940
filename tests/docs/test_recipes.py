"""The recipes of CONTRIBUTING.md, followed on a copy of the package: as many files as they say, and all of it works."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPES = re.split(r"^### ", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
STEP = re.compile(r"^`([\w/.]+)`(, new)?:\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MOST_FILES = {
    "A process": 4,
    "A parameter": 3,
    "An outcome with a new column": 3,
    "A policy with a new lever": 4,
    "A question": 4,
}
TRIED = """
import sys
from pathlib import Path
import pytest
from villagesim.reference.explain import explain
from villagesim.reference.tables import main
for name, words in (
    ("outing_share", "Used by: processes.outings"), ("outing_rain", "share of outings"), ("outings", "more is better"),
    ("gone", "gone on an outing"), ("grants", "outing_grants"), ("outing_grants", "share = must be given"),
):
    assert words in explain(name), explain(name)
pages = sorted(Path("docs").glob("*.md"))
main(*map(str, pages))
text = "".join(page.read_text(encoding="utf-8") for page in pages)
for row in (
    "| `outing_rain` | outings that rain spoils", "| `outings` | Outings: made", "**`outing_grants`** (`OutingGrants`)",
    "| `gone` |", "| `grants` |", "| `outings` | Outings of residents",
):
    assert row in text, row
sys.exit(pytest.main(["-o", "addopts=", "-x", *sys.argv[1:]]))
"""


def steps(recipe: str) -> list[tuple[Path, bool, str]]:
    """Steps of a recipe: file, whether it is new, and its text or what changes in it."""
    return [(Path(path), bool(new), text) for path, new, text in STEP.findall(recipe)]


def follow(file: Path, new: bool, text: str) -> None:
    """Do one step: write a file, or put lines below the one that is shown, or in its place."""
    if new:
        assert not file.exists(), f"{file} is there already"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return
    first, *added = text.splitlines()
    lines = file.read_text(encoding="utf-8").splitlines()
    found = [number for number, line in enumerate(lines) if line.startswith(first[1:])]
    assert found, f"{file} has no line that begins with {first[1:]!r}"
    assert all(line.startswith("+") for line in added)
    kept = lines[: found[0] + (first[0] == " ")]
    file.write_text("\n".join([*kept, *(line[1:] for line in added), *lines[found[0] + 1 :], ""]), encoding="utf-8")


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.partition(":")[0])
def test_a_recipe_touches_as_many_files_as_it_says(recipe: str) -> None:
    title, said = re.match(r"(.*): (\d) files\n", recipe).groups()
    assert len({path for path, *_ in steps(recipe)}) == int(said) <= MOST_FILES[title]
    assert recipe.count("```") == 2 * len(steps(recipe)), "a piece of code without a file"


def test_what_the_recipes_make_works(tmp_path: Path) -> None:
    """One after the other: each goes on from the one before."""
    for name in ("villagesim", "docs", "scenarios"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("_build", "figures"))
    for name in ("pyproject.toml", "tests/conftest.py", "tests/checks.py", "tests/retold.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    tests = set()
    for recipe in RECIPES:
        for path, new, text in steps(recipe):
            follow(tmp_path / path, new, text)
            if path.parts[0] == "tests":
                tests.add(str(path))
    command = [sys.executable, "-c", TRIED, *sorted(tests), "-p", "no:cacheprovider"]
    environment = {"PYTHONPATH": f"{tmp_path}:{tmp_path / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "5 passed" in done.stdout
