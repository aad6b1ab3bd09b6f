"""Conformance against brute force, the deviations by name, and the comparison of two groups."""

from heapq import heappop, heappush
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.lab.evidence.compare import (
    Comparison,
    GroupsWrong,
    Verdict,
    compare,
    median_difference,
    share_difference,
)
from sanad.lab.evidence.conform import (
    Conformance,
    Kind,
    Net,
    NetHasNoRun,
    NetNamesUnknownStep,
    Step,
    conformance,
)
from tests.lab.evidence.small import patient, words

LINE = Net.of(
    [Step("a"), Step("b", optional=True), Step("c", repeatable=True), Step("d")],
    [("a", "b"), ("b", "c"), ("c", "d")],
    starts=["a"],
    ends=["d"],
)


def cheapest(net: Net, word: str) -> int:
    """Dijkstra over (events read, last step), one skip or insert at a time."""
    steps = {step.name: step for step in net.steps}
    follows = net.follows | {(s.name, s.name) for s in net.steps if s.repeatable}
    queue, done = [(0, 0, "")], set()
    while queue:
        cost, read, last = heappop(queue)
        if (read, last) in done:
            continue
        done.add((read, last))
        if read == len(word) and last in net.ends:
            return cost
        after = net.starts if not last else {b for a, b in follows if a == last}
        if read < len(word):
            heappush(queue, (cost + 1, read + 1, last))
        for name in after:
            heappush(queue, (cost + (not steps[name].optional), read, name))
            if read < len(word) and word[read] == name:
                heappush(queue, (cost, read + 1, name))
    raise AssertionError("the net has no run")


def assert_exact(net: Net, word: str) -> Conformance:
    found = conformance(words(word), net)
    assert found.cost[0] == cheapest(net, word)
    assert found.cost[0] == sum(one.count for one in found.deviations)
    assert found.fitness[0] == pytest.approx(
        1 - cheapest(net, word) / (len(word) + cheapest(net, ""))
    )
    return found


pairs = st.frozensets(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=9)
some = st.frozensets(st.sampled_from("abcd"), min_size=1, max_size=2)


@patient
@given(
    pairs,
    some,
    some,
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=4, max_size=4),
    st.text("abcdx", min_size=1, max_size=7),
)
def test_the_cost_is_that_of_brute_force(
    follows: frozenset[tuple[str, str]],
    starts: frozenset[str],
    ends: frozenset[str],
    flags: list[tuple[bool, bool]],
    word: str,
) -> None:
    steps = [Step(name, *flag) for name, flag in zip("abcd", flags, strict=True)]
    try:
        net = Net.of(steps, follows, starts=starts, ends=ends)
    except NetHasNoRun:
        return
    if all(net.steps[middle].optional for middle in net.between(4, 4)):
        assert net.distance[-1, -1] == 0
    assert_exact(net, word)


@pytest.mark.parametrize(
    ("word", "deviations"),
    [
        ("abcd", []),
        ("acd", []),
        ("abcccd", []),
        ("abd", [(Kind.SKIPPED, "c")]),
        ("abcdx", [(Kind.UNDECLARED, "x")]),
        ("aabcd", [(Kind.REPEATED, "a")]),
        ("dacd", [(Kind.INSERTED, "d")]),
        (
            "x",
            [(Kind.SKIPPED, "a"), (Kind.SKIPPED, "c"), (Kind.SKIPPED, "d"), (Kind.UNDECLARED, "x")],
        ),
    ],
)
def test_deviations_are_named(word: str, deviations: list[tuple[Kind, str]]) -> None:
    found = assert_exact(LINE, word)
    assert sorted((one.kind, one.activity) for one in found.deviations) == deviations
    for one in found.deviations:
        assert one.activity in one.sentence.format(**one.facts)


def test_a_deviation_counts_times_and_cases() -> None:
    found = conformance(words("abcd", "aaabcd", "aaabcd", "acd"), LINE)
    assert [(one.activity, one.count, one.cases) for one in found.deviations] == [("a", 4, 2)]
    assert found.fitting_share == 0.5
    assert found.fitness.tolist() == pytest.approx([1, 1 - 2 / 9, 1 - 2 / 9, 1])
    assert found.fitness_mean == pytest.approx(1 - 1 / 9)
    said = found.sentence.format(**found.facts)
    assert said.startswith("Of 4 cases 2 kept to the procedure altogether. A case keeps to 88.9 %")


