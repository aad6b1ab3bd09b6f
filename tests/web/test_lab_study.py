"""The pages of a study: waiting, the procedure, two groups, request by request, taking away."""

import gzip
import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from sanad.cases.rules import DECIDED, TRANSITIONS, Status
from sanad.db.scope import acting, national_scope
from sanad.eventlog.models import Event
from sanad.lab import declared, handed, procedures, snapshot
from sanad.lab.evidence.conform import conformance
from sanad.lab.evidence.log import UNKNOWN
from sanad.lab.evidence.map import process_map
from sanad.lab.evidence.ocel import Flattened, read_ocel
from sanad.lab.evidence.xes import read_xes
from sanad.lab.procedures import Studied
from sanad.lib.business_day import MUSCAT
from sanad.lib.opening_hours import Span, Weekday, WeeklyHours
from sanad.web.lab import cases, export, process
from tests.lab.evidence.small import Row, as_rows, log_of, patient, rows, traces, words
from tests.network import (
    AISHA,
    CHAMBER,
    HEALTH,
    HUDA,
    NASSER,
    NOORA,
    RENEW_CARD,
    RENEW_MEMBERSHIP,
    SOHAR,
    TEN,
    ZAHRA,
)
from tests.walk import Walk
from tests.web import test_lab
from tests.web_client import signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
folder, taken = test_lab.folder, test_lab.taken
PAGES = ("process", "waiting", "conformance", "compare", "cases")


def address(taken: snapshot.Snapshot, page: str, service: str = RENEW_MEMBERSHIP) -> str:
    return reverse(f"lab_{page}", args=[taken.id, service])


def one(taken: snapshot.Snapshot) -> Studied:
    found = procedures.studied(taken, RENEW_MEMBERSHIP)
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_where_it_comes_from_and_comes_again(
    taken: snapshot.Snapshot, page: str, language: str
) -> None:
    client = signed_in(NASSER, language=language)
    seen = client.get(address(taken, page))
    assert seen.status_code == 200
    said = words_of(seen)
    assert taken.id in said
    assert seen.context["trail"]["code"] in said
    again = client.get(seen.context["trail"]["again"])
    assert words_of(again) == said
    assert again.context["trail"] == seen.context["trail"]


@pytest.mark.parametrize("page", [*PAGES, "export"])
def test_the_counter_sees_none_of_them(taken: snapshot.Snapshot, page: str) -> None:
    more = ["xes"] if page == "export" else []
    at = reverse(f"lab_{page}", args=[taken.id, RENEW_MEMBERSHIP, *more])
    assert signed_in(AISHA).get(at).status_code == 403
    assert signed_in(HUDA).get(at).status_code == 200
    assert signed_in(NASSER).post(at).status_code == 405


@patient
@given(given_rows=rows, quantile=st.sampled_from([0, 5, 50, 95]))
def test_only_moves_quicker_than_the_quantile_are_left_out(
    given_rows: list[Row], quantile: int
) -> None:
    found = process_map(log_of(given_rows))
    seconds = process.MEASURES["median"][1]
    shown = process.slower(found, quantile / 100, seconds)
    left = set(found.edges) - set(shown.edges)
    if not found.edges:
        assert shown == found
        return
    bar = np.quantile([seconds(edge) for edge in found.edges], quantile / 100)
    assert all(seconds(edge) < bar for edge in left)
    assert all(seconds(edge) >= bar for edge in shown.edges)
    assert shown.edges, "the slowest always stays"
    names = {step.name for step in shown.activities}
    assert {name for edge in shown.edges for name in (edge.source, edge.target)} <= names


