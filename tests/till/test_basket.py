"""Several requests of one visit: agreed to and paid together, each with a receipt of its own."""

import re

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanad.db import sql
from sanad.db.scope import acting, system_scope
from sanad.lib.ids import new_id
from sanad.till import actions as till
from sanad.till import basket, ledger, queries
from sanad.till.basket import Wanted
from sanad.till.models import Payment, Receipt
from sanad.till.rules import Account, CardReferenceRefused, NotTheAmount
from sanad.till.taking import AnotherPayment, NoOpenDrawer, PaidAlready, QuoteNotAgreed
from tests.network import AISHA, KHUWAIR, RENEW_MEMBERSHIP
from tests.refusals import said
from tests.walk import RENEW_CARD, Walk
from tests.web_client import signed_in, words_of

TOTALS = {RENEW_CARD: 34_200, RENEW_MEMBERSHIP: 3_150}


def visit(*services):
    """A visit with a request for each service, worked out and not agreed to; their quotes."""
    walk, quotes = Walk().person_seated(), []
    for service in services:
        one = Walk(service=service, made={k: walk.made[k] for k in ("visit", "person")})
        one.opened().completed()
        with one.scope():
            quotes.append(till.make_quote(case=one.case, at=one.at))
    return walk, quotes


def agreed(*services):
    walk, quotes = visit(*services)
    with walk.scope():
        basket.agree_together(quotes=quotes, at=walk.at, by=AISHA)
    return walk, [Wanted(new_id(), quote) for quote in quotes]


def paid(walk, wanted, **more):
    with walk.scope():
        return basket.pay_together(
            wanted=wanted, **({"means": "card", "card_reference": "48151623"} | more),
            at=walk.at, by=AISHA,
        )  # fmt: skip


def books(walk):
    with walk.scope():
        return ledger.balances(centre=KHUWAIR)


def nothing_wrong():
    with acting(system_scope()):
        return (
            sql.rows("oversight/verify_ledger")[0]["findings"]
            + sql.rows("oversight/verify_receipts")[0]["findings"]
        )


@pytest.mark.django_db
def test_one_tender_gives_each_request_its_payment_and_its_receipt():
    walk, wanted = agreed(RENEW_CARD, RENEW_MEMBERSHIP)
    walk.drawer_opened()

    receipts = paid(walk, wanted, means="cash", card_reference="", tendered_baisa=40_000)

    with walk.scope():
        found = [queries.receipt(one) for one in receipts]
        assert [one.body["total_baisa"] for one in found] == [34_200, 3_150]
        assert {one.number for one in found} == {1, 2}
        assert sum(one.tendered_baisa for one in found) == 40_000
        assert ledger.drawer_balance(walk.made["drawer"]) == 20_000 + 37_350
        assert basket.of_visit(walk.made["visit"], at=walk.at).rows == ()
    assert books(walk)[Account.HELD_FOR_ENTITY] == -30_000
    assert nothing_wrong() == []


@pytest.mark.django_db
def test_a_shared_slip_stands_on_the_first_and_is_counted_on_the_others():
    walk, wanted = agreed(RENEW_MEMBERSHIP, RENEW_CARD, RENEW_MEMBERSHIP)

    paid(walk, wanted)

    with walk.scope():
        slips = set(Payment.objects.values_list("card_reference", flat=True))
    assert slips == {"48151623", "48151623-2", "48151623-3"}


@pytest.mark.django_db
def test_the_same_tender_again_is_the_same_receipts():
    walk, wanted = agreed(RENEW_CARD, RENEW_MEMBERSHIP)

    first, again = paid(walk, wanted), paid(walk, wanted)

    assert first == again
    with walk.scope():
        assert Receipt.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "change", "refusal"),
    [
        ({"means": "cash", "card_reference": "", "tendered_baisa": 37_349}, None, NotTheAmount),
        ({"card_reference": "not a slip"}, None, CardReferenceRefused),
        ({"card_reference": "1" * 17}, None, basket.ReferenceTooLong),
        ({}, lambda wanted: [], basket.BasketEmpty),
        ({}, lambda wanted: wanted * 26, basket.TooManyTogether),
    ],
    ids=["too little", "no slip", "long slip", "nothing", "too many"],
)
def test_a_refused_tender_moves_nothing(more, change, refusal):
    walk, wanted = agreed(RENEW_CARD, RENEW_MEMBERSHIP)
    walk.drawer_opened()
    before = books(walk)

    with pytest.raises(refusal) as caught:
        paid(walk, change(wanted) if change else wanted, **more)

    said(caught.value)
    assert books(walk) == before
    with walk.scope():
        assert not Payment.objects.exists()


