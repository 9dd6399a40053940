"""What every shipped strategy gives, bit by bit: ``make record`` writes it anew after a change of results.

Two replications of every strategy of every scenario: one hash a raw column and one of the events, which bind in the
environment that made them, and some numbers, which agree to 1e-9 everywhere.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

import villagesim as vs
from villagesim.runs.store import fingerprint

HERE = Path(__file__).parent
SCENARIOS = sorted((HERE.parents[1] / "scenarios").glob("*.toml"))
REPLICATIONS = 2


def hashed(content: bytes) -> str:
    """Short hash."""
    return blake2b(content, digest_size=6).hexdigest()


def columns(run: vs.Run) -> dict[str, str]:
    """Hash of every raw column, history included."""
    recorder = run.record.recorder
    names = sorted(name for group in recorder.names.values() for name in group)
    return {name: hashed(np.ascontiguousarray(recorder.column(name)).tobytes()) for name in names}


def events(run: vs.Run) -> str:
    """Hash of all events in their order."""
    rows = run.events.itertuples(index=False)
    return hashed("\n".join(" ".join(map(str, row)) for row in rows).encode())


def numbers(run: vs.Run) -> dict[str, float | None]:
    """All outcomes of the county at the end; None where one is not defined."""
    last = {name: float(values[-1]) for name, values in sorted(run.outcomes.items())}
    return {name: value if np.isfinite(value) else None for name, value in last.items()}


def runs(
    scenario: vs.Scenario,
    replications: Sequence[int] = range(REPLICATIONS),
    simulate: Callable[..., vs.Run] = vs.simulate,
) -> Iterator[tuple[str, vs.Run]]:
    """Strategy and replication, and its run."""
    endowments = {replication: scenario.endow(1, 0, replication) for replication in replications}
    for strategy in scenario.strategies:
        for replication, endowment in endowments.items():
            yield (
                f"{strategy}, replication {replication}",
                simulate(scenario, strategy, 1, replication, endowment=endowment),
            )


def given(run: vs.Run) -> dict[str, Any]:
    """What a run gave."""
    return {"columns": columns(run), "events": events(run), "numbers": numbers(run)}


def main() -> None:
    """Write all files anew."""
    for path in SCENARIOS:
        made = {name: given(run) for name, run in runs(vs.load_scenario(path))}
        content = {"environment": fingerprint(), "runs": made}
        text = json.dumps(content, indent=0, ensure_ascii=False)
        (HERE / f"{path.stem}.json").write_text(text + "\n", encoding="utf-8")
        print(f"{path.stem}: {len(content['runs'])} runs")


if __name__ == "__main__":
    main()
