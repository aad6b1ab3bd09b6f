"""The requests of some days: mandates, cases, papers, messages and ratings, and their events."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sanad.beneficiaries import load as beneficiaries
from sanad.beneficiaries.actions import seal_text
from sanad.beneficiaries.rules import MANDATE_LASTS, Terms, hash_of
from sanad.cases import load as cases
from sanad.eventlog.load import Happened
from sanad.lab.history.parts import actor, event, of
from sanad.lab.history.services import Filled, sorted_json
from sanad.lab.history.story import STATUSES, Story
from sanad.lib.bilingual import Text
from sanad.lib.business_day import MUSCAT
from sanad.lib.columns import Bytes, Ints, chosen, ids_or_null, joined, uuid_text
from sanad.lib.money import format_omr
from sanad.lib.opening_hours import Holiday, Holidays, add_working_days

CORRECT = Text("بيانات الحقل المحدد لا تطابق المستند", "The marked field does not match the paper")
REFUSE = Text("الشروط غير مستوفاة", "The conditions are not met")
GIVEN_UP = "غيّر صاحب الطلب رأيه"
COMPLAINTS = ["", "الانتظار طويل", "لم يُشرح لي السبب"]
SENT_AFTER_SECONDS = 2
NEWS_SECONDS = 600  # as gateway.rules.NEWS_AFTER


@dataclass(frozen=True)
class Asked:
    """Requests of some days with what several parts of the writing need."""

    story: Story
    rows: Ints
    answers: pa.Array  # JSON, sorted keys, civil numbers sealed

    @property
    def ids(self) -> Bytes:
        return self.story.case_ids[self.rows]

    def by_service(self, values: list[Any]) -> np.ndarray:
        return np.array(values)[self.story.cases.service[self.rows]]

    @property
    def centre(self) -> Ints:
        places = np.array([c.id for c in self.story.described.centres])
        return places[self.story.centre_of_case[self.rows]]

    @property
    def person(self) -> Ints:
        return self.story.visits.person[self.story.cases.visit[self.rows]]

    @property
    def operator(self) -> Ints:
        return self.story.visits.operator[self.story.cases.visit[self.rows]]


def asked(story: Story, rows: Ints) -> Asked:
    """The requests of `rows`, their forms filled in and sealed."""
    return Asked(story, rows, _answers(story, rows))


def write_requests(a: Asked) -> list[Happened]:
    """Mandates, cases, papers and ratings."""
    story, c = a.story, a.story.cases.take(a.rows)
    described, money = story.described, story.money
    visit = story.visit_ids[c.visit]
    people = story.people
    persons = people.ids[a.person]
    firm = story.visits.company[c.visit]
    arabic = people.is_arabic[a.person]
    ends = (c.opened + int(MANDATE_LASTS.total_seconds())) // 60 * 60
    names_ar = [people.names_ar[i] for i in people.which[a.person].tolist()]
    beneficiaries.load_mandates(
        beneficiaries.Mandates(
            id=story.ids("mandate", story.cases.opened)[a.rows], person=persons, centre=a.centre,
            service=a.by_service([s.id for s in described.services]), case=a.ids,
            ceiling_baisa=money.ceiling[a.rows],
            language=chosen(["en", "ar"], arabic.astype(np.int64)),
            text_hash=_hashes(a, ends, arabic),
            signature_sealed=beneficiaries.sealed_names(names_ar, persons), granted=c.opened,
            expires=ends, revoked=c.cancelled,
        )
    )  # fmt: skip
    status = story.status[a.rows]
    returned, rejected = status == STATUSES.index("returned"), (c.decided >= 0) & ~c.approved
    said = np.where(c.cancelled >= 0, 3, np.where(returned, 1, np.where(rejected, 2, 0)))
    keys = [json.dumps([first_field(s.filled[0])]) for s in described.services]
    cases.load_cases(
        cases.Cases(
            id=a.ids, code=story.codes.take(pa.array(a.rows)), centre=a.centre, visit=visit,
            person=persons,
            company=ids_or_null(story.company_ids[np.maximum(firm, 0)], firm >= 0),
            service=a.by_service([s.id for s in described.services]),
            entity=a.by_service([s.entity for s in described.services]),
            status=chosen(STATUSES, status), answers=a.answers,
            marked_fields=pc.if_else(pa.array(returned), chosen(keys, c.service), "[]"),
            reason_ar=chosen(["", CORRECT.ar, REFUSE.ar, GIVEN_UP], said),
            reason_en=chosen(["", CORRECT.en, REFUSE.en, GIVEN_UP], said),
            last_seq=story.last_seq[a.rows], opened=c.opened,
            submitted=np.where(c.resent >= 0, c.resent, c.submitted), due=_due(a, status),
            decided=c.decided, updated=_updated(c),
        )
    )  # fmt: skip
    _write_papers(a, c.completed)
    rated = np.flatnonzero(c.rated >= 0)
    beneficiaries.load_feedback(
        case=a.ids[rated],
        centre=a.centre[rated],
        face=c.face[rated],
        at=c.rated[rated],
        reason=chosen(COMPLAINTS, np.where(c.face[rated] == 1, 1 + a.rows[rated] % 2, 0)),
    )
    return _events(a)


def write_messages(a: Asked) -> list[Happened]:
    """What the people were told: the receipt, news of the line, what the entity said."""
    story, c = a.story, a.story.cases.take(a.rows)
    code = story.codes.take(pa.array(a.rows))
    link = joined(story.link, code, "/")
    amounts, which = np.unique(story.money.total[a.rows], return_inverse=True)
    entity_ar, entity_en = (
        chosen([getattr(s.entity_name, language) for s in story.described.services], c.service)
        for language in ("ar", "en")
    )
    receipt = {
        "amount": chosen([format_omr(int(b)) for b in amounts], which), "code": code,
        "number": story.numbers[a.rows], "link": link,
    }  # fmt: skip
    news = {"code": code, "link": link}
    both = {name: (fact, fact) for name, fact in news.items()} | {"entity": (entity_ar, entity_en)}
    late = (c.acknowledged >= 0) & (c.acknowledged - c.submitted >= NEWS_SECONDS)
    decided = c.decided >= 0
    return [
        happened
        for kind, when, at, facts in (
            ("receipt", c.paid >= 0, c.paid, {n: (f, f) for n, f in receipt.items()}),
            ("submitted", late, c.acknowledged, both),
            ("returned", c.returned >= 0, c.returned, both),
            ("approved", decided & c.approved, c.decided, both),
            ("rejected", decided & ~c.approved, c.decided, both),
        )
        for happened in _tell(a, kind, when, at, facts)
    ]


def first_field(filled: Filled) -> str:
    """The field that an entity marks when it sends a request back."""
    return next(iter(sorted(filled.answers)))


def _tell(a: Asked, kind: str, when: np.ndarray, at: Ints, facts: dict[str, Any]) -> list[Happened]:
    people = a.story.people
    rows = np.flatnonzero(when & people.has_phone[a.person])
    if not len(rows):
        return []
    taken = pa.array(rows)
    persons = people.ids[a.person[rows]]
    ids = a.story.ids(f"notice {kind}", a.story.cases.opened)[a.rows[rows]]
    sent = at[rows] + SENT_AFTER_SECONDS
    beneficiaries.load_notices(
        beneficiaries.Notices(
            kind=kind, id=ids, person=persons, centre=a.centre[rows], case=a.ids[rows],
            is_arabic=people.is_arabic[a.person[rows]],
            facts={
                name: tuple(_taken(fact, rows, taken) for fact in pair)
                for name, pair in facts.items()
            },
            made=at[rows], sent=sent,
        )
    )  # fmt: skip
    payload = joined(
        '{"notice": "', uuid_text(ids), f'", "about": "{kind}", "person": "', uuid_text(persons),
        '"}',
    )  # fmt: skip
    return [event("notice.sent", sent, a.centre[rows], payload=payload, order=30)]


def _taken(fact: Any, rows: Ints, taken: pa.Array) -> Any:
    return fact[rows] if isinstance(fact, np.ndarray) else fact.take(taken)


def _events(a: Asked) -> list[Happened]:
    story, c = a.story, a.story.cases.take(a.rows)
    services, centre = story.described.services, a.centre
    by, case = actor(story, a.operator), ids_or_null(a.ids)
    visit = ids_or_null(story.visit_ids[c.visit])
    code = chosen([s.code for s in services], c.service)
    entity = a.by_service([s.entity for s in services])
    person = uuid_text(story.people.ids[a.person])
    mandate = uuid_text(story.ids("mandate", story.cases.opened)[a.rows])
    papers = np.array([len(f.papers) for s in services for f in s.filled])[story.variant[a.rows]]
    ones = np.ones(len(a.rows), dtype=np.int64)
    cancelled, collected = np.flatnonzero(c.cancelled >= 0), np.flatnonzero(c.collected >= 0)
    rated = np.flatnonzero(c.rated >= 0)
    owner = ids_or_null(story.approvers[a.rows])
    common: dict[str, Any] = {"actor": by, "visit": visit, "case": case}
    return [
        event("mandate.granted", c.opened, centre, actor=by, order=4, payload=joined(
            '{"mandate": "', mandate, '", "person": "', person, '", "service": "', code,
            '", "ceiling_baisa": ', story.money.ceiling[a.rows],
            ', "method": "card_and_typed_name"}')),
        event("case.opened", c.opened, centre, seq=ones, order=5, **common, payload=joined(
            '{"service": "', code, '", "entity": ', entity, ', "person": "', person,
            '", "mandate": "', mandate, '"}')),
        event("case.completed", c.completed, centre, seq=2 * ones, order=6, **common,
              payload=joined('{"documents": ', papers, "}")),
        of(cancelled, event("mandate.revoked", c.cancelled, centre, actor=owner, order=12,
                            payload=joined('{"mandate": "', mandate, '"}'))),
        of(cancelled, event("case.cancelled", c.cancelled, centre, seq=10 * ones, order=15,
                            **common | {"actor": owner}, payload='{"reason": "given_up"}')),
        of(collected, event("case.delivered", c.collected, centre, seq=story.last_seq[a.rows],
                            order=25, **common, payload="{}")),
        of(rated, event("feedback.given", c.rated, centre, order=35,
                        payload=joined('{"face": ', c.face, "}"))),
    ]  # fmt: skip


def _answers(story: Story, rows: Ints) -> pa.Array:
    """The answers as they are stored, JSON by row."""
    filled = [f for s in story.described.services for f in s.filled]
    templates = [_template(f) for f in filled]
    ids = story.case_ids[rows].tobytes()
    found = []
    for n, variant in enumerate(story.variant[rows].tolist()):
        parts, plain = templates[variant]
        if not plain:
            found.append(parts[0])
            continue
        case = _Bound(ids[16 * n : 16 * n + 16])
        text = parts[0]
        for part, number in zip(parts[1:], plain, strict=True):
            text += seal_text(number, bound_to=case) + part  # type: ignore[arg-type]
        found.append(text)
    return pa.array(found, pa.string())


class _Bound:
    """A case's identifier, as `seal_text` asks for its bytes."""

    def __init__(self, data: bytes) -> None:
        self.bytes = data


