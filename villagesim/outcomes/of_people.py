"""Outcomes on secretaries, and on the old and the young."""

from villagesim.arrays import Floats
from villagesim.outcomes import formulas
from villagesim.outcomes.outcome import ZERO_TO_ONE, Outcome
from villagesim.outcomes.record import Record


def mean_of_seats(column: str) -> formulas.Formula:
    """Mean over the secretaries in office."""

    def county(record: Record) -> Floats:
        return (record.column(column) * record.is_village).sum(axis=1) / record.n_villages

    return county


def welfare_reach(record: Record) -> Floats:
    """Share of the old and young that is covered; they are taken to be the same share of residents everywhere."""
    residents = record.endowment.residents
    return (record.column("welfare_covered") * residents).sum(axis=1) / residents.sum()


def welfare_reach_by_village(record: Record) -> Floats:
    """The same by village."""
    residents = record.endowment.residents.astype(float)
    covered = record.by_village(record.column("welfare_covered") * residents)
    return covered / record.fixed(residents).clip(1.0)


PEOPLE = (
    Outcome(
        "secretary_skill", "Skill of secretaries", "index, 0 to 1", "mean of those in office", +1,
        mean_of_seats("skill"), lambda record: record.column("skill"), margin=0.02, relative=False, bounds=ZERO_TO_ONE,
        history=False,
    ),
    Outcome(
        "secretary_integrity", "Integrity of secretaries", "index, 0 to 1", "mean of those in office", +1,
        mean_of_seats("integrity"), lambda record: record.column("integrity"),
        margin=0.02, relative=False, bounds=ZERO_TO_ONE,
        history=False,
    ),
    Outcome(
        "welfare_reach", "Old and young who are covered", "share of the old and young", "by insurance and canteens", +1,
        welfare_reach, welfare_reach_by_village, margin=0.01, relative=False, bounds=ZERO_TO_ONE,
    ),
    Outcome(
        "welfare_paid", "Paid for old, young and hardship", "yuan a year, all villages",
        "by the county, and out of the surplus of land trusts, last twelve months", 0, formulas.total("welfare_paid"),
        formulas.village_sum("welfare_paid"),
    ),
)  # fmt: skip
