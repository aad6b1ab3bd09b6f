"""Who comes: people who return, and companies with many workers."""

from dataclasses import replace

import numpy as np

from sanad.lab.twin.facts import Visits
from sanad.lab.twin.streams import Streams
from sanad.lab.twin.world import World


def known(world: World, streams: Streams, visits: Visits) -> tuple[Visits, int, int]:
    """The visits with their person and company, and how many of both there are.

    People live in a governorate and come to any of its centres; a company's visits are made by
    people who come for it. Those who are called in vain stay unknown.
    """
    person = np.full(len(visits), -1, dtype=np.int64)
    company = np.full(len(visits), -1, dtype=np.int64)
    sits = visits.came & (visits.requests > 0)
    small = visits.requests < world.assumed["company_from_requests"]
    share = world.assumed["company_share_of_small_visits"]
    for_company = sits & (~small | (streams.fractions("for a company", len(visits)) < share))
    people = companies = 0
    place = world.governorate[visits.centre]
    for governorate in range(len(world.governorate_totals)):
        here = np.flatnonzero(sits & (place == governorate))
        pool = max(1, round(len(here) / world.assumed["visits_per_person"]))
        purpose = f"governorate {governorate}"
        person[here] = people + streams.below(f"{purpose}/person", pool, len(here))
        people += pool
        firms = np.flatnonzero(for_company & (place == governorate))
        pool = max(1, round(len(firms) / world.assumed["workers_per_company"]))
        company[firms] = companies + streams.below(f"{purpose}/company", pool, len(firms))
        companies += pool
    return replace(visits, person=person, company=company), people, companies