def test_the_sliders_narrow_the_map_and_the_table_follows(taken: snapshot.Snapshot) -> None:
    slowly = Walk(client=NOORA, at=TEN - timedelta(days=9)).opened().later(minutes=3).completed()
    slowly.later(minutes=2).paid().later(hours=1).acknowledged().later(days=2).answered("approved")
    taken = snapshot.take(at=TEN)
    client = signed_in(NASSER)
    whole = client.get(address(taken, "process"), {"share": "100"})
    slow = client.get(address(taken, "process"), {"share": "100", "faster": "90", "time": "p90"})
    assert 0 < len(slow.context["edges"]) < len(whole.context["edges"])
    assert len(slow.context["edges"]) == len(slow.context["picture"].bows)
    assert slow.context["trail"]["again"].endswith("?share=100&faster=90&time=p90")
    odd = client.get(address(taken, "process"), {"share": "-3", "faster": "x", "time": "y"})
    assert (odd.context["share"], odd.context["faster"], odd.context["measure"]) == (
        90,
        0,
        "median",
    )


def test_work_is_what_one_person_did_next_in_one_visit(taken: snapshot.Snapshot) -> None:
    log = one(taken).log
    with acting(national_scope()):
        ended = {
            event.visit_id: event.occurred_at for event in Event.objects.filter(kind="visit.ended")
        }
        opened = Event.objects.filter(kind="case.opened", payload__service=RENEW_MEMBERSHIP)
        known = Counter(
            after.kind
            for case in opened.values_list("case_id", flat=True)
            for before, after in pairwise(Event.objects.filter(case_id=case).order_by("seq"))
            if after.actor_id is not None and after.actor_id == before.actor_id
            and after.visit_id == before.visit_id
            and after.occurred_at <= ended.get(after.visit_id, datetime.max.replace(tzinfo=UTC))
        )  # fmt: skip
    assert log.start is not None
    starts = np.flatnonzero(log.start != UNKNOWN)
    assert Counter(log.activity.name(event) for event in starts.tolist()) == known
    assert known["case.completed"] == 3
    assert (log.start[starts] == log.time[starts - 1]).all()


HOURS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 22), st.integers(1, 23)), max_size=5)


@patient
@given(spans=HOURS, begin=st.integers(0, 20_000), length=st.integers(0, 3_000))
def test_time_outside_opening_hours_is_counted_minute_by_minute(
    spans: list[tuple[int, int, int]], begin: int, length: int
) -> None:
    days: dict[Weekday, tuple[Span, ...]] = {}
    for day, opens, closes in spans:
        if opens < closes:
            clock = [datetime(2025, 1, 1, hour).time() for hour in (opens, closes)]
            days[Weekday(day)] = (Span(*clock),)
    hours = WeeklyHours(days)
    first = datetime(2025, 9, 1, tzinfo=MUSCAT) + timedelta(minutes=begin)
    minutes = [first + timedelta(minutes=number) for number in range(length)]
    closed = sum(not hours.is_open(at) for at in minutes)
    ends = (first, first + timedelta(minutes=length))
    spanned = [np.array([int(at.timestamp()) * 1_000_000]) for at in ends]
    assert handed.week_of(hours).closed_within(*spanned)[0] == closed * 60_000_000


@patient
@given(given_rows=rows, data=st.data())
def test_hand_overs_are_those_of_a_dictionary(given_rows: list[Row], data: Any) -> None:
    people = data.draw(
        st.lists(st.sampled_from(["x", "y", "z", None]), min_size=len(given_rows),
                 max_size=len(given_rows))
    )  # fmt: skip
    log = log_of(given_rows, resource=people)
    expected: dict[tuple[str, str], list[float]] = defaultdict(list)
    by_case: dict[str, list[Any]] = defaultdict(list)
    for case, _, time, _, who, _ in as_rows(log):
        if who is not None:
            by_case[case].append((who, time))
    for events in by_case.values():
        for (one, at), (other, then) in pairwise(events):
            if one != other:
                expected[one, other].append((then - at) / 1_000_000)
    assert log.resource is not None
    found = handed.hand_overs(Studied(log), log.resource)
    assert {(a.source, a.target): a.waiting.count for a in found} == {
        pair: len(times) for pair, times in expected.items()
    }
    for a in found:
        assert a.waiting.seconds_median == pytest.approx(np.median(expected[a.source, a.target]))
        assert a.closed_share is None


