"""Is everything still true? Named checks over money, receipts, the log and its seals.

Each check reads every row there is, as the system. A finding is a line for an administrator: it
names rows by their identifiers and holds nothing about a person.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from sanad.db import sql
from sanad.db.scope import acting, system_scope
from sanad.eventlog.verify import verify_seals
from sanad.lib.bilingual import Text
from sanad.till.queries import check_signatures


@dataclass(frozen=True)
class Check:
    """What was looked at, how many of it, and a line for each thing that is wrong."""

    name: str
    meaning: Text
    checked: int
    wrong: tuple[str, ...]


LEDGER = Text(
    ar="كل دفعة تساوي قيودها وعرض سعرها، وكل درج عُدّ صار فارغًا",
    en="every payment equals its transfers and its quote, every counted drawer is empty",
)
RECEIPTS = Text(
    ar="أرقام الإيصالات بلا فجوات في كل مركز، وتواقيعها صحيحة",
    en="receipts are numbered without gaps in every centre and their signatures hold",
)
LOG = Text(
    ar="إعادة تشغيل السجل تعطي حالات الطلبات والدفعات والتذاكر نفسها",
    en="the log replayed gives the same requests, payments and tickets",
)
SEALS = Text(
    ar="الأحداث المختومة كما خُتمت، وسلسلة الأختام كما في المرساة الخارجية",
    en="sealed events are as they were sealed, and the chain is as the outside anchor has it",
)


def checks(*, anchor: Path, progress: Callable[[str], None] = lambda line: None) -> list[Check]:
    """Every check, outside of any scope. `anchor` is the folder of the sealer's outside anchor.

    Two at a time: the seals keep the database busy for as long as everything else together.
    `progress` is told of each check that begins and ends.
    """

    def told(name: str, check: Callable[[], Check]) -> Check:
        progress(f"{name} …")
        found = check()
        progress(f"{name}: {found.checked} checked, {len(found.wrong)} wrong")
        return found

    def rest() -> list[Check]:
        try:
            return [told("ledger", ledger), told("receipts", receipts), told("log", log)]
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as beside:
        others = beside.submit(rest)
        sealed = told("seals", lambda: seals(anchor=anchor))
        return [*others.result(), sealed]


def ledger() -> Check:
    """Money: payments against their transfers and quotes, drawers against their counts."""
    return _by_sql("ledger", LEDGER, "oversight/verify_ledger")


def receipts() -> Check:
    """Receipts: numbers, voids, and that each says, signed, what its payment was."""
    counted = _by_sql("receipts", RECEIPTS, "oversight/verify_receipts")
    with acting(system_scope()):
        return Check("receipts", RECEIPTS, counted.checked, counted.wrong + check_signatures())


def log() -> Check:
    """The event log against the tables that screens read."""
    return _by_sql("log", LOG, "oversight/verify_log")


def seals(*, anchor: Path) -> Check:
    """The seals of the event log; nothing is sealed meanwhile."""
    report = verify_seals(anchor=anchor)
    found = tuple(f"{finding.what}: {finding.where}" for finding in report.wrong)
    return Check("seals", SEALS, report.checked, found)


def _by_sql(name: str, meaning: Text, query: str) -> Check:
    with acting(system_scope()):
        [row] = sql.rows(query)
    return Check(name, meaning, row["checked"], tuple(row["findings"]))
