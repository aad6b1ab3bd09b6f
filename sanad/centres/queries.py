"""Reads about places and centres. All of it is published, so no scope narrows it; costs are not."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db.models import Count, Q, QuerySet

from sanad.centres.files import read_network
from sanad.centres.models import (
    Centre,
    Governorate,
    Holiday,
    OpeningSpan,
    ServicePoint,
    StatedCosts,
    Wilayat,
)
from sanad.centres.network_data import PortalYear
from sanad.centres.stated import LINES, Stated
from sanad.db.reference import remembered
from sanad.lib.ar_norm import ar_norm
from sanad.lib.bilingual import Text
from sanad.lib.business_day import MUSCAT, business_date, in_muscat
from sanad.lib.opening_hours import Holidays, Span, Weekday, WeeklyHours
from sanad.lib.refusal import N_, Refused

MOST_FOUND = 50


class NoSuchCentre(Refused):
    code = "centres.no_such_centre"
    sentence = N_("There is no centre with the number {centre}. Look it up in the list of centres.")


class UnknownWilayat(Refused):
    code = "centres.unknown_wilayat"
    sentence = N_("There is no wilayat with the code {wilayat}. Codes run from 1 to 63.")


@dataclass(frozen=True)
class Place:
    """A governorate or a wilayat with the number of its open centres."""

    code: int
    name: Text
    population: int
    centres: int


@dataclass(frozen=True)
class CentreView:
    """A centre as anybody may see it."""

    id: int
    name: Text
    village: Text
    wilayat: Text
    wilayat_code: int
    governorate: Text
    governorate_code: int
    licence_no: str
    opened_on: date
    closed_on: date | None
    vat_per_mille: int
    latitude: float
    longitude: float

    def is_licensed(self, on: date) -> bool:
        return self.opened_on <= on and (self.closed_on is None or on < self.closed_on)


@dataclass(frozen=True, slots=True)
class Licence:
    """Where a centre is and from when until when it may work: for counting them all."""

    id: int
    governorate_code: int
    opened_on: date
    closed_on: date | None

    def is_licensed(self, on: date) -> bool:
        return self.opened_on <= on and (self.closed_on is None or on < self.closed_on)


@dataclass(frozen=True, slots=True)
class Registered:
    """As much of a centre as a simulation of the network needs."""

    id: int
    village: int
    wilayat: int
    governorate: int
    vat_per_mille: int
    hours: WeeklyHours


def registered() -> list[Registered]:
    """Every centre, open and closed, by number, with its weekly hours."""
    by_centre: dict[int, dict[Weekday, list[Span]]] = {}
    for centre, weekday, opens, closes in OpeningSpan.objects.order_by(
        "centre_id", "weekday", "opens"
    ).values_list("centre_id", "weekday", "opens", "closes"):
        days = by_centre.setdefault(centre, {})
        days.setdefault(Weekday(weekday), []).append(Span(opens, closes))
    found = Centre.objects.order_by("id").values_list(
        "id", "village_id", "village__wilayat_id", "village__wilayat__governorate_id",
        "vat_per_mille",
    )  # fmt: skip
    return [
        Registered(*row, WeeklyHours({d: tuple(s) for d, s in by_centre.get(row[0], {}).items()}))
        for row in found
    ]


def governorates() -> list[Place]:
    """The eleven, in the ministry's order."""
    open_centres = Count("wilayats__villages__centres", filter=_open("wilayats__villages__centres"))
    found = Governorate.objects.annotate(open_centres=open_centres).order_by("code")
    return [Place(g.code, Text(g.name_ar, g.name_en), g.population, g.open_centres) for g in found]


def wilayats(governorate: int | None = None) -> list[Place]:
    """The wilayats of a governorate, or all 63, sorted by the folded Arabic name."""
    found = Wilayat.objects.annotate(
        open_centres=Count("villages__centres", filter=_open("villages__centres"))
    )
    if governorate is not None:
        found = found.filter(governorate_id=governorate)
    return [
        Place(w.code, Text(w.name_ar, w.name_en), w.population, w.open_centres)
        for w in found.order_by("name_sort")
    ]


def wilayat(code: int) -> Place:
    """Raises `UnknownWilayat`."""
    found = [place for place in wilayats() if place.code == code]
    if not found:
        raise UnknownWilayat(wilayat=code)
    return found[0]


def centres_in(wilayat: int) -> list[CentreView]:
    """The open centres of a wilayat. At most 115 rows."""
    found = _centres().filter(village__wilayat_id=wilayat, closed_on=None)
    return [_view(c) for c in found.order_by("village__name_sort", "name_sort", "id")]


def all_centres() -> list[CentreView]:
    """Every centre, open and closed, by number."""
    return [_view(c) for c in _centres().order_by("id")]


def licences() -> list[Licence]:
    """Every centre, open and closed, by number, with its dates and no more."""
    found = Centre.objects.order_by("id").values_list(
        "id", "village__wilayat__governorate_id", "opened_on", "closed_on"
    )
    return [Licence(*row) for row in found]


