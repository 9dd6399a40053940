"""Outcomes that count villages reached by alliances, belt, brand and demonstration zones: form, not effect."""

from collections.abc import Callable

from villagesim.arrays import Floats
from villagesim.outcomes.outcome import ZERO_TO_ONE, Outcome
from villagesim.outcomes.record import Record


def covered(column: str) -> Callable[[Record], Floats]:
    """1 where a village is reached, else 0."""

    def village(record: Record) -> Floats:
        return (record.column(column) * record.is_village).astype(float)

    return village


def coverage(name: str, title: str, column: str) -> Outcome:
    """Share of villages that are reached at the end of the month."""
    village = covered(column)
    return Outcome(
        name, title, "share of villages", "at the end of the month; says nothing of effects", 0,
        lambda record: village(record).sum(axis=1) / record.n_villages, village,
        margin=0.01, relative=False, bounds=ZERO_TO_ONE, per_village=True,
    )  # fmt: skip


OF_COVERAGE = (
    coverage("share_in_alliances", "Villages in alliances", "allied"),
    coverage("share_in_belt", "Villages in a belt", "belted"),
    coverage("share_under_brand", "Villages under the umbrella brand", "branded"),
    coverage("share_in_demonstration_zones", "Villages in demonstration zones", "in_zone"),
    coverage("share_communities", "Villages that became urban communities", "community"),
)
