"""A history as tables: links, townships, how sure each township is, and what to ask first."""

from collections import defaultdict
from typing import Any

from villagesim.places.units.chain import Chain
from villagesim.places.units.edition import Edition
from villagesim.places.units.history import UnitHistory
from villagesim.places.units.link import WEAK, WEAKEST, Link
from villagesim.places.units.names import LEVELS

Rows = list[dict[str, Any]]


def links_table(history: UnitHistory, decree: str = "") -> Rows:
    """One row per old unit and target, and one per new unit that came from nowhere."""
    return [_link(history, link, decree) for link in history.links]


def paths_table(found: Chain) -> Rows:
    """One row per unit of the first edition and target in the last one, and one per unit that came from nowhere."""
    return [
        {
            **{f"old_{key}": value for key, value in _unit(found.first, path.old).items()},
            **{f"new_{key}": value for key, value in _unit(found.last, path.new).items()},
            "fates": ", ".join(path.fates),
            "changed": ", ".join(
                decree
                for fate, decree in zip(path.fates, found.decrees, strict=False)
                if path.old >= 0 and fate != "kept"
            ),
            "share": path.share,
            "likelihood": round(path.likelihood, 4),
        }
        for path in found.paths
    ]


def townships_table(history: UnitHistory, decree: str = "") -> Rows:
    """One row per old township and heir."""
    rows = []
    for one in history.townships:
        old = history.before.townships[one.old]
        new = history.after.townships[one.new] if one.new >= 0 else ""
        rows.append(
            {
                "old_township": old, "old_name": history.before.named[old],
                "new_township": new, "new_name": history.after.named[new] if new else "",
                "fate": one.fate, "shared_names": one.names, "share_of_names": round(one.share, 4), "decree": decree,
            }
        )  # fmt: skip
    return rows


def sureness_table(history: UnitHistory, decree: str = "") -> Rows:
    """One row per old township: what vanished and how sure its links are; new units are those of its heir."""
    gone: dict[int, list[Link]] = defaultdict(list)
    for link in history.links:
        if link.level >= 0:
            gone[int(history.before.township[link.old])].append(link)
    fresh = history.after.township[history.evidence.host < 0].tolist()
    rows = []
    for t, code in enumerate(history.before.townships):
        stated = [link.likelihood for link in gone[t]]
        rows.append(
            {
                "township": code, "name": history.before.named[code], "vanished": len(stated),
                "new": fresh.count(int(history.flow.heir[t])),
                "mean_likelihood": round(sum(stated) / len(stated), 4) if stated else "",
                "links_under_0.3": sum(value < WEAKEST for value in stated), "decree": decree,
            }
        )  # fmt: skip
    return rows


def weak_table(history: UnitHistory, decree: str = "") -> Rows:
    """Weak links, what is worth a question first.

    Villages go before communities and others, of which a scenario of villages counts none; then those that one question settles
    with the most others, into which new unit they went; then those about which most is wrong.
    """
    weak = [link for link in history.links if link.old >= 0 and link.way != "user" and link.likelihood < WEAK]
    settles: dict[int, int] = defaultdict(int)
    wrong: dict[int, float] = defaultdict(float)
    for link in weak:
        settles[link.new] += 1
        wrong[link.new] += 1 - link.likelihood
    kinds = history.before.roll.kinds
    weak.sort(
        key=lambda one: (kinds[one.old] != "village", -settles[one.new], -wrong[one.new], one.new, one.likelihood)
    )
    return [{**_link(history, link, decree), "weak_links_there": settles[link.new]} for link in weak]


def _link(history: UnitHistory, link: Link, decree: str) -> dict[str, Any]:
    """Row of a link."""
    before, after = history.before, history.after
    return {
        **{f"old_{key}": value for key, value in _unit(before, link.old).items()},
        **{f"new_{key}": value for key, value in _unit(after, link.new).items()},
        "kind_before": before.roll.kinds[link.old] if link.old >= 0 else "",
        "kind_after": after.roll.kinds[link.new] if link.new >= 0 else "",
        "fate": link.fate,
        "way": link.way,
        "share": link.share,
        "likelihood": round(link.likelihood, 4),
        "runner_up_code": after.roll.codes[link.runner_up] if link.runner_up >= 0 else "",
        "runner_up_likelihood": round(link.runner_up_likelihood, 4),
        "name_level": LEVELS[link.level] if link.level >= 0 else "",
        "order_distance": link.distance if link.distance >= 0 else "",
        "decree": decree,
    }


def _unit(edition: Edition, row: int) -> dict[str, str]:
    """Code, name and township of a unit; empty where there is none."""
    if row < 0:
        return {"code": "", "name": "", "township": ""}
    township = edition.roll.townships[row]
    return {"code": edition.roll.codes[row], "name": edition.roll.names[row], "township": edition.named[township]}
