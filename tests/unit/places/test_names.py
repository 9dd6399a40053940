"""What of a name lasts."""

import pytest

from villagesim.places.names import alias, core, stem


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("相一村委会", "相一"),
        ("相一村村委会", "相一"),
        ("相一村民委员会", "相一"),
        ("相一村民委会", "相一"),
        ("相一村", "相一"),
        ("樊村村村委会", "樊"),
        ("黄河(滩区)村委会", "黄河"),
        ("黄河（滩区）村委会", "黄河"),
        ("巴音嘎查", "巴音"),
        ("巴音嘎查村委会", "巴音"),
        ("锦城社区居委会", "锦城"),
        ("锦城社区居民委员会", "锦城"),
        ("巴扎社区居委会", "巴扎"),
        ("新湖社区姚居村委会", "新湖社区姚居"),
        ("长城社区村委会", "长城"),
        ("前进连队生活区", "前进连队"),
        ("浅 井村委会", "浅井"),
        ("社区", "社区"),
        ("村委会", "村委会"),
        ("村", "村"),
    ],
)
def test_the_core_does_not_change_with_the_ending(name: str, kept: str) -> None:
    assert core(name) == kept


def test_brackets_hold_an_alias() -> None:
    assert alias("复兴社区（含克其玛塔村）") == "克其玛塔"
    assert alias("复兴社区") == ""


def test_a_township_has_its_name_without_its_rank() -> None:
    assert stem("史回乡") == stem("史回镇") == "史回"
