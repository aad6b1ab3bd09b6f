"""A small office whose rules are known, played by a plain loop that shares nothing with the twin.

Clients come from 08:00 to 16:00 at a Poisson rate; servers work from 08:00 until nobody waits after
16:00, and one of them is away from 12:00 to 13:00. Service and patience are exponential. A client
of priority "fast" is called as if they had come `head_start` seconds earlier.
"""

import csv
import io
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sanad.lab.fitting.queue_log import COLUMNS

OPENS, CLOSES, LUNCH = 8 * 3600, 16 * 3600, (12 * 3600, 13 * 3600)


@dataclass(frozen=True)
class Office:
    an_hour: float = 34.0
    servers: int = 4
    service: float = 360.0  # seconds, mean
    patience: float | None = 900.0  # seconds, mean; None: nobody leaves
    head_start: float = 0.0
    fast: float = 0.0  # share of clients
    busier: float = 0.15  # days differ by so much, up or down


@dataclass
class Client:
    came: float
    service: float
    patience: float
    fast: bool
    server: int = -1
    began: float | None = None
    left: float | None = None


def a_day(office: Office, chance: random.Random) -> list[Client]:
    rate = office.an_hour / 3600 * (1 + chance.uniform(-office.busier, office.busier))
    clients, now = [], OPENS + chance.expovariate(rate)
    while now < CLOSES:
        patience = chance.expovariate(1 / office.patience) if office.patience else float("inf")
        service = chance.expovariate(1 / office.service)
        clients.append(Client(now, service, patience, chance.random() < office.fast))
        now += chance.expovariate(rate)
    _serve(office, clients)
    return clients


def _serve(office: Office, clients: list[Client]) -> None:
    """Whoever is free first calls whose time, less the head start, is the earliest."""
    free = [float(OPENS)] * office.servers
    coming, waiting = list(clients), []
    while coming or waiting:
        server = min(range(office.servers), key=lambda one: _there(one, free[one]))
        now = _there(server, free[server])
        if not waiting:
            now = max(now, coming[0].came)
            if _there(server, now) > now:  # their lunch began before anybody came
                free[server] = _there(server, now)
                continue
        while coming and coming[0].came <= now:
            waiting.append(coming.pop(0))
        for client in [one for one in waiting if one.came + one.patience < now]:
            client.left = client.came + client.patience
            waiting.remove(client)
        if waiting:
            chosen = min(waiting, key=lambda one: one.came - office.head_start * one.fast)
            waiting.remove(chosen)
            chosen.began, chosen.server = now, server
            free[server] = now + chosen.service


def _there(server: int, moment: float) -> float:
    """When the server is there from `moment` on: the first one has lunch."""
    return LUNCH[1] if server == 0 and LUNCH[0] <= moment < LUNCH[1] else moment


def log_text(office: Office, *, days: int, seed: int, names: bool = True) -> str:
    """The office's log of so many working days from Sunday 2025-06-01, as CSV."""
    chance, out = random.Random(seed), io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    day = datetime(2025, 6, 1)
    for _ in range(days):
        while day.isoweekday() in (5, 6):
            day += timedelta(days=1)
        for client in a_day(office, chance):
            rows.writerow(_row(day, client, names))
        day += timedelta(days=1)
    return out.getvalue()


def _row(day: datetime, client: Client, names: bool) -> list[str]:
    def at(seconds: float | None) -> str:
        return "" if seconds is None else (day + timedelta(seconds=seconds)).isoformat()

    ended = None if client.began is None else client.began + client.service
    server = f"موظف {client.server + 1}" if names and client.began is not None else ""
    return [
        at(client.came), "fast" if client.fast else "usual", "permit", server,
        at(client.began), at(ended), at(client.left),
    ]  # fmt: skip
