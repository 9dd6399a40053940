"""A village table of several years: what is known is kept, what lasts is told from luck, what is missing is drawn near it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from checks import simulate
from unit.command_line import villagesim
from unit.files.made_county import GROWTH, NOISE, PERSISTENCE, made_county, with_table, written

import villagesim as vs
from villagesim.errors import RollError
from villagesim.places.endowments import LASTING, SOURCES
from villagesim.places.incomes import pulled


@pytest.fixture(scope="module")
def codes(one_town: vs.Scenario) -> tuple[str, ...]:
    return one_town.place.before.codes


@pytest.fixture(scope="module")
def county(codes):
    return made_county(codes)


@pytest.fixture(scope="module")
def own(codes, county, tmp_path_factory: pytest.TempPathFactory) -> vs.Scenario:
    """Five years, a fifth of the incomes missing."""
    folder = tmp_path_factory.mktemp("own")
    written(folder, codes, county, 0.2)
    return with_table(folder, county)


def rmse(off) -> float:
    return float(np.sqrt(np.mean(np.square(off))))


# five years with gaps


def test_known_incomes_are_kept_and_totals_hold(own: vs.Scenario, county) -> None:
    known = np.isfinite(own.table["income"])
    assert 80 < known.sum() < 105
    for draw in (0, 1):
        income = own.endow(1, draw).income
        np.testing.assert_array_equal(income[known], np.round(county.income[:, 4], 2)[known])
        assert income.mean() == pytest.approx(500_000)
        assert (income >= 500_000).sum() == (county.income[:, 4] >= 500_000).sum()


def test_what_lasts_is_found_better_than_by_the_last_year(own: vs.Scenario, county) -> None:
    """Planted deviations of .15; the error is about what is said of it, and well below the last year's own deviation."""
    known = np.isfinite(own.table["income"])
    off, last = (np.log(level[known] / county.lasting[known]) for level in (own.endow(1).lasting, county.income[:, 4]))
    said = rmse(own.table["lasting_error"][known])
    assert np.std(off) < 0.8 * np.std(last)
    assert 0.8 * said < np.std(off) < 1.2 * said
    assert own.endow(1).lasting[known].sum() == pytest.approx(own.endow(1).income[known].sum())


def test_missing_incomes_are_drawn_near_those_of_other_years(own: vs.Scenario, one_town: vs.Scenario, county) -> None:
    """A county that knows nothing of them draws with a spread of .8; twin: the same without what lasts."""
    missing = np.isnan(own.table["income"])
    blind = replace(own, table={"income": own.table["income"]})
    near, far = (np.log(s.endow(1).income / county.income[:, 4])[missing] for s in (own, blind))
    assert rmse(near) < 2 * NOISE
    assert rmse(far) > 2.5 * rmse(near)


def test_what_is_missing_of_a_total_moves_most_what_is_known_least() -> None:
    """By hand: two villages below and one above 100, drawn at 50, 80 and 200, 40 yuan more in all; the first is known well."""
    found = pulled(np.log([50.0, 80.0, 200.0]), np.array([1e-4, 0.1, 0.1]), 1, 100.0, 370.0)
    step = np.log(found / [50, 80, 200])
    assert found.sum() == pytest.approx(370)
    assert step[2] == pytest.approx(1e3 * step[0], rel=1e-6)
    assert found[1] == pytest.approx(80 * (found[2] / 200))
    capped = pulled(np.log([50.0, 80.0, 200.0]), np.full(3, 0.1), 1, 100.0, 900.0)
    assert capped[1] < 100 < capped[2]
    assert capped.sum() == pytest.approx(900)


def test_totals_that_the_table_contradicts_are_refused_with_what_other_years_tell(own: vs.Scenario, county) -> None:
    published = replace(own.published, share_above=0.99)
    with pytest.raises(RollError, match="Other years tell of a mean_income of about") as caught:
        replace(own, published=published).endow(1)
    told = float(str(caught.value).split("share_above of ")[1].rstrip("."))
    assert told == pytest.approx((county.income[:, 4] >= 500_000).mean(), abs=0.03)


