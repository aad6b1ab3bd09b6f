"""The benchmark's document, on the smallest graphs."""

from benchmarks import siting


def test_it_says_what_it_solved_and_what_it_did_not() -> None:
    found = siting.run(folder=None, rounds=1, seed=1, most_nodes=100)

    assert found["library"] == siting.NOT_THERE
    assert {"made-100-5", "made-100-33"} == set(found["made"])
    for one in found["made"].values():
        assert one["proven"]
        assert one["seconds_least"] <= one["seconds_median"] <= one["seconds_most"]
    assert found["network"]["proven"]
