"""The page to play with, against `compare`, and against whoever should not be answered."""

import asyncio
import html
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest

import villagesim as vs

pytestmark = pytest.mark.extras
pytest.importorskip("starlette")
pytest.importorskip("httpx")
pytest.importorskip("tomli_w")

from starlette.testclient import TestClient  # noqa: E402

from villagesim.explore.controls import checked_values, controls, moved  # noqa: E402
from villagesim.explore.pairs import Asked, make_pair  # noqa: E402
from villagesim.explore.pool import Pool  # noqa: E402
from villagesim.explore.server import Explorer, application, line_of  # noqa: E402
from villagesim.runs.parts import Chunk, PartWriter  # noqa: E402

PORT = 8123
HERE = f"http://127.0.0.1:{PORT}"
MOVED = {
    "fund.yearly": 2_000_000, "merger.decree": "2021-06-01", "policies.land_trust.villages": 9,
    "policies.land_trust.start": "2022-08-01", "policies.land_trust.target": "lowest(30)",
    "policies.land_trust.split.0": 0.4, "policies.land_trust.split.1": 0.3, "policies.land_trust.split.2": 0.2,
    "policies.land_trust.split.3": 0.05, "policies.land_trust.split.4": 0.05,
    "policies.five_integrations.cost_per_facilitator": 80_000,
}  # fmt: skip
ASKED = {"values": MOVED, "strategies": ["both"], "outcome": "collective_income", "against": "nothing but the merger"}


class AtOnce(ThreadPoolExecutor):
    """Runs in this process, and remembers which replications were asked for."""

    def __init__(self, workers: int) -> None:
        super().__init__(1)
        self.asked: list[int] = []

    def submit(self, make: Any, task: Any, chunk: Any, wanted: Path) -> Future[Any]:  # type: ignore[override]
        self.asked.append(chunk.replication)
        return super().submit(make, task, chunk, wanted)


