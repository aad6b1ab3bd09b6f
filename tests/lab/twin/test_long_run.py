"""A few of the benchmark's two hundred queues: the long run that is simulated is the formula's."""

from sanad.lab.twin.engine.checks import cases, run_cases


def test_eight_queues_have_the_mean_wait_of_their_formula() -> None:
    found = run_cases(seed=5, most=8)
    assert found["cases"] == 8
    assert set(found["by_kind"]) == {"M/M/c", "M/M/c+M", "M/G/1", "M(t)/M/c"}
    assert found["widest_standard_error_percent"] <= 0.5
    assert found["farthest"] < 2.58


def test_the_benchmark_has_two_hundred() -> None:
    assert len(list(cases())) == 200
