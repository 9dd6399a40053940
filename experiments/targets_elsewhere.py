"""What was published of other places, beside what the library gives for a county made from what is known of each.

QUESTION: does the library come near what was published elsewhere, without having been fitted to it?
DESIGN: the county of every place of ``villagesim.evidence``, central parameters, 5 replications, seed 1; 40 where crops decide.
OUTPUT: docs/targets.md. Run with `make pages`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import villagesim as vs
from villagesim.evidence import PublishedPlace, PublishedTarget, figure_of, read_places, read_targets, scenario_of
from villagesim.evidence.made import AS_THERE

ROOT = Path(__file__).parents[1]
REPLICATIONS, SEASONS, SEED = 5, 40, 1
"""Replications, and those where prices and weather, which are common to a county, decide."""
HIT, NEAR = 2.0, 4.0
"""Errors from what was published, those of chance included."""
WHY = {
    "I1.02": "How many villages were pressed is not published.",
    "I1.65": "Grants for 53 villages and a list move a mean little; 466 co-operatives were founded.",
    "I1.73": "Nobody books more than it earns, so that no list doubles a mean; a doubling within a year is one-offs, gross books or another count.",
    "I1.81": "Growth alone. What they were given is not published.",
    "I3.02": "Much of its land is pasture.",
    "I3.15": "Little is ripe within two months of a survey; the town's land was ripe at once. So was what S2 tells of: it needs 3.5 a year in place of 1.5.",
    "I5.15": "Waived and paid from above, mostly; teams alone net and write off what is easy.",
    "I5.16": "As I5.15.",
    "D01": "A petition of the library is a case that nobody heard in time. Villagers petition over heads, too.",
    "D02": "As D01.",
    "D03": "As D01.",
    "Q13.2": "The published one was an expectation.",
    "Q24.1": "Own farming of wheat and maize; its co-operatives grow fruit.",
    "I3.31": "A part of it is paid once. Teams enough for a year; more is not there.",
    "W06": "The share listed in a year is not published: 6% here.",
    "Q25.1": "As Q24.1.",
    "Q28.4": "A third of the grant a year: no kind of project yields that. It may be a plain rise: the poorer half rises by 61,000 in the four years without any money.",
    "Q29.3": "Grants are spread over the year.",
    "Q33.1": "Who has nothing to begin with books 20,000 at most, and its idle assets bring less than 50,000.",
    "Q33.2": "As Q33.1.",
}
"""Why a figure misses, as far as it is known; also where it does not."""


@dataclass(frozen=True)
class Row:
    """One line of the page: what was published, and what came out by replication."""

    target: PublishedTarget
    place: PublishedPlace
    came_out: tuple[float, ...]

    @property
    def off(self) -> float:
        """Errors that the mean is off: of the figure, its reporting, and one county's chance."""
        spread = float(np.hypot(self.target.total_error, np.std(self.came_out, ddof=1)))
        return abs(float(np.mean(self.came_out)) - self.target.value) / spread

    @property
    def verdict(self) -> str:
        return "hit" if self.off <= HIT else "near" if self.off <= NEAR else "miss"


def rows() -> Iterator[Row]:
    """All numbers in use that a run says something of."""
    places = read_places()
    for key, place in places.items():
        own = [t for t in read_targets().values() if t.place == key and t.use != "context" and t.is_outcome]
        if own:
            scenario = scenario_of(place)
            endowment, p = scenario.endow(SEED), scenario.parameters
            n = SEASONS if any(policy["kind"] == "land_trust" for policy in place.policy) else REPLICATIONS
            found: dict[str, list[float]] = {target.id: [] for target in own}
            for replication in range(n):
                run = vs.simulate(scenario, AS_THERE, SEED, replication, endowment=endowment)
                gains = any(target.how == "gain" for target in own)
                without = vs.simulate(scenario, None, SEED, replication, endowment=endowment) if gains else None
                for target in own:
                    found[target.id].append(figure_of(target, place, run, p, without))
            yield from (Row(target, place, tuple(found[target.id])) for target in own)


def figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def line(row: Row) -> str:
    target, came_out = row.target, row.came_out
    seen = " (seen)" if row.place.seen and target.use == "validate" else ""
    ends = f"{figure(min(came_out))} to {figure(max(came_out))}"
    verdict = f"**{row.verdict}**" if row.verdict == "miss" else row.verdict
    what = f"`{target.outcome}`" + (f", {target.how}" if target.how != "level" else "")
    return (
        f"| {target.id} | {row.place.name}: {target.quantity} | {what} | {figure(target.value)} | {figure(float(np.mean(came_out)))}"
        f" ({ends}) | {verdict}, {row.off:.1f} | {target.use}{seen} | {WHY.get(target.id, '')} |"
    )


def page(found: list[Row]) -> str:
    counts = {
        use: [
            sum(row.verdict == verdict for row in found if row.target.use == use) for verdict in ("hit", "near", "miss")
        ]
        for use in ("validate", "calibrate")
    }
    said = "; ".join(
        f"of those that {use} {hit} hits, {near} near, {miss} misses" for use, (hit, near, miss) in counts.items()
    )
    return "\n".join(
        [
            "# Targets from elsewhere",
            "",
            "Written by `make pages`; do not edit by hand.",
            "",
            "What was published of other places, beside what comes out for a county made from what is known of each (see",
            "[Evidence](evidence.md) for the numbers, the rule of their sides, and what is assumed of each place): central parameters,",
            f"means of {REPLICATIONS} replications with their ends, {SEASONS} where crops decide, nothing fitted. Parameters are not drawn: a miss",
            "may still lie within what is not known. *Off* counts errors: of the figure, of its reporting and of one county's chance. A hit is within",
            f"{HIT:.0f} of them, near within {NEAR:.0f}. *Seen* was set beside a prototype or the library before the rule was written. Here {said}.",
            "",
            "| | place | compared with | published | came out | off | side | why |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *(line(row) for row in sorted(found, key=lambda row: (row.target.use != "validate", -row.off))),
            "",
        ]
    )  # fmt: skip


if __name__ == "__main__":
    (ROOT / "docs" / "targets.md").write_text(page(list(rows())), encoding="utf-8")
