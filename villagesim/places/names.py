"""Names of committees and townships: what of them lasts from one edition to the next.

A name has a *core*, which does not change: 巴扎社区居委会 and 巴扎村村委会 both give 巴扎. What brackets hold is an *alias*.
"""

import re
import unicodedata

_BRACKETS = re.compile(r"[(\[{<【〔〈《「]([^)\]}>】〕〉》」]*)[)\]}>】〕〉》」]")
_ENDING = re.compile(
    r"(?:村民委员会|村村委会|村民委会|村委会|村委|委员会|嘎查|居民委员会|居委会|家委会|(?:虚拟)?(?:社区|生活区)|村)$"
)
_OFFICE = re.compile(r"(?:街道办事处|街道|地区|民族乡|民族镇|镇|乡)$")


def core(name: str) -> str:
    """Return what of a name lasts: ``相一村村委会`` and ``相一村`` both give ``相一``.

    Width and compatibility forms are made one (NFKC), brackets go with what they hold, then blanks, and endings (村委会,
    村民委员会, 嘎查, 社区, 村 ...) as often as there are any. A name of which nothing would be left is kept whole.
    """
    short = "".join(_BRACKETS.sub("", unicodedata.normalize("NFKC", name)).split())
    while (shorter := _ENDING.sub("", short)) and shorter != short:
        short = shorter
    return short or name


def alias(name: str) -> str:
    """Core of what the brackets of a name hold, as 巴扎 of 复兴社区（含巴扎村）; empty where there is none."""
    held = _BRACKETS.search(unicodedata.normalize("NFKC", name))
    return core(held[1].removeprefix("含").removeprefix("原")) if held and held[1] else ""


def stem(township: str) -> str:
    """Name of a township without its rank: 史回乡 and 史回镇 both give 史回."""
    return _OFFICE.sub("", unicodedata.normalize("NFKC", township)) or township
