"""Columns of foreign tables: what they are called in Chinese and English, and in which unit their numbers are."""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal

UNITS: dict[str, dict[str, Decimal]] = {
    "yuan": {
        "元": Decimal(1), "yuan": Decimal(1), "rmb": Decimal(1), "cny": Decimal(1), "人民币元": Decimal(1),
        "千元": Decimal(1000), "thousand yuan": Decimal(1000), "1000 yuan": Decimal(1000), "1,000 yuan": Decimal(1000),
        "万元": Decimal(10_000), "万": Decimal(10_000), "wan": Decimal(10_000), "wan yuan": Decimal(10_000),
        "10k yuan": Decimal(10_000), "10000 yuan": Decimal(10_000), "10,000 yuan": Decimal(10_000),
        "10000元": Decimal(10_000), "百万元": Decimal(1_000_000), "million yuan": Decimal(1_000_000),
        "亿元": Decimal(100_000_000), "亿": Decimal(100_000_000),
    },
    "mu": {
        "亩": Decimal(1), "mu": Decimal(1), "市亩": Decimal(1), "万亩": Decimal(10_000), "wan mu": Decimal(10_000),
        "公顷": Decimal(15), "ha": Decimal(15), "hectare": Decimal(15), "hectares": Decimal(15), "hm2": Decimal(15),
        "平方公里": Decimal(1500), "km2": Decimal(1500), "平方千米": Decimal(1500),
        "平方米": Decimal("0.0015"), "m2": Decimal("0.0015"),
    },
    "persons": {
        "人": Decimal(1), "person": Decimal(1), "persons": Decimal(1), "people": Decimal(1), "口": Decimal(1),
        "名": Decimal(1), "千人": Decimal(1000), "万人": Decimal(10_000), "万": Decimal(10_000),
    },
    "degrees": {"°": Decimal(1), "度": Decimal(1), "degree": Decimal(1), "degrees": Decimal(1), "deg": Decimal(1)},
}  # fmt: skip
"""Units that a heading may name, by what they count, and how many of the library's own unit each is."""
AROUND = " _-/,:()[]{}<>|【】〔〕《》、"
YEAR = re.compile(
    r"^((?:19|20)[0-9]{2})(?![0-9])\s*(?:年度?末?)?\s*|\s*(?<![0-9])((?:19|20)[0-9]{2})\s*(?:年度?末?)?(?=\s*(?:$|[(\[]))"
)
EXAMPLES = {"yuan": "(元) or {}(万元)", "mu": "(亩) or {}(公顷)", "persons": "(人)", "degrees": "(°)"}
PLAIN = ("", "persons", "degrees")
"""Units that need not be named: there is one that everybody means."""


@dataclass(frozen=True)
class ForeignColumn:
    """A column that a table may have.

    Attributes
    ----------
    name : str
        What it is called here; its numbers are then in ``unit``.
    unit : str
        ``yuan``, ``mu``, ``persons`` or ``degrees``; empty where it holds texts.
    also : tuple of str
        Other headings; where they count yuan or mu, they must name a unit.
    digits : tuple of int
        Lengths that its codes may have: 12 for a village, 9 for a township, 6, 4 and 2 for what is above; 0 where a cell may
        be empty. None where it holds no codes.
    spans : bool
        One cell may be merged over several rows, which all have what is written there.
    year : int, optional
        That its figures are of, where a column stands once for every year.
    """

    name: str
    unit: str = ""
    also: tuple[str, ...] = ()
    digits: tuple[int, ...] = ()
    spans: bool = False
    year: int | None = None

    def of_year(self, year: int) -> "ForeignColumn":
        """The same column for one of several years."""
        return replace(self, name=f"{self.name} of {year}", year=year)

    def asked(self, heading: str) -> str:
        """How the heading is to be written, with its unit."""
        return heading + EXAMPLES[self.unit].format(heading)


def _column(name: str, unit: str = "", also: str = "", digits: tuple[int, ...] = ()) -> ForeignColumn:
    return ForeignColumn(name, unit, tuple(also.split()), digits)


