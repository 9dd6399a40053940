"""One run: a scenario, a strategy, a seed and a replication make a history."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from typing import Any

from villagesim.checks import whole
from villagesim.ending import exits_refused, is_shipped, modules_of, original, place_within, said_of
from villagesim.errors import RunError, VillagesimError
from villagesim.guard import today
from villagesim.history import History
from villagesim.observer import Observer
from villagesim.parameters import DEFAULTS
from villagesim.places.endowments import Endowment
from villagesim.places.place import Place, same_map
from villagesim.policies import Policy, Strategy
from villagesim.policies.administration import Administration
from villagesim.processes import PROCESSES
from villagesim.randomness import Draws
from villagesim.run import Run
from villagesim.scenario import Scenario, as_scenario
from villagesim.soundness import check_record
from villagesim.world import World


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Events die young and hold no rings, and all else lives as long as the run: a search would find nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@_no_search_for_garbage()
def simulate(
    scenario: Scenario,
    strategy: str | Strategy | Sequence[Policy] | None = None,
    seed: int = 1,
    replication: int = 0,
    *,
    draw: int = 0,
    endowment: Endowment | None = None,
    observers: Sequence[Observer] = (),
) -> Run:
    """Run one strategy once.

    The same arguments give the same bits. All strategies of one seed and replication share their luck: whatever two of
    them both do, turns out the same.

    Parameters
    ----------
    strategy : str, Strategy or sequence of policies, optional
        A name of the scenario, or policies of one's own; left out: the baseline.
    seed, replication : int
        Which luck; at least 0.
    draw : int
        Which of the uncertain maps and endowments; 0 is the central one.
    endowment : Endowment, optional
        As made by ``scenario.endow(seed, draw, replication)``, where many runs share it. Its place is checked; that its seed,
        draw and published totals are those of the run is the caller's affair.
    observers : sequence of Observer, optional
        Who watches the run; they change nothing.

    Raises
    ------
    VillagesimError
        Where a number, an observer or an endowment is none, the endowment is of another place, the scenario has no such
        strategy, or the policies cannot stand together.
    """
    as_scenario(scenario, error=RunError)
    seed = whole(seed, "seed", least=0, error=RunError)
    replication = whole(replication, "replication", least=0, error=RunError)
    draw = whole(draw, "draw", least=0, error=RunError)
    for observer in observers if isinstance(observers, Iterable) else [observers]:
        if not isinstance(observer, Observer):
            raise RunError(
                f"observers: {observer!r} is not an observer.",
                fix="Give a list of those whose class is derived from Observer.",
            )
    if endowment is not None:
        _check_place(scenario.place_of(seed, draw, replication), endowment)
    name, chosen = scenario.strategy(scenario.baseline if strategy is None else strategy)
    draws = Draws.of_replication(seed, replication)
    endowment = scenario.endow(seed, draw, replication) if endowment is None else endowment
    world, processes, office = put_together(scenario, chosen, endowment, draws, observers)
    live(world, scenario, chosen)
    history = History.of(world)
    suspects = partial(_look_at, scenario, chosen)
    check_record(history.record.recorder, world.assembly.all_columns, world.place, suspects)
    run = Run(history, scenario.outcomes, name, seed, replication, draw, scenario.geography)
    for actor in (*processes, *office.running.values(), office):
        vars(actor).clear()  # they refer to each other and to the world: cut, all that only they know goes at once
    world.close()
    return run


def _check_place(place: Place, endowment: Any) -> None:
    """Refuse what is no endowment, and one of another place than the run has."""
    fix = "Make it with scenario.endow(seed, draw, replication), or leave it out."
    if not isinstance(endowment, Endowment):
        raise RunError(f"endowment = {endowment!r:.60} is none.", fix=fix)
    if place.before.codes != endowment.place.before.codes:
        raise RunError(f"endowment: it is of {endowment.place!r}, and the scenario of {place!r}.", fix=fix)
    if not same_map(place, endowment.place):
        raise RunError("endowment: it has another map of the merger than this run of the scenario.", fix=fix)


def put_together(
    scenario: Scenario, strategy: Strategy, endowment: Endowment, draws: Draws, observers: Sequence[Observer] = ()
) -> tuple[World, list[Any], Administration]:
    """Put a world together, ready to run, with the processes and the office for policies that act in it."""
    by_county = None
    if strategy.map is not None:
        by_county = endowment.place.villages(endowment.members)[-1]
        endowment = replace(endowment, place=strategy.map.place(endowment))
    with _own_mistakes_named(scenario, strategy):
        world = World(
            scenario.timetable,
            endowment,
            scenario.parameters,
            draws,
            scenario.budget,
            processes=scenario.assembly.processes,
            observers=tuple(observers),
        )
        world.outcomes, world.by_county = scenario.outcomes, by_county
        world.merging = world.merging and strategy.merger
        processes = [process(world) for process in (*PROCESSES, *scenario.processes)]
    office = Administration(world, strategy.policies)
    return world, processes, office


def live(world: World, scenario: Scenario, strategy: Strategy) -> None:
    """Let a world run to its end.

    Raises
    ------
    VillagesimError
        With the day and the line, where code of the user's own made a mistake.
    """
    with _own_mistakes_named(scenario, strategy, world):
        world.run()


def own_parts(scenario: Scenario, strategy: Strategy) -> str:
    """What is not of the library in a run: code, and parameters with another range; empty where all is."""
    ours = {name: (p.low, p.high) for name, p in DEFAULTS.items()}
    ranges = [name for name, p in scenario.parameters.items() if name in ours and (p.low, p.high) != ours[name]]
    code = [part.__name__ for part in scenario.processes]
    code += [policy.label for policy in strategy if not is_shipped(type(policy))]
    return "; ".join(
        f"{what} of your own: {', '.join(names)}"
        for what, names in (("parameters with a range", ranges), ("code", code))
        if names
    )


@contextmanager
def _own_mistakes_named(scenario: Scenario, strategy: Strategy, world: World | None = None) -> Iterator[None]:
    """Turn a mistake in code or figures of the user's own into one message; the library's own affairs pass."""
    observers = () if world is None else world.observers.watching
    parts = (
        *scenario.processes,
        *map(type, strategy),
        *map(type, observers),
        *(f for o in scenario.outcomes.own for f in (o.county, o.village)),
    )
    modules = {*scenario.code, *modules_of(parts)}
    try:
        with exits_refused() if modules else nullcontext():
            yield
    except (Exception, SystemExit) as raised:
        problem = original(raised)
        day = f"on {scenario.timetable.start}" if world is None else today(world)
        if (mistake := _mistake(problem, modules, day, scenario, strategy)) is None:
            if problem is raised:
                raise
            raise problem from problem.__cause__
        raise mistake from problem


def _mistake(
    problem: BaseException, modules: set[str], day: str, scenario: Scenario, strategy: Strategy
) -> VillagesimError | None:
    """What a user is told of a problem; None where it is said already, or the library's own affair."""
    place, line = place_within(problem, modules)
    if place:
        return said_of(problem, place, line, RunError).inside(day)
    if isinstance(problem, VillagesimError):
        if isinstance(problem, RunError) and not problem.fix:
            return RunError(problem.rule, fix=_look_at(scenario, strategy), at=[day, *problem.at])
        return None
    if modules or (isinstance(problem, ArithmeticError | ValueError) and own_parts(scenario, strategy)):
        said = f"cannot be worked out: {type(problem).__name__}: {problem}."
        return RunError(said, fix=_look_at(scenario, strategy), at=[day])
    return None


def _look_at(scenario: Scenario, strategy: Strategy) -> str:
    """What may have led a run to what cannot be: what is not of the library, else the scenario's figures and policies."""
    policies = ", ".join(policy.label for policy in strategy) or "none"
    own = own_parts(scenario, strategy)
    return f"Look at {own or f'the figures of the scenario, and its policies: {policies}'}."
