"""An HTTP proxy that breaks what goes through it, as often as it is told and by a seed.

A request is taken whole, one fault is drawn for it, and the connection is closed afterwards:

- `delay`: waits before it goes on;
- `drop_before`: closes without forwarding, so nothing happened behind it;
- `drop_after`: forwards, waits for the whole answer, and closes without sending it: what was asked
  has happened and nobody knows;
- `duplicate`: forwards twice, one after the other, and gives the second answer;
- `reset`: as `drop_after`, with a reset instead of an end;
- `half_close`: sends half of the answer and ends.

The proxy counts what it did. It speaks just enough HTTP/1.1 for clients that send a length.
"""

import asyncio
import random
import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
CONNECTION = re.compile(rb"(?im)^connection:.*\r\n")
FAULTS = ("delay", "drop_before", "drop_after", "duplicate", "reset", "half_close")
RATES = {
    "delay": 0.05, "drop_before": 0.05, "drop_after": 0.18, "duplicate": 0.08, "reset": 0.04,
    "half_close": 0.04,
}  # fmt: skip
LONGEST_DELAY_SECONDS = 0.05


class Proxy:
    """Forwards to `host`:`port`; `injected` counts by kind, "none" for what went through."""

    def __init__(
        self, host: str, port: int, *, seed: int, rates: Mapping[str, float] = RATES
    ) -> None:
        assert set(rates) <= set(FAULTS)
        assert sum(rates.values()) <= 1
        self.to = (host, port)
        self.rates = dict(rates)
        self.chance = random.Random(seed)
        self.injected: Counter[str] = Counter()
        self.port = 0

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        """Listening on `port` of this machine for the length of the block."""
        loop, ready = asyncio.new_event_loop(), threading.Event()
        thread = threading.Thread(target=self._serve, args=(loop, ready), daemon=True)
        thread.start()
        ready.wait()
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    def _serve(self, loop: asyncio.AbstractEventLoop, ready: threading.Event) -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(asyncio.start_server(self._take, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        loop.run_forever()
        server.close()
        pending = asyncio.all_tasks(loop)
        for task in pending:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        loop.close()

    def _draw(self) -> str:
        drawn = self.chance.random()
        for fault, rate in self.rates.items():
            drawn -= rate
            if drawn < 0:
                return fault
        return "none"

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _message(reader)
            fault = self._draw()
            self.injected[fault] += 1
            await self._pass_on(request, fault, writer)
        except (OSError, asyncio.IncompleteReadError):
            self.injected["behind"] += 1  # the server behind it was not there or broke off
        finally:
            writer.close()

    async def _pass_on(self, request: bytes, fault: str, writer: asyncio.StreamWriter) -> None:
        if fault == "drop_before":
            return
        if fault == "delay":
            await asyncio.sleep(self.chance.random() * LONGEST_DELAY_SECONDS)
        answer = await self._forwarded(request)
        if fault == "duplicate":
            answer = await self._forwarded(request)
        if fault == "drop_after":
            return
        if fault == "reset":
            _reset(writer)
            return
        writer.write(answer[: len(answer) // 2] if fault == "half_close" else answer)
        await writer.drain()

    async def _forwarded(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*self.to)
        try:
            writer.write(_closing(request))
            await writer.drain()
            return await _message(reader)
        finally:
            writer.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One whole request or answer: its head and as much of a body as its length says."""
    head = await reader.readuntil(b"\r\n\r\n")
    found = LENGTH.search(head)
    return head + (await reader.readexactly(int(found[1])) if found else b"")


def _closing(request: bytes) -> bytes:
    head, separator, body = request.partition(b"\r\n\r\n")
    head = CONNECTION.sub(b"", head + b"\r\n").rstrip(b"\r\n")
    return head + b"\r\nConnection: close" + separator + body


def _reset(writer: asyncio.StreamWriter) -> None:
    """End with RST: a linger of zero seconds."""
    line = writer.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
