"""The client's own screen: what it shows, whose words count, and what it never lets through."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from sanad.accounts import actions as accounts
from sanad.accounts.roles import Role
from sanad.beneficiaries.models import Mandate
from sanad.cases import queries as cases
from sanad.counter import actions as counter
from sanad.counter import client_screen
from sanad.counter.models import ClientScreen
from sanad.db.scope import acting, centre_scope
from sanad.till import actions as till
from sanad.till import queries as till_queries
from tests.desk.pages import require_said
from tests.network import AISHA, BADR, KHUWAIR, MARYAM, RENEW_MEMBERSHIP, SALIM, SOHAR, TEN, ZAHRA
from tests.walk import Walk
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DRAWN = "10,10 20,30 40,50 60,20 80,90;15,40 50,42 90,40 99,41"


def opened(*, phone: bool = False, by: UUID = AISHA, centre: int = KHUWAIR) -> str:
    """The address of a screen that was opened at a counter."""
    with acting(centre_scope(centre, account=by)):
        return client_screen.link_of(
            client_screen.open_screen(centre=centre, phone=phone, at=TEN, by=by)
        )


def client(language: str = "en") -> Client:
    return Client(headers={"accept-language": language})


def hidden(page: Any, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page.content.decode())


def mandate_page(walk: Walk) -> tuple[Client, str]:
    """Aisha with the mandate of a service before her."""
    operator = signed_in(AISHA)
    address = reverse("desk_mandate", args=[walk.made["visit"], RENEW_MEMBERSHIP])
    assert operator.get(address).status_code == 200
    return operator, address


def visit_state(walk: Walk) -> tuple[int, int]:
    with walk.scope():
        return Mandate.objects.count(), len(cases.visit(walk.made["visit"]).cases)


def test_it_greets_while_nobody_sits_there() -> None:
    page = client("ar").get(opened())
    assert 'lang="ar"' in page.content.decode()
    assert "أهلًا وسهلًا" in words_of(page)
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["", MARYAM.name.ar, MARYAM.name.en])
def test_signed_there_and_the_card_seen_here_opens_the_request(name: str) -> None:
    walk = Walk().person_seated()
    link = opened()
    operator, address = mandate_page(walk)
    shown = client().get(link)
    assert "Please read" in words_of(shown) or "اقرأ" in words_of(shown)
    waits = operator.get(reverse("desk_client_answer"), {"client_language": "en"})
    assert "signed-on-screen" not in waits.content.decode()
    (words,) = hidden(shown, "words")
    answer = client().post(
        link,
        {"do": "sign", "words": words, "typed_name": name, "signature": "" if name else DRAWN},
    )
    assert (answer.status_code, answer.url) == (302, link)
    assert visit_state(walk) == (0, 0), "the person's word alone opens nothing"
    waits = operator.get(reverse("desk_client_answer"), {"client_language": "en"})
    assert "signed-on-screen" in waits.content.decode()
    unseen = operator.post(address, {"do": "signed-on-screen"})
    assert unseen.status_code == 409
    assert visit_state(walk) == (0, 0), "without the card nothing opens"
    done = operator.post(address, {"do": "signed-on-screen", "card_seen": "on"})
    assert done.status_code == 302
    with walk.scope():
        mandate = Mandate.objects.get()
        assert mandate.method == ("card_and_typed_name" if name else "card_and_signature")
        assert len(cases.visit(walk.made["visit"]).cases) == 1
    again = operator.post(address, {"do": "signed-on-screen", "card_seen": "on"})
    require_said(again, client_screen.NotSigned, again_language(again))
    assert visit_state(walk) == (1, 1), "one signature is one mandate"


def again_language(answer: Any) -> str:
    return "ar" if '<html lang="ar"' in answer.content.decode() else "en"


@pytest.mark.parametrize(
    "typed",
    [
        {"signature": ""},
        {"signature": "1,1"},
        {"typed_name": "Somebody Else"},
        {"signature": DRAWN, "words": "00"},
    ],
)
def test_no_mark_another_name_or_other_words_sign_nothing(typed: dict[str, str]) -> None:
    walk = Walk().person_seated()
    link = opened()
    operator, address = mandate_page(walk)
    (words,) = hidden(client().get(link), "words")
    refused = client().post(link, {"do": "sign", "words": words, **typed})
    assert refused.status_code == 409
    if "typed_name" in typed:
        assert typed["typed_name"] in refused.content.decode()
    assert operator.post(
        address, {"do": "signed-on-screen", "card_seen": "on"}
    ).status_code == 409  # fmt: skip
    assert visit_state(walk) == (0, 0)


def test_declined_is_said_and_can_still_be_signed() -> None:
    walk = Walk().person_seated()
    link = opened()
    operator, address = mandate_page(walk)
    assert client().post(link, {"do": "decline"}).status_code == 302
    waits = operator.get(reverse("desk_client_answer"), {"client_language": "en"})
    assert "Does not agree" in words_of(waits)
    assert operator.post(
        address, {"do": "signed-on-screen", "card_seen": "on"}
    ).status_code == 409  # fmt: skip
    (words,) = hidden(client().get(link), "words")
    assert (
        client().post(link, {"do": "sign", "words": words, "signature": DRAWN}).status_code == 302
    )
    assert "signed-on-screen" in operator.get(reverse("desk_client_answer")).content.decode()


def test_the_language_touched_there_is_the_language_signed() -> None:
    walk = Walk().person_seated()
    link = opened()
    operator, address = mandate_page(walk)
    assert client().post(link, {"client_language": "en"}).status_code == 302
    page = client("ar").get(link)
    assert '<html lang="en"' in page.content.decode()
    (words,) = hidden(page, "words")
    client().post(link, {"do": "sign", "words": words, "signature": DRAWN})
    client().post(link, {"client_language": "ar"})
    assert visit_state(walk) == (0, 0)
    assert operator.post(
        address, {"do": "signed-on-screen", "card_seen": "on"}
    ).status_code == 409, "other words are before the person now"  # fmt: skip
    (words,) = hidden(client().get(link), "words")
    client().post(link, {"do": "sign", "words": words, "signature": DRAWN})
    operator.post(address, {"do": "signed-on-screen", "card_seen": "on"})
    with walk.scope():
        assert Mandate.objects.get().language == "ar"


def test_the_amounts_are_agreed_to_there() -> None:
    walk = Walk().completed()
    with walk.scope():
        quote = till.make_quote(case=walk.case, at=TEN)
    link = opened(phone=True)
    operator = signed_in(AISHA)
    asks = reverse("desk_agreed", args=[walk.case])
    assert "HX-Refresh" not in operator.get(asks).headers
    page = client("ar").get(link)
    assert hidden(page, "quote") == [str(quote)]
    assert client().post(link, {"do": "agree", "quote": str(quote)}).status_code == 302
    with walk.scope():
        found = till_queries.live_quote(walk.case, at=TEN)
    assert found is not None and found.agreed_at
    assert operator.get(asks).headers["HX-Refresh"] == "true"
    assert hidden(client().get(link), "quote") == []


def test_a_quote_of_somebody_else_is_not_agreed_to_there() -> None:
    theirs = Walk(centre=SOHAR, operator=ZAHRA).completed()
    with theirs.scope():
        quote = till.make_quote(case=theirs.case, at=TEN)
    Walk().completed()
    link = opened()
    assert client().post(link, {"do": "agree", "quote": str(quote)}).status_code == 409
    with theirs.scope():
        found = till_queries.live_quote(theirs.case, at=TEN)
    assert found is not None and not found.agreed_at


def test_it_asks_whether_it_shows_something_else() -> None:
    walk = Walk().person_seated()
    link = opened()
    page = client().get(link)
    (address,) = re.findall(r'hx-get="([^"]*/now/[^"]*)"', page.content.decode())
    assert "HX-Redirect" not in client().get(address).headers
    mandate_page(walk)
    assert client().get(address).headers["HX-Redirect"] == link


def test_the_next_visit_finds_nothing_of_the_last() -> None:
    walk = Walk().person_seated()
    window, phone = opened(), ""
    operator, _ = mandate_page(walk)
    (words,) = hidden(client().get(window), "words")
    client().post(window, {"do": "sign", "words": words, "signature": DRAWN})
    walk.finished_visit()
    page = client().get(window)
    assert MARYAM.name.en not in words_of(page) and MARYAM.name.ar not in words_of(page)
    with walk.scope():
        row = ClientScreen.objects.get()
    assert (row.asked, row.answer, row.mark) == (None, "", None)
    Walk().person_seated()
    phone = opened(phone=True)
    assert client().get(window).status_code == 404, "a new screen ends the one before"
    assert client().get(phone).status_code == 200
    with walk.scope():
        visit = cases.open_visit_of(AISHA)
        assert visit is not None
        counter.finish(visit=visit.id, at=TEN, by=AISHA)
    over = client("ar").get(phone)
    assert over.status_code == 404
    assert "شكرًا لزيارتك" in words_of(over)
    assert operator.get(reverse("desk")).status_code == 200


def test_a_link_is_over_with_its_time_its_closing_and_its_operator() -> None:
    link = opened()
    assert client().get(f"{link[:-3]}xx/").status_code == 404
    with acting(centre_scope(KHUWAIR, account=AISHA)):
        ClientScreen.objects.update(ends_at=TEN - timedelta(minutes=1))
    assert client().get(link).status_code == 404
    link = opened(by=BADR)
    assert client().get(link).status_code == 200
    with acting(centre_scope(KHUWAIR, account=SALIM)):
        accounts.remove(account=BADR, centre=KHUWAIR, remover_role=Role.OWNER, at=TEN, by=SALIM)
    assert client().get(link).status_code == 404, "whoever left the centre shows nothing"
    link = opened()
    signed_in(AISHA).post(reverse("desk_client"), {"do": "close"})
    assert client().get(link).status_code == 404


def test_a_phone_needs_somebody_at_the_counter() -> None:
    for language in ("ar", "en"):
        refused = signed_in(AISHA, language=language).post(reverse("desk_client"), {"do": "phone"})
        require_said(refused, client_screen.NobodyToShow, language)
    with acting(centre_scope(KHUWAIR, account=AISHA)):
        assert not ClientScreen.objects.exists()


def test_leaving_the_mandate_takes_it_off_the_screen() -> None:
    walk = Walk().person_seated()
    link = opened()
    operator, _ = mandate_page(walk)
    (words,) = hidden(client().get(link), "words")
    operator.get(reverse("desk"))
    late = client().post(link, {"do": "sign", "words": words, "signature": DRAWN})
    assert late.status_code == 409
    assert hidden(client().get(link), "words") == []
    with walk.scope():
        assert ClientScreen.objects.get().answer == ""


def test_a_screen_that_nobody_looks_at_is_said_to_be_dark() -> None:
    walk = Walk().person_seated()
    link = opened()
    operator, _ = mandate_page(walk)
    address = reverse("desk_client_answer")
    dark = "The client's screen does not answer"
    query = {"client_language": "en"}
    assert dark in words_of(operator.get(address, query)).replace("&#x27;", "'")
    client().get(f"{link}now/", {"seen": ""}, headers={"hx-request": "true"})
    assert dark not in words_of(operator.get(address, query)).replace("&#x27;", "'")
