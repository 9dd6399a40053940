"""Contracts of the collective, one by one."""

from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Bools, Floats, Ints
from villagesim.parameters import Parameters
from villagesim.places.endowments import Endowment
from villagesim.randomness import Draws, poisson


@dataclass
class ContractColumns:
    """Columns by contract, shape ``(n_contracts,)``, and by constituent, ``(n_rows,)``.

    Attributes
    ----------
    row : constituent that let it
    ordinal : its lasting number within the constituent
    faulty : it pays less than the market
    easy : a fault that is easy to correct
    relet : it was let anew after the accounts of its village were pooled
    n : contracts of each constituent, ``(n_rows,)``
    faulty_since_start : share of faulty ones less that at the start, ``(n_rows,)``
    reopened : share of contracts whose titles were re-opened, fading, ``(n_rows,)``
    rent_factor : rents relative to the start, ``(n_rows,)``
    """

    row: Ints
    ordinal: Ints
    faulty: Bools
    easy: Bools
    relet: Bools
    n: Ints
    faulty_since_start: Floats
    reopened: Floats
    rent_factor: Floats

    @classmethod
    def at_start(cls, endowment: Endowment, p: Parameters, draws: Draws) -> "ContractColumns":
        """Which contracts are faulty is independent of everything else."""
        keys = endowment.place.before.keys
        mean = p.faulty_contracts / p.faulty_share
        n = np.maximum(poisson(draws.uniform("contracts.n", keys), mean, "contracts of a village"), 1)
        row = np.repeat(np.arange(len(keys)), n)
        ordinal = np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)
        faulty = draws.uniform("contract.faulty", keys[row], ordinal) < p.faulty_share
        easy = draws.uniform("contract.easy", keys[row], ordinal) < p.easy_contracts
        nothing = np.zeros(len(keys))
        return cls(row, ordinal, faulty, easy, np.zeros(len(row), bool), n, nothing, nothing.copy(), np.ones(len(keys)))
