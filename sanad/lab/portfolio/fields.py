"""Fields of a document, each taken as what it should be or refused with its place."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sanad.lib.bilingual import Text
from sanad.lib.quarters import Quarter
from sanad.lib.refusal import N_, Refused


class FieldWrong(Refused):
    code = "portfolio.field_wrong"
    sentence = N_("“{field}” of “{where}” cannot be used. It should be: {wanted}.")


class FieldUnknown(Refused):
    code = "portfolio.field_unknown"
    sentence = N_("“{where}” has a field “{field}” that is not known. Correct it or take it out.")


MOST_NUMBER = 1e12
TEXT: Final = Text("نص، أو نصّان ar وen", "a text, or two: ar and en")
WHOLE: Final = Text("عدد صحيح من {low} إلى {high}", "a whole number from {low} to {high}")
NUMBER: Final = Text("عدد", "a number")
THOUSANDTHS: Final = Text(
    "عدد فيه ثلاث منازل عشرية على الأكثر", "a number of at most three decimals"
)
QUARTER: Final = Text("ربع مثل 2026Q1", "a quarter, like 2026Q1")
DAY: Final = Text("يوم مثل 2026-03-31", "a day, like 2026-03-31")
LIST: Final = Text("قائمة", "a list")
TABLE: Final = Text("حقول وقيمها", "fields with their values")
YES_NO: Final = Text("true أو false", "true or false")
EVERY_YEAR: Final = Text(
    "مبلغ بالبيسة لكل سنة من سنوات الخطة", "an amount in baisa for every year of the plan"
)
EVERY_QUARTER: Final = Text(
    "عدد واحد، أو عدد لكل ربع من أرباع الخطة", "one number, or one for every quarter of the plan"
)
RANGE: Final = Text("low ثم mid ثم high تصاعديًا", "low, mid and high, rising")


def whole(given: Any, field: str, where: str, low: int, high: int) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not low <= given <= high:
        raise wrong(field, where, between(low, high))
    return given


def wholes(given: Any, field: str, where: str, most: int) -> tuple[int, ...]:
    return tuple(whole(one, field, where, 0, most) for one in listed(given, field, where))


def between(low: int, high: int) -> Text:
    return Text(WHOLE.ar.format(low=low, high=high), WHOLE.en.format(low=low, high=high))


def quarter(given: Any, field: str, where: str) -> Quarter:
    if not isinstance(given, str):
        raise wrong(field, where, QUARTER)
    return Quarter.parse(given)


def text(given: Any, field: str, where: str) -> Text:
    if isinstance(given, str):
        return Text(given, given)
    if isinstance(given, Mapping) and set(given) == {"ar", "en"}:
        return Text(str(given["ar"]), str(given["en"]))
    raise wrong(field, where, TEXT)


def listed(given: Any, field: str, where: str) -> list[Any]:
    if not isinstance(given, list):
        raise wrong(field, where, LIST)
    return given


def number(given: Any, field: str, where: str) -> float:
    """Any finite number."""
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or not abs(given) <= MOST_NUMBER:
        raise wrong(field, where, NUMBER)
    return float(given)


def day(given: Any, field: str, where: str) -> dt.date:
    """YAML gives a date, JSON a text."""
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given
    try:
        return dt.date.fromisoformat(str(given))
    except ValueError:
        raise wrong(field, where, DAY) from None


def table(given: Any, field: str, where: str) -> Mapping[Any, Any]:
    if not isinstance(given, Mapping):
        raise wrong(field, where, TABLE)
    return given


def only(given: Mapping[Any, Any], known: frozenset[str], where: str) -> None:
    """Raises `FieldUnknown`."""
    for field in given:
        if field not in known:
            raise FieldUnknown(where=where, field=str(field))


def wrong(field: str, where: str, wanted: Text) -> FieldWrong:
    return FieldWrong(field=field, where=where, wanted=wanted)
