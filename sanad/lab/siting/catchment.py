"""Two-step floating catchment areas.

Luo and Wang (2003), "Measures of spatial accessibility to health care in a GIS environment",
after Radke and Mu (2000):

1. each supplier j has the ratio  R[j] = supply[j] / people within d of j;
2. each place i has the access    A[i] = sum of R[j] over suppliers within d of i.

Access times people, summed over places, is the supply of all suppliers that somebody can reach.
"""

from dataclasses import dataclass

import numpy as np

from sanad.lab.siting.arrays import Floats


@dataclass(frozen=True)
class Catchment:
    access: Floats  # [places] supply for one person
    ratio: Floats  # [suppliers] supply for one person in the catchment, 0 where nobody is
    reached: float  # the supply that somebody can reach


def catchment(people: Floats, supply: Floats, km: Floats, within_km: float) -> Catchment:
    """`km` [places, suppliers]; a place at exactly `within_km` is within."""
    near = km <= within_km
    around = people @ near
    ratio = np.divide(supply, around, out=np.zeros_like(supply, dtype=float), where=around > 0)
    return Catchment(near @ ratio, ratio, float(supply[around > 0].sum()))
