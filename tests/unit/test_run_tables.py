"""What a run leaves behind: tidy tables, codes in force, events in canonical form."""

import json
import pickle
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from checks import simulate

import villagesim as vs
from villagesim.outcomes import OUTCOMES
from villagesim.run import TABLES as WRITTEN

Runs = Callable[[str], vs.Run]


def test_the_county_has_a_row_a_month_and_a_column_an_outcome(town_run: Runs) -> None:
    """36 months, the first 2021-01, the last 2023-12."""
    county = town_run("both").county
    assert list(county) == ["month", *OUTCOMES]
    assert county.month.tolist() == [f"{year}-{month:02d}" for year in (2021, 2022, 2023) for month in range(1, 13)]


def test_villages_have_a_row_a_month_and_village(town_run: Runs) -> None:
    """Every outcome that is known by village has its column, and no village stands twice in a month."""
    villages = town_run("both").villages
    assert list(villages) == ["month", "village", *(name for name, o in OUTCOMES.items() if o.village is not None)]
    assert not villages.duplicated(["month", "village"]).any()
    assert villages.village.str.fullmatch(r"\d{12}").all()


def test_codes_are_those_in_force(district_run: Runs, zhangqiu: vs.Scenario) -> None:
    """890 codes to June 2021, 532 from July on; without merger always 890."""
    both = district_run("nothing but the merger").villages.groupby("month").village
    n = both.nunique()
    assert (n[:"2021-06"] == 890).all()
    assert (n["2021-07":] == 532).all()
    assert len(n) == 72
    assert set(both.get_group("2021-06")) == set(zhangqiu.place.before.codes)
    assert set(both.get_group("2021-07")) == set(zhangqiu.place.after.codes)
    assert (district_run("no merger").villages.groupby("month").village.nunique() == 890).all()


def test_constituents_resolve_history(town_run: Runs, one_town: vs.Scenario) -> None:
    """Every constituent is there in every month, with the village and the account it belonged to."""
    run = town_run("both")
    table = run.constituents
    assert list(table) == ["month", "code", "village", "account"]
    assert (table.groupby("month").code.nunique() == 117).all()
    before = table[table.month < "2021-07"]
    assert (before.village == before.code).all()
    after = table[table.month == "2023-12"].set_index("code")
    place = one_town.place_of(1)
    codes = np.array(place.after.codes)[place.map.village]
    assert after.village[list(one_town.place.before.codes)].tolist() == codes.tolist()
    assert set(table.account) <= set(one_town.place.before.codes)
    assert after.groupby("account").village.nunique().max() == 1


def test_accounts_end_when_they_are_pooled(town_run: Runs) -> None:
    """An account has a row in every month in which it existed, the month of its pooling among them."""
    run = town_run("both")
    accounts = run.accounts
    assert list(accounts) == [
        "month", "account", "opening", "income", "principal", "spending", "invested", "borrowing", "repayment",
        "transfer_in", "transfer_out", "to_pot", "closing", "pot", "debt",
    ]  # fmt: skip
    assert not accounts.duplicated(["month", "account"]).any()
    last = accounts.groupby("account").month.max()
    pooled = accounts[accounts.transfer_out > 0]
    assert len(pooled)
    assert (last[pooled.account] == pooled.set_index("account").month).all()
    holders = run.constituents.groupby("month").account.nunique()
    rows = accounts.groupby("month").size()
    assert (rows.iloc[1:].to_numpy() == holders.iloc[:-1].to_numpy()).all()
    assert (run.events.kind == "accounts_pooled").any()


