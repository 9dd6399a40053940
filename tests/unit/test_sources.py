"""What tells one piece of a user's own code from another: its file, what that imports from its folder, what it took up."""

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import villagesim as vs
from villagesim.errors import StoreError
from villagesim.outcomes import Outcome
from villagesim.sources import told_apart

FILES = {
    "{name}.py": "from villagesim.process import Process\nfrom {name}_p import part\nSHARE = 0.3\n\n\n"
    "class Fair(Process):\n    def start(self):\n        import {name}_late\n        self.share = SHARE\n",
    "{name}_p/__init__.py": "",
    "{name}_p/part.py": "from .deep import x\n",
    "{name}_p/deep.py": "from importlib import import_module\n\nx = import_module('{name}_named').x\n",
    "{name}_named.py": "x = 1\n",
    "{name}_late.py": "",
    "{name}_alone.py": "y = 1\n",
}


@pytest.fixture
def fair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A folder of code, and the name of the module in which the process stands."""
    name = "fair_" + tmp_path.name.replace("-", "_")
    for file, text in FILES.items():
        path = tmp_path / file.format(name=name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.format(name=name), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path, name


def test_all_that_is_imported_from_the_folder_counts(one_town: vs.Scenario, fair: tuple[Path, str]) -> None:
    """A constant of the module, packages, what is imported late or by its name; a file that nobody imports does not."""
    folder, name = fair
    process = import_module(name).Fair

    def digest() -> str:
        return replace(one_town, processes=[process]).digest

    seen = [digest()]
    for file in (file.format(name=name) for file in FILES):
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8") + "z = 2\n", encoding="utf-8")
        assert (digest() == seen[-1]) == file.endswith("alone.py"), file
        seen.append(digest())


def test_a_helper_of_a_scenario_file_that_changed_is_not_mixed(one_town: vs.Scenario, fair: tuple[Path, str]) -> None:
    """The folder is refused, and nothing in it is changed."""
    folder, name = fair
    file = folder / "mine.toml"
    text = Path(one_town.source).read_text(encoding="utf-8")
    file.write_text(f'{text}\n[code]\nprocesses = ["{name}:Fair"]\n', encoding="utf-8")

    def ask() -> Any:
        scenario = vs.load_scenario(file, allow_code=True)
        return vs.compare(scenario, 1, strategies=[], workers=1, out=folder / "out", resume=True)

    ask()
    (folder / f"{name}_named.py").write_text("x = 2\n", encoding="utf-8")
    with pytest.raises(StoreError, match="The scenario is another"):
        ask()


def test_code_without_a_file_is_not_gone_on_with(
    one_town: vs.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a notebook: it may have changed, and nobody would know."""
    module = ModuleType("nowhere")
    monkeypatch.setitem(sys.modules, "nowhere", module)
    exec("from villagesim.own import Process\nclass Fair(Process):\n    def start(self):\n        pass", vars(module))
    scenario = replace(one_town, processes=[vars(module)["Fair"]])
    assert scenario.unread == ("Fair",)
    with pytest.raises(StoreError, match=r"(?s)Fair: the code stands in no file.*without --resume"):
        vs.compare(scenario, 1, workers=1, out=tmp_path / "out", resume=True)


def scaled(by: float) -> Callable[[Any], Any]:
    return lambda record: by * record.county("trust")


def times(record: Any, by: float) -> Any:
    return by * record.county("trust")


@pytest.mark.parametrize("made", [scaled, lambda by: partial(times, by=by)])
def test_values_that_a_function_took_up_count(one_town: vs.Scenario, made: Callable[[float], Any]) -> None:
    """One text, two functions."""
    one, same, other = (
        replace(one_town, outcomes=[Outcome("mine", "Mine", "index", "made up", +1, made(by))]).digest
        for by in (1, 1, 2)
    )
    assert one == same != other
    assert told_apart(made(1.0))
