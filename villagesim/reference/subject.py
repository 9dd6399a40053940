"""What is described: a scenario, the world that it makes on its first day, and, where there are some, its results."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from functools import cached_property
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple, get_type_hints

from villagesim.agents.county import County
from villagesim.arrays import Bools, Ints
from villagesim.docstrings import attributes, sentences
from villagesim.errors import ScenarioError
from villagesim.files.packaged import scenarios
from villagesim.files.scenario import load_scenario
from villagesim.places.endowments import Endowment
from villagesim.questions.answer import FILE, Answer, open_results
from villagesim.randomness import Draws
from villagesim.reference.known import Known
from villagesim.runs.store import code_hash, fingerprint, read_whole
from villagesim.scenario import Scenario
from villagesim.simulation import put_together
from villagesim.world import World


class StateColumn(NamedTuple):
    """One variable of the state.

    Attributes
    ----------
    name, meaning, unit : str
    owner : str
        Process that writes it; empty where it is set on the first day and stays.
    """

    name: str
    meaning: str
    unit: str
    owner: str


class Entity(NamedTuple):
    """A kind of entity: where its state is found in a world, what one row is, and all its variables."""

    name: str
    about: str
    columns: tuple[StateColumn, ...]


MINE = "MINE.toml"
"""Stands for a scenario file where it is not known what it was called."""


@dataclass(frozen=True)
class Results:
    """A folder of results, as its manifest and its tables tell of it.

    Attributes
    ----------
    folder : Path
    about : dict
        What the results follow from: scenario, code, seed, question and its fields.
    environment : dict
        Versions, platform, processor features.
    answer : Answer or None
        None of a single run.
    """

    folder: Path
    about: Mapping[str, Any]
    environment: Mapping[str, Any]
    answer: Answer | None

    @classmethod
    def read(cls, folder: Path) -> "Results":
        """Read a folder.

        Raises
        ------
        StoreError
            Where it holds no whole results.
        """
        about = read_whole(folder)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        answer = open_results(folder) if (folder / FILE).exists() else None
        return cls(folder, about, manifest["environment"], answer)

    def scenario(self, otherwise: str) -> Scenario:
        """The scenario that they are of, where it comes with the library; ``otherwise``: a command that takes its file.

        Raises
        ------
        ScenarioError
        """
        own = self.answer.known.source if self.answer else ""
        for path in scenarios().values():
            if (scenario := load_scenario(path)).digest == self.about.get("scenario"):
                return scenario
        raise ScenarioError(
            f"{self.folder} holds results of a scenario that does not come with the library ({self.about.get('title')}).",
            fix=f"Give its file: villagesim {otherwise.replace(MINE, quote(own) if own else MINE)}.",
        )

    @property
    def same_code(self) -> bool:
        """Whether they were made with the code that describes them."""
        return self.about.get("code") == code_hash()

    @property
    def choices(self) -> dict[str, Any]:
        """Fields of the question that were set."""
        known = ("title", "scenario", "code", "seed", "question", "points", "positions")
        return {
            key: value for key, value in self.about.items() if key not in known and value not in (None, False, [], {})
        }


@dataclass(frozen=True)
class Subject:
    """A scenario to be described, with its results where there are some."""

    scenario: Scenario
    results: Results | None = None
    known: Known = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", Known(self.scenario))

    @classmethod
    def of(cls, sources: Sequence[Path], *, allow_code: bool = False) -> "Subject":
        """A scenario file, a folder of results, or both.

        Raises
        ------
        VillagesimError
            Where there is no scenario, or the results are of another one.
        """
        folders = [source for source in sources if source.is_dir()]
        files = [source for source in sources if source not in folders]
        if len(files) > 1 or len(folders) > 1 or not sources:
            raise ScenarioError("one scenario is described at a time.", fix="Give it, its folder of results, or both.")
        results = Results.read(folders[0]) if folders else None
        if files:
            scenario = load_scenario(files[0], allow_code=allow_code)
            if results is not None and results.about.get("scenario") != scenario.digest:
                raise ScenarioError(
                    f"{files[0]} is not what {results.folder} holds results of ({results.about.get('title')}).",
                    fix="Give the scenario as it was when they were made.",
                )
            return cls(scenario, results)
        assert results is not None
        return cls(results.scenario("describe MINE.toml FOLDER"), results)

    @cached_property
    def world(self) -> World:
        """The first day under the baseline, with all that processes declare."""
        scenario = self.scenario
        _, strategy = scenario.strategy(scenario.baseline)
        world, *_ = put_together(scenario, strategy, scenario.endow(1), Draws.of_replication(1, 0))
        world.declare_last()
        return world

    @cached_property
    def environment(self) -> Mapping[str, Any]:
        """Where the results were made, else where this is written."""
        return fingerprint() if self.results is None else self.results.environment

    @cached_property
    def entities(self) -> list[Entity]:
        """All state of the county, entity by entity, the county's own first."""
        owners = self.known.assembly.state
        groups = {"world": County} | {
            name: type(found)
            for name, found in sorted(vars(self.world).items())
            if isinstance(found, Endowment) or type(found).__module__.startswith("villagesim.agents")
        }
        return [Entity(name, sentences(shape), tuple(_columns(name, shape, owners))) for name, shape in groups.items()]


def _columns(group: str, shape: type, owners: Mapping[str, Any]) -> list[StateColumn]:
    said = attributes(shape)
    hints = get_type_hints(shape) if is_dataclass(shape) else {}
    found = []
    for name in said:
        beside, text = said.get(name, ("", ""))
        meaning = f"{beside} {text}".strip() if shape.__name__.endswith("Columns") else text
        kind = hints.get(name, Bools if "bool" in beside else Ints if "int" in beside else None)
        owner = owners.get(f"{group}.{name}")
        found.append(StateColumn(name, meaning, _unit(meaning, kind), "" if owner is None else owner.__name__))
    return found


def _unit(meaning: str, kind: Any) -> str:
    """Unit in brackets; what is no quantity says what it is."""
    units = [part.partition("]")[0] for part in meaning.split("[")[1:]]
    kinds = {Bools: "yes or no", Ints: "whole number", None: "terms"}
    return "; ".join(dict.fromkeys(units)) or next((word for found, word in kinds.items() if found == kind), "")
