"""Tickets and visits of some days, and their events."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sanad.beneficiaries import load as beneficiaries
from sanad.cases import load as cases
from sanad.counter import load as counter
from sanad.eventlog.load import Happened
from sanad.lab.history.described import GROUPS
from sanad.lab.history.parts import actor, event, of
from sanad.lab.history.story import Story
from sanad.lib.columns import Ints, chosen, ids_or_null, joined, uuid_text

LOOK_UP_SECONDS = 10  # after sitting down


def write_hall(story: Story, rows: Ints) -> list[Happened]:
    """The visits of `rows` and their tickets."""
    v, described = story.visits.take(rows), story.described
    centre = np.array([c.id for c in described.centres])[v.centre]
    visit, ticket = story.visit_ids[rows], story.ticket_ids[rows]
    operator, people, companies = story.accounts[v.operator], story.people.ids, story.company_ids
    with_ticket, sat = np.flatnonzero(v.has_ticket), np.flatnonzero(v.came)
    dates = described.world.days[v.day]
    codes = [s.code for s in described.services] + [""]
    counter.load_tickets(
        counter.Tickets(
            id=ticket[with_ticket], centre=centre[with_ticket], date=dates[with_ticket],
            group=chosen([g.value for g in GROUPS], v.group[with_ticket]),
            number=v.number[with_ticket],
            service_code=chosen(codes, v.service[with_ticket] % len(codes)),
            issued=v.arrived[with_ticket], called=v.called[with_ticket],
            operator=operator[with_ticket], point=v.point[with_ticket], came=v.came[with_ticket],
            visit=visit[with_ticket],
        )
    )  # fmt: skip
    known, firm = v.person[sat] >= 0, v.company[sat] >= 0
    cases.load_visits(
        cases.Visits(
            id=visit[sat], centre=centre[sat],
            channel=chosen(["quick", "hall"], v.has_ticket[sat].astype(np.int64)),
            operator=operator[sat], point=v.point[sat],
            person=ids_or_null(people[np.maximum(v.person[sat], 0)], known),
            company=ids_or_null(companies[np.maximum(v.company[sat], 0)], firm),
            started=story.started[rows][sat], ended=v.ended[sat],
        )
    )  # fmt: skip
    return _events(story, rows)


def write_lines(story: Story) -> None:
    """The series of every centre, day and group, those who still wait, and who was served where."""
    described, v, w = story.described, story.visits, story.facts.waiting
    ids = np.array([c.id for c in described.centres])
    key = np.concatenate([
        ((part.centre * 1000 + part.day) * 10 + part.group)[part.number > 0] for part in (v, w)
    ])  # fmt: skip
    number = np.concatenate([v.number[v.has_ticket], w.number])
    found, of_row = np.unique(key, return_inverse=True)
    last = np.zeros(len(found), dtype=np.int64)
    np.maximum.at(last, of_row, number)
    letters = [g.value for g in GROUPS]
    counter.load_series(
        centre=ids[found // 10_000], date=described.world.days[found // 10 % 1000],
        group=chosen(letters, found % 10), last_number=last,
    )  # fmt: skip
    nobody = np.full(len(w), -1)
    counter.load_tickets(
        counter.Tickets(
            id=story.ids("waiting ticket", w.issued), centre=ids[w.centre],
            date=described.world.days[w.day], group=chosen(letters, w.group), number=w.number,
            service_code=chosen([s.code for s in described.services], w.service),
            issued=w.issued, called=nobody, operator=story.accounts[np.zeros(len(w), np.int64)],
            point=nobody, came=np.zeros(len(w), dtype=bool),
            visit=story.ids("waiting ticket", w.issued),
        )
    )  # fmt: skip
    known = v.person >= 0
    pair = (v.centre * story.facts.people + v.person)[known]
    found, first = np.unique(pair, return_index=True)
    beneficiaries.load_person_centres(
        centre=ids[found // story.facts.people],
        person=story.people.ids[found % story.facts.people],
        since=story.started[known][first] + LOOK_UP_SECONDS,
    )


def waiting_events(story: Story) -> list[Happened]:
    """That those who still wait took a ticket."""
    w = story.facts.waiting
    centre = np.array([c.id for c in story.described.centres])[w.centre]
    said = _ticket(uuid_text(story.ids("waiting ticket", w.issued)), w.group, w.number)
    return [event("ticket.issued", w.issued, centre, payload=joined("{", said, "}"), order=0)]


def _events(story: Story, rows: Ints) -> list[Happened]:
    v = story.visits.take(rows)
    centre = np.array([c.id for c in story.described.centres])[v.centre]
    ticket = uuid_text(story.ticket_ids[rows])
    by, visit = actor(story, v.operator), ids_or_null(story.visit_ids[rows])
    with_ticket, sat = np.flatnonzero(v.has_ticket), np.flatnonzero(v.came)
    gone = np.flatnonzero(~v.came & v.has_ticket)
    known = np.flatnonzero(v.person >= 0)
    of_ticket = _ticket(ticket, v.group, v.number)
    started = story.started[rows]
    named = joined('"ticket": "', ticket, '"')
    began = pa.array(v.has_ticket)
    waited = joined('{"channel": "hall", "wait_seconds": ', started - v.arrived, ", ", named, "}")
    person = uuid_text(story.people.ids[np.maximum(v.person, 0)])
    return [
        of(with_ticket, event("ticket.issued", v.arrived, centre, order=0,
                              payload=joined("{", of_ticket, "}"))),
        of(with_ticket, event("ticket.called", v.called, centre, actor=by, order=1,
                              payload=joined("{", of_ticket, ', "point": ', v.point, "}"))),
        of(gone, event("ticket.no_show", v.ended, centre, actor=by, order=2,
                       payload=joined("{", of_ticket, "}"))),
        of(sat, event("visit.started", started, centre, actor=by, visit=visit, order=2,
                      payload=_either(began, waited, '{"channel": "quick"}'))),
        of(known, event("person.looked_up", started + LOOK_UP_SECONDS, centre, actor=by,
                        visit=visit, order=3,
                        payload=joined('{"key_kind": "civil", "found": true, "person": "',
                                       person, '"}'))),
        of(sat, event("visit.ended", v.ended, centre, actor=by, visit=visit, order=40,
                      payload=_either(began, joined("{", named, "}"), "{}"))),
    ]  # fmt: skip


def _ticket(ticket: pa.Array, group: Ints, number: Ints) -> pa.Array:
    letter = chosen([g.value for g in GROUPS], group)
    return joined('"ticket": "', ticket, '", "group": "', letter, '", "number": ', number)


def _either(condition: pa.Array, then: pa.Array, other: str) -> Any:
    return pc.if_else(condition, then, other)