CODE = _column(
    "code", also="village_code 代码 编码 村代码 村编码 村级代码 区划代码 行政区划代码 统计用区划代码", digits=(12,)
)
UNIT = replace(CODE, digits=(6, 9, 12))
"""Code of a village, or of the township or county that a list has among its villages."""
DIVISION = replace(CODE, digits=(2, 4, 6, 9, 12))
NAME = _column("name", also="village village_name 名称 村名 村名称 村庄 村庄名称 行政村 行政村名称 村委会 村委会名称")
AREA_CODE = _column("areaCode")
TOWNSHIP = replace(
    _column(
        "township",
        also="township_name town 乡镇 乡镇名 乡镇名称 乡镇街道 乡镇(街道) 镇街 镇 街道 街道名称 所属乡镇 所属镇街 所在乡镇",
    ),
    spans=True,
)
"""Name of the township that a village is in."""
OLD_CODE = _column("old_code", also="原代码 旧代码 原村代码 旧村代码 合并前代码 调整前代码", digits=(12,))
NEW_CODE = _column("new_code", also="新代码 现代码 新村代码 合并后代码 调整后代码", digits=(12,))
OLD_NAME = _column(
    "old_name", also="原名称 旧名称 原村名 旧村名 原村名称 旧村名称 合并前名称 合并前村名 调整前名称 调整前村名"
)
NEW_NAME = _column(
    "new_name", also="新名称 现名称 新村名 现村名 新村名称 现村名称 合并后名称 合并后村名 调整后名称 调整后村名"
)
RESIDENTS = _column("residents", "persons", "population 人口 人口数 总人口 户籍人口 常住人口 居民 居民数 村民 村民数")
MEMBERS = _column(
    "members", "persons", "成员 成员数 社员 社员数 集体成员 集体经济组织成员 集体经济组织成员数 股东 股东数"
)
INCOME = _column(
    "income", "yuan", "collective_income 收入 总收入 集体收入 村集体收入 集体经济收入 村集体经济收入 村集体经济总收入"
)
ARABLE = _column("arable", "mu", "arable_land 耕地 耕地面积 耕地总面积 土地面积 承包地 承包地面积")
DEBT = _column("debt", "yuan", "debts liabilities 债务 债务总额 村级债务 集体债务 村集体债务 负债 负债总额")
OPERATING = _column("operating", "yuan", "operating_income 经营收入 经营性收入")
INVESTMENT = _column("investment", "yuan", "investment_income 投资收益 投资收入")
RENT = _column("rent", "yuan", "rent_income rents 发包及上交收入 发包上交收入 发包收入 租金收入 租赁收入")
SUBSIDY = _column("subsidy", "yuan", "subsidy_income subsidies 补助收入 补助 财政补助 财政补助收入")
OTHER = _column("other", "yuan", "other_income 其他收入 其它收入")
BY_SOURCE = (OPERATING, INVESTMENT, RENT, SUBSIDY, OTHER)
FIGURES = (RESIDENTS, MEMBERS, INCOME, *BY_SOURCE, ARABLE, DEBT)
"""Columns of a user's own figures."""
LON = _column("lon", "degrees", "longitude lng 经度 东经")
LAT = _column("lat", "degrees", "latitude 纬度 北纬")
"""Where a village lies; no run looks at it."""
PERIOD = _column("year", also="年份 年度 年 统计年份 统计年度 所属年份")
COLUMNS = (CODE, NAME, TOWNSHIP, PERIOD, *FIGURES, LON, LAT, OLD_CODE, NEW_CODE, OLD_NAME, NEW_NAME)


@dataclass(frozen=True)
class Heading:
    """A heading of a file, as it was understood.

    Attributes
    ----------
    column : ForeignColumn
    factor : Decimal
        By which its numbers come to the column's unit.
    problem : str
        Why it cannot be read, empty where it can.
    unit : str
        That it names; empty where it names none.
    """

    column: ForeignColumn
    factor: Decimal = Decimal(1)
    problem: str = ""
    unit: str = ""


def plain(heading: str) -> str:
    """A heading in one width and case, with single blanks for blanks, underscores and hyphens."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return re.sub(r"[\s_-]+", " ", text).strip()


def year_of(heading: str) -> int | None:
    """The year that a heading names before or behind its words, as 2023年集体收入(元) or income_2023."""
    found = YEAR.search(plain(heading))
    return int(found[1] or found[2]) if found else None


def understood(heading: str, columns: tuple[ForeignColumn, ...]) -> Heading | None:
    """Find the column that a heading means, with its unit, as 村集体收入（万元）; none where it means none of these."""
    text = YEAR.sub("", plain(heading), count=1)
    found: list[tuple[str, ForeignColumn]] = []
    for column in columns:
        found += [(plain(name), column) for name in (column.name, *column.also) if text.startswith(plain(name))]
    for name, column in sorted(found, key=lambda pair: len(pair[0]), reverse=True):
        rest = text[len(name) :]
        if not rest:
            own = name == plain(column.name)
            if own or column.unit in PLAIN:
                return Heading(column)
            return Heading(column, problem=f"says no unit. Write {column.asked(heading)}")
        if not column.unit:
            continue
        unit = _unit(rest)
        if unit in UNITS[column.unit]:
            return Heading(column, UNITS[column.unit][unit], unit=unit)
        if rest[0] in AROUND:
            return Heading(
                column, problem=f"names no unit of {column.unit} that is known. Write {column.asked(name)}", unit=unit
            )
    return None


def _unit(rest: str) -> str:
    """The unit in what follows a name: ``(单位:万元/年)`` gives ``万元``."""
    text = rest.strip(AROUND)
    text = re.sub(r"^(?:计量)?单位[\s:]*|^unit[\s:]+|^in ", "", text)
    text = re.sub(r"\s*(?:/|per |a |每)\s*(?:年|year|yr|village|村)$", "", text)
    return text.strip(AROUND)
