"""Every named route, by every role that may open it, in both languages at both widths.

Each page is looked at by the scanner for bare numbers and for sideways scroll. For the first role
that opens it it is kept as a picture, and read by axe, which takes most of the time, once in each
language and once at each width. A new route is visited without being asked for; one that cannot be
says why in `UNSEEN`.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import numpy as np
import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from sanad.accounts.roles import Role
from sanad.beneficiaries import links, remote
from sanad.beneficiaries.rules import Terms
from sanad.cases import mine as own
from sanad.cases import queries as cases
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.counter import actions as counter
from sanad.counter import client_screen, offers, shift, transfers
from sanad.counter.rules import Group, Priority
from sanad.db.scope import (
    acting,
    centre_scope,
    entity_scope,
    national_scope,
    public_scope,
    system_scope,
)
from sanad.gateway import outages
from sanad.lab import basis, studies, uploads
from sanad.lab import snapshot as lab
from sanad.lab.twin.network.scenarios import scenario
from sanad.lib.bilingual import Text
from sanad.lib.business_day import business_date
from sanad.lib.ids import new_id
from sanad.oversight import actions as oversight
from sanad.till import actions as till
from sanad.till import cash, matching, provider, settlement, unsettled
from sanad.till.provider import Answer
from sanad.till.rules import Account
from tests.committed import as_owner_of_all
from tests.counter.line import call, does, issue, to_sohar
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_in_the_browser import sign_in
from tests.lab.roadmap_example import publish_example
from tests.lab.twin.network.small import small_model
from tests.network import (
    AISHA,
    BADR,
    CHAMBER,
    HEALTH,
    IBRAHIM,
    KHUWAIR,
    MUNA,
    NASSER,
    NOORA,
    RAHUL,
    RENEW_CARD,
    RENEW_MEMBERSHIP,
    SAID,
    SALIM,
    SOHAR,
    TEN,
    ZAHRA,
)
from tests.walk import WORK_PERMIT, Walk
from tests.web.browser import DESK, PHONE, OpenPage

USERS = {
    Role.OPERATOR: "aisha",
    Role.OWNER: "salim",
    Role.INSPECTOR: "khalid",
    Role.MINISTRY: "huda",
    Role.ENTITY_OFFICER: "muna",
    Role.ANALYST: "nasser",
    Role.ADMINISTRATOR: "yusuf",
}
# Routes that have no page of their own to look at, and why.
UNSEEN = {
    "account_logout": "the frame's own test looks at it: looking would end the session",
    "account_inactive": "shown by sign-in to somebody who was removed",
    "account_change_password": "the frame's own test looks at it",
    "account_login": "the frame's own test looks at it",
    "account_reauthenticate": "the frame's own test looks at it",
    "account_signup": "the frame's own test looks at it",
    "alive": "answers nothing",
    "client_screen_now": "answers nothing; the client's screen asks it",
    "desk_agreed": "answers nothing; the page of a request asks it",
    "desk_client_answer": "a part of the mandate, looked at on its journey",
    "desk_approval": "a part of the client's screen, looked at on it",
    "desk_file": "a file to save; the checklist's own test reads it",
    "desk_line": "a part of the desk, looked at on it",
    "desk_palette": "a part of every page of the desk, looked at in its own test",
    "desk_services": "a part of the desk, looked at on the walk",
    "lab_columns": "a file that its analyst has just brought; the uploads' own test looks at it",
    "lab_export": "a file to save; the study's own test reads it",
    "lab_portfolio_adopt": "answers a form only; the portfolio's own test sends it",
    "lab_roadmap_publish": "answers a form only; the roadmap's own test sends it",
    "lab_roadmap_take": "a file to save; the roadmap's own test reads each form",
    "roadmap_csv": "a file to save; the roadmap's own test reads it",
    "roadmap_schema": "for machines",
    "lab_study_take": "a file to save; the study's own test reads it",
    "lab_sustainability_csv": "a file to save; the page's own test reads it",
    "lab_upload_export": "a file to save; the study's own test reads it",
    "hall_board_now": "a part of the board, looked at on it",
    "healthz": "for machines",
    "invitation": "opened by a secret; the frame's own test looks at it",
    "roster_file": "a file to save; the roster's own test reads it",
    "quarter_report": "a PDF, looked at page by page in its own test",
    "language": "leads back to where one was",
    "network_figures_csv": "a file to save; the dashboard's own test reads it",
    "network_figures_schema": "for machines",
    "network_portals_csv": "a file to save; the register's own test reads it",
    "invest_csv": "a file to save; the investor's own test reads it",
    "invest_schema": "for machines",
    "lock": "leads to the unlock page",
    "unlock": "the frame's own test looks at it: it needs a locked screen",
    "readyz": "for machines",
    "seat": "leads back to where one was",
}

# What axe asks is the same in a language at another width, and at a width in another language.
READ_BY_AXE = {("ar", DESK), ("en", PHONE)}
# Names in an address that mean another thing there.
OTHERWISE: dict[str, dict[str, Any]] = {
    "desk_settle": {"verb": "ask"},
    "refund_decide": {"verb": "approve"},
    "own_price": {"service": "private-certified-translation"},
    "network_portal": {"entity": HEALTH},
    "service": {"code": RENEW_MEMBERSHIP},
    "quarter_submissions": {"day": "2025-09-30"},
}


def routes(patterns: Any = None) -> Iterator[URLPattern]:
    """The named routes of our screens; allauth's second-factor pages are the frame's own test."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver) and one.namespace is None:
            if not str(getattr(one.urlconf_name, "__name__", one.urlconf_name)).startswith(
                "allauth"
            ):
                yield from routes(one.url_patterns)
        elif isinstance(one, URLPattern) and one.name:
            yield one


