"""The page of an answer: what it says, who loses, what it costs, what is not known, and how it was made."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from villagesim.languages import _, chinese, marked, named, spoken
from villagesim.outcomes.of_groups import GROUPS, QUANTITIES
from villagesim.parameters import DEFAULTS
from villagesim.questions.answer import Answer
from villagesim.questions.labels import legend
from villagesim.questions.plain import as_plain, records
from villagesim.questions.setting import Setting
from villagesim.questions.verdicts import difference_in_words, last_of, listed, readable
from villagesim.reference.grounds import GROUNDS, ground
from villagesim.reference.subject import Results
from villagesim.report.figures import inline
from villagesim.report.main_table import main_table
from villagesim.report.unknown import unknown
from villagesim.runs.exports import svg
from villagesim.text import plain
from villagesim.wording import back_by, effect, month, number, percent, signed, sums

if TYPE_CHECKING:
    pass

LARGEST = 300_000
"""A page has fewer bytes, whatever its figures [bytes]."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""What a browser lets the page do: show itself."""
POCKETS = {
    "cost": marked("paid from the county's fund"), "cost_per_year": marked("the same a year"),
    "saving": marked("saved in the county's budget"), "income_gain": marked("earned by collectives"),
    "households": marked("paid to households"), "outside": marked("brought from outside"),
    "balance": marked("balance of county and collectives"),
}  # fmt: skip


