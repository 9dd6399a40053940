"""Reports under pressure (equation E7): effort that goes to paper, milestones that are not real, inspection, relapse."""

from villagesim.domains import GAIN, INSIDE, LOG_STEP, RATIO, SOME_SPREAD_INSIDE
from villagesim.parameters.parameter import Parameter

PARAMETERS = (
    Parameter(
        "pressure", "pressure for results without any policy", "index 0 to 1",
        0.2, 0.0, 0.5, "assumption",
    ),
    Parameter(
        "paper_base", "share of effort that goes to paper, without pressure and inspection", "logit",
        -2.0, -3.0, -1.0, "assumption",
    ),
    Parameter(
        "paper_pressure", "what pressure adds to paper_base", "logit per unit",
        2.5, 1.25, 5.0, "assumption",
    ),
    Parameter(
        "paper_inspection", "what inspection adds to paper_base", "logit per unit",
        -2.0, -4.0, -1.0, "assumption",
    ),
    Parameter(
        "paper_slows", "attempts lost when all effort goes to paper", "share",
        0.5, 0.25, 1.0, "assumption",
    ),
    Parameter(
        "false_base", "chance that a lost milestone is reported all the same", "logit",
        -3.0, -4.0, -2.0, "assumption",
    ),
    Parameter(
        "false_pressure", "what pressure adds to false_base", "logit per unit",
        3.0, 1.5, 6.0, "assumption",
    ),
    Parameter(
        "false_inspection", "what inspection adds to false_base", "logit per unit",
        -2.5, -5.0, -1.25, "assumption",
    ),
    Parameter(
        "false_integrity", "what integrity, from neutral_integrity, adds to false_base", "logit per unit",
        -2.0, -4.0, -1.0, "assumption",
    ),
    Parameter(
        "deadline_rate", "open milestones reported as deadlines come, at full pressure", "per year",
        0.22, 0.05, 0.5, "assumption",
    ),
    Parameter(
        "deadline_after", "months after the decree before a deadline is near", "months",
        8.0, 6.0, 12.0, "assumption",
    ),
    Parameter(
        "deadline_year_end", "what the last three months of a year multiply deadline_rate by", "ratio",
        4.0, 2.0, 6.0, "assumption", domain=RATIO,
    ),
    Parameter(
        "deadline_inspection", "what full inspection adds to the log of deadline_rate", "log points",
        -0.5, -2.1, -0.1, "assumption; size by the range: P04 (A)", domain=LOG_STEP,
    ),
    Parameter(
        "told_pace", "pace at which a milestone is tried that was reported without being real", "share",
        0.5, 0.2, 1.0, "assumption",
    ),
    Parameter(
        "detection", "false reports that one inspection on the spot finds", "share",
        0.6, 0.3, 0.9, "assumption",
    ),
    Parameter(
        "forced_share", "economy milestones declared without a vote for which books are put together", "share",
        0.3, 0.0, 0.6, "assumption",
    ),
    Parameter(
        "declared_trust", "jump of trust when a milestone is declared without a vote (members know)", "logit points",
        -0.10, -0.20, -0.05, "assumption",
    ),
    Parameter(
        "forced_trust", "jump of trust when accounts are pooled without consent", "logit points",
        -0.60, -1.20, -0.30, "assumption",
    ),
    Parameter(
        "exposed_trust", "jump of trust when a false report is exposed", "logit points",
        -0.25, -0.50, -0.125, "assumption",
    ),
    Parameter(
        "relapse_at_handover", "second milestones of leadership, operation, deliberation lost at a handover", "share",
        0.10, 0.0, 0.20, "assumption",
    ),
    Parameter(
        "relapse_by_disputes", "second milestones of leadership, operation, deliberation lost by disputes",
        "per year and open dispute per 1,000 residents", 0.05, 0.0, 0.10, "assumption",
    ),
    Parameter(
        "integrity_mean", "integrity of a secretary, mean", "index 0 to 1",
        0.50, 0.40, 0.60, "assumption", domain=INSIDE,
    ),
    Parameter(
        "integrity_sd", "integrity of a secretary, spread", "index 0 to 1",
        0.15, 0.10, 0.20, "assumption", domain=SOME_SPREAD_INSIDE,
    ),
    Parameter(
        "neutral_integrity", "integrity that makes false reports neither rarer nor more frequent", "index 0 to 1",
        0.5, 0.5, 0.5, "definition: the middle of the index",
    ),
    Parameter(
        "run_up", "debt that a part runs up before the decree, if all of it were to be shared", "share of debt",
        0.30, 0.0, 1.0, "assumption; sign and size: evidence 3.3 (A): Sweden, Japan (7% of debt)", domain=GAIN,
    ),
    Parameter(
        "perceived_sharing", "chance of sharing debts that members reckon with before the decree", "share",
        0.5, 0.2, 0.8, "assumption",
    ),
    Parameter(
        "run_up_cohesion", "part of the run-up that full cohesion prevents", "share",
        0.5, 0.0, 1.0, "assumption; sign: evidence 3.3 (A), social ties",
    ),
)  # fmt: skip
