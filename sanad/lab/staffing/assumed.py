"""What staffing assumes where nothing is published: `data/staffing.yaml`, and its words."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from sanad.lab.twin.arrivals import WEEKDAYS
from sanad.lib.bilingual import Text

FILE: Final = Path(__file__).parent.parent / "data" / "staffing.yaml"


@dataclass(frozen=True)
class Costs:
    """Money of an hour (baisa), and where people go when hours change (shares from 0 to 1)."""

    person_hour_baisa: int
    doors_hour_baisa: int
    lost: tuple[float, float]
    new: tuple[float, float]
    edge: float
    open_hours_least: float


@cache
def read_staffing() -> dict[str, Any]:
    """The file's values by name; it says what each one means."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def costs() -> Costs:
    """What the file says of opening hours."""
    said = read_staffing()
    return Costs(
        person_hour_baisa=round(1000 * said["person_hour_rials"]),
        doors_hour_baisa=round(1000 * said["doors_hour_rials"]),
        lost=_bounds(said["lost_percent"]), new=_bounds(said["new_percent"]),
        edge=said["edge_percent"] / 100, open_hours_least=said["open_hours_a_week_least"],
    )  # fmt: skip


def closed_days() -> frozenset[int]:
    """Weekdays, from Sunday, on which nobody is rostered."""
    return frozenset(WEEKDAYS.index(name) for name in read_staffing()["rules"]["closed"])


def _bounds(said: dict[str, float]) -> tuple[float, float]:
    return said["low"] / 100, said["high"] / 100


SAID: Final = (
    Text(
        "افتراض: المستهدف في الانتظار وأقل عدد عند المناضد من وضع هذا المشروع، ولم ينشر مثلهما.",
        "Assumed: the target for the wait and the fewest people at the counters are this "
        "project's; none are published.",
    ),
    Text(
        "افتراض: ساعات العمل والراحة والاستراحة في الأسبوع قواعد قابلة للتغيير، وعلى من يستخدمها "
        "أن يتحقق من القانون الساري.",
        "Assumed: hours of work, rest and breaks are settings; whoever uses them should confirm "
        "them with the law in force.",
    ),
    Text(
        "افتراض: القادمون هم المتوقعون في يوم عادي من الفترة، لا في موسم ولا في يوم بعينه.",
        "Assumed: who comes is what an ordinary day of the period expects, not a season or one "
        "day.",
    ),
    Text(
        "افتراض: كل من يجلس إلى منضدة يخدم كل طلب، وبالسرعة نفسها.",
        "Assumed: everybody at a counter serves every request, equally fast.",
    ),
)

HOURS_SAID: Final = (
    Text(
        "افتراض: كلفة ساعة الموظف وساعة فتح المركز من وضع هذا المشروع.",
        "Assumed: what an hour of a person and of open doors costs is this project's.",
    ),
    Text(
        "افتراض: بعض من يأتون في ساعة تُغلق يأتون في ساعة أخرى، وبعض من يأتون في ساعة تُضاف كانوا "
        "سيأتون على أي حال. لا أحد قاس ذلك، فيُحسب بحدين.",
        "Assumed: some who come in an hour that is closed come at another, and some who come in an "
        "hour that is added would have come anyway. Nobody measured it, so two bounds are used.",
    ),
)
