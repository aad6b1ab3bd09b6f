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
def count_by_case(case: Int32, cases: int) -> Int64:
    """The events of each case: int64 [cases]."""
    counts = np.zeros(cases, np.int64)
    for code in case:
        counts[code] += 1
    return counts


@numba.njit(cache=True, nogil=True)
def place_by_case(
    case: Int32, time: Int64, carried: Int32, free: Int64, carried_to: Int32, time_to: Int64
) -> None:
    """Put these events where their case has its next free place, `free` int64 [cases], which this
    moves on: what is carried along, int32 [events], and the times. In one pass, because a case's
    places are then in the cache."""
    for event in range(case.size):
        code = case[event]
        place = free[code]
        carried_to[place] = carried[event]
        time_to[place] = time[event]
        free[code] = place + 1


@numba.njit(cache=True, nogil=True)
def order_in_cases(order: Int32, time: Int64, offsets: Int64) -> None:
    """Order each case by time, in place for both; ties keep their order.

    Both are placed by case: order[i] is what is carried along with time[i].
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
def edge_values(
    activity: Int32, time: Int64, end: Int64, offsets: Int64, width: int, free: Int64, values: Int64
) -> None:
    """The microseconds of every move, from the completion before to `end` int64 [events] of the
    event (none where that is earlier), put into `values` at the edge's next free place.

    `free` int64 [width²] in the order of a * width + b is moved on.
    """
    for case in range(offsets.size - 1):
        for i in range(offsets[case] + 1, offsets[case + 1]):
            edge = activity[i - 1] * width + activity[i]
            values[free[edge]] = max(end[i] - time[i - 1], 0)
            free[edge] += 1


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
    something else), and cases in which the activity came more than once. Then int64 [loops back]:
    a * activities + b for each return from a to a b already done in the case.
    """
    counts = np.zeros((3, activities), np.int64)
    returns = np.empty(activity.size, np.int64)
    seen = np.full(activities, -1, np.int32)
    again = np.full(activities, -1, np.int32)
    back = 0
    for case in range(offsets.size - 1):
        for i in range(offsets[case], offsets[case + 1]):
            b = activity[i]
            if seen[b] != case:
                seen[b] = case
                continue
            if again[b] != case:
                again[b] = case
                counts[2, b] += 1
            a = np.int64(activity[i - 1])
            if a == b:
                counts[0, b] += 1
            else:
                counts[1, b] += 1
                returns[back] = a * activities + b
                back += 1
    return counts, returns[:back].copy()


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


@numba.njit(cache=True, nogil=True)
def retrace(events: Int32, origin: Int32, steps: int) -> tuple[Int32, Int32]:
    """Walk an alignment back from its end. Returns, int32 [2, moves], from which step to which the
    case went (`steps` is start and end), and, int32 [length], of each event whether it was in
    place (0), is no step of the net (1), was done again (2) or was done where it has no place (3).
    """
    went = np.empty((2, events.size + 1), np.int32)
    inserted = np.zeros(events.size, np.int32)
    state = origin[events.size]
    went[0, 0], went[1, 0] = state, steps
    found = 1
    for place in range(events.size - 1, -1, -1):
        if events[place] == state and origin[place] >= 0:
            went[0, found], went[1, found] = origin[place], state
            state = origin[place]
            found += 1
        else:
            inserted[place] = 1 if events[place] < 0 else 3
    done = np.zeros(steps, np.bool_)
    for place in range(events.size):
        step = events[place]
        if step < 0:
            continue
        if inserted[place] == 3 and done[step]:
            inserted[place] = 2
        done[step] = True
    return went[:, :found], inserted


@numba.njit(cache=True, nogil=True)
def align_all(
    activity: Int32, offsets: Int64, first_case: Int32, weights: Int64, step_of: Int32,
    distance: Int64, passed: Int32, optional: Any,
) -> tuple[Int64, Int64, Int64]:  # fmt: skip
    """Align a case of each variant, `first_case` int32 [variants], with a net of n steps.

    `weights` int64 [variants] are the cases of each, `step_of` int32 [activities] is the step that
    an activity is (-1: none), `distance` as of :func:`align`, `passed` int32 [n + 1, n + 1] a step
    passed on the way between two (-1: none), `optional` bool [n]. Returns the cost int64
    [variants]; then how often and in how many cases each step was skipped, int64 [2, n]; and the
    same of each activity that was inserted, int64 [4, 2, activities], by the mark of `retrace`.
    """
    n = distance.shape[0] - 1
    cost = np.empty(first_case.size, np.int64)
    skipped = np.zeros((2, n), np.int64)
    strange = np.zeros((4, 2, step_of.size), np.int64)
    seen_step = np.full(n, -1, np.int32)
    seen_strange = np.full((4, step_of.size), -1, np.int32)
    for variant in range(first_case.size):
        codes = activity[offsets[first_case[variant]] : offsets[first_case[variant] + 1]]
        events = step_of[codes]
        cost[variant], origin = align(events, distance)
        if cost[variant] == 0:
            continue
        went, inserted = retrace(events, origin, n)
        weight = weights[variant]
        _tally_skipped(went, passed, optional, variant, weight, seen_step, skipped)
        for place in range(inserted.size):
            mark, code = inserted[place], codes[place]
            if mark == 0:
                continue
            strange[mark, 0, code] += weight
            if seen_strange[mark, code] != variant:
                seen_strange[mark, code] = variant
                strange[mark, 1, code] += weight
    return cost, skipped, strange


@numba.njit(cache=True, nogil=True)
def _tally_skipped(
    went: Int32, passed: Int32, optional: Any, variant: int, weight: int, seen: Int32,
    skipped: Int64,
) -> None:  # fmt: skip
    """Add to `skipped` the steps on every way that the case went, but for optional ones."""
    ahead = np.empty((2, passed.shape[0] + 2), np.int32)
    for move in range(went.shape[1]):
        ahead[:, 0] = went[:, move]
        left = 1
        while left:  # a way is its two halves and the step between them
            left -= 1
            source, target = ahead[0, left], ahead[1, left]
            middle = passed[source, target]
            if middle < 0:
                continue
            ahead[0, left], ahead[1, left] = source, middle
            ahead[0, left + 1], ahead[1, left + 1] = middle, target
            left += 2
            if optional[middle]:
                continue
            skipped[0, middle] += weight
            if seen[middle] != variant:
                seen[middle] = variant
                skipped[1, middle] += weight


@numba.njit(cache=True, nogil=True)
def spreads(values: Int64, begins: Int64, shares: Any, most: int) -> tuple[Int64, Any]:
    """Of each group of `values`, begins[g]:begins[g + 1]: the sum, int64 [groups], and the
    quantiles, float64 [shares, groups], linear between two values. Groups of more than `most`
    values are passed over, with sum and quantiles 0."""
    groups = begins.size - 1
    sums = np.zeros(groups, np.int64)
    found = np.zeros((shares.size, groups), np.float64)
    for group in range(groups):
        size = begins[group + 1] - begins[group]
        if size == 0 or size > most:
            continue
        ordered = np.sort(values[begins[group] : begins[group + 1]])
        sums[group] = ordered.sum()
        for one in range(shares.size):
            place = (size - 1) * shares[one]
            low = int(np.floor(place))
            high = min(low + 1, size - 1)
            found[one, group] = ordered[low] + (ordered[high] - ordered[low]) * (place - low)
    return sums, found
