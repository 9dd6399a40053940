"""Provinces by the first two digits of codes, and where each stands on a map of tiles."""

from typing import NamedTuple


class Province(NamedTuple):
    """A province: its name, and its tile, rows from north to south, columns from west to east."""

    name: str
    row: int
    column: int


PROVINCES = {
    code: Province(name, row, column)
    for code, name, row, column in (
        ("11", "Beijing", 2, 6), ("12", "Tianjin", 2, 7), ("13", "Hebei", 3, 6), ("14", "Shanxi", 3, 5),
        ("15", "Inner Mongolia", 1, 6), ("21", "Liaoning", 2, 8), ("22", "Jilin", 1, 8), ("23", "Heilongjiang", 0, 8),
        ("31", "Shanghai", 4, 8), ("32", "Jiangsu", 4, 7), ("33", "Zhejiang", 5, 7), ("34", "Anhui", 4, 6),
        ("35", "Fujian", 6, 7), ("36", "Jiangxi", 5, 6), ("37", "Shandong", 3, 7), ("41", "Henan", 4, 5),
        ("42", "Hubei", 5, 5), ("43", "Hunan", 6, 5), ("44", "Guangdong", 7, 6), ("45", "Guangxi", 7, 5),
        ("46", "Hainan", 8, 5), ("50", "Chongqing", 5, 4), ("51", "Sichuan", 5, 3), ("52", "Guizhou", 6, 4),
        ("53", "Yunnan", 6, 3), ("54", "Tibet", 4, 1), ("61", "Shaanxi", 4, 4), ("62", "Gansu", 3, 3),
        ("63", "Qinghai", 3, 2), ("64", "Ningxia", 3, 4), ("65", "Xinjiang", 2, 1), ("71", "Taiwan", 6, 8),
        ("81", "Hong Kong", 8, 7), ("82", "Macao", 8, 6),
    )
}  # fmt: skip
"""Source: GB/T 2260, code of each; the places of tiles are drawn so that neighbours mostly stay neighbours."""


def province_of(code: str) -> str:
    """Name of the province of a county or village, by its code; empty where there is none."""
    return PROVINCES[code[:2]].name if code[:2] in PROVINCES else ""
