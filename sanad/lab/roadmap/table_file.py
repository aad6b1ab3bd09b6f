"""The programme as tables: a workbook of several sheets, and one list as CSV.

A text that a spreadsheet would run as a formula is written as text in either.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

BAISA_A_RIAL: Final = 1000
EFFECT: Final = ("baseline", "target", "least", "likely", "greatest")
WIDE, NARROW = 34, 14
LONG_COLUMNS: Final = frozenset(
    {"initiative", "owner", "entity", "stop", "legal", "vision", "kpi", "source", "milestone",
     "after", "turn", "portfolio"}
)  # fmt: skip


def xlsx(data: dict[str, Any]) -> bytes:
    """The workbook: initiatives, effects, plan, budget, milestones, trail."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    words = data["words"]
    book.set_properties({"title": f"{words['programme']}: {data['title']}"})
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#E3F1EE", "text_wrap": True}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "rials": book.add_format({"num_format": "#,##0.000", "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0.###", "valign": "top"}),
        "bar": book.add_format({"bg_color": "#0B7063", "font_color": "#FFFFFF"}),
        "mark": book.add_format({"bold": True, "font_color": "#7A4D00"}),
    }
    for name, columns, rows in _sheets(data):
        sheet = book.add_worksheet(words[name][:31])
        _fill(sheet, data, formats, columns, rows)
    _plan(book.add_worksheet(words["gantt_title"][:31]), data, formats)
    book.close()
    return out.getvalue()


def csv_rows(data: dict[str, Any]) -> tuple[list[str], list[Sequence[object]]]:
    """The heading and a line an initiative."""
    columns, rows = _initiatives(data)
    words = data["words"]
    heading = [words[name] for name in columns]
    return [*heading, words["example"]], [
        (*row, _mark(data)) for row in rows
    ]  # fmt: skip


def _mark(data: dict[str, Any]) -> str:
    return str(data["words"]["example"]) if data["is_example"] else ""


Sheet = tuple[str, Sequence[str], Iterable[Sequence[object]]]


def _sheets(data: dict[str, Any]) -> list[Sheet]:
    words = data["words"]
    effects = [
        (bar["code"], bar["name"], one["kpi"], *one["numbers"], one["source"])
        for bar in data["bars"]
        for one in bar["effects"]
    ]
    milestones = [
        (bar["code"], bar["name"], one["name"], _day(one["planned"]), _day(one["actual"]))
        for bar in data["bars"]
        for one in bar["milestones"]
    ]
    years = [
        (
            str(one["year"]), one["spent_baisa"] / BAISA_A_RIAL, one["budget_baisa"] / BAISA_A_RIAL,
            (one["budget_baisa"] - one["spent_baisa"]) / BAISA_A_RIAL,
        )
        for one in data["years"]
    ]  # fmt: skip
    trail = [
        (words["portfolio"], data["title"]), (words["digest"], data["digest"]),
        (words["program"], data["code_version"]), (words["made_at"], data["made_at"]),
        (words["baseline_text"], data["baseline_quarter"]),
        (words["filled_at"], data["filled_at"]), (words["value_text"], ""),
        *((words["assumed_effects"], name) for name in data["assumed"]),
        *((words["weights_text"], f"{o['kpi']}: {o['weight']} / {o['scale']}")
          for o in data["scales"]),
    ]  # fmt: skip
    return [
        ("initiatives", *_initiatives(data)),
        ("effect", ("code", "initiative", "kpi", *EFFECT, "source"), effects),
        ("budget_title", ("year", "planned_cost", "budget", "left"), years),
        ("milestones", ("code", "initiative", "milestone", "planned", "actual"), milestones),
        ("trail", ("portfolio", "source"), trail),
    ]


def _initiatives(data: dict[str, Any]) -> tuple[Sequence[str], list[Sequence[object]]]:
    columns = ("code", "initiative", "owner", "entity", "stage", "start", "end", "cost_omr",
               "after", "review", "stop", "legal", "vision", "turn")  # fmt: skip
    rows = [
        (
            bar["code"], bar["name"], bar["owner"], bar["entity"], bar["stage"], bar["start"],
            bar["end"], bar["cost_baisa"] / BAISA_A_RIAL, ", ".join(bar["after"]),
            _day(bar["review"]), bar["stop"], bar["legal"], bar["vision"], bar["turn"],
        )
        for bar in data["bars"]
    ]  # fmt: skip
    return columns, list(rows)


def _fill(
    sheet: Worksheet, data: dict[str, Any], formats: dict[str, Any], columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:  # fmt: skip
    top = _begin(sheet, data, formats)
    for column, name in enumerate(columns):
        sheet.write_string(top, column, data["words"][name], formats["head"])
        sheet.set_column(column, column, WIDE if name in LONG_COLUMNS else NARROW)
    for number, row in enumerate(rows, start=top + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float):
                money = columns[column] in ("cost_omr", "planned_cost", "budget", "left")
                sheet.write_number(number, column, cell, formats["rials" if money else "number"])
            elif cell:
                sheet.write_string(number, column, str(cell), formats["text"])
    sheet.freeze_panes(top + 1, 2)


def _begin(sheet: Worksheet, data: dict[str, Any], formats: dict[str, Any]) -> int:
    """The direction, and the mark of an example or a simulation; the row of the heading."""
    if data["language"] == "ar":
        sheet.right_to_left()
    words = data["words"]
    marks = [words["example_long"]] if data["is_example"] else []
    marks += [words["simulated"]] if data["is_simulated"] else []
    for number, mark in enumerate(marks):
        sheet.write_string(number, 0, mark, formats["mark"])
    return len(marks)


def _plan(sheet: Worksheet, data: dict[str, Any], formats: dict[str, Any]) -> None:
    top = _begin(sheet, data, formats)
    sheet.write_string(top, 0, data["words"]["initiative"], formats["head"])
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, len(data["quarters"]), 8)
    for column, quarter in enumerate(data["quarters"], start=1):
        sheet.write_string(top, column, quarter, formats["head"])
    for number, bar in enumerate(data["bars"], start=top + 1):
        sheet.write_string(number, 0, bar["name"], formats["text"])
        for column in range(bar["first"] + 1, bar["first"] + bar["span"] + 1):
            sheet.write_string(number, column, "■", formats["bar"])
    sheet.freeze_panes(top + 1, 1)


def _day(day: Any) -> str:
    return day.isoformat() if day else ""