def page(folder: Path, command: str = "", width: float | None = None) -> str:
    """Write the page of an answer that is kept in a folder, as HTML.

    Parameters
    ----------
    command : str
        How the answer was made, where that is known.
    width : float, optional
        Of figures [mm]; by default they are those of the folder, and drawn where it has none.

    Raises
    ------
    StoreError
        Where the folder holds no whole answer.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    results = Results.read(folder)
    answer = results.answer
    if answer is None:
        from villagesim.questions.answer import open_results

        answer = open_results(folder)
    making = Environment(
        loader=PackageLoader("villagesim.report", ""), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    making.globals["_"] = _told
    template = making.get_template("page.html")
    content = _content(answer, results, command)
    room = LARGEST - len(template.render(**content, figures=[], left_out=[]).encode()) - 2_000
    figures, left_out = _figures(folder, answer, room, width)
    return template.render(**content, figures=figures, left_out=left_out)


def _figures(folder: Path, answer: Answer, room: int, width: float | None) -> tuple[list[dict[str, str]], list[str]]:
    """Drawings that there is room for, the main one first, and those that there is none for."""
    shown, left_out = [], []
    for name in answer.figures:
        path = folder / "figures" / f"{name}.svg"
        kept = path.read_text(encoding="utf-8") if path.is_file() and width is None else ""
        if not kept or ('xml:lang="zh"' in kept) != chinese():
            kept = _drawn(answer, name, width)
        drawing = inline(kept, name)
        if len(drawing.encode()) < room:
            room -= len(drawing.encode()) + 200
            shown.append({"name": named(name.replace("_", " ")), "svg": drawing})
        else:
            left_out += [f"figures/{file.name}" for file in sorted((folder / "figures").glob(f"{name}.*"))[:1]] or [
                name
            ]
    return shown, left_out


def _drawn(answer: Answer, name: str, width: float | None) -> str:
    """A figure as the text of an SVG file."""
    from matplotlib import pyplot as plt

    figure = answer.figure(name, width=width)
    text = svg(figure)
    plt.close(figure)
    return text


def _content(answer: Answer, results: Results, command: str) -> dict[str, Any]:
    """All that the template shows."""
    sentences = _sentences(answer)
    compared = "verdicts" in answer.tables
    return {
        "policy": POLICY, "title": _plain(answer.known.title), "kind": answer.kind.name, "language": spoken(), "sums": sums()[1],
        "lead": sentences[:2], "more": [*sentences[2:], *filter(None, [answer.grounds])], "failed": len(answer.failures),
        "baseline": _plain(answer.known.baseline), "outcomes": list(_outcomes(answer)) if compared else [],
        "main": {} if compared else main_table(answer), "losers": _losers(answer), "money": _money(answer) if compared else {},
        "unknown": unknown(answer), "grounds": _grounds(), "observed": _observed(answer.known), "legend": legend(),
        "made": _made(answer, results, command), "numbers": as_plain(answer),
    }  # fmt: skip


def _sentences(answer: Answer) -> list[str]:
    """Sentences of the answer: a comparison has one a line; of others the whole is one, as only they know where it ends."""
    return [_plain(sentence) for sentence in answer.sentences]


def _outcomes(answer: Answer) -> Iterator[dict[str, Any]]:
    """Verdicts of each outcome that is shown first, as they stand in the table."""
    table, money = last_of(answer.tables["verdicts"]), last_of(answer.tables["money"])
    of_draws = "total_low" in table
    heads = [_("strategy"), _("difference"), _("verdict"), _("cost a year")]
    heads[2:2] = [_("90% of runs")] if of_draws else []
    heads += [_("rests on")] if of_draws else [_("for a million"), _("nothing cheaper"), _("rests on")]
    yearly = {row["strategy"]: row["cost_per_year"] for row in records(money)} if len(money) else {}
    for name in dict.fromkeys(row["outcome"] for row in records(table)):
        rows, outcome = table[table["outcome"] == name], answer.known.outcomes[name]
        per, unit = readable(outcome, rows["difference"].abs().max())
        yield {
            "title": named(outcome.title), "unit": unit or named(outcome.unit), "at": month(rows["at"].iloc[0]),
            "margin": number(rows["margin"].iloc[0] / per), "heads": heads, "of_draws": of_draws,
            "table": [
                (
                    plain(named(row["strategy"], "strategy")), difference_in_words(row, per, outcome),
                    *([_of_runs(row, per)] if of_draws else []), named(row["verdict"]),
                    number(yearly[row["strategy"]] / sums()[0]), *([] if of_draws else _bought(row, per)),
                    named(row["rests_on"]) or "-",
                )
                for row in rows.to_dict("records")
            ],
        }  # fmt: skip


def _of_runs(row: Mapping[str, Any], per: float) -> str:
    """Where nine of ten runs lie, in what is not known and in luck."""
    low, high = (row[f"total_{end}"] / per for end in ("low", "high"))
    return _("{low} to {high}", low=signed(low), high=signed(high)) if low == low else "-"


def _bought(row: Mapping[str, Any], per: float) -> tuple[str, str]:
    """What a million brings where the verdict says that it brings something, and whether nothing cheaper is as good."""
    names, verdict = ("per_million", "per_million_low", "per_million_high"), row["verdict"]
    million = effect({name: row[name] / per for name in names}, *names) if verdict in ("better", "worse") else "-"
    return million, named(row["on_frontier"]) if verdict == "better" else "-"


def _losers(answer: Answer) -> dict[str, Any]:
    """Groups that are worse off, those of which nothing can be said, and villages that lose, by name."""
    if "distribution" not in answer.tables:
        return {}
    table = last_of(answer.tables["distribution"])
    rows, there = table[table["verdict"] == "worse"], table["difference"].notna()
    empty = [
        group
        for group, any_there in there.groupby([table["by"], table["group"]], sort=False).any().items()
        if not any_there
    ]
    return {
        "table": [_lost(row) for row in rows.to_dict("records")],
        "undecided": int(table["verdict"].str.startswith("undecided").sum()), "all": int(there.sum()),
        "none": len(table) > 0 and not there.any(), "empty": _(", ").join(_group(*group) for group in empty),
        "villages": _villages(answer),
    }  # fmt: skip


def _lost(row: Mapping[str, Any]) -> tuple[str, ...]:
    what = named(QUANTITIES[row["quantity"]]["title"]) if chinese() else row["quantity"].replace("_", " ")
    return (
        plain(named(row["strategy"], "strategy")),
        _group(row["by"], row["group"]),
        what,
        f"{difference_in_words(row)} {named(row['unit'])}",
    )


def _group(by: str, group: str) -> str:
    return named(GROUPS[by][group]) if chinese() else f"{by}: {group}".replace("_", " ")


def _villages(answer: Answer) -> list[dict[str, str]]:
    """Old villages whose income behind a member falls for sure, by strategy."""
    if "map" not in answer.tables:
        return []
    table = answer.tables["map"]
    table = table[
        (table["by"] == "village") & (table["quantity"] == "income_per_member") & (table["difference_high"] < 0)
    ]
    return [
        {"strategy": plain(named(str(strategy), "strategy")), "n": str(len(rows)),
         "names": _plain(listed(rows.sort_values("difference")["name"]))}
        for strategy, rows in table.groupby("strategy", sort=False)
    ]  # fmt: skip


def _money(answer: Answer) -> dict[str, Any]:
    """Money by pocket since the start, with intervals."""
    table = last_of(answer.tables["money"])
    if table.empty:
        return {}
    pockets = [name for name in POCKETS if name in ("cost", "balance") or table[name].abs().max() > 0]
    rows = []
    for row in table.to_dict("records"):
        ends = {name: [row[f"{name}{end}"] / sums()[0] for end in ("", "_low", "_high")] for name in pockets}
        cells = [effect(dict(zip(("value", "low", "high"), each, strict=True))).lstrip("+") for each in ends.values()]
        rows.append(
            (
                plain(named(row["strategy"], "strategy")),
                *cells,
                named(row["pays"]),
                back_by(row),
                row["pays_back_surely"],
            )
        )
    rate = float(table["discount"].iloc[0])
    heads = POCKETS | ({"cost_per_year": marked("paid a year, not discounted")} if rate else {})
    return {
        "at": month(table["at"].iloc[0]), "table": rows,
        "heads": [_("strategy"), *(named(heads[name]) for name in pockets), _("pays"), _("back by"), _("95% of the mean by")],
        "discount": (
            _("discounted by {rate} a year (an assumption)", rate=percent(rate)) if rate else _("not discounted")
        ),
    }  # fmt: skip


def _grounds() -> str:
    """What stands behind the parameters of the model, counted."""
    found = Counter(map(ground, DEFAULTS.values()))
    return _("; ").join(_("{word} {n}", word=named(word), n=found[word]) for word in GROUNDS if found[word])


def _observed(setting: Setting) -> str:
    """Where observed figures stand, and goals."""
    sources = [*(each.source for each in setting.observed), *(goal.source for goal in setting.goals)]
    return _("; ").join(_plain(source) for source in dict.fromkeys(sources))


def _made(answer: Answer, results: Results, command: str) -> list[tuple[str, str]]:
    """How the answer was made."""
    environment, about = results.environment, dict(results.about)
    libraries = ", ".join(f"{name} {version}" for name, version in environment.get("libraries", {}).items())
    fixed = {
        "scenario digest": about.pop("scenario", ""),
        "code digest": about.pop("code", ""),
        "seed": about.pop("seed", ""),
    }
    fields = "; ".join(
        f"{key} = {value}" for key, value in about.items() if key not in ("title", "question") and value is not None
    )
    runs = sum(
        len(stage.runs.drop_duplicates(["point", "strategy", "replication"])) for stage in answer.stages.values()
    )
    if answer.kind.name == "cohort":  # whose runs are kept by county
        each = answer.tables["effects"].groupby("county")["replications"].max()
        runs = int(each.sum()) * len({*answer.facts["strategies"], answer.facts["against"]})
    said = {
        "command": command or f"villagesim: {about.get('question', answer.kind.name)}", "question": fields, **fixed,
        "runs": f"{runs:,}", "Python": str(environment.get("python", "")), "libraries": libraries,
    }  # fmt: skip
    return [(named(name), _plain(str(value))) for name, value in said.items() if value != ""]


def _plain(text: str) -> str:
    return plain(named(str(text)))


def _told(message: str, **places: Any) -> Any:
    """A message as part of the page: it may hold marks, what is filled in may not."""
    from markupsafe import Markup

    told = Markup(named(message))
    return told.format(**places) if places else told
