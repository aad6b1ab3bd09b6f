"""How long things last when some are only seen to last at least so long.

Kaplan and Meier (1958), "Nonparametric estimation from incomplete observations"; the band by
Greenwood's variance (1926) on the log-log scale (Kalbfleisch and Prentice 1980, section 1.4).
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from sanad.lab.fitting import inverse
from sanad.lab.twin.engine.tables import FOREVER, constant
from sanad.lab.twin.facts import Flags, Ints
from sanad.lab.twin.world import Floats


@dataclass(frozen=True)
class Survival:
    """A curve that falls at `seconds` (E,), the moments at which anything ended."""

    seconds: Floats
    share: Floats  # (E,) still going after each moment
    low: Floats  # (E,) the band of `share`
    high: Floats
    ended: Ints  # (E,) how many at each moment
    exposure: float  # seconds watched of all together

    @property
    def events(self) -> int:
        return int(self.ended.sum())

    @property
    def hazard(self) -> float:
        """Ends a second, over all that was watched."""
        return self.events / self.exposure if self.exposure > 0 else 0.0

    def at(self, seconds: Floats) -> Floats:
        """The share still going after `seconds`."""
        steps = np.concatenate([[1.0], self.share])
        found: Floats = steps[np.searchsorted(self.seconds, seconds, side="right")]
        return found

    def inverse(self, p: Floats) -> Floats:
        """When a share `p` has ended; beyond the last end, exponentially at the whole hazard."""
        gone = 1 - self.share
        at = np.searchsorted(gone, p, side="right")
        inside = at < len(gone)
        found = self.seconds[np.minimum(at, len(gone) - 1)].astype(np.float64)
        last = self.share[-1]
        if last > 0 and not inside.all():
            beyond = -np.log((1 - p[~inside]) / last) / self.hazard
            found[~inside] = self.seconds[-1] + np.maximum(beyond, 0)
        return found

    def table(self) -> Floats:
        """The engine's table; who was never seen to end goes on for ever."""
        if not self.events or self.exposure <= 0:
            return constant(FOREVER)
        return inverse.table(self.inverse)


def kaplan_meier(seconds: Floats, ended: Flags, *, confidence: float = 0.9) -> Survival:
    """The curve of things that ended after `seconds`, or are only known to have lasted so long.

    Of one moment, ends come before those who are lost from sight.
    """
    order = np.argsort(seconds, kind="stable")
    at, is_end = np.asarray(seconds, dtype=np.float64)[order], ended[order]
    moments, begins = (
        np.unique(at, return_index=True) if len(at) else (np.zeros(0), np.zeros(0, dtype=np.int64))
    )
    ends = (
        np.add.reduceat(is_end.astype(np.int64), begins) if len(at) else np.zeros(0, dtype=np.int64)
    )
    here = ends > 0
    ends, at_risk = ends[here], (len(at) - begins)[here]
    share: Floats = np.cumprod(1 - ends / at_risk, dtype=np.float64)
    low, high = _band(share, ends, at_risk, confidence)
    return Survival(moments[here], share, low, high, ends, float(at.sum()))


def _band(share: Floats, ends: Ints, at_risk: Ints, confidence: float) -> tuple[Floats, Floats]:
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    inner = (share > 0) & (share < 1)
    s = np.where(inner, share, 0.5)
    left = np.maximum(at_risk - ends, 1)
    spread = np.sqrt(np.cumsum(np.where(inner, ends / (at_risk * left), 0.0)))
    reach = np.exp(z * spread / np.abs(np.log(s)))
    return np.where(inner, s**reach, share), np.where(inner, s ** (1 / reach), share)
