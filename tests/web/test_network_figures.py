"""The open dashboard: what anybody may know of the network, and what nobody is told."""

import csv
import io
from datetime import date, timedelta

import jsonschema_rs
import pytest
from django.db import connection

from sanad.centres import queries
from sanad.db.connect import as_administrator
from sanad.db.scope import acting, centre_scope, public_scope, system_scope
from sanad.lib.quarters import Quarter
from sanad.oversight import actions, published
from sanad.oversight.models import ServiceDayFact
from sanad.web.public import figures
from sanad.web.shell.downloads import BYTE_ORDER_MARK
from tests.db.probes import tried
from tests.network import KHUWAIR, RENEW_CARD, RENEW_MEMBERSHIP, SOHAR, TEN
from tests.walk import Walk
from tests.web_client import words_of

pytestmark = pytest.mark.usefixtures("committed", "at_ten")
Q2 = Quarter(2025, 2)
LARGEST = 60_000


@pytest.fixture(autouse=True)
def counted_anew():
    figures.counted.cache_clear()
    yield
    figures.counted.cache_clear()


def did(centre: int, service: str, transactions: int, *, day: date = date(2025, 5, 5)) -> None:
    """A day fact of the last full quarter."""
    with as_administrator(url=None):
        ServiceDayFact.objects.create(
            centre_id=centre, business_date=day, service=service, transactions=transactions,
            cases_opened=transactions, cases_returned=0, cases_approved=0, cases_rejected=0,
            earned_baisa=0, refilled_at=TEN,
        )  # fmt: skip


def read(client, address: str = "/network-figures/", language: str = "en") -> str:
    client.cookies["sanad_language"] = language
    return words_of(client.get(address))


def wilayat_of(centre: int) -> int:
    with acting(public_scope()):
        return queries.centre(centre).wilayat_code


def test_the_country_by_governorate_with_what_is_real_and_what_is_not(client, settings):
    did(KHUWAIR, RENEW_CARD, 12)
    settings.SANAD_DEMONSTRATION = "announced"
    page = read(client)

    assert "Requests are those of the last full quarter, 2025Q2." in page
    assert "Simulated: requests, services asked for and who did them." in page
    assert "Muscat 1 1,498,521 1,498,521 12 1" in page
    for year, transactions in (("2016", "4,103,061"), ("2025", "615,093")):
        assert f"{year} {transactions}" in page


def test_a_wilayat_without_a_centre_is_named(client):
    page = read(client)

    for name in ("Dalkut", "Muqshin"):
        assert name in page.split("Wilayats without a centre")[1]


def test_down_to_a_wilayat_and_its_services_with_few_providers(client):
    did(KHUWAIR, RENEW_CARD, 12)
    did(KHUWAIR, RENEW_MEMBERSHIP, 3)
    governorate = read(client, "/network-figures/?governorate=1")
    wilayat = read(client, f"/network-figures/?wilayat={wilayat_of(KHUWAIR)}")

    assert "Services with few providers" in governorate
    assert "Requests 15" in wilayat
    assert " 12 1 " in wilayat
    assert "fewer than 5 1" in wilayat
    for address in ("?wilayat=999", "?governorate=x"):
        assert client.get(f"/network-figures/{address}").status_code == 404


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, None), (4, None), (5, 5), (900, 900)])
def test_a_count_from_one_to_four_is_not_told(count, told):
    did(KHUWAIR, RENEW_CARD, count)
    with as_administrator(url=None):
        ServiceDayFact.objects.update(cases_opened=5)
    with acting(public_scope()):
        demand = published.demand(Q2)

    [one] = demand.services
    wilayat = wilayat_of(KHUWAIR)
    assert (one.wilayat, one.service, one.transactions) == (wilayat, RENEW_CARD, told)
    assert demand.totals == {wilayat: told}
    assert demand.transactions([wilayat]) == (told or 0)


def test_a_count_that_is_not_told_is_in_no_sum_and_in_no_file(client):
    did(KHUWAIR, RENEW_CARD, 4)
    did(SOHAR, RENEW_CARD, 50)

    page, text = read(client), client.get("/network-figures.csv").content.decode()

    assert "Together 3 5,268,072 50 " in page
    row = next(r for r in lines(text) if r["wilayat_code"] == str(wilayat_of(KHUWAIR)))
    assert row["transactions"] == ""


def test_before_the_first_full_quarter_the_running_one_is_shown_and_said(client):
    Walk().submitted()
    with acting(system_scope()):
        actions.refill_days(first=TEN.date(), last=TEN.date(), at=TEN)
    page = read(client)

    assert "running quarter 2025Q3, until 30 September 2025" in page


def lines(text: str) -> list[dict[str, str]]:
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK))))


def test_the_file_is_as_its_schema_says(client):
    did(KHUWAIR, RENEW_CARD, 12)
    schema = client.get("/network-figures.schema.json").json()
    validator = jsonschema_rs.Draft202012Validator(schema)
    rows = lines(client.get("/network-figures.csv").content.decode())

    assert len(rows) == 63
    assert list(rows[0]) == list(schema["properties"])
    for row in rows:
        typed = {name: _typed(value, schema["properties"][name]) for name, value in row.items()}
        validator.validate(typed)
    assert sum(int(row["people"]) for row in rows) == 5_268_072
    assert sum(int(row["transactions"] or 0) for row in rows) == 12


def _typed(value: str, kind: dict) -> object:
    if "integer" in kind["type"]:
        return int(value) if value else None
    return value


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("query", ["", "?governorate=1", "?governorate=7"])
def test_the_page_is_light_and_needs_no_script(client, language, query):
    did(KHUWAIR, RENEW_CARD, 12)
    client.cookies["sanad_language"] = language
    answer = client.get(f"/network-figures/{query}")

    assert answer.status_code == 200
    assert len(answer.content) <= LARGEST
    assert "hx-get" not in answer.content.decode()


def test_it_is_counted_once_an_hour(client):
    did(KHUWAIR, RENEW_CARD, 12)
    read(client)
    did(SOHAR, RENEW_CARD, 70)

    assert "Together 3 5,268,072 12" in read(client)
    with acting(public_scope()):
        later, _complete = figures.latest_demand(TEN + timedelta(hours=1))
    assert later.transactions(later.totals) == 82


def test_visitors_read_the_sums_and_no_centres_facts():
    did(KHUWAIR, RENEW_CARD, 12)
    with acting(public_scope()), connection.cursor() as cursor:
        assert tried(cursor, "SELECT count(*) FROM oversight_servicedayfact") is None
        assert len(published.demand(Q2).services) == 1
    with acting(centre_scope(KHUWAIR)), connection.cursor() as cursor:
        call = "SELECT count(*) FROM oversight_published('2025-04-01', '2025-06-30')"
        assert tried(cursor, call) is None


def test_the_front_page_leads_to_it(client):
    assert '/network-figures/"' in client.get("/").content.decode()
