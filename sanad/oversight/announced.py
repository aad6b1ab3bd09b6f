"""What the ministry announced of a quarter, as the press had it. No Django in here.

Announced is not counted: these figures stand beside ours and never among them.
"""

from dataclasses import dataclass
from typing import Final

from sanad.lib.bilingual import Text
from sanad.lib.quarters import Quarter

SOURCE: Final = Text(
    ar="كما أُعلن في ديسمبر 2025 ونقلته الصحافة",
    en="as announced in December 2025 and reported by the press",
)


@dataclass(frozen=True)
class Announced:
    """The five figures. All but services and the Omani share were announced as “more than”."""

    centres: int
    jobs: int
    transactions: int
    services: int
    omanisation_percent: int
    source: Text = SOURCE


OF_QUARTER: Final = {Quarter(2025, 3): Announced(920, 2_350, 800_000, 388, 100)}
