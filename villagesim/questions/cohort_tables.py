"""Tables of a cohort, and its answer in words: effects pooled, what goes with larger ones, counties by year."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from villagesim.errors import DesignError
from villagesim.languages import _, marked, named
from villagesim.refusals import retell_kept
from villagesim.runs.counties import TRAITS
from villagesim.scenario import Scenario
from villagesim.statistics.pooled import Pooled, pool, shared_variances
from villagesim.wording import as_said, effect, in_unit, month, one_after_another, scale, signed, within
from villagesim.wording import number as written

if TYPE_CHECKING:
    import pandas as pd

ASSOCIATED = {
    "villages": True, "share_merged": False, "mean_income": True, "income_spread": False, "residents_per_village": True,
}  # fmt: skip
"""Traits that may go with a larger effect, and whether by their logarithm."""
TRAITS_IN_WORDS = {
    "villages": marked("number of villages"), "share_merged": marked("share of villages that are merged"),
    "mean_income": marked("mean income"), "income_spread": marked("spread of incomes"),
    "residents_per_village": marked("residents per village"),
}  # fmt: skip
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


def of_the_only_one(pooled: "pd.DataFrame", effects: "pd.DataFrame") -> "pd.DataFrame":
    """The same; where an effect is known in a single county, the interval is that of its own mean."""
    own = effects[effects["value"].notna()].set_index(["strategy", "outcome"])
    for at, row in pooled[pooled["counties"] == 1].iterrows():
        pooled.loc[at, ["low", "high"]] = own.loc[(row["strategy"], row["outcome"]), ["low", "high"]].to_numpy()
    return pooled


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


def headline(
    main: "pd.DataFrame", found: "pd.DataFrame", refused: "pd.DataFrame", scenario: Scenario, at: str | None
) -> str:
    """The answer in words: a sentence a strategy and outcome, who was refused, and what goes with more."""
    said = [_adds(row, scenario.outcomes[row["outcome"]].title) for row in main.to_dict("records")]
    said.append(
        _("End of {month}; intervals: 95%.", month=month(at))
        if at
        else _("At the end of each county's run; intervals: 95%.")
    )
    for (strategy, outcome), own in found.groupby(["strategy", "outcome"], sort=False):
        clear, unit = as_said(own[(own["low"] > 0) | (own["high"] < 0)], own["unit"].iloc[0], "value", "low", "high")
        if len(clear):
            traits = _(", ").join(
                _("{trait} ({size})", trait=named(TRAITS_IN_WORDS[row["trait"]]), size=effect(row))
                for row in clear.to_dict("records")
            )
            said.append(
                _(
                    "In the model, the effect of {strategy} on {title} goes with {traits} [{unit}], each a standard deviation"
                    " more.",
                    strategy=named(strategy, "strategy"), title=within(scenario.outcomes[outcome].title), traits=traits,
                    unit=unit,
                )
            )  # fmt: skip
    if len(refused):
        first, n = refused.iloc[0], len(refused)
        about = {
            "all": n + int(main["counties"].max()),
            "county": first["county"],
            "why": one_after_another(map(str.strip, retell_kept(first["reason"]).splitlines())).rstrip(".。"),
        }
        said.append(
            _("1 of {all} counties is refused: {county}: {why}.", **about)
            if n == 1
            else _("{n} of {all} counties are refused, the first: {county}: {why}.", n=n, **about)
        )
    return "\n".join(said)


def _adds(row: dict[str, Any], title: str) -> str:
    """What a strategy adds to an outcome on average, and in a further county, where that is known."""
    per, unit = scale(row["unit"], row["value"])
    row = row | {name: row[name] / per for name in ("value", "low", "high", "prediction_low", "prediction_high", "tau")}
    mean = in_unit(effect(row), row["unit"] if per == 1 else unit)
    about = {"strategy": named(row["strategy"], "strategy"), "title": within(title), "mean": mean}
    said = (
        _("{strategy} adds {mean} to {title} in one county", **about)
        if row["counties"] == 1
        else _("{strategy} adds {mean} to {title} on average of {n} counties", n=row["counties"], **about)
    )
    if row["low"] <= 0 <= row["high"]:
        said = _("{said}, {verdict}", said=said, verdict=named("undecided"))
    if row["prediction_low"] != row["prediction_low"]:
        return _("{said}.", said=said)
    further = _("{low} to {high}", low=signed(row["prediction_low"]), high=signed(row["prediction_high"]))
    return _(
        "{said}; a further county: {further}, standard deviation between counties {tau}.",
        said=said, further=further, tau=written(row["tau"]),
    )  # fmt: skip
