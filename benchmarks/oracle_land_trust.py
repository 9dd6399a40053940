"""Oracle of E3 and E18: one land-trust operator over five settlements, per mu and year; and own farming.

Run it with ``python benchmarks/oracle_land_trust.py`` (some seconds); it writes ``tests/oracles/land_trust.json``.

It is written from the text of the equations alone and imports nothing of villagesim. Every operator has weather of its
county, weather of its village and a price path of its own, so operators are independent; all cases use the same draws.
The surplus Z is measured over all operator-years, defaulted or not (its law is stationary); dividends over the
settlements of operators still standing. The mean of Z is also worked out in closed form.

Land is constant, or grows by a share at every sowing and stays until the next (E18); the operator may bring money for new land
or not. "By months" is what E18 does away with: land joins month by month and is settled for the months it was farmed, with all
of the operator's money. Own farming is that of a secretary of usual skill.

Left out on purpose: what makes households join, idle land and new tenders after a default (an operator that leaves
counts once), the collective's own account, trust, and the sharing of price and weather between operators, which makes
defaults cluster but does not move their mean.
"""

import json
from dataclasses import asdict, dataclass, replace
from math import exp, log, sqrt
from pathlib import Path
from statistics import NormalDist

import numpy as np

OPERATORS = 400_000
SETTLEMENTS = 5
SEED = 20_211_005
TARGET = Path(__file__).resolve().parents[1] / "tests" / "oracles" / "land_trust.json"
YIELD = np.array((430.0, 440.0))  # kg a mu: wheat, maize
PRICE = np.array((2.65, 2.35))  # yuan a kg
COVER = np.array((950.0, 850.0))  # yuan a mu
GAIN = 1.04  # yield under the trust over the mean yield
SD_COUNTY, SD_VILLAGE = 0.05, 0.09
COST = 1_230 * (1 - 0.6 * 0.08)
MEMORY, FRESH = 0.6, 0.8  # of the log price; .64 + .36 = 1, so the stationary sd is the one named
TO_RESERVE, RESERVE_CAP = 0.10, 300.0
HOUSEHOLDS, OPERATOR = 0.45, 0.30
FIRST_YEAR = 0.5  # by months: from spring to the first settlement
OWN_LAND, OWN_COST, OWN_COLLECTIVE = 1.05, 0.95, 0.70
REFILL, EQUITY_CAP = 0.5, 2.0  # of the operator's share; times the start


@dataclass(frozen=True)
class Case:
    """Terms of one trust, yuan a mu and year; `price_sd` of the log price."""

    household_floor: float = 800.0
    collective_floor: float = 100.0
    equity: float = 250.0
    price_sd: float = 0.07
    insured: bool = True
    premium: float = 12.0
    households: float = HOUSEHOLDS
    operator: float = OPERATOR
    growth: float = 0.0
    equity_for_new_land: bool = True
    by_months: bool = False

    @property
    def floors(self):
        """What is promised whatever the season."""
        return self.household_floor + self.collective_floor


BASE = Case()
CASES = {
    "floor 700": replace(BASE, household_floor=700.0),
    "floor 800": BASE,
    "floor 900": replace(BASE, household_floor=900.0),
    "floor 1000": replace(BASE, household_floor=1000.0),
    "equity 150": replace(BASE, equity=150.0),
    "equity 400": replace(BASE, equity=400.0),
    "price sd .10": replace(BASE, price_sd=0.10),
    "no insurance, premium paid": replace(BASE, insured=False),
    "no insurance, no premium": replace(BASE, insured=False, premium=0.0),
    "usual terms": replace(BASE, households=0.5, operator=0.4),
    "growing": replace(BASE, growth=0.4),
    "growing, usual terms": replace(BASE, households=0.5, operator=0.4, growth=0.4),
    "growing, no money for new land": replace(BASE, growth=0.4, equity_for_new_land=False),
    "growing by months": replace(BASE, growth=0.4, by_months=True),
}
OWN = {"rent 850": replace(BASE, household_floor=850.0, collective_floor=0.0)}
OWN["rent 1000"] = replace(OWN["rent 850"], household_floor=1_000.0)
PRINTED = {  # equations.md
    "floor 700": {"default_percent": 2.5, "dividend": 118},
    "floor 800": {"default_percent": 12.0, "mean_z": 185, "sd_z": 229, "negative_z": 0.21, "dividend": 85},
    "floor 900": {"default_percent": 34.0, "dividend": 56},
    "floor 1000": {"default_percent": 63.0},
    "equity 150": {"default_percent": 21.0},
    "equity 400": {"default_percent": 5.0},
    "price sd .10": {"default_percent": 22.0},
    "no insurance, premium paid": {"default_percent": 12.6},
}
PRINTED_OF_E18 = {  # text of the equation, from 40,000 operators
    "floor 800": {
        "mean_z": 183,
        "sd_z": 228,
        "default_per_season": 0.0255,
        "by_seasons": [0.018, 0.048, 0.076, 0.101, 0.121],
    },
    "growing": {"default_per_season": 0.0214},
    "growing, no money for new land": {"default_percent": 25.0},
    "growing by months": {"default_per_season": 0.0129},
    "rent 850": {"mean_z": 349, "sd_z": 239, "negative_z": 0.062, "to_collective": 243},
    "rent 1000": {"negative_z": 0.21, "to_collective": 132},
}