@pytest.mark.django_db
def test_cash_without_a_drawer_moves_nothing():
    walk, wanted = agreed(RENEW_CARD, RENEW_MEMBERSHIP)

    with pytest.raises(NoOpenDrawer):
        paid(walk, wanted, means="cash", card_reference="")
    with walk.scope():
        assert not Payment.objects.exists()


@pytest.mark.django_db
def test_one_that_is_not_agreed_to_holds_all_of_them():
    walk, quotes = visit(RENEW_CARD, RENEW_MEMBERSHIP)
    with walk.scope():
        till.agree_quote(quote=quotes[0], at=walk.at, by=AISHA)

    with pytest.raises(QuoteNotAgreed):
        paid(walk, [Wanted(new_id(), quote) for quote in quotes])
    with walk.scope():
        assert not Payment.objects.exists()


@pytest.mark.django_db
def test_one_that_was_paid_alone_is_not_paid_again():
    walk, wanted = agreed(RENEW_CARD, RENEW_MEMBERSHIP)
    with walk.scope():
        till.pay(payment=new_id(), quote=wanted[0].quote, means="card", card_reference="5555",
                 at=walk.at, by=AISHA)  # fmt: skip

    with pytest.raises(PaidAlready):
        paid(walk, wanted)
    with walk.scope():
        assert Payment.objects.count() == 1
        assert len(basket.of_visit(walk.made["visit"], at=walk.at).rows) == 1


@pytest.mark.django_db
def test_an_earlier_tender_with_one_more_is_no_repeat():
    walk, wanted = agreed(RENEW_CARD, RENEW_MEMBERSHIP)
    paid(walk, wanted[:1])

    with pytest.raises(AnotherPayment):
        paid(walk, wanted)
    with walk.scope():
        assert Payment.objects.count() == 1


@pytest.mark.django_db
@given(services=st.lists(st.sampled_from([RENEW_CARD, RENEW_MEMBERSHIP]), min_size=1, max_size=4),
       over=st.integers(0, 20_000))  # fmt: skip
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_in_it_the_parts_are_the_whole(services, over):
    from django.db import transaction

    with transaction.atomic():
        walk, wanted = agreed(*services)
        walk.drawer_opened()
        total = sum(TOTALS[service] for service in services)

        receipts = paid(walk, wanted, means="cash", card_reference="", tendered_baisa=total + over)

        with walk.scope():
            views = [queries.receipt(one) for one in receipts]
            assert sum(one.body["total_baisa"] for one in views) == total
            assert sum(one.tendered_baisa for one in views) == total + over
            assert ledger.drawer_balance(walk.made["drawer"]) == 20_000 + total
            assert sum(ledger.balances(centre=KHUWAIR).values()) == 0
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "en"])
def test_on_screen_agreed_paid_and_printed_together(at_ten, language):
    walk, _ = visit(RENEW_CARD, RENEW_MEMBERSHIP)
    walk.drawer_opened()
    hands = signed_in(AISHA, language=language)
    page = reverse("desk_basket", args=[walk.made["visit"]])
    assert "37.350" in words_of(hands.get(page))

    client = hands.get(reverse("desk_basket_agree", args=[walk.made["visit"]]))
    quotes = re.findall(r'name="quote" value="([^"]+)"', client.content.decode())
    assert 'lang="ar"' in client.content.decode()
    hands.post(reverse("desk_basket_agree", args=[walk.made["visit"]]), {"quote": quotes})
    shown = hands.get(page).content.decode()
    form = {
        "quote": re.findall(r'name="quote" value="([^"]+)"', shown)[:2],
        "payment": re.findall(r'name="payment" value="([^"]+)"', shown)[:2], "means": "cash",
    }  # fmt: skip
    refused = hands.post(page, form | {"tendered": "20"})
    assert refused.status_code == 409
    assert all(f'value="{one}"' in refused.content.decode() for one in form["payment"])
    assert 'value="20"' in refused.content.decode()

    done = hands.post(page, form | {"tendered": "40"}, follow=True)
    assert "2.650" in words_of(done)
    paper = hands.post(reverse("desk_basket_paper", args=[walk.made["visit"]]), {"paper": "80mm"})
    assert paper["Content-Type"] == "application/pdf"
    with walk.scope():
        assert {one.printed for one in Receipt.objects.all()} == {1}
    assert nothing_wrong() == []