def test_hand_overs_go_from_desk_to_desk_and_say_how_long_it_was_closed(
    taken: snapshot.Snapshot,
) -> None:
    seen = signed_in(NASSER).get(address(taken, "waiting"))
    tables = {table["sort"]: table for table in seen.context["parties"]}
    desks = {(row["source"], row["target"]): row["count"] for row in tables["desks"]["rows"]}
    assert desks["the centre", "the line to the entity"] == 3
    assert desks["the entity", "the person"] == 2
    assert desks["the entity", "the centre"] == 1
    assert tables["centres"]["rows"] == []
    assert "No request went from one centre to another." in words_of(seen)
    assert tables["people"]["count"] > 0
    assert seen.context["knows_hours"]
    assert seen.context["returned"]["cases"] == 1


def test_what_the_real_actions_do_is_what_the_rules_declare(taken: snapshot.Snapshot) -> None:
    held = declared.held_against_rules(one(taken), declared.rules())
    assert held.found.fitting_share == held.found.fitness_mean == 1
    assert held.log.cases == 2
    assert held.on_their_way == 1, "the one that was returned"
    assert "receipt.issued" in dict(held.left_out)


@patient
@given(data=st.data())
def test_every_walk_through_the_table_keeps_to_the_rules(data: Any) -> None:
    status, walk = Status.DRAFT, [declared.OPENED]
    for _ in range(30):
        verbs = [verb for at, verb in TRANSITIONS if at is status and verb in declared.EVENTS]
        if not verbs:
            break
        verb = data.draw(st.sampled_from(verbs))
        status = TRANSITIONS[status, verb]
        walk.append(declared.EVENTS[verb])
    if status not in {*DECIDED, Status.CANCELLED} or walk[-1] not in declared.AT_REST:
        return
    log = log_of([("case", step, second) for second, step in enumerate(walk)])
    assert conformance(log, declared.rules()).fitting_share == 1


@patient
@given(given_rows=rows)
def test_behind_each_deviation_there_are_as_many_cases_as_it_says(given_rows: list[Row]) -> None:
    studied = Studied(log_of(given_rows))
    held = declared.held_against_usual(studied)
    assert held.found.fitting_share > 0, "the most frequent way keeps to itself"
    for deviation in held.found.deviations:
        having = declared.cases_with(held, deviation.kind, deviation.activity)
        assert len(set(having.tolist())) == deviation.cases
        assert (held.found.cost[having] > 0).all()


def test_a_request_that_was_returned_and_sent_again_left_the_straight_way(
    taken: snapshot.Snapshot,
) -> None:
    again = Walk(client=NOORA, at=TEN - timedelta(days=5))
    again.answered("returned", fields=["membership_number"]).later(hours=1).filled_in()
    del again.made["delivery"]
    again.submitted().acknowledged().answered("approved").finished_visit()
    taken = snapshot.take(at=TEN)
    client = signed_in(NASSER)
    assert client.get(address(taken, "conformance")).context["rows"] == []
    seen = client.get(address(taken, "conformance"), {"against": "straight"})
    assert (seen.context["cases"], seen.context["kept"]) == (3, 2)
    said = {row["sentence"].split("”")[0] for row in seen.context["rows"]}
    assert any("Returned for correction" in sentence for sentence in said)
    assert any("Handed to the line" in sentence for sentence in said)
    for row in seen.context["rows"]:
        listed = client.get(row["cases"])
        assert listed.context["count"] == 1
        names = [step["name"] for step in listed.context["rows"][0]["steps"]]
        assert names.count("Handed to the line") == 2


def test_a_deviation_that_nobody_made_has_no_requests(taken: snapshot.Snapshot) -> None:
    asked = {"deviation": "skipped", "activity": "case.decided", "against": "straight"}
    seen = signed_in(NASSER).get(address(taken, "cases"), asked)
    assert seen.context["count"] == 0
    assert "No request is like that." in words_of(seen)


