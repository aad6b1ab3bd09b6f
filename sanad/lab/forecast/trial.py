"""Choosing a method by years that were known, and trying it on years that were hidden.

A forecast made in year o for year o + h is scored once o + h is known. At each origin the method is
the one whose bands would have scored best so far: its choice uses no year after the origin
(the prequential principle, Dawid 1984, "Statistical theory: the prequential approach", Journal of
the Royal Statistical Society A 147). The score of a band is the interval score of Winkler 1972 in
the form of Gneiting and Raftery 2007, on the logarithm: its width, and 2 / (1 - confidence) times
by how much it was missed. Less is better.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sanad.lab.forecast.walk import BASELINES, CONFIDENCE, METHODS, Floats, Method, ahead

Ints = npt.NDArray[np.int64]
HIDDEN_YEARS: Final = 3
FIRST_ORIGIN: Final = 3  # years known at the first origin: of fewer changes there is no spread
TRIED_FROM: Final = 4  # years known at the first origin that is tried: one score was seen


@dataclass(frozen=True)
class Tried:
    """What a method's bands did: an entry a forecast and governorate, (N, G) each."""

    known: Ints  # (N,) years known at the origin
    step: Ints  # (N,) years ahead
    inside: npt.NDArray[np.bool_]
    width: Floats  # of the logarithm
    error: Floats  # of the logarithm, absolute
    score: Floats
    methods: dict[int, Method]  # by years known

    def where(self, known: Ints) -> "Tried":
        """Only the forecasts of some origins."""
        mask = np.isin(self.known, known)
        return Tried(
            self.known[mask], self.step[mask], self.inside[mask], self.width[mask],
            self.error[mask], self.score[mask],
            {k: m for k, m in self.methods.items() if k in known},
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Its figures over all forecasts and governorates."""
        return {
            "forecasts": int(self.inside.size),
            "coverage_percent": round(100 * float(self.inside.mean()), 1),
            "width_factor": round(float(np.exp(self.width.mean())), 2),
            "error_percent": round(100 * float(np.expm1(self.error.mean())), 1),
            "score": round(float(self.score.mean()), 3),
        }

    def coverage(self) -> Floats:
        """(G,) of a hundred hidden years, how many lay in the band."""
        return 100 * self.inside.mean(axis=0)


def chosen(values: Ints) -> Method:
    """The method whose bands scored best over every origin that is past. Ties: the first."""
    past = _pairs(range(FIRST_ORIGIN, values.shape[1]), values.shape[1])
    scores = [tried(values, past, one).score.mean() for one in METHODS]
    return METHODS[int(np.argmin(scores))]


def trial(values: Ints, *, first: int = TRIED_FROM, last: int | None = None) -> Tried:
    """Hide the years after each origin from `first` on; the method is chosen anew at each."""
    years = values.shape[1]
    origins = range(first, (last or years - 1) + 1)
    methods = {known: chosen(values[:, :known]) for known in origins}
    parts = [tried(values, _pairs([k], years), method) for k, method in methods.items()]
    return _joined(parts, methods)


def baseline(values: Ints, code: str, *, first: int = TRIED_FROM) -> Tried:
    """The same hidden years by a naive method."""
    origins = range(first, values.shape[1])
    return tried(values, _pairs(origins, values.shape[1]), BASELINES[code])


def tried(values: Ints, pairs: list[tuple[int, int]], method: Method) -> Tried:
    """What one method said at the origins, beside what came."""
    inside, width, error, score = [], [], [], []
    for known, step in pairs:
        said = ahead(values[:, :known], method, step)
        low, high, middle = (np.log(end[:, step - 1]) for end in (said.low, said.high, said.middle))
        came = np.log(values[:, known + step - 1].astype(np.float64))
        missed = np.maximum(low - came, 0) + np.maximum(came - high, 0)
        inside.append(missed == 0)
        width.append(high - low)
        error.append(np.abs(came - middle))
        score.append(high - low + 2 / (1 - CONFIDENCE) * missed)
    count = len(values)
    return Tried(
        np.array([known for known, _ in pairs], dtype=np.int64),
        np.array([step for _, step in pairs], dtype=np.int64),
        np.array(inside, dtype=bool).reshape(-1, count), np.array(width).reshape(-1, count),
        np.array(error).reshape(-1, count), np.array(score).reshape(-1, count),
        {known: method for known, _ in pairs},
    )  # fmt: skip


def _pairs(origins: Any, years: int) -> list[tuple[int, int]]:
    """Origins (years known) and steps whose year is known too."""
    return [
        (known, step)
        for known in origins
        for step in range(1, HIDDEN_YEARS + 1)
        if known + step <= years
    ]


def _joined(parts: list[Tried], methods: dict[int, Method]) -> Tried:
    arrays = {
        name: np.concatenate([getattr(one, name) for one in parts])
        for name in ("known", "step", "inside", "width", "error", "score")
    }
    return Tried(**arrays, methods=methods)
