"""Incomes that meet a published share above a level and a published mean, as near as can be to what was drawn."""

from math import ceil, exp, floor, log

import numpy as np

from villagesim.arrays import Floats
from villagesim.errors import RollError

NO_INCOME = (
    "Income of all sources counts, subsidies too, and all that comes is in proportion to it: give the mean over all villages,"
    " and the share of them that has none as without_income."
)
"""What to do where a county seems to have no collective income at all."""


def check_mean(mean_income: float) -> float:
    """Take a mean of incomes, of which there must be some.

    Raises
    ------
    RollError
    """
    if not mean_income > 0:
        raise RollError(f"mean_income = {mean_income:g} must be above 0.", fix=NO_INCOME)
    return mean_income


def check_complete(income: Floats, mean_income: float, threshold: float, share_above: float) -> None:
    """Refuse a table of all incomes that is not what was published, or in which nobody has any.

    Raises
    ------
    RollError
    """
    mean, share = float(income.mean()), float((income >= threshold).mean())
    if not mean > 0:
        raise RollError("the table gives all incomes, and all are 0.", fix=NO_INCOME, at=["income"])
    if abs(mean - mean_income) > 0.5 or abs(share - share_above) > 0.5 / len(income):
        raise RollError(
            f"the table gives all incomes, with a mean of {mean:,.2f} yuan and {share:.4f} of the villages at or"
            f" above {threshold:,.0f}.",
            fix="Say so in the scenario: mean_income and share_above must be these.",
            at=["income"],
        )


def fitted(latent: Floats, n_above: int, threshold: float, total: float) -> Floats:
    """Turn log incomes into incomes so that exactly ``n_above`` reach the threshold and the total is right.

    The map is ``log income = a + b latent`` with b > 0, so ranks stay as they were.
    """
    from scipy.optimize import brentq, minimize_scalar

    n = len(latent)
    if not 0 <= n_above <= n or total <= 0:
        raise RollError(
            f"{total:,.0f} yuan are left for {n} villages, {n_above} of them at or above {threshold:,.0f} yuan: figures of"
            " the table are taken off what mean_income and share_above say of all.",
            fix="See that both are in yuan per village and year, and correct one of them.",
            at=["income"],
        )
    if n_above in (0, n):
        return _on_one_side(latent, n_above, threshold, total)
    ranked = np.sort(latent)
    from_threshold = latent - (ranked[n - n_above] + ranked[n - n_above - 1]) / 2
    wanted = log(total / n / threshold)

    def excess(b: float) -> float:
        scaled = b * from_threshold
        return float(np.log(np.exp(scaled - scaled.max()).mean()) + scaled.max() - wanted)

    low = float(minimize_scalar(excess, bounds=(0.0, 20.0), method="bounded").x)
    if excess(low) > 0 or excess(20.0) < 0:
        least, most = (threshold * exp(excess(b) + wanted) for b in (low, 20.0))
        way = f"In this draw the lowest mean that goes with this share is {ceil(least):,} yuan."
        if total / n > least:
            way = f"In this draw the highest mean that goes with this share is {floor(most):,} yuan."
        raise RollError(
            f"{n_above} of {n} villages at or above {threshold:,.0f} yuan do not go with a mean of"
            f" {total / n:,.0f} yuan.",
            fix=f"{way} Correct share_above or mean_income.",
            at=["income"],
        )
    b = brentq(excess, low, 20.0, xtol=1e-13)
    result: Floats = threshold * np.exp(b * from_threshold)
    return result


def _on_one_side(latent: Floats, n_above: int, threshold: float, total: float) -> Floats:
    """Incomes that all reach the threshold, or none, with the right total; spread as drawn, or less where they must be."""
    from scipy.optimize import brentq

    n, above = len(latent), n_above > 0
    mean = total / n
    if mean < threshold if above else mean >= threshold:
        those = "all of them" if above else "none of them"
        raise RollError(
            f"{n_above} of {n} villages, {those}, at or above {threshold:,.0f} yuan do not go with a mean"
            f" of {mean:,.0f} yuan.",
            fix="Correct share_above or mean_income.",
            at=["income"],
        )
    nearest_one = float(latent.min() if above else latent.max())

    def room(b: float) -> float:
        """How far, in log incomes, the nearest village is on the right side."""
        level = log(mean / float(np.exp(b * (latent - nearest_one)).mean()) / threshold)
        return level if above else -level - 1e-9

    b = 1.0 if room(1.0) >= 0 else brentq(room, 0.0, 1.0, xtol=1e-13) * (1 - 1e-9) if room(0.0) > 0 else 0.0
    scaled = np.exp(b * (latent - nearest_one))
    result: Floats = mean * scaled / scaled.mean()
    return np.maximum(result, threshold) if above else result


def pulled(drawn: Floats, variance: Floats, n_above: int, threshold: float, total: float) -> Floats:
    """Incomes with this total of which exactly ``n_above``, the highest, reach the threshold; the better known, the less moved.

    Parameters
    ----------
    drawn, variance : (n,)
        Log incomes, and how uncertain each is; what is missing of the total moves each by its variance.

    Raises
    ------
    RollError
        Where no incomes can be so.
    """
    from scipy.optimize import brentq

    n = len(drawn)
    if not (0 <= n_above <= n and n_above * threshold <= total and (n_above or total < n * threshold) and total > 0):
        raise RollError(
            f"{n_above} of {n} villages should stand at or above {threshold:,.0f} yuan, with {total:,.0f} in all.",
            fix="The user's figures are taken off. Correct share_above, mean_income, or the table.",
            at=["income"],
        )
    above = np.zeros(n, bool)
    above[np.argsort(-drawn, kind="stable")[:n_above]] = True
    below = np.nextafter(threshold, 0)

    def moved(step: float) -> Floats:
        income = np.exp(np.clip(drawn + step * variance, -700, 700))
        return np.where(above, np.maximum(income, threshold), np.minimum(income, below))

    most = 1400 / float(variance.min())
    step = brentq(lambda x: log(float(moved(x).sum())) - log(total), -most, most, xtol=1e-13)
    return moved(step)
