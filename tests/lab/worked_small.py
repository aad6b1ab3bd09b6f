"""The worked example in small: one study of a small network, three initiatives, two budgets."""

from typing import Any

import pytest

from sanad.lab import basis
from sanad.lab.example import worked
from tests.lab.twin.network.small import small_model

WANTED = ("once-documents", "certified-operators", "quality-index")


def make_small(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """From now on the file says less, and every study is of a small network."""
    full = worked.said()
    plan = full["portfolio"]
    budgets = zip(plan["budgets"], (20_000_000, 200_000_000), strict=False)
    small = {
        **full,
        "replications": 2,
        "studies": [full["studies"][2]],
        "initiatives": [one for one in full["initiatives"] if one["code"] in WANTED],
        "portfolio": {
            **plan, "quarters": 6, "scales_from": {"returned_percent": "procedures"},
            "scales": {"satisfaction_percent": 90, "wait_mean_minutes": 5},
            "budgets": [
                {**one, "budget_baisa": {2026: baisa, 2027: baisa}} for one, baisa in budgets
            ],
        },
    }  # fmt: skip
    monkeypatch.setattr(worked, "said", lambda: small)
    monkeypatch.setattr(basis, "model_of", lambda said: small_model())
    return small
