"""The benchmark's own queries, fewer of them: the share that finds its service."""

from datetime import date

import pytest

from benchmarks.catalogue_search import corrupted_queries, measure
from sanad.catalogue import queries
from sanad.catalogue.shapes import Catalogue
from sanad.db.scope import acting, public_scope

ON = date(2025, 9, 30)


def test_the_same_seed_makes_the_same_queries(files: Catalogue) -> None:
    services = list(files.services)

    assert corrupted_queries(services, 50, 7) == corrupted_queries(services, 50, 7)
    assert corrupted_queries(services, 50, 7) != corrupted_queries(services, 50, 8)


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_nineteen_of_twenty_corrupted_queries_find_their_service(files: Catalogue) -> None:
    asked = corrupted_queries(list(files.services), 500, 2025)

    with acting(public_scope()):
        result = measure(asked, lambda words: queries.search(words, limit=3, on=ON))

    assert result["found_in_first_three_percent"] >= 95, result["missed"]