@pytest.fixture
def made(committed: None) -> dict[str, Any]:
    """A centre at work: cases along their way, a visit, a line, receipts; ids by their URL name."""
    entity_has = Walk(client=NOORA).acknowledged().finished_visit()
    done = Walk(client=RAHUL).answered("approved").finished_visit()
    returned = Walk(client=SAID).answered("returned", fields=["membership_number"])
    returned.finished_visit()
    asked_back = Walk(client=RAHUL).paid().refund_asked().finished_visit()
    fee = Walk(client=SAID).answered("fee", government_baisa=12_500).finished_visit()
    further = Walk(client=NOORA, service=WORK_PERMIT).acknowledged().finished_visit()
    doubted = open_payment(Walk(client=SAID, operator=SALIM).quoted(), unsettled.pay_in_doubt)
    doubted.finished_visit()
    badrs = Walk(client=IBRAHIM, operator=BADR).quoted()
    open_payment(badrs, unsettled.start_link)
    with badrs.scope():
        said = Answer(provider.OPEN, "PAY-00000001", 3_150)
        unsettled.hear(payment=badrs.made["payment"], answer=said, at=TEN)
    Walk(client=NOORA, service=RENEW_CARD).bounced().finished_visit()
    mine_now = Walk().drawer_opened().completed()
    with acting(centre_scope(KHUWAIR)):
        for _ in range(3):
            ticket = counter.issue_ticket(
                centre=KHUWAIR, group=Group.BUSINESS, service_code=RENEW_MEMBERSHIP, at=TEN,
                by=None,
            )  # fmt: skip
        counter.issue_ticket(
            centre=KHUWAIR, group=Group.PEOPLE, service_code="", at=TEN, by=None,
            priority=Priority.ELDERLY,
        )  # fmt: skip
        code = cases.case(done.case, at=TEN).line.code
    with acting(system_scope()):
        oversight.refill_day(business_date(TEN), at=TEN)
    taken = lab.take(at=TEN)
    with mine_now.scope():
        asked = asked_on_phone(mine_now)
        till.make_quote(case=mine_now.case, at=TEN)
        screen = client_screen.open_screen(centre=KHUWAIR, phone=True, at=TEN, by=AISHA)
    return {
        **the_line_in_depth(), "account": BADR, "case": returned.case, "centre": KHUWAIR,
        "code": code,
        "delivery": entity_has.made["delivery"], "drawer_id": mine_now.made["drawer"],
        "more_cases": [mine_now.case, badrs.case, done.case, entity_has.case, asked_back.case,
                       fee.case, further.case, doubted.case],
        "payment": doubted.made["payment"], "refund": asked_back.made["refund"],
        "stage": "cancel", "otherwise": {"desk_pay_link": {"case": badrs.case},
                      "client_screen": {"secret": links.token_for("client", screen)},
                      **on_roadmap()},
        "secret": links.token_for("approve", asked), "merge": UUID(int=1),
        "other": returned.made["person"],
        "token": opened_page(code),
        "number": KHUWAIR, "outage": announced(), "quarter": "2025Q3",
        "person": mine_now.made["person"], "receipt": done.made["receipt"],
        "request_id": entity_has.made["delivery"], "service": RENEW_MEMBERSHIP, "ticket": ticket,
        "taken": taken.id, "study": studied(), "upload": brought(), "ticket_id": ticket,
        "portfolio": publish_example(),
        "day": "2026-01-01", "verb": "start",
        "visit": mine_now.made["visit"], "wilayat": 4, "governorate": 1, **books(mine_now),
    }  # fmt: skip


