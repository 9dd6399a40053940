"""Conversion of villages to urban communities (村改社区): another kind of village, with the rights of its members unchanged.

A community has no farmland to bring into trust any more (what is in trust stays), a dearer office and services, and more
rent from property. Funds, assets and resources are dealt with under three unchanged (三个不变): what its parts own is frozen,
and a vote on economy pools new income only. It is never undone. Left out: compensation for land, moves into flats, new
residents, and the services that the township takes over.
"""

import numpy as np

from villagesim.component import Column
from villagesim.dates import Month
from villagesim.process import Process


class Conversion(Process):
    """All conversions of the county."""

    owns = ("committees.community",)
    takes = ("world.to_convert",)
    pulls = ("rights_frozen",)
    columns = (
        Column(
            name="community", meaning="an urban community that was a village", unit="0 or 1", per="constituent",
            kind="level", read="world.committees.community", whole=True,
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        self.pull("rights_frozen", "communities", lambda: self.world.committees.community)
        self.world.calendar.declare("refresh", "conversion", self.convert)

    def convert(self, month: Month) -> None:
        """Convert the villages that were paid for."""
        world = self.world
        for village in world.to_convert:
            world.log("village_converted", village)
        if world.to_convert:
            world.committees.community[np.isin(world.village_of, world.to_convert)] = True
        world.to_convert.clear()
