"""A made-up county to write histories into."""

import numpy as np
import pytest
from unit.places.units.planted_county import County


@pytest.fixture
def county() -> County:
    """Three townships of twenty villages, of which the first twelve of each are kept."""
    made = County(np.random.default_rng(1))
    for number in (100, 101, 102):
        township = made.township(number, f"{chr(0x9000 + number)}{chr(0x9100 + number)}镇")
        made.keep(*[made.old(township) for _ in range(12)])
    return made
