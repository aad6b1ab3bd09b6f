"""Pushes a story through the verbs of the counter, one after the other, as they happened."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np

from sanad.beneficiaries import actions as beneficiaries
from sanad.beneficiaries.models import Notice
from sanad.beneficiaries.rules import MANDATE_LASTS, Terms
from sanad.cases import actions as cases
from sanad.centres import queries as centres
from sanad.counter import actions as counter
from sanad.db.scope import acting, centre_scope, entity_scope, public_scope
from sanad.gateway import actions as gateway
from sanad.gateway.actions import Outcome
from sanad.lab.history import line, requests, write
from sanad.lab.history.described import GROUPS
from sanad.lab.history.hall import LOOK_UP_SECONDS
from sanad.lab.history.line import DOWN_MILLISECONDS
from sanad.lab.history.money import CARD_FROM, REFUND_FROM, SHORT_REASON, centre_days, counts
from sanad.lab.history.parts import split
from sanad.lab.history.story import Story
from sanad.lib.business_day import MUSCAT
from sanad.till import actions as till
from sanad.till import refunds

# Within one second: first who leaves, then who is called, then the rest.
LEAVE, ARRIVE, CALL, SERVE = range(4)


@dataclass
class Replay:
    """What has been done so far, by position in the story."""

    story: Story
    monkeypatch: Any
    visits: dict[int, UUID] = field(default_factory=dict)
    tickets: dict[int, UUID] = field(default_factory=dict)
    cases: dict[int, UUID] = field(default_factory=dict)
    quotes: dict[int, UUID] = field(default_factory=dict)
    deliveries: dict[int, UUID] = field(default_factory=dict)
    drawers: dict[int, UUID] = field(default_factory=dict)
    steps: list[tuple[int, int, int, Callable[[datetime], Any]]] = field(default_factory=list)

    def run(self) -> int:
        """Everything in the order of time; how many steps there were."""
        self._hall()
        for n in range(len(self.story.cases)):
            self._request(n)
        self._drawers()
        for at, _, _, step in sorted(self.steps, key=lambda s: s[:3]):
            step(datetime.fromtimestamp(at, UTC))
        return len(self.steps)

    def at(self, when: Any, phase: int, order: int, step: Callable[[datetime], Any]) -> None:
        self.steps.append((int(when), phase, order, step))

    def eyes(self, centre: int, operator: int) -> Any:
        return acting(centre_scope(self.place(centre), account=self.by(operator)))

    def place(self, centre: int) -> int:
        return self.story.described.centres[centre].id

    def by(self, operator: int) -> UUID:
        return self.story.described.workers[operator].account

    # -- the hall -------------------------------------------------------------------------------

    def _hall(self) -> None:
        v, w = self.story.visits, self.story.facts.waiting
        codes = [s.code for s in self.story.described.services] + [""]
        for n in range(len(v)):
            if v.number[n]:
                self.at(v.arrived[n], ARRIVE, n, self._ticket(n, codes[v.service[n]]))
            self.at(v.called[n], CALL, n, self._call(n))
            if v.came[n]:
                self.at(v.called[n] + 10, SERVE, 10 * n, self._sit(n))
                if v.person[n] >= 0:
                    at = self.story.started[n] + LOOK_UP_SECONDS
                    self.at(at, SERVE, 10 * n, self._know(n))
            self.at(v.ended[n], LEAVE, n, self._leave(n))
        for n in range(len(w)):
            self.at(w.issued[n], ARRIVE, len(v) + n, self._wait(n, codes[w.service[n]]))

    def _ticket(self, n: int, service: str) -> Callable[[datetime], None]:
        v = self.story.visits

        def step(at: datetime) -> None:
            with acting(centre_scope(self.place(v.centre[n]))):
                self.tickets[n] = counter.issue_ticket(
                    centre=self.place(v.centre[n]), group=GROUPS[v.group[n]],
                    service_code=service, at=at, by=None,
                )  # fmt: skip

        return step

    def _wait(self, n: int, service: str) -> Callable[[datetime], None]:
        w = self.story.facts.waiting

        def step(at: datetime) -> None:
            with acting(centre_scope(self.place(w.centre[n]))):
                counter.issue_ticket(
                    centre=self.place(w.centre[n]), group=GROUPS[w.group[n]],
                    service_code=service, at=at, by=None,
                )  # fmt: skip

        return step

    def _call(self, n: int) -> Callable[[datetime], None]:
        v = self.story.visits

        def step(at: datetime) -> None:
            if not v.number[n]:
                return
            with self.eyes(v.centre[n], v.operator[n]):
                called = counter.call_next(
                    centre=self.place(v.centre[n]), point=int(v.point[n]), at=at,
                    by=self.by(v.operator[n]),
                )  # fmt: skip
            assert called == self.tickets[n], f"another ticket was called in visit {n}"

        return step

    def _sit(self, n: int) -> Callable[[datetime], None]:
        v = self.story.visits

        def step(at: datetime) -> None:
            by = self.by(v.operator[n])
            with self.eyes(v.centre[n], v.operator[n]):
                self.visits[n] = (
                    counter.start(ticket=self.tickets[n], at=at, by=by)
                    if v.number[n]
                    else counter.serve_without_ticket(
                        centre=self.place(v.centre[n]), point=int(v.point[n]), at=at, by=by
                    )
                )

        return step

    def _know(self, n: int) -> Callable[[datetime], None]:
        v = self.story.visits

        def step(at: datetime) -> None:
            company = None
            if v.company[n] >= 0:
                company = UUID(bytes=self.story.company_ids[v.company[n]].tobytes())
            with self.eyes(v.centre[n], v.operator[n]):
                person = cases.look_up_person(
                    visit=self.visits[n], key_kind="civil",
                    key=str(write.FIRST_CIVIL_NUMBER + v.person[n]), at=at,
                    by=self.by(v.operator[n]),
                )  # fmt: skip
                assert person is not None
                cases.seat_person(visit=self.visits[n], person=person.id, company=company)

        return step

    def _leave(self, n: int) -> Callable[[datetime], None]:
        v = self.story.visits

        def step(at: datetime) -> None:
            with self.eyes(v.centre[n], v.operator[n]):
                if v.came[n]:
                    counter.finish(visit=self.visits[n], at=at, by=self.by(v.operator[n]))
                else:
                    counter.mark_no_show(ticket=self.tickets[n], at=at, by=self.by(v.operator[n]))

        return step

    # -- a request ------------------------------------------------------------------------------

    def _request(self, n: int) -> None:
        c, story = self.story.cases, self.story
        visit = int(c.visit[n])
        centre, operator = int(story.visits.centre[visit]), int(story.visits.operator[visit])
        by = self.by(operator)
        order = 10 * visit + 5

        def does(when: Any, verb: Callable[[datetime], Any]) -> None:
            if when < 0:
                return

            def step(at: datetime) -> None:
                with self.eyes(centre, operator):
                    verb(at)
                self._send_notices(centre, operator)

            self.at(when, SERVE, order, step)

        does(c.opened[n], lambda at: self._open(n, at, by))
        does(c.completed[n], lambda at: self._complete(n, at, by))
        does(c.agreed[n], lambda at: till.agree_quote(quote=self.quotes[n], at=at, by=by))
        does(c.paid[n], lambda at: self._pay(n, at, by))
        does(c.cancelled[n], lambda at: self._give_back(n, at, by))
        does(c.submitted[n], lambda at: self._submit(n, at, by))
        does(c.resent[n], lambda at: self._submit(n, at, by))
        self._tries(n, does)
        self._answers(n, does)
        does(c.collected[n], lambda at: cases.hand_over(case=self.cases[n], at=at, by=by))
        if c.rated[n] >= 0:
            self.at(c.rated[n], SERVE, order, lambda at: self._rate(n, at))

    def _open(self, n: int, at: datetime, by: UUID) -> None:
        story, c = self.story, self.story.cases
        sold = story.described.services[c.service[n]]
        visit = int(c.visit[n])
        person = int(story.visits.person[visit])
        ends = (at + MANDATE_LASTS).replace(second=0)
        language = "ar" if story.people.is_arabic[person] else "en"
        place = self.place(int(story.visits.centre[visit]))
        mandate = beneficiaries.grant_mandate(
            person=UUID(bytes=story.people.ids[person].tobytes()), service_id=sold.id,
            service_code=sold.code, centre=place,
            terms=Terms(
                centres.centre(place).name, sold.name, sold.entity_name,
                int(story.money.ceiling[n]), sold.highest_government_baisa is None,
                f"{ends.astimezone(MUSCAT):%Y-%m-%d %H:%M}",
            ),
            language=language, method="card_and_typed_name",
            signature=story.people.names_ar[story.people.which[person]], card_seen=True,
            until=ends, at=at, by=by,
        )  # fmt: skip
        code = story.codes[n].as_py()
        self.monkeypatch.setattr(cases, "new_code", lambda: code)
        self.cases[n] = cases.open_case(
            visit=self.visits[visit], service_code=sold.code, mandate=mandate, at=at, by=by
        )

    def _complete(self, n: int, at: datetime, by: UUID) -> None:
        story, c = self.story, self.story.cases
        sold = story.described.services[c.service[n]]
        filled = sold.filled[int(story.variant[n]) % len(sold.filled)]
        problems = cases.save_draft(case=self.cases[n], answers=dict(filled.answers), at=at)
        assert not problems, (sold.code, problems)
        for code in filled.papers:
            cases.hold_document(case=self.cases[n], code=code, at=at)
        cases.complete(case=self.cases[n], at=at, by=by)
        self.quotes[n] = till.make_quote(case=self.cases[n], at=at)

    def _pay(self, n: int, at: datetime, by: UUID) -> None:
        story, cash = self.story, bool(self.story.cases.cash[n])
        till.pay(
            payment=UUID(bytes=story.ids("payment", story.cases.paid)[n].tobytes()),
            quote=self.quotes[n], means="cash" if cash else "card", at=at, by=by,
            tendered_baisa=int(story.money.tendered[n]) if cash else None,
            card_reference="" if cash else str(CARD_FROM + n),
        )  # fmt: skip

    def _give_back(self, n: int, at: datetime, by: UUID) -> None:
        story, cash = self.story, bool(self.story.cases.cash[n])
        visit = story.cases.visit[n]
        refund = till.cancel(case=self.cases[n], reason=requests.GIVEN_UP, at=at, by=by)
        assert refund is not None
        refunds.approve(
            refund=refund, at=at, by=UUID(bytes=story.approvers[n].tobytes()),
            drawer=self.drawers[int(story.drawers.of_visit[visit])] if cash else None,
            card_reference="" if cash else str(REFUND_FROM + n),
        )  # fmt: skip

    def _submit(self, n: int, at: datetime, by: UUID) -> None:
        # Not by the desk, which asks about look-alikes: nobody of the story is there to answer.
        self.deliveries[n] = gateway.submit(case=self.cases[n], at=at, by=by)

    def _tries(self, n: int, does: Callable[..., None]) -> None:
        c = self.story.cases
        if c.submitted[n] < 0:
            return
        one = np.array([int(c.tries[n])])
        row, number = split(one)
        seconds = np.array([int(c.call_seconds[n])])
        claims = line.claims(np.array([int(c.first_claim[n])]), seconds, row, number)
        for tried, claim in enumerate(claims.tolist()):
            taken = tried == len(claims) - 1
            self._try(n, does, claim, claim + int(seconds[0]), taken, again=0)
        if c.resent[n] >= 0:
            self._try(n, does, int(c.resent[n]), int(c.acknowledged_again[n]), True, again=1)

    def _try(
        self, n: int, does: Callable[..., None], claim: int, conclude: int, taken: bool, again: int
    ) -> None:  # fmt: skip
        sold = self.story.described.services[self.story.cases.service[n]]
        held: list[Any] = []

        def claims(at: datetime) -> None:
            held.append(gateway.claim(delivery=self.deliveries[n], at=at))
            assert held[-1] is not None, f"delivery of request {n} must wait its turn"

        def concludes(at: datetime) -> None:
            milliseconds = 1000 * (conclude - claim) if taken else DOWN_MILLISECONDS
            reference = f"{sold.entity_code}-{2 * n + again}" if taken else ""
            outcome = Outcome(202 if taken else 503, milliseconds, reference=reference)
            gateway.conclude(claimed=held[-1], outcome=outcome, at=at)

        does(claim, claims)
        does(conclude, concludes)

    def _answers(self, n: int, does: Callable[..., None]) -> None:
        c = self.story.cases
        if c.returned[n] >= 0:
            does(c.returned[n], lambda at: self._answer(n, "returned", "answer returned", at))
        if c.decided[n] >= 0:
            kind = "approved" if c.approved[n] else "rejected"
            does(c.decided[n], lambda at: self._answer(n, kind, "answer final", at))

    def _answer(self, n: int, kind: str, purpose: str, at: datetime) -> None:
        story = self.story
        sold = story.described.services[story.cases.service[n]]
        officer = story.described.officers[story.entity_of_case[n]]
        reason = {"returned": requests.CORRECT, "rejected": requests.REFUSE}.get(kind)
        answer = UUID(bytes=story.ids(purpose, story.cases.opened)[n].tobytes())
        document = {
            "answer_id": str(answer), "request_id": str(self.deliveries[n]), "kind": kind,
            "reason": {"ar": reason.ar if reason else "", "en": reason.en if reason else ""},
            "fields": [requests.first_field(sold.filled[0])] if kind == "returned" else [],
            "decided_at": at.isoformat(),
        }  # fmt: skip
        with acting(entity_scope(sold.entity, account=officer)):
            gateway.receive_answer(
                entity=sold.entity, raw=json.dumps(document).encode(), signature=b"", at=at,
                by=officer,
            )  # fmt: skip
        assert gateway.apply_answer(answer=answer, at=at)

    def _rate(self, n: int, at: datetime) -> None:
        face = int(self.story.cases.face[n])
        reason = requests.COMPLAINTS[1 + n % 2] if face == 1 else ""
        with acting(public_scope()):
            cases.rate(code=self.story.codes[n].as_py(), face=str(face), reason=reason, at=at)

    def _send_notices(self, centre: int, operator: int) -> None:
        with self.eyes(centre, operator):
            for notice in list(Notice.objects.filter(sent_at=None)):
                at = notice.made_at.timestamp() + requests.SENT_AFTER_SECONDS
                beneficiaries.send_notice(
                    notice=notice.id, send=lambda *_: None, at=datetime.fromtimestamp(at, UTC)
                )

    # -- drawers --------------------------------------------------------------------------------

    def _drawers(self) -> None:
        d, story = self.story.drawers, self.story
        opening = int(story.described.world.assumed["drawer_float_baisa"])
        for n in range(len(d.ids)):
            centre, operator = int(d.centre[n]), int(d.operator[n])
            self.at(d.opened[n], ARRIVE, n, self._open_drawer(n, centre, operator, opening))
            if d.counted[n] >= 0:
                self.at(d.counted[n], SERVE, 10**9 + n, self._count(n, centre, operator))
        key, _, closed, who = centre_days(story)
        for k, at, operator in zip(key.tolist(), closed.tolist(), who.tolist(), strict=True):
            self.at(at, SERVE, 2 * 10**9 + k, self._close(k // 1000, operator))

    def _open_drawer(
        self, n: int, centre: int, operator: int, opening: int
    ) -> Callable[[datetime], None]:
        def step(at: datetime) -> None:
            with self.eyes(centre, operator):
                self.drawers[n] = till.open_drawer(
                    centre=self.place(centre), float_baisa=opening, at=at, by=self.by(operator)
                )

        return step

    def _count(self, n: int, centre: int, operator: int) -> Callable[[datetime], None]:
        def step(at: datetime) -> None:
            with self.eyes(centre, operator):
                till.count_drawer(
                    drawer=self.drawers[n], counted_baisa=int(counts(self.story).counted[n]),
                    reason=SHORT_REASON, at=at, by=self.by(operator),
                )  # fmt: skip

        return step

    def _close(self, centre: int, operator: int) -> Callable[[datetime], None]:
        def step(at: datetime) -> None:
            with self.eyes(centre, operator):
                till.close_day(centre=self.place(centre), at=at, by=self.by(operator))

        return step
