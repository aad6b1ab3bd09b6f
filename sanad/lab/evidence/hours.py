"""Opening hours as minutes of a week, and how much of a span of time lay outside them.

The week begins on Sunday 00:00 by the wall clock; minute 0 is then and 10,079 the last. Oman keeps
no summer time, so the wall clock is UTC and a fixed offset. Holidays are not counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from sanad.lab.evidence.kernels import Int64
from sanad.lib.refusal import N_, Refused

WEEK_MINUTES: Final = 7 * 24 * 60
MINUTE: Final = 60_000_000  # microseconds
MUSCAT_MINUTES: Final = 4 * 60
EPOCH_MINUTES: Final = 4 * 24 * 60  # 1970-01-01 was a Thursday, four days into the week


class WeekHoursWrong(Refused):
    code = "evidence.week_hours_wrong"
    sentence = N_(
        "The hours from minute {opens} to minute {closes} of the week cannot be kept. A week has "
        "the minutes 0 to {last}, and a span ends after it begins."
    )


@dataclass(frozen=True, eq=False)
class OpenWeek:
    """`open_minutes` bool [10,080]; `opened` int64 [10,081] is the minutes open before each."""

    open_minutes: Int64
    opened: Int64
    offset_minutes: int

    @classmethod
    def of(cls, spans: Iterable[tuple[int, int]], *, offset_minutes: int = MUSCAT_MINUTES) -> Self:
        """Open from the first minute until just before the second. Raises `WeekHoursWrong`."""
        minutes = np.zeros(WEEK_MINUTES, np.int64)
        for opens, closes in spans:
            if not 0 <= opens < closes <= WEEK_MINUTES:
                raise WeekHoursWrong(opens=opens, closes=closes, last=WEEK_MINUTES)
            minutes[opens:closes] = 1
        return cls(minutes, np.concatenate([[0], np.cumsum(minutes)]), offset_minutes)

    def closed_within(self, begin: Int64, end: Int64) -> Int64:
        """Microseconds of each span from `begin` to `end` that lay outside: all int64 [n]."""
        return (end - begin) - (self._open_before(end) - self._open_before(begin))

    def _open_before(self, time: Int64) -> Int64:
        local = time + (self.offset_minutes + EPOCH_MINUTES) * MINUTE
        minute, rest = np.divmod(local, MINUTE)
        week, minute = np.divmod(minute, WEEK_MINUTES)
        whole = week * self.opened[-1] + self.opened[minute]
        return whole * MINUTE + self.open_minutes[minute] * rest
