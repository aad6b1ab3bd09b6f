"""Asked to stop where Python cannot raise, long work leaves behind it; it is never forgotten."""

import ctypes
import os
import signal
import sys

import pytest

from sanad.cli import leaving


@pytest.fixture(autouse=True)
def as_before(monkeypatch):
    monkeypatch.setattr(leaving, "_asked", [])
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    leaving.listen()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("number", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)]
)
def test_a_signal_that_falls_into_a_callback_is_heard_behind_it_in_silence(number, raised, capsys):
    def ask():
        os.kill(os.getpid(), number)
        for _ in range(1000):
            pass

    ctypes.CFUNCTYPE(None)(ask)()  # what is raised in it goes no further

    with pytest.raises(raised):
        leaving.leave_if_asked()
    assert capsys.readouterr().err == ""


def test_what_else_python_cannot_raise_is_said_as_ever(capsys):
    def fail():
        raise ValueError("lost")

    ctypes.CFUNCTYPE(None)(fail)()

    assert "ValueError: lost" in capsys.readouterr().err


def test_nobody_asked():
    leaving.leave_if_asked()


@pytest.mark.parametrize(
    ("number", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)]
)
def test_where_python_can_raise_it_does(number, raised):
    with pytest.raises(raised):
        os.kill(os.getpid(), number)
