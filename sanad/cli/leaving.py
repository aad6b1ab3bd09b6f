"""Being asked to stop, by Ctrl-C or by TERM: what is half-done is undone on the way out.

Python raises where the signal falls. Inside a callback of the compiler (Numba, which works in a new
clone) it cannot, and prints that it ignored the exception. So it is remembered that somebody asked,
and long work asks `leave_if_asked` behind what may compile.
"""

import signal
from types import FrameType

_asked: list[BaseException] = []


def listen() -> None:
    """Take Ctrl-C and TERM from now on."""
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
