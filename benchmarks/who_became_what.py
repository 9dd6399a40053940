"""Who became what in 301 counties, from 2019 to 2020: what is measured, and which goals are met.

QUESTION: how far can two editions say which village became which, and are the likelihoods that are stated honest?
DESIGN: all counties of benchmarks/rolls_national that lost a tenth of their villages. Every second county, by code, was
there to choose weights from; figures of held-back names are reported on the others, though what codes, names and totals
usually say was counted in all. Truth comes from names: they are hidden, and asked for again by township, totals and the order
of codes; and from published mergers of villages in 30 counties.
OUTPUT: a table of measures, and the goals with "met" or "missed". Some three minutes on one core.
"""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from counties import counties, half
from held_back import Case, Found, Pair, ask, cases, pairs, purity
from published import Told, published, told

from villagesim.places.units import identity, names, totals
from villagesim.places.units.common import common_names
from villagesim.places.units.edition import Edition
from villagesim.places.units.history import UnitHistory, history
from villagesim.places.units.townships import unique_pairs

RIGHT, WRONG, TIED = "right", "wrong", "tied"
ORDER_BINS = (0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.001)
NAME_BINS = (0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 1.001)
PUBLISHED_BINS = (0, 0.2, 0.3, 0.5, 1.001)


def kept_by_name(found: UnitHistory) -> Counter[str]:
    """Kept villages found by name and township alone, their codes hidden."""
    before, after, p = found.before, found.after, found.flow.probability()
    holders: dict[str, list[int]] = {}
    for new, core in enumerate(after.cores):
        holders.setdefault(core, []).append(new)
    said: Counter[str] = Counter()
    for link in found.links:
        if link.way != "code+name" or before.roll.kinds[link.old] != "village":
            continue
        score = {
            new: np.log(p[before.township[link.old], after.township[new]])
            + identity.SAME_KIND * (after.roll.kinds[new] == "village")
            for new in holders[before.cores[link.old]]
        }
        best = max(score.values())
        first = [new for new, value in score.items() if value == best]
        said[RIGHT if first == [link.new] else TIED if link.new in first else WRONG] += 1
    return said


def townships_left_out(found: UnitHistory) -> Counter[str]:
    """Township of a unique name under another code, found without that name."""
    before, after, flow = found.before, found.after, found.flow
    said: Counter[str] = Counter()
    for old, new in unique_pairs(before, after):
        if before.roll.codes[old] != after.roll.codes[new]:
            own = int(before.township[old]), int(after.township[new])
            p = flow.probability(without=own)[own[0]]
            said[RIGHT if p.argmax() == own[1] else WRONG] += 1
    return said


def communities(found: UnitHistory) -> Counter[str]:
    """Vanished villages whose name is that of a new community, in their township or its heir: followed, or merged elsewhere."""
    before, after, flow = found.before, found.after, found.flow
    stood = set(zip(before.roll.codes, before.cores, strict=True))
    new = {}
    for k, kind in enumerate(after.roll.kinds):
        if kind == "community" and (after.roll.codes[k], after.cores[k]) not in stood:
            new.setdefault(after.cores[k], []).append(k)
    source = {link.new: link.old for link in found.links if link.way in ("name", "code+name")}
    said: Counter[str] = Counter()
    for link in found.links[: len(before)]:
        if link.old < 0 or before.roll.kinds[link.old] != "village" or link.way == "code+name":
            continue
        t = int(before.township[link.old])
        near = [
            k
            for k in new.get(before.cores[link.old], ())
            if after.township[k] == flow.heir[t] or flow.same_code[t, after.township[k]]
        ]
        if near and link.new in near:
            said["followed"] += 1
        elif near and link.fate == "merged":
            namesake = any(before.cores[source[k]] == before.cores[link.old] for k in near if k in source)
            said["taken by a namesake" if namesake else "missed"] += 1
    return said


def followed(found: UnitHistory) -> Counter[str]:
    """Unique names of villages under another township code: carried by flow, by rarity, or by neither."""
    before, after, p = found.before, found.after, found.flow.probability()
    link_of = {link.old: link for link in found.links}
    said: Counter[str] = Counter()
    for old, new in unique_pairs(before, after):
        codes = before.roll.codes[old][:9], after.roll.codes[new][:9]
        if codes[0] == codes[1] or {before.roll.kinds[old], after.roll.kinds[new]} != {"village"}:
            continue
        link = link_of[old]
        likely = p[before.township[old], after.township[new]] >= identity.FOLLOWED
        rare = common_names().get(before.cores[old], 0) < 10
        said["by flow" if likely else "by rarity" if rare else "by neither"] += 1
        if (likely or rare) != (link.new == new and link.way in ("name", "code")):
            said["against the rule"] += 1
    return said


