"""What published numbers say of parameters: the posterior that comes with the library, and the page that shows it.

QUESTION: which values of parameters go with all published numbers that may set values, which numbers inform which parameters,
and which fit no value?
DESIGN: 25 places, 400 points of a Latin hypercube over all that is not well known, a run a point, seed 1, each place with luck
of its own; 100 rows of the posterior are run again. See villagesim/calibrating.
OUTPUT: villagesim/evidence/data/posterior.csv and posterior.json, docs/calibration.md and two figures. Run with `make evidence`,
which keeps the runs in out/evidence and goes on with them.
"""

import csv
import json
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from targets_elsewhere import WHY

from villagesim.calibrating.calibrated import Calibrated, calibrated, over_the_prior
from villagesim.calibrating.figures import figures
from villagesim.calibrating.numbers import FAR, OWN, beyond_their_range
from villagesim.calibrating.tables import pairs, parameters, published, surfaces
from villagesim.design import in_words
from villagesim.design.joint import with_rows
from villagesim.evidence.places import DATA
from villagesim.evidence.posterior import digest_of_targets
from villagesim.parameters import DEFAULTS
from villagesim.plots.pairs import draw_pairs
from villagesim.plots.posterior import draw_posterior
from villagesim.runs.store import code_hash
from villagesim.statistics.posterior import FITS, NOT_INFORMED
from villagesim.wording import between, number

ROOT = Path(__file__).parents[1]
POINTS, OF, SEED = 400, 400, 1
"""The first points of so many, that more can be added to."""
AGAIN, OF_AGAIN = 100, 100
"""Rows of the posterior that are run again, likewise."""
MOST_PAIRS = 6
"""Pairs of a figure."""
LIBRARIES = ("numpy", "scipy")


def unit_of(path: str) -> str:
    name = path.removeprefix("parameters.")
    return DEFAULTS[name].unit if name in DEFAULTS else ""


def code(path: str) -> str:
    return f"`{path.removeprefix('parameters.')}`"


def line_of_parameter(row: dict[str, Any]) -> str:
    verdict = row["verdict"] if row["verdict"] == NOT_INFORMED else f"{row['width']:.0%} as wide"
    verdict += f", leans on its {row['leans_on']} end" if row["leans_on"] else ""
    return (
        f"| {code(row['factor'])} | {unit_of(row['factor'])} | {between(row['low'], row['high'])} | {number(row['posterior'])} |"
        f" {between(row['posterior_low'], row['posterior_high'])} | {verdict} | {row['width_strict']:.0%} | {row['foretold']:.0%} | {row['informed_by']} |"
    )


def line_of_number(row: dict[str, Any]) -> str:
    fits = (
        "fits" if row["verdict"] == FITS else "**does not fit**" if row["used"] else "**no value fits**; sets nothing"
    )
    return (
        f"| {row['id']} | {row['place']}: {row['quantity']} | `{row['compared_with']}` | {number(row['published'])} ({number(row['error'])}) |"
        f" {number(row['prior'])} ({between(row['prior_low'], row['prior_high'])}) |"
        f" {number(row['posterior'])} ({between(row['posterior_low'], row['posterior_high'])}) | {row['surprise_posterior']:.2g} |"
        f" {fits} | {WHY.get(row['id'], '')} |"
    )


def line_of_surface(row: dict[str, Any]) -> str:
    return (
        f"| {row['id']} | `{row['outcome']}` | {row['scale']} | {row['explained']:.0%} | {number(row['left'])} | {number(row['error'])} |"
        f" {row['covers']:.0%} | {row['verdict']} |"
    )


def by_rank_test() -> str:
    """What the last `make evidence-check` found, from its page."""
    text = (ROOT / "docs" / "rank_test.md").read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if line.startswith("**")).split("**")[1]


