"""What anybody may know of a quarter: sums by wilayat and service, never a centre's.

The sums come from a function of the database that alone sees the day facts; a count from 1 to 4
leaves it as "fewer than 5".
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from sanad.lib.quarters import Quarter

FEWER_THAN = 5  # counts below it, but for none at all, are not told
FEW_PROVIDERS = 3  # a service that fewer centres of a wilayat did in the quarter


@dataclass(frozen=True)
class ServiceDemand:
    """A service asked for in a wilayat. `transactions` is None where it is fewer than five."""

    wilayat: int
    service: str
    transactions: int | None
    centres: int

    @property
    def has_few_providers(self) -> bool:
        return self.centres < FEW_PROVIDERS


@dataclass(frozen=True)
class Demand:
    """What was asked for in a quarter, by wilayat; one where nothing was asked for is not in it."""

    quarter: Quarter
    totals: dict[int, int | None]
    services: tuple[ServiceDemand, ...]

    def transactions(self, wilayats: Iterable[int]) -> int:
        """The sum of the counts that are told; those fewer than five are left out of it."""
        return sum(self.totals.get(wilayat, 0) or 0 for wilayat in wilayats)

    def of(self, wilayat: int) -> list[ServiceDemand]:
        """A wilayat's services, the most asked for first."""
        here = [one for one in self.services if one.wilayat == wilayat]
        return sorted(here, key=lambda one: (-(one.transactions or 0), one.service))


def demand(quarter: Quarter) -> Demand:
    """The quarter's demand, as the public."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wilayat, service, transactions, centres FROM oversight_published(%s, %s)",
            [quarter.first_day, quarter.last_day],
        )
        rows = cursor.fetchall()
    return Demand(
        quarter=quarter,
        totals={wilayat: told for wilayat, service, told, _ in rows if service is None},
        services=tuple(ServiceDemand(*row) for row in rows if row[1]),
    )