def support(found: UnitHistory) -> Counter[str]:
    """What links of vanished villages rest on, and how many are right by their own likelihood."""
    said: Counter[str] = Counter()
    for link in found.links:
        if link.level < 0 or found.before.roll.kinds[link.old] != "village":
            continue
        kind = found.evidence.kind[link.new]
        strong, weak = link.level >= names.ONE, link.way == "name part"
        stood = kind not in (totals.FRESH, totals.RENAMED, totals.NEW_COMMUNITY)
        said[
            "strong name" if strong else "weak name" if weak else "to one that stood" if stood else "to a new one"
        ] += 1
        said["all"] += 1
        said["expected right"] += link.likelihood  # type: ignore[assignment]
        said["under .3"] += link.likelihood < 0.3
        said["at least .5"] += link.likelihood >= 0.5
        said["at least .9"] += link.likelihood >= 0.9
    return said


def bins(stated: Sequence[float], edges: Sequence[float]) -> Iterator[list[int]]:
    """Positions by bin of what was stated, empty bins left out."""
    for low, high in itertools.pairwise(edges):
        inside = [k for k, value in enumerate(stated) if low <= value < high]
        if inside:
            yield inside


def calibration(stated: Sequence[float], truth: Callable[[list[int]], float], edges: Sequence[float]) -> np.ndarray:
    """Stated, found and number by bin, shape (n_bins, 3)."""
    return np.array([(np.mean([stated[k] for k in own]), truth(own), len(own)) for own in bins(stated, edges)])


def gap(table: np.ndarray) -> float:
    """Mean distance of stated and found, by number."""
    return float(np.average(np.abs(table[:, 0] - table[:, 1]), weights=table[:, 2]))


def overconfident(table: np.ndarray) -> float:
    """Most that a bin of 25 or more cases claims beyond what was found."""
    large = table[table[:, 2] >= 25]
    return float((large[:, 0] - large[:, 1]).max(initial=0))


def show_held_back(found: list[Found], what: str) -> dict[str, float]:
    """Print and return the shares of held-back names that were found."""
    share = {
        "own": np.mean([f.rank < 0.5 for f in found]),
        "first three": np.mean([f.rank < 3 for f in found]),
        "all": np.mean([f.rank_of_all < 0.5 for f in found]),
        "all, first three": np.mean([f.rank_of_all < 3 for f in found]),
        "without order": np.mean([f.plain_rank < 0.5 for f in found]),
        "chance": np.mean([1 / f.n for f in found]),
        "chance of all": np.mean([1 / f.n_all for f in found]),
        "map": np.mean([f.map_right for f in found]),
    }
    both = [f for f in found if f.present_right is not None]
    share["map where the present one maps"] = np.mean([f.map_right for f in both])
    share["present map"] = np.mean([f.present_right for f in both])
    print(f"  {what}: {len(found)} cases, {len(both)} of them in counties that the present map maps")
    print("   ", ", ".join(f"{name} {value:.2f}" for name, value in share.items()))
    return {name: float(value) for name, value in share.items()}


def show_calibration(table: np.ndarray, what: str) -> None:
    """Print stated, found and number by bin."""
    told = ", ".join(f"{stated:.2f} {found:.2f} ({int(n)})" for stated, found, n in table)
    print(
        f"  {what}: stated, found (cases): {told}; mean gap {gap(table):.2f}, overconfident {overconfident(table):.2f}"
    )


def main() -> None:
    """Measure all, print all."""
    histories, seconds = {}, {}
    common_names()
    for county, (before, after) in counties().items():
        fresh = Edition(before.roll, before.named), Edition(after.roll, after.named)
        begun = time.process_time()
        histories[county] = history(*fresh)
        seconds[county] = time.process_time() - begun
    goals = [*identity_goals(histories), *held_back_goals(histories), *published_goals(histories)]
    slowest = max(seconds, key=seconds.__getitem__)
    total = sum(seconds.values())
    print(f"time: {total:.1f} s for all, at most {seconds[slowest]:.2f} s ({slowest})")
    goals.append(("8 a county under 1 s, all under a minute", seconds[slowest] < 1 and total < 60))
    for goal, met in goals:
        print(f"{'met   ' if met else 'MISSED'} {goal}")


def identity_goals(histories: dict[str, UnitHistory]) -> list[tuple[str, bool]]:
    """Measures of identity, and goals 1 to 3."""
    fates = Counter(
        link.fate for h in histories.values() for link in h.links if link.old >= 0 and h.before.roll.kinds[link.old] == "village"
    )  # fmt: skip
    towns = Counter(fate.fate for h in histories.values() for fate in h.townships)
    kept, left_out, turned, moved = (
        sum(map(measure, histories.values()), Counter())
        for measure in (kept_by_name, townships_left_out, communities, followed)
    )
    print(f"{len(histories)} histories; fates of villages: {dict(fates.most_common())}")
    print(f"fates of townships: {dict(towns.most_common())}")
    print(f"kept villages by name alone: {dict(kept)}; townships left out: {dict(left_out)}")
    print(f"villages whose name is a new community's: {dict(turned)}; names in another township: {dict(moved)}")
    known = 1 - fates["unknown"] / fates.total()
    by_name, by_township = kept[RIGHT] / kept.total(), left_out[RIGHT] / left_out.total()
    return [
        (f"1 301 histories, {known:.1%} of villages not unknown (98%)", len(histories) == 301 and known >= 0.98),
        (f"2 kept by name {by_name:.1%} (99%), wrong {kept[WRONG]} (0)", by_name >= 0.99 and not kept[WRONG]),
        (f"2 townships left out {by_township:.3f} (.88)", by_township >= 0.88),
        (f"3 communities missed {turned['missed']} (0)", not turned["missed"]),
        (
            f"3 names in another township against the rule {moved['against the rule']} (0)",
            not moved["against the rule"],
        ),
    ]