def on_roadmap() -> dict[str, dict[str, str]]:
    """The initiative of the example that its pages show, and one that may still be changed."""
    return {
        **{f"lab_initiative{page}": {"code": "one-file"} for page in ("", "_step", "_milestone")},
        "lab_initiative_change": {"code": "new-halls"}, "lab_roadmap_move": {"code": "one-file"},
    }  # fmt: skip


def studied() -> UUID:
    """A study with one scenario of three changes, lived twice."""
    # Three centres: the whole network's table of wilayats is long and says nothing new to axe.
    here = small_model(wilayat=np.array([4, 4, 12]), governorate=np.array([1, 1, 2]))
    with mock.patch.object(basis, "model_of", return_value=here), acting(national_scope()):
        study = studies.ask(
            title="Appointments 2025", basis_={"kind": "calibration", "calibration": "portal",
                                               "quarter": "2025Q3"},
            scenarios=[scenario("simpler"), scenario("growth")], replications=2, seed=1, at=TEN,
            by=NASSER,
        )  # fmt: skip
    with mock.patch.object(basis, "model_of", return_value=here):
        studies.run(study, now=lambda: TEN)
    return study


def brought() -> str:
    """A log of another system, with names in both scripts and numbers in them."""
    steps = ["تسجيل 1", "Check 2 of 3", "قرار"]
    lines = [
        f"c{case},{step},2025-09-{case + place:02}T08:00:00,user {place},قسم {place},{case % 2}"
        for case in range(1, 9)
        for place, step in enumerate(steps[: 2 + case % 2], 1)
    ]
    content = "\n".join(["case,activity,time,user,department,kind", *lines]).encode()
    draft = uploads.receive(
        name="log.csv", title="Permits 2025", content=[content], at=TEN, by=NASSER
    )
    assert isinstance(draft, uploads.Draft)
    return uploads.keep(draft=draft, chosen=draft.guessed, at=TEN).id


def books(mine: Walk) -> dict[str, Any]:
    """Fees of two weeks, the older handed over; cash moved; a bank's file that does not match."""
    earlier = Walk(service=RENEW_CARD, client=RAHUL, operator=SALIM, at=TEN - timedelta(days=9))
    earlier.paid().submitted().finished_visit()
    with acting(centre_scope(KHUWAIR, account=SALIM)):
        held = settlement.statement(centre=KHUWAIR, until=business_date(earlier.at))
        settlement.settle(
            centre=KHUWAIR, entity=HEALTH, until=business_date(earlier.at),
            paid_from=Account.BANK, reference="TRF-2025-0917", shown_baisa=held[0].baisa,
            at=TEN, by=SALIM,
        )  # fmt: skip
        move = cash.move_cash(
            drawer=mine.made["drawer"], kind="cash_in", baisa=5_000, reason="فكّة للزبائن",
            at=TEN, by=AISHA,
        )  # fmt: skip
        matching.take_in(
            centre=KHUWAIR, entity=None, file_name="bank-september.csv", at=TEN, by=SALIM,
            content=b"reference,amount,date\n48151623,34.200,2025-09-30\n77,3.000,2025-08-01\n",
        )  # fmt: skip
        line = matching.unmatched(centre=KHUWAIR)[0].line
    later = Walk(service=RENEW_CARD, client=RAHUL, operator=SALIM, at=TEN - timedelta(days=2))
    later.paid().submitted().finished_visit()
    return {"entity": "moh", "move": move, "line": line}


def the_line_in_depth() -> dict[str, Any]:
    """An offer to Khuwair and one of its own, a ticket for Badr, one on hold, a note."""
    into = does(offers.make_offer, issue(centre=SOHAR), by=ZAHRA, centre=SOHAR, to_centre=KHUWAIR,
                note="الطابعة معطلة", service_code=RENEW_MEMBERSHIP)  # fmt: skip
    to_sohar(issue("C"))
    does(transfers.to_colleague, issue("C"), account=BADR, note="يعود بجواز السفر")
    held = call(SALIM, at=TEN)
    does(counter.hold, held, by=SALIM, reason="ذهب ليصوّر 2 من الأوراق",
         call_back_at=TEN + timedelta(minutes=10))  # fmt: skip
    with acting(centre_scope(KHUWAIR)):
        note = shift.write_note(
            centre=KHUWAIR, text="طابعة المنضدة 2 بلا حبر، والفني يأتي في 11:00", at=TEN, by=BADR
        )
    return {"offer": into, "note": note, "answer": "accept"}