def test_the_straight_way_says_what_was_cancelled(taken: snapshot.Snapshot) -> None:
    Walk(client=NOORA, at=TEN - timedelta(days=5)).completed().paid().paid_back().finished_visit()
    taken = snapshot.take(at=TEN)
    seen = signed_in(NASSER).get(address(taken, "conformance"), {"against": "straight"})
    said = [row["sentence"] for row in seen.context["rows"]]
    assert any("Cancelled" in sentence for sentence in said), said
    for row in seen.context["rows"]:
        listed = signed_in(NASSER).get(row["cases"])
        assert listed.context["count"] == 1
        assert [step["name"] for step in listed.context["rows"][0]["steps"]][-1] == "Cancelled"


def test_requests_are_listed_under_other_names_and_led_to_by_nobody(
    taken: snapshot.Snapshot,
) -> None:
    seen = signed_in(NASSER).get(address(taken, "cases"))
    text = seen.content.decode()
    with acting(national_scope()):
        for event in Event.objects.exclude(case_id=None):
            assert str(event.case_id) not in text
            assert str(event.actor_id) not in text
    assert "/desk/" not in text
    assert seen.context["count"] == 3
    log = one(taken).log
    assert {row["name"] for row in seen.context["rows"]} == set(log.case.names)
    assert sum(row["count"] for row in seen.context["rows"]) == len(log)


def test_a_way_and_a_move_lead_to_their_requests(taken: snapshot.Snapshot) -> None:
    client = signed_in(NASSER)
    mapped = client.get(address(taken, "process"), {"share": "100"})
    for _steps, way, _median, to in mapped.context["variants"]:
        assert client.get(to).context["count"] == way.requests
    for edge in mapped.context["edges"]:
        assert client.get(edge["cases"]).context["count"] == edge["requests"]
    assert client.get(address(taken, "cases"), {"variant": "99"}).status_code == 409
    assert client.get(address(taken, "cases"), {"source": "a", "target": "b"}).context["count"] == 0


def test_pages_of_requests_have_a_first_and_a_last(
    taken: snapshot.Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "ON_A_PAGE", 1)
    client = signed_in(NASSER)
    names, at = [], address(taken, "cases")
    for number in (1, 2, 3):
        seen = client.get(at)
        names.append(seen.context["rows"][0]["name"])
        assert (seen.context["first"], seen.context["last"]) == (number, number)
        at = seen.context["links"].get("after", "")
    assert at == ""
    assert set(names) == set(one(taken).log.case.names)
    assert set(seen.context["links"]) == {"first", "before"}
    assert client.get(address(taken, "cases"), {"page": "999"}).context["page"] == 3


def test_two_periods_are_compared_and_a_request_in_both_is_refused(
    taken: snapshot.Snapshot,
) -> None:
    client = signed_in(NASSER, language="en")
    halves = {
        "by": "period", "first_from": "2025-08-01", "first_to": "2025-09-01",
        "second_from": "2025-09-02", "second_to": "2025-09-30",
    }  # fmt: skip
    seen = client.get(address(taken, "compare"), halves)
    assert seen.status_code == 200
    assert seen.context["groups"].sizes == (2, 1)
    assert "Not distinguishable" in words_of(seen)
    both = client.get(address(taken, "compare"), halves | {"second_from": "2025-08-01"})
    assert both.status_code == 422
    assert 'value="2025-08-01"' in both.content.decode()
    odd = client.get(address(taken, "compare"), halves | {"first_to": "soon"})
    assert "“soon” is not a day." in words_of(odd)
    assert 'value="soon"' in odd.content.decode()


