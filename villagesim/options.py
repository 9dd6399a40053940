"""Options that commands have in common."""

import inspect
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

from villagesim.errors import DesignError, VillagesimError
from villagesim.languages import LANGUAGES, VARIABLE, _, language, marked, meant, spoken
from villagesim.languages import named as told
from villagesim.refusals import retold
from villagesim.runs.exports import FORMATS, USUAL_FORMATS, checked_formats

Does = TypeVar("Does", bound=Callable[..., Any])
ScenarioFile = Annotated[Path, typer.Argument(help="Scenario file (TOML), or packaged:one_town.", show_default=False)]
Seed = Annotated[int, typer.Option(help="Which luck; the same seed gives the same results.")]
AllowCode = Annotated[bool, typer.Option("--allow-code", help="Run code of your own that the scenario names.")]
Workers = Annotated[int | None, typer.Option(help="Processes; one a core by default.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for figures and tables.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with what is in the folder.")]
Dask = Annotated[str | None, typer.Option(help="Address of a Dask scheduler, as tcp://10.0.0.5:8786.")]
TimeLimit = Annotated[float | None, typer.Option(help="Seconds that a run may take; one that takes longer has failed.")]
Yes = Annotated[
    bool, typer.Option("--yes", help="Start it, though it takes more than an hour or the machine's memory.")
]
Figures = Annotated[str, typer.Option(help=f"Formats of figures among {','.join(FORMATS)}; none for no figures.")]
Width = Annotated[float | None, typer.Option(help="Of figures in mm; 180 by default, a page of a journal.")]
USUAL = ",".join(USUAL_FORMATS)
Discount = Annotated[
    float, typer.Option(help="What a yuan of next year is worth less, as 0.08, in tables of money; an assumption.")
]


LANG = "--lang"
AROUND = {
    "ARGUMENTS_PANEL_TITLE": marked("Arguments"),
    "OPTIONS_PANEL_TITLE": marked("Options"),
    "COMMANDS_PANEL_TITLE": marked("Commands"),
    "ERRORS_PANEL_TITLE": marked("Error"),
    "DEFAULT_STRING": marked("[default: {}]"),
    "REQUIRED_LONG_STRING": marked("[required]"),
    "RICH_HELP": marked("Try [blue]'{command_path} {help_option}'[/] for help."),
}
"""What stands around help and refusals, by the names that typer has for it."""


TYPES = (
    marked("<bool>"), marked("<str>"), marked("<path>"), marked("<int>"), marked("<int range>"), marked("<float>"),
    marked("<list[str]>"), marked("<list[Path]>"),
)  # fmt: skip
"""What options take, as typer writes it."""