def open_payment(walk: Walk, begin: Any) -> Walk:
    """A payment that is not settled: a link, or a card whose terminal gave no answer."""
    walk.made["payment"] = new_id()
    with walk.scope():
        begin(payment=walk.made["payment"], quote=walk.made["quote"], at=TEN, by=walk.operator)
    return walk


def asked_on_phone(walk: Walk) -> UUID:
    """The walk's person is asked on their own phone, in a scope that is open already."""
    service = catalogue.service(RENEW_MEMBERSHIP, business_date(TEN))
    terms = Terms(
        centre=centres.centre(KHUWAIR).name, service=service.name, entity=service.entity.name,
        ceiling_baisa=30_000, fee_is_open=False, until="2025-10-01 10:00",
    )  # fmt: skip
    return remote.ask_by_phone(
        person=walk.made["person"], service_id=service.id, service_code=service.code,
        centre=KHUWAIR, terms=terms, until=TEN + timedelta(days=1), at=TEN, by=walk.operator,
    )  # fmt: skip


def opened_page(code: str) -> str:
    """The token of the page that was sent to the phone of a request's person."""
    with acting(public_scope()):
        own.send_page(code=code, at=TEN)
    with as_owner_of_all() as cursor:
        cursor.execute("SELECT id FROM beneficiaries_personpage")
        return links.token_for("page", cursor.fetchone()[0])


def announced() -> int:
    """An outage that the Chamber announced for tomorrow; another, which its portal is in now."""
    with acting(entity_scope(CHAMBER, account=MUNA)):
        found = [
            outages.announce(
                entity=CHAMBER, start=TEN + timedelta(hours=after), at=TEN, by=MUNA,
                end=TEN + timedelta(hours=after + 3), note=Text("صيانة البوابة", "Upkeep"),
            )
            for after in (0, 24)
        ]  # fmt: skip
    return found[1]


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_screen_reads_right(
    served: str, made: dict[str, Any], open_page: OpenPage, language: str, size: tuple[int, int]
) -> None:
    wrong: list[str] = []
    forms_only: set[str] = set()
    seen: set[str] = set()
    for role in (None, *USERS):
        page = open_page(language, size)
        hands = Keyboard(page, f"screens-{language}-{size[0]}/{role or 'anybody'}")
        if role:
            sign_in(hands, served, USERS[role])
        for name, address in addresses(role, made):
            if name in forms_only:
                continue
            answer = page.goto(served + address)
            assert answer is not None
            if answer.status == 405:
                forms_only.add(name)
                if len(forms_only) > 1:
                    continue  # it only takes a form and says so, on a page that was looked at
            if answer.status not in (200, 405) or "/unlock/" in page.url:
                wrong.append(f"{role} {name}: {answer.status}")
            found = hands.misread()
            if name not in seen:
                hands.picture(name)
                found += hands.inaccessible() if (language, size) in READ_BY_AXE else []
            seen.add(name)
            wrong += [f"{role} {name}: {fault}" for fault in found]
    assert wrong == [], "\n".join(wrong)


def test_every_route_is_looked_at_or_says_why_not(made: dict[str, Any]) -> None:
    looked_at = {name for role in (None, *USERS) for name, _ in addresses(role, made)}
    named = {route.name for route in routes()}
    assert looked_at | UNSEEN.keys() >= named, sorted(named - looked_at - UNSEEN.keys())
    assert not UNSEEN.keys() - named, "UNSEEN names routes that are gone"


def addresses(role: Role | None, made: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The addresses that a role may open; a case is opened in each of its states."""
    # The hall's screens come last: opening one locks the session behind it.
    for route in sorted(routes(), key=lambda route: str(route.name).startswith("hall")):
        guarded = getattr(route.callback, "roles", None)
        if guarded is None or route.name in UNSEEN:
            continue
        if (role is None) != (not guarded) or (role and role not in guarded):
            continue
        # The ministry reads the Lab's pages as its analysts do, with the same eyes and words.
        if role == Role.MINISTRY and str(route.name).startswith("lab_"):
            continue
        needed = route.pattern.converters
        found = made | OTHERWISE.get(str(route.name), {})
        found |= made["otherwise"].get(str(route.name), {})
        missing = needed.keys() - found.keys()
        assert not missing, f"{route.name} needs {missing}"
        yield str(route.name), reverse(str(route.name), kwargs={k: found[k] for k in needed})
        if route.name == "desk_case":
            for number, case in enumerate(made["more_cases"]):
                yield f"{route.name}-{number}", reverse("desk_case", args=[case])
