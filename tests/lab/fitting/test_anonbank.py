"""The bank's calls become a queue log: every call is counted once, and its times are kept."""

import gzip
import json

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from sanad.cli.twin_backtest import convert as command
from sanad.lab.fitting.anonbank import FIELDS, NotTheBank, convert
from sanad.lab.fitting.queue_log import read

OUTCOMES = ("AGENT", "HANG", "PHANTOM")


def clock(seconds: int) -> str:
    seconds %= 86_400
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def call(outcome: str, entered: int, waited: int, served: int, *, date: str = "990131") -> str:
    out = entered + 8
    queued = waited > 0
    begins = out + waited
    cells = [
        "AA0101", "33116", "0", "2", "PS", date, clock(entered), clock(out), "8",
        clock(out) if queued else "0:00:00", clock(begins) if queued else "0:00:00", str(waited),
        outcome, clock(begins) if served else "0:00:00",
        clock(begins + served) if served else "0:00:00", str(served),
        "MICHAL" if outcome == "AGENT" else "NO_SERVER",
    ]  # fmt: skip
    return "\t".join(cells)


def month(*calls: str) -> str:
    return "\n".join(["\t".join(FIELDS), *calls]) + "\n"


calls = st.tuples(
    st.sampled_from(OUTCOMES), st.integers(60, 86_399), st.integers(0, 900), st.integers(1, 4000)
)


@given(st.lists(calls, min_size=1, max_size=30))
@settings(deadline=None)
def test_every_call_is_counted_once(tmp_path_factory, told):
    folder = tmp_path_factory.mktemp("bank")
    (folder / "month.txt").write_text(
        month(*(call(o, at, w, s if o == "AGENT" else 0) for o, at, w, s in told))
    )

    found = convert(folder / "month.txt", folder / "queue.csv")

    assert found.calls == len(told)
    assert found.served == sum(o == "AGENT" for o, *_ in told)
    assert found.phantoms == sum(o == "PHANTOM" for o, *_ in told)
    # A wait whose beginning is midnight itself is known by its length.
    assert found.abandoned == sum(o == "HANG" and w > 0 for o, _, w, _ in told)
    assert found.calls == (
        found.served + found.abandoned + found.phantoms + found.left_before_queue
    )
    if found.served + found.abandoned:
        log = read(folder / "queue.csv")
        kept = [(o, w, s) for o, _, w, s in told if o == "AGENT" or (o == "HANG" and w > 0)]
        assert sorted(log.wait) == sorted(w for _, w, _ in kept)
        assert sorted(log.service[log.served]) == sorted(s for o, _, s in kept if o == "AGENT")


def test_past_midnight_the_date_is_the_next(tmp_path):
    (tmp_path / "month.txt").write_text(month(call("AGENT", 86_395, 100, 60)))

    convert(tmp_path / "month.txt", tmp_path / "queue.csv")

    line = (tmp_path / "queue.csv").read_text().splitlines()[1]
    assert line == ("1999-02-01T00:00:03,2,PS,MICHAL,1999-02-01T00:01:43,1999-02-01T00:02:43,")


def test_the_command_writes_gzip_and_tells_counts(tmp_path):
    (tmp_path / "month.txt.gz").write_bytes(
        gzip.compress(month(call("AGENT", 30_000, 0, 60), call("HANG", 30_000, 0, 0)).encode())
    )
    done = CliRunner().invoke(
        command, [str(tmp_path / "month.txt.gz"), str(tmp_path / "q.csv.gz"), "--json"]
    )

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "calls": 2, "served": 1, "abandoned": 0, "phantoms": 0, "left_before_queue": 1,
        "file": str(tmp_path / "q.csv.gz"),
    }  # fmt: skip
    log = read(tmp_path / "q.csv.gz")
    assert np.array_equal(log.wait, [0]) and log.arrived[0] == 30_008


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("nothing of the kind\n", 1),
        (month(), 1),
        (month(call("AGENT", 30_000, 0, 60), call("LOST", 30_000, 0, 60)), 3),
        (month(call("AGENT", 30_000, 0, 60, date="99x131")), 2),
        (month("AA0101\t33116"), 2),
    ],
)
def test_what_is_not_the_bank_is_refused_and_nothing_is_written(tmp_path, text, line):
    (tmp_path / "month.txt").write_text(text)

    with pytest.raises(NotTheBank, match=f"“month.txt” .* line {line} cannot be read"):
        convert(tmp_path / "month.txt", tmp_path / "queue.csv")

    assert [one.name for one in tmp_path.iterdir()] == ["month.txt"]
