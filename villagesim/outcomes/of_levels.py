"""Outcomes by a level of income: the share of villages at or above it, what summing alone makes of that, and who is near.

The usual levels always have their outcomes; a scenario adds those of its place, ``[place] threshold`` and ``thresholds``.
"""

from collections.abc import Iterable, Iterator
from re import fullmatch
from typing import Any

from villagesim.outcomes import formulas, of_income
from villagesim.outcomes.of_sources import AS_REPORTED, BY_SOURCE
from villagesim.outcomes.outcome import ZERO_TO_ONE, Outcome

COUNTED, MECHANICAL, NEAR = "share_above_", "mechanical_share_above_", "share_near_"
REPORTED, NOMINAL = "reported_", "nominal_"
"""What the names of these outcomes begin with; the level follows."""
USUAL = (500_000.0, 100_000.0, 50_000.0)
"""Levels that counties publish [yuan per village and year]. Source: S0.income_target, S1, S3.villages."""
SHARE: dict[str, Any] = {
    "unit": "share of villages", "margin": 0.01, "relative": False, "per_village": True, "bounds": ZERO_TO_ONE,
}  # fmt: skip


def in_words(level: float) -> str:
    """A level in yuan, as ``500,000``; to the fen."""
    return f"{level:,.2f}".rstrip("0").rstrip(".")


def level_name(level: float) -> str:
    """A level as names of outcomes say it: ``250k``, ``1200k``; ``37500_5`` where it is no whole number of thousands."""
    thousands, rest = divmod(round(level, 2), 1000)
    return f"{thousands:.0f}k" if not rest else in_words(level).replace(",", "").replace(".", "_")


def counted(level: float) -> Outcome:
    """Villages at or above a level."""
    return Outcome(
        f"{COUNTED}{level_name(level)}", f"Villages at or above {in_words(level)} yuan", direction=+1,
        meaning="as earned in the last twelve months, in yuan of the start; rises when parts are only summed",
        county=of_income.share_at_or_above(level), parts=BY_SOURCE, rests_on=("income_growth",), **SHARE,
    )  # fmt: skip


def reported(level: float) -> tuple[Outcome, ...]:
    """Villages at or above a level at current prices, without and with what is booked; and near to it, by what they report."""
    return (
        Outcome(
            f"{NOMINAL}{COUNTED}{level_name(level)}", f"Villages at or above {in_words(level)} yuan at current prices",
            direction=0, meaning="collective income in yuan of the year: higher prices alone lift villages above the level",
            county=of_income.share_at_or_above(level, of_income.NOMINAL), parts=BY_SOURCE,
            rests_on=("income_growth", "prices"), **SHARE,
        ),
        Outcome(
            f"{REPORTED}{COUNTED}{level_name(level)}", f"Villages reported at or above {in_words(level)} yuan", direction=0,
            meaning="collective income as reported, in yuan of the year: what was booked for a list of weak villages counts",
            county=of_income.share_at_or_above(level, of_income.REPORTED), parts=AS_REPORTED,
            rests_on=("income_growth", "prices"), **SHARE,
        ),
        Outcome(
            f"{REPORTED}{NEAR}{level_name(level)}", f"Villages reported within 10% of {in_words(level)} yuan", direction=0,
            meaning="where booked sums heap up", county=of_income.share_near(level, of_income.REPORTED), **SHARE,
        ),
    )  # fmt: skip


def mechanical(level: float) -> Outcome:
    """What summing the parts alone would show."""
    return Outcome(
        f"{MECHANICAL}{level_name(level)}", f"Mechanical share at or above {in_words(level)} yuan", direction=0,
        meaning="what summing the parts of each village would show without any merger; the same for all strategies",
        county=formulas.published_mechanical_share(level), of_no_merger=True, **SHARE,
    )  # fmt: skip


def near(level: float) -> Outcome:
    """Villages within a tenth of a level."""
    return Outcome(
        f"{NEAR}{level_name(level)}", f"Villages within 10% of {in_words(level)} yuan", direction=0,
        meaning="where a small change decides the published share", county=of_income.share_near(level), **SHARE,
    )  # fmt: skip


def of_levels(levels: Iterable[float]) -> Iterator[Outcome]:
    """All of every level."""
    for level in levels:
        yield from (counted(level), mechanical(level), near(level), *reported(level))


def named(name: str) -> Outcome | None:
    """The outcome of a level that has this name, of whichever place; None where no level gives it."""
    found = fullmatch(
        f"(?:(?:{REPORTED}|{NOMINAL})?{COUNTED}|{MECHANICAL}|(?:{REPORTED})?{NEAR})([0-9]+(?:_[0-9]+)?)(k?)", name
    )
    if found is None:
        return None
    value = float(found[1].replace("_", ".")) * (1000 if found[2] else 1)
    return next((outcome for outcome in of_levels([value]) if outcome.name == name), None)
