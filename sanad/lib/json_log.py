"""Log lines as one JSON object each, for machines first."""

import json
import logging
from datetime import UTC, datetime


class JsonFormatter(logging.Formatter):
    """`at` (UTC), `level`, `logger`, `message`, and `error` with a traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
