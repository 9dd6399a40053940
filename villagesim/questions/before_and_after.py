"""What is checked before the runs of a question are begun, and told of them when they have ended."""

from collections.abc import Mapping

from villagesim.checks import number, whole
from villagesim.errors import DesignError, StoreError
from villagesim.languages import _
from villagesim.questions.answer import Stage
from villagesim.refusals import retell_kept
from villagesim.scenario import Scenario


def left_out(stages: Mapping[str, Stage]) -> str:
    """Say which runs failed, where the answer does not know it by itself."""
    failed = [
        _(
            "{n} in {name}, the first: {message}",
            n=len(stage.failures), name=name, message=retell_kept(stage.failures["message"].iloc[0]).rstrip(".。"),
        )
        for name, stage in stages.items()
        if name and len(stage.failures)
    ]  # fmt: skip
    return _("Runs that failed are left out: {failed}.", failed=_("; ").join(failed)) if failed else ""


def check_how(seed: int, workers: int | None, time_limit: float | None) -> None:
    """Refuse numbers with which nothing can be run."""
    whole(seed, "seed", least=0, error=DesignError)
    if workers is not None:
        whole(workers, "workers", least=1, error=DesignError)
    if time_limit is not None:
        number(time_limit, "time_limit", above=0, unit="seconds", error=DesignError)


def check_code(scenario: Scenario, resume: bool) -> None:
    """Refuse to go on with code of the user's own that stands in no file."""
    if resume and scenario.unread:
        raise StoreError(
            f"{', '.join(scenario.unread)}: the code stands in no file, so nobody can tell whether it has changed since.",
            fix="Write it into a module and import that, or give a new folder, without --resume.",
        )
