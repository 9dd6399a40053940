"""Texts of a study: its scenario, its first question, and the page that says how to go on."""

from collections.abc import Sequence
from string import Template

from villagesim.study.county import OwnCounty
from villagesim.study.days import Days, announced
from villagesim.study.standing import Standing
from villagesim.study.totals import MEAN_INCOME, SHARE_ABOVE, THRESHOLD, Totals

SCENARIO = Template("""\
# $title
#
# Every line with the word assumption holds a figure of nobody's: put yours in its place. `villagesim check scenario.toml` says
# what was read. Every key is explained in docs/scenario.md of the library; `villagesim explain NAME` explains a parameter.

title = "$title"
start = $start
end = $end
elections = [$elections]$elections_note

[place]
$rolls
${links}${table}residents = $residents$pad# assumption: persons in all villages
mean_income = $mean_income$pad# assumption: collective income of a village in $year, all sources [yuan]
threshold = $threshold$pad# assumption: the income that the next line refers to [yuan]
share_above = $share_above$pad# assumption: share of the villages$before_merger at or above it in $year
arable = $arable$pad# assumption: arable land of all villages [mu]
$merger
[fund]
yearly = $fund$pad# assumption: what policies may cost in a year [yuan]
since = $since

# Growth from outside moves income more than any policy: `villagesim explain income_growth`.
# [parameters]
# income_growth = 0.03
$strategies""")

TABLE = 'table = "{}"{}# figures of single villages, to fill in; empty cells are drawn\n'

LINKS = 'map = "links.csv"{}# rows of map/weak_links.csv with the new_code that you learnt; the rest is inferred\n'

MERGER = Template("""
$heading
announcement = $announcement$pad# assumption: three months before the decree
decree = $decree$decree_note
""")

BETWEEN = "decree_between = [{year}-02-01, {year}-10-01]  # the rolls bracket it; compare --draws draws from it\n"

