"""Small instances by draws, and every choice of one tried out."""

from itertools import product

from hypothesis import strategies as st

from sanad.lab.portfolio import schedule
from sanad.lab.portfolio.instance import Initiative, Instance, Value
from sanad.lib.bilingual import Text
from sanad.lib.quarters import Quarter

FIRST = Quarter(2026, 3)


def initiative(code: str, **facts: object) -> Initiative:
    """One of two quarters that costs a rial in each and is worth a point a quarter."""
    given = {"duration": 2, "value": Value(500, 1000, 1500), "cost_baisa": (1000, 1000)} | facts
    return Initiative(code, Text(f"مبادرة {code}", f"Initiative {code}"), **given)  # type: ignore[arg-type]


def plan(
    *initiatives: Initiative, quarters: int = 6, budget: int = 100_000, **crews: int
) -> Instance:  # fmt: skip
    """A plan with so many baisa each year."""
    empty = Instance(FIRST, quarters, (), {})
    return Instance(
        FIRST, quarters, initiatives, dict.fromkeys(empty.years, budget),
        {kind: (there,) * quarters for kind, there in crews.items()},
    )  # fmt: skip


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """Up to four initiatives over up to five quarters, with every kind of rule."""
    quarters = draw(st.integers(2, 5))
    count = draw(st.integers(1, 4))
    codes = "abcd"[:count]
    found = []
    for n, code in enumerate(codes):
        before, others = codes[:n], codes.replace(code, "")
        mid = draw(st.integers(0, 9))
        found.append(
            initiative(
                code, duration=draw(st.integers(1, 3)), value=Value(mid - 2, mid, mid + 3),
                cost_baisa=tuple(draw(st.lists(st.integers(0, 4), min_size=1, max_size=4))),
                crew={"people": tuple(draw(st.lists(st.integers(0, 2), max_size=3)))},
                after=_some(draw, before), excludes=_some(draw, others),
                one_of=_some(draw, others), earliest=draw(st.integers(0, 2)),
            )
        )  # fmt: skip
    return plan(
        *found, quarters=quarters, budget=draw(st.integers(1, 12)), people=draw(st.integers(1, 3))
    )


def _some(draw: st.DrawFn, codes: str) -> tuple[str, ...]:
    """Seldom more than none."""
    if not codes or draw(st.integers(0, 3)):
        return ()
    return tuple(sorted(draw(st.sets(st.sampled_from(codes), min_size=1, max_size=2))))


def best_by_trying(
    instance: Instance, *, forced: dict[str, bool] | None = None
) -> int | None:  # fmt: skip
    """The greatest value of all choices that hold the rules; None where none does."""
    forced = forced or {}
    ways = []
    for one in instance.initiatives:
        wanted = forced.get(one.code, True if one.must else False if one.never else None)
        out = [] if wanted is True else [None]
        ways.append(out if wanted is False else [*out, *range(instance.quarters)])
    found = None
    for starts in product(*ways):
        chosen = {
            one.code: start
            for one, start in zip(instance.initiatives, starts, strict=True)
            if start is not None
        }
        value = instance.value_of(chosen).mid
        if (found is None or value > found) and holds(instance, chosen):
            found = value
    return found


def holds(instance: Instance, starts: dict[str, int]) -> bool:
    try:
        schedule.require_holds(instance, starts)
    except schedule.ScheduleRefused:
        return False
    return True
