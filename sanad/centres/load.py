"""Bulk load of places and centres, at set-up, as the loader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from sanad.centres.demonstration import Network, vat_per_mille_of
from sanad.centres.files import read_network
from sanad.centres.models import Governorate, Holiday, Village, Wilayat
from sanad.centres.network_data import NetworkData
from sanad.db.bulk import copy_rows
from sanad.lib.ar_norm import ar_norm
from sanad.lib.bilingual import Text
from sanad.lib.opening_hours import WeeklyHours

SOURCE = "Ministry of Interior open data 2022-08-03; NCSI Statistical Year Book 2025, end of 2024"


@dataclass(frozen=True)
class CentreRow:
    """A centre as it is written."""

    id: int
    name: Text
    village: int
    licence_no: str
    opened_on: date
    latitude: float
    longitude: float
    position_provenance: str
    vat_per_mille: int
    hours: WeeklyHours
    points: int


def load_places(data: NetworkData | None = None) -> dict[str, int]:
    """Governorates, wilayats, villages and holidays; rows by kind. Raises what reading raises."""
    found = data or read_network()
    people = {g.code: 0 for g in found.governorates}
    for w in found.wilayats:
        people[w.governorate_code] += w.people
    Governorate.objects.bulk_create(
        Governorate(
            code=g.code, name_ar=g.name.ar, name_en=g.name.en, population=people[g.code],
            source=SOURCE,
        )
        for g in found.governorates
    )  # fmt: skip
    Wilayat.objects.bulk_create(
        Wilayat(
            code=w.code, governorate_id=w.governorate_code, name_ar=w.name.ar, name_en=w.name.en,
            name_sort=ar_norm(w.name.ar), population=w.people, latitude=w.lat, longitude=w.lon,
        )
        for w in found.wilayats
    )  # fmt: skip
    Village.objects.bulk_create(
        Village(
            id=v.code, wilayat_id=v.wilayat_code, name_ar=v.name.ar, name_en=v.name.en,
            name_sort=ar_norm(v.name.ar),
        )
        for v in found.villages
    )  # fmt: skip
    Holiday.objects.bulk_create(
        Holiday(day=h.day, name_ar=h.name.ar, name_en=h.name.en, provenance=h.provenance)
        for h in found.listed_holidays
    )
    return {
        "governorates": len(found.governorates),
        "wilayats": len(found.wilayats),
        "villages": len(found.villages),
        "holidays": len(found.listed_holidays),
    }


def rows_of(network: Network) -> list[CentreRow]:
    """The demonstration network as rows."""
    return [
        CentreRow(
            id=c.id, name=c.name, village=c.village_code, licence_no=c.licence_number,
            opened_on=c.opened_on, latitude=c.lat, longitude=c.lon,
            position_provenance=c.position_provenance,
            vat_per_mille=vat_per_mille_of(c.id), hours=c.hours,
            points=c.service_points,
        )
        for c in network.centres
    ]  # fmt: skip


def load_centres(centres: Iterable[CentreRow]) -> dict[str, int]:
    """Centres with their hours and service points; rows by kind."""
    rows = list(centres)
    copy_rows(
        "centres_centre",
        ("id", "name_ar", "name_en", "name_sort", "village_id", "licence_no", "opened_on",
         "latitude", "longitude", "position_provenance", "vat_per_mille"),
        ((c.id, c.name.ar, c.name.en, ar_norm(c.name.ar), c.village, c.licence_no, c.opened_on,
          c.latitude, c.longitude, c.position_provenance, c.vat_per_mille) for c in rows),
    )  # fmt: skip
    spans = copy_rows(
        "centres_openingspan",
        ("centre_id", "weekday", "opens", "closes"),
        (
            (c.id, int(weekday), span.opens, span.closes)
            for c in rows
            for weekday, found in c.hours.days.items()
            for span in found
        ),
    )
    points = copy_rows(
        "centres_servicepoint",
        ("centre_id", "number"),
        ((c.id, number) for c in rows for number in range(1, c.points + 1)),
    )
    return {"centres": len(rows), "opening_spans": spans, "service_points": points}


def analyse() -> None:
    """Tell the planner about freshly loaded tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
