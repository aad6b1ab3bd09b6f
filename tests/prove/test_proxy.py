"""The proxy breaks what it is told to break, counts it, and draws the same by the same seed."""

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.faults.proxy import FAULTS, Proxy
from benchmarks.prove.caller import Caller

SAID = b"it was done"


@pytest.fixture
def done() -> Iterator[tuple[int, list[bytes]]]:
    """A server that remembers each body it got: its port and the bodies."""
    bodies: list[bytes] = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(SAID)))
            self.end_headers()
            self.wfile.write(SAID)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1], bodies
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("fault", "answered", "happened"),
    [
        ("none", True, 1),
        ("delay", True, 1),
        ("drop_before", False, 0),
        ("drop_after", False, 1),
        ("duplicate", True, 2),
        ("reset", False, 1),
        ("half_close", False, 1),
    ],
)
def test_each_fault_is_what_its_name_says(done, fault, answered, happened):
    port, bodies = done
    rates = {} if fault == "none" else {fault: 1.0}
    with Proxy("127.0.0.1", port, seed=1, rates=rates).running() as proxy:
        said = Caller("127.0.0.1", proxy.port, {}).send("/", b"do it", {})

    assert (said is not None) == answered
    assert said is None or (said.status, said.body) == (200, SAID)
    assert bodies == [b"do it"] * happened
    assert proxy.injected == {fault: 1}


def test_the_same_seed_draws_the_same(done):
    port, _ = done
    drawn = []
    for _ in range(2):
        proxy = Proxy("127.0.0.1", port, seed=7)
        drawn.append([proxy._draw() for _ in range(200)])

    assert drawn[0] == drawn[1]
    assert set(drawn[0]) == {*FAULTS, "none"}


def test_a_server_that_is_not_there_is_counted(done):
    port, _ = done
    with Proxy("127.0.0.1", 9, seed=1, rates={}).running() as proxy:
        line = http.client.HTTPConnection("127.0.0.1", proxy.port)
        line.request("GET", "/")
        with pytest.raises(http.client.HTTPException):
            line.getresponse()
        line.close()

    assert proxy.injected["behind"] == 1
    assert port
