"""Own prices: set by the owner where the official list has none, and a cap like any other."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanad.catalogue import queries as catalogue
from sanad.db.scope import acting, centre_scope, national_scope, public_scope
from sanad.eventlog.queries import events
from sanad.lib.business_day import business_date
from sanad.lib.money import MAX_BAISA, MoneyRefused
from sanad.till import actions as till
from sanad.till import ledger, prices, queries, rules
from sanad.till.models import OwnPrice
from sanad.till.quotes import FeeChanged, NotPricedYet, OneUnitOnly, current_line
from sanad.till.rules import Account, Line
from tests.network import AISHA, KHUWAIR, RENEW_MEMBERSHIP, SALIM, SOHAR, TEN
from tests.refusals import said
from tests.till.test_pricing import signed, table
from tests.walk import ANSWERS, Walk
from tests.web_client import signed_in, words_of

pytestmark = pytest.mark.django_db
TRANSLATION, PRINTING = "private-certified-translation", "private-print-scan"
INSERT = """
INSERT INTO till_transfer (id, centre_id, debit, credit, baisa, kind, at, case_id, stage, round,
    fee_line_id, own_price_id, cap_baisa, units)
VALUES (%(id)s, %(centre)s, 'drawer', 'earned', %(baisa)s, %(kind)s, %(at)s, %(case)s, %(stage)s, 1,
    %(fee_line)s, %(own_price)s, %(cap)s, %(units)s)
