"""A binary heap in two arrays: the moment of an event and what happens then.

Williams (1964), "Algorithm 232: Heapsort". Events of one moment come in the order of their codes,
so the order in which they were put in changes nothing. `size[0]` is how many there are.
"""

from sanad.lab.twin.engine.compiled import step
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import Floats


@step
def push(moments: Floats, codes: Ints, size: Ints, moment: float, code: int) -> None:
    """Put in an event."""
    here = size[0]
    size[0] += 1
    while here > 0:
        above = (here - 1) >> 1
        if not (moment < moments[above] or (moment == moments[above] and code < codes[above])):
            break
        moments[here], codes[here] = moments[above], codes[above]
        here = above
    moments[here], codes[here] = moment, code


@step
def pop(moments: Floats, codes: Ints, size: Ints) -> int:
    """Take out the first event and return its code; its moment was `moments[0]`."""
    first = codes[0]
    size[0] -= 1
    last = size[0]
    moment, code = moments[last], codes[last]
    here = 0
    while True:
        below = 2 * here + 1
        if below >= last:
            break
        right = below + 1
        if right < last and (
            moments[right] < moments[below]
            or (moments[right] == moments[below] and codes[right] < codes[below])
        ):
            below = right
        if not (moments[below] < moment or (moments[below] == moment and codes[below] < code)):
            break
        moments[here], codes[here] = moments[below], codes[below]
        here = below
    moments[here], codes[here] = moment, code
    return first
