"""How many servers are there, read from the services they gave, and what keeps them from serving.

1. Presence: a server is there from their first service to their last, and away in every gap
   between two services of `gap` seconds or more. So `gap` decides how much idle time counts as
   being there; it is calibrated.
2. Time off between services: while somebody waits, a server who ends a service and is there calls
   the next at once. The time that passes all the same is time off, seen whole if somebody waits
   throughout, or else at least until nobody waits any more (Kaplan and Meier).
3. Work aside: who has nobody waiting takes up other work, and the next customer waits although a
   server is there. The log does not show it; it is calibrated.
"""

from dataclasses import dataclass

import numpy as np

from sanad.lab.fitting.queue_log import HALF_HOUR, SLOTS, QueueLog
from sanad.lab.fitting.survival import Survival, kaplan_meier
from sanad.lab.twin.engine.model import MOST_SERVERS
from sanad.lab.twin.engine.tables import FOREVER
from sanad.lab.twin.facts import Ints
from sanad.lab.twin.world import Floats
from sanad.lib.refusal import N_, Refused

AWAY = 600.0  # seconds: a longer gap is an absence and not time off between services
_NAMED = 0.5  # of services that name their server; with fewer, servers are told apart by time


class TooManyServers(Refused):
    code = "fitting.too_many_servers"
    sentence = N_(
        "“{source}” shows {servers} servers at once, and a queue is computed with {most} at most. "
        "Divide the log by office or by counter group."
    )


@dataclass(frozen=True)
class Services:
    """The services of one day in the order of server and time: seconds since midnight."""

    server: Ints
    began: Floats
    ended: Floats

    @property
    def gap(self) -> Floats:
        """Seconds from each service to the same server's next; infinite after the last."""
        gap = np.full(len(self.server), np.inf)
        same = self.server[1:] == self.server[:-1]
        gap[:-1][same] = (self.began[1:] - self.ended[:-1])[same]
        return gap


def services(log: QueueLog) -> Services:
    """The services of a day whose end and server are known.

    Where most services name no server, they are shared out among as few servers as can have given
    them; otherwise the nameless are left out, and the level of staff is calibrated with what is
    left.
    """
    rows = np.flatnonzero(~np.isnan(log.service))
    named = log.server.codes[rows] >= 0
    began = log.arrived + log.wait
    if len(rows) and named.mean() >= _NAMED:
        rows = rows[named]
        server = log.server.codes[rows].astype(np.int64)
    else:
        rows = rows[np.argsort(began[rows], kind="stable")]
        server = _shared_out(began[rows], (began + log.service)[rows])
    order = np.lexsort((began[rows], server))
    rows, server = rows[order], server[order]
    return Services(server, began[rows], (began + log.service)[rows])


def _shared_out(began: Floats, ended: Floats) -> Ints:
    """Services in the order of time to the server who was free last, or to a new one."""
    free: list[float] = []
    given = np.empty(len(began), dtype=np.int64)
    for i, (begin, end) in enumerate(zip(began, ended, strict=True)):
        ready = [j for j, one in enumerate(free) if one <= begin]
        j = max(ready, key=free.__getitem__) if ready else len(free)
        free[j:j + 1] = [end]  # fmt: skip
        given[i] = j
    return given


def presence(given: Services, gap: float) -> tuple[Floats, Floats]:
    """From when until when somebody is there: one entry a stretch of one server."""
    parts = given.gap >= gap
    begins = np.concatenate([[True], parts[:-1]]) if len(parts) else parts
    return given.began[begins], given.ended[parts]


def profile(given: Services, gap: float) -> Floats:
    """Servers there in each half hour of the day, on average over it: (SLOTS,)."""
    begin, end = presence(given, gap)
    edges = np.arange(SLOTS + 1) * float(HALF_HOUR)
    before = np.clip(edges - begin[:, None], 0, (end - begin)[:, None]).sum(axis=0)
    found: Floats = np.diff(before) / HALF_HOUR
    return found


