"""The county's office: it starts, pays and ends policies, and lets them act as far as they are paid.

Each month policies claim their cost from the county's fund, in whole fen. Claims are paid at once, pro rata where money is
short; a policy's own cap and the fund refuse apart. What is paid decides how far a policy acts.
"""

from villagesim.checks import is_number
from villagesim.component import Column
from villagesim.dates import Month, month_key
from villagesim.domains import NOT_NEGATIVE
from villagesim.ending import called, place_of
from villagesim.engine.fund import FEN, Payment, fen, fen_up
from villagesim.errors import PolicyError
from villagesim.guard import seen_by
from villagesim.policies.policy import ActivePolicy, Policy
from villagesim.process import Process
from villagesim.world import World


class Administration(Process):
    """The county's office: at firsts of a month policies end, start, are paid, and act."""

    columns = (
        Column(
            name="support_paid", meaning="paid for policies", unit="yuan", per="county", kind="flow",
            read=lambda process: process.paid / FEN, domain=NOT_NEGATIVE,
        ),
    )  # fmt: skip

    def __init__(self, world: World, policies: tuple[Policy, ...]) -> None:
        labels = [policy.label for policy in policies]
        for label in labels:
            if labels.count(label) > 1:
                raise PolicyError(
                    f"a strategy holds {labels.count(label)} policies called {label!r}.",
                    fix="Two of one kind may run side by side: give each its own label.",
                )
            if any(label in lever.owners for lever in world.levers):
                raise PolicyError(
                    f"{label!r} is a name of the model itself, so no policy can be called so.",
                    fix="Choose another label.",
                )
        for policy in policies:
            world.assembly.check(policy)
        world.idle = {policy.label: "condition never met" if policy.when else "not begun" for policy in policies}
        self.policies = sorted(policies, key=lambda policy: policy.label)
        self.running: dict[str, ActivePolicy] = {}
        self.begun: set[str] = set()
        self.paid = 0
        super().__init__(world)

    def start(self) -> None:
        """Open on the firsts of all months."""
        self.world.calendar.declare("policies", "administration", self.govern)

    def govern(self, month: Month) -> None:
        """Do all that falls on this first of a month; policies go by their labels, so their order does not matter."""
        self.fill_fund(month)
        for policy in self.policies:
            if self.is_over(policy, month):
                self.end(policy)
        for active in self.running.values():
            active.months += 1
        for policy in self.policies:
            if self.is_due(policy, month):
                self.begin(policy)
        self.pay(month)

    def is_due(self, policy: Policy, month: Month) -> bool:
        """Whether a policy starts on this day: once only, and not before its condition holds."""
        if policy.when is None:
            return month_key(policy.start) == month.key
        open_to_it = month_key(policy.start) <= month.key and (policy.end is None or month.key < month_key(policy.end))
        return open_to_it and policy.label not in self.begun and policy.when.holds(self.world)

    def is_over(self, policy: Policy, month: Month) -> bool:
        """Whether a policy that runs ends on this day."""
        if policy.label not in self.running:
            return False
        dated = policy.end is not None and month_key(policy.end) == month.key
        return dated or (policy.until is not None and policy.until.holds(self.world))

    def fill_fund(self, month: Month) -> None:
        """Pay the year's money into the fund on 1 January."""
        if month.key % 12 == 0:
            self.world.fund.pay_in(fen(self.world.budget.paid_in(month.year)))

    def begin(self, policy: Policy) -> None:
        """Pick the villages, by what is observed today, and begin."""
        active = self.activated(policy)
        self.running[policy.label] = active
        self.begun.add(policy.label)
        self.world.picked[policy.label] = active.picked
        called(policy.begin, active, error=PolicyError)
        self.world.log("policy_started", policy=policy.label, villages=int((active.rows & self.world.is_village).sum()))

    def activated(self, policy: Policy) -> ActivePolicy:
        """The policy in this world, for the villages that it picks today."""
        return ActivePolicy(policy, seen_by(policy, self.world), policy.target.rows(self.world, policy.label))

    def end(self, policy: Policy) -> None:
        """End a policy that runs."""
        called(policy.finish, self.running.pop(policy.label), error=PolicyError)
        self.world.log("policy_ended", policy=policy.label)

    def pay(self, month: Month) -> None:
        """Pay the month's claims, as far as caps and fund go, and let policies act on what they got."""
        asked = {label: _claimed(active, month) for label, active in self.running.items()}
        capped = {label: min(amount, self._left(label)) for label, amount in asked.items()}
        paid = self.pay_in_order(capped)
        self.paid = sum(paid.values())
        for label in sorted(self.running):
            active = self.running[label]
            active.spent += paid[label]
            self._note(month, label, asked[label], capped[label], paid[label])
            share = paid[label] / asked[label] if asked[label] else 1.0
            if label in self.world.idle and active.policy.does(active, month, share):
                del self.world.idle[label]
            called(active.policy.act, active, month, share, error=PolicyError)

    def pay_in_order(self, claims: dict[str, int]) -> dict[str, int]:
        """Pay those first that the county puts first, one after the other; then all others together, pro rata."""
        first = [label for label in dict.fromkeys(self.world.budget.first) if label in claims]
        paid: dict[str, int] = {}
        for labels in (*([label] for label in first), [label for label in claims if label not in first]):
            paid |= self.world.fund.pay_all({label: claims[label] for label in labels})
        return paid

    def _left(self, label: str) -> int:
        active = self.running[label]
        return 10**18 if active.policy.budget is None else fen(active.policy.budget) - active.spent

    def _note(self, month: Month, label: str, asked: int, capped: int, paid: int) -> None:
        active, short = self.running[label], paid < asked
        if short and not active.short_of_money:
            self.world.log("policy_unfunded", policy=label, asked=asked / FEN, paid=paid / FEN)
        active.short_of_money = short
        if asked:
            payment = Payment(month.start, label, asked, asked - capped, capped - paid, paid)
            self.world.payments.append(payment)


def _claimed(active: ActivePolicy, month: Month) -> int:
    """Claim in whole fen, rounded up: nothing is had for nothing."""
    yuan = active.policy.claim(active, month)
    if not is_number(yuan) or not 0 <= yuan < 1e13:
        own = "".join(f", {part}" for part in place_of(active.policy.claim))
        raise PolicyError(
            f"the claim for {month.label} = {yuan!r:.60} must be at least 0 yuan, and below 1e13.",
            fix=f"Correct claim() of the policy{own}." if own else "Give the policy smaller settings.",
            at=[active.label],
        )
    return fen_up(yuan)
