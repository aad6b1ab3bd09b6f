"""The passes over a log that must be fast, compiled by Numba.

All take a log in order: `activity` int32 [events], `time` int64 [events] (microseconds UTC) and
`offsets` int64 [cases + 1], where case c holds the events offsets[c]:offsets[c + 1]. Every pass is
O(events) but the ordering within a case, which is O(n log n) where the case is out of order.
"""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Words = NDArray[np.uint64]

FEW = 48  # a case this short is ordered by insertion, a longer one by a stable merge sort


@numba.njit(cache=True, nogil=True)
def case_offsets(case: Int32, cases: int) -> Int64:
    """Where each case begins: int64 [cases + 1]."""
    offsets = np.zeros(cases + 1, np.int64)
    for code in case:
        offsets[code + 1] += 1
    for one in range(cases):
        offsets[one + 1] += offsets[one]
    return offsets


@numba.njit(cache=True, nogil=True)
def place_by_case(case: Int32, time: Int64, offsets: Int64) -> tuple[Int32, Int64]:
    """The events by case, in the order of the log within it: their numbers, int32 [events], and
    their times, int64 [events]; in one pass, because a case's places are then in the cache."""
    order = np.empty(case.size, np.int32)
    placed = np.empty(case.size, np.int64)
    free = offsets[:-1].copy()
    for event in range(case.size):
        code = case[event]
        place = free[code]
        order[place] = event
        placed[place] = time[event]
        free[code] = place + 1
    return order, placed


@numba.njit(cache=True, nogil=True)
def order_in_cases(order: Int32, time: Int64, offsets: Int64) -> None:
    """Order each case by time, in place for both; ties keep their order.

    `time` is already placed: time[i] is of the event order[i].
    """
    for case in range(offsets.size - 1):
        first, after = offsets[case], offsets[case + 1]
        in_order = True
        for i in range(first + 1, after):
            if time[i] < time[i - 1]:
                in_order = False
                break
        if in_order:
            continue
        if after - first > FEW:
            moved = np.argsort(time[first:after], kind="mergesort")
            order[first:after] = order[first:after][moved]
            time[first:after] = time[first:after][moved]
            continue
        for i in range(first + 1, after):
            when, event, hole = time[i], order[i], i
            while hole > first and time[hole - 1] > when:
                time[hole], order[hole] = time[hole - 1], order[hole - 1]
                hole -= 1
            time[hole], order[hole] = when, event


@numba.njit(cache=True, nogil=True)
def directly_follows(activity: Int32, offsets: Int64, activities: int) -> tuple[Int64, Int64]:
    """How often one activity comes right after another, and in how many cases.

    Returns two int64 [activities, activities]: [a, b] is of a followed by b; a self-loop is [a, a].
    """
    counts = np.zeros((activities, activities), np.int64)
    in_cases = np.zeros((activities, activities), np.int64)
    seen = np.full((activities, activities), -1, np.int32)
    for case in range(offsets.size - 1):
        for i in range(offsets[case] + 1, offsets[case + 1]):
            a, b = activity[i - 1], activity[i]
            counts[a, b] += 1
            if seen[a, b] != case:
                seen[a, b] = case
                in_cases[a, b] += 1
    return counts, in_cases


