"""The facts of the twin with everything that their rows share: identifiers, codes, money, status.

Built once for the whole period (800,000 requests: about 300 MB), then written day by day.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa

from sanad.lab.calibration import own_price_baisa
from sanad.lab.history.codes import tracking_codes
from sanad.lab.history.described import Described
from sanad.lab.history.services import VARIANTS
from sanad.lab.twin.facts import Cases, Facts, Visits
from sanad.lab.twin.story import START_SECONDS
from sanad.lab.twin.streams import Streams
from sanad.lib.columns import Bytes, Ints, uuids
from sanad.till.rules import vat_on

OWN_PRICES_FROM = date(2025, 1, 1)


@dataclass(frozen=True)
class People:
    """The clients by position: identifier, name, language, phone. Their numbers follow from it."""

    ids: Bytes
    names_ar: list[str]
    names_en: list[str]
    which: Ints  # a person's name among the names
    is_arabic: np.ndarray
    has_phone: np.ndarray


@dataclass(frozen=True)
class Money:
    """By request: what the centre, the government (-1: to be confirmed) and VAT get, in baisa."""

    centre: Ints
    government: Ints
    vat: Ints
    cap: Ints
    fee_line: Ints  # 0 where the centre sets its own price
    own_price: Ints
    tendered: Ints
    ceiling: Ints

    @property
    def total(self) -> Ints:
        return self.centre + np.maximum(self.government, 0) + self.vat


@dataclass(frozen=True)
class DrawerDays:
    """One drawer an operator and day on which they served."""

    ids: Bytes
    centre: Ints
    operator: Ints
    day: Ints
    opened: Ints
    counted: Ints
    of_visit: Ints  # (V,) -1 for who was called in vain


@dataclass(frozen=True)
class Story:
    """A period, ready to be written."""

    described: Described
    facts: Facts
    people: People
    link: str  # where a request is followed, up to its code
    made: dict[str, Bytes] = field(default_factory=dict)

    @cached_property
    def streams(self) -> Streams:
        return Streams(self.described.world.seed)

    @property
    def visits(self) -> Visits:
        return self.facts.visits

    @property
    def cases(self) -> Cases:
        return self.facts.cases

    def ids(self, purpose: str, at: Ints) -> Bytes:
        """Identifiers of one kind of thing, one for each moment; the same ones when asked again."""
        if purpose not in self.made:
            self.made[purpose] = uuids(at, self.streams.words(f"id/{purpose}", len(at)))
        return self.made[purpose]

    @cached_property
    def started(self) -> Ints:
        return self.visits.called + START_SECONDS

    @cached_property
    def visit_ids(self) -> Bytes:
        return self.ids("visit", self.started)

    @cached_property
    def ticket_ids(self) -> Bytes:
        return self.ids("ticket", self.visits.arrived)

    @cached_property
    def case_ids(self) -> Bytes:
        return self.ids("case", self.cases.opened)

    @cached_property
    def accounts(self) -> Bytes:
        workers = self.described.workers
        return np.frombuffer(b"".join(w.account.bytes for w in workers), np.uint8).reshape(-1, 16)

    @cached_property
    def officers(self) -> Bytes:
        found = b"".join(account.bytes for account in self.described.officers)
        return np.frombuffer(found, np.uint8).reshape(-1, 16)

    @cached_property
    def approvers(self) -> Bytes:
        """By request, who approves that its money is given back: never whoever served."""
        pairs = b"".join(a.bytes + b.bytes for a, b in self.described.approvers)
        first, second = np.frombuffer(pairs, np.uint8).reshape(-1, 2, 16).transpose(1, 0, 2)
        asked_by = self.accounts[self.visits.operator[self.cases.visit]]
        centre = self.centre_of_case
        served = (first[centre] == asked_by).all(axis=1)
        return np.where(served[:, None], second[centre], first[centre])

    @cached_property
    def company_ids(self) -> Bytes:
        before = np.full(self.facts.companies, int(self.described.world.now) - 300 * 86_400)
        return self.ids("company", before)

    @cached_property
    def centre_of_case(self) -> Ints:
        return self.visits.centre[self.cases.visit]

    @cached_property
    def entity_of_case(self) -> Ints:
        return self.described.world.service_entity[self.cases.service]

    @cached_property
    def codes(self) -> pa.Array:
        """Tracking codes, checked by ISO 7064 MOD 37-2 and written in groups of four."""
        return tracking_codes(self.streams, len(self.cases))

    @cached_property
    def variant(self) -> Ints:
        return self.cases.service * VARIANTS + self.cases.variant % VARIANTS

    @cached_property
    def numbers(self) -> Ints:
        """Receipt numbers: from 1 in each centre, in the order of payment."""
        order = np.lexsort((self.cases.paid, self.centre_of_case))
        centre = self.centre_of_case[order]
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.arange(len(order)) - np.searchsorted(centre, centre) + 1
        return number

    @cached_property
    def own_prices(self) -> Ints:
        """The pairs of centre and service (centre x S + service) that need a price of their own."""
        listed = np.array([s.fee_line is not None for s in self.described.services])
        pair = self.centre_of_case * len(listed) + self.cases.service
        return np.unique(pair[~listed[self.cases.service]])

    @cached_property
    def own_price_baisa(self) -> Ints:
        """The price of each of `own_prices`."""
        services = len(self.described.services)
        of_all = own_price_baisa(self.described.world.seed, len(self.described.centres), services)
        return of_all.ravel()[self.own_prices]

    @cached_property
    def money(self) -> Money:
        services, cases = self.described.services, self.cases
        fee_line = np.array([s.fee_line or 0 for s in services])[cases.service]
        cap = np.array([s.cap_baisa for s in services])[cases.service]
        own = np.zeros(len(cases), dtype=np.int64)
        lacks = fee_line == 0
        if lacks.any():
            pair = self.centre_of_case[lacks] * len(services) + cases.service[lacks]
            place = np.searchsorted(self.own_prices, pair)
            own[lacks] = place + 1
            cap[lacks] = self.own_price_baisa[place]
        fees = [f.government_baisa for s in services for f in s.filled]
        government = np.array([-1 if f is None else f for f in fees])[self.variant]
        per_mille = self.described.vat_per_mille[self.centre_of_case]
        vat = np.asarray(vat_on(cap, per_mille))  # type: ignore[arg-type]
        highest = np.array([s.highest_government_baisa or 0 for s in services])[cases.service]
        total = cap + np.maximum(government, 0) + vat
        return Money(
            centre=cap, government=government, vat=vat, cap=cap, fee_line=fee_line, own_price=own,
            # In notes of a rial and coins of a half, whichever is enough.
            tendered=-(-total // 500) * 500, ceiling=cap + vat + highest,
        )  # fmt: skip

    @cached_property
    def drawers(self) -> DrawerDays:
        visits, world = self.visits, self.described.world
        sits = visits.came
        key = visits.operator * 1000 + visits.day
        found, first, of_sitting = np.unique(key[sits], return_index=True, return_inverse=True)
        opened = np.full(len(found), np.iinfo(np.int64).max)
        counted = np.zeros(len(found), dtype=np.int64)
        np.minimum.at(opened, of_sitting, visits.called[sits])
        np.maximum.at(counted, of_sitting, visits.ended[sits])
        day = found % 1000
        counted = np.where(day == len(world.days) - 1, -1, counted + 600)
        of_visit = np.full(len(visits), -1, dtype=np.int64)
        of_visit[sits] = of_sitting
        return DrawerDays(
            ids=self.ids("drawer", opened - 300), centre=visits.centre[sits][first],
            operator=found // 1000, day=day, opened=opened - 300, counted=counted,
            of_visit=of_visit,
        )  # fmt: skip

    @cached_property
    def status(self) -> Ints:
        """Position in STATUSES."""
        c = self.cases
        found = np.full(len(c), STATUSES.index("sent"))
        found[(c.returned >= 0) & (c.resent < 0)] = STATUSES.index("returned")
        decided = c.decided >= 0
        found[decided & c.approved] = STATUSES.index("approved")
        found[decided & ~c.approved] = STATUSES.index("rejected")
        found[c.collected >= 0] = STATUSES.index("delivered")
        found[c.cancelled >= 0] = STATUSES.index("cancelled")
        return found

    @cached_property
    def last_seq(self) -> Ints:
        c = self.cases
        went = 6 + c.tries + (c.returned >= 0) + 2 * (c.resent >= 0) + (c.decided >= 0)
        return np.where(c.cancelled >= 0, 10, went + (c.collected >= 0))


STATUSES = ["sent", "returned", "approved", "rejected", "delivered", "cancelled"]
