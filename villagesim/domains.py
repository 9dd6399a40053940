"""Domains: what a quantity can be at all, whatever anybody believes of it. No range of one's own leads out of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Domain:
    """All values that a kind of quantity can have, both ends included.

    Attributes
    ----------
    what : str
        The kind in words, as ``a share``.
    low, high : float
        In the quantity's own unit.
    """

    what: str
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.what}, from {self.low:,.10g} to {self.high:,.10g}"

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high  # false for NaN


ANY = Domain("a number", -1e15, 1e15)
NOT_NEGATIVE = Domain("a quantity that cannot be negative", 0, 1e15)
SHARE = Domain("a share", 0, 1)
SOME = Domain("a share that is divided by", 0.01, 1)
ABOVE_NOTHING = Domain("a share above 0", 1e-12, 1)
NOT_ALL = Domain("a share of less than all", 0, 0.99)
HALF = Domain("a share, one of two of a whole", 0, 0.5)
INDEX = Domain("an index", 0, 1)
STARS = Domain("a number of stars", 0, 5)
INSIDE = Domain("a mean of an index", 0.1, 0.9)
SPREAD_INSIDE = Domain("a spread of an index", 0, 0.25)
SOME_SPREAD_INSIDE = Domain("a spread of an index above 0", 0.001, 0.25)
GAIN = Domain("a share of something else", 0, 10)
FACTOR = Domain("a factor", 0, 10)
WEIGHT = Domain("a weight among others", 0.001, 100)
CORRELATION = Domain("a correlation", -1, 1)
WITHIN = Domain("a correlation within groups", 0, 1)
PERSISTENCE = Domain("a part that remains after a year", 0, 1)
ELASTICITY = Domain("an elasticity", -5, 5)
LEANING = Domain("a weight on log odds", -50, 50)
LOG_STEP = Domain("a step of a logarithm", -10, 10)
SPREAD = Domain("a spread of logarithms", 0, 3)
RATE = Domain("a yearly rate", 0, 100)
SOME_RATE = Domain("a yearly rate above 0", 0.0001, 2000)
PER_THOUSAND = Domain("a yearly number among a thousand", 0, 1000)
GROWTH = Domain("a yearly growth", -0.5, 0.5)
INTEREST = Domain("a yearly interest", 0, 1)
RETURN = Domain("a yearly return", -1, 1)
AGE = Domain("an age", 15, 100)
YEARS = Domain("a time", 0, 100)
SOME_YEARS = Domain("a mean time above 0", 0.01, 100)
MONTHS = Domain("a time", 0, 1200)
DAYS = Domain("a time", 0, 1e9)
WORK = Domain("a time of work", 0, 1e9)
DAYS_A_YEAR = Domain("a number of days", 0, 366)
SOME_DAYS_A_YEAR = Domain("a number of days of work", 1, 366)
MONEY = Domain("a sum of money", 0, 1e9)
SOME_MONEY = Domain("a sum of money that is divided by", 1, 1e9)
MONEY_PER_MU = Domain("a sum of money for land", 0, 100_000)
PRICE = Domain("a price", 0.01, 1000)
AREA = Domain("an area of land", 0, 1e9)
YIELD = Domain("a yield", 1, 5000)
COUNT = Domain("a number of things", 0, 1000)
AT_LEAST_ONE = Domain("a number of things, one at least", 1, 1000)
PEOPLE = Domain("a number of people", 1, 1e12)
RATIO = Domain("a ratio above 0", 0.01, 100)
CONCENTRATION = Domain("a concentration", 1, 10_000)

_BY_UNIT = {
    "share": SHARE, "index 0 to 1": INDEX, "0 or 1": INDEX, "0 to 5": STARS, "points": INDEX,
    "per year": RATE, "years": YEARS, "months": MONTHS, "days": DAYS,
    "per 1,000 adults per year": PER_THOUSAND, "per 1,000 residents per year": PER_THOUSAND,
    "per year and open dispute per 1,000 residents": RATE,
    "officer-days": WORK, "team-days": WORK, "officer-days per year": DAYS_A_YEAR,
    "yuan per mu": MONEY_PER_MU, "yuan per mu per year": MONEY_PER_MU, "mu": AREA, "kg per mu": YIELD, "yuan per kg": PRICE,
    "of capital per year": RETURN, "of capital": SHARE, "yuan per yuan of the grant": Domain("a ratio", 0, 100),
    "contracts": Domain("a number of contracts", 0, 100), "courses": COUNT, "posts": COUNT, "posts per township": COUNT,
    "seats": AT_LEAST_ONE, "villages": AT_LEAST_ONE, "firms": AT_LEAST_ONE, "persons": AT_LEAST_ONE, "residents": PEOPLE,
    "logit": LEANING, "logit per unit": LEANING, "log odds": LEANING, "per unit of trust": LOG_STEP,
    "logit points": LEANING, "logit points per year": LEANING, "log points": LOG_STEP, "log points per year": SPREAD,
}  # fmt: skip


def of_unit(unit: str) -> Domain:
    """What a quantity in this unit can be, where nothing closer is said of it; any number where the unit does not tell."""
    if unit in _BY_UNIT:
        return _BY_UNIT[unit]
    if unit.startswith("share of "):
        return SHARE
    return MONEY if unit == "yuan" or unit.startswith("yuan per ") else ANY


def of_column(unit: str) -> Domain:
    """What a column of the record in this unit can be: money and days may be owed, shares and numbers of things may not."""
    domain = of_unit(unit)
    if domain in (SHARE, INDEX, STARS):
        return domain
    return NOT_NEGATIVE if unit in ("count", "row") else ANY
