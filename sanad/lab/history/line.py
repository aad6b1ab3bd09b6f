"""The line to the entities for the requests of some days: deliveries, tries, answers."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sanad.eventlog.load import Happened
from sanad.gateway import load as gateway
from sanad.lab.history.parts import event, split
from sanad.lab.history.requests import CORRECT, REFUSE, Asked, first_field
from sanad.lab.history.story import Story
from sanad.lab.twin.requests import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS
from sanad.lib.columns import Bytes, Ints, chosen, ids_or_null, iso_seconds, joined, uuid_text

DOWN_MILLISECONDS = 800


@dataclass(frozen=True)
class _Sent:
    """Requests of `a` that were sent for the first time, or again after a correction."""

    a: Asked
    rows: Ints  # places in `a`
    again: bool

    @property
    def whole(self) -> Ints:
        return self.a.rows[self.rows]

    @property
    def ids(self) -> Bytes:
        return self.delivery("again" if self.again else "first")

    def delivery(self, which: str) -> Bytes:
        story = self.a.story
        return story.ids(f"delivery {which}", story.cases.opened)[self.whole]


def write_line(a: Asked) -> list[Happened]:
    """Deliveries, tries and answers of the requests of `a`."""
    c = a.story.cases.take(a.rows)
    first = _Sent(a, np.flatnonzero(c.submitted >= 0), again=False)
    again = _Sent(a, np.flatnonzero(c.resent >= 0), again=True)
    return [*_write_sent(first), *_write_sent(again), *_write_answers(a)]


def write_outages(story: Story) -> int:
    """The register of outages in the period."""
    o, c = story.facts.outages, story.cases
    entities = np.array(story.described.entities)
    waited = [
        int(((story.entity_of_case == e) & (c.tries > 1) & (c.submitted >= s)
             & (c.submitted < u)).sum())
        for e, s, u in zip(o.entity, o.started, o.ended, strict=True)
    ]  # fmt: skip
    return gateway.load_outages(
        entity=entities[o.entity], started=o.started, ended=o.ended, waited=waited
    )


def outage_events(story: Story) -> list[Happened]:
    """When each outage of the register began and ended; the n-th row has the number n."""
    o = story.facts.outages
    entities = np.array(story.described.entities)[o.entity]
    said = joined('{"entity": ', entities, ', "outage": ', 1 + np.arange(len(o)), "}")
    nowhere = np.full(len(o), -1)
    return [
        event("outage.started", o.started, nowhere, payload=said, order=0),
        event("outage.ended", o.ended, nowhere, payload=said, order=0),
    ]


def _write_sent(s: _Sent) -> list[Happened]:
    if not len(s.rows):
        return []
    a, story = s.a, s.a.story
    c = story.cases.take(s.whole)
    centre = a.centre[s.rows]
    entity = a.by_service([x.entity for x in story.described.services])[s.rows]
    made = c.resent if s.again else c.submitted
    tries = np.ones(len(made), dtype=np.int64) if s.again else c.tries
    acknowledged = c.acknowledged_again if s.again else c.acknowledged
    seconds = acknowledged - made if s.again else c.call_seconds
    row, number = split(tries)
    tried = claims(made if s.again else c.first_claim, seconds, row, number)
    last = np.cumsum(tries) - 1
    entity_codes = [x.entity_code for x in story.described.services]
    gateway.load_deliveries(
        gateway.Deliveries(
            id=s.ids, case=a.ids[s.rows], centre=centre, entity=entity,
            person=story.people.ids[a.person[s.rows]],
            resend_of=ids_or_null(s.delivery("first"), np.full(len(made), s.again)),
            body=_bodies(s, made), made=made, made_by=story.accounts[a.operator[s.rows]],
            last_claim=tried[last], tries=tries, acknowledged=acknowledged,
            reference=joined(chosen(entity_codes, c.service), "-", s.whole * 2 + s.again),
        )
    )  # fmt: skip
    taken = number == tries[row] - 1
    concluded = tried + seconds[row]
    gateway.load_attempts(
        id=_attempt_ids(s, row, number, concluded),
        delivery=s.ids[row],
        centre=centre[row],
        number=number + 1,
        at=concluded,
        milliseconds=np.where(taken, 1000 * seconds[row], DOWN_MILLISECONDS),
        taken=taken,
    )
    return _sent_events(s, made, tries, acknowledged, row, number, concluded, entity)


def claims(first: Ints, seconds: Ints, row: Ints, number: Ints) -> Ints:
    """When each try began: the n-th after the doubling waits before it."""
    waits = np.minimum(
        FIRST_WAIT_SECONDS * 2 ** np.minimum(np.arange(400), 12), LONGEST_WAIT_SECONDS
    )
    before = np.concatenate([[0], np.cumsum(waits)])
    return first[row] + before[number] + number * seconds[row]


def _attempt_ids(s: _Sent, row: Ints, number: Ints, at: Ints) -> Bytes:
    """One for each try: the delivery's identifier with the number of the try worked in."""
    ids = s.ids[row].copy()
    ids[:, 8] = (ids[:, 8] & 0xC0) | ((ids[:, 8] + 1 + number // 250) & 0x3F)
    ids[:, 9] ^= (number % 250 + 1).astype(np.uint8)
    return ids


def _sent_events(
    s: _Sent, made: Ints, tries: Ints, acknowledged: Ints, row: Ints, number: Ints,
    concluded: Ints, entity: Ints,
) -> list[Happened]:  # fmt: skip
    a, story = s.a, s.a.story
    c = story.cases.take(s.whole)
    centre, case = a.centre[s.rows], a.ids[s.rows]
    visit, delivery = story.visit_ids[c.visit], uuid_text(s.ids)
    code = chosen([x.code for x in story.described.services], c.service)
    # After the first sending: the tries, its acknowledgement, and that it came back.
    begins = 8 + c.tries if s.again else np.full(len(made), 6)
    common: dict[str, Any] = {"visit": ids_or_null(visit), "case": ids_or_null(case)}
    resend = "true" if s.again else "false"
    delayed = np.flatnonzero(number < tries[row] - 1)
    of = row[delayed]
    return [
        event("case.submitted", made, centre, actor=ids_or_null(story.accounts[a.operator[s.rows]]),
              seq=begins, order=10, **common, payload=joined(
                  '{"entity": ', entity, ', "service": "', code, '", "delivery": "', delivery,
                  f'", "resend": {resend}}}')),
        event("delivery.delayed", concluded[delayed], centre[of], visit=ids_or_null(visit[of]),
              case=ids_or_null(case[of]), seq=begins[of] + 1 + number[delayed], order=11,
              payload=joined('{"entity": ', entity[of], ', "delivery": "',
                             uuid_text(s.ids[of]), '", "tries": ', number[delayed] + 1, "}")),
        event("delivery.acknowledged", acknowledged, centre, seq=begins + tries, order=16,
              **common, payload=joined('{"entity": ', entity, ', "delivery": "', delivery,
                                       '", "tries": ', tries, "}")),
    ]  # fmt: skip


def _bodies(s: _Sent, made: Ints) -> pa.Array:
    """What was sent, as JSON with sorted keys; civil numbers sealed."""
    a, story = s.a, s.a.story
    described, people = story.described, story.people
    c = story.cases.take(s.whole)
    operator, person = a.operator[s.rows], a.person[s.rows]
    agents = [joined_names(w.name.ar, w.name.en) for w in described.workers]
    # Names are made from few words: each distinct one is written once.
    clients = [
        joined_names(ar, en) for ar, en in zip(people.names_ar, people.names_en, strict=True)
    ]
    papers = [_papers(f.papers) for x in described.services for f in x.filled]
    firm = story.visits.company[c.visit]
    company = pc.if_else(
        pa.array(firm >= 0), joined('"', company_number(np.maximum(firm, 0)), '"'), "null"
    )
    before = joined('"', uuid_text(s.delivery("first")), '"') if s.again else "null"
    code = story.codes.take(pa.array(s.whole))
    centre_codes = [f"SND-{p.id:04d}" for p in described.centres]
    return joined(
        '{"agent": {"account": "', uuid_text(story.accounts[operator]), '", "centre_code": "',
        chosen(centre_codes, story.centre_of_case[s.whole]), '", ', chosen(agents, operator),
        '}, "answers": ', a.answers.take(pa.array(s.rows)), ', "case_code": "', code,
        '", "documents": ', chosen(papers, story.variant[s.whole]),
        ', "represented_party": {"company": ', company, ", ",
        chosen(clients, people.which[person]), ', "person": "', uuid_text(people.ids[person]),
        '"}, "resend_of": ', before, ', "service_code": "',
        chosen([x.code for x in described.services], c.service), '", "submitted_at": "',
        iso_seconds(made), '"}',
    )  # fmt: skip


def joined_names(ar: str, en: str) -> str:
    return f'"name": {json.dumps(ar)}, "name_en": {json.dumps(en)}'


def company_number(company: Ints) -> pa.Array:
    """The commercial registration of the n-th made-up company."""
    return joined(1_000_001 + company)


def _papers(codes: tuple[str, ...]) -> str:
    return json.dumps(
        [{"code": code, "file_name": "", "held_as": "paper"} for code in sorted(codes)],
        sort_keys=True,
    )


def _write_answers(a: Asked) -> list[Happened]:
    c = a.story.cases.take(a.rows)
    final = c.decided >= 0
    return [
        *_answer(a, "returned", c.returned >= 0, c.returned, CORRECT),
        *_answer(a, "approved", final & c.approved, c.decided, None),
        *_answer(a, "rejected", final & ~c.approved, c.decided, REFUSE),
    ]


def _answer(a: Asked, kind: str, when: np.ndarray, at: Ints, reason: Any) -> list[Happened]:
    rows = np.flatnonzero(when)
    if not len(rows):
        return []
    story = a.story
    c = story.cases.take(a.rows[rows])
    entity = a.by_service([x.entity for x in story.described.services])[rows]
    by = story.officers[story.entity_of_case[a.rows[rows]]]
    purpose = "answer returned" if kind == "returned" else "answer final"
    ids = story.ids(purpose, story.cases.opened)[a.rows[rows]]
    resent = c.resent >= 0 if kind != "returned" else np.zeros(len(rows), dtype=bool)
    first, again = (
        story.ids(f"delivery {which}", story.cases.opened)[a.rows[rows]]
        for which in ("first", "again")
    )
    said_ar, said_en = (reason.ar, reason.en) if reason else ("", "")
    marks = [json.dumps([first_field(x.filled[0])]) for x in story.described.services]
    fields = chosen(marks if kind == "returned" else ["[]"] * len(marks), c.service)
    gateway.load_answers(
        gateway.Answers(
            id=ids, delivery=np.where(resent[:, None], again, first), case=a.ids[rows],
            centre=a.centre[rows], entity=entity, kind=chosen([kind], np.zeros(len(rows), int)),
            reason_ar=chosen([json.dumps(said_ar)], np.zeros(len(rows), int)),
            reason_en=chosen([json.dumps(said_en)], np.zeros(len(rows), int)),
            fields=fields, by=by, at=at[rows],
        )
    )  # fmt: skip
    answer = uuid_text(ids)
    common: dict[str, Any] = {
        "actor": ids_or_null(by), "visit": ids_or_null(story.visit_ids[c.visit]),
        "case": ids_or_null(a.ids[rows]),
    }  # fmt: skip
    if kind == "returned":
        payload = joined(
            '{"entity": ', entity, ', "fields": ', fields, ', "answer": "', answer, '"}'
        )
        return [event("case.returned", at[rows], a.centre[rows], seq=7 + c.tries, order=20,
                      payload=payload, **common)]  # fmt: skip
    payload = joined('{"entity": ', entity, f', "outcome": "{kind}", "answer": "', answer, '"}')
    seq = 7 + c.tries + 3 * resent
    return [event("case.decided", at[rows], a.centre[rows], seq=seq, order=20, payload=payload,
                  **common)]  # fmt: skip
