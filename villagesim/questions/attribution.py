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
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from villagesim.checks import size, whole
from villagesim.errors import DesignError
from villagesim.languages import _, named
from villagesim.outcomes import Outcome
from villagesim.plots.parts import draw_parts
from villagesim.policies import Policy
from villagesim.questions.answer import Answer
from villagesim.questions.decomposition import ALL, START, Rise
from villagesim.questions.margin import margin
from villagesim.questions.question import Chosen, Question, Runs, check_names
from villagesim.questions.roads import AS_IT_IS
from villagesim.scenario import Scenario
from villagesim.wording import (
    at_end,
    divided,
    effect,
    in_unit,
    label_in_words,
    maps_in_words,
    month,
    number,
    one_after_another,
    quoted,
    scale,
    signed,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
ENDS, SHAPLEY = ("value", "low", "high"), ("shapley", "shapley_low", "shapley_high")
"""Columns of a figure with its interval."""


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
        steps, together = taken.steps(ends), taken.together(ends[AS_IT_IS].worth)
        tables = {"attribute": steps, "together": together}
        if len(taken.readings) > 1:
            tables["readings"] = taken.by_reading(ends)
        if len(ends) > 1:
            tables["ends"] = taken.at_ends(ends)
        matters = margin(runs.scenario, self.outcome, ends[AS_IT_IS].worth[..., -1], reference=0)
        n, over = taken.n(ends), [name for name in ends if name != AS_IT_IS]
        merges = runs.scenario.merges
        maps = partial(maps_in_words, runs.scenario.has_drawn_maps, n, merges)

        def headline() -> str:
            asked = at_end(quoted(self.chosen), taken.month)
            since = (
                _("since {month}", month=month(f"{runs.scenario.timetable.start:%Y-%m}"))
                if steps["step"].iloc[0] == START
                else _("beside the world without merger")
            )
            asked = _("{asked}, {since}", asked=asked, since=since)
            return self._headline(asked, found, tables, matters, over, maps() if merges else "")

        def caption() -> str:
            names = {"strategy": quoted(self.chosen), "maps": f"{maps()[0].upper()}{maps()[1:]}"}
            fewer = _("Arithmetic: fewer villages share the same money.") if merges else ""
            return _(
                "{title}, {strategy}, end of {month}, {n} replications. {says} Policies: Shapley values over all their sets."
                " {maps}, central parameters: not a forecast.",
                title=named(found.title), month=month(taken.month), n=n, says=one_after_another((fewer, taken.says)), **names,
            )  # fmt: skip

        def title() -> str:
            first = steps[~steps["kind"].isin(["level", "change"])].index[0]
            per, _unit = _scale(tables, found)
            rows, added = divided(steps, per, *ENDS), divided(together, per, *SHAPLEY)
            return _(
                "{title}: {change}, of which {step} {size}, policies {added}",
                title=named(found.title), change=effect(rows.iloc[-1], "value"), step=label_in_words(rows.loc[first, "step"]),
                size=signed(rows.loc[first, "value"]), added=effect(added.set_index("policy").loc[ALL], *SHAPLEY),
            )  # fmt: skip

        return self.said(headline, tables, unit=found.unit, title=title, caption=caption)

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw the steps, and each policy among the others."""
        tables, words = answer.tables, answer.worded(answer.fact("caption"))
        return draw_parts(tables["attribute"], tables["together"], answer.facts["unit"], **words)

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
        self, asked: str, found: Outcome, tables: "Mapping[str, pd.DataFrame]", matters: float, ends: Sequence[str],
        maps: str,
    ) -> str:  # fmt: skip
        per, unit = _scale(tables, found)
        steps = divided(tables["attribute"], per, *ENDS, "over_low", "over_high")
        parts = []
        for row in steps.iloc[1:-2].to_dict("records"):
            part = {"step": label_in_words(row["step"]), "size": effect(row, "value")}
            least, most = signed(row["over_low"]), signed(row["over_high"])
            parts.append(
                _("{step} {size}", **part)
                if least == most
                else _("{step} {size} [{low} to {high}]", low=least, high=most, **part)
            )
        said = [
            _(
                "{title} changes by {size} ({asked}): {parts}.",
                title=named(found.title), asked=asked, size=in_unit(effect(steps.iloc[-1], "value"), unit),
                parts=_(", ").join(parts),
            ),
            _("Intervals: 95% of the mean, luck of {maps} and central parameters alone.", maps=maps)
            if maps
            else _("Intervals: 95% of the mean, luck and central parameters alone."),
        ]  # fmt: skip
        if ends:
            switches = _(", ").join(map(named, dict.fromkeys(name.rpartition(", ")[0] for name in ends)))
            said.append(
                _(
                    "In square brackets: over the whole range of {switches}, where it changes anything.",
                    switches=switches,
                )
            )
        said += [_read(divided(tables["readings"], per, *ENDS))] if "readings" in tables else []
        said += [_interplay(tables["together"], matters, per)] if len(tables["together"]) > 2 else []
        return one_after_another(said)


def _scale(tables: "Mapping[str, pd.DataFrame]", found: Outcome) -> tuple[float, str]:
    """What all figures of the answer are divided by in its sentences, and their unit then."""
    return scale(found.unit, float(tables["attribute"]["value"].abs().max()))


def _interplay(together: "pd.DataFrame", matters: float, per: float) -> str:
    """Which policies act on each other by as much as matters."""
    surely = (together["interaction_low"] >= matters) | (together["interaction_high"] <= -matters)
    if not surely.any():
        size = number(matters / per)
        return _("No policy surely acts on the others by as much as matters ({size}).", size=size)
    said = []
    for row in together[surely].to_dict("records"):
        figures = {"last": signed(row["left_out"] / per), "mean": signed(row["shapley"] / per)}
        policy = label_in_words(row["policy"])
        if row["left_out"] * row["shapley"] < 0:
            words = _(
                "{policy} turns round beside the others ({last} joining last, {mean} on average)",
                policy=policy,
                **figures,
            )
        elif abs(row["left_out"]) > abs(row["shapley"]):
            words = _("{policy} needs the others ({last} joining last, {mean} on average)", policy=policy, **figures)
        else:
            words = _(
                "{policy} does the work of the others ({last} joining last, {mean} on average)",
                policy=policy,
                **figures,
            )
        said.append(words)
    return _("Policies act on each other: {said}.", said=_(", ").join(said))


def _read(table: "pd.DataFrame") -> str:
    """How much of the change and of what policies add is of each reading."""
    change = table[table["kind"] == "change"]
    booked = table[(table["kind"] == "policy") & (table["reading"] == "booked") & (table["value"] != 0)]
    parts, of = (
        _(", ").join(
            _("{step} {size}", step=label_in_words(row[what]), size=effect(row, "value"))
            for row in rows.to_dict("records")
        )
        for rows, what in ((change, "reading"), (booked, "step"))
    )
    if of:
        return _("Of the change: {parts}; booked by policy: {of}.", parts=parts, of=of)
    return _("Of the change: {parts}.", parts=parts)