def headline(found: Calibrated, tables: dict[str, pd.DataFrame]) -> list[str]:
    main, fit = tables["parameters"], tables["published"]
    informed = main[main["verdict"] != NOT_INFORMED]
    broken, badly = fit[~fit["used"]], fit[fit["used"] & (fit["verdict"] != FITS)]
    told = [
        f"{code(row['factor'])} {number(row['posterior'])} ({between(row['posterior_low'], row['posterior_high'])})"
        for row in informed.to_dict("records")
    ]
    share = found.of_all.share_left(found.of_all.values)
    outside = ", ".join(f"{n.id} ({code(n.path)} {number(n.value)})" for n in beyond_their_range(found.bounds))
    return [
        f"What {len(found.numbers)} published numbers of {len({n.place for n in found.numbers})} places that may set values (see [Evidence](evidence.md)) say of",
        f"parameters together: {len(found.figures)} points over all that is not well known, {len(found.bounds)} parameters and settings, a run a point and place.",
        "The rows of the posterior come with the library: `villagesim.evidence.read_posterior()`.",
        "",
        f"**No value fits {len(broken)} of {len(fit)} numbers**: {', '.join(broken['id']) or 'none'}. They lie beyond {FAR:g} standard deviations wherever the",
        "parameters are. They set nothing: something is missing, and parameters would be bent to make up for it.",
        *([f"{len(badly)} more {'does' if len(badly) == 1 else 'do'} not fit together with the others: {', '.join(badly['id'])}."] if len(badly) else []),
        f"{outside or 'None'} speak to a parameter and lie outside of its range: they set nothing either, and ask whether the range is too narrow.",
        f"[Rank test](rank_test.md) of the last check: {by_rank_test()}",
        f"Of the prior {share:.1%} is left in which none of the other figures of runs is implausible by itself.",
        "",
        f"**{len(informed)} of {len(main)} parameters that were calibrated are informed**: {'; '.join(told) or 'none'}. The other",
        f"{len(found.bounds) - len(informed)} of {len(found.bounds)} parameters and settings keep their ranges.",
        "",
    ]  # fmt: skip


def section_of_numbers(fit: pd.DataFrame) -> list[str]:
    return [
        "## Published numbers, the worst first",
        "",
        "Prior and posterior: medians and 5 to 95% of runs, without the errors of the figures; of the posterior",
        f"{AGAIN} rows were run again. Surprise: chance that the posterior gives, with all errors, a number as far on the same side, twice.",
        "",
        "| | what was published | compared with | published (error) | prior | posterior | surprise | | why |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *map(line_of_number, fit.to_dict("records")),
        "",
    ]


def section_of_parameters(main: pd.DataFrame) -> list[str]:
    return [
        "## Parameters",
        "",
        "![Prior beside posterior, and published numbers before and after](figures/calibration.png)",
        "",
        "Taken by a rule that looks at no published value, only at what moves what and at errors: *foretold* is how wide the",
        "posterior would be beside its prior were all linear and normal; those of less than 90% are calibrated, 15 at most.",
        "*Informed by*: how much wider the parameter would be without that number. What leans on an end of its range asks for",
        "values beyond it. *Strict*: width without all numbers that had set a value or range, of any parameter. Figures of runs among",
        "them count, as ranges are wider than they are; where strict is much wider, the range and the posterior rest on the same number.",
        "",
        "| parameter | unit | prior | posterior | 5 to 95% | width | strict | foretold | informed by |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *map(line_of_parameter, main.to_dict("records")),
        "",
    ]


def section_of_pairs(together: pd.DataFrame) -> list[str]:
    if together.empty:
        return ["No two parameters have a correlation of .5 or more in the posterior.", ""]
    return [
        "## Pairs",
        "",
        "Numbers tie these to each other: one alone is known less well than both together.",
        "",
        "![Rows of the posterior over two parameters at a time](figures/calibration_pairs.png)",
        "",
        "| one | other | correlation |",
        "| --- | --- | --- |",
        *(f"| {code(a)} | {code(b)} | {r:.2f} |" for a, b, r in together.itertuples(index=False)),
        "",
    ]


def section_of_surfaces(table: pd.DataFrame) -> list[str]:
    return [
        "## Surfaces",
        "",
        "The posterior rests on a surface of second degree of each number over the calibrated parameters. *Explained*: share of",
        "the variance between points, each left out in turn; the rest is luck and all that is not calibrated. *Left*: its standard",
        "deviation, beside the error of the published figure, on the scale of the comparison. *Covers*: points left out in an",
        "interval of 90%; outside of 80 to 97% it is called not normal.",
        "",
        "| | outcome | scale | explained | left | error | covers | |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *map(line_of_surface, table.to_dict("records")),
        "",
    ]


