"""An entity's portal misbehaves as its policy says, and does each thing once nevertheless."""

import threading
import time
import uuid

import httpx
import pytest

from sandbox import answers, levers

ENTITY = "occi"


def document(request_document, **changes):
    return request_document() | {"request_id": str(uuid.uuid4())} | changes


def statuses(sandbox, request_document, times):
    found = []
    for _ in range(times):
        one = document(request_document)
        said = sandbox.submit(ENTITY, one, key=one["request_id"])
        found.append(said.status_code)
    return found


@pytest.fixture
def heard(monkeypatch):
    """The bodies that Sanad was told, and a client that tells them."""
    bodies = []

    def take(request):
        bodies.append(request.content)
        return httpx.Response(200)

    return bodies, httpx.Client(transport=httpx.MockTransport(take))


def test_a_dropped_answer_is_taken_and_the_next_try_is_the_same(sandbox, request_document):
    sandbox.policy(ENTITY, drop_answers=1)
    one = document(request_document)

    fallen = sandbox.submit(ENTITY, one)
    again = sandbox.submit(ENTITY, one)

    assert fallen.content == b"" and fallen.headers["content-length"] == "1"
    assert (again.status_code, again.headers["idempotent-replayed"]) == (202, "true")
    assert sandbox.counts(ENTITY)["accepted"] == 1


def test_more_than_it_takes_a_second_is_too_many(sandbox, request_document, monkeypatch):
    monkeypatch.setattr(type(sandbox.world), "seconds", lambda self: 1000.0)
    sandbox.policy(ENTITY, a_second=2)
    assert statuses(sandbox, request_document, 4) == [202, 202, 429, 429]
    said = sandbox.submit(ENTITY, document(request_document))
    assert (said.status_code, said.headers["retry-after"]) == (429, "1")

    monkeypatch.setattr(type(sandbox.world), "seconds", lambda self: 1001.0)
    assert statuses(sandbox, request_document, 1) == [202]
    sandbox.policy(ENTITY, a_second=None)
    assert statuses(sandbox, request_document, 3) == [202] * 3
    assert sandbox.counts(ENTITY)["accepted"] == 6


def test_a_slow_portal_takes_its_time(sandbox, request_document, monkeypatch):
    slept = []
    monkeypatch.setattr(levers.time, "sleep", slept.append)
    sandbox.policy(ENTITY, slow_seconds=1.5)

    assert statuses(sandbox, request_document, 1) == [202]
    assert slept == [1.5]


def test_a_mix_draws_the_same_by_the_same_seed(sandbox, request_document, monkeypatch):
    monkeypatch.setattr(levers.time, "sleep", lambda seconds: None)
    mix = {"seed": 7, "down": 0.2, "too_many": 0.2, "slow": 0.1, "drop": 0.2}
    drawn = []
    for _ in range(2):
        assert sandbox.policy(ENTITY, mix=mix).json()["mix"] == mix
        drawn.append(statuses(sandbox, request_document, 40))

    assert drawn[0] == drawn[1]
    assert set(drawn[0]) == {200, 202, 429, 503}  # 200 stands for a dropped answer
    sandbox.policy(ENTITY, mix=None)
    assert set(statuses(sandbox, request_document, 10)) == {202}


def test_an_answer_is_told_twice(sandbox, request_document, heard):
    bodies, client = heard
    sandbox.policy(ENTITY, mode="auto", delay_seconds=0, twice=True)
    statuses(sandbox, request_document, 1)

    answers.decide_due(sandbox.world)
    assert answers.deliver_due(sandbox.world, client) == 1

    assert len(bodies) == 2 and len(set(bodies)) == 1
    assert sandbox.counts(ENTITY)["answers_sent"] == 1


def test_two_answers_are_swapped(sandbox, request_document, heard):
    bodies, client = heard
    sandbox.policy(ENTITY, swapped=True)
    requests = [document(request_document) for _ in range(2)]
    for one in requests:
        sandbox.submit(ENTITY, one, key=one["request_id"])
    answers.answer(sandbox.world, requests[0]["request_id"], "approved")
    assert answers.deliver_due(sandbox.world, client) == 0, "it waits for another"
    answers.answer(sandbox.world, requests[1]["request_id"], "approved")

    assert answers.deliver_due(sandbox.world, client) == 2
    assert [requests.index(one) for body in bodies for one in requests
            if one["request_id"].encode() in body] == [1, 0]  # fmt: skip


def test_the_decision_overtakes_the_acknowledgement(sandbox, request_document, heard):
    bodies, client = heard
    sandbox.policy(ENTITY, mode="auto", delay_seconds=60, early=True)
    told_before_acknowledged = []

    def deliver():
        ends = time.monotonic() + 10
        while not bodies and time.monotonic() < ends:
            answers.decide_due(sandbox.world)
            answers.deliver_due(sandbox.world, client)
        told_before_acknowledged.append(not acknowledged)

    acknowledged = []
    thread = threading.Thread(target=deliver)
    thread.start()
    said = sandbox.submit(ENTITY, document(request_document))
    acknowledged.append(said.status_code)
    thread.join()

    assert acknowledged == [202] and b'"approved"' in bodies[0]


@pytest.mark.parametrize("policy", [
    {"slow_seconds": 61}, {"drop_answers": -1}, {"a_second": 0}, {"mix": {"down": 2}},
    {"mix": {"hail": 0.1}}, {"early": "yes"},
])  # fmt: skip
def test_a_wrong_lever_changes_nothing(sandbox, policy):
    before = sandbox.policy(ENTITY, mode="manual").json()

    assert sandbox.policy(ENTITY, **policy).status_code == 422
    assert sandbox.policy(ENTITY, mode="manual").json() == before
