"""The proofs in their smallest size, each with its negative control; see docs/proofs.md."""


def clean(found: dict) -> bool:
    return (found["lost"], found["doubled"], found["leaked"], found["wrong"]) == (0, 0, 0, [])


def test_money_acknowledged_survives_kill_9(prove):
    found = prove("kill9", "--rounds", "2")

    assert clean(found)
    assert found["faults_injected"]["database"] == 2
    assert found["faults_injected"]["background worker"] == 2
    assert found["faults_injected"]["web worker"] == 8
    assert found["acknowledged_payments"] == 24
    assert found["unclear_answers"] > 0, "the kills hit somebody"
    assert found["control"]["found"] > 0


def test_a_retry_happens_once(prove):
    found = prove("retries", "--rounds", "120")

    assert clean(found)
    assert found["operations"] == 120
    assert found["dropped_after_commit_share"] >= 0.15
    assert {"drop_after", "duplicate", "reset"} <= found["faults_injected"].keys()
    assert found["control"]["found"] > 0


def test_a_portal_that_is_down_for_eight_hours_loses_nothing(prove):
    found = prove("portal-down", "--rounds", "40")

    assert clean(found)
    assert found["requests"] == 40
    assert found["told_after_seconds"] <= 60
    assert found["most_taken_in_a_second"] == 1
    assert {"down", "silent", "answer_lost"} <= found["faults_injected"].keys()
    assert found["control"]["found"] > 0


def test_a_payment_in_doubt_ends_once(prove):
    found = prove("in-doubt", "--rounds", "120")

    assert clean(found)
    assert found["confirmed"] + found["failed"] == found["payments"] == 120
    assert found["faults_injected"]["second_charge"] > 60
    assert found["control"]["found"] > 0


def test_nothing_above_the_cap_is_posted(prove):
    found = prove("fee-cap", "--rounds", "1000")

    assert clean(found)
    assert sum(found["faults_injected"].values()) == found["attempts"] == 1000
    assert {way.partition(":")[0] for way in found["faults_injected"]} == {"SQL", "screen", "API"}
    assert found["control"]["found"] > 0