def test_two_governorates_are_compared(taken: snapshot.Snapshot) -> None:
    Walk(centre=SOHAR, operator=ZAHRA, client=NOORA, at=TEN - timedelta(days=3)).answered(
        "approved"
    ).finished_visit()
    taken = snapshot.take(at=TEN)
    client = signed_in(NASSER)
    asked = client.get(address(taken, "compare"), {"by": "governorate"})
    choices = [choice.value for choice in asked.context["fields"][0].choices]
    assert len(choices) == 2
    assert asked.context["result"] is None
    first, second = choices
    seen = client.get(
        address(taken, "compare"), {"by": "governorate", "first": first, "second": second}
    )
    assert sorted(seen.context["groups"].sizes) == [1, 3]
    same = {"by": "governorate", "first": first, "second": first}
    assert client.get(address(taken, "compare"), same).status_code == 422


def test_two_entities_are_compared_and_a_large_log_by_a_fair_draw(
    taken: snapshot.Snapshot,
) -> None:
    client = signed_in(NASSER)
    at = reverse("lab_entities", args=[taken.id])
    seen = client.get(at, {"first": str(CHAMBER), "second": str(HEALTH)})
    assert seen.status_code == 200
    assert seen.context["sizes"] == (3, 1)
    assert client.get(seen.context["trail"]["again"]).context["sizes"] == (3, 1)
    assert client.get(at, {"first": str(CHAMBER), "second": str(CHAMBER)}).status_code == 422
    assert client.get(at, {"first": "x", "second": "9999"}).context["result"] is None
    drawn = procedures.of_entities(taken, CHAMBER, HEALTH, most=2)
    again = procedures.of_entities(taken, HEALTH, CHAMBER, most=2)
    assert drawn is not None
    assert again is not None
    assert drawn.log.cases == 2
    assert drawn.drawn_from == 4
    assert set(drawn.log.case.names) == set(again.log.case.names)


def test_what_is_taken_away_is_the_log_as_it_was(taken: snapshot.Snapshot, tmp_path: Path) -> None:
    client = signed_in(NASSER)
    log = one(taken).as_it_was
    assert log.start is None
    names = {"xes": "log.xes.gz", "ocel": "log.json"}
    for form, name in names.items():
        answer = client.get(reverse("lab_export", args=[taken.id, RENEW_MEMBERSHIP, form]))
        assert answer.status_code == 200
        assert taken.id in answer["Content-Disposition"]
        (tmp_path / name).write_bytes(answer.content)
    assert gzip.decompress((tmp_path / "log.xes.gz").read_bytes()).startswith(b"<?xml")
    assert json.loads((tmp_path / "log.json").read_bytes())["events"]
    flat = Flattened("case", "resource", "group")
    for found in (read_xes(tmp_path / "log.xes.gz"), read_ocel(tmp_path / "log.json", flat)):
        assert sorted(map(str, as_rows(found))) == sorted(map(str, as_rows(log)))
    other = reverse("lab_export", args=[taken.id, RENEW_MEMBERSHIP, "pdf"])
    assert client.get(other).status_code == 404


def test_a_file_that_would_be_too_large_is_refused(
    taken: snapshot.Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(export.EVENTS_AT_MOST, "ocel", 3)
    at = reverse("lab_export", args=[taken.id, RENEW_MEMBERSHIP, "ocel"])
    assert signed_in(NASSER).get(at).status_code == 409


def test_a_service_with_one_request_has_all_pages(taken: snapshot.Snapshot) -> None:
    client = signed_in(NASSER)
    statuses = {page: client.get(address(taken, page, RENEW_CARD)).status_code for page in PAGES}
    assert statuses == {
        "process": 200, "waiting": 200, "conformance": 200, "compare": 200, "cases": 200,
    }  # fmt: skip


def test_a_part_of_a_log_keeps_its_cases() -> None:
    log = words("abc", "b", "ca")
    is_a = np.array([log.activity.name(event) != "b" for event in range(len(log))])
    shorter, number = procedures.part(log, is_a)
    assert [log.case.names[case] for case in number.tolist()] == list(shorter.case.names)
    assert traces([(c, a, t) for c, a, t, *_ in as_rows(shorter)]).keys() == {"c0", "c2"}
