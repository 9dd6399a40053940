"""Statistics of simulated comparisons: numbers in, numbers out, nothing of villages; of use without the rest.

What is compared has run in the same replications, so that differences are paired. Arrays have replications last, but for
`intervals`, which takes them first. NaN is what is not defined, and is never passed over in silence.

- `intervals`: means with their simulation error, one county's chance, and the verdict on a difference (Law);
- `differences`: how large a paired difference is, also of what is rare (Clopper and Pearson, Hall);
- `simultaneous`: intervals of several strategies that hold together, and distance from the best (Hothorn, Hsu);
- `ratios`: of means (Fieller), and of variances, which is what common random numbers are worth;
- `stopping`: when enough replications have run (Hoad, Robinson and Davies);
- `selection`: which of several is best, with a stated chance of being right (Kim and Nelson);
- `variance`: chance told from uncertainty (analysis of variance);
- `regret`: what does well whatever is not known (Savage, Wald, Starr);
- `trials`: what one trial can tell of two groups, adjusted or not, and how large it must be (Fisher, Lin);
- `shapley`: how much each part of a set adds (Shapley);
- `indices`: which inputs decide an output (Saltelli, Morris);
- `boxes`: under which conditions something happens (Friedman and Fisher);
- `lasting`: what lasts in many short series, and what was the luck of a year (Efron and Morris, Smyth);
- `forecasts`: how good a forecast was (Gneiting and Raftery, Dawid);
- `posterior`: what a weighted sample says beside its prior;
- `pooled`: effects of many places as one, and how far places differ (Paule and Mandel, Hartung and Knapp, Nagashima);
- `worth`: what knowing something first would be worth for a choice (Strong, Oakley and Brennan);
- `pareto`: shares of a whole, and which are efficient.
"""

from villagesim.errors import name_nearest
from villagesim.statistics import (
    boxes,
    differences,
    forecasts,
    indices,
    intervals,
    lasting,
    pareto,
    pooled,
    posterior,
    ratios,
    regret,
    selection,
    shapley,
    simultaneous,
    stopping,
    trials,
    variance,
    worth,
)

__all__ = [
    "boxes",
    "differences",
    "forecasts",
    "indices",
    "intervals",
    "lasting",
    "pareto",
    "pooled",
    "posterior",
    "ratios",
    "regret",
    "selection",
    "shapley",
    "simultaneous",
    "stopping",
    "trials",
    "variance",
    "worth",
]

name_nearest(__name__)
