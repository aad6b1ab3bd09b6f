"""Being asked to stop, by Ctrl-C or by TERM: what is half-done is undone on the way out.

Python raises where the signal falls. Inside a callback of the compiler (Numba, which works in a new
clone) or of a weak reference it cannot, and would print that it ignored the exception. So it is
remembered that somebody asked, nothing is printed of it, and long work asks `leave_if_asked` behind
what may compile.
"""

import signal
import sys
from types import FrameType

_asked: list[BaseException] = []


def listen() -> None:
    """Take Ctrl-C and TERM from now on."""
    sys.unraisablehook = _unheard
    signal.signal(signal.SIGTERM, _leave)
    # Who is started in the background is not to be asked by the terminal's Ctrl-C.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _leave)


def leave_if_asked() -> None:
    """Leave now if somebody asked and was not heard."""
    if _asked:
        raise _asked[0]


def _leave(number: int, frame: FrameType | None) -> None:
    asked = KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number)
    _asked.append(asked)
    raise asked


def _unheard(what: "sys.UnraisableHookArgs") -> None:
    """What Python could not raise: the stop is remembered, anything else is said as ever."""
    if what.exc_value not in _asked:
        sys.__unraisablehook__(what)
