"""The server of the page: on this machine alone, for whoever has its address with the token; it runs no code of users."""

import asyncio
import json
import logging
import re
import secrets
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from shlex import join
from typing import Any

import uvicorn
from jinja2 import Environment, StrictUndefined
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from villagesim.errors import RunError, VillagesimError
from villagesim.explore.controls import Control, controls, moved
from villagesim.explore.pairs import Asked, answer_of, drawn
from villagesim.explore.pool import Pool
from villagesim.explore.saving import save
from villagesim.languages import _, named, spoken
from villagesim.plots.style import look
from villagesim.questions.comparison import chosen
from villagesim.questions.setting import Setting
from villagesim.refusals import retold
from villagesim.runs.parts import Task
from villagesim.runs.writing import printable
from villagesim.scenario import NO_MERGER, Scenario

LOG = logging.getLogger("villagesim")
LOOPBACK = "127.0.0.1"
PAGE = Path(__file__).with_name("page.html")
FILES = {
    "page.js": ("page.js", "text/javascript"),
    "page.css": ("page.css", "text/css"),
}
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
}  # fmt: skip
DASHES = ("none", "10 4", "2 4", "10 4 2 4", "18 4", "5 2", "10 4 2 4 2 4", "18 4 5 4")
"""Of the lines of strategies, which so differ by more than their colour [pixels]."""
EVERY = 0.25
"""Seconds between two drawings, at least."""
LARGEST = 65_536
"""Bytes that a page may send."""


def line_of(order: int) -> dict[str, str]:
    """How the line of a strategy is drawn, by its rank in the scenario."""
    return {"colour": look(order).colour, "dash": DASHES[order % len(DASHES)]}


@dataclass(frozen=True)
class Explorer:
    """What is explored, and by which command it was begun.

    Attributes
    ----------
    scenario : Scenario
    source : Path
        Its file, or packaged name.
    pool : Pool
    folder : Path
        Where settings are saved.
    strategies : tuple of str
        Shown at first.
    seed, replications : int
    command : tuple of str
        How this program is started.
    """

    scenario: Scenario
    source: Path
    pool: Pool
    folder: Path
    strategies: tuple[str, ...]
    seed: int = 1
    replications: int = 30
    command: tuple[str, ...] = ("villagesim",)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    known: dict[str, Control] = field(init=False)
    tasks: dict[tuple[str, ...], Task] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", controls(self.scenario))

    def task(self, strategies: tuple[str, ...]) -> Task:
        """What all pairs of these strategies have in common, made once: a worker then unpacks it once."""
        own = Task(self.scenario, strategies, self.seed, tuple(self.scenario.outcomes))
        return self.tasks.setdefault(strategies, own)

    def warm(self) -> None:
        """Let workers load what the first runs need, while the page is opened."""
        self.pool.warm(self.task(chosen(self.scenario, self.strategies)))

    def offered(self) -> dict[str, Any]:
        """All that the page needs to know at first."""
        setting = Setting.of(self.scenario)
        others = [
            {
                "name": name, "told": named(name, "strategy"), **line_of(setting.order(name)), "shown": name in self.strategies,
                "policies": [policy.label for policy in self.scenario.strategies[name]],
                "against": name not in setting.other_number,
            }
            for name in self.scenario.strategies if name != NO_MERGER
        ]  # fmt: skip
        outcomes = [{"name": n, "title": named(self.scenario.outcomes[n].title)} for n in setting.headline_outcomes]
        labels = dict.fromkeys(control.group for control in self.known.values())
        groups = {label: named(label).replace("_", " ") if label else _("County") for label in labels}
        return {
            "title": named(self.scenario.title), "baseline": setting.baseline, "strategies": others, "outcomes": outcomes,
            "controls": [asdict(control) for control in self.known.values()], "groups": groups, "decrees": setting.decrees,
            "replications": self.replications, "seed": self.seed, "folder": printable(self.folder),
        }  # fmt: skip

    async def events(self, said: Any) -> AsyncIterator[str]:
        """Drawings while pairs come in, then the end; what cannot be run is said instead."""
        try:
            asked = Asked.of(self.scenario, self.known, said)
            scenario = moved(self.scenario, asked.values)
            task, last = self.task(asked.strategies), -EVERY
            async for pairs in self.pool.pairs(task, asked, self.replications):
                if time.monotonic() - last < EVERY and len(pairs) < self.replications:
                    continue
                answer = await asyncio.to_thread(answer_of, scenario, task, dict(pairs), asked.against)
                found = await asyncio.to_thread(drawn, answer, asked.outcome, self.replications)
                last = time.monotonic()
                yield _event("pairs", found)
            yield _event("end", {})
        except VillagesimError as problem:
            yield _event("refused", {"message": str(retold(problem))})
        except Exception as problem:
            yield _event("refused", {"message": _fault(problem)})

    def saved(self, said: Any) -> dict[str, Any]:
        """Save a setting, and say which command makes the same comparison."""
        asked = Asked.of(self.scenario, self.known, said)
        path = save(self.scenario, self.source, asked.values, self.folder, said.get("name"))
        shown = [name for name in asked.strategies if name not in (NO_MERGER, self.scenario.baseline)]
        words = [*self.command, "compare", str(path), *(each for name in shown for each in ("--strategies", name))]
        words += ["--replications", str(self.replications), "--seed", str(self.seed)]
        note = "" if asked.against == self.scenario.baseline else (
            _("The command holds the same runs against “{baseline}”, not against “{other}”.",
              baseline=named(self.scenario.baseline), other=named(asked.against))
        )  # fmt: skip
        return {"file": printable(path), "command": join(words), "note": note}


