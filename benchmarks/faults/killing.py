"""kill -9, and a look until it is over: nobody lingers as a zombie that looks alive."""

import ctypes
import os
import signal
from contextlib import suppress
from pathlib import Path

from benchmarks.load.processors import family_of

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Whose parent ends becomes our child, so that we can wait for its end."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_family(parent: int) -> int:
    """Kill a process and everything below it at once; how many were killed."""
    family = sorted(family_of(parent))
    for process in family:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    for process in family:
        with suppress(ChildProcessError):
            os.waitpid(process, 0)
    return len(family)


def kill_a_child(parent: int, which: int) -> bool:
    """Kill one of the children of a process, which its parent waits for; whether there was one."""
    children = sorted(family_of(parent) - {parent})
    if not children:
        return False
    with suppress(ProcessLookupError):
        os.kill(children[which % len(children)], signal.SIGKILL)
    return True


def postmaster(data: Path) -> int:
    """The parent of PostgreSQL's processes, by the file it keeps."""
    return int((data / "postmaster.pid").read_text().splitlines()[0])
