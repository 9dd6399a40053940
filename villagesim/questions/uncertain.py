"""Compare strategies under what is not known: parameters, the map of the merger, the date of the decree."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from villagesim.checks import whole
from villagesim.design import Design, latin_hypercube, uncertain
from villagesim.errors import DesignError
from villagesim.outcomes import OUTCOMES
from villagesim.questions.comparison import chosen
from villagesim.questions.uncertainty import NotKnowing, whole_draws
from villagesim.runs.runner import ExecutorFactory, Progress
from villagesim.runs.store import Store
from villagesim.runs.sweep import Sweep, sweep
from villagesim.scenario import Scenario


def compare_draws(
    scenario: Scenario,
    draws: int = 100,
    replications: int = 2,
    seed: int = 1,
    *,
    strategies: Sequence[str] | None = None,
    at: str | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    executors: ExecutorFactory | None = None,
) -> NotKnowing:
    """Run every strategy in the same draws of what is not known.

    A draw is a point of a Latin hypercube over the ranges of all assumptions and the dates on which the decree may have
    come, with a map, endowments and luck of its own. More draws say more than more replications: two replications a draw are
    enough to tell chance from not knowing.

    Parameters
    ----------
    draws, replications : int
        At least 2 of each; the k-th draw has replications k x replications and those that follow.
    at : str, optional
        Month, as 2025-12; by default the last.

    Other parameters are those of `compare`.

    Raises
    ------
    VillagesimError
        Where a strategy is unknown, a number makes no sense, or the folder cannot be used.
    """
    whole(draws, "draws", least=2, error=DesignError)
    whole(replications, "replications", least=2, error=DesignError)
    whole(seed, "seed", least=0, error=DesignError)
    names = chosen(scenario, None if strategies is None else list(strategies))

    def answered(found: Sweep) -> NotKnowing:
        return NotKnowing(scenario, names, whole_draws(found.table, found.failures), found.failures)

    def write(store: Store, found: Sweep) -> None:
        from matplotlib import pyplot as plt

        answer = answered(found)
        store.write_table("not_knowing", answer.tables(tuple(OUTCOMES)))
        figure = answer.figure()
        store.write_figure("not_knowing", figure)
        plt.close(figure)

    found = sweep(
        scenario, not_known(scenario, draws, seed), strategies=names, replications=replications, own_luck=True, at=at,
        seed=seed, workers=workers, out=out, resume=resume, progress=progress, executors=executors,
        write=write,
    )  # fmt: skip
    return answered(found)


def not_known(scenario: Scenario, draws: int, seed: int) -> Design:
    """Draw what is not known: a Latin hypercube, and a map and endowments for each of its points.

    Raises
    ------
    DesignError
        Where everything is known.
    """
    factors = uncertain(scenario)
    if not factors:
        raise DesignError(
            "no parameter is an assumption with a range, so there is nothing to draw.", fix="Leave out --draws."
        )
    design = latin_hypercube(factors, draws, seed)
    points = design.points.assign(draw=range(1, draws + 1))
    return replace(design, points=points)
