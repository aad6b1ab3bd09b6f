"""Queue logs read: what is legal comes in whole, and what is not is refused with its place."""

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.lab.fitting.queue_log import (
    COLUMNS,
    ColumnMissing,
    QueueEmpty,
    QueueUnreadable,
    ServedAndGone,
    StartMissing,
    TimesOutOfOrder,
    TimeUnreadable,
    ZonesMixed,
    day_number,
    read,
    weekday_of,
)

HEAD = ",".join(COLUMNS)
SERVED = "2025-07-01T08:00:00,1,permit,Alice,2025-07-01T08:05:00,2025-07-01T08:09:30,"
LEFT = "2025-07-01T07:59:00,,,,,,2025-07-01T08:01:00"
STILL = "2025-07-02T23:59:59,2,,,,,"


def file_of(folder: Path, *lines: str, head: str = HEAD) -> Path:
    file = folder / "queue.csv"
    file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return file


def test_rows_in_any_order_with_empty_cells(tmp_path):
    late = "2025-07-01T23:58:00,1,permit,موظف ١,2025-07-02T00:03:00,2025-07-02T00:04:00,"
    log = read(file_of(tmp_path, STILL, late, SERVED, LEFT))

    assert log.arrived.tolist() == [28_740, 28_800, 86_280, 86_399]
    assert log.wait.tolist()[:3] == [120, 300, 300] and np.isnan(log.wait[3])
    assert log.service.tolist()[1:3] == [270, 60] and np.isnan(log.service[[0, 3]]).all()
    assert log.served.tolist() == [False, True, True, False]
    assert log.abandoned.tolist() == [True, False, False, False]
    assert [log.server.name(k) for k in range(4)] == [None, "Alice", "موظف ١", None]
    assert log.priority.name(3) == "2" and log.kind.name(0) is None
    assert [len(day) for day in log.divided().values()] == [3, 1]
    assert weekday_of(log.days).tolist() == [2, 3]  # Tuesday, Wednesday


def test_a_service_that_goes_on_when_the_log_ends(tmp_path):
    log = read(file_of(tmp_path, "2025-07-01T08:00:00,,,Alice,2025-07-01T08:05:00,,"))
    assert log.served[0] and log.wait[0] == 300 and np.isnan(log.service[0])


def test_times_with_a_zone_keep_their_own_clock(tmp_path):
    log = read(
        file_of(
            tmp_path,
            "2025-07-01T00:30:00+04:00,,,,2025-06-30T20:31:00Z,2025-06-30T20:40:00+00:00,",
        )
    )
    assert (log.arrived[0], log.wait[0], log.service[0]) == (1800, 60, 540)
    assert log.day[0] == day_number(date(2025, 7, 1))


def test_gzip_a_mark_of_order_and_columns_in_any_order(tmp_path):
    plain = read(file_of(tmp_path, SERVED))
    turned = ",".join(reversed(COLUMNS)) + ",note"
    text = "\ufeff" + turned + "\n" + ",".join(reversed(SERVED.split(","))) + ",hello\n"
    packed = tmp_path / "queue.csv.gz"
    packed.write_bytes(gzip.compress(text.encode("utf-8")))

    log = read(packed)

    assert log.wait.tolist() == plain.wait.tolist() and log.server.name(0) == "Alice"


@pytest.mark.parametrize(
    ("lines", "kind", "words"),
    [
        ([SERVED, "yesterday,,,,,,"], TimeUnreadable, "Line 3 .*“arrived_at”: “yesterday”"),
        ([",,,,,,"], TimeUnreadable, "Line 2 .*“arrived_at”"),
        (["2025-07-01,,,,,,"], TimeUnreadable, "“2025-07-01” is no date with a time"),
        ([LEFT.replace("T08:01:00", "")], TimeUnreadable, "Line 2 .*“abandoned_at”"),
        ([SERVED, STILL.replace(",2,", "+04:00,2,")], ZonesMixed, "Line 3 .*“arrived_at”"),
        (
            ["2025-07-01T08:00:00,,,,2025-07-01T07:00:00,,"],
            TimesOutOfOrder,
            "Line 2 .*“service_started_at” lies before “arrived_at”",
        ),
        (
            ["2025-07-01T08:00:00,,,,2025-07-01T08:10:00,2025-07-01T08:09:00,"],
            TimesOutOfOrder,
            "“service_ended_at” lies before “service_started_at”",
        ),
        (
            ["2025-07-01T08:00:00,,,,,,2025-07-01T07:10:00"],
            TimesOutOfOrder,
            "“abandoned_at” lies before “arrived_at”",
        ),
        ([SERVED + "2025-07-01T08:04:00"], ServedAndGone, "Line 2 .*“abandoned_at”"),
        (["2025-07-01T08:00:00,,,,,2025-07-01T08:09:00,"], StartMissing, "Line 2 .*never began"),
        ([], QueueEmpty, "holds no customer"),
        (['2025-07-01T08:00:00,"un"closed,,,,,'], QueueUnreadable, "cannot be read as a table"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(tmp_path, lines, kind, words):
    with pytest.raises(kind, match=words) as refused:
        read(file_of(tmp_path, *lines))
    assert "“queue.csv”" in str(refused.value)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(tmp_path, column):
    head = ",".join(name for name in COLUMNS if name != column)
    with pytest.raises(ColumnMissing, match=f"no column “{column}” in line 1"):
        read(file_of(tmp_path, SERVED, head=head))


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00text", b"\x1f\x8bnot gzip", b"\x1f\x8b\x08\x00"])
def test_what_is_no_text_is_refused(tmp_path, raw):
    file = tmp_path / "queue.csv"
    file.write_bytes(raw)
    with pytest.raises(QueueUnreadable):
        read(file)


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_no_bytes_bring_anything_but_a_log_or_a_refusal(tmp_path_factory, raw):
    file = tmp_path_factory.mktemp("any") / "queue.csv"
    file.write_bytes(HEAD.encode() + b"\n" + raw)
    try:
        read(file)
    except (QueueUnreadable, QueueEmpty, TimeUnreadable):
        return
    raise AssertionError("no refusal")
