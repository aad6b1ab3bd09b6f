"""The ministry's own series of the portal, 2016 on: not counted by us, and said to be so."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanad.centres import queries as centres
from sanad.centres.queries import Place
from sanad.lib.quarters import Quarter
from sanad.oversight.announced import OF_QUARTER
from sanad.web.network.chart import line_chart, small_chart
from sanad.web.network.quarter import READERS
from sanad.web.shell.screen import SanadRequest

IMPUTED_YEAR = 2016
ANNOUNCED_QUARTER = Quarter(2025, 3)


@READERS
@require_GET
def series(request: SanadRequest) -> HttpResponse:
    """The network's line, or a governorate's; every governorate's small line; the table."""
    by_place, income = _by_place()
    years = sorted({year for line in by_place.values() for year in line})
    total = {year: sum(line.get(year, 0) for line in by_place.values()) for year in years}
    places = centres.governorates()
    place = next((p for p in places if str(p.code) == request.GET.get("governorate")), None)
    shown = by_place[place.code] if place else total
    earned = income[place.code] if place else _summed(income)
    context: dict[str, Any] = {
        "years": [str(year) for year in years],
        "place": place,
        "chart": line_chart(years, [shown[year] for year in years]),
        "first": shown[years[0]],
        "last": shown[years[-1]],
        "first_year": str(years[0]),
        "last_year": str(years[-1]),
        "rows": [(str(y), shown[y], earned[y], y == IMPUTED_YEAR) for y in years],
        "small": [_small(p, years, by_place[p.code]) for p in places],
        "table": [(p, [by_place[p.code][y] for y in years]) for p in places],
        "totals": [total[year] for year in years],
        "announced": OF_QUARTER[ANNOUNCED_QUARTER].transactions,
        "announced_quarter": str(ANNOUNCED_QUARTER),
        "of_2025": total[ANNOUNCED_QUARTER.year],
        "calibration": settings.SANAD_DEMONSTRATION,
    }  # fmt: skip
    return render(request, "network/series.html", context)


def _small(place: Place, years: list[int], line: dict[int, int]) -> tuple[Any, ...]:
    """A governorate's small drawing, with its first and last value."""
    return place, small_chart(years, [line[y] for y in years]), line[years[0]], line[years[-1]]


def _by_place() -> tuple[dict[int, dict[int, int]], dict[int, dict[int, int]]]:
    """Transactions and income in baisa by governorate and year."""
    transactions: dict[int, dict[int, int]] = defaultdict(dict)
    income: dict[int, dict[int, int]] = defaultdict(dict)
    for one in centres.portal_series():
        transactions[one.governorate_code][one.year] = one.transactions
        income[one.governorate_code][one.year] = one.income_baisa
    return transactions, income


def _summed(by_place: dict[int, dict[int, int]]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for line in by_place.values():
        for year, value in line.items():
            found[year] += value
    return found
