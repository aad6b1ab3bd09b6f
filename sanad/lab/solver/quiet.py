"""HiGHS without its greeting.

The library greets on standard output when its first solver is made, before any option can be set.
A command's standard output is one JSON document, so the greeting goes to standard error.
"""

import functools
import os
import sys
import threading

import highspy

_LOCK = threading.Lock()
_OUT, _ERROR = 1, 2  # what the system calls standard output and standard error


def solver() -> highspy.Highs:
    """A new solver; the first of the process sends its greeting to standard error."""
    with _LOCK:
        _greet()
    return _new()


@functools.cache
def _greet() -> None:
    sys.stdout.flush()
    kept = os.dup(_OUT)
    try:
        os.dup2(_ERROR, _OUT)
        _new()
    finally:
        os.dup2(kept, _OUT)
        os.close(kept)


def _new() -> highspy.Highs:
    made: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    return made
