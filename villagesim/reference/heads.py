"""Heads of tables on the screen and on pages, and words of verdicts: what each says, by what it is called in either language."""

from collections.abc import Iterator

from villagesim.languages import _, marked, named
from villagesim.questions.labels import LABELS, legend
from villagesim.runs.codebook import COLUMNS

HEADS = {
    marked("fund pays"): "cost", marked("paid from the county's fund"): "cost", marked("cost in all"): "cost",
    marked("in the dearest year"): "dearest_year", marked("in the dearest year, not discounted"): "dearest_year",
    marked("budget saves"): "saving", marked("saved in the county's budget"): "saving",
    marked("income gained"): "income_gain", marked("earned by collectives"): "income_gain",
    marked("house- holds"): "households", marked("paid to households"): "households",
    marked("out- side"): "money.outside", marked("brought from outside"): "money.outside",
    marked("balance, 95%"): "balance", marked("balance of county and collectives"): "balance",
    marked("back by"): "pays_back", marked("month of payback"): "pays_back", marked("95% of the mean by"): "pays_back_surely",
    marked("for a million"): "per_million", marked("a million brings"): "per_million",
    marked("nothing cheaper"): "on_frontier", marked("differs in"): "differs", marked("of what"): "quantity",
    marked("runs that reach it"): "share_reached", marked("points on target"): "share_on_target",
    marked("share of the variance, by itself"): "first_order", marked("share of the variance, with others"): "total_order",
    marked("in a further county"): "prediction",
    marked("against the baseline"): "difference", marked("on target"): "share_on_target",
    marked("half width of 95%"): "half_width", marked("finds the margin"): "power",
    marked("villages for 80%"): "villages_needed",
    marked("over what no figure tells apart"): "over_low", marked("standard deviation between counties"): "tau",
}  # fmt: skip
"""Heads that are called otherwise than the column of the tables that they show, and that column."""
WORDS = {
    marked("better"): marked("a verdict: the difference lies beyond the smallest one that matters, for the better"),
    marked("worse"): marked("a verdict: the difference lies beyond the smallest one that matters, for the worse"),
    marked("practically equal"): marked("a verdict: the difference lies within the smallest one that matters"),
    marked("undecided"): marked(
        "a verdict: it cannot be said whether the difference lies beyond the smallest one that matters or within it"
    ),
    marked("the same in all runs"): marked("a verdict: no run differs"),
    marked("never acted"): marked("instead of a verdict: no policy of the strategy acted in these runs"),
    marked("what knowing it is worth"): marked("what the choice would gain on average if this one thing were known before it"),
    marked("adds on average"): marked("what the strategy adds to the baseline, on average over counties like these"),
    marked("5 to 95%"): marked("nine of ten values of what stands beside it lie between these two"),
    marked("95% interval"): marked("the true figure lies between these two in 95% of studies like this one"),
    marked("mean, 95%"): marked("mean over replications, in brackets its 95% interval"),
    marked("drawn over"): marked("ends between which a quantity that is not known is drawn"),
    marked("both"): marked("spread by chance and by what is not known together"),
    marked("not sure"): marked("a verdict on money: whether the balance is above nothing is not decided by so many runs"),
    marked("nothing paid"): marked("the county's fund pays nothing, so that nothing has to come back"),
    marked("90% of runs"): marked("where nine of ten runs lie, with what is not known and luck together"),
    marked("one county's chance"): marked(
        "where nine of ten runs lie: by luck, and by the map where it is drawn, with one draw of endowments"
    ),
    marked("luck alone"): marked("90% of the outcomes, all else being known, map and endowments too"),
}  # fmt: skip
"""What is no column."""


def heads() -> dict[str, str]:
    """All that a table may be headed with, and the column that it shows; in the language that is spoken."""
    columns = {name.rpartition(".")[2]: name for name in COLUMNS} | {name: name for name in COLUMNS}
    columns |= {named(words): name for short, name in columns.items() for words in (short, short.replace("_", " "))}
    own = {each: each for each in (*WORDS, *LABELS)}
    return columns | {named(head): column for head, column in (HEADS | own).items()}


def explain_head(name: str) -> Iterator[str]:
    """Say what stands below a head, or what a word says; nothing where it is none."""
    if name in LABELS:
        yield legend()
    elif name in WORDS:
        yield _("{name}: {meaning}.", name=named(name), meaning=named(WORDS[name]))
    elif name in COLUMNS:
        entry = COLUMNS[name]
        yield _("{name}: a column of tables [{unit}]", name=name.rpartition(".")[2], unit=named(entry.unit))
        yield _("  It is:   {meaning}.", meaning=named(entry.meaning))
