"""Inputs that each went wrong in a kind of their own once: one message and exit code 2, quickly and in little memory."""

import re
import resource
import signal
import sys
import time
from pathlib import Path

import pytest

from villagesim.cli import main

TOWN = (Path(__file__).parents[2] / "scenarios" / "one_town.toml").read_text(encoding="utf-8")
SECONDS, GIB = 5.0, 2**20
"""Of the processor; kB."""


def parameter(name: str, value: str, source: str = '"me"') -> tuple[str, str]:
    """A range of one's own that holds everything."""
    return "[fund]", f"[parameters.{name}]\nvalue = {value}\nlow = -1e9\nhigh = 1e9\nsource = {source}\n\n[fund]"


def name(text: str) -> tuple[str, str]:
    """Another name of a strategy, as TOML writes it."""
    return 'name = "land trust"', f'name = "{text}"'


KINDS = {
    "a correlation above 1": parameter("entitlement_income_correlation", "1.5"),
    "a share of more than all": parameter("relet_gain", "400"),
    "a spread below 0": parameter("debt_sd", "-1.0"),
    "a rate that never ends": parameter("request_rate", "9e8"),
    "a growth below -1": parameter("income_growth", "-1.5"),
    "a divisor of 0": parameter("villages_per_officer", "0"),
    "a return next to nothing": (
        'kind = "land_trust"\nstart = 2022-03-01',
        'kind = "stakes"\nstart = 2022-03-01\nmoney = 5e6\npromised = 1e-310',
    ),
    "a weight beyond all numbers": parameter("vote_gain", "1e8"),
    "a source that is no text": parameter("vote_loss", "3", "7"),
    "a source of blanks": parameter("vote_loss", "3", '"  "'),
    "more residents than people": ("residents = 54_000", "residents = 9_000_000_000_000_000_000"),
    "no number of residents": ("residents = 54_000", "residents = nan"),
    "a number of 5,000 digits": ("arable = 131_000", f"arable = {'9' * 5000}"),
    "more money than there is": ("yearly = 5_000_000", "yearly = 1e300"),
    "an escape in a name": name("a\\u001b[2Jb"),
    "a direction in a name": name("a\\u202eb"),
    "a line break in a name": name("a\\nb"),
    "a name without width": name("\\u200b"),
    "an unseen letter in a title": ("title =", 'title = "a\\u00adb"\n#'),
    "an escape in what is known": ("[place]", '[about]\ndata = "a\\u001b[2Jb"\n\n[place]'),
    "a path of no file": ('after = "packaged:370114_2021"', 'after = "a\\u0000b"'),
    "a device for a roll": ('after = "packaged:370114_2021"', 'after = "/dev/zero"'),
}


@pytest.mark.parametrize("change", KINDS.values(), ids=KINDS.keys())
def test_each_kind_ends_in_one_message(
    change: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Already by ``check``: nothing is run, and nothing is kept."""
    assert change[0] in TOWN
    path = tmp_path / "place.toml"
    path.write_text(TOWN.replace(*change, 1), encoding="utf-8")
    said, seconds, memory = refused(["check", str(path)], monkeypatch, capfd)
    assert said.startswith("villagesim: ")
    assert "place.toml" in said
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\u200b\u00ad]", said)
    assert len(said) < 1500
    assert seconds < SECONDS
    assert memory < GIB


def refused(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> tuple[str, float, int]:
    """What is said on the way out, after how many seconds of the processor, and by how much the peak of memory rose [kB]."""
    monkeypatch.setattr(sys, "argv", ["villagesim", *arguments])
    begun, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    at_term = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit) as left:
            main()
    finally:
        signal.signal(signal.SIGTERM, at_term)
    assert left.value.code == 2
    out, err = capfd.readouterr()
    assert not out
    return err, time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
