"""One question over many counties: what strategies add in each, on average, in a further one, and where more.

Every county is run by itself, with luck of its own, and one county at a time is looked at. Effects of counties are pooled as
drawn around a mean, see :mod:`villagesim.statistics.pooled`. What goes with a larger effect is an association between
counties of the model, and shows no cause.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from villagesim.checks import names, number, size
from villagesim.errors import DesignError, RunError, nearest
from villagesim.places.rolls import PACKAGED
from villagesim.questions.answer import Answer
from villagesim.questions.cohort_answer import CohortAnswer, drawn_cohort
from villagesim.questions.cohort_seen import Seen
from villagesim.questions.cohort_tables import association, headline, of_the_only_one, panel, pooled_table
from villagesim.questions.question import Chosen, Question, Runs, Strategies, check_names
from villagesim.questions.rollout import Rollout
from villagesim.runs.cohort import CohortRuns, CountyTask
from villagesim.runs.counties import DRAWN, CohortCounty, of_files, of_rolls
from villagesim.runs.runner import ExecutorFactory, Progress
from villagesim.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FILES = ("before", "after", "table")


@dataclass(frozen=True, kw_only=True)
class Cohort(Question):
    """What strategies add in many counties, on average and in each.

    Attributes
    ----------
    strategies : names, or mapping of names to policies
        Of the scenario. A place of ``places`` that has one of this name has its own; others begin as long after the start of the
        run as in the scenario.
    outcomes : tuple of str
    against : name, or mapping of a name to policies
        Strategy that they are held against; left out: the one without any policy.
    places : tuple of str
        Scenario files, seen from this file, or ``packaged:zhangqiu``.
    before, after : str
        Instead of places: file of a national roll, of which every county is run as the scenario says by the village; and of
        its next edition, where villages merge.
    counties : tuple of str
        Codes of counties of the roll, or their first digits; all by default.
    kinds : tuple of str
        Kinds of committees that are villages here: ``village``, ``community``, ``other``.
    table : str
        File of what is known of counties: ``county`` and any of ``residents, mean_income, threshold, share_above, arable, fund``.
    spread : dict of str to float
        How far counties differ in ``residents``, ``mean_income`` and ``arable`` by the village, which are drawn where no table
        gives them: standard deviation of the logarithm.
    at : str, optional
        Month that is looked at, as 2025-12; by default the last of each county's run.
    replications : int
        Of every county.
    rollout : Rollout, optional
        Which counties have the strategy from when on, for a table of counties by year.
    allow_code : bool
        Run code of your own that scenario files of ``places`` name; no key of a file: ``--allow-code`` says it.
    """

    name: ClassVar[str] = "cohort"
    lists: ClassVar[Mapping[str, Any]] = {}
    figures: ClassVar[tuple[str, ...]] = ("cohort", "provinces")
    answers: ClassVar[type[Answer]] = CohortAnswer
    read_as: ClassVar[Mapping[str, Any]] = {"strategies": tuple[str, ...], "against": str, "spread": dict[str, float]}
    strategies: Strategies
    outcomes: tuple[str, ...]
    against: Chosen = ""
    places: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    counties: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("village",)
    table: str = ""
    spread: Mapping[str, float] = field(default_factory=dict)
    at: str | None = None
    replications: int = 2
    rollout: Rollout | None = None
    allow_code: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "outcomes", names(self.outcomes, "outcomes", error=DesignError))
        for name in ("places", "counties", "kinds"):
            given = getattr(self, name)
            object.__setattr__(self, name, tuple(map(str, (given,) if isinstance(given, str | Path) else given)))
        size(self.replications, "replications", least=1, error=DesignError)
        if bool(self.places) == bool(self.before):
            raise DesignError("a cohort has places, or the roll before.", fix="Give one of the two.")
        if self.places and (self.after or self.counties or self.table or self.spread):
            raise DesignError("after, counties, table and spread go with a roll.", fix="Leave them out beside places.")
        for name, value in self.spread.items():
            if name not in DRAWN:
                raise DesignError(f"spread: {name!r} is not drawn.", fix=nearest(name, DRAWN))
            number(value, f"spread.{name}", least=0, most=3, error=DesignError)

    @classmethod
    def read(cls, content: dict[str, Any], scenario: Scenario, folder: Path, seed: int) -> "Question":
        """Make a cohort of the keys of its file; other files are seen from it."""
        if "allow_code" in content:
            raise DesignError("allow_code is no key of a file.", fix="Give --allow-code with the command.")
        for key in FILES:
            if isinstance(content.get(key), str) and content[key]:
                content[key] = _seen(content[key], folder)
        if isinstance(content.get("places"), list):
            content["places"] = [_seen(each, folder) if isinstance(each, str) else each for each in content["places"]]
        return super().read(content, scenario, folder, seed)

    def trusting(self, code: bool) -> "Question":
        """The same question, whose places may run code of their own."""
        return replace(self, allow_code=code)

    def kept(self) -> dict[str, Any]:
        """Fields as the manifest keeps them: of files their names, and a hash of all that decides what comes out."""
        found = super().kept()
        del found["allow_code"]
        found |= {key: Path(getattr(self, key)).name for key in FILES}
        found["places"] = [Path(place).name for place in self.places]
        digests = "".join(county.digest for county in self.found[0])
        return found | {"content": blake2b(digests.encode(), digest_size=12).hexdigest()}

    @cached_property
    def found(self) -> tuple[tuple[CohortCounty, ...], dict[str, str]]:
        """Counties that can be run, as far as can be told before, and why others are refused."""
        if self.places:
            made = list(of_files(self.places, allow_code=self.allow_code))
        else:
            made = list(
                of_rolls(
                    self.before, self.after or None, counties=self.counties, table=self.table or None, kinds=self.kinds
                )
            )
        counties = tuple(each for each in made if isinstance(each, CohortCounty))
        refused = {each[0]: str(each[1]) for each in made if not isinstance(each, CohortCounty)}
        if not counties:
            message = _first(refused)
            raise RunError(f"no county can be run; the first: {message}")
        return counties, refused

    def answer(self, runs: Runs) -> Answer:
        """Run all counties, look at one after the other, and pool what strategies add."""
        scenario, strategies = runs.scenario, (str(self.against), *self.strategies)
        check_names(scenario, strategies, self.outcomes)
        if self.rollout is not None and len(strategies) > 2:
            raise DesignError("a rollout is of one strategy.", fix="Name one.")
        counties, refused = self.found
        if self.rollout is not None:
            counties = tuple(self.rollout.dealt(counties, runs.seed))
        task = CountyTask(
            scenario, strategies, runs.seed, self.outcomes, kinds=self.kinds, spread=dict(self.spread),
            last=self.at or "",
        )  # fmt: skip
        with runs.opened("", {}) as store:
            made = CohortRuns(store, task, counties, self.replications)
            made.carry_out(**runs.how)
            seen = Seen(self.at, self.rollout is not None, task, dict(refused))
            for county in made.by_county():
                seen.look(county)
        if not seen.effects:
            message = _first(seen.refused)
            raise RunError(f"every county was refused; the first: {message}")
        return self._said(seen, scenario)

    def _said(self, seen: Seen, scenario: Scenario) -> Answer:
        import pandas as pd

        effects, traits = pd.DataFrame(seen.effects), pd.DataFrame(seen.traits)
        main = of_the_only_one(pooled_table(effects, ["strategy", "outcome"]), effects)
        main["refused"], main["replications"] = len(seen.refused), self.replications
        tables = {
            self.name: main, "effects": effects, "provinces": pooled_table(effects, ["strategy", "outcome", "province"]),
            "association": association(effects, traits), "traits": traits,
            "refused": pd.DataFrame(list(seen.refused.items()), columns=["county", "reason"]),
        }  # fmt: skip
        if self.rollout is not None:
            groups = self.rollout.groups(seen.counties, seen.usual, traits, seen.task.seed)
            tables["panel"] = panel(pd.concat(seen.years, ignore_index=True), groups, traits)
        return self.said(
            lambda: headline(main, tables["association"], tables["refused"], scenario, self.at), tables,
            strategies=list(self.strategies), against=self.against, seed=seen.task.seed,
        )  # fmt: skip

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the effect in every county, or by province."""
        return drawn_cohort(answer, name)