WHERE_IT_MERGES = Template("""
# Three strategies to start from; the one without any policy is always there. Sizes are assumptions.
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
# Three strategies to start from; the one without any policy is always there. Sizes are assumptions.
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

QUESTION = """\
# Does any strategy hold, whatever is not known? Twenty draws of parameters, dates and the map, two runs of each:
#     villagesim ask question.toml
# More draws make it surer; other kinds of question: villagesim examples.

kind = "compare"
question = "Which strategy holds, whatever is not known?"
scenario = "scenario.toml"
draws = 20
"""

README = Template("""\
# $title

Made by `villagesim new`. It runs as it is, in this folder, on figures that are nobody's; each that you fill in makes it
more your county's.

```console
$$ villagesim check scenario.toml       # what was read, and what would run
$$ villagesim compare scenario.toml     # strategies in the same replications: out/scenario/tables, out/scenario/figures
$$ villagesim ask question.toml         # the same over draws of what is not known
```

| file | what it is |
| --- | --- |
| `scenario.toml` | the county, its dates, money and strategies; change it with any editor |
| `$table` | the table of single villages, to fill in$other_table; what you give is kept exactly, the rest is drawn |
$files| `question.toml` | a first question |

## What it rests on

$standing
## The figures that help most

$figures
Then say in `[place]` of `scenario.toml` what you know, and from where in place of the word assumption. A unit goes into
the heading of the table, as `income(万元)`. Codes must stay text: do not retype them.
""")

FILES_OF_MERGER = """\
| `rolls/` | the units before and after, cut out of the files that you gave, with their townships |
| `map/` | who became what, of units of all kinds, where the scenario and the list below count $counted: `history.csv` has every \
unit, `weak_links.csv` what to ask first, `history.png` shows it by township |
"""
FILE_OF_LINKS = (
    "| `links.csv` | rows of `map/weak_links.csv` with the `new_code` that you learnt; the rest is inferred |\n"
)
FILES_OF_ONE_ROLL = "| `rolls/` | the units, cut out of the file that you gave, with their townships |\n"
PAD = "  "


def scenario_text(county: OwnCounty, days: Days, sizes: Sequence[int], table: str = "") -> str:
    """The scenario file, with a word on every figure; without a table of own figures until there is one.

    Parameters
    ----------
    sizes : sequence of int
        Villages before, and after each decree.
    """
    totals = Totals.of(sizes[0], sizes[-1])
    rolls = ['before = "rolls/before.csv"']
    if len(days.decrees) == 1:
        rolls.append('after = "rolls/after.csv"')
    if days.decrees and (n := county.count("unknown")):
        rolls.append(
            f'unknown = "likeliest"{PAD}# {n} villages of which nothing tells where they went; better: rows in map'
        )
    if county.kind != "village":
        rolls.append(f'kinds = ["{county.kind}"]')
    elections = ", ".join(map(str, days.elections))
    strategies = WHERE_IT_MERGES if county.merges else WHERE_NOTHING_MERGES
    return SCENARIO.substitute(
        title=title(county, sizes), start=days.start, end=days.end, elections=elections, pad=PAD, rolls="\n".join(rolls),
        table=TABLE.format(table, PAD) if table else "", links=LINKS.format(PAD) if len(days.decrees) == 1 else "",
        elections_note=f"{PAD}# assumption" if elections else "", year=days.start.year - 1,
        before_merger=" before the merger" if county.merges else "",
        residents=f"{totals.residents:_}", mean_income=f"{MEAN_INCOME:_}", threshold=f"{THRESHOLD:_}",
        share_above=SHARE_ABOVE, arable=f"{totals.arable:_}", fund=f"{totals.fund:_}", since=days.policies.year,
        merger=_mergers(days) if county.merges else "",
        strategies=strategies.substitute(
            policies=days.policies, facilitators=totals.facilitators, poorest=totals.poorest, trusts=totals.trusts
        ),
    )  # fmt: skip


def readme_text(title: str, county: OwnCounty, days: Days, table: str, standing: Standing) -> str:
    """The page that says what the files are, what they rest on, and how to go on."""
    other = "" if table == "villages.csv" else " (`villages.csv` is the same; name it in `scenario.toml` to use it)"
    files = FILES_OF_MERGER.replace("$counted", county.kinds) if county.found else FILES_OF_ONE_ROLL
    files += FILE_OF_LINKS if len(days.decrees) == 1 else ""
    return README.substitute(
        title=title, table=table, other_table=other, files=files,
        standing=listed(standing.lines), figures=listed(standing.figures),
    )  # fmt: skip


def title(county: OwnCounty, sizes: Sequence[int]) -> str:
    """What tables and figures are headed with."""
    return f"{county.name}: {sizes[0]:,} {county.kinds}" + (f" into {sizes[-1]:,}" if county.merges else ", no merger")


def listed(lines: Sequence[tuple[str, str]]) -> str:
    """Lines as a list, each with a word in front."""
    return "".join(f"- **{word}**: {text}.\n" for word, text in lines)


def _mergers(days: Days) -> str:
    """The decree, or one block for each, with the roll that follows it."""
    note = "" if days.are_known else f"{PAD}# assumption: the middle of the year of the roll after"
    several = len(days.decrees) > 1
    blocks = []
    for name, decree in zip(roll_names(len(days.decrees) + 1)[1:], days.decrees, strict=True):
        heading = "[[merger]]" if several else "[merger]"
        block = MERGER.substitute(
            heading=heading, announcement=announced(decree), decree=decree, decree_note=note, pad=PAD
        )
        blocks.append(block + (f'after = "rolls/{name}.csv"\n' if several else ""))
    first = "" if days.are_known else BETWEEN.format(year=days.decrees[0].year)
    return blocks[0] + first + "".join(blocks[1:])


def roll_names(n: int) -> list[str]:
    """What the files of so many rolls are called."""
    return ["before", *(["after"] if n == 2 else [f"after_{k}" for k in range(1, n)])][:n]
