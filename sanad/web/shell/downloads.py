"""Tables to take away: CSV that opens right in Arabic and starts no formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet reads Arabic as another alphabet
# A cell that begins with one of these is run by a spreadsheet; an apostrophe makes it text.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_response(
    file_name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """The table as a file to save. Numbers stay numbers; texts are never formulas."""
    response = HttpResponse(csv_text(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table as text, with the mark that says it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + out.getvalue()


def harmless(cell: object) -> object:
    """A text that a spreadsheet would run, as text."""
    if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell
