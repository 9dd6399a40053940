"""The wheel alone, in an empty folder with an empty home: what comes along is found, listed, copied and run.

The source distribution is built of a copy of the repository, the wheel of the source distribution; nothing is fetched.
"""

import os
import re
import shlex
import subprocess
import sys
import tarfile
import time
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from unit.study.national import national_files

import villagesim as vs
from villagesim.files import packaged

ROOT = Path(__file__).resolve().parents[2]
NOT_SOURCE = (".*", "out", "build", "dist", "_build", "__pycache__", "*.egg-info")
ROOMS = ("benchmarks", "docs", "experiments", "scenarios", "tests", "villagesim")
SDIST = "import sys; from setuptools.build_meta import build_sdist; build_sdist(sys.argv[1])"


def done(*command: object, cwd: Path, env: dict[str, str] | None = None) -> str:
    """What a command prints; it must end well."""
    found = subprocess.run([*map(str, command)], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


def once(folder: Path, make: Callable[[Path], None], seconds: float = 300.0) -> Path:
    """The folder with what ``make`` leaves in it: by the first of the processes that run the tests, the others wait for it."""
    try:
        folder.mkdir()
    except FileExistsError:
        end = time.monotonic() + seconds
        while not (folder / "made").exists():
            assert time.monotonic() < end, f"{folder} is not made"
            time.sleep(0.1)
        return folder
    make(folder)
    (folder / "made").touch()
    return folder


def build(folder: Path) -> None:
    """Build the source distribution, and the wheel of it."""
    copytree(ROOT, folder / "copy", ignore=ignore_patterns(*NOT_SOURCE))
    done(sys.executable, "-c", SDIST, folder, cwd=folder / "copy")
    (sdist,) = folder.glob("*.tar.gz")
    how = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check")
    done(sys.executable, "-m", "pip", "wheel", *how, "-w", folder, sdist, cwd=folder)


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this session, of all its processes."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def built(session: Path) -> Path:
    """Where both are."""
    return once(session / "built", build)


@pytest.fixture(scope="session")
def sdist(built: Path) -> Path:
    """The source distribution."""
    (found,) = built.glob("*.tar.gz")
    return found


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    """The wheel, built of it."""
    (found,) = built.glob("*.whl")
    return found


class Installed:
    """An environment with the wheel and the libraries of the one that runs the tests, an empty folder and an empty home."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        venv.create(folder / "env", with_pip=False)
        self.bin = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        self.folder = folder / "empty"
        self.folder.mkdir()
        kept = {key: os.environ[key] for key in ("SYSTEMROOT", "TEMP", "TMP") if key in os.environ}
        self.env = {**kept, "PATH": str(self.bin), "HOME": str(folder / "home"), "USERPROFILE": str(folder / "home")}
        (folder / "home").mkdir()
        how = ("--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", "--no-compile")
        pip = (sys.executable, "-m", "pip", "--python", self.bin / "python")
        done(*pip, "install", *how, wheel, cwd=folder, env=self.env)
        (site,) = folder.glob("env/[Ll]ib/**/site-packages")
        (site / "libraries.pth").write_text("\n".join(path for path in sys.path if path.endswith("-packages")))

    def villagesim(self, *arguments: object) -> str:
        """What the command prints."""
        return done(self.bin / "villagesim", *arguments, cwd=self.folder, env=self.env)

    def python(self, code: str) -> str:
        """What Python prints."""
        return done(self.bin / "python", "-c", code, cwd=self.folder, env=self.env)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Installed, and nothing else."""
    return Installed(tmp_path_factory.mktemp("installed"), wheel)


def test_the_source_distribution_holds_all_that_a_clone_has(sdist: Path) -> None:
    made = re.compile(r"__pycache__|^docs/(?:_build|reference)/")
    there = [*ROOT.glob("[!.]*.*"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.*"))]
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    names = [path.relative_to(ROOT).as_posix() for path in there if path.is_file()]
    assert len(names) > 400
    assert [name for name in names if not made.search(name) and name not in held] == []


def test_the_readme_has_no_link_to_a_file_where_the_files_are_not(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        text = archive.read(name).decode("utf-8")
    assert "# villagesim\n" in text
    assert "Sources (`docs/sources.md`)" in text
    assert re.findall(r"\]\((?!https?:)[^)]*\)", text) == []


def test_what_comes_along_is_the_same_installed(installed: Installed) -> None:
    said = installed.python(
        "from villagesim.files import packaged; import villagesim as vs\n"
        "found = packaged.scenarios() | packaged.questions()\n"
        "print(vs.__file__); print(' '.join(found))\n"
        "print(vs.load_scenario('packaged:zhangqiu').digest)\n"
    ).splitlines()
    assert Path(said[0]).is_relative_to(installed.bin.parent)
    assert said[1].split() == [*packaged.scenarios(), *packaged.questions()]
    assert said[2] == vs.load_scenario("packaged:zhangqiu").digest


def test_the_command_line_finds_what_comes_along(installed: Installed) -> None:
    assert "Three townships of Zhangqiu" in installed.villagesim("examples")
    assert "890 villages" in installed.villagesim("check", "packaged:zhangqiu")
    assert "形合实离" in installed.villagesim("describe", "packaged:one_town", "--odd")
    installed.villagesim("examples", "--copy", "mine")
    assert "117 villages" in installed.villagesim("check", "mine/scenarios/one_town.toml")


def test_an_extra_is_named_by_what_was_installed(installed: Installed, wheel: Path) -> None:
    said = installed.python("from villagesim.extras import way_to; print(way_to('excel'))")
    assert said.strip() == f'pip install "{wheel}[excel]"'


def filled_in(path: Path, **figures: object) -> None:
    """Put figures in the place of those that a new study begins with."""
    text = path.read_text(encoding="utf-8")
    for key, value in figures.items():
        text, n = re.subn(rf"^{key} = \S+", f"{key} = {value}", text, flags=re.MULTILINE)
        assert n == 1
    path.write_text(text, encoding="utf-8")


def commands() -> list[str]:
    """What follows ``villagesim`` on the page of the six steps, in order."""
    page = (ROOT / "docs/own_county.md").read_text(encoding="utf-8")
    return re.findall(r"^\$ villagesim (.*)$", page, re.MULTILINE)


def six_steps(folder: Path, wheel: Path, *how: str, **figures: str) -> float:
    """From the wheel to a figure and a table of one's own county, by the commands of the page [seconds]."""
    new, check, compare, *_ = map(shlex.split, commands())
    begun = time.monotonic()
    own = Installed(folder, wheel)
    national_files(own.folder, "141129", "中阳县")
    assert "Three figures that would help most" in own.villagesim(*new)
    filled_in(own.folder / "own/scenario.toml", mean_income="180_000", share_above="0.61", **figures)
    assert "mean collective income 180 thousand yuan, 61.0% at or above 100 thousand yuan" in own.villagesim(*check)
    said = own.villagesim(*compare, *how)
    assert all(f" {strategy} " in said for strategy in ("five integrations", "land trust", "both"))
    assert (own.folder / "out/scenario/figures/differences.png").read_bytes().startswith(b"\x89PNG")
    table = (own.folder / "out/scenario/tables/comparison.csv").read_text(encoding="utf-8-sig")
    assert len(table.splitlines()) > 50
    return time.monotonic() - begun


def test_six_steps_lead_from_the_wheel_to_a_figure(wheel: Path, tmp_path: Path) -> None:
    how = ("--replications", "2", "--workers", "1", "--figures", "png")
    assert six_steps(tmp_path, wheel, *how, end="2021-12-31") < 600


@pytest.mark.long
def test_six_steps_take_less_than_ten_minutes(wheel: Path, tmp_path: Path) -> None:
    """With all replications, on whatever machine."""
    seconds = six_steps(tmp_path, wheel, arable="310_000")
    print(f"{seconds:.0f} s")
    assert seconds < 600
