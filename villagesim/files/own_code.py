"""Policies and processes of a user's own, named in a scenario file as ``module:Class`` and loaded when the user allows it."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from villagesim.ending import exits_refused
from villagesim.errors import ScenarioError, VillagesimError
from villagesim.foreign.source import read_bytes
from villagesim.foreign.toml import LARGEST
from villagesim.sources import hash_of


class OwnCode:
    """Modules beside a scenario file.

    Parameters
    ----------
    folder : Path
        Where the modules are.
    allowed : bool

    Attributes
    ----------
    hashes : dict of str to str
        Hash of the source of every module that was loaded, with what it imports from the folder.
    """

    def __init__(self, folder: Path, allowed: bool) -> None:
        if not isinstance(allowed, bool):
            raise ScenarioError(f"allow_code = {allowed!r} must be True or False.", fix="Write allow_code=True.")
        self.folder, self.allowed = folder.resolve(), allowed
        self.hashes: dict[str, str] = {}

    def load(self, name: str) -> Any:
        """Load what ``module:Class`` names.

        Raises
        ------
        ScenarioError
            Where code is not allowed, the file is not there, does not run, or holds nothing of this name.
        """
        module_name, _, class_name = name.partition(":")
        file = self.folder / f"{module_name}.py"
        if not self.allowed:
            raise ScenarioError(
                f"{name} is code of your own.",
                fix=f"If you trust {file}, say so: --allow-code on the command line, load_scenario(..., allow_code=True)"
                " in Python.",
            )
        if not (module_name.isidentifier() and file.is_file()):
            raise ScenarioError(f"there is no file {file}.", fix="Put it beside the scenario file.", at=[name])
        read_bytes(file, "a module", error=ScenarioError, most=LARGEST)
        if str(self.folder) not in sys.path:
            sys.path.append(str(self.folder))  # workers get the same path, so they find the module too
        try:
            with exits_refused():
                module = import_module(module_name)
        except (Exception, SystemExit) as problem:
            said, fix = f"{type(problem).__name__}: {str(problem).rstrip('.')}.", "Correct it."
            if isinstance(problem, VillagesimError):
                said, fix = problem.rule, problem.fix or fix
            raise ScenarioError(f"{file} does not run: {said}", fix=fix) from problem
        if Path(str(module.__file__)).resolve() != file:
            raise ScenarioError(
                f"another module is called {module_name} too.", fix="Give your file another name.", at=[name]
            )
        if not hasattr(module, class_name):
            raise ScenarioError(f"{file} has no {class_name}.", fix="Correct the name, or define it there.")
        self.hashes[module_name] = hash_of(file, self.folder)
        return getattr(module, class_name)
