"""A network of three centres and four services, small enough to be read."""

from typing import Any

import numpy as np

from sanad.lab.twin.network.model import SLOTS, Model

OPENS, CLOSES = 8 * 3600, 14 * 3600


def small_model(**changes: Any) -> Model:
    """Two centres of a village and one of another wilayat; four weeks; two entities."""
    days = np.arange("2025-07-06", "2025-08-03", dtype="datetime64[D]")
    spans = np.full((1, 7, 3, 2), -1, dtype=np.int64)
    spans[0, :5, 0] = OPENS, CLOSES
    fee = np.array([[1000, 2000, 3000, 500]] * 3)
    told: dict[str, Any] = {
        "days": days, "is_holiday": days == np.datetime64("2025-07-13"),
        "centre": np.array([11, 12, 31]), "governorate": np.array([1, 1, 3]),
        "wilayat": np.array([101, 101, 301]), "village": np.array([1001, 1001, 3001]),
        "servers": np.array([2, 1, 1]), "visits": np.array([900.0, 400.0, 300.0]),
        "hours": np.zeros(3, dtype=np.int64), "spans": spans, "of_hour": np.ones(SLOTS),
        "of_weekday": np.array([1.2, 1.0, 1.0, 1.0, 0.8, 0.0, 0.0]), "day_spread": 0.0,
        "of_season": np.ones(len(days)),
        "services": ("a1", "a2", "b1", "b2"), "entity": np.array([0, 0, 1, 1]),
        "entities": (3, 9), "share": np.array([0.4, 0.3, 0.2, 0.1]),
        "seconds": np.array([500.0, 400.0, 700.0, 300.0]), "fee": fee,
        "vat_per_mille": np.array([50, 0, 0]), "seconds_sigma": 0.4, "further": 0.6,
        "lead_seconds": 40.0, "sizes": np.array([1, 2, 5]), "size_share": np.array([7.0, 2.0, 1.0]),
        "questions": 0.1, "question_seconds": 180.0, "question_patience": 900.0, "patience": 0.0,
        "without_ticket": 0.3, "returned": np.array([0.1, 0.1, 0.2, 0.0]), "correct_days": (1, 3),
        "in_hall": 0.0, "decision_days": np.array([1.0, 2.0, 3.0, 1.5]), "decision_sigma": 0.5,
        "at_once": 0.3, "approved": 0.95, "outages": np.array([2.0, 1.0]),
        "outage_seconds": 7200.0, "outage_sigma": 0.5, "outage_pace": 1.0, "booked": 0.0,
        "missed": 0.0, "break_seconds": 0.0,
    }  # fmt: skip
    return Model(**(told | changes))
