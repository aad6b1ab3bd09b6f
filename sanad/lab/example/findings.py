"""Ten findings on the real network, each computed from the open data when it is asked for.

Nothing is typed in: a figure changes with its file. `PUBLISHED` rests on published figures alone;
`ASSUMED` also on assumptions that its source names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from sanad.centres.files import read_network
from sanad.centres.network_data import MostUsed, NetworkData
from sanad.lab.forecast.series import foretold
from sanad.lab.siting.advice import advise
from sanad.lab.sustainability.costs import costs_of
from sanad.lab.sustainability.income import expected, kinds_of
from sanad.lab.sustainability.measures import judged
from sanad.lab.sustainability.network import model_of
from sanad.lib.bilingual import Text
from sanad.lib.quarters import Quarter
from sanad.oversight.announced import OF_QUARTER

PUBLISHED, ASSUMED = "published", "assumed"
MONTHS: Final = 12
BAISA_A_RIAL: Final = 1000
MANY_PEOPLE: Final = 2  # times as many people a centre as in the network
CALIBRATION: Final = "portal"
ADD, WITHIN_KM = 10, 20.0
SERIES: Final = Text(
    "بيانات الوزارة المفتوحة: المعاملات والدخل في كل سنة ومحافظة",
    "The ministry's open data: transactions and income by year and governorate",
)
MOST_USED: Final = Text(
    "بيانات الوزارة المفتوحة: أكثر عشر خدمات طلبًا في كل سنة",
    "The ministry's open data: the ten services asked for most in each year",
)
PLACES: Final = Text(
    "دليل مراكز سند والكتاب الإحصائي السنوي: المراكز والسكان في كل ولاية",
    "The Sanad directory and the Statistical Year Book: centres and people by wilayat",
)


@dataclass(frozen=True)
class Finding:
    """What is so, by which figures, from where. `page` is the route where it can be looked at."""

    code: str
    statement: Text
    figures: dict[str, float]
    source: Text
    basis: str
    page: str


@cache
def findings() -> tuple[Finding, ...]:
    """All ten, in the order in which they are told."""
    data = read_network()
    return tuple(one(data) for one in TOLD)


def _volume(data: NetworkData, year: int) -> int:
    return sum(row.transactions for row in data.series if row.year == year)


def _income(data: NetworkData, year: int) -> int:
    return sum(row.income_baisa for row in data.series if row.year == year)


def _years(data: NetworkData) -> tuple[int, int]:
    return min(row.year for row in data.series), max(row.year for row in data.series)


def _of_year(data: NetworkData, year: int) -> list[MostUsed]:
    return [row for row in data.most_used if row.year == year]


def volume_fell(data: NetworkData) -> Finding:
    first, last = _years(data)
    then, now = _volume(data, first), _volume(data, last)
    fall = 100 * (1 - now / then)
    return Finding(
        "volume-fell",
        Text(
            f"هبطت معاملات البوابة {fall:.0f}% بين {first} و {last}: من {then:,} إلى {now:,}.",
            f"Transactions of the portal fell by {fall:.0f}% from {first} to {last}: from {then:,} "
            f"to {now:,}.",
        ),
        {"fall_percent": fall, "first": then, "last": now}, SERIES, PUBLISHED, "series",
    )  # fmt: skip


def fell_everywhere(data: NetworkData) -> Finding:
    first, last = _years(data)
    by_place: dict[int, dict[int, int]] = {}
    for row in data.series:
        by_place.setdefault(row.governorate_code, {})[row.year] = row.transactions
    falls = {code: 100 * (1 - line[last] / line[first]) for code, line in by_place.items()}
    names = {one.code: one.name for one in data.governorates}
    least, most = min(falls, key=falls.__getitem__), max(falls, key=falls.__getitem__)
    return Finding(
        "fell-everywhere",
        Text(
            f"لم تنجُ محافظة: أقل هبوط {falls[least]:.0f}% في {names[least].ar}، وأكبره "
            f"{falls[most]:.0f}% في {names[most].ar}.",
            f"No governorate was spared: the smallest fall is {falls[least]:.0f}% in "
            f"{names[least].en}, the greatest {falls[most]:.0f}% in {names[most].en}.",
        ),
        {"least_percent": falls[least], "most_percent": falls[most]}, SERIES, PUBLISHED, "series",
    )  # fmt: skip


def labour_left(data: NetworkData) -> Finding:
    first, last = _years(data)
    labour = {
        year: sum(row.demand for row in _of_year(data, year) if row.authority.en == LABOUR)
        for year in range(first, last + 1)
    }
    share_then = 100 * labour[first] / _volume(data, first)
    share_now = 100 * labour[last] / _volume(data, last)
    return Finding(
        "labour-left",
        Text(
            f"ما دخل من خدمات وزارة العمل في أكثر عشر خدمات طلبًا بلغ {labour[first]:,} في {first} "
            f"({share_then:.0f}% من كل المعاملات)، وصار {labour[last]:,} في {last} "
            f"({share_now:.0f}%): انتقلت إلى الخدمة الذاتية.",
            f"The Ministry of Labour's services among the ten most used were {labour[first]:,} in "
            f"{first} ({share_then:.0f}% of all transactions) and {labour[last]:,} in {last} "
            f"({share_now:.0f}%): they went over to self-service.",
        ),
        {"then": labour[first], "now": labour[last], "then_percent": share_then,
         "now_percent": share_now}, MOST_USED, PUBLISHED, "lab_studies",
    )  # fmt: skip


def ten_services(data: NetworkData) -> Finding:
    _, last = _years(data)
    ten = sum(row.demand for row in _of_year(data, last))
    share = 100 * ten / _volume(data, last)
    return Finding(
        "ten-services",
        Text(
            f"عشر خدمات هي {share:.1f}% من معاملات البوابة في {last}.",
            f"Ten services are {share:.1f}% of the portal's transactions in {last}.",
        ),
        {"share_percent": share, "transactions": ten}, MOST_USED, PUBLISHED, "lab_sustainability",
    )  # fmt: skip


def one_entity(data: NetworkData) -> Finding:
    _, last = _years(data)
    by: dict[str, int] = {}
    names: dict[str, Text] = {}
    for row in _of_year(data, last):
        by[row.authority.en] = by.get(row.authority.en, 0) + row.demand
        names[row.authority.en] = row.authority
    largest = max(by, key=by.__getitem__)
    share = 100 * by[largest] / _volume(data, last)
    return Finding(
        "one-entity",
        Text(
            f"خدمات {names[largest].ar} وحدها {share:.0f}% على الأقل من معاملات البوابة في {last}؛ "
            "فمن يملك قرارها يملك بقاء المراكز.",
            f"The services of the {names[largest].en} alone are at least {share:.0f}% of the "
            f"portal's transactions in {last}: who decides on them decides whether centres last.",
        ),
        {"share_percent": share}, MOST_USED, PUBLISHED, "lab_sustainability",
    )  # fmt: skip


def little_income(data: NetworkData) -> Finding:
    _, last = _years(data)
    centres = sum(one.centres for one in data.wilayats)
    each = _income(data, last) / centres / MONTHS / BAISA_A_RIAL
    return Finding(
        "little-income",
        Text(
            f"دخل المركز من البوابة {each:,.0f} ريال في الشهر في {last}، قبل أي تكلفة.",
            f"A centre earned {each:,.0f} rials a month from the portal in {last}, before any "
            "cost.",
        ),
        {"rials_a_month": each, "centres": centres}, SERIES, PUBLISHED, "lab_sustainability",
    )  # fmt: skip


def charge_rose(data: NetworkData) -> Finding:
    _, last = _years(data)
    before = CHARGES_CHANGED - 1
    then = _income(data, before) / _volume(data, before) / BAISA_A_RIAL
    now = _income(data, last) / _volume(data, last) / BAISA_A_RIAL
    income = 100 * (1 - _income(data, last) / _income(data, before))
    volume = 100 * (1 - _volume(data, last) / _volume(data, before))
    return Finding(
        "charge-rose",
        Text(
            f"ارتفع دخل المعاملة من {then:.3f} ريال في {before} إلى {now:.3f} في {last}، "
            f"فهبط الدخل {income:.0f}% وهبطت المعاملات {volume:.0f}%: السعر خفف ولم ينقذ.",
            f"Income of a transaction rose from {then:.3f} rials in {before} to {now:.3f} in "
            f"{last}, so income fell by {income:.0f}% while transactions fell by {volume:.0f}%: "
            "the price softened the fall and did not stop it.",
        ),
        {"then_rials": then, "now_rials": now, "income_fall_percent": income,
         "volume_fall_percent": volume}, SERIES, PUBLISHED, "series",
    )  # fmt: skip


def uneven(data: NetworkData) -> Finding:
    people = sum(one.people for one in data.wilayats)
    centres = sum(one.centres for one in data.wilayats)
    network = people / centres
    without = [one for one in data.wilayats if not one.centres]
    thin = [
        one
        for one in data.wilayats
        if one.centres and one.people / one.centres >= MANY_PEOPLE * network
    ]
    surplus = advise(add=ADD, within_km=WITHIN_KM)["surplus"]
    return Finding(
        "uneven",
        Text(
            f"لكل مركز {network:,.0f} من السكان في الشبكة. عدد الولايات التي بلا مركز "
            f"{len(without)}، وعدد التي لكل مركز فيها ضعف ذلك أو أكثر {len(thin)}، وعدد المراكز "
            f"الزائدة عما تحتمله معاملات ولاياتها {surplus}.",
            f"A centre has {network:,.0f} people in the network. {len(without)} wilayats have "
            f"none, in {len(thin)} a centre has twice as many or more, and {surplus} centres are "
            "more than the transactions of their wilayats carry.",
        ),
        {"people_a_centre": network, "without": len(without), "thin": len(thin),
         "surplus": surplus}, PLACES, ASSUMED, "lab_siting",
    )  # fmt: skip


def cannot_live(data: NetworkData) -> Finding:
    model = model_of(CALIBRATION)
    income = expected(model, kinds_of(model.services))
    counts = {
        level: int(judged(income, costs_of(model, level=level)).cannot_pay.sum())
        for level in ("low", "mid", "high")
    }
    return Finding(
        "cannot-live",
        Text(
            f"بتكاليف مفترضة لا يغطي {counts['mid']} مركزًا من {len(model.centre)} تكاليفها من "
            f"معاملات البوابة (بين {counts['low']} و {counts['high']} بحسب مستوى التكاليف).",
            f"At assumed costs {counts['mid']} of {len(model.centre)} centres do not cover their "
            f"costs from transactions of the portal (between {counts['low']} and "
            f"{counts['high']} by the level of costs).",
        ),
        {**{f"{level}_cost": count for level, count in counts.items()},
         "centres": len(model.centre)},
        Text("التكاليف مفترضة: sanad/lab/data/costs.yaml", "Costs are assumed: costs.yaml"),
        ASSUMED, "lab_sustainability",
    )  # fmt: skip


def goes_on(data: NetworkData) -> Finding:
    series = foretold()
    total, year = series.total(), series.years[0]
    low, middle, high = (float(end[0, 0]) for end in (total.low, total.middle, total.high))
    coverage = float(np.mean(series.trial.coverage()))
    announced = OF_QUARTER[Quarter(2025, 3)].transactions
    return Finding(
        "goes-on",
        Text(
            f"المتوقع في {year} نحو {middle:,.0f} معاملة، بين {low:,.0f} و {high:,.0f}؛ وصدق "
            f"النطاق في {coverage:.0f}% من السنوات المحجوبة. والمعلن عن ربع واحد ({announced:,}) "
            "لا يتفق مع السلسلة.",
            f"Some {middle:,.0f} transactions are forecast for {year}, between {low:,.0f} and "
            f"{high:,.0f}; the band held in {coverage:.0f}% of hidden years. What was announced "
            f"for one quarter ({announced:,}) does not agree with the series.",
        ),
        {"middle": middle, "low": low, "high": high, "coverage_percent": coverage}, SERIES,
        ASSUMED, "lab_sustainability",
    )  # fmt: skip


LABOUR: Final = "Ministry of Labor"  # as the publisher spells it
CHARGES_CHANGED: Final = 2023
TOLD: Final[tuple[Callable[[NetworkData], Finding], ...]] = (
    volume_fell, fell_everywhere, labour_left, one_entity, ten_services, little_income,
    charge_rose, uneven, cannot_live, goes_on,
)  # fmt: skip
