"""A folder with the small place, to which the files that are tried are written."""

import shutil

import pytest
from fuzz.mutations import SMALL


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    return shutil.copytree(SMALL, tmp_path_factory.mktemp("fuzz") / "small")
