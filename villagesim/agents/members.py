"""Members of a constituent village (社员): their trust, and what each part of a village brings along."""

from dataclasses import dataclass

import numpy as np

from villagesim.arrays import Floats, logistic, logit
from villagesim.parameters import Parameters
from villagesim.places.endowments import Endowment
from villagesim.randomness import Draws


@dataclass
class MemberColumns:
    """Columns by constituent, shape ``(n_rows,)``.

    Attributes
    ----------
    trust : trust in the village [index 0 to 1]
    trust_base : where it returns to [index 0 to 1]
    trust_shock : deposits of the month [logit points], applied when the month is closed
    entitlement : benefits per member [yuan per year]
    """

    trust: Floats
    trust_base: Floats
    trust_shock: Floats
    entitlement: Floats

    @classmethod
    def at_start(cls, endowment: Endowment, p: Parameters, draws: Draws) -> "MemberColumns":
        """Trust starts at its base."""
        keys = endowment.place.before.keys
        slope = p.trust_base * (1 - p.trust_base)
        spread = p.trust_base_sd / slope * draws.normal("trust.base", keys)
        base = logistic(logit(p.trust_base) + spread)
        return cls(base.copy(), base, np.zeros(len(keys)), endowment.entitlement.copy())
