"""Drawer, count, day close and today on screen: digits of any script, refusals beside the form."""

import pytest

from sanad.db.scope import acting, centre_scope
from sanad.eventlog.queries import events
from sanad.till import queries
from tests.network import AISHA, BADR, KHUWAIR, MARYAM, NOORA, SALIM, TEN, ZAHRA
from tests.walk import Walk
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


@pytest.fixture
def aisha():
    return signed_in(AISHA)


@pytest.fixture
def salim():
    return signed_in(SALIM)


def drawer_of(account):
    with acting(centre_scope(KHUWAIR, account=account)):
        return queries.open_drawer_of(account)


def count(client, drawer, **typed):
    return client.post(f"/centre/drawers/{drawer.id}/count/", typed)


def kinds():
    with acting(centre_scope(KHUWAIR)):
        return [event.kind for event in events(centre=KHUWAIR)]


@pytest.mark.parametrize("typed", ["20.5", "٢٠٫٥٠٠", "۲۰.۵"])
def test_a_drawer_is_opened_with_a_float_in_any_digits(aisha, typed):
    assert aisha.post("/centre/drawer/", {"float": typed}).status_code == 302
    assert drawer_of(AISHA).float_baisa == 20_500


@pytest.mark.parametrize("typed", ["", "-5", "4,5", "1.2345", "عشرون", "9" * 12])
def test_a_wrong_float_is_refused_and_stays_typed(aisha, typed):
    refused = aisha.post("/centre/drawer/", {"float": typed})

    assert refused.status_code == 422
    assert f'value="{typed}"' in refused.content.decode()
    assert 'class="field-error"' in refused.content.decode()
    assert drawer_of(AISHA) is None
    assert kinds() == []


def test_a_second_drawer_is_refused(aisha):
    aisha.post("/centre/drawer/", {"float": "20"})

    refused = aisha.post("/centre/drawer/", {"float": "30"})

    assert refused.status_code == 422
    assert "already have an open drawer" in refused.content.decode()
    assert drawer_of(AISHA).float_baisa == 20_000


def test_an_exact_count_needs_no_reason(aisha):
    Walk().completed().quoted().paid("cash")
    drawer = drawer_of(AISHA)

    assert count(aisha, drawer, total="٢٣٫١٥٠").status_code == 302

    assert drawer_of(AISHA) is None
    with acting(centre_scope(KHUWAIR)):
        [counted] = queries.day(KHUWAIR, at=TEN).drawers
    assert (counted.counted_baisa, counted.variance_baisa) == (23_150, 0)


def test_a_variance_needs_a_reason_and_nothing_typed_is_lost(aisha):
    Walk().completed().quoted().paid("cash")
    drawer = drawer_of(AISHA)
    typed = {"total": "23.000", "pieces-1000": "٢٣", "reason": ""}

    refused = count(aisha, drawer, **typed)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "The drawer differs from what was expected" in page
    assert "23.150" not in page
    assert 'value="23.000"' in page
    assert 'value="٢٣"' in page
    assert drawer_of(AISHA) is not None
    assert count(aisha, drawer, **typed | {"reason": "a coin was lost"}).status_code == 302
    with acting(centre_scope(KHUWAIR)):
        [counted] = queries.day(KHUWAIR, at=TEN).drawers
    assert (counted.variance_baisa, counted.variance_reason) == (-150, "a coin was lost")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "The total is missing"),
        ({"total": "x"}, "is not an amount"),
        ({"total": "5", "pieces-1000": "4"}, "The pieces come to OMR 4.000"),
        ({"total": "5", "pieces-500": "ten"}, "is not a number of notes or coins"),
        ({"total": "5", "pieces-500": "-1"}, "is not a number of notes or coins"),
        ({"total": "5", "pieces-500": "9" * 30}, "is not a number of notes or coins"),
    ],
)
def test_a_wrong_count_is_refused_beside_its_field(aisha, typed, words):
    aisha.post("/centre/drawer/", {"float": "20"})

    refused = count(aisha, drawer_of(AISHA), **typed)

    assert refused.status_code == 422
    assert words in words_of(refused)
    assert "drawer.counted" not in kinds()


def test_pieces_that_make_the_total_are_taken_with_it(aisha):
    aisha.post("/centre/drawer/", {"float": "20"})
    typed = {"pieces-10000": "1", "pieces-5000": "٢"}

    assert count(aisha, drawer_of(AISHA), **typed).status_code == 422
    assert count(aisha, drawer_of(AISHA), **typed, total="20").status_code == 302


def test_only_the_owner_counts_somebody_elses_drawer(aisha, salim):
    aisha.post("/centre/drawer/", {"float": "20"})
    drawer = drawer_of(AISHA)

    assert count(signed_in(BADR), drawer, total="20").status_code == 404
    assert count(signed_in(ZAHRA), drawer, total="20").status_code == 404
    assert drawer_of(AISHA) is not None
    assert count(salim, drawer, total="20").status_code == 302


def test_a_day_closes_when_every_drawer_is_counted_and_again_when_money_moved(aisha, salim):
    Walk().completed().quoted().paid("cash").finished_visit()
    refused = salim.post("/centre/day/")
    assert refused.status_code == 422
    assert "Drawers still open: 1" in words_of(refused)
    count(aisha, drawer_of(AISHA), total="23.150")

    assert salim.post("/centre/day/").status_code == 302
    again = salim.post("/centre/day/")
    assert again.status_code == 422
    assert "no money has moved since" in again.content.decode()
    Walk(client=NOORA).later(minutes=1).completed().quoted().paid()
    assert salim.post("/centre/day/").status_code == 302

    with acting(centre_scope(KHUWAIR)):
        first, second = queries.day(KHUWAIR, at=TEN).closes
    assert (first[2]["earned"], second[2]["earned"]) == (-3000, -6000)
    assert kinds().count("day.closed") == 2


@pytest.mark.parametrize(("language", "words"), [("ar", "متطابقان"), ("en", "agree to the baisa")])
def test_the_owners_today_shows_the_log_beside_the_ledger(language, words):
    Walk().completed().quoted().paid("cash").submitted().later(minutes=5)
    page = signed_in(SALIM, language=language).get("/centre/today/").content.decode()

    assert page.count("3.150") == 2
    assert words in page


def test_the_owners_alerts_name_what_waits(salim):
    Walk(client=MARYAM).answered("returned", fields=["employer_name"]).drawer_opened()

    page = words_of(salim.get("/centre/today/"))

    assert "1 request came back for correction" in page
    assert "1 drawer is open" in page


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("path", ["/centre/today/", "/centre/day/", "/centre/drawer/"])
def test_an_empty_day_is_said_in_words(language, path):
    assert signed_in(SALIM, language=language).get(path).status_code == 200