def _first(refused: Mapping[str, str]) -> str:
    """The first county that is refused, and why."""
    return ": ".join(next(iter(refused.items())))


def _seen(path: str, folder: Path) -> str:
    return path if path.startswith(PACKAGED) else str(folder / path)


def cohort(
    scenario: Scenario,
    strategies: Strategies,
    outcomes: str | Sequence[str],
    *,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    executors: ExecutorFactory | None = None,
    progress: Progress | None = None,
    **what: Any,
) -> CohortAnswer:
    """Ask one question over many counties.

    Short for :class:`Cohort`, which says what else it takes (``places`` or ``before``, ...), and its ``ask``.

    Raises
    ------
    VillagesimError
        Where a name is unknown, no county can be run, or the folder cannot be used.
    """
    known = {each.name for each in fields(Cohort)}
    if wrong := [name for name in what if name not in known]:
        raise DesignError(f"{wrong[0]!r} is not a setting of a cohort.", fix=nearest(wrong[0], known))
    question = Cohort(strategies=strategies, outcomes=names(outcomes, "outcomes", error=DesignError), **what)
    answer = question.ask(
        scenario, seed, workers=workers, out=out, resume=resume, executors=executors, progress=progress
    )
    assert isinstance(answer, CohortAnswer)
    return answer
