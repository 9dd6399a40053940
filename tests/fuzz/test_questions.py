"""Files of questions that are damaged, of all kinds: one refusal, or a question whose first runs can be made."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from fuzz.mutations import damaged_toml, outcome, seeds, tried
from hypothesis import given

from villagesim.errors import VillagesimError
from villagesim.questions.kinds import KINDS
from villagesim.questions.question import load_question

HEAD = 'question = "Why?"\nscenario = "small.toml"\n'
GROWTH = '[[factor]]\npath = "parameters.income_growth"\nlow = 0.0\nhigh = 0.1\n'
OTHERS = '[[factor]]\npath = "parameters.vote_loss"\n[[factor]]\npath = "merger.decree"\nlow = 2021-03-01\nhigh = 2021-06-01\n'
TARGETS = "[targets]\ntrust = 0.4\ncollective_income = 500_000\n"
ASKED = {
    "compare": 'kind = "compare"\nstrategies = ["all of it", "nothing but the merger"]\nreplications = 3\n',
    "cohort": 'kind = "cohort"\nstrategies = ["all of it"]\noutcomes = ["trust"]\nplaces = ["small.toml"]\nreplications = 2\n',
    "validate": 'kind = "validate"\nplaces = ["futian"]\ndraws = 20\n',
    "forecast": 'kind = "forecast"\nstrategy = "all of it"\nat = ["2021-12"]\ndraws = 20\n',
    "worth": 'kind = "worth"\nstrategies = ["all of it"]\noutcome = "trust"\ndraws = 10\n' + GROWTH + OTHERS,
    "uncertainty": 'kind = "uncertainty"\ndraws = 3\nreplications = 2\n',
    "sweep": 'replications = 2\nstrategies = ["all of it"]\noutcomes = ["trust"]\nat = ["2021-12"]\n[design]\nkind = "grid"\n'
    '[[factor]]\npath = "policies.land_trust.start"\nvalues = [2021-05-01, 2021-09-01]\n'
    '[[factor]]\npath = "fund.yearly"\nvalues = [0, 1_000_000]\n',
    "sweep of a sample": '[design]\nkind = "latin_hypercube"\nn = 4\n' + GROWTH + OTHERS,
    "trial": 'kind = "trial"\nstrategy = "by lot"\noutcome = "trust"\nreplications = 3\n',
    "sensitivity": 'kind = "sensitivity"\nstrategy = "all of it"\noutcomes = ["trust", "collective_income"]\ntrajectories = 2\n'
    "keep = 2\nn = 8\n" + GROWTH + OTHERS,
    "attribute": 'kind = "attribute"\nstrategy = "all of it"\nreplications = 3\n',
    "discover": 'kind = "discover"\nstrategy = "all of it"\noutcome = "trust"\ntarget = 0.5\nn = 40\n' + GROWTH + OTHERS,
    "robust": 'kind = "robust"\nstrategies = ["all of it", "nothing but the merger"]\nn = 4\nreplications = 2\n' + TARGETS,
    "calibrate": 'kind = "calibrate"\nparticles = 20\npopulations = 2\n[[target]]\noutcome = "trust"\nvalue = 0.5\nerror = 0.1\n'
    'source = "made up"\nat = "2022-06"\n' + GROWTH,
    "budget": 'kind = "budget"\nstrategy = "all of it"\ntotal = 600_000\nsteps = 3\n[weights]\ntrust = 1.0\n',
}  # fmt: skip
ONE_ASKED_OF = 10


class EnoughError(VillagesimError):
    """The first runs are made."""


def enough(done, planned):
    if done:
        raise EnoughError("the first runs are made.")


def held(content, folder, luck):
    path = folder / "asked.toml"
    path.write_bytes(content)
    asked, refused = outcome(lambda: load_question(path))
    if refused is None and luck.randrange(ONE_ASKED_OF) == 0:
        _, scenario, question = asked
        outcome(lambda: question.ask(scenario, workers=1, progress=enough))


@tried(4_000)
@given(seeds)
def test_a_question_that_is_damaged(small, luck):
    held(damaged_toml(HEAD + ASKED[luck.choice(sorted(ASKED))], luck), small, luck)


@pytest.fixture(scope="module", autouse=True)
def extras():
    """What extras bring is loaded before the time of a question is taken."""
    for name in filter(find_spec, ("ema_workbench", "pyabc")):
        import_module(name)


@pytest.mark.parametrize("kind", ASKED)
def test_what_is_not_damaged_is_asked(small, kind):
    (small / "asked.toml").write_text(HEAD + ASKED[kind], encoding="utf-8")
    asked, refused = outcome(lambda: load_question(small / "asked.toml"))
    assert refused is None, refused
    _, scenario, question = asked
    assert question.name == kind.partition(" ")[0]
    _, refused = outcome(lambda: question.ask(scenario, workers=1, progress=enough))
    assert isinstance(refused, EnoughError) or "pip install" in str(refused)


def test_all_kinds_are_tried():
    assert {kind.partition(" ")[0] for kind in ASKED} == set(KINDS)
