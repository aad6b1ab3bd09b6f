"""Quarters of the calendar year, the period the network reports in."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from sanad.lib.digits import ascii_digits
from sanad.lib.refusal import N_, Refused


class QuarterRefused(Refused):
    code = "quarters.not_a_quarter"
    sentence = N_(
        "“{text}” is not a quarter. Write the year and the number of the quarter, like 2025Q3."
    )


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """One quarter; quarters sort by time."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 4 and dt.MINYEAR <= self.year <= dt.MAXYEAR):
            raise QuarterRefused(text=str(self))

    def __str__(self) -> str:
        return f"{self.year:04d}Q{self.number}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2025Q3" (also "2025-Q3", "2025 q3", digits of any script)."""
        found = re.fullmatch(r"(\d{4})[\s-]?[Qq]([1-4])", ascii_digits(text).strip())
        if found is None:
            raise QuarterRefused(text=text)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def containing(cls, day: dt.date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.number * 3 - 2, 1)

    @property
    def last_day(self) -> dt.date:
        month = self.number * 3
        return dt.date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        return Quarter(self.year - (self.number == 1), (self.number + 2) % 4 + 1)

    def later(self, quarters: int) -> "Quarter":
        """So many quarters after this one."""
        since = self.year * 4 + self.number - 1 + quarters
        return Quarter(since // 4, since % 4 + 1)

    def contains(self, day: dt.date) -> bool:
        return self.first_day <= day <= self.last_day
