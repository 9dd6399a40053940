"""The picture of a report in README.md and README.zh-CN.md: the top of its page, as a browser shows it.

QUESTION: what does a page of `villagesim report` look like?
DESIGN: the page of `villagesim compare packaged:one_town`, 30 replications, in Chromium without a screen.
OUTPUT: docs/figures/report.png. Run with `make pages`; where there is no browser the picture stays as it is.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

PICTURE = Path(__file__).parents[1] / "docs" / "figures" / "report.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1000, 1010
"""Of the window [points]."""
COLOURS = 48


def take(browser: str, page: Path) -> None:
    """Take the picture of a page."""
    with TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        how = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile"]
        what = [f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={shot}", page.resolve().as_uri()]
        subprocess.run([browser, *how, *what], check=True, capture_output=True, timeout=120)
        picture = Image.open(shot).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


def main(page: str) -> None:
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(f"No browser: {PICTURE.name} stays as it is.")
    else:
        take(browser, Path(page))


if __name__ == "__main__":
    main(*sys.argv[1:])
