"""Faulty scenario files: each is refused with file, place, value, rule and a way out, in plain words."""

from pathlib import Path

import pytest

import villagesim as vs
from villagesim.errors import VillagesimError

GOOD = (Path(__file__).parents[2] / "scenarios" / "one_town.toml").read_text(encoding="utf-8")
FIVE = 'kind = "five_integrations"\nstart = 2022-03-01\nfacilitators = 4'
TRUST = 'kind = "land_trust"\nstart = 2022-03-01'
FIRST_POLICY = ("[[strategy]] 1 (five integrations)", "[[strategy.policy]] 1 (five_integrations)")
SECOND_POLICY = ("[[strategy]] 2 (land trust)", "[[strategy.policy]] 1 (land_trust)")
TOWNSHIPS = 'townships = ["白云湖街道", "相公庄街道", "宁家埠街道"]'
BETWEEN = next(line for line in GOOD.splitlines() if line.startswith("decree_between"))
TOTALS = GOOD[GOOD.index("residents =") : GOOD.index("[merger]")]
WRONG_TOTALS = "residents = 0\nmean_income = -1.0\nthreshold = 'x'\nshare_above = 2\narable = -1\n"
MERGER = GOOD[GOOD.index("[merger]") : GOOD.index("[fund]")]
CODE = "370114009201"
CODES = vs.load_scenario("packaged:one_town").place.before.codes
JARGON = (
    "Traceback",
    "Value error",
    "type=",
    "https://",
    "pydantic",
    "input should",
    "Input should",
    "datetime.",
    "None",
)


def five(*lines: str) -> tuple[str, str]:
    """The five integrations with more lines, or with others in their place."""
    return FIVE, "\n".join((FIVE, *lines))


def place(line: str) -> tuple[str, str]:
    """Another line in [place]."""
    return "residents = 54_000", f"{line}\nresidents = 54_000"


def parameters(text: str) -> tuple[str, str]:
    """A table of parameters."""
    return "[fund]", f"{text}\n[fund]"


