"""What installs an extra, by where the library came from."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import villagesim.explore
from villagesim import extras
from villagesim.errors import RunError
from villagesim.exploring import explore

NEEDS = ["simpy>=4.1", 'openpyxl>=3.1; extra == "excel"', "pyabc>=0.12; extra == 'calibration'"]


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        (None, '"villagesim[excel]"'),
        ({"url": "{here}", "archive_info": {}}, '"{path}[excel]"'),
        ({"url": "{here}", "dir_info": {"editable": True}}, '-e "{path}[excel]"'),
        ({"url": "{here}/gone.whl", "archive_info": {}}, '"openpyxl>=3.1"'),
        (
            {"url": "https://example.org/v.git", "vcs_info": {"vcs": "git"}},
            '"villagesim[excel] @ git+https://example.org/v.git"',
        ),
    ],
    ids=["a release", "a wheel", "a checkout", "a wheel that is gone", "a repository"],
)
def test_what_was_installed_is_named(
    source: dict[str, Any] | None, asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = source and json.dumps(source).replace("{here}", tmp_path.as_uri())
    found = SimpleNamespace(read_text=lambda name: told, requires=NEEDS)
    monkeypatch.setattr(extras, "distribution", lambda name: found)
    assert extras.way_to("excel") == "pip install " + asked.replace("{path}", str(tmp_path))


def test_explore_without_its_extra_says_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(villagesim.explore, "server", raising=False)
    monkeypatch.setitem(sys.modules, "villagesim.explore.server", None)
    with pytest.raises(RunError, match=r"needs the extra \[explore\](?s:.*)pip install"):
        explore(Path("packaged:one_town"))
