"""Texts of a study: its scenario, its first question, and the page that says how to go on."""

from collections.abc import Iterator, Sequence
from string import Template

from villagesim.languages import _, named
from villagesim.study.county import OwnCounty
from villagesim.study.days import Days, announced
from villagesim.study.standing import Standing
from villagesim.study.totals import MEAN_INCOME, SHARE_ABOVE, THRESHOLD, Totals

SCENARIO = Template("""\
# $title
#
$about
title = "$title"
start = $start
end = $end
elections = [$elections]$elections_note

# $of_about
[about]
data = "$data"
assumed = "$assumed"

[place]
$rolls
residents = $residents$pad# $of_residents
mean_income = $mean_income$pad# $of_mean_income
threshold = $threshold$pad# $of_threshold
share_above = $share_above$pad# $of_share_above
arable = $arable$pad# $of_arable
$merger
[fund]
yearly = $fund$pad# $of_fund
since = $since

# $of_growth
# [parameters]
# income_growth = 0.03
$strategies""")

MERGER = Template("""
$heading
announcement = $announcement$announcement_note
decree = $decree$decree_note
""")

WHERE_IT_MERGES = Template("""
# $of_strategies
[[strategy]]
name = "five integrations"
[[strategy.policy]]
kind = "five_integrations"
start = $policies
facilitators = $facilitators

[[strategy]]
name = "land trust"
[[strategy.policy]]
kind = "land_trust"
start = $policies
villages = $trusts

[[strategy]]
name = "both"
includes = ["five integrations", "land trust"]
""")

WHERE_NOTHING_MERGES = Template("""
# $of_strategies
[[strategy]]
name = "professional secretaries"
[[strategy.policy]]
kind = "professional_secretaries"
start = $policies
target = { rule = "lowest", n = $poorest, outcome = "income_per_member" }

[[strategy]]
name = "land trust"
[[strategy.policy]]
kind = "land_trust"
start = $policies
villages = $trusts

[[strategy]]
name = "both"
includes = ["professional secretaries", "land trust"]
""")

QUESTION = Template("""\
$about
kind = "compare"
question = "$question"
scenario = "scenario.toml"
draws = 20
""")

README = Template("""\
# $title

$about

```console
$$ villagesim check scenario.toml
$$ villagesim compare scenario.toml
$$ villagesim ask question.toml
```

$commands

| $file | $what |
| --- | --- |
| `scenario.toml` | $scenario |
| `$table` | $own |
$files| `question.toml` | $question |

## $rests

$standing
## $most

$figures
$then
""")
PAD = "  "


def scenario_text(county: OwnCounty, days: Days, sizes: Sequence[int], table: str = "") -> str:
    """The scenario file, with a word on every figure; without a table of own figures until there is one.

    Parameters
    ----------
    sizes : sequence of int
        Villages before, and after each decree.
    """
    totals, year = Totals.of(sizes[0], sizes[-1]), days.start.year - 1
    rolls = ['before = "rolls/before.csv"']
    if len(days.decrees) == 1:
        rolls.append('after = "rolls/after.csv"')
    if days.decrees and (n := county.count("unknown")):
        words = _("{n} villages of which nothing tells where they went; better: rows in map", n=n)
        rolls.append(f'unknown = "likeliest"{_note(words)}')
    if county.kind != "village":
        rolls.append(f'kinds = ["{county.kind}"]')
    if len(days.decrees) == 1:
        words = _("rows of map/weak_links.csv with the new_code that you learnt; the rest is inferred")
        rolls.append(f'map = "links.csv"{_note(words)}')
    if table:
        rolls.append(f'table = "{table}"{_note(_("figures of single villages, to fill in; empty cells are drawn"))}')
    elections = ", ".join(map(str, days.elections))
    above = (
        _("assumption: share of the villages before the merger at or above it in {year}", year=year)
        if county.merges
        else _("assumption: share of the villages at or above it in {year}", year=year)
    )
    about = _(
        "Every line with the word assumption holds a figure of nobody's: put yours in its place.\n"
        "`villagesim check scenario.toml` says what was read. Every key is explained in docs/scenario.md of the library;\n"
        "`villagesim explain NAME` explains a parameter."
    )
    strategies = WHERE_IT_MERGES if county.merges else WHERE_NOTHING_MERGES
    return SCENARIO.substitute(
        title=title(county, sizes), about=_comment(about), start=days.start, end=days.end,
        elections=elections, pad=PAD, rolls="\n".join(rolls),
        of_about=_("What every report says of these figures: change it with them, and name the table that you fill in."),
        data=_("the rolls"),
        assumed=_("; ").join(_assumed(county, days)),
        elections_note=_note(_("assumption")) if elections else "",
        residents=f"{totals.residents:_}", of_residents=_("assumption: persons in all villages"),
        mean_income=f"{MEAN_INCOME:_}",
        of_mean_income=_("assumption: collective income of a village in {year}, all sources [yuan]", year=year),
        threshold=f"{THRESHOLD:_}", of_threshold=_("assumption: the income that the next line refers to [yuan]"),
        share_above=SHARE_ABOVE, of_share_above=above,
        arable=f"{totals.arable:_}", of_arable=_("assumption: arable land of all villages [mu]"),
        fund=f"{totals.fund:_}", of_fund=_("assumption: what policies may cost in a year [yuan]"), since=days.policies.year,
        of_growth=_("Growth from outside moves income more than any policy: `villagesim explain income_growth`."),
        merger=_mergers(days) if county.merges else "",
        strategies=strategies.substitute(
            policies=days.policies, facilitators=totals.facilitators, poorest=totals.poorest, trusts=totals.trusts,
            of_strategies=_(
                "Three strategies to start from; the one without any policy is always there. Sizes are assumptions."
            ),
        ),
    )  # fmt: skip


