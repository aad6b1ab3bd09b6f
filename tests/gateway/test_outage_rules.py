"""When an outage begins, and what it costs of the opening hours: no database is asked."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanad.gateway import portals, rules
from sanad.gateway.rules import Try, down_since
from sanad.lib.bilingual import Text
from sanad.lib.opening_hours import Holiday, Holidays, Span, Weekday
from tests.network import TEN
from tests.refusals import said

ONE, TWO = UUID(int=1), UUID(int=2)
STATUSES = (None, 500, 503, 202, 200, 422, 429, 401)


def tries(*found: tuple[UUID, float, int | None]) -> list[Try]:
    return [Try(who, TEN + timedelta(seconds=after), status) for who, after, status in found]


@pytest.mark.parametrize(
    ("found", "since"),
    [
        (tries((ONE, 0, None), (TWO, 1, 503), (ONE, 5, 500)), 0),
        (tries((ONE, 0, None), (ONE, 20, None), (ONE, 30, None)), 0),
        (tries((ONE, 0, None), (ONE, 20, None), (ONE, 29, None)), None),
        (tries((ONE, 0, None), (TWO, 1, None)), None),
        (tries((ONE, 0, 503), (TWO, 1, 202), (ONE, 90, 503)), None),
        (tries((ONE, 0, 503), (TWO, 1, 422), (ONE, 90, 503)), None),
        (tries((ONE, 0, 429), (TWO, 1, 429), (ONE, 90, 429)), None),
        (tries((ONE, 0, 202), (TWO, 9, 503), (ONE, 10, None), (TWO, 90, 503)), 9),
        ([], None),
    ],
)
def test_three_failures_on_the_entitys_side_begin_an_outage_at_the_first_of_them(found, since):
    expected = None if since is None else TEN + timedelta(seconds=since)

    assert down_since(found) == expected


@given(
    st.lists(
        st.tuples(st.sampled_from([ONE, TWO]), st.integers(0, 600), st.sampled_from(STATUSES)),
        max_size=8,
    )
)
def test_an_outage_begins_at_a_failure_and_never_before_something_was_taken(found):
    history = tries(*sorted(found, key=lambda one: one[1]))

    since = down_since(history)

    if since is not None:
        assert since in {one.at for one in history if one.is_entitys_fault}
        assert all(one.is_entitys_fault for one in history[-3:])
        assert len({one.delivery for one in history[-3:]}) > 1 or history[-1].at - since >= (
            rules.DOWN_FOR_ONE_REQUEST
        )


MORNING = Span(time(8), time(14))
PATTERN = {Weekday.TUE: [(MORNING, 1.0)], Weekday.WED: [(MORNING, 0.5)]}


def test_lost_minutes_are_those_of_the_average_centres_opening_hours():
    """Tuesday 10:00 to Wednesday 10:00: four hours of every centre, two hours of half of them."""
    end = TEN + timedelta(days=1)
    rest = Holidays.of([Holiday(date(2025, 10, 1), Text("عطلة", "Holiday"))])

    assert portals.open_minutes(TEN, end, PATTERN, Holidays()) == 240 + 60
    assert portals.open_minutes(TEN, end, PATTERN, rest) == 240


@given(st.integers(-20_000, 20_000), st.integers(0, 20_000), st.integers(0, 20_000))
def test_lost_minutes_add_up_and_never_exceed_the_outage(start, first, second):
    begins = TEN + timedelta(minutes=start)
    middle, end = begins + timedelta(minutes=first), begins + timedelta(minutes=first + second)
    lost = [
        portals.open_minutes(a, b, PATTERN, Holidays())
        for a, b in ((begins, middle), (middle, end), (begins, end))
    ]

    assert lost[0] + lost[1] == pytest.approx(lost[2])
    assert 0 <= lost[2] <= first + second


@pytest.mark.parametrize(
    ("start", "hours", "note", "refusal"),
    [
        (1, 0, "x", rules.OutageBackwards),
        (1, -3, "x", rules.OutageBackwards),
        (-1, 3, "x", rules.OutagePast),
        (1, 24 * 31, "x", rules.OutageTooLong),
        (1, 3, "  ", rules.OutageWordless),
    ],
)
def test_what_cannot_be_announced_says_why(start, hours, note, refusal):
    begins = TEN + timedelta(hours=start)

    with pytest.raises(refusal) as caught:
        rules.require_announceable(
            start=begins, end=begins + timedelta(hours=hours), note_ar="صيانة", note_en=note, at=TEN
        )

    arabic, english = said(caught.value)
    assert arabic != english


def test_an_announcement_from_this_very_minute_is_taken():
    rules.require_announceable(
        start=TEN, end=TEN + timedelta(hours=1), note_ar="صيانة", note_en="Upkeep",
        at=TEN + timedelta(seconds=40),
    )  # fmt: skip
