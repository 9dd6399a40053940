"""Policies and processes of a user's own, named in a scenario file."""

import subprocess
import sys
from pathlib import Path

import pytest

import villagesim as vs
from villagesim.errors import PolicyError, RunError, ScenarioError, VillagesimError

TOWN = Path(__file__).parents[3] / "scenarios/one_town.toml"
POLICY = '''
from dataclasses import dataclass
import villagesim as vs
from villagesim.process import Process


@dataclass(frozen=True, kw_only=True)
class Meetings(vs.Policy):
    """More attempts in the villages it reaches."""

    more: float = 0.5

    pulls = ("attempt_rate",)

    def begin(self, active):
        active.pull("attempt_rate", lambda: 1 + self.more * active.rows)


class Festival(Process):
    """Something that happens every month."""

    def start(self):
        world = self.world
        world.calendar.declare("births", "festival", lambda month: world.log("festival"))
'''
STRATEGY = """
[[strategy]]
name = "meetings"
[[strategy.policy]]
kind = "{module}:Meetings"
start = 2022-03-01
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A scenario with a policy and a process beside it; its module has a name of its own in every test."""
    module = "own_" + tmp_path.name.replace("-", "_")
    (tmp_path / f"{module}.py").write_text(POLICY, encoding="utf-8")
    text = TOWN.read_text(encoding="utf-8") + STRATEGY.format(module=module)
    text += f'\n[code]\nprocesses = ["{module}:Festival"]\n'
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_code_is_loaded_when_it_is_allowed(own: Path) -> None:
    """The policy acts, the process acts, and the digest knows the source."""
    scenario = vs.load_scenario(own, allow_code=True)
    run = vs.simulate(scenario, "meetings")
    assert run.outcomes["real_integration"][-1] > vs.simulate(scenario).outcomes["real_integration"][-1]
    assert (run.events["kind"] == "festival").sum() == 36
    assert list(scenario.code) == [next(own.parent.glob("own_*.py")).stem]


def test_workers_find_the_code(own: Path, tmp_path: Path) -> None:
    """Two processes give what one gives."""
    scenario = vs.load_scenario(own, allow_code=True)
    one, two = (vs.compare(scenario, 2, strategies=["meetings"], workers=n).runs for n in (1, 2))
    assert one.equals(two)


def test_code_is_refused_unless_it_is_allowed(own: Path) -> None:
    """Nothing of it runs."""
    module = next(own.parent.glob("own_*.py"))
    module.write_text("raise SystemExit('it ran')", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"code of your own\.\s+If you trust .* --allow-code"):
        vs.load_scenario(own)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "own', 'kind = "nobody:Here"\nlabel = "own', "there is no file"),
        (":Meetings", ":Meeting", "has no Meeting"),
        (":Meetings", ":Festival", r"is not a policy\.\s+Derive the class"),
        (":Festival", ":Meetings", "is not a process"),
    ],
)
def test_mistakes_in_the_file(own: Path, old: str, new: str, message: str) -> None:
    own.write_text(own.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(VillagesimError, match=message):
        vs.load_scenario(own, allow_code=True)


def test_a_module_that_does_not_run(own: Path) -> None:
    next(own.parent.glob("own_*.py")).write_text("import nothing_of_this_name", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"does not run: ModuleNotFoundError"):
        vs.load_scenario(own, allow_code=True)


def test_what_the_library_refuses_in_a_module_has_one_way_out(own: Path) -> None:
    """Its own, with one full stop."""
    text = "from villagesim.own import Outcome\nOutcome('x', 'X', 'u', 'm', 7, abs)\n"
    next(own.parent.glob("own_*.py")).write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        vs.load_scenario(own, allow_code=True)
    said = str(caught.value)
    assert said.endswith("neither can be said.")
    assert "Correct it" not in said
    assert ".." not in said


def test_a_module_has_a_size_like_any_file(own: Path) -> None:
    """Three MiB of comments; nothing of it runs."""
    next(own.parent.glob("own_*.py")).write_text("raise SystemExit\n" + "#" * 3 * 2**20, encoding="utf-8")
    with pytest.raises(ScenarioError, match="larger than 2 MiB"):
        vs.load_scenario(own, allow_code=True)


def test_a_policy_that_cannot_be_made_is_named(own: Path) -> None:
    """Where it stands in the file, its class, and the line."""
    module = next(own.parent.glob("own_*.py"))
    broken = "    def __post_init__(self):\n        super().__post_init__()\n        self.more / 0\n\n    def begin"
    module.write_text(POLICY.replace("    def begin", broken), encoding="utf-8")
    with pytest.raises(VillagesimError, match=r"policy\]\] 1 .*Meetings.__post_init__, .*line \d+: ZeroDiv") as caught:
        vs.load_scenario(own, allow_code=True)
    assert caught.value.fix == "The line is: self.more / 0"
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_policy_that_takes_no_settings_is_named(own: Path) -> None:
    """No line of it broke: there is its class."""
    module = next(own.parent.glob("own_*.py"))
    broken = "    def __init__(self):\n        pass\n\n    def begin"
    module.write_text(POLICY.replace("    def begin", broken), encoding="utf-8")
    with pytest.raises(
        PolicyError, match=r"policy\]\] 1 .*, Meetings: TypeError: .*unexpected keyword argument"
    ) as caught:
        vs.load_scenario(own, allow_code=True)
    assert caught.value.fix == "Correct it."
    assert isinstance(caught.value.__cause__, TypeError)


def test_a_mistake_within_a_run_names_day_and_line(own: Path) -> None:
    """One message, exit code 2, no traceback."""
    module = next(own.parent.glob("own_*.py"))
    module.write_text(POLICY.replace("1 + self.more * active.rows", "1 + self.moer"), encoding="utf-8")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("villagesim")), "run", str(own), "--strategy", "meetings", "--allow-code"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "on 2022-03-01" in done.stderr
    assert "self.moer" in done.stderr


def test_a_mistake_before_the_first_day_is_named_too(own: Path) -> None:
    """A process that cannot start: its file, its line, no traceback of the library."""
    module = next(own.parent.glob("own_*.py"))
    module.write_text(POLICY.replace("world = self.world", "world = self.wold"), encoding="utf-8")
    with pytest.raises(RunError, match=r"on 2021-01-01, .*own_.*line \d+: AttributeError: .* no attribute 'wold'"):
        vs.simulate(vs.load_scenario(own, allow_code=True))