def application(explorer: Explorer, port: int) -> ASGIApp:
    """The pages of an explorer, which answer to this machine's own names and the token alone."""

    def file(name: str, kind: str) -> Any:
        content = PAGE.with_name(name).read_bytes()
        return lambda request: Response(content, media_type=f"{kind}; charset=utf-8")

    async def page(request: Request) -> Response:
        return Response(page_text(), media_type="text/html; charset=utf-8")

    async def offered(request: Request) -> Response:
        return JSONResponse(explorer.offered())

    async def pairs(request: Request) -> Response:
        said = _json(request.query_params.get("asked", ""))
        return StreamingResponse(explorer.events(said), media_type="text/event-stream")

    async def saved(request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                return PlainTextResponse("Too large.", 413)
        try:
            return JSONResponse(await asyncio.to_thread(explorer.saved, _json(body)))
        except VillagesimError as problem:
            return JSONResponse({"message": str(retold(problem))}, 400)
        except Exception as problem:
            return JSONResponse({"message": _fault(problem)}, 500)

    routes = [Route(f"/{path}", file(*of)) for path, of in FILES.items()]
    routes += [
        Route("/", page),
        Route("/offered", offered),
        Route("/pairs", pairs),
        Route("/saved", saved, methods=["POST"]),
    ]
    return Doorkeeper(Starlette(routes=routes), explorer.token, port)


def page_text() -> str:
    """The page, in the language that is spoken, with the messages of its script."""
    words = {message: named(message) for message in messages(PAGE.with_suffix(".js").read_text(encoding="utf-8"))}
    page = Environment(autoescape=True, undefined=StrictUndefined).from_string(PAGE.read_text(encoding="utf-8"))
    return page.render(_=_, language=spoken(), words=json.dumps(words, ensure_ascii=False))


def messages(script: str) -> list[str]:
    """Messages that a script tells."""
    return re.findall(r'_\("([^"]*)"', script)


class Doorkeeper:
    """Lets through what asks this machine by its own name, from its own page, with the token; and closes the page to others.

    The name guards against sites that let their own name point here (DNS rebinding), the origin against forms of other sites.
    """

    def __init__(self, inner: ASGIApp, token: str, port: int) -> None:
        self.inner, self.token = inner, token
        self.hosts = {f"{name}:{port}" for name in (LOOPBACK, "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            return
        _, given, *path = scope["path"].split("/")
        if refused := self.refused(Headers(scope=scope), given if path else ""):
            await refused(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in HEADERS.items())]
            await send(message)

        await self.inner({**scope, "path": "/".join(["", *path])}, receive, with_headers)

    def refused(self, headers: Headers, token: str) -> Response | None:
        """Why not, if not."""
        if headers.get("host", "") not in self.hosts:
            return PlainTextResponse("This page is for this machine alone.", 421)
        origin = headers.get("origin")
        if origin is not None and origin.removeprefix("http://") not in self.hosts:
            return PlainTextResponse("Another site asks.", 403)
        if not secrets.compare_digest(token.encode(), self.token.encode()):
            return PlainTextResponse("The address lacks its token: take the whole one that was printed.", 404)
        return None


def listening(port: int) -> socket.socket:
    """A socket of this machine alone; port 0: any that is free.

    Raises
    ------
    RunError
        Where the port is taken.
    """
    own = socket.socket()
    try:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        own.bind((LOOPBACK, port))
        own.listen()
    except OSError as problem:
        own.close()
        raise RunError(f"port {port} cannot be used ({problem.strerror}).", fix="Leave --port out.") from None
    return own


def serve(explorer: Explorer, own: socket.socket) -> None:
    """Serve until Ctrl-C; streams that are open then are cut off after a second."""
    port = own.getsockname()[1]
    config = uvicorn.Config(
        application(explorer, port), http="h11", ws="none", lifespan="off", log_level="critical", access_log=False,
        server_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[own])


def _fault(problem: Exception) -> str:
    """What a page is told where nobody foresaw a problem."""
    LOG.error("a page could not be answered", exc_info=problem)
    return _("A fault of villagesim: {what}", what=f"{type(problem).__name__}: {problem}")


def _event(name: str, content: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(content, allow_nan=False)}\n\n"


def _json(text: str | bytes) -> Any:
    """What a page sent; None where it is no JSON, which is refused as nothing that can be asked."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
