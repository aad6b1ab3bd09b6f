"""A whole transaction by the pages an operator uses, every one of them fetched and read."""

import random
import re
from typing import Any

from benchmarks.load.client import Client

SERVICE = "occi-renew-membership"
ANSWERS = {
    "employer_cr_number": "1234567", "employer_name": "مؤسسة القياس", "membership_number": "4471",
    "membership_grade": "third", "membership_years": "one", "contact_phone": "92345678",
}  # fmt: skip
ARABIC, LATIN = "ابتجدرسصطعفقكلمنهوي", "abcdefghijklmnopqrstuvwxyz"


def somebody(chance: random.Random) -> dict[str, str]:
    """Somebody whom nobody resembles: a made-up number, phone and name."""
    number = f"{chance.randrange(10_000_000, 100_000_000)}"
    return {
        "key": number,
        "name_ar": " ".join("".join(chance.choices(ARABIC, k=6)) for _ in range(3)),
        "name_en": " ".join("".join(chance.choices(LATIN, k=6)).title() for _ in range(3)),
        "phone": f"9{number[1:]}",
        "language": "en",
    }


def full_journey(hands: Client, person: dict[str, str], slip: str) -> None:
    """Ticket, call, begin, person, mandate, documents, form, amounts, card, sending, finish."""
    ticket = hands.call("/api/counter/v1/tickets", {"service": SERVICE})["ticket"]
    hands.follow("/desk/next/")
    called = re.search(r"/desk/tickets/([0-9a-f-]{36})/start/", hands.page)
    assert called, f"nobody is called; {ticket} was given"
    hands.follow(f"/desk/tickets/{called[1]}/start/")
    visit = _one(r"/desk/visits/([0-9a-f-]{36})/", hands.page)
    at = f"/desk/visits/{visit}"
    hands.get(f"{at}/person/")
    hands.follow(f"{at}/person/", do="look-up", key_kind="civil", key=person["key"])
    hands.follow(f"{at}/person/", do="register", key_kind="civil", **person)
    case = _mandate(hands, f"{at}/mandate/{SERVICE}/", person)
    for code in sorted(set(re.findall(r'name="code" value="([^"]+)"', hands.page))):
        hands.follow(f"{case}documents/", code=code, do="seen")
    hands.follow(f"{case}complete/", **ANSWERS)
    hands.get(f"{case}agree/")
    hands.follow(f"{case}agree/", client_language="en")
    hands.follow(
        f"{case}pay/", means="card", card_reference=slip,
        payment=_one(r'name="payment" value="([^"]+)"', hands.page),
        quote=_one(r'name="quote" value="([^"]+)"', hands.page),
    )  # fmt: skip
    hands.follow(f"{case}submit/")
    assert 'data-status="queued"' in hands.page, "the request is on its way"
    hands.follow(f"{at}/finish/")


def _mandate(hands: Client, address: str, person: dict[str, str]) -> str:
    page = hands.get(address).decode()
    shown = {name: _one(rf'name="{name}" value="([^"]*)"', page) for name in ("words", "ends")}
    case, _ = hands.follow(
        address, **shown, typed_name=person["name_en"], card_seen="on", client_language="en"
    )
    return case


def _one(pattern: str, page: str) -> Any:
    found = re.search(pattern, page)
    assert found, f"{pattern} is not on the page"
    return found[1]