def page(found: Calibrated, tables: dict[str, pd.DataFrame]) -> str:
    return "\n".join(
        [
            "# Calibration",
            "",
            "Written by `make evidence`; do not edit by hand.",
            "",
            *headline(found, tables),
            *section_of_numbers(tables["published"]),
            *section_of_parameters(tables["parameters"]),
            *section_of_pairs(tables["pairs"].head(MOST_PAIRS)),
            *section_of_surfaces(tables["surfaces"]),
            "## What it rests on",
            "",
            f"- Places differ: each has its own value of a parameter, with a standard deviation of {OWN:g} of that of the range (assumption). So one",
            "  place, however sharp its figure, leaves a parameter 45% as wide as its range.",
            "- Covariance of numbers is that of what surfaces leave, of places' own values and of errors; all are taken as normal.",
            "- A number that speaks to a parameter counts unless it set that parameter's value or range, or lies outside of it.",
            "- The posterior holds for this model. That numbers fit does not say that it is right.",
            "- The [rank test](rank_test.md) of the whole chain, `make evidence-check`: real runs as planted cases, whose truth must rank evenly.",
            "",
        ]
    )  # fmt: skip


def package(found: Calibrated) -> None:
    """Write the rows of the posterior and what they follow from."""
    with (DATA / "posterior.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(found.chosen)
        writer.writerows([f"{value:.6g}" for value in row] for row in found.rows)
    about = {
        "seed": found.seed, "points": len(found.figures), "numbers": [number.id for number in found.numbers],
        "fit_no_value": [n.id for n, fits in zip(found.numbers, found.fits, strict=True) if not fits],
        "ranges": found.chosen, "own": OWN, "targets": digest_of_targets(), "code": code_hash(),
        "versions": {name: version(name) for name in LIBRARIES}, "date": date.today().isoformat(),
    }  # fmt: skip
    (DATA / "posterior.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def draw(found: Calibrated, tables: dict[str, pd.DataFrame]) -> None:
    figures_of = ROOT / "docs" / "figures"
    fit = tables["published"]
    named = fit.assign(target=fit["id"] + " " + fit["place"].str.partition(" (")[0], surprise=fit["surprise_posterior"])
    caption = (
        f"{len(found.figures)} points, {len(found.bounds)} parameters and settings drawn. Left: prior and posterior, 5 to 95% with the median,"
        " within the prior's range. Right: runs less what was published, in the errors of the figures; luck and places' own values"
        " are not in these errors."
    )
    words = {path: in_words(path) for path in found.chosen}
    draw_posterior(tables["parameters"], named, words, caption).savefig(
        figures_of / "calibration.png", dpi=130, metadata={"Software": None}
    )
    together = list(tables["pairs"].head(MOST_PAIRS).itertuples(index=False, name=None))
    if together:
        rows = dict(zip(found.chosen, found.rows.T, strict=True))
        units = {path: f"{in_words(path)} [{unit_of(path)}]" for path in found.chosen}
        caption = f"{len(found.rows)} rows of the posterior, within the ranges of the priors."
        draw_pairs(together, rows, found.chosen, units, caption).savefig(
            figures_of / "calibration_pairs.png", dpi=130, metadata={"Software": None}
        )


def main(folder: Path) -> None:
    found = calibrated(POINTS, SEED, folder, OF)
    rows = found.walks.rows(AGAIN, SEED + 1)
    low, high = np.array(list(found.chosen.values())).T
    values = low + rows * (high - low)
    designs = over_the_prior(AGAIN, SEED + 1, OF_AGAIN)
    again = {place: with_rows(design, list(found.chosen), values) for place, design in designs.items()}
    tables = {
        "parameters": parameters(found), "pairs": pairs(found), "surfaces": surfaces(found),
        "published": published(found, figures(again, SEED + 1, folder)),
    }  # fmt: skip
    package(found)
    draw(found, tables)
    (ROOT / "docs" / "calibration.md").write_text(page(found, tables), encoding="utf-8")
    print(f"walks agree within {found.walks.convergence:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