"""


@pytest.fixture(autouse=True)
def answers(monkeypatch):
    monkeypatch.setitem(
        ANSWERS,
        TRANSLATION,
        {
            "applicant_name": "مريم البلوشية",
            "source_language": "ar",
            "target_language": "en",
            "papers": "3",
            "contact_phone": "92345678",
        },
    )


def set_price(baisa, *, service=TRANSLATION, centre=KHUWAIR, at=TEN):
    with acting(centre_scope(centre, account=SALIM)):
        return prices.set_own_price(
            centre=centre, service_code=service, baisa=baisa, at=at, by=SALIM
        )


def history(service=TRANSLATION):
    with acting(centre_scope(KHUWAIR)):
        found = catalogue.service(service, business_date(TEN))
        return prices.own_price_history(centre=KHUWAIR, service=found.id)


def earned():
    with acting(centre_scope(KHUWAIR)):
        return -ledger.balances(centre=KHUWAIR)[Account.EARNED]


def kinds():
    with acting(centre_scope(KHUWAIR)):
        return [(e.kind, e.payload) for e in events(centre=KHUWAIR) if e.kind == "price.set"]


# -- setting -------------------------------------------------------------------------------------


def test_a_price_holds_from_its_day_and_closes_the_one_before():
    set_price(2_000)
    set_price(2_500, at=TEN + timedelta(days=3))

    new, old = history()
    later = business_date(TEN) + timedelta(days=3)

    assert (new.baisa, new.since, new.until) == (2_500, later, None)
    assert (old.baisa, old.since, old.until) == (2_000, business_date(TEN), new.since)
    assert [payload["baisa"] for _, payload in kinds()] == [2_000, 2_500]


def test_a_slip_is_corrected_on_the_same_day_and_stays_in_the_history():
    set_price(25_000)
    set_price(2_500)

    new, slip = history()

    assert (new.baisa, new.is_open) == (2_500, True)
    assert (slip.baisa, slip.since, slip.is_open) == (25_000, None, False)


@pytest.mark.parametrize(
    ("service", "baisa", "refusal"),
    [
        (RENEW_MEMBERSHIP, 1, prices.OfficialPrice),
        ("mol-employment-contract", 900_000, prices.OfficialPrice),
        (TRANSLATION, -1, MoneyRefused),
        (TRANSLATION, 2.5, MoneyRefused),
        (TRANSLATION, True, MoneyRefused),
        (TRANSLATION, MAX_BAISA + 1, MoneyRefused),
        (TRANSLATION, 2_000, prices.PriceUnchanged),
        ("no-such-service", 1, catalogue.NoSuchService),
    ],
)
def test_what_is_no_price_of_the_centre_is_refused_and_nothing_moved(service, baisa, refusal):
    set_price(2_000)
    before = history()

    with pytest.raises(refusal) as refused:
        set_price(baisa, service=service)

    said(refused.value)
    assert history() == before
    assert len(kinds()) == 1
    with acting(centre_scope(KHUWAIR)):
        assert OwnPrice.objects.count() == 1


def test_another_centre_neither_sees_nor_sets_it():
    set_price(2_000)

    with acting(centre_scope(SOHAR)):
        assert OwnPrice.objects.count() == 0
    with pytest.raises(DatabaseError), acting(centre_scope(SOHAR)), transaction.atomic():
        prices.set_own_price(centre=KHUWAIR, service_code=PRINTING, baisa=1, at=TEN, by=SALIM)
    with acting(national_scope()):
        assert OwnPrice.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE till_ownprice SET baisa = 9",
        "UPDATE till_ownprice SET valid = '[2020-01-01,)'",
        "UPDATE till_ownprice SET valid = '[2025-09-30,2025-10-05)', set_by = gen_random_uuid()",
        "DELETE FROM till_ownprice",
    ],
)
def test_a_price_is_only_closed_never_edited(change):
    set_price(2_000)

    with (
        pytest.raises(DatabaseError),
        acting(centre_scope(KHUWAIR)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)

    assert [price.baisa for price in history()] == [2_000]


def test_two_prices_never_hold_at_once():
    set_price(2_000)

    with acting(centre_scope(KHUWAIR)):
        old = OwnPrice.objects.get()
    again = OwnPrice(
        centre_id=KHUWAIR, service_id=old.service_id, baisa=1, valid=old.valid, set_at=TEN,
        set_by=SALIM,
    )  # fmt: skip

    with pytest.raises(DatabaseError), acting(centre_scope(KHUWAIR)), transaction.atomic():
        again.save()


# -- selling -------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", table("own price"), ids=lambda row: " ".join(row.values()))
def test_each_row_of_the_worked_table(row):
    price = signed(row["own price"])

    total = rules.price(
        [Line("submit", None, price, price, own_price=1)],
        government_baisa=None,
        vat_per_mille=int(row["VAT ‰"]),
    )

    assert total.centre_baisa == signed(row["centre's charge"])
    assert total.vat_baisa == signed(row["VAT"])
    assert total.total_baisa == signed(row["total without a government fee"])


def test_without_a_price_nothing_can_be_sold():
    walk = Walk(service=TRANSLATION).completed()

    with pytest.raises(NotPricedYet) as refused, walk.scope():
        till.make_quote(case=walk.case, at=walk.at)

    said(refused.value)
    with walk.scope():
        assert queries.live_quote(walk.case, at=walk.at) is None
    assert earned() == 0


def test_the_price_is_quoted_paid_and_signed_as_the_centres_own():
    set_price(2_500)
    walk = Walk(service=TRANSLATION).quoted().paid()

    with walk.scope():
        quote = queries.live_quote(walk.case, at=walk.at)
        body = queries.receipt(walk.made["receipt"]).body
    assert (quote.stage, quote.centre_baisa, quote.vat_baisa) == ("submit", 2_500, 125)
    assert quote.is_own_price
    assert (body["cap_baisa"], body["centre_baisa"]) == (2_500, 2_500)
    assert body["price_of"] == "centre"
    assert earned() == 2_500

    walk.paid_back()
    assert earned() == 0


def test_a_receipt_by_the_official_list_says_nothing_of_the_centre():
    walk = Walk().quoted().paid()

    with walk.scope():
        assert "price_of" not in queries.receipt(walk.made["receipt"]).body


def test_a_price_that_changed_after_the_agreement_takes_nothing():
    set_price(2_500)
    walk = Walk(service=TRANSLATION).quoted()
    set_price(3_000)

    with pytest.raises(FeeChanged):
        walk.paid()
    assert earned() == 0

    walk.quoted().paid()
    assert earned() == 3_000


def test_an_own_price_is_for_the_request_once():
    set_price(2_500)
    walk = Walk(service=TRANSLATION).completed()

    with pytest.raises(OneUnitOnly), walk.scope():
        till.make_quote(case=walk.case, at=walk.at, units=3)


def test_where_the_list_has_a_price_an_own_one_counts_for_nothing():
    with acting(public_scope()):
        service = catalogue.service(RENEW_MEMBERSHIP, business_date(TEN))
    own = prices.OwnPriceView(1, service.id, 9_000_000, business_date(TEN), None, TEN, SALIM)

    line = current_line(service, "submit", own=own)

    assert (line.cap_baisa, line.own_price) == (3_000, None)


# -- nothing above it ----------------------------------------------------------------------------


@pytest.fixture
def right(answers):
    """A posting that is right: the centre's own price for a case that was quoted."""
    own = set_price(2_500)
    walk = Walk(service=TRANSLATION).quoted()
    return {
        "centre": KHUWAIR, "baisa": 2_500, "kind": "centre_charge", "at": walk.at,
        "case": walk.case, "stage": "submit", "fee_line": None, "own_price": own, "cap": 2_500,
        "units": 1,
    }  # fmt: skip