def seasons():
    """Draw yields over their mean (settlement x operator x crop) and normals of the price (settlement x operator)."""
    rng = np.random.default_rng(SEED)
    shape = (SETTLEMENTS, OPERATORS, 2)
    shock = SD_COUNTY * rng.standard_normal(shape) + SD_VILLAGE * rng.standard_normal(shape)
    return np.exp(shock - (SD_COUNTY**2 + SD_VILLAGE**2) / 2), rng.standard_normal(shape[:2])


def log_prices(case, normals):
    """One log price a year common to both crops; the first is stationary."""
    x = case.price_sd * normals
    for year in range(1, SETTLEMENTS):
        x[year] = MEMORY * x[year - 1] + FRESH * x[year]
    return x


def surplus(case, ratio, x):
    """Z of every operator-year: revenue and claim, less cost, premium and floors."""
    sales = np.exp(x) * (PRICE * YIELD * GAIN * ratio).sum(axis=2)
    claim = (COVER * np.maximum(0.0, 0.8 - ratio) / 0.8).sum(axis=2) if case.insured else 0.0
    return sales + claim - COST - case.premium - case.floors


def own_result(case, ratio, x):
    """Result of own farming: land won and cheaper work, rent instead of floors."""
    before_rent = surplus(case, ratio, x) + COST + case.premium + case.floors
    return OWN_LAND * (before_rent - OWN_COST * COST) - case.premium - case.floors


def settle(case, z, reserve, equity, own_money, enrolled, sown):
    """One settlement: what is left of reserve and equity, the rest that is shared, and the share of the floors paid."""
    room = np.maximum(RESERVE_CAP * enrolled - reserve, 0.0)
    put_by = np.minimum(TO_RESERVE * np.maximum(z, 0.0), room)  # above the cap it stays in the rest
    rest = np.maximum(z, 0.0) - put_by
    short = np.maximum(-z, 0.0)
    from_reserve = np.minimum(short, reserve)
    from_equity = np.minimum(short - from_reserve, equity)
    unpaid = short - from_reserve - from_equity
    paid = np.maximum(0.0, case.floors * sown - unpaid) / (case.floors * sown)
    refill = np.minimum(REFILL * case.operator * rest, np.maximum(EQUITY_CAP * own_money - equity, 0.0))
    return reserve + put_by - from_reserve, equity + refill - from_equity, rest, paid, unpaid > 0.0


def history(case, z):
    """Settle year after year; who defaulted and when, the floors paid then, and the rest shared while standing."""
    reserve, equity = np.zeros(OPERATORS), np.full(OPERATORS, case.equity)
    own_money, land = case.equity, 1.0
    standing = np.ones(OPERATORS, bool)
    rest, asked, broke, paid_at_default = (np.zeros(z.shape) for _ in range(4))
    for year in range(SETTLEMENTS):
        part = FIRST_YEAR if case.by_months and year == 0 else 1.0
        new = case.growth * land * part
        brought = case.equity * new * case.equity_for_new_land
        if case.by_months:
            sown, land = (land + new / 2) * part, land + new
            own_money, equity = own_money + brought, equity + brought
        else:
            sown = land
        reserve, equity, shared, paid, falls = settle(case, z[year] * sown, reserve, equity, own_money, land, sown)
        asked[year], broke[year] = standing, standing & falls
        rest[year] = shared * standing
        paid_at_default[year] = paid * broke[year]
        standing &= ~falls
        if not case.by_months:
            own_money, equity, land = own_money + brought, equity + brought, land + new
    return rest, asked, broke, paid_at_default


def estimate(value, error):
    """Pair a number with its standard error."""
    return {"value": round(float(value), 6), "se": round(float(error), 6)}


def mean(by_year):
    """Mean over operator-years; operators are independent, their years are not."""
    each = by_year.mean(axis=0)
    return estimate(each.mean(), each.std(ddof=1) / sqrt(OPERATORS))


def spread(by_year):
    """Compute the standard deviation over operator-years, its error by linearisation."""
    centre, sd = by_year.mean(), by_year.std()
    each = ((by_year - centre) ** 2).mean(axis=0)
    return estimate(sd, each.std(ddof=1) / sqrt(OPERATORS) / (2 * sd))