def _template(filled: Filled) -> tuple[list[str], list[str]]:
    """The JSON cut where sealed numbers go, and the numbers."""
    values = filled.answers | {key: {"sealed": f"@{key}@"} for key in filled.sealed}
    text = sorted_json(values)
    parts, plain = [], []
    for key in sorted(filled.sealed):
        before, _, text = text.partition(f"@{key}@")
        parts.append(before)
        plain.append(str(filled.answers[key]))
    return [*parts, text], plain


def _hashes(a: Asked, ends: Ints, arabic: np.ndarray) -> pa.Array:
    """SHA-256 of the words that each person agreed to."""
    story, described = a.story, a.story.described
    c = story.cases.take(a.rows)
    minutes = {m: f"{_muscat(m):%Y-%m-%d %H:%M}" for m in np.unique(ends).tolist()}
    words: Callable[..., str] = Terms.in_words
    found = [
        hash_of(
            words(
                Terms(
                    described.centres[k].name, (s := described.services[n]).name, s.entity_name,
                    ceiling, s.highest_government_baisa is None, minutes[until],
                ),
                "ar" if is_arabic else "en",
            )
        )
        for k, n, ceiling, until, is_arabic in zip(
            story.centre_of_case[a.rows].tolist(), c.service.tolist(),
            story.money.ceiling[a.rows].tolist(), ends.tolist(), arabic.tolist(), strict=True,
        )
    ]  # fmt: skip
    return pa.array(found, pa.binary())


