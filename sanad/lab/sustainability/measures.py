"""Break-even, margin, runway, dependence, and who is at risk and why: arithmetic over centres.

Cost, volume and profit (Horngren, Datar and Rajan, "Cost Accounting", chapter 3), all a month:

    contribution of a transaction = income / transactions - cost of each
    break-even transactions       = fixed costs / contribution
    margin                        = income - cost of each x transactions - fixed costs
    left for the owner            = margin (the owner's living is not among the costs)
    runway, months                = reserve / (living - margin) while the margin is below the living

The Herfindahl-Hirschman index is the sum of squared shares (Hirschman 1945; Herfindahl 1950), here
of income by entity, from 1 / entities (even) to 1 (all of one).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sanad.lab.sustainability.costs import Costs, read_defaults
from sanad.lab.sustainability.income import KINDS as INCOME_KINDS
from sanad.lab.sustainability.income import PORTAL, Income, of_entity, of_kind
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.world import Floats
from sanad.lib.bilingual import Text

# Why a centre is at risk: code, name, and what it says.
BELOW_COSTS, BELOW_LIVING, ONE_ENTITY, FALLING, SHORT_RESERVE = (
    "below_costs", "below_living", "one_entity", "falling", "short_reserve",
)  # fmt: skip
RULES: Final = {
    BELOW_COSTS: Text("دخله دون تكاليفه", "Its income is below its costs"),
    BELOW_LIVING: Text(
        "يغطي تكاليفه ولا يبقى لصاحبه ما يعيش به",
        "It covers its costs, and too little is left for the owner to live on",
    ),
    ONE_ENTITY: Text(
        "يغطي تكاليفه الآن، ويعجز لو انسحبت أكبر جهاته",
        "It covers its costs now, and would not if its largest entity left",
    ),
    FALLING: Text(
        "يغطي تكاليفه الآن، ويعجز إن هبط حجمه في السنة القادمة كما يُتوقع لمحافظته",
        "It covers its costs now, and would not if its volume fell next year as its governorate's"
        " is forecast to",
    ),
    SHORT_RESERVE: Text(
        "احتياطيه المذكور لا يكفي نصف سنة", "Its stated reserve does not last half a year"
    ),
}
CODES: Final = tuple(RULES)
CANNOT_PAY, AT_RISK, LIVES = "cannot_pay", "at_risk", "lives"
VERDICTS: Final = {
    CANNOT_PAY: Text("لا يغطي تكاليفه", "Does not cover its costs"),
    AT_RISK: Text("معرّض للخطر", "At risk"),
    LIVES: Text("يعيش", "Lives"),
}


@dataclass(frozen=True)
class Judged:
    """(K,) each, baisa a month unless named otherwise; NaN where there is nothing to say."""

    transactions: Floats
    income: Floats
    portal_margin: Floats  # with the official list's income alone
    contribution: Floats  # a transaction; NaN without transactions
    fixed: Ints
    living: Ints
    break_even: Floats  # transactions; NaN where each one brings nothing
    margin: Floats
    runway: Floats  # months; NaN: no reserve is stated; inf: nothing is drawn from it
    largest_entity: Ints  # position
    largest_entity_share: Floats
    largest_service: Ints  # position
    largest_service_share: Floats
    herfindahl: Floats
    margin_without: Floats  # if the largest entity left
    rules: Flags  # (rules, K)

    @property
    def cannot_pay(self) -> Flags:
        found: Flags = self.rules[CODES.index(BELOW_COSTS)]
        return found

    @property
    def cannot_live(self) -> Flags:
        """Its costs and the owner's living are not both covered."""
        return self.margin < self.living

    @property
    def cannot_live_on_portal(self) -> Flags:
        return self.portal_margin < self.living

    @property
    def at_risk(self) -> Flags:
        """Any rule at all."""
        found: Flags = np.any(self.rules, axis=0)
        return found

    def verdict(self, row: int) -> str:
        """In one word: what `VERDICTS` names."""
        if self.cannot_pay[row]:
            return CANNOT_PAY
        return AT_RISK if self.at_risk[row] else LIVES

    def reasons(self, row: int) -> list[str]:
        """The rules that hold for a centre."""
        return [code for code, held in zip(CODES, self.rules[:, row], strict=True) if held]