def search(words: str) -> list[CentreView]:
    """Centres, open and closed, by a part of the name (folded), the licence or the number."""
    folded = ar_norm(words)
    if not folded:
        return []
    wanted = Q(name_sort__contains=folded) | Q(name_en__icontains=words.strip())
    wanted |= Q(licence_no__icontains=words.strip())
    if folded.isdigit() and len(folded) < 6:
        wanted |= Q(id=int(folded))
    return [_view(c) for c in _centres().filter(wanted).order_by("name_sort", "id")[:MOST_FOUND]]


def ever_in(wilayat: int) -> list[CentreView]:
    """Every centre of a wilayat, the closed ones too, in the order of their names."""
    found = _centres().filter(village__wilayat_id=wilayat)
    return [_view(c) for c in found.order_by("village__name_sort", "name_sort", "id")]


@remembered
def centre(number: int) -> CentreView:
    """Raises `NoSuchCentre`."""
    found = _centres().filter(id=number).first()
    if found is None:
        raise NoSuchCentre(centre=number)
    return _view(found)


@remembered
def weekly_hours(number: int) -> WeeklyHours:
    """A centre's spans by weekday."""
    spans = Centre(id=number).spans.order_by("weekday", "opens")
    by_day: dict[Weekday, list[Span]] = {}
    for span in spans:
        by_day.setdefault(Weekday(span.weekday), []).append(Span(span.opens, span.closes))
    return WeeklyHours({day: tuple(found) for day, found in by_day.items()})


@cache
def portal_series() -> tuple[PortalYear, ...]:
    """The ministry's open data: what its portal counted by year and governorate."""
    return read_network().series


def opening_pattern(on: date) -> dict[Weekday, list[tuple[Span, float]]]:
    """When the network is open: by weekday each span with the share of centres that keep it."""
    licensed = Centre.objects.filter(opened_on__lte=on).exclude(closed_on__lte=on)
    total = licensed.count()
    found = (
        OpeningSpan.objects.filter(centre__in=licensed)
        .values_list("weekday", "opens", "closes")
        .annotate(centres=Count("id"))
        .order_by("weekday", "opens", "closes")
    )
    pattern: dict[Weekday, list[tuple[Span, float]]] = {}
    for weekday, opens, closes, number in found:
        pattern.setdefault(Weekday(weekday), []).append((Span(opens, closes), number / total))
    return pattern


@remembered
def holidays(*, since: date | None = None) -> Holidays:
    """The network's holidays, from `since` on."""
    found = Holiday.objects.order_by("day")
    if since is not None:
        found = found.filter(day__gte=since)
    return Holidays({h.day: Text(h.name_ar, h.name_en) for h in found})


def is_open(number: int, at: datetime) -> bool:
    """Whether the centre is licensed and inside its hours at a moment."""
    return centre(number).is_licensed(business_date(at)) and weekly_hours(number).is_open(
        at, holidays(since=business_date(at))
    )


def opened_at(number: int, at: datetime) -> datetime | None:
    """When the span of opening hours that holds a moment began; None outside opening hours."""
    local = in_muscat(at)
    for span in weekly_hours(number).days.get(Weekday.of(local.date()), ()):
        if span.opens <= local.time() < span.closes:
            return datetime.combine(local.date(), span.opens, MUSCAT)
    return None


@remembered
def points(number: int) -> list[int]:
    """The numbers of a centre's service points."""
    found = ServicePoint.objects.filter(centre_id=number).order_by("number")
    return list(found.values_list("number", flat=True))


def stated_costs(centre: int) -> Stated:
    """What the owner of a centre in sight said last; empty where they have not."""
    found = StatedCosts.objects.filter(centre_id=centre).order_by("-stated_at", "-id")
    said = found.values(*LINES).first()
    return Stated(**said) if said else Stated()


def all_stated_costs() -> dict[int, Stated]:
    """By centre what its owner said last, of every centre in sight whose owner has."""
    found = StatedCosts.objects.order_by("centre_id", "-stated_at", "-id").distinct("centre_id")
    return {row.pop("centre_id"): Stated(**row) for row in found.values("centre_id", *LINES)}


def counts() -> dict[str, int]:
    """Rows by kind, for the demonstration's summary and the front page."""
    return {
        "governorates": Governorate.objects.count(),
        "wilayats": Wilayat.objects.count(),
        "centres": Centre.objects.filter(closed_on=None).count(),
    }


def _open(path: str) -> Q:
    return Q(**{f"{path}__isnull": False, f"{path}__closed_on__isnull": True})


def _centres() -> "QuerySet[Centre]":
    return Centre.objects.select_related("village__wilayat__governorate")


def _view(c: Centre) -> CentreView:
    village = c.village
    wilayat = village.wilayat
    governorate = wilayat.governorate
    return CentreView(
        id=c.id,
        name=Text(c.name_ar, c.name_en),
        village=Text(village.name_ar, village.name_en),
        wilayat=Text(wilayat.name_ar, wilayat.name_en),
        wilayat_code=wilayat.code,
        governorate=Text(governorate.name_ar, governorate.name_en),
        governorate_code=governorate.code,
        licence_no=c.licence_no,
        opened_on=c.opened_on,
        closed_on=c.closed_on,
        vat_per_mille=c.vat_per_mille,
        latitude=c.latitude,
        longitude=c.longitude,
    )
