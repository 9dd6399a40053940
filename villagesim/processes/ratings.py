"""Ratings of village organisations (星级评定) and the monthly review: villages are scored and ranked.

A village's mark is the mean of three places, by integration as reported, by income per member and by calm (few open
disputes). The monthly review goes by marks; a rating adds what raters happen to see. The county knows these scores, not
how well a village is really run. Stars go by quotas counted
from both ends, in January and at the end of the month in which a rating is first asked for. A pool is what one policy has
rated; where several reach a village, the first by its label rates it.

Theory: with a quota there are always weak villages, and always some that are turned round by themselves, since those at
the bottom of a noisy list stand higher on the next one (regression to the mean, evidence 8.21). Nothing is scored where
no policy asks for it. Left out: that raters can be befriended, and what the label itself does to a village.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from villagesim.agents.committees import MILESTONES
from villagesim.agents.ratings import ADVANCED, WEAK
from villagesim.arrays import Bools, Floats, Ints, rows_where, some, to_whole
from villagesim.component import Column
from villagesim.dates import Month
from villagesim.parameters.ratings import PARAMETERS
from villagesim.process import Process


class Ratings(Process):
    """Keeper of stars and standings."""

    parameters = PARAMETERS
    owns = ("ratings.stars", "ratings.before", "ratings.since", "ratings.score", "ratings.standing")
    takes = ("world.rating_pools", "world.review_pools")
    columns = (
        Column(
            name="stars", meaning="stars at the last rating, 0 where nobody rates it", unit="0 to 5", per="village",
            kind="level", read="world.ratings.stars", whole=True,
        ),
        Column(
            name="turned_round", meaning="weak villages that the month's rating found better", unit="0 or 1",
            per="village", kind="flow", whole=True,
        ),
    )  # fmt: skip

    def start(self) -> None:
        """Set up what it keeps, and declare its dates."""
        world = self.world
        self.begun: set[str] = set()
        self.turned_round = np.zeros(world.n_rows, np.int64)
        world.calendar.declare("rating", "ratings", self.rate)
        world.calendar.declare("rating", "review", self.review)

    def rate(self, month: Month) -> None:
        """Give stars for the year that has ended, or for the first time."""
        world, yearly = self.world, month.key % 12 == 11
        if not (world.rating_pools or some(world.ratings.stars)):
            return
        self.turned_round = np.zeros(world.n_rows, np.int64)
        if yearly:
            reached = np.logical_or.reduce([*world.rating_pools.values(), np.zeros(world.n_rows, bool)])
            world.ratings.stars[~(reached & world.is_village)] = 0
        for label, villages in self.pools(world.rating_pools):
            if yearly or label not in self.begun:
                self.begun.add(label)
                self.give_stars(villages, month)

    def pools(self, asked: Mapping[str, Bools]) -> Iterator[tuple[str, Ints]]:
        """Villages that each policy has rated or reviewed; each village once."""
        free = self.world.is_village.copy()
        for label in sorted(asked):
            villages = rows_where(asked[label] & free)
            free[villages] = False
            yield label, villages

    def give_stars(self, villages: Ints, month: Month) -> None:
        """Rate one pool by its scores, with quotas from the bottom and from the top."""
        world, p, ratings = self.world, self.world.p, self.world.ratings
        ends = np.array([p.rated_one_star, p.rated_two_stars, 0.0, p.rated_four_stars, p.rated_five_stars])
        ends[2] = 1 - ends.sum()
        noise = world.draws.normal("score", world.keys[villages], month.key)
        score = self.marks(villages) + p.score_noise * noise
        stars = np.zeros(len(villages), np.int64)
        stars[np.lexsort((world.keys[villages], score))] = np.repeat(
            np.arange(WEAK, ADVANCED + 1), to_whole(len(villages) * ends)
        )
        before = ratings.stars[villages]
        self.turned_round[villages] = (before == WEAK) & (stars > WEAK)
        moved = stars != before
        ratings.before[villages[moved]] = before[moved]
        ratings.since[villages[moved]] = month.key
        ratings.stars[villages], ratings.score[villages] = stars, score
        world.log("rated", villages=len(villages), weak=int((stars == WEAK).sum()))

    def review(self, month: Month) -> None:
        """Rank the villages under review by the month that has ended."""
        if not self.world.review_pools:
            return
        self.world.ratings.standing[:] = np.nan
        for _, villages in self.pools(self.world.review_pools):
            self.world.ratings.standing[villages] = standing(self.marks(villages))

    def marks(self, villages: Ints) -> Floats:
        """Weighted mean of the three places of each village among these, 0 to 1, by what is published of the month."""
        reported, income, disputes = map(standing, self.indicators(villages))
        p = self.world.p
        mark: Floats = p.mark_reported * reported + p.mark_income * income + p.mark_calm * (1 - disputes)
        return mark / (p.mark_reported + p.mark_income + p.mark_calm)

    def indicators(self, villages: Ints) -> tuple[Floats, Floats, Floats]:
        """Integration as reported, income per member, open disputes per resident of these villages, as published."""
        world, committees = self.world, self.world.committees
        told = committees.passed[villages] + committees.false_reports[villages]
        heads = (world.endowment.members, world.endowment.residents)
        members, residents = (np.maximum(world.by_village(n)[villages], 1.0) for n in heads)
        return (
            np.where(committees.merged[villages], (told / MILESTONES).mean(axis=1), np.nan),
            (world.by_village(world.cooperatives.income_12m + world.land_trusts.turnover) + world.lists.booked)[
                villages
            ]
            / members,
            world.by_village(world.residents.open_disputes)[villages] / residents,
        )


def standing(values: Floats) -> Floats:
    """Share of the values that lie below each, equals counted half; one half where a value is not known."""
    order = np.argsort(values)
    ranked = values[order]
    unknown = np.isnan(ranked)
    is_first = np.ones(len(values), bool)
    np.not_equal(ranked[1:], ranked[:-1], out=is_first[1:])
    ends = np.append(rows_where(is_first), len(values))
    middle = (ends[:-1] + ends[1:]) / 2 / max(len(values) - np.count_nonzero(unknown), 1)
    places = np.empty(len(values))
    places[order] = np.where(unknown, 0.5, middle[np.cumsum(is_first) - 1])
    return places
