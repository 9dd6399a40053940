"""Errors a user can cause: one clear message each, never a traceback on the command line."""


class VillagesimError(ValueError):
    """Something the user gave is not as it must be.

    The message names the place, the thing, its value, the rule with its unit, and a way out that works.
    """


class ParameterError(VillagesimError):
    """A parameter lies outside its range, or is unknown."""


class RollError(VillagesimError):
    """A roll of villages, a merger map or a table of endowments cannot be read as it is."""


class ScenarioError(VillagesimError):
    """A scenario file, or a policy in it, does not say something that can be run."""


class StoreError(VillagesimError):
    """An output folder cannot be used as it is."""


def nearest(name: str, known: list[str]) -> str:
    """Say which known name was probably meant, or list them all where they are few.

    Returns
    -------
    str
        A sentence for the end of a message.
    """
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    if len(known) <= 40:
        return "Known: " + ", ".join(sorted(known)) + "."
    close = get_close_matches(name, known, n=3, cutoff=0.0)
    return f"There are {len(known)}, among them {', '.join(close)}."
