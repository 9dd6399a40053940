"""What published figures say about parameters: prior beside posterior, by approximate Bayesian computation.

A few published shares cannot tell dozens of parameters apart. What did not move is called not informed, and keeps its
prior range. The posterior holds for this model. That no value fits is an answer, which names the figure; that some fit does
not say that the model is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from villagesim.checks import size
from villagesim.design import Factor, held, in_words, latin_hypercube, uncertain
from villagesim.design.factor import WHOLE
from villagesim.design.factors import is_whole
from villagesim.design.files import read_factor
from villagesim.errors import DesignError, OutcomeError
from villagesim.languages import _, named
from villagesim.outcomes.criterion import check_level
from villagesim.plots.posterior import draw_posterior, target_in_words
from villagesim.questions.answer import Answer
from villagesim.questions.populations import Posterior, library, posterior
from villagesim.questions.published import PublishedFigure, SimulatedFigures, read_figure
from villagesim.questions.question import Chosen, Question, Runs, check_names, last_month, values
from villagesim.runs.sweep import Swept
from villagesim.statistics.posterior import (
    DOES_NOT_FIT,
    FITS,
    LEAST,
    NO_FIT,
    NOT_INFORMED,
    TOO_FEW,
    posterior_table,
    surprise,
    weighted_quantiles,
    worth,
)
from villagesim.wording import between, estimate, number, one_after_another, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LUCK = Factor("replication", 0, 999_999)


@dataclass(frozen=True, kw_only=True)
class Calibration(Question):
    """Which values of parameters go with published figures.

    Attributes
    ----------
    targets : tuple of Target
        Published figures, as ``[[target]]``: ``outcome``, ``value``, ``error`` (standard error, or half the last digit),
        ``source``, ``at``.
    strategy : name or mapping of a name to policies
        What was really done; left out: nothing, the baseline.
    factors : tuple of Factor
        Ranges of numbers with uniform priors; all that is not well known where none are given.
    particles : int
        Accepted runs of each population.
    populations : int
        At most; each takes the errors for smaller than the one before, the last one as they were published.
    most_runs : int
        No population is begun after so many runs; one that takes more is given up.
    """

    name: ClassVar[str] = "calibrate"
    read_as: ClassVar[Mapping[str, Any]] = {"strategy": str}
    lists: ClassVar[Mapping[str, Any]] = {"factor": ("factors", read_factor), "target": ("targets", read_figure)}
    targets: tuple[PublishedFigure, ...]
    strategy: Chosen = ""
    factors: tuple[Factor, ...] = ()
    particles: int = 100
    populations: int = 5
    most_runs: int = 5_000

    def __post_init__(self) -> None:
        size(self.particles, "particles", least=20, error=DesignError)
        size(self.populations, "populations", least=1, error=DesignError)
        size(self.most_runs, "most_runs", least=1, error=DesignError)
        if not self.targets:
            raise DesignError("there is no [[target]].", fix="Add at least one published figure with its source.")
        for factor in self.factors:
            if not isinstance(factor.low, int | float) or not isinstance(factor.high, int | float):
                raise DesignError("a prior needs low and high as numbers.", at=[f"factor {factor.path}"])
            if factor.path in WHOLE:
                raise DesignError(
                    "luck is no parameter, and is new in every run.", fix="Leave it out.", at=[f"factor {factor.path}"]
                )

    def answer(self, runs: Runs) -> Answer:
        """Run the prior, then population after population towards the targets."""
        import pandas as pd

        library()  # refused now rather than after the prior
        check_names(runs.scenario, [self.chosen], list(dict.fromkeys(target.outcome for target in self.targets)))
        for target in self.targets:
            check_level(target.outcome, target.value, runs.scenario.outcomes)
        at = [last_month(runs.scenario, target.at) for target in self.targets]
        self._check_once(at)
        factors = self.factors or tuple(f for f in uncertain(runs.scenario, [self.chosen]) if f.path != "merger.decree")
        prior = runs.sweep(
            "prior", latin_hypercube((*factors, LUCK), self.particles, runs.seed), strategies=[self.chosen],
            outcomes=tuple(dict.fromkeys(target.outcome for target in self.targets)), at=sorted(set(at)),
        )  # fmt: skip
        for target, month in zip(self.targets, at, strict=True):
            known = int(np.isfinite(values(prior, target.outcome, month)).sum())
            if 2 * known <= self.particles:
                raise OutcomeError(
                    f"{target.outcome} of {self.chosen!r} is not defined at the end of {month} in"
                    f" {self.particles - known} of {self.particles} runs, of which {len(prior.failures)} failed.",
                    fix="Choose another outcome, strategy or month, or narrower ranges.",
                )
        whole = frozenset(factor.path for factor in factors if is_whole(runs.scenario, factor.path))
        model = SimulatedFigures(
            runs.scenario, self.chosen, runs.seed, tuple(zip(self.targets, at, strict=True)), whole
        )
        bounds = {factor.path: _bounds(factor, factor.path in whole) for factor in factors}
        published = {str(k): (target.value, target.error) for k, target in enumerate(self.targets)}
        found = posterior(
            model, bounds, published, runs,
            particles=self.particles, populations=self.populations, most_runs=self.most_runs,
        )  # fmt: skip
        main = posterior_table(bounds, found.places, found.weights, runs.seed)
        fit = self._fit(prior, at, found)
        effective = worth(found.weights)
        larger = np.sqrt(found.temperature)
        summary = pd.DataFrame(
            {"runs": [found.n_runs], "particles": [self.particles], "effective": [effective], "errors_times": [larger]}
        )
        tables = {
            "calibrate": main, "fit": fit, "effort": summary, "held": held(runs.scenario, factors, [self.chosen]),
        }  # fmt: skip

        def headline() -> str:
            return self._headline(main, fit, larger, effective)

        def caption() -> str:
            return _(
                "Strategy '{strategy}'; {n} particles, {runs:,} runs, after those of the prior. Left: prior and posterior, 5 to"
                " 95% with the median, within the prior's range. Right: the published figures, in their own errors, before and"
                " after. What is not surely narrower than nine tenths of its prior is not informed.",
                strategy=named(self.chosen, "strategy"), n=self.particles, runs=found.n_runs,
            )  # fmt: skip

        return self.said(headline, tables, caption=caption)

    @staticmethod
    def draw(answer: Answer, name: str) -> "Figure":
        """Draw prior and posterior, and the published figures before and after."""
        main = answer.tables["calibrate"]
        words = {path: named(in_words(path)) for path in main["factor"]}
        return draw_posterior(main, answer.tables["fit"], words, answer.fact("caption"))

    def _check_once(self, at: list[str]) -> None:
        """Refuse a figure that is there twice: the posterior would be as narrow as if two had been measured."""
        seen: dict[tuple[str, str, str], int] = {}
        for k, (target, month) in enumerate(zip(self.targets, at, strict=True), start=1):
            first = seen.setdefault((target.outcome, month, target.source.strip()), k)
            if first != k:
                raise DesignError(
                    f"{target.outcome} at the end of {month} of {target.source!r} is [[target]] {first} already.",
                    fix="One source counts once: leave one out.", at=[f"[[target]] {k}"],
                )  # fmt: skip

    def _fit(self, prior: Swept, at: list[str], found: Posterior) -> "pd.DataFrame":
        """Published figures beside what the prior and the posterior give."""
        import pandas as pd

        rows, known = [], prior.scenario.outcomes
        for k, (target, month) in enumerate(zip(self.targets, at, strict=True)):
            before = values(prior, target.outcome, month)[0, :, 0]
            before = before[np.isfinite(before)]
            row: dict[str, Any] = {
                "target": f"{known[target.outcome].title}, {month}", "unit": known[target.outcome].unit,
                "published": target.value, "error": target.error, "source": target.source,
            }  # fmt: skip
            for name, x, w in (
                ("prior", before, np.full(len(before), 1 / len(before))),
                ("posterior", found.figures[:, k], found.weights),
            ):
                low, middle, high = weighted_quantiles(x, w, (0.05, 0.5, 0.95))
                row |= {name: middle, f"{name}_low": low, f"{name}_high": high}
            chance = surprise(found.figures[:, k], found.weights, target.value, target.error)
            verdict = DOES_NOT_FIT if chance < NO_FIT / len(at) else FITS
            row |= {"surprise": chance, "verdict": verdict if worth(found.weights) >= LEAST else TOO_FEW}
            rows.append(row)
        return pd.DataFrame(rows)

    def _headline(self, main: "pd.DataFrame", fit: "pd.DataFrame", larger: float, effective: float) -> str:
        if effective < LEAST:
            return _(
                "The {n} accepted runs count as {effective:.1f} of equal weight: {too_few}. At least {least} are needed: give"
                " more particles and more populations, or narrower priors.",
                n=self.particles, effective=effective, too_few=named(TOO_FEW), least=LEAST,
            )  # fmt: skip
        moved = main[main["verdict"] != NOT_INFORMED]
        said = [
            _(
                "{what} {size}, {share} as wide as its prior",
                what=named(in_words(row["factor"])), size=estimate(row, "posterior", "posterior_low", "posterior_high"),
                share=percent(row["width"]),
            )
            for row in moved.to_dict("records")
        ]  # fmt: skip
        informed = _("{n} of {m} parameters are informed", n=len(moved), m=len(main))
        if said:
            informed = _("{what}: {size}", what=informed, size=_("; ").join(said))
        rest = _("{informed}. {n} are not informed.", informed=informed, n=len(main) - len(moved))
        words = [
            _not_met(row) for row in fit[fit["verdict"] == DOES_NOT_FIT].sort_values("surprise").to_dict("records")
        ]
        words = words or [rest, _("All {n} published figures fit what the posterior gives.", n=len(fit))]
        if larger > 1:
            words.append(
                _(
                    "The runs did not suffice: the errors count as if they were {times} times as large as published.",
                    times=number(larger),
                )
            )
        return one_after_another(words)


def _not_met(row: Mapping[str, Any]) -> str:
    """A published figure that no run comes near."""
    return _(
        "No value within the priors fits: {target} was published as {published} with an error of {error}, and the nearest runs"
        " give {ends} (5 to 95%) [{unit}].",
        target=target_in_words(row["target"]), published=number(row["published"]), error=number(row["error"]),
        ends=between(row["posterior_low"], row["posterior_high"]), unit=named(row["unit"]),
    )  # fmt: skip


def _bounds(factor: Factor, whole: bool) -> tuple[float, float]:
    """Ends of a prior; a whole number has the half on either side of it, so that all are equally likely."""
    assert isinstance(factor.low, int | float)
    assert isinstance(factor.high, int | float)
    half = 0.5 if whole else 0.0
    return factor.low - half, factor.high + half
