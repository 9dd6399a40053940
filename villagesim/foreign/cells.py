"""What a cell means: numbers in plain digits, codes of villages, rows that are totals."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from villagesim.errors import VillagesimError
from villagesim.foreign.source import piece

LONGITUDES, LATITUDES = (73, 135), (18, 54)
"""Where the villages of the country lie [degrees]."""

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
MAY_BE_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
NARROW = {0xFF01 + k: 0x21 + k for k in range(94)} | {0x3000: 0x20}
"""Signs of full width, and the narrow ones that mean the same."""
BETWEEN = r"[\s,_\-\u2010-\u2015\u2212]*"
MARKS = r"['\"`\u2018\u2019\u201c\u201d]*"
CODE_IN_MARKS = re.compile(rf"=?{MARKS}\s*([0-9](?:{BETWEEN}[0-9])*)(?:\.0*)?\s*{MARKS}")
EXPONENT = re.compile(r"([0-9])\.([0-9]+)[eE]\+?([0-9]{1,2})")
LONGEST = 40
"""Characters of a number at most."""
TOTALS = (
    "合计",
    "总计",
    "小计",
    "共计",
    "总和",
    "平均",
    "total",
    "totals",
    "subtotal",
    "sum",
    "grand total",
    "average",
)
"""Words of rows that are no village; a row may also end with one, as 白云湖街道合计."""

REMARK = re.compile(
    r"(?:注|备注|附注|说明|填表人?|制表人?|填报人?|填报单位|审核人?|复核人?|负责人|联系人|联系电话|(?:资料|数据)?来源|notes?|source)"
    r"\s*[:\d]",
    re.IGNORECASE,
)
"""What remarks below a table begin with."""


class NumberError(ValueError):
    """Why a cell is no number, and what to write instead."""

    def __init__(self, why: str, fix: str) -> None:
        super().__init__(why)
        self.why, self.fix = why, fix


def number_in(cell: str, factor: Decimal = Decimal(1), *, separator: str = ",") -> float:
    """Number of a cell, times ``factor``.

    Parameters
    ----------
    separator : str
        What divides the cells of the file. Where it is not the comma, one comma may divide thousands or decimals; where
        it is the semicolon, so may one point before three digits: ``150.000``. Both are refused.

    Raises
    ------
    NumberError
    """
    if len(cell) <= LONGEST:
        if separator == ";" and MAY_BE_GROUPED.fullmatch(cell):
            raise NumberError(
                "may mean thousands or decimals", "Write it without the point, or with another number of decimals."
            )
        if NUMBER.fullmatch(cell):
            return float(Decimal(cell) * factor)
        if GROUPED.fullmatch(cell):
            if cell.count(",") == 1 and "." not in cell and separator != ",":
                raise NumberError(
                    "may mean thousands or decimals", "Write it without the comma, with a point for decimals."
                )
            return float(Decimal(cell.replace(",", "")) * factor)
    raise NumberError(*_why(cell))


def _why(cell: str) -> tuple[str, str]:
    """Why a cell is no number, and a way out."""
    plain = unicodedata.normalize("NFKC", cell)
    digits = [character for character in cell if character.isdecimal()]
    if any(not digit.isascii() for digit in digits):
        return "is not written in plain digits", "Write it with the digits 0 to 9 and a point."
    if len(cell) > LONGEST:
        return "is not a number", f"Write it with at most {LONGEST} characters."
    if digits and "_" in plain:
        return "is not a number", "Leave out the underscores."
    if digits and "," in plain:
        return "is not a number", "Write it without commas, with a point for decimals."
    if part := re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*%", plain):
        return "is not a number", f"Write it as {float(part[1]) / 100:g}."
    if re.match(r"[+-]?[0-9][0-9.]*\s*\D+$", plain):
        return (
            "is not a number",
            "Write the unit into the heading, as income(万元) or arable(公顷), and bare numbers below it.",
        )
    return "is not a number", "Write it in plain digits."


def is_code(text: str) -> bool:
    """Whether a text is a code of 12 digits."""
    return len(text) == 12 and text.isascii() and text.isdigit()


def code_in(cell: str) -> str:
    """Digits of a code, where it is beyond doubt which are meant; any other text as it is.

    Full-width digits, blanks, dashes and commas between digits, quotation marks around them and a ``.0`` behind them change
    no digit, nor does an exponent in front of which all digits stand.

    Examples
    --------
    >>> [code_in(cell) for cell in ("370114-001-201", "３７０１１４", "'370114001201", "3.70114001201E+11", "3.70114E+11")]
    ['370114001201', '370114', '370114001201', '370114001201', '3.70114E+11']
    """
    if cell.isascii() and cell.isdigit():
        return cell
    text = cell.translate(NARROW)
    if (number := EXPONENT.fullmatch(text)) and len(number[2]) == int(number[3]):
        return number[1] + number[2]
    told = CODE_IN_MARKS.fullmatch(text)
    return re.sub(BETWEEN, "", told[1]) if told else cell


def division_of(code: str) -> str:
    """Digits of the division that a code means: 370114001000 and 370114001 a township, 370114 a county; empty for a village's."""
    if len(code) == 12 and not code.endswith("000"):
        return ""
    for length, zeros in ((12, "000"), (9, "000"), (6, "00"), (4, "00")):
        if len(code) == length:
            code = code.removesuffix(zeros)
    return code


def way_to_a_code(cell: str) -> str:
    """A way out where a cell is no code of a village."""
    if re.fullmatch(r"'?[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+", cell):
        return (
            "A spreadsheet has turned it into a number, and digits are lost: import the column as text from the file as it"
            " first was, and save again."
        )
    return (
        "A code is 6 digits for the county, 3 for the township, 3 for the committee, as 370114001201.\n"
        "  A spreadsheet may have turned it into a number: import the column as text and save again."
    )


def total_in(cells: list[str]) -> str:
    """The word by which a row is a total, or nothing."""
    for cell in cells:
        if len(cell) > PIECE_OF_TOTAL:
            continue
        word = re.sub(r"[\s:：]", "", unicodedata.normalize("NFKC", cell)).casefold()
        if word in _TOTALS or word.endswith(("合计", "总计", "小计")):
            return piece(cell)
    return ""


def remark_in(cells: list[str]) -> str:
    """Beginning of a remark that stands below a table, as 注：..., or nothing."""
    first = next(filter(None, cells), "")
    return piece(first, 20) if REMARK.match(unicodedata.normalize("NFKC", first)) else ""


PIECE_OF_TOTAL = 30
_TOTALS = frozenset(word.replace(" ", "") for word in TOTALS)


def check_position(lon: float, lat: float, at: Iterable[object], error: type[VillagesimError]) -> None:
    """Refuse what lies outside of the country.

    Raises
    ------
    VillagesimError
        Of the type ``error``; it says so where both are swapped.
    """
    if _within(lon, LONGITUDES) and _within(lat, LATITUDES):
        return
    said = f"lon = {lon:.10g} and lat = {lat:.10g}"
    if _within(lat, LONGITUDES) and _within(lon, LATITUDES):
        raise error(
            f"{said} are swapped.", fix="The longitude (经度, 73 to 135) is lon; in GeoJSON it comes first.", at=at
        )
    (west, east), (south, north) = LONGITUDES, LATITUDES
    fix = f"Give degrees as decimal numbers: lon {west} to {east}, lat {south} to {north}."
    raise error(f"{said} is not a place in the country.", fix=fix, at=at)


def _within(value: float, ends: tuple[int, int]) -> bool:
    return ends[0] <= value <= ends[1]