def test_events_are_in_order_and_canonical(town_run: Runs) -> None:
    """Dates within the run, facts as sorted JSON without spaces, villages by the code in force or empty."""
    run = town_run("both")
    events = run.events
    assert list(events) == ["date", "kind", "village", "facts"]
    assert events.date.is_monotonic_increasing
    assert str(events.date.iloc[0]) >= "2021-01-01"
    assert str(events.date.iloc[-1]) <= "2024-01-01"
    for facts in events.facts:
        parsed = json.loads(facts)
        assert isinstance(parsed, dict)
        assert facts == json.dumps(parsed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    place = run.world.place
    later = events.date.astype(str) >= "2021-07-01"
    assert set(events.village[~later]) <= {"", *place.before.codes}
    assert set(events.village[later]) <= {"", *place.after.codes}
    decree = events[events.kind == "decree"].iloc[0]
    assert str(decree.date) == "2021-07-01"
    assert decree.facts == '{"villages_after":73,"villages_before":117}'


def test_events_tell_what_the_columns_say(town_run: Runs) -> None:
    """Votes won, less relapses, are milestones passed; false reports less exposures are there; seats handed over."""
    run = town_run("both")
    kinds = run.events.kind.value_counts()
    committees = run.world.committees
    passed = int(committees.passed.sum())
    # the decree passes the first itself
    assert kinds["vote_won"] - kinds.get("relapse", 0) == passed - committees.merged.sum()
    withdrawn = kinds.get("report_exposed", 0) + kinds.get("report_made_real", 0)
    assert kinds["report_false"] - withdrawn == committees.false_reports.sum()
    assert kinds["secretary_took_office"] == run.record.column("n_replaced")[-1].sum()
    own_wish = run.events[run.events.kind == "secretary_left"].facts.map(json.loads).map(lambda f: f["reason"])
    assert (own_wish == "merged").sum() == 117 - 73


def test_payments_are_in_yuan_by_month_and_policy(town_run: Runs) -> None:
    """From the first month in which something was asked; asked is paid and refused together."""
    payments = town_run("both").payments
    assert list(payments) == ["month", "policy", "asked", "refused_by_cap", "refused_by_fund", "paid"]
    assert payments.month.min() == "2022-03"
    parts = payments.refused_by_cap + payments.refused_by_fund + payments.paid
    assert np.allclose(parts, payments.asked, atol=0.005)
    by_month = payments.groupby("month").paid.sum()
    rolling = town_run("both").county.set_index("month").support_cost
    assert rolling["2023-12"] == pytest.approx(by_month["2023-01":"2023-12"].sum())


@pytest.mark.parametrize("strategy", ["no merger", "both"])
def test_tables_without_rows_keep_their_columns(one_town: vs.Scenario, town_run: Runs, strategy: str) -> None:
    """Nothing paid and no trust settled is an empty table, not an error."""
    full = town_run("both")
    run = simulate(one_town.with_parameters(adopt_rate=0.0), strategy)
    for name in ("payments", "land_trusts"):
        table = getattr(run, name)
        assert isinstance(table, pd.DataFrame)
        assert list(table) == list(getattr(full, name))
        assert table.empty == (strategy == "no merger")


def test_land_trusts_are_settled_once_a_year(town_run: Runs) -> None:
    """A row a year and village with an operator."""
    table = town_run("land trust").land_trusts
    assert sorted(set(table.year)) == [2022, 2023]
    assert not table.duplicated(["year", "village"]).any()
    assert (table.sown > 0).all()


def test_the_first_day_is_before_the_first_month(town_run: Runs) -> None:
    """``start`` is the state at midnight on 1 January, the first row of the county that at the end of the month."""
    run = town_run("both")
    assert list(run.start.index) == list(OUTCOMES)
    assert run.start["collective_income"] == pytest.approx(500_000)
    assert run.record.labels[0] == "2020-12"


def test_items_tell_their_story(district_run: Runs) -> None:
    """What is settled and not lost since is what earns, and contracts that turned faulty or sound since the start; teams settle
    what is ripe; what was lost is open again."""
    run = district_run("clean-up")
    items = run.items
    earning = items[items.kind.isin(["land", "building", "office"])]
    settled = earning[earning.settled.notna() & (earning.lost.isna() | (earning.settled >= earning.lost))]
    by_code = settled.groupby("code").worth.sum().reindex(run.history.place.before.codes, fill_value=0.0)
    contracts = run.world.contracts
    turned = run.world.assets.worth[: len(contracts.row)] * (contracts.faulty_at_start * 1.0 - contracts.faulty)
    brings = np.maximum(by_code + np.bincount(contracts.row, turned), -run.world.cooperatives.sources[:, 1])
    assert np.allclose(brings, run.record.column("gain")[-1])
    corrected = items[(items.kind == "contract") & items.by_team & ~(items.lost > items.settled)]
    assert len(corrected)
    assert settled.by_team.any()
    assert not settled.by_team.all()
    done = items[items.by_team & items.settled.notna()]
    assert (done.ripe <= done.settled).all()
    lost = items[(items.settled < items.lost) & (items.kind != "contract")]  # contracts are let anew
    assert len(lost)
    assert lost.is_open.all()


def test_projects_tell_their_story(district_run: Runs) -> None:
    """Seed money in living and lost projects is what the columns say; every founding is an event."""
    run = district_run("four together")
    projects = run.projects
    assert (run.events.kind == "project_founded").sum() == len(projects)
    assert (run.events.kind == "project_ended").sum() == projects.ended.notna().sum() > 0
    assert projects.granted.sum() == pytest.approx(run.record.column("project_capital_founded")[-1])
    assert projects.lost.sum() == pytest.approx(run.record.column("project_capital_lost")[-1])
    assert (projects.capital >= projects.granted + projects.own + projects.outside - 1e-6).all()
    assert (projects.founded <= projects.earning_since)[~projects.idle & projects.earning_since.notna()].all()


TABLES = (*WRITTEN, "groups")


def test_tables_handed_out_are_copies(town_run: Runs) -> None:
    """Who changes one changes no other, nor the run; what is known is not worked out again."""
    run = town_run("both")
    for name in TABLES:
        table = getattr(run, name)
        untouched = table.copy()
        table[table.columns[0]] = 0
        pd.testing.assert_frame_equal(getattr(run, name), untouched)
    start = run.start
    start["trust"] = 0.0
    assert run.start["trust"] > 0


def test_a_run_cannot_be_changed(town_run: Runs) -> None:
    """Neither its attributes nor the arrays that it hands out."""
    run = town_run("both")
    for changed, name in ((run, "seed"), (run, "history"), (run.history, "events"), (run.record, "first")):
        with pytest.raises(AttributeError):
            setattr(changed, name, None)
    for array in (
        run.record.column("trust"),
        run.outcomes["trust"],
        run.values("trust"),
        run.history.picked["land_trust"],
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0


def test_a_run_comes_back_as_it_was_sent(one_town: vs.Scenario) -> None:
    """Pickled and unpickled it is equal, with equal tables, still closed, and holds no world; another one is not equal."""
    run = vs.simulate(one_town, "both")
    packed = pickle.dumps(run)
    again = pickle.loads(packed)
    assert again == run
    assert hash(again) == hash(run)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(run, name))
    assert b"World" not in packed
    assert not again.record.column("trust").flags.writeable
    assert run == vs.simulate(one_town, "both")
    assert run != vs.simulate(one_town, "both", replication=1)
    events = run.history.events
    other = replace(run.history, events=(*events[:-1], (*events[-1][:3], {"changed": 1})))
    assert run != replace(run, history=other)


def test_a_run_shows_itself_in_one_line(one_town: vs.Scenario) -> None:
    run = vs.simulate(one_town, [vs.policies.LandTrust(start="2022-03-01")], replication=2)
    assert repr(run) == "<run of 'own', seed 1, replication 2: 2021-01 to 2023-12, 73 villages at the end>"
    assert "<td>Trust</td><td>index, 0 to 1</td>" in run._repr_html_()


def test_what_has_no_history_is_not_zero_on_the_first_day(one_town):
    """Outcomes that begin at zero and are something without any policy: nothing is known before, or nobody had begun."""
    run = simulate(one_town, "no merger")
    without = {name for name, outcome in OUTCOMES.items() if not outcome.history}
    first, last = {name: values[0] for name, values in run.outcomes.items()}, run.county.iloc[-1]
    begun_by_none = {
        "clean_up_income",
        "dividends",
        "trust_income",
        "own_farming_result",
        "land_trust_area",
        "share_land_in_trust",
    }
    assert {name for name in first if first[name] == 0 and last[name] != 0} == without | begun_by_none
    assert run.start[list(without)].isna().all()
    assert run.start["collective_income"] > 0