def refuse_too_many(source: str, staffing: Floats) -> None:
    """Refuse more servers than the engine computes."""
    most = float(staffing.max(initial=0.0))
    if most > MOST_SERVERS:
        raise TooManyServers(source=source, servers=int(np.ceil(most)), most=MOST_SERVERS)


def time_off(days: list[tuple[QueueLog, Services]]) -> Survival:
    """The time off between services while somebody waits, of all servers and days (seconds)."""
    seen, whole = [np.zeros(0)], [np.zeros(0, dtype=np.bool_)]
    for log, given in days:
        begins, ends = line(log)
        if not len(begins):
            continue
        gap = given.gap
        at = np.searchsorted(begins, given.ended, side="right") - 1
        until = np.where(at >= 0, ends[np.maximum(at, 0)], -np.inf) - given.ended
        here = (until > 0) & (gap < AWAY)
        seen.append(np.minimum(until, np.maximum(gap, 0))[here])
        whole.append((gap <= until)[here])
    return kaplan_meier(np.concatenate(seen), np.concatenate(whole))


def line(log: QueueLog) -> tuple[Floats, Floats]:
    """The stretches of a day in which anybody waits."""
    waits = log.wait > 0
    begin, end = log.arrived[waits], np.maximum.accumulate((log.arrived + log.wait)[waits])
    if not len(begin):
        return begin, end
    new = np.concatenate([[True], begin[1:] > end[:-1]])
    last = np.concatenate([new[1:], [True]])
    return begin[new], end[last]


@dataclass(frozen=True)
class Shifts:
    """Servers of S sessions and when they are not there, as the engine's rules take it."""

    servers: Ints  # (S,)
    first: Ints  # (S + 1,)
    server: Ints  # (B,)
    begin: Floats
    until: Floats


def shifts(staffing: Floats) -> Shifts:
    """Whole servers with breaks that make up a number by half hour (S, SLOTS).

    Server j is there for the part of the half hour by which the number exceeds j, next to the
    half hour in which they are there longer. Above the most that the engine knows it is cut off.
    Who is there last stays until nobody waits.
    """
    number = np.clip(staffing, 0, MOST_SERVERS)
    servers = np.maximum(np.ceil(number.max(axis=1) - 1e-9), 1).astype(np.int64)
    part = np.clip(number[:, None, :] - np.arange(int(servers.max()))[:, None], 0, 1)
    padded = np.pad(part, ((0, 0), (0, 0), (1, 1)))
    is_early = padded[:, :, :-2] > padded[:, :, 2:]
    edge = np.arange(SLOTS) * float(HALF_HOUR)
    begin = edge + np.where(is_early, 0, (1 - part) * HALF_HOUR)
    end = begin + part * HALF_HOUR
    here = part > 1e-9
    # Until when each server was there before each half hour, and after the last.
    gone = np.maximum.accumulate(np.where(here, end, 0.0), axis=2)
    before = np.concatenate([np.zeros((*gone.shape[:2], 1)), gone[:, :, :-1]], axis=2)
    away = here & (begin > before + 1e-6)
    leaves = gone[:, :, -1]
    stays = (leaves > 0) & (leaves >= leaves.max(axis=1, keepdims=True) - 1e-6)
    exists = np.arange(part.shape[1]) < servers[:, None]
    s, j, h = np.nonzero(away)
    last_s, last_j = np.nonzero(~stays & exists)
    session = np.concatenate([s, last_s])
    server = np.concatenate([j, last_j])
    since = np.concatenate([before[s, j, h], leaves[last_s, last_j]])
    until = np.concatenate([begin[s, j, h], np.full(len(last_s), FOREVER)])
    order = np.lexsort((since, session))
    first = np.searchsorted(session[order], np.arange(len(staffing) + 1))
    return Shifts(servers, first, server[order], since[order], until[order])
