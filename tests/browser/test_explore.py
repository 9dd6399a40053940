"""Claim: at phone and desk width the page to play with can be read and used, and what it shows is of the last setting."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.pages import CUT_OFF, DESK, PHONE

import villagesim as vs

pytestmark = pytest.mark.extras
pytest.importorskip("starlette")
WAIT = 120_000
"""Milliseconds, where others use the processors too."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server was started."""
    return tmp_path_factory.mktemp("explore")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Of a server that makes four pairs of runs."""
    command = [
        sys.executable,
        "-m",
        "villagesim",
        "explore",
        "packaged:one_town",
        "--replications",
        "4",
        "--workers",
        "2",
    ]
    here = {"PYTHONUNBUFFERED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    begun = subprocess.Popen(
        [*command, "--strategies", "land trust,both"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=os.environ | here,
    )
    assert begun.stdout is not None
    yield begun.stdout.readline().split()[-1]
    begun.send_signal(signal.SIGINT)
    begun.communicate(timeout=60)


def opened(browser: Any, address: str, width: int) -> tuple[Any, list[str]]:
    """The page when all pairs are in, and all that a browser complains of or asks of others."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda problem: seen.append(str(problem)))
    page.on("request", lambda request: None if request.url.startswith((address, "data:")) else seen.append(request.url))
    page.goto(address)
    settled(page)
    return page, seen


def settled(page: Any) -> None:
    """Wait until all pairs of the last setting are in."""
    page.wait_for_selector("body:not(.stale) [data-pairs='4']", timeout=WAIT)


def slide(page: Any, path: str, value: object) -> None:
    page.locator(f"[data-path='{path}'] input").fill(str(value))


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nothing_is_cut_off_and_nothing_else_is_loaded(browser: Any, address: str, width: int, tmp_path: Path) -> None:
    page, seen = opened(browser, address, width)
    assert seen == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF) == []
    assert page.locator("#chart .band").count() == page.locator("#chart .mean").count() == 2
    assert "not known yet" not in page.inner_text("#rows")
    page.screenshot(path=tmp_path / f"explore_{width}.png", full_page=True)
    page.close()


def test_a_moved_slider_begins_anew_and_all_can_be_put_back(browser: Any, address: str) -> None:
    page, seen = opened(browser, address, DESK)
    before = page.inner_text("#rows")
    for value in (0, 5, 28):
        slide(page, "policies.land_trust.villages", value)
    assert page.evaluate("document.body.className") == "stale"
    settled(page)
    moved = page.inner_text("#rows")
    assert moved != before
    assert page.locator(".moved .name").all_inner_texts() == ["villages [villages a year]"]
    page.click("#reset")
    settled(page)
    assert (page.inner_text("#rows"), page.locator(".moved").count(), seen) == (before, 0, [])
    page.close()


def test_shares_of_a_split_add_up_and_what_is_saved_is_what_is_shown(browser: Any, address: str, folder: Path) -> None:
    page, _ = opened(browser, address, DESK)
    slide(page, "policies.land_trust.split.1", 0.35)
    slide(page, "policies.land_trust.split.0", 0.13)
    slide(page, "policies.land_trust.start", 2022 * 12 + 7)
    page.locator("[data-path='policies.land_trust.target'] select").select_option("lowest")
    page.locator("[data-path='policies.land_trust.target'] input").fill("20")
    settled(page)
    page.fill("#name", "../outside")
    page.click("#saving button")
    page.wait_for_selector("text=is no name")
    page.fill("#name", "my setting")
    page.click("#saving button")
    page.wait_for_selector("#command:not([hidden])")
    assert page.inner_text("#command").endswith("--strategies 'land trust' --strategies both --replications 4 --seed 1")
    loaded = vs.load_scenario(folder / "explored" / "my setting.toml")
    (policy,) = loaded.strategies["land trust"]
    assert (sum(policy.split), policy.split[0]) == (1, 0.13)
    assert policy.split[1] > policy.split[2] > policy.split[4] > 0
    assert (str(policy.start), policy.target.words) == ("2022-08-01", "lowest(20)")
    page.close()


def test_two_tabs_have_settings_of_their_own(browser: Any, address: str) -> None:
    (one, _), (other, _) = opened(browser, address, DESK), opened(browser, address, DESK)
    before = other.inner_text("#rows")
    slide(one, "fund.yearly", 0)
    settled(one)
    assert one.inner_text("#rows") != before
    assert other.inner_text("#rows") == before
    one.close()
    other.close()
