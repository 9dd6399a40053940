"""Lists of weak villages, as a policy."""

from dataclasses import dataclass
from typing import ClassVar

from villagesim.agents.lists import WeakVillages
from villagesim.policies.policy import ActivePolicy, Policy


@dataclass(frozen=True, kw_only=True)
class WeakVillageList(Policy):
    """A list of weak villages (消薄清单): by the end of a year so many shall have so much income, whatever it is.

    Channel: pressure on those below the line; some book what they lack, and what is reported rises. It brings no money: for
    that, have support go to the listed. Several may run side by side, each under its own label. Source: evidence 2, A 10 (B);
    pressure: assumption.

    Attributes
    ----------
    lines : list of float, above 0
        Line of the year in which it starts, and of those that follow; the last one holds on. Lines of provinces: I1.32
        to I1.35, Q32 [yuan per year].
    quota : float, 0 to 1
        Of the villages shall be at or above it [share of villages].
    pressure : float, 0 to 1
        On the villages that are pressed; apart from the pressure for reports of integration. Assumption [index].
    lowest : float, 0 to 1
        If above 0, the list is fixed: this share of the villages, lowest by reported income when it begins [share of
        villages].
    """

    kind: ClassVar[str] = "weak_village_list"
    expects = ("reported_share_above_100k", +1)
    deposits = ("world.weak_villages",)
    example: ClassVar = {"lines": (100_000.0, 200_000.0, 300_000.0, 500_000.0), "pressure": 1.0}
    lines: tuple[float, ...]
    quota: float = 1.0
    pressure: float = 0.7
    lowest: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        lines = (self.lines,) if isinstance(self.lines, int | float) else tuple(map(float, self.lines))
        object.__setattr__(self, "lines", lines)
        self.require("lines", bool(lines) and all(0 < line < 1e9 for line in lines), "one sum or more above 0 yuan")
        for name in ("quota", "pressure", "lowest"):
            self.require(name, 0 <= getattr(self, name) <= 1, "between 0 and 1")

    def begin(self, active: ActivePolicy) -> None:
        """Have the list kept."""
        self.keep(active)

    def act(self, active: ActivePolicy, month: object, paid_share: float) -> None:
        """Go on with it; whom it reaches may have changed with the decree or a phase-in."""
        self.keep(active)

    def keep(self, active: ActivePolicy) -> None:
        """Say what the list asks for, and of whom."""
        active.world.weak_villages[self.label] = WeakVillages(
            active.rows, self.lines, self.start.year, self.quota, self.pressure, self.lowest
        )

    def finish(self, active: ActivePolicy) -> None:
        """End the list; it does not undo what was booked."""
        super().finish(active)
        active.world.weak_villages.pop(self.label, None)
