"""How much of a rise is arithmetic, trend, investment, the merger, and each policy: parts that add up to the whole.

Nested, as neither the merger nor policies can be switched on in any order: first what summing the parts of merged villages
does to a figure per village (an identity), then what is left where all roads of income are closed, without and with the
merger, then those roads by Shapley values over all their sets, then the policies by Shapley values over all theirs. All in the
same replications. Shapley values are linear, so each part is split into recurrent, one-off, due to prices, and booked only.

One decomposition is no finding: everything is told again where what no published figure can tell apart stands at either end
of its range.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from villagesim.checks import size, whole
from villagesim.errors import DesignError
from villagesim.outcomes import Outcome
from villagesim.plots.parts import draw_parts
from villagesim.policies import Policy
from villagesim.questions.answer import Answer
from villagesim.questions.decomposition import ALL, Rise
from villagesim.questions.margin import margin
from villagesim.questions.question import Chosen, Question, Runs, check_names
from villagesim.questions.roads import AS_IT_IS
from villagesim.scenario import Scenario
from villagesim.wording import effect, maps_in_words, signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LUCK = "Intervals: 95% of the mean, luck of {} and central parameters alone."


@dataclass(frozen=True, kw_only=True)
class Attribution(Question):
    """What the parts of a rise are.

    Attributes
    ----------
    strategy : name or mapping of a name to policies
        With at least one policy.
    outcome : str
        Per village only where its arithmetic is known: the incomes, and the share of villages above any level, each real,
        nominal or reported.
    at : str
        Month, as ``"2023-12"``; the last of the run by default.
    replications : int
        Of every set of policies.
    pairs : int
        Orders drawn, with their reverse, where there are more than six policies.
    apart : bool
        Tell the policies apart; else they are one part.
    over : tuple of str
        What no figure can tell apart, at both ends of which the parts are told too: ``"growth"``, ``"booking"``,
        ``"lost rents"``, ``"principal"``, ``"false reports"``, ``"gross books"``, ``"stakes"``, ``"survey"``. By default the
        first two for incomes, of which booking only where there is a list of weak villages; none for other outcomes.
    """

    name: ClassVar[str] = "attribute"
    read_as: ClassVar[Mapping[str, Any]] = {"strategy": str, "over": tuple[str, ...]}
    strategy: Chosen
    outcome: str = "collective_income"
    at: str | None = None
    replications: int = 30
    pairs: int = 50
    apart: bool = True
    over: str | Sequence[str] | None = None

    def __post_init__(self) -> None:
        size(self.replications, "replications", least=2, error=DesignError)
        whole(self.pairs, "pairs", least=2, error=DesignError)

    def answer(self, runs: Runs) -> Answer:
        """Run every set of roads and of policies in the same replications, and take the whole apart."""
        check_names(runs.scenario, [self.chosen], [self.outcome])
        over = (self.over,) if isinstance(self.over, str) else self.over
        how = self.outcome, self.at, self.replications, self.pairs, over
        taken = Rise.of(runs, self.chosen, self.groups(runs.scenario), *how)
        found, ends = runs.scenario.outcomes[self.outcome], taken.decompose()
        maps = maps_in_words(runs.scenario.has_drawn_maps, taken.n(ends))
        steps, together = taken.steps(ends), taken.together(ends[AS_IT_IS].worth)
        tables = {"attribute": steps, "together": together}
        if len(taken.readings) > 1:
            tables["readings"] = taken.by_reading(ends)
        if len(ends) > 1:
            tables["ends"] = taken.at_ends(ends)
        caption = (
            f"{found.title}, {self.chosen!r}, end of {taken.month}, {taken.n(ends)} replications. Arithmetic: fewer villages"
            f" share the same money. {taken.says} Policies: Shapley values over all their sets. {maps[0].upper()}{maps[1:]},"
            " central parameters: not a forecast."
        )
        change, first = steps.iloc[-1], steps[~steps["kind"].isin(["level", "change"])].iloc[0]
        added = effect(together.set_index("policy").loc[ALL], "shapley", "shapley_low", "shapley_high")
        title = f"{found.title}: {effect(change, 'value')}, of which {first['step']} {signed(first['value'])}, policies {added}"
        matters = margin(runs.scenario, self.outcome, ends[AS_IT_IS].worth[..., -1], reference=0)
        headline = self._headline(found, tables, matters, [name for name in ends if name != AS_IT_IS], maps)
        return self.said(
            headline, tables, unit=found.unit, change=signed(change["value"]), title=title, caption=caption
        )

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the steps, and each policy among the others."""
        return draw_parts(
            answer.tables["attribute"],
            answer.tables["together"],
            **{**answer.facts, **answer.worded(answer.facts["caption"])},
        )

    def groups(self, scenario: Scenario) -> dict[str, tuple[Policy, ...]]:
        """What is told apart, by label.

        Raises
        ------
        DesignError
            Where there is nothing to be told apart.
        """
        policies = scenario.strategies[self.chosen].policies
        if not policies:
            raise DesignError(
                f"strategy = {self.chosen!r} has no policies to be told apart.", fix="Choose another one."
            )
        return {policy.label: (policy,) for policy in policies} if self.apart else {self.chosen: policies}

    def _headline(
        self, found: Outcome, tables: "Mapping[str, pd.DataFrame]", matters: float, ends: Sequence[str], maps: str
    ) -> str:
        steps, together = tables["attribute"], tables["together"]
        parts = []
        for row in steps.iloc[1:-2].to_dict("records"):
            least, most = signed(row["over_low"]), signed(row["over_high"])
            over = f" [{least} to {most}]" if least != most else ""
            parts.append(f"{row['step']} {effect(row, 'value')}{over}")
        clear = together[(together["interaction_low"] >= matters) | (together["interaction_high"] <= -matters)]
        said = [
            f"{row['policy']} {'needs' if abs(row['left_out']) > abs(row['shapley']) else 'does the work of'} the others"
            f" ({signed(row['left_out'])} joining last, {signed(row['shapley'])} on average)"
            for row in clear.to_dict("records")
        ]
        helps = f" Policies act on each other: {', '.join(said)}."
        if not said:
            helps = f" No policy surely acts on the others by as much as matters ({signed(matters)[1:]})."
        switches = ", ".join(dict.fromkeys(name.rpartition(", ")[0] for name in ends))
        over = f" In square brackets: over the whole range of {switches}, where it changes anything." if ends else ""
        read = "".join(f" {word}." for word in [_read(tables["readings"])]) if "readings" in tables else ""
        return (
            f"{found.title} changes by {effect(steps.iloc[-1], 'value')} {found.unit}: {', '.join(parts)}."
            f" {LUCK.format(maps)}{over}{read}{helps if len(together) > 2 else ''}"
        )


def _read(table: "pd.DataFrame") -> str:
    """How much of the change and of what policies add is of each reading."""
    change = table[table["kind"] == "change"]
    parts = [f"{row['reading']} {effect(row, 'value')}" for row in change.to_dict("records")]
    booked = table[(table["kind"] == "policy") & (table["reading"] == "booked") & (table["value"] != 0)]
    of = ", ".join(f"{row['step']} {effect(row, 'value')}" for row in booked.to_dict("records"))
    return f"Of the change: {', '.join(parts)}" + (f"; booked by policy: {of}" if of else "")
