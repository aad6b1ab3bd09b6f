"""The money of some days: quotes, payments, receipts, postings; drawers and closes of all."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sanad.eventlog.load import Happened
from sanad.lab.history.parts import event, of
from sanad.lab.history.requests import GIVEN_UP, Asked
from sanad.lab.history.story import OWN_PRICES_FROM, Story
from sanad.lib.columns import Bytes, Ints, chosen, ids_or_null, joined, no_ids, repeated, uuid_text
from sanad.till import load as till
from sanad.till.rules import Account

CARD_FROM = 100_000_000_000
REFUND_FROM = 300_000_000_000
SHORT_REASON = "فرق في العد"


def write_money(a: Asked) -> list[Happened]:
    """Quotes, payments, receipts and postings of the requests of `a`."""
    story, c, m = a.story, a.story.cases.take(a.rows), a.story.money
    rows = a.rows
    drawer = story.drawers.of_visit[c.visit]

    def ids(purpose: str) -> Bytes:
        return story.ids(purpose, story.cases.paid)[rows]

    stages = [s.stage for s in story.described.services]
    sales = till.Sales(
        case=a.ids, code=story.codes.take(pa.array(rows)), centre=a.centre,
        stage=chosen(stages, c.service), quote=ids("quote"), line=ids("quote line"),
        payment=ids("payment"), receipt=ids("receipt"), number=story.numbers[rows],
        drawer=story.drawers.ids[drawer], fee_line=m.fee_line[rows], own_price=m.own_price[rows],
        cap_baisa=m.cap[rows], centre_baisa=m.centre[rows], government_baisa=m.government[rows],
        vat_baisa=m.vat[rows], is_cash=c.cash, tendered_baisa=m.tendered[rows],
        reference=_references(c.cash, rows), made=c.completed, agreed=c.agreed, paid=c.paid,
        refunded=c.cancelled,
    )  # fmt: skip
    till.load_quotes(sales)
    till.load_payments(sales)
    till.load_receipts(sales)
    _write_refunds(a, sales)
    _write_transfers(a, sales)
    return _events(a, sales)


def write_drawers(story: Story) -> list[Happened]:
    """Drawers with their floats and counts, the closes of days, and the series of receipts."""
    d, days = story.drawers, story.described.world.days
    places = np.array([c.id for c in story.described.centres])
    centre, operator = places[d.centre], story.accounts[d.operator]
    done, opening = d.counted >= 0, _float(story)
    found = counts(story)
    expected, counted, variance = found.expected, found.counted, found.counted - found.expected
    till.load_drawers(
        till.Drawers(
            id=d.ids, centre=centre, operator=operator, date=days[d.day], opened=d.opened,
            float_baisa=np.full(len(centre), opening), counted=d.counted, counted_baisa=counted,
            expected_baisa=expected,
            reason=chosen(["", SHORT_REASON], ((variance != 0) & done).astype(np.int64)),
        )
    )  # fmt: skip
    everybody = np.ones(len(centre), dtype=bool)
    over, short = done & (variance > 0), done & (variance < 0)
    moves: list[tuple[str, Account, Account, np.ndarray, Ints, Ints]] = [
        ("float", Account.DRAWER, Account.SAFE, everybody, expected * 0 + opening, d.opened),
        ("variance", Account.DRAWER, Account.VARIANCE, over, variance, d.counted),
        ("variance", Account.VARIANCE, Account.DRAWER, short, -variance, d.counted),
        ("to_safe", Account.SAFE, Account.DRAWER, done & (counted > 0), counted, d.counted),
    ]
    for number, (kind, debit, credit, which, baisa, at) in enumerate(moves):
        w = np.flatnonzero(which)
        till.load_transfers(_plain(
            story, f"drawer move {number}", w, centre, kind, debit, credit, baisa, at, d.ids
        ))  # fmt: skip
    _write_closes(story, variance * done, counted * done, opening)
    last = np.zeros(len(places), dtype=np.int64)
    np.maximum.at(last, story.centre_of_case, story.numbers)
    till.load_series(centre=places, last_number=last)
    drawer = uuid_text(d.ids)
    by = ids_or_null(operator)
    return [
        event("drawer.opened", d.opened, centre, actor=by, order=0, payload=joined(
            '{"drawer": "', drawer, '", "float_baisa": ', expected * 0 + opening, "}")),
        of(np.flatnonzero(done), event("drawer.counted", d.counted, centre, actor=by, order=45,
            payload=joined('{"drawer": "', drawer, '", "expected_baisa": ', expected,
                           ', "counted_baisa": ', counted, "}"))),
        _close_events(story),
    ]  # fmt: skip


def write_own_prices(story: Story) -> None:
    """What the centres charge for services beyond the official list."""
    pair, services = story.own_prices, story.described.services
    places = np.array([c.id for c in story.described.centres])
    centre = pair // len(services)
    first = story.described.world.operators[centre, 0]
    till.load_own_prices(
        centre=places[centre],
        service=np.array([s.id for s in services])[pair % len(services)],
        baisa=story.own_price_baisa, since=OWN_PRICES_FROM,
        at=np.full(len(pair), int(story.described.world.now) - 270 * 86_400),
        by=story.accounts[first],
    )  # fmt: skip


def _references(cash: np.ndarray, rows: Ints) -> pa.Array:
    numbers = joined(CARD_FROM + rows)
    return pc.if_else(pa.array(cash), "", numbers)


def _write_transfers(a: Asked, s: till.Sales) -> None:
    """What came in by whose it is, and the same back where it was given back."""
    into = [Account.CARD_CLEARING.value, Account.DRAWER.value]
    cash = s.is_cash.astype(np.int64)
    for kind, account, baisa in (
        ("centre_charge", Account.EARNED, s.centre_baisa), ("vat", Account.VAT_DUE, s.vat_baisa),
        ("government", Account.HELD_FOR_ENTITY, s.government_baisa),
    ):  # fmt: skip
        charged = kind == "centre_charge"
        for back in (False, True):
            which = np.flatnonzero((baisa > 0) & ((s.refunded >= 0) if back else True))
            if not len(which):
                continue
            taken = pa.array(which)
            none = np.zeros(len(which), dtype=np.int64)
            ids = a.story.ids(f"transfer {kind}", a.story.cases.paid)[a.rows[which]]
            mine = a.story.ids(f"refund {kind}", a.story.cases.paid)[a.rows[which]]
            money, other = chosen(into, cash[which]), repeated(account.value, len(which))
            priced = charged and not back
            till.load_transfers(
                till.Transfers(
                    id=mine if back else ids, centre=s.centre[which],
                    debit=other if back else money, credit=money if back else other,
                    baisa=baisa[which], kind=repeated("refund" if back else kind, len(which)),
                    at=s.refunded[which] if back else s.paid[which],
                    payment=ids_or_null(s.payment[which]),
                    drawer=ids_or_null(s.drawer[which], s.is_cash[which]),
                    case=ids_or_null(s.case[which]),
                    stage=s.stage.take(taken) if charged else repeated("", len(which)),
                    fee_line=s.fee_line[which] if priced else none,
                    own_price=s.own_price[which] if priced else none,
                    cap_baisa=s.cap_baisa[which] if priced else none,
                    reverses=ids_or_null(ids) if back else no_ids(len(which)),
                )
            )  # fmt: skip


def _refund_ids(a: Asked) -> Bytes:
    return a.story.ids("refund", a.story.cases.paid)[a.rows]


def _approvers(a: Asked) -> Bytes:
    """Who approves that a payment goes back."""
    return a.story.approvers[a.rows]


def _write_refunds(a: Asked, s: till.Sales) -> None:
    """Each asked for by whoever served and approved at once, out of the same drawer."""
    back = np.flatnonzero(s.refunded >= 0)
    till.load_refunds(
        till.Refunds(
            id=_refund_ids(a)[back], payment=s.payment[back], case=s.case[back],
            centre=s.centre[back], reason=GIVEN_UP, asked=s.refunded[back],
            asked_by=a.story.accounts[a.operator[back]], decided=s.refunded[back],
            decided_by=_approvers(a)[back], drawer=ids_or_null(s.drawer[back], s.is_cash[back]),
            reference=refund_references(s.is_cash[back], a.rows[back]),
        )
    )  # fmt: skip


def refund_references(cash: np.ndarray, rows: Ints) -> pa.Array:
    """What the terminal prints of a card's refund; empty for cash."""
    return pc.if_else(pa.array(cash), "", joined(REFUND_FROM + rows))