@numba.njit(cache=True, nogil=True)
def edge_values(activity: Int32, values: Int64, offsets: Int64, counts: Int64) -> tuple[Int64, Any]:
    """The value of every move, put together by edge.

    `values` int64 [events] is of the move that ends at the event; `counts` is of
    `directly_follows`. Returns where each edge begins, int64 [activities² + 1] in the order of
    a * activities + b, and the values, int64 [moves].
    """
    width = counts.shape[0]
    begins = np.zeros(width * width + 1, np.int64)
    for edge in range(width * width):
        begins[edge + 1] = begins[edge] + counts[edge // width, edge % width]
    free = begins[:-1].copy()
    grouped = np.empty(begins[-1], np.int64)
    for case in range(offsets.size - 1):
        for i in range(offsets[case] + 1, offsets[case + 1]):
            edge = activity[i - 1] * width + activity[i]
            grouped[free[edge]] = values[i]
            free[edge] += 1
    return begins, grouped


@numba.njit(cache=True, nogil=True)
def time_since_previous(time: Int64, offsets: Int64) -> Int64:
    """Microseconds from the event before in the case; 0 for the first: int64 [events]."""
    since = np.zeros(time.size, np.int64)
    for case in range(offsets.size - 1):
        for i in range(offsets[case] + 1, offsets[case + 1]):
            since[i] = time[i] - time[i - 1]
    return since


@numba.njit(cache=True, nogil=True)
def activity_counts(activity: Int32, offsets: Int64, activities: int) -> Int64:
    """For each activity its events, cases, cases it starts and cases it ends.

    int64 [4, activities], in that order.
    """
    counts = np.zeros((4, activities), np.int64)
    seen = np.full(activities, -1, np.int32)
    for case in range(offsets.size - 1):
        first, after = offsets[case], offsets[case + 1]
        for i in range(first, after):
            a = activity[i]
            counts[0, a] += 1
            if seen[a] != case:
                seen[a] = case
                counts[1, a] += 1
        counts[2, activity[first]] += 1
        counts[3, activity[after - 1]] += 1
    return counts


@numba.njit(cache=True, nogil=True)
def case_hashes(activity: Int32, offsets: Int64) -> Words:
    """A rolling 64-bit hash of each case's activities: uint64 [cases].

    FNV-1a's prime over whole codes, finished by the mixer of SplitMix64 so that the low bits,
    which choose the place in the table, depend on all.
    """
    hashes = np.empty(offsets.size - 1, np.uint64)
    for case in range(offsets.size - 1):
        word = np.uint64(14695981039346656037)
        for i in range(offsets[case], offsets[case + 1]):
            word = (word ^ np.uint64(activity[i])) * np.uint64(1099511628211)
        word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        hashes[case] = word ^ (word >> np.uint64(31))
    return hashes


@numba.njit(cache=True, nogil=True)
def _same(activity: Int32, offsets: Int64, one: int, other: int) -> bool:
    first, second = offsets[one], offsets[other]
    length = offsets[one + 1] - first
    if offsets[other + 1] - second != length:
        return False
    for i in range(length):  # noqa: SIM110 - a generator does not compile
        if activity[first + i] != activity[second + i]:
            return False
    return True


@numba.njit(cache=True, nogil=True)
def group_variants(activity: Int32, offsets: Int64, hashes: Words) -> tuple[Int32, Int32]:
    """The variant of each case, int32 [cases], and the first case of each, int32 [variants].

    An open table by hash; a case joins a variant only when its activities are the same one by
    one, so two sequences with one hash stay two variants.
    """
    cases = offsets.size - 1
    size = 16
    while size < 2 * cases:
        size *= 2
    table = np.full(size, -1, np.int32)
    variant = np.empty(cases, np.int32)
    firsts = np.empty(cases, np.int32)
    found = 0
    for case in range(cases):
        slot = np.int64(hashes[case] & np.uint64(size - 1))
        while True:
            known = table[slot]
            if known == -1:
                table[slot] = found
                firsts[found] = case
                variant[case] = found
                found += 1
                break
            first = firsts[known]
            if hashes[first] == hashes[case] and _same(activity, offsets, first, case):
                variant[case] = known
                break
            slot = (slot + 1) & (size - 1)
    return variant, firsts[:found].copy()


@numba.njit(cache=True, nogil=True)
def repeats(activity: Int32, offsets: Int64, activities: int) -> tuple[Int64, Int64]:
    """Work done again. First int64 [3, activities]: immediate repeats, loops back (again after
    something else), and cases in which the activity came more than once. Then int64
    [activities, activities]: [a, b] counts returns from a to a b already done in the case.
    """
    counts = np.zeros((3, activities), np.int64)
    returns = np.zeros((activities, activities), np.int64)
    seen = np.full(activities, -1, np.int32)
    again = np.full(activities, -1, np.int32)
    for case in range(offsets.size - 1):
        for i in range(offsets[case], offsets[case + 1]):
            b = activity[i]
            if seen[b] != case:
                seen[b] = case
                continue
            if again[b] != case:
                again[b] = case
                counts[2, b] += 1
            a = activity[i - 1]
            if a == b:
                counts[0, b] += 1
            else:
                counts[1, b] += 1
                returns[a, b] += 1
    return counts, returns


@numba.njit(cache=True, nogil=True)
def align(events: Int32, distance: Int64) -> tuple[Any, Int32]:
    """The cheapest alignment of one case with a net of n steps: its cost and how it was reached.

    `events` int32 [length] are steps 0..n-1, or -1 for one the net does not know. `distance`
    int64 [n + 1, n + 1] is the fewest steps that must be skipped between two: row n is before the
    start, column n after the end. Returns the cost and, int32 [length + 1], for each event the
    step the case stood at before it (n: none yet) or -1 where the event is inserted; last, the
    step at which it ends.

    The state is the last step done. An inserted event adds one to every state, so it is carried
    in one number and a state keeps the rest; only the event's own step can become cheaper.
    """
    n = distance.shape[0] - 1
    far = np.int64(1) << 40
    cost = np.full(n + 1, far, np.int64)
    cost[n] = 0
    origin = np.full(events.size + 1, -1, np.int32)
    for i in range(events.size):
        step = events[i]
        if step < 0:
            continue
        best, came = far, -1
        for state in range(n + 1):
            if cost[state] + distance[state, step] < best:
                best, came = cost[state] + distance[state, step], state
        if best - 1 < cost[step]:
            cost[step] = best - 1
            origin[i] = came
    best, came = 4 * far, n
    for state in range(n + 1):
        if cost[state] + distance[state, n] < best:
            best, came = cost[state] + distance[state, n], state
    origin[events.size] = came
    return best + events.size, origin
