"""Rolls, maps, tables of figures and of designs that are damaged: one refusal, or what a reader may rely on."""

import csv
import io
from contextlib import suppress
from functools import cache

import numpy as np
import openpyxl
import pytest
from checks import read_table
from fuzz.mutations import SMALL, damaged_bytes, damaged_table, outcome, seeds, tried
from hypothesis import given
from openpyxl.utils.exceptions import IllegalCharacterError

from villagesim.errors import DesignError
from villagesim.foreign.values import read_values
from villagesim.places.endowments import COLUMNS
from villagesim.places.map_of_history import MapOfHistory
from villagesim.places.rolls import read_roll
from villagesim.places.units.edition import Edition
from villagesim.places.units.history import history
from villagesim.places.units.said import read_said

BEFORE, AFTER = (Edition(read_roll(SMALL / f"{when}.csv")) for when in ("before", "after"))
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "latin-1", "cp1252", "big5")
DESIGN = [["draw", "parameters.income_sd"], *[[str(k), f"0.{k}"] for k in range(1, 9)]]


def place_of(path):
    return MapOfHistory(history(BEFORE, AFTER, said=read_said(path, BEFORE, AFTER))).likeliest


PLACE = place_of(SMALL / "map.csv")


@cache
def rows_of(name):
    with (SMALL / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def as_csv(rows, luck):
    text = io.StringIO()
    csv.writer(text, delimiter=luck.choice(",,,;\t|"), lineterminator=luck.choice(("\n", "\r\n", "\r"))).writerows(rows)
    return damaged_bytes(text.getvalue().encode(luck.choice(ENCODINGS), "replace"), luck, often=0.3)


def as_sheet(rows, luck):
    book, content = openpyxl.Workbook(), io.BytesIO()
    places = {(i, j): value for i, row in enumerate(rows, 1) for j, value in enumerate(row, 1)}
    for place, value in places.items():
        plain = value.isdecimal() and value.isascii() and luck.random() < 0.3
        with suppress(IllegalCharacterError):
            book.active.cell(*place, int(value[:15]) if plain else value)
    book.save(content)
    return damaged_bytes(content.getvalue(), luck, often=0.5)


def file_of(rows, folder, luck, sheets=0.15):
    ending, content = ("xlsx", as_sheet) if luck.random() < sheets else ("csv", as_csv)
    path = folder / f"damaged.{ending}"
    path.write_bytes(content(damaged_table(rows, luck), luck))
    return path


@tried(2_000)
@given(seeds)
def test_a_roll_that_is_damaged(small, luck):
    path = file_of(rows_of("before"), small, luck)
    roll, refused = outcome(lambda: read_roll(path))
    assert refused or (len(set(roll.codes)) == len(roll.names) and all(len(code) == 12 for code in roll.codes))


@tried(1_000)
@given(seeds)
def test_a_map_that_is_damaged(small, luck):
    path = file_of(rows_of("map"), small, luck)
    _, refused = outcome(lambda: place_of(path))
    assert refused is None or refused.fix


@tried(2_000)
@given(seeds)
def test_figures_that_are_damaged(small, luck):
    path = file_of(rows_of("table"), small, luck)
    table, refused = outcome(lambda: read_table(path, PLACE))
    assert refused or set(table) == set(COLUMNS)
    assert refused or all(
        np.nanmin(column, initial=0) >= 0 and np.nanmax(column, initial=0) < 1e13 for column in table.values()
    )


@tried(1_000)
@given(seeds)
def test_a_design_that_is_damaged(small, luck):
    path = file_of(DESIGN, small, luck, sheets=0.0)
    columns, refused = outcome(lambda: read_values(path, "a CSV file", error=DesignError))
    assert refused or len({len(values) for values in columns.values()}) == 1


@pytest.mark.parametrize("write", [as_csv, as_sheet])
def test_what_is_not_damaged_is_taken(small, write):
    class NoLuck:
        choice, random, randrange = staticmethod(lambda of: of[0]), staticmethod(lambda: 1.0), staticmethod(lambda n: 0)

    path = small / f"whole.{'csv' if write is as_csv else 'xlsx'}"
    path.write_bytes(write(rows_of("before"), NoLuck))
    assert outcome(lambda: read_roll(path))[0] == BEFORE.roll