def _events(a: Asked, s: till.Sales) -> list[Happened]:
    story, count = a.story, len(a.rows)
    visit = ids_or_null(story.visit_ids[story.cases.visit[a.rows]])
    common: dict[str, Any] = {
        "actor": ids_or_null(story.accounts[a.operator]), "visit": visit,
        "case": ids_or_null(s.case),
    }  # fmt: skip
    total = s.total_baisa
    means = chosen(till.MEANS, s.is_cash.astype(np.int64))
    payment, receipt = uuid_text(s.payment), uuid_text(s.receipt)
    drawer = pc.if_else(pa.array(s.is_cash), joined('"', uuid_text(s.drawer), '"'), "null")
    government = pc.if_else(pa.array(s.government_baisa < 0), "null", joined(s.government_baisa))
    back = np.flatnonzero(s.refunded >= 0)
    refund = uuid_text(_refund_ids(a))
    second = common | {"actor": ids_or_null(_approvers(a))}

    def seq(number: int) -> Ints:
        return np.full(count, number)

    return [
        event("quote.agreed", s.agreed, s.centre, seq=seq(3), order=7, **common, payload=joined(
            '{"quote": "', uuid_text(s.quote), '", "stage": "', s.stage, '", "centre_baisa": ',
            s.centre_baisa, ', "government_baisa": ', government, ', "vat_baisa": ', s.vat_baisa,
            "}")),
        event("payment.confirmed", s.paid, s.centre, seq=seq(4), order=8, **common,
              payload=joined('{"payment": "', payment, '", "means": "', means, '", "baisa": ',
                             total, ', "drawer": ', drawer, "}")),
        event("receipt.issued", s.paid, s.centre, seq=seq(5), order=9, **common, payload=joined(
            '{"receipt": "', receipt, '", "number": ', s.number, ', "baisa": ', total, "}")),
        of(back, event("refund.asked", s.refunded, s.centre, seq=seq(6), order=10, **common,
                       payload=joined('{"refund": "', refund, '", "payment": "', payment,
                                      '", "baisa": ', total, "}"))),
        of(back, event("refund.approved", s.refunded, s.centre, seq=seq(7), order=11, **second,
                       payload=joined('{"refund": "', refund, '", "payment": "', payment,
                                      '"}'))),
        of(back, event("payment.refunded", s.refunded, s.centre, seq=seq(8), order=13, **second,
                       payload=joined('{"payment": "', payment, '", "means": "', means,
                                      '", "baisa": ', total, "}"))),
        of(back, event("receipt.voided", s.refunded, s.centre, seq=seq(9), order=14, **second,
                       payload=joined('{"receipt": "', receipt, '", "number": ', s.number,
                                      "}"))),
    ]  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """What should lie in each drawer at its count, and what was found, in baisa."""

    expected: Ints
    counted: Ints