class Slow(ThreadPoolExecutor):
    """Workers to whom everything takes a moment."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers)
        self.asked: list[int] = []

    def submit(self, make: Any, task: Any, chunk: Any, wanted: Path) -> Future[Any]:  # type: ignore[override]
        self.asked.append(chunk.replication)
        return super().submit(lambda: time.sleep(0.02) or "a pair")


class Broken(ThreadPoolExecutor):
    """An executor whose processes are gone."""

    def submit(self, *what: Any, **how: Any) -> Future[Any]:
        raise BrokenExecutor


@pytest.fixture
def explorer(one_town: vs.Scenario, tmp_path: Path) -> Iterator[Explorer]:
    pool = Pool(1, AtOnce)
    yield Explorer(one_town, Path("packaged:one_town"), pool, tmp_path / "saved", ("both",), replications=3)
    pool.close()


@pytest.fixture
def client(explorer: Explorer) -> TestClient:
    return TestClient(application(explorer, PORT), base_url=f"{HERE}/{explorer.token}/")


def events(client: TestClient, asked: Any) -> list[tuple[str, dict[str, Any]]]:
    text = client.get("pairs", params={"asked": json.dumps(asked)}).text
    found = re.findall(r"event: (\w+)\ndata: (.*)\n\n", text)
    return [(name, json.loads(data)) for name, data in found]


def test_pairs_come_to_what_compare_finds_and_so_does_the_saved_file(client: TestClient, explorer: Explorer) -> None:
    *shown, (last, _) = events(client, ASKED)
    assert last == "end"
    assert shown[-1][1]["pairs"] == 3
    saved = client.post("saved", json=ASKED | {"name": "my setting"}).json()
    path = explorer.folder / "my setting.toml"
    assert saved["command"].endswith(f"compare '{path}' --strategies both --replications 3 --seed 1")
    loaded = vs.load_scenario(path)
    assert loaded.digest == moved(explorer.scenario, MOVED).digest != explorer.scenario.digest
    answer = vs.compare(loaded, 3, strategies=["both"], workers=1)
    found = shown[-1][1]["strategies"][0]
    wanted = answer.changes_over_time("collective_income")["both"]["intervals"]
    assert found["mean"] == [each.mean for each in wanted]
    assert found["mean"][-1] != 0
    ends = [(each.low, each.high) if each.low == each.low else (None, None) for each in wanted]
    assert [*zip(found["low"], found["high"], strict=True)] == ends


def test_lines_differ_by_more_than_colour(client: TestClient) -> None:
    assert len({line_of(order)["dash"] for order in range(8)}) == 8
    dashes = [each["dash"] for each in client.get("offered").json()["strategies"]]
    assert len({*dashes}) == len(dashes) > 1
    page = client.get("page.js").text
    assert page.count('"stroke-dasharray": dash') == 2, "the line, and what stands before its name"


def test_a_strategy_can_be_held_against_another(client: TestClient, explorer: Explorer) -> None:
    *_, (_, against), _ = events(client, ASKED | {"strategies": ["both", "land trust"], "against": "land trust"})
    answer = vs.compare(moved(explorer.scenario, MOVED), 3, strategies=["both", "land trust"], workers=1)
    both, trust = (answer.at("collective_income")[answer.strategies.index(name)] for name in ("both", "land trust"))
    found = {each["name"]: each["end"][0] for each in against["strategies"]}
    assert found["both"] == pytest.approx((both - trust).mean(), rel=1e-12)
    assert "land trust" not in found


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"fund.yearly": 1e12}, "beyond the slider"),
        ({"fund.yearly": float("nan")}, "not a number"),
        ({"fund.yearly": True}, "not a number"),
        ({"policies.land_trust.villages": 1.5}, "not a whole number"),
        ({"merger.decree": "2019-01-01"}, "beyond the slider"),
        ({"merger.decree": 7}, "merger.decree"),
        ({"fund.yearly": 10**400}, "is not a number"),
        ({"policies.land_trust.target": "lowest(100000)"}, "none of"),
        ({"policies.land_trust.target": {"rule": "all"}}, "target"),
        ({"policies.land_trust.split.0": 2}, "beyond the slider"),
        ({"policies.land_trust.split.0": 0.9, "policies.land_trust.split.1": 0.9}, "leave"),
        ({"parameters.income_growth": 0.1}, "cannot be moved"),
        ([], "table"),
    ],
)
def test_what_no_slider_can_give_is_refused_and_nothing_runs(
    values: Any, said: str, client: TestClient, explorer: Explorer
) -> None:
    ((name, found),) = events(client, ASKED | {"values": values})
    assert name == "refused"
    assert said in found["message"]
    assert explorer.pool.executor.asked == []  # type: ignore[attr-defined]
    refused = client.post("saved", content=json.dumps(ASKED | {"values": values, "name": "x"}))
    assert refused.status_code == 400
    assert not explorer.folder.exists()


@pytest.mark.parametrize(
    "asked",
    [None, [], {}, ASKED | {"strategies": "both"}, ASKED | {"strategies": ["x"]}, ASKED | {"outcome": ["x"]},
     ASKED | {"against": "no merger"}, ASKED | {"against": "land trust"}],
)  # fmt: skip
def test_what_a_page_does_not_offer_is_refused(asked: Any, client: TestClient) -> None:
    ((name, said),) = events(client, asked)
    assert (name, "fault" in said["message"]) == ("refused", False)


@pytest.mark.parametrize(
    "name", ["../out", "/tmp/out", "a/b", "a\\b", ".hidden", "", "x" * 61, "a\n", "nul\0", "..", None, 7, ["a"]]
)
def test_a_setting_is_saved_in_its_folder_alone(name: Any, client: TestClient, explorer: Explorer) -> None:
    refused = client.post("saved", json=ASKED | {"name": name})
    assert (refused.status_code, explorer.folder.exists()) == (400, False)
    assert "is no name" in refused.json()["message"]


def test_what_is_saved_is_never_written_over(client: TestClient, explorer: Explorer) -> None:
    assert client.post("saved", json=ASKED | {"name": "设定_1"}).status_code == 200
    before = (explorer.folder / "设定_1.toml").read_bytes()
    refused = client.post("saved", json=ASKED | {"values": {}, "name": "设定_1"})
    assert "is there already" in refused.json()["message"]
    assert (explorer.folder / "设定_1.toml").read_bytes() == before
    (explorer.folder / "link.toml").symlink_to(explorer.folder.parent / "outside.toml")
    assert client.post("saved", json=ASKED | {"name": "link"}).status_code == 400
    assert not (explorer.folder.parent / "outside.toml").exists()


def test_whoever_asks_by_another_name_from_another_site_or_without_token_is_refused(
    client: TestClient, explorer: Explorer
) -> None:
    own = f"{HERE}/{explorer.token}/offered"
    assert client.get(own).status_code == 200
    assert client.get(own, headers={"host": f"localhost:{PORT}"}).status_code == 200
    for host in ("evil.example", f"evil.example:{PORT}", "127.0.0.1:1", "127.0.0.1", ""):
        assert client.get(own, headers={"host": host}).status_code == 421, host
    for origin in ("http://evil.example", "null", f"https://127.0.0.1:{PORT}"):
        assert client.post(f"{HERE}/{explorer.token}/saved", json=ASKED, headers={"origin": origin}).status_code == 403
    for path in (
        "/",
        "/offered",
        f"/{explorer.token}",
        f"/{explorer.token[:-1]}/offered",
        f"//{explorer.token}/offered",
        "/ü/",
    ):
        assert client.get(HERE + path).status_code == 404, path
    for path in ("../server.py", "..%2fserver.py", "server.py", "page.js/../server.py"):
        assert client.get(f"{HERE}/{explorer.token}/{path}").status_code == 404, path
    assert client.get(f"{HERE}/{explorer.token}/saved").status_code == 405
    assert client.post("saved", content=b"x" * 70_000).status_code == 413


def test_pages_are_closed_to_others(client: TestClient) -> None:
    for path in ("", "page.js", "page.css", "offered"):
        answer = client.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "http://" not in answer.text.replace("http://www.w3.org/2000/svg", "")


def test_what_came_in_before_is_shown_at_once(client: TestClient, explorer: Explorer) -> None:
    events(client, ASKED)
    found = events(client, ASKED | {"outcome": "trust"})
    assert [name for name, _ in found] == ["pairs", "end"]
    assert explorer.pool.executor.asked == [0, 1, 2]  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", ["zhangqiu", "yangquan", "qingyang"])
def test_every_slider_of_the_shipped_places_takes_its_own_value_and_both_ends(place: str) -> None:
    scenario = vs.load_scenario(f"packaged:{place}")
    known = controls(scenario)
    assert len(known) > 10
    for path, control in known.items():
        assert control.kind == "target" or control.low <= control.value <= control.high, path
        ends = (control.value, "all") if control.kind == "target" else (control.value, control.low, control.high)
        for value in ends:
            assert checked_values(known, {path: value}) == {path: value}, path
    own = {path: control.value for path, control in known.items()}
    assert moved(scenario, own).digest == scenario.digest


def test_a_generation_that_nobody_waits_for_ends_and_others_go_on(explorer: Explorer) -> None:
    asked = Asked.of(explorer.scenario, explorer.known, ASKED)
    task, pool = explorer.task(asked.strategies), Pool(2, Slow)
    folder = Path(pool.folder.name)

    async def tabs() -> tuple[int, int]:
        one, other = pool.pairs(task, asked, 50), pool.pairs(task, replace(asked, values={}), 4)
        await anext(one)
        await anext(other)
        assert len([*folder.iterdir()]) == 2
        await one.aclose()
        assert len([*folder.iterdir()]) == 1
        n = len(pool.executor.asked)  # type: ignore[attr-defined]
        *_, last = [len(found) async for found in other]
        return last, len(pool.executor.asked) - n  # type: ignore[attr-defined]

    with ThreadPoolExecutor(1) as thread:  # whatever loop runs in this one
        assert thread.submit(asyncio.run, tabs()).result() == (4, 2)
    assert [*folder.iterdir()] == []
    pool.close()
    assert not folder.exists()


def test_runs_that_nobody_waits_for_stop_before_the_next_strategy(explorer: Explorer, tmp_path: Path) -> None:
    task = explorer.task(("no merger", "nothing but the merger", "both"))
    left = iter([True, True, False])
    made = PartWriter(task, wanted=lambda: next(left))
    made.run((Chunk(0, 0),))
    assert [rows["strategy"][0] for rows in made.county] == ["no merger", "nothing but the merger"]
    assert make_pair(task, Chunk(0, 0), tmp_path / "gone") is None


def test_a_worker_that_dies_is_replaced_and_it_is_said(explorer: Explorer) -> None:
    pool = explorer.pool
    pool.executor = Broken()
    ((name, said),) = events(TestClient(application(explorer, PORT), base_url=f"{HERE}/{explorer.token}/"), ASKED)
    assert (name, "a worker process died" in said["message"]) == ("refused", True)
    assert isinstance(pool.executor, AtOnce)


def alive(group: int) -> list[int]:
    """Processes of a group that have not ended."""
    stats = [each.read_text() for each in Path("/proc").glob("[0-9]*/stat") if each.exists()]
    rows = [(int(text.split()[0]), text.rpartition(")")[2].split()) for text in stats]
    return [number for number, row in rows if int(row[2]) == group and row[0] != "Z"]


def generations(folder: Path) -> list[Path]:
    """Files of what somebody waits for."""
    return [*folder.glob("villagesim-*/*")]


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, for a while."""
    deadline = time.monotonic() + 30
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert holds()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="counts processes in /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_with_its_workers_in_the_midst_of_runs(sent: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "villagesim", "explore", "packaged:one_town", "--workers", "2"]
    here = {"PYTHONUNBUFFERED": "1", "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    begun = subprocess.Popen(
        [*command, "--replications", "1000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        start_new_session=True, env=os.environ | here,
    )  # fmt: skip
    assert begun.stdout is not None
    address = begun.stdout.readline().split()[-1]
    asked = f"{address}pairs?asked={quote(json.dumps(ASKED | {'values': {}}))}"
    with urlopen(asked) as stream:
        with urlopen(asked + "&tab=2") as other:
            assert stream.readline() == other.readline() == b"event: pairs\n"
            assert len(alive(begun.pid)) >= 3
            assert len(generations(tmp_path)) == 2
        until(lambda: len(generations(tmp_path)) == 1)  # the tab that was closed
        begun.send_signal(sent)
        said, wrong = begun.communicate(timeout=60)
    assert begun.returncode == {signal.SIGINT: 0, signal.SIGTERM: 143}[sent]
    assert (said.splitlines()[-1], wrong) == ("Stopped.", "")
    until(lambda: not alive(begun.pid))
    assert [*tmp_path.iterdir()] == []


def test_the_page_speaks_chinese(client: TestClient, one_town: vs.Scenario) -> None:
    """All but the name of the library; texts of the script go along, and settings are told too."""
    with vs.language("zh"):
        page, offered = client.get("").text, client.get("offered").json()
        told = [text for each in controls(one_town).values() for text in (each.name, each.unit)]
    words = json.loads(html.unescape(re.search(r'data-words="(.*?)"', page)[1]))  # type: ignore[index]
    assert len(words) > 20
    seen = [*re.findall(">([^<>]+)<", page), *words.values(), *told, *offered["groups"].values()]
    seen += [each["told"] for each in offered["strategies"]] + [each["title"] for each in offered["outcomes"]]
    assert not [
        text for text in seen if re.search("[A-Za-z]{2,}", re.sub(r"\{\w+\}|villagesim explore|&nbsp;", "", text))
    ]
    assert client.get("offered").json()["groups"][""] == "County"
