"""What anybody may read: services with their prices, centres with their hours."""

from datetime import UTC, datetime

import pytest

from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.db.scope import acting, public_scope
from sanad.lib.business_day import business_date
from sanad.web.public.centres import opening
from sanad.web.public.describe import describe
from tests.network import KHUWAIR, RENEW_MEMBERSHIP, TEN


def page(response) -> str:
    return response.content.decode()


@pytest.fixture
def public(db):
    with acting(public_scope()):
        yield


def test_the_front_page_counts_what_is_there(visitor):
    shown = page(visitor.get("/"))

    with acting(public_scope()):
        services = catalogue.counts(business_date(TEN))["services"]
    assert f">{services}<" in shown
    assert ">3<" in shown


def test_search_finds_by_folded_arabic_and_shows_the_entity(visitor):
    shown = page(visitor.get("/services/", {"q": "بطاقه المقيم"}))

    assert "/services/rop-resident-card/" in shown
    assert "Royal Oman Police" in shown


def test_while_typing_only_the_results_are_sent(visitor):
    part = page(visitor.get("/services/", {"q": "card"}, headers={"HX-Request": "true"}))

    assert "<html" not in part
    assert "/services/rop-resident-card/" in part


def test_nothing_found_says_what_to_try(visitor):
    shown = page(visitor.get("/services/", {"q": "zzzzqqq"}))

    assert "No service matches “zzzzqqq”" in shown
    assert 'href="/services/"' in shown


def test_services_are_listed_under_their_entity(visitor):
    assert "?entity=rop" in page(visitor.get("/services/"))
    assert "/services/rop-resident-card/" in page(visitor.get("/services/?entity=rop"))
    assert visitor.get("/services/?entity=nobody").status_code == 404


def test_a_service_answers_before_one_leaves_home(visitor):
    shown = page(visitor.get("/services/rop-resident-card/"))

    for words in ("What to bring", "Charge of the centre, at most", "Fee of the entity, by"):
        assert words in shown
    assert '<bdi dir="ltr" class="number">6.000</bdi>' in shown
    assert '<bdi dir="ltr" class="number">11.000</bdi>' in shown
    assert "Only if “Is the card for a child under seven?” is “Yes”" in shown
    assert "The time is our assumption." in shown


def test_a_service_of_a_family_says_what_is_assumed(visitor):
    with acting(public_scope()):
        bare = next(
            one for one in catalogue.services_of(9, business_date(TEN)) if not one.is_in_full
        )

    shown = page(visitor.get(f"/services/{bare.code}/"))

    assert "has published no form of its own" in shown
    assert "This list is our assumption" in shown


def test_an_unknown_service_is_no_page(visitor):
    assert visitor.get("/services/no-such-thing/").status_code == 404


def test_the_charges_are_the_published_caps_in_the_order_of_the_stages(public):
    service = catalogue.service(RENEW_MEMBERSHIP, business_date(TEN))

    shown = describe(service)

    caps = {line.baisa for line in service.fee_lines.values()}
    assert {charge.baisa for charge in shown.charges} == caps
    stages = list(catalogue.STAGE_NAMES.values())
    places = [stages.index(charge.stage) for charge in shown.charges]
    assert places == sorted(places)


def test_centres_are_found_by_governorate_and_wilayat(visitor):
    governorates = page(visitor.get("/centres/"))
    assert "?governorate=" in governorates

    with acting(public_scope()):
        centre = centres.centre(KHUWAIR)
    in_wilayat = page(visitor.get(f"/centres/?wilayat={centre.wilayat_code}"))
    assert f"/centres/{KHUWAIR}/" in in_wilayat
    assert "Open now" in in_wilayat
    assert visitor.get("/centres/?wilayat=99").status_code == 404
    assert visitor.get("/centres/?governorate=x").status_code == 404


def test_a_wilayat_without_a_centre_says_so(visitor):
    with acting(public_scope()):
        empty = next(place for place in centres.wilayats() if not place.centres)

    assert "There is no centre in this wilayat." in page(
        visitor.get(f"/centres/?wilayat={empty.code}")
    )


def test_a_centre_shows_hours_holidays_and_its_tax(visitor):
    shown = page(visitor.get(f"/centres/{KHUWAIR}/"))

    assert "Open now" in shown
    assert '<bdi dir="ltr" class="number">22:00</bdi>' in shown
    assert "5%</bdi> on the centre's own charge" in shown
    assert "Holidays to come" in shown
    assert visitor.get("/centres/4711/").status_code == 404


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (TEN, True),
        (datetime(2025, 9, 30, 18, 0, tzinfo=UTC), False),  # 22:00 in Muscat
        (datetime(2025, 10, 3, 6, 0, tzinfo=UTC), False),  # a Friday
        (datetime(2019, 12, 31, 6, 0, tzinfo=UTC), False),  # before its licence
    ],
)
def test_a_door_is_open_inside_the_hours_of_a_licensed_centre(public, at, is_open):
    centre = centres.centre(KHUWAIR)

    found = opening(centre, centres.weekly_hours(KHUWAIR), centres.holidays(), at)

    assert found.is_open is is_open
    if not is_open and at >= TEN:
        assert found.opens > at
