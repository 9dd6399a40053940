"""What always holds in a run, each law a plain function that fails where the law is broken.

``test_laws.py`` applies them to the runs of the shipped scenarios, ``planted/test_planted_faults.py`` to runs with one
fault planted, to show that each of them can fail.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from villagesim import Run, Scenario
from villagesim.agents.assets import EARNING, OFFICE
from villagesim.agents.committees import INTEGRATIONS, LEADERSHIP, MILESTONES
from villagesim.arrays import regrouped, sum_by
from villagesim.dates import DAYS_A_YEAR, month_key
from villagesim.engine.fund import fen
from villagesim.outcomes import OUTCOMES
from villagesim.outcomes.record import INCOME
from villagesim.places.endowments import SOURCES

HALF_A_CENT = 0.005
NOTHING = 1e-9


def income_by_constituent(run: Run) -> np.ndarray:
    """Income of every month of the run by constituent [yuan]."""
    return np.sum([run.record.column(f"income_{source}")[1:] for source in INCOME], axis=0)


# money


def check_accounts_balance(run: Run) -> None:
    """What comes in and what goes out of cash makes its change; opening = last closing; none negative."""
    accounts = run.accounts
    closing = (
        accounts.opening + accounts.income + accounts.principal - accounts.spending - accounts.invested
        + accounts.borrowing - accounts.repayment + accounts.transfer_in - accounts.transfer_out - accounts.to_pot
    )  # fmt: skip
    assert (closing - accounts.closing).abs().max() < HALF_A_CENT, "an account does not balance"
    record = run.record
    assert (record.column("opening")[1:] == record.column("cash")[:-1]).all(), "an opening is not the last closing"
    flows = (
        "cash",
        "pot",
        "debt",
        "spending",
        "invested",
        "principal",
        "budget_paid",
        "due",
        "borrowing",
        "repayment",
        "transfer_in",
        "transfer_out",
        "written_off",
    )
    for name in flows:
        assert record.column(name).min() >= 0, f"{name} is negative"


def check_pot_and_assets_follow_from_what_is_put_into_them(run: Run) -> None:
    """Pot = last pot + what was put in + what pooling moved; assets = last assets, worn for a month, + what was replaced."""
    column, record = run.record.column, run.record
    pot = column("pot")[:-1] + column("to_pot")[1:] + column("pot_moved")[1:]
    assert np.abs(pot - column("pot")[1:]).max() < HALF_A_CENT, "money came into a pot, or went, unexplained"
    wear, assets = run.world.p.asset_wear / 12, column("operating_assets")
    expected = (1 - wear) * assets[:-1] + column("replaced")[1:]
    assert np.abs(expected - assets[1:]).max() < HALF_A_CENT, "assets came or went unexplained"
    assert (column("replaced")[1:] <= wear * assets[:-1] + HALF_A_CENT).all(), "more is replaced than has worn"
    replaced = np.array([
        sum_by(pointers, row, run.world.n_rows)
        for pointers, row in zip(record.account_of[:-1], column("replaced")[1:], strict=True)
    ])  # fmt: skip
    assert (replaced <= column("invested")[1:] + HALF_A_CENT).all(), "something is replaced that nobody paid for"


def check_debt_follows_from_borrowing(run: Run) -> None:
    """Debt = last debt + borrowing - repayment - what was written off + what pooling moved."""
    column = run.record.column
    came, went = column("borrowing")[1:], column("repayment")[1:] + column("written_off")[1:]
    debt = column("debt")[:-1] + came - went + column("debt_moved")[1:]
    assert np.abs(debt - column("debt")[1:]).max() < HALF_A_CENT, "debt came or went unexplained"


def check_pooling_moves_money_and_makes_none(run: Run) -> None:
    """Transfers and moved debts sum to zero every month and within every village; emptied accounts stay empty."""
    record = run.record
    moved = record.column("transfer_in") - record.column("transfer_out")
    for name, values in (
        ("transfers", moved),
        ("moved debts", record.column("debt_moved")),
        ("moved pots", record.column("pot_moved")),
    ):
        assert np.abs(values.sum(axis=1)).max() < HALF_A_CENT, f"{name} do not sum to zero over the county"
        whole = np.abs(record.by_village(values)[~np.r_[False, parted_in(run)]])
        assert whole.max(initial=0.0) < HALF_A_CENT, f"{name} do not sum to zero in a village"
    gone = record.account_of != np.arange(run.world.n_rows)
    for name in ("cash", "pot", "debt"):
        assert (record.column(name)[gone] == 0).all(), f"an account that was pooled still has {name}"
    again = np.take_along_axis(record.account_of, record.account_of, axis=1)
    assert (again == record.account_of).all(), "an account points to one that is itself pooled"
    pooled_into = np.take_along_axis(record.village_of, record.account_of, axis=1)
    assert (pooled_into == record.village_of).all(), "an account is held outside the village"


def parted_in(run: Run) -> np.ndarray:
    """Months in which accounts come apart, as a decree has split a village: their money goes to another village."""
    account = run.record.account_of
    return (account[1:] != account[:-1]).any(axis=1) & (
        np.diff((account == np.arange(account.shape[1])).sum(axis=1)) > 0
    )


def check_income_of_accounts_is_that_of_constituents(run: Run) -> None:
    """What the constituents of an account earn is what the account books."""
    record, income = run.record, income_by_constituent(run)
    for month, row in enumerate(income, start=1):
        by_account = sum_by(record.account_of[month - 1], row, run.world.n_rows)
        assert np.abs(by_account - record.column("account_income")[month]).max() < HALF_A_CENT, "income went astray"


def check_observed_income_is_that_of_twelve_months(run: Run) -> None:
    """What votes and targets look at is the income of the last twelve months, as it is published."""
    rolling = run.record.rolling(*(f"income_{source}" for source in INCOME))[-1]
    assert np.allclose(run.world.cooperatives.income_12m, rolling, rtol=NOTHING), "a month is counted twice or left out"


def check_fund_is_never_overdrawn(run: Run, scenario: Scenario) -> None:
    """Paid <= asked, in whole fen; payments and what is left are what was paid in, at any time; caps hold."""
    world, budget = run.world, scenario.budget
    paid_in = {month.start: fen(budget.paid_in(month.year)) for month in world.calendar.months if month.key % 12 == 0}
    caps = {policy.label: getattr(policy, "budget", None) for policy in scenario.strategies.get(run.strategy, ())}
    level, spent = 0, dict.fromkeys(caps, 0)
    for month in world.calendar.months:
        level += paid_in.get(month.start, 0)
        for payment in (p for p in world.payments if p.day == month.start):
            amounts = (payment.asked, payment.refused_by_cap, payment.refused_by_fund, payment.paid)
            assert all(isinstance(amount, int) and amount >= 0 for amount in amounts), "not whole fen"
            assert payment.paid + payment.refused_by_cap + payment.refused_by_fund == payment.asked, "asked for else"
            level -= payment.paid
            spent[payment.policy] = spent.get(payment.policy, 0) + payment.paid
        assert level >= 0, f"the fund is overdrawn in {month.label}"
    assert level == world.fund.level, "payments and what is left are not what was paid in"
    for label, cap in caps.items():
        assert cap is None or spent[label] <= fen(cap), f"{label} has spent more than its own cap"
    support = run.record.recorder.column("support_paid").sum()
    assert abs(support - sum(spent.values()) / 100) < HALF_A_CENT


def check_trust_revenue_is_accounted_for(run: Run) -> None:
    """Every yuan that a land trust earns is paid to somebody, and reaches the books of the collective and households."""
    table, record = run.land_trusts, run.record
    if table.empty:
        return
    used = (
        table["cost"] + table.premium + table.floors_paid + table.dividends + table.reserve_change
        + table.operator_result
    )  # fmt: skip
    assert (table.revenue + table.insured - used).abs().max() < HALF_A_CENT, "revenue is not accounted for"
    shared = table.household + table.collective + table.welfare + table.station
    assert (shared - table.dividends).abs().max() < HALF_A_CENT, "dividends went astray"
    assert min(table.reserve.min(), table.equity.min(), table.floors_paid.min()) >= 0
    reserve = run.world.land_trusts.reserve.sum()
    assert abs(table.reserve_change.sum() - reserve) < HALF_A_CENT, "reserves changed unexplained"
    trusts = run.world.land_trusts
    alliances = any(offer.terms.alliance for offer in run.world.trust_offers.values())
    for settled in run.world.settlements:
        month, rows, result = settled["month"] + 1, settled["villages"], settled["result"]
        trust_of = trusts.lead if alliances else record.village_of[month]
        known = (record.village_of[month] == record.village_of[-1]).all()  # terms as they are now ...
        operators = record.column("n_operators")[:, rows]
        as_now = operators[month] == operators[-1]  # ... where nobody has taken over since
        if alliances and (trusts.lead[rows] != rows).any():
            continue  # put together since with others
        for name, due in (("income_trust", due_to_collectives(run, settled)), ("dividend", result.household)):
            booked = sum_by(trust_of, record.column(name)[month], run.world.n_rows)
            assert abs(booked.sum() - booked[rows].sum()) < HALF_A_CENT, f"{name} where nothing was settled"
            if name == "dividend" or known:
                compared = np.ones(len(rows), bool) if name == "dividend" else as_now
                assert np.abs(booked[rows] - due)[compared].max(initial=0.0) < HALF_A_CENT, (
                    f"{name} is not what was settled"
                )


def due_to_collectives(run: Run, settled: Mapping[str, Any]) -> np.ndarray:
    """What the books of each trust's collectives should show of a settlement, by today's terms [yuan]."""
    trusts, rows, result = run.world.land_trusts, settled["villages"], settled["result"]
    households = trusts.household_floor[rows] * settled["area"]
    first = result.floors_paid - np.minimum(households, result.floors_paid)
    in_proportion = trusts.collective_floor[rows] * settled["area"] * result.paid_share
    due: np.ndarray = np.where(trusts.households_first[rows], first, in_proportion) + result.collective
    return due


def check_welfare_is_paid_for(run: Run, *labels: str) -> None:
    """What the old, the young and those in hardship get is what policies have paid and what land trusts have set apart."""
    paid = run.payments[run.payments.policy.isin(labels)].paid.sum() + run.land_trusts.welfare.sum()
    n_claims = len(run.payments)  # each is rounded to whole fen
    assert abs(run.record.column("welfare_paid").sum() - paid) <= 0.01 * n_claims + HALF_A_CENT, "welfare went astray"


# people, land, villages


def check_people_and_land_are_conserved(run: Run, scenario: Scenario) -> None:
    """Sums over the villages in force are the published totals in every month; pointers end at villages."""
    record, endowment, published = run.record, run.world.endowment, scenario.published
    assert endowment.residents.sum() == published.residents, "residents came or went"
    assert abs(endowment.arable.sum() - published.arable) <= 1e-6 * published.arable, "land came or went"
    ends = np.take_along_axis(record.village_of, record.village_of, axis=1)
    assert (ends == record.village_of).all(), "a village belongs to another village"
    for name in ("residents", "members", "arable"):
        values = getattr(endowment, name)
        in_force = np.where(record.is_village, record.fixed(values), 0.0).sum(axis=1)
        assert np.abs(in_force - values.sum()).max() <= 1e-6 * values.sum(), f"{name} differ between months"
    codes = run.constituents.groupby("month").village.nunique()
    assert (codes == run.villages.groupby("month").size()).all(), "villages in force are not those of the codes"
    residents = record.fixed(endowment.residents)[1:][record.is_village[1:]]
    income = (run.villages.income_per_resident * residents).groupby(run.villages.month).sum()
    total = run.county.set_index("month").income_per_resident * published.residents
    assert np.allclose(income, total, rtol=NOTHING), "income per resident and residents do not make the income"


def check_village_sums_are_county_totals(run: Run) -> None:
    """Income, debt, land in trust and dividends by village add up to those of the county, month by month."""
    villages, county = run.villages, run.county.set_index("month")
    sums = villages.groupby("month")[
        ["collective_income", "debt", "dividends", "trust_income", "land_trust_area"]
    ].sum()
    total = county.collective_income * villages.groupby("month").size()
    assert np.allclose(sums.collective_income, total, rtol=NOTHING, atol=HALF_A_CENT)
    for name in ("debt", "dividends", "trust_income", "land_trust_area"):
        assert np.allclose(sums[name], county[name], rtol=NOTHING, atol=HALF_A_CENT), name


def check_enrolled_land_has_bounds(run: Run) -> None:
    """Nobody enrols more land than can be enrolled, and that is not more than there is."""
    endowment, enrolled = run.world.endowment, run.record.column("enrolled")
    assert ((endowment.enrollable >= 0) & (endowment.enrollable <= 1)).all()
    enrollable = endowment.enrollable * endowment.arable
    assert enrolled.min() >= 0, "less than no land"
    assert (enrolled <= enrollable * (1 + NOTHING)).all(), "more land is enrolled than can be"


def check_sown_land_is_frozen(run: Run) -> None:
    """Land is sown in November and stays until the harvest, which settles all of it; only a default ends it before."""
    record, months = run.record, run.world.calendar.months
    sown, enrolled = record.column("sown"), record.column("enrolled")
    assert (sown <= enrolled * (1 + NOTHING)).all(), "more is sown than has joined"
    income = record.column("income_trust")[1:]
    for k, month in enumerate(months):
        if month.key % 12 != 10:
            gone = (sown[k + 1] == 0) & (sown[k] > 0)
            assert (sown[k + 1] == sown[k])[~gone].all(), f"land was sown in {month.label}"
            assert not gone.any() or month.key % 12 == 9, f"land was lost in {month.label}"
        assert month.key % 12 == 9 or not income[k].any(), f"a harvest is paid for in {month.label}"
    for settled in run.world.settlements:
        area = sown[settled["month"]].sum()
        assert abs(settled["area"].sum() - area) < NOTHING * max(area, 1.0), "not all that was sown is settled"
    own, booked = record.column("own_result"), record.column("income_trust")
    assert (booked == own)[own != 0].all(), "own farming is booked otherwise than it was settled"


def check_indices_have_bounds(run: Run) -> None:
    """Trust, cohesion, skill and all shares lie between 0 and 1, milestones between 0 and their number."""
    world, record = run.world, run.record
    for name, values in (
        ("trust", record.column("trust")), ("cohesion", world.committees.cohesion), ("fear", world.land_trusts.fear),
    ):  # fmt: skip
        assert values.min() >= 0, f"{name} below 0"
        assert values.max() <= 1, f"{name} above 1"
    for name, n in zip(INTEGRATIONS, MILESTONES, strict=True):
        passed = record.column(name)
        assert passed.min() >= 0
        assert passed.max() <= n, f"more milestones of {name} than there are"
    for name, outcome in OUTCOMES.items():
        if outcome.unit.startswith(("index", "share")):
            values = run.outcomes[name][~np.isnan(run.outcomes[name])]
            assert ((values >= 0) & (values <= 1)).all(), f"{name} outside [0, 1]"


def check_milestones_are_what_events_say(run: Run) -> None:
    """Milestones come by decrees and by votes, and go by relapses; reports by being told and exposed; nothing else."""
    check_events_explain(run, "{}", {"vote_won": +1, "relapse": -1}, by_decree=LEADERSHIP)
    check_events_explain(run, "false_{}", {"report_false": +1, "report_exposed": -1, "report_made_real": -1})


def check_events_explain(run: Run, column: str, steps: Mapping[str, int], by_decree: int = -1) -> None:
    """Every change of five columns, month by month, is the sum of events; a decree that changes a village begins them anew."""
    world, months, villages = run.world, run.world.calendar.months, run.record.village_of
    ends = np.array([month.start + month.days for month in months])
    changes = np.zeros((len(INTEGRATIONS), len(months), world.n_rows))
    for day, kind, village, facts in sorted(world.events, key=lambda event: event[0]):
        month = int(np.searchsorted(ends, day, "right"))
        if kind in steps:
            changes[INTEGRATIONS.index(facts["integration"]), month, village] += steps[kind]
        if kind == "decree":
            changed = regrouped(villages[month], villages[month + 1])
            changes[:, month, changed] -= changes[:, :month, changed].sum(axis=1)
            if by_decree >= 0:
                changes[by_decree, month, changed & run.record.is_merged[month + 1]] += 1
    for name, change in zip(INTEGRATIONS, changes, strict=True):
        found = np.diff(run.record.column(column.format(name)), axis=0)
        assert (found == change).all(), f"{column.format(name)} changes without an event"


def check_reports_are_bounded(run: Run) -> None:
    """Reported is at least real, and a milestone that is there already, or does not exist, is not reported falsely."""
    for name, n in zip(INTEGRATIONS, MILESTONES, strict=True):
        real, false = run.record.column(name), run.record.column(f"false_{name}")
        assert false.min() >= 0, f"less of {name} is reported than is real"
        assert (false <= n - real).all(), f"more of {name} is reported than is left"
        assert not false[~run.record.is_merged].any(), "a village that was not merged reports its merger"
    reported, real = (run.outcomes[f"{name}_integration"] for name in ("reported", "real"))
    merged = ~np.isnan(real)
    assert (reported[merged] >= real[merged]).all(), "less is reported than is real"


# disputes and contracts


def re_opened(run: Run) -> np.ndarray:
    """Cases that came back, by month and constituent: what opens beyond registration and is heard or goes higher."""
    column = run.record.column
    ended = column("heard")[1:] + column("petitions")[1:]
    return np.diff(column("open_disputes"), axis=0) + ended - column("registered")[1:]


def check_disputes_are_conserved(run: Run) -> None:
    """Heard + petitions + open = registered + re-opened; only settled cases come back, and each only once."""
    record = run.record
    for name in ("open_disputes", "incidents", "registered", "petitions", "heard", "waited"):
        values = record.column(name)
        assert values.min() >= (-NOTHING if name == "waited" else 0), f"{name} is negative"
        assert name == "waited" or (values == np.round(values)).all(), f"{name} is not a number of cases"
    assert (record.column("registered") <= record.column("incidents")).all(), "more is registered than arises"
    back = re_opened(run)
    assert (back >= 0).all(), "a registered case has vanished"
    assert (back.cumsum(axis=0) <= record.column("heard")[1:].cumsum(axis=0)).all(), "cases come back that nobody heard"
    once = record.column("registered")[1:].cumsum(axis=0)
    assert (back.cumsum(axis=0) <= once).all(), "a case came back twice"
    if run.world.p.reopened_share == 0:
        assert not back.any(), "a case came back that should not"


def check_contracts_are_conserved(run: Run) -> None:
    """No contract comes or goes; shares of faulty ones, rents and gains follow from the lists; corrections are counted."""
    world, p = run.world, run.world.p
    contracts, assets = world.contracts, world.assets
    assert (np.bincount(contracts.row, minlength=world.n_rows) == contracts.n).all(), "contracts came or went"
    assert len(np.unique(np.column_stack([contracts.row, contracts.ordinal]), axis=0)) == contracts.n.sum(), "twice"
    assert contracts.rent_factor.min() >= 1 - NOTHING, "rents fell"
    assert contracts.rent_factor.max() <= 1 + p.reletting_gain + NOTHING, "rents rose above the market"
    better = 1.0 * (assets.settled & np.isin(assets.kind, EARNING))
    better[: len(contracts.row)] = 1.0 * contracts.faulty_at_start - contracts.faulty
    gain = np.bincount(assets.row, weights=better * assets.worth, minlength=world.n_rows)
    gain = np.maximum(gain, -world.cooperatives.sources[:, SOURCES.index("rent")])
    assert np.abs(assets.gain - gain).max() < HALF_A_CENT, "gains are not those of settled items and of contracts"
    months = np.array([month.years for month in run.world.calendar.months])[:, None]
    unhanded, booked = run.record.column("unhanded")[1:], run.record.column("income_assets")[1:]
    earned = run.record.column("gain")[1:] * months
    assert (abs(booked) <= abs(earned) + HALF_A_CENT).all(), "more is booked of settled items than they bring"
    least = abs(earned) * (1 - unhanded.max(axis=0)) - HALF_A_CENT
    assert (abs(booked) >= least).all(), "less is booked than is handed over"
    joined = run.record.after_decree != np.arange(world.n_rows)
    assert not unhanded[:, ~joined].any(), "a host has lost its own register"
    removed = run.record.is_village[:-1] & ~run.record.is_village[1:]
    lost = np.diff(run.record.column("unhanded"), axis=0) > 0
    assert not (lost & ~removed).any(), "what was handed over is lost again"
    assert np.abs(contracts.faulty_since_start).max() <= 1 + NOTHING
    assert contracts.reopened.min() >= 0
    corrected = run.record.column("corrected")
    assert corrected.min() >= 0
    assert (corrected <= contracts.n).all(), "a contract is corrected that does not exist"
    apart = contracts.relet & (run.record.account_of[-1] == np.arange(world.n_rows))[contracts.row]
    hosts = world.by_village(np.ones(world.n_rows)) >= 2
    assert hosts[contracts.row[apart]].all(), "let as by one account, where accounts are apart"


def check_projects_are_accounted_for(run: Run) -> None:
    """Projects come and go by events; seed money lives on or has ended; stakes make wholes; who has none earns none."""
    world, record, projects = run.world, run.record, run.world.projects
    ends = np.array([month.start + month.days for month in world.calendar.months])
    alive, founded, ended, own, back, outside = (np.zeros(len(ends) + 1) for _ in range(6))
    for day, kind, _, facts in world.events:
        if kind == "project_founded":
            closed = np.searchsorted(ends, day, "right") + 1
            alive[closed:] += 1
            founded[closed:] += facts["money"]
            own[closed : closed + 1] += facts["own"]
            outside[closed : closed + 1] += facts["outside"]
        if kind == "project_ended":
            closed = np.searchsorted(ends, day, "right") + 1
            alive[closed:] -= 1
            ended[closed : closed + 1] += 1
            back[closed : closed + 1] += facts["money"]
    assert (record.column("projects_alive") == alive).all(), "a project came or went unnoticed"
    assert (record.column("projects_ended") == ended).all(), "a project ended unnoticed"
    assert np.abs(record.column("project_capital_founded") - founded).max() < HALF_A_CENT, "seed money out of nothing"
    into_projects = record.column("invested").sum(axis=1) - record.column("replaced").sum(axis=1)
    assert np.abs(into_projects - own)[1:].max() < HALF_A_CENT, "what is invested is not in projects"
    brought = record.column("outside_capital").sum(axis=1)
    assert np.abs(brought - outside)[1:].max() < HALF_A_CENT, "money from outside is not in projects"
    assert np.abs(record.column("principal").sum(axis=1) - back)[1:].max() < HALF_A_CENT, "capital back out of nothing"
    assert (projects.lost <= projects.granted).all(), "more is lost than was granted"
    living = record.column("project_capital")
    gone = projects.granted[~projects.alive].sum()
    assert abs(living[-1].sum() + gone - founded[-1]) < HALF_A_CENT, "seed money is not where it went"
    assert record.column("project_capital_lost")[-1] <= gone + HALF_A_CENT, "more is lost than was there"
    whole = sum_by(projects.stake_project, projects.stake_share, len(projects.form))
    assert np.allclose(whole, 1.0, atol=NOTHING), "stakes do not make a whole"
    place, villages = world.place, projects.village[projects.stake_project]
    ways = [(place.township[rows], place.township[world.village_of[rows]]) for rows in (projects.stake_row, villages)]
    near = [
        mine == theirs for mine in ways[0] for theirs in ways[1]
    ]  # a merged village may have parts in two townships
    assert np.any(near, axis=0).all(), "a stake in another township"
    holders = np.zeros(world.n_rows, bool)
    holders[projects.stake_row] = True
    for name in ("income_project", "project_loss"):
        values = record.column(name)
        assert (values >= -record.column("project_loss")).all()
        assert not values[:, ~holders].any(), f"{name} without a stake"


def check_dividends_come_out_of_a_surplus(run: Run) -> None:
    """What members get is part of what their account spends in the month; an account that borrows pays them nothing."""
    paid, column = run.record.column("member_dividend"), run.record.column
    assert paid.min() >= 0
    assert (paid <= column("spending") + HALF_A_CENT).all(), "more is paid out than is spent"
    came = column("account_income") + column("principal") + column("transfer_in") - column("transfer_out")
    short = came < column("spending") - HALF_A_CENT
    borrowed = (column("borrowing") > HALF_A_CENT) & short & (run.record.column("repayment") == 0)
    assert not paid[borrowed].any(), "a dividend is paid on credit"


def check_grants_arrive(run: Run, policies: Sequence[Any]) -> None:
    """What is paid as seed money or for stakes is in projects, what is paid as top-up is booked as income, to the fen."""
    for kinds, arrived in (
        (("seed_money", "stakes"), run.record.column("project_capital_founded")[-1]),
        (("top_up",), run.record.column("income_top_up").sum()),
    ):
        labels = [policy.label for policy in policies if getattr(policy, "kind", "") in kinds]
        paid = sum(payment.paid for payment in run.world.payments if payment.policy in labels)
        assert abs(paid / 100 - arrived) < HALF_A_CENT, (
            f"{' and '.join(kinds)}: {paid / 100} yuan were paid, {arrived} arrived"
        )


def check_no_account_is_pooled_under_frozen_rights(run: Run) -> None:
    """Where rights stay as they are from before the decree to the end, all accounts stay, and only new income is shared."""
    record = run.record
    assert (record.account_of == np.arange(run.world.n_rows)).all(), "an account was pooled under frozen rights"
    assert not record.column("debt_moved").any()
    merged = ~np.isnan(run.outcomes["share_merged_in_fact"])
    assert not run.outcomes["share_merged_in_fact"][merged].any(), "merged in fact with several accounts"


def check_requests_are_conserved(run: Run) -> None:
    """Every request is handled, given up, or open; waits and coverage have bounds."""
    column = run.record.column
    ended = column("requests_heard") + column("requests_unheard")
    still_open = (column("requests") - ended)[1:].cumsum(axis=0)
    assert min(column(name).min() for name in ("requests", "requests_heard", "requests_unheard")) >= 0
    assert (still_open >= 0).all(), "more requests have ended than were brought"
    assert column("request_waited").min() >= -NOTHING, "a request was handled before it came"
    assert (column("request_waited")[column("requests_heard") == 0] == 0).all(), "a wait without a request"
    assert ((column("served") >= 0) & (column("served") <= 1)).all(), "more residents are served than there are"


def check_stars_change_by_ratings(run: Run) -> None:
    """Stars are 1 to 5 or none; only a rating changes them; who is turned round was weak, and is not any more."""
    stars, turned = run.record.column("stars"), run.record.column("turned_round")
    assert ((stars >= 0) & (stars <= 5)).all()
    months = run.record.month_keys[1:]
    starts = {day for day, kind, _, _ in run.world.events if kind == "rated"}
    rated = [month.start + month.days in starts for month in run.world.calendar.months]
    for key, was, now, better, in_rating in zip(months, stars, stars[1:], turned[1:], rated, strict=False):
        assert in_rating or key % 12 == 11 or (was == now).all(), "stars change without a rating"
        assert (better == ((was == 1) & (now > 1))).all(), "turned round without having been weak"


CHECKS = (
    check_accounts_balance,
    check_debt_follows_from_borrowing,
    check_pot_and_assets_follow_from_what_is_put_into_them,
    check_pooling_moves_money_and_makes_none,
    check_income_of_accounts_is_that_of_constituents,
    check_observed_income_is_that_of_twelve_months,
    check_trust_revenue_is_accounted_for,
    check_village_sums_are_county_totals,
    check_enrolled_land_has_bounds,
    check_sown_land_is_frozen,
    check_indices_have_bounds,
    check_milestones_are_what_events_say,
    check_reports_are_bounded,
    check_disputes_are_conserved,
    check_contracts_are_conserved,
    check_requests_are_conserved,
    check_stars_change_by_ratings,
    check_projects_are_accounted_for,
    check_dividends_come_out_of_a_surplus,
)
"""Laws of any run by itself."""


# history


def same_arrays(one: Run, other: Run) -> bool:
    """Whether two runs have recorded the same bits."""
    return all(
        getattr(one.record.recorder, name).tobytes() == getattr(other.record.recorder, name).tobytes()
        for name in ("rows", "counts", "townships", "county")
    )


def check_same_history(one: Run, other: Run) -> None:
    """Two runs are the same: bits of all columns, events and payments."""
    assert same_arrays(one, other), "columns differ"
    assert one.world.events == other.world.events, "events differ"
    assert one.world.payments == other.world.payments, "payments differ"


def check_policies_without_money_change_nothing(run: Run, baseline: Run) -> None:
    """The history is that of the baseline, but for the notes that policies began, went without money and ended."""
    assert same_arrays(run, baseline), "columns differ from the baseline"
    events = [event for event in run.world.events if not event[1].startswith("policy_")]
    assert events == baseline.world.events, "events differ from the baseline"


def check_other_townships_are_untouched(run: Run, baseline: Run, township: str) -> None:
    """A policy for one township leaves every column of all others as it was, and changes something in its own."""
    place = run.world.place
    own = place.township_names.index(township)
    here = place.township == own
    ours, theirs = run.record.recorder, baseline.record.recorder
    acted = False
    for name in ("rows", "counts"):
        one, other = getattr(ours, name), getattr(theirs, name)
        assert np.array_equal(one[:, :, ~here], other[:, :, ~here]), "villages elsewhere have changed"
        acted |= bool((one[:, :, here] != other[:, :, here]).any())
    others = np.arange(len(place.townships)) != own
    assert (ours.townships[:, :, others] == theirs.townships[:, :, others]).all(), "a desk elsewhere has changed"
    assert acted, "the policy did nothing at all"


def check_luck_belongs_to_villages(run: Run, part: Run) -> None:
    """Without merger, careers and one-offs of a village are the same in a smaller place that holds it."""
    here = np.isin(run.world.place.before.codes, part.world.place.before.codes)
    assert here.sum() == part.world.n_rows
    for column in ("talent", "age", "skill", "since", "number"):
        assert (getattr(run.world.secretaries, column)[here] == getattr(part.world.secretaries, column)).all(), column
    assert (run.world.land_trusts.outside_option[here] == part.world.land_trusts.outside_option).all()
    assert (run.record.column("n_replaced")[:, here] == part.record.column("n_replaced")).all(), "careers differ"
    one_offs = run.record.column("income_one_off")[:, here] > 0
    assert (one_offs == (part.record.column("income_one_off") > 0)).all(), "one-offs strike others"


def check_nothing_merges(run: Run) -> None:
    """No pointer moves, nobody announces, decrees or votes, and the county saves nothing."""
    record = run.record
    rows = run.world.place.committee
    assert (record.village_of == rows).all(), "villages have merged"
    assert (record.account_of == rows).all(), "accounts have merged"
    assert not run.events.kind.isin(["announcement", "decree", "vote_won", "vote_lost", "accounts_pooled"]).any()
    assert (run.outcomes["fiscal_saving"] == 0).all()
    assert np.isnan(run.outcomes["real_integration"]).all()


def check_first_day(run: Run, n_above: int, n_villages: int, mean_income: float) -> None:
    """On the first day the published figures hold exactly: who is above the threshold, and the mean."""
    assert run.record.n_villages[0] == n_villages
    assert run.start["share_above_500k"] == n_above / n_villages, "another share than published"
    assert abs(run.start["collective_income"] / mean_income - 1) < NOTHING, "another mean than published"
    assert np.allclose(run.record.rolling(*(f"income_{s}" for s in INCOME))[0], run.world.endowment.income, rtol=1e-12)


def check_income_per_resident_does_not_jump(run: Run, no_merger: Run) -> None:
    """Merging alone earns nothing, though it raises income per village."""
    check_income_per_resident_is_the_same(run, no_merger)
    before = run.record.n_villages[0]
    assert run.record.n_villages[-1] < before
    assert run.outcomes["collective_income"][-1] > no_merger.outcomes["collective_income"][-1]


def check_income_per_resident_is_the_same(run: Run, no_merger: Run) -> None:
    """Income per resident is that of the world without merger, to the bit, but for what a merger does to rents itself.

    Rents that are lost from the books lower them (equation E16b), by theta at most; pooled accounts may let contracts better
    (E12); offices that fall empty are let. Who runs up debt sets less aside, who saves on an office more: so from the month
    after the announcement on own business wears faster or slower, within the wear of that time, and new projects differ (E14).
    Villages, not their parts, begin land trusts by themselves (E18).
    """
    p, assets = run.world.p, run.world.assets
    since = np.array(run.record.month_keys) - month_key(run.world.timetable.announcement)
    told, since = since >= 0, np.maximum(since, 0)  # the decree may come on the same day
    worn = 1.0 if p.reinvested_share == 0 else (1 - p.asset_wear / 12) ** since
    for source in INCOME:
        mine, other = (r.record.column(f"income_{source}").sum(axis=1) for r in (run, no_merger))
        if source == "rent":
            assert (mine >= other * (1 - p.not_handed_over) - HALF_A_CENT).all(), "more rent is lost than theta"
            assert (mine <= other * (1 + p.reletting_gain) + HALF_A_CENT).all(), "a merger raises rents"
        elif source == "assets":
            offices = assets.worth[assets.kind == OFFICE].sum()
            assert (mine <= other + offices * 31 / DAYS_A_YEAR + HALF_A_CENT).all(), (
                "a merger brings more than its offices"
            )
        elif source == "operating":
            assert (mine >= other * worn - HALF_A_CENT).all(), "assets wear faster by merging than they can"
            assert (mine * worn <= other + HALF_A_CENT).all(), "assets wear slower by merging than they can"
        elif source != "trust" or not p.adopt_rate:
            same = (mine == other) | (source == "project") & told & (p.reinvested_share > 0)
            assert same.all(), f"income from {source} changes by merging"
