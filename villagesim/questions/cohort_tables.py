"""Tables of a cohort, and its answer in words: effects pooled, what goes with larger ones, counties by year."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.errors import DesignError
from villagesim.runs.counties import TRAITS
from villagesim.scenario import Scenario
from villagesim.statistics.pooled import Pooled, pool, shared_variances
from villagesim.wording import effect, in_unit
from villagesim.wording import number as written

if TYPE_CHECKING:
    import pandas as pd

ASSOCIATED = {
    "villages": True, "share_merged": False, "mean_income": True, "income_spread": False, "residents_per_village": True,
}  # fmt: skip
"""Traits that may go with a larger effect, and whether by their logarithm."""
LEAST_SPREAD = 0.01
"""A trait varies that differs by more than this between counties: in its logarithm, or its own unit."""


def pooled_table(effects: "pd.DataFrame", by: Sequence[str]) -> "pd.DataFrame":
    """Effects pooled over the counties of each group.

    Columns: ``by``, ``unit``; ``value, low, high`` of the mean effect; ``prediction_low, prediction_high`` of a further county;
    ``tau, tau_low, tau_high``: standard deviation between counties; ``counties``, and how many have a ``positive`` effect.
    """
    import pandas as pd

    rows = []
    for labels, own in effects.groupby(list(by), sort=False):
        known = own[own["value"].notna()]
        row = dict(zip(by, labels, strict=True)) | {"unit": own["unit"].iloc[0]}
        if len(known):
            found = pool(known["value"], shared_variances(known["sd"] ** 2, known["replications"]))
            row |= _row(found) | {"positive": int((known["value"] > 0).sum())}
            rows.append(row)
    return pd.DataFrame(rows)


def _row(found: Pooled) -> dict[str, Any]:
    return {
        "value": found.value, "low": float(found.low[0]), "high": float(found.high[0]),
        "prediction_low": found.prediction_low, "prediction_high": found.prediction_high,
        "tau": found.tau, "tau_low": found.tau_low, "tau_high": found.tau_high, "counties": found.n,
    }  # fmt: skip


def association(effects: "pd.DataFrame", traits: "pd.DataFrame") -> "pd.DataFrame":
    """How much larger the effect is where a trait is larger by a standard deviation, alone and beside the other traits.

    Columns: ``strategy, outcome, unit, trait``; ``step``, the standard deviation (of the logarithm, where ``log``); ``alone,
    alone_low, alone_high``; ``value, low, high`` beside all others; ``explained``: part of the variance between counties that all
    traits together account for. No rows where fewer than three counties a trait are there.
    """
    import pandas as pd

    told = traits.set_index("county")
    rows = []
    for (strategy, outcome), own in effects[effects["value"].notna()].groupby(["strategy", "outcome"], sort=False):
        variances = shared_variances(own["sd"] ** 2, own["replications"])
        y, columns, steps = own["value"].to_numpy(float), {}, {}
        for name, logs in ASSOCIATED.items():
            x = told.loc[own["county"], name].to_numpy(float)
            x = np.log(np.maximum(x, 1e-9)) if logs else x
            if len(x) > 1 and (spread := float(x.std(ddof=1))) > LEAST_SPREAD:
                columns[name], steps[name] = (x - x.mean()) / spread, spread
        if not columns or len(y) < 3 * (1 + len(columns)):
            continue
        try:
            together = pool(y, variances, np.column_stack(list(columns.values())))
        except DesignError:  # one follows from the others
            continue
        plain = pool(y, variances)
        explained = 1 - together.tau**2 / plain.tau**2 if plain.tau > 0 else math.nan
        for k, (name, x) in enumerate(columns.items(), start=1):
            alone = pool(y, variances, x[:, None])
            rows.append(
                {"strategy": strategy, "outcome": outcome, "unit": own["unit"].iloc[0], "trait": name, "log": ASSOCIATED[name],
                 "step": steps[name], "alone": alone.coefficients[1], "alone_low": alone.low[1], "alone_high": alone.high[1],
                 "value": together.coefficients[k], "low": together.low[k], "high": together.high[k],
                 "explained": max(explained, 0.0) if explained == explained else math.nan}
            )  # fmt: skip
    columns_ = ["strategy", "outcome", "unit", "trait", "log", "step", "alone", "alone_low", "alone_high", "value", "low", "high",
                "explained"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns_)


def panel(years: "pd.DataFrame", groups: "pd.DataFrame", traits: "pd.DataFrame") -> "pd.DataFrame":
    """A row a county and year: what is seen of each outcome, and what would have been without the strategy.

    Columns: ``county, id`` (a number), ``province, year``; ``group``: first year with the strategy, 0 for never; ``treated``;
    ``event``: years since, NaN for never; ``pair``; of every outcome its name, and ``name_without``; then the traits.
    """
    table = years.merge(groups, on="county").merge(traits[["county", "province", *TRAITS]], on="county")
    table["id"] = table["county"].map({county: k for k, county in enumerate(groups["county"], start=1)})
    treated = (table["group"] > 0) & (table["year"] >= table["group"])
    table["treated"] = treated.astype(int)
    table["event"] = (table["year"] - table["group"]).where(table["group"] > 0).astype(float)
    outcomes = [name.removesuffix("_without") for name in years.columns if name.endswith("_without")]
    for name in outcomes:
        ever = table["group"] > 0
        table[name] = table[f"{name}_with"].where(ever, table[f"{name}_without"])
    kept = ["county", "id", "province", "year", "group", "treated", "event", "pair"]
    return table[[*kept, *outcomes, *(f"{name}_without" for name in outcomes), *TRAITS]]


def headline(main: "pd.DataFrame", found: "pd.DataFrame", refused: "pd.DataFrame", scenario: Scenario) -> str:
    """The answer in words: a sentence a strategy and outcome, who was refused, and what goes with more."""
    said = []
    for row in main.to_dict("records"):
        title = scenario.outcomes[row["outcome"]].title.lower()
        mean = in_unit(effect(row), row["unit"])
        further = effect(row, "value", "prediction_low", "prediction_high").partition(" (")[2].rstrip(")")
        sentence = f"{row['strategy']} adds {mean} to {title} on average of {row['counties']} counties"
        said.append(
            f"{sentence}; a further county: {further}, standard deviation between counties {written(row['tau'])}."
            if further
            else f"{sentence}."
        )
    for (strategy, outcome), own in found.groupby(["strategy", "outcome"], sort=False):
        clear = own[(own["low"] > 0) | (own["high"] < 0)]
        if len(clear):
            words = ", ".join(f"{row['trait'].replace('_', ' ')} ({effect(row)})" for row in clear.to_dict("records"))
            said.append(
                f"In the model, the effect of {strategy} on {scenario.outcomes[outcome].title.lower()} goes with {words}, each a"
                " standard deviation more."
            )
    if len(refused):
        first, n = refused.iloc[0], len(refused)
        all_ = n + int(main["counties"].max())
        are = "is refused" if n == 1 else "are refused, the first"
        said.append(f"{n} of {all_} counties {are}: {first['county']}: {str(first['reason']).rstrip('.')}.")
    return "\n".join(said)