def _assumed(county: OwnCounty, days: Days) -> Iterator[str]:
    """What a scenario rests on that is nobody's, until it is changed."""
    yield _("totals of the county and the fund: round figures that no source of this county gives")
    if county.merges:
        yield _("who went where, as far as names do not tell")
        yield _("the day of the announcement") if days.are_known else _("the days of announcement and decree")
    if days.elections:
        yield _("elections")
    yield _("all dates, sizes and costs of the policies")


def question_text() -> str:
    """The file of a first question."""
    about = _(
        "Does any strategy hold, whatever is not known? Twenty draws of parameters, dates and the map, two runs of each:\n"
        "    villagesim ask question.toml\n"
        "More draws make it surer; other kinds of question: villagesim examples."
    )
    return QUESTION.substitute(about=_comment(about), question=_("Which strategy holds, whatever is not known?"))


def readme_text(
    title: str, county: OwnCounty, days: Days, table: str, standing: Standing, *, drawn: bool = True
) -> str:
    """The page that says what the files are, what they rest on, and how to go on."""
    return README.substitute(
        title=title, table=table, file=_("file"), what=_("what it is"),
        about=_(
            "Made by `villagesim new`. It runs as it is, in this folder, on figures that are nobody's; each that you fill in"
            "\nmakes it more your county's."
        ),
        commands=_(
            "The first says what was read and what would run, the second compares strategies in the same replications"
            " (`out/scenario`),\nthe third does so over draws of what is not known."
        ),
        scenario=_("the county, its dates, money and strategies; change it with any editor"),
        own=_about_table(table), files="".join(f"| `{name}` | {words} |\n" for name, words in _files(county, days, drawn)),
        question=_("a first question"), rests=_("What it rests on"), standing=listed(standing.lines),
        most=_("The figures that help most"), figures=listed(standing.figures),
        then=_(
            "Then say in `[place]` of `scenario.toml` what you know, and from where in place of the word assumption; and in"
            " `[about]`,\nwhich every report repeats. A unit goes into the heading of the table, as `income(万元)`. Codes must"
            " stay text: do not retype\nthem."
        ),
    )  # fmt: skip


def _about_table(table: str) -> str:
    """What the table of own figures is, and that there is another of it."""
    if table == "villages.csv":
        return _("the table of single villages, to fill in; what you give is kept exactly, the rest is drawn")
    return _(
        "the table of single villages, to fill in (`villages.csv` is the same; name it in `scenario.toml` to use it); what you"
        " give is kept exactly, the rest is drawn"
    )


def _files(county: OwnCounty, days: Days, drawn: bool) -> Iterator[tuple[str, str]]:
    """Files of rolls and of the map, each with what it is."""
    if county.found is None:
        yield "rolls/", _("the units, cut out of the file that you gave, with their townships")
        return
    yield "rolls/", _("the units before and after, cut out of the files that you gave, with their townships")
    words = _(
        "who became what, of units of all kinds, where the scenario and the list below count {kinds}: `history.csv` has every"
        " unit, `weak_links.csv` what to ask first",
        kinds=named(county.kinds),
    )
    yield "map/", words + (_(", the figure `history` shows it by township") if drawn else "")
    if len(days.decrees) == 1:
        yield "links.csv", _("rows of `map/weak_links.csv` with the `new_code` that you learnt; the rest is inferred")


def title(county: OwnCounty, sizes: Sequence[int]) -> str:
    """What tables and figures are headed with."""
    return named(
        f"{county.name}: {sizes[0]:,} {county.kinds}" + (f" into {sizes[-1]:,}" if county.merges else ", no merger")
    )


def listed(lines: Sequence[tuple[str, str]]) -> str:
    """Lines as a list, each with a word in front."""
    return "".join("- " + _("{what}: {text}.", what=f"**{word}**", text=text) + "\n" for word, text in lines)


def _mergers(days: Days) -> str:
    """The decree, or one block for each, with the roll that follows it."""
    note = "" if days.are_known else _note(_("assumption: the middle of the year of the roll after"))
    before = _note(_("assumption: three months before the decree"))
    several = len(days.decrees) > 1
    blocks = []
    for name, decree in zip(roll_names(len(days.decrees) + 1)[1:], days.decrees, strict=True):
        heading = "[[merger]]" if several else "[merger]"
        block = MERGER.substitute(
            heading=heading, announcement=announced(decree), decree=decree, decree_note=note, announcement_note=before
        )
        blocks.append(block + (f'after = "rolls/{name}.csv"\n' if several else ""))
    year, first = days.decrees[0].year, ""
    if not days.are_known:
        words = _("the rolls bracket it; compare --draws draws from it")
        first = f"decree_between = [{year}-02-01, {year}-10-01]{_note(words)}\n"
    return blocks[0] + first + "".join(blocks[1:])


def _note(words: str) -> str:
    """A word at the end of a line."""
    return f"{PAD}# {words}"


def _comment(words: str) -> str:
    """Lines of their own."""
    return "".join(f"# {line}\n" for line in words.splitlines())


def roll_names(n: int) -> list[str]:
    """What the files of so many rolls are called."""
    return ["before", *(["after"] if n == 2 else [f"after_{k}" for k in range(1, n)])][:n]