def test_draws_other_than_the_likeliest_are_as_far_off_as_they_may_be(own: vs.Scenario) -> None:
    known = np.isfinite(own.table["income"])
    level, error = (own.table[name][known] for name in ("lasting", "lasting_error"))
    off = np.log([own.endow(1, draw).lasting[known] / level for draw in range(1, 6)]) / error
    assert abs(off.mean()) < 0.2
    assert off.std() == pytest.approx(1, abs=0.15)
    growth = np.array([own.endow(1, draw).growth for draw in range(1, 6)])
    assert growth.std(axis=0).mean() > 0.5 * own.table["growth_error"].mean() > 0
    assert (own.endow(1).growth == own.table["growth"]).all()


def test_noise_of_a_village_is_drawn_as_uncertain_as_it_is(own: vs.Scenario) -> None:
    """Its logarithm with the error that is stated; its mean square, of 2,340 drawn ones, is the one that is expected."""
    noise, error = own.table["noise"], own.table["noise_error"]
    assert (own.endow(1).noise == noise).all()
    off = np.array([own.endow(1, draw).noise / noise for draw in range(1, 21)])
    assert error.min() > 0.02
    assert (np.log(off) / error).std() == pytest.approx(1, abs=0.06)
    assert (off**2).mean() == pytest.approx(1, abs=0.04)


def test_growth_and_noise_of_all_become_parameters_with_a_range(own: vs.Scenario) -> None:
    """Nominal growth .06 less prices of .02, drawn towards the assumption; deviations of .15 as an AR(1), one-offs among them."""
    growth, noise = own.parameters["income_growth"], own.parameters["income_own_sd"]
    assert growth.low < GROWTH - 0.02 < growth.high
    assert 0.03 < growth.value < 0.05
    innovation = NOISE * (1 - PERSISTENCE**2) ** 0.5
    assert 0.8 * innovation < noise.value < innovation
    assert noise.source == "own figures of 2016 to 2020, 117 villages"
    assert any("tell what lasts of each village's, its growth and its noise" in note for note in own.notes)


@pytest.mark.parametrize(("spread", "told"), [(0.02, False), (0.08, False), (0.15, True)])
def test_noise_is_told_only_where_one_offs_cannot_be_all_of_it(
    codes, tmp_path: Path, spread: float, told: bool
) -> None:
    """Eight years, one-offs of .077 as assumed. Not told, it ends above what was planted, were there none, and begins at 0."""
    county = made_county(codes, tuple(range(2013, 2021)), noise=spread)
    written(tmp_path, codes, county)
    town = with_table(tmp_path, county, at=7)
    noise, innovation = town.parameters["income_own_sd"], spread * (1 - PERSISTENCE**2) ** 0.5
    assert noise.low <= noise.value <= noise.high
    assert (noise.low > 0) == told
    sets, untold = (
        any(words in note for note in town.notes) for words in ("income_own_sd = ", "not clearly more than")
    )
    assert (sets, untold) == (told, not told)
    if told:
        beside = (innovation**2 - 0.00599 * (1 - PERSISTENCE**2)) ** 0.5
        assert noise.low < beside < noise.high
        assert noise.high - noise.low > 0.12 * beside
    else:
        assert innovation < noise.high < 1.2 * innovation
        assert noise.value < noise.high / 2
        assert any(f"is {noise.high:.3g} at most, and {noise.value:.3g} where" in note for note in town.notes)
        assert noise.source.endswith("and assumption")


def test_growth_is_by_year_where_years_are_missing(codes, tmp_path: Path) -> None:
    """Every other year of nine: twice the growth between figures is not twice the growth a year."""
    county = made_county(codes, tuple(range(2012, 2021)))
    written(tmp_path, codes, county, years=range(2012, 2021, 2))
    growth = with_table(tmp_path, county, at=8).parameters["income_growth"]
    assert growth.low < GROWTH - 0.02 < growth.high
    assert growth.value < 0.06


def test_what_the_scenario_says_of_growth_stands(codes, county, tmp_path: Path) -> None:
    written(tmp_path, codes, county, 0.2)
    said = with_table(tmp_path, county, more="[parameters]\nincome_growth = 0.01\n\n")
    assert said.parameters.income_growth == 0.01
    assert said.parameters["income_own_sd"].source.startswith("own figures")


# what it does in a run