def test_a_long_case_and_a_wide_net() -> None:
    names = [f"s{i}" for i in range(600)]
    follows = list(pairwise(names))
    net = Net.of(map(Step, names), follows, starts=names[:1], ends=names[-1:])
    assert net.distance[-1, -1] == 600
    assert net.between(600, 600) == list(range(600))
    lost = conformance(words("x" * 50), net)
    assert lost.cost[0] == 650
    assert [(one.kind, one.activity, one.count) for one in lost.deviations[:1]] == [
        (Kind.UNDECLARED, "x", 50)
    ]
    assert {one.activity for one in lost.deviations[1:]} == set(names)
    again = conformance(words("a" * 300_000 + "d"), LINE)
    assert [(one.kind, one.activity, one.count) for one in again.deviations] == [
        (Kind.REPEATED, "a", 299_999),
        (Kind.SKIPPED, "c", 1),
    ]
    assert conformance(words("a" + "c" * 300_000 + "d"), LINE).cost[0] == 0


def test_a_net_without_a_run_or_with_a_stranger_is_refused() -> None:
    with pytest.raises(NetHasNoRun):
        Net.of([Step("a"), Step("b")], [("b", "a")], starts=["a"], ends=["b"])
    with pytest.raises(NetNamesUnknownStep, match="“z”"):
        Net.of([Step("a")], [("a", "z")], starts=["a"], ends=["a"])


def groups(first: list[str], second: list[str]) -> Comparison:
    log = words(*first, *second)
    chosen = np.arange(log.cases) < len(first)
    return compare(log, chosen, ~chosen, seed=5)


def test_equal_groups_are_not_distinguishable() -> None:
    found = groups(["ab", "abc"] * 30, ["ab", "abc"] * 30)
    all_ = (*found.variants, *found.edges, found.seconds_median)
    assert {one.verdict for one in all_} == {Verdict.NOT_DISTINGUISHABLE}
    assert {one.words for one in all_} == {"not distinguishable"}


def test_unequal_groups_are_told_apart() -> None:
    found = groups(["ab"] * 40, ["abcd"] * 40)
    shares = {one.name: (one.first, one.second, one.verdict) for one in found.variants}
    assert shares == {
        ("a", "b"): (1, 0, Verdict.LESS),
        ("a", "b", "c", "d"): (0, 1, Verdict.MORE),
    }
    edges = {one.name: (one.first, one.second) for one in found.edges}
    assert edges == {("a", "b"): (1, 1), ("b", "c"): (0, 1), ("c", "d"): (0, 1)}
    assert found.seconds_median.verdict is Verdict.MORE
    assert (found.seconds_median.first, found.seconds_median.second) == (3_600, 3 * 3_600)


def test_an_edge_twice_in_a_case_is_one_case() -> None:
    found = groups(["abab", "c"], ["ab", "c"])
    assert {one.name: one.first for one in found.edges}["a", "b"] == 0.5


def test_a_share_by_itself_and_among_many_is_the_same() -> None:
    found = groups(["abc"] * 3 + ["b"], ["abc", "bd", "bd"])
    for one in (*found.variants, *found.edges):
        alone = share_difference(one.name, round(4 * one.first), 4, round(3 * one.second), 3)
        assert alone == one


def test_newcombe_as_published() -> None:
    # Newcombe 1998, table II (a): 56/70 against 48/80, method 10.
    found = share_difference((), 48, 80, 56, 70)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize("size", [1, 2, 7, 40, 41])
def test_medians_of_resamples_are_as_if_drawn(size: int) -> None:
    draws = np.random.default_rng(11)
    sample = draws.exponential(1e9, size).astype(np.int64)
    zero = np.zeros(1, np.int64)
    found = median_difference(zero, sample, seed=1, rounds=40_000)
    drawn = np.median(draws.choice(sample, (40_000, size)), axis=1) / 1e6
    spread = float(np.std(drawn)) or 1.0
    assert found.low == pytest.approx(np.quantile(drawn, 0.025), abs=0.15 * spread)
    assert found.high == pytest.approx(np.quantile(drawn, 0.975), abs=0.15 * spread)
    assert found == median_difference(zero, sample, seed=1, rounds=40_000)


def test_groups_that_overlap_or_are_empty_are_refused() -> None:
    log = words("a", "b")
    for first, second in (([1, 1], [1, 0]), ([0, 0], [1, 0])):
        with pytest.raises(GroupsWrong):
            compare(log, np.array(first, bool), np.array(second, bool), seed=1)
