"""Where each KPI stands now: the last quarter that has day facts, and when those were filled."""

from dataclasses import dataclass
from datetime import date, datetime

from sanad.lib.quarters import Quarter
from sanad.oversight import queries
from sanad.oversight.quarter import from_facts
from sanad.oversight.quarter_report import values


@dataclass(frozen=True)
class Baselines:
    """The network's KPIs of one quarter; None where there is nothing to measure."""

    quarter: Quarter
    filled_at: datetime | None
    values: dict[str, float | None]


def baselines(on: date) -> Baselines:
    """Of the last whole quarter before `on`; of the running one where that has no facts."""
    running = Quarter.containing(on)
    before = running.previous
    has_facts = queries.refilled_at(first=before.first_day, last=before.last_day) is not None
    quarter = before if has_facts else running
    found = {kpi.code: value for kpi, value in values(from_facts(quarter))}
    filled = queries.refilled_at(first=quarter.first_day, last=quarter.last_day)
    return Baselines(quarter, filled, found)