def test_what_the_last_year_had_beyond_what_lasts_fades_in_the_run(own: vs.Scenario) -> None:
    """By hand: against a run that takes the last year for lasting, with the same luck.

    Subsidies of year k are exp((persistence^k - 1) deviation) of it, times growth of their own; noise is that of all here.
    """
    blind = replace(own, table={"income": own.endow(1).income})
    told = replace(
        own, table=dict(own.table) | {"income": own.endow(1).income, "noise": np.ones(len(own.place.before))}
    )
    runs = [simulate(each, "no merger") for each in (told, blind)]
    with_own, without = (run.record.recorder.column("income_subsidy") for run in runs)
    endowment = runs[0].history.endowment
    np.testing.assert_allclose(with_own[:12], without[:12], rtol=1e-12)
    assert rmse(endowment.deviation) > 0.05
    assert (endowment.noise == 1).all()
    rate = own.parameters.income_growth
    for month in (0, 11, 12, 30):
        fading = (PERSISTENCE ** (month // 12 + 1) - 1) * endowment.deviation
        growth = ((1 + rate + endowment.growth) / (1 + rate)) ** ((month + 6.5) / 12)
        np.testing.assert_allclose(with_own[12 + month] / without[12 + month], growth * np.exp(fading), rtol=1e-9)


def test_notes_are_english_as_data_and_printed_in_the_language_that_is_spoken(own: vs.Scenario, capsys) -> None:
    print(*own.notes, sep="\n")
    with vs.language("zh"):
        print(*own.notes, sep="\n")
        assert own.notes[0].startswith("mine.csv: ")
    said = capsys.readouterr().out.splitlines()
    half = len(own.notes)
    assert said[:half] == list(own.notes)
    assert len(said) == 2 * half
    assert "可以判断各村的常态" in said[half] or "收入" in said[half]
    assert " tell what " not in "".join(said[half:])


def test_noise_of_each_village_widens_its_own_deviations(one_town: vs.Scenario) -> None:
    """A village with three times the noise: its log deviation of the first year is three times as large, less the common one."""
    n = len(one_town.place.before)
    lasts = {name: np.zeros(n) for name in LASTING} | {"lasting": np.full(n, np.nan)}
    noise = np.where(np.arange(n) % 2, 3.0, 1.0)
    plain, noisy = (
        simulate(replace(one_town, table=lasts | {"noise": own}), "no merger") for own in (np.ones(n), noise)
    )
    p = one_town.parameters
    first = [np.log(run.record.recorder.column("income_subsidy")[12]) for run in (noisy, plain)]
    shift = first[0] - first[1] + (noise**2 - 1) * p.income_own_sd**2 / 2
    np.testing.assert_allclose(shift[::2], 0, atol=1e-12)
    assert np.std(shift[1::2]) == pytest.approx(2 * p.income_own_sd, rel=0.25)


# what else may stand in a table


def test_one_year_with_a_column_of_years_is_as_one_without(codes, county, tmp_path: Path) -> None:
    written(tmp_path, codes, county, 0.2, years=[2020])
    by_year = with_table(tmp_path, county)
    lines = (tmp_path / "mine.csv").read_text(encoding="utf-8").splitlines()
    plain = "\n".join(",".join(np.array(line.split(","))[[0, 2]]) for line in lines)
    (tmp_path / "mine.csv").write_text(plain, encoding="utf-8")
    without = with_table(tmp_path, county)
    assert without.digest == by_year.digest
    assert not set(LASTING) & set(without.table)


def test_a_column_a_year_is_as_a_row_a_year(codes, county, tmp_path: Path) -> None:
    """Incomes of five years beside each other, in 万元, and members of nobody knows which year: of the one before the start."""
    written(tmp_path, codes, county, cells=lambda i, k: f",{500 + i}" if k == 4 else ",", more=",members")
    by_row = with_table(tmp_path, county)
    heading = ",".join(["代码", "成员数", *(f"{year}年集体收入(万元)" for year in county.years)])
    rows = [
        ",".join([code, str(500 + i), *(f"{value / 1e4:.6f}" for value in county.income[i])])
        for i, code in enumerate(codes)
    ]
    (tmp_path / "mine.csv").write_text("\n".join([heading, *rows]), encoding="utf-8")
    by_column = with_table(tmp_path, county)
    assert by_column.table.keys() == by_row.table.keys()
    for name, values in by_row.table.items():
        np.testing.assert_allclose(by_column.table[name], values, rtol=1e-5, atol=1e-7)
    assert by_column.notes == by_row.notes


def test_a_year_in_another_unit_is_noted(codes, county, tmp_path: Path) -> None:
    income = county.income.copy()
    income[:, 2] /= 10_000
    written(tmp_path, codes, replace(county, income=income))
    middle = [f"{np.median(np.round(income[:, k], 2)):,.0f}" for k in (1, 2, 3)]
    said = [note for note in with_table(tmp_path, county).notes if note.endswith("see that both are in the same unit")]
    assert said == [
        f"mine.csv: the middle income is {one} yuan in {year} and {other} in {year + 1}: see that both are in the same unit"
        for one, other, year in ((middle[0], middle[1], 2017), (middle[1], middle[2], 2018))
    ]


def test_villages_and_years_of_another_unit_or_of_nothing_set_no_parameters(codes, county, tmp_path: Path) -> None:
    """One village in 万元 for four years, a year in which all is 0: what is told is what the table without them tells."""
    income, without = county.income.copy(), county.income.copy()
    income[5, :4] /= 10_000
    income[:, 1], without[:, 1], without[5, :4] = 0.0, np.nan, np.nan
    slipped = replace(county, income=income)
    written(tmp_path, codes, slipped)
    found = with_table(tmp_path, slipped)
    lines = [line for line in (tmp_path / "mine.csv").read_text(encoding="utf-8").splitlines() if ",2017," not in line]
    lines = [line for line in lines if not line.startswith(codes[5])]
    (tmp_path / "mine.csv").write_text("\n".join(lines), encoding="utf-8")
    clean = with_table(tmp_path, slipped)
    for name in ("income_growth", "income_own_sd"):
        assert found.parameters[name].value == clean.parameters[name].value
    assert found.table["income"][5] == pytest.approx(county.income[5, 4], abs=0.01)
    assert found.endow(1).noise[5] < 1.5
    said = [note for note in found.notes if "tell nothing" in note]
    assert [f"in 1 of the villages ({codes[5]})" in note for note in said] == [False, True]
    assert "nearly all incomes of 2017 are 0" in said[0]
    assert not [note for note in clean.notes if "tell nothing" in note]


def test_only_one_year_with_incomes_tells_no_growth(codes, county, tmp_path: Path) -> None:
    income = county.income.copy()
    income[:, :4] = 0.0
    bare = replace(county, income=income)
    written(tmp_path, codes, bare)
    town = with_table(tmp_path, bare)
    assert not set(LASTING) & set(town.table)
    assert any("nearly all incomes of 2016, 2017, 2018, 2019 are 0" in note for note in town.notes)


def test_income_by_source_is_kept_and_the_rest_is_shared_out(codes, county, tmp_path: Path) -> None:
    """A third is rent, a tenth comes from investments and as much from own business; the others share what is left."""

    def cells(i: int, k: int) -> str:
        return "".join(f",{share * county.income[i, k]:.2f}" for share in (1 / 3, 0.1, 0.1)) if i % 2 else ",,,"

    written(tmp_path, codes, county, more=",发包及上交收入(元),投资收益(元),经营收入(元)", cells=cells)
    shares = with_table(tmp_path, county).endow(1).source_shares
    np.testing.assert_allclose(shares.sum(axis=0), 1)
    operating, rent = SOURCES.index("operating"), SOURCES.index("rent")
    np.testing.assert_allclose(shares[rent][1::2], 1 / 3, atol=1e-4)
    np.testing.assert_allclose(shares[operating][1::2], 0.2, atol=1e-4)
    assert shares[rent][::2].std() > 0.02


def test_income_is_the_sum_of_its_sources_where_only_these_are_given(codes, tmp_path: Path) -> None:
    lines = ["代码,年份,经营收入(万元),发包收入(万元),补助收入(万元),其他收入(万元)"]
    lines += [f"{codes[0]},2020年,10,20,5,1.5", f"{codes[1]},2020,10,20,,1"]
    (tmp_path / "mine.csv").write_text("\n".join(lines), encoding="utf-8")
    town = with_table(tmp_path, made_county(codes))
    assert town.table["income"][0] == 365_000
    assert np.isnan(town.table["income"][1])
    np.testing.assert_allclose(town.endow(1).source_shares[:, 0], np.array([10, 20, 5, 1.5]) / 36.5)


def test_villages_without_income_stay_so_and_bad_years_do_not_last(codes, county, tmp_path: Path) -> None:
    """Zeros in all years last; a zero in the last year only does not."""
    income = county.income.copy()
    income[:3], income[3:9, 4] = 0.0, 0.0
    bare = replace(county, income=income)
    written(tmp_path, codes, bare)
    endowment = with_table(tmp_path, bare).endow(1)
    assert (endowment.lasting[:3] == 0).all()
    assert (endowment.income[3:9] == 0).all()
    assert (endowment.lasting[3:9] > 0.05 * county.lasting[3:9]).all()
    assert np.isfinite(endowment.deviation).all()
    assert (endowment.noise[3:9] > 2).all()
    assert endowment.noise[9:].mean() < 1.2


def test_people_and_debts_are_the_last_that_are_known(codes, county, tmp_path: Path) -> None:
    lines = [f"{codes[0]},2018,400,1000", f"{codes[0]},2020,,3000", f"{codes[1]},2019,500,"]
    (tmp_path / "mine.csv").write_text("\n".join(["code,year,residents,debt", *lines]), encoding="utf-8")
    town = with_table(tmp_path, county)
    assert (town.table["residents"][0], town.table["residents"][1], town.table["debt"][0]) == (400, 500, 3000)
    assert "mine.csv: number of residents of 2 villages is of a year before 2020, the last that is known" in town.notes


def test_two_years_of_few_villages_tell_nothing_of_what_lasts(codes, county, tmp_path: Path) -> None:
    written(tmp_path, codes[:5], county, years=[2019, 2020])
    town = with_table(tmp_path, county)
    assert not set(LASTING) & set(town.table)
    assert "mine.csv: too few villages have incomes of several years to tell what lasts" in town.notes


REFUSED = {
    "no year": ("code,year,income\n{a},,5", "year = '' is not a year"),
    "two digits": ("code,year,income\n{a},20,5", "Write it with four digits, as 2019"),
    "twice": ("code,year,income\n{a},2019,5\n{a},2019,6", "of 2019 stands in row 2 already"),
    "years twice": ("code,year,2019收入(元),2020收入(元)\n{a},2019,5,6", "headings name the years 2019, 2020, and there is"),
    "same year twice": ("code,2019收入(元),2020收入(元),2020总收入(元)\n{a},1,5,6", "2 columns are headed 'income of 2020'"),
    "with a year and without": ("code,income,income_2019\n{a},5,6", "income stands without a year and of 2019"),
    "with years and without": ("code,income,2019收入(元),2020收入(元)\n{a},1,5,6", "income stands without a year and of 2019"),
    "no number": ("code,2019收入(元),2020收入(元)\n{a},1,x", "income of 2020 = 'x' is not a number"),
    "joined part after the decree": ("code,year,income\n{joined},2021,5", "Figures of 2021 are of the villages after the merger"),
    "new village before it": ("code,year,income\n{new},2020,5", "Figures of 2020 are of the villages before the merger"),
    "sources beyond income": ("code,year,income,rent,other\n{a},2020,5,4,7", "income = 5 is less than its sources, 11 in all"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused(one_town: vs.Scenario, county, tmp_path: Path, text: str, said: str) -> None:
    before, after = one_town.place.before.codes, one_town.place.after.codes
    codes = {"a": before[0], "joined": min({*before} - {*after}), "new": min({*after} - {*before}, default="")}
    if "{new}" in text and not codes["new"]:
        pytest.skip("every village after the merger has the code of one before it")
    (tmp_path / "mine.csv").write_text(text.format(**codes), encoding="utf-8")
    with pytest.raises(RollError) as caught:
        with_table(tmp_path, county)
    assert said in " ".join(str(caught.value).split()), caught.value


def test_check_writes_what_was_read_and_what_years_say_a_row_a_village(
    codes, county, own: vs.Scenario, tmp_path: Path
) -> None:
    written(tmp_path, codes, county, 0.2)
    file = Path(with_table(tmp_path, county).source)
    said = villagesim("check", str(file), "--villages", str(tmp_path / "read.csv"))
    assert said.returncode == 0, said.stderr
    table = pd.read_csv(tmp_path / "read.csv", dtype={"code": str}, encoding="utf-8-sig")
    assert [*table["code"]] == [*codes]
    assert [*table["name"]] == [*own.place.before.names]
    assert {"income", "lasting", "lasting_error", "growth", "growth_error", "noise", "noise_error"} <= {*table.columns}
    assert "together" not in table
    for name in table.columns[3:]:
        np.testing.assert_allclose(table[name], own.table[name], rtol=1e-9)
    none = villagesim("check", "packaged:one_town", "--villages", str(tmp_path / "none.csv"))
    assert none.returncode == 2
    assert "no table of its villages" in none.stderr
    assert not (tmp_path / "none.csv").exists()
