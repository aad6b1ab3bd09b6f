"""The Technion's “Anonymous Bank” call centre, turned into a queue log.

Source: Guedj and Mandelbaum, Technion: one line a call, tab-separated, of 1999. The wait is
`q_time` as the queue's own clock recorded it; the agents' clock differs from it by up to two
seconds, so the service begins at the end of the wait and lasts `ser_time`.

1. A call reaches the queue at `q_start`, or at `vru_exit` when an agent was free and it did not
   have to queue.
2. PHANTOM calls are left out: they are no calls that a person made to an agent.
3. HANG without a `q_start` is a caller who left inside the voice unit and never joined the queue;
   it is left out, since neither its wait nor its patience is that of the queue. HANG with a
   `q_start` left the queue, be it after 0 seconds.
4. A clock time that lies more than twelve hours before `vru_entry` is of the next date.
"""

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sanad.lab.fitting.queue_log import COLUMNS
from sanad.lib.refusal import N_, Refused

FIELDS = (
    "vru+line", "call_id", "customer_id", "priority", "type", "date", "vru_entry", "vru_exit",
    "vru_time", "q_start", "q_exit", "q_time", "outcome", "ser_start", "ser_exit", "ser_time",
    "server",
)  # fmt: skip
_HALF_DAY, _DAY = timedelta(hours=12), timedelta(days=1)
_NEVER = "0:00:00"


class NotTheBank(Refused):
    code = "fitting.not_the_bank"
    sentence = N_(
        "“{source}” is not a month of the Anonymous Bank: line {line} cannot be read by its "
        "fields. Give the file as the Technion publishes it, plain or compressed with gzip."
    )


@dataclass(frozen=True)
class Converted:
    """How many calls were read and what became of them."""

    calls: int
    served: int
    abandoned: int
    phantoms: int  # left out
    left_before_queue: int  # left out


def convert(source: Path, target: Path) -> Converted:
    """Write the queue log of a month of the bank; nothing is written if a line is refused."""
    counts = dict.fromkeys(("served", "abandoned", "phantoms", "left_before_queue"), 0)
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\n")
    written.writerow(COLUMNS)
    table = _table(source)
    calls = 0
    for cells in table:
        calls += 1
        try:
            became, row = _row(cells)
        except (KeyError, ValueError, TypeError) as error:
            raise NotTheBank(source=source.name, line=table.line_num) from error
        counts[became] += 1
        if row:
            written.writerow(row)
    if not calls:
        raise NotTheBank(source=source.name, line=1)
    content = out.getvalue().encode()
    whole = target.with_name(f".{target.name}.part")
    whole.write_bytes(gzip.compress(content, mtime=0) if target.suffix == ".gz" else content)
    whole.replace(target)
    return Converted(calls=calls, **counts)


def _table(source: Path) -> "csv.DictReader[str]":
    raw = source.read_bytes()
    try:
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise NotTheBank(source=source.name, line=1) from error
    table = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    if tuple(table.fieldnames or ()) != FIELDS:
        raise NotTheBank(source=source.name, line=1)
    return table


def _row(cells: dict[str, str]) -> tuple[str, list[str]]:
    """What became of a call, and its row, empty if the call is left out."""
    outcome, waited = cells["outcome"], timedelta(seconds=int(cells["q_time"]))
    if outcome not in ("AGENT", "HANG", "PHANTOM"):
        raise ValueError(outcome)
    queued = cells["q_start"] != _NEVER or bool(waited)
    if outcome == "PHANTOM":
        return "phantoms", []
    if outcome == "HANG" and not queued:
        return "left_before_queue", []
    arrived = _arrival(cells, "q_start" if queued else "vru_exit")
    told = [arrived.isoformat(), cells["priority"], cells["type"]]
    if outcome == "HANG":
        return "abandoned", [*told, "", "", "", (arrived + waited).isoformat()]
    server = "" if cells["server"] == "NO_SERVER" else cells["server"]
    began = arrived + waited
    ended = began + timedelta(seconds=int(cells["ser_time"]))
    return "served", [*told, server, began.isoformat(), ended.isoformat(), ""]


def _arrival(cells: dict[str, str], field: str) -> datetime:
    text = cells["date"]
    day = date(1900 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    entered, found = (_moment(day, cells[name]) for name in ("vru_entry", field))
    return found + _DAY if found < entered - _HALF_DAY else found


def _moment(day: date, text: str) -> datetime:
    hour, minute, second = (int(part) for part in text.split(":"))
    return datetime.combine(day, time(hour, minute, second))
