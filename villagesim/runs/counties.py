"""Counties of a cohort: where each comes from, and the scenario that is made of it where it is run.

A county is a scenario file, or the committees of a national roll with one code. Of those the scenario of the cohort is the
template: it lends dates, parameters, strategies, and all that is published, by the village. Nothing of a county is made
before it is run, so that who asks for all of them holds none.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from hashlib import blake2b
from math import exp, isfinite
from pathlib import Path
from typing import Any

import numpy as np

from villagesim.checks import number
from villagesim.dates import month_key
from villagesim.errors import DesignError, RollError, VillagesimError, nearest, placed
from villagesim.files.packaged import located, name_of
from villagesim.files.scenario import load_scenario
from villagesim.places.divisions import names_beside
from villagesim.places.endowments import Endowment, Published
from villagesim.places.map_of_history import MapOfHistory
from villagesim.places.place import Place
from villagesim.places.rolls import KINDS, Roll, add_committee, of_kinds, path_of, rows_of
from villagesim.places.units.edition import Edition
from villagesim.places.units.history import history
from villagesim.policies import Policy, Strategy
from villagesim.randomness import Draws
from villagesim.scenario import ALWAYS, BASELINES, Scenario

TOTALS = ("residents", "mean_income", "threshold", "share_above", "arable", "fund")
"""What a table may give of a county: persons, yuan a village, yuan, share, mu, yuan a year."""
MOST = {"residents": 2e9, "mean_income": 1e10, "threshold": 1e10, "share_above": 1.0, "arable": 1e10, "fund": 1e13}
"""What none of them exceeds, in the same units: more is in another unit, or a slip."""
DRAWN = ("residents", "mean_income", "arable")
"""What may be drawn of a county, about what the template has by the village."""
TRAITS = ("villages", "villages_after", "share_merged", "mean_income", "income_spread", "residents_per_village")
"""What is told of every county, in the order of :func:`traits_of`."""


@dataclass(frozen=True)
class CohortCounty:
    """One county of a cohort.

    Attributes
    ----------
    key : str
        Its code; of a scenario file the file's name.
    code, name : str
        Digits that all its codes begin with, and what it is called.
    n_villages : int
    file : str
        Scenario file; empty where it is made of a roll.
    before, after : bytes
        Rows of its roll, as code, tab, name; none after where nothing merges.
    townships : tuple of (code, name)
    given : tuple of (name, value)
        What a table says of it.
    begins : int
        Year in which strategies begin; 0: as in the scenario.
    content : str
        Hash of the scenario that a file holds.
    has_code : bool
        Its file names code of the user's own, which may run.
    """

    key: str
    code: str
    name: str
    n_villages: int
    file: str = ""
    before: bytes = b""
    after: bytes = b""
    townships: tuple[tuple[str, str], ...] = ()
    given: tuple[tuple[str, float], ...] = ()
    begins: int = 0
    content: str = ""
    has_code: bool = False

    @cached_property
    def digest(self) -> str:
        """Hash of all that tells it from others."""
        return blake2b(repr([getattr(self, each.name) for each in fields(self)]).encode(), digest_size=12).hexdigest()

    def seed(self, seed: int) -> int:
        """Seed of its own luck, which does not depend on who else is in the cohort."""
        return int.from_bytes(blake2b(f"{seed}/cohort/{self.key}".encode(), digest_size=4).digest(), "little")


@dataclass(frozen=True)
class Template:
    """How a county is made of a roll.

    Attributes
    ----------
    scenario : Scenario
    kinds : tuple of str
        Kinds of committees before that belong to it.
    spread : dict of str to float
        How far counties differ in what the template has by the village: standard deviation of the logarithm.
    strategies : tuple of str
        Those that are run.
    """

    scenario: Scenario
    kinds: tuple[str, ...]
    spread: Mapping[str, float]
    strategies: tuple[str, ...]

    def made(self, county: CohortCounty, seed: int) -> Scenario:
        """The scenario of a county.

        Raises
        ------
        VillagesimError
            Where its file or its roll cannot be run.
        """
        if county.file:
            scenario = load_scenario(county.file, allow_code=county.has_code)
            own = {name: scenario.strategies.get(name) or self.moved(name, scenario) for name in self.strategies}
            scenario = replace(scenario, strategies={**ALWAYS, **_others(own)})
        else:
            scenario = self.of_roll(county, seed)
        if county.begins > 0:
            own = {name: begun_in(policies, county.begins) for name, policies in scenario.strategies.items()}
            scenario = replace(scenario, strategies=own)
        return scenario

    def moved(self, name: str, scenario: Scenario) -> Strategy:
        """A strategy of the template in another scenario: as many months after its start as in the template."""
        months = month_key(scenario.timetable.start) - month_key(self.scenario.timetable.start)
        if name in BASELINES.values():
            return Strategy()
        return later(self.scenario.strategies[name], months)

    def of_roll(self, county: CohortCounty, seed: int) -> Scenario:
        """A county of a national roll, by the template."""
        named = {code: code for code in _codes(county.before)} | dict(county.townships)
        before = Edition(_roll(county, county.before, "roll before"), named)
        template, maps = self.scenario, None
        if county.after:
            named |= {code: named.get(code, code) for code in _codes(county.after)}
            after = Edition(_roll(county, county.after, "roll after"), named)
            maps = MapOfHistory(history(before, after, place_all=True), self.kinds)
            place, timetable = maps.likeliest, template.timetable
        else:
            place, timetable = (
                Place.unmerged(of_kinds(before.roll, self.kinds)),
                replace(template.timetable, decrees=()),
            )
        n = len(place.whole.before) / len(template.place.whole.before)
        published, fund = self.published(county, n, seed)
        budget = replace(template.budget, yearly=fund, also={y: n * m for y, m in template.budget.also.items()})
        return replace(
            template, title=county.name, timetable=timetable, place=place, history=maps, maps={}, maps_of_runs="",
            published=published, budget=budget, table={}, geography=None, observed=(), goals=(), source="", notes=(),
            strategies={**ALWAYS, **_others({name: template.strategies[name] for name in self.strategies})},
            decree_between=None, mean_income_between=None,
        )  # fmt: skip

    def published(self, county: CohortCounty, n: float, seed: int) -> tuple[Published, float]:
        """Totals of a county with ``n`` times the villages of the template, and its fund [yuan a year]."""
        usual, given = self.scenario.published, dict(county.given)
        draws, code = Draws.of_draw(seed, 0), int(county.code)
        times = dict.fromkeys(DRAWN, 1.0)
        for name, spread in self.spread.items():
            times[name] = exp(spread * float(draws.normal(f"county.{name}", code)[0]) - spread**2 / 2)
        found: dict[str, Any] = {
            "residents": round(n * usual.residents * times["residents"]),
            "mean_income": usual.mean_income * times["mean_income"], "arable": n * usual.arable * times["arable"],
        }  # fmt: skip
        found |= {name: value for name, value in given.items() if name != "fund"}
        found["residents"] = round(found["residents"])
        if "threshold" not in found:  # incomes spread as in the template: the level of the share moves with the mean
            found["threshold"] = float(round(usual.threshold * found["mean_income"] / usual.mean_income))
        return replace(usual, **found, thresholds=usual.levels), given.get("fund", n * self.scenario.budget.yearly)


def _others(strategies: Mapping[str, Strategy]) -> dict[str, Strategy]:
    return {name: own for name, own in strategies.items() if name not in (*ALWAYS, *BASELINES.values())}


def later(strategy: Strategy, months: int) -> Strategy:
    """A strategy all of whose dates come so many months later."""
    return replace(strategy, policies=tuple(_later(policy, months) for policy in strategy)) if months else strategy


def begun_in(strategy: Strategy, year: int) -> Strategy:
    """A strategy whose first policy begins in this year, in the month that it has; all others as long after it as before."""
    if not len(strategy):
        return strategy
    return later(strategy, 12 * (year - min(policy.start for policy in strategy).year))


def _later(policy: Policy, months: int) -> Policy:
    dates = {each.name: value for each in fields(policy) if isinstance(value := getattr(policy, each.name), date)}
    moved: dict[str, Any] = {}
    for name, day in dates.items():
        year, month = divmod(month_key(day) + months, 12)
        moved[name] = day.replace(year=year, month=month + 1)
    return replace(policy, **moved)


def traits_of(scenario: Scenario, endowment: Endowment) -> tuple[float, ...]:
    """What is told of a county, in the order of :data:`TRAITS`, as its endowment with the likeliest map has it."""
    place, income = endowment.place, endowment.income
    merged = place.merged(place.village_of(endowment.members)).mean() if scenario.merges else 0.0
    some = np.log(income[income > 0])
    spread = float(some.std(ddof=1)) if len(some) > 1 else 0.0
    n = len(place.whole.before)
    return (
        float(n),
        float(len(place.after)),
        float(merged),
        float(income.sum() / n),
        spread,
        float(endowment.residents.sum() / n),
    )


def _codes(rows: bytes) -> list[str]:
    """Codes of the townships of these rows."""
    return list(dict.fromkeys(line[:9].decode() for line in rows.splitlines()))


def _roll(county: CohortCounty, rows: bytes, what: str) -> Roll:
    """Roll of all units of a county, checked as any other."""
    committees: dict[str, tuple[int, str]] = {}
    file = Path(what)
    for row, line in enumerate(rows.decode().splitlines(), start=1):
        code, _, name = line.partition("\t")
        add_committee(committees, file, row, code, name)
    return Roll.of((code, name) for code, (_, name) in committees.items())


def of_files(
    places: Iterable[str | Path], folder: Path | None = None, *, allow_code: bool = False
) -> Iterator[CohortCounty | tuple[str, VillagesimError]]:
    """Counties of scenario files, or key and reason of those that are refused; one is held at a time.

    Raises
    ------
    DesignError
        Where a file is not there, or two have the same name.
    """
    seen: dict[str, Path] = {}
    paths = [located(place, folder, error=DesignError) for place in places]
    for path in paths:
        if not path.is_file():
            raise DesignError(f"there is no file {path}.", fix="Correct the path.", at=["places"])
    for path in paths:
        key = name_of(path)
        if key in seen:
            raise DesignError(f"two places are called {key!r}: {seen[key]} and {path}.", fix="Give one another name.")
        seen[key] = path
        try:
            scenario = load_scenario(path, allow_code=allow_code)
        except VillagesimError as problem:
            also = (
                " Allowed, it is another question, which needs another --out." if "--allow-code" in problem.fix else ""
            )
            yield key, type(problem)(problem.rule, fix=problem.fix + also, at=problem.at, others=problem.others)
            continue
        codes = scenario.place.codes
        code = next(codes[0][:cut] for cut in (6, 4, 2, 0) if len({each[:cut] for each in codes}) == 1)
        yield CohortCounty(
            key, code, scenario.title.partition(":")[0], len(codes), file=str(path), content=scenario.digest,
            has_code=bool(scenario.code),
        )  # fmt: skip


def of_rolls(
    before: str | Path,
    after: str | Path | None = None,
    *,
    counties: Sequence[str] = (),
    table: str | Path | None = None,
    kinds: Sequence[str] = ("village",),
) -> Iterator[CohortCounty | tuple[str, VillagesimError]]:
    """Counties of a national roll, or of two editions, in the order of codes; key and reason of those that are refused.

    Parameters
    ----------
    counties : sequence of str
        Codes of 6 digits, or the first of them, as a province's 2; all by default.
    table : path, optional
        What is known of counties: a CSV file with ``county`` and any of :data:`TOTALS`.

    Raises
    ------
    VillagesimError
        Where a file cannot be read, or holds none of the counties.
    """
    above: dict[str, str] = {}
    rolls = [_by_county(file, counties, above) for file in (before, *([after] if after else []))]
    given = read_given(table) if table else {}
    if wrong := [each for each in (*counties, *given) if not any(code.startswith(each) for code in rolls[0])]:
        raise RollError(f"the roll has no county {wrong[0]}.", fix=nearest(wrong[0], list(rolls[0])), at=[str(before)])
    towns: dict[str, list[tuple[str, str]]] = {}
    for code, name in sorted(above.items()):
        if len(code) == 9:
            towns.setdefault(code[:6], []).append((code, name))
    for code in sorted(rolls[0]):
        own = rolls[0][code]
        n = sum(_is_of(line, kinds) for line in own.splitlines())
        if not n:
            yield code, RollError(f"no committee of kind {' or '.join(kinds)} is on its roll.")
        elif after and code not in rolls[1]:
            yield code, RollError("it is not on the roll after: it was joined to another, or got another code.")
        else:
            yield CohortCounty(
                code, code, above.get(code, code), n, before=bytes(own), after=bytes(rolls[1][code]) if after else b"",
                townships=tuple(towns.get(code, ())), given=tuple(given.get(code, {}).items()),
            )  # fmt: skip


def _by_county(file: str | Path, counties: Sequence[str], above: dict[str, str]) -> dict[str, bytearray]:
    """Rows of a roll by county, packed: a whole country takes some 30 MB."""
    path, wanted = path_of(file, None), tuple(counties)
    found: dict[str, bytearray] = {}
    for _, code, name, area in rows_of(path, [], above):
        if not wanted or area.startswith(wanted):
            found.setdefault(area[:6], bytearray()).extend(f"{code}\t{name}\n".encode())
    if not found:
        raise RollError(
            f"holds no county {', '.join(counties)}.",
            fix="Give codes of 6 digits, or their first ones.",
            at=[path.name],
        )
    above.update(names_beside(path))
    return found


def _is_of(line: bytes | bytearray, kinds: Sequence[str]) -> bool:
    number = int(line[9:12])
    return any(number in KINDS[kind] for kind in kinds)


def read_given(table: str | Path) -> dict[str, dict[str, float]]:
    """What a table says of counties, by code.

    Raises
    ------
    DesignError
        Where it cannot be read, a column is unknown, a county stands twice, or a value is no number above 0.
    """
    path = Path(table)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DesignError(f"{path} cannot be read ({problem}).", fix="Give a CSV file in UTF-8.") from None
    columns = list(rows[0]) if rows else []
    if "county" not in columns:
        raise DesignError(
            "has no column county, or no rows.", fix="Give county and what is known of it.", at=[path.name]
        )
    if wrong := [name for name in columns if name not in ("county", *TOTALS)]:
        raise DesignError(f"{wrong[0]!r} is not a column here.", fix=nearest(wrong[0], TOTALS), at=[path.name, "row 1"])
    found: dict[str, dict[str, float]] = {}
    for row, cells in enumerate(rows, start=2):
        with placed(path.name, f"row {row}"):
            if cells["county"] in found:
                raise DesignError(f"county {cells['county']} stands there twice.", fix="Keep one row.")
            found[cells["county"]] = {
                name: _figure(cells[name], name) for name in columns[0:] if name != "county" and cells[name]
            }
    return found


def _figure(cell: str, name: str) -> float:
    try:
        value: Any = float(cell)
    except ValueError:
        value = cell
    if not (isinstance(value, float) and isfinite(value)):
        raise DesignError(f"{name} = {cell!r} is not a number.", fix="Write it with digits alone.")
    return number(value, name, least=0, most=MOST[name], error=DesignError)