def held_back_goals(histories: dict[str, UnitHistory]) -> list[tuple[str, bool]]:
    """Measures of what vanished, and goals 4 and 5."""
    rests = sum(map(support, histories.values()), Counter())
    print("links of vanished villages:", ", ".join(f"{name} {n:,.0f}" for name, n in rests.items()))
    asked = [ask(case) for county, h in histories.items() for case in sorted(cases(county, h), key=_order)]
    asked = [found for found in asked if found.n > 1]
    print("held back, own name hidden, where there is a choice among the new and renamed:")
    show_held_back([f for f in asked if f.half == "chosen on"], "half chosen on")
    reported = [f for f in asked if f.half == "reported"]
    share = show_held_back(reported, "half reported")
    by_order = calibration(
        [f.stated for f in reported], lambda own: float(np.mean([reported[k].right for k in own])), ORDER_BINS
    )
    show_calibration(by_order, "by order")
    both: list[Pair] = [p for county, h in histories.items() if half(county) == "reported" for p in pairs(county, h)]
    by_names = []
    for same, what in ((False, "different characters"), (True, "same character")):
        own = [p for p in both if p.same_character == same]
        by_names.append(calibration([p.stated for p in own], lambda k, o=own: purity([o[i] for i in k]), NAME_BINS))
        show_calibration(by_names[-1], f"by names, {what}")
    better = share["map where the present one maps"] - share["present map"]
    gaps, over = [gap(by_order), *map(gap, by_names)], [overconfident(table) for table in by_names]
    return [
        (f"4 held back {share['own']:.2f} (.55), first three of all {share['all, first three']:.2f} (.70)",
         share["own"] >= 0.55 and share["all, first three"] >= 0.70),
        (f"4 better than the present map by {better:.2f} (.05)", better >= 0.05),
        (f"5 mean gaps {', '.join(f'{g:.2f}' for g in gaps)} (.10)", max(gaps) <= 0.10),
        (f"5 overconfident by order {overconfident(by_order):.2f} (.10), by names {max(over):.2f} (.15)",
         overconfident(by_order) <= 0.10 and max(over) <= 0.15),
    ]  # fmt: skip


def published_goals(histories: dict[str, UnitHistory]) -> list[tuple[str, bool]]:
    """Measures of published mergers, and goal 6."""
    asked = [told(county, histories[county]) for county in published()]
    lives = [right for _, own in asked for right in own]
    vanished = [one for own, _ in asked for one in own]
    print(f"published mergers, {len(asked)} counties: {sum(lives)} of {len(lives)} villages that live on are found")
    show_published(vanished, "all that vanished")
    for stood, what in ((True, "into one that stood before"), (False, "into a new or renamed one")):
        show_published([one for one in vanished if one.stood == stood], what)
    provinces = sorted({one.province for one in vanished})
    for province in provinces:
        show_published([one for one in vanished if one.province == province], province)
    near = [one.distance for one in vanished if one.stood and one.distance >= 0]
    print("  distance to one that stood, in code order:", dict(sorted(Counter(near).items())))
    for side in ("chosen on", "reported"):
        own = [one for one in vanished if one.half == side]
        table = calibration(
            [one.stated for one in own], lambda k, o=own: float(np.mean([o[i].right for i in k])), PUBLISHED_BINS
        )
        show_calibration(table, f"half {side}")
    return [
        (f"6 published mergers of {len(asked)} counties in {', '.join(provinces)} (3 provinces)", len(provinces) > 2)
    ]


def show_published(own: list[Told], what: str) -> None:
    """Print how many published mergers the central map has, and what likelihood they were given."""
    share = {
        "map": np.mean([one.right for one in own]),
        "stated": np.mean([one.stated for one in own]),
        "first": np.mean([one.rank == 0 for one in own]),
        "first three": np.mean([one.rank < 3 for one in own]),
        "likelihood of the true": np.mean([one.likelihood for one in own]),
        "chance": np.mean([1 / one.n for one in own]),
    }
    both = [one for one in own if one.present_right is not None]
    if both:
        share[f"map where the present one maps ({len(both)})"] = np.mean([one.right for one in both])
        share["present map"] = np.mean([one.present_right for one in both])
    print(f"  {what}, {len(own)}:", ", ".join(f"{name} {value:.2f}" for name, value in share.items()))


def _order(case: Case) -> tuple[int, int]:
    return case.old, case.new


if __name__ == "__main__":
    main()