class _InLanguages:
    """What takes ``--lang``, and tells its help in the language that is spoken."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.params: list[Any] = [*self.params, _lang()]

    def parse_args(self, context: Any, args: list[str]) -> Any:
        """Take what is given; nothing that is given is empty."""
        for argument in (each for each in self.params if isinstance(each, TyperArgument)):
            word = told(f"<{argument.name}>")[1:-1]
            argument.metavar = None if word == argument.name else word
        try:
            given, *_others = self.make_parser(context).parse_args(args=[*args])  # type: ignore[attr-defined]
        except Exception as problem:
            problem.ctx = context  # type: ignore[attr-defined] # so that it is shown with the usage, and told as that is
            raise
        for each in self.params:
            value = given.get(each.name)
            values = value if isinstance(value, list | tuple) else [value]
            if any(isinstance(one, str) and not one.strip() for one in values):
                called = getattr(each, "metavar", None) if isinstance(each, TyperArgument) else None
                raise DesignError(
                    f"{called or max(each.opts, key=len)} is given, and empty.", fix="Leave it out, or give something."
                )
        return super().parse_args(context, args)  # type: ignore[misc]

    def format_usage(self, context: Any, formatter: Any) -> None:
        """Tell how it is used, with which help and refusals begin."""
        from rich.text import Text
        from typer import rich_utils

        class Highlighter(rich_utils.OptionHighlighter):
            """Tells refusals, and lets no word be cut off: Chinese has no blanks."""

            def __call__(self, text: Any) -> Any:
                shown = super().__call__(told(text) if isinstance(text, str) else text)
                shown.overflow = "fold"
                return shown

        class Types(rich_utils.TypesHighlighter):
            """Tells what an option takes."""

            def __call__(self, text: Any) -> Any:
                kind, bracket, ends = text.plain.partition(" [")
                return super().__call__(Text(told(kind) + bracket + ends, style=text.style, overflow=text.overflow))

        rich_utils.highlighter, rich_utils.types_highlighter = Highlighter(), Types()
        for name, message in AROUND.items():
            setattr(rich_utils, name, told(message))
        pieces = map(told, self.collect_usage_pieces(context))  # type: ignore[attr-defined]
        formatter.write_usage(context.command_path, " ".join(pieces), prefix=_("Usage: "))

    def format_help(self, context: Any, formatter: Any) -> None:
        """Tell what it does, and what each option means."""
        for each in (self, *self.params, *getattr(self, "commands", {}).values()):
            each.help = told(each.help or "")
        super().format_help(context, formatter)  # type: ignore[misc]

    def get_help_option(self, context: Any) -> Any:
        """The option ``--help``."""
        if option := super().get_help_option(context):  # type: ignore[misc]
            option.help = _("Show this message and exit.")
        return option


class Command(_InLanguages, TyperCommand):
    """A command."""


class Commands(_InLanguages, TyperGroup):
    """All commands."""

    def main(self, args: Sequence[str] | None = None, *given: Any, **more: Any) -> Any:
        """Speak what ``--lang`` says, wherever it stands, until all is said, help and refusals too."""
        with language(_lang_in(sys.argv[1:] if args is None else args) or spoken()):
            try:
                return super().main(args, *given, **more)
            except VillagesimError as problem:
                raise retold(problem) from problem.__cause__


class App(typer.Typer):
    """A command line whose commands take ``--lang``."""

    def __init__(self, **ways: Any) -> None:
        super().__init__(cls=Commands, **ways)

    def command(self, name: str | None = None, **ways: Any) -> Callable[[Does], Does]:  # type: ignore[override]
        """Add a command."""
        return super().command(name, cls=Command, **ways)


def _lang() -> Any:
    """The option, as typer makes it."""
    holder = typer.Typer(add_completion=False)

    @holder.command()
    def speak(lang: Lang = None) -> None:
        pass

    return next(each for each in typer.main.get_command(holder).params if each.name == "lang")


def _lang_in(words: Sequence[str]) -> str:
    """What follows ``--lang``, the last time; nothing where it does not stand there."""
    found = ""
    for word, after in pairwise([*words, ""]):
        if word == LANG:
            found = after
        elif word.startswith(f"{LANG}="):
            found = word.removeprefix(f"{LANG}=")
    return found


Lang = Annotated[
    str | None,
    typer.Option(
        LANG, expose_value=False, metavar="|".join(LANGUAGES),
        help=f"Language of answers, figures and pages; else that of {VARIABLE}.",
    ),
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How questions are asked and answers shown: the options that all commands which answer have."""

    seed: Seed = 1
    workers: Workers = None
    out_folder: Out = None
    resume: Resume = False
    dask: Dask = None
    time_limit: TimeLimit = None
    yes: Yes = False
    report: Annotated[bool, typer.Option("--report", help="Write one page of it too: report.html in the folder.")] = (
        False
    )
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object, and nothing else.")] = False
    figures: Figures = USUAL
    width: Width = None
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the answer, and nothing else.")] = False
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="All tables; on stderr what is being done.")] = False

    def __post_init__(self) -> None:
        if self.quiet and (self.verbose or self.json):
            other = "--verbose" if self.verbose else "--json"
            raise DesignError(f"--quiet and {other} do not go together.", fix="Leave one out.")

    @property
    def formats(self) -> tuple[str, ...]:
        """Formats of figures; beside a page SVG too, which it takes, so that nothing is drawn twice."""
        found = checked_formats(self.figures)
        return tuple(dict.fromkeys((*found, "svg"))) if found and self.report else found

    def folder(self, stem: str) -> Path:
        """Where the answer is kept."""
        return self.out_folder or Path("out") / stem


def in_ways(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `Ways`; it gets them together, as ``ways``."""
    hints = get_type_hints(Ways, include_extras=True)
    own = [each for each in inspect.signature(command).parameters.values() if each.name != "ways"]
    shared = [
        inspect.Parameter(each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default, annotation=hints[each.name])
        for each in fields(Ways)
    ]

    @wraps(command)
    def run(**given: Any) -> None:
        ways = Ways(**{each.name: given.pop(each.name) for each in fields(Ways)})
        command(**given, ways=ways)

    own = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
    run.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in (*own, *shared)}
    return run


def named(given: list[str], known: Iterable[str]) -> tuple[str, ...]:
    """Names that an option was given: each time one that is known, commas and all, or several divided by commas."""
    titles = {name: name for name in known}
    known = {*titles, *(told(each, "strategy") for each in titles)}
    found: list[str] = []
    for value in given:
        parts = value.split(",")
        while parts:
            ways = range(len(parts), 0, -1)
            n = next((n for n in ways if ",".join(parts[:n]).strip() in known), 1)
            found.append(meant(",".join(parts[:n]).strip(), titles, "strategy"))
            parts = parts[n:]
    return tuple(found)
