"""Scenarios and runs that many tests look at; made once, never changed by a test."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from retold import Refusals

import villagesim as vs

if TYPE_CHECKING:
    from villagesim.places.units.edition import Edition
    from villagesim.places.units.history import UnitHistory
    from villagesim.places.units.said import Said

pytest.register_assert_rewrite("laws.law_checks", "checks")

SCENARIOS = Path(__file__).parents[1] / "scenarios"
EXTRAS = ("distributed", "ema_workbench", "httpx", "playwright", "pyabc", "starlette", "tomli_w", "uvicorn")


def pytest_configure(config: pytest.Config) -> None:
    """Where tests of extras are left out, no other test finds one, though it may be installed."""
    if "not extras" in config.option.markexpr:
        sys.modules.update(dict.fromkeys(EXTRAS))  # type: ignore[arg-type]  # None: an import of it fails


def pytest_collection_finish() -> None:
    """What is loaded by now stays: rubbish is looked for among what tests make, and less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """A page that speaks Chinese from now on speaks it until its test ends, a screen is as wide as it was, figures are closed."""
    yield
    from villagesim import languages, terminal

    languages._spoken.clear()
    terminal.out.width = terminal.WIDTH
    if (plt := sys.modules.get("matplotlib.pyplot")) is not None:
        plt.close("all")


@pytest.fixture(scope="session", autouse=True)
def _nothing_waits_for_the_disk() -> Iterator[None]:
    """Files are written whole all the same; only a loss of power would show that they were not waited for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda file: None)
        yield


@pytest.fixture(scope="session")
def refusals() -> Iterator[Refusals]:
    """Errors that the library makes."""
    found = Refusals()
    with pytest.MonkeyPatch.context() as patch:
        found.noted(patch)
        yield found


@pytest.fixture(autouse=True)
def _every_refusal_is_told_in_chinese(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test of what users write provokes has its words in the catalogue."""
    if request.path.parent.name not in ("bad_inputs", "design", "files", "foreign"):
        yield
        return
    refusals = request.getfixturevalue("refusals")
    refusals.made.clear()
    yield
    assert not refusals.in_english()


@pytest.fixture(scope="session", autouse=True)
def _a_history_is_inferred_once() -> Iterator[None]:
    """Hundreds of scenario files name the same two rolls: what became of their units is a value, kept by all that decides it."""
    from villagesim.files import mergers

    infer, kept = mergers.history, {}

    def history(before: Edition, after: Edition, *, said: Said | None, place_all: bool) -> UnitHistory:
        if said is not None:
            return infer(before, after, said=said, place_all=place_all)
        key = (before.roll, *sorted(before.named.items()), after.roll, *sorted(after.named.items()), place_all)
        if key not in kept:
            kept[key] = infer(before, after, said=None, place_all=place_all)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mergers, "history", history)
        yield


@pytest.fixture(scope="module")
def figures_are_blank() -> Iterator[None]:
    """Figures are drawn but not rendered, where nobody looks at them: their files are there, and empty."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Figure,
            "savefig",
            lambda figure, file, **how: file.write(b"<svg></svg>") if hasattr(file, "write") else Path(file).touch(),
        )
        patch.setattr(ConstrainedLayoutEngine, "execute", lambda engine, figure: None)
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
def small_comparison(one_town: vs.Scenario) -> vs.Answer:
    """All strategies of ``one_town`` in two replications."""
    return vs.compare(one_town, 2, workers=1)


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