def counts(story: Story) -> Counts:
    """Some drawers are short of half a rial, and as many have 100 baisa too many."""
    expected = _float(story) + _cash(story)
    drawn = story.streams.fractions("variance", len(expected))
    share = story.described.world.assumed["drawer_variance_share"]
    differs = (drawn < share) & (expected >= 1000)
    return Counts(expected, expected + np.where(differs, np.where(drawn < share / 2, -500, 100), 0))


def _float(story: Story) -> int:
    return int(story.described.world.assumed["drawer_float_baisa"])


def _cash(story: Story) -> Ints:
    """Cash taken less cash given back, by drawer."""
    c = story.cases
    counts = c.cash & (c.cancelled < 0)
    drawer = story.drawers.of_visit[c.visit[counts]]
    found = np.bincount(drawer, weights=story.money.total[counts], minlength=len(story.drawers.ids))
    return found.astype(np.int64)


def _plain(
    story: Story, purpose: str, rows: Ints, centre: Ints, kind: str, debit: Account,
    credit: Account, baisa: Ints, at: Ints, drawer: Bytes,
) -> till.Transfers:  # fmt: skip
    none, count = np.zeros(len(rows), dtype=np.int64), len(rows)
    return till.Transfers(
        id=story.ids(purpose, story.drawers.opened)[rows], centre=centre[rows],
        debit=repeated(debit.value, count), credit=repeated(credit.value, count),
        baisa=baisa[rows], kind=repeated(kind, count), at=at[rows], payment=no_ids(count),
        drawer=ids_or_null(drawer[rows]), case=no_ids(count), stage=repeated("", count),
        fee_line=none, own_price=none, cap_baisa=none, reverses=no_ids(count),
    )  # fmt: skip


