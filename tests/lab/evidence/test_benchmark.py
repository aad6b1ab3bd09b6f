"""The benchmark's document, on a log of a moment."""

from benchmarks import evidence


def test_it_says_what_it_found_and_that_nobody_was_compared() -> None:
    found = evidence.run(rounds=1, events=2_000, seed=1)
    assert (found["events"], found["peers"]) == (2_000, evidence.NOT_COMPARED)
    for name in evidence.MEASURED:
        assert found[f"{name}_least"] <= found[f"{name}_median"] <= found[f"{name}_most"]
