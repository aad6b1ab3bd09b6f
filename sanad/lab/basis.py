"""What a study starts from: a calibration of assumptions, or what a snapshot shows.

`{"kind": "calibration", "calibration": "announced", "quarter": "2025Q3"}` or
`{"kind": "snapshot", "snapshot": "<id>"}`.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sanad.lab.calibration import calibrated
from sanad.lab.fitted import fitted
from sanad.lab.fitting.network.model import Learned
from sanad.lab.twin.network.model import Model
from sanad.lib.quarters import Quarter
from sanad.lib.refusal import N_, Refused

CALIBRATION, SNAPSHOT = "calibration", "snapshot"


class BasisUnknown(Refused):
    code = "lab.basis_unknown"
    sentence = N_(
        "A study starts from a calibration and a quarter, or from a snapshot. Choose one of them."
    )


def model_of(basis: Mapping[str, Any]) -> Model:
    """The model of a basis. Raises `BasisUnknown` and what calibrations, quarters and snapshots
    refuse."""
    return _model(json.dumps(dict(basis), sort_keys=True))


def fit_of(basis: Mapping[str, Any]) -> Learned | None:
    """What was fitted, with its uncertainty; None for a calibration."""
    return fitted(str(basis["snapshot"])) if basis.get("kind") == SNAPSHOT else None


@lru_cache(maxsize=4)
def _model(basis: str) -> Model:
    said = json.loads(basis)
    if said.get("kind") == CALIBRATION:
        return calibrated(str(said.get("calibration")), Quarter.parse(str(said.get("quarter"))))
    if said.get("kind") == SNAPSHOT:
        return fitted(str(said.get("snapshot"))).model
    raise BasisUnknown