def post(posting):
    """Whether the database took it; it is given back either way."""
    taken = False
    try:
        with acting(centre_scope(KHUWAIR, account=AISHA)), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(INSERT, posting | {"id": uuid4()})
            taken = True
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return taken


def test_the_own_price_itself_is_taken_so_the_refusals_mean_something(right):
    assert post(right)


@settings(
    max_examples=150, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    baisa=st.integers(-5, 10_000) | st.integers(2_499, 2_502),
    cap=st.sampled_from([2_500]) | st.integers(0, 20_000),
    units=st.sampled_from([1]) | st.integers(-2, 50),
)
def test_nothing_above_the_own_price_is_ever_posted(right, baisa, cap, units):
    taken = post(right | {"baisa": baisa, "cap": cap, "units": units})

    assert taken == (0 < baisa <= 2_500 and cap == 2_500 and units == 1)


def test_a_price_of_another_service_centre_day_or_stage_posts_nothing(right):
    printing = set_price(900_000, service=PRINTING)
    elsewhere = set_price(900_000, centre=SOHAR)
    with acting(centre_scope(KHUWAIR)):
        line = catalogue.fee_line(RENEW_MEMBERSHIP, "submit", business_date(TEN))
    frauds = {
        "another service": {"own_price": printing, "cap": 900_000, "baisa": 900_000},
        "another centre": {"own_price": elsewhere, "cap": 900_000, "baisa": 900_000},
        "before it was set": {"at": right["at"] - timedelta(days=1)},
        "another stage": {"stage": "resend"},
        "another kind": {"kind": "vat"},
        "no price": {"own_price": None},
        "both prices": {"fee_line": line.id, "cap": line.baisa, "baisa": line.baisa},
        "a line in its stead": {
            "own_price": None, "fee_line": line.id, "cap": line.baisa, "baisa": line.baisa,
        },
        "without a case": {"case": None},
    }  # fmt: skip

    assert [name for name, fraud in frauds.items() if post(right | fraud)] == []


