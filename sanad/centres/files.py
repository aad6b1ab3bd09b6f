"""Reads the network's data files and refuses what is wrong, naming file, line and fix.

The files in `data/` are ours: governorates, wilayats, villages with their number of centres,
owners and staff, the portal's series and the announced holidays. `docs/network-data.md` describes
each column, `data/sources.yaml` says where each file comes from. Nothing here touches a database.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from sanad.centres.lines import NetworkFileRefused, WrongCell, items_of, lines_of
from sanad.centres.network_data import (
    Governorate,
    GovernorateStaff,
    ListedHoliday,
    MostUsed,
    NetworkData,
    PortalYear,
    Village,
    Wilayat,
)
from sanad.lib.bilingual import Text
from sanad.lib.refusal import N_

DATA: Final = Path(__file__).parent / "data"
PROVENANCE_OF_NAMES: Final = ("known", "our-reading")
PROVENANCE_OF_HOLIDAYS: Final = ("announced", "expected")


class CountMismatch(NetworkFileRefused):
    code = "centres.count_mismatch"
    sentence = N_(
        "{file}: the centres of {place} add up to {found}, but {other_file} says {expected}. "
        "Correct the file that is wrong."
    )


class RepeatedHoliday(NetworkFileRefused):
    code = "centres.repeated_holiday"
    sentence = N_(
        "{file}, line {line}: {day} is already a holiday (“{first}”). Keep one of the two lines."
    )


def read_network(folder: Path = DATA) -> NetworkData:
    """All data files of `folder`, or the first fault as a :class:`NetworkFileRefused`."""
    governorates = tuple(_governorates(folder))
    governorate_codes = {one.code for one in governorates}
    wilayats = tuple(_wilayats(folder, governorate_codes))
    data = NetworkData(
        governorates=governorates,
        wilayats=wilayats,
        villages=tuple(_villages(folder, {one.code for one in wilayats})),
        staff=tuple(_staff(folder, governorate_codes)),
        series=tuple(_series(folder, governorate_codes)),
        most_used=tuple(_most_used(folder)),
        listed_holidays=tuple(read_holidays(folder)),
    )
    _refuse_wrong_sums(data)
    return data


def _governorates(folder: Path) -> Iterator[Governorate]:
    columns = "code name_ar name_en aliases iso_3166_2 centres lat lon"
    for line in lines_of(folder, "governorates.csv", columns, key="code"):
        yield Governorate(
            code=line.count("code"),
            name=line.name(),
            aliases=line.several("aliases"),
            iso_3166_2=line.text("iso_3166_2"),
            centres=line.count("centres"),
            lat=line.lat(),
            lon=line.lon(),
        )


def _wilayats(folder: Path, governorates: Collection[int]) -> Iterator[Wilayat]:
    columns = (
        "code governorate_code name_ar name_en aliases omanis_2024 expatriates_2024 centres "
        "lat lon seat_lat seat_lon"
    )
    for line in lines_of(folder, "wilayats.csv", columns, key="code"):
        yield Wilayat(
            code=line.count("code"),
            governorate_code=line.known("governorate_code", "governorate", governorates),
            name=line.name(),
            aliases=line.several("aliases"),
            omanis=line.count("omanis_2024"),
            expatriates=line.count("expatriates_2024"),
            centres=line.count("centres"),
            lat=line.lat(),
            lon=line.lon(),
            seat=(line.lat("seat_lat"), line.lon("seat_lon")) if line.cells["seat_lat"] else None,
        )


def _villages(folder: Path, wilayats: Collection[int]) -> Iterator[Village]:
    columns = "code wilayat_code name_ar name_en source_names centres name_ar_provenance"
    for line in lines_of(folder, "villages.csv", columns, key="code"):
        yield Village(
            code=line.count("code"),
            wilayat_code=line.known("wilayat_code", "wilayat", wilayats),
            name=line.name(),
            source_names=line.several("source_names"),
            centres=line.count("centres"),
            name_ar_provenance=line.one_of("name_ar_provenance", PROVENANCE_OF_NAMES),
        )


def _staff(folder: Path, governorates: Collection[int]) -> Iterator[GovernorateStaff]:
    columns = "governorate_code owners staff"
    for line in lines_of(folder, "staff.csv", columns, key="governorate_code"):
        yield GovernorateStaff(
            governorate_code=line.known("governorate_code", "governorate", governorates),
            owners=line.count("owners"),
            staff=line.count("staff"),
        )


def _series(folder: Path, governorates: Collection[int]) -> Iterator[PortalYear]:
    columns = "year governorate_code transactions income_baisa"
    for line in lines_of(folder, "series.csv", columns, key="year governorate_code"):
        yield PortalYear(
            year=line.count("year"),
            governorate_code=line.known("governorate_code", "governorate", governorates),
            transactions=line.count("transactions"),
            income_baisa=line.count("income_baisa"),
        )


def _most_used(folder: Path) -> Iterator[MostUsed]:
    columns = "year rank service_code name_ar name_en authority_ar authority_en demand"
    for line in lines_of(folder, "most_used.csv", columns, key="year rank"):
        yield MostUsed(
            year=line.count("year"),
            rank=line.count("rank"),
            service_code=line.cells["service_code"],
            name=line.name(),
            authority=Text(line.text("authority_ar"), line.text("authority_en")),
            demand=line.count("demand"),
        )


def read_holidays(folder: Path = DATA) -> Iterator[ListedHoliday]:
    """The holidays of every `holidays-*.yaml`; a date twice is refused, also across files."""
    first: dict[dt.date, Text] = {}
    for path in sorted(folder.glob("holidays-*.yaml")):
        for number, item in items_of(path, "holidays"):
            holiday = _holiday(path.name, number, item)
            if holiday.day in first:
                raise RepeatedHoliday(
                    file=path.name,
                    line=number,
                    day=holiday.day.isoformat(),
                    first=first[holiday.day].en,
                )
            first[holiday.day] = holiday.name
            yield holiday


def _holiday(file: str, number: int, item: Any) -> ListedHoliday:
    if not isinstance(item, dict) or set(item) != {"date", "ar", "en", "provenance"}:
        raise NetworkFileRefused(file=file, line=number)
    day, provenance = item["date"], item["provenance"]
    if not isinstance(day, dt.date):
        raise _wrong(file, number, "date", day, "a date like 2025-11-26")
    if provenance not in PROVENANCE_OF_HOLIDAYS:
        expected = " / ".join(PROVENANCE_OF_HOLIDAYS)
        raise _wrong(file, number, "provenance", provenance, expected)
    return ListedHoliday(day, Text(ar=item["ar"], en=item["en"]), provenance)


def _wrong(file: str, number: int, column: str, text: object, expected: str) -> WrongCell:
    return WrongCell(file=file, line=number, column=column, text=str(text), expected=expected)


def _refuse_wrong_sums(data: NetworkData) -> None:
    in_villages: Counter[int] = Counter()
    for village in data.villages:
        in_villages[village.wilayat_code] += village.centres
    in_wilayats: Counter[int] = Counter()
    for wilayat in data.wilayats:
        _same_count("villages.csv", wilayat, in_villages[wilayat.code], "wilayats.csv")
        in_wilayats[wilayat.governorate_code] += wilayat.centres
    for governorate in data.governorates:
        _same_count("wilayats.csv", governorate, in_wilayats[governorate.code], "governorates.csv")


def _same_count(file: str, place: Wilayat | Governorate, found: int, other_file: str) -> None:
    if found != place.centres:
        raise CountMismatch(
            file=file,
            place=place.name.en,
            found=found,
            other_file=other_file,
            expected=place.centres,
        )
