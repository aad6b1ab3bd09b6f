"""The WSGI application: find the handler, answer, write one line of log with ids only."""

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from sandbox import answers, control, entities, pages, pay_page, payments, sms
from sandbox.http import Dropped, Problem, Request, Response, Routes
from sandbox.world import Settings, World

ENVIRONMENT: Final = "SANDBOX_SETTINGS"
WAIT_SECONDS: Final = {503: "5", 429: "1"}
DROPPED: Final = Response(200, b"")
StartResponse = Callable[[str, list[tuple[str, str]]], Any]

log = logging.getLogger("sandbox.request")


class App:
    def __init__(self, world: World) -> None:
        self.world = world
        self._routes = Routes(
            entities.ROUTES
            + control.ROUTES
            + sms.ROUTES
            + payments.ROUTES
            + pay_page.ROUTES
            + pages.ROUTES
        )

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        ids: dict[str, str] = {}
        response = self._answer(environ, ids)
        self._log(environ, response, ids, began)
        # A dropped answer promises a byte that never comes, so the connection breaks.
        length = len(response.body) + (response is DROPPED)
        start_response(
            f"{response.status} {HTTPStatus(response.status).phrase}",
            [*response.headers.items(), ("Content-Length", str(length))],
        )
        return [response.body]

    def _answer(self, environ: dict[str, Any], ids: dict[str, str]) -> Response:
        try:
            request = Request.from_environ(environ)
            handler, found = self._routes.find(request.method, request.path)
            ids.update(found)
            return handler(self.world, request, **found)
        except Dropped:
            return DROPPED
        except Problem as problem:
            wait = WAIT_SECONDS.get(problem.status)
            return problem.response(**({"Retry-After": wait} if wait else {}))
        except Exception:
            log.exception("fault")
            return Problem(500, "fault", "The stand-in itself failed; its log says why.").response()

    def _log(
        self, environ: dict[str, Any], response: Response, ids: dict[str, str], began: float
    ) -> None:
        # The path is logged only where it is one of ours: a stray one could hold anything.
        known = response.status not in (404, 405)
        facts = {
            "method": environ["REQUEST_METHOD"],
            "path": environ.get("PATH_INFO") if known else None,
            "status": response.status,
            "milliseconds": round((time.perf_counter() - began) * 1000, 1),
            **ids,
        }
        log.info("request", extra={"ids": facts})


class JsonLines(logging.Formatter):
    """One JSON document a line, with the ids a record carries."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "ids", {}),
        }
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def from_environment() -> App:
    """The application of a server's worker, with the thread that decides and delivers."""
    given = json.loads(os.environ[ENVIRONMENT])
    world = World.opened(Settings(**{**given, "data": Path(given["data"])}))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    ours = logging.getLogger("sandbox")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    stop = threading.Event()
    threading.Thread(target=answers.run, args=(world, stop), name="answers", daemon=True).start()
    threading.Thread(target=_leave_with, args=(os.getppid(),), name="leave", daemon=True).start()
    return App(world)


def _leave_with(parent: int) -> None:
    """End this worker when the process that started it was killed without a chance to say so."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
