"""What nothing identifies: effects at both ends of what no published figure can tell apart, and where they change their sign.

QUESTION: which findings hold over the whole range of an assumption, and which hang on a value that nobody knows?
DESIGN: three townships (packaged:three_townships) to the end of 2026, seed 1, 20 paired replications at the low end, the centre
and the high end of one assumption at a time, or of several that stand for the same thing.
OUTPUT: the table of docs/limits.md. Run with `make pages`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

import villagesim as vs
from villagesim.arrays import Floats
from villagesim.policies import DeliberationRooms, Policy, ProfessionalSecretaries, Ranking, SeedMoney
from villagesim.scenario import NO_MERGER
from villagesim.statistics.intervals import Interval, mean_interval
from villagesim.wording import number, signed

PAGE = Path(__file__).parents[1] / "docs" / "limits.md"
REPLICATIONS, START = 20, "2022-03-01"
MARK = re.compile(r"(<!-- limits -->\n).*(<!-- end of limits -->)", re.DOTALL)
Chosen = str | Sequence[Policy]


@dataclass(frozen=True)
class Unknown:
    """An effect, and the parameters that nothing tells: those after a minus stand at their other end."""

    what: str
    outcome: str
    strategy: Chosen
    parameters: tuple[str, ...]
    against: str = "nothing but the merger"

    def ends(self, scenario: vs.Scenario) -> list[dict[str, float]]:
        """Values of the parameters at the low end, the centre and the high end."""
        known = scenario.parameters
        low, high = {}, {}
        for name in self.parameters:
            p = known[name.lstrip("-")]
            low[p.name], high[p.name] = (p.high, p.low) if name.startswith("-") else (p.low, p.high)
        return [low, {name: known[name].value for name in low}, high]


EFFECTS = (
    Unknown(
        "five integrations on income, by what fact brings",
        "collective_income",
        "five integrations",
        ("not_handed_over", "reletting_gain", "pooled_premium"),
    ),
    Unknown(
        "the merger on income, by the rents that it loses",
        "income_per_resident",
        "nothing but the merger",
        ("not_handed_over",),
        NO_MERGER,
    ),
    Unknown("the package 1226 on income, by growth from outside", "collective_income", "1226", ("income_growth",)),
    Unknown(
        "lists on the published share, by how much is booked",
        "reported_share_above_500k",
        "lists",
        ("book_base", "book_pressure", "book_cap", "list_overshoot"),
    ),
    Unknown(
        "seed money on income, by returns and deaths",
        "collective_income",
        [SeedMoney(start=START, form="cooperative", projects=12)],
        ("return_shift", "-death_factor", "-idle_factor"),
    ),
    Unknown(
        "land trusts on income, by what trusteeship yields and households could earn",
        "collective_income",
        "land trust",
        ("trust_yield_gain", "-outside_option"),
    ),
    Unknown(
        "professional secretaries on income, by what skill does for projects",
        "collective_income",
        [ProfessionalSecretaries(start=START)],
        ("project_skill", "project_death_skill"),
    ),
    Unknown(
        "ranking on integration in fact, by what paper costs and deadlines bring",
        "real_integration",
        [Ranking(start=START)],
        ("-paper_slows", "-deadline_rate"),
    ),
    Unknown(
        "deliberation rooms on registered disputes, by what they settle",
        "registered_disputes",
        [DeliberationRooms(start=START)],
        ("room_unsettled",),
    ),
)


def differences(scenario: vs.Scenario, effect: Unknown) -> Floats:
    """Differences at the end, by replication."""
    last = partial(last_value, scenario, effect.outcome)
    return np.array([last(effect.strategy, k) - last(effect.against, k) for k in range(REPLICATIONS)])


def last_value(scenario: vs.Scenario, outcome: str, strategy: Chosen, replication: int) -> float:
    return float(vs.simulate(scenario, strategy, 1, replication).outcomes[outcome][-1])


def sign(found: Sequence[Interval], ends: Sequence[Mapping[str, float]]) -> str:
    """Whether the sign holds over the range, and where it changes, on straight lines between what was tried."""
    told = {np.sign(one.mean) for one in found if one.low > 0 or one.high < 0}
    if len(told) == 2:
        (k,) = (k for k in (0, 1) if found[k].mean * found[k + 1].mean < 0)
        part = found[k].mean / (found[k].mean - found[k + 1].mean)
        at = ", ".join(f"`{p}` = {number(ends[k][p] + part * (ends[k + 1][p] - ends[k][p]))}" for p in ends[0])
        return f"changes at {at}"
    if len(told) == 1:
        sure = sum(one.low > 0 or one.high < 0 for one in found)
        word = "more" if told == {1.0} else "less"
        return word if sure == len(found) else f"{word}, or nothing"
    return "not told from nothing"


def row(scenario: vs.Scenario, effect: Unknown) -> str:
    ends = effect.ends(scenario)
    found = [mean_interval(differences(scenario.with_parameters(**end), effect)) for end in ends]
    cells = [f"{signed(one.mean)} ({signed(one.low)} to {signed(one.high)})" for one in found]
    low, _, high = ("; ".join(f"`{name}` {value:g}" for name, value in end.items()) for end in ends)
    unit = scenario.outcomes[effect.outcome].unit
    return f"| {effect.what} | {unit} | {low}: {cells[0]} | {cells[1]} | {high}: {cells[2]} | {sign(found, ends)} |"


def main() -> None:
    scenario = vs.load_scenario("packaged:three_townships")
    scenario = replace(scenario, timetable=replace(scenario.timetable, stop=date(2027, 1, 1)))
    head = "| effect | unit | low end | central values | high end | sign over the range |\n| --- | --- | --- | --- | --- | --- |"
    rows = [row(scenario, effect) for effect in EFFECTS]
    table = "\n".join([head, *rows])
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(MARK.sub(lambda found: f"{found.group(1)}{table}\n{found.group(2)}", page), encoding="utf-8")


if __name__ == "__main__":
    main()
