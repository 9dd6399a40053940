"""What the columns of written tables mean: ``tables/codebook.csv``, a row a column of every table, with unit and period."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from villagesim.outcomes import OUTCOMES, Outcomes
from villagesim.outcomes.of_levels import named
from villagesim.parameters import DEFAULTS
from villagesim.runs.cohort_columns import cohort_columns
from villagesim.runs.exports import headings
from villagesim.runs.story import STORY_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

FILE = "codebook.csv"


class Entry(NamedTuple):
    """What one column means.

    Attributes
    ----------
    meaning, unit : str
    period : str
        The time that a value stands for, empty where it stands for none.
    """

    meaning: str
    unit: str = "-"
    period: str = ""


OF_ROW = "that of the outcome, see the column unit or outcome"
MONTH, YEAR, AT = "the month", "the calendar year", "that of the outcome, up to the column at or month"
END, YEAR_UP_TO_END = "end of the month", "last twelve months up to the end of the month"
START, BASE = "since the start", "share of the baseline's income since support began"
BAND = "a new run, with a map of its own where runs have that, falls {} this in 95 of 100 cases; {} of fewer than 20 replications"
COLUMNS = {
    # labels of rows
    "place": Entry("place that was simulated"),
    "point": Entry("point of the design", "number"),
    "design": Entry("design that the run belongs to"),
    "draw": Entry(
        "draw of map and endowments; 0 is the likeliest map, or a drawn one for each replication, as the scenario says",
        "number",
    ),
    "strategy": Entry("strategy, a set of policies"),
    "baseline": Entry("value of the baseline, the strategy without any policy", OF_ROW, AT),
    "replication": Entry("replication: the same number is the same luck in every strategy", "number"),
    "replications": Entry("replications behind the figures", "number"),
    "month": Entry("month, as 2025-12: what is counted at its last midnight", "year-month"),
    "at": Entry(
        "month at whose end it is counted; earlier months in a row are those that the file asks for", "year-month"
    ),
    "year": Entry("calendar year", "year"),
    "against": Entry("what the point is held against in the same replications; -: nothing, the value is a mean"),
    "date": Entry("day on which it happened", "date"),
    "topic": Entry(
        "what it is about: decree, votes, accounts, secretary, reports, land trust, projects, policies, books"
    ),
    "what": Entry("what happened, in words"),
    "cash": Entry("in all accounts of the village at the end of the month", "yuan"),
    "disputes_arising": Entry("disputes that arise in the village", "number", MONTH),
    "disputes_open": Entry("disputes of the village that wait or are heard", "number"),
    "petitions_filed": Entry("registered cases of the village that nobody heard in time", "number", MONTH),
    "outcome": Entry("name of the outcome"),
    "quantity": Entry("what is told by group: income behind a member, trust, benefits"),
    "unit": Entry("unit of the values of the row"),
    "by": Entry("by what the villages were grouped"),
    "group": Entry("group of constituent villages, by their state at the start"),
    "unknown": Entry("spread by what is not known", OF_ROW, AT),
    "share_unknown": Entry("part of the variance that what is not known makes", "share"),
    "order": Entry("place of the strategy among all, in the order of the scenario", "number"),
    "message": Entry("why the run failed"),
    "source": Entry("who set the goal, or where it was found"),
    "goal": Entry("what was to be reached"),
    "verdict": Entry(
        "better, worse, practically equal, the same in all runs or undecided, by what matters at least; or never acted"
    ),
    "policy": Entry("label of the policy"),
    # statistics of an outcome
    "mean": Entry("mean over replications", OF_ROW, AT),
    "median": Entry("median over replications", OF_ROW, AT),
    "low": Entry("lower end of the 95% interval of the value before it", OF_ROW, AT),
    "high": Entry("upper end of the 95% interval of the value before it", OF_ROW, AT),
    "band_low": Entry(BAND.format("above", "lowest"), OF_ROW, AT),
    "band_high": Entry(BAND.format("below", "highest"), OF_ROW, AT),
    "low_50": Entry("lower quartile over replications", OF_ROW, AT),
    "high_50": Entry("upper quartile over replications", OF_ROW, AT),
    "low_90": Entry("5% quantile over replications", OF_ROW, AT),
    "high_90": Entry("95% quantile over replications", OF_ROW, AT),
    "difference": Entry("mean paired difference from the baseline", OF_ROW, AT),
    "beside.first": Entry("mean in the first comparison", OF_ROW, AT),
    "beside.second": Entry("mean in the second comparison", OF_ROW, AT),
    "beside.difference": Entry("mean paired difference of the second comparison from the first", OF_ROW, AT),
    "cost_first": Entry("paid from the county's fund in the first comparison, beyond its baseline", "yuan", START),
    "cost_second": Entry("paid from the county's fund in the second comparison, beyond its baseline", "yuan", START),
    "cost_difference": Entry("mean paired difference of what is paid, of the second from the first", "yuan", START),
    "differs": Entry(
        "replications, or draws, in which there is any difference, or any from their mean where the figure is none, of how many;"
        " - beside a figure that has its interval or needs none"
    ),
    "chance_low": Entry("5% quantile by chance alone", OF_ROW, AT),
    "chance_high": Entry("95% quantile by chance alone", OF_ROW, AT),
    "uncertain_low": Entry("5% quantile of the means of draws, luck taken out", OF_ROW, AT),
    "uncertain_high": Entry("95% quantile of the means of draws, luck taken out", OF_ROW, AT),
    "chance_of_best": Entry("chance that the strategy is the best by this outcome", "share"),
    "start": Entry("value on the first day", OF_ROW, "twelve months before the start"),
    "share_reached": Entry("replications in which the goal was reached", "share"),
    "chance": Entry("spread by chance alone", OF_ROW, AT),
    "share_better": Entry("draws in which the strategy is better than the baseline", "share"),
    "share_worse": Entry("draws in which the strategy is worse than the baseline", "share"),
    "never_acted.why": Entry("why the policy never acted in these runs"),
    "never_acted.runs": Entry("runs in which it never acted for this reason", "number"),
    "never_acted.share": Entry("part of all runs of the strategy", "share"),
    "why": Entry(
        "why it is held and not drawn, or drawn not over its range but from the posterior of published numbers"
    ),
    "held.value": Entry("value that it is held at, or the median of what is drawn", "see the column unit"),
    "held.low": Entry("lower end of its range", "see the column unit"),
    "held.high": Entry("upper end of its range", "see the column unit"),
    "luck_better": Entry("draws that would count as better, had all the mean of all, and luck of their own", "share"),
    "luck_worse": Entry("draws that would count as worse, had all the mean of all, and luck of their own", "share"),
    "luck_on_target": Entry(
        "points that would reach the target, had all the mean of all, and luck of their own", "share"
    ),
    "without_luck": Entry("mean of the point's replications, luck taken out", OF_ROW, AT),
    "total_low": Entry(
        "5% quantile of all runs, or lower end of the 95% interval of the total-order index", OF_ROW, AT
    ),
    "total_high": Entry(
        "95% quantile of all runs, or upper end of the 95% interval of the total-order index", OF_ROW, AT
    ),
    "least": Entry("smallest value over the points", OF_ROW, AT),
    "most": Entry("largest value over the points", OF_ROW, AT),
    "too_sparse": Entry("it differs from the best too rarely to be told apart", "true or false"),
    "enough": Entry("replications that were enough, empty while they are not", "number"),
    "n_more": Entry("about how many more replications it takes", "number"),
    "wanted": Entry("half width that is wanted", OF_ROW),
    "said": Entry("the same in words"),
    "reached": Entry("whether the target is the least or the most that counts"),
    "kept": Entry("it goes on to the indices", "true or false"),
    "surprise": Entry("chance that the posterior gives what lies as far off as the published figure", "share"),
    "errors_times": Entry("how many times larger than published the errors count", "times"),
    "in_draws": Entry("in how many draws of what is not known it is better and worse at the end of the run, in words"),
    # money
    "pays": Entry("whether county and collectives have more: yes, no, even, the same in all runs, undecided"),
    "cost": Entry("paid from the county's fund, beyond the baseline", "yuan", START),
    "dearest_year": Entry(
        "most that was paid from the county's fund in any twelve months, beyond the baseline, not discounted",
        "yuan",
        START,
    ),
    "households": Entry("more paid to households as dividends and help, against the baseline", "yuan", START),
    "money.outside": Entry("more money brought from outside, against the baseline", "yuan", START),
    "pays_back": Entry(
        "month from which the mean balance is never again below nothing, sure or not (see pays); - if none",
        "year-month",
    ),
    "pays_back_surely": Entry("the same of the lower end of its 95% interval, each month by itself", "year-month"),
    "share_paid_back": Entry("draws of what is not known whose balance is not below nothing in the end", "share"),
    "discount": Entry("what later sums are worth less, back to the start of the run", "share per year"),
    **dict.fromkeys(("robust.cost", "budget.cost"), Entry("paid from the county's fund, on average", "yuan", START)),
    "per_million": Entry(
        "difference for each million yuan that was paid until then", "unit of the row per million yuan", START
    ),
    "on_frontier": Entry(
        "no strategy, nor the baseline, has a better mean at no more cost: yes, no, or - where nothing is better"
    ),
    "rests_on": Entry("what the size of the difference rests on: arithmetic, follows, calibrated or assumption"),
    "money.rests_on": Entry("what the size of the balance rests on: arithmetic, follows, calibrated or assumption"),
    "saving": Entry("saved in the county's budget, against the baseline", "yuan", START),
    "net_saving": Entry("saving less cost", "yuan", START),
    "income_gain": Entry("income of all collectives gained, against the baseline", "yuan", START),
    "balance": Entry("income gained and saving, less cost", "yuan", START),
    "cost_per_village_merged_in_fact": Entry("cost for each village more that is merged in fact", "yuan", START),
    "income_to_break_even": Entry("rise of collective income that would pay for cost less saving", BASE, START),
    "income_found": Entry("rise of collective income that was found", BASE, START),
    "reported": Entry("the outcome as it is reported, in yuan of the start", OF_ROW, AT),
    # what was observed
    "observed": Entry("what really came", OF_ROW, AT),
    "observed_error": Entry("standard error of what was observed", OF_ROW, AT),
    "hindcast.error": Entry("standard error of what was observed", OF_ROW, AT),
    "hindcast.source": Entry("where the observed figure stands"),
    "hindcast.band_low": Entry("5% quantile over runs; lowest of fewer than 20", OF_ROW, AT),
    "hindcast.band_high": Entry("95% quantile over runs; highest of fewer than 20", OF_ROW, AT),
    "hindcast.median": Entry("median over runs", OF_ROW, AT),
    "miss": Entry("simulated median less what was observed", OF_ROW, AT),
    "within": Entry("the band holds what was observed", "true or false", AT),
    "n_observed": Entry("villages that were observed and simulated", "villages", AT),
    "share_within": Entry(
        "part of them within their own bands of 5 to 95%; lowest to highest of fewer than 20 runs", "share", AT
    ),
    # one run
    "village": Entry("code of the village in force", "12 digits"),
    "village_name": Entry("name of the village"),
    "code": Entry("code of the constituent village", "12 digits"),
    "name": Entry("name of the constituent village"),
    "map.by": Entry("whether the row is of a constituent village or of a township, a mean over its members"),
    "map.code": Entry("code of the constituent village, or of the township", "12 or 9 digits"),
    "map.name": Entry("name of the constituent village, or of the township"),
    "township": Entry("code of the township", "9 digits"),
    "township_name": Entry("name of the township"),
    "lon": Entry("longitude of the constituent village; of a village in force that of its host", "degrees"),
    "lat": Entry("latitude of the constituent village; of a village in force that of its host", "degrees"),
    "account": Entry("code of the constituent whose account it is", "12 digits"),
    "account_name": Entry("name of the constituent whose account it is"),
    "kind": Entry("what happened, or which kind of step or quantity it is"),
    "facts": Entry("particulars, as JSON"),
    "opening": Entry("money at the beginning", "yuan", MONTH),
    "closing": Entry("money at the end", "yuan", MONTH),
    "income": Entry("received", "yuan", MONTH),
    "principal": Entry("capital that came back from projects", "yuan", MONTH),
    "spending": Entry("spent, but for assets and projects", "yuan", MONTH),
    "invested": Entry("paid for worn assets and into projects", "yuan", MONTH),
    "to_pot": Entry("put into the pot, or taken out where negative", "yuan", MONTH),
    "pot": Entry("set aside for assets at the end", "yuan", MONTH),
    "borrowing": Entry("borrowed", "yuan", MONTH),
    "repayment": Entry("paid back", "yuan", MONTH),
    "transfer_in": Entry("from an account that was joined with it", "yuan", MONTH),
    "transfer_out": Entry("to the account that it was joined with", "yuan", MONTH),
    "accounts.debt": Entry("owed at the end", "yuan", MONTH),
    "asked": Entry("claimed from the county's fund", "yuan", MONTH),
    "refused_by_cap": Entry("refused, since the policy's own budget was used up", "yuan", MONTH),
    "refused_by_fund": Entry("refused, since the fund was empty", "yuan", MONTH),
    "paid": Entry("paid from the county's fund", "yuan", MONTH),
    "sown": Entry("land farmed", "mu", YEAR),
    "revenue": Entry("harvests sold", "yuan", YEAR),
    "insured": Entry("paid by the insurance", "yuan", YEAR),
    "land_trusts.cost": Entry("cost of farming", "yuan", YEAR),
    "premium": Entry("paid to the insurance", "yuan", YEAR),
    "surplus": Entry("left after cost, premium and floors; a loss where negative", "yuan", YEAR),
    "floors_paid": Entry("guaranteed sums that were paid", "yuan", YEAR),
    "land_trusts.dividends": Entry("paid out of the surplus", "yuan", YEAR),
    "reserve_change": Entry("put into the reserve, or taken out where negative", "yuan", YEAR),
    "operator_result": Entry("what the operator gains or loses, its equity included", "yuan", YEAR),
    "paid_share": Entry("part of the floors that was paid", "share", YEAR),
    "household": Entry("share in the surplus of households", "yuan", YEAR),
    "collective": Entry("share in the surplus of the collective", "yuan", YEAR),
    "welfare": Entry("share in the surplus of old and young", "yuan", YEAR),
    "station": Entry("share in the surplus of the service station", "yuan", YEAR),
    "reserve": Entry("reserve after the settlement", "yuan", YEAR),
    "equity": Entry("money of the operator after the settlement", "yuan", YEAR),
    "defaulted": Entry("the operator could not pay the floors", "true or false", YEAR),
    "number": Entry("number among those of its kind and constituent"),
    "worth": Entry("what settling it brings by the year; of a debt, what is owed", "yuan"),
    "team_days": Entry("time of a team that it takes", "team-days"),
    "hard": Entry("it takes longer, and is ripe later", "true or false"),
    "ripe": Entry("from when on it can be settled", "date"),
    "is_open": Entry("it brings less than it could, still or again", "true or false"),
    "settled": Entry("when it was settled, last", "date"),
    "by_team": Entry("settled by a team, last; else by the village itself", "true or false"),
    "items.lost": Entry("when it was lost again, last", "date"),
    "founded": Entry("when the project was founded", "date"),
    "form": Entry("form of the project, or account, or outside, where no policy grants it"),
    "granted": Entry("seed money in it", "yuan"),
    "own": Entry("money of the collectives in it", "yuan"),
    "outside": Entry("money that a helper has brought", "yuan"),
    "capital": Entry("all money in it", "yuan"),
    "rate": Entry("return at mean skill, without premiums", "of capital per year"),
    "idle": Entry("it never earns", "true or false"),
    "earning_since": Entry("when it began to earn", "date"),
    "ended": Entry("when it ended", "date"),
    "projects.lost": Entry("seed money lost with it", "yuan"),
    # questions
    "factor": Entry("what was varied, by its path"),
    "value": Entry("value of the row", OF_ROW),
    "step": Entry("step of the account of the rise"),
    "over_low": Entry("least of the value at the ends of the ranges that are told side by side", OF_ROW, AT),
    "over_high": Entry("largest of the value at the ends of the ranges that are told side by side", OF_ROW, AT),
    "allocation": Entry("how the sum is shared, by name"),
    "score": Entry(
        "sum of differences in units of the smallest that matter, weighted", "smallest differences that matter"
    ),
    "score_when_found": Entry("score in the search, before it was confirmed", "smallest differences that matter"),
    "margins": Entry("difference from the baseline", "smallest differences that matter"),
    "may_be_best": Entry("it cannot be told from the best", "true or false"),
    "efficient": Entry("no other allocation is better in all that counts", "true or false"),
    "shapley": Entry("mean contribution of the policy over all orders", OF_ROW, AT),
    "left_out": Entry("what is lost where this policy alone is left out", OF_ROW, AT),
    "interaction": Entry("difference between both: what it gains from the others", OF_ROW, AT),
    "order_error": Entry("standard error from the orders that were drawn", OF_ROW, AT),
    "margin": Entry("smallest difference that matters", OF_ROW),
    "uncertain": Entry("spread by what is not known", OF_ROW, AT),
    "uncertainty": Entry("spread by what is not known", OF_ROW, AT),
    "share_uncertain": Entry("part of the variance that what is not known makes", "share"),
    "share_uncertainty": Entry("part of the variance that what is not known makes", "share"),
    "better_than_baseline": Entry("points in which the strategy is better than the baseline", "share"),
    "better": Entry("points in which the strategy is better than the baseline", "share"),
    "target": Entry("what was to be reached, or the published figure", OF_ROW),
    "share_on_target": Entry("points in which the target is reached", "share"),
    "share": Entry("points in which the target is reached", "share"),
    "share_on_all_targets": Entry("points in which all targets are reached", "share"),
    "n_points": Entry("points of the design", "number"),
    "largest_regret": Entry("largest regret over all points", OF_ROW, AT),
    "regret_90": Entry("regret that nine of ten points do not exceed", OF_ROW, AT),
    "mean_regret": Entry("mean regret over all points", OF_ROW, AT),
    "worst": Entry("value at the worst point", OF_ROW, AT),
    "bad_case": Entry("value that nine of ten points exceed", OF_ROW, AT),
    "lead": Entry("difference from the best of the others", OF_ROW, AT),
    "best": Entry("no other strategy is better", "true or false"),
    "same": Entry("practically equal to the best", "true or false"),
    "dropped_after": Entry("replications after which it was left out of the race", "number"),
    "first_order": Entry("part of the variance that the factor makes alone", "share"),
    "first": Entry("part of the variance that the factor makes alone", "share"),
    "total_order": Entry("part of the variance in which the factor has a share", "share"),
    "total": Entry("part of the variance in which the factor has a share", "share"),
    "effect": Entry("mean size of the effects of one step of the factor, or which effect of a trial", OF_ROW, AT),
    "spread": Entry("standard deviation of the effects of one step of the factor", OF_ROW, AT),
    "box": Entry("number of the condition", "number"),
    "p": Entry("chance that this limit restricts by luck alone", "probability"),
    "coverage": Entry("part of the missed points that the condition holds", "share"),
    "density": Entry("part of the points of the condition that miss the target", "share"),
    "mass": Entry("part of all points that the condition holds", "share"),
    "clear": Entry("denser than the whole, beyond chance", "true or false"),
    "published": Entry("published figure", OF_ROW),
    "error": Entry("error of the published figure", OF_ROW),
    "posterior": Entry("median after the figures; its ends hold 90%", "that of the factor"),
    "width": Entry("standard deviation after the figures, in units of that before", "share"),
    "runs": Entry("runs that were made", "number"),
    "particles": Entry("draws that were kept", "number"),
    "effective": Entry("draws of equal weight that would know as much", "number"),
    "direct": Entry("effect on the villages that were reached", OF_ROW, AT),
    "spill-over": Entry("effect on the villages that were not reached", OF_ROW, AT),
    "as a trial would measure it": Entry("difference between both groups in the same world", OF_ROW, AT),
    "adjusted for the figure before": Entry(
        "the same difference, adjusted for the figure of each village before the policy", OF_ROW, AT
    ),
    "estimator": Entry("difference between both groups, raw or adjusted for the figure before"),
    "half_width": Entry("half the width of the 95% interval", OF_ROW, AT),
    "power.villages": Entry("villages of both groups, median over replications", "villages"),
    "share_picked": Entry("villages that the lot picked, of both groups", "share"),
    "power.spread": Entry("standard deviation within the groups", OF_ROW, AT),
    "power": Entry("chance that one trial of so many villages finds the margin", "probability"),
    "villages_needed": Entry("villages of both groups that find the margin in 80% of trials", "villages"),
    "in_county": Entry("villages of the county in that month", "villages"),
    "regret": Entry("how far the strategy stays behind the best of the point", OF_ROW, AT),
    **{name: Entry(*words) for name, words in {**cohort_columns(OF_ROW, AT), **STORY_COLUMNS}.items()},
}
"""Columns of all tables; ``table.column`` goes before ``column``."""
OTHERS = {
    **dict.fromkeys(("county", "villages", "runs"), Entry("an outcome of your own")),
    "points": Entry("value of the factor at the point"),
    "budget": Entry("what the policy of this name gets", "yuan"),
    "search": Entry("what the policy of this name gets", "yuan"),
}
"""Columns that are named by what a user wrote, by table."""
WITHOUT = "_without"
ENDS = {"low": "lower end of the 95% interval of", "high": "upper end of the 95% interval of"}


def meaning(table: str, column: str, outcomes: Outcomes = OUTCOMES) -> Entry:
    """What a column of a table means; an empty entry where it is not known."""
    for name in (f"{table}.{column}", column):
        if name in COLUMNS:
            return COLUMNS[name]
    if found := outcomes[column] if column in outcomes else named(column):
        period = YEAR_UP_TO_END if "last twelve months" in found.meaning else END
        return Entry(f"{found.title}: {found.meaning}", found.unit, period)
    base = column.removeprefix("parameters.")
    if base in DEFAULTS:
        return Entry(DEFAULTS[base].meaning, DEFAULTS[base].unit)
    start, _, end = column.rpartition("_")
    if start and end in ENDS and (inner := meaning(table, start, outcomes)).meaning:
        return Entry(f"{ENDS[end]} {start}", inner.unit, inner.period)
    if column.endswith(WITHOUT) and (inner := meaning(table, column.removesuffix(WITHOUT), outcomes)).meaning:
        return inner._replace(meaning=f"what would have been without the strategy, of {column.removesuffix(WITHOUT)}")
    return OTHERS.get(table, Entry(""))


def entries(table: str, columns: Iterable[str], outcomes: Outcomes = OUTCOMES) -> "pd.DataFrame":
    """Rows of the codebook for one table: what each column is called in the CSV file and in full, and what it means."""
    import pandas as pd

    columns = [str(column) for column in columns]
    rows = [
        (table, short, column, *meaning(table, column, outcomes))
        for short, column in zip(headings(table, columns), columns, strict=True)
    ]
    return pd.DataFrame(rows, columns=["table", "column", "full_name", "meaning", "unit", "period"])


def extended(path: Path, tables: Mapping[str, Iterable[str]], outcomes: Outcomes = OUTCOMES) -> "pd.DataFrame":
    """The codebook that is at ``path``, if any, with the columns of these tables in place of what it said of them.

    One that is damaged counts as none: whoever goes on writes all tables anew.
    """
    import pandas as pd

    there = none = entries("", ())
    if path.is_file():
        with suppress(ValueError, OSError):  # not UTF-8, no table
            there = pd.read_csv(path, dtype=str, keep_default_na=False)
    there = there if [*there.columns] == [*none.columns] else none
    found = pd.concat([there[~there["table"].isin(tables)], *(entries(*each, outcomes) for each in tables.items())])
    return found.sort_values("table", kind="stable", ignore_index=True)