CASES = {
    # keys that nobody knows, at every level
    "key": (("title =", 'titel = "x"\ntitle ='), ["titel is not a key here", "'title'"]),
    "key of place": (("arable =", "arabel = 3\narable ="), ["[place] arabel is not a key here", "'arable'"]),
    "key of merger": (("decree =", "decre = 2021-07-01\ndecree ="), ["[merger] decre is not a key", "'decree'"]),
    "key of fund": (("since =", "sinse = 1\nsince ="), ["[fund] sinse is not a key", "'since'"]),
    "key of a strategy": (
        ('name = "land trust"', 'name = "land trust"\nnames = "x"'),
        ["[[strategy]] 2: names is not a key", "'name'"],
    ),
    "key of a policy": (five("facilitator = 3"), [*FIRST_POLICY, "facilitator is not a key", "'facilitators'"]),
    "key of a target": (five('target = {rule = "lowest", m = 3}'), [*FIRST_POLICY, "[target] m is not a key", "rule"]),
    # dates
    "start in the month": (
        ("start = 2021-01-01", "start = 2021-01-15"),
        ["start = 2021-01-15 is not the first of a month", "2021-01-01 and 2021-02-01"],
    ),
    "start in words": (("start = 2021-01-01", 'start = "soon"'), ["start = 'soon' must be a date", "2022-03-01"]),
    "start in quotes": (("start = 2021-01-01", 'start = "2021-01-01"'), ["'2021-01-01'", "without quotation marks"]),
    "start with a time": (("start = 2021-01-01", "start = 2021-01-01T08:00:00"), ["08:00:00", "time of day"]),
    "start as a number": (("start = 2021-01-01", "start = 2021"), ["start = 2021 must be a date"]),
    "end in the month": (
        ("end = 2023-12-31", "end = 2023-12-30"),
        ["end = 2023-12-30 is not the last day of a month", "2023-11-30 and 2023-12-31"],
    ),
    "end before start": (("end = 2023-12-31", "end = 2020-12-31"), ["end = 2020-12-31 is not after start = 2021-01-01"]),
    "decree before announcement": (
        ("decree = 2021-07-01", "decree = 2021-03-01"),
        ["[merger]", "announcement = 2021-04-01 and decree = 2021-03-01", "The announcement comes first"],
    ),
    "decree in the month": (
        ("decree = 2021-07-01", "decree = 2021-07-02"),
        ["[merger] decree = 2021-07-02 is not the first", "2021-07-01 and 2021-08-01"],
    ),
    "decree after the end": (("decree = 2021-07-01", "decree = 2027-07-01"), ["decree = 2027-07-01", "within the run"]),
    "announcement before the start": (("announcement = 2021-04-01", "announcement = 2020-04-01"), ["2020-04-01", "within"]),
    "election outside": (
        ("end = 2023-12-31", "end = 2023-12-31\nelections = [2031-01-01]"),
        ["elections: 2031-01-01 lies outside the run", "Leave it out"],
    ),
    "election in the month": (
        ("end = 2023-12-31", "end = 2023-12-31\nelections = [2022-01-05]"),
        ["elections = 2022-01-05 is not the first", "2022-01-01 and 2022-02-01"],
    ),
    "elections not listed": (
        ("end = 2023-12-31", "end = 2023-12-31\nelections = 2022-01-01"),
        ["elections = 2022-01-01 must be a list in square brackets"],
    ),
    "election not a date": (
        ("end = 2023-12-31", "end = 2023-12-31\nelections = [2022-01-01, 2023]"),
        ["elections, value 2 = 2023 must be a date"],
    ),
    "policy after the end": (
        (FIVE, FIVE.replace("2022", "2032")),
        [*FIRST_POLICY, "start = 2032-03-01 lies outside the run", "Choose a first of a month within it"],
    ),
    "policy in the month": (
        (FIVE, FIVE.replace("03-01", "03-09")),
        [*FIRST_POLICY, "start = 2022-03-09 is not the first", "2022-03-01 and 2022-04-01"],
    ),
    "policy as a number": ((FIVE, FIVE.replace("2022-03-01", "20220301")), [*FIRST_POLICY, "20220301 must be a date"]),
    "policy ends too early": (
        five("end = 2022-02-01"),
        [*FIRST_POLICY, "end = 2022-02-01 is not after start = 2022-03-01", "Choose a later end"],
    ),
    "policy ends in the month": (five("end = 2022-12-31"), [*FIRST_POLICY, "end = 2022-12-31 is not the first"]),
    # numbers
    "negative fund": (("yearly = 5_000_000", "yearly = -5"), ["[fund] yearly = -5 must be at least 0"]),
    "endless fund": (("yearly = 5_000_000", "yearly = inf"), ["[fund] yearly = inf must be a finite number"]),
    "money of no year": (("yearly = 5", "also = { 21 = 5 }\nyearly = 5"), ["[fund] also.21 = '21' must be a year, as 2021"]),
    "negative money of a year": (
        ("yearly = 5", "also = { 2021 = -5 }\nyearly = 5"),
        ["[fund] also.2021 = -5 must be at least 0"],
    ),
    "includes what is not there": (
        ('name = "land trust"', 'name = "land trust"\nincludes = ["five"]'),
        ["[[strategy]] 2 (land trust), includes: 'five' is not a strategy above", "five integrations, no merger"],
    ),
    "includes itself": (
        ('name = "land trust"', 'name = "land trust"\nincludes = ["land trust"]'),
        ["[[strategy]] 2 (land trust), includes: 'land trust' is not a strategy above"],
    ),
    "without what is not there": (
        ('name = "land trust"', 'name = "land trust"\nincludes = ["five integrations"]\nwithout = ["five"]'),
        ["[[strategy]] 2 (land trust), without: 'five' is the label of no policy", "five_integrations"],
    ),
    "without of nothing": (
        ('name = "land trust"', 'name = "land trust"\nwithout = ["five"]'),
        ["[[strategy]] 2 (land trust), without: 'five' is the label of no policy", "There are none."],
    ),
    "line of a list too high": (
        (FIVE, FIVE + '\n[[strategy.policy]]\nkind = "weak_village_list"\nstart = 2022-03-01\nlines = [1e12]'),
        ["lines = (1000000000000.0,) must be one sum or more above 0 yuan, each below 1e9"],
    ),
    "negative budget": (five("budget = -5"), [*FIRST_POLICY, "budget = -5", "at least 0 yuan", "left out"]),
    "negative cost": (five("cost_per_facilitator = -1"), [*FIRST_POLICY, "cost_per_facilitator = -1", "at least 0"]),
    "negative people": (("residents = 54_000", "residents = -1"), ["[place] residents = -1 must be at least 1"]),
    "no income": (
        ("mean_income = 500_000", "mean_income = 0"),
        ["[place] mean_income = 0 must be above 0", "subsidies too", "as without_income"],
    ),
    "income below nothing": (
        ("mean_income = 500_000", "mean_income = -1"),
        ["mean_income = -1 must be above 0", "without_income"],
    ),
    "table of no income": (place('table = "nothing.csv"'), ["gives all incomes, and all are 0", "subsidies too"]),
    "income not a number": (("mean_income = 500_000", "mean_income = nan"), ["mean_income = nan must be a finite number"]),
    "share in per cent": (("share_above = 0.344", "share_above = 34.4"), ["[place] share_above = 34.4 must be at most 1"]),
    "half a facilitator": (
        (FIVE, FIVE.replace("= 4", "= 4.5")),
        [*FIRST_POLICY, "facilitators = 4.5 must be a whole number"],
    ),
    "floor not a number": ((TRUST, TRUST + "\nhousehold_floor = nan"), [*SECOND_POLICY, "household_floor = nan", "finite"]),
    "split that does not add up": (
        (TRUST, TRUST + "\nsplit = [0.5, 0.2, 0.3, 0.05, 0.1]"),
        [*SECOND_POLICY, "split = (0.5, 0.2, 0.3, 0.05, 0.1)", "add up to 1"],
    ),
    "split of two": ((TRUST, TRUST + "\nsplit = [0.5, 0.5]"), [*SECOND_POLICY, "split, value 3 is missing"]),
    "split of four": ((TRUST, TRUST + "\nsplit = [0.25, 0.25, 0.25, 0.25]"), [*SECOND_POLICY, "split, value 5 is missing"]),
    # parameters
    "unknown parameter": (parameters("[parameters]\nvote_los = 3"), ["[parameters] vote_los", "'vote_loss'"]),
    "parameter outside": (
        parameters("[parameters]\nvote_loss = 30"),
        ["[parameters] vote_loss = 30 is outside [1, 5] logit points", "To go outside it", "[parameters.vote_loss]"],
    ),
    "parameter in quotes": (parameters('[parameters]\nvote_loss = "3"'), ["vote_loss = '3' must be a finite number"]),
    "half a range": (parameters("[parameters.vote_loss]\nvalue = 9"), ["[parameters.vote_loss]", "value, low, high, source"]),
    "range without the value": (
        parameters('[parameters.vote_loss]\nvalue = 30\nlow = 1\nhigh = 20\nsource = "me"'),
        ["vote_loss = 30 is outside [1, 20]", "Range from: me"],
    ),
    "endless range": (
        parameters('[parameters.vote_loss]\nvalue = 3\nlow = 1\nhigh = inf\nsource = "me"'),
        ["vote_loss.high = inf must be a finite number"],
    ),
    # missing, or of another type
    "no title": (('title = "Three townships of Zhangqiu: 117 villages into 73"', ""), ["title is missing"]),
    "no residents": (("residents = 54_000", ""), ["[place] residents is missing"]),
    "decree outside of where it may lie": (
        (BETWEEN, "decree_between = [2021-08-01, 2021-10-01]"),
        ["[merger] decree_between = 2021-08-01 to 2021-10-01 must hold the decree, 2021-07-01", "first and the last date"],
    ),
    "one date where the decree may lie": ((BETWEEN, "decree_between = [2021-08-01]"), ["decree_between"]),
    "decree may lie within a month": (
        (BETWEEN, "decree_between = [2021-02-03, 2021-10-01]"),
        ["[merger] decree_between = 2021-02-03 is not the first", "2021-02-01 and 2021-03-01"],
    ),
    "no decree": (("decree = 2021-07-01", ""), ["[merger] decree is missing"]),
    "no facilitators": ((FIVE, FIVE.replace("facilitators = 4", "")), [*FIRST_POLICY, "facilitators is missing"]),
    "no start of a policy": ((FIVE, FIVE.replace("start = 2022-03-01", "")), [*FIRST_POLICY, "start is missing"]),
    "kind that is a table": (
        (FIVE, FIVE.replace('"five_integrations"', "{ a = 1 }")),
        ["[[strategy]] 1 (five integrations), [[strategy.policy]] 1", "kind = {...} is not a policy", "land_trust"],
    ),
    "no kind": (
        (FIVE, FIVE.replace('kind = "five_integrations"', "")),
        ["[[strategy]] 1 (five integrations), [[strategy.policy]] 1: kind is missing", "land_trust"],
    ),
    "people in words": (("residents = 54_000", 'residents = "many"'), ["[place] residents = 'many' must be a whole number"]),
    "people true": (("residents = 54_000", "residents = true"), ["[place] residents = true must be a whole number"]),
    "townships as text": ((TOWNSHIPS, 'townships = "白云湖街道"'), ["[place] townships = '白云湖街道' must be a list"]),
    "a number as township": ((TOWNSHIPS, "townships = [3]"), ["[place] townships, value 1 = 3 must be text"]),
    "switch as a number": (place("counted_after = 1"), ["[place] counted_after = 1 must be true or false"]),
    "strategies in one table": (
        (GOOD[GOOD.index("[[strategy]]") :], '[strategy]\nname = "x"\n'),
        ["strategy = {...} must be a list"],
    ),
    "facilitators in quotes": ((FIVE, FIVE.replace("= 4", '= "4"')), [*FIRST_POLICY, "facilitators = '4' must be a whole"]),
    "label as a number": (five("label = 3"), [*FIRST_POLICY, "label = 3 must be text in quotation marks"]),
    "a policy that is no table": (
        ("[[strategy.policy]]\n" + FIVE, 'policy = ["x"]'),
        ["[[strategy]] 1: policy 1 = 'x' must be a table"],
    ),
    "two things wrong": (
        ("residents = 54_000", 'residents = "many"\narabel = 3'),
        ["[place] residents = 'many' must be a whole number", "\n  [place] arabel is not a key here. Did you mean 'arable'?"],
    ),
    "all totals wrong": (
        (TOTALS, WRONG_TOTALS),
        [
            "[place] residents = 0 must be at least 1.",
            "\n  [place] mean_income = -1 must be above 0.",
            "\n  [place] threshold = 'x' must be a number.",
            "\n  [place] share_above = 2 must be at most 1.",
            "\n  [place] arable = -1 must be at least 0.",
        ],
    ),
    # names
    "unknown policy": ((FIVE, FIVE.replace("integrations", "integration")), ["'five_integration'", "'five_integrations'"]),
    "two strategies of one name": (
        ('name = "land trust"', 'name = "five integrations"'),
        ["[[strategy]] 2 (five integrations)", "is there already", "another name"],
    ),
    "reserved name": (
        ('name = "land trust"', 'name = "no merger"'),
        ["[[strategy]] 2 (no merger)", "is always there", "another name"],
    ),
    "empty label": (("villages = 14", 'villages = 14\nlabel = ""'), ["land_trust", "label is given, and empty", "Leave it out"]),
    "empty target": (("villages = 14", "villages = 14\ntarget = {}"), ["land_trust", "target is given, and empty"]),
    "mean next to nothing": (("mean_income = 500_000", "mean_income = 5e-324"), ["mean_income = 5e-324 must be at least 1"]),
    "threshold next to nothing": (("threshold = 500_000", "threshold = 1e-300"), ["threshold = 1e-300 must be at least 1"]),
    "empty name": (('name = "land trust"', 'name = ""'), ["[[strategy]] 2: name = ''", "not empty"]),
    "two policies of one label": (
        (GOOD[GOOD.index('name = "both"') :], f'name = "x"\n[[strategy.policy]]\n{TRUST}\n[[strategy.policy]]\n{TRUST}\n'),
        ["[[strategy]] 3 (x)", "two policies are called 'land_trust'", "label ="],
    ),
    "unknown township": (("白云湖街道", "白云湖街"), ["'白云湖街'", "'白云湖街道'"]),
    "unknown township of a target": (
        five('target = {rule = "townships", names = ["白云湖街"]}'),
        [*FIRST_POLICY, "'白云湖街' is none of the townships here", "'白云湖街道'"],
    ),
    "unknown village of a target": (
        five('target = {rule = "villages", names = ["370114001299"]}'),
        [*FIRST_POLICY, "'370114001299' is none of the villages here"],
    ),
    "unknown rule": (five('target = {rule = "poorest", n = 3}'), [*FIRST_POLICY, "[target] rule = 'poorest'", "'lowest'"]),
    "rule without names": (five('target = {rule = "villages"}'), [*FIRST_POLICY, "needs names", "names = [...]"]),
    "rule without n": (five('target = {rule = "lowest"}'), [*FIRST_POLICY, "needs how many", "n = 100"]),
    "names without a rule": (five('target = {names = ["白云湖街道"]}'), [*FIRST_POLICY, "takes no names", "rule ="]),
    "n without a rule": (five("target = {n = 30}"), [*FIRST_POLICY, "takes no n", "lowest"]),
    "target in a word": (five('target = "all"'), [*FIRST_POLICY, "target = 'all' must be a table"]),
    "unknown outcome of a target": (
        five('target = {rule = "lowest", n = 3, outcome = "incom_per_member"}'),
        [*FIRST_POLICY, "incom_per_member is not an outcome", "'income_per_member'"],
    ),
    "outcome that villages do not have": (
        five('target = {rule = "lowest", n = 3, outcome = "gini_income"}'),
        [*FIRST_POLICY, "'gini_income' is not observed by village", "income_per_member"],
    ),
    "unknown difference": (
        (GOOD[-1], "\n[margin]\ntrus = 0.1\n"),
        ["[margin] trus is not an outcome", "'trust'"],
    ),
    "negative difference": (
        (GOOD[-1], "\n[margin]\ntrust = -0.1\n"),
        ["[margin] trust = -0.1 must be above 0"],
    ),
    # places
    "unknown roll": (("packaged:370114_2020", "packaged:370114_2019"), ["'370114_2019'", "packaged:370114_2020"]),
    "roll that is not there": (("packaged:370114_2020", "none.csv"), ["none.csv", "cannot be read"]),
    "half a county": (place('county = "37"'), ["county = '37'", "6 digits for a county"]),
    "unknown kind of village": (place('kinds = ["vilage"]'), ["'vilage'", "'village'"]),
    "map without merger": (
        (MERGER, ""),
        ["[place] after, map and maps need a [merger]", "announcement and decree"],
    ),
    "merger without the roll after it": (('after = "packaged:370114_2021"', ""), ["[place]", "Add after ="]),
    "share that the mean forbids": (
        ("mean_income = 500_000", "mean_income = 100_000"),
        ["40 of 117 villages", "do not go with a mean of 100,000 yuan", "Correct share_above or mean_income"],
    ),
    "table of nobody": (place('table = "nobody.csv"'), ["the table gives 0, the scenario says 54,000", "Correct the table."]),
    "share of nobody": (("share_above = 0.344", "share_above = 0.001"), ["0 of 117 villages", "Correct share_above"]),
    # the user's figures
    "table that is not there": (place('table = "none.csv"'), ["none.csv", "cannot be read"]),
    "table without codes": (place('table = "no_code.csv"'), ["no_code.csv row 1: no column code"]),
    "unknown code in the table": (place('table = "unknown.csv"'), ["unknown.csv row 2", "'370114001999'", "Leave the row out"]),
    "negative figure": (place('table = "negative.csv"'), ["negative.csv row 2", "income = -3", "Leave the cell empty"]),
    "figure in words": (place('table = "words.csv"'), ["words.csv row 2", "income = 'many' is not a number"]),
    "part of a person": (place('table = "part.csv"'), ["part.csv row 2", "residents = 3.5", "whole number"]),
    "code twice": (place('table = "twice.csv"'), ["twice.csv row 3", CODE, "Keep one"]),
    "more people than there are": (place('table = "many.csv"'), ["3,000,000", "54,000", "Correct the table"]),
    "other map with an unknown code": (place('maps = ["map.csv"]'), ["map.csv row 2", "new_code = 370114001999 is not among"]),
    "map with an unknown code": (place('map = "map.csv"'), ["map.csv row 2", "new_code = 370114001999 is not among"]),
}  # fmt: skip
TABLES = {
    "no_code.csv": "kode,income\n1,2\n",
    "unknown.csv": "code,income\n370114001999,3\n",
    "negative.csv": f"code,income\n{CODE},-3\n",
    "words.csv": f"code,income\n{CODE},many\n",
    "part.csv": f"code,residents\n{CODE},3.5\n",
    "twice.csv": f"code,income\n{CODE},3\n{CODE},4\n",
    "many.csv": f"code,residents\n{CODE},3000000\n",
    "nobody.csv": "code,residents\n" + "".join(f"{code},0\n" for code in CODES),
    "nothing.csv": "code,income\n" + "".join(f"{code},0\n" for code in CODES),
    "map.csv": f"old_code,new_code\n{CODE},370114001999\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the users' tables."""
    folder = tmp_path_factory.mktemp("files")
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def refusal(path: Path) -> str:
    """Message with which a file is refused, in plain words that begin with the file."""
    with pytest.raises(VillagesimError) as caught:
        vs.load_scenario(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert not [word for word in JARGON if word in message], message
    return message


@pytest.mark.parametrize(("change", "said"), CASES.values(), ids=CASES)
def test_a_faulty_file_is_refused_in_plain_words(folder: Path, change: tuple[str, str], said: list[str]) -> None:
    """The message names the place, the value, the rule and a way out."""
    old, new = change
    assert old in GOOD
    at = GOOD.rindex(old) if old == GOOD[-1] else GOOD.index(old)
    path = folder / "mine.toml"
    path.write_text(GOOD[:at] + new + GOOD[at + len(old) :], encoding="utf-8")
    message = refusal(path)
    for words in said:
        assert words in message, message


def test_the_file_without_a_fault_is_read(folder: Path) -> None:
    """The twin: what all these files were made from is accepted."""
    path = folder / "good.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert list(vs.load_scenario(path).strategies)[2:] == ["five integrations", "land trust", "both"]


def test_the_former_name_of_margins_is_read_and_not_beside_the_new_one(folder: Path) -> None:
    path = folder / "former.toml"
    path.write_text(f"{GOOD}\n[smallest_difference]\ntrust = 0.1\n", encoding="utf-8")
    assert vs.load_scenario(path).margins == {"trust": 0.1}
    path.write_text(f"{GOOD}\n[smallest_difference]\ntrust = 0.1\n[margin]\ntrust = 0.2\n", encoding="utf-8")
    assert "smallest_difference is not a key here" in refusal(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The path is named, and what to give instead."""
    assert "Give the path of a scenario file" in refusal(tmp_path / "none.toml")


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    """A folder cannot be read either."""
    assert "cannot be read" in refusal(tmp_path)


def test_a_file_that_is_not_toml(tmp_path: Path) -> None:
    """The line and column of the slip are named."""
    path = tmp_path / "slip.toml"
    path.write_text('title = "x"\nstart = = 3\n', encoding="utf-8")
    message = refusal(path)
    assert "is not TOML" in message
    assert "line 2" in message


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    """Chinese spreadsheets and editors often save as GBK."""
    path = tmp_path / "gbk.toml"
    path.write_bytes(GOOD.encode("gbk"))
    assert "Save it as UTF-8" in refusal(path)


def test_an_empty_file(tmp_path: Path) -> None:
    """All that is missing is named."""
    path = tmp_path / "empty.toml"
    path.write_text("", encoding="utf-8")
    message = refusal(path)
    assert all(f"{key} is missing. Add it." in message for key in ("title", "start", "end", "place"))


def test_a_strategy_that_is_not_there(one_town: vs.Scenario) -> None:
    """The nearest name is offered."""
    with pytest.raises(VillagesimError, match=r"'bth' is not a strategy here\. Did you mean 'both'"):
        vs.simulate(one_town, "bth")


@pytest.mark.parametrize("claim", [-1.0, float("nan"), 1e13])
def test_a_policy_of_ones_own_that_claims_nonsense(one_town: vs.Scenario, claim: float) -> None:
    """A user's own policy that asks for a negative amount, or for no number, is stopped by name and month."""

    class Mine(vs.Policy):
        kind = "mine"

        def claim(self, measure: object, month: object) -> float:
            return claim

    with pytest.raises(
        VillagesimError, match=r"mine: the claim for 2022-03 = .* must be at least 0 yuan, and below 1e13"
    ):
        vs.simulate(one_town, [Mine(start="2022-03-01")])


def test_a_policy_of_the_library_whose_people_cost_too_much(one_town: vs.Scenario) -> None:
    """Its settings are to be corrected, not its code."""
    with pytest.raises(VillagesimError, match="and below 1e13") as refused:
        vs.simulate(one_town, [vs.policies.CleanUp(start="2022-03-01", officers=10**6, cost_per_officer=9e8)])
    assert "smaller settings" in str(refused.value)
    assert "claim()" not in str(refused.value)