def ratio(top, bottom):
    """Ratio of two sums over operators and years, its error by linearisation."""
    above, below = top.sum(axis=0), bottom.sum(axis=0)
    value = above.sum() / below.sum()
    return estimate(value, (above - value * below).std(ddof=1) / sqrt(OPERATORS) / below.mean())


def closed_form_mean(case):
    """E[Z]: lognormal sales, and the claim as a put on a lognormal of mean one."""
    sd = sqrt(SD_COUNTY**2 + SD_VILLAGE**2)
    below = NormalDist().cdf
    d = (log(0.8) + sd**2 / 2) / sd
    claim = (0.8 * below(d) - below(d - sd)) / 0.8 * COVER.sum() if case.insured else 0.0
    sales = (PRICE * YIELD).sum() * GAIN * exp(case.price_sd**2 / 2)
    return sales + claim - COST - case.premium - case.floors


def entry(case, yields, normals, printed):
    """One case as it goes into the JSON file."""
    z = surplus(case, yields, log_prices(case, normals))
    rest, asked, broke, paid = history(case, z)
    return {
        "settings": asdict(case),
        "default_within_five": mean(broke.sum(axis=0, keepdims=True)),
        "default_by_settlement": [mean(broke[: year + 1].sum(axis=0, keepdims=True)) for year in range(SETTLEMENTS)],
        "default_per_season": ratio(broke, asked),
        "floors_paid_at_default": ratio(paid, broke),
        "mean_z": mean(z),
        "mean_z_closed_form": round(float(closed_form_mean(case)), 6),
        "sd_z": spread(z),
        "negative_z": mean(z < 0.0),
        "household_dividend_while_standing": ratio(case.households * rest, asked),
        "household_dividend_first_settlement": mean(case.households * rest[:1]),
        "printed": printed,
    }


def own_entry(case, yields, normals):
    """Own farming as it goes into the JSON file."""
    z = own_result(case, yields, log_prices(case, normals.copy()))
    collective = OWN_COLLECTIVE * np.maximum(z, 0.0) + np.minimum(z, 0.0)
    before_rent = closed_form_mean(case) + COST + case.premium + case.floors
    return {
        "rent": case.household_floor,
        "mean_z": mean(z),
        "mean_z_closed_form": round(float(OWN_LAND * (before_rent - OWN_COST * COST) - case.premium - case.floors), 6),
        "sd_z": spread(z),
        "negative_z": mean(z < 0.0),
        "to_collective": mean(collective),
        "turnover": mean(
            OWN_LAND * (surplus(case, yields, log_prices(case, normals.copy())) + COST + case.premium + case.floors)
        ),
    }


def table():
    """All cases, with everything one needs to do it again."""
    yields, normals = seasons()
    return {
        "oracle_of": "E3 and E18, one operator over five settlements, and own farming, yuan a mu and year",
        "made_by": "benchmarks/oracle_land_trust.py",
        "operators": OPERATORS,
        "settlements": SETTLEMENTS,
        "seed": SEED,
        "settings": {
            "yield_kg": YIELD.tolist(),
            "price_yuan_per_kg": PRICE.tolist(),
            "cover_yuan": COVER.tolist(),
            "yield_under_trust": GAIN,
            "sd_county": SD_COUNTY,
            "sd_village": SD_VILLAGE,
            "cost": round(COST, 6),
            "price_memory": MEMORY,
            "price_innovation_share": FRESH,
            "to_reserve": TO_RESERVE,
            "reserve_start": 0.0,
            "reserve_cap": RESERVE_CAP,
            "own_land": OWN_LAND,
            "own_cost": OWN_COST,
            "own_collective": OWN_COLLECTIVE,
            "refill_of_operators_share": REFILL,
            "equity_cap_times_start": EQUITY_CAP,
        },
        "printed_of_e18": PRINTED_OF_E18,
        "own": {name: own_entry(case, yields, normals) for name, case in OWN.items()},
        "cases": {name: entry(case, yields, normals.copy(), PRINTED.get(name)) for name, case in CASES.items()},
    }


def show(result):
    """Print the table beside the printed values."""
    for name, case in (result["cases"] | result["own"]).items():
        printed = case.get("printed"), PRINTED_OF_E18.get(name)
        print(name, f"(printed {printed}; closed-form mean Z {case['mean_z_closed_form']:.2f})")
        for label, got in case.items():
            if isinstance(got, dict) and "se" in got:
                print(f"  {label:36s} {got['value']:10.4f} +- {got['se']:.4f}")


def main():
    result = table()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    show(result)


if __name__ == "__main__":
    main()
