"""Oracle of E15: what a granted yuan brings by age, and what is left of it, by kind of project. Exact.

Run it with ``python benchmarks/oracle_projects.py`` for a table; tests import the functions. They are written from the text of
the equations, use the standard library only and import nothing of villagesim.

A kind brings r (1 - idle) e^(-h t) from the end of its gestation on. What is lent ends with its firm, at h of the firm, and
with its term: terms are uniform, each renewed with the same chance, so the n-th ends before t by the law of Irwin and Hall.
Skill is at its mean. Left out: matching money, capital that is put in again, premiums, and luck, whose mean is nothing.
"""

from dataclasses import dataclass, replace
from math import comb, exp, factorial, floor

AGES = (1, 2, 3, 5, 8, 10)


@dataclass(frozen=True)
class Kind:
    """Return a year, gestation [years], death rate a year, share that never earns, and terms [years], if it has any."""

    rate: float
    gestation: float
    death_rate: float
    idle: float
    terms: tuple[float, float] | None = None


KINDS = {
    "bought": Kind(0.060, 2 / 12, 0.020, 0.05),
    "built": Kind(0.080, 1.0, 0.030, 0.12),
    "lent": Kind(0.060, 1 / 12, 0.03, 0.04, (4.0, 6.0)),
    "joint": Kind(0.075, 15 / 12, 0.015, 0.08),
    "own": Kind(0.090, 0.5, 0.060, 0.16),
}
GRANTS = {"bought": 0.15, "built": 0.20, "lent": 0.35, "joint": 0.20, "own": 0.10}
RENEWED = 0.5


def irwin_hall(x: float, n: int) -> float:
    """Chance that the sum of n uniforms is at most x."""
    if n == 0 or x >= n:
        return float(x >= 0)
    return sum((-1) ** k * comb(n, k) * (x - k) ** n for k in range(floor(max(x, 0)) + 1) if x > 0) / factorial(n)


def in_force(age: float, terms: tuple[float, float]) -> float:
    """Chance that money is still lent, as far as terms go."""
    low, high = terms
    ended = [irwin_hall((age - n * low) / (high - low), n) for n in range(int(age / low) + 3)]
    return sum(RENEWED**n * (ended[n] - ended[n + 1]) for n in range(len(ended) - 1))


def left(kind: Kind, age: float) -> float:
    """Share of the nominal rate that comes in at an age, were it built up at once."""
    terms = in_force(age, kind.terms) if kind.terms else 1.0
    return (1 - kind.idle) * exp(-kind.death_rate * age) * terms


def brings(age: float, kinds: dict[str, Kind] = KINDS) -> float:
    """What a granted yuan brings a year, at an age."""
    return sum(
        weight * kinds[name].rate * left(kinds[name], age) * (age > kinds[name].gestation)
        for name, weight in GRANTS.items()
    )


SHORTER_TERMS = KINDS | {"lent": replace(KINDS["lent"], terms=(3.0, 5.0))}
NEVER_IDLE = {name: replace(kind, idle=0.0) for name, kind in KINDS.items()}
"""Two that are wrong."""


if __name__ == "__main__":
    print("age [years]      ", *(f"{age:6d}" for age in AGES))
    for title, kinds in (("yield", KINDS), ("shorter terms", SHORTER_TERMS), ("never idle", NEVER_IDLE)):
        print(f"{title:17s}", *(f"{brings(age, kinds):6.3f}" for age in AGES))
    for name, kind in KINDS.items():
        print(f"left of {name:9s}", *(f"{left(kind, age):6.2f}" for age in AGES))
