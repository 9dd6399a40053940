"""The browser in which pages are looked at."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a screen: the one of playwright, or the one that is installed."""
    playwright = pytest.importorskip("playwright.sync_api")
    installed = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with playwright.sync_playwright() as running:
        own = Path(running.chromium.executable_path).exists()
        found = running.chromium.launch(executable_path=None if own else installed, args=["--no-sandbox"])
        yield found
        found.close()