def judged(income: Income, costs: Costs, *, factor: Floats | None = None) -> Judged:
    """Every centre under these costs; `factor` is next year's volume over this year's, (K,)."""
    baisa, requests = income.baisa, income.requests
    total, count, fixed = baisa.sum(axis=1), requests.sum(axis=1), costs.fixed
    brought = total - costs.each * count
    margin = brought - fixed
    entities = of_entity(income)
    largest, share = _largest(entities, total)
    service, service_share = _largest(baisa, total)
    without = _without(income, costs, largest, brought, entities)
    runway = runway_of(costs.reserve, costs.living - margin)
    return Judged(
        count, total, _portal_margin(income, costs),
        _over(brought, count), fixed, costs.living,
        break_even_of(fixed, _over(brought, count)), margin, runway, largest, share, service,
        service_share, herfindahl(entities), without,
        _rules(margin, brought, without, costs, factor, runway),
    )  # fmt: skip


def break_even_of(fixed: Ints | Floats, contribution: Floats) -> Floats:
    """Transactions a month that bring the fixed costs; NaN where each brings nothing."""
    return _over(np.asarray(fixed, dtype=np.float64), np.where(contribution > 0, contribution, 0.0))


def runway_of(reserve: Floats, drawn: Floats) -> Floats:
    """Months that a reserve lasts while so much is drawn a month; inf where nothing is."""
    found = np.where(np.isnan(reserve), np.nan, np.inf)
    return np.where(drawn > 0, reserve / np.where(drawn > 0, drawn, 1.0), found)


def herfindahl(amounts: Floats) -> Floats:
    """(K,) sum of squared shares of (K, N) amounts; NaN where there are none."""
    total = amounts.sum(axis=1, keepdims=True)
    shares = amounts / np.where(total > 0, total, np.nan)
    found: Floats = (shares**2).sum(axis=1)
    return found


def _largest(amounts: Floats, total: Floats) -> tuple[Ints, Floats]:
    at = amounts.argmax(axis=1)
    return at, _over(amounts[np.arange(len(at)), at], total)


def _without(
    income: Income, costs: Costs, largest: Ints, brought: Floats, entities: Floats
) -> Floats:
    """(K,) the margin if the largest entity's services were not there."""
    belongs = (income.model.entity[:, None] == np.arange(entities.shape[1])).astype(np.float64)
    rows = np.arange(len(largest))
    gone = entities[rows, largest] - costs.each * (income.requests @ belongs)[rows, largest]
    found: Floats = brought - gone - costs.fixed
    return found


def _portal_margin(income: Income, costs: Costs) -> Floats:
    listed = income.kind == INCOME_KINDS.index(PORTAL)
    requests = income.requests[:, listed].sum(axis=1)
    found: Floats = of_kind(income)[:, INCOME_KINDS.index(PORTAL)]
    return found - costs.each * requests - costs.fixed


def _rules(
    margin: Floats, brought: Floats, without: Floats, costs: Costs, factor: Floats | None,
    runway: Floats,
) -> Flags:  # fmt: skip
    pays = margin >= 0
    later = brought * (np.ones(len(margin)) if factor is None else factor) - costs.fixed
    with np.errstate(invalid="ignore"):
        short = runway < read_defaults().runway_months
    return np.stack(
        [~pays, pays & (margin < costs.living), pays & (without < 0), pays & (later < 0), short]
    )


def _over(amount: Floats, by: Floats) -> Floats:
    """A quotient, NaN where there is nothing to divide by."""
    return amount / np.where(by != 0, by, np.nan)
