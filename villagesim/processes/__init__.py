"""How things change by themselves; in the order in which they act within one stage of the calendar."""

from villagesim.process import Process
from villagesim.processes.alliances import JointOrganisations
from villagesim.processes.assets import Assets
from villagesim.processes.careers import Careers
from villagesim.processes.conversion import Conversion
from villagesim.processes.disputes import Disputes
from villagesim.processes.fusion import Fusion
from villagesim.processes.land_trust import LandTrusts
from villagesim.processes.ledger import Ledger
from villagesim.processes.lists import Lists
from villagesim.processes.merger import Merger
from villagesim.processes.projects import Projects
from villagesim.processes.ratings import Ratings
from villagesim.processes.reports import Reports
from villagesim.processes.requests import Requests
from villagesim.processes.trust import Trust
from villagesim.processes.welfare import WelfareCover

PROCESSES: tuple[type[Process], ...] = (
    Merger, Careers, Conversion, LandTrusts, Assets, JointOrganisations, Projects, Ledger, WelfareCover, Trust, Fusion,
    Reports, Disputes, Requests, Ratings, Lists,
)  # fmt: skip
"""All processes of the library."""
