"""What the data files of the network say, as plain values."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from sanad.lib.ar_norm import ar_norm
from sanad.lib.bilingual import Text
from sanad.lib.opening_hours import Holiday, Holidays
from sanad.lib.refusal import N_, Refused


class UnknownName(Refused):
    code = "centres.unknown_name"
    sentence = N_(
        "No wilayat is called “{text}”. Check the spelling or add it to the aliases of its line "
        "in wilayats.csv."
    )


@dataclass(frozen=True, slots=True)
class Governorate:
    code: int
    name: Text
    aliases: tuple[str, ...]
    iso_3166_2: str
    centres: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Wilayat:
    """A wilayat with its people at the end of 2024 and a point inside it."""

    code: int
    governorate_code: int
    name: Text
    aliases: tuple[str, ...]
    omanis: int
    expatriates: int
    centres: int
    lat: float
    lon: float
    seat: tuple[float, float] | None

    @property
    def people(self) -> int:
        return self.omanis + self.expatriates


@dataclass(frozen=True, slots=True)
class Village:
    """A village or quarter; `source_names` are the spellings of the directory."""

    code: int
    wilayat_code: int
    name: Text
    source_names: tuple[str, ...]
    centres: int
    name_ar_provenance: str


@dataclass(frozen=True, slots=True)
class GovernorateStaff:
    governorate_code: int
    owners: int
    staff: int


@dataclass(frozen=True, slots=True)
class PortalYear:
    """What the portal counted in one governorate and year."""

    year: int
    governorate_code: int
    transactions: int
    income_baisa: int


@dataclass(frozen=True, slots=True)
class MostUsed:
    """One of the ten services that a year's portal was asked for most; the code is ours, if any."""

    year: int
    rank: int
    service_code: str
    name: Text
    authority: Text
    demand: int


@dataclass(frozen=True, slots=True)
class ListedHoliday:
    """A holiday with where the date comes from: announced or expected."""

    day: dt.date
    name: Text
    provenance: str


@dataclass(frozen=True)
class NetworkData:
    """The data files together, checked against each other."""

    governorates: tuple[Governorate, ...]
    wilayats: tuple[Wilayat, ...]
    villages: tuple[Village, ...]
    staff: tuple[GovernorateStaff, ...]
    series: tuple[PortalYear, ...]
    most_used: tuple[MostUsed, ...]
    listed_holidays: tuple[ListedHoliday, ...]

    @property
    def holidays(self) -> Holidays:
        return Holidays.of(Holiday(one.day, one.name) for one in self.listed_holidays)

    @cached_property
    def wilayat_by_code(self) -> dict[int, Wilayat]:
        return {wilayat.code: wilayat for wilayat in self.wilayats}

    def wilayat_named(self, text: str) -> Wilayat:
        """The wilayat that people call so, in either language and any of its spellings."""
        try:
            return self._wilayat_by_fold[ar_norm(text)]
        except KeyError:
            raise UnknownName(text=text) from None

    @cached_property
    def _wilayat_by_fold(self) -> dict[str, Wilayat]:
        return {
            ar_norm(name): wilayat
            for wilayat in self.wilayats
            for name in (wilayat.name.ar, wilayat.name.en, *wilayat.aliases)
        }
