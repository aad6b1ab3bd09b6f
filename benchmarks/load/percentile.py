"""Percentiles as the commands print them."""

import statistics


def percentile(seconds: list[float], which: int) -> float:
    """The `which`-th percentile of times in seconds, in milliseconds; 0 of fewer than two."""
    if len(seconds) < 2:
        return 0.0
    return round(1000 * statistics.quantiles(seconds, n=100)[which - 1], 1)