def centre_days(story: Story) -> tuple[Ints, Ints, Ints, Ints]:
    """(key of centre and day, drawer's place among them, moment of closing, who closes)."""
    d = story.drawers
    done = np.flatnonzero(d.counted >= 0)
    key = d.centre[done] * 1000 + d.day[done]
    found, first, place = np.unique(key, return_index=True, return_inverse=True)
    closed = np.zeros(len(found), dtype=np.int64)
    np.maximum.at(closed, place, d.counted[done])
    return found, place, closed + 300, d.operator[done][first]


def _write_closes(story: Story, variance: Ints, counted: Ints, opening: int) -> None:
    """A close for each centre and day that is over, with the ledger's balances of that day."""
    key, place, closed, who = centre_days(story)
    c, m = story.cases, story.money
    kept = c.cancelled < 0
    at = np.searchsorted(key, story.centre_of_case * 1000 + story.visits.day[c.visit])
    at = np.minimum(at, len(key) - 1)
    belongs = kept & (key[at] == story.centre_of_case * 1000 + story.visits.day[c.visit])

    def of_cases(baisa: Ints, which: np.ndarray) -> Ints:
        rows = belongs & which
        found = np.bincount(at[rows], weights=baisa[rows], minlength=len(key))
        return found.astype(np.int64)

    def of_drawers(baisa: Ints) -> Ints:
        rows = story.drawers.counted >= 0
        return np.bincount(place, weights=baisa[rows], minlength=len(key)).astype(np.int64)

    everything = np.ones(len(c), dtype=bool)
    drawers = of_drawers(np.ones(len(story.drawers.ids), dtype=np.int64))
    figures = dict.fromkeys((a.value for a in Account), np.zeros(len(key), dtype=np.int64)) | {
        "drawer": opening * drawers + of_cases(m.total, c.cash) + of_drawers(variance)
        - of_drawers(counted),
        "safe": of_drawers(counted) - opening * drawers,
        "card_clearing": of_cases(m.total, ~c.cash),
        "held_for_entity": -of_cases(np.maximum(m.government, 0), everything),
        "earned": -of_cases(m.centre, everything), "vat_due": -of_cases(m.vat, everything),
        "variance": -of_drawers(variance),
    }  # fmt: skip
    parts: list[Any] = []
    for name, baisa in figures.items():
        parts += [f'{", " if parts else "{"}"{name}": ', baisa]
    places = np.array([p.id for p in story.described.centres])
    till.load_closes(
        id=story.ids("close", closed),
        centre=places[key // 1000],
        date=story.described.world.days[key % 1000],
        closed=closed,
        by=story.accounts[who],
        figures=joined(*parts, "}"),
    )


def _close_events(story: Story) -> Happened:
    key, _, closed, who = centre_days(story)
    places = np.array([p.id for p in story.described.centres])
    return event(
        "day.closed",
        closed,
        places[key // 1000],
        actor=ids_or_null(story.accounts[who]),
        order=50,
        payload=joined('{"close": "', uuid_text(story.ids("close", closed)), '"}'),
    )