def _muscat(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC).astimezone(MUSCAT)


def _write_papers(a: Asked, seen: Ints) -> None:
    filled = [f.papers for s in a.story.described.services for f in s.filled]
    codes = sorted({code for papers in filled for code in papers})
    if not codes:
        return
    most = max(map(len, filled))
    table = np.full((len(filled), most), -1)
    for n, papers in enumerate(filled):
        table[n, : len(papers)] = [codes.index(code) for code in papers]
    of_row = table[a.story.variant[a.rows]]
    row, place = np.nonzero(of_row >= 0)
    ids = np.concatenate([
        a.story.ids(f"paper {n}", a.story.cases.completed)[a.rows] for n in range(most)
    ]).reshape(most, len(a.rows), 16)[place, row]  # fmt: skip
    cases.load_papers(
        id=ids,
        case=a.ids[row],
        centre=a.centre[row],
        code=chosen(codes, of_row[row, place]),
        seen=seen[row],
    )


def _due(a: Asked, status: Ints) -> Ints:
    """When the entity promised to decide what still lies with it; -1 where nothing is promised."""
    story = a.story
    due = np.full(len(a.rows), -1)
    days = a.by_service([s.entity_days for s in story.described.services])
    c = story.cases.take(a.rows)
    sent = np.where(c.resent >= 0, c.resent, c.submitted)
    world = story.described.world
    holidays = Holidays.of(
        Holiday(day, Text("", "")) for day in world.days[world.is_holiday].tolist()
    )
    for row in np.flatnonzero((status == STATUSES.index("sent")) & (days > 0)):
        promised = add_working_days(_muscat(int(sent[row])), int(days[row]), holidays)
        due[row] = int(promised.timestamp())
    return due


def _updated(c: Any) -> Ints:
    last = np.maximum.reduce([
        c.paid, c.cancelled, c.submitted, c.acknowledged, c.returned, c.resent,
        c.acknowledged_again, c.decided, c.collected,
    ])  # fmt: skip
    found: Ints = last
    return found
