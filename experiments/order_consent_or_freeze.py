"""Merge accounts by order, by consent, or freeze rights: income, debt, disputes, trust?

DESIGN: three worlds against nothing but the merger, in the same draws of all that is not known: cooperatives merged by
order at the decree, by consent (facilitators as soon as the fund pays), and rights left as they are (three unchanged).
Income, earned and reported, is that of villages that were merged: a merger loses rents from the books until registers are
joined (E16b), and joined accounts let contracts anew (E12), two of the roads from integration to income. A list asks four in
five villages for 500,000 yuan in all worlds, else what is reported is what is earned.
Quick: three townships, 20 draws. Full: Zhangqiu, 40.
"""

from dataclasses import dataclass, replace
from functools import partial

from villagesim.outcomes import OUTCOMES, Outcomes
from villagesim.policies import AccountsByOrder, FiveIntegrations, ThreeUnchanged, WeakVillageList
from villagesim.questions import DrawnContrasts
from villagesim.wording import signed

START = "2021-01-01"
ORDER, CONSENT, FREEZE, NOTHING = "by order", "by consent", "rights frozen", "nothing but the merger and a list"
INCOME = ("collective_income", "reported_collective_income")
OTHERS = ("debt", "incidents", "trust_merged_parts", "share_accounts_pooled")
OF_MERGED = {f"{name}_of_merged": name for name in INCOME}


def strategies(facilitators):
    listed = WeakVillageList(start=START, lines=(500_000.0,), quota=0.8)
    return {
        NOTHING: [listed],
        ORDER: [listed, AccountsByOrder(start=START)],
        CONSENT: [listed, FiveIntegrations(start="2022-01-01", facilitators=facilitators)],
        FREEZE: [listed, ThreeUnchanged(start=START)],
    }


def of_merged(record, name):
    """Mean of an outcome over the villages that are merged in the end, ``(n_months,)``."""
    return OUTCOMES[name].village(record)[:, record.is_merged[-1]].mean(axis=1)


@dataclass(frozen=True, kw_only=True)
class OrderConsentOrFreeze(DrawnContrasts):
    """What becomes of merged villages in three ways."""

    name = "order_consent_or_freeze"
    in_figure = (INCOME[0], *OTHERS)
    note = "Collective income of the villages that were merged, a list in all worlds; debt of all villages; disputes per 1,000 residents and year."

    def answer(self, runs):
        own = [
            replace(
                OUTCOMES[name],
                name=label,
                title=f"{OUTCOMES[name].title} of merged villages",
                county=partial(of_merged, name=name),
                village=None,
            )
            for label, name in OF_MERGED.items()
        ]
        answer = super().answer(replace(runs, scenario=replace(runs.scenario, outcomes=Outcomes(own))))
        return replace(answer, facts={**answer.facts, "title": self.title(answer.tables[self.name])})

    def title(self, table):
        """What a leader asks first: whose accounts are one, and what it does to income."""
        last = table[table["at"] == self.at[-1]].set_index(["outcome", "strategy"])["value"]
        one, income = last["share_accounts_pooled"], last[INCOME[0]]
        ways = "; ".join(
            f"{way} {signed(100 * one[way])} points with one account, income {signed(income[way] / 1000)} thousand yuan"
            for way in (ORDER, CONSENT, FREEZE)
        )
        return f"By {self.at[-1]}: {ways}"

    def rows(self, found, runs):
        for row in super().rows(found, runs):
            yield row | {"outcome": OF_MERGED.get(row["outcome"], row["outcome"])}

    def sentence(self, table):
        """Way by way, so that every figure stands behind its name."""
        rows = {(row["at"], row["strategy"], row["outcome"]): row for row in table.to_dict("records")}
        first, last = self.at[0], self.at[-1]

        def way(name):
            told = {outcome: rows[last, name, outcome] for outcome in (INCOME[0], "debt", "share_accounts_pooled")}
            return (
                f"{name.capitalize()}: one account {self.words(told['share_accounts_pooled'])} of merged villages, debt"
                f" {self.words(told['debt'], 'million', 1e6)}, income of a merged village"
                f" {self.words(told[INCOME[0]], 'thousand yuan', 1000)}; in {first} disputes"
                f" {self.words(rows[first, name, 'incidents'], '')} per 1,000 and year, trust"
                f" {self.words(rows[first, name, 'trust_merged_parts'], '')}"
            )

        return f"Against nothing but the merger, by {last}. {'. '.join(map(way, (ORDER, CONSENT, FREEZE)))}."


SCENARIO = "places/three_townships.toml"
QUESTION = OrderConsentOrFreeze(
    strategies=strategies(facilitators=4), against=NOTHING, at=("2022-12", "2026-12"), outcomes=(*OF_MERGED, *OTHERS),
    draws=20,
)  # fmt: skip
FULL = {"scenario": "../scenarios/zhangqiu.toml", "strategies": strategies(facilitators=27), "draws": 40}
