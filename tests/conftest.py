"""Scenarios and runs that many tests look at; made once, never changed by a test."""

import gc
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

import villagesim as vs

pytest.register_assert_rewrite("laws.law_checks", "checks")

SCENARIOS = Path(__file__).parents[1] / "scenarios"


def pytest_collection_finish() -> None:
    """What is loaded by now stays: rubbish is looked for among what tests make, and less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(scope="module")
def figures_are_blank() -> Iterator[None]:
    """Figures are drawn but not rendered, where nobody looks at them: their files are there, and empty."""
    from matplotlib.figure import Figure

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Figure, "savefig", lambda figure, file, **how: Path(file).touch())
        yield


@pytest.fixture(scope="session")
def one_town() -> vs.Scenario:
    """Three townships of Zhangqiu over three years."""
    return vs.load_scenario(SCENARIOS / "one_town.toml")


@pytest.fixture(scope="session")
def zhangqiu() -> vs.Scenario:
    """The whole district over six years."""
    return vs.load_scenario(SCENARIOS / "zhangqiu.toml")


@pytest.fixture(scope="session")
def town_run(one_town: vs.Scenario) -> Callable[[str], vs.Run]:
    """The run of a strategy of ``one_town``, made when it is first asked for."""
    from checks import simulate

    return cache(lambda strategy: simulate(one_town, strategy))


@pytest.fixture(scope="session")
def district_run(zhangqiu: vs.Scenario) -> Callable[[str], vs.Run]:
    """The run of a strategy of ``zhangqiu``, made when it is first asked for."""
    from checks import simulate

    return cache(lambda strategy: simulate(zhangqiu, strategy))
