"""`bin/sanad serve`, `worker` and `sandbox`: the processes that serve, under one parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click

from sanad.cli.installation import (
    alone,
    clock_of_demonstration,
    database,
    require_free_port,
    serving_environment,
)
from sanad.cli.output import emit, json_option, progress, setup_django
from sanad.lib import clock

STOP_WITHIN_SECONDS = 10
LOOK_EVERY_SECONDS = 0.5
MOST_RESTARTS = 5
RESTARTS_COUNT_SECONDS = 60


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Web processes.")
@json_option
def serve(host: str, port: int, workers: int, as_json: bool) -> None:
    """Serve the network: web pages and background work."""
    setup_django()
    from django.conf import settings

    with alone(settings.SANAD_VAR, "set-up"), database():
        require_free_port(host, port)
        if as_json:
            announce(f"http://{host}:{port}/")
        serve_all(host=host, port=port, sandbox_port=None, workers=workers)


@click.command()
@click.option("--concurrency", default=4, show_default=True)
@json_option
def worker(concurrency: int, as_json: bool) -> None:
    """Do background work until stopped: deliveries, messages, seals."""
    with database():
        if as_json:
            emit({"concurrency": concurrency}, as_json=True)
            sys.stdout.flush()
        from procrastinate.contrib.django import app

        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector) as replaced:
            replaced.run_worker(
                concurrency=concurrency, install_signal_handlers=True, delete_jobs="successful"
            )


@click.command()
@click.option("--port", default=8765, show_default=True)
@click.option("--callback", default="http://127.0.0.1:8000", show_default=True)
@json_option
def sandbox(port: int, callback: str, as_json: bool) -> None:
    """Run the stand-in for entities, payment provider and SMS gateway, by itself."""
    setup_django()
    from django.conf import settings

    require_free_port("127.0.0.1", port)
    if as_json:
        announce(f"http://127.0.0.1:{port}/")
    command = _sandbox_command(settings.SANAD_VAR, port, callback)
    os.execv(sys.executable, command)  # noqa: S606 - our own command


def announce(address: str) -> None:
    """Where the process is to be found, before it starts: it goes on until it is stopped."""
    emit({"address": address}, as_json=True)
    sys.stdout.flush()


def serve_all(*, host: str, port: int, sandbox_port: int | None, workers: int) -> None:
    """Start the processes, keep them running, and stop them together on Ctrl-C or TERM.

    A process that ends by itself is started again; one that will not stay up ends the rest.
    """
    from django.conf import settings
    from django.db import connection

    environment = serving_environment(**clock_of_demonstration())
    commands = {
        "web": [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host,
            "--port", str(port), "--workers", str(workers), "--blocking-threads", "4",
            "--log-level", "warning", "--respawn-failed-workers", "sanad.web.wsgi:application",
        ],
        "worker": [sys.executable, "-m", "sanad", "worker"],
    }  # fmt: skip
    if sandbox_port is not None:
        commands["sandbox"] = _sandbox_command(
            settings.SANAD_VAR, sandbox_port, f"http://{host}:{port}"
        )
    connection.close()
    family = Family(commands, environment)
    family.start()
    try:
        if sandbox_port is not None:
            register_keys()
        progress(f"Sanad is at {settings.SANAD_PUBLIC_URL}/ (Ctrl-C stops it)")
        family.watch()
    finally:
        family.stop()


class Family:
    """The processes of one installation."""

    def __init__(self, commands: dict[str, list[str]], environment: dict[str, str]) -> None:
        self.commands = commands
        self.environment = environment
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.ends: dict[str, list[float]] = {name: [] for name in commands}
        self.stopping = False

    def start(self) -> None:
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)
        for name in self.commands:
            self._spawn(name)

    def watch(self) -> None:
        """Until asked to stop, or until a process has died too often."""
        while not self.stopping:
            time.sleep(LOOK_EVERY_SECONDS)
            for name, process in list(self.running.items()):
                if process.poll() is None or self.stopping:
                    continue
                progress(f"{name} ended with {process.returncode}")
                if not self._may_restart(name):
                    raise SystemExit(1)
                self._spawn(name)

    def _may_restart(self, name: str) -> bool:
        """A process that dies now and then is started again; one that will not stay up is not."""
        present = time.monotonic()
        lately = [end for end in self.ends[name] if present - end < RESTARTS_COUNT_SECONDS]
        self.ends[name] = [*lately, present]
        return len(lately) < MOST_RESTARTS

    def stop(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _spawn(self, name: str) -> None:
        # Their own session: Ctrl-C reaches the parent alone, which then stops them in order.
        self.running[name] = subprocess.Popen(
            self.commands[name], env=self.environment, start_new_session=True
        )

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True


def register_keys(*, patience_seconds: float = 15) -> int:
    """Learn the public keys of the entities' stand-ins and of the payment provider's.

    How many entities' were learnt.
    """
    import base64

    import httpx
    from django.conf import settings

    from sanad.catalogue import queries as catalogue
    from sanad.db.scope import acting, national_scope, public_scope
    from sanad.gateway.actions import register_endpoint
    from sanad.till.unsettled import register_provider

    base = settings.SANAD_SANDBOX_URL
    _wait_for(f"{base}/healthz", patience_seconds)
    with acting(public_scope()):
        entities = catalogue.entities()
    keys = {}
    with httpx.Client(timeout=10) as client:
        for entity in entities:
            url = f"{base}/entities/{entity.code}"
            found = client.get(f"{url}/key").raise_for_status().json()
            keys[entity.number] = (url, base64.b64decode(found["public_key"]))
        found = client.get(f"{base}/provider/key").raise_for_status().json()
    with acting(national_scope()):
        for number, (url, key) in keys.items():
            register_endpoint(entity=number, url=url, public_key=key, at=clock.now())
        provider_key = base64.b64decode(found["public_key"])
        register_provider(url=base, public_key=provider_key, at=clock.now())
    return len(keys)


def _wait_for(url: str, patience_seconds: float) -> None:
    import httpx

    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            httpx.get(url, timeout=2).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _sandbox_command(var: Path, port: int, callback: str) -> list[str]:
    folder = var / "sandbox"
    folder.mkdir(parents=True, exist_ok=True)
    return [sys.executable, "-m", "sandbox", "--port", str(port), "--data", str(folder),
            "--callback", callback]  # fmt: skip
