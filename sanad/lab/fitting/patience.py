"""How long customers are ready to wait, of whom most were served before they gave up.

Who left shows their patience; who was served after a wait, or is still there, showed at least so
much. Those who are still there have no known wait and tell nothing.
"""

from sanad.lab.fitting.queue_log import QueueLog
from sanad.lab.fitting.survival import Survival, kaplan_meier


def fit(log: QueueLog, *, confidence: float = 0.9) -> Survival:
    """The curve of patience; without anybody who left it has no event and waits for ever."""
    ended = log.served | log.abandoned
    return kaplan_meier(log.wait[ended], log.abandoned[ended], confidence=confidence)
