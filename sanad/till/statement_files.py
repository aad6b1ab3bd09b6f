"""Reading the files that banks, providers and entities give: reference, amount, date."""

import csv
import io
from dataclasses import dataclass
from datetime import date

from sanad.lib.digits import ascii_digits
from sanad.lib.money import parse_baisa
from sanad.lib.refusal import N_, Refused

MOST_ROWS = 5_000
MOST_BYTES = 2 * 1024**2
MOST_FAULTS_SAID = 5
# What a column may be called; folded to lower case.
_COLUMNS = {
    "reference": {
        "reference",
        "ref",
        "rrn",
        "case",
        "case_code",
        "المرجع",
        "رقم الطلب",
        "رمز الطلب",
    },
    "amount": {"amount", "omr", "amount_omr", "المبلغ", "القيمة"},
    "date": {"date", "day", "value_date", "التاريخ", "اليوم"},
}


class FileUnreadable(Refused):
    code = "till.file_unreadable"
    sentence = N_(
        "The file cannot be read as a table. Save it as CSV in UTF-8 with the columns reference, "
        "amount and date, at most 2 MB."
    )


class ColumnsMissing(Refused):
    code = "till.columns_missing"
    sentence = N_(
        "The first row must name the columns reference, amount and date; missing here: {missing}."
    )


class RowsWrong(Refused):
    code = "till.rows_wrong"
    sentence = N_(
        "Nothing was taken from the file, because of row {rows}: each needs a reference, an amount "
        "in rials such as 34.200, and a date such as 2025-09-30. Correct the file and choose it "
        "again."
    )


class TooManyRows(Refused):
    code = "till.too_many_rows"
    sentence = N_("The file has more than {most} rows. Split it, for example by month.")


@dataclass(frozen=True)
class Row:
    """One line of a file: what it says of one payment."""

    number: int  # in the file, the heading is 1
    reference: str
    baisa: int
    on: date


def read_statement(content: bytes) -> list[Row]:
    """All rows, or none. Raises the refusals above."""
    table = _table(content)
    if not table:
        raise FileUnreadable
    where = _columns(table[0])
    rows, faults = [], []
    for number, cells in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            rows.append(_row(number, cells, where))
        except (Refused, ValueError, IndexError):
            faults.append(number)
    if faults:
        raise RowsWrong(rows=", ".join(map(str, faults[:MOST_FAULTS_SAID])))
    if len(rows) > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS)
    if not rows:
        raise FileUnreadable
    return rows


def _table(content: bytes) -> list[list[str]]:
    if len(content) > MOST_BYTES:
        raise FileUnreadable
    try:
        text = content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text), delimiter=_delimiter(text), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileUnreadable from error


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _columns(heading: list[str]) -> dict[str, int]:
    names = [" ".join(name.split()).casefold() for name in heading]
    found = {
        column: next((at for at, name in enumerate(names) if name in known), None)
        for column, known in _COLUMNS.items()
    }
    missing = [column for column, at in found.items() if at is None]
    if missing:
        raise ColumnsMissing(missing=", ".join(missing))
    return {column: at for column, at in found.items() if at is not None}


def _row(number: int, cells: list[str], where: dict[str, int]) -> Row:
    reference = "".join(ascii_digits(cells[where["reference"]]).split()).upper()
    if not reference or len(reference) > 40:
        raise ValueError(reference)
    on = date.fromisoformat(ascii_digits(cells[where["date"]]).strip())
    return Row(number, reference, parse_baisa(cells[where["amount"]].strip()), on)
