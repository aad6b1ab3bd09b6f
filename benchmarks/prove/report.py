"""What every proof says at its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Control:
    """The negative control: what was switched off, and how much of it was found."""

    off: str
    found: int = 0


@dataclass
class Report:
    """Counts of one proof. `lost`, `doubled` and `leaked` have to be nothing."""

    name: str
    seed: int
    control: Control
    attempts: int = 0
    faults: Mapping[str, int] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0
    leaked: int = 0  # charged, seen or taken where it must not be
    wrong: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        nothing = not (self.lost or self.doubled or self.leaked or self.wrong)
        return nothing and self.attempts > 0 and self.control.found > 0

    def document(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "proof": self.name, "seed": self.seed, "holds": self.holds, "attempts": self.attempts,
            "faults_injected": dict(sorted(self.faults.items())), "lost": self.lost,
            "doubled": self.doubled, "leaked": self.leaked, "wrong": self.wrong[:10],
            "control": {"off": self.control.off, "found": self.control.found}, **self.more,
        }  # fmt: skip
