"""What is wanted of the wait: a share called within so many minutes, or a mean of so many."""

from dataclasses import dataclass
from typing import Any, Final

from sanad.lab.staffing.assumed import read_staffing
from sanad.lib.refusal import N_, Refused

LEAST_SHARE, MOST_SHARE = 1, 99
MOST_MINUTES: Final = 240


class TargetOutOfRange(Refused):
    code = "staffing.target_out_of_range"
    sentence = N_(
        "{share} of a hundred within {minutes} minutes cannot be aimed at. Give {least} to {most} "
        "of a hundred, and 1 to {most_minutes} minutes."
    )


@dataclass(frozen=True)
class Target:
    """`share_percent` of those who come are called within `minutes`; None: the mean wait is that.

    Raises `TargetOutOfRange`.
    """

    minutes: float
    share_percent: float | None
    least_people: int = 1

    def __post_init__(self) -> None:
        share = self.share_percent
        wrong = share is not None and not LEAST_SHARE <= share <= MOST_SHARE
        if wrong or not 1 <= self.minutes <= MOST_MINUTES:
            raise TargetOutOfRange(
                share="-" if share is None else f"{share:g}", minutes=f"{self.minutes:g}",
                least=LEAST_SHARE, most=MOST_SHARE, most_minutes=MOST_MINUTES,
            )  # fmt: skip

    @property
    def seconds(self) -> float:
        return 60.0 * self.minutes

    def as_json(self) -> dict[str, Any]:
        return {
            "minutes": self.minutes, "share_percent": self.share_percent,
            "least_people": self.least_people,
        }  # fmt: skip


def usual_target() -> Target:
    """The target that the file assumes."""
    said = read_staffing()
    return Target(
        minutes=said["target"]["minutes"], share_percent=said["target"]["share_percent"],
        least_people=said["least_people"],
    )  # fmt: skip
