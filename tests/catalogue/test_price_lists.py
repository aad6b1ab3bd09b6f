"""Fee lines are dated: a new list closes the old lines and never edits them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanad.catalogue import queries
from sanad.catalogue.actions import ListNamesUnknownService, publish_price_list
from sanad.catalogue.models import FeeLine, PriceList
from sanad.catalogue.rules import ListChanged, ListOlderThanNewest
from sanad.catalogue.shapes import Catalogue, PriceLine
from sanad.catalogue.shapes import PriceList as ListShape
from sanad.db.scope import acting, centre_scope, national_scope
from sanad.eventlog.models import Event
from tests.catalogue.conftest import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
RENEW = "moh-renew-resident-work-card"
BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)


def next_list(files: Catalogue, baisa: int = 4500, **more: Any) -> ListShape:
    """A list after the official one, with one line."""
    line = PriceLine(1, RENEW, "submit", baisa, "request", None)
    return replace(
        files.price_lists[0],
        code="official-list-2026-07-01",
        list_date=AFTER,
        lines=(line,),
        **more,
    )


def all_lines() -> list[tuple[Any, ...]]:
    rows = FeeLine.objects.order_by("id").values_list(
        "id", "service_id", "stage", "baisa", "unit", "price_list_id", "source_line", "valid"
    )
    return list(rows)


def test_a_new_list_closes_the_old_lines_at_its_day(files: Catalogue) -> None:
    with acting(national_scope()):
        before = all_lines()

        opened = publish_price_list(
            price_list=next_list(files), in_force_from=AFTER, at=AT, by=None
        )

        after = all_lines()
        assert opened == 1
        assert [row[:-1] for row in after[:-1]] == [row[:-1] for row in before]
        assert {row[-1].upper for row in after[:-1]} == {AFTER}
        assert (old := queries.fee_line(RENEW, "submit", BEFORE)) is not None
        assert (new := queries.fee_line(RENEW, "submit", AFTER)) is not None
        assert (old.baisa, new.baisa) == (4000, 4500)
        assert queries.fee_line("mol-issue-work-permit", "pay", AFTER) is None


def test_publishing_is_recorded(files: Catalogue) -> None:
    with acting(national_scope()):
        publish_price_list(price_list=next_list(files), in_force_from=AFTER, at=AT, by=None)

        event = Event.objects.filter(kind="price_list.published").latest("recorded_at")
        assert event.payload == {
            "price_list": "official-list-2026-07-01",
            "in_force_from": "2026-07-01",
            "lines": 1,
            "closed": 324,
        }


def test_publishing_the_same_list_twice_changes_nothing(files: Catalogue) -> None:
    with acting(national_scope()):
        publish_price_list(price_list=next_list(files), in_force_from=AFTER, at=AT, by=None)
        before = all_lines()

        again = publish_price_list(price_list=next_list(files), in_force_from=AFTER, at=AT, by=None)

        assert again == 0
        assert all_lines() == before


def test_an_older_list_is_refused_and_nothing_moves(files: Catalogue) -> None:
    older = replace(next_list(files), list_date=date(2025, 7, 1))
    with acting(national_scope()):
        before = all_lines()

        with pytest.raises(ListOlderThanNewest):
            publish_price_list(price_list=older, in_force_from=AFTER, at=AT, by=None)

        assert all_lines() == before


def test_a_published_list_with_other_amounts_is_refused_and_nothing_moves(
    files: Catalogue,
) -> None:
    with acting(national_scope()):
        publish_price_list(price_list=next_list(files), in_force_from=AFTER, at=AT, by=None)
        before = all_lines()

        with pytest.raises(ListChanged):
            publish_price_list(
                price_list=next_list(files, 9000), in_force_from=AFTER, at=AT, by=None
            )

        assert all_lines() == before


def test_a_list_that_names_an_unknown_service_is_refused_and_nothing_moves(
    files: Catalogue,
) -> None:
    unknown = PriceLine(2, "no-such-service", "submit", 1, "request", None)
    shape = next_list(files)
    with acting(national_scope()):
        before = all_lines()

        with pytest.raises(ListNamesUnknownService, match="no-such-service"):
            publish_price_list(
                price_list=replace(shape, lines=(*shape.lines, unknown)),
                in_force_from=AFTER,
                at=AT,
                by=None,
            )

        assert all_lines() == before
        assert PriceList.objects.count() == 1


def test_a_centre_reads_the_fees_and_cannot_write_them(files: Catalogue) -> None:
    with acting(centre_scope(1)):
        assert queries.fee_line(RENEW, "submit", BEFORE) is not None
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            publish_price_list(price_list=next_list(files), in_force_from=AFTER, at=AT, by=None)


SERVICES = (RENEW, "mol-issue-work-permit", "occi-renew-membership")
DAYS = st.integers(0, 12).map(lambda months: date(2025, 12, 1) + timedelta(days=31 * months))
LISTS = st.lists(
    st.tuples(DAYS, DAYS, st.dictionaries(st.sampled_from(SERVICES), st.integers(0, 9000))),
    max_size=6,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(published=LISTS)
def test_after_any_publications_lines_never_overlap_and_the_past_is_as_it_was(
    files: Catalogue, published: list[tuple[date, date, dict[str, int]]]
) -> None:
    """The model: on a day, the amounts of the last accepted list in force by then."""
    with acting(national_scope()), transaction.atomic():
        accepted = [(date(2025, 1, 1), dict.fromkeys(SERVICES))]
        for list_date, start, amounts in published:
            lines = tuple(
                PriceLine(number, service, "submit", baisa, "request", None)
                for number, (service, baisa) in enumerate(amounts.items(), 1)
            )
            shape = replace(
                files.price_lists[0], code=f"list-{list_date}", list_date=list_date, lines=lines
            )
            before = all_lines()
            try:
                publish_price_list(price_list=shape, in_force_from=start, at=AT, by=None)
            except (ListOlderThanNewest, ListChanged):
                assert all_lines() == before
                continue
            after = {row[0]: row for row in all_lines()}
            for row in before:
                assert after[row[0]][:-1] == row[:-1]
                assert after[row[0]][-1].lower == row[-1].lower
                assert after[row[0]][-1].upper in {row[-1].upper, start}
            if accepted[-1][0] != start:
                accepted.append((start, dict(amounts)))

        assert _overlapping() == 0
        for start, amounts in accepted[1:]:
            for service in SERVICES:
                line = queries.fee_line(service, "submit", start)
                assert (line.baisa if line else None) == amounts.get(service)
        transaction.set_rollback(True)


def _overlapping() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM catalogue_feeline a JOIN catalogue_feeline b ON a.id < b.id"
            " AND (a.service_id, a.stage) = (b.service_id, b.stage) AND a.valid && b.valid"
        )
        return int(cursor.fetchone()[0])