def test_an_own_price_never_posts_where_the_list_has_a_line():
    """Even a row that SQL put beside the official price moves nothing."""
    walk = Walk().quoted()
    with acting(centre_scope(KHUWAIR, account=SALIM)):
        service = catalogue.service(RENEW_MEMBERSHIP, business_date(TEN))
        forged = OwnPrice.objects.create(
            centre_id=KHUWAIR, service_id=service.id, baisa=900_000,
            valid=("2025-01-01", None), set_at=TEN, set_by=SALIM,
        )  # fmt: skip
    posting = {
        "centre": KHUWAIR, "baisa": 900_000, "kind": "centre_charge", "at": walk.at,
        "case": walk.case, "stage": "submit", "fee_line": None, "own_price": forged.pk,
        "cap": 900_000, "units": 1,
    }  # fmt: skip

    assert not post(posting)
    assert not post(posting | {"baisa": 1})


# -- on screen -----------------------------------------------------------------------------------


@pytest.fixture
def salim(at_ten):
    return signed_in(SALIM)


def test_the_owner_finds_a_service_prices_it_and_sees_the_history(salim):
    listed = words_of(salim.get(reverse("own_prices")))
    assert "Still without a price: 135 of 135." in listed
    assert "Obtain certified translation" in words_of(salim.get("/centre/prices/", {"q": "ترجمة"}))

    answer = salim.post(f"/centre/prices/{TRANSLATION}/", {"price": "٢٫٥٠٠"})

    assert answer.status_code == 302
    shown = words_of(salim.get(f"/centre/prices/{TRANSLATION}/"))
    assert "2.500" in shown
    assert "Holds now" in shown
    listed = words_of(salim.get(reverse("own_prices")))
    assert "Still without a price: 134 of 135." in listed
    assert "Priced by your centre" in listed


@pytest.mark.parametrize("typed", ["", "-2", "4,5", "2.5005", "ريالان", "9" * 15])
def test_a_wrong_price_is_said_beside_the_field_and_stays_typed(salim, typed):
    refused = salim.post(f"/centre/prices/{TRANSLATION}/", {"price": typed})

    assert refused.status_code == 422
    assert f'value="{typed}"' in refused.content.decode()
    assert 'class="field-error"' in refused.content.decode()
    assert history() == []


def test_a_service_of_the_official_list_has_no_such_page(salim):
    for answer in (
        salim.get(f"/centre/prices/{RENEW_MEMBERSHIP}/"),
        salim.post(f"/centre/prices/{RENEW_MEMBERSHIP}/", {"price": "1"}),
    ):
        assert answer.status_code >= 400
        assert "a centre cannot set one of its own" in words_of(answer)
    assert history(RENEW_MEMBERSHIP) == []


def test_nothing_found_says_so_and_leads_back(salim):
    assert "No service without an official price" in words_of(
        salim.get("/centre/prices/", {"q": "qqqqzzzz"})
    )


def test_an_operator_may_not_set_prices(at_ten):
    answer = signed_in(AISHA).post(f"/centre/prices/{TRANSLATION}/", {"price": "1"})

    assert answer.status_code in (302, 403, 404)
    assert history() == []


def test_the_desk_says_before_the_mandate_that_there_is_no_price(at_ten):
    visit = Walk().person_seated().made["visit"]
    aisha = signed_in(AISHA)

    refused = aisha.get(reverse("desk_mandate", args=[visit, TRANSLATION]))
    assert "The owner sets it under" in words_of(refused)

    set_price(2_500)
    shown = words_of(aisha.get(reverse("desk_mandate", args=[visit, TRANSLATION])))
    assert "2.625" in shown


def test_the_client_reads_who_set_the_price(at_ten):
    set_price(2_500)
    walk = Walk(service=TRANSLATION).completed()
    with walk.scope():
        till.make_quote(case=walk.case, at=walk.at)

    shown = words_of(
        signed_in(AISHA).get(reverse("desk_agree", args=[walk.case]), {"client_language": "en"})
    )

    assert "Set by the centre" in shown
    assert "official list's ceiling" not in shown


def test_the_public_catalogue_says_that_the_centre_sets_it(at_ten, client):
    client.cookies["sanad_language"] = "en"
    assert "The centre sets this price" in words_of(client.get(f"/services/{TRANSLATION}/"))
