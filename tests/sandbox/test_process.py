"""The real process over real HTTP: it acknowledges, calls back, survives a kill, logs ids only."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]


def until(condition, what, seconds=20):
    """Wait for a thing to become true; say what did not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (found := condition()) is not None:
            return found
        time.sleep(0.05)
    pytest.fail(f"{what} did not happen in {seconds} s")


@contextmanager
def receiver():
    """A server in Sanad's place that refuses the first delivery and takes the second."""
    came = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((self.path, json.loads(body)))
            self.send_response(503 if len(came) == 1 else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", came
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(folder, port, callback="http://127.0.0.1:9"):
    start = [sys.executable, "-m", "sandbox", "--port", str(port), "--data", str(folder)]
    return [*start, "--callback", callback, "--delay", "0"]


@contextmanager
def process(folder, callback, log):
    port = free_port()
    with log.open("ab") as errors:
        running = subprocess.Popen(
            command(folder, port, callback), cwd=ROOT, stderr=errors, start_new_session=True
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                until(lambda: well(client), "the start of the sandbox")
                yield running, client
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def well(client):
    try:
        return client.get("/healthz").json()
    except httpx.TransportError:
        return None


def headers(key):
    return {
        "Idempotency-Key": key,
        "X-Road-Represented-Party": "person/1",
        "X-Road-UserId": "account-1",
    }


def test_acknowledge_call_back_and_survive_a_kill(tmp_path, request_document):
    document = request_document(answers={"name": "canary-name"})
    log = tmp_path / "log"
    with receiver() as (callback, came):
        with process(tmp_path / "data", callback, log) as (_, client):
            first = client.post("/entities/rop/requests", json=document, headers=headers("1"))
            assert first.status_code == 202
            until(lambda: came[1:] or None, "the second delivery of the answer")
        # killed without warning at the end of the block above
        with process(tmp_path / "data", callback, log) as (running, client):
            again = client.post("/entities/rop/requests", json=document, headers=headers("1"))
            assert again.content == first.content
            counts = client.get("/control/counts").json()["rop"]
            assert (counts["accepted"], counts["duplicates"]) == (1, 1)
            running.send_signal(signal.SIGTERM)
            assert running.wait(20) == 0

    paths = {path for path, _ in came}
    ids = {body["answer_id"] for _, body in came}
    assert paths == {"/api/entity/v1/answers"}
    assert len(ids) == 1
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert any(line.get("path") == "/entities/rop/requests" for line in lines)
    assert "canary-name" not in log.read_text()


def test_no_worker_stays_behind_when_the_process_is_killed(tmp_path):
    with process(tmp_path / "data", "http://127.0.0.1:9", tmp_path / "log") as (running, client):
        running.kill()
        running.wait()

        until(lambda: True if well(client) is None else None, "the end of the worker")


def test_a_second_process_on_the_same_folder_or_port_is_refused(tmp_path):
    with process(tmp_path / "data", "http://127.0.0.1:9", tmp_path / "log") as (_, client):
        port = client.base_url.port
        same_folder = refused(tmp_path / "data", free_port())
        same_port = refused(tmp_path / "other", port)

    assert "Another sandbox uses" in same_folder
    assert f"127.0.0.1:{port} cannot be listened on" in same_port


def refused(folder, port):
    tried = subprocess.run(
        command(folder, port), cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )
    assert tried.returncode == 2
    return tried.stderr
